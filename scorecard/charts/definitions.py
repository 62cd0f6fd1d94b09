"""The three definitions of sourced side by side: bars, ranges and sentences, each computed from the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.parts import spoken
from scorecard.charts.theme import SIDE_COLOURS, Figure, Look, Trace, figure, label, note

LEGEND = 32  # pixels above the bars


@dataclass(frozen=True)
class Range:
    """What Marketing sourced under one rule: what is known to be its own, up to that and all unknown."""

    rule: str
    known: float
    unknown: float
    total: float

    @property
    def most(self) -> float:
        return self.known + self.unknown

    def text(self, currency: str) -> str:
        """$1.55M to $1.87M (62% to 75%)."""
        low, high = formats.money(self.known, currency), formats.money(self.most, currency)
        if self.total <= 0:
            return low
        first, last = formats.percent(self.known / self.total, 0), formats.percent(self.most / self.total, 0)
        if self.unknown <= 0:
            return f"{low} ({first})"
        return f"{low} to {high} ({first if first == last else f'{first} to {last}'})"


def ranges(rows: pd.DataFrame, amount: str) -> list[Range]:
    """A range for each rule, in the order of the rows."""
    wide = rows.assign(money=rows[amount].astype(float)).pivot(index="rule", columns="side", values="money")
    wide = wide.loc[list(dict.fromkeys(rows["rule"]))]
    return [
        Range(str(rule), float(sides["marketing"]), float(sides["unknown"]), float(sides.sum()))
        for rule, sides in wide.iterrows()
    ]


def side_by_side(
    rows: pd.DataFrame, names: Mapping[str, str], amount: str, cases: str, look: Look, *, row_height: float = 54
) -> Figure:
    """A bar for each rule, cut by side, with its name and Marketing's range above it, where a phone has room too."""
    found = ranges(rows, amount)
    top = max((one.total for one in found), default=0.0)
    texts = [f"<b>{label(names.get(one.rule, one.rule))}</b>  {one.text(look.currency)}" for one in found]
    order = {one.rule: at for at, one in enumerate(found)}
    traces = [_layer(rows[rows["side"] == side], side, order, amount, cases, look) for side in SIDE_COLOURS]
    return figure(
        traces,
        look,
        len(found) * row_height + LEGEND + 12,
        barmode="stack",
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        annotations=[note(text, 0, at - 0.44, yanchor="middle") for at, text in enumerate(texts)],
        margin={"l": 4, "r": 4, "t": LEGEND, "b": 4},
        xaxis={"range": [0, max(top, 0.0) or 1.0], "visible": False},
        yaxis={"range": [len(found) - 0.5, -0.7], "visible": False, "showgrid": False},
    )


def _layer(rows: pd.DataFrame, side: str, order: Mapping[str, int], amount: str, cases: str, look: Look) -> Trace:
    """One side over all rules; its money stands in the table below, so nothing needs a pointer."""
    found = [(order[str(row.rule)], float(getattr(row, amount)), float(getattr(row, cases))) for row in each(rows)]
    hover = [
        f"{side.capitalize()}: {formats.money(value, look.currency)}, {formats.counted(count, 'deal')}"
        for _, value, count in found
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": label(side.capitalize()),
        "y": [at for at, _, _ in found],
        "x": [max(value, 0.0) for _, value, _ in found],
        "width": 0.44,
        "marker": {"color": SIDE_COLOURS[side], "line": {"width": 0}},
    } | spoken(hover)


def wide_table(rows: pd.DataFrame, names: Mapping[str, str], amount: str, cases: str, currency: str) -> pd.DataFrame:
    """The same as words: a row a rule, a column a side, money and deals in each cell."""
    cells = rows.assign(
        cell=[
            f"{formats.money(float(getattr(row, amount)), currency)} · {formats.count(float(getattr(row, cases)))}"
            for row in each(rows)
        ]
    )
    wide = cells.pivot(index="rule", columns="side", values="cell")
    rules = list(dict.fromkeys(rows["rule"]))
    wide = wide.loc[rules, list(SIDE_COLOURS)]
    wide.columns = [side.capitalize() for side in wide.columns]
    return wide.reset_index(drop=True).assign(Definition=[names.get(rule, rule) for rule in rules])[
        ["Definition", *wide.columns]
    ]


def gap(deals: float, amount: float, currency: str) -> str:
    """The three definitions differ by $412K on 23 deals."""
    if not deals:
        return "The three definitions agree on all deals"
    return f"The three definitions differ by {formats.money(amount, currency)} on {formats.counted(deals, 'deal')}"


def spread(found: list[Range], names: Mapping[str, str], currency: str) -> str:
    """Marketing's share of the same money is 43% by source field and 62% by origin."""
    if len(found) < 2 or found[0].total <= 0:
        return ""
    low, high = min(found, key=lambda one: one.known), max(found, key=lambda one: one.known)
    if high.known - low.known < 0.005 * high.total:
        return f"Marketing's own is {formats.money(high.known, currency)} under each."
    return (
        f"Marketing's own is {formats.money(low.known, currency)} by “{names.get(low.rule, low.rule)}” and"
        f" {formats.money(high.known, currency)} by “{names.get(high.rule, high.rule)}”."
    )


def influence(rows: pd.DataFrame, currency: str) -> str:
    """Marketing touched 61 of 73 won deals before they closed."""
    total, none = float(rows["deals"].sum()), float(rows.loc[rows["tier"] == "none", "deals"].sum())
    unknown = float(rows.loc[rows["tier"] == "unknown", "deals"].sum())
    if total <= 0:
        return "Whom Marketing touched"
    money = rows.loc[~rows["tier"].isin(["none", "unknown"]), "amount"].astype(float).sum()
    touched = total - none - unknown
    return (
        f"Marketing touched {formats.count(touched)} of {formats.counted(total, 'won deal')} before the close,"
        f" {formats.money(float(money), currency)}"
    )


def trusted(rows: pd.DataFrame) -> tuple[str, list[str]]:
    """Which rule can be trusted on these files, and why: the verdict and a line a reason."""
    found = {(str(row.rule), str(row.measure)): row for row in each(rows)}
    total = float(found["", "both sources known"].of_deals)
    if total <= 0:
        return "No deal to judge the definitions by", []
    same = found["", "same source"]
    touched = _share(found["origin", "decided by touches"])
    met, reached = (
        _share(found["presales", "touches of Marketing known"]),
        _share(found["presales", "contact by Sales known"]),
    )
    n = float(same.of_deals)
    by_fields, filled = _share(found["origin", "decided by fields"]), _share(found["field", "side known"])
    origin = f"{formats.share(touched)} decided by touches, {formats.share(by_fields)} by source fields"
    before = f"a touch of Marketing is known on {formats.share(met)}, a contact by Sales on {formats.share(reached)}"
    reasons = [
        _agreement(same, n, total),
        f"Source field: filled and mapped on {formats.share(filled)} of deals.",
        f"Origin: {origin}.",
        f"Before Sales: {before} of deals.",
    ]
    contradicts = n >= formats.FEW and float(same.high) < 0.5
    agrees = n >= formats.FEW and float(same.low) >= 0.8
    if touched >= 0.5:
        return "Trust the origin here: touches decide most deals", reasons
    if contradicts:
        rest = "no touch stands behind the origin" if touched == 0 else "touches decide few deals"
        return f"No definition can be trusted here yet: the source fields contradict each other and {rest}", reasons
    if agrees:
        return "Trust the source field here: lead and deal agree, and touches decide few deals", reasons
    return "Read the definitions as a range here: touches decide few deals and the fields are not proved", reasons


def _agreement(same: Any, n: float, total: float) -> str:
    deals, share = float(same.deals), same.share
    if n <= 0:
        return f"No deal of {formats.count(total)} has both a source of its own and one of its contact to compare."
    interval = f"{formats.percent(same.low)} to {formats.percent(same.high)}"
    few = " Fewer than 30 cases: no verdict from it." if n < formats.FEW else ""
    return (
        f"Lead and deal source agree on {formats.percent(share)} ({formats.count(deals)} of {formats.count(n)} deals"
        f" that have both; 95% interval {interval}).{few}"
    )


def _share(row: Any) -> float:
    deals, of_deals = float(row.deals), float(row.of_deals)
    return deals / of_deals if of_deals else 0.0
