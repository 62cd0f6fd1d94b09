"""A headline states what the rows show, and nothing where they show nothing."""

from datetime import date

import pandas as pd
import pytest

from scorecard.charts import headlines
from scorecard.charts.bars import Bullet
from scorecard.charts.forest import Rate

AS_OF, END = date(2026, 11, 15), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("so_far", "plan", "sentence"),
    [
        (7.4e6, 7.7e6, "Marketing revenue is $300K behind plan with 7 weeks left"),
        (8.0e6, 7.7e6, "Marketing revenue is $300K ahead of plan with 7 weeks left"),
        (7.65e6, 7.7e6, "Marketing revenue is on plan with 7 weeks left"),
        (7.4e6, None, "Marketing revenue: $7.40M this quarter, with 7 weeks left"),
    ],
)
def test_the_quarter_is_told_against_plan(so_far, plan, sentence) -> None:
    assert headlines.quarter("Marketing revenue", so_far, plan, AS_OF, END, "USD") == sentence


def test_the_last_day_has_no_weeks_left() -> None:
    assert headlines.quarter("Revenue", 1, 1, date(2026, 12, 31), END, "USD").endswith("on the last day")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([Bullet("a", 2, 1), Bullet("b", 1, 2), Bullet("c", 3, 1)], "Two of three channels reached their target"),
        ([Bullet("a", 2, 1), Bullet("b", 2, 1)], "All two channels reached their target"),
        ([Bullet("a", 1, 2), Bullet("b", 1, 2)], "None of two channels reached its target"),
        ([Bullet("a", 1, 2), Bullet("b", 1, None)], "a missed its target"),
        ([Bullet("a", 1, None)], "Revenue by channel"),
    ],
)
def test_channels_are_counted_by_their_own_target(rows, sentence) -> None:
    assert headlines.channels(rows) == sentence


def test_unknown_widens_the_range_instead_of_vanishing() -> None:
    sides = pd.DataFrame({"side": ["marketing", "sales", "unknown"], "won_amount": [38.0, 49.0, 13.0]})
    assert headlines.side_range(sides) == "Marketing sourced 38% to 51% of won revenue"
    assert headlines.side_range(sides[sides["side"] != "unknown"]) == "Marketing sourced 44% of won revenue"
    assert headlines.side_range(sides.iloc[0:0]) == "Won revenue by side"


def test_a_difference_is_named_only_when_intervals_do_not_meet() -> None:
    high, low = Rate("Yes", 0.3, 0.25, 0.35, 200), Rate("No", 0.1, 0.05, 0.2, 200)
    assert headlines.apart([high, low], "Won by day 90:", "Win rate") == "Won by day 90: Yes 30%, No 10%"
    close = Rate("No", 0.24, 0.2, 0.29, 200)
    assert headlines.apart([high, close], "win", "Win rate") == "Win rate: no clear difference"
    nobody = Rate("unknown", 0.9, 0.85, 0.95, 200)
    assert headlines.apart([nobody, high, low], "Won by day 90:", "Win rate") == "Won by day 90: Yes 30%, No 10%"
    few = Rate("No", 0.1, 0.0, 0.2, 8)
    assert headlines.apart([high, few], "win", "Win rate") == "Win rate"


def test_coverage_gives_share_and_counts() -> None:
    assert headlines.coverage(410, 500) == "82% of won deals have a known source (410 of 500)."
    assert headlines.coverage(0, 0) == "No won deals in this period."


def test_the_biggest_loss_is_counted_in_people() -> None:
    steps = pd.DataFrame({"step": ["Played", "Half", "Won"], "step_order": [1, 2, 3], "people": [100, 40, 1]})
    assert headlines.biggest_loss(steps) == "Most people stop between “Played” and “Half”"
