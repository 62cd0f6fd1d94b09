"""A snapshot built by the real build from rows the test writes down."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sql.model import Snapshot, write_import


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Snapshot]:
    """Builds what no test has asked for yet: a snapshot never changes, so tests of the same rows share its file."""
    folder = tmp_path_factory.mktemp("built")
    known: dict[str, Snapshot] = {}

    def build(book: Any, system: str, tables: dict[str, Any]) -> Snapshot:
        key = repr((book, system, tables))
        if key not in known:
            place = folder / str(len(known))
            place.mkdir()
            imports = [write_import(place, kind, rows, system=system) for kind, rows in tables.items()]
            known[key] = Snapshot(place / "snapshot.duckdb", imports, book)
            known[key].reader.close()
        return known[key]

    return build


@pytest.fixture
def snapshot(built: Callable[..., Snapshot]) -> Iterator[Callable[..., Snapshot]]:
    """`snapshot(deals=[...], people=[...])` -> Snapshot; keyword `book` for settings and maps."""
    opened: dict[Path, Snapshot] = {}

    def build(book: Any = None, system: str = "own", **tables: Any) -> Snapshot:
        found = built(book, system, tables)
        if found.path not in opened:
            opened[found.path] = found.opened_again()
        return opened[found.path]

    yield build
    for each in opened.values():
        each.reader.close()
