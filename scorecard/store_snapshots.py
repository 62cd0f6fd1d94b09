"""Published snapshots: what is known about one, its id, and whether its file is still as it was published."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from scorecard import DEFINITIONS_VERSION, __version__, files, queries_readers, warehouse

ID_PATTERN = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")

# Damage is looked for once per file as it is on disk, not at every question.
_sound: set[tuple[str, int, int, int]] = set()


@dataclass(frozen=True)
class SnapshotInfo:
    """One published state of the numbers. `problem`: why this one is shown although it is not the chosen one."""

    id: str
    path: Path
    published_at: datetime
    as_of: datetime | None
    import_ids: tuple[str, ...]
    rows: Mapping[str, int]
    is_current: bool
    who: str
    reason: str
    manifest: Mapping[str, Any] = field(repr=False)
    problem: str | None = None

    @property
    def is_outdated(self) -> bool:
        """Another version of the product worked these numbers out: today's questions may not find what they ask for."""
        return (self.manifest.get("code_version"), self.manifest.get("definitions_version")) != (
            __version__,
            DEFINITIONS_VERSION,
        )

    @property
    def imports(self) -> int:
        """How many imports it was built from."""
        return len(self.import_ids)

    def as_json(self) -> dict[str, Any]:
        """What `snapshots --json` prints."""
        return {
            "id": self.id,
            "published_at": self.published_at.isoformat(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "imports": self.imports,
            "rows": dict(self.rows),
            "who": self.who,
            "reason": self.reason,
            "is_current": self.is_current,
        }


def new_id(taken: Iterable[str], now: datetime) -> str:
    """An id that sorts after every taken one, even within one second or after the clock went back."""
    stamp = now.strftime("%Y%m%dT%H%M%S")
    newest = max(taken, default="")
    if newest[:15] < stamp:
        return f"{stamp}-{secrets.randbelow(1 << 20):06x}"
    number = int(newest[16:22], 16) + 1 + secrets.randbelow(1 << 10)
    return f"{newest[:15]}-{number:06x}"


def as_built(manifest: Mapping[str, Any]) -> warehouse.Manifest:
    """The part of the manifest the warehouse wrote."""
    known = {field.name: manifest[field.name] for field in fields(warehouse.Manifest) if field.name in manifest}
    return warehouse.Manifest(**known)


def forget(path: Path) -> None:
    """Look at the file again the next time."""
    _sound.discard(_stamp(path))


def _stamp(path: Path) -> tuple[str, int, int, int]:
    status = path.stat()
    return (str(path), status.st_size, status.st_mtime_ns, status.st_ino)


def damage(path: Path, manifest: Mapping[str, Any]) -> str | None:
    """What is wrong with the file, if it is not byte for byte what was published."""
    try:
        stamp = _stamp(path)
        if stamp in _sound:
            return None
        if stamp[1] != manifest["bytes"]:
            return "its file is cut or changed"
        if files.checksum(path) != manifest["checksum"]:
            return "its file is damaged"
        if _version(str(manifest.get("code_version", ""))) > _version(__version__):
            return f"it was published by a newer version of the scorecard, {manifest['code_version']}"
        if not queries_readers.opens(path):
            return "its file was written by another version of the database, or is damaged"
    except FileNotFoundError:
        return "its file is missing"
    except (OSError, KeyError):
        return "its file cannot be read"
    _sound.add(stamp)
    return None


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
