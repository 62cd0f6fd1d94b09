"""From uploaded files to published numbers: look (preview), then all or nothing (commit)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from scorecard import faults, loading_mend
from scorecard.errors import IngestError, ScorecardError, StoreError
from scorecard.imports import ImportRecord
from scorecard.ingest.examine import examine
from scorecard.ingest.report import FileReport, Known, LoadOptions
from scorecard.loading_changes import Change, Money, look_ahead
from scorecard.loading_contract import Finding, ask
from scorecard.loading_headers import HeaderChange, header_change, with_guesses
from scorecard.loading_records import CONTRACT, is_again, must_be_said, remembered, replaces, to_record
from scorecard.loading_state import (
    Progress,
    heal,
    in_effect,
    known,
    loaded,
    publish,
    read_again,
    reading,
    sound_before,
    state,
)
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo
from scorecard.store_work import BorrowedFolder, WorkFolder


@dataclass(frozen=True)
class Preview:
    """What loading these files would do; nothing is changed yet. Close it when it is not committed."""

    reports: tuple[FileReport, ...]
    again: frozenset[int]  # positions of reports that are already in effect, decision for decision
    changes: tuple[Change, ...]
    given: tuple[Mapping[str, str], ...]  # for each report, the mapping to say when it is read again
    work: WorkFolder | BorrowedFolder = field(repr=False)
    findings: tuple[tuple[Finding, ...], ...]  # for each report, what its earlier exports promised and it does not keep
    money: Money | None  # what the files together would do to the numbers
    columns: tuple[HeaderChange | None, ...] = ()  # for each report, what is different about its columns

    @property
    def blocked(self) -> bool:
        """A question is open or a file is refused: it cannot be committed."""
        return any(report.status in ("question", "refused") for report in self.reports)

    @property
    def fresh(self) -> tuple[FileReport, ...]:
        """What a commit would add."""
        return tuple(self.reports[position] for position in self.fresh_positions)

    @property
    def fresh_positions(self) -> tuple[int, ...]:
        """Where among the reports those are."""
        ready = (position for position, report in enumerate(self.reports) if report.status == "ready")
        return tuple(position for position in ready if position not in self.again)

    def close(self) -> None:
        """Drop the typed rows."""
        self.work.close()


@faults.said()
def preview(
    store: Store,
    paths: Sequence[Path],
    options: LoadOptions,
    now: datetime,
    names: Sequence[str] | None = None,
    progress: Progress | None = None,
    work: WorkFolder | BorrowedFolder | None = None,
) -> Preview:
    """Read and check the files as they would be loaded now."""
    current, held = state(store)
    work = work or WorkFolder(store.work_folder if store.work_folder.is_dir() else None)
    try:
        store_knows = known(store, held, now)
        found = _examine(paths, names or [path.name for path in paths], options, held, store_knows, work.path, progress)
        if progress:
            progress("Comparing with what is loaded", 0.95)
        reports, again = _mark_again([_settle(report, options, len(paths) == 1) for report in found], held)
        columns = tuple(header_change(report, held) for report in reports)
        reports = [with_guesses(*pair) for pair in zip(reports, columns, strict=True)]
        given = tuple(must_be_said(report) for report in reports)
        sound = [sound_before(store, record, reports, held, work.path) for record in held]
        ahead = look_ahead(current, sound, reports, again, store.book.copy(), now)
        asking = tuple(ask(report, findings) for report, findings in zip(reports, ahead.findings, strict=True))
        return Preview(asking, again, ahead.changes, given, work, ahead.findings, ahead.money, columns)
    except BaseException:
        work.close()
        raise


def _examine(
    paths: Sequence[Path],
    names: Sequence[str],
    options: LoadOptions,
    held: Sequence[ImportRecord],
    store_knows: Known,
    work: Path,
    progress: Progress | None,
) -> list[FileReport]:
    """A report for every table of every file; rows out of quarantine go back to where they came from."""
    mended = [place for place, path in enumerate(paths) if loading_mend.is_mended(path, names[place])]
    plain = [place for place in range(len(paths)) if place not in mended]
    found = examine(
        [paths[place] for place in plain],
        options,
        store_knows,
        work,
        names=[names[place] for place in plain],
        progress=reading(progress, len(paths)),
    )
    for place in mended:
        folder = work / f"mended{place}"
        found += loading_mend.examine_mended(paths[place], names[place], held, store_knows, options, folder)
    return found


@faults.said()
def commit(
    store: Store,
    looked_at: Preview,
    now: datetime,
    who: str,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> SnapshotInfo | None:
    """Publish what was looked at, all or nothing. The current snapshot (None without any) if there is no news."""
    if looked_at.blocked:
        raise IngestError("A question is open or a file is refused, so nothing was loaded.")
    with store.lock(on_wait=on_wait):
        current, held = state(store)
        fresh = [
            position
            for position in looked_at.fresh_positions
            if not any(is_again(looked_at.reports[position], record) for record in held)
        ]
        fresh.sort(key=lambda position: _place(looked_at.reports[position]))
        _heal_raw(store, looked_at, held)
        if not fresh:
            return current or (
                publish(store, heal(store, held, None), now, None, who, "recovered", progress) if held else None
            )
        added: list[ImportRecord] = []
        kept_raw = set(store.raw.iterdir())
        try:
            for position in fresh:
                report, given = looked_at.reports[position], looked_at.given[position]
                store.add_raw(report.path, report.sha256)
                record = to_record(report, store.new_import_id(now), given, looked_at.work.path, now, who)
                added.append(store.add_import(record))
            for record in added:
                if not record.mends:
                    store.book.save_mapping(remembered(record), who, now)
            kept = [record for record in held if not any(replaces(new, record) for new in added)]
            base = base_of(current, held, kept, added)
            kept = heal(store, kept, base, progress)
            info = publish(store, [*kept, *added], now, base, who, "load", progress)
        except BaseException:
            undo(store, added, kept_raw)
            raise
        _keep_a_copy(store)
    return info


@faults.said()
def refresh(store: Store, now: datetime, who: str = "", progress: Progress | None = None) -> SnapshotInfo | None:
    """The same imports with the book as it is now; None in an empty store."""
    with store.lock():
        current, held = state(store)
        if not held:
            return None
        base = base_of(current, held, held, [])
        info = publish(store, heal(store, held, base, progress), now, base, who, "settings changed", progress)
        _keep_a_copy(store)
    return info


@faults.said()
def rebuild(
    store: Store,
    now: datetime,
    who: str = "",
    progress: Progress | None = None,
    on_note: Callable[[str], None] | None = None,
) -> SnapshotInfo:
    """Read every raw file again with the decisions taken then, and publish: the same numbers, by today's code.

    Where the raw bytes are damaged the rows read from them then are used, and `on_note` is told.
    """
    with store.lock():
        held = in_effect(store.last_known_imports())
        if not held:
            raise StoreError("There is nothing to rebuild: no file was ever loaded into this store.")
        work = WorkFolder(store.work_folder)
        records: list[ImportRecord] = []
        try:
            for number, record in enumerate(held):
                if not store.has_raw(record.sha256) and record.is_whole:
                    records.append(record)
                    if on_note:
                        on_note(f"{record.file}: its uploaded bytes are lost; the rows read from them then are used.")
                    continue
                records.append(store.add_import(read_again(store, record, work.path / str(number), progress)))
        finally:
            work.close()
        info = publish(store, records, now, None, who, "rebuild", progress)
        for old in held:
            store.remove_files(old)
        _keep_a_copy(store)
    return info


@faults.said()
def recover(store: Store, now: datetime, who: str = "") -> SnapshotInfo | None:
    """The snapshot to show; when none can be opened it is built again from what the store holds.

    Numbers of another version of the product are worked out again by this one; where that fails they are kept, with
    a word about it.
    """
    with suppress(StoreError):
        current = store.current()
        return _by_this_version(store, current, now, who) if current and current.is_outdated else current
    with store.lock():
        with suppress(StoreError):
            return store.current()  # somebody else was first
        held = in_effect(store.last_known_imports())
        with suppress(StoreError):
            return publish(store, heal(store, held, None), now, None, who, "recovered", None) if held else None
    return rebuild(store, now, who)


def _by_this_version(store: Store, current: SnapshotInfo, now: datetime, who: str) -> SnapshotInfo:
    """The same files, worked out by the code that runs now."""
    try:
        with store.lock():
            found, held = state(store)
            if found and not found.is_outdated:
                return found  # somebody else was first
            return publish(store, heal(store, held, None), now, None, who, "new version of the product", None)
    except (ScorecardError, OSError) as error:
        why = str(error) if isinstance(error, ScorecardError) else f"{error.strerror}."
        said = f"These numbers are of an earlier version of the product and could not be worked out again. {why}"
        return replace(current, problem=current.problem or said)


def _keep_a_copy(store: Store) -> None:
    """Back the book up; the numbers are published already, so a full disk is no failure any more."""
    with suppress(OSError, ScorecardError):
        store.book.back_up()


def _settle(report: FileReport, options: LoadOptions, is_alone: bool) -> FileReport:
    """Leave out a refused file where somebody said so, and keep what was accepted with the file it let pass."""
    accepted = {key: answer for key, answer in options.answers.items() if key.startswith(CONTRACT)}
    if report.status == "ready" and accepted:
        return replace(report, answers={**report.answers, **accepted})
    if report.status != "refused":
        return report
    # A refusal may come from what was said of the file, so it stands; of several files nobody is told which was meant.
    told_how = options.kind or (is_alone and (options.mapping or options.constants))
    answer = options.answers.get(f"{report.file}.kind", "")
    if answer.casefold() == "skip" or (options.skip_unknown and not told_how):
        return replace(report, status="skipped", error=None, notes=(*report.notes, f"Left out: {report.error}"))
    return report


def _mark_again(reports: Sequence[FileReport], held: Sequence[ImportRecord]) -> tuple[list[FileReport], frozenset[int]]:
    """Reports with a note where nothing is new: loaded before, or the same file twice in one call."""
    noted: list[FileReport] = []
    again: set[int] = set()
    for position, report in enumerate(reports):
        note, said_already = "", ""
        open_topics = {question.key.rpartition(".")[2] for question in report.questions}
        if report.status == "ready" or (report.status == "question" and open_topics == {"as_of"}):
            earlier = next((record for record in held if is_again(report, record)), None)
            twin = next((other for other in noted if other.status == "ready" and _is_twin(report, other)), None)
            if earlier:
                said_already = loaded(earlier)
                note = f"Nothing new: it was already loaded {said_already} It is not loaded again."
            elif twin and report.status == "ready":
                note = f"The same bytes as {twin.file}; loaded once."
        if note:
            again.add(position)
            others = tuple(text for text in report.notes if not (said_already and text.endswith(said_already)))
            report = replace(report, status="ready", questions=(), notes=(*others, note))
        noted.append(report)
    return noted, frozenset(again)


def _is_twin(report: FileReport, other: FileReport) -> bool:
    same_bytes = (report.sha256, report.sheet, report.kind) == (other.sha256, other.sheet, other.kind)
    return same_bytes and report.as_of == other.as_of and dict(report.constants) == dict(other.constants)


def base_of(
    current: SnapshotInfo | None,
    held: Sequence[ImportRecord],
    kept: Sequence[ImportRecord],
    added: Sequence[ImportRecord],
) -> SnapshotInfo | None:
    """The snapshot to start from, if starting from it gives what building from nothing would."""
    if current is None or len(kept) != len(held):
        return None
    if current.is_outdated:
        return None
    for new in added:
        for old in held:
            if new.kinds & old.kinds and new.as_of < old.as_of:
                return None
    return current


def _place(report: FileReport) -> tuple[str, str, str]:
    """Files loaded together apply in this order, whichever was named first."""
    return (report.file, report.sheet or "", report.sha256)


def _heal_raw(store: Store, looked_at: Preview, held: Sequence[ImportRecord]) -> None:
    """A file loaded again brings back its own bytes where the store has lost them."""
    known_bytes = {record.sha256 for record in held}
    for position in looked_at.again:
        report = looked_at.reports[position]
        if report.sha256 in known_bytes:
            store.add_raw(report.path, report.sha256)


def undo(store: Store, added: Sequence[ImportRecord], kept_raw: set[Path]) -> None:
    """Take back what a failed load added, unless it was published after all."""
    with suppress(StoreError):
        current = store.current()
        if current and any(record.id in current.import_ids for record in added):
            return
    for record in added:
        store.remove_import(record)
    for path in set(store.raw.iterdir()) - kept_raw:
        path.unlink(missing_ok=True)
