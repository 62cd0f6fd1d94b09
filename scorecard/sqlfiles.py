"""The SQL files under `queries/`: where they are and what their headers and statements say."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scorecard.errors import QueryHeaderError

QUERIES = Path(__file__).resolve().parent.parent / "queries"


@dataclass(frozen=True)
class SqlFile:
    """One statement and the header above it (`-- key: value`, longer values on indented lines)."""

    name: str
    folder: str
    path: Path
    header: dict[str, str]
    sql: str


def parse(path: Path) -> SqlFile:
    """The file's header and statement; QueryHeaderError says which line is wrong."""
    header: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    key = ""
    body = ""
    for number, line in enumerate(lines):
        if not line.startswith("--"):
            body = "\n".join(lines[number:]).strip()
            break
        text = line[2:]
        if text.startswith("   ") and key:
            header[key] += " " + text.strip()
            continue
        key, separator, value = text.strip().partition(":")
        if not separator:
            raise QueryHeaderError(f"{path.name} line {number + 1}: a header line reads '-- key: value'.")
        if key in header:
            raise QueryHeaderError(f"{path.name} line {number + 1}: {key} appears twice.")
        header[key] = value.strip()
    if not body and "asks" in header:  # the same rows as another file, worked on further
        body = parse(path.with_name(f"{header['asks']}.sql")).sql
    if not body:
        raise QueryHeaderError(f"{path.name} holds no statement.")
    if "name" not in header:
        raise QueryHeaderError(f"{path.name} has no '-- name:' line.")
    return SqlFile(path.stem, path.parent.name, path, header, body)


@lru_cache(maxsize=256)
def _parsed(path: Path, _changed: int) -> SqlFile:
    return parse(path)


def load(folder: str, name: str) -> SqlFile:
    """The file `queries/<folder>/<name>.sql`."""
    path = QUERIES / folder / f"{name}.sql"
    return _parsed(path, path.stat().st_mtime_ns)


def statement(folder: str, name: str) -> str:
    """Its statement alone."""
    return load(folder, name).sql


def unset_parameters(file: SqlFile) -> dict[str, None]:
    """Nothing chosen for each parameter of the header: the statement falls back to the agreed settings."""
    return {name.strip(): None for name in file.header.get("params", "").split(",") if name.strip()}


def folder_files(folder: str) -> list[SqlFile]:
    """Every file of a folder, by name."""
    return [load(folder, path.stem) for path in sorted((QUERIES / folder).glob("*.sql"))]
