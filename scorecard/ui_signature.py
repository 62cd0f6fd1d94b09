"""Which definition the numbers shown follow, and who signed it: for screens and for what is downloaded."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from scorecard import book_definitions as definitions
from scorecard.book import BookCopy, Definition
from scorecard.store import Store
from scorecard.ui_state import shown


@dataclass(frozen=True)
class InForce:
    """`shown`: the definition the snapshot was built with; `newest`: that of the book."""

    shown: Definition
    newest: Definition

    @property
    def is_newest(self) -> bool:
        return self.shown.version == self.newest.version


@st.cache_data(max_entries=16, show_spinner=False)
def _built_with(root: str, snapshot_id: str) -> BookCopy:
    own = Store(root)
    return own.book_of(own.snapshot(snapshot_id))


def in_force() -> InForce:
    """The definition of the snapshot shown; its signatures may be newer than the snapshot."""
    view = shown()
    newest = view.store.book.copy()
    kept = _built_with(str(view.store.root), view.info.id) if view.info else newest
    return InForce(definitions.in_force(kept, newest), definitions.agreed(newest))


def signature() -> str:
    """Definition v3, signed by Ann (Marketing) 3 Mar and Bob (Sales) 4 Mar."""
    return definitions.signature(in_force().shown, datetime.now().date())


def with_version(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows to download, each saying under which definition its side stands."""
    if "definition" in frame.columns or not len(frame):
        return frame
    return frame.assign(definition=definitions.signature(in_force().shown))
