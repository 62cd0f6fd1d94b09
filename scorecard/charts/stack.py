"""Stacked columns over time: who brought how much in each month."""

from collections.abc import Mapping

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.theme import GREY, Figure, Look, figure, label


def stacked(
    rows: pd.DataFrame, colours: Mapping[str, str], look: Look, *, unit: str = "money", height: float = 300
) -> Figure:
    """A column a period, a layer a name in the order of `colours`. `rows`: period, name, value."""
    wide = rows.pivot_table(index="period", columns="name", values="value", aggfunc="sum", fill_value=0.0).sort_index()
    top = float(wide.clip(lower=0).sum(axis=1).max()) if len(wide) else 0.0
    marks, texts = formats.ticks(top, unit, look.currency, most=3)
    periods = [pd.Timestamp(period) for period in wide.index]
    names = [name for name in colours if name in wide.columns]
    names += [name for name in wide.columns if name not in colours]
    marked = list(range(0, len(periods), max(1, -(-len(periods) // 12))))
    traces = [
        {
            "type": "bar",
            "x": list(range(len(periods))),
            "y": [float(value) for value in wide[name]],
            "name": label(name),
            "marker": {"color": colours.get(name, GREY), "line": {"width": 0}},
            "text": [formats.number(value, unit, look.currency) for value in wide[name]],
            "textposition": "none",
            "hovertemplate": label(name) + " %{text}<extra></extra>",
        }
        for name in names
    ]
    return figure(
        traces,
        look,
        height,
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={"tickvals": marked, "ticktext": [month_text(periods, at) for at in marked]},
        yaxis={"range": [0, marks[-1] * 1.04], "tickvals": marks, "ticktext": texts},
    )


def month_text(periods: list[pd.Timestamp], at: int) -> str:
    """The month, with its year where a year begins."""
    first = at == 0 or periods[at].year != periods[at - 1].year
    return f"{periods[at]:%b}<br>{periods[at]:%Y}" if first else f"{periods[at]:%b}"
