"""What kind of date a value is, told from its shape (the value with every digit written as 9)."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale

Family = Literal["iso", "numeric", "named", "month", "quarter", "compact", "unix_s", "unix_ms", "excel"]
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# No word means two months in these; the earlier language wins a word that is also a weekday in a later one.
_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "pl", "cs", "tr")
_FILLERS = ("de", "del", "um", "om", "le", "den", "at", "às")
_ORDINALS = ("st", "nd", "rd", "th")
_WORD = re.compile(r"[^\W\d_]+")
_TIME = re.compile(
    r"(?P<gap>T|,? ?)(?P<hour>9{1,2}):99(?P<second>:99)?(?P<fraction>\.9{1,9})?(?P<half> ?[AP]M)?"
    r"(?P<zone> ?(?:Z|UTC|GMT|[+-]99(?::?99)?))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DateShape:
    """How values of one shape are read. `pattern` is a strptime format; `{}` stands for day and month of `numeric`."""

    family: Family
    pattern: str
    has_time: bool = False
    zoned: bool = False  # the value itself says UTC or an offset
    short_year: bool = False
    words: tuple[str, ...] = ()  # words of the value that must become English, or go


@cache
def month_words() -> dict[str, str]:
    """Month name in any of the languages, casefolded and without a dot -> English abbreviation."""
    found: dict[str, str] = {"sept": "Sep", "mrt": "Mar"}
    for language in _LANGUAGES:
        for usage in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, word in usage.get(width, {}).items():
                    found.setdefault(word.casefold().strip("."), _ENGLISH[number - 1])
    return {word: month for word, month in found.items() if not word.isdigit()}


@cache
def weekday_words() -> frozenset[str]:
    """Weekday names in the same languages; where one is also a month's (Spanish `mar`), the month wins."""
    found = set()
    for language in _LANGUAGES:
        for usage in Locale(language).days.values():
            for width in ("wide", "abbreviated"):
                found |= {word.casefold().strip(".") for word in usage.get(width, {}).values()}
    return frozenset(found - set(month_words()))


def read_shape(shape: str) -> DateShape | None:
    """How to read values of this shape, or None when it is no date."""
    if re.fullmatch(r"9{9,10}", shape):
        return DateShape("unix_s", "", has_time=True, zoned=True)
    if re.fullmatch(r"9{12,13}", shape):
        return DateShape("unix_ms", "", has_time=True, zoned=True)
    if re.fullmatch(r"9{5}(\.9+)?", shape):
        return DateShape("excel", "", has_time="." in shape)
    if shape == "99999999":
        return DateShape("compact", "%Y%m%d")
    if re.fullmatch(r"(9999[- ]?Q9|Q9[- ]?9999)", shape, re.IGNORECASE):
        return DateShape("quarter", "")
    if re.fullmatch(r"9999-9{1,2}", shape):
        return DateShape("month", "%Y-%m")
    if re.fullmatch(r"9{1,2}/9999", shape):
        return DateShape("month", "%m/%Y")
    return _iso(shape) or _numeric(shape) or _asian(shape) or _named(shape)


def _time_pattern(text: str) -> tuple[str, bool, str] | None:
    """strptime format, whether there is a time, and the zone as written, of what follows a date; None if unreadable."""
    if not text:
        return "", False, ""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    half = match["half"] or ""
    pattern = match["gap"] + ("%I" if half else "%H") + ":%M" + (":%S" if match["second"] else "")
    if match["fraction"]:
        pattern += ".%f" if len(match["fraction"]) <= 7 else ".%n"
    pattern += (" %p" if half.startswith(" ") else "%p") if half else ""
    return pattern, True, match["zone"] or ""


def _iso(shape: str) -> DateShape | None:
    match = re.match(r"9999(?P<sep>[-/.])9{1,2}(?P=sep)9{1,2}", shape)
    time = _time_pattern(shape[match.end() :]) if match else None
    if match is None or time is None:
        return None
    separator, zone = match[1], time[2]
    if "%p" not in time[0] and separator == "-":
        return DateShape("iso", "", time[1], bool(zone))  # DuckDB's own cast reads it, offset included
    if zone.strip() not in ("", "Z", "UTC", "GMT"):
        return None
    return DateShape("iso", f"%Y{separator}%m{separator}%d{time[0]}{zone}", time[1], bool(zone))


def _numeric(shape: str) -> DateShape | None:
    match = re.match(r"9{1,2}(?P<sep>[-/.])9{1,2}(?P=sep)(9999|99)(?!9)", shape)
    time = _time_pattern(shape[match.end() :]) if match else None
    if match is None or time is None or time[2].strip() not in ("", "Z", "UTC", "GMT"):
        return None
    short = match[2] == "99"
    pattern = f"{{}}{match[1]}{{}}{match[1]}{'%y' if short else '%Y'}{time[0]}{time[2]}"
    return DateShape("numeric", pattern, time[1], bool(time[2]), short)


def _asian(shape: str) -> DateShape | None:
    """`9999年9月9日` and `9999. 9. 9.`: the year first, as in Japan, China and Korea."""
    match = re.match(r"9999(?P<first>年|\. ?)9{1,2}(?P<second>月|\. ?)9{1,2}(?P<third>日|\.)", shape)
    time = _time_pattern(shape[match.end() :]) if match else None
    if match is None or time is None or time[2].strip() not in ("", "Z", "UTC", "GMT"):
        return None
    pattern = f"%Y{match['first']}%m{match['second']}%d{match['third']}{time[0]}{time[2]}"
    return DateShape("named", pattern, time[1], bool(time[2]))


def _named(shape: str) -> DateShape | None:
    """`Mar 9, 9999`, `9 Mar 9999`, `9-Mar-99`, `Thu, 9 Feb 9999`, in several languages."""
    words = tuple(dict.fromkeys(_WORD.findall(shape)))
    months = [word for word in words if word.casefold() in month_words()]
    if len(months) != 1:
        return None
    clean = rewrite(shape, words)
    for pattern, date_format in (
        (r"Month 9{1,2},? 9999", None),
        (r"9{1,2}\.? Month,? 9999", None),
        (r"9{1,2}-Month-9999", None),
        (r"9{1,2}[- ]Month[- ]99(?!9)", None),
        (r"9999-Month-99", None),
        (r"Month[- ]9999", "month"),
    ):
        match = re.match(pattern, clean)
        time = _time_pattern(clean[match.end() :]) if match else None
        if match is None or time is None or time[2].strip() not in ("", "Z", "UTC", "GMT"):
            continue
        dotted = {word for word in _ENGLISH if f"{word}." in shape}
        odd = tuple(word for word in words if _replacement(word) not in (None, word) or word in dotted)
        return DateShape(
            "month" if date_format else "named",
            _named_pattern(match[0]) + time[0] + time[2],
            time[1],
            bool(time[2]),
            bool(re.search(r"Month[- ]99$", match[0])),
            odd,
        )
    return None


def _named_pattern(clean: str) -> str:
    pattern = clean.replace("9999", "%Y").replace("Month", "%b")
    if pattern.endswith("99") and "%Y" not in pattern:
        pattern = pattern[:-2] + "%y"
    return re.sub(r"9{1,2}", "%d", pattern)


def _replacement(word: str) -> str | None:
    """What a word of a date becomes: an English month, nothing, or None = leave it."""
    plain = word.casefold()
    if plain in month_words():
        return month_words()[plain]
    if plain in weekday_words() or plain in _FILLERS or plain in _ORDINALS:
        return ""
    return None


def replacements(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """(regular expression, replacement) pairs that make a date of these words English; used in Python and in SQL."""
    pairs = []
    for word in sorted(words, key=len, reverse=True):
        becomes = _replacement(word)
        if word.casefold() in _ORDINALS:
            pairs.append((f"([0-9]){re.escape(word)}", "\\1"))
        elif becomes == "":
            # a weekday goes with its comma, a filler such as Spanish "de" with one blank
            pairs.append((f"(^|[^A-Za-zÀ-ÿ]){re.escape(word)}\\.?,? ?", "\\1"))
        elif becomes is not None:
            pairs.append((f"(^|[^A-Za-zÀ-ÿ]){re.escape(word)}\\.?($|[^A-Za-zÀ-ÿ.])", f"\\1{becomes}\\2"))
    return pairs


def rewrite(shape: str, words: tuple[str, ...]) -> str:
    """The shape with its month written `Month` and weekdays and fillers gone."""
    for pattern, becomes in replacements(words):
        is_month = any(month in becomes for month in _ENGLISH)
        shape = re.sub(pattern, "\\1Month\\2" if is_month else becomes, shape)
    return shape
