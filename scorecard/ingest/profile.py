"""One file's text columns inside DuckDB: samples, shapes and counts over all of its values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from scorecard.ingest import sql
from scorecard.ingest.dates import ShapeCount

SAMPLE_ROWS = 2000
SAMPLE_CELLS = 200_000
MAX_SHAPES = 5000
# In these a casefolded "null" or "select" may be a real name.
NAME_COLUMNS = frozenset({"name", "first_name", "last_name", "company_name", "owner", "manager", "title"})
_NAME_NULLS = ("", "-", "--", "---", "(blank)", "N/A", "n/a", "#N/A", "NULL", "null", "undefined", "(not set)")


@dataclass(frozen=True)
class Cells:
    """The rows of a file as text, ready to be asked; `header[i]` is column `c{i}`."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    params: Mapping[str, object]
    header: tuple[str, ...]
    row_count: int
    null_tokens: tuple[str, ...] = ()
    zero_is_null: bool = False

    def ask(self, query: str) -> list[tuple]:
        """Rows of a statement in which `{rows}` stands for the file."""
        statement = query.replace("{rows}", self.relation)
        if "{rows}" in query and self.params:
            return self.connection.execute(statement, self.params).fetchall()
        return self.connection.execute(statement).fetchall()

    def raw(self, header: str) -> str:
        return f"c{self.header.index(header)}"

    def cell(self, header: str, column: str = "", is_id: bool = False) -> str:
        """SQL of one cell: NULL where the export writes a token for nothing."""
        raw = self.raw(header)
        if column in NAME_COLUMNS:
            return _unless(raw, raw, _NAME_NULLS)
        tokens = [*sql.NULL_TOKENS, *(token.casefold() for token in self.null_tokens)]
        if is_id and self.zero_is_null:
            tokens.append("0")
        return _unless(raw, f"lower({raw})", tuple(dict.fromkeys(tokens)))


def _unless(raw: str, compared: str, tokens: Sequence[str]) -> str:
    """The cell unless it is a token; the length is looked at first because that is cheap."""
    longest = max(len(token.encode()) for token in tokens)
    return f"case when strlen({raw}) <= {longest} and {compared} in ({sql.literals(tokens)}) then null else {raw} end"


def sample(cells: Cells) -> dict[str, list[str]]:
    """Up to 2,000 values of each column, from all over the file; nothing-tokens left out."""
    wanted = max(50, min(SAMPLE_ROWS, SAMPLE_CELLS // max(1, len(cells.header))))
    step = max(1, cells.row_count // wanted)
    columns = ", ".join(f"c{index}" for index in range(len(cells.header)))
    rows = cells.ask(f"select {columns} from {{rows}} where row_no % {step} = {1 % step} limit {wanted * 2}")
    nothing = {*sql.NULL_TOKENS, *(token.casefold() for token in cells.null_tokens)}
    return {
        header: [row[index] for row in rows if row[index] is not None and row[index].casefold() not in nothing]
        for index, header in enumerate(cells.header)
    }


def without(sampled: Mapping[str, list[str]], tokens: Iterable[str]) -> dict[str, list[str]]:
    """The sample without a kind's own words for nothing."""
    nothing = {token.casefold() for token in tokens}
    return {
        header: [value for value in values if value.casefold() not in nothing] for header, values in sampled.items()
    }


def shapes(cells: Cells, value: str) -> tuple[ShapeCount, ...]:
    """Every shape among the column's values with its count and first example, commonest first."""
    rows = cells.ask(
        f"select {sql.shape('value')} as shape, count(*) as n, arg_min(value, row_no) from "
        f"(select row_no, {value} as value from {{rows}}) where value is not null "
        f"group by shape order by n desc, shape limit {MAX_SHAPES}"
    )
    return tuple(ShapeCount(*row) for row in rows)


def count_where(cells: Cells, conditions: Sequence[str]) -> list[int]:
    """How many rows fulfil each condition, in one pass."""
    if not conditions:
        return []
    counted = ", ".join(f"count_if({condition})" for condition in conditions)
    return [int(count or 0) for count in cells.ask(f"select {counted} from {{rows}}")[0]]


def examples(sampled: Mapping[str, Iterable[str]], how_many: int = 3) -> dict[str, tuple[str, ...]]:
    """The first few different values of each column, for a person to look at."""
    return {header: tuple(list(dict.fromkeys(values))[:how_many]) for header, values in sampled.items()}
