"""Notes on dates: numbered marks on a chart whose axis is days, and the same numbers with their words for below it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from scorecard.charts.theme import STROKE, Figure, Look

MOST, WIDE = 5, 48  # notes a chart has room for, and letters of one
CIRCLES = "①②③④⑤"
NARROW, BROAD = 8, 30  # labels that have room beside each other on a small chart, and on a large one
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
    # Room above the plot: a number on the plot would lie on the lines.
    margin = layout.get("margin", {})
    layout["margin"] = {**margin, "t": max(margin.get("t", 0), look.em(1.6 if per else 1.9))}
    points = [(_point(day, per), number) for number, (day, _) in zip(CIRCLES, kept, strict=False)]
    for day in dict.fromkeys(point for point, _ in points):
        line = {"color": STROKE, "width": 1.5, "dash": "dash"}
        shapes.append({
            "type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below",
        })  # fmt: skip
    for day, numbers in _together(points, (end - start) / (NARROW if per else BROAD)):
        labels.append({
            "text": f"<b>{numbers}</b>", "x": day, "y": 1, "yref": "paper", "showarrow": False, "xanchor": "center",
            "yanchor": "bottom", "font": {"size": round(look.font * (1 if per else 1.2))},
        })  # fmt: skip
    layout |= {"shapes": shapes, "annotations": labels}
    more = len(inside) - len(kept)
    earlier = f" {more} earlier not shown." if more else ""
    said = " ".join(_said(number, one) for number, one in zip(CIRCLES, kept, strict=False))
    return {**figure, "layout": layout}, said + earlier


def _together(points: Sequence[Note], near: timedelta) -> list[Note]:
    """The numbers of marks that stand too near to each other as one label, between the first and the last of them."""
    groups: list[list[Note]] = []
    for point in points:
        if groups and point[0] - groups[-1][-1][0] < near:
            groups[-1].append(point)
        else:
            groups.append([point])
    return [(one[0][0] + (one[-1][0] - one[0][0]) / 2, "".join(number for _, number in one)) for one in groups]


def _point(day: date, per: str) -> date:
    """The first day of the week or month a day is in."""
    if per == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if per == "month" else day


def _said(number: str, one: Note) -> str:
    day, text = one
    return f"{number} {day.day} {day:%b}: {text if len(text) <= WIDE else text[: WIDE - 1].rstrip() + '…'}."
