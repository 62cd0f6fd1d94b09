"""From the drafts of tables to the tables handed on: notes in plain sentences, totals, facts."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scorecard.errors import IngestError
from scorecard.ingest.cells import clean_header
from scorecard.ingest.draft import TableDraft
from scorecard.ingest.facts import facts_of
from scorecard.ingest.rows import BLANKS, RowSource, TextTable

_LINES_SHOWN = 3


def finish(
    drafts: Sequence[TableDraft], name: str, sheet: str | None, format_: Mapping[str, str], notes: Sequence[str]
) -> list[TextTable]:
    """The tables, the largest first; IngestError when the largest is no table."""
    largest = max(drafts, key=lambda draft: draft.rows)
    _check(largest, name)
    ordered = [largest, *(draft for draft in drafts if draft is not largest)]
    tables = []
    for draft in ordered:
        label = sheet
        several: list[str] = []
        if len(drafts) > 1:
            several = [
                f"The file holds {len(drafts)} tables; this is the one with its header in line {draft.header_line}."
            ]
            if draft is not largest:
                label = f"{sheet + ', ' if sheet else ''}table in line {draft.header_line}"
        own = list(notes) if draft is largest else []
        tables.append(_table(draft, name, label, format_, [*own, *several]))
    return tables


def count_of(number: int, thing: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def header_notes(cells: Sequence[str]) -> tuple[str, ...]:
    """What is odd about the headers."""
    names = Counter(clean_header(cell) for cell in cells)
    twice = [f'"{name}"' for name, count in names.items() if name and count > 1]
    return (f"Headers that occur more than once were numbered: {', '.join(twice[:5])}.",) if twice else ()


def _check(draft: TableDraft, name: str) -> None:
    if draft.rows == 0 and not draft.refused:
        raise IngestError(f"{name} has a header but no rows. Export it again and check that the list has rows.")
    if draft.short + len(draft.refused) > 0.7 * draft.rows and any(map(_is_sentence, draft.header)):
        raise IngestError(
            f"{name} is text, not a table: its lines do not agree on the columns. Export the list as CSV."
        )
    if len(draft.refused) > draft.rows:
        example = draft.refused[0]
        raise IngestError(
            f"{name}: most rows do not fit the header in line {draft.header_line} "
            f"(line {example.line}: {example.reason}). Export it again as CSV with every text in quotes."
        )


def _is_sentence(header: str) -> bool:
    return len(header.split()) > 8 or header.endswith((".", "!", ","))


def _table(
    draft: TableDraft, name: str, sheet: str | None, format_: Mapping[str, str], notes: Sequence[str]
) -> TextTable:
    header = draft.header
    facts = facts_of(draft.titles, header, name, draft.footers)
    totals = tuple(
        {column: cell.strip(BLANKS) for column, cell in zip(header, cells, strict=False) if cell.strip(BLANKS)}
        for cells in draft.total_rows
    )
    return TextTable(
        file=name,
        sheet=sheet,
        header=header,
        header_line=draft.header_line,
        source=RowSource(draft.writer.path, len(header)),
        row_count=draft.rows,
        refused=tuple(sorted(draft.refused, key=lambda row: row.line)),
        set_aside=tuple(sorted(draft.set_aside, key=lambda row: row.line)),
        notes=(*notes, *_notes(draft)),
        facts=facts,
        totals=totals,
        dialect=dict(format_),
    )


def _notes(draft: TableDraft) -> list[str]:
    what = Counter(each.what for each in draft.set_aside)
    notes = []
    if draft.second_header:
        notes.append("Header lines that belong together were merged into one.")
    if draft.titles:
        notes.append(f"{count_of(len(draft.titles), 'line')} above the header set aside.")
    notes.extend(header_notes(draft.raw_header[: draft.extra_used]))
    if draft.width > draft.extra_used:
        notes.append(f"{count_of(draft.width - draft.extra_used, 'empty column')} at the right dropped.")
    if what["total"]:
        notes.append(f"{count_of(what['total'], 'total row')} set aside and kept for comparison.")
    if what["footer"]:
        notes.append(f"{count_of(what['footer'], 'footer line')} set aside.")
    if draft.repeated:
        notes.append(f"{count_of(draft.repeated, 'repeated header line')} set aside.")
    if what["blank"]:
        notes.append(f"{count_of(what['blank'], 'blank line')} set aside.")
    notes.extend(f"{count_of(count, 'row')} {what}." for what, count in draft.mended.items())
    if draft.short:
        notes.append(f"{count_of(draft.short, 'row')} short of cells; the missing cells are empty.")
    if draft.trimmed:
        notes.append(f"{count_of(draft.trimmed, 'row')} with more cells than headers, all of them empty, cut to size.")
    if draft.kept_totals:
        lines = ", ".join(str(line) for line in draft.kept_totals[:_LINES_SHOWN])
        notes.append(f'Line {lines} begins with "Total" but stands among the rows: loaded as a row.')
    if draft.refused:
        notes.append(f"{count_of(len(draft.refused), 'row')} refused.")
    return notes
