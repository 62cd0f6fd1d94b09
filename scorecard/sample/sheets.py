"""The files of the sample: opened once per week, written block by block, counted row by row."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from scorecard.sample.clock import Clock


class Sheets:
    """All files being written. A context manager: leaving it closes them."""

    def __init__(self, out: Path, clock: Clock) -> None:
        self.out = out
        self.clock = clock
        self.rows: dict[str, int] = {}  # data rows per file, `week-3/targets.csv`
        self._files: dict[str, TextIO] = {}

    def __enter__(self) -> "Sheets":
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def _open(self, week: int, name: str) -> tuple[str, TextIO, bool]:
        key = f"week-{week + 1}/{name.format(as_of=self.clock.as_ofs[week].isoformat())}"
        is_new = key not in self._files
        if is_new:
            path = self.out / key
            path.parent.mkdir(parents=True, exist_ok=True)
            self._files[key] = path.open("w", encoding="utf-8", newline="")
            self.rows[key] = 0
        return key, self._files[key], is_new

    def write(self, week: int, name: str, header: Sequence[str], columns: Sequence[Iterable[object]]) -> None:
        """Adds rows given as columns; `{as_of}` in the name becomes the week's date."""
        self.write_rows(week, name, header, list(zip(*columns, strict=True)))

    def write_rows(self, week: int, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Adds rows; a file nothing is added to is never made."""
        if not rows:
            return
        key, file, is_new = self._open(week, name)
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(header)
        writer.writerows(rows)
        self.rows[key] += len(rows)

    def write_text(self, week: int, name: str, text: str, rows: int) -> None:
        """Adds text that is more than a plain table, and says how many rows of data it holds."""
        key, file, _ = self._open(week, name)
        file.write(text)
        self.rows[key] += rows
