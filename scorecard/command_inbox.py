"""`load --inbox`: publish what lies in a watched folder and clear it away, with a note beside every file."""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

from scorecard import command_load, command_preview, files
from scorecard.command_base import DONE, REFUSED, Context, UsageError, printable
from scorecard.loading import Preview

DONE_FOLDER, REFUSED_FOLDER = "done", "refused"
NOTE = ".note.txt"
SETTLED_S = 5  # a file that changed since then may still be on its way
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")


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
            _put_away(path, inbox / REFUSED_FOLDER, _note(looked_at, path))
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
        left_out = all(report.status == "skipped" for report in looked_at.reports if report.path == path)
        folder = REFUSED_FOLDER if left_out else DONE_FOLDER
        _put_away(path, inbox / folder, _note(looked_at, path))
        if left_out:
            context.note(printable(f"{path.name}: left out. See {folder}/{path.name}{NOTE} in the inbox."))
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
    """The finished files right in the inbox. Links are not followed: they may lead to anything on this machine."""
    found = []
    for path in sorted(inbox.iterdir()):
        if path.is_symlink() or not path.is_file() or path.name.startswith((".", "~$")):
            continue
        if path.name.lower().endswith(UNFINISHED) or time.time() - path.stat().st_mtime < SETTLED_S:
            context.note(printable(f"{path.name} is still being written; it waits for the next time."))
            continue
        found.append(path)
    return found


def _blocked(looked_at: Preview) -> list[Path]:
    """The files that need a person."""
    reports = [report for report in looked_at.reports if report.status in ("question", "refused")]
    return list(dict.fromkeys(report.path for report in reports))


def _note(looked_at: Preview, path: Path) -> str:
    """What became of one file, sheet by sheet; rows are counted, never quoted."""
    lines: list[str] = []
    for position, report in enumerate(looked_at.reports):
        if report.path == path:
            lines += command_preview.account(report, looked_at, position, lines_shown=0)
            if report.questions:
                lines.append("  Load it by hand with the answer: python -m scorecard load FILE --answer KEY=VALUE")
    return "".join(f"{printable(line)}\n" for line in lines)


def _put_away(path: Path, folder: Path, note: str) -> None:
    """Move the file, under a name that is free there, and write the note beside it."""
    files.make_private_folder(folder)
    target, number = folder / path.name, 2
    while target.exists():
        target = folder / f"{path.stem} ({number}){path.suffix}"
        number += 1
    files.write_text(target.with_name(target.name + NOTE), note)
    path.rename(target)
