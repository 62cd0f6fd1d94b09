"""The moment an export tells of: said, named in the file or its name, or seen in its newest record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import duckdb

from scorecard.ingest import sql
from scorecard.ingest.report import TypedTable
from scorecard.schema import KINDS

# Lists that hold no events: whatever day they were exported, they say the same.
LISTS = frozenset({"users", "products", "targets", "companies", "videos", "deal_people"})
# What has happened to a record; a closing date is a plan until the deal is won or lost.
_HAPPENED = (
    "modified_at",
    "created_at",
    "at",
    "entered_at",
    "exited_at",
    "period_end",
    "period_start",
    "month",
    "closed_at",
)
_CLOSED = "won|lost|closed|gewonnen|verloren|gagn|perdu|ganad|perdid|ganho|vinto|perso"
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)")


@dataclass(frozen=True)
class AsOf:
    """The moment and how it was found (option, file, file name, newest record, load date)."""

    at: datetime
    origin: str
    note: str = ""


def end_of(day: date) -> datetime:
    """The last second of a day: an export of a day holds the whole day."""
    return datetime.combine(day, time(23, 59, 59))


def said(option: date | None, facts: Mapping[str, str], file: str, now: datetime) -> AsOf | None:
    """What the caller, the file or its name says; a date in the future is no export date."""
    if option:
        # A day said without an hour: what carries an hour of that day or later had not happened yet.
        return AsOf(datetime.combine(option, time()), "option")
    for fact in ("as_of", "period_end"):
        day = _day(facts.get(fact, ""), now)
        if day:
            return AsOf(end_of(day), "file", f"Tells of {day.isoformat()}, as the file or its name says.")
    for match in _COMPACT.finditer(file):
        day = _day("-".join(match.groups()), now)
        if day:
            return AsOf(end_of(day), "file name", f"Tells of {day.isoformat()}, as the file's name says.")
    return None


def _day(text: str, now: datetime) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1990, 1, 1) <= day <= now.date() + timedelta(days=1) else None


def newest_record(connection: duckdb.DuckDBPyConnection, table: TypedTable, now: datetime) -> AsOf | None:
    """The newest moment in the rows that is not in the future of `now`; a last resort is any other moment."""
    if table.kind in LISTS:
        return None
    best = _newest(connection, table, tuple(name for name in _HAPPENED if name in table.mapped), now)
    if not best:
        kind = KINDS[table.kind]
        rest = tuple(name for name in table.mapped if kind.column(name).type == "timestamp")
        best = _newest(connection, table, rest, now, plans_too=True)
    if not best:
        return None
    moment, column = best
    at = end_of(moment.date()) if moment.time() == time(0) else moment
    return AsOf(at, "newest record", f"Taken as of {moment:%Y-%m-%d}, the newest {column} in the file.")


def _newest(
    connection: duckdb.DuckDBPyConnection,
    table: TypedTable,
    columns: tuple[str, ...],
    now: datetime,
    plans_too: bool = False,
) -> tuple[datetime, str] | None:
    if not columns:
        return None
    words = [name for name in ("status", "stage_raw") if name in KINDS[table.kind].column_names]
    closed = " or ".join(f"regexp_matches(lower({name}), {sql.literal(_CLOSED)})" for name in words) or "true"
    past = f"{sql.literal(now.isoformat())}::timestamp"
    moments = []
    for column in columns:
        name = sql.name(column)
        happened = f"{name} <= {past}" + (f" and ({closed})" if column == "closed_at" and not plans_too else "")
        moments.append(f"max({name}) filter (where {happened})")
    source = sql.literal(str(table.path))
    row = connection.execute(f"select {', '.join(moments)} from read_parquet({source})").fetchall()[0]
    return max(((moment, name) for moment, name in zip(row, columns, strict=True) if moment), default=None)
