"""`load --inbox`: publish what lies in a watched folder and clear it away, with a note beside every file."""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

from scorecard import command_load, command_preview, loading_inbox
from scorecard.command_base import DONE, REFUSED, Context, UsageError, printable
from scorecard.command_preview import note
from scorecard.loading import Preview
from scorecard.loading_inbox import NOTE, REFUSED_FOLDER


def load(context: Context, options: argparse.Namespace) -> int:
    """Publish the files that can be; the others go to refused/ and do not hold them up."""
    inbox = _inbox()
    waiting = _waiting(inbox, context)
    if not waiting:
        print("The inbox holds no file to load.")
        return DONE
    options.skip_unknown = True
    looked_at = command_load.preview_of(context, options, waiting)
    try:
        blocked = _blocked(looked_at)
        if not blocked:
            return _publish(context, options, looked_at, inbox, waiting)
        for path in blocked:
            loading_inbox.clear_away(inbox, path, False, lambda path: note(looked_at, path))
            context.note(printable(f"{path.name}: refused. See {REFUSED_FOLDER}/{path.name}{NOTE} in the inbox."))
        if len(blocked) == len(waiting):
            command_preview.tell(looked_at, None, options.json)
    finally:
        looked_at.close()
    good = [path for path in waiting if path not in blocked]
    if good:
        looked_at = command_load.preview_of(context, options, good)
        try:
            if looked_at.blocked:
                raise UsageError("The files in the inbox belong together with one that was refused. They stay there.")
            _publish(context, options, looked_at, inbox, good)
        finally:
            looked_at.close()
    return REFUSED


def _publish(
    context: Context, options: argparse.Namespace, looked_at: Preview, inbox: Path, paths: Sequence[Path]
) -> int:
    """Commit, then move the files: one killed in between is found again and known as loaded."""
    command_load.publish(context, looked_at, options.json)
    for path in paths:
        left_out = all(report.status == "skipped" for report in looked_at.reports if report.dropped == path)
        loading_inbox.clear_away(inbox, path, not left_out, lambda path: note(looked_at, path))
        if left_out:
            context.note(printable(f"{path.name}: left out. See {REFUSED_FOLDER}/{path.name}{NOTE} in the inbox."))
    return DONE


def _inbox() -> Path:
    named = os.environ.get("SCORECARD_INBOX")
    if not named:
        raise UsageError("Say where the inbox is: SCORECARD_INBOX=FOLDER.")
    inbox = Path(named)
    if not inbox.is_dir():
        raise UsageError(f"SCORECARD_INBOX names {inbox}, which is no folder.")
    return inbox


def _waiting(inbox: Path, context: Context) -> list[Path]:
    found = loading_inbox.waiting(inbox, time.time())
    for path in found.unfinished:
        context.note(printable(f"{path.name} is still being written; it waits for the next time."))
    return list(found.ready)


def _blocked(looked_at: Preview) -> list[Path]:
    """The files that need a person."""
    reports = [report for report in looked_at.reports if report.status in ("question", "refused")]
    return list(dict.fromkeys(report.dropped for report in reports))
