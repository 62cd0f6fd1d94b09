"""One way to compare column headers, whatever case, accents, units and invisible characters they carry."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from babel.numbers import list_currencies

CURRENCY_CODES = frozenset(list_currencies())
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u00ad\u200b\u200c\u200d\u2060"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_TRAILING_PARENTHESES = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]*)[)\]]\s*$", re.DOTALL)
_TIME_UNITS = {
    "s": "seconds",
    "sec": "seconds",
    "secs": "seconds",
    "seconds": "seconds",
    "min": "minutes",
    "mins": "minutes",
    "minutes": "minutes",
    "h": "hours",
    "hrs": "hours",
    "hours": "hours",
}
_IN = re.compile(r"^(?:in|em|en) ")  # (in UTC), (em UTC), (en UTC)
# How connectors write HubSpot's properties: property_amount, properties_amount, property_amount__value.
_SYNCED = re.compile(r"^propert(?:y|ies)_+(.+?)(?:__value)?$", re.IGNORECASE)
_MICROS = re.compile(r"\bmicros\b|\bmicro$")  # cost_micros, metrics.costMicros, charge_local_micro


@dataclass(frozen=True)
class Header:
    """A header as written (`text`), as compared (`key`), in words, and the unit it states."""

    text: str
    key: str
    words: str
    unit: str  # '', 'percent', 'currency:EUR', 'zone:UTC', 'seconds', 'minutes', 'hours' or 'micros'


def read_header(text: str) -> Header:
    """The header's comparable form; a trailing unit such as `(USD)` or `(in UTC)` is split off."""
    clean = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).translate(_DASHES).replace("*", " ").strip()
    clean = _SYNCED.sub(r"\1", clean)
    unit = ""
    match = _TRAILING_PARENTHESES.match(clean)
    if match and match.group(1):
        unit = _unit_of(match.group(2))
        if unit:
            clean = match.group(1)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", clean)
    words = " ".join(re.findall(r"[^\W_]+", _plain(spaced)))
    if not unit and _MICROS.search(words):
        unit = "micros"
    return Header(text, re.sub(r"[\W_]+", "", _plain(clean)), words, unit)


def key_of(text: str) -> str:
    """The comparable form alone."""
    return read_header(text).key


def signature_of(headers: Iterable[str]) -> str:
    """The same for two files with the same headers in any order: how next week's export is recognised."""
    names = sorted(f"{header.key}|{header.unit}" for header in map(read_header, headers))
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:24]


def _plain(text: str) -> str:
    """Casefolded, without accents; `%` becomes a word so that `% viewed` and `viewed` differ."""
    decomposed = unicodedata.normalize("NFKD", text.replace("%", " percent ").casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _unit_of(inside: str) -> str:
    words = inside.strip().casefold()
    words = _IN.sub("", words).strip()
    if words in ("%", "percent"):
        return "percent"
    if words in ("utc", "gmt"):
        return "zone:UTC"
    if words in _TIME_UNITS:
        return _TIME_UNITS[words]
    code = inside.strip().upper()
    return f"currency:{code}" if len(code) == 3 and code in CURRENCY_CODES else ""
