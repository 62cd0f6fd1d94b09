"""Who types: name and side, asked once per browser session and kept with every change."""

from datetime import datetime

import streamlit as st

from scorecard.book import Book
from scorecard.ui_frame import this_run

SIDES = ("marketing", "sales", "both")
NAME, SIDE = "who_name", "who_side"


def who_are_you(book: Book, key: str) -> str:
    """Two small fields; the name, or '' while nobody gave one. Once a page: asked elsewhere, the name is only shown."""
    run = this_run()
    if run.has_who:
        return _again(key)
    run.has_who = True
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"who_{key}"):
        name = st.text_input(
            "Your name",
            key=NAME,
            persist_state="session",
            max_chars=60,
            placeholder="kept with the change",
            width=300,
        )
        side = st.selectbox("You speak for", SIDES, key=SIDE, persist_state="session", width=160)
    name = (name or "").strip()
    if name and st.session_state.get("who_saved") != (name, side):
        book.put("people_who_type", {"name": name, "side": side}, name, datetime.now())
        st.session_state["who_saved"] = (name, side)
    return name


def _again(key: str) -> str:
    """Where the fields stand elsewhere on the page, perhaps on a tab that is closed."""
    name = str(st.session_state.get(NAME) or "").strip()
    if not name:
        field = f"who_again_{key}"
        st.text_input("Your name", key=field, max_chars=60, width=300, on_change=_take_name, args=(field,))
    return name


def _take_name(field: str) -> None:
    st.session_state[NAME] = st.session_state[field]
