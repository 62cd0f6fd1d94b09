"""Workbooks (xlsx, xls, ods): every visible sheet as records of text cells."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine

from scorecard.errors import IngestError
from scorecard.ingest.dialect import Record
from scorecard.ingest.ole import is_sound

_MOST_BYTES = 400_000_000  # unpacked; a workbook of 100,000 rows and 50 columns is about 200 MB
_MOST_CELLS = 20_000_000
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']([^\"'<>]*)[\"']")
_PLACE = re.compile(rb"([A-Za-z]{1,3})([1-9]\d{0,6})")
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
_AS_CSV = "Export it as CSV instead."


@dataclass(frozen=True)
class Sheet:
    """A sheet's name and rows, as text, and what is in the workbook beside it."""

    name: str
    rows: list[list[str]]

    def records(self) -> Iterator[Record]:
        """Every row of the sheet from the first, with its row number."""
        for line, cells in enumerate(self.rows, 1):
            yield Record(line, cells, _as_line(cells))


def read_workbook(path: Path, name: str) -> tuple[list[Sheet], list[str]]:
    """The visible sheets that hold anything, and notes about the others."""
    with path.open("rb") as file:
        is_archive = file.read(2) == b"PK"
    if is_archive:
        _check_archive(path, name)
    elif _is_encrypted(path):
        raise IngestError(f"{name} is locked with a password. Save a copy without one and load that.")
    elif not is_sound(path):
        raise IngestError(f"{name} is no workbook we can read, or is damaged. {_AS_CSV}")
    notes: list[str] = []
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            sheets = []
            for meta in book.sheets_metadata:
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if meta.visible != calamine.SheetVisibleEnum.Visible:
                    notes.append(f'Hidden sheet "{meta.name}" skipped.')
                    continue
                rows = [_row(cells) for cells in book.get_sheet_by_name(meta.name).iter_rows()]
                if any(rows):
                    sheets.append(Sheet(meta.name, rows))
    except calamine.PasswordError as error:
        raise IngestError(f"{name} is locked with a password. Save a copy without one and load that.") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise IngestError(f"{name} is no workbook we can read, or is damaged. {_AS_CSV}") from error
    if not sheets:
        raise IngestError(f"{name} has no visible sheet with anything in it. {_AS_CSV}")
    return sheets, notes


def _is_encrypted(path: Path) -> bool:
    """A locked xlsx is an OLE file with a stream of this name."""
    mark, tail = "EncryptedPackage".encode("utf-16-le"), b""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if mark in tail + piece:
                return True
            tail = piece[-len(mark) :]
    return False


def _check_archive(path: Path, name: str) -> None:
    """Refuse what is no workbook, and what would not fit in memory, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "EncryptedPackage" in names or any(member.flag_bits & 1 for member in members):
                raise IngestError(f"{name} is locked with a password. Unpack or unlock it first.")
            if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
                raise IngestError(_no_workbook(name, names))
            if sum(member.file_size for member in members) > _MOST_BYTES:
                raise IngestError(_too_large(name))
            with path.open("rb") as file:
                _check_size(file, members, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise IngestError(f"{name} is a damaged workbook or archive. Export it again.") from error


def _no_workbook(name: str, names: set[str]) -> str:
    if any(member.startswith("word/") for member in names):
        return f"{name} is a Word document, not a table of rows. Export the list as CSV or XLSX."
    if any(member.startswith("ppt/") for member in names):
        return f"{name} is a presentation, not a table of rows. Export the list as CSV or XLSX."
    if any(member.lower().endswith((".csv", ".xlsx", ".tsv", ".txt")) for member in names):
        return f"{name} is a zip archive. Unpack it and load the files inside."
    return f"{name} is a zip archive, not a workbook. Export the list as CSV or XLSX."


def _too_large(name: str) -> str:
    return f"{name} would unpack to more than {_MOST_BYTES // 1_000_000} MB. {_AS_CSV}"


def _check_size(file: io.BufferedReader, members: list[zipfile.ZipInfo], name: str) -> None:
    """Unpack without keeping: what an archive says of its own size may be a lie."""
    total = shared_size = shared_texts = uses = 0
    for member in members:
        rows = columns = 0
        is_sheet = member.filename.startswith("xl/worksheets/")
        tail = b""
        for piece in _unpacked(file, member):
            total += len(piece)
            if total > _MOST_BYTES:
                raise IngestError(_too_large(name))
            if member.filename == "xl/sharedStrings.xml":
                shared_size, shared_texts = shared_size + len(piece), shared_texts + piece.count(b"</si>")
            if is_sheet:
                uses += piece.count(b't="s"')
                text = tail + piece
                rows, columns = _reach(text, name, rows, columns)
                tail = text[-200:]
        if rows * columns > _MOST_CELLS:
            raise IngestError(f"{name} has cells so far apart that the sheet would not fit in memory. {_AS_CSV}")
    # A text that many cells share is stored once and takes memory in each of them.
    if uses * shared_size > _MOST_BYTES * max(1, shared_texts):
        raise IngestError(_too_large(name))


def _reach(text: bytes, name: str, rows: int, columns: int) -> tuple[int, int]:
    """The last row and column that the cells in this piece of a sheet name."""
    for place in set(_CELL.findall(text)):
        found = _PLACE.fullmatch(place)
        if not found:
            raise IngestError(f"{name} names a cell that no sheet has. {_AS_CSV}")
        rows, columns = max(rows, int(found[2])), max(columns, _column(found[1].upper()))
    if columns > _LAST_COLUMN or rows > _LAST_ROW:
        raise IngestError(f"{name} names a cell that no sheet has. {_AS_CSV}")
    return rows, columns


def _unpacked(file: io.BufferedReader, member: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(member.header_offset)
    header = file.read(30)
    file.seek(
        member.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    )
    left = member.compress_size
    inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(left, 1 << 16))):
        left -= len(packed)
        while packed:
            if inflate is None:
                yield packed
                break
            yield inflate.decompress(packed, 1 << 20)
            packed = inflate.unconsumed_tail


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _row(cells: list) -> list[str]:
    texts = [cell_text(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def cell_text(value: object) -> str:
    """A cell as people see it: whole numbers without .0, dates in ISO order; Excel's day numbers stay numbers."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # 15 digits are what a spreadsheet keeps and shows; the rest is an artefact of binary fractions.
        return f"{Decimal(format(value, '.15g')):f}" if value == value and abs(value) != float("inf") else ""
    return _time_text(value)


def _time_text(value: object) -> str:
    if isinstance(value, datetime):
        whole = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return whole.date().isoformat() if whole.time() == time(0) else whole.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


def _as_line(cells: list[str]) -> str:
    if not cells:
        return ""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
