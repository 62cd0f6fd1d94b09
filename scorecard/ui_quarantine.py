"""The quarantine: every refused row, mended here or in a download, and loaded again alone."""

import io

import pandas as pd
import streamlit as st

from scorecard import loading_mend
from scorecard.charts import formats
from scorecard.loading_mend import MARKS, MORE, Refused
from scorecard.masking import masked
from scorecard.store import Store
from scorecard.store_work import WorkFolder
from scorecard.ui_frame import escape
from scorecard.ui_parts import download, fit, table
from scorecard.ui_state import shown
from scorecard.ui_upload import begin, go_to

EDITED = 2000  # rows a table to mend holds


def quarantine() -> None:
    """Every refused row with file, line, reason and raw text; and the ways back."""
    view = shown()
    rows = loading_mend.open_rows(view.store.imports(view.info)) if view.info else []
    if not rows:
        st.text("No row is in quarantine: every line of every file was read.")
        return
    st.caption(
        f"{formats.counted(len(rows), 'row')} refused and in no number. Mend them below or in a download: only those"
        " rows are loaded again, and each counts once."
    )
    listed = pd.DataFrame(
        [(row.record.file, row.line, row.reason, row.raw) for row in rows], columns=["file", "line", "reason", "raw"]
    )
    table(listed, "quarantine_table", height=fit(len(rows)))
    download(listed, "quarantine", "quarantine_csv", label="Download all as listed", published=False)
    if not view.is_sample:
        _mend(view.store, rows)


def _mend(own: Store, rows: list[Refused]) -> None:
    """The rows of one file in its own columns, to mend here or elsewhere."""
    st.subheader("Mend and load again", anchor=False)
    with_header = [row for row in rows if row.record.header]
    if not with_header:
        st.text(
            "These files were loaded before mending was known. Mend the rows at the source and load the file again."
        )
        return
    sources = {(row.record.file, row.record.signature): row.record for row in reversed(with_header)}
    names = {f"{file} ({record.title})": key for key, record in sources.items() for file in [key[0]]}
    chosen = next(iter(names))
    if len(names) > 1:
        chosen = str(st.selectbox("File", list(names), key="mend_file") or chosen)
    file, signature = names[chosen]
    own_rows = [row for row in with_header if (row.record.file, row.record.signature) == (file, signature)][:EDITED]
    header, cells = loading_mend.to_mend(own_rows)
    frame = masked(pd.DataFrame(cells, columns=header))
    edited = st.data_editor(
        frame,
        key=f"mend_{signature}_{len(own_rows)}",
        hide_index=True,
        disabled=[*MARKS, MORE],
        column_config={MARKS[0]: None, MARKS[1]: "Line", MARKS[2]: "Why it was refused", MORE: "Cells too many"},
        height=fit(len(own_rows), 420),
    )
    count = int((frame.fillna("") != edited.fillna("")).any(axis=1).sum())
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        label = f"Check {formats.counted(count, 'mended row')}" if count else "Check the mended rows"
        if st.button(label, key="mend_go", type="primary", disabled=not count, icon=":material/build:"):
            _take_back(edited, file)
        download(frame, f"quarantine {file}", "mend_csv", label="Download to mend elsewhere", published=False)
    st.caption(
        "In a download keep the columns that begin with quarantine\\_ and drop the file on the Upload tab. Addresses"
        " are masked there; a masked one that is left as it is means the address itself."
    )


def _take_back(edited: pd.DataFrame, file: str) -> None:
    """The mended table goes the way of every upload: checked, shown, published by a person."""
    work = WorkFolder(None)
    path = work.path / "upload-0"
    buffer = io.StringIO()
    edited.to_csv(buffer, index=False)
    path.write_text(buffer.getvalue(), encoding="utf-8")
    begin([path], [f"quarantine of {file}"], work)
    go_to("Upload")
    st.toast(f"Mended rows of {escape(file)} are ready to be checked.")
    st.rerun()
