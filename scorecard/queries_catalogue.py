"""Query files and their headers: what a statement is called, means, needs and returns."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from scorecard import sqlfiles
from scorecard.errors import QueryHeaderError

FOLDERS = {"metrics": "metric", "reports": "report", "checks": "check", "model": "model"}


@dataclass(frozen=True)
class Need:
    """Columns of the snapshot of which at least one must be known."""

    any_of: tuple[tuple[str, str], ...]  # (table, column)


@dataclass(frozen=True)
class Query:
    """One file of queries/.

    `bound`: the names DuckDB finds in the statement; `params`: these, the options of a computed report, and those of
    the model tables it may ask for with other parameters (`replaces`), and those of the statements whose answers are
    laid beside it first: `compares` by both snapshots, `steps` after them. `shortcut`: a statement that gives the same
    answer sooner where nothing is asked that it does not take.
    """

    name: str
    folder: str  # metric | report | check | model
    path: Path
    sql: str
    title: str
    definition: str
    unit: str
    good: str
    aggregate: str
    grain: str
    params: frozenset[str]
    bound: frozenset[str]
    declared_params: tuple[str, ...]
    returns: tuple[str, ...]
    needs: tuple[Need, ...]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what a parameter may be, where it is a list
    header: Mapping[str, str] = field(default_factory=dict)
    replaces: tuple["Query", ...] = ()
    compares: tuple["Query", ...] = ()
    steps: tuple["Query", ...] = ()
    shortcut: "Query | None" = None  # the same columns from prepared rows, for the questions it can answer

    @property
    def compares_snapshots(self) -> bool:
        """It asks two snapshots, itself or in one of its steps."""
        return bool(self.compares) or any(step.compares_snapshots for step in self.steps)

    @property
    def whole_sql(self) -> str:
        """All statements that lead to the answer, in the order they run."""
        before = [f"-- {one.name}\n{one.whole_sql}" for one in (*self.compares, *self.steps)]
        whole = "\n\n".join([*before, f"-- {self.name}\n{self.sql}"]) if before else self.sql
        if not self.shortcut:
            return whole
        unasked = ", ".join(f"${name}" for name in sorted(self.bound - self.shortcut.bound))
        return (
            f"{whole}\n\n-- {self.shortcut.name}: the same, asked where {unasked} narrow nothing\n{self.shortcut.sql}"
        )

    def answering(self, bound: Mapping[str, Any]) -> "Query":
        """The shortcut, if it answers the same with these values: it takes them, and what it does not take is left as
        it stands by default."""
        one = self.shortcut
        if one is None:
            return self
        asked = {name: bound.get(name) for name in self.bound - one.bound}
        if any(value not in (None, [], ()) and value != self.defaults.get(name) for name, value in asked.items()):
            return self
        return one if all(as_choice(bound.get(name)) in allowed for name, allowed in one.choices.items()) else self

    @property
    def is_computed(self) -> bool:
        """The rows of the statement go through a calculation of `scorecard.queries_computed`."""
        return "computed" in self.header

    @property
    def wants_columns(self) -> bool:
        """That calculation takes the answer as a frame: a dictionary a row is too slow for hundreds of thousands."""
        return self.header.get("computed") == "columns"

    def as_json(self) -> dict[str, Any]:
        """What `queries --json` prints."""
        return {
            "name": self.name,
            "kind": self.folder,
            "title": self.title,
            "unit": self.unit,
            "definition": self.definition,
            "grain": self.grain,
            "params": sorted(self.params),
            "returns": list(self.returns),
        }


def catalogue(root: Path = sqlfiles.QUERIES) -> dict[str, Query]:
    """Every query by name; a model that shares its name with a metric is found as `model.<name>`."""
    found: dict[str, Query] = {}
    for directory, folder in FOLDERS.items():
        for query in of_folder(directory, root):
            key = f"model.{query.name}" if folder == "model" else query.name
            if key in found:
                raise QueryHeaderError(f"{query.path.name}: the name {key} is taken by {found[key].path}.")
            found[key] = query
    return found


def of_folder(directory: str, root: Path = sqlfiles.QUERIES) -> list[Query]:
    """The queries of one folder, found without reading the others."""
    found = []
    for path in sorted((root / directory).glob("*.sql")):
        status = path.stat()
        found.append(_load(path, FOLDERS[directory], status.st_mtime_ns, status.st_size))
    return found


def look_for(name: str, root: Path = sqlfiles.QUERIES) -> Query | None:
    """The query that `catalogue` has under that name, found without reading the others; None if there is none."""
    folder, _, stem = name.rpartition(".")
    if folder not in ("", "model") or not stem.isidentifier():
        return None
    for directory, kind in FOLDERS.items():
        if (kind == "model") != (folder == "model"):
            continue
        path = root / directory / f"{stem}.sql"
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        return _load(path, kind, status.st_mtime_ns, status.st_size)
    return None


@lru_cache(maxsize=1024)
def _load(path: Path, folder: str, mtime_ns: int, size: int) -> Query:
    return load(path, folder)


def load(path: Path, folder: str) -> Query:
    """The query in a file; QueryHeaderError says what is wrong with its header."""
    found = sqlfiles.parse(path)
    header, sql = found.header, found.sql.rstrip().rstrip(";")
    if header.get("name") != path.stem:
        raise QueryHeaderError(f"{path.name}: the header must begin with `-- name: {path.stem}`.")
    if "title" not in header and folder != "model":
        raise QueryHeaderError(f"{path.name}: the header has no title.")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryHeaderError(f"{path.name} is not SQL that DuckDB reads: {error}") from error
    if len(statements) != 1:
        raise QueryHeaderError(f"{path.name} holds {len(statements)} statements; a query file holds one.")
    bound = frozenset(statements[0].named_parameters)
    replaces = tuple(
        load(path.parents[1] / "model" / f"{name}.sql", "model") for name in _names(header.get("replaces", ""))
    )
    compares, steps, shortcuts = (
        tuple(load(path.with_name(f"{name}.sql"), folder) for name in _names(header.get(key, "")))
        for key in ("compares", "steps", "shortcut")
    )
    laid = (*compares, *steps)
    return Query(
        name=header["name"],
        folder=folder,
        path=path,
        sql=sql,
        title=header.get("title", header["name"]),
        definition=header.get("definition", ""),
        unit=header.get("unit", ""),
        good=header.get("good", ""),
        aggregate=header.get("aggregate", ""),
        grain=header.get("grain", ""),
        params=bound.union(_names(header.get("options", "")), *(one.params for one in (*replaces, *laid))),
        bound=bound,
        declared_params=_names(header.get("params", "")),
        returns=_names(header.get("returns", "")),
        needs=_needs(header.get("needs", ""), path),
        # What a model table falls back to by itself is not said here: None leaves it alone.
        defaults=dict.fromkeys((name for model in replaces for name in model.params), None)
        | _of_all(laid, "defaults")
        | _defaults(header.get("defaults", ""), path),
        choices=_of_all(laid, "choices") | _choices(header.get("choices", ""), path),
        header=header,
        replaces=replaces,
        compares=compares,
        steps=steps,
        shortcut=shortcuts[0] if shortcuts else None,
    )


def _of_all(queries: Iterable["Query"], what: str) -> dict[str, Any]:
    """The defaults, or the choices, of all of them together."""
    return {name: value for one in queries for name, value in getattr(one, what).items()}


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lstrip("$") for name in text.split(",") if name.strip() and text.strip() != "none")


def _needs(text: str, path: Path) -> tuple[Need, ...]:
    needs = []
    for group in _names(text):
        columns = []
        for alternative in group.split("|"):
            table, dot, column = alternative.strip().partition(".")
            if not (table and dot and column):
                raise QueryHeaderError(f"{path.name}: needs {alternative.strip()!r} is not table.column.")
            columns.append((table, column))
        needs.append(Need(tuple(columns)))
    return tuple(needs)


def _defaults(text: str, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in text.split(","):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        if not equals:
            raise QueryHeaderError(f"{path.name}: default {part.strip()!r} is not name=value.")
        found[name.strip().lstrip("$")] = read_value(value.strip())
    return found


def _choices(text: str, path: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in _names(text):
        name, equals, values = part.partition("=")
        if not equals or "=" in values:
            raise QueryHeaderError(f"{path.name}: choice {part!r} is not name=one|two.")
        found[name.strip()] = tuple(value.strip() for value in values.split("|"))
    return found


def as_choice(value: Any) -> str:
    """A value as the list of choices writes it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def read_value(text: str) -> Any:
    """A value as typed in a header or on the command line: number, date, null, [] or text."""
    if text in ("null", "none"):
        return None
    if text == "[]":
        return []
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d*\.\d+(e-?\d+)?", text, re.IGNORECASE):
        return float(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == "'" else text
