"""Which line of a file holds the names of its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scorecard.ingest.cells import STRONG, column_kinds, kind_of, looks_like_header
from scorecard.ingest.dialect import Record, filled
from scorecard.ingest.header_rows import below_groups, merged_rows
from scorecard.ingest.rows import BLANKS

WINDOW = 60  # records looked at to find a header
_LATEST_HEADER = 200
_LABELLED = re.compile(r"[^:]{2,40}:\s+\S")
_COMMENT = re.compile(r"\s*(?:#|%|//)")
_OTHER_DELIMITERS = ",;\t|"
NUMBERED = "No header line was found: the columns are numbered."


@dataclass(frozen=True)
class HeaderFound:
    """The header: its place in the records looked at, its cells, how many records it takes, and what is odd about it.

    With `records` 0 the file has no header and `index` is its first row.
    """

    index: int
    cells: list[str]
    records: int = 1
    notes: tuple[str, ...] = ()


def is_comment(text: str) -> bool:
    """A line that begins like the comments of programs and instruments."""
    return bool(_COMMENT.match(text))


def find_header(records: Sequence[Record]) -> HeaderFound | None:
    """The first full line made of names; without names (`records` 0) when the first full line holds values."""
    width, first = _first_full(records)
    if first is None:
        return None
    found = header_at(records, first, width)
    grouped = below_groups(records[first - 1].cells, found.cells) if found and first else None
    if found and grouped:
        return replace(found, index=first - 1, cells=grouped, records=found.records + 1)
    return (
        _later_header(records, first, found, width)
        or found
        or _cut_otherwise(records, first, width)
        or _behind_hash(records, first, width)
        or HeaderFound(first, [f"column_{at}" for at in range(1, width + 1)], 0, (NUMBERED,))
    )


def _first_full(records: Sequence[Record]) -> tuple[int, int | None]:
    """The usual width, and the place of the first record that fills it well enough to be a header or a row."""
    counts = [filled(record.cells) for record in records]
    plain = [not is_comment(record.raw) for record in records]
    if not any(count > 1 and own for count, own in zip(counts, plain, strict=True)):
        plain = [True] * len(records)
    widths = [len(each.cells) for each, count, own in zip(records, counts, plain, strict=True) if count > 1 and own]
    if not widths:
        return 0, None
    width = max(set(widths), key=lambda width: (widths.count(width) * width, width))
    usual = sorted(count for record, count in zip(records, counts, strict=True) if len(record.cells) == width)
    typical = usual[len(usual) // 2]
    need = min(max(2, -(-typical // 2), 3 if typical > 3 else 2), width)
    for index, record in enumerate(records[:_LATEST_HEADER]):
        early = counts[index] < need and _small_table(records, index)
        if plain[index] and (early or not (counts[index] < need or _is_pair(record, width))):
            return width, index
    return width, None


def header_at(records: Sequence[Record], index: int, width: int | None = None) -> HeaderFound | None:
    """The header that begins at `index`; up to three records high when those below it name parts or units."""
    cells, notes = records[index].cells, ()
    below = [record.cells for record in records[index + 1 :] if filled(record.cells) > 1][:WINDOW]
    if width and width == len(cells) + 1 and _lacks_first(below, width):
        cells = ["", *cells]
        notes = ("The header has one name less than the rows have cells: their first column is unnamed.",)
    named = [cell for cell in cells if cell.strip(BLANKS)]
    whole = [row for row in below if len(row) == len(named) and filled(row) > 1]
    if cells[-1].strip(BLANKS) and 1 < len(named) < len(cells) and len(whole) * 10 > len(below) * 8:
        left_out = len(cells) - len(named)
        cells = named
        notes = (
            f"{left_out} empty name{'s' if left_out > 1 else ''} in the header left out: no row has a cell for it.",
        )
    if not (looks_like_header(cells, below[:20]) or _counts_up(cells, below)) or _is_a_row(cells, below):
        return None
    merged, high = merged_rows(cells, [record.cells for record in records[index + 1 : index + WINDOW]])
    return HeaderFound(index, merged, high, notes)


def _lacks_first(below: Sequence[Sequence[str]], width: int) -> bool:
    """Do the rows begin with a name of their own, as tables written with row names do?"""
    rows = [row for row in below if len(row) == width and row[-1].strip(BLANKS)]
    firsts = [row[0].strip(BLANKS) for row in rows]
    counted = firsts[:1] in (["0"], ["1"]) and _in_order(firsts)
    return len(rows) > 1 and len(rows) * 10 >= len(below) * 9 and counted and not _decimals(rows)


def _decimals(rows: Sequence[Sequence[str]]) -> bool:
    """Two columns of digits side by side, the second always as long: more likely a decimal comma that cut a number."""
    for at in range(1, len(rows[0]) - 1):
        sizes = {len(row[at + 1]) for row in rows}
        if all(row[at].isdigit() and row[at + 1].isdigit() for row in rows) and len(sizes) == 1 and max(sizes) < 4:
            return True
    return False


def _counts_up(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Names first, then numbers or dates in order (`Sensor, 1, 2, 3`), above rows whose cells are in no order."""
    kinds = [kind_of(cell) for cell in cells]
    start = next((at for at, kind in enumerate(kinds) if kind not in ("text", "blank", "email", "url")), len(cells))
    values = list(cells[start:])
    if len(values) < (2 if start else 3) or len(set(kinds[start:])) != 1 or len(set(values)) < len(values):
        return False
    same = [row for row in below if len(row) == len(cells)]
    if not same:
        return False
    if kinds[-1] == "number":
        return _in_order(values) and not all(_in_order(row[start:]) for row in same)
    return kinds[-1] in ("date", "clock") and kinds[-1] not in column_kinds(same, len(cells))[start:]


def _in_order(cells: Sequence[str]) -> bool:
    try:
        numbers = [int(cell) for cell in cells]
    except ValueError:
        return False
    return all(after > before for before, after in pairwise(numbers))


def _is_a_row(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Words that come again below, each in its own column, are values."""
    if any(kind in STRONG for kind in column_kinds(below[:20], len(cells))):
        return False
    others = [row for row in below if list(row) != list(cells)]
    present = [at for at, cell in enumerate(cells) if cell.strip(BLANKS)]
    again = sum(any(_same(row, cells, at) for row in others) for at in present)
    return again > 1 and again * 2 >= len(present)


def _same(row: Sequence[str], cells: Sequence[str], at: int) -> bool:
    return at < len(row) and row[at].strip(BLANKS) == cells[at].strip(BLANKS)


def _later_header(records: Sequence[Record], first: int, found: HeaderFound | None, width: int) -> HeaderFound | None:
    """The header further down, when the lines from `first` on tell about the file in another shape than its rows."""
    rows = [record.cells for record in records[first + bool(found) :] if len(record.cells) == width]
    rows = [cells for cells in rows if filled(cells) > 1]
    kinds = column_kinds(rows[-min(WINDOW, max(2, len(rows) // 3)) :], width)
    strong = [place for place, kind in enumerate(kinds) if kind in STRONG]
    if not strong or _fits(rows[0], kinds, strong):
        return None
    blank_at = next((at for at in range(first, len(records)) if not filled(records[at].cells)), len(records))
    if found and _is_table(records[first + 1 : blank_at]) and records[first].cells and blank_at < len(records):
        return None
    for at in range(first + 1, min(len(records), _LATEST_HEADER)):
        record = records[at]
        if len(record.cells) != width or filled(record.cells) < max(2, width - 1) or is_comment(record.raw):
            continue
        later = header_at(records, at, width)
        if later and _parts(records, first, at, found, width):
            return later
    return None


def _is_table(block: Sequence[Record]) -> bool:
    rows = [record.cells for record in block if filled(record.cells) > 1]
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return False
    if len(rows) > 2 and max(map(filled, rows)) > 2:
        return True
    return any(kind in STRONG for kind in column_kinds(rows, len(rows[0]))[1:])


def _parts(records: Sequence[Record], first: int, at: int, found: HeaderFound | None, width: int) -> bool:
    """Does the record at `at` part lines about the file from rows of another kind?"""
    rows = [record.cells for record in records[at + 1 :] if len(record.cells) == width and filled(record.cells) > 1][
        :20
    ]
    kinds = column_kinds(rows, width)
    strong = [place for place, kind in enumerate(kinds) if kind in STRONG]
    if len(rows) < 2 or not strong:
        return False
    above = [record for record in records[first:at] if filled(record.cells)]
    if any(_fits(record.cells, kinds, strong) for record in above):
        return False
    if found and at == first + 1 and len(records[first].cells) == width:
        return False
    apart = any(not filled(record.cells) for record in records[first:at])
    return apart or 0 in strong or any(len(record.cells) != width for record in above)


def _fits(cells: Sequence[str], kinds: Sequence[str], strong: Sequence[int]) -> bool:
    alike = sum(place < len(cells) and kind_of(cells[place]) == kinds[place] for place in strong)
    return len(cells) == len(kinds) and alike * 2 >= len(strong) and (0 not in strong or kind_of(cells[0]) == kinds[0])


def _cut_otherwise(records: Sequence[Record], first: int, width: int) -> HeaderFound | None:
    """The line right above the rows, when another delimiter cuts it into names."""
    if not first:
        return None
    for delimiter in _OTHER_DELIMITERS:
        cells = [cell.strip(BLANKS + "\"'") for cell in records[first - 1].raw.split(delimiter)]
        if len(cells) == width > 1 and all(cells):
            trial = [replace(records[first - 1], cells=cells), *records[first:]]
            found = header_at(trial, 0, width)
            if found:
                note = "The header line uses another delimiter than the rows; it was cut at its own."
                return replace(found, index=first - 1, notes=(*found.notes, note))
    return None


def _behind_hash(records: Sequence[Record], first: int, width: int) -> HeaderFound | None:
    """The last comment line above the rows, when it has a name for every cell: `#name,x,y`."""
    if first and is_comment(records[first - 1].raw) and len(records[first - 1].cells) == width:
        return header_at(records, first - 1, width)
    return None


def _small_table(records: Sequence[Record], index: int) -> bool:
    """A summary of three columns or more above the list, ended by a blank line, is a table of its own."""
    width = len(records[index].cells)
    if width < 3 or (index and filled(records[index - 1].cells) > 1):
        return False
    block = []
    for record in records[index:]:
        if not filled(record.cells):
            break
        block.append(record.cells)
    if len(block) < 2 or len(block) == len(records) - index or any(len(cells) != width for cells in block):
        return False
    values = any(kind not in ("text", "blank") for kind in column_kinds(block[1:], width))
    return values and filled(block[0]) == width and looks_like_header(block[0], block[1:])


def _is_pair(record: Record, width: int) -> bool:
    """`Report: | Leads` or `Report Start: 09/01/2026`: lines about the report, not its columns."""
    present = [cell.strip(BLANKS) for cell in record.cells if cell.strip(BLANKS)]
    labelled = all(_LABELLED.match(cell) for cell in present)
    return width > 2 and len(present) <= 2 and (labelled or present[0].endswith(":"))
