"""docs/proof.md: a section for each long proof, with the day, the command and the figures."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

PAGE = Path(__file__).resolve().parents[1] / "docs" / "proof.md"
INTRODUCTION = """# Proof

What the long proofs found. `make prove` runs them all and writes this page, `make prove ONLY=kills` one section of it.
"""


@dataclass(frozen=True)
class Figure:
    """One line of the result."""

    what: str
    value: str
    note: str = ""


def section(title: str, says: str, figures: Sequence[Figure], asked: str, on: date) -> str:
    """The figures under their title."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    lines = [
        f"## {title}",
        "",
        *([says, ""] if says else []),
        f"{on.isoformat()}, `{asked}`, on {machine}, {versions}.",
        "",
        "| what | figure | |",
        "|---|---:|---|",
        *(f"| {figure.what} | {figure.value} | {figure.note} |" for figure in figures),
    ]
    return "\n".join(lines) + "\n"


def put(text: str, page: Path = PAGE) -> None:
    """Write a section in the place of the one of that title, or at the end."""
    sections = _sections(page.read_text(encoding="utf-8")) if page.exists() else {}
    sections[text.splitlines()[0]] = text.strip()
    page.write_text("\n\n".join([INTRODUCTION.strip(), *sections.values()]) + "\n", encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split("\n## ")[1:]:
        whole = f"## {part.strip()}"
        found[whole.splitlines()[0]] = whole
    return found
