"""Data: upload the weekly exports, see what became of every row, and go back when needed."""

import streamlit as st

from scorecard import ui

ui.open_page("Upload the weekly exports. Nothing is shared until you publish", data=False)
ui.turn_to("data_tab")
tabs = st.tabs(
    ["Upload", "Checks", "Quarantine", "History", "Settings", "Which report to export"],
    key="data_tab",
    on_change="rerun",
    bind="query-params",
)
upload, checks, quarantine, history, settings, guides = tabs

with upload:
    if snapshot := st.session_state.pop("published", None):
        st.success("Published. Every page shows the new numbers now.", icon=":material/check_circle:")
        st.caption(f"Snapshot {snapshot}. History can bring the earlier ones back.")
    if preview := ui.upload_panel():
        ui.headline("What will change")
        ui.commit_panel(preview)
    ui.headline("What is loaded now", "The newest file of each source. Rows read = loaded + in quarantine + not data.")
    ui.loaded_sources()
    with st.expander("Templates: an empty file for each table, with columns that are always understood"):
        ui.templates()

with checks:
    if checks.open:
        ui.checks()

with quarantine:
    if quarantine.open:
        ui.quarantine()

with history:
    if history.open:
        ui.history()

with settings:
    if settings.open:
        ui.settings()

with guides:
    if guides.open:
        ui.export_guides()
