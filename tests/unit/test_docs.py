"""The documentation is in step with the product."""

import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from scorecard.queries import catalogue

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Written in capitals, but not a short word of the two teams.
PLAIN = {"CSV", "ID", "ISO", "UTC"}


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_in_step(generate: ModuleType) -> None:
    for path, text in generate.documents().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make docs`"


def test_every_metric_is_in_the_glossary_with_its_definition(generate: ModuleType) -> None:
    text = generate.glossary(catalogue(), generate.acronyms())
    for query in catalogue().values():
        if query.folder == "metric":
            assert f"### {query.title}\n\n{query.definition}\n" in text


def test_every_short_word_of_a_definition_is_explained(generate: ModuleType) -> None:
    known = {letters.upper() for letters in generate.acronyms()} | PLAIN
    unknown = {
        f"{query.name}: {word}"
        for query in catalogue().values()
        for word in re.findall(r"\b[A-Z]{2,}\b", f"{query.title} {query.definition}")
        if word not in known
    }
    assert unknown == set()


def test_acronyms_are_complete() -> None:
    words = tomllib.loads((ROOT / "docs" / "acronyms.toml").read_text(encoding="utf-8"))
    assert {"MQL", "SAL", "SQL", "SLA", "CAC", "ROAS", "CPL", "NPS", "CSAT", "NRR", "GRR", "LTV", "AJ"} <= set(words)
    for letters, entry in words.items():
        assert set(entry) == {"long", "text"}, letters
        assert entry["text"].endswith("."), letters


@pytest.mark.parametrize("path", BY_HAND, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_readme_names_only_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", text)) <= targets
    assert "`make run`" in text
    assert "`make test`" in text


def test_every_make_target_is_explained() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("install", "run", "check", "test", "sample", "bench", "prove"):
        assert f"make {target} " in said
