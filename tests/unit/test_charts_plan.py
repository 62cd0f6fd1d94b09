"""A plan speaks of a stretch of days; a result stands on, near or off it."""

from datetime import date

import pandas as pd
import pytest

from scorecard.charts import plan


def targets(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["period", "grain", "side", "channel", "segment", "value"])


QUARTERS = targets((date(2026, 7, 1), "quarter", "", "", "", 920.0), (date(2026, 10, 1), "quarter", "", "", "", 1840.0))


def test_a_sum_is_planned_in_proportion_to_the_days() -> None:
    assert plan.planned(QUARTERS, date(2026, 10, 1), date(2026, 11, 16)) == pytest.approx(920)
    assert plan.planned(QUARTERS, date(2026, 9, 21), date(2026, 10, 11)) == pytest.approx(100 + 200)


def test_a_rate_is_planned_as_the_mean_over_the_days() -> None:
    rates = targets((date(2026, 7, 1), "quarter", "", "", "", 0.04), (date(2026, 10, 1), "quarter", "", "", "", 0.06))
    assert plan.planned(rates, date(2026, 9, 21), date(2026, 10, 11), "ratio") == pytest.approx(0.05)


def test_no_plan_is_made_up_for_days_nobody_planned() -> None:
    assert plan.planned(QUARTERS, date(2026, 4, 1), date(2026, 11, 16)) is None
    assert plan.planned(targets(), date(2026, 10, 1), date(2026, 11, 16)) is None


def test_a_total_is_not_added_to_its_parts() -> None:
    both = targets(
        (date(2026, 10, 1), "month", None, None, None, 100.0),
        (date(2026, 10, 1), "month", None, "Email", None, 40.0),
        (date(2026, 10, 1), "month", None, "Events", None, 60.0),
    )
    october = (date(2026, 10, 1), date(2026, 11, 1))
    assert plan.planned(both, *october) == pytest.approx(100)
    assert plan.planned(both, *october, of=plan.Slice(channels=["Email"])) == pytest.approx(40)


def test_a_quarter_is_not_added_to_its_months() -> None:
    both = targets(
        (date(2026, 10, 1), "quarter", "", "", "", 920.0),
        (date(2026, 11, 1), "month", "", "", "", 600.0),
    )
    assert plan.planned(both, date(2026, 10, 1), date(2026, 11, 1)) == pytest.approx(310)
    assert plan.planned(both, date(2026, 11, 1), date(2026, 12, 1)) == pytest.approx(600)


def test_parts_make_the_total_for_sums_but_not_for_rates() -> None:
    parts = targets(
        (date(2026, 10, 1), "month", "", "Email", "", 40.0), (date(2026, 10, 1), "month", "", "Events", "", 60.0)
    )
    october = (date(2026, 10, 1), date(2026, 11, 1))
    assert plan.planned(parts, *october) == pytest.approx(100)
    assert plan.planned(parts, *october, "ratio") is None


@pytest.mark.parametrize(
    ("value", "goal", "good", "expected"),
    [
        (105, 100, "up", "on"),
        (100, 100, "up", "on"),
        (91, 100, "up", "near"),
        (89, 100, "up", "off"),
        (95, 100, "down", "on"),
        (109, 100, "down", "near"),
        (111, 100, "down", "off"),
        (None, 100, "up", None),
        (100, None, "up", None),
    ],
)
def test_standing_is_one_rule_in_both_directions(value, goal, good, expected) -> None:
    assert plan.stands(value, goal, good) == expected


def test_the_gap_is_written_with_a_true_minus() -> None:
    assert plan.against(83, 100) == "−17%"
    assert plan.against(108, 100) == "+8%"
    assert plan.against(5, 0) == ""
