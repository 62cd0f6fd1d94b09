"""Every error this package raises on purpose, each with a sentence a person can act on."""


class ScorecardError(Exception):
    """What went wrong and what to do next, in one or two sentences."""


class IngestError(ScorecardError):
    """A file cannot be used; the message names the file and, where known, line and column."""


class NotInThisFileError(IngestError):
    """A column that was named for the files is none of this one's; of several files another may have it."""

    def __init__(self, message: str, column: str) -> None:
        super().__init__(message)
        self.column = column  # the canonical column it was named for


class StoreError(ScorecardError):
    """The store is damaged, missing or cannot be written."""


class StoreBusyError(StoreError):
    """Another load holds the store."""


class QueryHeaderError(ScorecardError):
    """A query file's header does not tell the truth about its statement."""


class QueryError(ScorecardError):
    """A query was asked with wrong values, or did not finish in time."""


class NotComputableError(QueryError):
    """The loaded files do not hold what the number needs; the message says which file would."""
