"""The ladder of ratios as a figure, and the sentence that says how much of the naive lift is left."""

from math import log

import pytest

from scorecard.charts.lift import Step, ladder, ratio_text
from scorecard.charts.theme import BLUE, GREY, Look
from scorecard.queries_lift import percent, remains

STEPS = [
    Step("Any view, ever", 3.0, 2.0, 4.5, "n=4,000, 505 won"),
    Step("From day 14", None, None, None, "n=90, 3 won"),
    Step("Day by day, alike", 1.25, 1.0, 1.56, "n=4,000, 494 won", is_headline=True),
]


def test_twice_and_half_are_as_far_from_even() -> None:
    found = ladder(STEPS, Look(), claim=1.85)
    dots = found["data"][1]
    assert dots["x"] == pytest.approx([log(3.0), log(1.25)]) and dots["y"] == [0, 2]
    assert found["data"][0]["x"][:2] == pytest.approx([log(2.0), log(4.5)])
    axis = found["layout"]["xaxis"]
    assert dict(zip(axis["ticktext"], axis["tickvals"], strict=True))["1×"] == 0
    assert axis["range"][0] < 0 and axis["range"][1] > log(4.5)


def test_the_headline_alone_is_bold_and_coloured() -> None:
    found = ladder(STEPS, Look())
    assert found["data"][1]["marker"]["color"] == [GREY, BLUE]
    assert found["layout"]["yaxis"]["ticktext"] == ["Any view, ever", "From day 14", "<b>Day by day, alike</b>"]


def test_every_number_is_printed_and_a_missing_one_says_so() -> None:
    texts = [one["text"] for one in ladder(STEPS, Look(), claim=1.85)["layout"]["annotations"]]
    assert texts[0].startswith("3.00 (2.00 to 4.50)<br>") and "505 won" in texts[0]
    assert texts[1].startswith("not enough data yet<br>") and texts[2].startswith("<b>1.25 (1.00 to 1.56)</b>")
    assert texts[3] == "Claim"
    assert ratio_text(Step("Not watched", 1.0, None, None, "")) == "1.00"


NOTHING = "Of the naive lift of +50%, nothing remains (fairly compared −10%); no effect at all fits the data"


@pytest.mark.parametrize(
    ("naive", "fair", "low", "high", "sentence"),
    [
        (1.35, 1.02, 0.95, 1.10, "Of the naive lift of +35%, 2 points remain; no effect at all fits the data"),
        (1.35, 1.01, 0.95, 1.10, "Of the naive lift of +35%, 1 point remains; no effect at all fits the data"),
        (1.35, 1.00, 0.95, 1.10, "Of the naive lift of +35%, nothing remains; no effect at all fits the data"),
        (1.70, 1.28, 1.04, 1.56, "Of the naive lift of +70%, 28 points remain; chance alone does not explain that"),
        (1.5, 0.9, 0.8, 1.1, NOTHING),
        (0.59, 0.98, 0.94, 1.02, "Naive −41%, fairly compared −2%; no effect at all fits the data"),
        (1.2, 1.5, 1.3, 1.7, "Naive +20%, fairly compared +50%; chance alone does not explain that"),
    ],
)  # fmt: skip
def test_what_remains_of_the_naive_lift_is_said(naive, fair, low, high, sentence) -> None:
    assert remains(naive, fair, low, high) == sentence


def test_no_change_has_no_sign() -> None:
    assert percent(1.001) == "±0%" and percent(0.98) == "−2%"
