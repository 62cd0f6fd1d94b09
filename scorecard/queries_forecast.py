"""Forecast reports: what the quarter will bring, and what such forecasts were worth in earlier quarters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard.errors import NotComputableError
from scorecard.filters import quarter_start
from scorecard.queries_close_facts import EPOCH, Facts
from scorecard.queries_rows import Rows
from scorecard.stats import forecast as stats

Given = Mapping[str, Any]
Ask = Callable[..., Any]
ALONE = "alone is"
LARGE = 0.2  # one deal of this share of the forecast is shown with and without


def forecast(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """Booked, open, not yet created, and their sum, with the 50 % and 80 % bands.

    Raises NotComputableError where too few deals were ever won to learn from.
    """
    quarters = _Quarters.of(rows, given)
    parts = quarters.at(quarters.today)
    past = quarters.past()
    factor, is_known = stats.wider(past)
    answer = Rows(notes=[_how_wide(factor, is_known, len(past)), *_worth(past), *quarters.largest(parts)])
    single = {"booked": (parts.booked, 0.0), "open": (parts.open, parts.open_variance)}
    for name, (expected, variance) in {**single, "not_yet_created": (parts.to_come, parts.to_come_variance)}.items():
        half = factor * float(np.sqrt(variance))
        answer.append(_row(name, expected, *(_around(expected, z * half) for z in (stats.Z50, stats.Z80))))
    bands = (parts.band(z, factor) for z in (stats.Z50, stats.Z80))
    answer.append(_row("total", parts.expected, *bands))
    return answer


def forecast_largest(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """The open deal that adds most, and the forecast with and without it."""
    quarters = _Quarters.of(rows, {"quarters": 0, "step_weeks": 13, **given})
    parts = quarters.at(quarters.today)
    if parts.largest is None or not parts.expected > 0:
        return Rows()
    share = parts.largest_adds / parts.expected
    return Rows([{
        "deal_id": quarters.facts.rows["deal_id"].iloc[parts.largest],
        "adds": parts.largest_adds,
        "share": share,
        "expected_with": parts.expected,
        "expected_without": parts.expected - parts.largest_adds,
        "is_large": share > LARGE,
    }])  # fmt: skip


def forecast_deals(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """Every open deal with what it adds to the forecast, most first; their sum is its open part.

    Raises NotComputableError where the forecast does.
    """
    quarters = _Quarters.of(rows, {"quarters": 0, "step_weeks": 13, **given})
    left = quarters.quarter(len(quarters.starts) - 2).last - quarters.today
    if left <= 0:
        return Rows()
    facts = quarters.facts
    found = stats.open_deals(facts.lives, quarters.amount, facts.shown, quarters.today, left, quarters.min_wins)
    names = ask("open_names", columns=True, entity="deals").drop_duplicates("deal_id").set_index("deal_id")
    answer = Rows()
    for at in np.argsort(-found.adds, kind="stable"):
        place = found.places[at]
        deal_id, amount = facts.rows["deal_id"].iloc[place], float(quarters.amount[place])
        is_named = deal_id in names.index
        answer.append({
            "deal_id": deal_id,
            "deal_name": names.at[deal_id, "name"] if is_named else None,
            "company": names.at[deal_id, "company"] if is_named else None,
            "owner": names.at[deal_id, "owner"] if is_named else None,
            "age_days": quarters.today - int(facts.lives.entered[place]),
            "amount": amount if np.isfinite(amount) else None,
            "counted_amount": float(found.worth[at]),
            "probability": float(found.chance[at]),
            "adds": float(found.adds[at]),
            "remark": _remark(np.isfinite(amount), bool(found.is_extended[at]), float(found.chance[at])),
        })  # fmt: skip
    return answer


def _remark(has_amount: bool, is_extended: bool, chance: float) -> str | None:
    said = [] if has_amount else ["no amount: the mean of won deals"]
    if is_extended:
        said.append("older than any win: " + ("its chance up to the last day known" if chance else "counts as nothing"))
    return "; ".join(said) or None


def forecast_backtest(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """Forecasts as they would have been made in earlier quarters, each with bands from quarters before it."""
    past = _Quarters.of(rows, given).past()
    answer = Rows(notes=_worth(past))
    for one in past:
        factor, _ = stats.wider(past, before=one.quarter.first)
        low, high = one.parts.band(stats.Z80, factor)
        answer.append({
            "quarter_start": _date(one.quarter.first),
            "as_of": _date(one.day),
            "week": (one.day - one.quarter.first + 1) // 7,
            "booked": one.parts.booked,
            "expected": one.parts.expected,
            "low80": low,
            "high80": high,
            "actual": one.actual,
        })  # fmt: skip
    return answer


@dataclass(frozen=True)
class _Quarters:
    """The deals and the quarters around the data date."""

    facts: Facts
    amount: NDArray[np.float64]
    today: int
    starts: list[date]  # of the quarters, the current one last, then the start of the next
    weeks: range
    min_wins: int

    @classmethod
    def of(cls, rows: pd.DataFrame, given: Given) -> "_Quarters":
        facts = Facts.of(rows)
        wins = int((facts.lives.outcome == 1).sum())
        if wins < int(given["min_wins"]):
            raise NotComputableError(
                f"A forecast needs {given['min_wins']} won deals to learn from; here are {wins}. Load a CRM export with"
                " a longer history."
            )
        today = rows.iloc[0]["as_of_on"].date()
        fiscal = int(rows.iloc[0]["fiscal_year_start_month"])
        start = quarter_start(today, fiscal)
        starts = [quarter_start(start + timedelta(days=100), fiscal), start]
        for _ in range(int(given["quarters"])):
            starts.append(quarter_start(starts[-1] - timedelta(days=1), fiscal))
        amount = facts.rows["amount"].to_numpy(np.float64, na_value=np.nan)
        weeks = range(0, 13, max(1, int(given["step_weeks"])))
        return cls(facts, amount, _number(today), starts[::-1], weeks, int(given["min_wins"]))

    def quarter(self, place: int) -> stats.Quarter:
        """The quarter at that place of the starts."""
        return stats.Quarter(_number(self.starts[place]), _number(self.starts[place + 1]) - 1)

    def at(self, day: int) -> stats.Parts:
        quarter = self.quarter(len(self.starts) - 2)
        return stats.forecast(self.facts.lives, self.amount, self.facts.shown, day, quarter, self.min_wins)

    def past(self) -> list[stats.Past]:
        quarters = [self.quarter(place) for place in range(len(self.starts) - 2)]
        return stats.back_test(self.facts.lives, self.amount, self.facts.shown, quarters, self.weeks, self.min_wins)

    def largest(self, parts: stats.Parts) -> list[str]:
        """One deal that is a large part of the forecast, with and without."""
        if parts.largest is None or parts.largest_adds <= LARGE * parts.expected:
            return []
        deal_id = self.facts.rows["deal_id"].iloc[parts.largest]
        share, rest = parts.largest_adds / parts.expected, parts.expected - parts.largest_adds
        said = f"Deal {deal_id} {ALONE} {share:.0%} of the forecast:"
        return [f"{said} without it {rest:,.0f} instead of {parts.expected:,.0f}."]


def _row(name: str, expected: float, half: tuple[float, float], most: tuple[float, float]) -> dict[str, Any]:
    found: dict[str, Any] = {"component": name, "expected": expected}
    return found | {"low50": half[0], "high50": half[1], "low80": most[0], "high80": most[1]}


def _around(expected: float, half: float) -> tuple[float, float]:
    return max(0.0, expected - half), expected + half


def _how_wide(factor: float, is_known: bool, points: int) -> str:
    wide = f"Bands are {factor:.2f} times as wide as independent deals say"
    return f"{wide}, as {points} past forecasts showed." if is_known else f"{wide}: a guess, past quarters are too few."


def _worth(past: list[stats.Past]) -> list[str]:
    """How often the 80 % band held in earlier quarters, each judged with what was known before it."""
    judged = [one for one in past if stats.wider(past, before=one.quarter.first)[1] and one.actual]
    if not judged:
        return []
    held = 0
    for one in judged:
        low, high = one.parts.band(stats.Z80, stats.wider(past, before=one.quarter.first)[0])
        held += low <= one.actual <= high
    off = float(np.mean([abs(one.parts.expected - one.actual) / one.actual for one in judged]))
    said = f"Over all weeks of earlier quarters the 80% band held {held} of {len(judged)} times"
    return [f"{said}; the forecast was {off:.0%} off on average. Amounts are those of today: kinder than life."]


def _number(day: date) -> int:
    return (pd.Timestamp(day) - EPOCH).days


def _date(number: int) -> date:
    return (EPOCH + pd.Timedelta(days=number)).date()
