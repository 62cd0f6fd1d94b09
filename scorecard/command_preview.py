"""What `load` and `check` print of a preview: the account of every file, what would change, what is asked."""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scorecard import loading
from scorecard.command_base import Context, printable
from scorecard.errors import StoreError
from scorecard.ingest.report import FileReport
from scorecard.loading import Preview
from scorecard.loading_records import CONTRACT
from scorecard.loading_trial import Listed, Trial, listed, trial
from scorecard.queries_checks import Finding
from scorecard.store_snapshots import SnapshotInfo

_LINES_SHOWN = 5
Records = Mapping[loading.Change, Sequence[Listed]]


def tell_all(context: Context, preview: Preview, as_json: bool) -> None:
    """The preview with what a load would make of the numbers, built aside, and the records behind the counts."""
    try:
        found = trial(context.store, preview, context.now, context.who, context.progress)
    except StoreError as error:
        found = None
        context.note(str(error))
    records = {change: listed(context.store, preview, change, context.now) for change in preview.changes}
    tell(preview, None, as_json, tried=found, records=records)


def tell(
    preview: Preview,
    info: SnapshotInfo | None,
    as_json: bool,
    found: Sequence[Finding] = (),
    *,
    tried: Trial | None = None,
    records: Records | None = None,
) -> None:
    """Print the account of every file, for people or for programs."""
    if as_json:
        said: dict[str, Any] = {"snapshot": info.id if info else None, "files": _json_files(preview, records)}
        said["money"] = preview.money.as_json() if preview.money else None
        said |= tried.as_json() if tried else {}
        print(json.dumps({**said, "checks": [finding.as_json() for finding in found]}, indent=1, default=str))
        return
    for position, report in enumerate(preview.reports):
        print("\n".join(printable(line) for line in account(report, preview, position)))
        for line in _records_of(report, records or {}):
            print(printable(line))
    for line in [*_difference(preview), *_tried(tried)]:
        print(printable(line))


def _json_files(preview: Preview, records: Records | None) -> list[dict[str, Any]]:
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
        if records is not None:
            found["records"] = [{"table": c.kind, **one._asdict()} for c in changes for one in records.get(c, ())]
        columns = preview.columns[position]
        found["columns"] = columns.as_json() if columns else None
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
    lines += _columns(preview, position)
    for proposal in report.to_confirm[:lines_shown]:
        samples = " · ".join(report.samples.get(proposal.header, ())[:3])
        option = shlex.quote(f"{proposal.canonical}={proposal.header}")
        lines.append(
            f"  ~ “{proposal.header}” may be {proposal.canonical} ({proposal.score:.0%}: {samples}): --map {option}"
        )
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


def _columns(preview: Preview, position: int) -> list[str]:
    """What is different about the columns, against the file before."""
    change = preview.columns[position]
    if change is None:
        return []
    named = [f"gone: {', '.join(change.gone)}"] if change.gone else []
    named += [f"new: {', '.join(change.new)}"] if change.new else []
    named += [
        f"“{one.was}” is now “{one.now}”" if one.sure else f"“{one.was}” may be “{one.now}” now"
        for one in change.renamed
    ]
    return [f"  columns against {change.file}: {'; '.join(named) or 'in other words only'}"]


def _records_of(report: FileReport, records: Records) -> list[str]:
    """The first records of each sort, by name."""
    lines = []
    for change, found in records.items():
        if not _is_of(change, report):
            continue
        for what in ("changed", "gone", "new"):
            rows = [row for row in found if row.what == what]
            if what == "new" and not (change.same or change.changed):
                continue  # a first load is new all over
            lines += [
                f"    {what}: {' '.join(part for part in (row.record, row.label, row.change) if part)[:160]}"
                for row in rows[:_LINES_SHOWN]
            ]
            if len(rows) > _LINES_SHOWN:
                lines.append(f"    ... and more {what} (--json lists them)")
    return lines


def _tried(tried: Trial | None) -> list[str]:
    """What the numbers would become, how well the tables would join, and which words would wait for an answer."""
    if tried is None:
        return []
    lines = ["Over all time:"]
    for total in tried.totals:
        if total.before != total.after:
            lines.append(f"  {total.title}: {_amount(total.before, total.unit)} -> {_amount(total.after, total.unit)}")
    lines = lines if len(lines) > 1 else []
    if tried.joins:
        lines.append("How the tables join, before -> after:")
    for join in tried.joins:
        after = f"{_share(join.after)} ({join.joined_after:,} of {join.records_after:,})"
        lines.append(f"  {join.link}: {_share(join.before)} -> {after}")
    for word in tried.words[:_LINES_SHOWN]:
        where = f" of {word.pipeline}" if word.pipeline else ""
        lines.append(f"  unknown {word.what}{where}: “{word.word}” ({word.cases:,} records)")
    if len(tried.words) > _LINES_SHOWN:
        lines.append(f"  ... and {len(tried.words) - _LINES_SHOWN:,} more unknown words (--json lists them)")
    return lines


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if unit == "percent" else f"{value:,.0f}"


def note(looked_at: Preview, path: Path) -> str:
    """What became of one file, sheet by sheet; rows are counted, never quoted."""
    lines: list[str] = []
    for position, report in enumerate(looked_at.reports):
        if report.dropped == path:
            lines += account(report, looked_at, position, lines_shown=0)
            if report.questions:
                lines.append("  Load it by hand with the answer: python -m scorecard load FILE --answer KEY=VALUE")
    return "".join(f"{printable(line)}\n" for line in lines)
