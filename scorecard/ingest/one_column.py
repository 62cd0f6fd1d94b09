"""Files of one column: a list under its name, or a list of values without one. Prose is neither."""

import re
from collections.abc import Sequence

from scorecard.ingest.cells import STRONG, kind_of
from scorecard.ingest.dialect import Dialect, Record, filled
from scorecard.ingest.header_line import NUMBERED, HeaderFound
from scorecard.ingest.rows import BLANKS

WHOLE_LINE = Dialect("\x1f")
_DECIMAL = re.compile(r"[+-]?\d+,\d+")
_SENTENCE = re.compile(r"[.!?:;,]$|[;|\t,]")
_LONGEST_NAME, _LONGEST_ITEM, _MOST_WORDS = 40, 60, 5
_LEAST_ITEMS = 3


def is_one_column(records: Sequence[Record], dialect: Dialect) -> bool:
    """Are the two columns a comma made only decimals, or names within quotes, under a line without any comma?"""
    lines = [record for record in records if record.raw.strip()]
    if dialect.delimiter != "," or len(lines) < 1 + _LEAST_ITEMS or "," in lines[0].raw:
        return False
    if dialect.wrapped:
        return all(line.raw.startswith('"') for line in lines[1:]) and not lines[0].raw.startswith('"')
    return all(_DECIMAL.fullmatch(line.raw.strip()) for line in lines[1:])


def list_header(records: Sequence[Record]) -> HeaderFound | None:
    """The name of the only column; `records` 0 when the list has none; None when the lines are no list."""
    present = [(at, record.cells[0].strip(BLANKS)) for at, record in enumerate(records) if filled(record.cells)]
    if len(present) < 2:
        return None
    first, name = present[0]
    kinds = [kind_of(cell) for _, cell in present]
    under = kinds[1:]
    top = max(set(under), key=under.count)
    note = "The file has one column."
    if top in (*STRONG, "period") and under.count(top) >= 0.9 * len(under):
        if kinds[0] == "text":
            return HeaderFound(first, [name], notes=(note,))
        return HeaderFound(first, ["column_1"], 0, (note, NUMBERED)) if kinds[0] == top else None
    items = [cell for _, cell in present[1:]]
    if len(items) < _LEAST_ITEMS or len(name) > _LONGEST_NAME or kinds[0] != "text" or _SENTENCE.search(name):
        return None
    if sum(map(_is_item, items)) < 0.95 * len(items):
        return None
    return HeaderFound(first, [name], notes=("The file has one column; its first line was taken as the name.",))


def _is_item(cell: str) -> bool:
    """A name or a code: short, not in lower case throughout, no sentence."""
    words = cell.split()
    plain = (
        len(cell) <= _LONGEST_ITEM and len(words) <= _MOST_WORDS and not cell.endswith((".", "!", "?", ":", ";", ","))
    )
    return plain and (len(words) == 1 or not cell[0].islower())
