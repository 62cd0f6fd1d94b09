"""House rules a reviewer should not have to remember."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))
PACKAGE = sorted((ROOT / "scorecard").rglob("*.py"))
APP = [ROOT / "app.py", *PAGES, *PACKAGE]

MODULE_LINES, FUNCTION_LINES, PAGE_LINES = 400, 50, 120
LONG: dict[str, str] = {
    "scorecard/schema.py": "one list: every canonical column with its meaning",
}
# The edges: they read the clock once and pass it on.
CLOCK_READERS = ("scorecard/__main__.py", "scorecard/command", "scorecard/ui", "app.py", "pages/")
SQL_COMPOSERS = ("scorecard/ingest/", "scorecard/warehouse")
SQL_CALLS = {"execute", "executemany", "executescript", "sql", "query"}
# What an f-string of SQL may hold: names and statements of our own, never a value.
OUR_NAMES = re.compile(
    r"table|names|columns|marks|relation|(?:query|model)\.sql|_quoted\(.*\)|len\(\w+\)|spec\.\w+"
    r"|', '\.join\(spec\.\w+\)"
)
SQL_START = re.compile(r"\s*(select|with|insert into|update|delete from|create|copy|merge into)\s", re.IGNORECASE)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def first_call(tree: ast.Module) -> str:
    """The call of the first statement that does something, as text; '' when it is no call."""
    for place, node in enumerate(tree.body):
        if isinstance(node, (ast.Import, ast.ImportFrom)) or (place == 0 and is_text(node)) or is_constant(node):
            continue
        value = node.value if isinstance(node, (ast.Expr, ast.Assign, ast.AnnAssign)) else None
        return ast.unparse(value.func) if isinstance(value, ast.Call) else ""
    return ""


def is_constant(node: ast.stmt) -> bool:
    """A named value that draws nothing, such as the list of a page's metrics."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign)):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    draws = any(isinstance(part, ast.Name) and part.id in ("st", "ui") for part in ast.walk(node))
    return bool(names) and all(name.isupper() for name in names) and not draws


def is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def clock_readings(tree: ast.Module) -> Iterator[str]:
    """Calls that ask what time it is; stop watches (monotonic, perf_counter) and file times are none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            parts = name.split(".")
            if (
                parts[-1] in {"now", "utcnow", "today"}
                and parts[-2:-1]
                and parts[-2] in {"datetime", "date", "Timestamp"}
            ):
                yield f"line {node.lineno}: {name}()"
            if name in {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}:
                yield f"line {node.lineno}: {name}()"


def is_pasted(text: ast.expr) -> bool:
    """The SQL text is put together from more than names of our own tables and columns."""
    if isinstance(text, ast.BinOp):
        return True
    if isinstance(text, ast.Call):
        return isinstance(text.func, ast.Attribute) and text.func.attr == "format"
    if not isinstance(text, ast.JoinedStr):
        return False
    values = [ast.unparse(part.value) for part in text.values if isinstance(part, ast.FormattedValue)]
    return not all(OUR_NAMES.fullmatch(value) for value in values)


def composed_sql(tree: ast.Module) -> Iterator[str]:
    """SQL put together from values: f-strings, `+`, `%` and `.format` handed to a connection."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if node.func.attr not in SQL_CALLS:
            continue
        if is_pasted(node.args[0]):
            yield f"line {node.lineno}: .{node.func.attr}({ast.unparse(node.args[0])[:60]})"


def long_sql(tree: ast.Module) -> Iterator[str]:
    """Statements of more than one line inside Python."""
    for node in ast.walk(tree):
        text = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = ast.unparse(node)[2:].strip("'\"").replace("\\n", "\n")
        if SQL_START.match(text) and len(text.strip().splitlines()) > 1 and "from" in text.lower():
            yield f"line {node.lineno}: {text.strip()[:40]!r}"


def lengths(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_there_are_pages() -> None:
    assert PAGES


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_page_opens_itself_before_anything_else(path: Path) -> None:
    assert first_call(tree_of(path)) == "ui.open_page"


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_page_reads_like_the_screen_it_draws(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= PAGE_LINES
    assert not SQL_START.search(path.read_text(encoding="utf-8").replace("with ", ""))


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_page_files_are_nouns_without_numbers(path: Path) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", path.stem)


@pytest.mark.parametrize("path", APP, ids=relative)
def test_no_page_has_a_custom_address(path: Path) -> None:
    keywords = [node.arg for node in ast.walk(tree_of(path)) if isinstance(node, ast.keyword)]
    assert "url_path" not in keywords


@pytest.mark.parametrize("path", PACKAGE, ids=relative)
def test_only_the_edges_read_the_clock(path: Path) -> None:
    if not relative(path).startswith(CLOCK_READERS):
        assert list(clock_readings(tree_of(path))) == []


@pytest.mark.parametrize("path", APP, ids=relative)
def test_values_are_bound_never_pasted_into_sql(path: Path) -> None:
    if not relative(path).startswith(SQL_COMPOSERS):
        assert list(composed_sql(tree_of(path))) == []


@pytest.mark.parametrize("path", APP, ids=relative)
def test_sql_longer_than_a_line_lives_in_queries(path: Path) -> None:
    if not relative(path).startswith("scorecard/ingest/"):
        assert list(long_sql(tree_of(path))) == []


@pytest.mark.parametrize("path", PACKAGE, ids=relative)
def test_a_module_says_what_it_is_for_and_stays_short(path: Path) -> None:
    tree = tree_of(path)
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(tree) or not source.strip(), "a module begins with one sentence"
    if relative(path) not in LONG:
        assert len(source.splitlines()) <= MODULE_LINES
    assert [found for found in lengths(tree) if found[1] > FUNCTION_LINES] == []


def test_the_list_of_long_modules_names_only_long_modules() -> None:
    for name in LONG:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > MODULE_LINES


# Its table has badges in it, and escapes every word of data itself: test_joint.py tries to get some through.
ESCAPED = {"scorecard/ui_joint.py"}


@pytest.mark.parametrize("path", APP, ids=relative)
def test_nothing_renders_data_as_markup(path: Path) -> None:
    calls = {ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
    assert "st.table" not in calls or relative(path) in ESCAPED
    imports = {alias.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.Import) for alias in node.names}
    assert "plotly.express" not in imports


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (clock_readings, "from datetime import datetime\nstamp = datetime.now()"),
        (clock_readings, "import datetime as d\nx = d.date.today()"),
        (clock_readings, "import time\nx = time.time()"),
        (clock_readings, "import pandas as pd\nx = pd.Timestamp.now()"),
        (composed_sql, "reader.execute(f'select * from deals where owner = {owner}')"),
        (composed_sql, "reader.execute('select * from ' + table)"),
        (composed_sql, "reader.sql('select {}'.format(value))"),
        (composed_sql, "reader.execute('select %s' % value)"),
        (long_sql, 'text = """\nselect a\nfrom b\n"""'),
    ],
)
def test_every_rule_fires(rule, source: str) -> None:
    assert list(rule(ast.parse(source)))


def test_a_page_that_opens_late_is_seen() -> None:
    assert first_call(ast.parse('"""Page."""\nimport streamlit as st\nst.title("x")\nui.open_page()')) == "st.title"
    assert first_call(ast.parse("A = st.title('x')\nui.open_page()")) == "st.title"
    assert first_call(ast.parse("from scorecard import ui\nA = (1,)\nfilters = ui.open_page()")) == "ui.open_page"
