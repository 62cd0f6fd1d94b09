"""The agenda's screens that only show: signals, what changed, the quarter, and who watched and was not called."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import fan, flow, formats
from scorecard.charts.cards import KPIS
from scorecard.charts.frames import blank, each
from scorecard.charts.signals import control_chart
from scorecard.export.actions import last_week_end
from scorecard.filters import Filters
from scorecard.ui_flow import beside, compared_with_last, pipeline_chart
from scorecard.ui_forecast import fan_chart, of_the_quarter
from scorecard.ui_frame import escape, query_of, this_run
from scorecard.ui_header import as_of, nothing_here
from scorecard.ui_parts import chart, headline, table
from scorecard.ui_state import ask, missing, shown
from scorecard.ui_video_hot import NOBODY, said, since, waiting

SIGNALS = "signals"
WEEKS = 26
DRAWN = 2  # signals a screen has room for as charts
ROWS = 7  # rows of a table beside or below a chart
RULES = {"1": "outside its limits", "2": "eight weeks or more on one side of its centre"}


def signals_screen(filters: Filters) -> None:
    """Only what is more than noise; the rest is named as quiet."""
    if SIGNALS not in this_run().queries:
        nothing_here(
            "Signals and noise are not told apart yet",
            "This version of the scorecard draws no limits of noise, so nothing is called a signal here.",
        )
        return
    end = last_week_end(as_of(shown()))
    rows = ask(SIGNALS, replace(filters, period_start=end - timedelta(weeks=1), period_end=end))
    if rows.empty:
        nothing_here(
            "No complete week to judge", "Load exports that reach over at least eight weeks.", why=missing(rows)
        )
        return
    found = rows[rows["signal"].fillna(False).astype(bool)]
    quiet = rows[~rows["metric"].isin(found["metric"])]
    headline(_signal_headline(found, quiet), f"{formats.week(end - timedelta(days=1))}, the last complete one.")
    for column, row in zip(st.columns(max(min(len(found), DRAWN), 1), gap="large"), each(found), strict=False):
        with column:
            _signal(row, filters)
    if len(found) > DRAWN:
        more = [f"{_name(row.metric)} {_value(row.metric, row.value)}: {_rule(row)}" for row in each(found[DRAWN:])]
        st.markdown(escape("Also: " + "; ".join(more) + "."))
    if len(quiet):
        names = ", ".join(f"{_name(row.metric)} {_value(row.metric, row.value)}" for row in each(quiet))
        st.caption(escape(f"Within their noise, so nothing to explain: {names}."))
    for sentence in rows.attrs.get("notes", ())[:2]:
        st.caption(escape(sentence))


def _signal_headline(found: pd.DataFrame, quiet: pd.DataFrame) -> str:
    if found.empty:
        return f"No signal: all {formats.words(len(quiet))} numbers moved within their noise"
    names = [_name(name) for name in dict.fromkeys(found["metric"])]
    many, of = formats.words(len(names)).capitalize(), formats.words(len(names) + len(quiet))
    verb = "is a signal" if len(names) == 1 else "are signals"
    return f"{many} of {of} numbers {verb}: {', '.join(names[:3])}"


def _name(metric: str) -> str:
    return dict(KPIS).get(str(metric)) or query_of(str(metric)).title


def _value(metric: str, value: Any) -> str:
    return formats.number(value, query_of(str(metric)).unit, shown().look.currency)


def _rule(row: Any) -> str:
    return RULES.get(str(row.rule), str(row.rule))


def _signal(row: Any, filters: Filters) -> None:
    """One signal as a line of weeks with its limits."""
    end = last_week_end(as_of(shown()))
    weeks = ask(
        SIGNALS, replace(filters, period_start=end - timedelta(weeks=WEEKS), period_end=end), metric=str(row.metric)
    )
    limits = f"{_value(row.metric, row.low)} to {_value(row.metric, row.high)}"
    headline(f"{_name(row.metric)} {_value(row.metric, row.value)}: {_rule(row)}", f"Noise stays within {limits}.")
    chart(
        control_chart(weeks, shown().look, query_of(str(row.metric)).unit, height=330),
        key=f"signal_{row.metric}",
        alt=f"{_name(row.metric)} by week with its limits {limits}; the last week {_value(row.metric, row.value)}.",
        caption=f"n={formats.count(row.denominator)}; limits from {formats.count(row.baseline_weeks)} weeks.",
        days=(end - timedelta(weeks=WEEKS), end),
    )


def changes_screen(filters: Filters) -> None:
    """The pipeline since the last meeting, and the deals that moved it most."""
    two = compared_with_last(filters)
    if two is None:
        return
    left, right = st.columns((1.6, 1), gap="large")
    with left:
        found = pipeline_chart(two, key="meeting_flow", height=520, clicks=False)
        if found:
            st.caption(escape(beside(two, most=2)))
    with right:
        if not found:
            return
        names = {step.bucket: step.name for step in found}
        buckets = [name for name in names if name not in flow.ENDS]
        deals = ask("pipeline_flow_deals", two.filters, compare_to=two.before.id, bucket=buckets) if buckets else None
        headline("The deals that moved it most", "All of them: page What changed.")
        if deals is None or deals.empty:
            st.caption("No deal changed.")
            return
        order = deals["amount"].astype(float).abs().sort_values(ascending=False, kind="stable").index
        top = deals.loc[order].head(10)
        listed = pd.DataFrame({
            "deal_name": top["deal_name"],
            "what": [names.get(name, name) for name in top["bucket"]],
            "change": [formats.signed(formats.money(float(one), shown().look.currency)) for one in top["amount"]],
            "owner": top["owner"],
        })  # fmt: skip
        table(listed, "meeting_deals", {"deal_name": "Deal", "what": "What", "change": "Change"})


def quarter_screen(filters: Filters) -> None:
    """Where the quarter lands, and the open deals that decide it."""
    rows = ask("forecast", filters.at_any_time())
    if rows.empty:
        nothing_here("No forecast yet", "Load a CRM export with a longer history.", why=missing(rows))
        return
    currency = shown().look.currency
    at = of_the_quarter(filters)
    end = fan.landing(rows)
    text = fan.headline(end, at.plan, currency)
    headline(text, f"{fan.parts_line(rows, currency)}. All won revenue, {formats.span(at.start, at.end)}.")
    left, right = st.columns((1.25, 1), gap="large")
    with left:
        fan_chart(at, rows, key="meeting_fan", alt=text, height=430)
    with right:
        _likely(filters)


def _likely(filters: Filters) -> None:
    """Open deals by chance of a win in this quarter times amount."""
    rows = ask("close_probability", filters.at_any_time(), entity="deals", horizon="quarter")
    known = rows[rows["probability"].notna()] if len(rows) else rows
    if known.empty:
        headline("Open deals", missing(rows) or "No open deal has a probability yet.")
        return
    names = ask("open_names", entity="deals").drop_duplicates("deal_id")
    top = known.head(ROWS).merge(names, on="deal_id", how="left")
    headline(
        "The open deals that decide it",
        f"Chance of a win by the end of the quarter × amount; n={formats.counted(len(rows), 'open deal')}.",
    )
    currency = shown().look.currency
    listed = pd.DataFrame({
        "deal_name": top["name"],
        "chance": [
            f"{formats.percent(row.probability, 0)} ({formats.percent(row.low, 0)}–{formats.percent(row.high, 0)})"
            for row in each(top)
        ],
        "amount": [formats.money(float(one), currency) if formats.known(one) else "" for one in top["amount"]],
        "age": [f"{formats.count(one)} d" for one in top["age_days"]],
        "owner": top["owner"],
    })  # fmt: skip
    table(
        listed,
        "meeting_likely",
        {"deal_name": "Deal", "chance": "Chance (95%)", "age": "Open for"},
    )


def video_screen(filters: Filters) -> None:
    """Who watched most of a video last week and has not been called since."""
    found = waiting(filters, depth=0.75, days=7)
    if why := missing(found):
        nothing_here("Who was called is not known", "Upload the activities of Sales.", why=why)
        return
    rule = "Open leads who watched 75% or more in the last 7 days; no call, hand-written message or meeting since."
    if found.empty:
        headline("Nobody is waiting: everybody who watched so much has been contacted since", rule)
        return
    currency = shown().look.currency
    headline(said(found, currency), rule)
    top = found.head(12)
    listed = pd.DataFrame({
        "name": top["name"],
        "company": top["company"],
        "video": top["title"],
        "watched": [formats.percent(one, 0) for one in top["pct"]],
        "waiting": [since(one) for one in top["minutes_since"]],
        "owner": [NOBODY if blank(one) else one for one in top["owner"]],
        "worth": [formats.money(float(one), currency) if formats.known(one) else "" for one in top["expected_value"]],
    })  # fmt: skip
    table(
        listed,
        "meeting_hot",
        {"name": "Who", "waiting": "Waiting for", "worth": "Expected value"},
    )
    rest = len(found) - len(top)
    more = f"{formats.count(rest)} more on the page Video, Who to call. " if rest else ""
    st.caption(escape(f"{more}{_by_owner(found)}"))


def _by_owner(found: pd.DataFrame) -> str:
    """Who could call today: Ann 4, Tom 2."""
    by = found["owner"].fillna(NOBODY).value_counts()
    said_by = ", ".join(f"{name} {formats.count(number)}" for name, number in by.head(6).items())
    return f"By owner: {said_by}."
