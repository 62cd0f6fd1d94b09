"""Ranked horizontal bars: against a target, or plain with what they mean printed behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.plan import Standing, against, stands
from scorecard.charts.theme import (
    BLUE,
    GOOD,
    GREY,
    OFF,
    SHADE,
    STROKE,
    Figure,
    Look,
    coloured,
    figure,
    note,
    room_right,
    short,
)


@dataclass(frozen=True)
class Bullet:
    """One channel's result and target."""

    name: str
    value: float
    target: float | None

    @property
    def standing(self) -> Standing | None:
        return stands(self.value, self.target)

    @property
    def reach(self) -> float:
        return max(self.value, self.target or 0.0)


def bullets(values: pd.DataFrame, targets: Mapping[str, float]) -> list[Bullet]:
    """The channels, largest first; a channel with a target and no result is there with 0."""
    found = {str(row.dimension): float(row.value) for row in each(values) if formats.known(row.value)}
    rows = [Bullet(name, found.get(name, 0.0), targets.get(name)) for name in {**found, **targets}]
    return sorted(rows, key=lambda row: (-row.value, row.name))


def bullet_chart(rows: Sequence[Bullet], look: Look, *, unit: str = "money", height: float = 330) -> Figure:
    """A bar per channel on a track as long as its target, with the target ticked and the gap printed."""
    names = [row.name for row in rows]
    top = max((row.reach for row in rows), default=1.0) or 1.0
    traces = [
        _bar(names, [row.target or 0.0 for row in rows], SHADE, 0.62) | {"hoverinfo": "skip"},
        _bar(names, [row.value for row in rows], [_bar_colour(row) for row in rows], 0.34)
        | {
            "customdata": names,
            "text": [_bullet_hover(row, unit, look.currency) for row in rows],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]
    ticked = [(at, row.target) for at, row in enumerate(rows) if row.target is not None]
    shapes = [
        {
            "type": "line",
            "x0": target,
            "x1": target,
            "y0": at - 0.31,
            "y1": at + 0.31,
            "line": {"color": STROKE, "width": 3},
        }
        for at, target in ticked
    ]
    texts = [_bullet_text(row, unit, look.currency) for row in rows]
    notes = [
        note(text, row.reach, at, xshift=8, yanchor="middle")
        for at, (row, text) in enumerate(zip(rows, texts, strict=True))
    ]
    return figure(
        traces,
        look,
        height,
        barmode="overlay",
        hovermode="closest",
        annotations=notes,
        shapes=shapes,
        margin=_margin(room_right(look, [row.reach for row in rows], texts)),
        xaxis={"range": [0, top * 1.02], "visible": False},
        yaxis=_names(names),
    )


def _bar_colour(row: Bullet) -> str:
    return BLUE if row.standing in ("on", None) else GREY


def _bullet_text(row: Bullet, unit: str, currency: str) -> str:
    value = formats.number(row.value, unit, currency)
    if row.target is None:
        return f"<b>{value}</b>  no target"
    gap = against(row.value, row.target)
    match row.standing:
        case "on":
            gap = coloured(gap, GOOD)
        case "off":
            gap = coloured(gap, OFF)
    return f"<b>{value}</b>  {gap}"


def _bullet_hover(row: Bullet, unit: str, currency: str) -> str:
    value = formats.number(row.value, unit, currency)
    goal = "no target" if row.target is None else f"target {formats.number(row.target, unit, currency)}"
    return f"{short(row.name, 60)}: {value}, {goal}"


def ranked(
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    look: Look,
    *,
    colours: Mapping[str, str] | None = None,
    row_height: float = 44,
) -> Figure:
    """A bar for each name in the order given, with our own text behind it; a click selects the name."""
    top = max((value for value in values), default=1.0) or 1.0
    chosen = [(colours or {}).get(name, BLUE) for name in names]
    trace = _bar(names, values, chosen, 0.62) | {
        "customdata": list(names),
        "text": [f"{short(name, 60)}: {text}" for name, text in zip(names, texts, strict=True)],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    texts_behind = [
        note(text, max(value, 0.0), at, xshift=8, yanchor="middle")
        for at, (value, text) in enumerate(zip(values, texts, strict=True))
    ]
    return figure(
        [trace],
        look,
        len(names) * row_height + 12,
        hovermode="closest",
        annotations=texts_behind,
        margin=_margin(room_right(look, values, texts)),
        xaxis={"range": [0, top * 1.02], "visible": False},
        yaxis=_names(names),
    )


def _margin(right: int) -> dict[str, int]:
    return {"l": 4, "r": right, "t": 8, "b": 4}


def _bar(names: Sequence[str], values: Sequence[float], colour: object, width: float) -> dict[str, object]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": list(values),
        "width": width,
        "marker": {"color": colour, "line": {"width": 0}},
    }


def _names(names: Sequence[str]) -> dict[str, object]:
    """The category axis, first name on top; positions are numbers so that equal names stay two bars."""
    return {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": [short(name) for name in names],
        "showgrid": False,
    }
