"""The plan both teams agreed, in a table people can type in."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import loading
from scorecard.book_tables import GRAINS
from scorecard.charts.frames import blank, day_of, each
from scorecard.errors import ScorecardError
from scorecard.schema import SIDES
from scorecard.ui_frame import escape, query_of
from scorecard.ui_people import who_are_you
from scorecard.ui_state import ask, shown

COLUMNS = ("period", "grain", "metric", "side", "channel", "segment", "value")
KEY = COLUMNS[:-1]


def target_editor(metrics: Sequence[str]) -> None:
    """An expander with the plan of these metrics; saving publishes numbers against the new plan."""
    if shown().look.meeting:
        return
    panel = st.expander("Edit targets", icon=":material/flag:", key="targets_panel", on_change="rerun")
    if panel.open:
        with panel:
            _editor(metrics)


def _editor(metrics: Sequence[str]) -> None:
    before = _plan(metrics)
    titles = {metric: query_of(metric).title for metric in metrics}
    st.caption(
        "The first day of the period, its length, and the value planned for it. An empty side, channel or segment means"
        " all of them. Rates are typed as shares: 0.06 is 6%."
    )
    edited = st.data_editor(
        before,
        key=f"targets_{_version()}",
        num_rows="dynamic",
        hide_index=True,
        height=320,
        placeholder="",
        column_config=_columns(titles),
    )
    name = who_are_you(shown().store.book, "targets")
    if st.button("Save targets", key="save_targets", type="primary", disabled=not name):
        _save(before, edited, name)
    if not name:
        st.caption("Give your name to save: every change is kept with who and when.")


def _columns(titles: dict[str, str]) -> dict[str, Any]:
    column = st.column_config
    return {
        "period": column.DateColumn("First day", required=True, format="YYYY-MM-DD"),
        "grain": column.SelectboxColumn("Length", options=list(GRAINS), required=True, default="quarter"),
        "metric": column.SelectboxColumn(
            "Metric", options=list(titles), required=True, format_func=lambda name: titles.get(str(name), str(name))
        ),
        "side": column.SelectboxColumn("Side", options=["", *SIDES], default=""),
        "channel": column.TextColumn("Channel", default=""),
        "segment": column.TextColumn("Segment", default=""),
        "value": column.NumberColumn("Plan", required=True, min_value=0.0, format="localized"),
    }


def _version() -> str:
    """The snapshot the table was read from: another one, another table."""
    info = shown().info
    return info.id if info else ""


def _plan(metrics: Sequence[str]) -> pd.DataFrame:
    """The plan in effect, newest period first, uploaded or typed."""
    found = [ask("metric_target", None, metric=metric, period_start=None, period_end=None) for metric in metrics]
    rows = pd.concat([frame[list(COLUMNS)] for frame in found], ignore_index=True)
    rows["period"] = pd.to_datetime(rows["period"]).dt.date
    rows["value"] = rows["value"].astype(float)
    for name in ("side", "channel", "segment"):
        rows[name] = rows[name].fillna("").astype(str)
    return rows.sort_values(["period", "metric", "channel"], ascending=[False, True, True], ignore_index=True)


def changes(before: pd.DataFrame, after: pd.DataFrame) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """Rows to put and keys to take out, from the table before and after typing."""
    old, new = _by_key(before), _by_key(after)
    put: list[dict[str, Any]] = [
        dict(zip(COLUMNS, (*key, value), strict=True)) for key, value in new.items() if old.get(key) != value
    ]
    return put, [key for key in old if key not in new]


def _by_key(frame: pd.DataFrame) -> dict[tuple[Any, ...], Decimal]:
    rows = {}
    for row in each(frame):
        if blank(row.period) or blank(row.value) or blank(row.metric):
            continue
        texts = tuple("" if blank(text) else str(text).strip() for text in (row.side, row.channel, row.segment))
        day = day_of(row.period).isoformat()
        rows[(day, row.grain or "quarter", row.metric, *texts)] = Decimal(str(row.value))
    return rows


def _save(before: pd.DataFrame, after: pd.DataFrame, who: str) -> None:
    put, gone = changes(before, after)
    book, now = shown().store.book, datetime.now()
    typed = {tuple(str(row[name]) for name in KEY) for row in book.rows("targets")}
    uploaded = [key for key in gone if key not in typed]
    if not put and not gone:
        st.info("Nothing was changed.")
        return
    try:
        with st.spinner("Publishing the numbers against the new plan…"):
            book.put_many("targets", put, who, now)
            for key in gone:
                book.remove("targets", key, who, now)
            loading.refresh(shown().store, now, who)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    st.toast("Targets saved.", icon=":material/check:")
    if uploaded:
        st.toast("Targets that came with a file stay until a file or a typed value replaces them.", duration="long")
    st.rerun()
