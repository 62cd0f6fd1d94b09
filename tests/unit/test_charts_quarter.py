"""The quarter: a fan by weeks, the plan as a line, earlier quarters, coverage against what is needed, and velocity."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from scorecard import ui_velocity
from scorecard.charts import coverage, fan, theme

LOOK = theme.Look()
START, END, AS_OF = date(2026, 10, 1), date(2027, 1, 1), date(2026, 11, 15)
LANDING = fan.Landing(4000.0, 3800.0, 4200.0, 3500.0, 4500.0)
DAILY = pd.DataFrame({"period": pd.to_datetime(["2026-10-05", "2026-11-02"]), "value": [1000.0, 1500.0]})


def texts(figure: dict) -> list[str]:
    return [note["text"] for note in figure["layout"].get("annotations", [])]


def test_the_fan_runs_by_weeks_of_the_quarter_and_names_the_running_one() -> None:
    axis = fan.fan(DAILY, START, END, AS_OF, LANDING, 4400.0, LOOK)["layout"]["xaxis"]
    assert axis["ticktext"] == ["1", "3", "5", "7", "9", "11", "13"]
    assert axis["tickvals"][:2] == [date(2026, 10, 7), date(2026, 10, 21)]
    assert axis["title"]["text"] == "week of the quarter: now 7 of 13"
    first = fan.fan(DAILY, START, END, START, LANDING, None, LOOK)["layout"]["xaxis"]
    assert first["title"]["text"] == "week of the quarter: now 1 of 13"


def test_the_plan_is_a_dotted_line_by_week_beside_what_was_won() -> None:
    by_week = {START: 0.0, date(2026, 10, 8): 300.0, END: 4400.0, date(2027, 2, 1): 9.0}
    figure = fan.fan(DAILY, START, END, AS_OF, LANDING, 4400.0, LOOK, by_week)
    (plan,) = [trace for trace in figure["data"] if trace.get("line", {}).get("dash") == "dot"]
    assert (plan["x"], plan["y"]) == ([START, date(2026, 10, 8), END], [0.0, 300.0, 4400.0])
    assert "Plan $4.40K" in texts(figure)
    assert not any("Plan" in text for text in texts(fan.fan(DAILY, START, END, AS_OF, LANDING, None, LOOK)))


def test_earlier_quarters_print_what_was_said_and_what_was() -> None:
    rows = pd.DataFrame({
        "quarter_start": pd.to_datetime(["2026-04-01", "2026-07-01"]), "expected": [900.0, 1100.0],
        "low80": [800.0, 1000.0], "high80": [1000.0, 1200.0], "actual": [950.0, 1300.0],
    })  # fmt: skip
    figure = fan.strip(rows, LOOK)
    assert figure["layout"]["yaxis"]["ticktext"] == ["Jul 2026", "Apr 2026"]
    assert texts(figure)[0] == "said $1.10K, was <b>$1.30K</b>"
    assert [(one["x0"], one["y0"]) for one in figure["layout"]["shapes"]] == [(1300.0, -0.3), (950.0, 0.7)]


def test_one_large_deal_is_said_with_both_figures() -> None:
    row = SimpleNamespace(expected_with=4000.0, expected_without=2500.0, share=0.375)
    said = fan.with_and_without(row, "Acme", "USD")
    assert said == "With Acme $4.00K, without it $2.50K: this one deal is 38% of the forecast."


def covered(**changed) -> SimpleNamespace:
    row = {"target": 5000.0, "won": 1000.0, "gap": 4000.0, "open_deals": 4, "open_amount": 6500.0, "coverage": 1.625,
           "weighted_amount": 2600.0, "weighted_coverage": 0.65, "needed_coverage": 2.5,
           "standing": "short"}  # fmt: skip
    return SimpleNamespace(**(row | changed))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "Open deals due by 31 Dec cover what is missing 1.6×; 2.5× would be needed"),
        (
            {"coverage": 3.0, "standing": "enough"},
            "Open deals due by 31 Dec cover what is missing 3.0×; 2.5× is needed",
        ),
        (
            {"needed_coverage": None, "standing": "needed coverage not known"},
            "Open deals due by 31 Dec cover what is missing 1.6×; how much is needed is not known yet",
        ),
        (
            {"gap": 0.0, "coverage": None, "standing": "target met"},
            "The target of $5.00K is met: nothing is left to be covered",
        ),
        ({"target": None, "standing": "no target"}, "Pipeline coverage: no target for this part of the business"),
        ({"standing": "no expected dates"}, "Pipeline coverage: no open deal has an expected close date"),
    ],
)
def test_coverage_is_one_sentence_for_each_standing(changed: dict, said: str) -> None:
    assert coverage.sentence(covered(**changed), "31 Dec", "USD") == said


def test_coverage_prints_its_parts_and_leaves_out_what_is_not_known() -> None:
    assert coverage.parts(covered(), "USD") == (
        "$4.00K missing = $5.00K target − $1.00K won. $6.50K due in 4 open deals; times their chances $2.60K."
    )
    assert coverage.parts(covered(gap=None, target=None, weighted_amount=None), "USD") == "$6.50K due in 4 open deals."
    assert coverage.parts(covered(open_amount=None), "USD") == "$4.00K missing = $5.00K target − $1.00K won."


def test_the_coverage_bullet_ticks_what_is_needed_and_is_blue_only_where_it_is_reached() -> None:
    figure = coverage.bullet(covered(coverage=3.0), LOOK)
    assert [list(trace["x"]) for trace in figure["data"]] == [[2.5, 1.0], [3.0, 0.65]]
    assert figure["data"][1]["marker"]["color"] == [theme.BLUE, theme.GREY]
    assert texts(figure) == ["<b>3.0×</b> of 2.5× needed", "<b>0.7×</b> of 1.0× needed"]
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [2.5, 1.0]
    unknown = coverage.bullet(covered(needed_coverage=None, weighted_coverage=None), LOOK)
    assert texts(unknown) == ["<b>1.6×</b>"] and not unknown["layout"]["shapes"]


def test_velocity_reads_as_the_product_it_is() -> None:
    levers = pd.DataFrame({
        "value": [159.0, 0.412, 32400.0, 36.0], "unit": ["count", "percent", "money", "days"],
        "n": [159, 917, 378, 378],
    })  # fmt: skip
    said = ui_velocity._product(list(levers.itertuples(index=False)), "USD")
    assert said == (
        "159 open deals × 41.2% (n=917) won × $32.4K (n=378) ÷ 36 d (n=378). Bars: what each alone would add."
    )
