"""What each command does: read the arguments, call the house, print the answer, say how it went by the exit code."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from scorecard import faults
from scorecard.command_base import DONE, REFUSED, Context, take_option
from scorecard.errors import ScorecardError, StoreBusyError

BUSY = 3
STOPPED = 130


def main(arguments: Sequence[str], now: datetime | None = None) -> int:
    """Run one command; its exit code: 0 done, 2 refused or a question is open, 3 the store is busy."""
    try:
        return _run(list(arguments), now)
    except StoreBusyError as error:
        return _say(str(error), BUSY)
    except ScorecardError as error:
        return _say(str(error), REFUSED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return _say("Stopped. Nothing was changed.", STOPPED)
    except Exception as error:
        if os.environ.get("SCORECARD_DEBUG"):
            raise
        return _say(_unexpected(error), REFUSED)


def _run(arguments: list[str], now: datetime | None) -> int:
    store, rest = take_option(arguments, "--store")
    context = Context.at(store, now)
    # A question does not wait for the import of what the other commands need.
    if rest[:1] == ["ask"]:
        from scorecard import command_ask

        return command_ask.ask(context, rest[1:])
    from scorecard.command_parser import make_parser

    parser = make_parser()
    options = parser.parse_args(rest)
    if not getattr(options, "call", None):
        parser.print_help()
        return DONE
    return options.call(context, options)


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _unexpected(error: Exception) -> str:
    """One sentence without paths, values or a trace."""
    if words := faults.sentence(error):
        return words
    if isinstance(error, OSError) and error.strerror:
        where = f" ({Path(str(error.filename)).name})" if error.filename else ""
        return f"{error.strerror}{where}. Nothing was changed."
    return (
        f"This failed unexpectedly ({type(error).__name__}). Nothing was changed. "
        "Set SCORECARD_DEBUG=1 and run it again to see the details."
    )
