"""Hand-off, the follow-up: how soon leads are attempted, which part of the way takes the time, and both promises."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.business_time import ALWAYS
from scorecard.charts import formats, handoff, headlines_handoff
from scorecard.charts.frames import each
from scorecard.charts.plan import WORDS, stands
from scorecard.filters import Filters
from scorecard.ui_cards import COLOURS, ICONS, plan_for
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import card_width, chart, download, fit, headline, rows_behind, table
from scorecard.ui_state import ask, missing, rollup, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
CLOCKS = {"Business hours": "business", "Wall clock": "wall"}
GROUPS = {"Team": "team", "Owner": "owner", "Channel": "channel", "Segment": "segment", "Region": "region"}
SLA = "follow_up_in_sla"


def promise_of(settings: Mapping[str, str]) -> str:
    """8 business hours; 24 hours where the clock never stops."""
    hours = settings["sla_hours"]
    noun = "hour" if settings["business_hours"] == ALWAYS else "business hour"
    return formats.counted(int(hours), noun)


def clock_line(settings: Mapping[str, str]) -> str:
    """What the clock is, in one line."""
    if settings["business_hours"] == ALWAYS:
        return "The clock runs day and night."
    off = [day for day in settings["holidays"].split(",") if day.strip()]
    holidays = f", {formats.counted(len(off), 'holiday')}" if off else ", no holidays entered"
    return (
        f"The clock runs {settings['business_hours']} ({settings['time_zone']}{holidays}); an owner or team may differ."
    )


def follow_up_view(filters: Filters) -> None:
    """Half and nine in ten, the bands, who is in time, and where the time goes."""
    clock, by = _choose()
    rows = ask("speed_to_lead", filters, clock=CLOCKS[clock])
    if rows.empty:
        nothing_here("No follow-up to show", "Upload leads and the activities of Sales.", why=missing(rows))
        return
    whole, settings = rows.iloc[0], shown().settings
    total = rollup(SLA, filters)
    due_rate = float(total["value"].iloc[0]) if len(total) and formats.known(total["value"].iloc[0]) else None
    said = headlines_handoff.speed(whole, promise_of(settings), due_rate, clock == "Business hours")
    headline(
        said, f"{clock_line(settings)} n={formats.count(whole['handoffs'])}, by day of hand-over.", of=(rows, total)
    )
    if whole["handoffs"] < formats.FEW:
        too_little(float(whole["handoffs"]), "leads handed over")
    unmatched()
    _promises(filters, whole)
    groups = ask("speed_to_lead", filters, clock=CLOCKS[clock], by=GROUPS[by])
    left, right = st.columns(2, gap="large")
    with left:
        _bands(filters, CLOCKS[clock])
    with right:
        _groups(groups, by)
        if shown().look.meeting:
            # One screen: what more there is stands on the page outside of the meeting.
            _clock_line(whole)
            return
        _attempts(filters)
    _clocks(whole, groups, by)
    for sentence in rows.attrs.get("notes", ()):
        st.caption(escape(sentence))
    _table(groups, by)
    rows_behind(SLA, filters)


def _choose() -> tuple[str, str]:
    label: Any = "collapsed" if shown().look.meeting else "visible"
    same: dict[str, Any] = {"required": True, "label_visibility": label, **BOUND}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="speed_choices"):
        clock = st.segmented_control("Clock", list(CLOCKS), default="Business hours", key="clock", **same)
        by = st.segmented_control("By", list(GROUPS), default="Team", key="speed_by", **same)
    return str(clock or "Business hours"), str(by or "Team")


def unmatched() -> None:
    """Where most of what Sales logged belongs to nobody known, low figures tell of the files, not of the work."""
    rows = ask("activity_match")
    if rows.empty or not rows["activities"].iloc[0]:
        return
    matched, total = float(rows["matched"].iloc[0]), float(rows["activities"].iloc[0])
    if matched < total / 2:
        st.info(
            f"Only {formats.percent(matched / total)} of {formats.count(total)} activities belong to a lead or contact"
            " loaded here, so work that was done may be missing below. Load the contacts too, or activities that name"
            " the lead.",
            icon=":material/info:",
        )


def _promises(filters: Filters, whole: pd.Series) -> None:
    """Both promises on one strip: what Sales promised, what Marketing promised."""
    found = ask("hand_off_promises", filters)
    if found.empty:
        return
    row, currency = found.iloc[0], shown().look.currency
    sales, marketing = st.columns((4, 3.5), gap="large")
    with sales:
        headline("What Sales promised", of=found)
        with st.grid(columns="auto", min_column_width=card_width(150), gap="small", key="sales_promises"):
            _card("In time", row["in_time"], row["due"], "of {n} due", SLA, filters)
            _card("Attempted", row["due_attempted"], row["due"], "of {n} due", "", filters)
            tries = row["given_up_attempts"] / row["given_up"] if row["given_up"] else None
            left = f"{formats.counted(int(row['given_up']), 'lead')} unreached"
            _plain("Tries", formats.MISSING if tries is None else f"{tries:.1f}", left)
            _card("Decided", row["decided_with_reason"], row["old_enough"], "of {n}, in 14 days", "", filters)
    with marketing:
        headline("What Marketing promised", of=found)
        with st.grid(columns="auto", min_column_width=card_width(150), gap="small", key="marketing_promises"):
            _count("Handed over", float(row["handoffs"]), "handed_over_leads", filters, "count", "leads")
            value = float(row["expected_value"]) if formats.known(row["expected_value"]) else None
            _count("Lead value", value, "lead_value_delivered", filters, "money", "expected")
            _card("Met criteria", row["met_criteria"], row["handoffs"], "of {n} leads", "", filters)
    if shown().look.meeting:
        return
    st.caption(
        escape(
            "Tries: mean attempts on leads never reached and left alone for 14 days. Decided: accepted, or rejected"
            " with a reason. Lead value: what such leads (channel and segment) brought on average, in"
            f" {currency}. Plans come from Targets."
        )
    )


def _card(label: str, part: Any, whole: Any, of: str, metric: str, filters: Filters) -> None:
    share = float(part) / float(whole) if whole else None
    plan = plan_for(metric, filters) if metric and float(whole or 0) >= formats.FEW else None
    _plain(label, formats.percent(share), of.format(n=formats.count(whole)), _standing(share, plan, "percent"))


def _count(label: str, value: float | None, metric: str, filters: Filters, unit: str, noun: str) -> None:
    plan = plan_for(metric, filters)
    said = formats.number(value, unit, shown().look.currency)
    _plain(label, said, noun if plan is not None else f"{noun}; no target", _standing(value, plan, unit))


def _standing(value: float | None, plan: float | None, unit: str) -> tuple[str, str, str, str] | None:
    standing = stands(value, plan, "up") if value is not None and plan is not None else None
    if standing is None:
        return None
    whole = unit == "percent" and plan is not None and round(100 * plan, 6) == round(100 * plan)
    goal = formats.percent(plan, 0) if whole else formats.number(plan, unit, shown().look.currency)
    return WORDS[standing], goal, ICONS[standing], COLOURS[standing]


def _plain(label: str, value: str, note: str, standing: tuple[str, str, str, str] | None = None) -> None:
    with st.container(border=True, gap=None):
        st.metric(label, value)
        if standing:
            word, goal, icon, colour = standing
            st.badge(word, icon=icon, color=colour)  # pyright: ignore[reportArgumentType]
            note = f"plan {goal} · {note.removeprefix('of ')}"
        st.caption(escape(note))


def _bands(filters: Filters, clock: str) -> None:
    rows = ask("speed_bands", filters, clock=clock)
    first = float(rows.loc[rows["band_order"] <= 3, "share"].sum())
    headline(f"{formats.percent(first, 0)} were attempted within the hour", "Share of the leads handed over.", of=rows)
    chart(
        handoff.bands(rows, shown().look),
        key="bands",
        alt="; ".join(f"{row.band}: {formats.count(row.leads)}" for row in each(rows)),
        caption="Green: within the hour. Blue: in time. Brown: missed. Grey: still open, or not counted.",
    )


def _groups(groups: pd.DataFrame, by: str) -> None:
    rows = handoff.largest(groups)
    headline(
        headlines_handoff.spread(rows, by.lower()), "In time of those not pending; P50 = half within it.", of=groups
    )
    chart(
        handoff.kept(rows, shown().look),
        key="kept",
        alt=f"Share attempted in time by {by.lower()}.",
        caption=f"Grey: fewer than {formats.FEW} leads." if (rows["handoffs"] < formats.FEW).any() else "",
    )


def _attempts(filters: Filters) -> None:
    """How often a lead was tried before it was left alone, unreached."""
    rows = ask("attempts_before_giving_up", filters)
    if rows.empty:
        return
    total, once = float(rows["leads"].sum()), float(rows.loc[rows["attempts_order"] == 1, "leads"].sum())
    headline(
        f"{formats.counted(int(total), 'lead')} never reached: {formats.percent(once / total, 0)} were tried once",
        "Attempted, not reached, not accepted, and left alone for 14 days; automated messages are no attempts.",
        of=rows,
    )
    chart(handoff.attempts(rows, shown().look), key="attempts", alt="Leads never reached by attempts made.")


def _clock_line(whole: pd.Series) -> None:
    """System apart from human time in one line."""
    if formats.known(whole["system_p50"]) and formats.known(whole["human_p50"]):
        system, human = handoff.duration(whole["system_p50"]), handoff.duration(whole["human_p50"])
        st.caption(
            f"Medians: {system} until a lead is assigned (system), {human} from there to its first attempt (human)."
        )


def _clocks(whole: pd.Series, groups: pd.DataFrame, by: str) -> None:
    """System time apart from human time, where the export tells when a lead was assigned."""
    if not formats.known(whole["system_p50"]) and not formats.known(whole["human_p50"]):
        return
    rows = handoff.largest(groups[groups["system_p50"].notna() | groups["human_p50"].notna()])
    system, human = handoff.duration(whole["system_p50"]), handoff.duration(whole["human_p50"])
    headline(
        f"A lead waits {system} to be assigned and {human} for its first attempt",
        "Medians; the two need not add up to the median of the whole way.",
        of=groups,
    )
    chart(
        handoff.two_clocks(rows, shown().look),
        key="two_clocks",
        alt=f"Median system and human time by {by.lower()}.",
        caption="Grey: hand-over to assignment (system). Blue: assignment to first attempt (human). Leads given on"
        " after the first attempt are in neither: exports keep the last day of assignment only.",
    )


def _table(groups: pd.DataFrame, by: str) -> None:
    listed = groups.rename(columns={"group_value": by.lower()})
    number = st.column_config.NumberColumn
    table(
        listed,
        "speed_table",
        {
            by.lower(): st.column_config.TextColumn(by, pinned=True),
            "handoffs": number("Handed over", format="localized"),
            "p50_minutes": number("P50, min", format="localized"),
            "p90_minutes": number("P90, min", format="localized"),
            "touched": number("Touched", format="localized"),
            "pending": number("Pending", format="localized"),
            "breached": number("Breached", format="localized"),
            "in_sla": number("In time", format="localized"),
            "system_p50": number("System P50, min", format="localized"),
            "human_p50": number("Human P50, min", format="localized"),
        },
        height=fit(len(listed), 420),
    )
    st.caption("Kaplan-Meier quantiles: untouched leads count with the time they have waited. Empty: not reached yet.")
    download(groups, "speed_to_lead", "speed_csv")
