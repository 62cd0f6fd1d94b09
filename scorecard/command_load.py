"""`load`, `check` and `read`: files in, and a plain account of what was understood."""

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scorecard import command_preview, loading, queries
from scorecard.command_base import DONE, REFUSED, Context, UsageError, json_rows, printable
from scorecard.errors import StoreError
from scorecard.ingest.reading import read_file
from scorecard.ingest.report import LoadOptions
from scorecard.ingest.rows import TextTable
from scorecard.loading import Preview
from scorecard.queries_checks import findings
from scorecard.queries_readers import POOL
from scorecard.store_snapshots import SnapshotInfo

_LINES_SHOWN = 5


def load(context: Context, options: argparse.Namespace) -> int:
    """Publish the files, or say what keeps them from being published."""
    preview = preview_of(context, options, _files(options.paths))
    try:
        if preview.blocked:
            command_preview.tell(preview, None, options.json)
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
    command_preview.tell(preview, info, as_json, found)
    if not as_json:
        print(_outcome(info, before))
        for finding in found:
            print(printable(f"  ! {finding.sentence()}"))


def check(context: Context, options: argparse.Namespace) -> int:
    """Show what loading the files would do; changes nothing."""
    preview = preview_of(context, options, _files(options.paths))
    try:
        command_preview.tell_all(context, preview, options.json)
        if preview.blocked:
            for line in _why_blocked(preview):
                context.note(line)
        return REFUSED if preview.blocked else DONE
    finally:
        preview.close()


def read(context: Context, options: argparse.Namespace) -> int:
    """The table of a file as it is understood, all text; what was noticed goes to standard error."""
    with tempfile.TemporaryDirectory() as work:
        tables = read_file(_existing(options.path), Path(work), numbered=True)
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
    return [path.name if alike[path.name] == 1 else f"{path.resolve().parent.name}/{path.name}" for path in paths]


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
    refused = [report for report in preview.reports if report.status == "refused"]
    lines = [report.error for report in refused if report.error]
    if refused and len(preview.reports) > len(refused):
        lines.append(f"To load the others without it, add --answer '{refused[0].file}.kind=skip', or --skip-unknown.")
    asking = [report.file for report in preview.reports if report.questions]
    if asking:
        lines.append(f"{', '.join(asking)}: a question is open. Add the --answer shown, or leave the file out.")
    return [*lines, "Nothing was changed."]
