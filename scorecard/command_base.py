"""What all commands share: where the store is, what time it is, who asks, and how values are printed."""

import argparse
import csv
import getpass
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from scorecard.errors import ScorecardError, StoreError
from scorecard.export.tables import safe_cell
from scorecard.store import Store

DONE = 0
REFUSED = 2
DEFAULT_STORE = "data/store"


class UsageError(ScorecardError):
    """The command was typed wrongly."""


@dataclass(frozen=True)
class Context:
    """The store, the moment and the person of one command."""

    store: Store
    now: datetime
    who: str

    @staticmethod
    def at(root: str | None, now: datetime | None) -> "Context":
        """The context of a call: this is the edge, where the clock is read (in the store's time zone)."""
        store = Store(Path(root or os.environ.get("SCORECARD_STORE") or DEFAULT_STORE))
        if now is None:
            now = datetime.now(_zone(store)).replace(tzinfo=None, microsecond=0)
        return Context(store, now, os.environ.get("SCORECARD_WHO") or _user())

    def note(self, text: str) -> None:
        """Something the person should know, beside the answer."""
        print(text, file=sys.stderr)

    @property
    def progress(self) -> Callable[[str, float], None] | None:
        """Shows the steps of a long command on a terminal; nothing elsewhere."""
        return _show_progress if sys.stderr.isatty() else None


def _zone(store: Store) -> ZoneInfo:
    """The team's time zone; UTC where the book cannot be read, which is said where its values matter."""
    try:
        return ZoneInfo(store.book.settings()["time_zone"])
    except StoreError:
        return ZoneInfo("UTC")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _show_progress(text: str, share: float = 0.0) -> None:
    line = f"{share:4.0%} {printable(text)}"[:78]
    end = "\r" if share < 1 else "\n"
    print(f"\r\033[K{line}", end=end, file=sys.stderr, flush=True)


def take_option(arguments: Sequence[str], name: str) -> tuple[str | None, list[str]]:
    """The value of an option wherever it stands, and the other arguments."""
    value: str | None = None
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return value, [*rest, word, *waiting]
        if word == name:
            if not waiting:
                raise UsageError(f"{name} needs a value.")
            value = waiting.pop(0)
        elif word.startswith(f"{name}="):
            value = word.partition("=")[2]
        else:
            rest.append(word)
    return value, rest


def pairs(sign: str, last: bool = False) -> type[argparse.Action]:
    """An argparse action that gathers repeated KEY=VALUE into a dict; `last`: the key may hold the sign."""

    class Pairs(argparse.Action):
        def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
            key, found, value = values.rpartition(sign) if last else values.partition(sign)
            if not found or not key.strip():
                parser.error(f"{option_string} takes KEY{sign}VALUE, not {values!r}")
            setattr(namespace, self.dest, {**getattr(namespace, self.dest), key.strip(): value.strip()})

    return Pairs


def to_json(value: Any) -> str:
    """JSON in which a decimal is a number with all its digits and a date is ISO text."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {to_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(to_json(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return plain(value) if value.is_finite() else "null"
    if isinstance(value, float):
        return json.dumps(value) if math.isfinite(value) else "null"
    if isinstance(value, (datetime, date)):
        return json.dumps(value.isoformat())
    if value is None or isinstance(value, (bool, int, str)):
        return json.dumps(value)
    return json.dumps(str(value))


def json_rows(rows: Iterable[Mapping[str, Any]]) -> str:
    """A JSON list with one object a line."""
    lines = [to_json(row) for row in rows]
    return "[\n " + ",\n ".join(lines) + "\n]" if lines else "[]"


def plain(value: Any) -> str:
    """The value as text without needless zeros; '' for nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.10g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def printable(text: str) -> str:
    """Text that can do nothing to a terminal: control characters become a dot."""
    return "".join(letter if letter.isprintable() else "·" for letter in text)


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows under their headings, numbers to the right."""
    cells = [[printable(plain(row.get(column))) for column in columns] for row in rows]
    widths = [max([len(name), *(len(line[place]) for line in cells)]) for place, name in enumerate(columns)]
    right = [bool(rows) and all(_is_number(row.get(name)) for row in rows) for name in columns]

    def line(values: Sequence[str]) -> str:
        padded = [
            value.rjust(width) if is_right else value.ljust(width)
            for value, width, is_right in zip(values, widths, right, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(list(columns)), line(["-" * width for width in widths]), *(line(row) for row in cells)])


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], out: TextIO) -> None:
    """CSV in which no cell of text runs as a formula in a spreadsheet program."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_cell(column) for column in columns])
    for row in rows:
        writer.writerow(
            [safe_cell(value) if isinstance(value := row.get(column), str) else plain(value) for column in columns]
        )


def print_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: str) -> None:
    """The rows on standard output as table, csv or json."""
    if form == "json":
        print(json_rows(rows))
    elif form == "csv":
        write_csv(rows, columns, sys.stdout)
    else:
        print(table(rows, columns))
