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
    header: tuple[str, ...] = ()  # of the newest file read so, where it is known


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
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # like `mapping`, by header signature

    whole: Mapping[str, bool] = field(default_factory=dict)  # like `full`, by header signature

    def is_full(self, signature: str) -> bool | None:
        """Whether a file with this header is the whole list, as far as anybody said."""
        return self.whole.get(signature, self.full)

    def said(self, signature: str) -> dict[str, str]:
        """The mapping given for a file with this header; a canonical column mapped to '' is not used."""
        return {**self.mapping, **self.columns.get(signature, {})}


@dataclass(frozen=True)
class Known:
    """What the store already knows; a pure value."""

    now: datetime
    mappings: Mapping[str, SavedMapping] = field(default_factory=dict)
    reporting_currency: str = "USD"
    time_zone: str = "UTC"
    loaded: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[SavedMapping, ...] = ()  # of the files in effect, the newest first
    facts: Mapping[str, str] = field(default_factory=dict)  # what the report said that these rows were taken from


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
    remembered: bool = False  # the columns were accepted before, so nothing about them is asked again
    given: Mapping[str, str] = field(default_factory=dict)  # the part of the mapping that a person said
    reading: Mapping[str, str] = field(default_factory=dict)  # orders and number formats, as answers would say them
    delimiter: str = ","
    mends: str = ""  # the import whose refused rows these are, mended by a person
    mended: tuple[tuple[str, int], ...] = ()  # import and line of each

    source: Path | None = None  # the file that was dropped, where `path` is a part of it

    @property
    def dropped(self) -> Path:
        """The file somebody dropped."""
        return self.source or self.path

    @property
    def to_confirm(self) -> tuple[Proposal, ...]:
        """Columns that are likely but not certain: not used until a person says so. An empty one is not asked about."""
        if self.remembered or self.status in ("skipped", "unused", "refused"):
            return ()
        return tuple(
            proposal
            for proposal in self.proposals
            if proposal.canonical and proposal.header in self.unmapped and self.samples.get(proposal.header)
        )

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
            "remembered": self.remembered,
            "to_confirm": [
                {
                    "header": p.header,
                    "canonical": p.canonical,
                    "score": round(p.score, 2),
                    "samples": list(self.samples.get(p.header, ())[:3]),
                }
                for p in self.to_confirm
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
