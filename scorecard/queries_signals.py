"""Signals and noise: every complete week of a metric beside the limits that its own past draws."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from scorecard.filters import day_text
from scorecard.queries_catalogue import look_for
from scorecard.queries_needs import lacking
from scorecard.queries_rows import Rows
from scorecard.stats import xmr
from scorecard.stats.xmr import Bools, Floats

Given = Mapping[str, Any]
Ask = Callable[..., Any]
USUAL = 20  # cases a week from which on a weekly rate is looked at by itself
ROLL = 4  # weeks that a rate of fewer cases is summed over
AT_FIXED_AGE = "lead_to_win_rate"  # won by the data date: the statement counts it at an age


@dataclass(frozen=True)
class Series:
    """The values of a metric week by week as they are judged: unknown where nothing was counted."""

    weeks: list[date]
    values: Floats  # as shown
    scaled: Floats  # as judged
    numerator: Floats
    denominator: Floats
    lag: int
    rooted: bool
    most: float  # what no value can pass


@dataclass(frozen=True)
class Regime:
    """A stretch of weeks judged by one set of limits."""

    start: date
    end: date | None
    note: str = ""


def signals(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """Weeks with value, limits and rule; weeks before the limits' baseline are left out."""
    breaks: list[dict[str, Any]] = ask("regime_breaks")
    coverage = {
        (row["table_name"], row["column_name"]): (row["rows"] or 0, row["known"] or 0) for row in ask("known_columns")
    }
    answer: list[dict[str, Any]] = []
    notes: list[str] = []
    longest = 0
    for name, weeks in rows.groupby("metric", sort=False):
        metric = str(name)
        query = look_for(metric)
        if query is None or lacking(query, coverage):
            continue
        days = _age(metric, given)
        if days is None:
            notes.append(
                f"{_title(metric)}: no limits, because its outcome is counted to the data date at no fixed age."
            )
            continue
        found = _weeks_of(weeks, days)
        if found.empty:
            continue
        series = _series(found)
        shown = dict(zip(series.weeks, found["is_shown"].astype(bool), strict=True))
        judged = [
            row
            for regime in _regimes(metric, found, breaks)
            for row in _judged(metric, series, regime)
            if shown.get(row["week"], False)
        ]
        answer += judged
        longest = max([longest, *(row["baseline_weeks"] for row in judged)])
        notes += _said(metric, days, series, judged, breaks, bool(given["metric"]))
    if longest >= xmr.JUDGED:
        notes.append(alarm_line(longest, len({row["metric"] for row in answer})))
    return Rows(answer, notes)


def alarm_line(baseline: int, metrics: int) -> str:
    """How often chance alone calls a signal, for so many metrics looked at every week."""
    rate = xmr.false_alarms(baseline)
    one = f"Where nothing changes, {rate:.1%} of weeks are called a signal all the same"
    if metrics < 2:
        return f"{one} (one in about {1 / rate:,.0f})."
    return f"{one}: with {metrics} metrics about one false alarm every {_often(1 / (rate * metrics))}."


def _often(weeks: float) -> str:
    return "week" if weeks < 1.5 else f"{weeks:.0f} weeks"


def _title(metric: str) -> str:
    query = look_for(metric)
    return query.title if query else metric


def _age(metric: str, given: Given) -> int | None:
    """Days a week must lie back until it can be compared; None = its outcome is not taken at a fixed age."""
    if metric == AT_FIXED_AGE:
        return int(given["age_days"])
    query = look_for(metric)
    clock = query.header.get("clock", "") if query else ""
    if "data date" in clock:
        return None
    number = clock.partition(";")[2].strip().partition(" ")[0]
    return int(number) if number.isdecimal() else 0


def _weeks_of(weeks: pd.DataFrame, days: int) -> pd.DataFrame:
    """The weeks that are over, and old enough."""
    last = pd.to_datetime(weeks["last_day"])
    over = (last + pd.Timedelta(days=days) <= pd.to_datetime(weeks["as_of_on"])) & (
        last <= pd.to_datetime(weeks["known_until"])
    )
    return weeks[over].reset_index(drop=True)


def _series(weeks: pd.DataFrame) -> Series:
    numerator, denominator = (weeks[name].to_numpy(np.float64) for name in ("numerator", "denominator"))
    rate = str(weeks["aggregate"].iloc[0]) == "ratio"
    rooted = str(weeks["unit"].iloc[0]) == "money"
    lag = 1
    if rate and float(np.median(weeks["cases"].to_numpy(np.float64)[-xmr.MOST * 2 :])) < USUAL:
        lag = ROLL
        numerator, denominator = xmr.rolled(numerator, denominator, ROLL)
    values = numerator.copy()
    if rate:
        empty = ~(denominator > 0) | (bool(weeks["is_zero_null"].iloc[0]) & (numerator == 0))
        values = np.where(empty, np.nan, numerator / np.where(empty, 1.0, denominator))
    scaled = np.sign(values) * np.sqrt(np.abs(values)) if rooted else values
    days = [day.date() for day in pd.to_datetime(weeks["week"])]
    most = 1.0 if rate and str(weeks["unit"].iloc[0]) == "percent" else np.inf
    return Series(days, values, scaled, numerator, denominator, lag, rooted, most)


def _regimes(metric: str, weeks: pd.DataFrame, breaks: list[dict[str, Any]]) -> Iterator[Regime]:
    """Where limits begin anew: where somebody said so, the first 26 weeks before the fiscal year of the last week."""
    year = pd.Timestamp(weeks["fiscal_year_start"].iloc[-1]).date()
    start = year - timedelta(days=year.weekday()) - timedelta(weeks=xmr.MOST)
    said = {one["from_on"]: str(one["note"]) for one in breaks if one["metric"] in ("", metric)}
    days = sorted(said)
    earlier = [day for day in days if day <= start]
    later = [day for day in days if day > start]
    # A break from before the usual start is older than what is looked at; its regime began with it.
    first = Regime(earlier[-1] if earlier else start, later[0] if later else None, said[earlier[-1]] if earlier else "")
    yield first
    for day, following in zip(later, [*later[1:], None], strict=False):
        yield Regime(day, following, said[day])


def _judged(metric: str, series: Series, regime: Regime) -> list[dict[str, Any]]:
    at = np.array([regime.start <= week and (regime.end is None or week < regime.end) for week in series.weeks])
    known = at & ~np.isnan(series.scaled)
    values = series.scaled[known]
    limits = xmr.limits(values[: xmr.MOST], series.lag)
    rules = xmr.rules(values, limits, series.lag) if limits else np.zeros(len(values), dtype=np.int64)
    by_place = dict(zip(np.flatnonzero(known).tolist(), rules.tolist(), strict=True))
    ready = limits is not None and limits.values >= xmr.JUDGED
    low, center, high = _shown_limits(limits, values[: xmr.MOST], series) if limits else (None, None, None)
    return [
        {
            "metric": metric,
            "week": series.weeks[place],
            "value": _number(series.values[place]),
            "numerator": _number(series.numerator[place]),
            "denominator": _number(series.denominator[place]),
            "center": center,
            "low": low,
            "high": high,
            "baseline_weeks": min(len(values), xmr.MOST),
            "signal": by_place.get(place, 0) > 0 if ready and place in by_place else None,
            "rule": by_place.get(place) or None,
        }
        for place in np.flatnonzero(at & ~np.isnan(series.numerator)).tolist()
    ]


def _shown_limits(limits: xmr.Limits, values: Floats, series: Series) -> tuple[float, float, float]:
    """On the scale that is shown; a limit that no value can pass is where it cannot be passed."""
    found = np.array([limits.low, limits.center, limits.high])
    if series.rooted:
        found = np.sign(found) * found**2
    floor: Bools = values >= 0
    low = max(float(found[0]), 0.0) if floor.all() else float(found[0])
    return low, float(found[1]), min(float(found[2]), series.most)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _said(
    metric: str, days: int, series: Series, judged: list[dict[str, Any]], breaks: list[dict[str, Any]], alone: bool
) -> list[str]:
    """What must be known of the limits of one metric; of many only what stops them."""
    title, found = _title(metric), []
    last = judged[-1] if judged else None
    if last and last["center"] is None:
        found.append(f"{title}: not enough weeks yet: {last['baseline_weeks']} of {xmr.LEAST} that limits need.")
    elif last and last["signal"] is None and last["value"] is not None:
        found.append(
            f"{title}: limits of {last['baseline_weeks']} weeks are shown, signals are called from {xmr.JUDGED} on."
        )
    if not alone:
        return found
    if metric == AT_FIXED_AGE:
        found.append(
            f"Won within {days} days of creation, for weeks that are at least as old: a fair age for every week."
        )
    if series.lag > 1:
        found.append(f"Fewer than {USUAL} cases in a usual week, so each value is the rate of {ROLL} weeks.")
    if series.rooted:
        found.append("Limits of money are drawn on a square-root scale: single large deals are no signal.")
    if last:
        begun = min(row["week"] for row in judged if row["center"] == last["center"])
        note = next((f": {one['note']} ({one['declared_by']})" for one in reversed(breaks)
                     if one["metric"] in ("", metric) and one["from_on"] <= begun), "")  # fmt: skip
        found.append(f"Limits of {last['baseline_weeks']} weeks, begun in the week of {day_text(begun)}{note}.")
    return found
