"""A metric by week between the limits its noise stays in; the weeks that are signals are marked and printed."""

from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of, each
from scorecard.charts.parts import line
from scorecard.charts.theme import BLUE, RUST, STROKE, Figure, Look, fade, figure, note


def control_chart(weeks: pd.DataFrame, look: Look, unit: str, *, height: float = 300) -> Figure:
    """Rows with week, value, center, low, high and signal; the last value and both limits stand beside the line."""
    rows = [row for row in each(weeks.sort_values("week")) if formats.known(row.value)]
    days = [day_of(row.week) for row in rows]
    values = [float(row.value) for row in rows]
    said = [formats.number(value, unit, look.currency) for value in values]
    traces = [line(days, values, said, BLUE, 3)]
    marked = [at for at, row in enumerate(rows) if row.signal is True or str(row.signal) == "True"]
    if marked:
        traces.append({
            "type": "scatter", "mode": "markers", "x": [days[at] for at in marked], "y": [values[at] for at in marked],
            "marker": {"color": RUST, "size": 13, "symbol": "diamond"}, "hoverinfo": "skip",
        })  # fmt: skip
    last = rows[-1] if rows else None
    labels: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    top = max([*values, *(float(row.high) for row in rows if formats.known(row.high))], default=1.0)
    if last is not None:
        labels.append(note(f"<b>{said[-1]}</b>", days[-1], values[-1], xshift=10, xanchor="left"))
        for name, value in (("Upper limit", last.high), ("Centre", last.center), ("Lower limit", last.low)):
            if not formats.known(value):
                continue
            text = f"{name} {formats.number(value, unit, look.currency)}"
            near = abs(float(value) - values[-1]) < 0.06 * (top or 1.0)
            labels.append(note(text, days[0], float(value), xanchor="left", yanchor="bottom" if not near else "top"))
            shapes.append({
                "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": float(value), "y1": float(value),
                "layer": "below",
                "line": {"color": fade(STROKE, 0.9), "width": 1.5, "dash": "solid" if name == "Centre" else "dash"},
            })  # fmt: skip
    marks, texts = formats.ticks(top * 1.05, unit, look.currency)
    low = min([0.0, *values, *(float(row.low) for row in rows if formats.known(row.low))])
    return figure(
        traces,
        look,
        height,
        annotations=labels,
        shapes=shapes,
        margin={"l": 4, "r": look.em(6), "t": 8, "b": 4},
        yaxis={"range": [low, top * 1.08], "tickvals": marks, "ticktext": texts},
    )
