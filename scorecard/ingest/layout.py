"""Where the tables are in a stream of records: titles, header, rows, totals, footers, and further tables."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scorecard.errors import IngestError
from scorecard.ingest.cells import (
    clean_header,
    column_kinds,
    is_footer,
    kind_of,
    looks_like_header,
    shape,
    total_rank,
    unique_headers,
)
from scorecard.ingest.dialect import Record, filled
from scorecard.ingest.header_line import WINDOW, HeaderFound, header_at
from scorecard.ingest.rows import BLANKS, RAW_LIMIT, RefusedRow, RowWriter, SetAside

_MOST_ASIDE = 1_000_000


class Peekable:
    """Records one after the other, with a look at those to come."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = iter(records)
        self._ahead: deque[Record] = deque()

    def __iter__(self) -> Iterator[Record]:
        while True:
            if self._ahead:
                yield self._ahead.popleft()
                continue
            record = next(self._records, None)
            if record is None:
                return
            yield record

    def peek(self, count: int) -> list[Record]:
        """Up to `count` records to come."""
        while len(self._ahead) < count:
            record = next(self._records, None)
            if record is None:
                break
            self._ahead.append(record)
        return [self._ahead[position] for position in range(min(count, len(self._ahead)))]

    def put_back(self, record: Record) -> None:
        """Let `record` come again."""
        self._ahead.appendleft(record)

    def take(self) -> Record:
        """The next record; there must be one."""
        self.peek(1)
        return self._ahead.popleft()


@dataclass
class TableDraft:
    """A table while its rows are being read."""

    raw_header: list[str]
    header_line: int
    writer: RowWriter
    second_header: bool = False
    refused: list[RefusedRow] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    total_rows: list[list[str]] = field(default_factory=list)
    first_rows: list[list[str]] = field(default_factory=list)
    rows: int = 0
    short: int = 0
    trimmed: int = 0
    repeated: int = 0
    kept_totals: list[int] = field(default_factory=list)
    extra_used: int = 0  # columns needed because an unnamed one at the end holds something

    def __post_init__(self) -> None:
        self.width = len(self.raw_header)
        self.named = max((at for at, cell in enumerate(self.raw_header, 1) if clean_header(cell)), default=0)
        self.extra_used = self.named
        self.folded = [clean_header(cell).casefold() for cell in self.raw_header]

    @property
    def header(self) -> tuple[str, ...]:
        return unique_headers(self.raw_header[: self.extra_used])

    def add(self, record: Record) -> None:
        """Keep a record as a row, padded or freed of empty cells at its end, or refuse it."""
        cells: Sequence[str | None] = record.cells
        if record.problem:
            return self.refuse(record, record.problem)
        if len(cells) < self.width:
            if len(cells) < self.named:
                self.short += 1
            cells = [*cells, *([None] * (self.width - len(cells)))]
        elif len(cells) > self.width:
            if filled(record.cells[self.width :]):
                return self.refuse(record, f"{len(cells)} cells, but the header has {self.width} columns")
            self.trimmed += 1
            cells = cells[: self.width]
        if self.extra_used < self.width:
            for position in range(self.width, self.extra_used, -1):
                if (cells[position - 1] or "").strip(BLANKS):
                    self.extra_used = position
                    break
        self.rows += 1
        self.writer.add(record.line, cells)
        if len(self.first_rows) < WINDOW:
            self.first_rows.append(record.cells)
        return None

    def refuse(self, record: Record, reason: str) -> None:
        """Account for a record that cannot be a row."""
        self.refused.append(RefusedRow(record.line, reason, record.raw[:RAW_LIMIT]))

    def put_aside(self, record: Record, what: str) -> None:
        """Account for a record that is no data."""
        self.set_aside.append(SetAside(record.line, what, record.raw[:RAW_LIMIT]))
        if what == "total":
            self.total_rows.append(record.cells)
        if what in ("footer", "total"):
            self.footers.append(record.raw[:RAW_LIMIT])


class Layout:
    """Reads a stream of records into one table after the other."""

    def __init__(self, work: Path, stem: str, name: str, on_header: Callable[[int], None]) -> None:
        self._work = work
        self._name = name
        self._stem = stem
        self._on_header = on_header
        self.tables: list[TableDraft] = []
        self._pending: list[Record] = []

    def read(self, records: Iterable[Record], header: HeaderFound) -> list[TableDraft]:
        """Every record ends up in exactly one of the tables' rows, refused or set aside."""
        stream = Peekable(records)
        above = [stream.take() for _ in range(header.index)]
        table = self._open(stream, header.cells, header.records, above)
        for record in stream:
            cells = record.cells
            if not self._pending and len(cells) == table.width and not record.problem and _plain(cells, table):
                table.add(record)
            else:
                table = self._special(record, table, stream)
            if len(table.set_aside) > _MOST_ASIDE:
                raise IngestError(f"{self._name}: more than a million lines hold no data. Export the list again.")
        self._end(table)
        for each in self.tables:
            each.writer.close()
        return self.tables

    def _open(self, stream: Peekable, cells: list[str], records: int, above: list[Record]) -> TableDraft:
        line = stream.take().line
        if records == 2:
            stream.take()
        path = self._work / f"{self._stem}_{len(self.tables) + 1}.parquet"
        table = TableDraft(cells, line, RowWriter(path, len(cells)), second_header=records == 2)
        for record in above:
            blank = not filled(record.cells)
            table.put_aside(record, "blank" if blank else "title")
            if not blank:
                table.titles.append(title_of(record.cells))
        self.tables.append(table)
        self._on_header(table.width)
        return table

    def _special(self, record: Record, table: TableDraft, stream: Peekable) -> TableDraft:
        """A record that is not plainly a row, or comes after one that was not."""
        if record.problem:
            table.refuse(record, record.problem)
            return table
        cells = record.cells
        count = filled(cells)
        if count == 0 or (count == 1 and cells[0].strip(BLANKS) and _stands_alone(cells, table)):
            self._pending.append(record)
        elif _repeats(cells, table):
            table.repeated += 1
            table.put_aside(record, "title")
        elif total_rank(cells):
            if table.rows == 0 and not self._pending:
                table.put_aside(record, "total")
            else:
                self._pending.append(record)
        elif self._pending and (found := self._new_header(record, stream, table)):
            return self._next_table(record, found, table, stream)
        else:
            self._flush(table, following=True)
            table.add(record)
        return table

    def _new_header(self, record: Record, stream: Peekable, table: TableDraft) -> HeaderFound | None:
        """Does another table begin with this record?"""
        if all(filled(pending.cells) > 1 for pending in self._pending):
            return None
        below: list[Record] = []
        for following in stream.peek(8):
            if not filled(following.cells):
                break
            below.append(following)
        width = len(record.cells)
        if (
            not below
            or filled(record.cells) < max(2, width - 1)
            or any(kind_of(c) != "text" for c in record.cells if c)
        ):
            return None
        alike = sum(len(each.cells) == width for each in below)
        values = any(kind not in ("text", "blank") for kind in column_kinds([each.cells for each in below], width))
        if alike * 2 < len(below) or (alike < 3 and not values):
            return None
        if width == table.width and not _other_columns(record.cells, below, table):
            return None
        found = header_at([record, *below], 0)
        return found if found and (width != table.width or found.records == 1) else None

    def _next_table(self, record: Record, found: HeaderFound, table: TableDraft, stream: Peekable) -> TableDraft:
        """Close this table; lone lines right above the new header are its titles."""
        pending, self._pending = self._pending, []
        last_blank = max((at for at, each in enumerate(pending) if not filled(each.cells)), default=-1)
        cut = next((at for at in range(len(pending) - 1, -1, -1) if total_rank(pending[at].cells or [""])), -1) + 1
        first_blank = next((at for at, each in enumerate(pending) if not filled(each.cells)), 0)
        cut = max(cut, first_blank if last_blank >= 0 else 0)
        titles_from = next((at for at in range(cut, len(pending)) if filled(pending[at].cells)), len(pending))
        while titles_from < len(pending) and is_footer(pending[titles_from].raw):
            titles_from += 1
        self._pending = pending[:titles_from]
        self._end(table)
        stream.put_back(record)
        return self._open(stream, found.cells, found.records, pending[titles_from:])

    def _flush(self, table: TableDraft, following: bool) -> None:
        """Settle what was waiting, now that a row follows it."""
        pending, self._pending = self._pending, []
        for record in pending:
            rank = total_rank(record.cells) if record.cells else 0
            if not filled(record.cells):
                table.put_aside(record, "blank")
            elif rank == 2:
                table.put_aside(record, "total")
            elif rank == 0 and len(record.cells) == 1 and is_footer(record.raw):
                table.put_aside(record, "footer")
            else:
                if rank and following:
                    table.kept_totals.append(record.line)
                table.add(record)

    def _end(self, table: TableDraft) -> None:
        """Settle what was waiting when the table is over: totals, footers, blanks."""
        pending, self._pending = self._pending, []
        after_blank = False
        for record in pending:
            if not filled(record.cells):
                after_blank = True
                table.put_aside(record, "blank")
            elif total_rank(record.cells):
                table.put_aside(record, "total")
            elif not after_blank and not is_footer(record.raw) and _like_first_column(record, table):
                table.add(record)
            else:
                table.put_aside(record, "footer")


def title_of(cells: Sequence[str]) -> str:
    """A line above the header as one text."""
    words = [cell.strip(BLANKS) for cell in cells if cell.strip(BLANKS)]
    return (" " if words[0].endswith(":") else ", ").join(words)


def _plain(cells: list[str], table: TableDraft) -> bool:
    """A row without doubt: its first cell is filled and is neither the header's nor the word total."""
    first = cells[0].strip(BLANKS)
    if not first:
        return False
    if first[0] in "tTgGsSиИ" and total_rank(cells):
        return False
    if first.casefold() == table.folded[0] and _repeats(cells, table):
        return False
    return table.width == 1 or any(cell.strip(BLANKS) for cell in cells[1:])


def _repeats(cells: list[str], table: TableDraft) -> bool:
    return [clean_header(cell).casefold() for cell in cells] == table.folded


def _stands_alone(cells: list[str], table: TableDraft) -> bool:
    return table.width > 1 and (len(cells) == 1 or is_footer(cells[0]) or total_rank(cells) > 0)


def _like_first_column(record: Record, table: TableDraft) -> bool:
    """A last row cut short looks like the ids above it; a closing sentence does not."""
    firsts = [row[0] for row in table.first_rows if row]
    pattern = shape(record.cells[0])
    return "9" in pattern and sum(shape(first) == pattern for first in firsts) * 2 > len(firsts)


def _other_columns(cells: list[str], below: list[Record], table: TableDraft) -> bool:
    """Words where this table has values: the line is no row of it."""
    kinds = column_kinds(table.first_rows, table.width)
    against = sum(1 for kind in kinds if kind not in ("text", "blank", "period"))
    return against > 0 and looks_like_header(cells, [record.cells for record in below])
