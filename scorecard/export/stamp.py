"""Where numbers that leave the screen come from: filters, data date, snapshot and definitions, printed on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from scorecard.filters import Filters, day_text
from scorecard.masking import mask_email
from scorecard.store_snapshots import SnapshotInfo

SAMPLE = "made-up sample data"


@dataclass(frozen=True)
class Stamp:
    """What is printed on everything that is taken along; `filters`: the period first, then each filter in words."""

    filters: tuple[str, ...]
    as_of: date
    snapshot: str
    published: datetime
    definitions: str
    signature: str
    is_sample: bool = False

    @property
    def filter_text(self) -> str:
        """The period and the filters in one line; addresses masked."""
        return mask_email(" · ".join(self.filters))

    def line(self) -> str:
        """The whole stamp in one line, for a footer."""
        parts = [
            *([SAMPLE] if self.is_sample else []),
            self.filter_text,
            f"data to {day_text(self.as_of)}",
            f"snapshot {self.snapshot}",
            f"definitions {self.definitions}",
        ]
        return " · ".join(parts)

    def about(self) -> list[tuple[str, str]]:
        """The same as pairs of word and value, for a sheet or a table."""
        period, *rest = self.filters
        return [
            *([("Sample", SAMPLE)] if self.is_sample else []),
            ("Period", period),
            ("Filters", mask_email(" · ".join(rest)) or "none"),
            ("Data to", self.as_of.isoformat()),
            ("Snapshot", self.snapshot),
            ("Published", self.published.isoformat(" ", "minutes")),
            ("Definitions", self.definitions),
            ("Marketing-sourced revenue", self.signature),
        ]

    def columns(self) -> Mapping[str, str]:
        """The same as columns, for a file whose every line has to stand alone."""
        sample = f"{SAMPLE} · " if self.is_sample else ""
        return {
            "filters": sample + self.filter_text,
            "data_as_of": self.as_of.isoformat(),
            "snapshot": self.snapshot,
            "definitions_version": self.definitions,
        }

    def on_each_row(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The table with the stamp as its last columns; a column of that name stays what it is."""
        added: Any = {name: value for name, value in self.columns().items() if name not in frame.columns}
        return frame.assign(**added)


def stamp_of(
    info: SnapshotInfo, filters: Filters, signature: str, *, as_of: date | None = None, is_sample: bool = False
) -> Stamp:
    """The stamp of numbers of this snapshot under these filters."""
    return Stamp(
        filters=tuple(filters.describe()),
        as_of=as_of or (info.as_of or info.published_at).date(),
        snapshot=info.id,
        published=info.published_at,
        definitions=str(info.manifest.get("definitions_version") or "unknown"),
        signature=signature,
        is_sample=is_sample,
    )
