"""Why won revenue moved: the change between two periods as bars that add up to it."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import flow, formats
from scorecard.charts.frames import each
from scorecard.filters import LISTS, Filters
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import chart, download, headline, table
from scorecard.ui_state import ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
DRIVERS = "Leads, rates and size"
NAMES = {"leads": "Leads", "conversion": "Conversion", "win": "Win rate", "size": "Deal size"}
REST = "Rate: all others"
MOST = 6  # groups drawn; the rest is one bar
SPLITS = {DRIVERS: "", **{f"Mix of {label.lower()}s": option for option, label in list(LISTS.values())[:10]}}
SPLITS = {name: option for name, option in SPLITS.items() if option not in ("campaign", "account_list")}


def why_revenue_moved(filters: Filters) -> None:
    """The split by drivers, or by mix and rate of a dimension."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="driver_choices"):
        picked = str(st.selectbox("Split by", list(SPLITS), key="split", width=320, **BOUND) or DRIVERS)
    by = SPLITS[picked]
    rows = ask("driver_values", filters, by=by)
    if rows.empty:
        nothing_here("Nothing closed to compare", "Choose a longer period.", why=missing(rows))
        return
    look = shown().look
    change = float(rows["contribution"].sum())
    parts = _groups(rows) if by else [_driver(row, look.currency) for row in each(rows)]
    said = _headline(change, parts, look.currency)
    notes = list(rows.attrs.get("notes", ()))
    headline(said, notes[0] if notes else "", of=rows)
    chart(
        flow.contributions([*parts, flow.Part("Change", change)], look),
        key="drivers",
        alt=f"{said}. " + "; ".join(f"{part.name} {part.value:,.0f}" for part in parts),
        caption="The bars add up to the change. They say what moved, not what caused it."
        + (
            "" if by else " Conversion: deals closed for each new lead. Win rate: won of closed. Size: revenue per win."
        ),
    )
    for sentence in notes[1:]:
        st.caption(escape(sentence))
    if by:
        _table(rows)
    download(rows, "why_won_revenue_moved", "drivers_csv")


def _driver(row: Any, currency: str) -> flow.Part:
    first = str(row.driver).split(" ", maxsplit=1)[0].rstrip(",")
    name = NAMES.get(str(row.driver)) or str(row.driver).capitalize()
    unit = row.unit if row.driver in NAMES else "money" if first != "leads" else "count"
    return flow.Part(name, float(row.contribution), _values(row, str(unit), currency))


def _values(row: Any, unit: str, currency: str) -> str:
    """412 → 455."""

    def said(value: Any) -> str:
        if unit == "ratio" and formats.known(value):
            return f"{float(value):.2f}"
        return formats.number(value, unit, currency)

    return f"{said(row.value_before)} → {said(row.value_after)}"


def _groups(rows: pd.DataFrame) -> list[flow.Part]:
    """Volume, mix of all groups, and the rate of the groups that moved most; the rest together."""
    totals = rows.groupby("driver")["contribution"].sum()
    volume = next(row for row in each(rows) if row.driver == "volume")
    parts = [
        flow.Part("Volume", float(totals["volume"]), f"{_values(volume, 'count', '')} closed"),
        flow.Part("Mix", float(totals["mix"]), "shares of groups"),
    ]
    rates = rows[rows["driver"] == "rate"]
    rates = rates.reindex(rates["contribution"].abs().sort_values(ascending=False).index)
    currency = shown().look.currency
    parts += [
        flow.Part(f"Rate: {row.group_value}", float(row.contribution), _values(row, "money", currency))
        for row in each(rates.head(MOST))
    ]
    rest = float(rates["contribution"].iloc[MOST:].sum())
    if len(rates) > MOST:
        parts.append(flow.Part(REST, rest, formats.counted(len(rates) - MOST, "group")))
    return parts


def _headline(change: float, parts: list[flow.Part], currency: str) -> str:
    """Won revenue rose $9.4K: leads +$547K, win rate −$442K."""
    verb = "rose" if change > 0 else "fell"
    named = [part for part in parts if part.name != REST]
    largest = sorted(named, key=lambda part: -abs(part.value))[:3]
    listed = ", ".join(f"{part.name} {formats.signed(formats.money(part.value, currency))}" for part in largest)
    if not round(change, 2):
        return f"Won revenue is the same: {listed}"
    return f"Won revenue {verb} {formats.money(abs(change), currency)}: {listed}"


def _table(rows: pd.DataFrame) -> None:
    panel = st.expander("Every group", icon=":material/table_rows:", key="driver_groups", on_change="rerun")
    if not panel.open:
        return
    with panel:
        groups = rows[rows["driver"] != "volume"]
        wide = groups.pivot_table(index="group_value", columns="driver", values="contribution", aggfunc="sum")
        wide = wide.assign(both=wide.sum(axis=1)).sort_values("both", ascending=False).reset_index()
        number = st.column_config.NumberColumn
        table(
            wide,
            "driver_table",
            {
                "group_value": "Group",
                "mix": number("Mix", format="localized"),
                "rate": number("Rate", format="localized"),
                "both": number("Both", format="localized"),
            },
            height=min(420, 38 + 35 * len(wide)),
        )
