"""Parquet files: every column as text, in the order of the file."""

from pathlib import Path

import duckdb

from scorecard import faults
from scorecard.errors import IngestError
from scorecard.ingest.cells import unique_headers
from scorecard.ingest.rows import BLANKS, RowSource, TextTable
from scorecard.ingest.sql import literal


def read_parquet(path: Path, target: Path, name: str) -> TextTable:
    """The one table of a Parquet file; line = row number."""
    with duckdb.connect() as connection:
        connection.execute("set temp_directory = $where", {"where": str(target.parent / "spill")})
        connection.execute("set memory_limit = '400MB'")
        try:
            described = connection.execute("describe select * from read_parquet($path)", {"path": str(path)}).fetchall()
            cells = ", ".join(
                f"trim({_as_text(str(column[0]), str(column[1]))}, {literal(BLANKS)}) as c{at}"
                for at, column in enumerate(described)
            )
            connection.execute(
                f"copy (select {cells} from read_parquet({literal(str(path))}))"
                f" to {literal(str(target))} (format parquet, compression lz4, row_group_size 40960)"
            )
            counted = connection.execute("select count(*) from read_parquet($path)", {"path": str(target)}).fetchone()
        except duckdb.Error as error:
            if faults.sentence(error):
                raise
            raise IngestError(f"{name} is a damaged Parquet file. Export it again.") from error
    header = unique_headers([str(column[0]) for column in described])
    rows = int(counted[0]) if counted else 0
    if rows == 0:
        raise IngestError(f"{name} has columns but no rows. Export it again and check that the list has rows.")
    return TextTable(name, None, header, 0, RowSource(target, len(header), 0), rows, dialect={"format": "parquet"})


def _as_text(column: str, type_: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    if type_.endswith("[]"):
        return f"array_to_string({quoted}::varchar[], ';')"
    return f"{quoted}::varchar"
