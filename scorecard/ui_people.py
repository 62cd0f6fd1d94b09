"""Who types: name and side, asked once per browser session and kept with every change."""

from datetime import datetime

import streamlit as st

from scorecard.book import Book

SIDES = ("marketing", "sales", "both")


def who_are_you(book: Book, key: str) -> str:
    """Two small fields; the name, or '' while nobody gave one."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"who_{key}"):
        name = st.text_input(
            "Your name",
            key="who_name",
            persist_state="session",
            max_chars=60,
            placeholder="kept with the change",
            width=300,
        )
        side = st.selectbox("You speak for", SIDES, key="who_side", persist_state="session", width=160)
    name = (name or "").strip()
    if name and st.session_state.get("who_saved") != (name, side):
        book.put("people_who_type", {"name": name, "side": side}, name, datetime.now())
        st.session_state["who_saved"] = (name, side)
    return name
