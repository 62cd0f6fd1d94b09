"""The quarter so far against its plan."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of
from scorecard.charts.theme import BLUE, STROKE, Figure, Look, figure, note


def cumulative(daily: pd.DataFrame, start: date, as_of: date) -> tuple[list[date], list[float]]:
    """Every day from the start to the as-of day with the sum so far."""
    by_day = {day_of(day): float(value) for day, value in zip(daily["period"], daily["value"], strict=True)}
    days = [start + timedelta(days=at) for at in range((as_of - start).days + 1)]
    total, sums = 0.0, []
    for day in days:
        amount = by_day.get(day, 0.0)
        total += amount if formats.known(amount) else 0.0
        sums.append(total)
    return days, sums


def cumulative_against_plan(
    daily: pd.DataFrame,
    start: date,
    end: date,
    as_of: date,
    plan_to: Callable[[date], float | None],
    look: Look,
    *,
    unit: str = "money",
    height: float = 330,
) -> Figure:
    """The sum so far as a line, the plan dotted to the end of the quarter, both labelled at their ends."""
    days, sums = cumulative(daily, start, as_of)
    so_far = sums[-1] if sums else 0.0
    planned = [(day, plan_to(day)) for day in _weekly(start, end)]
    plan = [(day, value) for day, value in planned if value is not None]
    top = max([so_far, *(value for _, value in plan)], default=0.0)
    marks, texts = formats.ticks(top * 1.02, unit, look.currency)
    traces = []
    if plan:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [day for day, _ in plan],
                "y": [value for _, value in plan],
                "text": [formats.number(value, unit, look.currency) for _, value in plan],
                "hovertemplate": "Plan %{text}<extra></extra>",
                "line": {"color": STROKE, "width": 2, "dash": "dot"},
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": days,
            "y": sums,
            "text": [formats.number(value, unit, look.currency) for value in sums],
            "hovertemplate": "So far %{text}<extra></extra>",
            "line": {"color": BLUE, "width": 4},
        }
    )
    # The value stands on the free side of the plan line.
    ahead = so_far >= (plan_to(as_of + timedelta(days=1)) or 0.0)
    shift: dict[str, Any] = (
        {"anchor": "right", "xshift": -8, "yshift": look.em(0.9)} if ahead else {"xshift": 8, "yshift": -look.em(0.7)}
    )
    ends = [note(f"<b>{formats.number(so_far, unit, look.currency)}</b>", as_of, so_far, **shift)]
    if plan:
        text = f"Plan {formats.number(plan[-1][1], unit, look.currency)}"
        ends.append(note(text, plan[-1][0], plan[-1][1], muted=True, anchor="right", xshift=-2, yshift=look.em(0.9)))
    return figure(
        traces,
        look,
        height,
        annotations=ends,
        shapes=[today(as_of)],
        xaxis={"range": [start, end], "tickvals": _marks(start, end), "ticktext": _dates(start, end)},
        yaxis={
            "range": [0, max(top * 1.12, marks[1] if len(marks) > 1 else 1.0)],
            "tickvals": marks,
            "ticktext": texts,
        },
    )


def today(as_of: date) -> dict[str, object]:
    """A fine line where the data ends."""
    line = {"color": STROKE, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": as_of, "x1": as_of, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}


def _weekly(start: date, end: date) -> list[date]:
    days = [start + timedelta(days=at) for at in range(0, (end - start).days, 7)]
    return [*days, end] if not days or days[-1] != end else days


def _marks(start: date, end: date) -> list[date]:
    """A mark every other week."""
    return [start + timedelta(days=at) for at in range(0, (end - start).days, 14)]


def _dates(start: date, end: date) -> list[str]:
    return [f"{day.day} {day:%b}" for day in _marks(start, end)]
