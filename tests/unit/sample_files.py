"""Reading the sample's files with nothing but the csv module."""

import csv
from datetime import datetime
from pathlib import Path

from scorecard.sample.world import VIDEOS

ROOT = Path(__file__).resolve().parents[2]
AS_OFS = ("2026-11-01", "2026-11-08", "2026-11-15")

Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def when(text: str) -> datetime:
    return datetime.strptime(text[:16], "%Y-%m-%d %H:%M")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def contacts(sample: Path, week: int) -> Rows:
    return rows_of(sample / f"week-{week}" / f"hubspot-crm-exports-all-contacts-{AS_OFS[week - 1]}.csv")


def deals(sample: Path, week: int) -> Rows:
    return rows_of(sample / f"week-{week}" / f"hubspot-crm-exports-all-deals-{AS_OFS[week - 1]}.csv")


def events(sample: Path, name: str) -> Rows:
    """The rows of an event file over all weeks."""
    return [row for path in sorted(sample.glob(f"week-*/{name}")) for row in rows_of(path)]


def views_by_video(sample: Path) -> dict[str, Rows]:
    return {video.key: events(sample, f"{video.key}.csv") for video in VIDEOS}


def all_views(sample: Path) -> Rows:
    return [row for rows in views_by_video(sample).values() for row in rows]


def readable(rows: Rows) -> Rows:
    """Without exact copies and without rows whose amount or date cannot be read."""
    unique = {tuple(row.values()): row for row in rows}.values()
    return [row for row in unique if row["Amount"].isdigit() and row["Close Date"][5:7] != "13"]
