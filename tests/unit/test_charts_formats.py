"""Numbers are written the way they are read aloud."""

from datetime import date, datetime

import pytest

from scorecard.charts import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (976_000, "$976K"),
        (1_050_000, "$1.05M"),
        (999_600, "$1.00M"),
        (999_400, "$999K"),
        (13_400_000, "$13.4M"),
        (872, "$872"),
        (0, "$0"),
        (9.5, "$9.50"),
        (65_400, "$65.4K"),
        (-1_370_000, "−$1.37M"),
        (-0.001, "$0.00"),
    ],
)
def test_money_has_three_significant_digits_and_a_true_minus(value: float, text: str) -> None:
    assert formats.money(value) == text


def test_other_currencies_use_their_own_sign() -> None:
    assert formats.money(976_000, "EUR") == "€976K"
    assert formats.money(-976_000, "CHF") == "−CHF\N{NO-BREAK SPACE}976K"


def test_unknown_is_a_dash_and_never_zero() -> None:
    for nothing in (None, float("nan"), float("inf"), ""):
        assert formats.number(nothing, "money") == "—"
    assert formats.number(0, "percent") == "0.0%"
    assert formats.count(float("nan")) == formats.percent(float("nan")) == "—"


def test_rates_move_in_points_and_sums_in_percent() -> None:
    assert formats.change(0.06, 0.048, "percent") == "+1.2 pp"
    assert formats.change(0.048, 0.06, "percent") == "−1.2 pp"
    assert formats.change(838, 1000, "money") == "−16.2%"
    assert formats.change(1, 1, "money") == "0.0%"


def test_a_rise_from_nothing_has_no_percent() -> None:
    assert formats.change(5, 0, "count") is None
    assert formats.change(5, None, "count") is None


def test_a_change_too_small_to_show_has_no_sign() -> None:
    assert formats.points(-0.0001) == "0.0 pp"
    assert formats.percent(-0.0001) == "0.0%"
    assert formats.signed("0.0%") == "0.0%"


def test_a_small_share_is_not_none_and_a_large_one_not_all() -> None:
    assert [formats.share(value) for value in (0, 0.001, 0.38, 0.999, 1)] == ["0%", "<1%", "38%", ">99%", "100%"]


def test_weeks_are_iso_weeks() -> None:
    assert formats.week(date(2026, 11, 15)) == "Week 46, 9–15 Nov 2026"
    assert formats.span(date(2026, 12, 28), date(2027, 1, 4)) == "28 Dec 2026 – 3 Jan 2027"
    assert formats.day(date(2026, 11, 15)) == "Sun 15 Nov"


def test_quarters_follow_the_fiscal_year() -> None:
    assert formats.quarter(date(2026, 11, 15)) == "Q4"
    assert formats.quarter(date(2026, 11, 15), fiscal_start=4) == "Q3"
    assert formats.quarter(date(2026, 1, 15), fiscal_start=2) == "Q4"


def test_age_is_told_in_the_largest_sensible_unit() -> None:
    now = datetime(2026, 11, 16, 12, 0)
    assert formats.age(datetime(2026, 11, 16, 10, 0), now) == "2 h ago"
    assert formats.age(datetime(2026, 11, 10, 10, 0), now) == "6 days ago"
    assert formats.age(datetime(2026, 11, 16, 12, 5), now) == "just now"


def test_axis_marks_are_round_and_reach_the_top() -> None:
    assert formats.ticks(13_400_000, "money") == ([0, 5e6, 1e7, 1.5e7], ["$0", "$5M", "$10M", "$15M"])
    assert formats.ticks(0.31, "percent")[1] == ["0%", "10%", "20%", "30%", "40%"]
    assert formats.ticks(2, "count")[1] == ["0", "1", "2"]
    assert formats.ticks(0, "money") == ([0.0], ["$0"])
