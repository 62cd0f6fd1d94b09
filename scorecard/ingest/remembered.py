"""What was accepted for an earlier file of the same source, when this week's has not quite its columns."""

from collections.abc import Mapping, Sequence

from scorecard.ingest.headers import Header, key_of
from scorecard.ingest.report import SavedMapping
from scorecard.schema import KINDS

SHARE = 0.8  # of the columns accepted then that must still be there
COLUMNS = 3
MOSTLY = 0.6  # of all columns, for a file to be of the same source


def choices(kind: str, earlier: Sequence[SavedMapping], headers: Sequence[Header]) -> dict[str, str]:
    """What a person said about the newest file of this vendor's kind, as far as this file has those columns."""
    newest = next((saved for saved in earlier if saved.kind == kind), None)
    return present(newest.mapping, headers) if newest else {}


def alike(earlier: Sequence[SavedMapping], headers: Sequence[Header]) -> SavedMapping | None:
    """The newest file of no known vendor most of whose columns are here under the same names."""
    keys = {header.key for header in headers}
    for saved in earlier:
        wanted = [header for header in saved.mapping.values() if header]
        there = [header for header in wanted if key_of(header) in keys]
        if saved.kind in KINDS and len(there) >= COLUMNS and len(there) >= SHARE * len(wanted):
            return saved
    return None


def same_source(earlier: Sequence[SavedMapping], headers: Sequence[Header]) -> SavedMapping | None:
    """The newest file with mostly these columns, whatever its kind."""
    keys = {header.key for header in headers}
    for saved in earlier:
        then = {key_of(header) for header in saved.header}
        if len(then & keys) > COLUMNS and len(then & keys) >= MOSTLY * max(len(then), len(keys)):
            return saved
    return None


def present(mapping: Mapping[str, str], headers: Sequence[Header]) -> dict[str, str]:
    """The part of a mapping whose headers the file has."""
    keys = {header.key for header in headers}
    return {column: header for column, header in mapping.items() if not header or key_of(header) in keys}


def merged(before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What was accepted before with what is said now; a header said for another column leaves its old one."""
    taken = {key_of(header) for header in said.values() if header}
    kept = {column: header for column, header in before.items() if not header or key_of(header) not in taken}
    return {**kept, **said}
