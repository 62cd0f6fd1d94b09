"""The waterfall and its sentence."""

import pandas as pd

from scorecard.charts import flow
from scorecard.charts.theme import Look


def rows(**amounts: float) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"bucket": name, "deals": int(amounts.get(name, 0) != 0), "amount": amounts.get(name, 0.0)}
            for name in flow.BUCKETS
        ]
    )


WEEK = rows(start=1000.0, created=300.0, won=-400.0, pushed_out=-50.0, amount_up=20.0, end=870.0)


def test_bars_without_a_deal_are_left_out_and_the_last_running_total_is_the_end() -> None:
    found = flow.steps(WEEK)
    assert [step.bucket for step in found] == ["start", "created", "amount_up", "won", "pushed_out", "end"]
    assert found[-2].end == found[-1].end == 870.0
    assert (found[3].low, found[3].high) == (920.0, 1320.0)


def test_the_bars_begin_below_everything_and_say_so() -> None:
    small = flow.steps(rows(start=7_500_000.0, created=300_000.0, won=-400_000.0, end=7_400_000.0))
    figure, said = flow.waterfall(small, Look(), "Then", "Now")
    trace = figure["data"][0]
    floor = figure["layout"]["xaxis"]["range"][0]
    assert 0 < floor < 7_400_000 and "so that changes can be seen" in said
    assert [base + length for base, length in zip(trace["base"], trace["x"], strict=True)] == [
        7_500_000, 7_800_000, 7_800_000, 7_400_000,
    ]  # fmt: skip
    assert all(base >= floor for base in trace["base"])
    assert trace["customdata"] == ["start", "created", "won", "end"]


def test_bars_begin_at_nothing_where_nearly_all_changed() -> None:
    figure, said = flow.waterfall(flow.steps(rows(start=100.0, won=-90.0, end=10.0)), Look(), "Then", "Now")
    assert figure["layout"]["xaxis"]["range"][0] == 0 and said == ""


def test_every_bar_prints_its_amount_with_a_sign_and_its_deals() -> None:
    figure, _ = flow.waterfall(flow.steps(WEEK), Look(), "Sun 8 Nov", "Sun 15 Nov")
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    assert (
        texts[0] == "<b>$1.00K</b>  1 deal"
        and texts[1] == "<b>+$300</b>  1 deal"
        and texts[3] == "<b>−$400</b>  1 deal"
    )
    assert figure["layout"]["yaxis"]["ticktext"][0] == "Sun 8 Nov"


def test_the_headline_names_the_change_and_what_made_most_of_it() -> None:
    said = flow.headline(WEEK, "Sun 8 Nov", "USD")
    assert said == "Open pipeline fell $130 since Sun 8 Nov: $400 won, $300 created, $50 pushed out"
    level = flow.headline(rows(start=1000.0, created=100.0, won=-99.0, end=1001.0), "Sun 8 Nov", "USD")
    assert level == "Open pipeline is about as large as on Sun 8 Nov: $100 created, $99 won"
    nothing = flow.headline(rows(start=5.0, end=5.0), "Sun 8 Nov", "USD", "for this quarter")
    assert nothing == "Nothing changed in open pipeline for this quarter since Sun 8 Nov"


def test_an_empty_start_is_no_reason_to_fail() -> None:
    found = flow.steps(rows(created=10.0, end=10.0))
    assert flow.waterfall(found, Look(), "Then", "Now")[0]["layout"]["height"] > 0
    assert "grew $10" in flow.headline(rows(created=10.0, end=10.0), "Sun 8 Nov", "USD")


def test_a_stage_from_data_is_never_markup() -> None:
    moves = pd.DataFrame(
        [{"stage_from": "<a href=x>y</a>", "stage_to": "won", "direction": "won", "deals": 2, "amount": 5.0}]
    )
    assert "<a" not in flow.stage_bars(moves, Look())["layout"]["yaxis"]["ticktext"][0]


def test_contributions_go_both_ways_and_end_with_their_sum() -> None:
    parts = [flow.Part("Leads", 30.0, "1 → 2"), flow.Part("Size", -20.0), flow.Part("Change", 10.0)]
    figure = flow.contributions(parts, Look())
    assert figure["data"][0]["x"] == [30.0, -20.0, 10.0]
    assert figure["layout"]["xaxis"]["range"][0] < -20.0
    assert figure["layout"]["annotations"][1]["text"].startswith("<b>−$20</b>")
