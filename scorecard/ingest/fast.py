"""The quick way for large clean CSV files: DuckDB cuts the rows, our own count of the bytes checks it."""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from scorecard.ingest.cells import TOTAL_WORDS, clean_header
from scorecard.ingest.dialect import Dialect
from scorecard.ingest.rows import BLANKS, RowSource
from scorecard.ingest.sql import literal

FAST_FROM = 5_000_000  # bytes; below, the careful way takes less than a second
_CHUNK = 1 << 22
_QUOTE, _LF = 34, 10
# A cell DuckDB should read as NULL never occurs: an empty cell stays an empty text.
_NEVER_NULL = "\x01\x02\x03"
_TOTAL = (
    rf"^((sub.?|grand )?totals?|gesamtsumme|total g.n.ral|{TOTAL_WORDS}|総計|총계|(resultados|résultats) tota(les|ux))"
    r"\s*(:|\(|for |$)"
)


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes counted. `records`: line ends outside quotes, by the parity of quotes."""

    records: int
    breaks_in_quotes: int
    odd: bool  # anything the quick way is not made for


def survey(path: Path, delimiter: str) -> Survey:
    """Count the records of a UTF-8 file without parsing it, and look for what needs care."""
    lines = inside = returns = pairs = 0
    odd = open_quote = False
    last = b"\n"
    spaced = re.compile(re.escape(delimiter.encode()) + rb' +"(?!")')
    with path.open("rb") as file:
        while (chunk := file.read(_CHUNK)) and not odd:
            odd = b"\0" in chunk or b'\\"' in chunk or bool(spaced.search(chunk))
            if b"\r" in chunk or last == b"\r":
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            if b'"' in chunk:
                ends, hidden, open_quote = _by_parity(chunk, open_quote)
            else:
                every = chunk.count(b"\n")
                ends, hidden = (0, every) if open_quote else (every, 0)
            lines, inside = lines + ends, inside + hidden
            last = chunk[-1:]
    return Survey(lines + (last != b"\n"), inside, odd or open_quote or returns != pairs)


def _by_parity(chunk: bytes, open_quote: bool) -> tuple[int, int, bool]:
    data = np.frombuffer(chunk, dtype=np.uint8)
    marks = np.flatnonzero(data == _QUOTE)
    ends = np.flatnonzero(data == _LF)
    odd = (np.searchsorted(marks, ends) + open_quote) % 2
    hidden = int(odd.sum())
    return len(ends) - hidden, hidden, bool((len(marks) + open_quote) % 2)


def read_fast(
    path: Path, target: Path, dialect: Dialect, header: list[str], header_line: int, named: int
) -> tuple[RowSource, int] | None:
    """The rows below `header_line` as Parquet and their number; None when the careful way might see something else."""
    width = len(header)
    if dialect.quote != '"' or dialect.escape or dialect.skip_space or named < width or width < 2:
        return None
    seen = survey(path, dialect.delimiter)
    if seen.odd:
        return None
    with duckdb.connect() as connection:
        connection.execute("set temp_directory = $where", {"where": str(target.parent / "spill")})
        connection.execute("set memory_limit = '400MB'")
        try:
            _copy(connection, path, target, dialect.delimiter, width, header_line, seen.breaks_in_quotes > 0)
            rows, suspects = _check(connection, target, header)
        except duckdb.Error:
            target.unlink(missing_ok=True)
            return None
    if suspects or rows != seen.records - header_line:
        target.unlink(missing_ok=True)
        return None
    return RowSource(target, width, None if seen.breaks_in_quotes else header_line), rows


def _copy(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    target: Path,
    delimiter: str,
    width: int,
    header_line: int,
    breaks: bool,
) -> None:
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width))
    cells = ", ".join(f"{trimmed(f'c{at}')} as c{at}" for at in range(width))
    numbers = ""
    if breaks:
        lost = " + ".join(_breaks(f"c{at}") for at in range(width))
        row = "row_number() over ()"
        before = f"coalesce(sum({lost}) over (rows between unbounded preceding and 1 preceding), 0)"
        numbers = f"{row} as row_no, ({header_line} + {row} + {before})::bigint as line, "
    connection.execute(
        f"copy (select {numbers}{cells} from read_csv({literal(str(path))}, auto_detect = false, header = false,"
        f" skip = {header_line}, delim = {literal(delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}},"
        f" nullstr = {literal(_NEVER_NULL)}, strict_mode = true, null_padding = false, compression = 'none',"
        f" encoding = 'utf-8')) to {literal(str(target))} (format parquet, compression lz4, row_group_size 40960)"
    )


def _check(connection: duckdb.DuckDBPyConnection, target: Path, header: list[str]) -> tuple[int, int]:
    """How many rows there are, and how many the careful way would look at twice."""
    alone = " and ".join(f"c{at} = ''" for at in range(1, len(header)))
    again = f"lower(c0) = lower({literal(clean_header(header[0]))})"
    found = connection.execute(
        f"select count(*), count(*) filter (where ({alone}) or {again} or regexp_matches(c0, {literal(_TOTAL)}, 'i'))"
        " from read_parquet($target)",
        {"target": str(target)},
    ).fetchone()
    return (found[0], found[1]) if found else (0, 1)


def trimmed(cell: str) -> str:
    """The cell without blanks at its ends; trim() itself is slow, so only cells that may need it go through it."""
    needs = f"{cell} < '!' or {cell} > '~' or right({cell}, 1) not between '!' and '~'"
    return f"case when {needs} then trim({cell}, {literal(BLANKS)}) else {cell} end"


def _breaks(cell: str) -> str:
    return f"case when contains({cell}, chr(10)) then length({cell}) - length(replace({cell}, chr(10), '')) else 0 end"
