"""A snapshot built by the real build from rows the test writes down."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sql.model import Snapshot, write_import


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[Callable[..., Snapshot]]:
    """`snapshot(deals=[...], people=[...])` -> Snapshot; keyword `book` for settings and maps."""
    opened: list[Snapshot] = []

    def build(book: Any = None, system: str = "own", **tables: Any) -> Snapshot:
        imports = [write_import(tmp_path, kind, rows, system=system) for kind, rows in tables.items()]
        opened.append(Snapshot(tmp_path / f"snapshot{len(opened)}.duckdb", imports, book))
        return opened[-1]

    yield build
    for each in opened:
        each.reader.close()
