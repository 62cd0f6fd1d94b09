"""A query file's header tells the truth about its statement: nobody keeps it in step by memory."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from scorecard import queries, queries_computed, sqlfiles, warehouse
from scorecard.book import BookCopy
from scorecard.schema import DIMENSIONS, KINDS

FILES = sorted(sqlfiles.QUERIES.rglob("*.sql"))
FOLDERS = {"model", "load", "metrics", "reports", "checks"}
KEYS = {
    "model": {"name", "title", "definition"},
    "load": {"name", "title", "definition"},
    "metrics": {"name", "title", "unit", "good", "aggregate", "grain", "definition", "returns"},
    "reports": {"name", "title", "definition", "returns"},
    "checks": {"name", "title", "severity", "definition", "returns"},
}
OPTIONAL = {"returns", "params", "defaults", "needs", "unit", "good", "grain", "clock", "population", "zero"}
OPTIONAL |= {
    "computed",
    "options",
    "asks",
    "replaces",
    "choices",
    "compares",
    "steps",
    "shortcut",
}  # a calculation after the statement, and what it takes
ALLOWED = {
    "unit": {"money", "percent", "count", "ratio", "days", "hours"},
    "good": {"up", "down", "none"},
    "aggregate": {"sum", "ratio"},
    "severity": {"warn", "block"},
}
METRIC_COLUMNS = (
    "entity",
    "entity_id",
    "happened_on",
    *DIMENSIONS[:-1],
    "account_list",
    "video_engaged",
    "numerator",
    "denominator",
)
ASKED = [path for path in FILES if path.parent.name in ("metrics", "reports", "checks")]


def words(path: Path, key: str) -> tuple[str, ...]:
    """A comma-separated header value."""
    return tuple(word.strip() for word in sqlfiles.parse(path).header.get(key, "").split(",") if word.strip())


def label(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(scope="module")
def empty_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A snapshot of no files at all, built and opened as the app does it."""
    target = tmp_path_factory.mktemp("snapshot") / "empty.duckdb"
    warehouse.build(target, None, [], BookCopy(), datetime(2026, 1, 31, 9, 0))
    reader = warehouse.open_reader(target)
    yield reader
    reader.close()


def test_every_file_stands_in_a_known_folder() -> None:
    assert FILES
    assert {path.parent.name for path in FILES} <= FOLDERS


@pytest.mark.parametrize("path", FILES, ids=label)
def test_a_header_is_complete(path: Path) -> None:
    found = sqlfiles.parse(path)
    assert found.header["name"] == path.stem
    assert KEYS[path.parent.name] <= set(found.header), "keys are missing"
    assert set(found.header) <= KEYS[path.parent.name] | OPTIONAL, "keys nobody reads"
    for key, allowed in ALLOWED.items():
        assert found.header.get(key, min(allowed)) in allowed, key


@pytest.mark.parametrize("path", FILES, ids=label)
def test_a_definition_is_a_sentence_to_be_read_aloud(path: Path) -> None:
    definition = sqlfiles.parse(path).header["definition"]
    assert len(definition.split()) >= 3
    assert definition[0].isupper()
    assert definition.endswith(".")
    assert not re.search(r"\w- ", definition), "a word cut at the end of a line"


@pytest.mark.parametrize("path", FILES, ids=label)
def test_a_file_holds_one_reading_statement(path: Path) -> None:
    statements = duckdb.extract_statements(sqlfiles.parse(path).sql)
    assert [statement.type for statement in statements] == [duckdb.StatementType.SELECT]


@pytest.mark.parametrize("path", FILES, ids=label)
def test_declared_parameters_are_those_of_the_statement(path: Path) -> None:
    found = sqlfiles.parse(path)
    bound = duckdb.extract_statements(found.sql)[0].named_parameters
    assert set(words(path, "params")) == set(bound)
    defaults = {part.partition("=")[0].strip() for part in words(path, "defaults")}
    assert defaults <= set(bound) | set(words(path, "options"))
    choices = {part.partition("=")[0].strip() for part in words(path, "choices")}
    assert choices <= set(bound)


@pytest.mark.parametrize("path", [path for path in ASKED if not words(path, "asks")], ids=label)
def test_declared_columns_are_those_returned_in_order(path: Path, empty_snapshot: duckdb.DuckDBPyConnection) -> None:
    query = queries.catalogue()[path.stem]
    assert [name for name, _ in queries.describe(empty_snapshot, query)] == list(query.returns)


@pytest.mark.parametrize("path", [path for path in ASKED if words(path, "shortcut")], ids=label)
def test_a_shortcut_answers_in_the_same_columns_and_choices(path: Path) -> None:
    query = queries.catalogue()[path.stem]
    asked = queries.catalogue()[" ".join(words(path, "asks")) or path.stem]
    shortcut = query.shortcut
    assert shortcut is not None and asked.shortcut is not None
    assert shortcut.returns == asked.returns and shortcut.bound < query.bound and not shortcut.is_computed
    for name, allowed in shortcut.choices.items():
        assert set(allowed) <= set(asked.choices[name]) and shortcut.defaults[name] == asked.defaults[name]
    # What it does not take can stand aside only where nothing is asked by default.
    assert all(name.startswith("period_") or name in query.defaults for name in query.bound - shortcut.bound)


def test_every_computed_report_has_its_calculation() -> None:
    named = {query.name for query in queries.catalogue().values() if query.is_computed}
    assert named == set(queries_computed.CALCULATIONS)


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "model"], ids=label)
def test_a_table_of_the_model_has_the_declared_columns(path: Path, empty_snapshot: duckdb.DuckDBPyConnection) -> None:
    found = empty_snapshot.cursor().execute(
        "select column_name from duckdb_columns() where table_name = ? order by column_index", [path.stem]
    )
    columns = tuple(row[0] for row in found.fetchall())
    if columns and words(path, "returns"):  # steps on the way are gone from a finished snapshot
        assert columns == words(path, "returns")


@pytest.mark.parametrize("path", ASKED, ids=label)
def test_a_query_can_be_asked_of_an_empty_snapshot(path: Path, empty_snapshot: duckdb.DuckDBPyConnection) -> None:
    query = queries.catalogue()[path.stem]
    bound = queries.bind(query, {}, needs_all=False)
    cursor = empty_snapshot.cursor()
    queries.lay(cursor, query, bound, empty_snapshot)
    assert len(cursor.execute(query.sql, {name: bound[name] for name in query.bound}).fetchall()) <= 400


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "metrics"], ids=label)
def test_every_metric_row_carries_the_same_dimensions(path: Path) -> None:
    assert words(path, "returns") == METRIC_COLUMNS


@pytest.mark.parametrize("path", FILES, ids=label)
def test_needs_name_columns_of_the_schema(path: Path) -> None:
    for pair in re.findall(r"[\w.]+", sqlfiles.parse(path).header.get("needs", "")):
        table, _, column = pair.partition(".")
        assert column in KINDS[table].column_names, pair


def test_a_header_that_lies_is_caught(tmp_path: Path, empty_snapshot: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "lying.sql"
    path.write_text(
        "-- name: lying\n-- title: Lying\n-- definition: It says two columns and a parameter.\n"
        "-- params: owners\n-- returns: deal_id, amount\nselect deals.deal_id from deals where len($teams) = 0\n",
        encoding="utf-8",
    )
    query = sqlfiles.parse(path)
    described = empty_snapshot.cursor().execute(query.sql, {"teams": []}).description or []
    assert [column[0] for column in described] != list(words(path, "returns"))
    assert set(words(path, "params")) != duckdb.extract_statements(query.sql)[0].named_parameters
