"""Rows written unlike the rest of their table: cut elsewhere, quoted otherwise, broken over lines, shifted."""

from collections.abc import Sequence

from scorecard.ingest.cells import STRONG, kind_of
from scorecard.ingest.dialect import Dialect, Record, filled, parse
from scorecard.ingest.rows import BLANKS

OTHER_DELIMITER = "cut at another delimiter than the rest"
OTHER_QUOTES = "in single quotes freed of them"
JOINED = "broken over several lines joined"
_DELIMITERS = (",", ";", "\t", "|")
_MOST_LINES = 4  # a row broken over more lines than this is none


def recut(record: Record, own: Dialect, width: int, kinds: Sequence[str]) -> tuple[list[str], str] | None:
    """The cells of a row that uses another delimiter or single quotes, and what was done; None when it does neither."""
    if own.quote == '"' and record.raw.lstrip().startswith("'"):
        cells = freed(record.cells, width)
        if cells is None and record.raw.rstrip().endswith("'"):
            cut, state = parse(record.raw, Dialect(own.delimiter, quote="'"))
            cells = cut if state != "open" and len(cut) == width else None
        if cells:
            return cells, OTHER_QUOTES
    if len(record.cells) == width or not record.single:
        return None
    for delimiter in _DELIMITERS:
        if delimiter == own.delimiter or delimiter not in record.raw:
            continue
        cells, state = parse(record.raw, Dialect(delimiter))
        whole = state == "fine" and len(cells) == width and filled(cells) * 2 > width and fits(cells, kinds)
        if whole and (len(record.cells) == 1 or sure(cells, kinds)):
            return cells, OTHER_DELIMITER
    return None


def freed(cells: Sequence[str], width: int) -> list[str] | None:
    """The cells of a row whose every filled cell stands in single quotes, without them."""
    present = [cell.strip(BLANKS) for cell in cells if cell.strip(BLANKS)]
    quoted = all(len(cell) > 1 and cell.startswith("'") and cell.endswith("'") for cell in present)
    if len(cells) != width or len(present) < 2 or not quoted:
        return None
    return [cell.strip(BLANKS)[1:-1].replace("''", "'") if cell.strip(BLANKS) else cell for cell in cells]


def joined(record: Record, following: Sequence[Record], width: int, kinds: Sequence[str]) -> tuple[Record, int] | None:
    """The row that was broken over lines by a line break in an unquoted cell, and how many more lines it takes."""
    cells, raw = list(record.cells), record.raw
    for taken, each in enumerate(following[:_MOST_LINES], 1):
        if not each.cells or each.problem or len(each.cells) >= width:
            return None
        cells = [*cells[:-1], f"{cells[-1]}\n{each.cells[0]}", *each.cells[1:]]
        raw = f"{raw}\n{each.raw}"
        if len(cells) > width:
            return None
        if len(cells) == width:
            after = following[taken].cells if len(following) > taken else []
            begins = not after or len(after) >= width
            whole = begins and fits(cells, kinds) and sure(cells[len(record.cells) :], kinds[len(record.cells) :])
            return (Record(record.line, cells, raw, single=False), taken) if whole else None
    return None


def shifted(cells: Sequence[str], width: int, kinds: Sequence[str]) -> bool:
    """Would a short row fit its columns if the missing cells were not at its end?"""
    missing = width - len(cells)
    if missing <= 0 or not kinds:
        return False
    moved = [[*cells[:at], *[""] * missing, *cells[at:]] for at in range(len(cells))]
    best = max((_alike(each, kinds) for each in moved if fits(each, kinds)), default=-1)
    return best > (_alike(cells, kinds) if fits(cells, kinds) else -1)


def _alike(cells: Sequence[str], kinds: Sequence[str]) -> int:
    return sum(kind in STRONG and kind_of(cell) == kind for cell, kind in zip(cells, kinds, strict=False))


def fits(cells: Sequence[str], kinds: Sequence[str]) -> bool:
    """No cell looks unlike the values of its column, as far as these look alike."""
    return all(
        kind not in STRONG or kind_of(cell) in (kind, "blank", "period")
        for cell, kind in zip(cells, kinds, strict=False)
    )


def sure(cells: Sequence[str], kinds: Sequence[str]) -> bool:
    """At least one cell looks like the values of its column, which are no mere words."""
    return _alike(cells, kinds) > 0
