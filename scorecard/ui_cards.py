"""The six number cards: value, week over week, thirteen weeks, one standing against plan, and n."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from scorecard.charts.cards import COLOURS, ICONS, WEEKS, Card, Meaning, card
from scorecard.charts.plan import Slice, planned
from scorecard.filters import Filters
from scorecard.ui_frame import escape, query_of
from scorecard.ui_header import as_of
from scorecard.ui_parts import help_of, matured, records_dialog
from scorecard.ui_state import ask, missing, rollup, shown


def metric_cards(metrics: Sequence[tuple[str, str]], filters: Filters) -> None:
    """A card for each (metric, label), in one row on a wide screen."""
    grid = st.grid(len(metrics), min_column_width=170, gap="small", key="kpis")
    for metric, label in metrics:
        with grid.cell(), st.container(border=True, height="stretch", gap="xsmall", key=f"kpi_{metric}"):
            _draw(metric, label, filters)


def _draw(metric: str, label: str, filters: Filters) -> None:
    total = rollup(metric, matured(metric, filters))
    if why := missing(total):
        st.metric(label, "—", help=help_of(metric))
        st.caption(escape(why))
        return
    found = _card(metric, label, filters)
    st.metric(
        label,
        found.value,
        found.change,
        delta_color="off",
        delta_arrow="off",
        delta_description="vs last wk",
        chart_data=list(found.spark) if len(found.spark) > 1 else None,
        help=help_of(metric, filters),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"status_{metric}"):
        if found.standing:
            st.badge(found.badge, icon=ICONS[found.standing], color=COLOURS[found.standing])
        else:
            st.badge(found.badge, icon=":material/remove:", color="grey")
        if found.of:
            st.caption(found.of, width="content")
    if st.button(
        (found.n + _maturity(metric, filters)) or "Records",
        key=f"open_{metric}",
        type="tertiary",
        icon=":material/list_alt:",
    ):
        records_dialog(metric, filters)


def _maturity(metric: str, filters: Filters) -> str:
    """How old the people of a cohort can be whose outcome is looked at on the data date: young ones still win."""
    if "data date" not in query_of(metric).header.get("clock", "") or filters.period_start is None:
        return ""
    return f" · ≤ {(as_of(shown()) - filters.period_start).days} d old"


def _card(metric: str, label: str, filters: Filters) -> Card:
    query = query_of(metric)
    cohort = matured(metric, filters)
    meaning = Meaning(query.unit, query.good, query.aggregate)
    return card(
        label,
        meaning,
        rollup(metric, cohort),
        weekly(metric, filters),
        plan_for(metric, filters),
        shown().look.currency,
    )


def weekly(metric: str, filters: Filters):
    """The last thirteen complete weeks, whatever period is chosen."""
    end = as_of(shown()) + timedelta(days=1)
    window = replace(filters, period_start=end - timedelta(weeks=WEEKS + 2), period_end=end)
    return ask("metric_trend", matured(metric, window), metric=metric, grain="week")


def plan_for(metric: str, filters: Filters) -> float | None:
    """The plan of a metric for the period and the part of the business that is chosen; None where it has none."""
    part = Slice.of(filters.to_params())
    if filters.period_start is None or filters.period_end is None or part is None:
        return None
    rows = ask("metric_target", None, metric=metric, period_start=filters.period_start, period_end=filters.period_end)
    return planned(rows, filters.period_start, filters.period_end, query_of(metric).aggregate or "sum", part)
