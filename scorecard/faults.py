"""What the machine refused (room, rights, memory, a damaged disk), said in a sentence with a next step."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scorecard.errors import ScorecardError, StoreError

FULL = "The disk is full. Nothing was changed; the numbers stay as published. Make room and try again."
_NO_MEMORY = "Not enough memory. Nothing was changed; load the files one by one, or on a machine with more memory."
_NO_RIGHT = "{what} may not be read or written by this user. Nothing was changed; give the right to it and try again."
_READ_ONLY = "{what} lies on a disk that is read-only. Nothing was changed; make it writable and try again."
_BROKEN = "{what} cannot be read from its disk (input/output error). Nothing was changed; check the disk and try again."

_BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _READ_ONLY,
    errno.EIO: _BROKEN,
}
# DuckDB and SQLite say it in words of their own. Their other errors may quote values, so only these kinds are read.
_DATABASES = ("duckdb", "_duckdb", "sqlite3")
_KINDS = ("IOException", "FatalException", "TransactionException", "OutOfMemoryException", "OperationalError")
_BY_WORDS = (
    ("no space left", FULL),
    ("disk is full", FULL),
    ("disk quota exceeded", FULL),
    ("file too large", FULL),
    ("permission denied", _NO_RIGHT),
    ("readonly database", _READ_ONLY),
    ("read-only file system", _READ_ONLY),
)


def sentence(error: BaseException) -> str | None:
    """What to tell a person about a fault of the machine; None when the error is something else."""
    if isinstance(error, OSError):
        name = Path(str(error.filename)).name if error.filename else "A file it needs"
        said = _BY_NUMBER.get(error.errno or 0)
        return said.format(what=name) if said else None
    if isinstance(error, MemoryError):
        return _NO_MEMORY
    kind = type(error)
    if kind.__module__.partition(".")[0] not in _DATABASES or kind.__name__ not in _KINDS:
        return None
    words = str(error).lower()
    for part, said in _BY_WORDS:
        if part in words:
            return said.format(what="A file of the store")
    return _NO_MEMORY if kind.__name__ == "OutOfMemoryException" else None


@contextmanager
def said(only: str = "") -> Iterator[None]:
    """A fault of the machine inside (or `only` the one with this sentence) becomes a StoreError that says it.

    Every other error passes as it is.
    """
    try:
        yield
    except ScorecardError:
        raise
    except Exception as error:
        words = sentence(error)
        if words is None or (only and words != only):
            raise
        raise StoreError(words) from error
