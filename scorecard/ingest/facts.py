"""What a report says about itself outside its rows: title, period, as-of date, time zone, currency."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from babel.numbers import list_currencies

from scorecard.ingest.date_shapes import month_words

_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAME = r"(?P<name>[^\W\d_]{3,10})\.?"
_DATE_FORMS = (
    re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})"),
    re.compile(rf"{_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"),
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er)?[\s-](?:de )?{_NAME},?[\s-](?:de )?(?P<year>\d{{4}})"),
    re.compile(r"(?P<first>\d{1,2})(?P<mark>[-./])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})"),
)
_AS_OF = re.compile(
    r"\b(?:as[ -]of|generated(?: on| at)?|exported(?: on| at)?|export date|report date|run date|date run|printed on)\b",
    re.IGNORECASE,
)
_EDGE = re.compile(r"(?:report |period |date )?(?:(from|start)|to|end|until)\b", re.IGNORECASE)
_LINKEDIN = re.compile(r"report start:.*report end:", re.IGNORECASE)
_ZONE = re.compile(
    r"\((?:in )?(UTC|GMT)\)|\btime ?zone:?\s*\(?(UTC|GMT)?([+-]\d{2}:?\d{2})?|\((?:UTC|GMT)([+-]\d{2}:?\d{2})\)",
    re.IGNORECASE,
)
_CURRENCY_LINE = re.compile(r"\bcurrency(?: code)?\s*:\s*,?\s*([A-Z]{3})\b", re.IGNORECASE)
_CURRENCY_HEADER = re.compile(r"\(([A-Z]{3})\)")
_RECORDS = re.compile(r"(?:grand totals?\s*)?\(?([\d,.]+)\s+records?\)?", re.IGNORECASE)
_EPOCH_NAME = re.compile(r"^report(\d{13})\b")


def facts_of(titles: Sequence[str], header: Sequence[str], name: str, footers: Sequence[str] = ()) -> dict[str, str]:
    """Facts from the lines above the header, the headers, the lines below the rows, and the file's name."""
    found: dict[str, str] = {}
    for line in titles:
        if not line.lower().startswith("sep="):
            _from_title(line.strip(), found)
    for line in footers:
        _from_footer(line.strip(), found)
    _from_header(header, found)
    _from_name(name, found)
    return found


def dates_in(text: str, month_first: bool = False) -> list[date]:
    """The dates of a text in order; one that could be read two ways is left out unless `month_first`."""
    spans: list[tuple[int, int, date]] = []
    for form in _DATE_FORMS:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end, _ in spans):
                continue
            value = _date_of(match.groupdict(), month_first)
            if value:
                spans.append((match.start(), match.end(), value))
    return [value for _, _, value in sorted(spans)]


def _date_of(parts: dict[str, str | None], month_first: bool) -> date | None:
    try:
        year = int(parts["year"] or 0)
        if parts.get("first"):
            first, second = int(parts["first"] or 0), int(parts["second"] or 0)
            if first <= 12 and second <= 12 and first != second and not month_first:
                return None
            month, day = (first, second) if second > 12 or (month_first and first <= 12) else (second, first)
            return date(year, month, day)
        day = int(parts["day"] or 0)
        if parts.get("name"):
            return date(year, _month(parts["name"] or ""), day)
        return date(year, int(parts["month"] or 0), day)
    except (ValueError, KeyError):
        return None


def _month(word: str) -> int:
    """The month a word names, in any of the languages; KeyError when it is another word."""
    plain = word.casefold().strip(".")
    known = month_words()
    return _ENGLISH.index(known[plain] if plain in known else known[plain[:3]]) + 1


def _from_title(line: str, found: dict[str, str]) -> None:
    dates = dates_in(line, month_first=bool(_LINKEDIN.search(line)))
    if len(dates) == 2 and dates[0] <= dates[1]:
        found.setdefault("period_start", dates[0].isoformat())
        found.setdefault("period_end", dates[1].isoformat())
    elif len(dates) == 1 and _AS_OF.search(line):
        found.setdefault("as_of", dates[0].isoformat())
    elif len(dates) == 1 and (edge := _EDGE.match(line)):
        found.setdefault("period_start" if edge[1] else "period_end", dates[0].isoformat())
    elif not dates and any(char.isalpha() for char in line):
        found.setdefault("title", line[:200])
    _zone_and_currency(line, found)


def _zone_and_currency(line: str, found: dict[str, str]) -> None:
    zone = _ZONE.search(line)
    if zone:
        offset = zone[3] or zone[4]
        name = zone[1] or zone[2]
        if offset or name:
            found.setdefault("zone", offset or "UTC")
    currency = _CURRENCY_LINE.search(line)
    if currency and currency[1].upper() in list_currencies():
        found.setdefault("currency", currency[1].upper())


def _from_footer(line: str, found: dict[str, str]) -> None:
    dates = dates_in(line)
    if len(dates) == 1 and _AS_OF.search(line):
        found.setdefault("as_of", dates[0].isoformat())
    records = _RECORDS.search(line)
    if records:
        found.setdefault("records", records[1].replace(",", "").replace(".", ""))


def _from_header(header: Sequence[str], found: dict[str, str]) -> None:
    codes = {code for cell in header for code in _CURRENCY_HEADER.findall(cell)} & list_currencies()
    if len(codes) == 1:
        found.setdefault("currency", codes.pop())
    if any(re.search(r"\((?:in )?UTC\)", cell) for cell in header):
        found.setdefault("zone", "UTC")


def _from_name(name: str, found: dict[str, str]) -> None:
    dates = dates_in(name.replace("_", " "))
    if len(dates) == 2 and dates[0] <= dates[1]:
        found.setdefault("period_start", dates[0].isoformat())
        found.setdefault("period_end", dates[1].isoformat())
    elif len(dates) == 1:
        found.setdefault("as_of", dates[0].isoformat())
    epoch = _EPOCH_NAME.match(name)
    if epoch:
        # Salesforce names a report export after the millisecond it was made.
        made = datetime.fromtimestamp(int(epoch[1]) / 1000, UTC)
        if 2005 <= made.year <= 2100:
            found.setdefault("as_of", made.date().isoformat())
