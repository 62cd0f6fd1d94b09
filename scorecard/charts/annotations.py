"""Notes on dates: numbered marks on a chart whose axis is days, and the same numbers with their words for below it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from scorecard.charts.theme import STROKE, Figure, Look

MOST, WIDE = 5, 48  # notes a chart has room for, and letters of one
CIRCLES = "①②③④⑤"
Note = tuple[date, str]


def marked(
    figure: Figure, notes: Sequence[Note], start: date, end: date, look: Look, *, per: str = ""
) -> tuple[Figure, str]:
    """The figure with a mark on each day from `start` to before `end` that has a note, and what the marks say.

    The newest notes are shown; more than fit are counted in the words. `per`: week or month where the axis has a point
    for each; a mark then stands on the point its day is in.
    """
    inside = [one for one in notes if start <= one[0] < end]
    kept = inside[-MOST:]
    if not kept:
        return figure, ""
    layout: dict[str, Any] = dict(figure["layout"])
    shapes, labels = list(layout.get("shapes", ())), list(layout.get("annotations", ()))
    at: dict[date, str] = {}
    for number, (day, _) in zip(CIRCLES, kept, strict=False):
        on = _point(day, per)
        at[on] = at.get(on, "") + number
    for day, numbers in at.items():
        line = {"color": STROKE, "width": 1.5, "dash": "dash"}
        shapes.append({
            "type": "line", "x0": day, "x1": day, "y0": 0, "y1": 0.97, "yref": "paper", "line": line, "layer": "below",
        })  # fmt: skip
        labels.append({
            "text": f"<b>{numbers}</b>", "x": day, "y": 1, "yref": "paper", "showarrow": False, "xanchor": "center",
            "yanchor": "middle", "font": {"size": round(look.font * 1.2)},
        })  # fmt: skip
    layout |= {"shapes": shapes, "annotations": labels}
    more = len(inside) - len(kept)
    earlier = f" {more} earlier not shown." if more else ""
    said = " ".join(_said(number, one) for number, one in zip(CIRCLES, kept, strict=False))
    return {**figure, "layout": layout}, said + earlier


def _point(day: date, per: str) -> date:
    """The first day of the week or month a day is in."""
    if per == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if per == "month" else day


def _said(number: str, one: Note) -> str:
    day, text = one
    return f"{number} {day.day} {day:%b}: {text if len(text) <= WIDE else text[: WIDE - 1].rstrip() + '…'}."
