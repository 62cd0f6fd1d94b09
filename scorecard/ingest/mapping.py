"""Which header feeds which canonical column: what is certain, and what is only proposed."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from rapidfuzz import fuzz

from scorecard.errors import NotInThisFileError
from scorecard.ingest.evidence import Evidence
from scorecard.ingest.headers import Header, key_of
from scorecard.ingest.kinds import Feed, synonyms
from scorecard.ingest.report import Proposal
from scorecard.schema import KINDS, Kind

ACCEPT = 0.85
PROPOSE = 0.5
HEADER_SHARE, VALUE_SHARE = 0.6, 0.4
# A header that only resembles a synonym never reaches ACCEPT, however well its values fit: a person confirms it.
RESEMBLES = 0.74
MIN_RESEMBLANCE = 0.7
_ENDINGS = ("time", "date", "name", "type", "status", "number", "code", "id", "at", "on")
QUALIFIERS = frozenset(
    (
        *("last", "latest", "recent", "next", "previous", "prior", "first", "weighted", "expected", "estimated"),
        *("forecast", "average", "avg", "mean", "median", "per", "target", "planned", "original", "days", "hours"),
        *("number", "count", "rank", "percent", "growth", "change"),
    )
)
STATUS_SHARE = 0.5


def by_kind(feed: Feed, headers: Sequence[Header], evidence: Mapping[str, Evidence]) -> dict[str, tuple[str, ...]]:
    """The mapping a known kind gives; our own column names are accepted beside the vendor's."""
    by_key = keys_in(feed, headers)
    found: dict[str, tuple[str, ...]] = {}
    for column, keys in feed.columns.items():
        matched = tuple(dict.fromkeys(by_key[key] for key in keys if key in by_key))
        if matched:
            found[column] = matched[:1]
    for column, keys in feed.first_of.items():
        matched = tuple(by_key[key] for key in keys if key in by_key)
        if matched:
            found[column] = matched
    for column in feed.like:
        asked = tuple(header.text for header in headers if asks(feed, column, header.text))
        if asked and column not in found:
            found[column] = asked
    used = {text for texts in found.values() for text in texts}
    for column in feed.schema.columns:
        key = key_of(column.name)
        text = by_key.get(key)
        if not text or column.name in found or text in used or key in feed.ignore:
            continue
        if _possible(evidence, text, feed.schema, column.name):
            found[column.name] = (text,)
    return found


def keys_in(feed: Feed, headers: Sequence[Header]) -> dict[str, str]:
    """Each header by its key, and by its key without what the export writes before it, where no other is called so."""
    by_key: dict[str, str] = {}
    for header in headers:
        by_key.setdefault(header.key, header.text)
    for header in headers:
        plain = header.text.strip().casefold()
        for prefix in feed.prefixes:
            if plain.startswith(prefix):
                by_key.setdefault(key_of(header.text.strip()[len(prefix) :]), header.text)
    return by_key


def asks(feed: Feed, column: str, header: str) -> bool:
    """Whether the header states the question whose answers are that column."""
    return bool(re.search(feed.like[column], header, re.IGNORECASE))


def constants_of(feed: Feed, fed: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What is the same for every row, for the columns the file does not fill."""
    found = any(asks(feed, column, text) for column in feed.like for text in fed.get(column, ()))
    same = {**feed.constants, **(feed.when_like if found else {})}
    return {name: value for name, value in same.items() if name not in fed}


def by_words(kind: Kind, headers: Sequence[Header], evidence: Mapping[str, Evidence]) -> list[Proposal]:
    """The best canonical column for each header of an unknown file, one to one, best pairs first."""
    pairs = []
    for header in headers:
        for column in kind.columns:
            likeness, why = _likeness(kind.name, column.name, header)
            if likeness < 0.5 or (likeness < 1 and column.type in ("id", "ids")):
                continue  # an id is called an id: what only resembles one joins the wrong records
            fit = evidence[header.text].fits(column.type, column.name)
            score = 0.0 if fit == 0 else HEADER_SHARE * likeness + VALUE_SHARE * fit
            pairs.append((score, likeness, header.text, column.name, f"{why}; {_spoken(fit, column.type)}"))
    pairs.sort(key=lambda pair: (-pair[0], -pair[1]))
    taken_headers: dict[str, Proposal] = {}
    taken_columns: set[str] = set()
    for score, _, text, column, why in pairs:
        if score >= PROPOSE and text not in taken_headers and column not in taken_columns:
            taken_headers[text] = Proposal(text, column, score, why, kind.name)
            taken_columns.add(column)
    return [
        taken_headers.get(
            header.text, Proposal(header.text, None, 0.0, "no column of ours is called like this", kind.name)
        )
        for header in headers
    ]


def exact_columns(table: str, header: Header) -> list[str]:
    """The columns of a table that the header names outright."""
    return [column for column, keys in _exact(table).items() if header.key in keys]


def resolve(table: str, wanted: Mapping[str, str], headers: Sequence[Header], file: str) -> dict[str, tuple[str, ...]]:
    """A mapping somebody gave, checked: every column and every header must exist. '' = the column is not used."""
    by_text = {header.text: header.text for header in headers}
    by_key = {header.key: header.text for header in reversed(headers)}
    found = {}
    for column, name in wanted.items():
        if column not in KINDS[table].column_names:
            listed = ", ".join(KINDS[table].column_names)
            raise NotInThisFileError(f"{file}: {table} has no column “{column}”. Its columns are: {listed}.", column)
        if not name:
            found[column] = ()
            continue
        text = by_text.get(name) or by_key.get(key_of(name))
        if text is None:
            listed = ", ".join(header.text for header in headers)
            text = f"{file}: there is no column “{name}” for {column}. The file has: {listed}."
            raise NotInThisFileError(text, column)
        found[column] = (text,)
    return found


@cache
def _exact(table: str) -> dict[str, frozenset[str]]:
    listed = synonyms().get(table, {})
    return {
        column.name: frozenset((key_of(column.name), *listed.get(column.name, ()))) for column in KINDS[table].columns
    }


@cache
def _phrases(table: str, column: str) -> tuple[str, ...]:
    """The words of a canonical column and of its synonyms, for likeness."""
    return (column.replace("_", " "),)


def _likeness(table: str, column: str, header: Header) -> tuple[float, str]:
    keys = _exact(table)[column]
    if header.key in keys:
        return 1.0, f"“{header.text}” is a known name for {column}"
    names = [key for key in keys if not _qualified(header, key) and _alike(header.key, key)]
    best = max((fuzz.ratio(header.key, key) for key in names), default=0) / 100
    if not _qualified(header, key_of(column)) and _alike(header.key, key_of(column)):
        best = max(best, *(fuzz.token_sort_ratio(header.words, phrase) / 100 for phrase in _phrases(table, column)))
    if best < MIN_RESEMBLANCE:
        return 0.0, ""
    return min(RESEMBLES, best * 0.85), f"“{header.text}” resembles a name for {column}"


def _alike(key: str, name: str) -> bool:
    """Whether more than a word that many columns end with is alike: "leave time" is no "create time"."""
    for ending in _ENDINGS:
        if key.endswith(ending) and name.endswith(ending) and len(name) > len(ending) and len(key) > len(ending):
            return fuzz.ratio(key.removesuffix(ending), name.removesuffix(ending)) >= 100 * MIN_RESEMBLANCE
    return True


def _qualified(header: Header, key: str) -> bool:
    """Whether the header has a word that makes it another thing: a weighted amount is no amount."""
    return any(word in QUALIFIERS and word not in key for word in header.words.split())


def _possible(evidence: Mapping[str, Evidence], text: str, kind: Kind, column: str) -> bool:
    """Whether the values allow it. A deal's `Status` may be any: its values must speak of winning or losing."""
    if (kind.name, column) == ("deals", "status") and text in evidence and evidence[text].count:
        return evidence[text].stage >= STATUS_SHARE
    return evidence[text].fits(kind.column(column).type, column) > 0 if text in evidence else True


def _spoken(fit: float, type_: str) -> str:
    if fit >= 0.95:
        return f"its values are {type_} values"
    if fit == 0:
        return f"but its values are not {type_} values"
    return "its values fit" if fit >= 0.65 else "its values fit only partly"
