"""The numbers of the screen for whoever draws them: asked under one set of filters, cut and compared as cards are."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scorecard import queries
from scorecard.charts.cards import WEEKS, Card, Meaning, card
from scorecard.charts.plan import Plan, Slice, period_end, plan_of, planned
from scorecard.charts.theme import Look
from scorecard.charts.xmr import judged
from scorecard.errors import NotComputableError
from scorecard.filters import Filters, quarter_start
from scorecard.queries import Query
from scorecard.queries_readers import HasCursor

Ask = Callable[..., pd.DataFrame]


def asking(reader: HasCursor, before: HasCursor | None = None) -> Ask:
    """`ask(name, filters, **params)` on one snapshot; a report that lacks its files is empty and says why.

    `before`: the snapshot that reports of changes compare with.
    """

    def ask(name: str, filters: Filters | None = None, **params: Any) -> pd.DataFrame:
        query = queries.find(name)
        values = {} if filters is None else filters.to_params()
        wanted = {key: value for key, value in {**values, **params}.items() if key in query.params or key in params}
        try:
            return queries.run(reader, name, wanted, before=before if query.compares_snapshots else None)
        except NotComputableError as error:
            empty = pd.DataFrame(columns=list(query.returns))
            empty.attrs["missing"] = str(error)
            return empty

    return ask


def matured(query: Query, filters: Filters) -> Filters:
    """The same period of cohorts that are old enough: "within 180 days" looks at people created 180 days earlier.

    The header's `clock: created; 180 days` says which metrics do.
    """
    _, _, days = query.header.get("clock", "").partition(";")
    number = days.strip().partition(" ")[0]
    if not number.isdecimal() or not int(number):
        return filters

    def earlier(day: date | None) -> date | None:
        return day - timedelta(days=int(number)) if day else None

    return replace(filters, period_start=earlier(filters.period_start), period_end=earlier(filters.period_end))


@dataclass(frozen=True)
class Numbers:
    """What is looked at, and the one way to ask for it."""

    ask: Ask
    find: Callable[[str], Query]
    filters: Filters
    as_of: date
    currency: str = "USD"
    fiscal_start: int = 1
    business: str = "new"  # which won deals a share of Marketing speaks of

    @property
    def look(self) -> Look:
        """How charts that leave the screen are drawn."""
        return Look(False, self.currency)

    @property
    def quarter(self) -> tuple[date, date]:
        """First day of the running quarter, and the day after its last."""
        start = quarter_start(self.as_of, self.fiscal_start)
        return start, period_end(start, "quarter")

    @property
    def this_quarter(self) -> Filters:
        """The filters with the quarter so far as period."""
        return replace(self.filters, period_start=self.quarter[0], period_end=self.as_of + timedelta(days=1))

    def rollup(self, metric: str, filters: Filters | None = None, by: str = "", grain: str = "total") -> pd.DataFrame:
        """A metric over the period: value, numerator, denominator, entities; `by` adds a column `dimension`."""
        found = self.ask("metric_rollup", filters or self.filters, metric=metric, by=by, grain=grain)
        return found.rename(columns={by: "dimension"}) if by else found

    def cohort(self, metric: str) -> Filters:
        """The filters over the people old enough for the metric."""
        return matured(self.find(metric), self.filters)

    def weekly(self, metric: str) -> pd.DataFrame:
        """The last thirteen complete weeks, whatever period is chosen."""
        end = self.as_of + timedelta(days=1)
        window = replace(self.filters, period_start=end - timedelta(weeks=WEEKS + 2), period_end=end)
        return self.ask("metric_trend", matured(self.find(metric), window), metric=metric, grain="week")

    def signals(self) -> pd.DataFrame:
        """Every metric's complete weeks with limits and signals, whatever period is chosen."""
        return self.ask("signals", self.filters.at_any_time())

    def plan(self, metric: str, filters: Filters | None = None) -> float | None:
        """The plan of a metric for the period and the part of the business that is chosen."""
        chosen = filters or self.filters
        start, end = chosen.period_start, chosen.period_end
        part = Slice.of(chosen.to_params())
        if start is None or end is None or part is None:
            return None
        rows = self.ask("metric_target", None, metric=metric, period_start=start, period_end=end)
        return planned(rows, start, end, self.find(metric).aggregate or "sum", part)

    def daily_plan(self, metric: str) -> Plan:
        """The plan of the running quarter day by day."""
        start, end = self.quarter
        rows = self.ask("metric_target", None, metric=metric, period_start=start, period_end=end)
        return plan_of(rows, of=_part(self.filters))

    def card(self, metric: str, label: str) -> Card:
        """The card of a metric."""
        query = self.find(metric)
        meaning = Meaning(query.unit, query.good, query.aggregate)
        total = self.rollup(metric, self.cohort(metric))
        found = card(label, meaning, total, self.weekly(metric), self.plan(metric), self.currency)
        last = judged(self.signals()).get(metric)
        return replace(found, signal=last.badge) if last else found


def _part(filters: Filters) -> Slice:
    return Slice(filters.sides, filters.channels, filters.segments)
