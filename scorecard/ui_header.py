"""The head of every page: title, freshness, period, filters, meeting mode, and what is filtered now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.frames import blank, day_of, each
from scorecard.filters import LISTS, Filters, named_period
from scorecard.ui_address import computed_under
from scorecard.ui_frame import MEETING_STYLE, PAGES, PageInfo, escape, require_frame, this_run
from scorecard.ui_state import SHOWN, WANT_SAMPLE, Shown, ask, enter, look_up, pin, shown

PERIODS = ("4w", "13w", "QTD", "YTD", "All", "Custom")
STALE = timedelta(days=8)
BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
KEYS = {name: option for name, (option, _) in LISTS.items()}


def open_page(sentence: str = "", *, data: bool = True) -> Filters:
    """Draw the head of the page and return what the viewer looks at.

    `data` False: the page makes sense without any data and ignores filters.
    """
    page = require_frame()
    view = look_up()
    st.session_state[SHOWN] = view
    filters = _header(page, sentence, view, data)
    _banners(page, view)
    run = this_run()
    run.notes = st.empty()
    run.filters = filters
    if data and view.info is None:
        _welcome()
        st.stop()
    return filters


def _header(page: PageInfo, sentence: str, view: Shown, data: bool) -> Filters:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="page_head"):
        with st.container(gap=None, key="page_title"):
            st.title(page.heading, anchor=False)
            st.caption(sentence or _week(view))
        freshness(view)
        filters = Filters()
        if view.info and data:
            with st.container(horizontal=True, vertical_alignment="center", width="content", key="page_filters"):
                filters = _filter_bar(view)
        st.toggle("Meeting mode", key="meeting", **BOUND)
    if view.look.meeting:
        st.html(f"<style>{MEETING_STYLE}</style>")
    if data and filters.is_narrowed:
        _chips(filters)
    return filters


def _week(view: Shown) -> str:
    if view.info is None or view.info.as_of is None:
        return ""
    on = view.info.as_of.date()
    return f"{formats.week(on)}, against {formats.quarter(on, view.fiscal_start)} plan"


def as_of(view: Shown) -> date:
    """The day the data tells of."""
    if view.info is None:
        return date.min
    return (view.info.as_of or view.info.published_at).date()


def freshness(view: Shown) -> None:
    """How old the numbers are; amber when older than eight days, with each source in the help."""
    if view.info is None:
        return
    on = as_of(view)
    sources = ask("freshness")
    if view.is_sample and not view.newer:
        st.badge(f"Sample data to {formats.day(on)}", icon=":material/science:", color="grey", help=_sources(sources))
        return
    if view.newer:
        label = f"Data to {formats.day(on)} · newer numbers wait"
        st.badge(label, icon=":material/lock_clock:", color="blue", help=f"{_waits(view)}\n\n{_sources(sources)}")
        return
    if view.meeting and view.meeting.is_running:
        label = f"Data to {formats.day(on)} · frozen for the meeting"
        st.badge(label, icon=":material/lock_clock:", color="blue", help=_sources(sources))
        return
    now = datetime.now()
    late = now - datetime.combine(on, datetime.max.time()) > STALE
    label = f"Data to {formats.day(on)} · uploaded {formats.age(view.info.published_at, now)}"
    icon, color = (":material/schedule:", "orange") if late else (":material/check_circle:", "green")
    st.badge(label, icon=icon, color=color, help=_sources(sources))


def _waits(view: Shown) -> str:
    if view.meeting:
        return "Newer numbers were published. They wait until the meeting is closed: nothing moves under the room."
    return "Newer numbers were published. Leave meeting mode to see them."


def _sources(rows: pd.DataFrame) -> str:
    """One line a source: until when, how many rows, how many refused."""
    lines = [
        f"- {escape(row.title)}: to {_day(row.as_of)}, {formats.count(row.rows_loaded)} rows"
        + (f", {formats.count(row.rows_quarantined)} in quarantine" if row.rows_quarantined else "")
        for row in each(rows)
    ]
    return "\n".join(lines[:40]) or "No source is loaded."


def _day(value: Any) -> str:
    return "?" if blank(value) else formats.day(day_of(value))


def _filter_bar(view: Shown) -> Filters:
    period = st.segmented_control(
        "Period", PERIODS, default="13w", required=True, key="period", label_visibility="collapsed", **BOUND
    )
    start, end = _period(str(period or "13w"), view)
    with st.popover("Filters", icon=":material/filter_alt:", width="content"):
        options = ask("filter_options")
        chosen = {name: _choose(name, options) for name in KEYS}
    return replace(Filters(period_start=start, period_end=end), **chosen)


def _period(name: str, view: Shown) -> tuple[date | None, date | None]:
    on = as_of(view)
    if name != "Custom":
        return named_period(name, on, view.fiscal_start)
    first = named_period("qtd", on, view.fiscal_start)[0] or on
    picked = st.date_input(
        "From and to, both days included",
        value=(first, on),
        key="range",
        format="YYYY-MM-DD",
        label_visibility="collapsed",
        **BOUND,
    )
    days = picked if isinstance(picked, tuple) else (picked,)
    if len(days) < 2:
        return (days[0] if days else first), on + timedelta(days=1)
    return days[0], days[1] + timedelta(days=1)


def _choose(name: str, options: pd.DataFrame) -> tuple[str, ...]:
    """The filter of one dimension; drawn only where the data has values to choose from."""
    key, label = KEYS[name], LISTS[name][1]
    rows = options[options["dimension"] == key].sort_values("entities", ascending=False)
    values = [str(value) for value in rows["value"].dropna()]
    if len(values) < 2 and not st.session_state.get(key):
        return ()
    counts = [formats.count(entities) for entities in rows["entities"]]
    largest = " · ".join(f"{escape(value)} {n}" for value, n in list(zip(values, counts, strict=False))[:12])
    return tuple(st.multiselect(label, values, key=key, help=f"Records: {largest}", placeholder="All", **BOUND))


def _chips(filters: Filters) -> None:
    """What is filtered, each with a cross, and one click that clears all."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for name, key in KEYS.items():
            for at, value in enumerate(getattr(filters, name)):
                label = f"{LISTS[name][1]}: {escape(value)}"
                st.button(
                    label,
                    key=f"chip_{key}_{at}",
                    icon=":material/close:",
                    icon_position="right",
                    on_click=_drop,
                    args=(key, value),
                    help="Remove this filter",
                )
        st.button("Reset", key="chip_reset", type="tertiary", icon=":material/restart_alt:", on_click=_reset)


def _drop(key: str, value: str) -> None:
    st.session_state[key] = [kept for kept in st.session_state.get(key, []) if kept != value]


def _reset() -> None:
    for key in KEYS.values():
        if st.session_state.get(key):
            st.session_state[key] = []


def _banners(page: PageInfo, view: Shown) -> None:
    if view.problem:
        st.warning(escape(view.problem), icon=":material/warning:")
    if view.meeting and not view.meeting.is_running:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="meeting_banner"):
            when = f"{formats.day(view.meeting.started.date())} {view.meeting.started.year}"
            st.caption(f":material/groups: You see the numbers of the meeting of {when}, which is over. They stay.")
            st.button("Show the newest", key="leave_meeting", type="tertiary", on_click=enter, args=(None,))
    elif view.pinned and view.info:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pinned_banner"):
            when = f"{formats.day(view.info.published_at.date())} {view.info.published_at.year}"
            st.caption(f":material/push_pin: You see the numbers published on {when}. The address keeps them.")
            st.button("Show the newest", key="unpin", type="tertiary", on_click=pin, args=(None,))
        if words := computed_under(view):
            st.info(escape(words), icon=":material/history_edu:")
    if view.is_sample and not view.look.meeting:  # the badge says it there: the screen is full
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sample_banner"):
            st.caption(":material/science: These numbers are made up: you are looking at sample data.")
            if st.session_state.get(WANT_SAMPLE):
                st.button("Back to your data", key="leave_sample", type="tertiary", on_click=_leave_sample)
            elif page is not PAGES[-1]:
                st.page_link(PAGES[-1].path, label="Upload your own exports")


def _enter_sample() -> None:
    st.session_state[WANT_SAMPLE] = True


def _leave_sample() -> None:
    st.session_state[WANT_SAMPLE] = False


def _welcome() -> None:
    with st.container(border=True, horizontal_alignment="center", key="welcome"):
        st.subheader("No numbers yet", anchor=False)
        st.text("Upload a CRM export (leads or contacts, and deals) to see the scorecard.")
        st.page_link(PAGES[-1].path, label="Go to Data", icon=":material/upload_file:")


def nothing_here(what: str, fix: str, *, why: str | None = None) -> None:
    """The empty state: what is missing, what would bring it, and the sample to look at meanwhile."""
    with st.container(border=True, horizontal_alignment="center", key=f"empty_{slug(what)}"):
        st.subheader(what, anchor=False)
        st.text(why or fix)
        with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
            st.page_link(PAGES[-1].path, label="Go to Data", icon=":material/upload_file:")
            if not shown().is_sample:
                st.button("Load sample data", key=f"sample_{slug(what)}", on_click=_enter_sample)


def too_little(cases: float, what: str) -> None:
    """The state between nothing and enough."""
    st.info(
        f"Only {formats.count(cases)} {escape(what)}: rates are shown with wide intervals and without a verdict.",
        icon=":material/info:",
    )


def first_missing(frames: Sequence[pd.DataFrame]) -> str | None:
    """The first reason among frames that could not be computed."""
    return next((frame.attrs["missing"] for frame in frames if frame.attrs.get("missing")), None)


def slug(text: str) -> str:
    """The text as part of a widget's key."""
    return "".join(letter if letter.isalnum() else "_" for letter in text.lower())
