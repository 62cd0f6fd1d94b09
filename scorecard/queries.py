"""Find, describe and run the SQL files: every value bound, every question with a deadline."""

import difflib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from scorecard import queries_compare as compare
from scorecard.errors import NotComputableError, QueryError, StoreError
from scorecard.filters import LISTS
from scorecard.queries_catalogue import Query, as_choice, catalogue, look_for, read_value
from scorecard.queries_needs import lacking
from scorecard.queries_readers import HasCursor
from scorecard.schema import DIMENSIONS

if TYPE_CHECKING:  # half of what a load or a plain question on the command line would wait for
    import pandas as pd

DEADLINE_S = 10.0
ROLLUP = "metric_rollup"
GRAINS = ("day", "week", "month", "quarter", "year", "total")
BY = (*DIMENSIONS, "account_list")
FILTERS = frozenset((*LISTS, "period_start", "period_end"))

__all__ = ["Query", "catalogue", "describe", "find", "read_table", "rows", "run"]


def find(name: str | Query) -> Query:
    """The query of that name (or the query itself); QueryError proposes the nearest names."""
    if isinstance(name, Query):
        return name
    if found := look_for(name):
        return found
    near = difflib.get_close_matches(name, catalogue(), 3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`python -m scorecard queries` lists them."
    raise QueryError(f"There is no query {name!r}. {hint}")


def run(
    reader: HasCursor,
    name: str | Query,
    params: Mapping[str, Any] | None = None,
    deadline_s: float = DEADLINE_S,
    before: HasCursor | None = None,
) -> "pd.DataFrame":
    """The answer for charts and tables: decimals as floats, dates as datetimes; `attrs["notes"]` what to say beside."""
    if find(name).is_computed:
        from scorecard import queries_computed as computed

        return computed.as_frame(rows(reader, name, params, deadline_s, before), find(name).returns)
    return _frame(reader, name, params, deadline_s, before)


def rows(
    reader: HasCursor,
    name: str | Query,
    params: Mapping[str, Any] | None = None,
    deadline_s: float = DEADLINE_S,
    before: HasCursor | None = None,
) -> list[dict[str, Any]]:
    """The answer exactly: decimals as Decimal, dates as date; `Rows` with notes where a calculation has some.

    before: the snapshot to compare with, for a report that compares two.
    """
    query = find(name)
    if not query.is_computed:
        return _rows(reader, name, params, deadline_s, before)
    from scorecard import queries_computed as computed  # with pandas, which a plain question does not need

    def ask(other: str, *, columns: bool = False, **chosen: Any) -> Any:
        """The rows (or columns) of another statement under the same filters and parameters."""
        wanted = find(other).params
        same = {key: value for key, value in bound.items() if key in wanted}
        return (_frame if columns else _rows)(reader, other, {**same, **chosen}, deadline_s, before)

    bound = bind(query, dict(params or {}))
    read = _frame if query.wants_columns else _rows
    return computed.finish(query.name, read(reader, name, params, deadline_s, before), bound, ask)


def describe(reader: HasCursor, query: Query) -> list[tuple[str, str]]:
    """Names and types of the columns the statement really returns."""
    bound = bind(query, {}, needs_all=False)
    with _cursor(reader, query.title, DEADLINE_S) as cursor:
        lay(cursor, query, bound, reader)
        cursor.execute(f"select * from ({query.sql}) limit 0", {key: bound[key] for key in query.bound})
        return [(column[0], str(column[1])) for column in cursor.description or ()]


def read_table(reader: HasCursor, table: str, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """All rows of one table of the snapshot, such as `quarantine`; [] when it has no such table."""
    with _cursor(reader, f"The table {table}", DEADLINE_S) as cursor:
        known = cursor.execute("select table_name from duckdb_tables()").fetchall()
        if (table,) not in known:
            return []
        names = ", ".join(_quoted(column) for column in columns) or "*"
        found = cursor.execute(f"select {names} from {_quoted(table)}")
        titles = [column[0] for column in found.description or ()]
        return [dict(zip(titles, row, strict=True)) for row in found.fetchall()]


def text_rows(relation: str, params: Mapping[str, Any], width: int) -> Iterator[tuple[str | None, ...]]:
    """The rows of a file as read, all text, in the order of the file."""
    names = ", ".join(f"c{number}" for number in range(width))
    with duckdb.connect() as connection:
        found = connection.execute(f"select {names} from {relation} order by row_no", dict(params))
        while batch := found.fetchmany(5000):
            yield from batch


def bind(query: Query, given: Mapping[str, Any], needs_all: bool = True, asked: str = "") -> dict[str, Any]:
    """A value for every name of the statement: the given one, else its default."""
    inactive = {name for name, value in given.items() if name in FILTERS and value in (None, "", [], ())}
    unknown = sorted(set(given) - query.params - inactive)
    if unknown:
        takes = ", ".join(sorted(query.params)) or "no parameters"
        raise QueryError(f"{asked or query.name} has no parameter {', '.join(unknown)}; it takes {takes}.")
    bound: dict[str, Any] = {}
    for name in sorted(query.params):
        default = query.defaults.get(name)
        if name in given:
            bound[name] = _fit(query, name, given[name], default)
        elif name in LISTS:
            bound[name] = []
        elif name in query.defaults or name.startswith("period_") or not needs_all:
            bound[name] = default
        else:
            raise QueryError(f"{query.name} needs a value for {name}: add --{name} VALUE.")
        allowed = query.choices.get(name)
        if allowed is None:
            continue
        for value in bound[name] if isinstance(bound[name], list) else [bound[name]]:
            if as_choice(value) not in allowed:
                raise QueryError(f"{query.name}: --{name} is one of {', '.join(allowed)}, not {value!r}.")
    return bound


def lay(
    cursor: duckdb.DuckDBPyConnection,
    query: Query,
    bound: Mapping[str, Any],
    before: HasCursor | None,
    deadline_s: float = DEADLINE_S,
) -> None:
    """What a statement reads besides its snapshot, as temp tables of this cursor: its steps, and what it compares with.

    Raises QueryError where there is nothing to compare with.
    """
    if not query.compares_snapshots:
        compare.lay(cursor, cursor, query, bound)
        return
    if before is None:
        raise QueryError(f"{query.name} compares two snapshots: say which with --compare-to ID or a date.")
    with _cursor(before, query.title, deadline_s) as then:
        compare.lay(cursor, then, query, bound)


def _frame(
    reader: HasCursor,
    name: str | Query,
    params: Mapping[str, Any] | None,
    deadline_s: float,
    before: HasCursor | None = None,
) -> "pd.DataFrame":
    """The same as columns: decimals as floats, dates as datetimes."""
    with _answer(reader, name, params, deadline_s, before) as (cursor, columns):
        frame = cursor.df()
        frame.columns = columns
        return frame[[column for column in columns if column]]


def _rows(
    reader: HasCursor,
    name: str | Query,
    params: Mapping[str, Any] | None,
    deadline_s: float,
    before: HasCursor | None = None,
) -> list[dict[str, Any]]:
    """What the statement itself returns."""
    with _answer(reader, name, params, deadline_s, before) as (cursor, columns):
        return [
            {column: value for column, value in zip(columns, row, strict=True) if column} for row in cursor.fetchall()
        ]


@contextmanager
def _answer(
    reader: HasCursor,
    name: str | Query,
    params: Mapping[str, Any] | None,
    deadline_s: float,
    before: HasCursor | None = None,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
    """A cursor that holds the answer, and what its columns are called ('' = leave out)."""
    asked = find(name)
    query, given = _resolve(asked, dict(params or {}))
    bound = bind(query, given, asked=asked.name)
    with _cursor(reader, query.title, deadline_s) as cursor:
        for one in _asked(query, bound):
            _check_needs(cursor, one)
        _replace(cursor, query, bound)
        lay(cursor, query, bound, before, deadline_s)
        statement = query.answering(bound)
        cursor.execute(statement.sql, {key: bound[key] for key in statement.bound})
        yield cursor, _column_names(query, bound, [column[0] for column in cursor.description or ()])


def _replace(cursor: duckdb.DuckDBPyConnection, query: Query, bound: Mapping[str, Any]) -> None:
    """Model tables asked for with other parameters than the agreed ones, for this cursor alone."""
    for model in query.replaces:
        chosen = {name: bound[name] for name in model.params}
        if any(value is not None for value in chosen.values()):
            table = _quoted(model.name)
            cursor.execute(f"create or replace temp table {table} as {model.sql}", chosen)


def _resolve(query: Query, given: dict[str, Any]) -> tuple[Query, dict[str, Any]]:
    """A metric is asked through the roll-up that all metrics share."""
    if query.folder != "metric":
        return query, given
    given = {"metric": query.name, "grain": "total", "by": "", **given}
    if given["grain"] not in GRAINS:
        raise QueryError(f"--grain is one of {', '.join(GRAINS)}, not {given['grain']!r}.")
    if given["by"] and given["by"] not in BY:
        raise QueryError(f"--by is one of {', '.join(BY)}, not {given['by']!r}.")
    return find(ROLLUP), given


def _asked(query: Query, bound: Mapping[str, Any]) -> list[Query]:
    """The query and the metrics it is asked about: what they need must be there."""
    names = bound.get("metric") or []
    names = [names] if isinstance(names, str) else names
    metrics = [find(name) for name in names]
    for metric in metrics:
        if metric.folder != "metric":
            raise QueryError(f"{metric.name} is no metric.")
    return [*metrics, *_laid(query), query]


def _laid(query: Query) -> list[Query]:
    """The statements whose answers are laid beside the query, steps within steps included."""
    return [one for step in query.steps for one in (*_laid(step), step)] + list(query.compares)


def _column_names(query: Query, bound: Mapping[str, Any], columns: list[str]) -> list[str]:
    """The roll-up's column `dimension` carries the name of the dimension asked for, or goes."""
    if query.name != ROLLUP:
        return columns
    return [bound.get("by") or "" if column == "dimension" else column for column in columns]


@contextmanager
def _cursor(reader: HasCursor, title: str, deadline_s: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of its own, interrupted at the deadline; DuckDB's errors become ours."""
    cursor = reader.cursor()
    timer = threading.Timer(deadline_s, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield cursor
    except duckdb.InterruptException as error:
        raise QueryError(
            f"{title}: no answer within {deadline_s:g} seconds. Choose a shorter period or fewer groups."
        ) from error
    except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
        raise StoreError(f"{title}: the snapshot's file cannot be read; it may be damaged.") from error
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.InvalidTypeException) as error:
        raise QueryError(f"{title}: a value given does not fit its parameter.") from error
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise QueryError(
            f"{title}: these numbers were published by another version of the product and do not hold what this asks"
            " for. Publish them again: `python -m scorecard rebuild`, or load a newer export."
        ) from error
    except duckdb.Error as error:
        raise QueryError(f"{title} could not be computed on this snapshot ({type(error).__name__}).") from error
    finally:
        timer.cancel()
        cursor.close()


def _check_needs(cursor: duckdb.DuckDBPyConnection, query: Query) -> None:
    """NotComputableError, naming the file that would help, if the snapshot lacks what the query needs."""
    if not query.needs:
        return
    found = cursor.execute("select table_name, column_name, rows, known from coverage").fetchall()
    coverage = {(table, column): (rows or 0, known or 0) for table, column, rows, known in found}
    if why := lacking(query, coverage):
        raise NotComputableError(why)


def _fit(query: Query, name: str, value: Any, default: Any) -> Any:
    """The value in the type of its parameter; text from the command line is read."""
    if name in LISTS or isinstance(default, list):
        return [value] if isinstance(value, str) else list(value or [])
    if name.startswith("period_") or isinstance(default, date):
        return _day(query, name, value)
    if isinstance(value, str) and default is not None and not isinstance(default, str):
        reader: Callable[[str], Any] = _READERS.get(type(default), str)
        try:
            return reader(value)
        except ValueError:
            raise QueryError(f"{query.name}: --{name} takes a value like {default}, not {value!r}.") from None
    if isinstance(value, str) and name in query.defaults and default is None:
        return read_value(value)
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return _fit(query, name, value[0], default)
    return value


def _day(query: Query, name: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise QueryError(f"{query.name}: {name} takes a date such as 2026-01-31, not {value!r}.") from None


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false", "yes", "no"):
        raise ValueError(text)
    return text.lower() in ("true", "yes")


def _whole_or_not(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


_READERS: dict[type, Callable[[str], Any]] = {int: _whole_or_not, float: float, bool: _boolean}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
