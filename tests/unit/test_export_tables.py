"""A download can be opened in a spreadsheet without running anything."""

import csv
import io

import pandas as pd
import pytest

from scorecard.export.tables import safe_cell, safe_csv


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_formula_from_data_becomes_text(cell: str) -> None:
    assert safe_cell(cell) == "'" + cell


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    for cell in (-5, -1.5, "Acme", "a=b", None, ""):
        assert safe_cell(cell) == cell


def test_headers_and_cells_are_safe_and_read_back_the_same() -> None:
    frame = pd.DataFrame({"=cmd": ["=1", 'né, "q"\nline'], "amount": [-5.0, 2.5]})
    rows = list(csv.reader(io.StringIO(safe_csv(frame).decode("utf-8-sig"), newline="")))
    assert rows == [["'=cmd", "amount"], ["'=1", "-5.0"], ['né, "q"\nline', "2.5"]]
