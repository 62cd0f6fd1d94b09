"""Rows out of quarantine, mended by a person and dropped again: found, laid beside what was refused, made readable."""

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow.parquet as pq

from scorecard import files
from scorecard.errors import IngestError
from scorecard.imports import ImportRecord
from scorecard.ingest.examine import examine
from scorecard.ingest.reading import read_file
from scorecard.ingest.report import FileReport, Known, LoadOptions, SavedMapping
from scorecard.ingest.rows import SetAside, TextTable
from scorecard.masking import mask_email

# Beside the columns of the file itself, in a download made for mending.
MARKS = ("quarantine_file", "quarantine_line", "quarantine_reason")
AS_LISTED = ("file", "line", "reason", "raw")
MORE = "quarantine_more"  # cells of a row that has more than the header
SUFFIX = " (mended rows)"
_LARGEST = 50_000_000  # bytes; a quarantine is small
_PEEK = 4096
_DOUBLED = "occurs more than once"  # mended by dropping the other copy: the row itself stays as it is

Place = tuple[str, int]  # import, line


@dataclass(frozen=True)
class Refused:
    """One row in quarantine: where it came from, why, and its cells as they were read."""

    record: ImportRecord
    line: int
    reason: str
    raw: str

    @property
    def cells(self) -> list[str]:
        """The row's cells, as many as it had."""
        return next(csv.reader(io.StringIO(self.raw, newline=""), delimiter=self.record.delimiter or ","), [])


@dataclass
class Mending:
    """The mended rows of one import on their way into a small file with its header."""

    record: ImportRecord
    rows: list[Sequence[str]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


@dataclass
class Sorted:
    """Where the rows of a download go."""

    mendings: dict[str, Mending] = field(default_factory=dict)
    strays: list[SetAside] = field(default_factory=list)  # of no file that is loaded
    done: list[SetAside] = field(default_factory=list)  # mended before
    same: list[SetAside] = field(default_factory=list)  # nobody changed them

    @property
    def rest(self) -> list[SetAside]:
        """What is not loaded."""
        return [*self.done, *self.same, *self.strays]


def open_rows(held: Sequence[ImportRecord]) -> list[Refused]:
    """Every row in quarantine that nobody has mended, the oldest file first."""
    mended = {place for record in held for place in record.mended}
    found = []
    for record in held:
        if record.refused is None or not record.refused.exists():
            continue
        for row in pq.read_table(record.refused).to_pylist():
            if (record.id, row["line"]) not in mended:
                found.append(Refused(record, row["line"], row["reason"], row["raw"] or ""))
    return found


def to_mend(rows: Sequence[Refused]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table to mend: the marks, then the file's own columns; rows of one file only."""
    header = list(rows[0].record.header)
    more = [MORE] if any(len(row.cells) > len(header) for row in rows) else []
    listed = []
    for row in rows:
        cells, rest = row.cells[: len(header)], row.cells[len(header) :]
        own = cells + [""] * (len(header) - len(cells))
        listed.append([row.record.file, str(row.line), row.reason, *own, *[" · ".join(rest)] * len(more)])
    return [*MARKS, *header, *more], listed


def is_mended(path: Path, name: str) -> bool:
    """Whether the file looks like a quarantine that was downloaded; costs one short read."""
    try:
        if path.stat().st_size > _LARGEST:
            return False
        with path.open("rb") as file:
            start = file.read(_PEEK)
    except OSError:
        return False
    if start[:2] == b"PK":  # a workbook: its words are packed, so it has to be read
        return "quarantine" in name.casefold() and _table(path, name) is not None
    text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "ignore")
    first = text.lstrip("\ufeff").partition("\n")[0].strip().casefold()
    return any(_marked(first.replace('"', "").split(delimiter)) for delimiter in ",;\t")


def examine_mended(
    path: Path, name: str, held: Sequence[ImportRecord], known: Known, options: LoadOptions, work: Path
) -> list[FileReport]:
    """A report for each file whose refused rows are in it, and one for the rows that belong nowhere."""
    work.mkdir(parents=True, exist_ok=True)
    table = _table(path, name, work)
    if table is None:
        return [FileReport(name, None, path, files.sha256(path), "refused", error=f"{name} cannot be read as a table.")]
    sorted_rows = _sort(table, held)
    reports = []
    for number, mending in enumerate(sorted_rows.mendings.values()):
        reports += _examine_one(mending, path, known, options, work / f"mend{number}")
    if sorted_rows.rest or not reports:
        reports.append(_left_over(path, name, table, sorted_rows))
    return reports


def _examine_one(mending: Mending, source: Path, known: Known, options: LoadOptions, work: Path) -> list[FileReport]:
    """The rows read with the decisions taken for their file, as additions of the same day."""
    record = mending.record
    work.mkdir(parents=True, exist_ok=True)
    path = work / "mended.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(record.header)
        writer.writerows(mending.rows)
    then = replace(known, mappings={record.signature: as_decided(record)}, facts=record.facts, loaded={}, earlier=())
    asked = LoadOptions(answers=options.answers, as_of=record.as_of.date(), full=False)
    found = examine([path], asked, then, work, names=[record.file.removesuffix(SUFFIX) + SUFFIX])
    return [
        replace(
            report,
            as_of=record.as_of,
            as_of_origin=record.as_of_origin,
            title=report.title or record.title,
            notes=("Rows out of quarantine, mended; they are added to those of their file.", *_own_notes(report)),
            source=source,
            mends=record.mends or record.id,
            mended=tuple(mending.places),
        )
        for report in found
    ]


def _own_notes(report: FileReport) -> list[str]:
    return [note for note in report.notes if "accepted last time" not in note]


def as_decided(record: ImportRecord) -> SavedMapping:
    """How the import was read: what was asked, and what its values had made plain."""
    topics = {key.partition(record.file)[2].lstrip("./") or key: answer for key, answer in record.answers.items()}
    answers = {**record.reading, **topics}
    return SavedMapping(record.kind, record.given, record.constants, answers, False)


def _table(path: Path, name: str, work: Path | None = None) -> TextTable | None:
    """The file as a table that has the columns of a quarantine."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            tables = read_file(path, work or Path(scratch), name=name)
        except (IngestError, OSError):
            return None
        return next((table for table in tables if _marked(table.header)), None)


def _marked(header: Sequence[str]) -> bool:
    """The header is that of a downloaded quarantine, in either form."""
    names = {name.strip().casefold() for name in header}
    return names >= set(MARKS) or names >= set(AS_LISTED)


def _sort(table: TextTable, held: Sequence[ImportRecord]) -> Sorted:
    """Rows by the import they came from, and those that need not or cannot go back."""
    waiting: dict[tuple[str, int], list[Refused]] = {}
    for row in open_rows(held):
        waiting.setdefault((row.record.file, row.line), []).insert(0, row)
    known_files = {record.file for record in held}
    found = Sorted(strays=[SetAside(row.line, "stray", row.raw) for row in table.refused])
    for line, row in _rows(table):
        is_listed = MARKS[1] not in row
        file, number, reason = (row[name] for name in (("file", "line", "reason") if is_listed else MARKS))
        refused = _same(waiting.get((file, int(number)), []) if number.isdecimal() else [], reason)
        if refused is None:
            is_done = file in known_files and number.isdecimal()
            (found.done if is_done else found.strays).append(SetAside(line, "mended", file))
            continue
        cells = _as_listed(row["raw"], refused) if is_listed else _cells(row, refused)
        if list(cells) == _offered(refused, is_listed) and _DOUBLED not in refused.reason:
            found.same.append(SetAside(line, "mended", file))
            continue
        mending = found.mendings.setdefault(refused.record.id, Mending(refused.record))
        mending.rows.append(cells)
        mending.places.append((refused.record.id, refused.line))
    return found


def _offered(refused: Refused, is_listed: bool) -> list[str]:
    """The cells as the download showed them."""
    width = len(refused.record.header)
    stripped = [cell.strip() for cell in refused.cells]
    return stripped if is_listed else (stripped + [""] * width)[:width]


def _same(places: list[Refused], reason: str) -> Refused | None:
    """The row meant, taken out of the list: files of one name are told apart by the reason, else the newest."""
    if not places:
        return None
    alike = (place for place, row in enumerate(places) if mask_email(row.reason) == mask_email(reason.strip()))
    return places.pop(next(alike, 0))


def _rows(table: TextTable) -> list[tuple[int, dict[str, str]]]:
    """Every row by column, the marks in lower case."""
    marks = {*MARKS, *AS_LISTED}
    names = [low if (low := header.strip().casefold()) in marks else header for header in table.header]
    found = []
    for number, row in enumerate(pq.read_table(table.source.path).to_pylist()):
        offset = table.source.line_offset
        line = row["line"] if offset is None else number + 1 + offset
        cells = [row[f"c{place}"] or "" for place in range(len(names))]
        found.append((line, dict(zip(names, cells, strict=True))))
    return found


def _cells(row: Mapping[str, str], refused: Refused) -> list[str]:
    """The mended cells; one that only shows a masked or made-safe value means the value itself."""
    before = [*refused.cells, *[""] * len(refused.record.header)]
    return [_meant(row.get(name, ""), before[place]) for place, name in enumerate(refused.record.header)]


def _as_listed(raw: str, refused: Refused) -> Sequence[str]:
    if raw.startswith("'") and not refused.raw.startswith("'"):
        raw = raw[1:]
    now = replace(refused, raw=raw).cells
    before = [*refused.cells, *[""] * len(now)]
    return [_meant(cell, before[place]) for place, cell in enumerate(now)]


def _meant(cell: str, before: str) -> str:
    """A download masks addresses and sets an apostrophe before formulas."""
    shown = {before.strip(), mask_email(before).strip()}
    return before.strip() if cell in shown or cell.removeprefix("'") in shown else cell


def _left_over(path: Path, name: str, table: TextTable, found: Sorted) -> FileReport:
    """The account of the rows of the download itself that are not loaded."""
    notes = []
    if found.done:
        notes.append(f"{_rows_are(len(found.done))} not in quarantine any more: left out.")
    if found.same:
        notes.append(f"{_rows_are(len(found.same))} unchanged: still in quarantine.")
    error = None
    if found.strays:
        error = (
            f"{name}: {len(found.strays):,} rows name no file and line that is in quarantine, such as line"
            f" {found.strays[0].line}. Keep the columns {' and '.join(MARKS[:2])} as they were downloaded."
        )
    rest = [*table.set_aside, *found.rest]
    return FileReport(
        file=name,
        sheet=None,
        path=path,
        sha256=files.sha256(path),
        status="refused" if found.strays else "skipped",
        title="Rows out of quarantine",
        rows_read=len(rest),
        rows_not_data=len(rest),
        header=table.header,
        notes=tuple(notes),
        set_aside=tuple(rest),
        error=error,
    )


def _rows_are(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"
