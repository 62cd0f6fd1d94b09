"""Did the metric of an action move? The words, against numbers one can add up by hand."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from scorecard import queries
from scorecard.book_meetings import Action
from scorecard.export import actions
from scorecard.export.actions import Reading, last_week_end, natural_limits
from scorecard.export.numbers import Numbers
from scorecard.filters import Filters

WEEK = date(2026, 11, 9)  # the Monday after the week the actions were written on
SERIES = [50, 51, 50, 49, 50, 52, 49, 51, 50, 48, 51, 49, 50, 51]  # until that week


def numbers(after: float, cases: float, as_of: date = date(2026, 11, 15), weekly: list[float] | None = None) -> Numbers:
    """What the snapshot would answer: one value for the newest week, and the weeks before the action."""

    def ask(name: str, filters: Filters | None = None, **params: Any) -> pd.DataFrame:
        if name == "metric_trend":
            values = SERIES if weekly is None else weekly
            days = pd.date_range(end="2026-11-02", periods=len(values), freq="7D")
            return pd.DataFrame({"period": days, "value": [float(one) for one in values], "is_complete": True})
        assert filters is not None and filters.regions == ("EMEA",), "asked under the action's own filters"
        assert (filters.period_start, filters.period_end) == (date(2026, 11, 9), date(2026, 11, 16))
        return pd.DataFrame({"value": [after], "denominator": [cases], "entities": [cases]})

    return Numbers(ask, queries.find, Filters(), as_of)


def action(metric: str = "new_leads", value: str | None = "51", expected: str | None = "0.1", weeks: int = 1) -> Action:
    return Action(
        id=1, text="Do it", owner="Ann", side="sales", due=None, metric=metric, filters={"regions": ("EMEA",)},
        weeks=weeks, week_end=WEEK, value=None if value is None else Decimal(value), cases=Decimal(51),
        expected=None if expected is None else Decimal(expected), snapshot="S", meeting="", status="open", by="Ann",
        at=datetime(2026, 11, 9, 9),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("after", "expected", "word"),
    [
        (52, "0.1", "Within noise"),  # inside the limits of 45.8 to 54.4
        (58, "0.1", "Moved as expected"),  # 51 -> 56.1 was hoped for
        (57, "0.2", "Moved, less than expected"),
        (40, "0.1", "Moved the other way"),
        (58, None, "Moved"),
        (40, None, "Moved the other way"),  # fewer leads are not better
        (40, "-0.1", "Moved as expected"),
    ],
)
def test_a_change_counts_only_beyond_what_weeks_differ_by(after: float, expected: str | None, word: str) -> None:
    found = actions.measure(numbers(after, after), action(expected=expected))
    assert found.word == word
    assert found.after == Reading(after, after, date(2026, 11, 9), date(2026, 11, 16))


def test_the_limits_are_those_of_the_weeks_before() -> None:
    """Mean 50.0714, mean moving range 21 / 13: 50.0714 -+ 2.66 x 1.6154."""
    assert natural_limits(pd.Series(SERIES)) == pytest.approx((45.775, 54.368), abs=1e-3)
    assert natural_limits(pd.Series(SERIES[:12])) is None, "twelve weeks say nothing"
    low, high = natural_limits(pd.Series([value**2 for value in SERIES]), rooted=True) or (0, 0)
    assert (low**0.5, high**0.5) == pytest.approx((45.775, 54.368), abs=1e-3), "money by its square root"


def test_without_enough_there_is_no_verdict() -> None:
    assert actions.measure(numbers(58, 58, weekly=[50, 51]), action()).word == "Not enough data"
    assert actions.measure(numbers(0.9, 19), action("follow_up_in_sla", "0.4")).word == "Not enough data"
    assert actions.measure(numbers(58, 58), action(value=None)).word == "Not enough data"
    waiting = actions.measure(numbers(58, 58, as_of=date(2026, 11, 14)), action())
    assert waiting.word == "No newer week yet" and waiting.after is None
    assert actions.measure(numbers(58, 58), action(metric="")).word == "No metric"
    assert actions.measure(numbers(58, 58), action(metric="gone_metric")).word == "No metric"


def test_a_rate_is_hoped_for_in_points_and_said_so() -> None:
    weekly = [0.44, 0.46, 0.45, 0.43, 0.46, 0.45, 0.44] * 2
    found = actions.measure(numbers(0.68, 25, weekly=weekly), action("follow_up_in_sla", "0.44"))
    assert found.word == "Moved as expected"
    assert actions.sentence(found, "USD") == "Follow-up in SLA 44.0% → 68.0% (expected 54.0%), n=25, 9–15 Nov 2026"


def test_a_summary_counts_only_what_could_be_measured() -> None:
    ask: Callable[[float], Any] = lambda after: actions.measure(numbers(after, after), action())  # noqa: E731
    waiting = actions.measure(numbers(58, 58, as_of=date(2026, 11, 14)), action())
    assert actions.summary([ask(58), ask(52), waiting]) == "One of two measured actions moved its metric as expected"
    assert actions.summary([ask(58), ask(59)]) == "Two of two measured actions moved their metric as expected"
    assert actions.summary([ask(52)]) == "New leads stayed within its noise"
    assert actions.summary([waiting]) == "1 action open; none can be measured yet"


def test_a_week_is_over_on_its_sunday() -> None:
    assert last_week_end(date(2026, 11, 15)) == date(2026, 11, 16)
    assert last_week_end(date(2026, 11, 14)) == date(2026, 11, 9)
