"""The proof of an answer: definition, filters, what is left out, its records, whether they add up, the statement."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.export.proof_parts import Added
from scorecard.export.proofs import Proved, facts_of, filter_words, proof_of, prove, with_values, wrong
from scorecard.filters import LISTS, Filters, period_text, quarter_start
from scorecard.masking import masked
from scorecard.ui_download import download
from scorecard.ui_frame import escape, query_of, this_run
from scorecard.ui_state import ask, masks_names, missing, shown
from scorecard.ui_table import fit, titled

MOST = 5000  # records a browser should hold
PERIOD = ("period_start", "period_end")
ITSELF = ""  # the choice of the answer's own rows
OWN_ROWS = "No single records add up to this answer"


def answer_proof(name: str, given: Mapping[str, Any], before: str) -> None:
    """Everything behind the answer of a report."""
    query, proof = query_of(name), proof_of(name)
    st.text(query.definition)
    st.caption(escape(where(given, before)))
    found = prove(asked_anew, name, given, before, _quarter(), proof)
    if why := missing(found.rows):
        st.text(why)
    if notes := found.rows.attrs.get("notes", ()):
        st.caption(escape(" ".join(str(one) for one in notes)))
    left_out(proof.metric)
    if found.checks:
        said(found.checks, of_records=bool(found.records))
    _listed(name, found, given, before)
    with st.popover("SQL", icon=":material/code:"):
        st.code(with_values(query, given), language="sql")


def _quarter() -> Mapping[str, Any]:
    """The running quarter so far: a forecast takes no period, what is booked is that of its quarter."""
    view = shown()
    if view.info is None:
        return {}
    on = (view.info.as_of or view.info.published_at).date()
    return {"period_start": quarter_start(on, view.fiscal_start), "period_end": on + timedelta(days=1)}


def where(given: Mapping[str, Any], before: str) -> str:
    """Data date, snapshot, period and filters in one line."""
    info = shown().info
    if info is None:
        return ""
    as_of = (info.as_of or info.published_at).date()
    parts = [f"Data to {formats.day(as_of)} {as_of.year}", f"snapshot {info.id}"]
    parts.append(f"definitions {info.manifest.get('definitions_version', '')}")
    if before:
        parts.append(f"compared with snapshot {before}")
    dates = [pd.Timestamp(given[name]).date() if given.get(name) else None for name in PERIOD]
    if any(name in given for name in PERIOD):
        parts.append(period_text(dates[0], dates[1]))
    else:
        parts.append("whatever the period")
    return " · ".join([*parts, *(filter_words(given) or ["no filter"])])


def asked_anew(name: str, given: Mapping[str, Any], before: str) -> pd.DataFrame:
    """The rows of a report for the values that it takes of these."""
    query = query_of(name)
    filters = replace(Filters(), **{key: tuple(given[key]) for key in LISTS if given.get(key)})
    rest = {key: value for key, value in given.items() if key in query.params and key not in LISTS}
    extra = {"compare_to": before} if before and query.compares_snapshots else {}
    return ask(name, filters, **rest, **extra)


def left_out(metric: str, filters: Filters | None = None) -> None:
    """What the number does not count, and why, where the report knows."""
    if not metric or "left_out" not in this_run().queries:
        return
    rows = ask("left_out", filters, metric=metric)
    if len(rows):
        reasons = "; ".join(f"{formats.count(row.entities)} {row.reason}" for row in each(rows))
        st.caption(escape(f"Left out: {reasons}."))
    else:
        st.caption("Left out: nothing.")


def said(checks: Sequence[Added], *, of_records: bool = True) -> None:
    """Whether the records add up, or what must hold of the rows does: green, or red with both figures."""
    currency = shown().look.currency
    if bad := wrong(checks):
        lines = [f"- {escape(one.sentence(currency))}" for one in bad]
        st.error(
            "These records do not add up to the number. Please report this.\n\n" + "\n".join(lines),
            icon=":material/cancel:",
        )
        return
    what = "; ".join(f"{one.what} {one.number(currency)}" for one in checks[:4])
    how = "the records add up" if of_records else "what must hold of these rows does"
    more = f" and {len(checks) - 4} more" if len(checks) > 4 else ""
    st.success(escape(f"Checked now: {how}. {what}{more}."), icon=":material/check:")


def _listed(name: str, found: Proved, given: Mapping[str, Any], before: str) -> None:
    """The records, the answer's own rows, or what it is worked out from: one list at a time."""
    facts = [one for one in facts_of(query_of(name)) if one not in found.records]
    if not found.records and not found.checks:
        worked = " and ".join(f"“{query_of(one).title}”" for one in facts)
        st.caption(
            escape(
                f"{OWN_ROWS}: it is worked out from {worked}, one click below."
                if facts
                else f"{OWN_ROWS}; these are its own rows, from the statement below."
            )
        )
    lists = [*found.records, ITSELF, *facts]
    titles = {one: query_of(one).title for one in lists if one} | {"records": _metric_title(name)}
    picked = lists[0]
    if len(lists) > 1:
        choice = st.segmented_control(
            "Rows",
            lists,
            default=lists[0],
            required=True,
            key=f"drawer_rows_{name}",
            format_func=lambda one: titles.get(one, "The answer's own rows"),
            label_visibility="collapsed",
        )
        picked = str(choice if choice is not None else lists[0])
    if picked == ITSELF:
        rows = found.rows
    else:
        rows = found.records[picked] if picked in found.records else asked_anew(picked, given, before)
    _rows(picked or name, rows, "record" if picked in found.records else "row")


def _metric_title(name: str) -> str:
    """What the records of a metric are called beside another list."""
    metric = str(proof_of(name).given.get("metric", ""))
    return query_of(metric).title if metric else "Records"


def _rows(name: str, rows: pd.DataFrame, kind: str) -> None:
    if why := missing(rows):
        st.text(why)
        return
    if rows.empty:
        st.caption("No rows with these filters.")
        return
    known = [column for column in rows.columns if rows[column].notna().any()]
    same = ("metric", "entity") if kind == "record" else ()  # one word all the way down
    listed = rows[[one for one in known if one not in same or rows[one].nunique() > 1]].head(MOST)
    more = f", the first {formats.count(MOST)} listed" if len(rows) > MOST else ""
    st.caption(f"n={formats.counted(len(rows), kind)}{more}.")
    safe = masked(listed, names_too=masks_names())
    heads: dict[str, Any] = {column: titled(str(column)) for column in listed.columns}
    numbers = listed.select_dtypes("number").columns
    heads |= {one: st.column_config.NumberColumn(titled(str(one)), format="localized") for one in numbers}
    heads |= {
        column: st.column_config.DateColumn(titled(str(column)), format="D MMM YYYY")
        for column in listed.select_dtypes("datetime").columns
        if (listed[column].dropna() == listed[column].dropna().dt.normalize()).all()
    }
    high = fit(len(listed), 300)
    st.dataframe(safe, key=f"drawer_table_{name}", hide_index=True, height=high, placeholder="", column_config=heads)
    download(rows, f"{name}_{kind}s", f"drawer_csv_{name}")
