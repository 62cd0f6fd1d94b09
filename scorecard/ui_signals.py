"""Signals: which numbers are news this week, which are noise, and where somebody says that a number starts anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil

import pandas as pd
import streamlit as st

from scorecard import loading
from scorecard.charts import formats, xmr
from scorecard.charts.frames import day_of, each
from scorecard.errors import ScorecardError
from scorecard.filters import Filters, day_text
from scorecard.queries_signals import AT_FIXED_AGE, ROLL, alarm_line
from scorecard.ui_cards import numbers_of
from scorecard.ui_frame import escape, query_of
from scorecard.ui_header import as_of, nothing_here
from scorecard.ui_parts import chart, definition, download, headline, records_dialog, said_on
from scorecard.ui_people import who_are_you
from scorecard.ui_state import ask, missing, rollup, shown

ALL = ""
ALL_WORDS = "All metrics"
FIXED_AGE = "The chart counts wins within 30 days of creation, a fair age for every week; below: wins to the data date."
RECORDS_HELP = "The records of the last complete week"


def signals(metrics: Sequence[str], filters: Filters) -> None:
    """A small chart for each metric, signals first, and how often chance alone looks like one."""
    rows = numbers_of(filters).signals()
    found = xmr.judged(rows)
    kept = [metric for metric in metrics if metric in found]
    if not kept:
        nothing_here("No complete weeks yet", "Load a CRM export with a longer history.", why=missing(rows))
        return
    kept.sort(key=lambda metric: not found[metric].signal)
    headline(
        xmr.headline([(query_of(metric).title, found[metric]) for metric in kept]),
        "Last complete week of each number by its Monday, whatever period is chosen. Grey band: what its own noise"
        " reaches, from 26 weeks that stay as they are. Dot: a signal. Anything else is no news: no arrow, no colour.",
        of=rows,
    )
    look = shown().look
    # Two rows on the shared screen, whose height must do.
    across = max(4, ceil(len(kept) / 2)) if look.meeting else 4
    grid = st.grid(across, min_column_width=250, gap="medium", key="signal_panels")
    for metric in kept:
        with grid.cell(), st.container(gap=None, key=f"signal_{metric}"):
            _panel(metric, rows[rows["metric"] == metric], found[metric], filters)
    baseline = int(rows.loc[rows["metric"].isin(kept), "baseline_weeks"].max())
    names = tuple(query_of(metric).title for metric in kept)
    others = [note for note in rows.attrs.get("notes", ()) if note.startswith(names)]
    said = said_on(_days(rows[rows["metric"].isin(kept)]))
    st.caption(escape(" ".join(part for part in [alarm_line(baseline, len(kept)), *others, said] if part)))
    if look.meeting:
        return
    _new_starts([metric for metric in metrics if metric in found])
    panel = st.expander("What a signal is", icon=":material/info:", key="signals_defined", on_change="rerun")
    if panel.open:
        with panel:
            definition(query_of("signals"))
            download(rows[rows["metric"].isin(kept)], "signals", "signals_csv")


def _days(weeks: pd.DataFrame) -> tuple[date, date]:
    """First day of the first week and the day after the last."""
    return day_of(weeks["week"].min()), day_of(weeks["week"].max()) + timedelta(days=7)


def open_week(metric: str, weeks: pd.DataFrame, filters: Filters) -> None:
    """The records behind the last week: of the week, or of the four that a rate with few cases is taken over."""
    last = each(weeks)[-1]
    after = day_of(last.week) + timedelta(days=7)
    spans = [replace(filters, period_start=after - timedelta(weeks=many), period_end=after) for many in (1, ROLL)]
    said = FIXED_AGE if metric == AT_FIXED_AGE else ""
    found = rollup(metric, spans[0])
    cases = float(found["denominator"].iloc[0] or 0) if len(found) else 0.0
    is_one = query_of(metric).aggregate != "ratio" or cases == float(last.denominator or 0)
    records_dialog(metric, filters, cohort=spans[0 if is_one else 1], said=said)


def _panel(metric: str, rows: pd.DataFrame, found: xmr.Judged, filters: Filters) -> None:
    query, look = query_of(metric), shown().look
    height = 150 if look.meeting else 165
    badge = f"{found.badge} · " if found.signal else ""
    if st.button(f"**{escape(query.title)}**", key=f"open_signal_{metric}", type="tertiary", help=RECORDS_HELP):
        open_week(metric, rows, filters)
    st.caption(escape(f"{badge}{found.words} · {formats.day(found.week).partition(' ')[2]}"))
    alt = f"{query.title}: {found.words}. Weekly values between the limits of their noise."
    drawn = xmr.panel(rows, query.unit, look, height=height)
    chart(drawn, key=f"xmr_{metric}", alt=alt, days=_days(rows), per="week", words=False)


def _new_starts(metrics: Sequence[str]) -> None:
    """What was declared, and a form to declare more: the only way limits begin anew."""
    panel = st.expander("Declare a new start", icon=":material/restart_alt:", key="new_start", on_change="rerun")
    if panel.open:
        with panel:
            _declared()
            _form(metrics)


def _declared() -> None:
    rows = ask("regime_breaks", None)
    st.caption(
        "When something really changed - a new price, a new team, another definition of a lead - say so here. Limits"
        " are drawn anew from the first whole week on or after that day; the earlier weeks keep theirs."
    )
    for at, row in enumerate(each(rows)):
        name = query_of(str(row.metric)).title if row.metric else ALL_WORDS
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"declared_{at}"):
            st.text(f"{day_text(day_of(row.from_on))} · {name} · {row.note} ({row.declared_by})")
            who = str(st.session_state.get("who_name") or "").strip()
            if st.button("Take back", key=f"take_back_{at}", type="tertiary", disabled=not who):
                _write(who, remove=(str(row.metric), day_of(row.from_on).isoformat()))


def _form(metrics: Sequence[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="new_start_fields"):
        metric = st.selectbox(
            "Number",
            [ALL, *metrics],
            key="new_start_metric",
            format_func=lambda name: query_of(name).title if name else ALL_WORDS,
            width=260,
        )
        day = st.date_input("From", value=as_of(shown()), max_value=as_of(shown()), key="new_start_day", width=170)
        note = st.text_input("What changed", key="new_start_note", max_chars=120, width=380)
    name = who_are_you(shown().store.book, "new_start")
    if st.button("Declare", key="new_start_save", type="primary", disabled=not (name and note.strip())):
        _write(name, {"metric": metric, "from_on": day, "note": note.strip()})
    if not name:
        st.caption("Give your name to save: every change is kept with who and when.")


def _write(who: str, entry: dict[str, object] | None = None, remove: tuple[str, str] | None = None) -> None:
    held, now = shown().store, datetime.now()
    try:
        with st.spinner("Drawing the limits anew…"):
            if entry:
                row = {**entry, "by": who, "at": now.isoformat(timespec="seconds")}
                held.book.put("regime_breaks", row, who, now)
            if remove:
                held.book.remove("regime_breaks", remove, who, now)
            loading.refresh(held, now, who)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    st.toast("Kept with your name.", icon=":material/check:")
    st.rerun()
