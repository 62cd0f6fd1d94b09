"""Scratch folders inside the store that vanish with their owner, even when it was killed."""

import fcntl
import tempfile
import weakref
from pathlib import Path

from scorecard import files

_MARK = ".owner"


class WorkFolder:
    """A private folder for one preview; removed by `close()`, with the object, or by a later `sweep`."""

    def __init__(self, parent: Path | None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="scorecard-", dir=parent))
        handle = (self.path / _MARK).open("w")
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._finish = weakref.finalize(self, _discard, self.path, handle)

    def close(self) -> None:
        """The folder is gone."""
        self._finish()


def _discard(path: Path, handle: object) -> None:
    files.remove(path)
    handle.close()  # pyright: ignore[reportAttributeAccessIssue]


def sweep(parent: Path) -> None:
    """Remove the folders whose owners are dead."""
    for folder in parent.glob("scorecard-*"):
        mark = folder / _MARK
        if not mark.exists():
            continue
        with mark.open("r") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            files.remove(folder)
