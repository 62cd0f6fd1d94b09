"""The rest of the data page: what is loaded, history with roll back, settings, and checks."""

from datetime import datetime

import pandas as pd
import streamlit as st

from scorecard import loading_back
from scorecard.charts import formats
from scorecard.errors import ScorecardError
from scorecard.queries import catalogue
from scorecard.store_snapshots import SnapshotInfo
from scorecard.ui_columns import remembered_mappings
from scorecard.ui_frame import escape
from scorecard.ui_parts import download, fit, table
from scorecard.ui_people import who_are_you
from scorecard.ui_state import Shown, ask, pin, shown
from scorecard.ui_words import CHECKS, answer_words, maps, open_words, republish

SETTINGS: dict[str, tuple[str, str]] = {
    "reporting_currency": ("Reporting currency", "Three letters, such as USD or EUR"),
    "time_zone": ("Time zone", "Where a day begins and ends, such as Europe/Berlin"),
    "fiscal_year_start_month": ("Fiscal year starts in month", "1 is January"),
    "business_hours": ("Business hours", "Such as Mon-Thu 09:00-17:00, Fri 09:00-15:00; or 24/7"),
    "holidays": ("Holidays", "Days off, such as 2026-12-25, 2027-01-01; no time passes on them"),
    "sla_hours": (
        "Follow-up within business hours",
        "What both teams promised each other; 8 is one working day of 8 hours",
    ),
    "lead_criteria": (
        "Agreed criteria of a lead",
        "What a lead must be at the hand-over, such as email, company, segment=Enterprise|SMB, source!=List, score>=50",
    ),
    "session_minutes": ("A session, minutes", "Touches of a person in one channel and campaign within it count once"),
    "half_life_days": ("Half-life of time decay, days", "A touch that many days before the close counts half"),
    "custom_weights": (
        "Own attribution weights",
        "Points: first touch, last before lead, last before deal, last before close, between (20,0,0,60,20); or none",
    ),
    "journey_people": (
        "Whose touches count for a deal",
        "roles: the people the deal names, else its company's; account: everybody of the company",
    ),
}


def loaded_sources() -> None:
    """What is loaded now: each source, the day it tells of, and what became of its rows."""
    rows = ask("freshness") if shown().info else pd.DataFrame()
    if rows.empty:
        st.text("Nothing is loaded yet. Drop a CRM export above; the sample data stays apart.")
        return
    wanted = rows[
        ["title", "as_of", "loaded_at", "rows_read", "rows_loaded", "rows_quarantined", "rows_not_data", "file"]
    ]
    table(
        wanted.sort_values("title"),
        "loaded_sources",
        {
            "title": st.column_config.TextColumn("Source"),
            "as_of": st.column_config.DateColumn("Data to", format="D MMM YYYY"),
            "loaded_at": st.column_config.DatetimeColumn("Uploaded", format="D MMM YYYY, HH:mm"),
            "rows_read": st.column_config.NumberColumn("Rows read", format="localized"),
            "rows_loaded": st.column_config.NumberColumn("Loaded", format="localized"),
            "rows_quarantined": st.column_config.NumberColumn("In quarantine", format="localized"),
            "rows_not_data": st.column_config.NumberColumn("Not data", format="localized"),
            "file": st.column_config.TextColumn("Newest file"),
        },
    )


def history() -> None:
    """The published snapshots, newest first, and the way back and forward."""
    view = shown()
    snapshots = sorted(view.store.snapshots(), key=lambda info: info.id, reverse=True)
    if not snapshots:
        st.text("Nothing was published yet.")
        return
    rows = pd.DataFrame(
        {
            "shown": ["●" if info.is_current else "" for info in snapshots],
            "published": [info.published_at for info in snapshots],
            "data to": [info.as_of for info in snapshots],
            "by": [info.who for info in snapshots],
            "why": [info.reason for info in snapshots],
            "files": [info.imports for info in snapshots],
            "deals": [info.rows.get("deals", 0) for info in snapshots],
            "people": [info.rows.get("people", 0) for info in snapshots],
            "id": [info.id for info in snapshots],
        }
    )
    event = table(
        rows,
        "history_table",
        {
            "published": st.column_config.DatetimeColumn("Published", format="D MMM YYYY, HH:mm"),
            "data to": st.column_config.DateColumn("Data to", format="D MMM YYYY"),
            "why": st.column_config.TextColumn("Why", width="medium"),
            "deals": st.column_config.NumberColumn("Deals", format="localized"),
            "people": st.column_config.NumberColumn("People", format="localized"),
        },
        on_select="rerun",
        selection_mode="single-row",
        height=fit(len(rows), 380),
    )
    chosen = event.selection.rows
    if not chosen:
        st.caption("Choose a row to look at that state of the numbers, or to show it to everybody. You can come back.")
    else:
        _bring_back(view, snapshots[chosen[0]])


def _bring_back(view: Shown, info: SnapshotInfo) -> None:
    """Look at an earlier state alone, or show it to everybody."""
    label = f"Show the numbers of {formats.day(info.published_at.date())} {info.published_at:%H:%M}"
    st.button(
        "Look at them alone, with an address to send",
        key="pin_snapshot",
        icon=":material/push_pin:",
        on_click=pin,
        args=(info.id,),
    )
    if st.button(label, key="use_snapshot", type="primary", disabled=info.is_current):
        try:
            loading_back.snapshot(view.store, info.id)
            view.store.use(info.id)
        except ScorecardError as error:
            st.error(escape(str(error)))
            return
        st.toast("Done. Every page shows this state now.")
        st.rerun()


def settings() -> None:
    """Settings and maps; saving publishes numbers computed with them."""
    view = shown()
    name = who_are_you(view.store.book, "settings")
    if not name:
        st.caption("Give your name to save: every change is kept with who and when.")
    with st.form("settings_form", border=True):
        st.subheader("Settings", anchor=False)
        values = view.store.book.settings()
        typed = {
            key: st.text_input(label, value=values[key], help=help_text, key=f"setting_{key}")
            for key, (label, help_text) in SETTINGS.items()
        }
        if st.form_submit_button("Save settings", type="primary", disabled=not name):
            _save_settings({key: text for key, text in typed.items() if text != values[key]}, name)
    maps(name)
    remembered_mappings(name)


def _save_settings(changed: dict[str, str], who: str) -> None:
    book, now = shown().store.book, datetime.now()
    try:
        for key, text in changed.items():
            book.set_setting(key, text, who, now)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    if changed:
        republish(who, now)


def checks() -> None:
    """What is odd about the loaded data, each with its rows; nothing here is left out of a number without a word."""
    found = [query for query in catalogue().values() if query.folder == "check"]
    results = {query.name: ask(query.name) for query in found}
    odd = [query for query in found if len(results[query.name])]
    st.caption(f"{formats.count(len(found) - len(odd))} of {formats.count(len(found))} checks found nothing.")
    for query in odd:
        rows = results[query.name]
        label = f"{query.title}: {formats.count(len(rows))}"
        with st.expander(label, icon=":material/report:", key=f"check_{query.name}"):
            st.text(query.definition)
            if query.name in CHECKS:
                _answer(query.name)
            table(rows.head(1000), f"check_rows_{query.name}")
            download(rows, query.name, f"check_csv_{query.name}")


def _answer(check: str) -> None:
    """Words nobody has explained, answered where they are counted."""
    own = shown().store
    who = who_are_you(own.book, f"check_{check}")
    answer_words([word for word in open_words() if word.what == CHECKS[check]], check, who, own, publish=True)
