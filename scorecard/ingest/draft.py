"""A table while its rows are being read: its header, its rows, and all that turned out to be no row."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scorecard.ingest.cells import clean_header, column_kinds, unique_headers
from scorecard.ingest.dialect import Record, filled
from scorecard.ingest.header_line import WINDOW
from scorecard.ingest.rows import BLANKS, RAW_LIMIT, RefusedRow, RowWriter, SetAside

_ENOUGH = 5  # rows that show what the columns hold


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
    mended: Counter[str] = field(default_factory=Counter)
    kinds: list[str] = field(default_factory=list)  # what the columns hold, known once some rows were seen
    extra_used: int = 0  # columns needed because an unnamed one at the end holds something

    def __post_init__(self) -> None:
        self.width = len(self.raw_header)
        self.named = max((at for at, cell in enumerate(self.raw_header, 1) if clean_header(cell)), default=0)
        self.extra_used = self.named
        self.starts_alike = False  # every row begins with a digit
        self.least = 0  # filled cells of the emptiest row
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
            self.least = min(self.least or len(record.cells), filled(record.cells))
            if len(self.first_rows) in (_ENOUGH, WINDOW):
                self._look()
        return None

    def _look(self) -> None:
        self.kinds = column_kinds(self.first_rows, self.width)
        self.starts_alike = all(row[0].strip(BLANKS)[:1].isdigit() for row in self.first_rows if row)

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
