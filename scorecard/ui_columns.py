"""Which column of a file is which of ours: edited in a table, confirmed once, remembered, changed later."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from scorecard import loading_remap
from scorecard.charts import formats
from scorecard.errors import ScorecardError
from scorecard.ingest.kinds import find_kind
from scorecard.ingest.report import FileReport, Proposal
from scorecard.loading_headers import HeaderChange
from scorecard.loading_remap import Remembered
from scorecard.masking import mask_email
from scorecard.schema import KINDS
from scorecard.store import Store
from scorecard.ui_frame import escape
from scorecard.ui_parts import fit
from scorecard.ui_state import store
from scorecard.ui_upload import Upload

NOT_USED = "not used"
SHOWN = 6  # likely columns asked about at once
STATES = {"sure": "✓ recognised", "likely": "? please confirm", "said": "● your choice", "none": "– not used"}


def columns(state: Upload, report: FileReport, position: int, change: HeaderChange | None) -> None:
    """The columns of one file; a change runs the preview again."""
    if not report.header or report.status in ("skipped", "unused"):
        return
    if change:
        _difference(change)
    open_ones = [item for item in report.to_confirm if (report.signature, item.header) not in state.declined]
    _confirm(state, report, position, open_ones)
    fed = _fed(report)
    label = f"{len(fed)} of {len(report.header)} columns used"
    said = state.columns.get(report.signature, {})
    is_open = report.status == "question"
    with st.expander(label, icon=":material/table_chart:", expanded=is_open, key=f"columns_panel_{position}"):
        rows = _rows(report, fed, said, {item.header for item in open_ones})
        edited = _editor(
            rows, _canonical(report), f"columns_{position}_{state.round}_{len(said)}_{sorted(said.items())}"
        )
        if said and st.button("Undo the column choices", key=f"undo_columns_{position}", type="tertiary"):
            state.columns.pop(report.signature, None)
            st.rerun()
    changes = edited_columns(rows, edited, fed)
    if changes:
        state.columns.setdefault(report.signature, {}).update(changes)
        st.rerun()


def _fed(report: FileReport) -> dict[str, str]:
    """Header -> our column, for every header that is used, also as a second choice."""
    unused = set(report.unmapped)
    also = {
        item.header: item.canonical
        for item in report.proposals
        if item.canonical and item.score == 1.0 and item.header not in unused and report.mapping
    }
    return {**also, **{header: column for column, header in report.mapping.items()}}


def _rows(report: FileReport, fed: Mapping[str, str], said: Mapping[str, str], likely: set[str]) -> pd.DataFrame:
    chosen = {header for header in said.values() if header}

    def state_of(header: str) -> str:
        if header in chosen:
            return STATES["said"]
        if header in fed:
            return STATES["sure"]
        return STATES["likely"] if header in likely else STATES["none"]

    return pd.DataFrame(
        {
            "header": report.header,
            "sample": [mask_email(" · ".join(report.samples.get(header, ())[:3])) for header in report.header],
            "canonical": [fed.get(header, NOT_USED) for header in report.header],
            "state": [state_of(header) for header in report.header],
        }
    )


def _editor(rows: pd.DataFrame, ours: Sequence[str], key: str) -> pd.DataFrame:
    return st.data_editor(
        rows,
        key=key,
        hide_index=True,
        disabled=["header", "sample", "state"],
        column_config={
            "header": "Column of the file",
            "sample": "Samples",
            "canonical": st.column_config.SelectboxColumn("Used as", options=[NOT_USED, *ours], required=True),
            "state": "State",
        },
        height=fit(len(rows), 640),
    )


def edited_columns(before: pd.DataFrame, after: pd.DataFrame, fed: Mapping[str, str]) -> dict[str, str]:
    """What was edited, as a mapping; a column of ours that lost its header is not used, or takes the next one."""
    changes: dict[str, str] = {}
    pairs = zip(before["header"], before["canonical"], after["canonical"], strict=True)
    for header, old, new in [pair for pair in pairs if pair[1] != pair[2]]:
        if old != NOT_USED:
            others = [other for other, column in fed.items() if column == old and other != header]
            changes.setdefault(str(old), others[0] if others else "")
        if new not in (NOT_USED, None):
            changes[str(new)] = str(header)
    return changes


def _canonical(report: FileReport) -> list[str]:
    """Our columns that the file's main table has."""
    kinds = [table.kind for table in report.tables[:1]] or [proposal.target_kind for proposal in report.proposals[:1]]
    return [name for kind in kinds if kind in KINDS for name in KINDS[kind].column_names]


def _difference(change: HeaderChange) -> None:
    parts = [f"not there any more: {', '.join(change.gone)}"] if change.gone else []
    parts += [f"new: {', '.join(change.new)}"] if change.new else []
    parts += [
        f"“{one.was}” is called “{one.now}” now" if one.sure else f"“{one.was}” may be called “{one.now}” now"
        for one in change.renamed
    ]
    if parts:
        st.text(f"Columns against {change.file}: {'; '.join(parts)}.")


def _confirm(state: Upload, report: FileReport, position: int, items: Sequence[Proposal]) -> None:
    """Likely columns, each with samples and one click for yes or no; nothing is used before."""
    if not items:
        return
    with st.container(border=True, key=f"confirm_{position}"):
        noun = "column is" if len(items) == 1 else "columns are"
        st.text(f"Please confirm: {len(items)} {noun} likely, but not certain. Without a word they are not used.")
        for item in items[:SHOWN]:
            samples = mask_email(" · ".join(report.samples.get(item.header, ())[:3]))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.text(f"{item.header} → {item.canonical}   ({samples})")
                key = f"{position}_{item.header}_{state.round}"
                if st.button("Yes, use it", key=f"yes_{key}", icon=":material/check:"):
                    state.columns.setdefault(report.signature, {})[str(item.canonical)] = item.header
                    st.rerun()
                if st.button("No", key=f"no_{key}", type="tertiary"):
                    state.declined.add((report.signature, item.header))
                    st.rerun()
        if len(items) > SHOWN:
            st.caption(f"{len(items) - SHOWN} more in the table below.")
        if len(items) > 1 and st.button("None of them", key=f"none_{position}_{state.round}", type="tertiary"):
            state.declined.update((report.signature, item.header) for item in items)
            st.rerun()


def remembered_mappings(who: str) -> None:
    """Every source whose columns are remembered: to read, to change, to forget."""
    own = store()
    known = loading_remap.remembered(own)
    st.subheader("Remembered columns", anchor=False)
    if not known:
        st.text("Nothing is remembered yet. Publishing a file remembers how its columns were read.")
        return
    st.caption(
        "How each source was read. A change reads its files again from the bytes kept, as one new state of the numbers;"
        " nothing has to be uploaded."
    )
    for item in known:
        label = f"{escape(item.title)}: {escape(item.file or 'no file in effect')}"
        panel = st.expander(label, icon=":material/table_chart:", key=f"remembered_{item.signature}", on_change="rerun")
        if panel.open:
            with panel:
                _one(own, item, who)


def _one(own: Store, item: Remembered, who: str) -> None:
    fed = {header: column for column, header in item.mapping.items() if header}
    files = formats.counted(len(item.records), "file")
    st.caption(f"{files} read so." + (" Answers given then are kept." if item.entry.answers else ""))
    rows = pd.DataFrame(
        {
            "header": item.header,
            "canonical": [fed.get(header, NOT_USED) for header in item.header],
            "state": [STATES["sure"] if header in fed else STATES["none"] for header in item.header],
        }
    )
    kind = find_kind(item.entry.kind).main.table
    edited = _editor(rows, KINDS[kind].column_names, f"remap_{item.signature}_{sorted(fed.items())}")
    changes = edited_columns(rows, edited, fed)
    with st.container(horizontal=True, gap="small"):
        label = f"Read {files} again so"
        if st.button(label, key=f"go_{item.signature}", type="primary", disabled=not (changes and who)):
            _remap(own, item, changes, who)
        if st.button("Forget", key=f"forget_{item.signature}", disabled=not who, icon=":material/delete:"):
            loading_remap.forget(own, item.signature, datetime.now(), who)
            st.toast("Forgotten. The next file like this is read afresh; files already loaded stay as they are.")
            st.rerun()
    if not who:
        st.caption("Give your name above to change or forget it.")


def _remap(own: Store, item: Remembered, changes: Mapping[str, str], who: str) -> None:
    with st.status("Reading again…", expanded=True) as status:
        line = st.empty()

        def progress(text: str, _share: float) -> None:
            line.text(text)

        try:
            loading_remap.remap(own, item.signature, changes, datetime.now(), who, progress=progress)
        except ScorecardError as error:
            status.update(label="Nothing was changed", state="error")
            st.error(escape(str(error)), icon=":material/cancel:")
            return
        status.update(label="Published", state="complete")
    st.toast("Done. Every page shows the new numbers now.", icon=":material/check:")
    st.rerun()
