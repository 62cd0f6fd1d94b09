"""What was planned for a stretch of days, and how a result stands against it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of, each

Standing = Literal["on", "near", "off"]

NEAR = 0.10  # up to a tenth short of plan is "near"
COVERED = 0.95  # a plan must speak of at least this share of the days
WORDS: dict[Standing, str] = {"on": "On plan", "near": "Near plan", "off": "Off plan"}


@dataclass(frozen=True)
class Slice:
    """The part of the business a viewer looks at, as far as plans tell it apart."""

    sides: Collection[str] = ()
    channels: Collection[str] = ()
    segments: Collection[str] = ()


def period_end(start: date, grain: str | None) -> date:
    """The day after a planned week, month or quarter."""
    if grain == "week":
        return start + timedelta(days=7)
    if grain == "day":
        return start + timedelta(days=1)
    months = {"month": 1, "year": 12}.get(grain or "quarter", 3)
    at = start.year * 12 + start.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def planned(
    targets: pd.DataFrame, start: date, end: date, aggregate: str = "sum", of: Slice | None = None
) -> float | None:
    """The plan for [start, end): sums in proportion to the days, rates as their mean over the days.

    None where no plan speaks of (nearly) all of those days.
    """
    rows = _level(targets, of or Slice(), aggregate)
    total = weight = 0.0
    covered: set[date] = set()
    for row in each(rows):
        first = day_of(row.period)
        last = period_end(first, row.grain)
        low, high = max(first, start), min(last, end)
        days = (high - low).days
        if days <= 0:
            continue
        share = days / (last - first).days if aggregate == "sum" else days
        total += float(row.value) * share
        weight += days
        covered.update(low + timedelta(days=at) for at in range(days))
    length = (end - start).days
    if length <= 0 or len(covered) < COVERED * length:
        return None
    return total if aggregate == "sum" else total / weight


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


def stands(value: Any, plan: Any, good: str = "up") -> Standing | None:
    """On, near or off plan; None where either is unknown."""
    if not formats.known(value) or not formats.known(plan):
        return None
    result, goal = float(value), float(plan)
    short = (result - goal) if good == "down" else (goal - result)
    if short <= 0:
        return "on"
    return "near" if goal and short <= NEAR * abs(goal) else "off"


def against(value: Any, plan: Any) -> str:
    """How far from plan: +8% or −17%; nothing where there is no plan."""
    if not formats.known(value) or not formats.known(plan) or not float(plan):
        return ""
    goal = float(plan)
    return formats.signed(formats.percent((float(value) - goal) / abs(goal), 0))
