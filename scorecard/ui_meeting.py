"""The meeting: its agenda with next and back, how it is started, joined, looked back at and closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from scorecard import book_meetings, loading_back
from scorecard.book_meetings import Meeting
from scorecard.charts import formats
from scorecard.errors import ScorecardError
from scorecard.filters import Filters
from scorecard.ui_address import query_here
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of, slug
from scorecard.ui_parts import headline, table
from scorecard.ui_people import NAME, who_are_you
from scorecard.ui_state import MEETING, enter, in_address, shown

SCREEN = "screen"
LISTED = 8  # meetings a screen has room for
STYLE = """
.st-key-agenda_back button,.st-key-agenda_next button{min-width:7rem;margin:0 .5rem 0 0}
.st-key-agenda_next button{margin:0 0 0 .5rem}
.st-key-agenda [class*="st-key-screen_"] button{padding:.25rem .8rem}
.st-key-meeting_screen h3{font-size:1.7rem;line-height:1.25}
.st-key-meeting_screen [data-testid="stCaptionContainer"]{font-size:.9rem}
[class*="st-key-action_text_"] p{font-size:1.2rem;font-weight:600;line-height:1.3}
[class*="st-key-action_numbers_"] p{font-size:1.35rem;font-weight:650;line-height:1.3}
"""


@contextmanager
def agenda(*names: str) -> Iterator[str]:
    """The row of screens with back and next; what is drawn inside stands on the screen that is open.

    Plain buttons: a row of choices would keep the arrow keys to itself once somebody has clicked in it.
    """
    st.html(f"<style>{STYLE}</style>")
    asked = st.query_params.get(SCREEN) or st.session_state.get(SCREEN)
    now = str(asked) if asked in names else names[0]
    _show(now)
    at = names.index(now)
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="agenda"):
        _turn("Back", "Left", names, at - 1)
        for name in names:
            st.button(
                name,
                key=f"screen_{slug(name)}",
                type="primary" if name == now else "tertiary",
                on_click=_show,
                args=(name,),
            )
        _turn("Next", "Right", names, at + 1)
    with st.container(key="meeting_screen"):
        yield now


def _turn(word: str, key: str, names: tuple[str, ...], to: int) -> None:
    there = 0 <= to < len(names)
    st.button(
        word,
        key=f"agenda_{word.lower()}",
        icon=":material/arrow_back:" if word == "Back" else ":material/arrow_forward:",
        icon_position="left" if word == "Back" else "right",
        shortcut=key,
        disabled=not there,
        on_click=_show,
        args=(names[to] if there else names[0],),
    )


def _show(name: str) -> None:
    """Open this screen, here and in the address."""
    in_address(SCREEN, name)


def start_screen(_: Filters) -> None:
    """What starting does, who starts, and the meetings before."""
    view = shown()
    if view.info is None:
        return
    book = view.store.book
    left, right = st.columns((1.15, 1), gap="large")
    with left:
        if view.meeting and view.meeting.is_running:
            _running(view.meeting)
        elif found := book_meetings.running(book, datetime.now()):
            _join(found)
        else:
            _begin()
    with right:
        _before(book_meetings.meetings(book))


def _begin() -> None:
    view, on = shown(), as_of(shown())
    headline(
        f"Numbers to {formats.day(on)} {on.year}",
        "From the start of the meeting they stand still for everybody in it, whatever is loaded meanwhile.",
    )
    st.text(_compared())
    who = who_are_you(view.store.book, "meeting")
    st.button(
        "Start the meeting",
        key="start_meeting",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not who,
        on_click=_start,
    )
    if not who:
        st.caption("Give your name: it is kept with the meeting, its actions and notes.")
    _trouble()


def _compared() -> str:
    view = shown()
    before = loading_back.compare_default(view.store, view.info) if view.info else None
    if before is None:
        return "There are no earlier numbers to compare with yet."
    met = {one.snapshot for one in book_meetings.meetings(view.store.book)}
    day = formats.day((before.as_of or before.published_at).date())
    return f"Compared with the {'last meeting, on ' if before.id in met else ''}numbers to {day}."


def _start() -> None:
    view = shown()
    if view.info is None:
        return
    kept = [(name, value) for name, value in query_here() if name not in (SCREEN, MEETING, "meeting")]
    who = str(st.session_state.get(NAME) or "").strip()
    try:
        found = book_meetings.start(view.store.book, view.info.id, who, datetime.now(), urlencode(kept))
    except ScorecardError as error:
        st.session_state["meeting_trouble"] = str(error)
        return
    _enter(found.id)


def _enter(meeting_id: str) -> None:
    enter(meeting_id)
    st.session_state["meeting"] = True
    _show("Actions")


def _join(found: Meeting) -> None:
    headline(
        f"A meeting is running since {found.started:%H:%M}",
        f"Started by {found.who}. Who joins sees the same numbers as everybody in it.",
    )
    st.button(
        "Join the meeting",
        key="join_meeting",
        type="primary",
        icon=":material/login:",
        on_click=_enter,
        args=(found.id,),
    )


def _running(found: Meeting) -> None:
    on = as_of(shown())
    headline(
        f"In the meeting since {found.started:%H:%M}",
        f"Started by {found.who}. Everybody in it sees the numbers to {formats.day(on)}; send this page's address to"
        " let others in.",
    )
    st.text(_compared())
    with st.container(horizontal=True, gap="small"):
        st.button("To the first screen", key="to_first", type="primary", on_click=_show, args=("Actions",))
        st.button("Leave without closing", key="leave", type="tertiary", on_click=_leave)


def _leave() -> None:
    enter(None)
    st.session_state["meeting"] = False


def _before(found: list[Meeting]) -> None:
    """Earlier meetings: each opens with the numbers it had."""
    over = [one for one in found if not one.is_running or one.started.date() != datetime.now().date()]
    if not over:
        headline(
            "No meeting has been kept yet", "Each one is kept here with its numbers, and What changed begins there."
        )
        return
    headline("Earlier meetings", "Each opens with the numbers it had.")
    book = shown().store.book
    written = [one.meeting for one in book_meetings.actions(book)]
    listed = pd.DataFrame({
        "meeting": [f"{formats.day(one.started.date())} {one.started:%Y, %H:%M}" for one in over],
        "by": [one.who for one in over],
        "minutes": [_minutes(one) for one in over],
        "actions": [written.count(one.id) for one in over],
        "open": [f"/meeting?{MEETING}={one.id}&{SCREEN}=Actions" for one in over],
    })  # fmt: skip
    table(
        listed.head(LISTED),
        "meetings",
        {
            "by": "Started by",
            "minutes": st.column_config.NumberColumn("Minutes", width=80),
            "actions": st.column_config.NumberColumn("Actions", width=80),
            "open": st.column_config.LinkColumn("Numbers", display_text="open", width=80),
        },
    )


def _minutes(found: Meeting) -> int | None:
    return round((found.ended - found.started).total_seconds() / 60) if found.ended else None


def close_button() -> None:
    """The end of the meeting; everybody's numbers move on."""
    view = shown()
    if view.meeting and view.meeting.is_running:
        st.button(
            "Close the meeting",
            key="close_meeting",
            type="primary",
            icon=":material/check:",
            on_click=_close,
            args=(view.meeting,),
        )


def _close(found: Meeting) -> None:
    who = str(st.session_state.get(NAME) or "").strip() or found.who
    try:
        book_meetings.close(shown().store.book, found.id, who, datetime.now())
    except ScorecardError as error:
        st.session_state["meeting_trouble"] = str(error)
        return
    _leave()
    _show("Start")


def _trouble() -> None:
    if words := st.session_state.pop("meeting_trouble", None):
        st.error(escape(words), icon=":material/error:")
