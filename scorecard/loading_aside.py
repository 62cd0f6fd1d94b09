"""Large files are read and published by a process of their own: what they took of memory is given back when it ends."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scorecard import loading
from scorecard.errors import ScorecardError, StoreError
from scorecard.ingest.report import LoadOptions
from scorecard.loading import Preview
from scorecard.loading_state import Progress
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo
from scorecard.store_work import BorrowedFolder, WorkFolder

LARGE = 24 << 20  # starting a process takes a second: not for the usual export
ROOT = Path(__file__).resolve().parent.parent
_STOPPED = (
    "The process that loads was stopped, probably for want of memory. The numbers stay as published unless History "
    "shows a newer state; load the file on the command line: python -m scorecard load FILE."
)


def preview(
    store: Store,
    paths: Sequence[Path],
    options: LoadOptions,
    now: datetime,
    names: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Preview:
    """As `loading.preview`."""
    if sum(path.stat().st_size for path in paths) < LARGE:
        return loading.preview(store, paths, options, now, names, progress)
    work = WorkFolder(store.work_folder if store.work_folder.is_dir() else None)
    try:
        lent = BorrowedFolder(work.path)
        found = _elsewhere("preview", progress, None, store.root, tuple(paths), options, now, names, lent)
        return replace(found, work=work)
    except BaseException:
        work.close()
        raise


def commit(
    store: Store,
    looked_at: Preview,
    now: datetime,
    who: str,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> SnapshotInfo | None:
    """As `loading.commit`."""
    if sum(report.path.stat().st_size for report in looked_at.fresh if report.path.exists()) < LARGE:
        return loading.commit(store, looked_at, now, who, progress, on_wait)
    lent = replace(looked_at, work=BorrowedFolder(looked_at.work.path))
    return _elsewhere("commit", progress, on_wait, store.root, lent, now, who)


def _elsewhere(
    what: str, progress: Progress | None, on_wait: Callable[[str], None] | None, root: Path, *arguments: Any
) -> Any:
    """Ask the other process; pass on what it says meanwhile; its answer, or its error."""
    command = [sys.executable, "-m", "scorecard.loading_aside"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    try:
        pickle.dump((what, root, arguments), process.stdin)
        process.stdin.close()
        while True:
            kind, said = pickle.load(process.stdout)
            if kind == "progress" and progress:
                progress(*said)
            elif kind == "wait" and on_wait:
                on_wait(*said)
            elif kind == "done":
                return said
            elif kind == "error":
                raise said
    except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
        raise StoreError(_STOPPED) from error
    finally:
        if process.poll() is None:
            process.kill()  # nobody waits for the answer any more: a load can be killed at any moment
        process.wait()
        process.stdout.close()


def _answer(what: str, root: Path, arguments: tuple[Any, ...], say: Callable[[str, Any], None]) -> Any:
    def progress(text: str, share: float) -> None:
        say("progress", (text, share))

    store = Store(root)
    if what == "preview":
        paths, options, now, names, work = arguments
        return loading.preview(store, paths, options, now, names, progress, work)
    looked_at, now, who = arguments
    return loading.commit(store, looked_at, now, who, progress, lambda text: say("wait", (text,)))


def main() -> None:
    """The other process: one question on standard input, the answer on standard output."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # what libraries print must not get between

    def say(kind: str, said: Any) -> None:
        pickle.dump((kind, said), out)
        out.flush()

    what, root, arguments = pickle.load(sys.stdin.buffer)
    try:
        say("done", _answer(what, root, arguments, say))
    except ScorecardError as error:
        say("error", type(error)(str(error)))
    except Exception as error:
        say("error", StoreError(f"This failed unexpectedly ({type(error).__name__}). Nothing was changed."))
        raise


if __name__ == "__main__":
    main()
