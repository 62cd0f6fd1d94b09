"""The few SQL pieces every typing statement is composed of; values enter SQL only through `literal`."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

# What exports write where nothing is known. Compared casefolded after trimming.
NULL_TOKENS = (
    "",
    "-",
    "--",
    "---",
    "\u2013",
    "\u2014",
    "n/a",
    "#n/a",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "null",
    "(null)",
    "\\n",
    "nan",
    "nat",
    "(blank)",
    "(not set)",
    "--none--",
    "-none-",
    "select",
    "undefined",
)
MEMORY_LIMIT = "700MB"


def literal(value: str) -> str:
    """A text value as an SQL literal."""
    return "'" + value.replace("\x00", "").replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """Text values as the inside of an SQL list."""
    return ", ".join(literal(value) for value in values)


def name(identifier: str) -> str:
    """A column name, quoted."""
    return '"' + identifier.replace('"', '""') + '"'


def shape(expression: str) -> str:
    """The value with every digit written as 9: a million dates have a handful of shapes."""
    return f"translate({expression}, '012345678', '999999999')"


def connect(work: Path) -> duckdb.DuckDBPyConnection:
    """A private connection whose memory is bounded and which spills into `work`."""
    work.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(work / "spill")})
    connection.execute("set timezone = 'UTC'")
    return connection
