"""Hand-off, who dropped what: criteria met and worked in time, as counts, money and names."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines_handoff
from scorecard.filters import Filters
from scorecard.lead_criteria import DEFAULT
from scorecard.ui_frame import escape
from scorecard.ui_handoff import promise_of, unmatched
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import download, fit, headline, table
from scorecard.ui_state import ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
BY = {"Source": "source", "Team": "team", "Owner": "owner", "Channel": "channel", "Week": "week"}
CELLS: dict[str, tuple[str, str]] = {
    "Met, in time": ("yes", "yes"),
    "Met, not in time": ("yes", "no"),
    "Not met, in time": ("no", "yes"),
    "Not met, not in time": ("no", "no"),
    "Pending": ("", "pending"),
}
SAID = {"yes": True, "no": False}
FIRST = "Met, not in time"
CELL = "verdict_cell"  # the names shown, by button in a cell or by the selector below
LISTED = 1000
ENDS = ("won", "lost", "rejected", "open")


def verdict_view(filters: Filters) -> None:
    """The sentence, the four cells, the same by a dimension, and the names behind one cell."""
    rows = ask("verdict_matrix", filters)
    if rows.empty:
        nothing_here("No leads were handed over here", "Widen the dates, or clear the filters.", why=missing(rows))
        return
    view = shown()
    groups = {name: ask("verdict_matrix", filters, by=name) for name in ("team", "channel")}
    promise = promise_of(view.settings)
    headline(
        headlines_handoff.verdict(rows, groups, promise, view.look.currency),
        f"{headlines_handoff.other_gap(rows, view.look.currency)} {_criteria()}".strip(),
        of=rows,
    )
    unmatched()
    _matrix(rows)
    pending = int(rows.loc[rows["worked_in_sla"].isna(), "leads"].sum())
    if pending:
        st.caption(f"{formats.count(pending)} more are untouched and not due yet: pending, in no cell.")
    _by(filters)
    _names(filters, rows)


def _criteria() -> str:
    agreed = shown().settings["lead_criteria"]
    if agreed == DEFAULT:
        return (
            f"No criteria are agreed yet: a complete record ({agreed}) is taken. Agree on others under Data, Settings."
        )
    return f"Agreed criteria: {agreed}." if agreed else "No criteria: every lead meets them."


def _cell(rows: pd.DataFrame, met: str, worked: str) -> pd.DataFrame:
    if worked == "pending":
        return rows[rows["worked_in_sla"].isna()]
    known = rows[rows["worked_in_sla"].notna()]
    return known[
        (known["criteria_met"].astype(bool) == SAID[met]) & (known["worked_in_sla"].astype(bool) == SAID[worked])
    ]


def _matrix(rows: pd.DataFrame) -> None:
    total = float(rows["leads"].sum())
    for met, title in (("yes", "Met the criteria"), ("no", "Did not meet them")):
        left, right = st.columns(2, gap="medium")
        for column, worked, words in ((left, "yes", "worked in time"), (right, "no", "not in time")):
            with column, st.container(border=True, gap="small", height="stretch"):
                name = next(name for name, pair in CELLS.items() if pair == (met, worked))
                _draw(_cell(rows, met, worked), total, f"{title}, {words}", name)


def _show(name: str) -> None:
    st.session_state[CELL] = name


def _draw(cell: pd.DataFrame, total: float, label: str, name: str) -> None:
    leads, currency = int(cell["leads"].sum()), shown().look.currency
    st.metric(label, f"{formats.count(leads)}  ({formats.percent(leads / total if total else None, 0)})")
    if not leads:
        st.caption("No lead is here.")
        return
    ends = [(end, int(cell.loc[cell["outcome"] == end, "leads"].sum())) for end in ENDS]
    parts = " · ".join(f"{formats.count(n)} {end}" for end, n in ends if n)
    money = f"Expected value {formats.money(float(cell['expected_value'].sum()), currency)}"
    won = float(cell["won_amount"].sum())
    won_n = dict(ends)["won"]
    rate = f", {formats.percent(won_n / leads)} won so far" if leads >= formats.FEW else ""
    st.markdown(escape(f"{parts}{rate}"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(escape(f"{money}; won {formats.money(won, currency)}." if won > 0 else f"{money}."), width="stretch")
        shown_now = st.session_state.get(CELL, FIRST) == name
        st.button(
            "Names below" if shown_now else "Names",
            key=f"names_{name}",
            type="tertiary",
            icon=":material/south:" if shown_now else ":material/list:",
            on_click=_show,
            args=(name,),
            help="List the leads of this cell below.",
        )


def _by(filters: Filters) -> None:
    chosen = st.segmented_control("By", list(BY), default="Team", required=True, key="verdict_by", **BOUND)
    name = str(chosen or "Team")
    rows = ask("verdict_matrix", filters, by=BY[name])
    found = []
    for group, part in rows.groupby("group_value", sort=False):
        row: dict[str, Any] = {name.lower(): str(group), "leads": int(part["leads"].sum())}
        for cell, (met, worked) in CELLS.items():
            row[cell] = int(_cell(part, met, worked)["leads"].sum())
        late = _cell(part, "yes", "no")
        row["share"] = 100 * row["Met, not in time"] / row["leads"] if row["leads"] >= formats.FEW else None
        row["value"] = float(late["expected_value"].sum())
        found.append(row)
    listed = pd.DataFrame(found)
    listed = (
        listed.sort_values(name.lower(), ascending=False)
        if name == "Week"
        else listed.sort_values("leads", ascending=False)
    )
    number = st.column_config.NumberColumn
    table(
        listed,
        "verdict_table",
        {
            name.lower(): st.column_config.TextColumn(name, pinned=True),
            "leads": number("Leads", format="localized"),
            **{cell: number(cell, format="localized") for cell in CELLS},
            "share": st.column_config.ProgressColumn(
                "Met, not in time, share", format="%.0f%%", min_value=0, max_value=100
            ),
            "value": number("Its expected value", format="compact"),
        },
        height=fit(len(listed), 330),
    )
    download(rows, "verdict_matrix", "verdict_csv")


def _names(filters: Filters, rows: pd.DataFrame) -> None:
    """The leads of one cell, with how many they are and what such leads are worth."""
    chosen = str(
        st.segmented_control("Names behind", list(CELLS), default=FIRST, required=True, key=CELL, **BOUND) or FIRST
    )
    met, worked = CELLS[chosen]
    cell = _cell(rows, met, worked)
    worth = formats.money(float(cell["expected_value"].sum()), shown().look.currency)
    said = formats.counted(int(cell["leads"].sum()), "lead")
    listed = ask("hand_off_people", filters, criteria=met, worked=worked, row_limit=LISTED)
    headline(
        f"{chosen}: {said}, {worth} of expected value",
        "The leads behind the cell, newest hand-over first.",
        of=(rows, listed),
    )
    people(listed, "verdict_people")


def people(rows: pd.DataFrame, key: str) -> None:
    """A list of leads, newest hand-over first."""
    if rows.empty:
        st.caption("No lead is here in this period.")
        return
    if len(rows) == LISTED:
        st.caption(f"The {formats.count(LISTED)} newest; narrow the period or the filters to see the others.")
    number = st.column_config.NumberColumn
    named = {
        "person_name": st.column_config.TextColumn("Who", pinned=True),
        "company_name": "Company",
        "handoff_at": st.column_config.DatetimeColumn("Handed over", format="D MMM YYYY, HH:mm"),
        "minutes": number("First attempt, min", format="localized"),
        "sla_class": "Follow-up",
        "criteria_failed": "Criteria not met",
        "reject_reason": "Reason",
        "expected_value": number("Expected value", format="compact"),
        "won_amount": number("Won", format="compact"),
    }
    kept = [name for name in rows.columns if name != "person_id" and rows[name].notna().any()]
    table(
        rows[["person_name", *(name for name in kept if name != "person_name")]],
        key,
        named,
        height=fit(len(rows), 380),
    )
    download(rows, "hand_off_people", f"{key}_csv")
