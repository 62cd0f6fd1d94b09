"""What examining a file tells its caller: the report, its questions, and what was known beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from scorecard.ingest.rows import RefusedRow, SetAside

Status = Literal["ready", "question", "refused", "skipped", "unused"]


@dataclass(frozen=True)
class Question:
    """Something only a person can say; answered with `key=one of choices`."""

    key: str
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """The best canonical column for one header, how sure that is (0..1) and why."""

    header: str
    canonical: str | None
    score: float
    why: str
    target_kind: str


@dataclass(frozen=True)
class Reconciliation:
    """A total row of the file against the sum of the rows that were loaded."""

    column: str
    file_says: float
    rows_say: float
    label: str = ""


@dataclass(frozen=True)
class TypedTable:
    """One canonical table written as Parquet; `mapped` = the columns this file really feeds."""

    kind: str
    path: Path
    row_count: int
    mapped: tuple[str, ...]


@dataclass(frozen=True)
class SavedMapping:
    """What somebody accepted for a file with these headers."""

    kind: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    full: bool | None = None


@dataclass(frozen=True)
class LoadOptions:
    """What the caller said about the files, on the command line or on the page."""

    kind: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None
    full: bool | None = None
    skip_unknown: bool = False


@dataclass(frozen=True)
class Known:
    """What the store already knows; a pure value."""

    now: datetime
    mappings: Mapping[str, SavedMapping] = field(default_factory=dict)
    reporting_currency: str = "USD"
    time_zone: str = "UTC"
    loaded: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileReport:
    """One table of one file: what it is, what was understood, and where every line went."""

    file: str
    sheet: str | None
    path: Path
    sha256: str
    status: Status
    system: str = "own"
    kind: str | None = None
    title: str = ""
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_not_data: int = 0
    header: tuple[str, ...] = ()
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    unmapped: tuple[str, ...] = ()
    signature: str = ""
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    tables: tuple[TypedTable, ...] = ()
    as_of: datetime | None = None
    as_of_origin: str = ""
    full: bool | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    reconciliation: tuple[Reconciliation, ...] = ()
    error: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict:
        """The report as plain JSON values."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "kind": self.kind,
            "system": self.system,
            "title": self.title,
            "status": self.status,
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_loaded,
            "rows_quarantined": self.rows_quarantined,
            "rows_not_data": self.rows_not_data,
            "notes": list(self.notes),
            "questions": [
                {"key": question.key, "text": question.text, "choices": list(question.choices)}
                for question in self.questions
            ],
            "mapping": dict(self.mapping),
            "unmapped": list(self.unmapped),
            "proposals": [
                {"header": p.header, "canonical": p.canonical, "score": round(p.score, 2), "why": p.why}
                for p in self.proposals
            ],
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "as_of_origin": self.as_of_origin,
            "full": self.full,
            "reconciliation": [
                {"column": r.column, "label": r.label, "file_says": r.file_says, "rows_say": r.rows_say}
                for r in self.reconciliation
            ],
            "error": self.error,
        }
