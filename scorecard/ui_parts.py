"""Parts every page is made of: charts, headlines, tables, and the records behind a number."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.book_definitions import SIGNED
from scorecard.book_meetings import annotations
from scorecard.charts import formats, headlines
from scorecard.charts.annotations import marked
from scorecard.charts.theme import STROKE, Figure
from scorecard.export import numbers
from scorecard.export.proofs import Added, asked, note_of, with_values
from scorecard.export.proofs import total as summed
from scorecard.filters import Filters, period_text
from scorecard.masking import masked
from scorecard.queries import Query
from scorecard.ui_download import download
from scorecard.ui_frame import escape, query_of, this_run
from scorecard.ui_proof import HELP as PROOF_HELP
from scorecard.ui_proof import ICON as PROOF_ICON
from scorecard.ui_proof import left_out, proof_button, where
from scorecard.ui_proof import said as said_to_add_up
from scorecard.ui_signature import signature, with_version
from scorecard.ui_state import ask, masks_names, missing, rollup, shown

RECORDS_SHOWN = 20_000
RECORD_COLUMNS: dict[str, Any] = {
    "label": "Record",
    "happened_on": st.column_config.DateColumn("Date", format="D MMM YYYY"),
    "numerator": st.column_config.NumberColumn("Numerator", format="localized"),
    "denominator": st.column_config.NumberColumn("Denominator", format="localized"),
    "flags": "Remarks",
}
CONFIG = {"displayModeBar": False, "responsive": True}


def chart(
    figure: Figure,
    key: str,
    alt: str,
    *,
    caption: str = "",
    select: bool | Callable[[], None] = False,
    days: tuple[date, date] | None = None,
) -> str | None:
    """Draw a figure; with `select`, the name of the bar or dot somebody clicked, or a callback for the click.

    `days`: first and day after the last of an axis of days; the team's notes on dates are marked on it.
    """
    if days:
        noted = [(one.day, one.text) for one in annotations(shown().store.book)]
        figure, said = marked(figure, noted, *days, shown().look)
        caption = f"{caption} {said}".strip()
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


def headline(text: str, note: str = "", *, of: pd.DataFrame | None = None) -> None:
    """The finding above a chart, and a quieter line under it: coverage, clock or period.

    `of`: the answer the sentence speaks of; a button beside it opens its proof.
    """
    if of is None:
        _said(text, note)
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        _said(text, note)
        if how := asked(of):
            if str(how["params"].get("metric", "")) and how["name"].startswith("metric_"):
                _metric_proof(str(how["params"]["metric"]))
            else:
                proof_button(of)


def _metric_proof(metric: str) -> None:
    """The same button for a number that is a metric: its own records under the filters of the page."""
    run = this_run()
    run.proofs += 1
    if st.button("Proof", key=f"proof_{run.proofs}_{metric}", type="tertiary", icon=PROOF_ICON, help=PROOF_HELP):
        records_dialog(metric, run.filters)


def _said(text: str, note: str) -> None:
    with st.container(gap=None):
        st.subheader(escape(text), anchor=False)
        if note:
            st.caption(escape(note))


def table(
    frame: pd.DataFrame, key: str, columns: dict[str, Any] | None = None, *, quiet: Sequence[str] = (), **extra: Any
) -> Any:
    """Rows from data: addresses masked, nothing read as Markdown; `quiet` = grey columns, not to lean on."""
    safe = masked(frame, names_too=masks_names())
    config: dict[str, Any] = {name: titled(str(name)) for name in frame.columns} | (columns or {})
    return st.dataframe(
        safe.style.set_properties(subset=list(quiet), color=STROKE) if quiet else safe,  # pyright: ignore[reportArgumentType]
        key=key,
        hide_index=True,
        column_config=config,
        placeholder="",
        **extra,
    )


def card_width(pixels: int) -> int:
    """How wide a card is at least: wider on the shared screen, where its figure is larger."""
    return round(pixels * (1.36 if shown().look.meeting else 1.0))


def fit(rows: int, most: int = 340) -> int:
    """How high a table of so many rows is, without an empty band and without a page of its own."""
    if shown().look.meeting:  # larger text, taller rows
        return min(round(1.3 * most), 48 + 44 * max(rows, 1))
    return min(most, 38 + 35 * max(rows, 1))


def titled(name: str) -> str:
    """A column's name as a heading; n stays n."""
    return name if len(name) < 2 else name.replace("_", " ").capitalize()


def coverage_line(filters: Filters, business: str = "all") -> str:
    """How many of the won deals have a known source: what every sourced number must be read with."""
    rows = ask("source_coverage", filters, business=business)
    won = float(rows["won_deals"].sum()) if len(rows) else 0.0
    known = float(rows.loc[~rows["is_unknown"].astype(bool), "won_deals"].sum()) if won else 0.0
    return headlines.coverage(known, won)


def period_of(filters: Filters) -> str:
    """The period in words, for the middle of a sentence."""
    text = period_text(filters.period_start, filters.period_end)
    return text if text[0].isdigit() else text[0].lower() + text[1:]


def matured(metric: str, filters: Filters) -> Filters:
    """The same period of cohorts that are old enough for the metric."""
    return numbers.matured(query_of(metric), filters)


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


def rows_behind(metric: str, filters: Filters, key: str = "") -> None:
    """An expander with what is behind a number; the records are asked for when it is opened.

    On the shared screen the page must fit: there the n of each card opens the same.
    """
    if shown().look.meeting:
        return
    title = query_of(metric).title
    name = f"behind_{key or metric}"
    panel = st.expander(f"Records behind: {title}", icon=":material/list_alt:", key=name, on_change="rerun")
    if panel.open:
        with panel:
            records(metric, filters, name)


def records(metric: str, filters: Filters, key: str) -> None:
    """Definition, SQL, n, what was left out, the records and whether they add up to the number."""
    query = query_of(metric)
    cohort = matured(metric, filters)
    st.text(query.definition)
    total, rows = rollup(metric, cohort), ask("records", cohort, metric=metric, row_limit=RECORDS_SHOWN)
    if why := missing(total):
        st.text(why)
        return
    st.caption(escape(f"{_summary(total, query)} {period_of(cohort)}."))
    st.caption(escape(where(note_of(metric, cohort.to_params(), "")["params"], "")))
    left_out(metric, cohort)
    if rows.empty:
        st.text("No records in this period with these filters.")
        return
    if len(rows) < RECORDS_SHOWN:
        said_to_add_up(re_adds(total, rows))
    else:
        st.caption(escape(_newest_only(metric)))
    shown_columns = [name for name in rows.columns if name != "metric" and rows[name].notna().any()]
    table(rows[shown_columns], f"{key}_table", RECORD_COLUMNS, height=340)
    download(with_version(rows) if "side" in rows.columns else rows, f"{metric}_records", f"{key}_csv")
    with st.popover("SQL", icon=":material/code:"):
        st.code(with_values(query, {"metric": metric, **cohort.to_params()}), language="sql")


def _newest_only(metric: str) -> str:
    """Said where there are more records than a browser should hold."""
    return (
        f"These are the {formats.count(RECORDS_SHOWN)} newest records. Narrow the period or the filters to see them add"
        f" up; all of them: python -m scorecard ask records --metric {metric} --format csv"
    )


def _summary(total: pd.DataFrame, query: Query) -> str:
    if total.empty:
        return f"{query.title}: no records."
    row = total.iloc[0]
    value = formats.number(row["value"], query.unit, shown().look.currency)
    if query.aggregate == "ratio":
        parts = f"{formats.count(row['numerator'] or 0)} of {formats.count(row['denominator'] or 0)}"
        return f"{query.title}: {value} = {parts}, n={formats.count(row['entities'])}."
    return f"{query.title}: {value}, n={formats.count(row['entities'])}."


def re_adds(total: pd.DataFrame, rows: pd.DataFrame) -> list[Added]:
    """Whether the listed records add up to the number above."""
    if total.empty or not {"numerator", "denominator"} <= set(rows.columns):
        return []
    return [
        Added(column.capitalize(), float(total[column].iloc[0]), summed(rows, column))
        for column in ("numerator", "denominator")
        if formats.known(total[column].iloc[0])
    ]


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


@st.dialog("Records behind", width="large")
def records_dialog(metric: str, filters: Filters) -> None:
    """The same, over the page."""
    st.subheader(query_of(metric).title, anchor=False)
    records(metric, filters, f"dialog_{metric}")
