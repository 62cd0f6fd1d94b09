"""Ranked horizontal bars: against a target, or plain with what they mean printed behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.parts import bar, behind, margin_for, names_axis
from scorecard.charts.plan import Standing, against, stands
from scorecard.charts.theme import BLUE, GOOD, GREY, OFF, SHADE, STROKE, Figure, Look, coloured, figure, short


@dataclass(frozen=True)
class Bullet:
    """One channel's result and target; `good` = the side of the target that is wanted."""

    name: str
    value: float
    target: float | None
    good: str = "up"

    @property
    def standing(self) -> Standing | None:
        return stands(self.value, self.target, self.good)

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
    reach = [row.reach for row in rows]
    any_target = any(row.target is not None for row in rows)
    texts = [_bullet_text(row, unit, look.currency, any_target) for row in rows]
    hover = [_bullet_hover(row, unit, look.currency) for row in rows]
    return figure(
        [
            bar(names, [row.target or 0.0 for row in rows], SHADE, 0.62),
            bar(names, [row.value for row in rows], [_bar_colour(row) for row in rows], 0.34, hover),
        ],
        look,
        height,
        barmode="overlay",
        hovermode="closest",
        annotations=behind(reach, texts),
        shapes=[_tick(row.target, at) for at, row in enumerate(rows) if row.target is not None],
        margin=margin_for(look, reach, texts),
        xaxis={"range": [0, (max(reach, default=0.0) or 1.0) * 1.02], "visible": False},
        yaxis=names_axis(names),
    )


def _tick(target: float, at: int) -> dict[str, object]:
    line = {"color": STROKE, "width": 3}
    return {"type": "line", "x0": target, "x1": target, "y0": at - 0.31, "y1": at + 0.31, "line": line}


def _bar_colour(row: Bullet) -> str:
    return BLUE if row.standing in ("on", None) else GREY


def _bullet_text(row: Bullet, unit: str, currency: str, any_target: bool) -> str:
    value = formats.number(row.value, unit, currency)
    if row.target is None:
        return f"<b>{value}</b>" + ("  no target" if any_target else "")
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
    chosen = [(colours or {}).get(name, BLUE) for name in names]
    hover = [f"{short(name, 60)}: {text}" for name, text in zip(names, texts, strict=True)]
    return figure(
        [bar(names, values, chosen, 0.62, hover)],
        look,
        len(names) * row_height + 12,
        hovermode="closest",
        annotations=behind(values, texts),
        margin=margin_for(look, values, texts),
        xaxis={"range": [0, (max(values, default=0.0) or 1.0) * 1.02], "visible": False},
        yaxis=names_axis(names),
    )
