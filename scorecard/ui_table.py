"""Tables of data: addresses and names masked, nothing read as Markdown, as high as they are long."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts.theme import STROKE
from scorecard.masking import masked
from scorecard.ui_state import masks_names, shown


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
