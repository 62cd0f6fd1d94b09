"""Earlier snapshots: pruned to save room, and built again from their own imports and book when somebody asks."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from scorecard import book_meetings, faults, warehouse
from scorecard.book import BookCopy
from scorecard.errors import StoreError
from scorecard.imports import ImportRecord
from scorecard.loading_state import Progress, heal
from scorecard.queries_readers import DatabaseError
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo, as_built


@faults.said()
def snapshot(store: Store, snapshot_id: str, progress: Progress | None = None) -> SnapshotInfo:
    """The snapshot of that id; one whose file was pruned or damaged is built again, and must hold the same numbers."""
    try:
        return store.snapshot(snapshot_id)
    except StoreError:
        info = store.published(snapshot_id)
        if info is None:
            raise
    with store.lock():
        with suppress(StoreError):
            return store.snapshot(snapshot_id)  # somebody else was first
        records = sorted(heal(store, store.imports(info), None, progress), key=lambda record: record.order)
        try:
            return store.put_back(info, lambda target, book: _build(info, records, target, book))
        except DatabaseError as error:
            raise StoreError(f"Snapshot {info.id} could not be built again ({type(error).__name__}).") from error


def compared(store: Store, text: str) -> SnapshotInfo:
    """The snapshot to compare with: by its id, or for a date the newest that tells of that day or an earlier one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return snapshot(store, text)
    told = [info for info in store.snapshots() if info.as_of]
    until = [info for info in told if info.as_of and info.as_of.date() <= day]
    if not until:
        first = min((info.as_of.date() for info in told if info.as_of), default=None)
        since = f"; the earliest tell of {first:%Y-%m-%d}" if first else ""
        raise StoreError(f"No numbers tell of {day:%Y-%m-%d} or an earlier day{since}.")
    return snapshot(store, max(until, key=lambda info: (_day(info), info.id)).id)


def earlier(store: Store, shown: SnapshotInfo) -> list[SnapshotInfo]:
    """What can be compared with the numbers shown, newest first: of each earlier day the last that was published.

    A snapshot that a meeting looked at is always among them. Where none tells of an earlier day (the same export
    mended, a new setting), those published before.
    """
    met = {one.snapshot for one in book_meetings.meetings(store.book)}
    before = [info for info in store.snapshots() if info.id != shown.id]
    days: dict[date, SnapshotInfo] = {}
    for info in before:
        if info.as_of and _day(info) < _day(shown) and (_day(info) not in days or info.id > days[_day(info)].id):
            days[_day(info)] = info
    kept = {info.id for info in days.values()}
    seen = [info for info in before if info.id in met - kept and info.as_of and _day(info) < _day(shown)]
    found = [*days.values(), *seen] or [info for info in before if info.id < shown.id]
    return sorted(found, key=lambda info: (_day(info), info.id), reverse=True)


def compare_default(store: Store, shown: SnapshotInfo) -> SnapshotInfo | None:
    """What to compare with when nobody says: the numbers of the last meeting, else those of the last earlier day.

    None when there are no earlier numbers.
    """
    found = earlier(store, shown)
    by_id = {info.id: info for info in found}
    met = next((one for one in book_meetings.meetings(store.book) if one.snapshot in by_id), None)
    return by_id[met.snapshot] if met else next(iter(found), None)


def _day(info: SnapshotInfo) -> date:
    return (info.as_of or info.published_at).date()


def _build(info: SnapshotInfo, records: Sequence[ImportRecord], target: Path, book: BookCopy) -> None:
    built = warehouse.build(target, None, records, book, info.published_at)
    then = as_built(info.manifest)
    if (dict(built.row_counts), dict(built.sums)) != (dict(then.row_counts), dict(then.sums)):
        raise StoreError(
            f"Snapshot {info.id} is no longer stored, and this version of the scorecard computes other numbers from "
            "its files, so it is not shown."
        )


@faults.said()
def prune(store: Store, keep: int) -> int:
    """Drop the files of all but the newest `keep` snapshots and the shown one; how many were dropped.

    Manifests, decisions, typed rows and raw bytes stay: a dropped one is built again when a link asks for it.
    """
    with store.lock():
        current = store.current()
        ids = [info.id for info in store.snapshots()]
        old = [one for one in ids[: max(len(ids) - max(keep, 1), 0)] if current is None or one != current.id]
        return sum(store.drop_file(one) for one in old)


def day_before(store: Store, info: SnapshotInfo) -> date | None:
    """The day the snapshot tells of that this one is compared with; None where there is none."""
    other = compare_default(store, info)
    return (other.as_of or other.published_at).date() if other else None
