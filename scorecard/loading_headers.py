"""What is different about the columns of a file since the last one of its source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from scorecard.imports import ImportRecord
from scorecard.ingest.headers import Header, read_header
from scorecard.ingest.report import FileReport, Proposal
from scorecard.loading_contract import newest_before

ALIKE = 70  # of 100: two names that may be one column renamed
GUESS = 0.8  # how sure such a guess is: less than a known name


class Renamed(NamedTuple):
    """A column that seems to go by another name now. `sure`: both names are known for the same thing."""

    was: str
    now: str
    column: str | None
    sure: bool


@dataclass(frozen=True)
class HeaderChange:
    """Columns gone, new and renamed, against the file before."""

    file: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `check --json` prints of it."""
        renamed = [one._asdict() for one in self.renamed]
        return {"before": self.file, "gone": list(self.gone), "new": list(self.new), "renamed": renamed}


def header_change(report: FileReport, held: Sequence[ImportRecord]) -> HeaderChange | None:
    """The difference to the newest file of the same source; None when there is none, or no such file."""
    if report.kind is None or report.mends or not report.header:
        return None
    before = newest_before(report, held)
    if before is None or not before.header or before.signature == report.signature:
        return None
    then = {header.key: header for header in map(read_header, before.header)}
    now = {header.key: header for header in map(read_header, report.header)}
    gone = [header for key, header in then.items() if key not in now]
    new = [header for key, header in now.items() if key not in then]
    renamed = tuple(_renamed(gone, new, report, before))
    was, becomes = {one.was for one in renamed}, {one.now for one in renamed}
    return HeaderChange(
        before.file,
        tuple(header.text for header in gone if header.text not in was),
        tuple(header.text for header in new if header.text not in becomes),
        renamed,
    )


def _renamed(gone: Sequence[Header], new: Sequence[Header], report: FileReport, before: ImportRecord) -> list[Renamed]:
    fed = {header: column for column, header in report.mapping.items()}
    column_of = {header: column for column, header in before.mapping.items() if header}
    found: list[Renamed] = []
    for old in gone:
        column = column_of.get(old.text)
        if column and report.mapping.get(column) in {header.text for header in new}:
            found.append(Renamed(old.text, report.mapping[column], column, True))
    pairs = sorted(
        ((fuzz.token_sort_ratio(old.words, other.words), old, other) for old in gone for other in new),
        key=lambda pair: -pair[0],
    )
    for score, old, other in pairs:
        taken = any(one.was == old.text or one.now == other.text for one in found)
        if score >= ALIKE and not taken and other.text not in fed:
            found.append(Renamed(old.text, other.text, column_of.get(old.text), False))
    return found


def with_guesses(report: FileReport, change: HeaderChange | None) -> FileReport:
    """The report with a proposal for each column that may only have been renamed."""
    if change is None:
        return report
    guesses = {
        one.now: Proposal(one.now, one.column, GUESS, f"it was “{one.was}” in {change.file}", report.kind or "")
        for one in change.renamed
        if not one.sure and one.column and one.column not in report.mapping
    }
    if not guesses:
        return report
    return replace(report, proposals=tuple(guesses.get(item.header, item) for item in report.proposals))
