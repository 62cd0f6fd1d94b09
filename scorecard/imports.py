"""What was decided about one loaded sheet: the record a snapshot is built from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from scorecard import files


class ImportTable(NamedTuple):
    """Typed rows one file feeds into one canonical table. `mapped`: the columns the file really filled."""

    kind: str
    path: Path
    row_count: int
    mapped: tuple[str, ...]


@dataclass(frozen=True)
class ImportRecord:
    """One sheet of one uploaded file with every decision taken, so that it can be read again without asking."""

    id: str
    file: str
    sheet: str | None
    sha256: str
    system: str
    kind: str
    title: str
    signature: str
    as_of: datetime
    as_of_origin: str
    who: str
    loaded_at: datetime
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_not_data: int
    mapping: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)  # the part of the mapping that has to be said again
    constants: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    full: bool | None = None
    notes: tuple[str, ...] = ()
    reconciliation: tuple[Mapping[str, Any], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[ImportTable, ...] = ()
    refused: Path | None = None  # Parquet: line, column_name, reason, raw
    set_aside: Path | None = None  # Parquet: line, what, raw
    checksums: Mapping[str, str] = field(default_factory=dict)  # of each Parquet file, by its name
    header: tuple[str, ...] = ()
    delimiter: str = ","
    reading: Mapping[str, str] = field(default_factory=dict)  # how dates and numbers were read, as answers say it
    mends: str = ""  # the import whose refused rows these are, mended
    mended: tuple[tuple[str, int], ...] = ()  # (import, line) of each of those rows

    @property
    def is_full(self) -> bool:
        """The file is the whole list; unknown counts as partial."""
        return bool(self.full)

    @property
    def kinds(self) -> frozenset[str]:
        """The canonical tables this import feeds."""
        return frozenset(table.kind for table in self.tables)

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """Imports apply in this order: what tells of a later day wins, then what was loaded later."""
        return (self.as_of, self.loaded_at, self.id)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every Parquet file that belongs to this import."""
        extra = (path for path in (self.refused, self.set_aside) if path is not None)
        return (*(table.path for table in self.tables), *extra)

    @property
    def is_whole(self) -> bool:
        """Every Parquet file is there as it was written."""
        try:
            return all(files.checksum(path) == self.checksums.get(path.name) for path in self.files)
        except OSError:
            return False

    def as_json(self) -> dict[str, Any]:
        """The record in plain values; Parquet files by bare name, because the store may be moved."""
        values = asdict(self)
        values["as_of"] = self.as_of.isoformat()
        values["loaded_at"] = self.loaded_at.isoformat()
        values["tables"] = [
            {"kind": table.kind, "path": table.path.name, "row_count": table.row_count, "mapped": list(table.mapped)}
            for table in self.tables
        ]
        values["refused"] = self.refused.name if self.refused else None
        values["set_aside"] = self.set_aside.name if self.set_aside else None
        return values

    @staticmethod
    def from_json(found: Mapping[str, Any], folder: Path) -> "ImportRecord":
        """The record of `as_json`, its Parquet files found in `folder`."""
        values = dict(found)
        values["as_of"] = datetime.fromisoformat(values["as_of"])
        values["loaded_at"] = datetime.fromisoformat(values["loaded_at"])
        values["tables"] = tuple(
            ImportTable(table["kind"], folder / table["path"], table["row_count"], tuple(table["mapped"]))
            for table in values["tables"]
        )
        values["notes"] = tuple(values["notes"])
        values["header"] = tuple(values.get("header", ()))
        values["mended"] = tuple((import_id, line) for import_id, line in values.get("mended", ()))
        values["reconciliation"] = tuple(values["reconciliation"])
        for name in ("refused", "set_aside"):
            values[name] = folder / values[name] if values[name] else None
        return ImportRecord(**values)
