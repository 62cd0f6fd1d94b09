"""Trying a load out: the numbers built aside as they would be, and the records behind every count of the preview."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from scorecard import loading, loading_state, warehouse
from scorecard import warehouse_compare as compared
from scorecard.errors import StoreError
from scorecard.ingest.report import FileReport
from scorecard.loading_changes import Change, held_rows
from scorecard.loading_records import CONTRACT, replaces, to_record
from scorecard.queries_readers import POOL, DatabaseError
from scorecard.schema import KINDS
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo

QUICK = 300_000  # rows held, up to which the page tries a load out without being asked
LISTED = 200  # records of each sort
NAMES = ("name", "email", "campaign", "campaign_name", "video_title", "title", "type", "metric", "channel", "question")
DAYS = ("closed_at", "at", "period_start", "period", "month", "entered_at", "created_at")


class Join(NamedTuple):
    """How many records of one table found their partner in another, before the load and after."""

    link: str
    records_before: int
    joined_before: int
    records_after: int
    joined_after: int

    @property
    def before(self) -> float | None:
        """The share that joins now."""
        return self.joined_before / self.records_before if self.records_before else None

    @property
    def after(self) -> float | None:
        """The share that would join."""
        return self.joined_after / self.records_after if self.records_after else None

    def as_json(self) -> dict[str, Any]:
        """What `check --json` prints of it."""
        return {**self._asdict(), "before": self.before, "after": self.after}


class Total(NamedTuple):
    """One metric over all time, before and after; None = it cannot be computed."""

    metric: str
    title: str
    unit: str
    before: float | None
    after: float | None


class Word(NamedTuple):
    """A stage, source or owner of the exports that nobody has explained, and how many records use it."""

    what: str
    word: str
    pipeline: str
    cases: int


@dataclass(frozen=True)
class Trial:
    """What would be shown after the load, computed by building it aside."""

    joins: tuple[Join, ...]
    totals: tuple[Total, ...]
    words: tuple[Word, ...]  # still to be explained after the load
    meanings: tuple[Mapping[str, Any], ...] = ()  # of the words that are known

    def as_json(self) -> dict[str, Any]:
        """What `check --json` adds to the preview."""
        return {
            "joins": [join.as_json() for join in self.joins],
            "totals": [total._asdict() for total in self.totals],
            "unmapped": [word._asdict() for word in self.words],
        }


class Listed(NamedTuple):
    """One record that a file would add, change or no longer name."""

    what: str
    record: str
    label: str
    change: str


def is_quick(current: SnapshotInfo | None, preview: loading.Preview) -> bool:
    """Whether trying it out takes a moment only."""
    held = sum(current.rows.values()) if current else 0
    return held + sum(report.rows_loaded for report in preview.fresh) <= QUICK


def readable(preview: loading.Preview) -> list[int]:
    """Where among the reports the new files are that can be loaded or only wait to be accepted."""
    found = []
    for place, report in enumerate(preview.reports):
        accepting = {f"{CONTRACT}{finding.check}" for finding in preview.findings[place]}
        waits = report.status == "question" and {question.key for question in report.questions} <= accepting
        if place not in preview.again and (report.status == "ready" or waits):
            found.append(place)
    return found


def trial(
    store: Store, preview: loading.Preview, now: datetime, who: str, progress: loading.Progress | None = None
) -> Trial | None:
    """Builds what a commit would publish, asks it, and throws it away. None when there is nothing to load.

    A file that only waits for a broken promise to be accepted is tried out as well, like in the rest of the preview.
    StoreError when it cannot be done.
    """
    places = readable(preview)
    if not places:
        return None
    current, held = loading_state.state(store)
    added = [
        replace(
            to_record(preview.reports[place], f"trial-{place}", preview.given[place], preview.work.path, now, who),
            id=f"trial-{place}",
        )
        for place in places
    ]
    kept = [record for record in held if not any(replaces(new, record) for new in added)]
    base = loading.base_of(current, held, kept, added)
    target = preview.work.path / "trial.duckdb"
    target.unlink(missing_ok=True)
    ordered = sorted([*kept, *added], key=lambda record: record.order)
    try:
        warehouse.build(target, base.path if base else None, ordered, store.book.copy(), now, progress)
        return _asked(current, target)
    except DatabaseError as error:
        raise StoreError(f"What the numbers would become could not be tried out ({type(error).__name__}).") from error
    finally:
        target.unlink(missing_ok=True)


def _asked(current: SnapshotInfo | None, target: Path) -> Trial:
    def before(name: str) -> list[dict[str, Any]]:
        if current is None:
            return []
        with closing(POOL.cursor(current.path)) as cursor:
            return compared.found(cursor, name)

    links = {row["link"]: row for row in before("join_coverage")}
    totals = {row["metric"]: row["total"] for row in before("metric_totals")}
    joins = [
        Join(
            row["link"],
            links.get(row["link"], {}).get("records", 0),
            links.get(row["link"], {}).get("joined", 0),
            row["records"],
            row["joined"],
        )
        for row in compared.of_snapshot(target, "join_coverage")
    ]
    return Trial(
        tuple(join for join in joins if join.records_before or join.records_after),
        tuple(
            Total(row["metric"], row["title"], row["unit"], totals.get(row["metric"]), row["total"])
            for row in compared.of_snapshot(target, "metric_totals")
            if row["total"] is not None or totals.get(row["metric"]) is not None
        ),
        tuple(
            Word(row["what"], row["word"], row["pipeline"], int(row["cases"]))
            for row in compared.of_snapshot(target, "unmapped_words")
            if row["word"]
        ),
        tuple(compared.of_snapshot(target, "meanings")),
    )


def meanings_of(info: SnapshotInfo) -> list[dict[str, Any]]:
    """What the words of a snapshot mean."""
    with closing(POOL.cursor(info.path)) as cursor:
        return compared.found(cursor, "meanings")


def listed(store: Store, preview: loading.Preview, change: Change, now: datetime) -> list[Listed]:
    """The records behind one count of the preview, the first of each sort; what changed in each is said in words."""
    current, _ = loading_state.state(store)
    found: list[Listed] = []
    with held_rows(current, store.book.copy(), now) as cursor:
        for report in preview.reports:
            if (report.file, report.sheet) != (change.file, change.sheet):
                continue
            for table in report.tables:
                if table.kind == change.kind:
                    found += _listed(cursor, report, table)
    return found


def _listed(cursor: compared.Cursor, report: FileReport, table: Any) -> list[Listed]:
    known = KINDS[table.kind].column_names
    named = [name for name in (*NAMES, *DAYS) if name in known]
    columns = [*table.mapped, *named]
    rows = compared.records(cursor, table.kind, table.path, bool(report.full), columns, LISTED)
    return [
        Listed(row.what, row.record, _label(row.after or row.before, named), _changed(row, table.mapped))
        for row in rows
    ]


def _label(row: Mapping[str, Any], named: Sequence[str]) -> str:
    """Its names and the first of its days."""
    filled = [name for name in named if row.get(name) is not None]
    days = [name for name in filled if name in DAYS][:1]
    return " · ".join(_said(row[name]) for name in [*(name for name in filled if name in NAMES), *days])[:120]


def _changed(row: compared.Listed, columns: Sequence[str]) -> str:
    if row.what != "changed":
        return ""
    parts = [
        f"{name}: {_said(row.before.get(name))} → {_said(row.after.get(name))}"
        for name in columns
        if row.before.get(name) != row.after.get(name)
    ]
    return "; ".join(parts)


def _said(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value == datetime.combine(value.date(), datetime.min.time()) else f"{value:%F %R}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value)[:60]
