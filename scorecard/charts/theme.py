"""One palette, one template and one way to build a figure, so that every chart looks like the others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape as html_escape
from typing import Any

Figure = dict[str, Any]
Trace = dict[str, Any]

# Six colours that stay apart for every kind of colour vision, on white and on dark (test_charts_theme checks it).
BLUE = "#3F60C4"
RUST = "#A34D05"
TEAL = "#269C7A"
PINK = "#D46CC2"
VIOLET = "#906EFA"
OLIVE = "#9D8E03"
GREY = "#66696F"
PALETTE = (BLUE, RUST, TEAL, PINK, VIOLET, OLIVE)
STROKE = "#7A8494"  # target ticks and other neutral strokes: over 3:1 on white and on dark
SHADE = "rgba(122, 132, 148, 0.20)"  # light ranges behind a bar

# Text whose colour must follow the light or dark theme carries one of these; the page's style sheet maps them.
GOOD = "#0B6B66"
OFF = "#B42318"

CHANNEL_COLOURS: dict[str, str] = {
    "paid search": BLUE,
    "paid social": RUST,
    "organic": TEAL,
    "organic search": TEAL,
    "events": PINK,
    "email": VIOLET,
    "partner": OLIVE,
}
SIDE_COLOURS: dict[str, str] = {
    "marketing": BLUE,
    "sales": TEAL,
    "partner": OLIVE,
    "customer": VIOLET,
    "unknown": GREY,
}
OUTCOME_COLOURS: dict[str, str] = {"won": TEAL, "lost": RUST, "open": SHADE}


@dataclass(frozen=True)
class Look:
    """How the viewer wants it drawn: the room's text size and the currency of money."""

    meeting: bool = False
    currency: str = "USD"

    @property
    def font(self) -> int:
        return 18 if self.meeting else 14

    def height(self, pixels: float) -> int:
        """The height of a chart that is `pixels` high on a laptop."""
        return round(pixels * (1.2 if self.meeting else 1.0))

    def em(self, widths: float) -> int:
        """So many pixels as that many text sizes take."""
        return round(widths * self.font)


def colours_for(names: Sequence[str], fixed: Mapping[str, str] = CHANNEL_COLOURS) -> dict[str, str]:
    """A colour for each name: its fixed one, else one nobody has yet, else grey; the same whatever is filtered away."""
    chosen = {name: fixed[name.lower()] for name in names if name.lower() in fixed}
    free = [colour for colour in PALETTE if colour not in chosen.values()]
    for name in sorted(names):
        if name not in chosen:
            named = name.lower() not in ("unknown", "unmapped", "other", "")
            chosen[name] = free.pop(0) if named and free else GREY
    return {name: chosen[name] for name in names}


def fade(colour: str, alpha: float) -> str:
    """The colour, see-through."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha})"


def label(text: object) -> str:
    """A value from data as chart text: Plotly would otherwise read `<b>` and `<a href>` in it as markup."""
    return html_escape(str(text), quote=False)


def short(text: object, limit: int = 26) -> str:
    """A label that fits beside a bar, escaped."""
    words = str(text)
    return label(words if len(words) <= limit else words[: limit - 1].rstrip() + "…")


def coloured(text: str, colour: str) -> str:
    """Text of our own in one of the theme-following colours."""
    return f'<span style="color:{colour}">{text}</span>'


def _axis(size: int, **extra: Any) -> dict[str, Any]:
    base = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": True,
        "ticklabelstandoff": 6,
        "nticks": 5,
        "fixedrange": True,
        "title": {"font": {"size": size - 1}},
    }
    return base | extra


def template(look: Look) -> dict[str, Any]:
    """The house template `rev`. It names no text colour: the style sheet lets text follow the theme."""
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": "Inter, sans-serif", "size": look.font},
            "margin": {"l": 4, "r": 8, "t": 8, "b": 4},
            "showlegend": False,
            "hovermode": "x unified",
            "colorway": [*PALETTE, GREY],
            "xaxis": _axis(look.font),
            "yaxis": _axis(look.font, showgrid=True),
            "bargap": 0.35,
            "legend": {"font": {"size": look.font - 1}},
            "dragmode": False,
            "hoverlabel": {"font": {"family": "Inter, sans-serif", "size": look.font - 1}, "namelength": -1},
        },
        "data": {
            "scatter": [{"type": "scatter", "mode": "lines", "line": {"width": 3}, "cliponaxis": False}],
            "bar": [{"type": "bar", "cliponaxis": False}],
        },
    }


def width_of(text: str) -> float:
    """How many text sizes wide a label is, near enough: Inter's mean letter, markup left out, its longest line."""
    return 0.57 * max(len(re.sub(r"<[^>]+>", "", line)) for line in text.split("<br>"))


NARROWEST = 90  # pixels a phone leaves for the bars themselves


def room_right(look: Look, values: Sequence[float], texts: Sequence[str]) -> int:
    """The right margin that keeps the text behind each bar uncut, even where the bars have little room."""
    top = max(values, default=0.0) or 1.0
    needs = [
        look.em(width_of(text)) + 14 - (1 - max(value, 0.0) / top) * NARROWEST
        for value, text in zip(values, texts, strict=True)
    ]
    return round(max(needs, default=8.0))


def figure(traces: Sequence[Trace], look: Look, height: float, **layout: Any) -> Figure:
    """A figure as a plain dict: Plotly's classes cost milliseconds each, a dict none."""
    return {
        "data": list(traces),
        "layout": {"template": template(look), "height": look.height(height), "autosize": True} | layout,
    }


def note(
    text: str, x: Any, y: Any, *, anchor: str = "left", muted: bool = False, size: int | None = None, **extra: Any
) -> dict[str, Any]:
    """A text on the chart, in the text colour; `muted` makes it quieter."""
    found: dict[str, Any] = {"text": text, "x": x, "y": y, "showarrow": False, "xanchor": anchor, "align": anchor}
    if muted:
        found["opacity"] = 0.78
    if size:
        found["font"] = {"size": size}
    return found | extra
