"""The inbox on the data page: what waits, one click to check it, and clearing it away after publishing."""

import os
import time
from pathlib import Path

import streamlit as st

from scorecard import loading_inbox
from scorecard.charts import formats
from scorecard.command_preview import note
from scorecard.loading import Preview
from scorecard.ui_frame import escape
from scorecard.ui_upload import Upload, begin

NAMED = 5


def inbox_panel(state: Upload) -> None:
    """A line when files are waiting in SCORECARD_INBOX; nothing where no inbox is set."""
    inbox = _inbox()
    if inbox is None:
        return
    try:
        found = loading_inbox.waiting(inbox, time.time())
    except OSError as error:
        st.warning(f"The inbox cannot be read ({error.strerror}). Ask whoever set SCORECARD_INBOX.")
        return
    if not found.ready and not found.unfinished:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="inbox"):
        names = ", ".join(path.name for path in found.ready[:NAMED])
        more = f" and {len(found.ready) - NAMED} more" if len(found.ready) > NAMED else ""
        verb = "is" if len(found.ready) == 1 else "are"
        with st.container(gap=None):
            st.markdown(f":material/inbox: **{formats.counted(len(found.ready), 'file')} {verb} waiting in the inbox**")
            if found.ready:
                st.text(names + more)
            if found.unfinished:
                st.caption(f"{formats.counted(len(found.unfinished), 'file')} still being written.")
        waiting = bool(found.ready) and (state.inbox is None or state.paths != found.ready)
        if waiting and st.button(
            f"Check {'it' if len(found.ready) == 1 else 'them'}",
            key="inbox_check",
            type="primary",
            icon=":material/fact_check:",
        ):
            begin(found.ready, [path.name for path in found.ready], inbox=inbox)
            st.rerun()


def _inbox() -> Path | None:
    named = os.environ.get("SCORECARD_INBOX")
    return Path(named) if named and Path(named).is_dir() else None


def clear_inbox(state: Upload, preview: Preview) -> None:
    """After publishing: files go to done/, those left out to refused/, each with a note beside it."""
    if state.inbox is None:
        return
    moved, left_out = 0, 0
    for path in state.paths:
        if not path.is_file():
            continue
        own = [report for report in preview.reports if report.dropped == path]
        is_done = any(report.status != "skipped" for report in own)
        loading_inbox.clear_away(state.inbox, path, is_done, lambda path: note(preview, path))
        moved, left_out = moved + is_done, left_out + (not is_done)
    said = f"{formats.counted(moved, 'file')} moved to done"
    st.toast(escape(said + (f", {left_out} to refused" if left_out else "") + "."))
