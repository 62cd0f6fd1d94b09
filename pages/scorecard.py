"""Scorecard: the numbers of the meeting, both sides on one line each, what is a signal, and what the goal needs."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from scorecard import ui
from scorecard.charts import formats, headlines
from scorecard.charts.cards import KPIS
from scorecard.charts.plan import Slice, period_end, plan_of
from scorecard.charts.trend import cumulative_against_plan
from scorecard.filters import quarter_start

REVENUE = "marketing_sourced_revenue"
HEIGHT = 262  # views, six cards and two charts fill one 1920 x 1080 screen in meeting mode

filters = ui.open_page()


def board(filters):
    """Six cards, the quarter against plan, and channels against target."""
    ui.metric_cards(KPIS, filters)
    left, right = st.columns((1.15, 1), gap="large")
    with left:
        quarter_so_far(filters)
    with right:
        ui.channels_against_target(REVENUE, filters, height=HEIGHT, key="channels_against_target")
    ui.target_editor([metric for metric, _ in KPIS])
    ui.rows_behind(REVENUE, filters)


def quarter_so_far(filters):
    """The quarter so far, whatever period is chosen: the plan is agreed by quarter."""
    look, as_of = ui.shown().look, ui.as_of(ui.shown())
    start = quarter_start(as_of, ui.shown().fiscal_start)
    end = period_end(start, "quarter")
    tomorrow = as_of + timedelta(days=1)
    this_quarter = replace(filters, period_start=start, period_end=tomorrow)
    daily = ui.rollup(REVENUE, this_quarter, grain="day")
    if why := ui.missing(daily):
        ui.nothing_here("No revenue by source yet", fix=why)
        return
    plans = ui.ask("metric_target", None, metric=REVENUE, period_start=start, period_end=end)
    plan = plan_of(plans, of=Slice(filters.sides, filters.channels, filters.segments))

    def plan_to(day):
        """The plan from the start of the quarter to the morning of a day."""
        return plan.over(start, day) if day > start else 0.0

    so_far = float(daily["value"].sum())
    title = headlines.quarter("Marketing revenue", so_far, plan_to(tomorrow), as_of, end, look.currency)
    ui.headline(title, of=daily)
    n = formats.counted(daily["entities"].sum(), "deal")
    ui.chart(
        cumulative_against_plan(daily, start, end, as_of, plan_to, look, height=HEIGHT),
        key="quarter_so_far",
        alt=f"{title}. Line of revenue so far against the dotted plan.",
        caption=f"Closed {formats.span(start, tomorrow)}, n={n}. {ui.coverage_line(this_quarter)}",
        days=(start, end),
    )


VIEWS = {
    "Board": board,
    "Joint scorecard": ui.joint_scorecard,
    "Signals": lambda chosen: ui.signals([kpi.metric for kpi in ui.kpis()], chosen),
    "Goal tree": ui.goal_tree,
}
VIEWS[ui.views(*VIEWS, key="show")](filters)
