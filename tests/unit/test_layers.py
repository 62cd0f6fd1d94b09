"""Imports go one way: a layer knows what is below it and nothing above."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "scorecard").rglob("*.py")])

# From the top down: a module may import its own layer and every layer after it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("app", "pages", "scorecard.__main__", "scorecard.docs"),
    ("scorecard.ui", "scorecard.command"),
    ("scorecard.charts", "scorecard.export"),
    ("scorecard.queries", "scorecard.filters", "scorecard.stats", "scorecard.store", "scorecard.loading"),
    ("scorecard.ingest", "scorecard.warehouse", "scorecard.sample"),
    # what was decided and what was typed: the store keeps it, the build reads it
    ("scorecard.book", "scorecard.imports"),
    (
        "scorecard.sqlfiles",
        "scorecard.business_time",
        "scorecard.lead_criteria",
        "scorecard.files",
        "scorecard.faults",
        "scorecard.sealed",
        "scorecard.identity",
        "scorecard.masking",
        "scorecard.schema",
        "scorecard.errors",
    ),
)
DUCKDB_USERS = ("scorecard.ingest", "scorecard.warehouse", "scorecard.queries")
SQLITE_USERS = ("scorecard.book",)
SQL_CALLS = {"execute", "executemany", "executescript", "sql"}


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def belongs(module: str, family: str) -> bool:
    """The module is the family, lies inside it, or carries its name as a prefix (`ui_upload` belongs to `ui`)."""
    return module == family or module.startswith((f"{family}.", f"{family}_"))


def layer(module: str) -> int | None:
    """The layer's place from the top; the most exact family wins. None = nobody placed the module."""
    ranks = [
        (len(family), rank) for rank, families in enumerate(LAYERS) for family in families if belongs(module, family)
    ]
    return max(ranks)[1] if ranks else None


def imports(source: str) -> Iterator[str]:
    """Every module a source imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def climbs(module: str, source: str) -> list[str]:
    """Imports that go up."""
    own = layer(module)
    found = []
    for target in set(imports(source)):
        rank = layer(target) if target.split(".")[0] in ("app", "pages", "scorecard") else None
        if own is not None and rank is not None and rank < own:
            found.append(target)
    return found


def outside(module: str, source: str) -> list[str]:
    """Libraries and calls the module's place does not allow."""
    found = []
    roots = {name.split(".")[0] for name in imports(source)}
    is_page = module == "app" or module.startswith("pages") or belongs(module, "scorecard.ui")
    if "streamlit" in roots and not is_page:
        found.append("imports streamlit")
    runs_duckdb = any(belongs(module, family) for family in DUCKDB_USERS)
    if "duckdb" in roots and not runs_duckdb:
        found.append("imports duckdb")
    if "sqlite3" in roots and not any(belongs(module, family) for family in SQLITE_USERS):
        found.append("imports sqlite3")
    if not any(belongs(module, family) for family in (*DUCKDB_USERS, *SQLITE_USERS)):
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        names = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
        found += [f"runs SQL: .{name}()" for name in sorted(names & SQL_CALLS)]
    return found


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_a_module_keeps_to_its_layer(path: Path) -> None:
    module, source = module_name(path), path.read_text(encoding="utf-8")
    assert module == "scorecard" or layer(module) is not None, f"{module} stands in no layer: place it in LAYERS"
    assert climbs(module, source) == []
    assert outside(module, source) == []


def test_every_layer_has_its_modules() -> None:
    assert {layer(module_name(path)) for path in FILES} >= set(range(len(LAYERS)))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("scorecard.stats.curves", "from scorecard import ui"),
        ("scorecard.charts.bars", "from scorecard.ui_cards import card"),
        ("scorecard.ingest.reading", "def read():\n    from scorecard.queries import run"),
        ("scorecard.schema", "import scorecard.ingest.reading"),
        ("scorecard.warehouse", "import pages.data"),
    ],
)
def test_an_import_that_goes_up_is_seen(module: str, source: str) -> None:
    assert climbs(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("scorecard.charts.bars", "import streamlit as st"),
        ("scorecard.stats.curves", "import duckdb"),
        ("scorecard.export.slides", "def rows(reader):\n    return reader.execute('select 1')"),
        ("pages.video", "import sqlite3"),
        ("scorecard.store", "import duckdb"),
    ],
)
def test_a_library_in_the_wrong_place_is_seen(module: str, source: str) -> None:
    assert outside(module, source)
