"""What is in effect in a store, and its files read again from their raw bytes."""

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from scorecard import faults, files, loading_mend
from scorecard.errors import IngestError, ScorecardError, StoreError
from scorecard.imports import ImportRecord
from scorecard.ingest.examine import examine
from scorecard.ingest.report import FileReport, Known, LoadOptions, SavedMapping
from scorecard.loading_contract import newest_before
from scorecard.loading_records import CONTRACT, must_be_said, replaces, to_record
from scorecard.queries_readers import DatabaseError
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo
from scorecard.store_work import WorkFolder

Progress = Callable[[str, float], None]


def known(store: Store, held: Sequence[ImportRecord], now: datetime) -> Known:
    """What examining a file may use of the store."""
    settings = store.book.settings()
    saved = {
        signature: SavedMapping(entry.kind, entry.mapping, entry.constants, entry.answers, entry.full)
        for signature, entry in store.book.mappings().items()
    }
    newest_first = {record.signature: record.header for record in reversed(held) if record.signature in saved}
    return Known(
        now=now,
        mappings=saved,
        earlier=tuple(replace(saved[signature], header=header) for signature, header in newest_first.items()),
        reporting_currency=settings["reporting_currency"],
        time_zone=settings["time_zone"],
        loaded={record.sha256: loaded(record) for record in reversed(held)},
    )


def state(store: Store) -> tuple[SnapshotInfo | None, list[ImportRecord]]:
    """The snapshot a build may start from, and the imports in effect even if that snapshot is damaged."""
    try:
        current = store.current()
    except StoreError:
        return None, in_effect(store.last_known_imports())
    if current is None:
        return None, []
    if current.problem:
        return None, in_effect(store.last_known_imports())
    return current, store.imports(current)


def in_effect(records: Sequence[ImportRecord]) -> list[ImportRecord]:
    """Without those that a later import of the same file replaces."""
    return [
        record
        for record in records
        if not any(other.loaded_at > record.loaded_at and replaces(other, record) for other in records)
    ]


def loaded(record: ImportRecord) -> str:
    """When and by whom, as a person would say it."""
    by = f" by {record.who}" if record.who else ""
    return f"on {record.loaded_at:%Y-%m-%d %H:%M}{by}."


def reading(progress: Progress | None, files: int = 1) -> Callable[[str], None] | None:
    """Tells which file is read and what share of the files is done."""
    if progress is None:
        return None
    begun = itertools.count()

    def begin(name: str) -> None:
        number = next(begun)
        place = f" ({number + 1} of {files})" if files > 1 else ""
        progress(f"Reading {name}{place}", number / files)

    return begin


def publish(
    store: Store,
    records: Sequence[ImportRecord],
    now: datetime,
    base: SnapshotInfo | None,
    who: str,
    reason: str,
    progress: Progress | None,
) -> SnapshotInfo:
    """Build and publish these imports; what the database says when it fails becomes a sentence."""
    try:
        return store.publish(records, now, base=base, who=who, reason=reason, progress=progress)
    except DatabaseError as error:
        raise StoreError(
            faults.sentence(error)
            or f"The new numbers could not be built ({type(error).__name__}). Nothing was changed; the old ones stay. "
            "If it happens again, build them from the uploaded files: python -m scorecard rebuild."
        ) from error


def heal(
    store: Store, records: Sequence[ImportRecord], base: SnapshotInfo | None, progress: Progress | None = None
) -> list[ImportRecord]:
    """The records with typed rows as they were written; those a build needs and that are damaged are read again."""
    applied = frozenset(base.import_ids) if base else frozenset()
    broken = [record for record in records if record.id not in applied and not record.is_whole]
    if not broken:
        return list(records)
    work = WorkFolder(store.work_folder)
    healed = {}
    try:
        for number, record in enumerate(broken):
            healed[record.id] = store.add_import(read_again(store, record, work.path / str(number), progress))
            store.remove_files(record)
    finally:
        work.close()
    return [healed.get(record.id, record) for record in records]


def sound_before(
    store: Store, record: ImportRecord, reports: Sequence[FileReport], held: Sequence[ImportRecord], work: Path
) -> ImportRecord:
    """The record with rows fit to compare the reports with: read again into `work` where those kept are damaged."""
    wanted = any(report.status == "ready" and newest_before(report, held) is record for report in reports)
    if not wanted or record.is_whole:
        return record
    with suppress(ScorecardError):
        again = read_again(store, record, work / f"before-{record.id}", None)
        return replace(again, checksums={path.name: files.checksum(path) for path in again.files})
    return record


def read_again(
    store: Store, record: ImportRecord, work: Path, progress: Progress | None, anew: bool = False
) -> ImportRecord:
    """The record with its rows read again from raw; `anew`: with other columns than then."""
    raw = store.raw / record.sha256
    if not store.has_raw(record.sha256):
        what = "damaged in" if raw.exists() else "missing from"
        raise StoreError(
            f"The uploaded bytes of {record.file} are {what} the store. Nothing was changed; load that file again."
        )
    work.mkdir(mode=0o700)
    saved = SavedMapping(record.kind, record.given, record.constants, record.answers, record.full)
    if record.mends:
        saved = loading_mend.as_decided(record)
    facts = record.facts if record.mends else {}
    then = replace(known(store, [], record.loaded_at), mappings={record.signature: saved}, facts=facts)
    options = LoadOptions(
        answers={key: answer for key, answer in record.answers.items() if key.startswith(CONTRACT)},
        as_of=record.as_of.date(),
    )
    reports = examine([raw], options, then, work, names=[record.file], progress=reading(progress))
    report = next((item for item in reports if item.sheet == record.sheet and item.kind == record.kind), None)
    if report is None or report.status != "ready":
        why = report.error or " ".join(question.text for question in report.questions) if report else "it is not found"
        how = "so" if anew else "as it was"
        raise IngestError(f"{record.file} can no longer be read {how}: {why} Nothing was changed.")
    given = must_be_said(report) if anew else record.given
    fresh = to_record(report, record.id, given, work, record.loaded_at, record.who)
    return replace(
        fresh,
        as_of=record.as_of,
        as_of_origin=record.as_of_origin,
        full=record.full,
        answers=record.answers,
        notes=fresh.notes if anew else record.notes,
        mends=record.mends,
        mended=record.mended,
    )
