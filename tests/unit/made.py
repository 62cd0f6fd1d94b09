"""Small typed imports and stores for tests, built of real Parquet and DuckDB files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scorecard.imports import ImportRecord, ImportTable
from scorecard.schema import KINDS, LINEAGE, SQL_TYPES

NOW = datetime(2026, 3, 2, 9, 0)
ARROW = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(18, 4)": pa.decimal128(18, 4),
    "DOUBLE": pa.float64(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
}


def typed(path: Path, kind: str, rows: Sequence[Mapping[str, Any]]) -> ImportTable:
    """The rows as the typed Parquet file of a kind."""
    columns = [*LINEAGE, *((column.name, SQL_TYPES[column.type]) for column in KINDS[kind].columns)]
    schema = pa.schema([(name, ARROW[sql_type]) for name, sql_type in columns])
    key = KINDS[kind].key or ""
    full = [
        {
            "system": "own",
            "object": kind,
            "record_key": str(row.get(key, number)),
            "line": number + 2,
            "row_hash": str(sorted(row.items())),
            **row,
        }
        for number, row in enumerate(rows)
    ]
    pq.write_table(pa.Table.from_pylist(full, schema=schema), path)
    mapped = tuple(sorted({name for row in rows for name in row}))
    return ImportTable(kind, path, len(rows), mapped)


def deals_import(folder: Path, import_id: str, amounts: Mapping[str, str], as_of: datetime = NOW) -> ImportRecord:
    """An import of won deals, one per id."""
    from decimal import Decimal

    rows = [
        {
            "deal_id": deal_id,
            "name": f"Deal {deal_id}",
            "stage_raw": "Closed Won",
            "status": "won",
            "amount": Decimal(amount),
            "created_at": datetime(2026, 1, 5),
            "closed_at": datetime(2026, 2, 5),
        }
        for deal_id, amount in amounts.items()
    ]
    folder.mkdir(exist_ok=True)
    return ImportRecord(
        id=import_id,
        file=f"{import_id}.csv",
        sheet=None,
        sha256="0" * 64,
        system="own",
        kind="deals",
        title="Deals",
        signature="deals",
        as_of=as_of,
        as_of_origin="test",
        who="test",
        loaded_at=NOW,
        rows_read=len(rows),
        rows_loaded=len(rows),
        rows_quarantined=0,
        rows_not_data=0,
        tables=(typed(folder / f"{import_id}.work.parquet", "deals", rows),),
    )
