"""What people type: settings, maps, targets, definitions and saved mappings, each change with who and when."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from scorecard.book_file import BookFile, Tables, all_rows, row_key
from scorecard.book_settings import DEFAULT_SETTINGS, check_setting
from scorecard.book_tables import TABLES
from scorecard.errors import StoreError


class SourceRule(NamedTuple):
    """A lead source means this channel and side."""

    source_raw_norm: str
    channel: str
    side: str


class StageRule(NamedTuple):
    """A stage of a pipeline ('' = any) means this, in this place of the row of stages."""

    pipeline: str
    stage_raw_norm: str
    stage: str
    status: str
    stage_order: int


class OwnerRule(NamedTuple):
    """The owner as a file writes it is this person of this team."""

    owner_raw_norm: str
    owner: str
    team: str | None
    region: str | None


class CurrencyRate(NamedTuple):
    """One unit of `currency` is worth `rate` in the reporting currency from that day on."""

    currency: str
    from_on: date
    rate: Decimal


class Target(NamedTuple):
    """The plan for a metric and a period; '' = all sides, channels or segments."""

    period: date
    grain: str
    metric: str
    side: str
    channel: str
    segment: str
    value: Decimal


class Definition(NamedTuple):
    """What the two teams agreed a word means, and who signed it for each side and when."""

    name: str
    text: str
    version: int
    marketing_by: str | None = None
    sales_by: str | None = None
    rule: str | None = None
    business: str | None = None
    lookback_days: int | None = None
    marketing_on: str | None = None
    sales_on: str | None = None


class RegimeBreak(NamedTuple):
    """From that day on a metric ('' = all) starts anew: its earlier weeks say nothing about its later ones."""

    metric: str
    from_on: date
    note: str
    by: str
    at: str


class ScorecardKpi(NamedTuple):
    """One line of the shared scorecard: whose it is, and what each side puts in."""

    metric: str
    position: int
    owner: str
    marketing_input: str
    sales_input: str


class CalendarRule(NamedTuple):
    """When an owner or a team works; '' = the time zone, or the holidays, of everybody."""

    name: str
    hours: str
    time_zone: str
    holidays: str


@dataclass(frozen=True)
class BookCopy:
    """The book as it was at one moment: what a snapshot is built with."""

    settings: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_SETTINGS))
    source_map: tuple[SourceRule, ...] = ()
    stage_map: tuple[StageRule, ...] = ()
    owner_map: tuple[OwnerRule, ...] = ()
    currency_rates: tuple[CurrencyRate, ...] = ()
    targets: tuple[Target, ...] = ()
    definitions: tuple[Definition, ...] = ()
    regime_breaks: tuple[RegimeBreak, ...] = ()
    scorecard_kpis: tuple[ScorecardKpi, ...] = ()
    calendars: tuple[CalendarRule, ...] = ()


@dataclass(frozen=True)
class MappingEntry:
    """How the columns of a file with this header were read, so that next week needs no question."""

    signature: str
    kind: str
    mapping: Mapping[str, str]
    constants: Mapping[str, str]
    answers: Mapping[str, str]
    full: bool | None


@dataclass(frozen=True)
class Change:
    """One line of the book's history."""

    at: datetime
    who: str
    table: str
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Book:
    """The SQLite file people's entries live in; several processes may share it. Reading never creates it.

    `kept`: the tables the newest snapshot was built with, for the day the book and its backup are damaged.
    """

    def __init__(self, path: Path, kept: Callable[[], Tables | None] | None = None) -> None:
        self._file = BookFile(path, kept)
        self.path = path
        self.backup_path = self._file.backup_path

    # -- reading

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table, read in one transaction."""
        with self._file.read() as book:
            return {name: _rows(book, name) for name in TABLES}

    def copy(self) -> BookCopy:
        """Everything the build of a snapshot needs."""
        return copy_of(self.tables())

    def settings(self) -> dict[str, str]:
        """All settings, the default where nobody chose."""
        with self._file.read() as book:
            return _settings(book)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of one table of the book, as typed, in key order."""
        with self._file.read() as book:
            return _rows(book, table)

    def mappings(self) -> dict[str, MappingEntry]:
        """Saved mappings by header signature."""
        with self._file.read() as book:
            rows = all_rows(book, "mappings")
        return {
            row[0]: MappingEntry(
                row[0],
                row[1],
                json.loads(row[2]),
                json.loads(row[3]),
                json.loads(row[4]),
                None if row[5] is None else bool(row[5]),
            )
            for row in rows
        }

    def history(self, limit: int = 200, table: str = "") -> list[Change]:
        """The newest changes first, of one table or of all."""
        with self._file.read() as book:
            rows = (
                []
                if book is None
                else book.execute(
                    "select at, who, table_name, row_key, before, after from history"
                    " where ? in (table_name, '') order by id desc limit ?",
                    (table, limit),
                ).fetchall()
            )
        return [
            Change(datetime.fromisoformat(at), who, table, key, _loads(before), _loads(after))
            for at, who, table, key, before, after in rows
        ]

    def last_number(self, table: str) -> int:
        """The highest number ever given to a row of a table that numbers its rows; 0 = none yet."""
        with self._file.read() as book:
            if book is None:
                return 0
            rows = book.execute("select distinct row_key from history where table_name = ?", (table,)).fetchall()
        return max((int(key) for (key,) in rows if key.isdecimal()), default=0)

    def problem(self) -> str | None:
        """A sentence when the book cannot be read and its backup is shown instead."""
        return self._file.problem()

    # -- writing

    def put(self, table: str, row: Mapping[str, Any], who: str, at: datetime) -> None:
        """Add one row or replace the one with the same key."""
        self.put_many(table, [row], who, at)

    def put_many(self, table: str, rows: Sequence[Mapping[str, Any]], who: str, at: datetime) -> None:
        """Add or replace rows, all or none."""
        self.put_together([(table, row) for row in rows], who, at)

    def put_together(
        self,
        entries: Sequence[tuple[str, Mapping[str, Any]]],
        who: str,
        at: datetime,
        seen: tuple[str, Sequence[Any], Mapping[str, Any] | None] | None = None,
    ) -> None:
        """Add or replace rows of several tables, all or none.

        seen: table, key and row (None = there is none) that the entries were made from; StoreError if somebody else has
        changed it since.
        """
        with self._file.write() as book:
            if seen and _one(book, seen[0], seen[1]) != seen[2]:
                raise StoreError("Somebody else has changed this meanwhile. Look at it again, then repeat.")
            for table, row in entries:
                spec = _spec(table)
                values = spec.clean(row)
                key = [values[name] for name in spec.key]
                before = _one(book, table, key)
                if before == values:
                    continue
                marks = ", ".join("?" for _ in spec.columns)
                names = ", ".join(spec.columns)
                book.execute(f"insert or replace into {table} ({names}) values ({marks})", list(values.values()))
                _remember(book, table, key, before, values, who, at)

    def remove(self, table: str, key: Sequence[Any], who: str, at: datetime) -> bool:
        """Take the row with this key out; False if there is none."""
        spec = _spec(table)
        with self._file.write() as book:
            before = _one(book, table, key)
            if before is None:
                return False
            book.execute(f"delete from {table} where {spec.where_key}", list(key))
            _remember(book, table, key, before, None, who, at)
        return True

    def set_setting(self, key: str, value: str, who: str, at: datetime) -> None:
        """Change one setting; StoreError says what the setting takes."""
        self.put("settings", {"key": key, "value": check_setting(key, value)}, who, at)

    def save_mapping(self, entry: MappingEntry, who: str, at: datetime) -> None:
        """Remember how files with this header are read."""
        row = {
            "signature": entry.signature,
            "kind": entry.kind,
            "mapping": _dumps(entry.mapping),
            "constants": _dumps(entry.constants),
            "answers": _dumps(entry.answers),
            "is_full": None if entry.full is None else int(entry.full),
        }
        self.put("mappings", row, who, at)

    def back_up(self) -> None:
        """Keep a copy beside the book for the day the book is damaged."""
        self._file.back_up()


def copy_of(tables: Tables) -> BookCopy:
    """What a build needs of the book's tables."""

    def of(name: str) -> list[tuple[Any, ...]]:
        # A copy kept by an older version lacks the columns that came later.
        return [tuple(row.get(column) for column in TABLES[name].columns) for row in tables.get(name, ())]

    return BookCopy(
        settings={**DEFAULT_SETTINGS, **dict(of("settings"))},
        source_map=tuple(SourceRule(*row) for row in of("source_map")),
        stage_map=tuple(StageRule(*row) for row in of("stage_map")),
        owner_map=tuple(OwnerRule(*row) for row in of("owner_map")),
        currency_rates=tuple(
            CurrencyRate(currency, date.fromisoformat(from_on), Decimal(rate))
            for currency, from_on, rate in of("currency_rates")
        ),
        targets=tuple(
            Target(date.fromisoformat(period), grain, metric, side, channel, segment, Decimal(value))
            for period, grain, metric, side, channel, segment, value in of("targets")
        ),
        definitions=tuple(Definition(*row) for row in of("definitions")),
        regime_breaks=tuple(
            RegimeBreak(metric, date.fromisoformat(from_on), note, by, at)
            for metric, from_on, note, by, at in of("regime_breaks")
        ),
        scorecard_kpis=tuple(ScorecardKpi(*row) for row in of("scorecard_kpis")),
        calendars=tuple(CalendarRule(*row) for row in of("calendars")),
    )


def _spec(table: str) -> Any:
    if table not in TABLES:
        raise StoreError(f"The book has no table {table}; it has {', '.join(TABLES)}.")
    return TABLES[table]


def _rows(book: sqlite3.Connection | None, table: str) -> list[dict[str, Any]]:
    spec = _spec(table)
    return [dict(zip(spec.columns, row, strict=True)) for row in all_rows(book, table)]


def _one(book: sqlite3.Connection, table: str, key: Sequence[Any]) -> dict[str, Any] | None:
    spec = _spec(table)
    select = f"select {', '.join(spec.columns)} from {table} where {spec.where_key}"
    row = book.execute(select, list(key)).fetchone()
    return dict(zip(spec.columns, row, strict=True)) if row else None


def _settings(book: sqlite3.Connection | None) -> dict[str, str]:
    return {**DEFAULT_SETTINGS, **dict(all_rows(book, "settings"))}


def _remember(
    book: sqlite3.Connection,
    table: str,
    key: Sequence[Any],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    who: str,
    at: datetime,
) -> None:
    book.execute(
        "insert into history (at, who, table_name, row_key, before, after) values (?, ?, ?, ?, ?, ?)",
        (at.isoformat(), who, table, row_key(key), _dumps(before), _dumps(after)),
    )


def _dumps(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


def _loads(text: str | None) -> Mapping[str, Any] | None:
    return None if text is None else json.loads(text)
