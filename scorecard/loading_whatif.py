"""What the numbers would be under another setting: built aside from the same files and thrown away."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from scorecard import faults, warehouse
from scorecard.loading import base_of
from scorecard.queries_readers import HasCursor
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo
from scorecard.store_work import WorkFolder


@contextmanager
def under(store: Store, info: SnapshotInfo, settings: Mapping[str, str], now: datetime) -> Iterator[HasCursor]:
    """A reader of the snapshot as it would be with these settings; nothing is published."""
    imports = store.imports(info)
    book = store.book_of(info)
    changed = replace(book, settings={**book.settings, **settings})
    base = base_of(info, imports, imports, [])
    with faults.said():
        work = WorkFolder(store.work_folder if store.work_folder.is_dir() else None)
    try:
        with faults.said():
            target = work.path / "whatif.duckdb"
            warehouse.build(target, base.path if base else None, imports, changed, now)
            reader = warehouse.open_reader(target)
        try:
            yield reader
        finally:
            reader.close()
    finally:
        work.close()
