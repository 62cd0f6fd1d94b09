"""Runs the checks of a snapshot: what in the loaded data deserves a look, with the records."""

from dataclasses import dataclass
from typing import Any

from scorecard.queries import rows
from scorecard.queries_catalogue import of_folder
from scorecard.queries_readers import HasCursor


@dataclass(frozen=True)
class Finding:
    """One check that found something. `cases`: how many records or rows it concerns; `examples`: the largest few."""

    name: str
    title: str
    definition: str
    cases: int
    examples: tuple[dict[str, Any], ...]

    def sentence(self) -> str:
        """The finding in one line, with its first example."""
        first = self.examples[0]
        words = [str(first["entity_id"]), str(first["label"] or ""), str(first["detail"] or "")]
        example = ", ".join(word for word in dict.fromkeys(words) if word)
        return f"{self.title}: {self.cases:,} (for example {example})"

    def as_json(self) -> dict[str, Any]:
        """What `load --json` prints of it."""
        return {"check": self.name, "title": self.title, "cases": self.cases, "examples": list(self.examples)}


def findings(reader: HasCursor, examples: int = 5) -> list[Finding]:
    """Every check of `queries/checks` that found something, the most cases first."""
    found = []
    for query in of_folder("checks"):
        wrong = rows(reader, query)
        if wrong:
            largest = sorted(wrong, key=lambda row: -row["cases"])[:examples]
            total = sum(row["cases"] for row in wrong)
            found.append(Finding(query.name, query.title, query.definition, total, tuple(largest)))
    return sorted(found, key=lambda finding: (-finding.cases, finding.name))
