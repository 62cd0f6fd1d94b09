"""The rest of the data page: quarantine, history with roll back, settings and maps."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import loading, loading_back
from scorecard.book_tables import STATUSES
from scorecard.charts import formats
from scorecard.charts.frames import blank, each
from scorecard.errors import ScorecardError
from scorecard.queries import catalogue, read_table
from scorecard.queries_readers import POOL
from scorecard.schema import SIDES
from scorecard.store_snapshots import SnapshotInfo
from scorecard.ui_frame import escape
from scorecard.ui_parts import download, table
from scorecard.ui_people import who_are_you
from scorecard.ui_state import Shown, ask, pin, shown

SETTINGS: dict[str, tuple[str, str]] = {
    "reporting_currency": ("Reporting currency", "Three letters, such as USD or EUR"),
    "time_zone": ("Time zone", "Where a day begins and ends, such as Europe/Berlin"),
    "fiscal_year_start_month": ("Fiscal year starts in month", "1 is January"),
    "sla_hours": ("Follow-up within hours", "What both teams promised each other"),
}


def quarantine() -> None:
    """Every refused row with file, line, reason and raw text."""
    info = shown().info
    rows = pd.DataFrame(read_table(POOL.reader(info.path), "quarantine") if info else [])
    if rows.empty:
        st.text("No row is in quarantine: every line of every file was read.")
        return
    st.caption(
        f"{formats.count(len(rows))} rows were refused. They are in no number. Mend them at the source and load again."
    )
    table(rows, "quarantine_table", height=360)
    download(rows, "quarantine", "quarantine_csv")


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
        },
        on_select="rerun",
        selection_mode="single-row",
        height=min(380, 60 + 36 * len(rows)),
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
    _map("source_map", "Lead sources", "What each lead source means: a channel and the side that brought it.", name)
    _map("stage_map", "Stages", "What each stage of a pipeline means. An empty pipeline means all of them.", name)
    _map("owner_map", "Owners", "Names of one person that exports write differently, and their team.", name)
    _map("currency_rates", "Currencies", "What one unit is worth in the reporting currency, from a day on.", name)


def _save_settings(changed: dict[str, str], who: str) -> None:
    book, now = shown().store.book, datetime.now()
    try:
        for key, text in changed.items():
            book.set_setting(key, text, who, now)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    if changed:
        _republish(who, now)


def _republish(who: str, now: datetime) -> None:
    try:
        with st.spinner("Publishing the numbers with the change…"):
            loading.refresh(shown().store, now, who)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    st.toast("Saved.", icon=":material/check:")
    st.rerun()


MAPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "source_map": (("source_raw_norm", "channel", "side"), ("source_raw_norm",)),
    "stage_map": (
        ("pipeline", "stage_raw_norm", "stage", "status", "stage_order"),
        ("pipeline", "stage_raw_norm"),
    ),
    "owner_map": (("owner_raw_norm", "owner", "team", "region"), ("owner_raw_norm",)),
    "currency_rates": (("currency", "from_on", "rate"), ("currency", "from_on")),
}
LABELS = {
    "source_raw_norm": "Lead source as exported",
    "stage_raw_norm": "Stage as exported",
    "owner_raw_norm": "Owner as exported",
    "stage_order": "Place in the row of stages",
    "from_on": "From day",
}


def _map(name: str, title: str, what: str, who: str) -> None:
    """One map as a table to type in."""
    open_words = _unmapped(name)
    label = f"{title}: {formats.count(len(open_words))} to map" if open_words else title
    panel = st.expander(label, icon=":material/edit_note:", key=f"map_{name}", on_change="rerun")
    if not panel.open:
        return
    with panel:
        st.caption(what)
        columns, key = MAPS[name]
        before = pd.DataFrame(shown().store.book.rows(name), columns=list(columns)).astype(object)
        proposed = pd.DataFrame([*open_words, *before.to_dict("records")], columns=list(columns)).astype(object)
        after = st.data_editor(
            proposed,
            key=f"edit_{name}",
            num_rows="dynamic",
            hide_index=True,
            placeholder="",
            column_config=_map_columns(columns),
        )
        if st.button("Save", key=f"save_{name}", type="primary", disabled=not who):
            _save_map(name, before, after, key, who)


def _unmapped(name: str) -> list[dict[str, Any]]:
    """Words of the exports that nobody has mapped yet, as rows to complete."""
    if name == "source_map":
        return [{"source_raw_norm": row.entity_id} for row in each(ask("source_unmapped"))]
    if name == "stage_map":
        found = each(ask("stage_unmapped"))
        return [{"pipeline": row.label or "", "stage_raw_norm": row.entity_id} for row in found]
    return []


def _map_columns(columns: tuple[str, ...]) -> dict[str, Any]:
    config: dict[str, Any] = {name: LABELS.get(name, name.capitalize()) for name in columns}
    if "side" in columns:
        config["side"] = st.column_config.SelectboxColumn("Side", options=list(SIDES), required=True)
    if "status" in columns:
        config["status"] = st.column_config.SelectboxColumn("Status", options=list(STATUSES), required=True)
    if "stage_order" in columns:
        config["stage_order"] = st.column_config.NumberColumn("Place in the row", step=1, required=True)
    return config


def _save_map(name: str, before: pd.DataFrame, after: pd.DataFrame, key: tuple[str, ...], who: str) -> None:
    book, now = shown().store.book, datetime.now()
    named = "channel" if name == "source_map" else "stage" if name == "stage_map" else key[0]
    rows = [
        {str(column): "" if blank(value) else value for column, value in row.items()}
        for row in after.to_dict("records")
        if not blank(row[named])  # a proposed row that nobody completed stays a proposal
    ]
    kept = {tuple(str(row[column]) for column in key) for row in rows}
    gone = [
        tuple(row[column] for column in key)
        for row in before.to_dict("records")
        if tuple(str(row[column]) for column in key) not in kept
    ]
    try:
        book.put_many(name, rows, who, now)
        for one in gone:
            book.remove(name, one, who, now)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    _republish(who, now)


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
            table(rows.head(1000), f"check_rows_{query.name}")
            download(rows, query.name, f"check_csv_{query.name}")
