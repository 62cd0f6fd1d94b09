"""What is shown: which store, which snapshot, and questions to it that are answered once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import book_meetings, loading, loading_back, queries
from scorecard.book_meetings import Meeting
from scorecard.charts.theme import Look
from scorecard.errors import NotComputableError, QueryError, ScorecardError, StoreBusyError, StoreError
from scorecard.export.proofs import ASKED, note_of
from scorecard.filters import Filters
from scorecard.ingest.report import LoadOptions
from scorecard.queries_readers import POOL
from scorecard.store import SnapshotInfo, Store
from scorecard.store_snapshots import forget
from scorecard.ui_frame import query_of, this_run

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_FILES = ROOT / "data" / "sample"
SHOWN = "shown"
WANT_SAMPLE = "want_sample"
FROZEN = "frozen_snapshot"
PINNED = "snapshot"  # also its name in the address
MEETING = "meet"  # the meeting this browser is in; also its name in the address
NAMES = "names"  # masked or shown, where somebody chose; also its name in the address
MASKED, IN_FULL = "masked", "shown"
RECOVERED = "recovered_snapshot"
BUILT_AGAIN = "The stored numbers could not be opened; they were built again from the uploaded files."
ONE_STATE = "There is only one state of the numbers. Load next week's export to see what changed."
RETRY_S = 60  # after a failed recovery


@dataclass(frozen=True)
class Shown:
    """The snapshot a run shows; `info` None = there is nothing yet."""

    store: Store
    info: SnapshotInfo | None
    is_sample: bool
    problem: str | None
    settings: Mapping[str, str]
    newer: bool = False  # somebody published since the meeting began
    pinned: bool = False  # an address or a choice in the history keeps this snapshot
    meeting: Meeting | None = None  # the one this browser is in, or looks back at

    @property
    def look(self) -> Look:
        return Look(bool(st.session_state.get("meeting")), self.settings["reporting_currency"])

    @property
    def fiscal_start(self) -> int:
        return int(self.settings["fiscal_year_start_month"])


def store() -> Store:
    """The team's store."""
    return Store(os.environ.get("SCORECARD_STORE") or ROOT / "data" / "store")


def sample_store() -> Store | None:
    """The store with the sample data; None where SCORECARD_SAMPLE_STORE is set to nothing."""
    root = os.environ.get("SCORECARD_SAMPLE_STORE", str(ROOT / "data" / "sample-store"))
    return Store(root) if root and SAMPLE_FILES.is_dir() else None


def look_up() -> Shown:
    """What to show now: the team's newest numbers, or the sample while there are none or somebody asks for it."""
    _keep_masking()
    own = store()
    info, problem = _current(own)
    if info and not st.session_state.get(WANT_SAMPLE):
        return _looked_at(own, info, False)
    sample = sample_store()
    if sample and not problem:
        found = _current(sample)[0] or _build_sample(str(sample.root))
        if found:
            return _looked_at(sample, found, True)
    return Shown(own, None, False, problem or own.book.problem(), own.book.settings())


def _looked_at(own: Store, newest: SnapshotInfo, is_sample: bool) -> Shown:
    """The numbers of the meeting, those an address keeps, or the newest, in this order."""
    met, found, lost = _met(own)
    pinned, newer = met is not None and not met.is_running, False
    if met and found:
        info, newer = found, found.id != newest.id and met.is_running
    elif kept := (None if is_sample else _pinned(own)):
        found, gone = kept
        pinned, lost = found is not None, lost or gone
        info, newer = (found, False) if found else _frozen(own, newest)
    else:
        info, newer = _frozen(own, newest)
    trouble = lost or info.problem or (None if is_sample else own.book.problem())
    return Shown(own, info, is_sample, trouble, _settings(str(own.root), info.id), newer, pinned, met)


def _met(own: Store) -> tuple[Meeting | None, SnapshotInfo | None, str | None]:
    """The meeting that the address names and its numbers; a sentence where they cannot be shown."""
    wanted = st.query_params.get(MEETING) or st.session_state.get(MEETING)
    if not wanted:
        return None, None, None
    met = book_meetings.as_of_today(book_meetings.meeting(own.book, wanted), datetime.now())
    if met is None:
        enter(None)
        return None, None, "The meeting this link names is not in the book, so you see the newest numbers."
    try:
        info = loading_back.snapshot(own, met.snapshot)
    except StoreError as error:
        enter(None)
        return None, None, f"The numbers of this meeting cannot be shown, so you see the newest. {error}"
    enter(met.id)
    return met, info, None


def enter(meeting_id: str | None) -> None:
    """Be in this meeting, here and in the address; None leaves it."""
    in_address(MEETING, meeting_id)


def in_address(name: str, value: str | None) -> None:
    """Keep a value in this session and in the address."""
    st.session_state[name] = value
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def masks_names() -> bool:
    """People's and companies' names are hidden: as somebody chose, else on the shared screen."""
    chosen = st.session_state.get(NAMES)
    return chosen == MASKED if chosen else bool(st.session_state.get("meeting"))


def mask_names(hide: bool) -> None:
    """Hide or show names in this session and in links made from it."""
    in_address(NAMES, MASKED if hide else IN_FULL)


def _keep_masking() -> None:
    """The choice of the address or of the session, kept in both over all pages."""
    chosen = st.query_params.get(NAMES) or st.session_state.get(NAMES)
    if chosen in (MASKED, IN_FULL):
        in_address(NAMES, chosen)


def _current(own: Store) -> tuple[SnapshotInfo | None, str | None]:
    """The snapshot to show, or why there is none; where none can be opened they are built again first."""
    try:
        info = own.current()
    except StoreError:
        trouble = _recover(str(own.root))
        if trouble:
            return None, trouble
        info = own.current()
        st.session_state[RECOVERED] = info.id if info else None
    if info and info.is_outdated:
        info = _renewed(str(own.root), info.id) or info
    if info and info.id == st.session_state.get(RECOVERED):
        info = replace(info, problem=info.problem or BUILT_AGAIN)
    return info, None


@st.cache_data(ttl=RETRY_S, show_spinner="The stored numbers cannot be opened; building them again…")
def _recover(root: str) -> str | None:
    """Build the numbers again from what the store holds; a sentence if that fails. Not tried at every click."""
    try:
        loading.recover(Store(root), datetime.now(), "recovery")
    except StoreBusyError:
        return "The numbers are being loaded or built again at this moment. Reload the page in a minute."
    except (ScorecardError, OSError) as error:
        why = str(error) if isinstance(error, ScorecardError) else f"{error.strerror}."
        return f"The stored numbers cannot be opened, and building them again failed. {why}"
    return None


@st.cache_data(ttl=RETRY_S, show_spinner="A new version of the product: working the numbers out again…")
def _renewed(root: str, _outdated: str) -> SnapshotInfo | None:
    """The numbers worked out by the version that runs; the old ones with a word about it where that fails."""
    return loading.recover(Store(root), datetime.now(), "new version")


def pin(snapshot_id: str | None) -> None:
    """Keep this snapshot in view, here and in the address; None goes back to the newest."""
    in_address(PINNED, snapshot_id)


def _pinned(own: Store) -> tuple[SnapshotInfo | None, str | None]:
    """The snapshot that the address names, and a sentence where it cannot be shown."""
    wanted = st.query_params.get(PINNED) or st.session_state.get(PINNED)
    if not wanted:
        return None, None
    try:
        info = loading_back.snapshot(own, wanted)
    except StoreError as error:
        pin(None)
        return None, f"The numbers this link keeps cannot be shown, so you see the newest. {error}"
    pin(info.id)
    return info, None


def _frozen(own: Store, newest: SnapshotInfo) -> tuple[SnapshotInfo, bool]:
    """In meeting mode the numbers do not change under the room: the snapshot of its start stays."""
    if not st.session_state.get("meeting"):
        st.session_state.pop(FROZEN, None)
        return newest, False
    kept = st.session_state.setdefault(FROZEN, newest.id)
    if kept == newest.id:
        return newest, False
    try:
        return own.snapshot(kept), True
    except StoreError:
        st.session_state[FROZEN] = newest.id
        return newest, False


@st.cache_resource(show_spinner="Building the sample data (once)…")
def _build_sample(root: str) -> SnapshotInfo | None:
    """Load the sample exports like anybody's: same reading, same checks."""
    sample = Store(root)
    now = datetime.now()
    info = None
    # Week by week, so that the history has something to go back to.
    for week in sorted(SAMPLE_FILES.glob("week-*")):
        preview = loading.preview(sample, sorted(week.glob("*.csv")), LoadOptions(), now)
        info = loading.commit(sample, preview, now, "sample")
    return info


@st.cache_data(max_entries=16, show_spinner=False)
def _settings(root: str, snapshot_id: str) -> dict[str, str]:
    own = Store(root)
    return own.settings_of(own.snapshot(snapshot_id))


def shown() -> Shown:
    """What this run shows."""
    return st.session_state[SHOWN]


@st.cache_data(max_entries=3000, show_spinner=False)
def _answer(path: str, name: str, params: tuple[tuple[str, Any], ...], before: str = "") -> pd.DataFrame:
    """Answered once for each file, or pair of files: a snapshot never changes."""
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in params}
    earlier = POOL.reader(Path(before)) if before else None
    return queries.run(POOL.reader(Path(path)), name, values, before=earlier)


def ask(name: str, filters: Filters | None = None, **params: Any) -> pd.DataFrame:
    """The rows of a report under the filters, from the snapshot shown.

    A report that compares two snapshots takes `compare_to`, an id or a date; without it the last earlier day.
    Empty with `attrs["missing"]` = a sentence where the loaded files do not hold what it needs.
    """
    info = shown().info
    query = query_of(name)
    if info is None:
        return _nothing(query, "Nothing is loaded yet.")
    wanted = _params(query, filters, {name: value for name, value in params.items() if name != "compare_to"})
    before = compared_with = ""
    if query.compares_snapshots:
        other = _compared(info, str(params.get("compare_to") or ""))
        if isinstance(other, str):
            return _nothing(query, other, wanted)
        before, compared_with = str(other.path), other.id
    try:
        found = _answer(str(info.path), name, tuple(sorted(wanted.items())), before)
        found.attrs[ASKED] = note_of(name, wanted, compared_with)
        return found
    except NotComputableError as error:
        return _nothing(query, str(error), wanted)
    except QueryError as error:
        this_run().missing.append(str(error))
        return _nothing(query, str(error), wanted)
    except StoreError:
        _look_again(info)
        raise


def _compared(info: SnapshotInfo, wanted: str) -> SnapshotInfo | str:
    """The snapshot to compare with, or why there is none."""
    own = shown().store
    try:
        if wanted:
            return loading_back.compared(own, wanted)
        default = loading_back.compare_default(own, info)
        return loading_back.snapshot(own, default.id) if default else ONE_STATE
    except StoreError as error:
        return str(error)


def _look_again(info: SnapshotInfo) -> None:
    """The file broke while it was open: look at its bytes again, and start over where others can be shown."""
    forget(info.path)
    found, _ = _current(shown().store)
    if found and found.id != info.id:
        st.rerun()


def _params(query: queries.Query, filters: Filters | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """What the query takes of the filters; an active filter it does not know is noted for the header."""
    values = {} if filters is None else filters.to_params()
    for name, value in values.items():
        if value and name not in query.params and name not in params:
            this_run().unapplied.add(name)
    merged = {name: value for name, value in {**values, **params}.items() if name in query.params or name in params}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in merged.items()}


def _nothing(query: queries.Query, why: str, asked: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """No rows, why, and what was asked, so that the definition can be opened all the same."""
    empty = pd.DataFrame(columns=list(query.returns))
    empty.attrs["missing"] = why
    if asked is not None:
        empty.attrs[ASKED] = note_of(query.name, asked, "")
    return empty


def rollup(metric: str, filters: Filters, by: str = "", grain: str = "total") -> pd.DataFrame:
    """A metric over the period: value, numerator, denominator, entities; `by` adds a column `dimension`."""
    found = ask("metric_rollup", filters, metric=metric, by=by, grain=grain)
    return found.rename(columns={by: "dimension"}) if by else found


def missing(frame: pd.DataFrame) -> str | None:
    """Why a frame is empty, when that is for want of a file."""
    return frame.attrs.get("missing")
