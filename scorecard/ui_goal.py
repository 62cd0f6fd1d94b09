"""The goal tree: from the revenue target back to the deals, opportunities, MQLs and leads it needs."""

from dataclasses import replace

import streamlit as st

from scorecard.charts import formats, goal
from scorecard.charts.frames import each
from scorecard.export import joint
from scorecard.filters import Filters
from scorecard.ui_cards import numbers_of
from scorecard.ui_frame import escape, query_of
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import chart, definition, download, headline
from scorecard.ui_state import ask, missing, shown


def goal_view(filters: Filters) -> None:
    """The steps, what each needs and has, and the rates they are solved back with."""
    span = joint.span_of(numbers_of(filters))
    typed = None if shown().look.meeting else st.session_state.get("goal_target")
    period = replace(filters, period_start=span.start, period_end=span.end)
    rows = ask("goal_tree", period, target=float(typed) if typed else None)
    if rows.empty:
        nothing_here("No goal tree yet", "Load a CRM export with deals, their amounts and dates.", why=missing(rows))
        return
    elapsed = min(span.share, 1.0)
    headline(
        goal.headline(rows, elapsed),
        f"{formats.span(span.start, span.end)}. Bar: there so far; track: needed; tick: the days gone by."
        " Every rate is the team's own, with its 95% interval and n.",
        of=rows,
    )
    look = shown().look
    said = "; ".join(f"{goal.NAMES[row.step]} {formats.count(row.so_far)}" for row in each(rows))
    chart(goal.goal_tree(rows, elapsed, look), key="goal_tree", alt=f"{goal.headline(rows, elapsed)}. So far: {said}.")
    st.caption(escape(" ".join([*_lead_plan(rows, period), *rows.attrs.get("notes", ())[1:]])))
    if look.meeting:
        return
    st.number_input(
        "Another target",
        min_value=0.0,
        value=None,
        step=100_000.0,
        key="goal_target",
        placeholder="the agreed plan",
        width=260,
        help="What would it take? Solves the tree back from this revenue instead of the agreed plan.",
    )
    panel = st.expander("How it is solved back", icon=":material/info:", key="goal_defined", on_change="rerun")
    if panel.open:
        with panel:
            definition(query_of("goal_tree"))
            download(rows, "goal_tree", "goal_csv")


def _lead_plan(rows, period: Filters) -> list[str]:
    """Whether the target agreed for leads and that for revenue go together at these rates."""
    needed = next((float(row.needed) for row in each(rows) if row.step == "leads" and formats.known(row.needed)), None)
    plan = numbers_of(period).plan("new_leads")
    if needed is None or plan is None:
        return []
    verb = "covers" if plan >= needed else "falls short of"
    return [f"The agreed target of {formats.count(round(plan))} new leads {verb} the {formats.count(needed)} needed."]
