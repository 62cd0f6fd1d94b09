"""Sales velocity: the pace of money, its four levers, and what a tenth on each would bring."""

from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_parts import chart, download, headline
from scorecard.ui_state import ask, missing, shown

BETTER = {
    "open deals": "10% more deals",
    "win rate": "10% more won",
    "mean won amount": "10% larger",
    "median days to win": "10% faster",
}
NOTE = (
    "Open deals × win rate × mean won amount ÷ median days from creation to win, all of the same deals: a pace, no"
    " forecast. Rate, amount and days: deals created in the twelve months that ended 180 days ago. Open deals without"
    " those older than nearly all won ones."
)


def velocity(filters: Filters) -> None:
    """The four levers with what each would add a day if it alone were 10 % better."""
    rows = ask("velocity", filters.at_any_time())  # its own twelve months
    if rows.empty:
        headline("Sales velocity", missing(rows) or "No deals here.", of=rows)
        return
    currency = shown().look.currency
    *levers, total = each(rows.sort_values("lever_order"))
    if not formats.known(total.value):
        headline("Sales velocity: not enough data yet", f"Not known: {escape(str(total.missing))}.", of=rows)
        return
    pace = formats.money(float(total.value), currency)
    headline(f"Open deals bring {pace} a day at the pace of the past year", _product(levers, currency), of=rows)
    names = [BETTER[str(row.lever)] for row in levers]
    texts = [f"<b>+{formats.money(float(row.effect_of_10_percent), currency)}</b> a day" for row in levers]
    values = [float(row.effect_of_10_percent) for row in levers]
    chart(
        ranked(names, values, texts, shown().look, row_height=40),
        key="velocity",
        alt=f"Velocity {pace} a day. " + "; ".join(f"{row.lever} {_now(row, currency)}" for row in levers),
        caption=NOTE,
    )
    download(_listed(rows), "velocity", "velocity_csv")


def _now(row: object, currency: str) -> str:
    value, unit, n = (getattr(row, name) for name in ("value", "unit", "n"))
    said = formats.number(value, str(unit), currency)
    return said if unit == "count" else f"{said} (n={formats.count(n)})"


def _product(levers: list[Any], currency: str) -> str:
    """159 open deals × 41.2% (n=917) × $32.4K (n=378) ÷ 36 d (n=378)."""
    deals, rate, amount, days = (_now(row, currency) for row in levers)
    return f"{deals} open deals × {rate} won × {amount} ÷ {days}. Bars: what each alone would add."


def _listed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns="lever_order")
