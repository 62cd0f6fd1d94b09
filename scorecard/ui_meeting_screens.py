"""The agenda's screens that only show: signals, what changed, the quarter, and who is to be called today."""

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import fan, flow, formats, headlines_handoff, xmr
from scorecard.charts.frames import day_of, each
from scorecard.filters import Filters
from scorecard.queries_signals import alarm_line
from scorecard.ui_cards import numbers_of
from scorecard.ui_flow import beside, compared_with_last, pipeline_chart
from scorecard.ui_forecast import fan_chart, of_the_quarter
from scorecard.ui_frame import escape, query_of
from scorecard.ui_handoff_call import NO_CALLS, RULE, listed, work_list
from scorecard.ui_header import nothing_here
from scorecard.ui_joint import kpis
from scorecard.ui_parts import chart, fit, headline, table
from scorecard.ui_signals import RECORDS_HELP, open_week
from scorecard.ui_state import ask, missing, shown
from scorecard.ui_video_hot import NOBODY

DRAWN = 4  # signals a screen has room for as charts
ROWS = 7  # rows of a table beside or below a chart


def signals_screen(filters: Filters) -> None:
    """Only what is more than noise, each by week between its limits; the rest is named as quiet."""
    rows = numbers_of(filters).signals()
    found = xmr.judged(rows)
    chosen = [kpi.metric for kpi in kpis() if kpi.metric in found]
    if not chosen:
        nothing_here("No complete weeks yet", "Load a CRM export with a longer history.", why=missing(rows))
        return
    last = max(found[metric].week for metric in chosen)
    headline(
        xmr.headline([(query_of(metric).title, found[metric]) for metric in chosen]),
        f"{formats.week(last)}, the last complete one. Band: what a number's own noise reaches. Dot: a signal.",
        of=rows,
    )
    news = [metric for metric in chosen if found[metric].signal]
    for at in range(0, min(len(news), DRAWN), 2):
        for column, metric in zip(st.columns(2, gap="large"), news[at : at + 2], strict=False):
            with column:
                _signal(metric, rows[rows["metric"] == metric], found[metric], filters, tall=len(news) <= 2)
    more = [f"{query_of(metric).title} {found[metric].words}" for metric in news[DRAWN:]]
    quiet = [f"{query_of(one).title} {_value(one, found[one].value)}" for one in chosen if found[one].signal is False]
    said = [f"Also: {'; '.join(more)}."] if more else []
    said += [f"Within their noise, so nothing to explain: {', '.join(quiet)}."] if quiet else []
    st.caption(escape(" ".join([*said, alarm_line(int(rows["baseline_weeks"].max()), len(chosen))])))


def _value(metric: str, value: Any) -> str:
    return formats.number(value, query_of(metric).unit, shown().look.currency)


def _signal(metric: str, weeks: pd.DataFrame, found: xmr.Judged, filters: Filters, *, tall: bool) -> None:
    """One signal as a line of weeks with the band of its noise."""
    last = weeks.iloc[-1]
    limits = f"{_value(metric, last['low'])} to {_value(metric, last['high'])}"
    title = query_of(metric).title
    text = f"**{escape(title)} {escape(_value(metric, found.value))}: {escape(found.words)}**"
    if st.button(text, key=f"open_signal_{metric}", type="tertiary", help=RECORDS_HELP):
        open_week(metric, weeks, filters)
    chart(
        xmr.panel(weeks, query_of(metric).unit, shown().look, height=330 if tall else 122),
        key=f"meeting_signal_{metric}",
        alt=f"{title} by week; the last is {_value(metric, found.value)}, its noise reaches {limits}.",
        caption=f"{found.badge}. Noise reaches {limits}, from {formats.count(last['baseline_weeks'])} weeks.",
        days=(day_of(weeks["week"].iloc[0]), day_of(weeks["week"].iloc[-1]) + timedelta(days=7)),
        per="week",
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
        headline("The deals that moved it most", "All of them: page What changed.", of=() if deals is None else deals)
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
    headline(text, f"{fan.parts_line(rows, currency)}. All won revenue, {formats.span(at.start, at.end)}.", of=rows)
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
        headline("Open deals", missing(rows) or "No open deal has a probability yet.", of=rows)
        return
    names = ask("open_names", entity="deals").drop_duplicates("deal_id")
    top = known.head(ROWS).merge(names, on="deal_id", how="left")
    headline(
        "The open deals that decide it",
        f"Chance of a win by the end of the quarter × amount; n={formats.counted(len(rows), 'open deal')}.",
        of=rows,
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


def call_screen(filters: Filters) -> None:
    """Who was handed over and not tried, or watched most of a video and was not called: the first of the day's list."""
    found = work_list(filters)
    if why := missing(found):
        nothing_here(NO_CALLS, "Upload the leads and the activities of Sales.", why=why)
        return
    if found.empty:
        headline("Nobody is waiting: everybody handed over or watching has been tried", RULE, of=found)
        return
    currency = shown().look.currency
    headline(headlines_handoff.to_call(found, currency), RULE, of=found)
    top = found.head(12)
    table(
        listed(top, currency),
        "meeting_calls",
        {"name": "Who", "why": "Why", "since": "Waiting for", "worth": "Expected value"},
        height=fit(len(top), 700),
    )
    rest = len(found) - len(top)
    more = f"{formats.count(rest)} more on the page Hand-off, To call. " if rest else ""
    st.caption(escape(f"{more}{_by_owner(found)}"))


def _by_owner(found: pd.DataFrame) -> str:
    """Who could call today: Ann 4, Tom 2."""
    by = found["owner"].fillna(NOBODY).value_counts()
    said_by = ", ".join(f"{name} {formats.count(number)}" for name, number in by.head(6).items())
    return f"By owner: {said_by}."
