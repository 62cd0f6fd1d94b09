"""The page of proofs: figures come from what the tests record, and a section is replaced, never doubled."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.proof_page import INTRODUCTION, Figure, put, section
from benchmarks.prove import PROOFS, ROOT, chosen, read_report

REPORT = """<testsuites><testsuite>
<testcase name="a"><properties><property name="loads killed" value="2000"/></properties></testcase>
<testcase name="b"><failure>no</failure></testcase>
<testcase name="c"><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "proof.md"
    for title, value in (("One", "1"), ("Two", "2"), ("One", "3")):
        put(section(title, "Why.", [Figure("what", value)], "make prove", date(2026, 3, 2)), page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(INTRODUCTION.strip())
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## One", "## Two"]
    assert "| what | 3 |  |" in text and "| what | 2 |  |" in text and "| what | 1 |  |" not in text
    assert "2026-03-02, `make prove`" in text


def test_figures_are_what_the_tests_recorded_and_how_many_passed(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")
    assert read_report(report) == [Figure("loads killed", "2,000"), Figure("tests passed", "1 of 3", "1 skipped")]
    assert read_report(tmp_path / "none.xml")[0].value == "did not start"


def test_every_proof_names_tests_that_exist() -> None:
    for proof in PROOFS.values():
        for named in proof.tests.split():
            file, _, test = named.partition("::")
            assert (ROOT / file).exists()
            assert f"def {test or 'test_'}" in (ROOT / file).read_text(encoding="utf-8")
        assert set(proof.long) == set(proof.short)


def test_a_proof_is_chosen_by_name() -> None:
    assert chosen([])[-1] == "people" and chosen(["orders", "kills"]) == ["kills", "orders"]
    with pytest.raises(SystemExit, match="no proof speed"):
        chosen(["speed"])
