"""`ask`: a metric or a report, with any filter or declared parameter by its own name."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scorecard import loading, loading_back, queries
from scorecard.book_definitions import SIGNED, in_force, signature
from scorecard.command_base import DONE, Context, UsageError, print_rows
from scorecard.errors import NotComputableError
from scorecard.filters import LISTS
from scorecard.queries_readers import POOL
from scorecard.store_snapshots import SnapshotInfo

USAGE = """usage: python -m scorecard ask NAME [--from DATE] [--to DATE] [--grain GRAIN] [--by DIMENSION]
                               [--NAME VALUE]... [--param NAME=VALUE]... [--snapshot ID] [--compare-to ID]
                               [--format table|csv|json] [--store DIR]

Run a metric or a report of `python -m scorecard queries`. --from is included, --to is not.
GRAIN: day, week, month, quarter, year, total. Filters, repeated for several values:
--channel --source --side --campaign --region --segment --product --team --owner --pipeline --account-list
--video-engaged yes|no.
--compare-to: a snapshot, or a date for the newest one that tells of that day or an earlier one."""

_OWN = ("from", "to", "param", "snapshot", "compare_to", "format")
_SINGULAR = {option: name for name, (option, _) in LISTS.items()}


@dataclass
class _Asked:
    """What was typed after `ask`."""

    name: str = ""
    options: dict[str, list[str]] = field(default_factory=dict)

    def one(self, name: str, default: str = "") -> str:
        values = self.options.get(name, [])
        if len(values) > 1:
            raise UsageError(f"--{name.replace('_', '-')} was given {len(values)} times.")
        return values[0] if values else default


def ask(context: Context, words: Sequence[str]) -> int:
    """Print the answer; a number that the files cannot give is a sentence and no rows."""
    asked = _read(words)
    if not asked.name:
        print(USAGE)
        return DONE
    form = asked.one("format", "table")
    if form not in ("table", "csv", "json"):
        raise UsageError(f"--format is table, csv or json, not {form!r}.")
    query = queries.find(asked.name)
    if query.folder == "model":
        raise UsageError(f"{asked.name} is a table of the model; ask a metric or a report.")
    info = _snapshot(context, asked.one("snapshot"))
    params = _params(asked, query)
    other = asked.one("compare_to")
    try:
        rows = _answer(context, info, query, params, other)
    except NotComputableError as error:
        if form == "json":
            print("[]")
        print(error, file=sys.stderr if form != "table" else sys.stdout)
        return DONE
    columns = list(rows[0]) if rows else list(query.returns)
    print_rows(rows, columns, form)
    if form != "json" and ("side" in columns or query.name in SIGNED):
        context.note(f"{signature(in_force(context.store.book_of(info), context.store.book.copy()))}.")
    for sentence in getattr(rows, "notes", ()):
        context.note(sentence)
    if not rows and form == "table":
        context.note("No rows in this period with these filters.")
    return DONE


def _answer(
    context: Context, info: SnapshotInfo, query: queries.Query, params: dict[str, Any], other: str
) -> list[dict[str, Any]]:
    """The rows; with --compare-to those of both snapshots, each with its id, unless the report compares itself."""
    if query.compares_snapshots:
        return _two(context, info, query, params, other)
    if not other:
        return queries.rows(POOL.reader(info.path), query.name, params)
    if "compare_to" in query.params:
        params["compare_to"] = _as_of(context, other)
        return queries.rows(POOL.reader(info.path), query.name, params)
    both = (info, loading_back.compared(context.store, other))
    return [
        {"snapshot": one.id, **row} for one in both for row in queries.rows(POOL.reader(one.path), query.name, params)
    ]


def _two(
    context: Context, info: SnapshotInfo, query: queries.Query, params: dict[str, Any], other: str
) -> list[dict[str, Any]]:
    """The rows of a report that compares two snapshots, and which two they are."""
    store = context.store
    before = loading_back.compared(store, other) if other else loading_back.compare_default(store, info)
    if before is None:
        raise NotComputableError(
            f"{query.title} compares two states of the numbers and there is only one. Load next week's export."
        )
    before = loading_back.snapshot(store, before.id)
    context.note(f"From the numbers of {_told(before)} to those of {_told(info)}.")
    return queries.rows(POOL.reader(info.path), query.name, params, before=POOL.reader(before.path))


def _told(info: SnapshotInfo) -> str:
    return f"{info.as_of:%Y-%m-%d} ({info.id})" if info.as_of else info.id


def _as_of(context: Context, text: str) -> date | None:
    """The day to compare with: a date as typed, or the day a snapshot tells of."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        as_of = loading_back.snapshot(context.store, text).as_of
        return as_of.date() if as_of else None


def _snapshot(context: Context, wanted: str) -> SnapshotInfo:
    if wanted:
        return loading_back.snapshot(context.store, wanted)
    info = loading.recover(context.store, context.now, context.who)
    if info is None:
        raise UsageError(
            f"The store {context.store.root} has no published numbers yet. "
            "Load an export first: python -m scorecard load FILE."
        )
    if info.problem:
        context.note(info.problem)
    return info


def _read(words: Sequence[str]) -> _Asked:
    """NAME and every --option VALUE or --option=VALUE, in any order."""
    asked = _Asked()
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word in ("-h", "--help"):
            return _Asked()
        if not word.startswith("--"):
            if asked.name:
                raise UsageError(f"{word!r} is one word too many; put values of several words in quotes.")
            asked.name = word
            continue
        option, equals, value = word[2:].partition("=")
        if not equals:
            if not waiting:
                raise UsageError(f"{word} needs a value.")
            value = waiting.pop(0)
        asked.options.setdefault(option.replace("-", "_"), []).append(value)
    if asked.options and not asked.name:
        raise UsageError("ask needs the NAME of a metric or report; `python -m scorecard queries` lists them.")
    return asked


def _params(asked: _Asked, query: queries.Query) -> dict[str, Any]:
    """Bound parameters: the filters by singular or plural name, the rest by its own."""
    typed: dict[str, list[str]] = {name: list(values) for name, values in asked.options.items() if name not in _OWN}
    for pair in asked.options.get("param", []):
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--param takes NAME=VALUE, not {pair!r}.")
        typed.setdefault(name.strip().replace("-", "_"), []).append(value)
    for option, name in (("from", "period_start"), ("to", "period_end")):
        if option in asked.options:
            typed[name] = [asked.one(option)]
    params: dict[str, Any] = {}
    for name, values in typed.items():
        target = name if name in query.params else _SINGULAR.get(name) or _begun(name, query)
        params[target] = values if _is_list(query, target) else _single(name, values)
    return params


def _begun(name: str, query: queries.Query) -> str:
    """The one parameter whose name begins so (`half_life` for `half_life_days`), else the name as typed."""
    found = [param for param in query.params if param.startswith(f"{name}_")]
    return found[0] if len(found) == 1 else name


def _is_list(query: queries.Query, name: str) -> bool:
    return name in LISTS or isinstance(query.defaults.get(name), list)


def _single(name: str, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise UsageError(f"--{name.replace('_', '-')} takes one value, not {len(values)}.")
    return values[0]
