"""What was said beside what happened, as figures and in words."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from scorecard.charts import headlines_close as words
from scorecard.charts.reliability import pooled, reliability, said_and_happened
from scorecard.charts.theme import Look

ROWS = pd.DataFrame(
    [
        (date(2026, 1, 1), 1, 0.1, 0.2, 10),
        (date(2026, 1, 1), 2, 0.4, 0.5, 10),
        (date(2026, 2, 1), 1, 0.2, 0.1, 30),
    ],
    columns=["as_of", "bin", "predicted", "observed", "n"],
)


def test_bins_of_all_dates_are_weighted_by_their_cases() -> None:
    bins = pooled(ROWS, "bin")
    assert bins["n"].tolist() == [40, 10]
    assert bins["predicted"].tolist() == pytest.approx([(1 + 6) / 40, 0.4])
    assert bins["observed"].tolist() == pytest.approx([5 / 40, 0.5])
    assert all(bins["low"] < bins["observed"]) and all(bins["observed"] < bins["high"])
    assert pooled(ROWS, "as_of")["observed"].tolist() == pytest.approx([0.35, 0.1])


def test_the_line_of_being_right_has_the_same_scale_both_ways() -> None:
    found = reliability(pooled(ROWS, "bin"), Look())
    assert found["layout"]["xaxis"]["range"] == found["layout"]["yaxis"]["range"]
    assert found["data"][0]["x"] == found["data"][0]["y"]
    assert found["data"][1]["x"] == pytest.approx([0.175, 0.4]) and found["data"][1]["error_y"]["array"][0] > 0


def test_dates_show_what_was_said_and_what_happened() -> None:
    found = said_and_happened(pooled(ROWS, "as_of"), Look(meeting=True))
    assert found["data"][0]["y"] == pytest.approx([0.25, 0.2]) and found["data"][1]["y"] == pytest.approx([0.35, 0.1])
    assert found["layout"]["xaxis"]["ticktext"] == ["1 Jan<br>2026", "1 Feb<br>2026"]


def quality(**more):
    return SimpleNamespace(**{"predicted_mean": 0.28, "base_rate": 0.29, "skill": 0.05, "slope": 1.0} | more)


def test_skill_and_slope_are_said_in_words() -> None:
    assert words.came_true(quality(), "deal", 90) == (
        "We said 28.0% of open deals would be won within 90 days; 29.0% were"
    )
    assert words.skill(quality()).startswith("Our score was 5% closer")
    assert words.skill(quality(skill=0.0)).startswith("Our score was no closer")
    assert words.skill(quality(skill=-0.04)).startswith("Our score was 4% further")
    assert words.skill(quality(skill=None)) == ""
    assert "as far apart as we said" in words.slope(quality())
    assert "further apart than" in words.slope(quality(slope=1.64))
    assert "less far apart than" in words.slope(quality(slope=-0.2)) and "−0.20" in words.slope(quality(slope=-0.2))


def test_what_is_expected_of_open_deals() -> None:
    rows = pd.DataFrame({"probability": [0.5, 0.25, None], "amount": [1000.0, None, 5.0]})
    assert words.expected(rows, "deal", "within 90 days", "USD") == (
        "Of 2 open deals, 1 are expected to be won within 90 days: $500"
    )
    assert words.expected(rows.tail(1), "deal", "soon", "USD") == "1 open deal, none with a probability"
