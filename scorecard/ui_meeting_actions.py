"""Actions in the meeting: did their metric move, and the one line in which the next one is written."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pandas as pd
import streamlit as st

from scorecard import book_meetings
from scorecard.book_meetings import DONE, DROPPED, Action
from scorecard.book_tables import TEAMS
from scorecard.charts import formats
from scorecard.charts.cards import KPIS
from scorecard.errors import ScorecardError
from scorecard.export.actions import (
    Measured,
    Verdict,
    answers,
    expected_words,
    first_reading,
    kept_filters,
    measure,
    summary,
)
from scorecard.filters import Filters
from scorecard.ui_cards import numbers_of
from scorecard.ui_frame import escape, query_of, this_run
from scorecard.ui_meeting import close_button
from scorecard.ui_meeting_notes import note_form
from scorecard.ui_parts import fit, headline, table
from scorecard.ui_people import NAME, SIDE, who_are_you
from scorecard.ui_state import shown

A_SCREEN = 4  # actions that fit one screen
Colour = Literal["green", "orange", "red", "grey", "blue"]
LOOK: dict[Verdict, tuple[str, Colour]] = {
    "expected": (":material/check_circle:", "green"),
    "less": (":material/trending_flat:", "orange"),
    "moved": (":material/swap_vert:", "blue"),
    "other_way": (":material/cancel:", "red"),
    "noise": (":material/remove:", "grey"),
    "few": (":material/help:", "grey"),
    "waiting": (":material/schedule:", "grey"),
    "unmeasured": (":material/forum:", "grey"),
}
NOTHING = "No metric"
FIELDS = ("action_text", "action_owner", "action_side", "action_due", "action_metric", "action_by")


def actions_screen(filters: Filters) -> None:
    """The open actions written before this meeting, each with its metric then and now."""
    view = shown()
    since = view.meeting.started if view.meeting else None
    kept = book_meetings.actions(view.store.book, only_open=not (view.meeting and not view.meeting.is_running))
    before = [one for one in kept if since is None or one.at < since]
    if not before:
        headline(
            "No action of an earlier meeting is open",
            "An action is written on the screen Decisions. Next week this screen says whether its metric moved.",
        )
        return
    found = [_measured(one) for one in sorted(before, key=lambda one: (one.at, one.id), reverse=True)]
    headline(
        summary(found),
        "Each metric measured again under the same filters, over complete weeks. Noise: what weeks differ by anyway.",
        of=answers(numbers_of(Filters()), found),
    )
    pages = -(-len(found) // A_SCREEN)
    page = st.session_state.get("actions_page", 1)
    page = min(page, pages)
    for one in found[(page - 1) * A_SCREEN : page * A_SCREEN]:
        _row(one)
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.pagination(pages, key="actions_page")
            st.caption(f"{formats.counted(len(found), 'action')} open.")


def _measured(action: Action) -> Measured:
    return measure(numbers_of(Filters()), action)


def _row(found: Measured) -> None:
    """What, who and until when; then and now; the word; and whether it is done."""
    action, currency = found.action, shown().look.currency
    with st.container(border=True, key=f"action_row_{action.id}"):
        what, moved, word, settle = st.columns((1.5, 1.35, 1.2, 0.5), gap="medium", vertical_alignment="center")
        with what, st.container(gap=None):
            with st.container(key=f"action_text_{action.id}"):
                st.markdown(escape(action.text))
            st.caption(escape(_who(action)))
        with moved, st.container(gap=None):
            with st.container(key=f"action_numbers_{action.id}"):
                st.markdown(escape(_numbers(found, currency)))
            st.caption(escape(_beside(found, currency)))
        with word, st.container(gap=None):
            icon, colour = LOOK[found.verdict]
            st.badge(found.word, icon=icon, color=colour)
            st.caption(escape(found.why))
        with settle:
            _settle_buttons(action)


def _who(action: Action) -> str:
    owner = f"{action.owner} ({action.side.capitalize()})" if action.owner else action.side.capitalize()
    due = f"due {formats.day(action.due)}" if action.due else "no date"
    late = " · overdue" if action.due and action.due < _today() else ""
    return f"{owner} · {due}{late} · written {formats.day(action.at.date())}"


def _numbers(found: Measured, currency: str) -> str:
    if found.before is None:
        return "No metric"
    then = formats.number(found.before.value, found.unit, currency)
    if found.after is None:
        return f"{then} so far"
    return f"{then} → {formats.number(found.after.value, found.unit, currency)}"


def _beside(found: Measured, currency: str) -> str:
    """Metric, hoped for, n, weeks and filters."""
    if found.before is None:
        return ""
    reading = found.after or found.before
    hoped = f"expected {expected_words(found, currency)}" if found.action.expected else ""
    cut = ", ".join(value for values in found.action.filters.values() for value in values)
    parts = [found.title, hoped, f"n={formats.count(reading.cases)}", formats.span(reading.start, reading.end), cut]
    return " · ".join(part for part in parts if part)


def _settle_buttons(action: Action) -> None:
    if action.status != book_meetings.OPEN:
        st.caption(f"{action.status.capitalize()} by {escape(action.closed_by)}")
        return
    who = _name()
    with st.container(gap="xsmall"):
        for word, state, icon in (("Done", DONE, ":material/check:"), ("Drop", DROPPED, ":material/close:")):
            st.button(
                word,
                key=f"{state}_{action.id}",
                icon=icon,
                width="stretch",
                disabled=not who,
                help=None if who else "Give your name on the screen Start or Decisions.",
                on_click=_settle,
                args=(action.id, state),
            )


def _settle(action_id: int, state: str) -> None:
    try:
        book_meetings.settle(shown().store.book, action_id, state, _name(), datetime.now())
    except ScorecardError as error:
        st.session_state["action_trouble"] = str(error)


def _name() -> str:
    """Who types: the name given in this browser, else whoever started the meeting for the room."""
    view = shown()
    given = str(st.session_state.get(NAME) or "").strip()
    return given or (view.meeting.who if view.meeting and view.meeting.is_running else "")


def _today() -> date:
    return datetime.now().date()


def decisions_screen(filters: Filters) -> None:
    """One line for an action, one for a note on a date, what was decided, and the end of the meeting."""
    view = shown()
    book = view.store.book
    kept = book_meetings.actions(book, only_open=True)
    mine = [one for one in kept if view.meeting and one.meeting == view.meeting.id]
    headline(
        _written(len(mine)) if view.meeting or not kept else formats.counted(len(kept), "open action"),
        "Write what is done by whom. Its metric is noted as it stands and measured again next week by itself.",
    )
    if view.meeting is None:
        who_are_you(book, "action")
    _form(filters)
    _trouble()
    _list(mine or kept)
    note_form(_name)
    close_button()


def _written(many: int) -> str:
    return f"{formats.counted(many, 'action')} written in this meeting" if many else "What do we do until next week?"


def _form(filters: Filters) -> None:
    """The line: Enter writes it with what is proposed."""
    names = [name for name, _ in KPIS] + [
        name for name, query in this_run().queries.items() if query.folder == "metric" and name not in dict(KPIS)
    ]
    st.session_state.setdefault("action_metric", _proposed(filters))
    st.session_state.setdefault("action_due", _today() + timedelta(days=7))
    st.session_state.setdefault("action_side", str(st.session_state.get(SIDE) or "both"))
    with (
        st.form("action_form", border=False, enter_to_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        st.text_input("Action", key="action_text", max_chars=140, placeholder="Call every demo request within a day")
        st.text_input("Owner", key="action_owner", max_chars=60, width=190, placeholder="Who does it")
        st.selectbox("Side", TEAMS, key="action_side", width=150, format_func=str.capitalize)
        st.date_input("Due", key="action_due", width=190, format="YYYY-MM-DD")
        st.selectbox("Metric", [NOTHING, *names], key="action_metric", width=240, format_func=_title)
        st.number_input("Better by", 0.0, 1000.0, 10.0, 1.0, key="action_by", width=130, format="%g")
        st.form_submit_button("Write", type="primary", icon=":material/add:", on_click=_write, args=(filters,))
    cut = ", ".join(filters.describe()[1:])
    st.caption(
        escape(
            "Better by: points for a rate (10 = 10 pp), percent for anything else; 0 = no expectation."
            + (f" Measured with the filters of now: {cut}." if cut else " Measured over the whole business.")
        )
    )


def _title(name: str) -> str:
    return dict(KPIS).get(name) or (NOTHING if name == NOTHING else query_of(name).title)


def _proposed(filters: Filters) -> str:
    """The first number of the meeting that is off plan and that a week can move, else the first."""
    numbers = numbers_of(filters)
    # What people created lately become later (by the data date, within 180 days) no action of this week can show.
    quick = [one for one in KPIS if ";" not in query_of(one[0]).header.get("clock", "").replace("; close date", "")]
    for wanted in ("off", "near"):
        for metric, label in quick:
            unknown = numbers.rollup(metric, numbers.cohort(metric)).attrs.get("missing")
            if not unknown and numbers.card(metric, label).standing == wanted:
                return metric
    return KPIS[0][0]


def _write(filters: Filters) -> None:
    """Keep the action with its metric as it stands on the numbers shown."""
    view, name = shown(), _name()
    if not name:
        st.session_state["action_trouble"] = "Give your name: every action is kept with who wrote it."
        return
    asked = {key: st.session_state.get(key) for key in FIELDS}
    row: dict[str, Any] = {
        "text": asked["action_text"],
        "owner": asked["action_owner"],
        "side": asked["action_side"],
        "due": asked["action_due"],
        "snapshot": view.info.id if view.info else None,
        "meeting": view.meeting.id if view.meeting else None,
    }
    try:
        if asked["action_metric"] != NOTHING:
            row |= _reading(str(asked["action_metric"]), filters, float(asked["action_by"] or 0))
        book_meetings.write(view.store.book, row, name, datetime.now())
    except ScorecardError as error:
        st.session_state["action_trouble"] = str(error)
        return
    st.session_state["action_text"] = ""


def _reading(metric: str, filters: Filters, by: float) -> dict[str, Any]:
    """What the metric is now, over which weeks, and the change hoped for with its sign."""
    kept, query = kept_filters(filters), query_of(metric)
    found = first_reading(numbers_of(filters), metric, kept)
    sign = -1 if query.good == "down" else 1
    return {
        "metric": metric,
        "filters": kept,
        "weeks": (found.end - found.start).days // 7,
        "week_end": found.end,
        "value": None if found.value is None else Decimal(repr(found.value)),
        "cases": found.cases,
        "expected": Decimal(str(sign * by)) / 100 if by else None,
    }


def _list(kept: list[Action]) -> None:
    if not kept:
        return
    currency = shown().look.currency
    found = [_measured(one) for one in reversed(kept)]
    listed = pd.DataFrame({
        "what": [one.action.text for one in found],
        "owner": [one.action.owner for one in found],
        "due": [one.action.due for one in found],
        "metric": [one.title or NOTHING for one in found],
        "stands": [_numbers(one, currency) if one.before else "" for one in found],
        "expected": [expected_words(one, currency) if one.action.expected else "" for one in found],
        "by": [one.action.by for one in found],
    })  # fmt: skip
    table(
        listed,
        "actions_list",
        {
            "what": st.column_config.TextColumn("Action", width="large"),
            "due": st.column_config.DateColumn("Due", format="D MMM YYYY"),
            "stands": "As it stands",
            "by": "Written by",
        },
        height=fit(len(listed), 220),
    )


def _trouble() -> None:
    if words := st.session_state.pop("action_trouble", None):
        st.error(escape(words), icon=":material/error:")
