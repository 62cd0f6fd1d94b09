"""The day from which both teams work together and the norms of friction: agreed once, in the address for a look."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from scorecard import loading
from scorecard.book_alignment import agree, agreed
from scorecard.charts.frames import blank, day_of, each
from scorecard.errors import ScorecardError
from scorecard.filters import day_text
from scorecard.queries_friction import PARTS
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of
from scorecard.ui_people import who_are_you
from scorecard.ui_state import ask, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}


def agreement() -> Any:
    """What is agreed in the numbers shown: one row with the day, the baseline, the hours and the weights."""
    rows = each(ask("agreed_alignment"))
    return rows[0] if rows else None


def looked_at(held: Any) -> date | None:
    """The agreed day, or another one for a look, which is kept in the address and nowhere else."""
    kept = _known(held.aligned_on) if held else None
    found = st.date_input(
        "Working together since",
        value=kept,
        key="aligned",
        max_value=as_of(shown()),
        format="YYYY-MM-DD",
        width=260,
        **BOUND,
    )
    return found if isinstance(found, date) else kept


def said(held: Any, day: date | None, notes: Sequence[str] = ()) -> None:
    """One line: what is agreed and by whom, and whether the page looks at something else; then what else there is."""
    kept = _known(held.aligned_on) if held else None
    if kept is None:
        text = "No day is agreed yet: choose one for a look, or agree on it below."
    else:
        by = agreed(shown().store.book)
        who = f", agreed by {by.who} on {day_text(by.at.date())} (version {by.version})" if by else ""
        other = f" Shown is a look at {day_text(day)}, kept in the address only." if day and day != kept else ""
        text = f"Working together since {day_text(kept)}{who}.{other}"
    st.caption(escape(" ".join([*notes, text])))


def baseline(held: Any, day: date | None) -> tuple[date, date] | None:
    """The locked window friction is compared with; for a look at another day the year before that day."""
    kept = _known(held.aligned_on) if held else None
    start, end = (_known(held.baseline_start), _known(held.baseline_end)) if held else (None, None)
    if day is not None and day != kept:
        return day.replace(year=day.year - 1, day=min(day.day, 28)), day
    return (start, end) if start and end else None


def agree_form(held: Any, norms: bool) -> None:
    """The day, with `norms` the baseline, hours and weights too, agreed with a name; the numbers are published anew."""
    label = "Agree on the day, the baseline and the weights" if norms else "Agree on the day"
    panel = st.expander(label, icon=":material/handshake:", key="alignment_panel", on_change="rerun")
    if not panel.open:
        return
    with panel:
        now = shown().store.book.settings()
        name = who_are_you(shown().store.book, "alignment")
        typed = {"aligned_on": _day_field("Working together since", now["aligned_on"], "agree_day")}
        if norms:
            typed |= _norms(now)
        if st.button("Agree", key="agree_save", type="primary", disabled=not name):
            _save(typed, name)
        if not name:
            st.caption("Give your name to agree: every change is kept with who and when.")


def _norms(now: dict[str, str]) -> dict[str, str]:
    """The baseline, the hours an attempt and a piece of rework take, and five weights."""
    found = {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="agree_norms"):
        found["baseline_from"] = _day_field("Baseline from", now["baseline_from"], "agree_from")
        found["baseline_until"] = _day_field("Baseline until", now["baseline_until"], "agree_until", last=True)
        for key, label in (("attempt_hours", "Hours an attempt"), ("rework_hours", "Hours of rework")):
            found[key] = str(
                st.number_input(label, 0.0, 24.0, float(now[key]), 0.25, key=f"agree_{key}", format="%.2f", width=160)
            )
    weights = _weights(now["friction_weights"])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="agree_weights"):
        chosen = [
            st.number_input(f"Weight: {part}", 0.0, 100.0, weight, 5.0, key=f"agree_{part}", format="%.0f", width=160)
            for part, weight in zip(PARTS, weights, strict=True)
        ]
    st.caption(
        "Without days of its own the baseline is the year before the day. Weights count against each other, whatever"
        " they add up to."
    )
    found["friction_weights"] = "" if len(set(chosen)) == 1 else ",".join(f"{one:g}" for one in chosen)
    return found


def _weights(text: str) -> Sequence[float]:
    return [float(one) for one in text.split(",")] if text else [20.0] * len(PARTS)


def _day_field(label: str, kept: str, key: str, last: bool = False) -> str:
    """A date as the book keeps it; '' = none. `last`: the day shown is the last one, the book keeps the day after."""
    one = timedelta(days=1 if last else 0)
    value = date.fromisoformat(kept) - one if kept else None
    found = st.date_input(label, value, key=key, max_value=as_of(shown()), format="YYYY-MM-DD", width=200)
    return (found + one).isoformat() if isinstance(found, date) else ""


def _save(typed: dict[str, str], who: str) -> None:
    held, at = shown().store, datetime.now()
    try:
        with st.spinner("Publishing the numbers with it…"):
            agree(held.book, typed, who, at)
            loading.refresh(held, at, who)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    st.session_state.pop("aligned", None)
    st.toast("Kept with your name.", icon=":material/check:")
    st.rerun()


def _known(value: Any) -> date | None:
    return None if blank(value) else day_of(value)
