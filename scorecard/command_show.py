"""The small commands: queries, snapshots, use, quarantine, rebuild, sample."""

import argparse
import textwrap

from scorecard import loading, loading_back, loading_mend, loading_remap, queries
from scorecard.command_base import DONE, Context, UsageError, json_rows, print_rows, printable, table
from scorecard.queries_readers import POOL

_QUARANTINE = ("file", "line", "column_name", "reason", "raw")


def queries_(context: Context, options: argparse.Namespace) -> int:
    """Every metric and report with its definition."""
    known = [query for query in queries.catalogue().values() if query.folder != "model"]
    if options.json:
        print(json_rows(query.as_json() for query in known))
        return DONE
    for folder in ("metric", "report", "check"):
        for query in known:
            if query.folder == folder:
                print(f"{query.name} ({folder}): {query.title}")
                print(textwrap.fill(query.definition, 100, initial_indent="    ", subsequent_indent="    "))
    return DONE


def snapshots(context: Context, options: argparse.Namespace) -> int:
    """Every published snapshot, the shown one marked."""
    if options.prune is not None:
        dropped = loading_back.prune(context.store, options.prune)
        context.note(f"{dropped} files of older snapshots were removed. Asking for one of them builds it again.")
    found = context.store.snapshots()
    if options.json:
        print(json_rows(info.as_json() for info in found))
        return DONE
    rows = [
        {
            "shown": "*" if info.is_current else "",
            "id": info.id,
            "published": info.published_at,
            "as_of": info.as_of.date() if info.as_of else None,
            "files": info.imports,
            "people": info.rows.get("people"),
            "deals": info.rows.get("deals"),
            "why": info.reason,
            "who": info.who,
        }
        for info in found
    ]
    print(table(rows, list(rows[0])) if rows else "No snapshot is published yet.")
    return DONE


def use(context: Context, options: argparse.Namespace) -> int:
    """Roll back or forward."""
    loading_back.snapshot(context.store, options.id, context.progress)
    info = context.store.use(options.id)
    print(f"Showing {info.id}, published {info.published_at:%Y-%m-%d %H:%M}. The next load starts from it.")
    return DONE


def quarantine(context: Context, options: argparse.Namespace) -> int:
    """Every refused row of the files in effect."""
    info = loading.recover(context.store, context.now, context.who)
    if info is None:
        raise UsageError("Nothing is loaded yet, so nothing is in quarantine.")
    if info.problem:
        context.note(info.problem)
    if options.of:
        return _to_mend(context, options)
    rows = queries.read_table(POOL.reader(info.path), "quarantine", _QUARANTINE)
    rows.sort(key=lambda row: (row["file"] or "", row["line"] or 0))
    print_rows(rows, _QUARANTINE, options.format)
    return DONE


def _to_mend(context: Context, options: argparse.Namespace) -> int:
    """The refused rows of one file in its own columns: mended, `load` takes them back."""
    held = context.store.imports(context.store.current())
    rows = [row for row in loading_mend.open_rows(held) if row.record.file == options.of]
    if not rows:
        raise UsageError(f"No row of {options.of} is in quarantine.")
    header, listed = loading_mend.to_mend([row for row in rows if row.record.header == rows[-1].record.header])
    form = "csv" if options.format == "table" else options.format
    print_rows([dict(zip(header, row, strict=True)) for row in listed], header, form)
    context.note("Mend the cells, keep the quarantine_ columns, and load the file: only those rows are added.")
    return DONE


def mappings(context: Context, options: argparse.Namespace) -> int:
    """What is remembered about the columns of each source."""
    if options.forget:
        item = loading_remap.find(context.store, options.forget)
        loading_remap.forget(context.store, item.signature, context.now, context.who)
        print(f"Forgotten. The next file like {item.file or item.title} is read afresh; files loaded stay as they are.")
        return DONE
    known = loading_remap.remembered(context.store)
    if options.json:
        print(json_rows(item.as_json() for item in known))
        return DONE
    for item in known:
        print(printable(f"{item.title}: {item.file or 'no file in effect'} ({item.signature[:12]})"))
        for column, header in item.mapping.items():
            print(printable(f"    {column} = {header or '(not used)'}"))
    if not known:
        print("Nothing is remembered yet.")
    return DONE


def rebuild(context: Context, options: argparse.Namespace) -> int:
    """Build again from raw."""
    if bool(options.of) != bool(options.map):
        raise UsageError("--of FILE says which file's columns, --map CANONICAL=HEADER what they are: give both.")
    if options.of:
        item = loading_remap.find(context.store, options.of)
        info = loading_remap.remap(
            context.store, item.signature, options.map, context.now, context.who, options.answer, context.progress
        )
        files = len(item.records)
        print(f"Read {files} {'file' if files == 1 else 'files'} again and published {info.id if info else '-'}.")
        return DONE
    if problem := context.store.book.problem():
        context.note(problem)
    info = loading.rebuild(context.store, context.now, context.who, context.progress, context.note)
    print(f"Rebuilt from {info.imports} files and published {info.id}.")
    return DONE


def sample(context: Context, options: argparse.Namespace) -> int:
    """Write the made-up exports."""
    from scorecard import sample as sample_exports  # only this command waits for the import of the generator

    chosen = {name: getattr(options, name) for name in ("seed", "people") if getattr(options, name) is not None}
    if chosen.get("people", 1) < 1:
        raise UsageError("--people takes a number of 1 or more.")
    written = sample_exports.generate(options.out, **chosen)
    print(f"Sample exports are in {written or options.out}.")
    return DONE
