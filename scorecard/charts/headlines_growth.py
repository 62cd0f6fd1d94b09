"""Sentences on growth, each computed by rule from the rows below it."""

from typing import Any

from scorecard.charts import formats
from scorecard.charts.frames import day_of


def cost(row: Any, currency: str) -> str:
    """A new customer costs $3.1K."""
    won = formats.counted(row.new_customers, "new customer")
    if formats.known(row.cac):
        return f"A new customer costs {formats.money(row.cac, currency)}"
    if formats.known(row.cac_same_period):
        return f"A new customer costs {formats.money(row.cac_same_period, currency)}, by the spend of the same days"
    return f"{won[:1].upper()}{won[1:]}"


def kept(row: Any) -> str:
    """Customers of a year ago pay 117% of what they paid, 85% without expansion."""
    if not formats.known(row.nrr):
        return "Retention"
    return (
        f"Customers of {day_of(row.cohort):%B %Y} pay {formats.percent(row.nrr)} of what they paid then,"
        f" {formats.percent(row.grr)} without expansion"
    )


def spread(rows: list[Any], currency: str) -> str:
    """The cheapest and the dearest channel where their intervals do not meet; else no finding."""
    known = [row for row in rows if formats.known(row.cac_low) and row.new_customers >= formats.FEW]
    if len(known) < 2:
        return "Cost of a new customer by channel"
    low, high = min(known, key=lambda row: row.cac), max(known, key=lambda row: row.cac)
    if low.cac_high < high.cac_low:
        return (
            f"A customer from {high.group_value} costs {formats.times(high.cac / low.cac)} one from {low.group_value}"
        )
    return "Cost by channel: the intervals overlap, no channel stands out"


def late(rows: list[Any]) -> str:
    """Deals late in the quarter are sold 6.2 points cheaper."""
    by = {row.part: row for row in rows}
    end, rest = by.get("late in the quarter"), by.get("rest of the quarter")
    if end is None or rest is None or not formats.known(end.low) or not formats.known(rest.high):
        return "Discounts on won deals"
    if end.low > rest.high or end.high < rest.low:
        gap = abs(end.discount - rest.discount) * 100
        word = "more" if end.discount > rest.discount else "less"
        return f"Deals late in the quarter carry {gap:.1f} points {word} discount"
    return "Discounts late in the quarter are like those of the rest of it"
