"""The joint scorecard: up to twelve numbers with one target each, what both sides put in, whose it is and its pace."""

from collections.abc import Sequence
from datetime import datetime
from math import inf
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import loading, queries
from scorecard.charts import formats
from scorecard.charts.cards import COLOURS, ICONS
from scorecard.charts.frames import blank, each
from scorecard.errors import ScorecardError
from scorecard.export import joint
from scorecard.export.joint import MOST, PART, Input, Kpi, Line
from scorecard.filters import Filters
from scorecard.ui_cards import numbers_of
from scorecard.ui_frame import escape
from scorecard.ui_parts import headline, records_dialog
from scorecard.ui_people import who_are_you
from scorecard.ui_state import ask, shown
from scorecard.ui_targets import target_editor

NO_INPUT = ""
PART_WORDS, NONE_WORDS = "Its own part", "(none)"


def kpis() -> tuple[Kpi, ...]:
    """The numbers of the team's scorecard."""
    return joint.chosen(ask("scorecard_kpis", None))


def joint_scorecard(filters: Filters) -> None:
    """The table both sides read together, and below it the choice of numbers and their targets."""
    chosen, numbers = kpis(), numbers_of(filters)
    span = joint.span_of(numbers)
    found = joint.lines(numbers, chosen)
    headline(
        joint.headline(found),
        f"{formats.span(span.start, span.now)}: {formats.share(span.share)} of the period is over. Status: so far"
        " against what the target expected by today, in equal parts a day; within a tenth is near plan.",
        of=joint.answers(numbers, chosen),
    )
    st.table(_table(found), border="horizontal")
    if whys := [f"{line.title}: {line.why}" for line in found if line.why]:
        st.caption(escape(" ".join(whys)))
    if shown().look.meeting:
        return
    _records(found, filters)
    metrics = list(dict.fromkeys(name for one in chosen for name in (one.metric, one.marketing, one.sales)
                                 if name and name != PART))  # fmt: skip
    target_editor(metrics)
    panel = st.expander("Choose the numbers", icon=":material/tune:", key="kpi_picker", on_change="rerun")
    if panel.open:
        with panel:
            _picker(chosen)


def _table(found: Sequence[Line]) -> pd.DataFrame:
    return pd.DataFrame({
        "Number": [_name(line) for line in found],
        "Status": [_badge(line) for line in found],
        "So far": [f"**{escape(line.value)}**  \n:small[{escape(line.n)}]" for line in found],
        "Joint target": [escape(line.target) or "none yet" for line in found],
        "Pace": [f":small[{escape(line.pace)}]" if line.pace else "" for line in found],
        "Marketing puts in": [_input(line.marketing) for line in found],
        "Sales puts in": [_input(line.sales) for line in found],
        "Owner": [escape(line.owner) or ":small[nobody yet]" for line in found],
    }).set_index("Number")  # fmt: skip


def _name(line: Line) -> str:
    signal = f"  \n:gray-badge[{line.signal}]" if line.signal else ""
    return f"**{escape(line.title)}**{signal}"


def _badge(line: Line) -> str:
    if not line.standing:
        return f":gray-badge[{line.badge}]"
    return f":{COLOURS[line.standing]}-badge[{ICONS[line.standing]} {line.badge}]"


def _input(found: Input | None) -> str:
    if found is None:
        return ""
    mark = f":{COLOURS[found.standing]}[{ICONS[found.standing]}] " if found.standing else ""
    of = f" {escape(found.of)}" if found.of else ""
    n = f" · {found.n}" if found.n else ""
    return f"{mark}**{escape(found.value)}**{of}  \n:small[{escape(found.name + n)}]"


def _records(found: Sequence[Line], filters: Filters) -> None:
    """Each number's definition, statement and records."""
    with st.container(horizontal=True, gap="xsmall", key="joint_records"):
        for line in found:
            if st.button(line.title, key=f"joint_open_{line.metric}", type="tertiary", icon=":material/list_alt:"):
                numbers = numbers_of(filters)
                span = joint.span_of(numbers)
                records_dialog(line.metric, joint.within(filters, span))


def _offered() -> dict[str, str]:
    """Every metric there is, by its title: a new metric file is offered by itself."""
    return {query.name: query.title for query in queries.catalogue().values() if query.folder == "metric"}


def _picker(chosen: Sequence[Kpi]) -> None:
    titles = _offered()
    inputs = {NO_INPUT: NONE_WORDS, PART: PART_WORDS, **titles}
    st.caption(
        f"Up to {MOST} numbers, in the order of their places. What a side puts in is another number, or the number's"
        " own part of that side. Everybody sees the same scorecard; every change is kept with who and when."
    )
    before = pd.DataFrame(
        {
            "place": list(range(1, len(chosen) + 1)),
            "metric": [one.metric for one in chosen],
            "owner": [one.owner for one in chosen],
            "marketing_input": [one.marketing for one in chosen],
            "sales_input": [one.sales for one in chosen],
        }
    )

    def choice(title: str, options: dict[str, str], **extra: Any) -> Any:
        return st.column_config.SelectboxColumn(
            title, options=list(options), format_func=lambda name: options.get(str(name), str(name)), **extra
        )

    info = shown().info
    edited = st.data_editor(
        before,
        key=f"kpis_{info.id if info else ''}",
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        column_config={
            "place": st.column_config.NumberColumn("Place", min_value=1, max_value=99, step=1, width="small"),
            "metric": choice("Number", titles, required=True),
            "owner": st.column_config.TextColumn("Owner", max_chars=60, default=""),
            "marketing_input": choice("Marketing puts in", inputs, default=PART),
            "sales_input": choice("Sales puts in", inputs, default=PART),
        },
    )
    name = who_are_you(shown().store.book, "kpis")
    if st.button("Save the scorecard", key="save_kpis", type="primary", disabled=not name):
        _save(edited, name)
    if not name:
        st.caption("Give your name to save: every change is kept with who and when.")


def rows_of(edited: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows to keep, by their places, those without one last.

    Raises ScorecardError where a number stands twice or there are too many.
    """

    def text(value: Any) -> str:
        return "" if blank(value) else str(value).strip()

    rows = [row for row in each(edited) if text(row.metric)]
    rows.sort(key=lambda row: inf if blank(row.place) else float(row.place))
    names = [text(row.metric) for row in rows]
    if not rows:
        raise ScorecardError("A scorecard needs at least one number.")
    if len(names) > MOST:
        raise ScorecardError(f"A scorecard holds {MOST} numbers; there are {len(names)}.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ScorecardError(f"{queries.find(twice[0]).title} stands there twice.")
    return [
        {
            "metric": name,
            "position": at,
            "owner": text(row.owner),
            "marketing_input": text(row.marketing_input),
            "sales_input": text(row.sales_input),
        }
        for at, (name, row) in enumerate(zip(names, rows, strict=True), start=1)
    ]


def _save(edited: pd.DataFrame, who: str) -> None:
    held, now = shown().store, datetime.now()
    try:
        rows = rows_of(edited)
        kept = {row["metric"] for row in rows}
        with st.spinner("Publishing the scorecard…"):
            held.book.put_many("scorecard_kpis", rows, who, now)
            for row in held.book.rows("scorecard_kpis"):
                if row["metric"] not in kept:
                    held.book.remove("scorecard_kpis", (row["metric"],), who, now)
            loading.refresh(held, now, who)
    except ScorecardError as error:
        st.error(escape(str(error)))
        return
    st.toast("Scorecard saved.", icon=":material/check:")
    st.rerun()
