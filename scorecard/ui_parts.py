"""Parts every page is made of: charts, headlines, tables, and the records behind a number."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.book_definitions import SIGNED
from scorecard.book_meetings import annotations
from scorecard.charts import headlines
from scorecard.charts.annotations import marked
from scorecard.charts.theme import Figure
from scorecard.export.proofs import asked
from scorecard.filters import Filters
from scorecard.queries import Query
from scorecard.ui_download import download
from scorecard.ui_frame import escape, query_of
from scorecard.ui_records import matured, period_of, proof_button, re_adds, records, records_dialog, rows_behind
from scorecard.ui_signature import signature
from scorecard.ui_state import ask, shown
from scorecard.ui_table import card_width, fit, table, titled

# Pages find every part here, wherever it is made.
__all__ = [
    "card_width",
    "chart",
    "clicked_in",
    "coverage_line",
    "definition",
    "download",
    "fit",
    "headline",
    "help_of",
    "matured",
    "period_of",
    "re_adds",
    "records",
    "records_dialog",
    "rows_behind",
    "said_on",
    "table",
    "titled",
    "views",
]
CONFIG = {"displayModeBar": False, "responsive": True}


def chart(
    figure: Figure,
    key: str,
    alt: str,
    *,
    caption: str = "",
    select: bool | Callable[[], None] = False,
    days: tuple[date, date] | None = None,
    per: str = "",
    words: bool = True,
) -> str | None:
    """Draw a figure; with `select`, the name of the bar or dot somebody clicked, or a callback for the click.

    `days`: first and day after the last of an axis of days; the team's notes on dates are marked on it, on the point of
    the week or month where it has one `per` such. `words`: what the marks say stands in the caption; for one of many
    small charts `said_on` says it once for all.
    """
    if days:
        figure, said = marked(figure, _noted(), *days, shown().look, per=per)
        caption = f"{caption} {said}".strip() if words else caption
    event: Any = st.plotly_chart(
        figure,
        theme=None,
        key=key,
        height=int(figure["layout"]["height"]),
        config=CONFIG,
        alt=alt,
        on_select=select if callable(select) else "rerun" if select else "ignore",
        selection_mode="points",
    )
    if caption:
        st.caption(escape(caption))
    return clicked_in(event) if select else None


def said_on(days: tuple[date, date]) -> str:
    """What the marks of the team's notes say on charts of these days."""
    return marked({"data": [], "layout": {}}, _noted(), *days, shown().look)[1]


def _noted() -> list[tuple[date, str]]:
    return [(one.day, one.text) for one in annotations(shown().store.book)]


def clicked_in(event: Any) -> str | None:
    """The name of the bar or dot that a chart's event tells of."""
    points = event.selection.points if event else []
    return str(points[0]["customdata"]) if points and points[0].get("customdata") is not None else None


def views(*names: str, key: str = "view") -> str:
    """The parts of a page that is too long for one screen: one is shown, and the address says which."""
    if len(names) == 1:
        return names[0]
    chosen = st.segmented_control(
        "View",
        names,
        default=names[0],
        required=True,
        key=key,
        label_visibility="collapsed",
        bind="query-params",
        persist_state="session",
    )
    return str(chosen or names[0])


def headline(text: str, note: str = "", *, of: pd.DataFrame | Sequence[pd.DataFrame] | None = None) -> None:
    """The finding above a chart, and a quieter line under it: coverage, clock or period.

    `of`: the answer or answers the sentence speaks of; a button beside it opens their proof. None is for what people
    typed and for forms, where there is nothing to prove.
    """
    answers = [] if of is None else [of] if isinstance(of, pd.DataFrame) else list(of)
    if not any(asked(one) for one in answers):
        _said(text, note)
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        _said(text, note)
        proof_button(*answers)


def _said(text: str, note: str) -> None:
    with st.container(gap=None):
        st.subheader(escape(text), anchor=False)
        if note:
            st.caption(escape(note))


def coverage_line(filters: Filters, business: str = "all") -> str:
    """How many of the won deals have a known source: what every sourced number must be read with."""
    rows = ask("source_coverage", filters, business=business)
    won = float(rows["won_deals"].sum()) if len(rows) else 0.0
    known = float(rows.loc[~rows["is_unknown"].astype(bool), "won_deals"].sum()) if won else 0.0
    return headlines.coverage(known, won)


def help_of(metric: str, filters: Filters | None = None) -> str:
    """What a card's question mark says: definition, clock and unit, from the query's header."""
    query = query_of(metric)
    lines = [query.definition]
    if clock := query.header.get("clock"):
        lines.append(f"Clock: {clock}.")
    if metric in SIGNED:
        lines.append(f"{signature()}.")
    if filters is not None and matured(metric, filters) != filters:
        lines.append(f"Cohorts created {period_of(matured(metric, filters))}.")
    return "\n\n".join(line for line in lines if line)


def definition(query: Query) -> None:
    """What a query means, for people of both teams; its statement on demand."""
    st.markdown(f"**{escape(query.title)}**")
    st.text(query.definition or "No definition yet.")
    facts = {"Of ": "population", "Clock: ": "clock", "": "grain"}
    lines = [f"{label}{query.header[key]}" for label, key in facts.items() if query.header.get(key)]
    if query.unit and query.good:
        lines.append(f"unit: {query.unit}, good is {query.good}")
    if query.name in SIGNED:
        lines.append(signature())
    st.caption(escape(" · ".join([*lines, f"name: {query.name}"])))
    panel = st.expander("SQL", icon=":material/code:", key=f"sql_{query.folder}_{query.name}", on_change="rerun")
    if panel.open:
        with panel:
            st.code(query.whole_sql, language="sql")
