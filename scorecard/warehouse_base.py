"""The records of all exports as they stand: the newest version of each, and the history of deals and people."""

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from scorecard.imports import ImportRecord
from scorecard.ingest.sql import literal
from scorecard.schema import KINDS, LINEAGE, SQL_TYPES
from scorecard.sqlfiles import statement

# What of a record makes a new version of it in the history.
TRACKED = {
    "deals": (
        "name",
        "stage_raw",
        "status",
        "amount",
        "currency",
        "created_at",
        "closed_at",
        "expected_close_at",
        "owner",
        "pipeline",
        "source_raw",
        "type",
        "company_name",
        "crm_probability",
        "vendor_score",
    ),
    "people": (
        "lifecycle_stage",
        "status",
        "owner",
        "source_raw",
        "mql_at",
        "sql_at",
        "customer_at",
        "disqualified_at",
    ),
}
VERSION_TABLES = {"deals": "deal_versions", "people": "person_versions"}
Report = Callable[[str, float], None]


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables for every kind, its history and the account of files."""
    for kind in KINDS.values():
        columns = [f"{name} {type_}" for name, type_ in LINEAGE]
        columns += [f'"{column.name}" {SQL_TYPES[column.type]}' for column in kind.columns]
        columns += ["import_id VARCHAR", "as_of TIMESTAMP", "changed_at TIMESTAMP", "missing_since TIMESTAMP"]
        connection.execute(f"create table base_{kind.name} ({', '.join(columns)})")
    for kind_name, table in VERSION_TABLES.items():
        tracked = [f'"{name}" {SQL_TYPES[KINDS[kind_name].column(name).type]}' for name in TRACKED[kind_name]]
        columns = ["system VARCHAR", "object VARCHAR", "record_key VARCHAR", *tracked]
        columns += ["tracked_hash VARCHAR", "import_id VARCHAR", "held_from TIMESTAMP", "held_until TIMESTAMP"]
        connection.execute(f"create table {table} ({', '.join(columns)})")
    connection.execute(
        "create table quarantine (import_id VARCHAR, file VARCHAR, line BIGINT, column_name VARCHAR, reason VARCHAR,"
        " raw VARCHAR)"
    )
    connection.execute("create table applied_imports (import_id VARCHAR)")


def apply_imports(connection: duckdb.DuckDBPyConnection, imports: Sequence[ImportRecord], report: Report) -> None:
    """Adds the imports, oldest first: records by newest version, history by export date, refused rows as they are."""
    ordered = sorted(imports, key=lambda record: record.order)
    for number, record in enumerate(ordered):
        report(f"Adding {record.file}", number / max(len(ordered), 1))
        for place, table in enumerate(record.tables):
            _stage(connection, record, table.kind, table.path)
            if table.kind in VERSION_TABLES:
                _extend_history(connection, table.kind, record)
            _merge(connection, table.kind, is_main=place == 0)
        _keep_refused(connection, record)
        connection.execute("insert into applied_imports values (?)", [record.id])


def mark_missing(connection: duckdb.DuckDBPyConnection, imports: Sequence[ImportRecord]) -> None:
    """Marks records a newer full list of their source no longer holds; they stay, but count nowhere."""
    newest: dict[tuple[str, str, str], ImportRecord] = {}
    for record in sorted(imports, key=lambda record: record.order):
        if record.is_full:
            newest.update({(table.kind, record.system, record.kind): record for table in record.tables})
    for kind in KINDS:
        connection.execute(f"update base_{kind} set missing_since = null where missing_since is not null")
    for (kind, _, _), record in newest.items():
        same_source = [other.id for other in imports if (other.system, other.kind) == (record.system, record.kind)]
        connection.execute(
            f"update base_{kind} set missing_since = ? where as_of < ? and list_contains(?, import_id)",
            [record.as_of, record.as_of, same_source],
        )


def drop_mended(connection: duckdb.DuckDBPyConnection, imports: Sequence[ImportRecord]) -> None:
    """Rows a person mended and loaded again leave the quarantine."""
    for record in imports:
        for import_id, line in record.mended:
            connection.execute("delete from quarantine where import_id = ? and line = ?", [import_id, line])


def _stage(connection: duckdb.DuckDBPyConnection, record: ImportRecord, kind: str, path: Path) -> None:
    """The import's rows of one kind as `incoming_rows`, in the shape of the base table, read where they lie.

    A column that came with a later version of the product is unknown in files read before it; `rebuild` reads it.
    """
    held = {name for (name,) in connection.execute("select name from parquet_schema(?)", [str(path)]).fetchall()}
    types = {column.name: SQL_TYPES[column.type] for column in KINDS[kind].columns}
    names = [name for name, _ in LINEAGE] + list(KINDS[kind].column_names)
    columns = ", ".join(f'"{name}"' if name in held else f'null::{types[name]} as "{name}"' for name in names)
    changed = "date_trunc('second', modified_at)" if "modified_at" in names else "null::timestamp"
    connection.execute(
        f"create or replace temp view incoming_rows as select {columns}, {literal(record.id)} as import_id,"
        f" timestamp {literal(record.as_of.isoformat(' '))} as as_of, {changed} as changed_at,"
        f" null::timestamp as missing_since from read_parquet({literal(str(path))})"
    )


def _merge(connection: duckdb.DuckDBPyConnection, kind: str, is_main: bool) -> None:
    """Adds the incoming rows to their table; only where a record is held already does one have to give way.

    is_main: the first table of its file, in which no record occurs twice.
    """
    table = f"base_{kind}"
    connection.execute(f"create or replace temp view held_rows as select * from {table}")
    if is_main and not connection.execute(statement("load", "repeated_records")).fetchall()[0][0]:
        connection.execute(f"insert into {table} select * from incoming_rows")
        return
    connection.execute(f"create table merged_rows as {statement('load', 'merge_rows')}")
    connection.execute(f"drop table {table}")
    connection.execute(f"alter table merged_rows rename to {table}")


def _extend_history(connection: duckdb.DuckDBPyConnection, kind: str, record: ImportRecord) -> None:
    """Closes the versions the export changes and opens the new ones; imports come oldest first."""
    table = VERSION_TABLES[kind]
    tracked = ", ".join(f'"{name}"' for name in TRACKED[kind])
    connection.execute(
        f"create or replace temp view incoming_versions as select system, object, record_key, {tracked},"
        f" md5(concat_ws('|', {tracked})) as tracked_hash, import_id, as_of as held_from, null::timestamp as held_until"
        " from incoming_rows"
    )
    if not connection.execute(f"select count(*) from {table}").fetchall()[0][0]:
        connection.execute(f"insert into {table} select * from incoming_versions")
        return
    connection.execute(f"create or replace temp view held_versions as select * from {table}")
    connection.execute(f"create or replace temp table changed_versions as {statement('load', 'changed_versions')}")
    key = "{0}.system = {1}.system and {0}.object = {1}.object and {0}.record_key = {1}.record_key"
    same = key.format(table, "changed_versions")
    # A corrected export of the same day replaces the version of that day.
    connection.execute(
        f"delete from {table} using changed_versions where {same} and {table}.held_from = ?", [record.as_of]
    )
    connection.execute(
        f"update {table} set held_until = ? from changed_versions where {same} and {table}.held_until is null",
        [record.as_of],
    )
    connection.execute(f"insert into {table} select * from changed_versions")
    connection.execute("drop table changed_versions")


def _keep_refused(connection: duckdb.DuckDBPyConnection, record: ImportRecord) -> None:
    if record.refused is not None and record.refused.exists():
        connection.execute(
            "insert into quarantine select ?, ?, line, column_name, reason, raw from read_parquet(?)",
            [record.id, record.file, str(record.refused)],
        )
