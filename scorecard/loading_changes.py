"""What a load would change, before anybody commits: records, money, and promises not kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from scorecard import warehouse_compare as compared
from scorecard.book import BookCopy
from scorecard.imports import ImportRecord
from scorecard.ingest.report import FileReport
from scorecard.loading_contract import Finding, check, gone_sources
from scorecard.queries_readers import POOL
from scorecard.store_snapshots import SnapshotInfo

MOVERS = 200  # deals listed with the difference in money


class Change(NamedTuple):
    """What one file would change in one table."""

    file: str
    sheet: str | None
    kind: str
    added: int
    changed: int
    same: int
    gone: int
    unnamed: int = 0  # held and not named by the file, whether it is a full list or not


class Measure(NamedTuple):
    """One number as it is shown now and as it would be shown."""

    name: str
    title: str
    unit: str
    before: float
    after: float


@dataclass(frozen=True)
class Money:
    """The numbers a load would move, and the deals that move them, the largest first."""

    measures: tuple[Measure, ...]
    moved_deals: int = 0  # how many there are; `movers` lists the largest
    movers: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `load --json` and `check --json` print of it."""
        return {
            "measures": [measure._asdict() for measure in self.measures],
            "deals": [dict(row) for row in self.movers],
        }


class Outlook(NamedTuple):
    """Changes by file and table, findings by report, and the difference in money if deals or people change."""

    changes: tuple[Change, ...]
    findings: tuple[tuple[Finding, ...], ...]
    money: Money | None


def look_ahead(
    current: SnapshotInfo | None,
    held: Sequence[ImportRecord],
    reports: Sequence[FileReport],
    again: frozenset[int],
    book: BookCopy,
    now: datetime,
) -> Outlook:
    """Lays the files beside what is shown now."""
    fresh = [place for place, report in enumerate(reports) if report.status == "ready" and place not in again]
    if not fresh:
        return Outlook((), tuple(() for _ in reports), None)
    together = [reports[place] for place in fresh]
    with held_rows(current, book, now) as cursor:
        changes = tuple(change for report in together for change in _changes(cursor, report))
        findings = tuple(
            check(cursor, report, held, now, together, _gone(changes, report)) if place in fresh else ()
            for place, report in enumerate(reports)
        )
        money = _money(cursor, together, held)
    return Outlook(changes, findings, money)


def _gone(changes: Sequence[Change], report: FileReport) -> int:
    """Records of the file's first table that are held and that it does not name."""
    own = [change for change in changes if (change.file, change.sheet) == (report.file, report.sheet)]
    return own[0].gone if own else 0


@contextmanager
def held_rows(current: SnapshotInfo | None, book: BookCopy, now: datetime) -> Iterator[compared.Cursor]:
    """A cursor on what is shown now, or on nothing in an empty store."""
    if current is None:
        with compared.nothing_held(book, now) as cursor:
            yield cursor
        return
    cursor = POOL.cursor(current.path)
    try:
        yield cursor
    finally:
        cursor.close()


def _changes(cursor: compared.Cursor, report: FileReport) -> Iterator[Change]:
    """New, changed and unchanged records against the numbers that are shown now."""
    for table in report.tables:
        one = compared.compare(cursor, table.kind, table.path, bool(report.full))
        yield Change(report.file, report.sheet, one.kind, one.added, one.changed, one.same, one.gone, one.unnamed)


def _money(cursor: compared.Cursor, reports: Sequence[FileReport], held: Sequence[ImportRecord]) -> Money | None:
    measures: list[Measure] = []
    movers: list[Mapping[str, Any]] = []
    moved = 0
    deals = [
        compared.Rows(table.path, report.as_of)
        for report in reports
        for table in report.tables
        if table.kind == "deals" and report.as_of
    ]
    if deals:
        compared.deal_changes(cursor, deals, gone_sources(reports, held))
        total = compared.found(cursor, "deal_totals")[0]
        measures = [
            Measure("won_revenue", "Won revenue", "money", total["won_before"], total["won_after"]),
            Measure("open_pipeline", "Open pipeline", "money", total["open_before"], total["open_after"]),
            Measure("won_deals", "Won deals", "count", total["won_deals_before"], total["won_deals_after"]),
            Measure("deals", "Deals", "count", total["deals_before"], total["deals_after"]),
        ]
        moved = total["moved_deals"]
        movers += compared.found(cursor, "deal_movers", row_limit=MOVERS)
    people = [
        (compared.Rows(table.path, report.as_of), bool(report.full))
        for report in reports
        for table in report.tables
        if table.kind == "people" and report.as_of
    ]
    if people:
        before, after = compared.records_after(cursor, "people", people)
        measures.append(Measure("people", "People records", "count", before, after))
    return Money(tuple(measures), moved, tuple(movers)) if measures else None
