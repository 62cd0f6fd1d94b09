"""Saved views: a name for an address, kept in the team's book and opened by one click."""

from datetime import datetime
from html import escape as html_escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from scorecard.errors import ScorecardError
from scorecard.ui_address import full, path_of, query_here
from scorecard.ui_frame import PAGES, PageInfo, escape
from scorecard.ui_people import NAME, SIDE, SIDES
from scorecard.ui_state import store

SAVED = "view_saved"
MOST = 30  # views a menu has room for


def views_menu(page: PageInfo) -> None:
    """The menu in the header."""
    rows = _views()
    with st.popover("Views", icon=":material/bookmark:", type="tertiary", width="content", key="views_menu"):
        if rows:
            st.html(f'<nav class="saved-views">{"".join(_link(row) for row in rows[:MOST])}</nav>')
        else:
            st.caption("No view is saved yet. A view keeps the page, its filters and what is open on it.")
        if st.button("Save this view…", key="save_view", icon=":material/bookmark_add:", type="tertiary"):
            _save(page)
        if rows and st.button("Remove a view…", key="remove_view", icon=":material/delete:", type="tertiary"):
            _remove()


def _views() -> list[dict[str, Any]]:
    """Those whose page is still there."""
    known = {page.file for page in PAGES}
    return [row for row in store().book.rows("views") if row["page"] in known]


def _path(row: dict[str, Any]) -> str:
    page = next(page for page in PAGES if page.file == row["page"])
    return path_of(page, parse_qsl(str(row["query"])))


def _link(row: dict[str, Any]) -> str:
    """A plain link: the page is loaded afresh, so that nothing chosen before mixes with the view."""
    page = next(page for page in PAGES if page.file == row["page"])
    what = f"{page.menu} · saved by {row['by']}, {str(row['at'])[:10]}"
    return f'<a href="{html_escape(_path(row))}"><b>{html_escape(row["name"])}</b><span>{html_escape(what)}</span></a>'


@st.dialog("Save this view")
def _save(page: PageInfo) -> None:
    """Name it; who saves is asked once a session."""
    if done := st.session_state.pop(SAVED, None):
        st.success(escape(f"Saved as “{done['name']}”. Everybody finds it under Views. Its link:"))
        st.code(full(_path(done)), language=None, wrap_lines=True)
        return
    query = query_here()
    st.caption("It keeps the page, the period, the filters and what is open on it. The numbers are always the newest.")
    with st.form("view_form", border=False):
        st.text_input("Name of the view", key="view_name", max_chars=60, placeholder="DACH, new business")
        _who()
        st.form_submit_button("Save", type="primary", on_click=_keep, args=(page.file, urlencode(query)))
    _trouble()


def _who() -> None:
    st.text_input("Your name", key="view_who", max_chars=60, value=str(st.session_state.get(NAME) or ""))
    at = SIDES.index(st.session_state[SIDE]) if st.session_state.get(SIDE) in SIDES else 0
    st.selectbox("You speak for", SIDES, key="view_side", index=at)


def _keep(page: str, query: str) -> None:
    name, who = (str(st.session_state.get(key) or "").strip() for key in ("view_name", "view_who"))
    if not name or not who:
        st.session_state["view_trouble"] = "Give the view a name, and yours: every change is kept with who and when."
        return
    now = datetime.now()
    row = {"name": name, "page": page, "query": query, "by": who, "at": now.isoformat(" ", "minutes")}
    person = {"name": who, "side": st.session_state["view_side"]}
    try:
        store().book.put_together([("people_who_type", person), ("views", row)], who, now)
    except ScorecardError as error:
        st.session_state["view_trouble"] = str(error)
        return
    st.session_state[NAME], st.session_state[SIDE] = who, person["side"]
    st.session_state[SAVED] = row


def _trouble() -> None:
    if words := st.session_state.pop("view_trouble", None):
        st.error(escape(words), icon=":material/error:")


@st.dialog("Remove a view")
def _remove() -> None:
    """For everybody; the book's history keeps what it was."""
    names = [str(row["name"]) for row in _views()]
    if not names:
        st.text("No view is saved.")
        return
    with st.form("view_remove_form", border=False):
        st.selectbox("View", names, key="view_gone")
        _who()
        st.form_submit_button("Remove for everybody", on_click=_drop)
    _trouble()


def _drop() -> None:
    name, who = (str(st.session_state.get(key) or "").strip() for key in ("view_gone", "view_who"))
    if not who:
        st.session_state["view_trouble"] = "Give your name: every change is kept with who and when."
        return
    store().book.remove("views", [name], who, datetime.now())
