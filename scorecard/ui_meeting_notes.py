"""Notes on dates: one line to write one, and a small panel to change or remove it."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from scorecard import book_meetings
from scorecard.book_meetings import Annotation
from scorecard.charts import formats
from scorecard.errors import ScorecardError
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of
from scorecard.ui_people import SIDE
from scorecard.ui_state import shown

NO_NAME = "Give your name: every note is kept with who wrote it."


def note_form(who: Callable[[], str]) -> None:
    """A note on a date: it stands on every trend from then on."""
    st.session_state.setdefault("note_day", as_of(shown()))
    kept = book_meetings.annotations(shown().store.book)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="notes"):
        with (
            st.form("note_form", border=False, enter_to_submit=True),
            st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
        ):
            st.text_input("Note on a date", key="note_text", max_chars=80, placeholder="New pricing page goes live")
            st.date_input("Date", key="note_day", width=190, format="YYYY-MM-DD")
            st.form_submit_button("Note it", icon=":material/edit_calendar:", on_click=_annotate, args=(who,))
        if kept:
            with st.popover(f"All {len(kept)}", icon=":material/edit:", width="content"):
                _edit(kept, who)


def _annotate(who: Callable[[], str]) -> None:
    text, day, name = st.session_state["note_text"], st.session_state["note_day"], who()
    side = str(st.session_state.get(SIDE) or "both")
    if not name:
        st.session_state["action_trouble"] = NO_NAME
        return
    try:
        book_meetings.annotate(shown().store.book, day, text, side, name, datetime.now())
    except ScorecardError as error:
        st.session_state["action_trouble"] = str(error)
        return
    st.session_state["note_text"] = ""
    st.toast("Noted: it stands on the trends from now on.", icon=":material/check:")


def _edit(kept: list[Annotation], who: Callable[[], str]) -> None:
    """Another day or wording for a note; or away with it."""
    by_id = {one.id: one for one in kept}
    picked = st.selectbox("Note", list(by_id)[::-1], key="note_picked", format_func=lambda one: _label(by_id[one]))
    found = by_id[int(picked or kept[-1].id)]
    text = st.text_input("Words", found.text, key=f"note_words_{found.id}", max_chars=80)
    day = st.date_input("Day", found.day, key=f"note_on_{found.id}", format="YYYY-MM-DD")
    with st.container(horizontal=True, gap="small"):
        st.button("Change", key="note_change", on_click=_change, args=(found.id, day, text, who))
        st.button("Remove", key="note_remove", type="tertiary", on_click=_change, args=(found.id, day, "", who))
    st.caption(escape(f"Written by {found.by}, {formats.day(found.at.date())}."))


def _label(found: Annotation) -> str:
    return f"{found.day:%Y-%m-%d} {found.text[:40]}"


def _change(number: int, day, text: str, who: Callable[[], str]) -> None:
    name = who()
    if not name:
        st.session_state["action_trouble"] = NO_NAME
        return
    try:
        book_meetings.change_note(shown().store.book, number, day, text, name, datetime.now())
    except ScorecardError as error:
        st.session_state["action_trouble"] = str(error)
