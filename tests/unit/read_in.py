"""Reads bytes the way an upload is read, and hands back what the tests compare."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scorecard.ingest.reading import TextTable, read_file

EXPORTS = Path(__file__).parents[1] / "data" / "exports"


@dataclass(frozen=True)
class Seen:
    """One table with its rows in memory."""

    table: TextTable
    rows: list[tuple[str | None, ...]]
    lines: list[int]

    @property
    def header(self) -> tuple[str, ...]:
        return self.table.header

    @property
    def aside(self) -> list[tuple[int, str]]:
        return [(each.line, each.what) for each in self.table.set_aside]

    @property
    def refused(self) -> list[int]:
        return [each.line for each in self.table.refused]

    @property
    def notes(self) -> str:
        return " ".join(self.table.notes)


def read_path(path: Path, name: str | None = None, answers: dict[str, str] | None = None) -> list[Seen]:
    """Every table of a file, its rows checked against its own account."""
    with tempfile.TemporaryDirectory() as work:
        tables = read_file(path, Path(work) / "work", name=name, answers=answers)
        return [_seen(table) for table in tables]


def read_bytes(data: bytes | str, name: str = "file.csv", answers: dict[str, str] | None = None) -> list[Seen]:
    """Every table of a file with these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_path(path, name, answers)


def read_one(data: bytes | str, name: str = "file.csv") -> Seen:
    """The only table of a file with these bytes."""
    (seen,) = read_bytes(data, name)
    return seen


def _seen(table: TextTable) -> Seen:
    relation, params = table.source.relation()
    with duckdb.connect() as connection:
        rows = connection.execute(f"select * from {relation} order by row_no", params).fetchall()
    assert [row[0] for row in rows] == list(range(1, table.row_count + 1))
    assert all(len(row) == len(table.header) + 2 for row in rows)
    lines = [row[1] for row in rows]
    every = [*lines, *(each.line for each in table.refused), *(each.line for each in table.set_aside)]
    assert len(set(every)) == len(every) == table.rows_read
    return Seen(table, [row[2:] for row in rows], lines)
