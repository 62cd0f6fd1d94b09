"""Records of imports: made from what was examined, and compared with what is already in effect."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scorecard.book import MappingEntry
from scorecard.errors import IngestError
from scorecard.imports import ImportRecord, ImportTable
from scorecard.ingest.report import FileReport
from scorecard.schema import KINDS

_NOT_SAID = ("", "newest record", "load date", "other files")  # nobody told of another day
CONTRACT = "contract."  # answers that accept a broken promise of the export

_REFUSED = pa.schema(
    [("line", pa.int64()), ("column_name", pa.string()), ("reason", pa.string()), ("raw", pa.string())]
)
_SET_ASIDE = pa.schema([("line", pa.int64()), ("what", pa.string()), ("raw", pa.string())])


def to_record(
    report: FileReport, import_id: str, given: Mapping[str, str], work: Path, now: datetime, who: str
) -> ImportRecord:
    """The record of a file that is ready; refused and set-aside lines go to Parquet in `work`."""
    if report.kind is None or report.as_of is None:
        raise IngestError(f"{report.file} has no kind or no as-of date, so it cannot be loaded.")
    refused = [
        {"line": row.line, "column_name": row.column, "reason": row.reason, "raw": _storable(row.raw)}
        for row in report.refused
    ]
    set_aside = [{"line": row.line, "what": row.what, "raw": _storable(row.raw)} for row in report.set_aside]
    return ImportRecord(
        id=import_id,
        file=report.file,
        sheet=report.sheet,
        sha256=report.sha256,
        system=report.system,
        kind=report.kind,
        title=report.title,
        signature=report.signature,
        mapping=dict(report.mapping),
        given=dict(given),
        constants=dict(report.constants),
        answers=dict(report.answers),
        full=report.full,
        as_of=report.as_of,
        as_of_origin=report.as_of_origin,
        who=who,
        loaded_at=now,
        rows_read=report.rows_read,
        rows_loaded=report.rows_loaded,
        rows_quarantined=report.rows_quarantined,
        rows_not_data=report.rows_not_data,
        notes=tuple(report.notes),
        reconciliation=tuple(asdict(item) for item in report.reconciliation),
        facts=dict(report.facts),
        tables=tuple(ImportTable(table.kind, table.path, table.row_count, table.mapped) for table in report.tables),
        refused=_write(refused, _REFUSED, work / f"{import_id}.refused.parquet"),
        set_aside=_write(set_aside, _SET_ASIDE, work / f"{import_id}.aside.parquet"),
        header=report.header,
        delimiter=report.delimiter,
        reading=dict(report.reading),
        mends=report.mends,
        mended=report.mended,
    )


def is_again(report: FileReport, record: ImportRecord) -> bool:
    """The same bytes, understood in the same way: loading them would change nothing."""
    return (
        (report.sha256, report.sheet) == (record.sha256, record.sheet)
        and _decisions(report) == _decisions(record)
        and (report.as_of == record.as_of or report.as_of_origin in _NOT_SAID)
    )


def replaces(new: ImportRecord, old: ImportRecord) -> bool:
    """The same bytes understood anew. The same bytes for another day are no correction but another export."""
    return (
        new.id != old.id and (new.sha256, new.sheet) == (old.sha256, old.sheet) and _decisions(new) != _decisions(old)
    )


def must_be_said(report: FileReport) -> dict[str, str]:
    """The mapping to give when the file is read again.

    A vendor's columns are known by heart, several to one of ours, so only what a person said is repeated; a file that
    was recognised by its words is mapped in full, because next week's words may weigh differently.
    """
    if report.kind in KINDS:
        unused = {column: "" for column, header in report.given.items() if not header}
        return {**unused, **report.mapping}
    return dict(report.given)


def remembered(record: ImportRecord) -> MappingEntry:
    """What next week's file with the same header takes over: how to read it, never what it is about."""
    about_one_file = (".kind", ".as_of")
    return MappingEntry(
        signature=record.signature,
        kind=record.kind,
        mapping=record.given,
        constants={name: value for name, value in record.constants.items() if not name.endswith("_id")},
        answers={
            key: value
            for key, value in record.answers.items()
            if not key.endswith(about_one_file) and not key.startswith(CONTRACT)
        },
        full=record.full,
    )


def _decisions(item: FileReport | ImportRecord) -> tuple[Any, ...]:
    """How the bytes were understood; whatever the file is called, and without what only lets it pass."""
    answers = {
        key.removeprefix(item.file): answer
        for key, answer in item.answers.items()
        if not key.endswith((".kind", ".as_of")) and not key.startswith(CONTRACT)
    }
    return (item.kind, item.system, dict(item.mapping), dict(item.constants), answers, bool(item.full))


def _storable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _write(rows: Sequence[Mapping[str, Any]], schema: pa.Schema, path: Path) -> Path | None:
    if not rows:
        return None
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
    return path
