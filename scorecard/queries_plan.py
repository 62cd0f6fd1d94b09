"""The plan for a stretch of days: which rows of the targets speak of it, and how they add up. One rule for all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scorecard.filters import LISTS

PLANNED = ("sides", "channels", "segments")  # what a plan can be agreed for
COVERED = 0.95  # a plan must speak of at least this share of the days


@dataclass(frozen=True)
class Slice:
    """The part of the business a viewer looks at, as far as plans tell it apart."""

    sides: Collection[str] = ()
    channels: Collection[str] = ()
    segments: Collection[str] = ()

    @classmethod
    def of(cls, filters: Mapping[str, Any]) -> "Slice | None":
        """The part these filters choose; None where plans do not tell it apart: a region has no plan of its own."""
        if any(filters.get(name) for name in LISTS if name not in PLANNED):
            return None
        return cls(*(tuple(filters.get(name) or ()) for name in PLANNED))


def period_end(start: date, grain: str | None) -> date:
    """The day after a planned week, month or quarter."""
    if grain == "week":
        return start + timedelta(days=7)
    if grain == "day":
        return start + timedelta(days=1)
    months = {"month": 1, "year": 12}.get(grain or "quarter", 3)
    at = start.year * 12 + start.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


@dataclass(frozen=True)
class Plan:
    """A metric's plan day by day: a share of the period's sum, or the rate agreed for it."""

    by_day: Mapping[date, float]
    aggregate: str = "sum"

    def over(self, start: date, end: date) -> float | None:
        """The plan for [start, end): sums in proportion to the days, rates as their mean over the days.

        None where no plan speaks of (nearly) all of those days.
        """
        length = (end - start).days
        days = [self.by_day[day] for at in range(length) if (day := start + timedelta(days=at)) in self.by_day]
        if length <= 0 or len(days) < COVERED * length:
            return None
        return sum(days) if self.aggregate == "sum" else sum(days) / len(days)


def plan_of(targets: pd.DataFrame, aggregate: str = "sum", of: Slice | None = None) -> Plan:
    """The plan of the slice. Where a quarter and its months are both planned, the months hold: they are never added."""
    lengths: dict[date, int] = {}
    values: dict[date, list[float]] = {}
    rows: list[Any] = list(_level(targets, of or Slice(), aggregate).itertuples(index=False))
    for row in rows:
        first = pd.Timestamp(row.period).date()
        length = (period_end(first, row.grain) - first).days
        value = float(row.value) / length if aggregate == "sum" else float(row.value)
        for at in range(length):
            day = first + timedelta(days=at)
            if length > lengths.get(day, length):
                continue
            if length < lengths.get(day, length):
                values[day] = []
            lengths[day] = length
            values.setdefault(day, []).append(value)
    by_day = {day: sum(found) if aggregate == "sum" else sum(found) / len(found) for day, found in values.items()}
    return Plan(by_day, aggregate)


def planned(
    targets: pd.DataFrame, start: date, end: date, aggregate: str = "sum", of: Slice | None = None
) -> float | None:
    """The plan for the days [start, end)."""
    return plan_of(targets, aggregate, of).over(start, end)


def _level(targets: pd.DataFrame, of: Slice, aggregate: str) -> pd.DataFrame:
    """The rows that speak of the slice: its own, else the total, else (for sums) the parts of the total."""
    rows = targets
    for column, wanted in (("side", of.sides), ("channel", of.channels), ("segment", of.segments)):
        if rows.empty:
            return rows
        named = rows[column].notna() & (rows[column] != "")
        if wanted:
            rows = rows[rows[column].isin(list(wanted))]
        elif (~named).any():
            rows = rows[~named]
        elif aggregate != "sum" and rows[column].nunique() > 1:
            return rows.iloc[0:0]  # a plan per channel says nothing about the rate of all channels together
    return rows
