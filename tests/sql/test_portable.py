"""The SQL files must mean the same on another engine, so constructs that silently change there are refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "queries").rglob("*.sql"))

CLOCK = {
    "now",
    "today",
    "get_current_timestamp",
    "current_localtimestamp",
    "transaction_timestamp",
    "current_localtime",
}
WEEKDAYS = {"dow", "isodow", "dayofweek", "weekday"}
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod)


def is_date(node: exp.Expr) -> bool:
    """The value is a calendar date: cast to one, or named as the house names dates."""
    node = node.unnest()
    if isinstance(node, exp.Cast):
        return node.is_type("date")
    if isinstance(node, (exp.Coalesce, exp.Least, exp.Greatest)):
        return all(is_date(part) for part in (node.this, *node.expressions))
    if isinstance(node, exp.Case):
        branches = [branch.args["true"] for branch in node.args["ifs"]]
        return all(is_date(branch) for branch in [*branches, node.args.get("default") or branches[0]])
    return isinstance(node, exp.Column) and (node.name == "day" or node.name.endswith(("_on", "_start", "_day")))


def is_never_zero(node: exp.Expr) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Cast):
        return is_never_zero(node.this)
    if isinstance(node, exp.Literal):
        return not node.is_string and float(node.this) != 0
    return isinstance(node, exp.Nullif)


def in_date_diff(node: exp.DateDiff) -> str | None:
    unit = node.text("unit").lower()
    if unit != "day":
        return f"date_diff by {unit}: take year * 12 + month, or days"
    if not (is_date(node.this) and is_date(node.expression)):
        return "date_diff of timestamps: cast both to date"
    return None


def in_arithmetic(node: exp.Expr) -> str | None:
    left, right = node.this, node.expression
    if isinstance(node, (exp.Div, exp.IntDiv, exp.Mod)) and not is_never_zero(right):
        return "division: nullif() under it"
    if isinstance(node, exp.Sub) and is_date(left) and is_date(right):
        return "date minus date: date_diff('day', ...)"
    for side in (left, right):
        if isinstance(side, exp.Literal) and not side.is_string and "." in side.this:
            return f"dotted literal {side.this} in arithmetic: cast a whole number or a text to double"
    return None


def in_function(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name in CLOCK:
            return f"{name}() reads the clock: bind a parameter"
        if name in WEEKDAYS:
            return f"{name}(): join the calendar"
        if name == "date_part" and node.expressions and node.expressions[0].name.lower() in WEEKDAYS:
            return "date_part of a weekday: join the calendar"
        if name in {"product", "age", "datesub", "date_sub"}:
            return f"{name}() is not portable"
    if isinstance(
        node, (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime, exp.CurrentDatetime, exp.Localtimestamp)
    ):
        return "reads the clock: bind a parameter"
    if isinstance(node, exp.Rand):
        return "random(): the same snapshot must give the same rows"
    if isinstance(node, (exp.DayOfWeek, exp.DayOfWeekIso)):
        return "weekday: join the calendar"
    if isinstance(node, exp.Extract) and node.name.lower() in WEEKDAYS:
        return "extract of a weekday: join the calendar"
    if isinstance(node, exp.GenerateSeries):
        return "range or generate_series: join the calendar"
    if isinstance(node, (exp.Quantile, exp.ApproxQuantile)):
        return "quantile: percentile_cont(q) within group (order by x)"
    if isinstance(node, (exp.PercentileCont, exp.PercentileDisc)) and not isinstance(node.parent, exp.WithinGroup):
        return "quantile_cont: percentile_cont(q) within group (order by x)"
    if isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Order):
        return "ordered list(): string_agg(x order by y)"
    return None


def in_clause(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Join) and (node.method or "").upper() == "ASOF":
        return "asof join: qualify row_number() = 1"
    if isinstance(node, exp.Pivot):
        return "pivot: sum() filter (where ...)"
    if isinstance(node, exp.Star) and node.args.get("replace"):
        return "* replace: name the columns"
    if isinstance(node, exp.SetOperation) and node.args.get("by_name"):
        return "union by name: name the columns in order"
    if isinstance(node, exp.Select) and (alias := alias_in_where(node)):
        return f"alias {alias} in where: a CTE"
    return None


def alias_in_where(select: exp.Select) -> str | None:
    """A name used in WHERE that only the select list defines."""
    where = select.args.get("where")
    if where is None:
        return None
    aliases = {
        projection.alias
        for projection in select.expressions
        if isinstance(projection, exp.Alias)
        and not (isinstance(projection.this, exp.Column) and projection.this.name == projection.alias)
    }
    for column in where.find_all(exp.Column):
        if not column.table and column.name in aliases and column.find_ancestor(exp.Select) is select:
            return column.name
    return None


def complaints(sql: str) -> Iterator[str]:
    """What is not portable in a statement, one sentence each."""
    for tree in sqlglot.parse(sql, dialect="duckdb"):
        if tree is None:
            continue
        for node in tree.walk():
            if isinstance(node, exp.DateDiff):
                found = in_date_diff(node)
            elif isinstance(node, ARITHMETIC):
                found = in_arithmetic(node)
            else:
                found = in_function(node) or in_clause(node)
            if found:
                yield found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_query_file_is_portable(path: Path) -> None:
    assert list(complaints(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select date_diff('day', created_at, closed_at) from deals",
        "select date_diff('month', created_on, closed_on) from deals",
        "select date_diff('week', created_on, closed_on) from deals",
        "select closed_on - created_on from deals",
        "select cast(closed_at as date) - created_on from deals",
        "select extract(dow from day) from calendar",
        "select isodow(day) from calendar",
        "select date_part('dow', day) from calendar",
        "select * from generate_series(1, 9)",
        "select unnest(range(5))",
        "select quantile_cont(amount, 0.5) from deals",
        "select quantile(amount, 0.5) from deals",
        "select list(stage order by entered_at) from stage_events",
        "select product(amount) from deals",
        "select won / closed from deals",
        "select won % closed from deals",
        "select won / 0 from deals",
        "select seconds / 3600.0 from deals",
        "select * from deals asof join rates on deals.closed_on >= rates.from_on",
        "select * from deals pivot (sum(amount) for stage in ('won'))",
        "pivot deals on stage using sum(amount)",
        "select * replace (1 as amount) from deals",
        "select 1 as a union all by name select 2 as a",
        "select amount * 2 as double_amount from deals where double_amount > 3",
        "select current_date",
        "select now()",
        "select today()",
        "select random()",
        "with inner_rows as (select won / closed as rate from deals) select rate from inner_rows",
    ],
)
def test_every_rule_fires(sql: str) -> None:
    assert list(complaints(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "select date_diff('day', cast(created_at as date), closed_on) from deals",
        "select (epoch(closed_at) - epoch(created_at)) / 3600 from deals",
        "select percentile_cont(0.5) within group (order by amount) from deals",
        "select string_agg(stage, '>' order by entered_at) from stage_events",
        "select won / nullif(closed, 0) from deals",
        "select list(stage) from stage_events",
        "select deals.amount as amount from deals where amount > 3",
        "select closed_on - interval 1 day from deals",
        "select sum(amount) filter (where is_won) from deals group by all qualify row_number() over () = 1",
        "select 1 as a union all select 2 as a",
        "select pct >= 0.25 from video_views",
    ],
)
def test_portable_sql_is_let_through(sql: str) -> None:
    assert list(complaints(sql)) == []


def test_there_are_query_files() -> None:
    assert FILES
