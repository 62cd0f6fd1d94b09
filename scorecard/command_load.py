"""`load`, `check` and `read`: files in, and a plain account of what was understood."""

import argparse
import csv
import json
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from scorecard import loading, queries
from scorecard.command_base import DONE, REFUSED, Context, UsageError, json_rows, printable
from scorecard.errors import StoreError
from scorecard.ingest.reading import read_file
from scorecard.ingest.report import FileReport, LoadOptions
from scorecard.ingest.rows import TextTable
from scorecard.loading import Preview
from scorecard.loading_records import CONTRACT
from scorecard.queries_checks import Finding, findings
from scorecard.queries_readers import POOL
from scorecard.store_snapshots import SnapshotInfo

_LINES_SHOWN = 5


def load(context: Context, options: argparse.Namespace) -> int:
    """Publish the files, or say what keeps them from being published."""
    preview = preview_of(context, options, _files(options.paths))
    try:
        if preview.blocked:
            tell(preview, None, options.json)
            for line in _why_blocked(preview):
                context.note(line)
            return REFUSED
        publish(context, preview, options.json)
        return DONE
    finally:
        preview.close()


def publish(context: Context, preview: Preview, as_json: bool) -> None:
    """Commit what was looked at, and say how it went."""
    before = None
    with suppress(StoreError):  # a load of known files also mends a store that cannot be opened
        before = context.store.current() if not preview.fresh else None
    info = loading.commit(context.store, preview, context.now, context.who, context.progress, context.note)
    found = findings(POOL.reader(info.path)) if info else []
    tell(preview, info, as_json, found)
    if not as_json:
        print(_outcome(info, before))
        for finding in found:
            print(printable(f"  ! {finding.sentence()}"))


def check(context: Context, options: argparse.Namespace) -> int:
    """Show what loading the files would do; changes nothing."""
    preview = preview_of(context, options, _files(options.paths))
    try:
        tell(preview, None, options.json)
        if preview.blocked:
            for line in _why_blocked(preview):
                context.note(line)
        return REFUSED if preview.blocked else DONE
    finally:
        preview.close()


def read(context: Context, options: argparse.Namespace) -> int:
    """The table of a file as it is understood, all text; what was noticed goes to standard error."""
    with tempfile.TemporaryDirectory() as work:
        tables = read_file(_existing(options.path), Path(work))
        table = _choose(tables, options.sheet, context)
        for note in table.notes:
            context.note(note)
        if table.refused:
            context.note(f"{len(table.refused)} rows could not be split into cells and are left out.")
        for row in table.refused[:_LINES_SHOWN]:
            context.note(f"  line {row.line}: {row.reason}")
        relation, params = table.source.relation()
        rows = queries.text_rows(relation, params, len(table.header))
        if options.format == "json":
            print(json_rows(dict(zip(table.header, row, strict=True)) for row in rows))
        else:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(table.header)
            writer.writerows(rows)
    return DONE


def _choose(tables: Sequence[TextTable], sheet: str | None, context: Context) -> TextTable:
    """The asked sheet, else the largest table."""
    names = [table.sheet or table.file for table in tables]
    if sheet is not None:
        if sheet not in names:
            raise UsageError(f"There is no sheet {sheet!r}; there are {', '.join(names)}.")
        return tables[names.index(sheet)]
    chosen = max(tables, key=lambda table: table.row_count)
    if len(tables) > 1:
        context.note(f"The file holds {len(tables)} tables ({', '.join(names)}); this is {chosen.sheet}. See --sheet.")
    return chosen


def preview_of(context: Context, options: argparse.Namespace, paths: Sequence[Path]) -> Preview:
    """What loading these files would do, with the options of the command."""
    if problem := context.store.book.problem():
        context.note(problem)
    chosen = LoadOptions(
        kind=options.kind,
        mapping=options.map,
        constants=options.set,
        answers=options.answer,
        as_of=options.as_of,
        full=options.full,
        skip_unknown=options.skip_unknown,
    )
    return loading.preview(context.store, paths, chosen, context.now, _names(paths), context.progress)


def _files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and every visible file inside the folders named."""
    if not paths:
        raise UsageError("Name the files to load, or take those in the inbox with load --inbox.")
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.rglob("*") if item.is_file() and not _is_hidden(item, path))
            if not inside:
                raise UsageError(f"The folder {path} holds no files.")
            found += inside
        else:
            found.append(_existing(path))
    return list(dict.fromkeys(found))


def _names(paths: Sequence[Path]) -> list[str]:
    """What the files are called in questions and notes: the folder's name is added where two are called alike."""
    alike = Counter(path.name for path in paths)
    return [path.name if alike[path.name] == 1 else f"{path.resolve().parent.name} - {path.name}" for path in paths]


def _is_hidden(item: Path, folder: Path) -> bool:
    """Hidden by its name or a folder's; `~$` is how an office program marks an open file."""
    return any(part.startswith((".", "~$")) for part in item.relative_to(folder).parts)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UsageError(f"There is no file {path}.")
    if not path.is_file():
        raise UsageError(f"{path} is not a file.")
    return path


def _outcome(info: SnapshotInfo | None, before: SnapshotInfo | None) -> str:
    if info is None:
        return "Nothing to load: none of these files is used."
    if before and before.id == info.id:
        return f"Nothing new: the numbers stay as published ({info.id})."
    as_of = f", data as of {info.as_of:%Y-%m-%d}" if info.as_of else ""
    return f"Published {info.id}{as_of}."


def _why_blocked(preview: Preview) -> list[str]:
    """A sentence for each refused file, and what to do about open questions."""
    lines = [report.error for report in preview.reports if report.status == "refused" and report.error]
    asking = [report.file for report in preview.reports if report.questions]
    if asking:
        lines.append(f"{', '.join(asking)}: a question is open. Add the --answer shown, or leave the file out.")
    return [*lines, "Nothing was changed."]


def tell(preview: Preview, info: SnapshotInfo | None, as_json: bool, found: Sequence[Finding] = ()) -> None:
    """Print the account of every file, for people or for programs."""
    if as_json:
        said = {"snapshot": info.id if info else None, "files": _json_files(preview)}
        said["money"] = preview.money.as_json() if preview.money else None
        print(json.dumps({**said, "checks": [finding.as_json() for finding in found]}, indent=1, default=str))
        return
    for position, report in enumerate(preview.reports):
        print("\n".join(printable(line) for line in account(report, preview, position)))
    for line in _difference(preview):
        print(printable(line))


def _json_files(preview: Preview) -> list[dict[str, Any]]:
    files = []
    for position, report in enumerate(preview.reports):
        changes = [change for change in preview.changes if _is_of(change, report)]
        found = {**report.as_json(), "already_loaded": position in preview.again}
        found["changes"] = [
            {
                "table": change.kind,
                "added": change.added,
                "changed": change.changed,
                "same": change.same,
                "gone": change.gone,
            }
            for change in changes
        ]
        found["contract"] = [finding.as_json() for finding in preview.findings[position]]
        files.append(found)
    return files


def _is_of(change: loading.Change, report: FileReport) -> bool:
    return (change.file, change.sheet) == (report.file, report.sheet)


def account(report: FileReport, preview: Preview, position: int, lines_shown: int = _LINES_SHOWN) -> list[str]:
    """A file in a few lines: what it is, where its rows went, what is new, what is asked."""
    sheet = f" [{report.sheet}]" if report.sheet else ""
    lines = [f"{report.file}{sheet}: {report.title or report.kind or 'unknown kind'}{_status(report)}"]
    if report.error:
        lines.append(f"  {report.error}")
    if report.rows_read:
        parts = f"{report.rows_loaded:,} loaded + {report.rows_quarantined:,} in quarantine"
        lines.append(f"  {report.rows_read:,} rows read = {parts} + {report.rows_not_data:,} not data")
    if report.status == "ready" and report.as_of:
        lines.append(f"  as of {report.as_of:%Y-%m-%d %H:%M} ({report.as_of_origin})")
    if position not in preview.again:
        for change in preview.changes:
            if _is_of(change, report):
                gone = f", {change.gone:,} gone" if change.gone else ""
                lines.append(
                    f"  {change.kind}: {change.added:,} new, {change.changed:,} changed, {change.same:,} the same{gone}"
                )
    lines += [f"  - {note}" for note in report.notes]
    lines += [f"  line {row.line}: {row.reason}" for row in report.refused[:lines_shown]]
    if len(report.refused) > lines_shown:
        lines.append(f"  ... and {len(report.refused) - lines_shown:,} more refused rows")
    for finding in preview.findings[position]:
        if all(question.key != f"{CONTRACT}{finding.check}" for question in report.questions):
            lines.append(f"  ! {finding.sentence}")
    for question in report.questions:
        lines.append(f"  ? {question.text}")
        lines += [f"      --answer {shlex.quote(f'{question.key}={choice}')}" for choice in question.choices]
        if not question.choices:
            lines.append(f"      --answer {shlex.quote(question.key + '=')}VALUE")
    return lines


def _difference(preview: Preview) -> list[str]:
    """What the numbers would become, and the deals that move them most."""
    if preview.money is None:
        return []
    lines = ["What the files together change:"]
    lines += [
        f"  {measure.title}: {measure.before:,.0f} -> {measure.after:,.0f} ({measure.after - measure.before:+,.0f})"
        for measure in preview.money.measures
    ]
    if not any(measure.before for measure in preview.money.measures):
        return lines
    for row in preview.money.movers[:_LINES_SHOWN]:
        words = f"{row['before_status'] or 'new'} -> {row['after_status'] or 'gone'}"
        moves = f"won {row['won_change']:+,.0f}, open {row['open_change']:+,.0f}"
        lines.append(f"  {row['deal_name'] or row['deal_id']} ({row['deal_id']}): {words}; {moves}")
    if preview.money.moved_deals > _LINES_SHOWN:
        lines.append(f"  ... and {preview.money.moved_deals - _LINES_SHOWN:,} more deals (--json lists them)")
    return lines


def _status(report: FileReport) -> str:
    said = {
        "question": " - a question is open",
        "refused": " - refused",
        "skipped": " - left out",
        "unused": " - recognised, not used",
    }
    return said.get(report.status, "")
