"""Builds a snapshot from imports and the book, and opens one for reading."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from scorecard import DEFINITIONS_VERSION, __version__
from scorecard.book import BookCopy
from scorecard.errors import StoreError
from scorecard.identity import connected
from scorecard.imports import ImportRecord
from scorecard.schema import DIMENSIONS, KINDS
from scorecard.sqlfiles import folder_files, load, statement, unset_parameters
from scorecard.warehouse_base import apply_imports, create_tables, drop_mended, mark_missing
from scorecard.warehouse_words import calendar_bounds, insert_rows, write_hours, write_words

Report = Callable[[str, float], None]

# A load must leave room for the readers beside it; what does not fit is spilled next to the snapshot.
MEMORY_LIMIT = "1500MB"

# So many loaded rows are built in one transaction: committed singly, two hundred statements wait for the disk longer
# than they take. More would hold memory, and room in the file, that single commits give back.
IN_ONE_TRANSACTION = 200_000

# Model tables in the order they need each other.
MODEL = (
    "calendar",
    "reference_scopes",
    "word_norms",
    "person_records",
    "person_keys",
    "person_refs",
    "person_emails",
    "users",
    "products",
    "companies",
    "company_refs",
    "campaigns",
    "campaign_names",
    "people",
    "deal_records",
    "deal_refs",
    "deal_people",
    "deal_companies",
    "touches",
    "videos",
    "video_views",
    "activities",
    "deal_contacts",
    "deal_touches",
    "deal_origin",
    "sales_contacts",
    "deal_sides",
    "deal_influence",
    "deals",
    "deal_journeys",
    "attribution_models",
    "credit_fact",
    "deal_paths",
    "handoff_clock",
    "lead_fact",
    "video_sends",
    "spend",
    "budgets",
    "surveys",
    "video_period",
    "revenue",
    "customer_deals",
    "customers",
    "customer_months",
    "stage_events",
    "deal_history",
    "person_history",
    "targets",
    "cohort_fact",
    "viewer_fact",
    "audience_fact",
    "watch_fact",
    "lead_value",
    "handoff_fact",
    "friction_fact",
    "filter_values",
)
# Only steps on the way; dropped before the snapshot is published.
STEPS = ("reference_scopes", "word_norms", "person_records", "person_links", "person_refs", "person_emails",
         "company_refs", "deal_refs", "deal_records", "deal_companies", "deal_touches", "deal_origin",
         "sales_contacts", "days")  # fmt: skip
# What the snapshot tells of each file it was built from.
IMPORT_COLUMNS = {
    "import_id": "VARCHAR",
    "file": "VARCHAR",
    "sheet": "VARCHAR",
    "sha256": "VARCHAR",
    "system": "VARCHAR",
    "kind": "VARCHAR",
    "title": "VARCHAR",
    "as_of": "TIMESTAMP",
    "as_of_origin": "VARCHAR",
    "is_full": "BOOLEAN",
    "who": "VARCHAR",
    "loaded_at": "TIMESTAMP",
    "rows_read": "BIGINT",
    "rows_loaded": "BIGINT",
    "rows_quarantined": "BIGINT",
    "rows_not_data": "BIGINT",
    "notes": "VARCHAR",
    "tables": "VARCHAR",
    "mends": "VARCHAR",
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


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds: enough to tell later whether the file is whole."""

    import_ids: tuple[str, ...]
    as_of: datetime | None
    row_counts: Mapping[str, int]
    sums: Mapping[str, str]
    code_version: str = __version__
    definitions_version: str = DEFINITIONS_VERSION
    book: Mapping[str, Any] = field(default_factory=dict)


def build(
    target: Path,
    base: Path | None,
    imports: Sequence[ImportRecord],
    book: BookCopy,
    now: datetime,
    progress: Report | None = None,
) -> Manifest:
    """Writes the snapshot of all `imports` to `target`.

    base: a published snapshot built from a subset of the imports, to start from; None builds from nothing.
    progress: called with a sentence and the share done (0..1).
    Raises StoreError if the base holds an import that is not among `imports`.
    """
    report = progress or (lambda _text, _share: None)
    if base is not None:
        shutil.copyfile(base, target)
        target.chmod(0o600)
    with duckdb.connect(str(target)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set temp_directory = ?", [str(target.with_suffix(".tmp"))])
        connection.execute(f"set memory_limit = {MEMORY_LIMIT!r}")
        in_one = sum(record.rows_loaded for record in imports) <= IN_ONE_TRANSACTION
        if in_one:
            connection.execute("begin")
        new = _new_imports(connection, base is not None, imports)
        apply_imports(connection, new, lambda text, share: report(text, 0.4 * share))
        mark_missing(connection, imports)
        drop_mended(connection, imports)
        as_of = data_date(imports, now)
        write_words(connection, book, as_of)
        _write_imports(connection, imports)
        _build_model(connection, book, as_of, report)
        report("Computing the metrics", 0.8)
        _write_metrics(connection)
        _write_coverage(connection)
        for step in STEPS:
            connection.execute(f"drop table if exists {step}")
        if in_one:
            connection.execute("commit")
        report("Checking the result", 0.95)
        manifest = describe(connection, tuple(record.id for record in imports), as_of if imports else None)
        connection.execute("checkpoint")
    return manifest


def data_date(imports: Sequence[ImportRecord], now: datetime) -> datetime:
    """The day the numbers tell of: that of the newest dated export; a list without dates (users, products) has none."""
    dated = [record.as_of for record in imports if record.as_of_origin != "load date"]
    return max(dated or [record.as_of for record in imports], default=now)


def _new_imports(
    connection: duckdb.DuckDBPyConnection, has_base: bool, imports: Sequence[ImportRecord]
) -> list[ImportRecord]:
    if not has_base:
        create_tables(connection)
        return list(imports)
    applied = {row[0] for row in connection.execute("select import_id from applied_imports").fetchall()}
    if not applied <= {record.id for record in imports}:
        raise StoreError("The snapshot to start from holds files that are no longer in effect; build from raw instead.")
    return [record for record in imports if record.id not in applied]


def _write_imports(connection: duckdb.DuckDBPyConnection, imports: Sequence[ImportRecord]) -> None:
    columns = ", ".join(f"{name} {type_}" for name, type_ in IMPORT_COLUMNS.items())
    connection.execute(f"create or replace table import_files ({columns})")
    for record in imports:
        derived = {
            "import_id": record.id,
            "is_full": record.is_full,
            "notes": "\n".join(record.notes),
            "tables": ";".join(table.kind for table in record.tables),
        }
        values = [derived[name] if name in derived else getattr(record, name) for name in IMPORT_COLUMNS]
        connection.execute(f"insert into import_files values ({', '.join('?' * len(values))})", values)


def _build_model(connection: duckdb.DuckDBPyConnection, book: BookCopy, as_of: datetime, report: Report) -> None:
    systems = " union ".join(f"select system from base_{kind}" for kind in KINDS)
    connection.execute(f"create or replace table system_names as select distinct system from ({systems})")
    first, last = calendar_bounds(_extremes(connection), as_of)
    connection.execute(
        "create or replace table days as select unnest(generate_series(?::date, ?::date, interval 1 day))::date as day",
        [first.date(), last.date()],
    )
    write_hours(connection, book, first.date(), last.date())
    for number, name in enumerate(MODEL):
        report(f"Building {name.replace('_', ' ')}", 0.4 + 0.4 * number / len(MODEL))
        model = load("model", name)
        connection.execute(f"create or replace table {name} as {model.sql}", unset_parameters(model))
        if name == "person_records":
            _link_people(connection)


def _extremes(connection: duckdb.DuckDBPyConnection) -> list[datetime | None]:
    """The earliest date of every table the calendar has to reach back to."""
    columns = (
        ("spend", "period_start"),
        ("deals", "created_at"),
        ("deals", "closed_at"),
        ("people", "created_at"),
        ("people", "mql_at"),
        ("revenue", "month"),
    )
    return [connection.execute(f"select min({column}) from base_{kind}").fetchall()[0][0] for kind, column in columns]


def _link_people(connection: duckdb.DuckDBPyConnection) -> None:
    edges = connection.execute(statement("load", "person_edges")).fetchall()
    connection.execute("create or replace table person_links (email_group BIGINT, root BIGINT)")
    insert_rows(connection, "person_links", list(connected(edges).items()))


def _write_metrics(connection: duckdb.DuckDBPyConnection) -> None:
    """`metric_rows` (every metric's rows) and `metric_catalog` (how each is rolled up)."""
    typed = [
        "entity VARCHAR", "entity_id VARCHAR", "happened_on DATE", *(f"{name} VARCHAR" for name in DIMENSIONS[:-1]),
        "account_list VARCHAR", "video_engaged BOOLEAN", "numerator DECIMAL(18, 4)", "denominator DECIMAL(18, 4)",
    ]  # fmt: skip
    connection.execute(f"create or replace table metric_rows (metric VARCHAR, {', '.join(typed)})")
    connection.execute(
        "create or replace table metric_catalog (metric VARCHAR, title VARCHAR, unit VARCHAR, good VARCHAR,"
        " aggregate VARCHAR, is_zero_null BOOLEAN)"
    )
    columns = ", ".join(METRIC_COLUMNS)
    for metric in folder_files("metrics"):
        connection.execute(f"insert into metric_rows select ?, {columns} from ({metric.sql}) as metric", [metric.name])
        header = metric.header
        connection.execute(
            "insert into metric_catalog values (?, ?, ?, ?, ?, ?)",
            [
                metric.name,
                header["title"],
                header["unit"],
                header["good"],
                header["aggregate"],
                header.get("zero") == "null",
            ],
        )


def _write_coverage(connection: duckdb.DuckDBPyConnection) -> None:
    """How many rows of each table say anything in each column: what decides whether a number is computable."""
    connection.execute(
        "create or replace table coverage (table_name VARCHAR, column_name VARCHAR, rows BIGINT, known BIGINT)"
    )
    found = []
    for kind in KINDS.values():
        counts = ", ".join(f'count("{name}")' for name in kind.column_names)
        sql = f"select count(*), {counts} from base_{kind.name} where missing_since is null"
        total, *known = connection.execute(sql).fetchall()[0]
        found += [(kind.name, name, total, count) for name, count in zip(kind.column_names, known, strict=True)]
    insert_rows(connection, "coverage", found)


def describe(connection: duckdb.DuckDBPyConnection, import_ids: tuple[str, ...], as_of: datetime | None) -> Manifest:
    """Row counts of every table and the sums that must not change behind our back."""
    named = connection.execute("select table_name from duckdb_tables() where not temporary order by 1").fetchall()
    counted = " union all ".join(f"select '{name}', count(*) from \"{name}\"" for (name,) in named)
    counts = dict(sorted(connection.execute(counted).fetchall()))
    sums = {
        "deals.amount": "select sum(amount) from deals",
        "won.amount": "select sum(amount) from deals where is_won",
        "spend.cost": "select sum(cost) from spend",
        "metric_rows.numerator": "select sum(numerator) from metric_rows",
    }
    found = connection.execute("select " + ", ".join(f"({sum_})" for sum_ in sums.values())).fetchall()[0]
    sums = {name: str(value) for name, value in zip(sums, found, strict=True)}
    return Manifest(import_ids, as_of, counts, sums)


def open_reader(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection that can read this snapshot and nothing else; settings are locked."""
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute("set temp_directory = ''")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def verify(path: Path, manifest: Manifest) -> None:
    """Raises StoreError unless the snapshot on disk holds what its manifest says."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = describe(connection, manifest.import_ids, manifest.as_of)
    except duckdb.Error as error:
        raise StoreError(f"The snapshot {path.name} cannot be read.") from error
    if dict(found.row_counts) != dict(manifest.row_counts) or dict(found.sums) != dict(manifest.sums):
        raise StoreError(f"The snapshot {path.name} does not hold what its manifest says.")
