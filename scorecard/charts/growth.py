"""Charts of growth: intervals in any unit, what became of a cohort's money, rates by cohort, value against its cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scorecard.charts import formats
from scorecard.charts.parts import behind, line, margin_for, names_axis, thinned
from scorecard.charts.theme import BLUE, GREY, RUST, STROKE, TEAL, Figure, Look, Trace, figure, note, short

REACH = 2.2  # an interval is cut off at so many times the largest value


@dataclass(frozen=True)
class Dot:
    """One group's number with its interval and the words printed beside it."""

    name: str
    value: float
    low: float | None
    high: float | None
    text: str
    few: bool = False


def dots(rows: Sequence[Dot], look: Look, unit: str, *, mark: float | None = None, row_height: float = 40) -> Figure:
    """A dot and an interval a row, in any unit; few cases are grey. An end beyond the scale is drawn to its edge.

    mark: a dotted line, such as the blended number.
    """
    lowest = min([0.0, *(row.low if row.low is not None else row.value for row in rows)])
    limit = REACH * max([*(row.value for row in rows), mark or 0.0], default=1.0) or 1.0
    highs = [min(max(row.value, row.high if row.high is not None else row.value), limit) for row in rows]
    marks, texts = formats.ticks(max([*highs, mark or 0.0], default=1.0), unit, look.currency, most=3)
    step = marks[1] if len(marks) > 1 else 1.0
    below = [-step * at for at in range(1, int(-lowest / step) + 1)]
    marks, texts = [*reversed(below), *marks], [*(_minus(-one, unit, look) for one in reversed(below)), *texts]
    texts_right = [row.text for row in rows]
    return figure(
        [_spans(rows, limit), _points(rows)],
        look,
        len(rows) * row_height + 40,
        hovermode="closest",
        annotations=behind(highs, texts_right, shift=10),
        shapes=[] if mark is None else [_upright(mark)],
        margin=margin_for(look, highs, texts_right),
        xaxis={"range": [lowest * 1.05, marks[-1]], "tickvals": marks, "ticktext": thinned(texts, len(below))},
        yaxis=names_axis([row.name for row in rows]),
    )


def _minus(value: float, unit: str, look: Look) -> str:
    """A tick below nothing, said exactly."""
    if unit == "percent":
        return f"{formats.MINUS}{round(value * 100, 2):g}%"
    return formats.number(-value, unit, look.currency)


def _spans(rows: Sequence[Dot], limit: float) -> Trace:
    across: list[float | None] = []
    up: list[float | None] = []
    for at, row in enumerate(rows):
        if row.low is not None and row.high is not None:
            across += [row.low, min(row.high, limit), None]
            up += [at, at, None]
    style = {"color": STROKE, "width": 3}
    return {"type": "scatter", "mode": "lines", "x": across, "y": up, "line": style, "hoverinfo": "skip"}


def _points(rows: Sequence[Dot]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.value for row in rows],
        "y": list(range(len(rows))),
        "marker": {"size": 13, "color": [GREY if row.few else BLUE for row in rows]},
        "customdata": [row.name for row in rows],
        "text": [f"{short(row.name, 60)}: {row.text}" for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _upright(value: float) -> dict[str, object]:
    style = {"color": STROKE, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper", "line": style}


def bridge(
    start: float, expansion: float, contraction: float, churn: float, look: Look, ends: tuple[str, str]
) -> Figure:
    """From what a cohort paid to what it pays: floating bars, each with its amount and share of the start."""
    end = start + expansion - contraction - churn
    steps = [
        (ends[0], 0.0, start, STROKE, formats.money(start, look.currency)),
        ("Expansion", start, expansion, TEAL, _step(expansion, start, look)),
        ("Contraction", start + expansion - contraction, contraction, RUST, _step(-contraction, start, look)),
        ("Churn", end, churn, RUST, _step(-churn, start, look)),
        (ends[1], 0.0, end, BLUE, formats.money(end, look.currency)),
    ]
    reach = [base + size for _, base, size, _, _ in steps]
    texts = [text for *_, text in steps]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(steps))),
        "x": [size for _, _, size, _, _ in steps],
        "base": [base for _, base, _, _, _ in steps],
        "width": 0.5,
        "marker": {"color": [colour for _, _, _, colour, _ in steps], "line": {"width": 0}},
        "hoverinfo": "skip",
    }
    return figure(
        [bars],
        look,
        len(steps) * 44 + 16,
        hovermode="closest",
        annotations=behind(reach, texts),
        margin=margin_for(look, reach, texts),
        xaxis={"range": [0, (max(reach, default=0.0) or 1.0) * 1.02], "visible": False},
        yaxis=names_axis([name for name, *_ in steps]),
    )


def _step(amount: float, start: float, look: Look) -> str:
    share = f"  {formats.signed(formats.percent(amount / start))}" if start > 0 and amount else ""
    return f"<b>{formats.signed(formats.money(amount, look.currency))}</b>{share}"


@dataclass(frozen=True)
class Series:
    """A line of rates by date with its band, and the words at its end."""

    name: str
    days: Sequence[date]
    values: Sequence[float]
    lows: Sequence[float | None]
    highs: Sequence[float | None]
    colour: str


def rates_over_time(series: Sequence[Series], look: Look, height: float = 250) -> Figure:
    """Lines with the 95 % interval of the newest point as a bar; 100 % is dotted, the last values printed."""
    traces, notes = [], []
    values = [value for one in series for value in one.values]
    edges = [edge for one in series for edge in (*one.lows[-1:], *one.highs[-1:]) if edge is not None]
    low, high = min([*values, *edges, 1.0]), max([*values, *edges, 1.0])
    for one in series:
        said = [formats.percent(value) for value in one.values]
        traces.append(
            line(one.days, one.values, said, one.colour, 3, before=f"{one.name} ") | {"mode": "lines+markers"}
        )
        if one.lows and one.lows[-1] is not None and one.highs[-1] is not None:
            ends = line([one.days[-1]] * 2, [one.lows[-1], one.highs[-1]], ["", ""], STROKE, 3)
            traces.insert(0, ends | {"hoverinfo": "skip", "hovertemplate": None})
        notes.append(note(f"<b>{one.name} {said[-1]}</b>", one.days[-1], one.values[-1], xshift=10))
    style = {"color": STROKE, "width": 1.5, "dash": "dot"}
    full = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 1, "y1": 1, "line": style}
    pad = 0.06 * (high - low or 1)
    return figure(
        traces,
        look,
        height,
        annotations=notes,
        shapes=[full],
        margin={"l": 4, "r": look.em(7.5), "t": 8, "b": 4},
        xaxis={"tickformat": "%b %Y", "tickvals": list(series[0].days)[:: -max(len(series[0].days) // 5, 1)]},
        yaxis={"range": [max(low - pad, 0), high + pad], "tickformat": ".0%"},
    )


def value_against_cost(
    months: Sequence[int], value: Sequence[float], cost: float | None, word: str, look: Look
) -> Figure:
    """What a customer has brought by each month of being one, against the dotted cost of winning one."""
    said = [formats.money(one, look.currency) for one in value]
    top = max([*value, cost or 0.0], default=1.0)
    marks, texts = formats.ticks(top * 1.05, "money", look.currency)
    notes: list[dict[str, Any]] = [
        note(f"<b>{said[-1]}</b> by month {months[-1]}", months[-1], value[-1], anchor="right", yshift=look.em(0.9))
    ]
    shapes = []
    if cost is not None:
        style = {"color": STROKE, "width": 2, "dash": "dot"}
        shapes.append({"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": cost, "y1": cost, "line": style})
        notes.append(
            note(
                f"CAC {formats.money(cost, look.currency)}",
                months[-1],
                cost,
                anchor="right",
                muted=True,
                yshift=look.em(0.8),
            )
        )
    return figure(
        [line(months, value, said, BLUE, 3, before=f"{word} by this month ")],
        look,
        250,
        annotations=notes,
        shapes=shapes,
        xaxis={"title": {"text": "Months as a customer"}, "range": [0.5, months[-1] + 0.3], "nticks": 7},
        yaxis={"range": [0, marks[-1] * 1.04], "tickvals": marks, "ticktext": texts},
    )
