"""Return on spend: a bar for each channel, its course over the months, and money spent against what was planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.bars import Bullet, ranked
from scorecard.charts.frames import day_of, each
from scorecard.charts.multiples import Panel
from scorecard.charts.parts import line
from scorecard.charts.theme import BLUE, GREY, OFF, STROKE, Figure, Look, coloured, colours_for, figure, note

TRAILING = 3  # months taken together: a single one holds too few wins to read
BREAK_EVEN = 1.0


@dataclass(frozen=True)
class Return:
    """What a channel brought on what it cost; `roas` None = nothing to divide by."""

    name: str
    spend: float | None
    revenue: float
    won: float
    roas: float | None

    @property
    def few(self) -> bool:
        """Too few wins for a verdict."""
        return self.won < formats.FEW


def returns(rows: pd.DataFrame) -> list[Return]:
    """The channels, highest return first; those without a return after them, most revenue first."""
    found = [
        Return(
            str(row.group_value),
            float(row.spend) if formats.known(row.spend) else None,
            float(row.won_revenue),
            float(row.won_deals),
            float(row.roas) if formats.known(row.roas) else None,
        )
        for row in each(rows)
    ]
    return sorted(found, key=lambda row: (row.roas is None, -(row.roas or 0.0), -row.revenue, row.name))


def return_bars(rows: Sequence[Return], look: Look) -> Figure:
    """A bar for each channel that has a return, with the money behind it printed; few wins are grey and say so."""
    divided = [row for row in rows if row.roas is not None]
    colours = {row.name: GREY if row.few else BLUE for row in divided}
    texts = [_bar_text(row, look.currency) for row in divided]
    return ranked(
        [row.name for row in divided], [row.roas or 0.0 for row in divided], texts, look, colours=colours, row_height=50
    )


def _bar_text(row: Return, currency: str) -> str:
    value = formats.times(row.roas or 0.0)
    if not row.few and (row.roas or 0.0) < BREAK_EVEN:
        value = coloured(value, OFF)
    money = f"{formats.money(row.revenue, currency)} on {formats.money(row.spend or 0.0, currency)}"
    return f"<b>{value}</b>  {money}<br>{formats.counted(round(row.won, 1), 'win')}"


def return_panels(rows: pd.DataFrame, months: Sequence[date], look: Look) -> list[Panel]:
    """A small chart for each channel that costs money: its return over the last three months, month by month.

    `rows`: channel, month, spend, won_revenue. A month before the channel's costs are known stays empty. Each channel
    is on its own scale, with the line where money comes back as it was spent.
    """
    names = _most_spend(rows)
    colours = colours_for(names)
    drawn = months[TRAILING - 1 :]
    return [_panel(name, _courses(rows, name, months), drawn, look, colours[name]) for name in names]


def _most_spend(rows: pd.DataFrame, most: int = 8) -> list[str]:
    spent = rows.assign(spend=rows["spend"].astype(float)).groupby("channel")["spend"].sum()
    spent = spent[spent > 0].sort_values(ascending=False)
    return [str(name) for name in spent.index[:most]]


def _courses(rows: pd.DataFrame, name: str, months: Sequence[date]) -> list[float | None]:
    own = {day_of(row.month): row for row in each(rows[(rows["channel"] == name) & rows["month"].notna()])}

    def trailing(at: int) -> float | None:
        window = [own.get(month) for month in months[at - TRAILING + 1 : at + 1]]
        spent = [float(row.spend) for row in window if row is not None and formats.known(row.spend)]
        if len(spent) < TRAILING or sum(spent) <= 0:
            return None
        return sum(float(row.won_revenue) for row in window if row is not None) / sum(spent)

    return [trailing(at) for at in range(TRAILING - 1, len(months))]


def _panel(name: str, values: Sequence[float | None], months: Sequence[date], look: Look, colour: str) -> Panel:
    known = [value for value in values if value is not None]
    top = max([*known, BREAK_EVEN * 1.2])
    marks, texts = formats.ticks(top, "count", look.currency, most=2)
    said = [formats.MISSING if value is None else formats.times(value) for value in values]
    even = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": BREAK_EVEN, "y1": BREAK_EVEN}
    drawn: Any = line(months, values, said, colour, 3)  # pyright: ignore[reportArgumentType]
    found = figure(
        [drawn | {"connectgaps": False}],
        look,
        150,
        xaxis={"nticks": 4, "tickformat": "%b %y", "range": [months[0], months[-1]]} if months else {},
        yaxis={"range": [0, top * 1.1], "tickvals": marks, "ticktext": [f"{text}×" for text in texts]},
        shapes=[even | {"line": {"color": STROKE, "width": 1.5, "dash": "dot"}}],
        annotations=[] if known else [note("not known yet", months[0], top / 2, muted=True)] if months else [],
    )
    return Panel(name, _recent(values, months), found)


def _recent(values: Sequence[float | None], months: Sequence[date]) -> str:
    """The newest return known, with its month where that is not the last one."""
    for value, month in reversed(list(zip(values, months, strict=True))):
        if value is not None:
            return formats.times(value) + ("" if month == months[-1] else f" to {month:%b %Y}, not known since")
    return "not known yet"


def budgets(rows: pd.DataFrame) -> list[Bullet]:
    """Spend against budget for every group that has a budget; over budget is the miss."""
    found = [
        Bullet(str(row.group_value), float(row.spend), float(row.budget), "down")
        for row in each(rows)
        if formats.known(row.spend) and formats.known(row.budget) and float(row.budget) > 0
    ]
    return sorted(found, key=lambda row: (-(row.target or 0.0), row.name))


def together(rows: Sequence[Return]) -> Mapping[str, float] | None:
    """Spend, revenue and return of all channels that have a return; None where none has."""
    divided = [row for row in rows if row.roas is not None]
    spend = sum(row.spend or 0.0 for row in divided)
    revenue = sum(row.revenue for row in divided)
    if spend <= 0:
        return None
    return {"spend": spend, "revenue": revenue, "won": sum(row.won for row in divided), "roas": revenue / spend}
