"""Rates as dots with their 95 % intervals, so that nobody reads a difference where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from scorecard.charts import formats
from scorecard.charts.theme import BLUE, GREY, STROKE, Figure, Look, figure, note, room_right, short


@dataclass(frozen=True)
class Rate:
    """One group's rate, its interval and its cases."""

    name: str
    value: float | None
    low: float
    high: float
    n: float

    @property
    def few(self) -> bool:
        return self.n < formats.FEW


def forest(
    rates: Sequence[Rate], look: Look, *, baseline: float | None = None, row_height: float = 42, suffix: str = ""
) -> Figure:
    """A dot and an interval for each group, printed with n; groups with few cases are grey."""
    shown = [rate for rate in rates if formats.known(rate.value)]
    names = [rate.name for rate in shown]
    top = max([rate.high for rate in shown] + [baseline or 0.0], default=0.1) or 0.1
    marks, texts = formats.ticks(top, "percent")
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for at, rate in enumerate(shown):
        lines_x += [rate.low, rate.high, None]
        lines_y += [at, at, None]
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": lines_x,
            "y": lines_y,
            "line": {"color": STROKE, "width": 3},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [rate.value for rate in shown],
            "y": list(range(len(shown))),
            "marker": {"size": 13, "color": [GREY if rate.few else BLUE for rate in shown]},
            "customdata": names,
            "text": [_hover(rate) for rate in shown],
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]
    texts_right = [f"<b>{formats.percent(rate.value or 0)}</b>  n={formats.count(rate.n)}{suffix}" for rate in shown]
    right = [
        note(text, rate.high, at, xshift=10, yanchor="middle")
        for at, (rate, text) in enumerate(zip(shown, texts_right, strict=True))
    ]
    line = {"color": STROKE, "width": 1.5, "dash": "dot"}
    base = [{"type": "line", "x0": baseline, "x1": baseline, "y0": 0, "y1": 1, "yref": "paper", "line": line}]
    return figure(
        traces,
        look,
        len(shown) * row_height + 44,
        hovermode="closest",
        annotations=right,
        shapes=base if baseline is not None else [],
        margin={"l": 4, "r": room_right(look, [rate.high for rate in shown], texts_right), "t": 8, "b": 4},
        xaxis={"range": [0, max(top, marks[-1])], "tickvals": marks, "ticktext": texts},
        yaxis={
            "range": [len(shown) - 0.5, -0.5],
            "tickvals": list(range(len(shown))),
            "ticktext": [short(name) for name in names],
            "showgrid": False,
        },
    )


def _hover(rate: Rate) -> str:
    interval = f"{formats.percent(rate.low)} to {formats.percent(rate.high)}"
    return f"{short(rate.name, 60)}: {formats.percent(rate.value or 0)} ({interval}, n={formats.count(rate.n)})"
