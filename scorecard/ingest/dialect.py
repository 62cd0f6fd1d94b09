"""How a text file is cut into records and cells, given its delimiter, quote and escape."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from scorecard.ingest.cells import kind_of
from scorecard.ingest.rows import BLANKS

_FIELD_LIMIT = 1 << 26
_OPEN_CHARS = 2_000_000  # a quote still open after so much text was never meant to be one
_OPEN_LINES = 5_000
_LOOK_AFTER = 40  # lines after which an open quote is checked for swallowed rows
_MOST_OPEN = 500  # after so many quotes that were never closed, none is looked after any more
_MOST_PARSED = 400_000  # characters read again and again to find where one quote closes
_TRIES = 50  # after so many quotes that close nothing, only a likely closing one is tried
_LONG = "\ue0b0"  # stands for a delimiter of several characters while a row is cut
_HIDDEN = "\ue0a0"  # stands for an escaped character while a row is cut; the number after it says which


@dataclass(frozen=True)
class Dialect:
    """`quote` is None when quotes are ordinary characters; `escape` when a backslash protects a quote."""

    delimiter: str
    quote: str | None = '"'
    escape: bool = False
    skip_space: bool = False
    wrapped: bool = False  # every row, and so the header, is quoted as a whole
    framed: bool = False  # every line begins and ends with the delimiter, as in a drawn table
    cuts: tuple[int, ...] = ()  # where the columns of a file of fixed widths begin

    def describe(self) -> dict[str, str]:
        """For the record of the import."""
        escape = "backslash" if self.escape else "doubled quote" if self.quote else "none"
        delimiter = "fixed widths" if self.cuts else self.delimiter
        return {"delimiter": delimiter, "quote": self.quote or "none", "escape": escape}


@dataclass(slots=True)
class Record:
    """One record: where it starts, its cells, its text as in the file, and why it is broken if it is."""

    line: int
    cells: list[str]
    raw: str
    problem: str | None = None
    single: bool = True  # stands on one physical line
    loose: bool = False  # has bare quotes inside a quoted cell


class RecordReader:
    """Cuts physical lines into records; `width`, once known, tells a lost quote from a cell with line breaks."""

    def __init__(self, lines: Iterable[str], dialect: Dialect) -> None:
        csv.field_size_limit(_FIELD_LIMIT)
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self._line = 0
        self.dialect = dialect
        self.width: int | None = None
        self.nul_count = 0
        self.unwrapped = 0
        self.loose = 0
        self.closed = 0
        self._given_back = 0
        self._wasted = 0

    def __iter__(self) -> Iterator[Record]:
        quote, delimiter = self.dialect.quote, self.dialect.delimiter
        while True:
            line = self._next()
            if line is None:
                return
            start = self._line
            text = line.rstrip("\r\n")
            if self.dialect.framed:
                text = text.strip().removeprefix(delimiter).removesuffix(delimiter)
            if self.dialect.cuts:
                yield fixed_record(start, text, self.dialect.cuts)
            elif quote is None or (quote not in text and not (self.dialect.escape and "\\" in text)):
                yield Record(start, text.split(delimiter) if text else [], text)
            else:
                yield self._quoted(text, line, start)

    def _next(self) -> str | None:
        if self._back:
            line = self._back.popleft()
        else:
            line = next(self._lines, None)
            if line is None:
                return None
            if "\0" in line:
                self.nul_count += line.count("\0")
                line = line.replace("\0", "")
        self._line += 1
        return line

    def _quoted(self, text: str, line: str, start: int) -> Record:
        cells, state = parse(text, self.dialect)
        if state == "fine":
            return self._unwrap(Record(start, cells, text))
        if state == "loose":
            return self._loose(Record(start, cells, text, loose=True))
        taken, size, tries, parsed = [line], len(line), 0, 0
        if self._given_back > _MOST_OPEN or self._wasted > 4 * _MOST_PARSED:
            return self._give_back(text, taken, start)
        quote = self.dialect.quote or ""
        closing = re.compile(rf"{quote}\s*($|{re.escape(self.dialect.delimiter)})")
        while size < _OPEN_CHARS and len(taken) < _OPEN_LINES:
            following = self._next()
            if following is None:
                break
            taken.append(following)
            size += len(following)
            if len(taken) == _LOOK_AFTER and self._holds_rows(taken):
                break
            if quote not in following or (tries > _TRIES and not closing.search(following)):
                continue
            tries += 1
            whole = "".join(taken).rstrip("\r\n")
            cells, state = parse(whole, self.dialect)
            if state == "open":
                parsed += len(whole)
                if parsed > _MOST_PARSED and tries > _TRIES:
                    break
                continue
            if self._plausible(cells, state, taken):
                self.loose += state == "loose"
                return self._unwrap(Record(start, cells, whole, single=False))
            break
        self._wasted += parsed
        if self.width is None or self._holds_rows(taken):
            return self._give_back(text, taken, start)
        whole = "".join(taken).rstrip("\r\n")
        return Record(start, [whole], whole, "a quoted cell does not end properly", single=False)

    def _plausible(self, cells: list[str], state: str, taken: list[str]) -> bool:
        if self.width is None:
            return True
        rows = self._holds_rows(taken)
        return (len(cells) == self.width or not rows) if state == "fine" else (len(cells) == self.width and not rows)

    def _holds_rows(self, taken: list[str]) -> bool:
        """Do the lines swallowed by a quote look like rows of their own?"""
        if self.width is None or self.width < 2 or len(taken) < 2:
            return False
        inner = taken[1:_LOOK_AFTER]
        rows = 0
        for line in inner:
            cells, state = parse(line.rstrip("\r\n"), self.dialect)
            rows += state != "open" and len(cells) == self.width
        return rows * 2 >= len(inner)

    def _give_back(self, text: str, taken: list[str], start: int) -> Record:
        """The quote was never closed: only its own line is broken, the lines after it are read again."""
        self._given_back += 1
        self._back.extendleft(reversed(taken[1:]))
        self._line = start
        quote = self.dialect.quote or ""
        cells, _ = parse(text, replace(self.dialect, quote=None))
        opened = [at for at, cell in enumerate(cells) if cell.lstrip().startswith(quote)]
        if len(cells) == self.width and len(opened) == 1 and text.count(quote) == 1:
            self.closed += 1
            cells[opened[0]] = cells[opened[0]].lstrip()[1:]
            return Record(start, cells, text)
        return Record(start, cells, text, "a quote is opened and never closed")

    def _loose(self, record: Record) -> Record:
        if self.width is not None and len(record.cells) != self.width:
            record.problem = f"its quotes do not fit: {len(record.cells)} cells for {self.width} columns"
        else:
            self.loose += 1
        return record

    def _unwrap(self, record: Record) -> Record:
        if len(record.cells) == 1 and self.width is not None and self.width > 1:
            inner = unwrap(record.cells[0], self.dialect, self.width)
            if inner is not None and (self.dialect.wrapped or was_row(record, inner)):
                self.unwrapped += 1
                record.cells = inner
        return record


def parse(text: str, dialect: Dialect) -> tuple[list[str], str]:
    """Cells of one record and whether its quotes are `fine`, `loose` (text after a closing quote) or still `open`."""
    if not text:
        return [], "fine"
    if dialect.cuts:
        return fixed_record(0, text, dialect.cuts).cells, "fine"
    if dialect.quote is None:
        return text.split(dialect.delimiter), "fine"
    if len(dialect.delimiter) > 1:
        cells, state = parse(text.replace(dialect.delimiter, _LONG), replace(dialect, delimiter=_LONG))
        return [cell.replace(_LONG, dialect.delimiter) for cell in cells], state
    if dialect.skip_space:
        text = re.sub(rf'"[ \t]+(?={re.escape(dialect.delimiter)}|$)', '"', text)
    if dialect.escape and "\\" in text:
        cells, state = parse(_hide(text, dialect.delimiter), replace(dialect, escape=False))
        return [_show(cell, dialect.delimiter) for cell in cells], state
    try:
        return _csv(text, dialect), "fine"
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return [], "open"
    cells = _lenient(text, dialect)
    return (cells, "loose") if cells is not None else ([], "open")


def fixed_record(line: int, text: str, cuts: tuple[int, ...]) -> Record:
    """The cells of a line of fixed widths; a letter where two columns meet makes it a problem."""
    ends = (*cuts[1:], None)
    record = Record(line, [text[at:end] for at, end in zip(cuts, ends, strict=True)] if text.strip() else [], text)
    if any(text[at - 1 : at].strip() for at in cuts[1:]):
        record.problem = "its text does not keep to the columns"
    return record


def _hide(text: str, delimiter: str) -> str:
    # The backslash comes first: two of them protect nothing that follows.
    for number, char in enumerate(f'\\"{delimiter}'):
        text = text.replace(f"\\{char}", f"{_HIDDEN}{number}")
    return text


def _show(cell: str, delimiter: str) -> str:
    if _HIDDEN in cell:
        for number, char in enumerate(f'\\"{delimiter}'):
            cell = cell.replace(f"{_HIDDEN}{number}", char)
    return cell


def _lenient(text: str, dialect: Dialect) -> list[str] | None:
    """Cells of a row with bare quotes inside quoted cells: only a quote before a delimiter or the end closes one."""
    quote, delimiter = dialect.quote or "", dialect.delimiter
    cells: list[str] = []
    at, end = 0, len(text)
    while True:
        if not text.startswith(quote, at):
            stop = text.find(delimiter, at)
            cells.append(text[at : stop if stop >= 0 else end])
        else:
            stop = at + 1
            while True:
                stop = text.find(quote, stop)
                if stop < 0:
                    return None
                if stop + 1 == end or text.startswith(delimiter, stop + 1):
                    break
                stop += 2 if text.startswith(quote, stop + 1) and stop + 2 < end else 1
            cells.append(text[at + 1 : stop].replace(quote * 2, quote).replace(f"\\{quote}", quote))
            stop = stop + 1 if stop + 1 < end else -1
        if stop < 0:
            return cells
        at = stop + len(delimiter)


def _csv(text: str, dialect: Dialect) -> list[str]:
    reader = csv.reader(
        _physical(text) if "\n" in text or "\r" in text else (text,),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        skipinitialspace=dialect.skip_space,
        strict=True,
    )
    rows = list(reader)
    return rows[0] if len(rows) == 1 else [cell for row in rows for cell in row]


def _physical(text: str) -> list[str]:
    """Lines split at CR, LF and CRLF only; str.splitlines also splits at other characters."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def unwrap(cell: str, dialect: Dialect, width: int | None = None) -> list[str] | None:
    """The cells of a row that was quoted as a whole; None when it was not, or has not `width` cells."""
    if dialect.delimiter not in cell:
        return None
    cells, state = parse(cell, dialect)
    if state != "fine" or len(cells) < 2:
        return None
    while width and len(cells) > width and not cells[-1].strip(BLANKS):
        cells.pop()
    return cells if width is None or len(cells) == width else None


def was_row(record: Record, inner: list[str]) -> bool:
    """A row has quotes or values inside; a title such as "July 8, 2025" has neither."""
    return '"' in record.cells[0] or any(kind_of(cell) in ("number", "date", "email", "code") for cell in inner)


def filled(cells: Sequence[str]) -> int:
    """How many cells hold something."""
    return sum(1 for cell in cells if cell.strip(BLANKS))
