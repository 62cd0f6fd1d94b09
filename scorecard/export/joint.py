"""The joint scorecard as rows: each number with its one target, what each side puts in, whose it is, and its pace."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.plan import WORDS, Slice, Standing, planned, stands
from scorecard.charts.xmr import Judged, judged
from scorecard.export.numbers import Numbers
from scorecard.filters import Filters

PART = "part"  # an input that is the number's own part of that side
MOST = 12
PARTS = {"marketing": "Marketing's part", "sales": "Sales' part"}


@dataclass(frozen=True)
class Kpi:
    """One chosen number: whose it is, and what each side puts in (a metric, PART, or '')."""

    metric: str
    owner: str = ""
    marketing: str = PART
    sales: str = PART


# What is shown until the teams choose.
DEFAULT = (
    Kpi("won_revenue"),
    Kpi("marketing_sourced_revenue", marketing="new_leads", sales="win_rate_closed"),
    Kpi("pipeline_created"),
    Kpi("won_deals"),
    Kpi("new_leads", marketing="spend", sales="follow_up_in_sla"),
    Kpi("follow_up_in_sla"),
    Kpi("lead_to_win_rate"),
    Kpi("win_rate_closed"),
    Kpi("cost_per_won_customer", marketing="spend", sales="won_deals"),
    Kpi("viewer_win_rate"),
)


@dataclass(frozen=True)
class Input:
    """What one side puts in: a value in words against its own target, if there is one."""

    name: str
    value: str
    of: str = ""
    standing: Standing | None = None
    n: str = ""


@dataclass(frozen=True)
class Line:
    """One number of the scorecard, ready to be drawn; `why` = why it cannot be computed."""

    metric: str
    title: str
    owner: str
    value: str = formats.MISSING
    target: str = ""
    pace: str = ""
    standing: Standing | None = None
    badge: str = "No data"
    n: str = ""
    signal: str = ""
    marketing: Input | None = None
    sales: Input | None = None
    why: str = ""


@dataclass(frozen=True)
class Span:
    """The period the scorecard speaks of: from `start` to `now`, of a period that ends with `end` (both not in it)."""

    start: date
    now: date
    end: date

    @property
    def share(self) -> float:
        """How much of the period is over."""
        return (self.now - self.start).days / (self.end - self.start).days

    @property
    def is_over(self) -> bool:
        return self.now >= self.end


def chosen(rows: pd.DataFrame) -> tuple[Kpi, ...]:
    """The numbers the teams chose, in their order; the usual ones while nobody has."""
    found = tuple(
        Kpi(str(row.metric), str(row.owner or ""), str(row.marketing_input or ""), str(row.sales_input or ""))
        for row in each(rows)
    )
    return found[:MOST] or DEFAULT


def span_of(numbers: Numbers) -> Span:
    """The running quarter; a chosen period that ended before it, where somebody looks back."""
    start, end = numbers.quarter
    filters = numbers.filters
    if filters.period_start and filters.period_end and filters.period_end <= start:
        return Span(filters.period_start, filters.period_end, filters.period_end)
    return Span(start, numbers.as_of + timedelta(days=1), end)


def lines(numbers: Numbers, kpis: Sequence[Kpi]) -> list[Line]:
    """Every number of the scorecard."""
    span, last = span_of(numbers), judged(numbers.signals())
    return [_line(numbers, kpi, span, last.get(kpi.metric)) for kpi in kpis]


def _line(numbers: Numbers, kpi: Kpi, span: Span, last: Judged | None) -> Line:
    query = numbers.find(kpi.metric)
    found = Line(kpi.metric, query.title, kpi.owner, signal=last.badge if last else "")
    at = replace(numbers, filters=replace(numbers.filters, period_start=span.start, period_end=span.now))
    total = at.rollup(kpi.metric, at.cohort(kpi.metric))
    if why := total.attrs.get("missing"):
        return replace(found, why=str(why))
    value = total["value"].iloc[0] if len(total) else None
    rate = query.aggregate == "ratio"
    cases = _cases(total, rate)
    few = rate and query.unit == "percent" and cases < formats.FEW
    target, expected = _targets(at, kpi.metric, span)
    standing = None if few else stands(value, expected, query.good)

    def said(number: float | None) -> str:
        whole = number is not None and query.unit == "count"
        return formats.number(round(number) if whole and number is not None else number, query.unit, numbers.currency)

    return replace(
        found,
        value=said(value),
        target=said(target) if target is not None else "",
        pace=_pace(value, target, expected, span, rate, said),
        standing=standing,
        badge=WORDS[standing] if standing else ("Too few" if few else "No target" if target is None else "No data"),
        n=f"n={formats.count(cases)}",
        marketing=_input(at, kpi.metric, kpi.marketing, "marketing", span),
        sales=_input(at, kpi.metric, kpi.sales, "sales", span),
    )


def _cases(total: pd.DataFrame, rate: bool) -> float:
    """What n is: the records, or of a rate the cases in its denominator, which may be money."""
    if not len(total):
        return 0.0
    records = float(total["entities"].iloc[0])
    return min(records, float(total["denominator"].iloc[0] or 0)) if rate else records


def _pace(value, target, expected, span: Span, rate: bool, said) -> str:
    """Where it stands against what the plan expected by today, and where that leads, in words."""
    if not formats.known(value) or target is None:
        return ""
    if span.is_over:
        return "the period is over"
    if rate:
        return "a rate: its target holds every day"
    ahead = f"{said(expected)} expected by today"
    return f"{ahead}; at this pace {said(float(value) / span.share)}" if span.share >= 0.1 else ahead


def _targets(numbers: Numbers, metric: str, span: Span, part: Slice | None = None) -> tuple[float | None, float | None]:
    """The target of the whole period, and what the plan expected until now."""
    of = part or Slice.of(numbers.filters.to_params())
    if of is None:
        return None, None
    rows = numbers.ask("metric_target", None, metric=metric, period_start=span.start, period_end=span.end)
    aggregate = numbers.find(metric).aggregate or "sum"
    whole, until = (planned(rows, span.start, end, aggregate, of) for end in (span.end, span.now))
    return whole, until


def _input(numbers: Numbers, metric: str, chosen_input: str, side: str, span: Span) -> Input | None:
    if not chosen_input:
        return None
    name = metric if chosen_input == PART else chosen_input
    query = numbers.find(name)
    filters: Filters = numbers.cohort(name)
    title = PARTS[side] if chosen_input == PART else query.title
    part: Slice | None = None
    if chosen_input == PART:
        if filters.sides and side not in filters.sides:
            return None
        filters = replace(filters, sides=(side,))
        part = Slice((side,), filters.channels, filters.segments) if Slice.of(filters.to_params()) else None
    total = numbers.rollup(name, filters)
    if total.attrs.get("missing"):
        return Input(title, formats.MISSING)
    value = total["value"].iloc[0] if len(total) else None
    if value is None and query.aggregate == "sum":
        value = 0.0  # no row of a sum that can be computed is nothing, not unknown
    rate = query.aggregate == "ratio" and query.unit == "percent"
    cases = float(total["denominator"].iloc[0]) if rate and len(total) else None
    _, expected = (None, None) if chosen_input == PART and part is None else _targets(numbers, name, span, part)
    standing = None if cases is not None and cases < formats.FEW else stands(value, expected, query.good)
    said = formats.number(value, query.unit, numbers.currency)
    n = f"n={formats.count(cases)}" if cases is not None else ""
    whole = round(expected) if expected is not None and query.unit == "count" else expected
    of = f"of {formats.number(whole, query.unit, numbers.currency)} by today" if whole is not None else ""
    return Input(title, said, of, standing, n)


def within(filters: Filters, span: Span) -> Filters:
    """The filters with the scorecard's period: what the records behind a line are asked with."""
    return replace(filters, period_start=span.start, period_end=span.now)


def answers(numbers: Numbers, kpis: Sequence[Kpi]) -> list[pd.DataFrame]:
    """What the scorecard speaks of: each number, and what each side puts in, over the period it speaks of."""
    span = span_of(numbers)
    at = replace(numbers, filters=within(numbers.filters, span))
    found = [at.rollup(kpi.metric, at.cohort(kpi.metric)) for kpi in kpis]
    for kpi in kpis:
        for name, side in ((kpi.marketing, "marketing"), (kpi.sales, "sales")):
            if name == PART:
                found.append(at.rollup(kpi.metric, replace(at.cohort(kpi.metric), sides=(side,))))
            elif name:
                found.append(at.rollup(name, at.cohort(name)))
    return found


def headline(found: Sequence[Line]) -> str:
    """How many of the numbers with a target stand where the plan expected them."""
    told = [line for line in found if line.standing]
    if not told:
        return "No number of the scorecard has a target yet"
    on = sum(line.standing == "on" for line in told)
    off = [line.title for line in told if line.standing == "off"]
    verb = "is" if on == 1 else "are"
    rest = f"; off plan: {', '.join(off)}" if off else ""
    return f"{formats.words(on).capitalize()} of {formats.words(len(told))} numbers with a target {verb} on plan{rest}"


def as_text(found: Sequence[Line]) -> pd.DataFrame:
    """The scorecard as a table of words, for whatever leaves the screen."""

    def words(one: Input | None) -> str:
        return "" if one is None else " ".join(part for part in (f"{one.name}: {one.value}", one.of, one.n) if part)

    return pd.DataFrame({
        "Number": [line.title for line in found],
        "So far": [" ".join(part for part in (line.value, line.n) if part) for line in found],
        "Target": [line.target or formats.MISSING for line in found],
        "Status": [" ".join(part for part in (line.badge, line.signal) if part) for line in found],
        "Marketing puts in": [words(line.marketing) for line in found],
        "Sales puts in": [words(line.sales) for line in found],
        "Owner": [line.owner or formats.MISSING for line in found],
    })  # fmt: skip
