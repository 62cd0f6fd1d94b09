"""The SQLite file of the book: opened so that reading never writes, checked, backed up, and healed when damaged."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from scorecard import faults, files
from scorecard.book_tables import MIGRATIONS, TABLES
from scorecard.errors import StoreError

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
_NAME = "The book of settings and maps"
# Looked through once per state of the file, not at every question.
_healthy: set[tuple[str, int, int, int]] = set()


class BookFile:
    """`path` and its backup beside it; `kept` gives the tables that the newest snapshot was built with."""

    def __init__(self, path: Path, kept: Callable[[], Tables | None] | None = None) -> None:
        self.path = path
        self.backup_path = path.with_name(path.stem + ".backup" + path.suffix)
        self._kept = kept or (lambda: None)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection | None]:
        """The book, else its backup, else what the newest snapshot kept of it; None when nobody ever typed."""
        with closing(self._best()) if self._exists() else _nothing() as book:
            try:
                yield book
            except sqlite3.Error as error:
                raise StoreError(faults.sentence(error) or f"{_NAME} cannot be read now. Try again.") from error

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """The book in a transaction: all or nothing. A damaged one is set aside and healed first."""
        self._repair()
        try:
            with faults.said(), closing(_open(self.path, create=True)) as book:
                _migrate(book)
                book.execute("begin immediate")
                try:
                    yield book
                except BaseException:
                    book.rollback()
                    raise
                book.commit()
        except sqlite3.Error as error:
            raise StoreError(f"{_NAME} could not be written ({error}). Try again.") from error
        with suppress(OSError, sqlite3.Error):
            self.back_up()  # what was typed is safe already

    def back_up(self) -> None:
        """Keep a copy beside the book for the day the book is damaged."""
        if not is_healthy(self.path):
            return
        aside = files.aside(self.backup_path)
        try:
            with closing(_open(self.path)) as book, closing(_open(aside, create=True)) as copy:
                book.backup(copy)
                copy.execute("pragma journal_mode = delete")
            files.move_in(aside, self.backup_path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise

    def problem(self) -> str | None:
        """A sentence when the book cannot be read and something else is in use."""
        try:
            if not self._exists() or is_healthy(self.path):
                return None
            what = f"{_NAME} is {'damaged' if self.path.exists() else 'missing'}"
            if is_healthy(self.backup_path):
                return f"{what}; its backup of the last change is in use."
        except StoreError as error:
            return str(error)
        if self._kept():
            return f"{what}, and so is its backup; what was typed until the newest snapshot is in use."
        return f"{what} and has no backup; the defaults are in use."

    def _exists(self) -> bool:
        """Somebody typed something once."""
        if self.path.exists() and self.path.stat().st_size:
            return True
        return self.backup_path.exists() or _has_rows(self._kept())

    def _best(self) -> sqlite3.Connection:
        for path in (self.path, self.backup_path):
            if is_healthy(path):
                book = _open(path)
                if _version(book) < len(MIGRATIONS):
                    book = _newer_copy(book)
                book.execute("begin")
                return book
        return _in_memory(self._kept() or {})

    def _repair(self) -> None:
        """Set a damaged book aside (it is kept) and start from what is left of it."""
        if not self._exists() or is_healthy(self.path):
            return
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.damaged-{number}")).exists():
            number += 1
        with faults.said():
            if self.path.exists():
                self.path.replace(aside)
            for suffix in ("-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            if is_healthy(self.backup_path):
                files.copy_file(self.backup_path, self.path)
            elif kept := self._kept():
                with closing(_in_memory(kept)) as source, closing(_open(self.path, create=True)) as book:
                    source.commit()
                    source.backup(book)


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def is_healthy(path: Path) -> bool:
    """The file is a book whose pages hang together and whose rows are those its history tells of."""
    if not path.exists() or not path.stat().st_size:
        return False
    stamp = _stamp(path)
    if stamp in _healthy:
        return True
    try:
        with closing(_open(path)) as book:
            if book.execute("pragma quick_check").fetchone() != ("ok",) or not _version(book):
                return False
            if _version(book) == len(MIGRATIONS) and not _agrees(book):
                return False
    except sqlite3.OperationalError as error:
        words = faults.sentence(error) or f"{_NAME} cannot be opened now ({error}). Try again."
        raise StoreError(words) from error
    except (sqlite3.DatabaseError, ValueError, UnicodeError):
        return False
    _healthy.add(stamp)
    return True


def _agrees(book: sqlite3.Connection) -> bool:
    """Every row is what its last change made of it: a flipped digit is damage, not another rate."""
    last: dict[tuple[str, str], str | None] = {}
    for table, key, after in book.execute("select table_name, row_key, after from history order by id"):
        last[table, key] = after
    expected = {place: _filled(place[0], json.loads(after)) for place, after in last.items() if after is not None}
    found = {}
    for table, spec in TABLES.items():
        for row in all_rows(book, table):
            values = dict(zip(spec.columns, row, strict=True))
            found[table, row_key([values[name] for name in spec.key])] = values
    return found == expected


def _filled(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A row as an older version told of it, with the columns that came later empty."""
    later = TABLES[table].columns if table in TABLES else ()
    return {**dict.fromkeys(later), **values}


def row_key(key: Sequence[Any]) -> str:
    """How the history names a row."""
    return " / ".join(str(part) for part in key)


def all_rows(book: sqlite3.Connection | None, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table in key order; none without a book."""
    if book is None:
        return []
    spec = TABLES[table]
    return book.execute(f"select {', '.join(spec.columns)} from {table} order by {', '.join(spec.key)}").fetchall()


def _has_rows(tables: Tables | None) -> bool:
    return any(tables.values()) if tables else False


def _in_memory(tables: Tables) -> sqlite3.Connection:
    """A book made of these rows, with a history that tells of them."""
    book = sqlite3.connect(":memory:", isolation_level=None)
    _migrate(book)
    book.execute("begin")
    for table, rows in tables.items():
        spec = TABLES[table]
        names, marks = ", ".join(spec.columns), ", ".join("?" for _ in spec.columns)
        for row in rows:
            values = {name: row.get(name) for name in spec.columns}
            book.execute(f"insert into {table} ({names}) values ({marks})", list(values.values()))
            book.execute(
                "insert into history (at, who, table_name, row_key, before, after) values (?, ?, ?, ?, ?, ?)",
                ("1970-01-01T00:00:00", "restored", table, row_key([values[name] for name in spec.key]), None,
                 json.dumps(values, ensure_ascii=False, sort_keys=True)),
            )  # fmt: skip
    return book


def _newer_copy(book: sqlite3.Connection) -> sqlite3.Connection:
    """An old book as the newest version reads it; the file is brought up to date when somebody next types."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with closing(book):
        book.backup(copy)
    _migrate(copy)
    return copy


def _stamp(path: Path) -> tuple[str, int, int, int]:
    status = path.stat()
    return (str(path), status.st_size, status.st_mtime_ns, status.st_ino)


def _open(path: Path, create: bool = False) -> sqlite3.Connection:
    if create and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
    book = sqlite3.connect(path, timeout=10, isolation_level=None)
    if create:
        # No write-ahead log: with one, even a reader has to create files, which a full or read-only disk refuses.
        book.execute("pragma journal_mode = delete")
    book.execute("pragma synchronous = full")
    return book


def _version(book: sqlite3.Connection) -> int:
    return book.execute("pragma user_version").fetchone()[0]


def _migrate(book: sqlite3.Connection) -> None:
    """Bring the tables to the newest version, one step at a time, all or nothing."""
    if _version(book) == len(MIGRATIONS):
        return
    book.execute("begin immediate")
    found = _version(book)  # again: another process may have been first
    if found > len(MIGRATIONS):
        book.rollback()
        raise StoreError("The book was written by a newer version of the scorecard. Update this installation.")
    for step in MIGRATIONS[found:]:
        for statement in step:
            book.execute(statement)
    book.execute(f"pragma user_version = {len(MIGRATIONS)}")
    book.commit()
