"""The six number cards: value, week over week, thirteen weeks, one standing against plan, and n."""

from collections.abc import Sequence

import streamlit as st

from scorecard.charts.cards import COLOURS, ICONS
from scorecard.export.numbers import Numbers
from scorecard.filters import Filters
from scorecard.ui_frame import escape, query_of
from scorecard.ui_header import as_of
from scorecard.ui_parts import help_of, matured, records_dialog
from scorecard.ui_state import ask, missing, rollup, shown

SIGNAL_HELP = (
    "1w: the last complete week is outside what this number's own noise reaches. 8w: eight weeks or more in a row on"
    " one side of its centre, whatever the last one did. See Signals."
)


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
    found = numbers_of(filters).card(metric, label)
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
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"behind_card_{metric}"):
        if st.button(
            (found.n + _maturity(metric, filters)) or "Records",
            key=f"open_{metric}",
            type="tertiary",
            icon=":material/list_alt:",
        ):
            records_dialog(metric, filters)
        if found.signal:
            st.badge(found.signal, color="grey", help=SIGNAL_HELP)


def _maturity(metric: str, filters: Filters) -> str:
    """How old the people of a cohort can be whose outcome is looked at on the data date: young ones still win."""
    if "data date" not in query_of(metric).header.get("clock", "") or filters.period_start is None:
        return ""
    return f" · ≤ {(as_of(shown()) - filters.period_start).days} d old"


def numbers_of(filters: Filters) -> Numbers:
    """The numbers under these filters, asked of the snapshot shown."""
    view = shown()
    business = view.settings["sourced_business"]
    return Numbers(ask, query_of, filters, as_of(view), view.look.currency, view.fiscal_start, business)


def weekly(metric: str, filters: Filters):
    """The last thirteen complete weeks, whatever period is chosen."""
    return numbers_of(filters).weekly(metric)


def plan_for(metric: str, filters: Filters) -> float | None:
    """The plan of a metric for the period and the part of the business that is chosen."""
    return numbers_of(filters).plan(metric)
