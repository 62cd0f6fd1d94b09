"""Pipeline coverage: what is open and due in a period, over what the target still lacks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from scorecard.errors import NotComputableError, QueryError
from scorecard.filters import day_text, quarter_start
from scorecard.queries_close_facts import EPOCH, Facts
from scorecard.queries_plan import Slice, period_end, planned
from scorecard.queries_rows import Rows
from scorecard.stats import forecast, rates
from scorecard.stats.curves import WON

Given = Mapping[str, Any]
Ask = Callable[..., Any]
MET, NO_TARGET, NO_DATES, UNKNOWN = "target met", "no target", "no expected dates", "needed coverage not known"
ENOUGH, SHORT = "enough", "short"
REVENUE = "won_revenue"


def coverage(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row: what is missing, what is open and due, and how many times the one covers the other.

    Raises NotComputableError where the period is over.
    """
    lives = ask("deal_lives", columns=True, entity="deals")
    if lives.empty:
        return Rows()
    today = lives.iloc[0]["as_of_on"].date()
    period = _Period.of(given, today, int(lives.iloc[0]["fiscal_year_start_month"]))
    facts, least = Facts.of(lives), int(given["min_wins"])
    due = _Due.of(rows, period, _chances(facts, period, least))
    won = ask("metric_rollup", metric=REVENUE, by="", grain="total", period_start=period.start, period_end=period.end)
    booked = float(won[0]["value"] or 0) if won else 0.0
    target = _target(given, period, ask)
    gap = None if target is None else max(target - booked, 0.0)
    share = _win_probability(facts, period.left, least)
    needed = 1 / share if share else None
    covers = due.amount / gap if gap and due.is_dated else None
    weighs = due.weighted / gap if gap and due.is_dated and due.weighted is not None else None
    row = {
        "period_start": period.start,
        "period_end": period.end,
        "target": target,
        "won": booked,
        "gap": gap,
        "open_deals": due.deals,
        "open_amount": due.amount if due.is_dated else None,
        "coverage": covers,
        "weighted_amount": due.weighted if due.is_dated else None,
        "weighted_coverage": weighs,
        "days_left": period.left,
        "win_probability": share,
        "needed_coverage": needed,
        "standing": _standing(gap, covers, needed),
    }
    return Rows([row | due.left_out], due.notes(least, share, period))


@dataclass(frozen=True)
class _Period:
    start: date
    end: date  # the first day after it
    today: date

    @classmethod
    def of(cls, given: Given, today: date, fiscal: int) -> "_Period":
        """The period asked for, else the running quarter."""
        start = given["period_start"] or quarter_start(today, fiscal)
        end = given["period_end"] or period_end(quarter_start(max(start, today), fiscal), "quarter")
        if end <= today or end <= start:
            raise NotComputableError(
                f"The period ends on {day_text(end - timedelta(days=1))}, before the date of the data,"
                f" {day_text(today)}: nothing is left to be covered."
            )
        return cls(start, end, today)

    @property
    def left(self) -> int:
        """Days after the date of the data."""
        return (self.end - self.today).days - 1


@dataclass(frozen=True)
class _Due:
    """The open deals whose expected date is in what is left of the period, and those left out."""

    deals: int
    amount: float
    weighted: float | None
    is_dated: bool  # somebody enters expected dates
    left_out: dict[str, Any]
    ageless: int

    @classmethod
    def of(cls, rows: pd.DataFrame, period: _Period, chance: Mapping[str, float] | None) -> "_Due":
        expected = pd.to_datetime(rows["expected_close_on"])
        late = rows["days_overdue"].notna()
        first, after = (pd.Timestamp(day) for day in (period.start, period.end))
        due = rows[~late & (expected >= first) & (expected < after)]
        money = due["amount"].astype(float)
        chances = due["deal_id"].map(chance or {}).astype(float)
        return cls(
            len(due),
            float(money.sum()),
            float((money * chances).sum()) if chance is not None else None,
            rows.empty or bool(expected.notna().any()),
            {
                "past_due_deals": int(late.sum()),
                "past_due_amount": float(rows.loc[late, "amount"].astype(float).sum()),
                "undated_deals": int(expected.isna().sum()),
                "unpriced_deals": int(money.isna().sum()),
            },
            int(chances.isna().sum()) if chance is not None else 0,
        )

    def notes(self, least: int, share: float | None, period: _Period) -> list[str]:
        """What was left out, in words."""
        said = []
        if late := self.left_out["past_due_deals"]:
            said.append(f"Past their expected date and not counted: {_deals(late)}.")
        if undated := self.left_out["undated_deals"]:
            said.append(f"Without an expected date and not counted: {_deals(undated)}.")
        if unpriced := self.left_out["unpriced_deals"]:
            said.append(f"Without an amount, adding nothing: {_deals(unpriced)}.")
        if self.ageless:
            said.append(
                f"Without a creation date, so without a chance, adding nothing weighted: {_deals(self.ageless)}."
            )
        if share is None:
            said.append(
                f"Needed coverage is not known: it takes {least} won deals watched for {max(period.left, 1)} days."
            )
        return said


def _chances(facts: Facts, period: _Period, least: int) -> dict[str, float] | None:
    """The chance of each open deal to be won by the end of the period; None while too few were won to learn from."""
    if period.left < 1 or int((facts.lives.outcome == WON).sum()) < least:
        return None
    day = (pd.Timestamp(period.today) - EPOCH).days
    asked = facts.lives.open_at(day) & facts.shown
    said = forecast.chances(facts.lives, facts.lives.until(day), asked, day, period.left, least)
    return dict(zip(facts.rows.loc[asked, "deal_id"], map(float, said), strict=True))


def _win_probability(facts: Facts, left: int, least: int) -> float | None:
    """The win curve of the deals that are shown, at the days left."""
    lives, shown = facts.lives, facts.shown
    days, outcome = (lives.ended - lives.entered)[shown], lives.outcome[shown]
    if left < 1 or int((outcome == WON).sum()) < least:
        return None
    found = rates.incidence(days, outcome, np.ones(len(days)), [left])[0]
    return found.probability if found and found.probability > 0 else None


def _target(given: Given, period: _Period, ask: Ask) -> float | None:
    """The one given, else the plan agreed for the whole period and this part of the business."""
    told = float(given["target"])
    if told < 0:
        raise QueryError(f"--target is an amount of money, not {given['target']!r}.")
    if told:
        return told
    part = Slice.of(given)
    rows = ask("metric_target", columns=True, metric=REVENUE, period_start=period.start, period_end=period.end)
    goal = None if part is None else planned(rows, period.start, period.end, of=part)
    return None if goal is None else round(goal, 2)  # summed from days


def _standing(gap: float | None, covers: float | None, needed: float | None) -> str:
    if gap is None:
        return NO_TARGET
    if gap == 0:
        return MET
    if covers is None:
        return NO_DATES
    if needed is None:
        return UNKNOWN
    return ENOUGH if covers >= needed else SHORT


def _deals(count: int) -> str:
    return f"{count:,} open deal" + "s" * (count != 1)
