"""The records behind a metric, and the drawer that opens the proof of whatever a headline speaks of."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.export import numbers
from scorecard.export.proof_parts import Added
from scorecard.export.proof_parts import total as summed
from scorecard.export.proofs import asked, note_of, with_values
from scorecard.filters import LISTS, Filters, period_text
from scorecard.queries import Query
from scorecard.ui_download import download
from scorecard.ui_frame import escape, query_of, this_run
from scorecard.ui_proof import PERIOD, answer_proof, left_out, said, where
from scorecard.ui_signature import with_version
from scorecard.ui_state import ask, missing, rollup, shown
from scorecard.ui_table import table

METRICS = ("metric_rollup", "metric_trend")  # answers that are a metric: its records prove them
ICON, HELP = ":material/fact_check:", "What this says and rests on, and whether it adds up"
Note = dict[str, Any]
RECORDS_SHOWN = 20_000
RECORD_COLUMNS: dict[str, Any] = {
    "label": "Record",
    "happened_on": st.column_config.DateColumn("Date", format="D MMM YYYY"),
    "numerator": st.column_config.NumberColumn("Numerator", format="localized"),
    "denominator": st.column_config.NumberColumn("Denominator", format="localized"),
    "flags": "Remarks",
}


def period_of(filters: Filters) -> str:
    """The period in words, for the middle of a sentence."""
    text = period_text(filters.period_start, filters.period_end)
    return text if text[0].isdigit() else text[0].lower() + text[1:]


def matured(metric: str, filters: Filters) -> Filters:
    """The same period of cohorts that are old enough for the metric."""
    return numbers.matured(query_of(metric), filters)


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


def records(metric: str, filters: Filters, key: str, *, cohort: Filters | None = None) -> None:
    """Definition, SQL, n, what was left out, the records and whether they add up to the number.

    `cohort`: the filters as the number was asked with them, where they have been laid back already.
    """
    query = query_of(metric)
    cohort = cohort or matured(metric, filters)
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
        said(re_adds(total, rows))
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


def records_dialog(metric: str, filters: Filters, *, cohort: Filters | None = None, said: str = "") -> None:
    """The same, over the page; `said`: how the number on the page is counted, where that is not told by the records."""
    st.dialog(query_of(metric).title, width="large")(_records)(metric, filters, cohort, said)


def _records(metric: str, filters: Filters, cohort: Filters | None, said: str) -> None:
    if said:
        st.caption(escape(said))
    with _aside():
        records(metric, filters, f"dialog_{metric}", cohort=cohort)


def proof_button(*of: pd.DataFrame) -> None:
    """The small button beside a headline that opens the proof of the answers it speaks of."""
    notes = {_key(note): note for one in of if (note := asked(one))}
    if not notes:
        return
    run = this_run()
    run.proofs.extend(notes.values())
    first = next(iter(notes.values()))
    key = f"proof_{len(run.proofs)}_{_metric(first) or first['name']}"
    if st.button("Proof", key=key, type="tertiary", icon=ICON, help=HELP):
        title = "Proof" if len(notes) > 1 else query_of(_metric(first) or first["name"]).title
        st.dialog(title, width="large")(_drawer)(notes)


def _key(note: Note) -> str:
    """What tells two answers apart."""
    return f"{note['name']} {sorted((name, str(value)) for name, value in note['params'].items())}"


def _metric(note: Note) -> str:
    """The metric an answer is; '' for any other report."""
    return str(note["params"].get("metric") or "") if note["name"] in METRICS else ""


@contextmanager
def _aside() -> Iterator[None]:
    """What a drawer asks says nothing of the filters of the page below it."""
    run = this_run()
    kept = set(run.unapplied)
    try:
        yield
    finally:
        run.unapplied = kept


def _drawer(notes: Mapping[str, Note]) -> None:
    with _aside():
        _proof(notes)


def _proof(notes: Mapping[str, Note]) -> None:
    titles = _titles(notes)
    picked = next(iter(notes))
    if len(notes) > 1:
        with st.container(key="proof_choice"):
            picked = st.selectbox("Number", list(notes), key="proof_of", format_func=lambda one: titles[one])
    note = notes.get(str(picked), next(iter(notes.values())))
    if metric := _metric(note):
        of = filters_of(note["params"])
        records(metric, of, f"drawer_{metric}", cohort=of)
        return
    answer_proof(note["name"], note["params"], note["before"])


def _titles(notes: Mapping[str, Note]) -> dict[str, str]:
    """Each answer by its title, with its days or its cut where two have the same."""
    plain = {key: query_of(_metric(note) or note["name"]).title for key, note in notes.items()}
    many = [title for title in plain.values() if list(plain.values()).count(title) > 1]
    found = {}
    for key, title in plain.items():
        of = filters_of(notes[key]["params"])
        more = [str(notes[key]["params"].get("by") or "").replace("_", " "), ", ".join(of.describe())]
        found[key] = " · ".join([title, *(word for word in more if word)]) if title in many else title
    return found


def filters_of(given: Mapping[str, Any]) -> Filters:
    """The filters an answer was asked with."""
    start, end = (date.fromisoformat(str(given[name])[:10]) if given.get(name) else None for name in PERIOD)
    return Filters(start, end, **{name: tuple(given[name]) for name in LISTS if given.get(name)})
