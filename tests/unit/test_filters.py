"""Filters: one frozen value, the same words as parameters, and periods that end before their end."""

from datetime import date

import pytest

from scorecard.filters import LISTS, PERIODS, Filters, named_period
from scorecard.queries_catalogue import catalogue

AS_OF = date(2026, 2, 17)


def test_filters_become_the_parameters_of_every_report() -> None:
    params = Filters(date(2026, 1, 1), date(2026, 2, 1), channels=("Events",)).to_params()
    assert params["channels"] == ["Events"] and params["regions"] == []
    assert set(params) == {"period_start", "period_end", *LISTS}
    rollup = catalogue()["metric_rollup"]
    assert set(params) <= rollup.params


def test_filters_are_described_in_words_with_the_last_day_included() -> None:
    filters = Filters(date(2026, 1, 1), date(2026, 2, 1), channels=("Events", "Email"), video_engaged=("yes",))
    assert filters.describe() == ["1 Jan 2026 to 31 Jan 2026", "Channel: Events, Email", "Engaged with video: yes"]
    assert filters.is_narrowed and not Filters().is_narrowed
    assert Filters().describe() == ["All time"]
    assert Filters(period_start=AS_OF).describe() == ["From 17 Feb 2026"]


@pytest.mark.parametrize(
    ("name", "start", "end", "fiscal"),
    [
        ("4w", date(2026, 1, 21), date(2026, 2, 18), 1),
        ("13w", date(2025, 11, 19), date(2026, 2, 18), 1),
        ("QTD", date(2026, 1, 1), date(2026, 2, 18), 1),
        ("YTD", date(2026, 1, 1), date(2026, 2, 18), 1),
        ("last quarter", date(2025, 10, 1), date(2026, 1, 1), 1),
        ("qtd", date(2026, 2, 1), date(2026, 2, 18), 2),
        ("ytd", date(2025, 4, 1), date(2026, 2, 18), 4),
        ("last_quarter", date(2025, 11, 1), date(2026, 2, 1), 2),
        ("all", None, None, 1),
    ],
)
def test_named_periods_are_half_open_and_follow_the_fiscal_year(name, start, end, fiscal) -> None:
    assert named_period(name, AS_OF, fiscal) == (start, end)


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("fiscal", range(1, 13))
def test_quarters_meet_without_gap_or_overlap(month: int, fiscal: int) -> None:
    day = date(2026, month, 15)
    start, _ = named_period("qtd", day, fiscal)
    last_start, last_end = named_period("last_quarter", day, fiscal)
    assert start is not None and last_start is not None
    assert last_end == start <= day
    assert (start.year * 12 + start.month) - (last_start.year * 12 + last_start.month) == 3


def test_every_named_period_is_known_and_no_other() -> None:
    for name in PERIODS:
        named_period(name, AS_OF)
    with pytest.raises(ValueError, match="fortnight"):
        named_period("fortnight", AS_OF)


def test_numbers_with_dates_of_their_own_keep_every_filter_but_the_period() -> None:
    filters = Filters(date(2026, 1, 1), date(2026, 2, 1), channels=("Events",), owners=("Ann",))
    assert filters.at_any_time() == Filters(channels=("Events",), owners=("Ann",))
