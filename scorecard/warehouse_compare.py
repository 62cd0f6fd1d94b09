"""What rows about to be loaded would change in a snapshot: records, money, words, and a file beside the one before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from scorecard.book import BookCopy
from scorecard.schema import KINDS
from scorecard.sqlfiles import statement
from scorecard.warehouse import open_reader
from scorecard.warehouse_base import create_tables
from scorecard.warehouse_words import write_words

Cursor = duckdb.DuckDBPyConnection
_DEAL_COLUMNS = (
    "system",
    "object",
    "record_key",
    "name",
    "stage_raw",
    "status",
    "pipeline",
    "amount",
    "amount_home",
    "currency",
    "created_at",
    "closed_at",
)
# Where a file's words stand, by kind: what they are called, and the column.
_WORDS = {
    "deals": (("stage", "stage_raw"), ("stage", "status"), ("source", "source_raw"), ("owner", "owner")),
    "people": (("source", "source_raw"), ("owner", "owner")),
}
_HAPPENED = ("modified_at", "created_at", "at", "entered_at", "closed_at")  # what has happened to a record


@dataclass(frozen=True)
class Difference:
    """What a file would change in one table: records new, changed, the same, and (full lists) no longer there."""

    kind: str
    added: int
    changed: int
    same: int
    gone: int
    unnamed: int = 0  # held records of the source that the file does not name, whether it is a full list or not


class Rows(NamedTuple):
    """Typed rows about to be loaded: where they lie, and the day they tell of."""

    path: Path
    as_of: datetime


@dataclass(frozen=True)
class Profile:
    """A typed file in a few numbers, to lay beside the file before."""

    row_count: int
    nulls: dict[str, int] = field(default_factory=dict)  # empty cells by column
    middle: dict[str, float] = field(default_factory=dict)  # median by money column
    newest: datetime | None = None


@contextmanager
def nothing_held(book: BookCopy, now: datetime) -> Iterator[Cursor]:
    """Stands for the snapshot of an empty store: the same tables without rows, and the words of the book."""
    with duckdb.connect() as connection:
        create_tables(connection)
        write_words(connection, book, now)
        yield connection


def compare(cursor: Cursor, kind: str, path: Path, is_full: bool) -> Difference:
    """Counts what the rows of one typed file would change in their table."""
    _bring(cursor, "incoming_keys", [f"{_from(path)} select system, object, record_key, row_hash"])
    cursor.execute(f"create or replace temp view base_rows as select * from base_{kind}")
    added, changed, same, gone = cursor.execute(statement("load", "compare_rows")).fetchall()[0]
    return Difference(kind, added, changed, same, gone if is_full else 0, gone)


def deal_changes(cursor: Cursor, deals: Sequence[Rows], full: Sequence[tuple[str, datetime]]) -> None:
    """Lays the deals before and after side by side, as `deal_changes`, for the questions below.

    full: imports of a source whose newer full list is among the rows, with the day that list tells of.
    """
    columns = ", ".join(_DEAL_COLUMNS)
    changed = "coalesce(date_trunc('second', modified_at), timestamp '1900-01-01') as changed_at"
    parts = [
        f"{_from(rows.path)} select {columns}, timestamp '{rows.as_of:%Y-%m-%d %H:%M:%S}' as told_at, {changed}"
        for rows in deals
    ]
    _bring(cursor, "incoming_rows", parts)
    cursor.execute("create or replace temp table full_sources (import_id VARCHAR, as_of TIMESTAMP)")
    for import_id, as_of in full:
        cursor.execute("insert into full_sources values (?, ?)", [import_id, as_of])
    cursor.execute(f"create or replace temp table deal_changes as {statement('load', 'deal_changes')}")


def found(cursor: Cursor, name: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of `queries/load/<name>.sql`, asked of the deals laid side by side."""
    answer = cursor.execute(statement("load", name), params or None)
    columns = [column[0] for column in answer.description or []]
    return [{column: _plain(value) for column, value in zip(columns, row, strict=True)} for row in answer.fetchall()]


def new_words(cursor: Cursor, kind: str, path: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Stages, sources and owners of the file that nobody has met before, with how many rows use them."""
    parts = [
        f"{_from(path)} select '{what}' as what, {column} as word, count(*) as cases"
        f" where {column} is not null group by all"
        for what, column in _WORDS.get(kind, ())
        if column in columns
    ]
    if not parts:
        return []
    _bring(cursor, "incoming_words", parts)
    return found(cursor, "contract_new_words")


def records_after(cursor: Cursor, kind: str, files: Sequence[tuple[Rows, bool]]) -> tuple[int, int]:
    """How many records of a kind are held now, and how many once the files are loaded; True beside a whole list."""
    parts = [
        f"{_from(rows.path)} select system, object, record_key, timestamp '{rows.as_of:%Y-%m-%d %H:%M:%S}' as told_at,"
        f" {is_full} as is_full"
        for rows, is_full in files
    ]
    _bring(cursor, "incoming_records", parts)
    cursor.execute(f"create or replace temp view base_rows as select * from base_{kind}")
    before, after = cursor.execute(statement("load", "records_after")).fetchall()[0]
    return before, after


def held_currencies(cursor: Cursor) -> set[str]:
    """Currencies that were met before, or that have a rate."""
    known = cursor.execute(
        "select currency from base_deals union select currency from base_spend union select currency from base_revenue"
        " union select currency from currency_rates union select reporting_currency from config"
    )
    return {currency for (currency,) in known.fetchall() if currency}


def currencies(path: Path) -> dict[str, int]:
    """Rows by currency in a typed file of a kind that has one."""
    with duckdb.connect() as files:
        counted = files.execute(f"{_from(path)} select currency, count(*) where currency is not null group by all")
        return dict(counted.fetchall())


def profile(kind: str, path: Path, columns: Sequence[str], until: datetime) -> Profile:
    """The file in numbers; `until`: what is dated later is a plan and not a change."""
    spec = KINDS[kind]
    money = [name for name in columns if spec.column(name).type == "money"]
    happened = [name for name in _HAPPENED if name in spec.column_names]
    moments = [f'max("{name}") filter (where "{name}" <= ?)' for name in happened]
    newest = f"greatest({', '.join(moments)})" if moments else "null::timestamp"
    parts = ["count(*)", newest, *(f'count("{name}")' for name in columns)]
    parts += [f'median(abs("{name}")) filter (where "{name}" != 0)' for name in money]
    with duckdb.connect() as files:
        row = files.execute(f"{_from(path)} select {', '.join(parts)}", [until] * len(moments)).fetchall()[0]
    total, moment, counts, middles = row[0], row[1], row[2 : 2 + len(columns)], row[2 + len(columns) :]
    return Profile(
        total,
        {name: total - count for name, count in zip(columns, counts, strict=True)},
        {name: float(middle) for name, middle in zip(money, middles, strict=True) if middle is not None},
        moment,
    )


def linked_to_nobody(path: Path, columns: Sequence[str]) -> int:
    """Deals of a typed file without a person or a company in any of the columns given."""
    nothing = " and ".join(f"{name} is null" for name in columns)
    with duckdb.connect() as files:
        return files.execute(f"{_from(path)} select count(*) where {nothing}").fetchall()[0][0]


def _bring(cursor: Cursor, name: str, parts: Sequence[str]) -> None:
    """Hands rows of files to a connection that may not read files itself."""
    with duckdb.connect() as files:
        rows = files.sql(" union all ".join(f"({part})" for part in parts)).to_arrow_table()
    cursor.register(name, rows)


def _from(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"from read_parquet('{quoted}')"


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


class Listed(NamedTuple):
    """One record a file would add, change or no longer name; its columns as held and as the file has them."""

    what: str
    record: str
    before: dict[str, Any]
    after: dict[str, Any]


def records(
    cursor: Cursor, kind: str, path: Path, is_full: bool, columns: Sequence[str], row_limit: int
) -> list[Listed]:
    """The first records of each sort that one typed file would change, with the columns given."""
    _bring(cursor, "incoming_keys", [f"{_from(path)} select system, object, record_key, row_hash"])
    cursor.execute(f"create or replace temp view base_rows as select * from base_{kind}")
    keys = [row for row in found(cursor, "record_changes", row_limit=row_limit) if is_full or row["what"] != "gone"]
    names = list(dict.fromkeys(columns))
    wanted = ", ".join(f'"{name}"' for name in ("system", "object", "record_key", *names))
    ids = sorted({row["record_key"] for row in keys})
    held = cursor.execute(f"select {wanted} from base_rows where record_key in (select unnest(?))", [ids])
    before = {row[:3]: dict(zip(names, row[3:], strict=True)) for row in held.fetchall()}
    with duckdb.connect() as files:
        new = files.execute(f"{_from(path)} select {wanted} where record_key in (select unnest(?))", [ids])
        after = {row[:3]: dict(zip(names, row[3:], strict=True)) for row in new.fetchall()}
    listed = []
    for row in keys:
        key = (row["system"], row["object"], row["record_key"])
        gone = row["what"] == "gone"
        listed.append(Listed(row["what"], key[2], before.get(key, {}), {} if gone else after.get(key, {})))
    return listed


def of_snapshot(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of `queries/load/<name>.sql`, asked of a snapshot file nobody else reads."""
    with open_reader(path) as reader:
        return found(reader, name)
