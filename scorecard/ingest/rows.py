"""What reading a file gives: tables of text cells, and the account of every line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# What is trimmed from both ends of a cell. Spelt out because Python's and DuckDB's own ideas of blank differ.
BLANKS = " \t\n\r\x0b\x0c\u00a0\u200b\ufeff"
RAW_LIMIT = 10_000  # characters of a line kept in the account
BATCH_CELLS = 400_000


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A record that cannot be used, and why."""

    line: int
    reason: str
    raw: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that is no data. `what`: title, blank, total, footer, table, deleted or planned."""

    line: int
    what: str
    raw: str


@dataclass(frozen=True)
class RowSource:
    """Where the rows of a table are: a Parquet file of text columns c0, c1, ..."""

    path: Path
    columns: int
    line_offset: int | None = None  # None: the file has columns row_no and line; else line = row_no + line_offset

    def relation(self) -> tuple[str, dict[str, str]]:
        """A FROM fragment with columns row_no, line, c0, c1, ... and the values it binds."""
        cells = ", ".join(f"c{position}" for position in range(self.columns))
        where = {"rows_path": str(self.path)}
        if self.line_offset is None:
            return f"(select row_no, line, {cells} from read_parquet($rows_path)) as text_rows", where
        numbers = f"file_row_number + 1 as row_no, file_row_number + 1 + {self.line_offset} as line"
        return (
            f"(select {numbers}, {cells} from read_parquet($rows_path, file_row_number = true)) as text_rows",
            where,
        )


@dataclass(frozen=True)
class TextTable:
    """One table of a file, all text, with every record of the file in rows, refused or set_aside."""

    file: str
    sheet: str | None
    header: tuple[str, ...]
    header_line: int
    source: RowSource
    row_count: int
    refused: tuple[RefusedRow, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[Mapping[str, str], ...] = ()
    dialect: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows_read(self) -> int:
        """Records of the file that belong to this table, without its header."""
        return self.row_count + len(self.refused) + len(self.set_aside)


class RowWriter:
    """Writes rows of cells to Parquet in batches, so that a file of any size fits in memory."""

    def __init__(self, path: Path, width: int) -> None:
        self.path = path
        self.width = width
        self.count = 0
        self._rows: list[Sequence[str | None]] = []
        self._lines: list[int] = []
        self._batch = max(1, BATCH_CELLS // max(1, width))
        fields = [pa.field("row_no", pa.int64()), pa.field("line", pa.int64())]
        self._schema = pa.schema(fields + [pa.field(f"c{position}", pa.string()) for position in range(width)])
        self._writer = pq.ParquetWriter(path, self._schema, compression="lz4")

    def add(self, line: int, cells: Sequence[str | None]) -> None:
        """Keep one row; it has exactly `width` cells, None for one that is absent."""
        self._lines.append(line)
        self._rows.append(tuple(cells))
        if len(self._rows) >= self._batch:
            self._flush()

    def close(self) -> None:
        """Write what is left and finish the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        size = len(self._rows)
        numbers = pa.array(range(self.count + 1, self.count + size + 1), pa.int64())
        arrays: list[pa.Array] = [numbers, pa.array(self._lines, pa.int64())]
        for column in zip(*self._rows, strict=True):
            arrays.append(pc.utf8_trim(pa.array(column, pa.string()), characters=BLANKS))  # pyright: ignore
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema), row_group_size=size)
        self.count += size
        self._rows, self._lines = [], []
