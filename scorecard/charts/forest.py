"""Rates as dots with their 95 % intervals, so that nobody reads a difference where there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scorecard.charts import formats
from scorecard.charts.parts import behind, margin_for, names_axis, thinned
from scorecard.charts.theme import BLUE, GREY, STROKE, Figure, Look, Trace, figure, note, short


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
    rates: Sequence[Rate],
    look: Look,
    *,
    baseline: float | None = None,
    row_height: float = 42,
    say: Callable[[Rate], str] | None = None,
    names_above: bool = False,
) -> Figure:
    """A dot and an interval for each group, printed with n (or as `say` has it); groups with few cases are grey.

    names_above: long names stand above their intervals, where a phone has room for them.
    """
    shown = [rate for rate in rates if formats.known(rate.value)]
    names = [rate.name for rate in shown]
    highs = [rate.high for rate in shown]
    marks, texts = formats.ticks(max([*highs, baseline or 0.0], default=0.1) or 0.1, "percent")
    right = [(say or _with_n)(rate) for rate in shown]
    return figure(
        [_intervals(shown), _dots(shown)],
        look,
        len(shown) * row_height + 44,
        hovermode="closest",
        annotations=[*behind(highs, right, shift=10), *(_heads(names) if names_above else ())],
        shapes=[] if baseline is None else [_baseline(baseline)],
        margin=margin_for(look, highs, right),
        xaxis={"range": [0, marks[-1]], "tickvals": marks, "ticktext": thinned(texts), "visible": say is None},
        yaxis={"range": [len(names) - 0.6, -0.75], "visible": False} if names_above else names_axis(names),
    )


def _heads(names: Sequence[str]) -> list[dict[str, Any]]:
    return [note(short(name, 42), 0, at - 0.18, yanchor="bottom", muted=True) for at, name in enumerate(names)]


def _with_n(rate: Rate) -> str:
    return f"<b>{formats.percent(rate.value)}</b>  n={formats.count(rate.n)}"


def with_interval(rate: Rate) -> str:
    """29.4%  (26.6 to 32.8)."""
    low, high = formats.percent(rate.low).rstrip("%"), formats.percent(rate.high).rstrip("%")
    return f"<b>{formats.percent(rate.value)}</b>  ({low} to {high})"


def _intervals(rates: Sequence[Rate]) -> Trace:
    """All intervals as one trace, broken between them."""
    across: list[float | None] = []
    up: list[float | None] = []
    for at, rate in enumerate(rates):
        across += [rate.low, rate.high, None]
        up += [at, at, None]
    line = {"color": STROKE, "width": 3}
    return {"type": "scatter", "mode": "lines", "x": across, "y": up, "line": line, "hoverinfo": "skip"}


def _dots(rates: Sequence[Rate]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [rate.value for rate in rates],
        "y": list(range(len(rates))),
        "marker": {"size": 13, "color": [GREY if rate.few else BLUE for rate in rates]},
        "customdata": [rate.name for rate in rates],
        "text": [_hover(rate) for rate in rates],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _baseline(value: float) -> dict[str, object]:
    line = {"color": STROKE, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _hover(rate: Rate) -> str:
    interval = f"{formats.percent(rate.low)} to {formats.percent(rate.high)}"
    return f"{short(rate.name, 60)}: {formats.percent(rate.value)} ({interval}, n={formats.count(rate.n)})"
