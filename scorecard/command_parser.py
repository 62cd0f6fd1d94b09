"""Which commands there are and what each takes."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from scorecard import command_inbox, command_load, command_show, command_take
from scorecard.command_base import Context, UsageError, pairs


class _Parser(argparse.ArgumentParser):
    """argparse that raises instead of exiting in the middle."""

    def error(self, message: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise UsageError(f"{message[:1].upper()}{message[1:]}. See: {self.prog} --help")


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands; `call` of what it returns is what the command does. Raises UsageError."""
    parser = _Parser(
        prog="python -m scorecard",
        description="The joint revenue scorecard: exports in, one agreed page of numbers out.",
        epilog="--store DIR works with every command (default: SCORECARD_STORE or data/store).",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    def add(name: str, doc: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=doc, description=doc, allow_abbrev=False)

    for name, doc in (
        ("load", "Read, check, commit, build and publish files or folders of files."),
        ("check", "The same as load up to the preview; changes nothing."),
    ):
        one = add(name, doc)
        _add_load_options(one, with_inbox=name == "load")
        one.set_defaults(call=_load if name == "load" else command_load.check)
    commands.add_parser("ask", help="Ask a metric or a report: ask NAME [--from D] [--to D] [--by DIMENSION] ...")
    one = add("read", "Print a file's table as it is understood, all text.")
    one.add_argument("path", type=Path)
    one.add_argument("--format", choices=("csv", "json"), default="csv")
    one.add_argument("--sheet", help="which sheet or table, when the file has several")
    one.set_defaults(call=command_load.read)
    for name, doc, call in (
        ("queries", "List every metric and report with its definition.", command_show.queries_),
        ("snapshots", "List the published snapshots.", command_show.snapshots),
    ):
        one = add(name, doc)
        one.add_argument("--json", action="store_true")
        one.set_defaults(call=call)
    one.add_argument("--prune", type=int, metavar="N", help="remove the files of all but the newest N until asked for")
    one = add("use", "Show another snapshot: roll back or forward.")
    one.add_argument("id")
    one.set_defaults(call=command_show.use)
    one = add("quarantine", "Every refused row with line, reason and raw text.")
    one.add_argument("--format", choices=("table", "csv", "json"), default="table")
    one.add_argument("--of", metavar="FILE", help="the rows of this file in its own columns, to mend and load again")
    one.set_defaults(call=command_show.quarantine)
    _add_store_commands(add)
    command_take.add(add)
    one = add("sample", "Write made-up exports with planted truth.")
    one.add_argument("--seed", type=int, default=None)
    one.add_argument("--people", type=int, default=None)
    one.add_argument("--out", type=Path, default=Path("data/sample"))
    one.set_defaults(call=command_show.sample)
    return parser


def _add_store_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What is held and remembered, and building it again."""
    one = add("mappings", "What is remembered about the columns of each source.")
    one.add_argument("--forget", metavar="FILE", help="read the next file like this one afresh")
    one.add_argument("--json", action="store_true")
    one.set_defaults(call=command_show.mappings)
    one = add("rebuild", "Read all raw files again and publish; with --of, one source with other columns.")
    one.add_argument("--of", metavar="FILE", help="a loaded file (or a signature of `mappings`) to read with --map")
    one.add_argument(
        "--map", action=pairs("="), default={}, metavar="CANONICAL=HEADER", help="nothing after = : unused"
    )
    one.add_argument("--answer", action=pairs("=", last=True), default={}, metavar="KEY=VALUE")
    one.set_defaults(call=command_show.rebuild)


def _load(context: Context, options: argparse.Namespace) -> int:
    if options.inbox and options.paths:
        raise UsageError("--inbox takes the files of the inbox: name no others.")
    return command_inbox.load(context, options) if options.inbox else command_load.load(context, options)


def _add_load_options(parser: argparse.ArgumentParser, with_inbox: bool) -> None:
    if with_inbox:
        parser.add_argument("--inbox", action="store_true", help="load what lies in SCORECARD_INBOX")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, or folders of files")
    parser.add_argument("--as", dest="kind", metavar="KIND", help="what the files are, such as deals or hubspot_deals")
    parser.add_argument(
        "--map", action=pairs("="), default={}, metavar="CANONICAL=HEADER", help="CANONICAL= : not used"
    )
    parser.add_argument("--set", action=pairs("="), default={}, metavar="CANONICAL=VALUE")
    parser.add_argument("--answer", action=pairs("=", last=True), default={}, metavar="KEY=VALUE")
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="the date the export tells of")
    whole = parser.add_mutually_exclusive_group()
    whole.add_argument("--full", action="store_const", const=True, dest="full", help="the file is the whole list")
    whole.add_argument("--partial", action="store_const", const=False, dest="full", help="the file adds and updates")
    parser.add_argument("--skip-unknown", action="store_true", help="leave out files of unknown kind")
    parser.add_argument("--json", action="store_true")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-01-31") from None
