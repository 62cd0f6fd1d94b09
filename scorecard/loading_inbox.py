"""The inbox folder: what waits in it, and clearing it away with a note beside every file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scorecard import files

DONE_FOLDER, REFUSED_FOLDER = "done", "refused"
NOTE = ".note.txt"
SETTLED_S = 5  # a file that changed since then may still be on its way
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True)
class Waiting:
    """The finished files right in the inbox, and those still being written."""

    ready: tuple[Path, ...]
    unfinished: tuple[Path, ...]


def waiting(inbox: Path, now_s: float) -> Waiting:
    """What lies in the inbox. Links are not followed: they may lead to anything on this machine."""
    ready, unfinished = [], []
    for path in sorted(inbox.iterdir()):
        if path.is_symlink() or not path.is_file() or path.name.startswith((".", "~$")):
            continue
        is_early = path.name.lower().endswith(UNFINISHED) or now_s - path.stat().st_mtime < SETTLED_S
        (unfinished if is_early else ready).append(path)
    return Waiting(tuple(ready), tuple(unfinished))


def clear_away(inbox: Path, path: Path, is_done: bool, note: Callable[[Path], str]) -> None:
    """Move a file to done/ or refused/, under a name that is free there, with its note beside it."""
    folder = inbox / (DONE_FOLDER if is_done else REFUSED_FOLDER)
    files.make_private_folder(folder)
    target, number = folder / path.name, 2
    while target.exists():
        target = folder / f"{path.stem} ({number}){path.suffix}"
        number += 1
    files.write_text(target.with_name(target.name + NOTE), note(path))
    path.rename(target)
