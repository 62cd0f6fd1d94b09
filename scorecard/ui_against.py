"""Channels against their targets: who is ahead of the plan both teams agreed for these days."""

import streamlit as st

from scorecard.charts import formats, headlines
from scorecard.charts.bars import bullet_chart, bullets
from scorecard.charts.plan import Slice, planned
from scorecard.filters import LISTS, Filters
from scorecard.queries_plan import PLANNED
from scorecard.ui_frame import query_of
from scorecard.ui_parts import chart, headline, period_of
from scorecard.ui_state import ask, rollup, shown

TRACK = "Tick and track: the target for these days. "


def goals_of(metric: str, filters: Filters) -> dict[str, float]:
    """The target of each channel that has one for the whole period; {} where the period is open.

    None is given for a part of the business that targets do not tell apart: a region against the whole plan misses it.
    """
    start, end = filters.period_start, filters.period_end
    if start is None or end is None or unplanned(filters):
        return {}
    rows = ask("metric_target", None, metric=metric, period_start=start, period_end=end)
    names = [name for name in rows["channel"].dropna().unique() if not filters.channels or name in filters.channels]
    goals = {str(name): planned(rows, start, end, of=Slice(filters.sides, [name], filters.segments)) for name in names}
    return {name: goal for name, goal in goals.items() if goal}


def unplanned(filters: Filters) -> list[str]:
    """The filters no target knows, by their labels."""
    return [label for name, (_, label) in LISTS.items() if getattr(filters, name) and name not in PLANNED]


def channels_against_target(metric: str, filters: Filters, *, height: float, key: str, note: str = "") -> None:
    """Bullets by channel, largest first; a headline that counts who reached the target."""
    query, look = query_of(metric), shown().look
    values, goals = rollup(metric, filters, by="channel"), goals_of(metric, filters)
    channels = bullets(values, goals)
    if not channels:
        headline("Revenue by channel", of=values)
        st.text("No won deal in this period with these filters.")
        return
    title = headlines.channels(channels)
    headline(title, note, of=values)
    n = formats.counted(values["entities"].sum(), "deal")
    chart(
        bullet_chart(channels, look, height=height),
        key=key,
        alt=f"{title}. "
        + "; ".join(f"{row.name} {formats.number(row.value, query.unit, look.currency)}" for row in channels),
        caption=f"Closed {period_of(filters)}. {TRACK if goals else _why_none(filters)}n={n}",
    )


def _why_none(filters: Filters) -> str:
    names = unplanned(filters)
    return f"Targets are not agreed by {', '.join(names).lower()}, so none is shown. " if names else ""
