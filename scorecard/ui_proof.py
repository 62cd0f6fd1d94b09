"""The proof behind a number: definition, filters, what is left out, its records, whether they add up, the statement."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.export.proofs import Added, Proof, asked, filter_words, proof_of, with_values, wrong
from scorecard.filters import LISTS, Filters, period_text, quarter_start
from scorecard.masking import masked
from scorecard.ui_download import download
from scorecard.ui_frame import escape, query_of, this_run
from scorecard.ui_state import ask, masks_names, missing, shown

MOST = 5000  # records a browser should hold
PERIOD = ("period_start", "period_end")
FORECAST = "forecast"
ICON, HELP = ":material/fact_check:", "What this says and rests on, and whether it adds up"


def proof_button(of: pd.DataFrame) -> None:
    """The small button beside a headline that opens the proof of the answer it speaks of."""
    found = asked(of)
    if found is None:
        return
    run = this_run()
    run.proofs += 1
    key = f"proof_{run.proofs}_{found['name']}"
    if st.button("Proof", key=key, type="tertiary", icon=ICON, help=HELP):
        _dialog(found["name"], found["params"], found["before"])


@st.dialog("Proof", width="large")
def _dialog(name: str, params: Mapping[str, Any], before: str) -> None:
    query, proof = query_of(name), proof_of(name)
    given = dict(params)
    st.subheader(query.title, anchor=False)
    st.text(query.definition)
    st.caption(escape(where(given, before)))
    rows = _asked(name, given, before)
    if why := missing(rows):
        st.text(why)
        return
    for sentence in rows.attrs.get("notes", ()):
        st.caption(escape(sentence))
    left_out(proof.metric)
    records = _records(name, proof, given, before)
    if proof.checks and (records is not None or not proof.records):
        said(proof.checks(rows, records if records is not None else rows, given))
    _listed(name, proof, rows, records)
    with st.popover("SQL", icon=":material/code:"):
        st.code(with_values(query, given), language="sql")


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


def _asked(name: str, given: Mapping[str, Any], before: str) -> pd.DataFrame:
    query = query_of(name)
    filters = replace(Filters(), **{key: tuple(given[key]) for key in LISTS if given.get(key)})
    rest = {key: value for key, value in given.items() if key in query.params and key not in LISTS}
    extra = {"compare_to": before} if before and query.compares_snapshots else {}
    return ask(name, filters, **rest, **extra)


def _records(name: str, proof: Proof, given: Mapping[str, Any], before: str) -> pd.DataFrame | None:
    """The records behind the answer, under its filters; None where its own rows are the records."""
    if not proof.records:
        return None
    wanted = {**query_of(name).defaults, **given, **proof.given}  # the two may have defaults of their own
    wanted.pop("row_limit", None)
    if name == FORECAST:  # a forecast takes no period: what is booked is that of the running quarter
        view = shown()
        on = (view.info.as_of or view.info.published_at).date() if view.info else None
        if on:
            wanted |= {"period_start": quarter_start(on, view.fiscal_start), "period_end": on + timedelta(days=1)}
    return _asked(proof.records, wanted, before)


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


def said(checks: list[Added]) -> None:
    """Whether the records add up: green, or red with both figures."""
    currency = shown().look.currency
    if bad := wrong(checks):
        lines = [f"- {escape(one.sentence(currency))}" for one in bad]
        st.error(
            "These records do not add up to the number. Please report this.\n\n" + "\n".join(lines),
            icon=":material/cancel:",
        )
        return
    what = "; ".join(f"{one.what} {one.number(currency)}" for one in checks[:4])
    more = f" and {len(checks) - 4} more" if len(checks) > 4 else ""
    st.success(escape(f"Checked now: the records add up. {what}{more}."), icon=":material/check:")


def _listed(name: str, proof: Proof, rows: pd.DataFrame, records: pd.DataFrame | None) -> None:
    shown_rows = rows if records is None else records
    kind = "rows" if records is None else "records"
    listed = shown_rows[[column for column in shown_rows.columns if shown_rows[column].notna().any()]].head(MOST)
    if records is None and not proof.checks:
        st.caption("No single records add up to this answer; these are its own rows, from the statement below.")
    many = formats.count(len(shown_rows))
    st.caption(
        f"n={many} {kind}" + (f", the first {formats.count(MOST)} listed" if len(shown_rows) > MOST else "") + "."
    )
    safe = masked(listed, names_too=masks_names())
    st.dataframe(safe, key=f"proof_table_{name}", hide_index=True, height=300, placeholder="")
    download(shown_rows, f"{name}_{kind}", f"proof_csv_{name}")
