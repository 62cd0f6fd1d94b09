"""Small multiples: one line in its colour, the others pale behind it, one scale for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of
from scorecard.charts.parts import line
from scorecard.charts.theme import STROKE, Figure, Look, colours_for, fade, figure

MOST = 6


RECENT = {"week": 4, "month": 3}


@dataclass(frozen=True)
class Panel:
    """One small chart: whose line it is, its recent mean as text, and the figure."""

    name: str
    recent: str
    figure: Figure


def panels(rows: pd.DataFrame, look: Look, *, unit: str = "money", per: str = "month") -> list[Panel]:
    """A panel for each of the largest names; the rest together as Other.

    `rows`: dimension, period, value, with a row for each name and complete period that has something.
    """
    wide = table(rows)
    if wide.empty:
        return []
    colours = colours_for([str(name) for name in wide.columns])
    top = float(wide.to_numpy().max())
    marks, texts = formats.ticks(top, unit, look.currency, most=2)
    dates = [day_of(day) for day in wide.index]
    last = RECENT.get(per, 1)
    found = []
    for name in wide.columns:
        others = [other for other in wide.columns if other != name]
        recent = formats.number(wide[name].tail(last).mean(), unit, look.currency)
        said = [formats.number(value, unit, look.currency) for value in wide[name]]
        traces = [_pale(wide, others, dates), line(dates, wide[name].tolist(), said, colours[str(name)], 3)]
        drawn = figure(
            traces,
            look,
            150,
            xaxis={"nticks": 4, "tickformat": "%b %y" if len(dates) > 13 else "%-d %b"},
            yaxis={"range": [0, top * 1.08], "tickvals": marks, "ticktext": texts},
        )
        found.append(Panel(str(name), f"{recent}/{per}, last {min(last, len(dates))}", drawn))
    return found


def days_of(periods: pd.Series, per: str) -> tuple[date, date] | None:
    """First day of the first and the day after the last of these weeks or months."""
    if periods.empty:
        return None
    first, last = day_of(periods.min()), day_of(periods.max())
    after = last + timedelta(days=7) if per == "week" else (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first, after


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Periods down, names across, largest name first; nothing sold is 0 here, because sums of nothing are."""
    if rows.empty:
        return pd.DataFrame()
    numbers = rows.assign(
        dimension=rows["dimension"].fillna("Unknown").astype(str), value=rows["value"].astype(float).fillna(0.0)
    )
    wide = numbers.pivot_table(index="period", columns="dimension", values="value", aggfunc="sum", fill_value=0.0)
    order = wide.sum().sort_values(ascending=False).index.tolist()
    if len(order) > MOST:
        rest = order[MOST - 1 :]
        wide["Other"] = wide[rest].sum(axis=1)
        order = [*order[: MOST - 1], "Other"]
    return wide.sort_index()[order]


def _pale(wide: pd.DataFrame, names: Sequence[str], dates: list) -> dict[str, object]:
    """All other lines as one trace, broken between them."""
    across: list = []
    up: list = []
    for name in names:
        across += [*dates, None]
        up += [*wide[name].tolist(), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": up,
        "line": {"color": fade(STROKE, 0.45), "width": 1.2},
        "hoverinfo": "skip",
    }
