"""Headers of two or three lines: questions and answers, groups and parts, names and units, made one."""

import re
from collections.abc import Sequence

from scorecard.ingest.cells import STRONG, clean_header, column_kinds, kind_of
from scorecard.ingest.dialect import filled

_ANSWERS = frozenset({"response", "open-ended response", "other (please specify)"})
_MOST_ROWS = 3
_BRACKETED = re.compile(r"[\[(].*[\])]")
_FORMAT = re.compile(r"\d{1,3}[sdn]")  # widths and kinds below the names of a USGS table
_LONGEST_UNIT = 16


def merged_rows(cells: list[str], following: Sequence[list[str]]) -> tuple[list[str], int]:
    """The names of the columns from the header line and those below that belong to it, and how many lines it is."""
    merged, high = cells, 1
    while high < _MOST_ROWS and high <= len(following):
        second = following[high - 1]
        below = [row for row in following[high:] if filled(row) > 1][:20]
        found = _answers(merged, second) or _groups(merged, second, below) or _units(merged, second, below)
        if not found:
            break
        merged, high = found, high + 1
    return merged, high


def _answers(cells: list[str], second: list[str]) -> list[str] | None:
    """Question and answer in one header; None when the second line is a row like any other."""
    present = [position for position, cell in enumerate(second) if clean_header(cell)]
    if not present or len(second) > len(cells) or present[0] < 2:
        return None
    if any(kind_of(second[position]) not in ("text", "period", "number") for position in present):
        return None
    blank_above = any(not clean_header(cells[position]) for position in present)
    answers = all(clean_header(second[position]).casefold() in _ANSWERS for position in present)
    return _joined(cells, second) if blank_above or answers else None


def _joined(cells: list[str], second: list[str]) -> list[str]:
    merged, question = [], ""
    for position, cell in enumerate(cells):
        question = clean_header(cell) or question
        answer = clean_header(second[position]) if position < len(second) else ""
        if answer.casefold() in _ANSWERS and clean_header(cell):
            answer = ""
        merged.append(f"{question} - {answer}" if answer and question else clean_header(cell) or answer)
    return merged


def _groups(cells: list[str], second: list[str], below: Sequence[list[str]]) -> list[str] | None:
    """`2018 | | 2019 |` above `Men | Women | Men | Women`: groups over the parts of a table of values."""
    if len(second) != len(cells) or not _no_row(second, below):
        return None
    present = [position for position, cell in enumerate(second) if clean_header(cell)]
    blank_above = [position for position in present if not clean_header(cells[position])]
    pairs = list(zip(cells, second, strict=True))[1:]
    nameless = any(not clean_header(above) and not clean_header(below) for above, below in pairs)
    names = [clean_header(cell) for cell in cells if clean_header(cell)]
    grouped = bool(blank_above) or len(set(names)) < len(names)
    return _joined(cells, second) if present and grouped and not nameless else None


def below_groups(above: Sequence[str], cells: list[str]) -> list[str] | None:
    """The names under a line of groups (`Rs | | Temp |` above `X | Y | X | Y`), when they need these to differ."""
    names = [clean_header(cell) for cell in cells]
    groups = [clean_header(cell) for cell in above]
    if len(above) != len(cells) or len(set(names)) == len(names) or not 1 < filled(above) < len(above):
        return None
    words = all(kind_of(group) in ("text", "period") for group in groups if group)
    return _joined(groups, names) if words else None


def _no_row(second: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Words where the rows below have values: the line is none of them."""
    kinds = column_kinds(below, len(second))
    words = [(kind_of(cell), kind) for cell, kind in zip(second, kinds, strict=True) if clean_header(cell)]
    if len(below) < 2 or any(own not in ("text", "period", "blank") for own, _ in words):
        return False
    against = sum(under in STRONG for _, under in words)
    return against > 0 and against * 2 >= len(words)


def _units(cells: list[str], second: list[str], below: Sequence[list[str]]) -> list[str] | None:
    """`Time | Force` above `s | N`: units, put behind the names in brackets."""
    if len(second) != len(cells) or not _no_row(second, below) or any(not clean_header(cell) for cell in cells):
        return None
    if all(_FORMAT.fullmatch(clean_header(cell)) for cell in second):
        return cells
    kinds = column_kinds(below, len(second))
    units = [clean_header(cell) for cell in second]
    if any(unit and under not in (*STRONG, "blank", "period") for unit, under in zip(units, kinds, strict=True)):
        return None
    if any(len(unit) > _LONGEST_UNIT for unit in units):
        return None
    return [
        f"{clean_header(cell)} {unit if _BRACKETED.fullmatch(unit) else f'({unit})'}" if unit else clean_header(cell)
        for cell, unit in zip(cells, units, strict=True)
    ]
