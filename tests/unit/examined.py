"""Examines a few lines of text as if they were uploaded, and hands back the report with the typed rows."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from scorecard.ingest.examine import examine
from scorecard.ingest.report import FileReport, Known, LoadOptions

NOW = datetime(2026, 11, 23, 9, 0)


@dataclass(frozen=True)
class Examined:
    """One report and the rows of each table it wrote."""

    report: FileReport
    tables: Mapping[str, list[dict]]

    @property
    def rows(self) -> list[dict]:
        return self.tables[self.report.tables[0].kind]

    def column(self, name: str) -> list:
        return [row[name] for row in self.rows]

    def notes(self) -> str:
        return "\n".join(self.report.notes)

    def questions(self) -> dict[str, tuple[str, ...]]:
        return {question.key: question.choices for question in self.report.questions}


def look(text: str, name: str = "file.csv", known: Known | None = None, **options) -> Examined:
    """The first report of a file with that text."""
    path = Path(tempfile.mkdtemp()) / "upload"
    path.write_text(text, encoding="utf-8")
    return look_at([path], [name], known, **options)[0]


def look_at(paths: list[Path], names: list[str] | None = None, known: Known | None = None, **options) -> list[Examined]:
    """Reports of files that are examined together."""
    reports = examine(paths, LoadOptions(**options), known or Known(now=NOW), Path(tempfile.mkdtemp()), names=names)
    for report in reports:
        assert report.rows_read == report.rows_loaded + report.rows_quarantined + report.rows_not_data
    return [Examined(report, {table.kind: _rows(table.path) for table in report.tables}) for report in reports]


def _rows(path: Path) -> list[dict]:
    found = duckdb.execute("select * from read_parquet($path) order by line_no", {"path": str(path)})
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def deals(lines: list[str], header: str = "deal_id,stage_raw,amount,created_at,closed_at", **options) -> Examined:
    """A small file of deals under our own column names."""
    return look("\n".join([header, *lines]) + "\n", "deals.csv", **options)
