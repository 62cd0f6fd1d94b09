"""Hand-off, the quality loop: what Sales accepts and why not, what the criteria could be, and what Sales gives back."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, handoff, headlines_handoff
from scorecard.charts.forest import Rate, forest
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.lead_criteria import clean_criteria
from scorecard.ui_frame import escape
from scorecard.ui_handoff_verdict import LISTED, people
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import card_width, chart, download, fit, headline, rows_behind, table
from scorecard.ui_state import ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
BY = {"Channel": "channel", "Source": "source", "Campaign": "campaign", "Segment": "segment", "Owner": "owner"}
FIELDS = {"Channel": "channel", "Source": "source", "Campaign": "campaign", "Segment": "segment"}
FLAGS = {
    "No reason": "no_reason",
    "Wrongly rejected": "wrongly_rejected",
    "Wrongly accepted": "wrongly_accepted",
    "Recycled": "recycled",
}


def quality_view(filters: Filters) -> None:
    """Acceptance by group, reasons, what turned out otherwise, a drafted proposal, and the way back."""
    rows = ask("quality_loop", filters)
    if rows.empty:
        nothing_here("No decision on leads to show", "Upload leads with their stage dates.", why=missing(rows))
        return
    whole = rows.iloc[0]
    headline(
        headlines_handoff.quality(whole),
        "Accepted: a qualified date, a deal or a conversion before any rejection. By day of hand-over;"
        f" n={formats.count(whole['handoffs'])}.",
        of=rows,
    )
    _counts(whole)
    chosen = st.segmented_control("By", list(BY), default="Channel", required=True, key="quality_by", **BOUND)
    by = str(chosen or "Channel")
    groups = ask("quality_loop", filters, by=BY[by])
    left, right = st.columns(2, gap="large")
    with left:
        _acceptance(groups, whole, by)
    with right:
        _reasons(filters)
    _reasons_by(filters, by)
    if by in FIELDS:
        _proposal(groups, FIELDS[by])
    _named(filters)
    _references(filters)
    rows_behind("acceptance_rate", filters)


def _counts(whole: pd.Series) -> None:
    decided = int(whole["accepted"] + whole["rejected"])
    cards = (
        ("Accepted", formats.percent(whole["acceptance"]), f"of {formats.count(decided)} decided"),
        ("Undecided", formats.count(whole["undecided"]), "shown apart"),
        ("No reason given", _share(whole["no_reason"], whole["rejected"]), f"of {_n(whole['rejected'])} rejected"),
        ("Wrongly rejected", formats.count(whole["wrongly_rejected"]), "won all the same"),
        ("Wrongly accepted", formats.count(whole["wrongly_accepted"]), "disqualified in 14 days"),
        ("Recycled", formats.count(whole["recycled"]), "went back to nurture"),
    )
    with st.grid(len(cards), min_column_width=card_width(150), gap="small", key="quality_cards"):
        for label, value, note in cards:
            with st.container(border=True, gap=None):
                st.metric(label, value)
                st.caption(note)


def _share(part: Any, whole: Any) -> str:
    return formats.percent(float(part) / float(whole)) if whole else formats.MISSING


def _n(value: Any) -> str:
    return formats.count(float(value))


def _acceptance(groups: pd.DataFrame, whole: pd.Series, by: str) -> None:
    known = handoff.largest(groups[groups["acceptance"].notna()], 10).sort_values("acceptance", ascending=False)
    rates = [
        Rate(str(row.group_value), float(row.acceptance), float(row.low), float(row.high), row.accepted + row.rejected)
        for row in each(known)
    ]
    headline(f"Accepted by {by.lower()}", "Of those decided, with 95% interval. Dotted: all leads.", of=groups)
    if not rates:
        st.caption("No lead of these is decided yet.")
        return
    chart(
        forest(rates, shown().look, baseline=float(whole["acceptance"])),
        key="acceptance",
        alt="; ".join(f"{rate.name} {formats.percent(rate.value)}" for rate in rates),
        caption=f"Grey: fewer than {formats.FEW} decided." if any(rate.few for rate in rates) else "",
    )
    download(groups, "quality_loop", "quality_csv")


def _reasons(filters: Filters) -> None:
    rows = ask("rejection_reasons", filters, by="")
    headline("Why leads were rejected", "Leads rejected, by the reason given.", of=rows)
    if rows.empty:
        st.caption("No lead of these was rejected.")
        return
    chart(
        handoff.reasons(rows, shown().look),
        key="reasons",
        alt="; ".join(f"{row.reason}: {_n(row.leads)}" for row in each(rows)),
    )


def _reasons_by(filters: Filters, by: str) -> None:
    """Reasons by group as a table: a row a group, a column a reason."""
    rows = ask("rejection_reasons", filters, by=BY[by])
    if rows.empty:
        return
    wide = rows.pivot_table(index="group_value", columns="reason", values="leads", aggfunc="sum", fill_value=0)
    wide = wide[wide.sum().sort_values(ascending=False).index]
    wide.insert(0, "rejected", wide.sum(axis=1))
    wide = wide.sort_values("rejected", ascending=False).reset_index().rename(columns={"group_value": by.lower()})
    wide.columns = [str(name) for name in wide.columns]
    headline(f"Reasons by {by.lower()}", of=rows)
    table(wide, "reasons_by", height=fit(len(wide), 330))
    download(rows, "rejection_reasons", "reasons_csv")


def _proposal(groups: pd.DataFrame, field: str) -> None:
    """A change of the criteria to talk about; nothing changes until it is typed in Settings."""
    drafts = headlines_handoff.proposal(groups, field, shown().look.currency)
    headline("Draft: change the criteria", of=groups)
    if not drafts:
        st.caption(
            f"No {field} is accepted clearly less often than all leads (95% interval below): nothing to propose."
        )
        return
    for sentence in drafts:
        st.markdown(f"- {escape(sentence)}")
    agreed = shown().settings["lead_criteria"]
    words = "|".join(sentence.partition("!=")[2].partition(": accepted")[0] for sentence in drafts)
    st.caption("If both teams agree, the criteria (Data, Settings) become:")
    st.code(clean_criteria(f"{agreed}, {field}!={words}") if "," not in words else f"{field}!=...", language=None)
    st.caption("A lead left out may still have been won; the expected value says what that would cost.")


def _named(filters: Filters) -> None:
    chosen = st.segmented_control("Names behind", list(FLAGS), default="No reason", required=True, key="flag", **BOUND)
    rows = ask("hand_off_people", filters, flag=FLAGS[str(chosen or "No reason")], row_limit=LISTED)
    people(rows, "quality_people")


def _references(filters: Filters) -> None:
    """The way back: satisfied customers that could tell their story."""
    rows = ask("reference_candidates", filters)
    if why := missing(rows):
        headline("What Sales gives back: customers for a reference or a case study", of=rows)
        st.caption(escape(why))
        return
    worth = float(rows["won_amount"].sum()) if len(rows) else 0.0
    many = formats.counted(len(rows), "satisfied customer")
    said = f"What Sales gives back: {many} who could tell their story"
    headline(
        f"{said}, {formats.money(worth, shown().look.currency)} won" if worth > 0 else said,
        "Won, and the newest answer is 9 or 10 (NPS) or the top two of the scale (CSAT). By day of the answer.",
        of=rows,
    )
    if rows.empty:
        return
    table(
        rows,
        "references",
        {
            "company_name": st.column_config.TextColumn("Company", pinned=True),
            "person_name": "Who",
            "answered_on": st.column_config.DateColumn("Answered", format="D MMM YYYY"),
            "won_on": st.column_config.DateColumn("Won", format="D MMM YYYY"),
            "won_amount": st.column_config.NumberColumn("Won amount", format="localized"),
            "video_engaged": "Engaged with video",
        },
        height=fit(len(rows), 330),
    )
    download(rows, "reference_candidates", "references_csv")
