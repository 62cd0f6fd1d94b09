"""Reading: one uploaded file in, its tables of text out, or one clear sentence why not."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from scorecard import faults
from scorecard.errors import IngestError
from scorecard.ingest.account import count_of, finish, header_notes
from scorecard.ingest.cells import clean_header, column_kinds, unique_headers
from scorecard.ingest.decode import Encoding, choose_encoding, open_text
from scorecard.ingest.dialect import Dialect, Record, RecordReader, filled
from scorecard.ingest.dialect_choice import DELIMITERS, choose_dialect, sample_records
from scorecard.ingest.facts import facts_of
from scorecard.ingest.fast import FAST_FROM, read_fast
from scorecard.ingest.filetype import file_type
from scorecard.ingest.header_line import WINDOW, HeaderFound, find_header, is_comment
from scorecard.ingest.layout import MOST_COLUMNS, Layout, title_of
from scorecard.ingest.one_column import WHOLE_LINE, is_one_column, list_header
from scorecard.ingest.parquet import read_parquet
from scorecard.ingest.rows import RefusedRow, RowSource, SetAside, TextTable
from scorecard.ingest.workbook import Sheet, read_workbook

__all__ = ["RefusedRow", "RowSource", "SetAside", "TextTable", "read_file"]

_SAMPLE_LINES = 400
_SAMPLE_CHARS = 1 << 18
_LINE_CHARS = 8_000_000  # a longer physical line is no line of a table
_GZIP_RATIO = 100
_GZIP_LEAST = 64_000_000
_SEP_LINE = re.compile(r"\W?sep=([^\w\"'\r\n\0])[\s\"]*$", re.IGNORECASE)
_DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_POOR = 0.35  # rows that agree less on their width are prose, not rows


@faults.said(only=faults.FULL)
def read_file(
    path: Path, work: Path, *, name: str | None = None, answers: Mapping[str, str] | None = None, numbered: bool = False
) -> list[TextTable]:
    """Every table of the file, the largest first; IngestError with a next step when there is none.

    Answers `<file>.encoding`, `<file>.delimiter` and `<file>.header_line` overrule what was found. A file without
    column names is refused unless its header_line is answered with `none` or `numbered` is set.
    """
    shown = display_name(name or path.name)
    given = {key.rpartition(".")[2]: value for key, value in (answers or {}).items() if key.startswith(f"{shown}.")}
    if given.get("header_line", "").strip().lower() == "none":
        numbered = True
        del given["header_line"]
    if numbered:
        given["numbered"] = "yes"
    work.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as file:
        head = file.read(1 << 16)
    kind = file_type(head, path.stat().st_size, shown)
    if kind == "gzip":
        path = _unpack(path, work, shown)
        with path.open("rb") as file:
            head = file.read(1 << 16)
        kind = file_type(head, path.stat().st_size, shown)
    if kind == "gzip":
        raise IngestError(f"{shown} is compressed twice. Unpack it and load the file inside.")
    if kind == "workbook":
        return _from_workbook(path, work, shown, given)
    if kind == "parquet":
        return [read_parquet(path, _free(work, "parquet"), shown)]
    return _from_text(path, work, shown, given)


def display_name(name: str) -> str:
    """A file name to show: no control characters, not endless, no folders but the one that tells files of one name
    apart ("week-1/views.csv"). Never used as a path."""
    parts = re.split(r"[\\/]", name)
    told_apart = "/" in name and len(parts) == 2 and parts[0].strip(" .")
    shown = name if told_apart else parts[-1]
    clean = "".join(char for char in shown if char.isprintable()).strip()
    return clean[:150] or "file"


def _free(work: Path, stem: str) -> Path:
    number = 1
    while (target := work / f"{stem}_{number}.parquet").exists():
        number += 1
    return target


def _unpack(path: Path, work: Path, name: str) -> Path:
    """The file inside a gzip, as long as it is not absurdly larger."""
    limit = max(_GZIP_LEAST, path.stat().st_size * _GZIP_RATIO)
    target = _free(work, "unpacked").with_suffix(".raw")
    written = 0
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as plain:
            while chunk := packed.read(1 << 20):
                written += len(chunk)
                if written > limit:
                    raise IngestError(f"{name} unpacks to more than {limit // 1_000_000} MB. Unpack it yourself first.")
                plain.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        if faults.sentence(error) == faults.FULL:
            raise
        raise IngestError(f"{name} is a damaged gzip file. Export it again.") from error
    return target


def _from_workbook(path: Path, work: Path, name: str, given: Mapping[str, str]) -> list[TextTable]:
    sheets, notes = read_workbook(path, name)
    tables: list[TextTable] = []
    several = len(sheets) > 1
    for sheet in sheets:
        found = _sheet_tables(sheet, work, name, given, several)
        if not found:
            notes.append(f'Sheet "{sheet.name}" holds no table and was left out.')
        tables.extend(found)
    if not tables:
        raise IngestError(f"{name} has no sheet with a header line and rows below it. Export the list as CSV or XLSX.")
    first = tables[0]
    return [replace(first, notes=(*notes, *first.notes)), *tables[1:]]


def _sheet_tables(sheet: Sheet, work: Path, name: str, given: Mapping[str, str], several: bool) -> list[TextTable]:
    head = list(islice(sheet.records(), WINDOW))
    while head and not any(filled(record.cells) for record in head) and len(head) < len(sheet.rows):
        head = list(islice(sheet.records(), len(head) + WINDOW))
    try:
        header = _header(head, name, given)
    except IngestError:
        if several:
            return []
        raise
    layout = Layout(work, _free(work, "sheet").stem, name, lambda width: None)
    drafts = layout.read(_padded(sheet.records(), len(header.cells)), header)
    notes = list(header.notes)
    if not any(draft.rows for draft in drafts) and several:
        return []
    return finish(drafts, name, sheet.name, {"format": "workbook"}, notes)


def _padded(records: Iterable[Record], width: int) -> Iterator[Record]:
    """A sheet has no short rows: what is not there is blank."""
    for record in records:
        if record.cells and len(record.cells) < width and filled(record.cells) > 1:
            record.cells.extend([""] * (width - len(record.cells)))
        yield record


def _from_text(path: Path, work: Path, name: str, given: Mapping[str, str]) -> list[TextTable]:
    encoding = choose_encoding(path, name, given.get("encoding"))
    sample = _sample(path, encoding, name)
    separator = _SEP_LINE.match(sample[0])
    skipped = 1 if separator else 0
    wanted = _DELIMITER_NAMES.get(given.get("delimiter", ""), given.get("delimiter")) or (separator and separator[1])
    chosen = choose_dialect(_below_comments(sample[skipped:]), wanted or None)
    if chosen is None or chosen[1] < _POOR:
        return _one_column(path, work, name, encoding, sample, given)
    dialect = chosen[0]
    records = sample_records(sample[skipped:], dialect)
    if not wanted and is_one_column(records, dialect):
        return _one_column(path, work, name, encoding, sample, given)
    for record in records:
        record.line += skipped
    header = _header(records, name, given)
    format_ = {"encoding": encoding.name, "bom": "yes" if encoding.bom else "no", **dialect.describe()}
    notes = [encoding.note] if encoding.note else []
    quick = _quick_table(path, work, name, encoding, dialect, records, header)
    if quick:
        return [replace(quick, notes=(*notes, *header.notes, *quick.notes), dialect=format_)]
    notes.extend(header.notes)
    if header.records and records[header.index].single and records[header.index].raw.count('"') % 2 and dialect.quote:
        notes.append("The header line has a quote that is never closed; the quote was left out.")
    header = replace(header, index=header.index + skipped)
    rows = [record.cells for record in records[header.index - skipped :] if len(record.cells) == len(header.cells)]
    kinds = column_kinds(rows[header.records :], len(header.cells))
    return _careful(path, work, name, encoding, dialect, header, format_, notes, kinds)


def _below_comments(sample: list[str]) -> list[str]:
    """The lines that can tell the dialect: not the comments at the top, as long as something follows them."""
    first = next((at for at, line in enumerate(sample) if line.strip() and not is_comment(line)), 0)
    return sample[first:] if len(sample) - first > 1 else sample


def _careful(
    path: Path,
    work: Path,
    name: str,
    encoding: Encoding,
    dialect: Dialect,
    header: HeaderFound,
    format_: Mapping[str, str],
    notes: list[str],
    kinds: list[str] | None = None,
) -> list[TextTable]:
    with open_text(path, encoding) as text:
        reader = RecordReader(_lines(text, name), dialect)
        layout = Layout(work, _free(work, "text").stem, name, lambda width: setattr(reader, "width", width), dialect)
        drafts = layout.read(reader, header, kinds)
    if reader.unwrapped:
        notes.append(f"{count_of(reader.unwrapped, 'row')} quoted as a whole taken apart.")
    if reader.loose:
        notes.append(f"{count_of(reader.loose, 'row')} with bare quotes inside a quoted cell; the quotes were kept.")
    if reader.closed:
        notes.append(f"{count_of(reader.closed, 'row')} with a quote that is never closed; the quote was left out.")
    if reader.nul_count:
        notes.append(f"{count_of(reader.nul_count, 'zero byte')} removed.")
    return finish(drafts, name, None, format_, notes)


def _quick_table(
    path: Path,
    work: Path,
    name: str,
    encoding: Encoding,
    dialect: Dialect,
    records: list[Record],
    header: HeaderFound,
) -> TextTable | None:
    """The table of a large clean file by the quick way; None when the file is small or not clean."""
    if path.stat().st_size < FAST_FROM or not encoding.is_clean_utf8 or header.records != 1:
        return None
    upto = records[: header.index + 1]
    if any(record.problem or not record.single for record in upto):
        return None
    line = upto[-1].line
    named = sum(1 for cell in header.cells if clean_header(cell))
    source = read_fast(path, _free(work, "text"), dialect, header.cells, line, named)
    if source is None:
        return None
    aside = tuple(SetAside(each.line, "title" if filled(each.cells) else "blank", each.raw) for each in upto[:-1])
    titles = [title_of(each.cells) for each in upto[:-1] if filled(each.cells)]
    columns = unique_headers(header.cells)
    facts = facts_of(titles, columns, name)
    return TextTable(
        name, None, columns, line, source[0], source[1], set_aside=aside, notes=header_notes(header.cells), facts=facts
    )


def _sample(path: Path, encoding: Encoding, name: str) -> list[str]:
    with open_text(path, encoding) as text:
        sample, size = [], 0
        for line in _lines(text, name):
            sample.append(line.replace("\0", ""))
            size += len(line)
            if len(sample) >= _SAMPLE_LINES or size >= _SAMPLE_CHARS:
                break
    if any(_parts(line) > MOST_COLUMNS for line in sample):
        raise IngestError(f"{name} has more than {MOST_COLUMNS:,} columns. Export the list with fewer columns.")
    if not any(line.strip() for line in sample):
        raise IngestError(f"{name} holds nothing but blank lines. Export it again and check that the list has rows.")
    return sample


def _parts(line: str) -> int:
    """How many cells the line would have at most, quotes aside."""
    if max(map(line.count, DELIMITERS)) < MOST_COLUMNS:
        return 1
    bare = re.sub(r'"[^"]*"', "", line)
    return 1 + max(map(bare.count, DELIMITERS))


def _lines(text: TextIO, name: str) -> Iterator[str]:
    """Physical lines, ended by LF, CRLF or CR, without the mark at the start of the file."""
    line = text.readline(_LINE_CHARS).removeprefix("\ufeff")
    while line:
        if len(line) >= _LINE_CHARS:
            raise IngestError(
                f"{name} has a line of more than {_LINE_CHARS:,} characters. Export the list again as CSV."
            )
        yield line
        line = text.readline(_LINE_CHARS)


def _header(records: Sequence[Record], name: str, given: Mapping[str, str]) -> HeaderFound:
    """The header of the first table, or the one somebody pointed at."""
    wanted = given.get("header_line")
    if wanted:
        for index, record in enumerate(records):
            if str(record.line) == wanted.strip():
                return HeaderFound(index, record.cells)
        raise IngestError(f"{name} has no record that begins in line {wanted}. Name the line of the headers.")
    found = find_header(records)
    if found is None or (found.records == 0 and "numbered" not in given):
        raise IngestError(
            f"{name} has no header line that we can see: the first full line already holds values. "
            f"Export it again with column names in the first line, or answer {name}.header_line=none "
            "to number the columns."
        )
    return found


def _one_column(
    path: Path, work: Path, name: str, encoding: Encoding, sample: list[str], given: Mapping[str, str]
) -> list[TextTable]:
    """A list of one column is a table; lines of prose are none."""
    found = list_header(sample_records(sample, WHOLE_LINE))
    if found is None or (found.records == 0 and "numbered" not in given):
        raise IngestError(
            f"{name} is not a table we can read: only one column was found, or its lines do not agree on the columns. "
            "Export it again as CSV with commas."
        )
    format_ = {"encoding": encoding.name}
    notes = [encoding.note] if encoding.note else []
    return _careful(path, work, name, encoding, WHOLE_LINE, found, format_, [*notes, *found.notes])
