"""Tables as files: CSV or Excel, built when somebody clicks, each saying where its numbers come from."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from scorecard import book_definitions as definitions
from scorecard.export.stamp import Stamp, stamp_of
from scorecard.export.tables import safe_csv
from scorecard.export.workbook import MIME, workbook
from scorecard.filters import Filters
from scorecard.masking import masked
from scorecard.ui_frame import this_run
from scorecard.ui_signature import in_force
from scorecard.ui_state import masks_names, shown

UNPUBLISHED = (("Rows", "of files as they were read, not of published numbers"),)


def stamp(filters: Filters | None = None) -> Stamp | None:
    """Where the numbers of this run come from; None while there are none."""
    view = shown()
    if view.info is None:
        return None
    chosen = filters or this_run().filters or Filters()
    return stamp_of(view.info, chosen, definitions.signature(in_force().shown), is_sample=view.is_sample)


def download(frame: pd.DataFrame, name: str, key: str, label: str = "Download CSV", *, published: bool = True) -> None:
    """The table as CSV or Excel, without addresses and without formulas.

    `published` False: rows of files, not numbers; the CSV then is nothing but its own columns, so that it can be
    mended and loaded.
    """
    names_too = masks_names()
    where = stamp() if published else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", key=f"files_{key}"):
        _button(label, lambda: csv_file(frame, where, names_too), f"{name}.csv", "text/csv", key)
        _button("Excel", lambda: excel_file(frame, where, names_too, name), f"{name}.xlsx", MIME, f"{key}_xlsx")


def csv_file(frame: pd.DataFrame, where: Stamp | None, names_too: bool) -> bytes:
    """Every line carries the stamp, for lines are copied from file to file."""
    safe = masked(frame, names_too=names_too)
    return safe_csv(where.on_each_row(safe) if where else safe)


def excel_file(frame: pd.DataFrame, where: Stamp | None, names_too: bool, title: str) -> bytes:
    """The stamp is the second sheet."""
    return workbook(masked(frame, names_too=names_too), where.about() if where else UNPUBLISHED, title)


def _button(label: str, data: Callable[[], bytes], file_name: str, mime: str, key: str) -> None:
    """`data` runs when the button is clicked: a page never waits for files nobody asked for."""
    quiet = file_name.endswith(".xlsx")
    st.download_button(
        label,
        data=data,
        file_name=file_name,
        mime=mime,
        key=key,
        icon=None if quiet else ":material/download:",
        on_click="ignore",
        help="The same as an Excel file" if quiet else None,
    )
