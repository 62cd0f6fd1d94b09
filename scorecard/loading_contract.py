"""The contract of a weekly export: what in a file about to be loaded is not as the exports before it promised."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

from scorecard import warehouse_compare as compared
from scorecard.imports import ImportRecord, ImportTable
from scorecard.ingest.report import FileReport, Question, TypedTable
from scorecard.loading_deals import deal_findings
from scorecard.loading_records import CONTRACT
from scorecard.schema import KINDS

ACCEPT = "accept"
FEWER_WARN, FEWER_BLOCK = 0.20, 0.50
STALE_WARN, STALE_BLOCK = timedelta(days=8), timedelta(days=15)
EMPTIER, CLEARLY = 0.10, 3.0  # points more, and standard errors more: a short file differs by chance
UNLINKED = 0.05
SCALE, SCALE_ROWS = 50.0, 20
FEW = 10  # a file of fewer rows is no weekly export: it never stops a load for what it lacks
SHOWN = 200  # records kept with a finding
# Columns a number stands on: without one of them the file says something else than before.
KEY_COLUMNS = {
    "deals": ("deal_id", "stage_raw", "status", "amount", "created_at", "closed_at", "source_raw"),
    "people": ("person_id", "email", "created_at", "source_raw"),
    "companies": ("company_id", "name"),
    "spend": ("cost", "period_start", "campaign"),
    "activities": ("at", "email", "person_id", "deal_id"),
    "touches": ("at", "email", "person_id"),
}
WATCHED = {"deals": ("owner", "company_id"), "people": ("owner", "company_id")}  # also not to become empty
MAY_DIFFER = frozenset({"amount", "closed_at", "owner"})  # in a file of new records only
WEEKLY = frozenset({"deals", "people", "activities", "touches"})  # something happens every week
STATES = frozenset({"deals", "people", "companies"})  # one list, whatever its file is called
LINKS = ("company_id", "company_name", "primary_person_id", "person_ids", "lead_id", "person_email")
_SAYS_NOTHING = frozenset({"", "export", "exports", "report", "data", "sheet", "file", "download", "table", "upload"})
_NOT_SAID = ("newest record", "load date", "other files")  # the day was not given, so the clock decides


@dataclass(frozen=True)
class Finding:
    """One promise a file does not keep. `cases`: how many rows or columns; `examples`: the first of them."""

    check: str
    severity: Literal["warn", "block"]
    sentence: str
    cases: int
    examples: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `load --json` and `check --json` print of it."""
        return {
            "check": self.check,
            "severity": self.severity,
            "sentence": self.sentence,
            "cases": self.cases,
            "examples": [dict(example) for example in self.examples],
        }


class Case(NamedTuple):
    """A table of a file beside the file before it."""

    report: FileReport
    table: TypedTable
    before: ImportRecord
    before_table: ImportTable
    now: datetime


def check(
    cursor: compared.Cursor,
    report: FileReport,
    held: Sequence[ImportRecord],
    now: datetime,
    together: Sequence[FileReport] = (),
    gone: int = 0,
) -> tuple[Finding, ...]:
    """What the file breaks, blocking findings first. `together`: all files of the load; one list may be in several."""
    if report.mends:  # a few rows of a file that was weighed already
        return ()
    found = [*_other_kind(report, held), *_currencies(cursor, report)]
    if before := newest_before(report, held):
        found += [*_older(report, before), *_same_file(report, held)]
        if not any(finding.check == "older" for finding in found):
            found += _against(cursor, report, before, now, held)
            found += _fewer_rows(report, before, held, together or (report,)) or _others(report, gone, together)
    if any(finding.check == "amount_scale" for finding in found):  # says the same, deal by deal
        found = [finding for finding in found if finding.check != "typical_amount"]
    return tuple(sorted(found, key=lambda finding: finding.severity))


def ask(report: FileReport, findings: Sequence[Finding]) -> FileReport:
    """The report with a question for every blocking finding that nobody accepted."""
    questions = tuple(
        Question(f"{CONTRACT}{finding.check}", f"{finding.sentence} Load it all the same?", (ACCEPT,))
        for finding in findings
        if finding.severity == "block" and report.answers.get(f"{CONTRACT}{finding.check}", "").casefold() != ACCEPT
    )
    return replace(report, status="question", questions=(*report.questions, *questions)) if questions else report


def _against(
    cursor: compared.Cursor,
    report: FileReport,
    before: ImportRecord,
    now: datetime,
    held: Sequence[ImportRecord],
) -> Iterator[Finding]:
    """Everything that needs the file before."""
    yield from _columns(report, before)
    if not before.is_whole:
        sentence = "The rows of the export before it are damaged in the store, so it was not compared with them."
        yield Finding("not_compared", "warn", sentence, 1)
        return
    for table in report.tables:
        old = next((other for other in before.tables if other.kind == table.kind), None)
        if old is None:
            continue
        case = Case(report, table, before, old, now)
        for look in (_emptier_stale_scaled, _unlinked):
            yield from look(case)
        yield from _new_words(cursor, table)
        if table.kind == "deals" and report.as_of:
            compared.deal_changes(cursor, [compared.Rows(table.path, report.as_of)], gone_sources([report], held))
            for name, severity, sentence, cases, rows in deal_findings(cursor, report.as_of):
                yield Finding(name, severity, sentence, cases, tuple(rows[:SHOWN]))


def gone_sources(reports: Sequence[FileReport], held: Sequence[ImportRecord]) -> list[tuple[str, datetime]]:
    """Imports whose records a full list among the reports may take away, with the day that list tells of."""
    return [
        (record.id, report.as_of)
        for report in reports
        if report.full and report.as_of
        for record in held
        if (record.system, record.kind) == (report.system, report.kind)
    ]


def family(file: str, sheet: str | None) -> str:
    """What a file is called without its date and number: the same for last week's."""
    return re.sub(r"[\W\d_]+", " ", f"{PurePath(file).stem} {sheet or ''}").strip().casefold()


def newest_before(report: FileReport, held: Sequence[ImportRecord]) -> ImportRecord | None:
    """The newest export of the same source, else None; files of one source are told apart by their names."""
    of_source = (record for record in held if (record.system, record.kind) == (report.system, report.kind))
    same = [record for record in of_source if not record.mends]
    own_name = family(report.file, report.sheet)
    named = [record for record in same if family(record.file, record.sheet) == own_name]
    if not named and any(table.kind in STATES for table in report.tables):
        named = [record for record in same if record.signature == report.signature] or same
    return max(named, key=lambda record: record.order, default=None)


def _other_kind(report: FileReport, held: Sequence[ImportRecord]) -> Iterator[Finding]:
    own_name = family(report.file, report.sheet)
    if own_name in _SAYS_NOTHING:
        return
    titles = {record.kind: record.title for record in held if family(record.file, record.sheet) == own_name}
    if titles and report.kind not in titles:
        earlier = ", ".join(dict.fromkeys(titles.values()))
        yield Finding(
            "other_kind", "warn", f"A file of this name held {earlier} until now; this one holds {report.title}.", 1
        )


def _older(report: FileReport, before: ImportRecord) -> Iterator[Finding]:
    """An old whole list in place of a newer one is asked about; older additions are only mentioned."""
    if report.as_of is None or report.as_of.date() >= before.as_of.date():
        return
    sentence = (
        f"This export tells of {report.as_of:%Y-%m-%d}, but {before.file} of {before.as_of:%Y-%m-%d} is loaded already;"
        " what the newer one says stays."
    )
    yield Finding("older", "block" if report.full else "warn", sentence, 1)


def _same_file(report: FileReport, held: Sequence[ImportRecord]) -> Iterator[Finding]:
    for record in held:
        same = (record.sha256, record.sheet, record.kind) == (report.sha256, report.sheet, report.kind)
        if same and report.as_of and record.as_of.date() < report.as_of.date():
            sentence = (
                f"These are the very bytes loaded for {record.as_of:%Y-%m-%d} as {record.file}; is it a fresh export?"
            )
            yield Finding("same_file", "warn", sentence, 1)
            return


def _columns(report: FileReport, before: ImportRecord) -> Iterator[Finding]:
    """Columns the file before had, and columns it had not."""
    if report.signature == before.signature:
        return
    filled = {name for table in report.tables for name in table.mapped}
    were = {name for table in before.tables for name in table.mapped}
    keys = {name for table in before.tables for name in KEY_COLUMNS.get(table.kind, ())}
    gone, added = sorted(were - filled), sorted(filled - were)
    if gone:
        names = ", ".join(_headed(name, before.mapping) for name in gone)
        broken = [name for name in gone if name in keys]
        rows = tuple({"column": name, "header": before.mapping.get(name, "")} for name in gone)
        sentence = f"Columns that {before.file} had are not in this file: {names}."
        same_name = family(report.file, report.sheet) == family(before.file, before.sheet)
        stops = broken and same_name and before.rows_loaded >= FEW
        yield Finding("columns_gone", "block" if stops else "warn", sentence, len(gone), rows)
    renamed = [
        (name, before.mapping[name], report.mapping[name])
        for name in sorted(were & filled)
        if name in before.mapping and report.mapping.get(name, before.mapping[name]) != before.mapping[name]
    ]
    new = [_headed(name, report.mapping) for name in added] + [f"{now} (was {then})" for _, then, now in renamed]
    if new or not gone:
        unread = f" Not read: {', '.join(report.unmapped)}." if report.unmapped and not new else ""
        names = (
            f"Columns that {before.file} had not: {', '.join(new)}." if new else f"Other columns than before.{unread}"
        )
        rows = tuple({"column": name} for name in (new or report.unmapped))
        yield Finding("columns_new", "warn", names, max(len(new), 1), rows)


def _headed(name: str, mapping: Mapping[str, str]) -> str:
    header = mapping.get(name)
    return f"{header} ({name})" if header and header != name else name


def _fewer_rows(
    report: FileReport, before: ImportRecord, held: Sequence[ImportRecord], together: Sequence[FileReport]
) -> list[Finding]:
    """Whole lists do not shrink; several files of one day are one list."""
    if not report.full or report.as_of is None:
        return []
    source, kind, day = (report.system, report.kind), report.tables[0].kind, report.as_of.date()
    now = sum(
        table.row_count
        for other in together
        if (other.system, other.kind) == source and other.full and other.as_of and other.as_of.date() == day
        for table in other.tables
        if table.kind == kind
    )
    lists = [record for record in held if (record.system, record.kind) == source and record.is_full]
    last = max((record.as_of.date() for record in lists), default=None)
    same_day = [record for record in lists if record.as_of.date() == last] or [before]
    then = sum(table.row_count for record in same_day for table in record.tables if table.kind == kind)
    if not then or now > then * (1 - FEWER_WARN):
        return []
    share = 1 - now / then
    sentence = f"{now:,} rows where the last full list had {then:,}: {share:.0%} fewer."
    stops = share >= FEWER_BLOCK and then >= FEW
    return [Finding("fewer_rows", "block" if stops else "warn", sentence, then - now)]


def _others(report: FileReport, gone: int, together: Sequence[FileReport]) -> list[Finding]:
    """As many rows as before, but of other records: ids that changed, or the list of somebody else."""
    parts = [other for other in together if (other.system, other.kind) == (report.system, report.kind) and other.full]
    rows = report.tables[0].row_count
    share = gone / max(gone, rows, 1)
    if len(parts) > 1 or share < FEWER_WARN:
        return []
    sentence = f"{gone:,} records held are not in this full list of {rows:,}. Did the ids change?"
    stops = share >= FEWER_BLOCK and gone >= FEW
    return [Finding("other_records", "block" if stops else "warn", sentence, gone)]


def _emptier_stale_scaled(case: Case) -> Iterator[Finding]:
    """Cells that became empty, a file in which nothing is new, amounts in another unit: both files in numbers."""
    names = [*KEY_COLUMNS.get(case.table.kind, ()), *WATCHED.get(case.table.kind, ())]
    spec = KINDS[case.table.kind]
    money = [column.name for column in spec.columns if column.type == "money"]
    shared = [
        name
        for name in dict.fromkeys([*names, *money])
        if name in case.table.mapped and name in case.before_table.mapped
    ]
    until, then_until = _clock(case.report, case.now), _clock(case.before, case.before.loaded_at)
    now = compared.profile(case.table.kind, case.table.path, shared, until)
    then = compared.profile(case.table.kind, case.before_table.path, shared, then_until)
    yield from _emptier(now, then, [name for name in shared if name in names])
    if case.table.kind in WEEKLY and now.newest and then.newest:
        yield from _stale(until - now.newest, then_until - then.newest, now.newest)
    if min(now.row_count, then.row_count) >= SCALE_ROWS:
        yield from _scaled(now, then)


def _clock(item: FileReport | ImportRecord, then: datetime) -> datetime:
    """The moment a file's newest change is measured against."""
    return then if item.as_of is None or item.as_of_origin in _NOT_SAID else _end_of(item.as_of)


def _end_of(moment: datetime) -> datetime:
    return moment.replace(hour=23, minute=59, second=59)


def _emptier(now: compared.Profile, then: compared.Profile, names: Sequence[str]) -> Iterator[Finding]:
    if not now.row_count or not then.row_count:
        return
    comparable = now.row_count >= then.row_count / 2
    found = []
    for name in names:
        share, was = now.nulls[name] / now.row_count, then.nulls[name] / then.row_count
        error = max((was * (1 - was) / now.row_count) ** 0.5, 1 / now.row_count)
        if share - was >= EMPTIER and share - was >= CLEARLY * error and (comparable or name not in MAY_DIFFER):
            found.append({"column": name, "empty_before": was, "empty_now": share, "rows": now.nulls[name]})
    if found:
        said = ", ".join(f"{row['column']} {row['empty_before']:.0%} to {row['empty_now']:.0%}" for row in found)
        sentence = f"More cells are empty than in the file before: {said}."
        yield Finding("emptier", "warn", sentence, max(row["rows"] for row in found), tuple(found))


def _stale(age: timedelta, was: timedelta, newest: datetime) -> Iterator[Finding]:
    if age > STALE_WARN and was <= STALE_WARN:
        sentence = f"Its newest change is of {newest:%Y-%m-%d}, {age.days} days before the day it tells of."
        yield Finding("stale", "block" if age > STALE_BLOCK else "warn", sentence, age.days)


def _scaled(now: compared.Profile, then: compared.Profile) -> Iterator[Finding]:
    for name in now.middle.keys() & then.middle.keys():
        ratio = now.middle[name] / then.middle[name]
        if ratio >= SCALE or ratio <= 1 / SCALE:
            sentence = (
                f"The typical {name} is {now.middle[name]:,.2f} where it was {then.middle[name]:,.2f}:"
                " is it in another unit?"
            )
            yield Finding("typical_amount", "block", sentence, now.row_count)


def _unlinked(case: Case) -> Iterator[Finding]:
    columns = [name for name in LINKS if name in case.table.mapped and name in case.before_table.mapped]
    if case.table.kind != "deals" or not columns or not case.table.row_count or not case.before_table.row_count:
        return
    alone = compared.linked_to_nobody(case.table.path, columns)
    were = compared.linked_to_nobody(case.before_table.path, columns)
    share, was = alone / case.table.row_count, were / case.before_table.row_count
    if share > UNLINKED >= was:
        sentence = f"{share:.0%} of the deals have no person and no company; in the file before it were {was:.0%}."
        yield Finding("unlinked", "warn", sentence, alone)


def _new_words(cursor: compared.Cursor, table: TypedTable) -> Iterator[Finding]:
    words = compared.new_words(cursor, table.kind, table.path, table.mapped)
    for what in dict.fromkeys(row["what"] for row in words):
        rows = [{"word": row["word"], "rows": row["cases"]} for row in words if row["what"] == what]
        named = ", ".join(f"“{row['word']}”" for row in rows[:5]) + (" and more" if len(rows) > 5 else "")
        noun = what if len(rows) == 1 else f"{what}s"
        sentence = f"{len(rows)} new {noun}: {named}. Settings on the Data page is where to say what they mean."
        yield Finding(f"new_{what}", "warn", sentence, len(rows), tuple(rows[:SHOWN]))


def _currencies(cursor: compared.Cursor, report: FileReport) -> Iterator[Finding]:
    """Money in a currency that has no rate and was not met before."""
    counted: dict[str, int] = {}
    for table in report.tables:
        if "currency" in table.mapped and "amount_home" not in table.mapped:
            for currency, rows in compared.currencies(table.path).items():
                counted[currency] = counted.get(currency, 0) + rows
    known = compared.held_currencies(cursor) if counted else set()
    rows = [
        {"currency": currency, "rows": count} for currency, count in sorted(counted.items()) if currency not in known
    ]
    if rows:
        named = ", ".join(f"{row['currency']} ({row['rows']:,} rows)" for row in rows)
        sentence = f"No exchange rate for {named}: that money stays out of the totals until Settings has one."
        yield Finding("currency", "warn", sentence, sum(row["rows"] for row in rows), tuple(rows))
