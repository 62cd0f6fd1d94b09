"""A gross margin given as a share of the amount: 35%, 35 or 0.35 is worked out as money, not added up as it stands."""

from collections.abc import Mapping
from dataclasses import replace

from scorecard.ingest import numbers
from scorecard.ingest.headers import read_header
from scorecard.ingest.readings import Planner, Reading, Table
from scorecard.schema import SQL_TYPES

PERCENT, MONEY = "percent", "money"
MARGIN = "Margin %"
LARGE = 1_000  # amounts of which nobody earns 35 in money, deal after deal


def as_money(planner: Planner, table: Table, readings: dict[str, Reading]) -> None:
    """The reading of the margin as money. It is left out, with a sentence, where nobody can tell what it is or which
    amount it is a share of: no number of the meeting stands still for want of a margin."""
    margin, amount = readings.get("margin"), readings.get("amount")
    if margin is None or not margin.header or "margin" not in table.numbers:
        return
    number, _ = numbers.number_expression(table.numbers["margin"][0], margin.value, table.numbers["margin"][1])
    divisor = _divisor(planner, table, margin, amount, number)
    if divisor is None:
        del readings["margin"]
    if not divisor:
        return
    if amount is None:
        planner.note(f"“{margin.header}” is a share, and no column says of which amount: it was left out.")
        del readings["margin"]
        return
    money = f"try_cast(cast({number} as double) * ({amount.expression}) / {divisor} as {SQL_TYPES['money']})"
    unread = f"({margin.value}) is not null and ({number}) is null"
    readings["margin"] = replace(margin, expression=money, failure=unread)
    shown = "35% or 35 is 35 of 100" if divisor == "100" else "0.35 is 35 of 100"
    planner.note(f"“{margin.header}” is a share of “{amount.header or 'amount'}” ({shown}): the money was worked out.")


def _divisor(planner: Planner, table: Table, margin: Reading, amount: Reading | None, number: str) -> str | None:
    """100 or 1 where the margin is a share, '' where it is money, None where nobody can tell."""
    kinds = [(item.count, kind.percent) for item, kind in table.numbers["margin"][0].readable]
    signed, bare = sum(n for n, percent in kinds if percent), sum(n for n, percent in kinds if not percent)
    if read_header(margin.header).unit == "percent" or (signed and not bare):
        return "100"
    if read_header(margin.header).unit.startswith("currency:") and not signed:
        return ""
    found = _values(planner, amount, number)
    if signed:
        return _said(planner, f"“{margin.header}” has {signed:,} values with % and {bare:,} without")
    if not found["filled"] or found["top"] > 100 or amount is None or found["middle"] < LARGE:
        return ""
    if found["top"] <= 1:
        return "1"  # a margin of at most 1 in money on deals of thousands
    return _said(
        planner, f"“{margin.header}” is at most {found['top']:,.0f}, beside amounts such as {found['middle']:,.0f}"
    )


def _said(planner: Planner, doubt: str) -> str | None:
    """What somebody said the numbers are; else the doubt and how to settle it as a note."""
    answer = (planner.answers.find("margin.unit") or "").strip().casefold()
    if answer in (PERCENT, MONEY):
        return "100" if answer == PERCENT else ""
    key = f"{planner.answers.subject}.margin.unit"
    planner.note(
        f"{doubt}: it was left out, because it may be a percentage or money. Say which with --answer '{key}={PERCENT}'"
        f" or ={MONEY}, or call the column “{MARGIN}”."
    )
    return None


def _values(planner: Planner, amount: Reading | None, number: str) -> Mapping[str, float]:
    """How many margins beside an amount, the largest without its sign, and the middle of the amounts."""
    of = amount.expression if amount else "null"
    filled, top, middle = planner.cells.ask(
        "select count(margin), max(abs(margin)), median(abs(amount)) from "
        f"(select cast({number} as double) as margin, cast({of} as double) as amount from {{rows}}) where margin <> 0"
    )[0]
    return {"filled": float(filled or 0), "top": float(top or 0), "middle": float(middle or 0)}
