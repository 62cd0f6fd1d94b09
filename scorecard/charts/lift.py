"""Ratios of viewers to others as dots with intervals on one scale, where twice and half are as far from even."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from scorecard.charts import formats
from scorecard.charts.parts import names_axis
from scorecard.charts.theme import BLUE, GREY, STROKE, Figure, Look, Trace, figure, note, width_of

MARKS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
EVEN = 1.0
NOT_YET = "not enough data yet"


@dataclass(frozen=True)
class Step:
    """One way of comparing (or one depth): its ratio with interval, and what to print beside it."""

    name: str
    ratio: float | None
    low: float | None
    high: float | None
    cases: str  # n and wins in words
    is_headline: bool = False

    @property
    def is_known(self) -> bool:
        return formats.known(self.ratio)


def ratio_text(step: Step) -> str:
    """1.28 (1.04 to 1.56), or that there is not enough."""
    if not step.is_known:
        return NOT_YET
    interval = f" ({step.low:.2f} to {step.high:.2f})" if formats.known(step.low) else ""
    return f"{step.ratio:.2f}{interval}"


def ladder(steps: Sequence[Step], look: Look, *, claim: float | None = None, row_height: float = 50) -> Figure:
    """A row a step, printed with interval and cases; the headline bold and blue, 1 dotted, a claim dashed and named."""
    texts = [_printed(step) for step in steps]
    ends = [value for step in steps for value in (step.low, step.high, step.ratio) if value is not None]
    values = [value for value in (*ends, EVEN, claim) if value is not None and formats.known(value)]
    first, last = log(min(values)), log(max(values))
    edge = 0.06 * max(last - first, 0.5)
    marks = [mark for mark in MARKS if first - 2 * edge <= log(mark) <= last + 2 * edge]
    beside = [note(text, 1, at, xref="paper", xshift=10, yanchor="middle") for at, text in enumerate(texts)]
    if claim is not None:
        beside.append(note("Claim", log(claim), 1, yref="paper", anchor="center", muted=True, yanchor="bottom"))
    right = max((look.em(width_of(text)) for text in texts), default=0) + 14
    return figure(
        [_intervals(steps), *_dots(steps)],
        look,
        len(steps) * row_height + 60,
        hovermode="closest",
        annotations=beside,
        shapes=[_upright(EVEN, "dot"), *([_upright(claim, "dash")] if claim else [])],
        margin={"l": 4, "r": right, "t": 26 if claim else 8, "b": 4},
        xaxis={
            "range": [first - edge, last + edge],
            "tickvals": [log(mark) for mark in marks],
            "ticktext": [f"{mark:g}×" for mark in marks],
        },
        yaxis=_bold(names_axis([step.name for step in steps]), steps),
    )


def _printed(step: Step) -> str:
    text = ratio_text(step)
    first = f"<b>{text}</b>" if step.is_headline else text
    return f"{first}<br><span style='opacity:.78'>{step.cases}</span>" if step.cases else first


def _bold(axis: dict[str, object], steps: Sequence[Step]) -> dict[str, object]:
    names = axis["ticktext"]
    assert isinstance(names, list)
    return axis | {
        "ticktext": [f"<b>{name}</b>" if step.is_headline else name for name, step in zip(names, steps, strict=True)]
    }


def _intervals(steps: Sequence[Step]) -> Trace:
    """All intervals as one trace, broken between them."""
    across: list[float | None] = []
    up: list[float | None] = []
    for at, step in enumerate(steps):
        if step.is_known and step.low and step.high:
            across += [log(step.low), log(step.high), None]
            up += [at, at, None]
    line = {"color": STROKE, "width": 3}
    return {"type": "scatter", "mode": "lines", "x": across, "y": up, "line": line, "hoverinfo": "skip"}


def _dots(steps: Sequence[Step]) -> list[Trace]:
    shown = [(at, step) for at, step in enumerate(steps) if step.is_known]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [log(step.ratio or EVEN) for _, step in shown],
            "y": [at for at, _ in shown],
            "marker": {
                "size": [17 if step.is_headline else 12 for _, step in shown],
                "color": [BLUE if step.is_headline else GREY for _, step in shown],
                "opacity": 1,
            },
            "customdata": [step.name for _, step in shown],
            "text": [f"{step.name}: {ratio_text(step)}" for _, step in shown],
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]


def _upright(ratio: float, dash: str) -> dict[str, object]:
    line = {"color": STROKE, "width": 1.5, "dash": dash}
    at = log(ratio)
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": line}
