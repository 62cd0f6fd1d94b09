"""Writes docs/glossary.md and docs/queries.md from query headers and acronyms.toml; `--check` only compares."""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from scorecard.queries import Query, catalogue  # noqa: E402

NOTICE = "<!-- Written by docs/generate.py from the headers of the query files. Change those, then run `make docs`. -->"
SECTIONS = {
    "metric": ("Metrics", "One metric a file, and the only place where it is defined."),
    "report": ("Reports", "What a page asks."),
    "check": ("Checks", "Each returns the rows that look wrong; no rows means healthy."),
    "model": ("Model", "The tables of a snapshot, built once a load."),
}
UNITS = {"percent": "%", "money": "money, in the reporting currency", "count": "a count"}
GOOD = {"up": "higher is better", "down": "lower is better"}


def acronyms() -> dict[str, dict[str, str]]:
    """Letters -> long and text."""
    return tomllib.loads((DOCS / "acronyms.toml").read_text(encoding="utf-8"))


def cell(text: str) -> str:
    """Text that cannot break a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def metric_entry(query: Query) -> list[str]:
    facts = [UNITS.get(query.unit, query.unit), GOOD.get(query.good, ""), query.grain]
    if query.header.get("clock"):
        facts.append(f"clock: {query.header['clock']}")
    path = f"../queries/metrics/{query.name}.sql"
    return [
        f"### {query.title}",
        "",
        query.definition,
        "",
        f"`{query.name}` · {' · '.join(fact for fact in facts if fact)} · [the query]({path})",
        "",
    ]


def glossary(queries: Mapping[str, Query], words: Mapping[str, Mapping[str, str]]) -> str:
    """Every metric and every acronym in plain words."""
    lines = ["# Glossary", "", NOTICE, "", "## Metrics", ""]
    for query in sorted(queries.values(), key=lambda query: query.title):
        if query.folder == "metric":
            lines += metric_entry(query)
    lines += ["## Short words", "", "| | stands for | means |", "|---|---|---|"]
    for letters in sorted(words, key=str.lower):
        lines.append(f"| **{letters}** | {cell(words[letters]['long'])} | {cell(words[letters]['text'])} |")
    return "\n".join(lines) + "\n"


def index(queries: Mapping[str, Query]) -> str:
    """Every query file with what it says and what it returns."""
    lines = ["# Queries", "", NOTICE, "", "Ask any metric or report: `python -m scorecard ask NAME`.", ""]
    for folder, (title, about) in SECTIONS.items():
        lines += [f"## {title}", "", about, "", "| name | says | returns |", "|---|---|---|"]
        for query in sorted(queries.values(), key=lambda query: query.name):
            if query.folder == folder:
                place = query.path.relative_to(DOCS.parent).as_posix()
                columns = ", ".join(query.returns) if folder != "metric" else "the roll-up"
                says = cell(f"**{query.title}.** {query.definition}")
                lines.append(f"| [`{query.name}`](../{place}) | {says} | {columns} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def documents() -> dict[Path, str]:
    """Every generated file with what it must say."""
    queries = catalogue()
    return {DOCS / "glossary.md": glossary(queries, acronyms()), DOCS / "queries.md": index(queries)}


def main(check: bool) -> int:
    """Writes the files, or with `check` tells which are out of step; 1 if any."""
    stale = [
        path for path, text in documents().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if check:
            sys.stderr.write(f"docs/{path.name} is out of step: run `make docs`.\n")
        else:
            path.write_text(documents()[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv))
