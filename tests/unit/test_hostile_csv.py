"""No CSV that leaves the house holds a cell that a spreadsheet program would run."""

from pathlib import Path

import pandas as pd
import pytest

from scorecard.export.tables import safe_csv
from scorecard.queries import catalogue
from tests.command_line import command
from tests.hostile import FILE_NAMES, VALUES, raw_formulas, write_exports


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hostile exports loaded through the front door."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "exports").mkdir()
    paths = write_exports(folder / "exports")
    answer = f"{FILE_NAMES[0]}.amount.unreadable=quarantine"
    done = command("load", *paths, "--as-of", "2026-11-15", "--answer", answer, store=folder / "store")
    assert done.code == 0, done.sentence
    return folder / "store"


def test_the_measure_sees_a_formula() -> None:
    assert raw_formulas('name,amount\n"=1+1",-2.5\nx, @SUM(1)\n') == ["=1+1", " @SUM(1)"]


def test_every_quarantined_row_comes_out_without_a_formula(store: Path) -> None:
    answer = command("quarantine", "--format", "csv", store=store)
    assert answer.code == 0
    assert answer.out.count("is no amount") >= len(VALUES) - 1
    assert raw_formulas(answer.out) == []


def test_no_answer_as_csv_holds_a_formula(store: Path) -> None:
    asked = [["records", "--metric", metric] for metric in ("won_revenue", "new_leads", "spend")]
    asked += [[name, "--by", by] for name in ("won_revenue", "spend") for by in ("source", "owner", "campaign")]
    answers = [command("ask", *words, "--format", "csv", store=store) for words in asked]
    assert [answer.code for answer in answers] == [0] * len(answers)
    everything = "".join(answer.out for answer in answers)
    assert "cmd|" in everything and "HYPERLINK" in everything, "hostile values do come out"
    assert [found for answer in answers for found in raw_formulas(answer.out)] == []
    assert "records" in catalogue()


def test_no_download_of_a_page_holds_a_formula() -> None:
    frame = pd.DataFrame({"=name": VALUES, "amount": [-float(place) for place in range(len(VALUES))]})
    text = safe_csv(frame).decode("utf-8")
    assert "HYPERLINK" in text and "-3.0" in text
    assert raw_formulas(text) == []
