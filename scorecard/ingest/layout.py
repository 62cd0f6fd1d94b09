"""Where the tables are in a stream of records: titles, header, rows, totals, footers, and further tables."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from scorecard.errors import IngestError
from scorecard.ingest.cells import (
    TOTAL_BEGINS,
    clean_header,
    column_kinds,
    is_footer,
    kind_of,
    looks_like_header,
    shape,
    total_rank,
)
from scorecard.ingest.dialect import Dialect, Record, filled
from scorecard.ingest.dialect_choice import RULE
from scorecard.ingest.draft import Peekable, TableDraft
from scorecard.ingest.header_line import HeaderFound, header_at, is_comment
from scorecard.ingest.repair import JOINED, joined, recut, shifted
from scorecard.ingest.rows import BLANKS, RowWriter

_MOST_ASIDE = 1_000_000
MOST_COLUMNS = 4_000  # a table as wide as that is no list of records
_MOST_TABLES = 50
_LINES_AHEAD = 5
_SHORT_BLOCK = 8


_ODD_STARTS = frozenset("'-=_+:")
_RULE_STARTS = ("--", "==", "__", "+-", ":-", "-+")


class Layout:
    """Reads a stream of records into one table after the other."""

    def __init__(
        self,
        work: Path,
        stem: str,
        name: str,
        on_header: Callable[[int], None],
        dialect: Dialect | None = None,
    ) -> None:
        self._dialect = dialect
        self._work = work
        self._name = name
        self._stem = stem
        self._on_header = on_header
        self.tables: list[TableDraft] = []
        self._pending: list[Record] = []

    def read(self, records: Iterable[Record], header: HeaderFound, kinds: list[str] | None = None) -> list[TableDraft]:
        """Every record ends up in exactly one of the tables' rows, refused or set aside.

        `kinds` is what the columns hold, as far as a sample has shown it.
        """
        stream = Peekable(records)
        above = [stream.take() for _ in range(header.index)]
        table = self._open(stream, header.cells, header.records, above)
        table.kinds = kinds or []
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
        if len(self.tables) == _MOST_TABLES:
            raise IngestError(f"{self._name} holds more than {_MOST_TABLES} tables. Export one list at a time.")
        if len(cells) > MOST_COLUMNS:
            raise IngestError(
                f"{self._name} has more than {MOST_COLUMNS:,} columns. Export the list with fewer columns."
            )
        line = 0
        for number in range(records):
            taken = stream.take()
            line = line if number else taken.line
        path = self._work / f"{self._stem}_{len(self.tables) + 1}.parquet"
        table = TableDraft(cells, line, RowWriter(path, len(cells)), second_header=records > 1)
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
        record = self._mend(record, table, stream)
        if record.problem:
            table.refuse(record, record.problem)
            return table
        cells = record.cells
        count = filled(cells)
        if count and RULE.fullmatch(record.raw.strip(BLANKS)) and all(_ruled(cell) for cell in cells):
            table.put_aside(record, "blank")
        elif count == 0 or (count == 1 and cells[0].strip(BLANKS) and self._stands_alone(cells, table)):
            self._pending.append(record)
        elif _repeats(cells, table):
            table.repeated += 1
            table.put_aside(record, "title")
        elif total_of(cells):
            if table.rows == 0 and not self._pending:
                table.put_aside(record, "total")
            else:
                self._pending.append(record)
        elif found := self._new_header(record, stream, table):
            return self._next_table(record, found, table, stream)
        elif any(map(_ends_rows, self._pending)) and (_sparse(cells, table) or is_footer(record.raw)):
            self._pending.append(record)
        else:
            self._flush(table, following=True)
            if len(cells) < table.width and shifted(cells, table.width, table.kinds):
                table.refuse(record, f"{len(cells)} cells for {table.width} columns, and they do not fit these")
            else:
                table.add(record)
        return table

    def _stands_alone(self, cells: list[str], table: TableDraft) -> bool:
        """One filled cell that is a line of its own, for what it says or because it follows a blank line."""
        if table.width < 2:
            return False
        if len(cells) == 1 or is_footer(cells[0]) or is_comment(cells[0]) or total_of(cells) > 0:
            return True
        return any(not filled(each.cells) for each in self._pending)

    def _mend(self, record: Record, table: TableDraft, stream: Peekable) -> Record:
        """The record as it was meant, when it was written unlike the rest of the table."""
        if self._dialect is None or self._dialect.cuts or table.width < 2 or not record.cells:
            return record
        again = recut(record, self._dialect, table.width, table.kinds)
        if again:
            table.mended[again[1]] += 1
            return Record(record.line, again[0], record.raw)
        if not record.problem and 1 < len(record.cells) < table.width and table.kinds:
            whole = joined(record, stream.peek(_LINES_AHEAD), table.width, table.kinds)
            if whole:
                for _ in range(whole[1]):
                    stream.take()
                table.mended[JOINED] += 1
                return whole[0]
        return record

    def _new_header(self, record: Record, stream: Peekable, table: TableDraft) -> HeaderFound | None:
        """Does another table begin with this record?"""
        names = record.cells
        while names and not names[-1].strip(BLANKS):
            names = names[:-1]
        if filled(names) < max(2, len(names) - 1) or is_footer(record.raw) or is_comment(record.raw):
            return None
        if self._pending and is_footer(self._pending[-1].raw):
            return None
        if any(kind_of(cell) != "text" for cell in names if cell):
            return None
        below: list[Record] = []
        for following in stream.peek(_SHORT_BLOCK):
            if not filled(following.cells):
                break
            below.append(following)
        width = len(record.cells)
        alike = sum(len(each.cells) == width for each in below)
        values = any(kind not in ("text", "blank") for kind in column_kinds([each.cells for each in below], width))
        apart = bool(self._pending) and not all(filled(pending.cells) > 1 for pending in self._pending)
        announced = apart and _announced(names, self._pending, table)
        if not below or alike * 2 < len(below) or (alike < 3 and not values and not announced):
            return None
        if not apart and not (values and alike == len(below) and alike > 1):
            return None
        if width == table.width and not announced and not _other_columns(record.cells, below, table):
            return None
        found = header_at([record, *below], 0)
        return found if found and (width != table.width or found.records == 1) else None

    def _next_table(self, record: Record, found: HeaderFound, table: TableDraft, stream: Peekable) -> TableDraft:
        """Close this table; lone lines right above the new header are its titles."""
        pending, self._pending = self._pending, []
        last_blank = max((at for at, each in enumerate(pending) if not filled(each.cells)), default=-1)
        cut = next((at for at in range(len(pending) - 1, -1, -1) if total_of(pending[at].cells)), -1) + 1
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
            rank = total_of(record.cells)
            if not filled(record.cells):
                table.put_aside(record, "blank")
            elif rank == 2:
                table.put_aside(record, "total")
            elif rank == 0 and (is_comment(record.raw) or (len(record.cells) == 1 and is_footer(record.raw))):
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
            elif total_of(record.cells):
                table.put_aside(record, "total")
            elif not after_blank and not is_footer(record.raw) and _like_first_column(record, table):
                table.add(record)
            else:
                after_blank = True
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
    char = first[0]
    if char in _ODD_STARTS and (char == "'" or first[:2] in _RULE_STARTS):
        return False
    if char in TOTAL_BEGINS and total_rank(cells):
        return False
    if table.starts_alike and char.isalpha():
        return False
    if first.casefold() == table.folded[0] and _repeats(cells, table):
        return False
    return table.width == 1 or bool(cells[1].strip(BLANKS)) or any(cell.strip(BLANKS) for cell in cells[2:])


def _repeats(cells: list[str], table: TableDraft) -> bool:
    return [clean_header(cell).casefold() for cell in cells] == table.folded


def total_of(cells: Sequence[str]) -> int:
    """The rank of a total row; the word may stand in a later cell, behind blank ones, before nothing but numbers."""
    first = next((at for at, cell in enumerate(cells) if cell.strip(BLANKS)), None)
    if first is None:
        return 0
    if first and any(kind_of(cell) not in ("number", "blank", "clock") for cell in cells[first + 1 :]):
        return 0
    return total_rank(cells[first:]) if not first or filled(cells[first:]) > 1 else 0


def _ruled(cell: str) -> bool:
    return not cell.strip(BLANKS) or bool(RULE.fullmatch(cell.strip(BLANKS)))


def _sparse(cells: list[str], table: TableDraft) -> bool:
    """Emptier than every row seen, and mostly empty: a note in two cells, not a row."""
    few = (len(table.first_rows) > 1 and filled(cells) < table.least) or cells[0].strip(BLANKS).endswith(":")
    return few and filled(cells) * 2 <= table.width + 1


def _ends_rows(record: Record) -> bool:
    return not filled(record.cells) or is_footer(record.raw)


def _announced(names: Sequence[str], pending: Sequence[Record], table: TableDraft) -> bool:
    """A lone title after a blank line, and names that are not this table's: more of them, or the first one again."""
    titled = filled(pending[-1].cells) == 1 and any(not filled(each.cells) for each in pending)
    again = clean_header(names[0]).casefold() == table.folded[0]
    return titled and (len(names) > table.named + 1 or again)


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
