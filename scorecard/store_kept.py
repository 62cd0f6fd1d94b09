"""Beside every snapshot, a second copy of what it was built from: the decisions about its files, and the book."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scorecard import files, sealed
from scorecard.imports import ImportRecord

SUFFIX = ".kept.json"
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def write(path: Path, records: Sequence[ImportRecord], book: Tables) -> None:
    """Keep the records and the book's tables at `path`."""
    said = {"imports": {record.id: record.as_json() for record in records}, "book": dict(book)}
    files.write_text(path, sealed.to_text(said))


def find_record(folder: Path, import_id: str, parquet: Path) -> ImportRecord | None:
    """The record of that import from the newest sound copy that has it."""
    for path in _newest_first(folder):
        found = _read(path).get("imports", {}).get(import_id)
        if found:
            return ImportRecord.from_json(found, parquet)
    return None


def find_book(folder: Path) -> Tables | None:
    """The book's tables from the newest sound copy."""
    for path in _newest_first(folder):
        found = _read(path).get("book")
        if found:
            return found
    return None


def book_of(path: Path) -> Tables | None:
    """The book's tables as they were when this one snapshot was built."""
    return _read(path).get("book")


def import_ids(path: Path) -> list[str]:
    """The imports this one snapshot was built from."""
    return list(_read(path).get("imports", {}))


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"[0-9]*{SUFFIX}"), reverse=True)


def _read(path: Path) -> dict[str, Any]:
    try:
        return sealed.from_text(path.read_bytes())
    except (OSError, ValueError):
        return {}
