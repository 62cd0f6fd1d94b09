"""The quarter so far against its plan."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of
from scorecard.charts.parts import line
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
    said = [formats.number(value, unit, look.currency) for value in sums]
    planned_text = [formats.number(value, unit, look.currency) for _, value in plan]
    traces = [line(days, sums, said, BLUE, 4, before="So far ")]
    if plan:
        plan_days, plan_values = [day for day, _ in plan], [value for _, value in plan]
        traces.insert(0, line(plan_days, plan_values, planned_text, STROKE, 2, before="Plan ", dash="dot"))
    ahead = so_far >= (plan_to(as_of + timedelta(days=1)) or 0.0)
    return figure(
        traces,
        look,
        height,
        annotations=_ends(as_of, so_far, said[-1] if said else "", plan, planned_text, ahead, look),
        shapes=[today(as_of)],
        xaxis={"range": [start, end], "tickvals": _marks(start, end), "ticktext": _dates(start, end)},
        yaxis={
            "range": [0, max(top * 1.12, marks[1] if len(marks) > 1 else 1.0)],
            "tickvals": marks,
            "ticktext": texts,
        },
    )


def _ends(
    as_of: date,
    so_far: float,
    said: str,
    plan: Sequence[tuple[date, float]],
    planned: Sequence[str],
    ahead: bool,
    look: Look,
) -> list[dict[str, Any]]:
    """The two values at the ends of their lines; the sum stands on the free side of the plan."""
    above: dict[str, Any] = {"anchor": "right", "xshift": -8, "yshift": look.em(0.9)}
    below: dict[str, Any] = {"xshift": 8, "yshift": -look.em(0.7)}
    found = [note(f"<b>{said}</b>", as_of, so_far, **(above if ahead else below))]
    if plan:
        day, value = plan[-1]
        found.append(
            note(f"Plan {planned[-1]}", day, value, muted=True, anchor="right", xshift=-2, yshift=look.em(0.9))
        )
    return found


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
