"""The lock of a store, and what vanishes with its owner even when it was killed."""

import fcntl
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scorecard import files
from scorecard.errors import StoreBusyError
from scorecard.store_kept import SUFFIX

_MARK = ".owner"


class BorrowedFolder:
    """The work folder of another process, which removes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def close(self) -> None:
        """Left to its owner."""


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


def sweep_orphans(
    snapshots: Path, imports: Path, manifests: Mapping[str, Mapping[str, Any] | None], current: str | None
) -> None:
    """Remove what a load wrote that was killed before it published: no manifest names it.

    Where a manifest is damaged nothing can be known to be unnamed, so nothing is removed.
    """
    for snapshot_id in manifests:
        if snapshot_id != current and not (snapshots / f"{snapshot_id}.json").exists():
            files.remove(snapshots / f"{snapshot_id}.duckdb")
    published = {key: said for key, said in manifests.items() if (snapshots / f"{key}.json").exists()}
    if not published or current not in published or None in published.values():
        return
    for kept in snapshots.glob(f"[0-9]*{SUFFIX}"):
        if kept.name.removesuffix(SUFFIX) not in published:
            files.remove(kept)
    named = {import_id for said in published.values() for import_id in (said or {})["import_ids"]}
    for path in imports.iterdir():
        if path.name.partition(".")[0] not in named:
            files.remove(path)


def take_lock(handle: int, wait_s: float, on_wait: Callable[[str], None] | None) -> None:
    """Hold the open lock file; StoreBusyError when another process keeps it longer than `wait_s`."""
    until = time.monotonic() + wait_s
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise StoreBusyError(
                    "Another load is still running in this store. Nothing was changed; try again in a minute."
                ) from None
        if not told and on_wait:
            on_wait("Another load is running; waiting for it to finish.")
            told = True
        time.sleep(0.05)
