"""Writing a table's rows with their types: bad cells set aside, duplicates decided, keys and hashes given."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scorecard.ingest import sql
from scorecard.ingest.answers import Answers
from scorecard.ingest.dates import FEW_ROWS, FEW_SHARE
from scorecard.ingest.headers import key_of
from scorecard.ingest.identity import change_hash, hash_of
from scorecard.ingest.profile import Cells
from scorecard.ingest.readings import Reading, Table
from scorecard.ingest.report import TypedTable
from scorecard.ingest.rows import RAW_LIMIT, RefusedRow, SetAside
from scorecard.schema import QUARANTINE_TYPES, SQL_TYPES

_WHAT = {"timestamp": "date", "money": "amount", "number": "number", "integer": "whole number",
         "percent": "percentage", "boolean": "yes or no", "duration": "duration", "id": "id"}  # fmt: skip

# How synced tables mark a record that is gone from its system.
_DELETED = frozenset({"isdeleted", "fivetrandeleted"})


@dataclass
class Outcome:
    """Where the rows of one file went; shared by all tables the file feeds, for a row counts once."""

    refused: list[RefusedRow] = field(default_factory=list)
    left_out: list[SetAside] = field(default_factory=list)  # records their own system has deleted
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lineage:
    """What is the same for every row of a typed table."""

    system: str
    object: str


def find_unreadable(cells: Cells, table: Table, answers: Answers, outcome: Outcome) -> list[Reading]:
    """The readings whose failures set rows aside; counts and notes the others. May open a question."""
    risky = [reading for reading in table.readings.values() if reading.failure]
    if not risky:
        return []
    inner = ", ".join(
        f"{reading.value} as v{index}, {reading.failure} as f{index}" for index, reading in enumerate(risky)
    )
    outer = ", ".join(
        f"count_if(f{index}), count(v{index}), arg_min(v{index}, row_no) filter (where f{index})"
        for index in range(len(risky))
    )
    counts = cells.ask(f"select {outer} from (select row_no, {inner} from {{rows}})")[0]
    strict = []
    for position, reading in enumerate(risky):
        failed, filled, example = counts[3 * position : 3 * position + 3]
        if not failed:
            continue
        name, what = reading.column.name, _WHAT.get(reading.column.type, "value")
        if not _sets_aside(table, reading):
            outcome.notes.append(
                f"“{reading.header}”: {_cells(failed)} no {what} (such as “{_short(example)}”) and left empty."
            )
        elif failed == filled > 1 or (failed > FEW_ROWS and failed > FEW_SHARE * filled):
            text = (
                f"{failed:,} of {filled:,} values in “{reading.header}” are no {what}, such as “{_short(example)}”. "
                "Set these rows aside (quarantine) or leave the cell empty (empty)?"
            )
            if answers.choose(f"{name}.unreadable", text, ("quarantine", "empty")) == "quarantine":
                strict.append(reading)
        else:
            strict.append(reading)
    return strict


def _sets_aside(table: Table, reading: Reading) -> bool:
    return reading.column.type in QUARANTINE_TYPES or reading.column.name == table.feed.schema.key


def _cells(count: int) -> str:
    return "1 cell is" if count == 1 else f"{count:,} cells are"


def _short(text: str | None) -> str:
    return (text or "")[:60]


def set_aside_unreadable(cells: Cells, strict: list[Reading], delimiter: str, outcome: Outcome) -> None:
    """Fill the table `excluded` with the rows that hold an unreadable cell, and account for each."""
    cells.connection.execute("create or replace temp table excluded (row_no bigint)")
    if not strict:
        return
    cases = " ".join(f"when {reading.failure} then {index}" for index, reading in enumerate(strict))
    columns = ", ".join(f"c{index}" for index in range(len(cells.header)))
    rows = cells.ask(
        f"select * from (select row_no, line, case {cases} end as which, {columns} from {{rows}}) "
        "where which is not null order by row_no"
    )
    for _, line, which, *texts in rows:
        reading = strict[which]
        bad = texts[cells.header.index(reading.header)]
        what = _WHAT.get(reading.column.type, "value")
        outcome.refused.append(
            RefusedRow(
                line,
                f"“{_short(bad)}” in “{reading.header}” is no {what}.",
                raw_text(texts, delimiter),
                reading.column.name,
            )
        )
    _exclude(cells, [row[0] for row in rows])


def leave_out_deleted(cells: Cells, delimiter: str, outcome: Outcome) -> None:
    """A synced table keeps the records its system deleted, and marks them: those do not count any more."""
    _leave_out(cells, dict.fromkeys(_DELETED, ("true", "1", "yes")), "deleted", delimiter, outcome)


def leave_out_planned(cells: Cells, planned: Mapping[str, Sequence[str]], delimiter: str, outcome: Outcome) -> None:
    """A task that is not done yet is no activity: the words of a column (by its key) that say so."""
    _leave_out(cells, planned, "planned", delimiter, outcome)


def _leave_out(cells: Cells, words: Mapping[str, Sequence[str]], what: str, delimiter: str, outcome: Outcome) -> None:
    marks = [header for header in cells.header if key_of(header) in words]
    if not marks:
        return
    marked = " or ".join(f"lower({cells.raw(text)}) in ({sql.literals(words[key_of(text)])})" for text in marks)
    columns = ", ".join(f"c{index}" for index in range(len(cells.header)))
    rows = cells.ask(
        f"select row_no, line, {columns} from {{rows}} where ({marked}) "
        "and row_no not in (select row_no from excluded) order by row_no"
    )
    if rows:
        outcome.left_out += [SetAside(row[1], what, raw_text(list(row[2:]), delimiter)) for row in rows]
        outcome.notes.append(f"{_rows(len(rows))} marked as {what} in “{marks[0]}” and left out.")
        _exclude(cells, [row[0] for row in rows])


def _exclude(cells: Cells, row_numbers: list[int]) -> None:
    for start in range(0, len(row_numbers), 10_000):
        values = ", ".join(f"({number})" for number in row_numbers[start : start + 10_000])
        cells.connection.execute(f"insert into excluded values {values}")


def raw_text(texts: list, delimiter: str) -> str:
    """The row as it stood in the file, near enough to find and mend it."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter or ",", lineterminator="").writerow("" if t is None else t for t in texts)
    return buffer.getvalue()[:RAW_LIMIT]


def _typed_select(cells: Cells, table: Table) -> str:
    """Rows of the table with the columns that are fed, typed, without those set aside."""
    columns = ", ".join(f"{reading.expression} as {sql.name(name)}" for name, reading in table.readings.items())
    where = f" where {sql.name(table.feed.where)} is not null" if table.feed.where else ""
    inner = f"select row_no, line as line_no, {columns} from {cells.relation}"
    if _any_in(cells, "excluded"):
        inner += " where row_no not in (select row_no from excluded)"
    return f"select * from ({inner}){where}"


def _any_in(cells: Cells, table: str) -> bool:
    return bool(cells.connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def settle_duplicates(cells: Cells, table: Table, delimiter: str, outcome: Outcome) -> int:
    """Keep one row for each id, as far as it is plain which; returns how many rows were set aside."""
    key = table.feed.schema.key
    if not key or key not in table.readings:
        return 0
    ask = cells.connection.execute
    typed = _typed_select(cells, table)
    # equal ids have equal hashes: as many hashes as ids means that no id repeats, without holding the ids
    unique = ask(f"select count({key}) = count(distinct hash({key})) from ({typed})", cells.params).fetchall()
    if unique[0][0]:
        return 0
    ask(
        f"create or replace temp table repeated as select {key} as id from ({typed}) "
        f"where {key} is not null group by {key} having count(*) > 1",
        cells.params,
    )
    if not _any_in(cells, "repeated"):
        return 0
    mapped = frozenset(table.readings)
    modified = "modified_at" if "modified_at" in mapped else "null::timestamp"
    ask(
        f"create or replace temp table copies as select row_no, line_no, {key} as id, {modified} as modified_at, "
        f"{hash_of(table.feed.schema.column_names, mapped)} as row_hash "
        f"from ({typed}) where {key} in (select id from repeated)",
        cells.params,
    )
    ask(
        "create or replace temp table fates as with newest as (select id, max(modified_at) as newest, "
        "count(distinct row_hash) as versions from copies group by id), "
        "judged as (select copies.*, versions, versions = 1 or modified_at = newest as is_newest from copies "
        "inner join newest using (id)), "
        "counted as (select *, count(distinct row_hash) filter (where is_newest) over (partition by id) as candidates, "
        "row_number() over (partition by id order by is_newest desc nulls last, row_no) as place from judged) "
        "select row_no, line_no, id, case when candidates <> 1 then 'quarantine' when place = 1 then 'keep' "
        "when versions = 1 then 'identical' else 'older' end as fate from counted"
    )
    return _account_duplicates(cells, key, delimiter, outcome)


def _account_duplicates(cells: Cells, key: str, delimiter: str, outcome: Outcome) -> int:
    ask = cells.connection.execute
    counts = dict(ask("select fate, count(*) from fates group by fate").fetchall())
    if counts.get("identical"):
        outcome.notes.append(f"{_rows(counts['identical'])} identical to another row with the same {key}: loaded once.")
    if counts.get("older"):
        outcome.notes.append(
            f"{_rows(counts['older'])} an older version of another row with the same {key}: the newest was kept."
        )
    ask("insert into excluded select row_no from fates where fate <> 'keep'")
    if not counts.get("quarantine"):
        return 0
    columns = ", ".join(f"c{index}" for index in range(len(cells.header)))
    rows = cells.ask(
        f"select fates.line_no, fates.id, {columns} from fates inner join (select * from {{rows}}) as texts "
        "using (row_no) where fate = 'quarantine' order by row_no"
    )
    for line, identifier, *texts in rows:
        reason = f"{key} {identifier} occurs more than once with different content and no row is plainly the newest."
        outcome.refused.append(RefusedRow(line, reason, raw_text(texts, delimiter), key))
    return len(rows)


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def write(cells: Cells, table: Table, lineage: Lineage, target: Path) -> TypedTable:
    """Write the typed rows as Parquet: lineage columns, then every canonical column in schema order."""
    kind = table.feed.schema
    mapped = frozenset(table.readings)
    has_key = kind.key is not None and kind.key in mapped
    natural = [name for name in kind.natural_key if name in mapped] or [n for n in kind.column_names if n in mapped]
    first = f"concat({hash_of(natural, mapped)}, '#1')"
    key = f"coalesce({sql.name(str(kind.key))}::varchar, {first})" if has_key else first
    columns = ", ".join(
        f"{sql.name(column.name)}::{SQL_TYPES[column.type]} as {sql.name(column.name)}"
        if column.name in mapped
        else f"null::{SQL_TYPES[column.type]} as {sql.name(column.name)}"
        for column in kind.columns
    )
    statement = (
        f"select {sql.literal(lineage.system)} as system, {sql.literal(lineage.object)} as object, "
        f"{key} as record_key, line_no, {change_hash([n for n in kind.column_names if n in mapped])} as row_hash, "
        f"{columns} from ({_typed_select(cells, table)}) as typed"
    )
    count = cells.connection.execute(
        f"copy ({statement}) to {sql.literal(str(target))} (format parquet)", cells.params
    ).fetchall()[0][0]
    if count:
        _number_occurrences(cells, f"{sql.name(str(kind.key))} is null" if has_key else "true", target)
    return TypedTable(kind.name, target, int(count), tuple(table.readings))


def _number_occurrences(cells: Cells, keyless: str, target: Path) -> None:
    """Rows without an id that look alike are told apart by counting them; most files have none."""
    source = f"read_parquet({sql.literal(str(target))})"
    ask = cells.connection.execute
    ask(
        f"create or replace temp table alike as select record_key from {source} where {keyless} "
        "group by record_key having count(*) > 1"
    )
    if not _any_in(cells, "alike"):
        return
    is_alike = f"{keyless} and record_key in (select record_key from alike)"
    occurrence = "row_number() over (partition by record_key order by line_no)"
    numbered = target.with_suffix(".numbered")
    ask(
        f"copy (select * from {source} where not ({is_alike}) union all "
        f"select * replace (concat(left(record_key, length(record_key) - 1), {occurrence}) as record_key) "
        f"from {source} where {is_alike}) to {sql.literal(str(numbered))} (format parquet)"
    )
    numbered.replace(target)


def totals_of(cells: Cells, table: TypedTable, columns: list[str]) -> Mapping[str, float]:
    """The sum of each column over the rows that were written."""
    if not columns:
        return {}
    sums = ", ".join(f"coalesce(sum({sql.name(name)}), 0)::double" for name in columns)
    source = sql.literal(str(table.path))
    row = cells.connection.execute(f"select {sums} from read_parquet({source})").fetchall()[0]
    return dict(zip(columns, row, strict=True))
