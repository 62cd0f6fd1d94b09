"""Shared read-only connections to snapshots: one per file, a cursor per question, safe from many threads."""

import atexit
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

import duckdb

from scorecard import warehouse
from scorecard.errors import StoreError

DatabaseError = duckdb.Error
KEPT_OPEN = 3  # the shown snapshot, one to compare with, one pinned by a link


class HasCursor(Protocol):
    """A snapshot reader or a plain DuckDB connection."""

    def cursor(self) -> duckdb.DuckDBPyConnection: ...


class Reader:
    """Reads one snapshot; opened again by itself if it was closed to make room."""

    def __init__(self, pool: "ReaderPool", path: Path) -> None:
        self.path = path
        self._pool = pool

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one question; the caller closes it."""
        return self._pool.cursor(self.path)


class ReaderPool:
    """Keeps the connections of the last few snapshots asked; a superseded one closes when its cursors are done."""

    def __init__(self, kept_open: int = KEPT_OPEN) -> None:
        self._kept_open = kept_open
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, duckdb.DuckDBPyConnection] = OrderedDict()

    def reader(self, path: Path) -> Reader:
        """The reader of this snapshot file."""
        return Reader(self, Path(path))

    def cursor(self, path: Path) -> duckdb.DuckDBPyConnection:
        """A cursor on the one connection to this file; the file stays open as long as the cursor is."""
        with self._lock:
            connection = self._open.get(path)
            if connection is None:
                connection = self._connect(path)
                self._open[path] = connection
            self._open.move_to_end(path)
            cursor = connection.cursor()
            while len(self._open) > self._kept_open:
                self._open.popitem(last=False)  # not close(): that would close the cursors others still read
            return cursor

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    @property
    def open_paths(self) -> list[Path]:
        """The files that are open now, longest unused first."""
        with self._lock:
            return list(self._open)

    def _connect(self, path: Path) -> duckdb.DuckDBPyConnection:
        try:
            return warehouse.open_reader(path)
        except duckdb.Error as error:
            raise StoreError(f"Snapshot {path.stem} cannot be opened.") from error


def opens(path: Path) -> bool:
    """This version of the database can read the file."""
    try:
        duckdb.connect(str(path), read_only=True).close()
    except duckdb.Error:
        return False
    return True


POOL = ReaderPool()
atexit.register(POOL.close)  # DuckDB complains on standard error about what is still open at the end
