"""Did the metric of an action move? The same metric under the same filters, measured again by complete weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from scorecard.book_meetings import Action
from scorecard.charts import formats
from scorecard.charts.cards import complete_weeks
from scorecard.errors import ScorecardError
from scorecard.export.numbers import Numbers, matured
from scorecard.filters import LISTS, Filters
from scorecard.queries import Query
from scorecard.stats import xmr
from scorecard.stats.shrink import wilson

FEWEST = 20  # cases a week below which a rate is read over more weeks
BASELINE_WEEKS = xmr.MOST
SPANS = (1, 4, 13)
RATES = ("percent", "share", "rate")
Verdict = Literal["expected", "less", "other_way", "noise", "few", "waiting", "unmeasured", "moved"]
WORDS: Mapping[Verdict, str] = {
    "expected": "Moved as expected",
    "less": "Moved, less than expected",
    "moved": "Moved",
    "other_way": "Moved the other way",
    "noise": "Within noise",
    "few": "Not enough data",
    "waiting": "No newer week yet",
    "unmeasured": "No metric",
}
COLUMNS = (
    "id", "action", "owner", "side", "due", "status", "metric", "filters", "before", "after", "expected", "n_before",
    "n_after", "low", "high", "verdict", "measured", "why", "written_on",
)  # fmt: skip
Limits = tuple[float, float]


@dataclass(frozen=True)
class Reading:
    """A metric over whole weeks: `end` is the Monday after; `cases`: n."""

    value: float | None
    cases: float
    start: date
    end: date


@dataclass(frozen=True)
class Measured:
    """An action with its metric then and now, and what to think of it."""

    action: Action
    title: str = ""
    unit: str = ""
    before: Reading | None = None
    after: Reading | None = None
    limits: Limits | None = None
    verdict: Verdict = "unmeasured"
    why: str = ""

    @property
    def word(self) -> str:
        return WORDS[self.verdict]

    @property
    def is_judged(self) -> bool:
        """There is an answer to "did it move?"."""
        return self.verdict not in ("few", "waiting", "unmeasured")


def last_week_end(as_of: date) -> date:
    """The Monday after the last week that is over on that day."""
    after = as_of + timedelta(days=1)
    return after - timedelta(days=after.weekday())


def filters_of(kept: Mapping[str, Sequence[str]], start: date | None = None, end: date | None = None) -> Filters:
    """The filters of an action over a stretch of days; dimensions this version no longer has are left out."""
    return Filters(start, end, **{name: tuple(values) for name, values in kept.items() if name in LISTS})


def kept_filters(filters: Filters) -> dict[str, tuple[str, ...]]:
    """What an action keeps of the filters: all but the period."""
    return {name: getattr(filters, name) for name in LISTS if getattr(filters, name)}


def cohort_of(query: Query, kept: Mapping[str, Sequence[str]], end: date, weeks: int) -> Filters:
    """The filters a reading is asked with: whole weeks, of people old enough for the metric."""
    return matured(query, filters_of(kept, end - timedelta(weeks=weeks), end))


def read(numbers: Numbers, metric: str, kept: Mapping[str, Sequence[str]], end: date, weeks: int) -> Reading:
    """The metric over so many whole weeks before that Monday."""
    query = numbers.find(metric)
    rows = numbers.rollup(metric, cohort_of(query, kept, end, weeks))
    start = end - timedelta(weeks=weeks)
    if rows.empty:
        empty = 0.0 if query.aggregate == "sum" and not rows.attrs.get("missing") else None
        return Reading(empty, 0.0, start, end)
    row = rows.iloc[0]
    cases = row["denominator"] if query.aggregate == "ratio" else row["entities"]
    value = float(row["value"]) if formats.known(row["value"]) else None
    return Reading(value, float(cases) if formats.known(cases) else 0.0, start, end)


def first_reading(numbers: Numbers, metric: str, kept: Mapping[str, Sequence[str]]) -> Reading:
    """The metric as it stands: a rate over as few weeks as bring enough cases, anything else over one."""
    query, end = numbers.find(metric), last_week_end(numbers.as_of)
    found = read(numbers, metric, kept, end, 1)
    if query.aggregate != "ratio":
        return found
    for weeks in SPANS[1:]:
        if found.cases >= FEWEST:
            break
        found = read(numbers, metric, kept, end, weeks)
    return found


def measure(numbers: Numbers, action: Action) -> Measured:
    """The action's metric then and now on these numbers."""
    if not action.metric or action.week_end is None:
        return Measured(action, why="Without a metric nobody can measure it; what came of it is for the room to say.")
    try:
        query = numbers.find(action.metric)
    except ScorecardError:
        return Measured(action, action.metric, why="This version of the scorecard does not know its metric.")
    start = action.week_end - timedelta(weeks=action.weeks)
    value = None if action.value is None else float(action.value)
    before = Reading(value, float(action.cases or 0), start, action.week_end)
    end = last_week_end(numbers.as_of)
    known = {"title": query.title, "unit": query.unit, "before": before}
    if end <= action.week_end:
        why = f"The numbers end {formats.day(numbers.as_of)}: no week is complete since it was written."
        return Measured(action, **known, verdict="waiting", why=why)
    after = read(numbers, action.metric, action.filters, end, action.weeks)
    limits = _limits(numbers, query, action, before)
    verdict, why = judge(query, before, after, limits, _expected(action), numbers.currency)
    return Measured(action, **known, after=after, limits=limits, verdict=verdict, why=why)


def _expected(action: Action) -> float | None:
    return None if action.expected is None else float(action.expected)


def judge(
    query: Query, before: Reading, after: Reading, limits: Limits | None, expected: float | None, currency: str = "USD"
) -> tuple[Verdict, str]:
    """The word, and why. A change counts only beyond what weeks differ by anyway."""
    if before.value is None or after.value is None:
        return "few", "There is no value for one of the two."
    cases = min(before.cases, after.cases)
    if query.aggregate == "ratio" and cases < FEWEST:
        return "few", f"n={formats.count(cases)}: a rate of fewer than {FEWEST} says nothing yet."
    if limits is None:
        return "few", f"Fewer than {xmr.JUDGED} complete weeks before it: how much weeks differ is not known."
    if limits[0] <= after.value <= limits[1]:
        low, high = (formats.number(edge, query.unit, currency) for edge in limits)
        return "noise", f"Weeks differ this much by themselves: {low} to {high}."
    change = after.value - before.value
    hoped = wanted(query, before.value, expected)
    if hoped is None:
        better = {"up": change > 0, "down": change < 0}.get(query.good)
        return ("moved" if better is not False else "other_way"), "More than weeks differ by themselves."
    if change * hoped <= 0:
        return "other_way", "More than weeks differ by themselves."
    return ("expected" if abs(change) >= abs(hoped) else "less"), "More than weeks differ by themselves."


def wanted(query: Query, value: float, expected: float | None) -> float | None:
    """The change hoped for in the metric's own unit: points of a share, else a share of the value."""
    if not expected:
        return None
    return expected if query.unit in RATES else expected * abs(value)


def _limits(numbers: Numbers, query: Query, action: Action, before: Reading) -> Limits | None:
    """Within these a value is noise: by the weeks until the action, or for a rate over more weeks by its cases."""
    if action.weeks > 1:
        return _of_difference(before)
    window = filters_of(action.filters, before.end - timedelta(weeks=BASELINE_WEEKS), before.end)
    rows = numbers.ask("metric_trend", matured(query, window), metric=query.name, grain="week")
    if rows.attrs.get("missing"):
        return None
    return natural_limits(complete_weeks(rows)["value"], rooted=query.unit == "money")


def natural_limits(values: "pd.Series[Any]", *, rooted: bool = False) -> Limits | None:
    """The limits of the weeks before an action; None below thirteen known ones, which say nothing.

    rooted: money is judged on a square-root scale, as signals are: single large deals are no news.
    """
    known = np.array([float(value) for value in values if formats.known(value)][-BASELINE_WEEKS:])
    negative = bool((known < 0).any()) if len(known) else False
    rooted = rooted and not negative
    found = xmr.limits(np.sqrt(known) if rooted else known)
    if found is None or found.values < xmr.JUDGED:
        return None
    low = found.low if negative else max(found.low, 0.0)
    return (low**2, found.high**2) if rooted else (low, found.high)


def _of_difference(before: Reading) -> Limits | None:
    """Where a rate of as many cases may lie by chance: the interval of the first reading, widened for the second.

    Independent samples of one size: the difference has sqrt(2) times the spread of one.
    """
    if before.value is None or before.cases <= 0 or not 0 <= before.value <= 1:
        return None
    low, high = wilson(np.array([before.value * before.cases]), np.array([before.cases]))
    wide = 2**0.5
    low_edge = before.value - wide * (before.value - float(low[0]))
    return max(low_edge, 0.0), min(before.value + wide * (float(high[0]) - before.value), 1.0)


def sentence(found: Measured, currency: str) -> str:
    """Follow-up in SLA 46.9% → 68.0% (hoped for +10.0 pp), n=25, 9–15 Nov 2026."""
    if found.before is None:
        return found.why
    then = formats.number(found.before.value, found.unit, currency)
    if found.after is None:
        return f"{found.title} {then}, {_when(found.before)}, n={formats.count(found.before.cases)}"
    now = formats.number(found.after.value, found.unit, currency)
    hoped = f" (expected {expected_words(found, currency)})" if found.action.expected else ""
    return f"{found.title} {then} → {now}{hoped}, n={formats.count(found.after.cases)}, {_when(found.after)}"


def expected_words(found: Measured, currency: str) -> str:
    """What was hoped for, as the metric is said: 72.0%."""
    value = found.before.value if found.before else None
    hoped = float(found.action.expected or 0)
    if value is None:
        return formats.points(hoped) if found.unit in RATES else formats.signed(formats.percent(hoped))
    goal = value + (hoped if found.unit in RATES else hoped * abs(value))
    return formats.number(round(goal) if found.unit == "count" else goal, found.unit, currency)


def _when(reading: Reading) -> str:
    return formats.span(reading.start, reading.end)


def summary(found: Sequence[Measured]) -> str:
    """Two of three measured actions moved their metric as expected."""
    if not found:
        return "No action is open"
    judged = [one for one in found if one.is_judged]
    if not judged:
        many = formats.counted(len(found), "action")
        return f"{many} open; none can be measured yet"
    moved = sum(one.verdict == "expected" for one in judged)
    of = f"{formats.words(len(judged))} measured action{'' if len(judged) == 1 else 's'}"
    if not moved:
        return f"None of {of} moved its metric as expected" if len(judged) > 1 else _only(judged[0])
    if len(judged) == 1:
        return _only(judged[0])
    return f"{formats.words(moved).capitalize()} of {of} moved {'its' if moved == 1 else 'their'} metric as expected"


def _only(found: Measured) -> str:
    said = {
        "expected": "moved as expected",
        "less": "moved less than expected",
        "moved": "moved",
        "other_way": "moved the other way",
        "noise": "stayed within its noise",
    }
    return f"{found.title} {said[found.verdict]}"


def answers(numbers: Numbers, found: Sequence[Measured]) -> list[pd.DataFrame]:
    """The newest reading of each action's metric, to be proved."""
    readings = [(one.action, one.after or one.before) for one in found]
    return [
        numbers.rollup(one.metric, cohort_of(numbers.find(one.metric), one.filters, reading.end, one.weeks))
        for one, reading in readings
        if one.metric and reading is not None
    ]


def as_rows(found: Sequence[Measured], currency: str) -> list[dict[str, Any]]:
    """For a slide, a table or the command line: texts, with the numbers beside them."""
    return [
        {
            "id": one.action.id,
            "action": one.action.text,
            "owner": one.action.owner,
            "side": one.action.side,
            "due": one.action.due,
            "status": one.action.status,
            "metric": one.action.metric,
            "filters": "; ".join(filters_of(one.action.filters).describe()[1:]),
            "before": one.before.value if one.before else None,
            "after": one.after.value if one.after else None,
            "expected": None if one.action.expected is None else float(one.action.expected),
            "n_before": one.before.cases if one.before else None,
            "n_after": one.after.cases if one.after else None,
            "low": one.limits[0] if one.limits else None,
            "high": one.limits[1] if one.limits else None,
            "verdict": one.word,
            "measured": sentence(one, currency),
            "why": one.why,
            "written_on": one.action.at.date(),
        }
        for one in found
    ]
