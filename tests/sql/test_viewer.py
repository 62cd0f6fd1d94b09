"""What a viewer's connection can do: read the published snapshot. Every way out of it, or to change it, is closed."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from scorecard import warehouse
from tests.sql.model import Snapshot, day, write_import

# {folder} is a folder with files of every sort that the test itself can read.
FILE_ACCESS = (
    "copy deals to '{folder}/out.csv'",
    "copy deals from '{folder}/other.csv'",
    "copy (select 1) to '{folder}/out.parquet' (format parquet)",
    "copy (select 1) to '/dev/stdout'",
    "explain analyze copy deals to '{folder}/out.csv'",
    "export database '{folder}/out'",
    "import database '{folder}'",
    "select * from read_csv('{folder}/other.csv')",
    "select content from read_text('{folder}/other.csv')",
    "select content from read_blob('{folder}/other.csv')",
    "select * from read_json('{folder}/other.json')",
    "select * from read_parquet('{folder}/other.parquet')",
    "select * from parquet_metadata('{folder}/other.parquet')",
    "select * from sniff_csv('{folder}/other.csv')",
    "select * from glob('{folder}/*')",
    "select * from '{folder}/other.csv'",
    "select * from '{folder}/other.parquet'",
    "select * from read_csv('https://example.com/x.csv')",
    "select * from query('select content from read_text(''{folder}/other.csv'')')",
    "select * from read_duckdb('{folder}/other.duckdb')",
    "attach '{folder}/other.duckdb' as other",
    "attach '{folder}/other.duckdb' as other (read_only)",
    "attach '{folder}/new.duckdb' as other",
    "select * from frame_of_the_program",
)
READS = tuple(attempt for attempt in FILE_ACCESS if attempt.startswith("select") and "{folder}" in attempt)
CONFIGURATION = (
    "set enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set allowed_directories = ['/']",
    "set temp_directory = '{folder}'",
    "set extension_directory = '{folder}'",
    "set log_query_path = '{folder}/log.sql'",
    "set memory_limit = '100TB'",
    "pragma profiling_output = '{folder}/profile.json'",
    "install httpfs",
    "load httpfs",
    "load '{folder}/other.duckdb_extension'",
    "create secret (type s3, key_id 'a', secret 'b')",
)
CHANGES = (
    "insert into deals select * from deals",
    "update deals set amount = 0",
    "delete from deals",
    "truncate deals",
    "drop table deals",
    "alter table deals add column extra integer",
    "alter table deals rename to other",
    "create table other as select 1 as one",
    "create view other as select 1 as one",
    "create schema other",
    "create sequence other",
    "create macro other(x) as x",
    "create type other as enum ('a')",
    "create index other on deals (deal_id)",
    "comment on table deals is 'other'",
)
SECOND_STATEMENTS = tuple(
    f"select 1; {second}"
    for second in ("drop table deals", "copy deals to '{folder}/out.csv'", "set enable_external_access = true")
)
ATTEMPTS = (*FILE_ACCESS, *CONFIGURATION, *CHANGES, *SECOND_STATEMENTS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that a connection without the lock can read."""
    made = tmp_path_factory.mktemp("other")
    with duckdb.connect(str(made / "other.duckdb")) as connection:
        connection.execute("create table secrets as select 42 as answer")
        connection.execute(f"copy secrets to '{made}/other.csv'")
        connection.execute(f"copy secrets to '{made}/other.json'")
        connection.execute(f"copy secrets to '{made}/other.parquet'")
    return made


@pytest.fixture(scope="module")
def snapshot_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("snapshot")
    deal = {"deal_id": "d1", "status": "won", "created_at": day("2026-03-01"), "closed_at": day("2026-04-01")}
    shot = Snapshot(made / "s.duckdb", [write_import(made, "deals", [deal])])
    shot.reader.close()
    return shot.path


@pytest.fixture
def viewer(snapshot_file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The connection that pages and the command line read through."""
    with warehouse.open_reader(snapshot_file) as connection:
        yield connection


def test_there_are_enough_attempts() -> None:
    assert len({*ATTEMPTS}) == len(ATTEMPTS) >= 44


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_attempt_is_refused_and_leaves_nothing(
    viewer: duckdb.DuckDBPyConnection, snapshot_file: Path, folder: Path, attempt: str
) -> None:
    frame_of_the_program = viewer.sql("select 1 as one").to_arrow_table()  # a name DuckDB could look up
    assert frame_of_the_program.num_rows == 1
    before, files = snapshot_file.read_bytes(), sorted(folder.iterdir())
    cursor = viewer.cursor()
    with pytest.raises(duckdb.Error):
        cursor.execute(attempt.format(folder=folder)).fetchall()
    assert viewer.cursor().execute("select deal_id from deals").fetchall() == [("d1",)]
    assert sorted(folder.iterdir()) == files
    assert snapshot_file.read_bytes() == before


def test_a_plain_connection_is_not_refused_so_the_refusals_mean_something(snapshot_file: Path, folder: Path) -> None:
    refused = []
    for attempt in (*READS, "set memory_limit = '1GB'", "set temp_directory = '{folder}'"):
        with duckdb.connect(str(snapshot_file), read_only=True) as plain:
            try:
                plain.execute(attempt.format(folder=folder)).fetchall()
            except duckdb.Error:
                refused.append(attempt)
    assert refused == []


def test_what_a_cursor_may_do_for_itself_reaches_nobody_else(viewer: duckdb.DuckDBPyConnection) -> None:
    viewer.cursor().execute("create temp table deals as select 'other' as deal_id")
    assert viewer.cursor().execute("select deal_id from deals").fetchall() == [("d1",)]
