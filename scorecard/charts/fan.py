"""The quarter ahead: what is booked so far, and the fan in which its end will lie; and what such fans held before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of, each
from scorecard.charts.parts import line, margin_for, names_axis
from scorecard.charts.theme import BLUE, STROKE, Figure, Look, Trace, fade, figure, note
from scorecard.charts.trend import cumulative, today

PARTS = {"booked": "booked", "open": "from open deals", "not_yet_created": "from deals not yet created"}


@dataclass(frozen=True)
class Landing:
    """Where the quarter is expected to end."""

    expected: float
    low50: float
    high50: float
    low80: float
    high80: float


def landing(rows: pd.DataFrame) -> Landing:
    """The row `total` of the report `forecast`."""
    total = next(row for row in each(rows) if row.component == "total")
    return Landing(*(float(value) for value in (total.expected, total.low50, total.high50, total.low80, total.high80)))


def headline(end: Landing, plan: float | None, currency: str) -> str:
    """The quarter lands at $4.27M (four in five: $3.81M to $4.74M); the plan of $4.80M is out of reach."""
    low, high = formats.money(end.low80, currency), formats.money(end.high80, currency)
    said = f"The quarter lands at {formats.money(end.expected, currency)} (four in five: {low} to {high})"
    if plan is None:
        return said
    goal = formats.money(plan, currency)
    if plan > end.high80:
        return f"{said}; the plan of {goal} is above that"
    if plan < end.low80:
        return f"{said}; the plan of {goal} is below that"
    return f"{said}; the plan of {goal} is within that"


def with_and_without(row: Any, name: str, currency: str) -> str:
    """With Acme - Suite $4.29M, without it $3.10M: this one deal is 28% of the forecast."""
    full, rest = (formats.money(float(value), currency) for value in (row.expected_with, row.expected_without))
    return f"With {name} {full}, without it {rest}: this one deal is {formats.share(float(row.share))} of the forecast."


def parts_line(rows: pd.DataFrame, currency: str) -> str:
    """$2.15M booked + $1.59M from open deals + $529K from deals not yet created."""
    by = {str(row.component): float(row.expected) for row in each(rows)}
    return " + ".join(f"{formats.money(by[name], currency)} {words}" for name, words in PARTS.items())


def fan(
    daily: pd.DataFrame,
    start: date,
    end: date,
    as_of: date,
    found: Landing,
    plan: float | None,
    look: Look,
    plan_by_week: Mapping[date, float] | None = None,
) -> Figure:
    """The sum so far, a wedge for half and one for four in five of what may come, the plan as a tick at the end.

    `end`: the first day after the quarter. `plan_by_week`: what is planned up to those days, drawn dotted.
    """
    days, sums = cumulative(daily, start, as_of)
    so_far, last = (sums[-1] if sums else 0.0), end - timedelta(days=1)
    top = max(found.high80, plan or 0.0, so_far)
    marks, texts = formats.ticks(top, "money", look.currency)
    said = [formats.money(value, look.currency) for value in sums]
    ahead = {"color": BLUE, "width": 2, "dash": "dash"}
    traces: list[Trace] = [
        _wedge(as_of, last, so_far, found.low80, found.high80, 0.16),
        _wedge(as_of, last, so_far, found.low50, found.high50, 0.24),
        line(days, sums, said, BLUE, 4, before="So far "),
        {"type": "scatter", "mode": "lines", "x": [as_of, last], "y": [so_far, found.expected], "line": ahead,
         "hoverinfo": "skip"},
    ]  # fmt: skip
    notes = [note(f"<b>{said[-1] if said else ''}</b>", as_of, so_far, anchor="right", xshift=-8, yshift=look.em(0.9))]
    for value, weight in ((found.high80, ""), (found.expected, "b"), (found.low80, "")):
        text = formats.money(value, look.currency)
        notes.append(note(f"<b>{text}</b>" if weight else text, last, value, xshift=8, muted=not weight))
    shapes = [today(as_of)]
    if plan is not None:
        shapes.append(_tick(last, plan, last - start))
        traces.insert(0, _plan_line(start, end, plan_by_week or {}, look))
        low = note(f"Plan {formats.money(plan, look.currency)}", last, plan, anchor="right", xshift=-8, muted=True)
        notes.append(low | {"yshift": look.em(0.8)})
    return figure(
        traces,
        look,
        300,
        annotations=notes,
        shapes=shapes,
        margin={"l": 4, "r": look.em(4.6), "t": 8, "b": 4},
        xaxis={"range": [start, last]} | _weeks(start, end, as_of),
        yaxis={"range": [0, top * 1.1], "tickvals": marks, "ticktext": texts},
    )


def _weeks(start: date, end: date, as_of: date) -> dict[str, Any]:
    """A mark at the end of every second week of the quarter; the running one in words."""
    weeks = round((end - start).days / 7)
    now = min((as_of - start).days // 7 + 1, weeks)
    shown = range(1, weeks + 1, 2)
    ends = [start + timedelta(days=7 * week - 1) for week in shown]
    title = {"text": f"week of the quarter: now {now} of {weeks}", "standoff": 8}
    return {"tickvals": ends, "ticktext": [str(week) for week in shown], "tickangle": 0, "title": title}


def _plan_line(start: date, end: date, by_week: Mapping[date, float], look: Look) -> Trace:
    days = [day for day in sorted(by_week) if start <= day <= end]
    values = [by_week[day] for day in days]
    said = [formats.money(value, look.currency) for value in values]
    return line(days, values, said, STROKE, 2, before="Plan ", dash="dot")


def _wedge(as_of: date, last: date, so_far: float, low: float, high: float, alpha: float) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [as_of, last, last, as_of],
        "y": [so_far, high, low, so_far],
        "fill": "toself",
        "fillcolor": fade(BLUE, alpha),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _tick(last: date, plan: float, span: timedelta) -> dict[str, Any]:
    line = {"color": STROKE, "width": 3}
    return {"type": "line", "x0": last - span / 12, "x1": last, "y0": plan, "y1": plan, "line": line}


def strip(rows: pd.DataFrame, look: Look) -> Figure:
    """Earlier quarters: the band of the forecast and its dot, and what the quarter brought as a tick, newest on top."""
    found = list(each(rows.sort_values("quarter_start", ascending=False)))
    names = [_quarter_name(day_of(row.quarter_start)) for row in found]
    reach = [max(float(row.high80), float(row.actual)) for row in found]
    texts = [
        f"said {formats.money(float(row.expected), look.currency)},"
        f" was <b>{formats.money(float(row.actual), look.currency)}</b>"
        for row in found
    ]
    return figure(
        [_bands(found), _dots(found, look)],
        look,
        len(found) * 36 + 16,
        hovermode="closest",
        annotations=[
            note(text, x, at, xshift=10, yanchor="middle")
            for at, (text, x) in enumerate(zip(texts, reach, strict=True))
        ],
        shapes=[_actual(float(row.actual), at) for at, row in enumerate(found)],
        margin=margin_for(look, reach, texts),
        xaxis={"range": [0, (max(reach, default=0.0) or 1.0) * 1.02], "visible": False},
        yaxis=names_axis(names),
    )


def _quarter_name(start: date) -> str:
    return f"{start:%b %Y}"


def _bands(found: Sequence[Any]) -> Trace:
    across: list[float | None] = []
    up: list[float | None] = []
    for at, row in enumerate(found):
        across += [float(row.low80), float(row.high80), None]
        up += [at, at, None]
    line = {"color": fade(BLUE, 0.35), "width": 9}
    return {"type": "scatter", "mode": "lines", "x": across, "y": up, "line": line, "hoverinfo": "skip"}


def _dots(found: Sequence[Any], look: Look) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(row.expected) for row in found],
        "y": list(range(len(found))),
        "marker": {"size": 9, "color": BLUE},
        "text": [
            f"{formats.money(float(row.low80), look.currency)} to {formats.money(float(row.high80), look.currency)}"
            for row in found
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _actual(value: float, at: int) -> dict[str, Any]:
    line = {"color": STROKE, "width": 3}
    return {"type": "line", "x0": value, "x1": value, "y0": at - 0.3, "y1": at + 0.3, "line": line}
