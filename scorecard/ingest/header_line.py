"""Which line of a file holds the names of its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scorecard.ingest.cells import clean_header, column_kinds, kind_of, looks_like_header
from scorecard.ingest.dialect import Record, filled
from scorecard.ingest.rows import BLANKS

WINDOW = 60  # records looked at to find a header
_LATEST_HEADER = 30
_LABELLED = re.compile(r"[^:]{2,40}:\s+\S")
_ANSWERS = frozenset({"response", "open-ended response", "other (please specify)"})


@dataclass(frozen=True)
class HeaderFound:
    """The header: its place in the records looked at, its cells, and how many records it takes."""

    index: int
    cells: list[str]
    records: int = 1


def find_header(records: Sequence[Record]) -> HeaderFound | None:
    """The first full line, if it is made of words; None when the first full line already holds values."""
    counts = [filled(record.cells) for record in records]
    widths = [len(record.cells) for record, count in zip(records, counts, strict=True) if count > 1]
    if not widths:
        return None
    width = max(set(widths), key=lambda width: (widths.count(width) * width, width))
    usual = sorted(count for record, count in zip(records, counts, strict=True) if len(record.cells) == width)
    typical = usual[len(usual) // 2]
    need = max(2, -(-typical // 2), 3 if typical > 3 else 2)
    for index, record in enumerate(records[:_LATEST_HEADER]):
        early = counts[index] < min(need, width) and _small_table(records, index)
        if not early and (counts[index] < min(need, width) or _is_pair(record, width)):
            continue
        return header_at(records, index)
    return None


def header_at(records: Sequence[Record], index: int) -> HeaderFound | None:
    """The header that begins at `index`, two records high when the second names the answers of the first."""
    cells = records[index].cells
    below = [record.cells for record in records[index + 1 :] if filled(record.cells) > 1][:20]
    if not looks_like_header(cells, below):
        return None
    if index + 1 < len(records):
        merged = _merge_second(cells, records[index + 1].cells)
        if merged:
            return HeaderFound(index, merged, 2)
    return HeaderFound(index, cells)


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


def _merge_second(cells: list[str], second: list[str]) -> list[str] | None:
    """Question and answer in one header; None when the second line is a row like any other."""
    present = [position for position, cell in enumerate(second) if cell.strip(BLANKS)]
    if not present or len(second) > len(cells) or present[0] < 2:
        return None
    if any(kind_of(second[position]) not in ("text", "period", "number") for position in present):
        return None
    blank_above = any(not clean_header(cells[position]) for position in present)
    answers = all(clean_header(second[position]).casefold() in _ANSWERS for position in present)
    if not blank_above and not answers:
        return None
    merged, question = [], ""
    for position, cell in enumerate(cells):
        question = clean_header(cell) or question
        answer = clean_header(second[position]) if position < len(second) else ""
        if answer.casefold() in _ANSWERS and clean_header(cell):
            answer = ""
        merged.append(f"{question} - {answer}" if answer and question else clean_header(cell) or answer)
    return merged
