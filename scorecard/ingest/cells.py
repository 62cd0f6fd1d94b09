"""What single cells and lines look like: numbers, dates, headers, totals, footers."""

import re
import unicodedata
from collections.abc import Sequence

from scorecard.ingest.rows import BLANKS

_NULLS = frozenset({"", "-", "--", "n/a", "na", "null", "none", "(blank)", "#n/a", "—", "–"})
_CURRENCY = r"(?:[A-Z]{1,3}\$|[$€£¥₹]|R\$|[A-Z]{3}\b)"
_NUMBER = re.compile(
    rf"[(+\-−]*\s*{_CURRENCY}?\s*[(+\-−]*\d[\d.,'\s\u00a0\u202f]*(?:[eE][+-]?\d+)?\s*[KMB%‰]*\s*{_CURRENCY}?\)?\s*%?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = re.compile(r"\d{1,3}:\d\d(:\d\d(\.\d+)?)?")
_DATE = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}"
    rf"|{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}[\s-]{_MONTH},?[\s-]\d{{2,4}})"
    r"(?:[t,\s]\s*\d{1,2}:\d\d.*)?",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    rf"(?:{_MONTH}[\s-]*(?:\d{{2,4}})?|q[1-4](?:[\s-]*\d{{2,4}})?|(?:19|20)\d\d(?:-\d\d)?)", re.IGNORECASE
)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[a-z]{2,}", re.IGNORECASE)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_CODE = re.compile(
    r"(?=[A-Za-z]*\d)(?:00[A-Za-z0-9]{13}|00[A-Za-z0-9]{16}|[0-9a-fA-F]{32}"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
)
# A row called so and nothing else is a total, if only numbers follow; a company may bear such a name.
TOTAL_WORDS = (
    r"totals?|totale|totaal|totalt|totales|gesamt|summe|suma|razem|celkem|összesen|итого|всего|合計|总计|總計|合计|합계"
)
_TOTAL = re.compile(
    rf"(?:(?:sub[- ]?|grand )?totals?|{TOTAL_WORDS}|gesamtsumme|total general|total général|"
    r"(?:resultados|résultats) tota(?:les|ux)|総計|총계)\s*:?",
    re.IGNORECASE,
)
TOTAL_BEGINS = frozenset("tgsrcöивTGSRCÖИВ合总總総합총")  # so that most rows are told apart by one letter
_TOTAL_PREFIX = re.compile(
    r"(?:total|totals|gesamt|totale|totaal)\s?:\s*\S|grand totals?\b\s*[(:]"
    r"|(?:sub-?totals?|grand totals?)\s*(?:\(|for\b|:)",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"confidential information|confidential\b.{0,40}do not|copyright\b|©|\(c\)\s*\d{4}|all rights reserved"
    r"|(?:generated|exported|created) (?:by|on|at|from|with)\b|report generated|page \d+ of \d+|end of (?:report|file)"
    r"|applied filters"
    r"|^\W*(?:foot)?notes?\s*[:.*\d]|^\W*(?:data )?sources?\s*:|^\W*(?:symbol )?legend\b|^how to cite"
    r"|^\(\d{1,2}\)\s+\w|^\*+\s?\w"
    r"|^[†‡]|^(?:printed|exported|downloaded|prepared|last updated)\s*(?:on|by|:)"
    r"|^nota?s?\s*:|^(?:quelle|fuente|fonte)\s*:"
    r"|\d+ (?:rows?|records?) (?:returned|exported|in total|total)|(?:number of|total) (?:rows|records):",
    re.IGNORECASE,
)
_LONGEST_VALUE = 300
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def kind_of(cell: str) -> str:
    """What one cell looks like: blank, number, clock, date, email, url, code, period or text."""
    text = cell.strip(BLANKS)
    if text.lower() in _NULLS:
        return "blank"
    if len(text) > _LONGEST_VALUE:
        return "text"
    if not any(char.isdigit() for char in text):
        return "email" if _EMAIL.fullmatch(text) else "period" if _PERIOD.fullmatch(text) else "text"
    for pattern, kind in _KIND_PATTERNS:
        if pattern.fullmatch(text):
            return kind
    return "text"


_KIND_PATTERNS = (
    (_YEAR, "period"),
    (_CLOCK, "clock"),
    (_DATE, "date"),
    (_NUMBER, "number"),
    (_EMAIL, "email"),
    (_URL, "url"),
    (_PERIOD, "period"),
    (_CODE, "code"),
)
STRONG = frozenset({"number", "clock", "date", "email", "url", "code"})  # kinds that words do not look like


def clean_header(cell: str) -> str:
    """A header without invisible characters, blanks in one piece."""
    text = unicodedata.normalize("NFC", cell.translate(_INVISIBLE))
    return " ".join(text.replace("\u00a0", " ").split())


def unique_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """Cleaned headers, none twice ("Name", "Name (2)"), none blank ("column_7")."""
    taken: set[str] = set()
    found = []
    for position, cell in enumerate(cells, 1):
        base = clean_header(cell) or f"column_{position}"
        name, copy = base, 2
        while name in taken:
            name, copy = f"{base} ({copy})", copy + 1
        taken.add(name)
        found.append(name)
    return tuple(found)


def column_kinds(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """What most cells of each column look like; `text` where they do not agree, `blank` where there are none."""
    kinds = []
    for position in range(width):
        seen = [kind_of(row[position]) for row in rows if position < len(row)]
        seen = [kind for kind in seen if kind != "blank"]
        top = max(set(seen), key=seen.count) if seen else "blank"
        kinds.append(top if seen and seen.count(top) >= 0.6 * len(seen) else "blank" if not seen else "text")
    return kinds


def looks_like_header(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Words, not values: hardly a cell that looks like a number, date or address, least of all like those below it."""
    kinds = [kind_of(cell) for cell in cells]
    present = [kind for kind in kinds if kind != "blank"]
    if not present or "email" in present:
        return False
    values = sum(1 for kind in present if kind in STRONG)
    if values * 2 >= len(present):
        return False
    under = column_kinds(below, len(cells))
    same = sum(1 for kind, other in zip(kinds, under, strict=True) if kind in STRONG and kind == other)
    names = [clean_header(cell).casefold() for cell, kind in zip(cells, kinds, strict=True) if kind != "blank"]
    all_values = all(kind in STRONG for kind in under)
    return same * 5 < len(present) and (len(set(names)) * 2 > len(names) or all_values)


def is_footer(cell: str) -> bool:
    """Does this lone line say what reports say at their end?"""
    return bool(_FOOTER.search(cell))


def total_rank(cells: Sequence[str]) -> int:
    """0: no total row. 1: the word Total alone. 2: `Total: ...`, `Grand Total`, `Subtotal`. No words in other cells."""
    first = cells[0].strip(BLANKS)
    if not first or first[0] not in TOTAL_BEGINS:
        return 0
    whole, prefix = _TOTAL.fullmatch(first), _TOTAL_PREFIX.match(first)
    if not whole and not prefix:
        return 0
    kinds = [kind_of(cell) for cell in cells[1:]]
    words = [
        cell for cell, kind in zip(cells[1:], kinds, strict=True) if kind not in ("blank", "number", "clock", "period")
    ]
    words = [word for word in words if not re.fullmatch(r"[A-Z]{3}", word.strip(BLANKS))]
    # "Total: Smart" repeats the word it is the total of in its own column.
    words = [word for word in words if word.strip(BLANKS).casefold() not in first.casefold()]
    if prefix:  # Google Ads says "No" in a yes/no column of "Total: All but removed ads".
        words = [word for word in words if word.strip(BLANKS).casefold() not in ("yes", "no", "true", "false")]
    if words:
        return 0
    strong = prefix or not re.fullmatch(TOTAL_WORDS, first.rstrip(" :"), re.IGNORECASE)
    return 2 if strong else 1


def shape(cell: str) -> str:
    """The pattern of a cell: letters a, digits 9, runs kept to their length for digits only."""
    text = cell.strip(BLANKS)
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text))
