"""`digest` and `export`: the meeting for a chat, a mail or a room, on the command line as in the app."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorecard import book_definitions as definitions
from scorecard import book_meetings, loading, loading_back, queries
from scorecard.command_base import DONE, Context, UsageError, print_rows
from scorecard.filters import LISTS, PERIODS, Filters, named_period
from scorecard.queries_readers import POOL, HasCursor
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo

# What these commands write with takes as long to import as a small load takes: only they wait for it.
if TYPE_CHECKING:
    from scorecard.export.numbers import Numbers
    from scorecard.export.stamp import Stamp

HEADING = "Joint revenue scorecard"
FORMATS = {".pptx": "slides", ".html": "report", ".pdf": "report on paper"}


def add(make: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The two commands with every filter of the app."""
    one = make("digest", "A short message with the numbers, the forecast and the deals to talk about.")
    one.add_argument("--format", choices=("md", "html"), default="md")
    one.add_argument("--names", action="store_true", help="names of deals in full; else their initials")
    _add_filters(one)
    one.set_defaults(call=print_digest)
    one = make("export", "The meeting as a file: FILE.pptx, FILE.html or FILE.pdf.")
    one.add_argument("file", type=Path, metavar="FILE")
    _add_filters(one)
    one.set_defaults(call=write_export)
    one = make("actions", "The actions of the meetings, each with its metric then and now and whether it moved.")
    one.add_argument("--all", action="store_true", help="those done or dropped too")
    one.add_argument("--snapshot", metavar="ID", help="numbers published earlier")
    one.add_argument("--format", choices=("table", "csv", "json"), default="table")
    one.set_defaults(call=print_actions)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=_day, metavar="DATE", help="first day")
    parser.add_argument("--to", dest="end", type=_day, metavar="DATE", help="the day after the last")
    parser.add_argument("--period", choices=tuple(PERIODS), default="13w", help="a period with a name (13w)")
    parser.add_argument("--snapshot", metavar="ID", help="numbers published earlier")
    for name, (option, label) in LISTS.items():
        flag = f"--{option.replace('_', '-')}"
        parser.add_argument(flag, dest=name, action="append", default=[], metavar=label.upper().replace(" ", "_"))


def print_digest(context: Context, options: argparse.Namespace) -> int:
    """The message on standard output."""
    from scorecard.export import blocks, digest

    info = _snapshot(context, options.snapshot)
    numbers, stamp = asked(context.store, info, _filters(options, info, context.store))
    found = digest.sections(
        numbers,
        earlier=loading_back.day_before(context.store, info),
        names=options.names,
        actions=blocks.actions_of(context.store.book),
    )
    print({"md": digest.markdown, "html": digest.html}[options.format](HEADING, found, stamp), end="")
    return DONE


def write_export(context: Context, options: argparse.Namespace) -> int:
    """The file; its ending says what it is."""
    from scorecard.export import blocks, pdf, report

    kind = options.file.suffix.lower()
    if kind not in FORMATS:
        raise UsageError(f"FILE ends in {', '.join(FORMATS)}, not {options.file.name!r}.")
    info = _snapshot(context, options.snapshot)
    numbers, stamp = asked(context.store, info, _filters(options, info, context.store))
    found = blocks.board(numbers, blocks.actions_of(context.store.book), context.progress)
    content: Any
    if kind == ".pptx":
        from scorecard.export import slides  # its library takes half a second to import

        content = slides.slides(found, stamp, HEADING, numbers.currency)
    else:
        page = report.report(found, stamp, HEADING)
        content = pdf.printed(page) if kind == ".pdf" else page.encode()
    options.file.write_bytes(content)
    context.note(f"{options.file.name}: {stamp.line()}")
    return DONE


def print_actions(context: Context, options: argparse.Namespace) -> int:
    """Every action measured again on the numbers shown."""
    from scorecard.export import actions

    info = _snapshot(context, options.snapshot)
    numbers, _ = asked(context.store, info, Filters())
    kept = book_meetings.actions(context.store.book, only_open=not options.all)
    found = actions.as_rows([actions.measure(numbers, one) for one in kept], numbers.currency)
    if not found:
        context.note("No action is open." if not options.all else "No action was written yet.")
    columns = ("id", "action", "owner", "due", "status", "measured", "verdict")
    print_rows(found, columns if options.format == "table" else actions.COLUMNS, options.format)
    return DONE


def asked(store: Store, info: SnapshotInfo, filters: Filters) -> "tuple[Numbers, Stamp]":
    """The numbers of a snapshot under these filters, and what is printed beside them."""
    from scorecard.export.numbers import Numbers, asking
    from scorecard.export.stamp import stamp_of

    settings = store.settings_of(info)
    signed = definitions.signature(definitions.in_force(store.book_of(info), store.book.copy()))
    numbers = Numbers(
        asking(POOL.reader(info.path), _before(store, info)),
        queries.find,
        filters,
        (info.as_of or info.published_at).date(),
        settings["reporting_currency"],
        int(settings["fiscal_year_start_month"]),
        settings["sourced_business"],
    )
    return numbers, stamp_of(info, filters, signed)


def _before(store: Store, info: SnapshotInfo) -> HasCursor | None:
    """The snapshot that reports of changes compare with."""
    other = loading_back.compare_default(store, info)
    return POOL.reader(loading_back.snapshot(store, other.id).path) if other else None


def _snapshot(context: Context, wanted: str | None) -> SnapshotInfo:
    if wanted:
        return loading_back.snapshot(context.store, wanted)
    info = loading.recover(context.store, context.now, context.who)
    if info is None:
        raise UsageError(f"The store {context.store.root} has no published numbers yet. Load an export first.")
    if info.problem:
        context.note(info.problem)
    return info


def _filters(options: argparse.Namespace, info: SnapshotInfo, store: Store) -> Filters:
    """The days as typed, else the named period; both ends are open where only the other is given."""
    on = (info.as_of or info.published_at).date()
    fiscal = int(store.settings_of(info)["fiscal_year_start_month"])
    given = (options.start, options.end)
    start, end = given if any(given) else named_period(options.period, on, fiscal)
    return replace(Filters(start, end), **{name: tuple(getattr(options, name)) for name in LISTS})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-01-31") from None
