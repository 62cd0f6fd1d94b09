"""Builds a real snapshot from a few rows written in the test."""

import hashlib
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from scorecard import queries, warehouse
from scorecard.book import BookCopy
from scorecard.imports import ImportRecord, ImportTable
from scorecard.schema import KINDS, LINEAGE, SQL_TYPES

AS_OF = datetime(2026, 11, 15)
AT_ONCE = 100  # rows in one statement
Rows = Sequence[Mapping[str, Any]]


def write_import(
    folder: Path,
    kind: str,
    rows: Rows,
    *,
    system: str = "own",
    object_: str | None = None,
    as_of: datetime = AS_OF,
    full: bool | None = None,
    name: str = "",
) -> ImportRecord:
    """An import of typed rows; a row without its key gets one from its place."""
    name = name or f"{system}-{kind}-{as_of:%Y%m%d}"
    path = folder / f"{name}.parquet"
    columns = [*LINEAGE, *((column.name, SQL_TYPES[column.type]) for column in KINDS[kind].columns)]
    with duckdb.connect() as connection:
        connection.execute(f"create table typed ({', '.join(f'{quoted(n)} {t}' for n, t in columns)})")
        filled = []
        for number, row in enumerate(rows, start=2):
            unknown = set(row) - {column for column, _ in columns}
            assert not unknown, unknown
            key = row.get(KINDS[kind].key or "", None) or f"row{number}"
            values = {
                "system": system,
                "object": object_ or kind,
                "record_key": key,
                "line_no": number,
                "row_hash": hashlib.md5(repr(sorted(row.items())).encode()).hexdigest(),
                **row,
            }
            filled.append([values.get(column) for column, _ in columns])
        for first in range(0, len(filled), AT_ONCE):
            some = filled[first : first + AT_ONCE]
            line = f"({', '.join('?' * len(columns))})"
            connection.execute(f"insert into typed values {', '.join([line] * len(some))}", list(chain(*some)))
        connection.execute(f"copy typed to '{path}' (format parquet)")
    return ImportRecord(
        id=name,
        file=f"{name}.csv",
        sheet=None,
        sha256=name,
        system=system,
        kind=kind,
        title=kind,
        signature=kind,
        as_of=as_of,
        as_of_origin="test",
        who="test",
        loaded_at=as_of,
        rows_read=len(rows),
        rows_loaded=len(rows),
        rows_quarantined=0,
        rows_not_data=0,
        full=full,
        tables=(ImportTable(kind, path, len(rows), ()),),
    )


def quoted(name: str) -> str:
    return f'"{name}"'


class Snapshot:
    """A built snapshot and short ways to ask it."""

    def __init__(
        self,
        path: Path,
        imports: Sequence[ImportRecord],
        book: BookCopy | None = None,
        base: Path | None = None,
        as_of: datetime = AS_OF,
    ):
        self.manifest = warehouse.build(path, base, imports, book or BookCopy(), as_of)
        self.path = path
        self.reader = warehouse.open_reader(path)

    def opened_again(self) -> "Snapshot":
        """The same snapshot with a reader that is open."""
        found = copy(self)
        found.reader = warehouse.open_reader(self.path)
        return found

    def ask(self, name: str, **params: Any) -> list[dict[str, Any]]:
        return queries.rows(self.reader, name, params)

    def value(self, metric: str, **params: Any) -> Any:
        """The total of a metric over all time; None when it has no rows."""
        rows = self.ask(metric, **params)
        assert len(rows) <= 1
        return rows[0]["value"] if rows else None

    def table(self, sql: str) -> list[tuple[Any, ...]]:
        cursor = self.reader.cursor()
        try:
            return cursor.execute(sql).fetchall()
        finally:
            cursor.close()


def day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time())
