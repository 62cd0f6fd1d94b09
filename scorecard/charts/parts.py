"""Pieces several charts share: bars with names, texts behind them, lines with their own hover words."""

from collections.abc import Sequence
from typing import Any

from scorecard.charts.theme import Look, Trace, note, room_right, short


def bar(
    names: Sequence[str], values: Sequence[float], colour: object, width: float, hover: Sequence[str] | None = None
) -> Trace:
    """Horizontal bars at 0, 1, 2, ...: positions are numbers so that two equal names stay two bars.

    `customdata` carries the names: a click tells which. Without `hover` the bars are silent.
    """
    found: Trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": list(values),
        "width": width,
        "marker": {"color": colour, "line": {"width": 0}},
        "customdata": list(names),
    }
    return found | (spoken(hover) if hover is not None else {"hoverinfo": "skip"})


def spoken(texts: Sequence[str], before: str = "") -> Trace:
    """Hover with these words, which are not drawn."""
    return {"text": list(texts), "textposition": "none", "hovertemplate": before + "%{text}<extra></extra>"}


def line(
    days: Sequence[Any], values: Sequence[float], texts: Sequence[str], colour: str, width: float, **extra: Any
) -> Trace:
    """A line; hovering reads `texts`. `before` = a word in front of them, `dash` = how it is dashed."""
    before = extra.get("before", "")
    found = {"type": "scatter", "mode": "lines", "x": list(days), "y": list(values)}
    style = {"color": colour, "width": width} | ({"dash": extra["dash"]} if "dash" in extra else {})
    return found | {"text": list(texts), "hovertemplate": before + "%{text}<extra></extra>", "line": style}


def names_axis(names: Sequence[str], edge: float = 0.5) -> dict[str, Any]:
    """The axis of names, first name on top."""
    return {
        "range": [len(names) - 1 + edge, -edge],
        "tickvals": list(range(len(names))),
        "ticktext": [short(name) for name in names],
        "showgrid": False,
    }


def thinned(texts: Sequence[str], zero: int = 0) -> list[str]:
    """Texts of an axis for a phone: of more than three every second one, that of nothing among them."""
    return [text if len(texts) <= 3 or (at - zero) % 2 == 0 else "" for at, text in enumerate(texts)]


def behind(values: Sequence[float], texts: Sequence[str], shift: int = 8) -> list[dict[str, Any]]:
    """A text behind the end of each bar."""
    pairs = zip(values, texts, strict=True)
    return [note(text, max(value, 0.0), at, xshift=shift, yanchor="middle") for at, (value, text) in enumerate(pairs)]


def margin_for(look: Look, values: Sequence[float], texts: Sequence[str]) -> dict[str, int]:
    """Margins that leave the texts behind the bars uncut."""
    return {"l": 4, "r": room_right(look, values, texts), "t": 8, "b": 4}
