"""An Excel download holds what the table holds, each value in its own type, and says where it comes from."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest

from scorecard.export.stamp import Stamp
from scorecard.export.workbook import workbook
from scorecard.ui_download import csv_file, excel_file
from tests.hostile import VALUES, raw_formulas

WHERE = Stamp(
    ("17 Aug 2026 to 15 Nov 2026", "Region: DACH", "Owner: ann.lee@example.com"),
    date(2026, 11, 15),
    "20261116T090000-000abc",
    datetime(2026, 11, 16, 9),
    "2026-11-28",
    "Definition v2, not signed yet",
)


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def column(content: bytes, at: int = 1) -> list[object]:
    sheet = opened(content).worksheets[0]
    return [sheet.cell(row=row, column=at).value for row in range(2, sheet.max_row + 1)]


def test_every_hostile_value_stays_text_and_no_cell_is_a_formula() -> None:
    frame = pd.DataFrame({"=HYPERLINK(1)": list(VALUES), "name": list(reversed(VALUES))})
    content = excel_file(frame, WHERE, False, "=cmd")
    for sheet in opened(content).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None, cell.value
    kept = column(content)
    assert [text for text in VALUES if text not in kept and text.isprintable()] == []
    risky = {cell.value: cell.quotePrefix for cell in opened(content).worksheets[0]["A"][1:]}
    assert risky["＝1+1"] and risky['=HYPERLINK("http://evil.example/f","x")'], "stays text when it is edited"
    assert not risky["# heading\n* item\n```code"]


def test_numbers_money_shares_and_dates_are_what_they_are() -> None:
    frame = pd.DataFrame(
        {
            "amount": [Decimal("1234.50"), None],
            "win_rate": [0.25, 1.0],
            "deals": [1200, 3],
            "closed_on": [date(2026, 11, 15), None],
            "at": [datetime(2026, 11, 15, 9, 30), datetime(2026, 1, 2)],
            "is_won": [True, False],
            "deal_id": ["00012", "1E5"],
            "odd_rate": [1.08, 12.0],
        }
    )
    sheet = opened(workbook(frame, WHERE.about())).worksheets[0]
    found = [(cell.value, cell.number_format) for cell in sheet[2]]
    assert found == [
        (1234.5, "#,##0.00"),
        (0.25, "0.0%"),
        (1200, "#,##0"),
        (datetime(2026, 11, 15), "yyyy-mm-dd"),
        (datetime(2026, 11, 15, 9, 30), "yyyy-mm-dd hh:mm"),
        (True, "General"),
        ("00012", "General"),
        (1.08, "#,##0.######"),
    ]
    assert sheet.cell(row=3, column=1).value is None, "unknown is empty, never 0"
    assert sheet.cell(row=3, column=7).value == "1E5"


def test_a_number_no_sheet_can_hold_is_written_as_text() -> None:
    big = 2**60 + 1
    assert column(workbook(pd.DataFrame({"id": [big, 5]}, dtype="object"), ())) == [str(big), 5]


def test_the_second_sheet_says_where_the_numbers_come_from() -> None:
    about = opened(excel_file(pd.DataFrame({"a": [1]}), WHERE, False, "t"))["About"]
    pairs = {row[0].value: row[1].value for row in about.iter_rows()}
    assert pairs["Period"] == "17 Aug 2026 to 15 Nov 2026"
    assert pairs["Filters"] == "Region: DACH · Owner: a•••@example.com"
    assert pairs["Data to"] == "2026-11-15"
    assert pairs["Snapshot"] == WHERE.snapshot and pairs["Definitions"] == "2026-11-28"


def test_every_line_of_a_csv_says_where_it_comes_from_and_holds_no_formula() -> None:
    frame = pd.DataFrame({"=name": list(VALUES), "snapshot": "its own"})
    text = csv_file(frame, WHERE, False).decode("utf-8-sig")
    assert raw_formulas(text) == []
    rows = pd.read_csv(io.StringIO(text), dtype=str)
    assert list(rows.columns) == ["'=name", "snapshot", "filters", "data_as_of", "definitions_version"]
    assert set(rows["snapshot"]) == {"its own"} and set(rows["definitions_version"]) == {"2026-11-28"}
    assert "a•••@example.com" in rows["filters"].iloc[0]


@pytest.mark.parametrize("names_too", [False, True])
def test_addresses_are_masked_in_both_and_names_where_the_screen_masks_them(names_too: bool) -> None:
    frame = pd.DataFrame({"name": ["Anna Bell"], "note": ["ask anna.bell@example.com"]})
    csv, cells = csv_file(frame, None, names_too).decode(), column(excel_file(frame, None, names_too, "t"), 2)
    # With the name the customer's domain goes too.
    assert "anna.bell@" not in csv and cells == ["ask a•••@•••" if names_too else "ask a•••@example.com"]
    name = "A. B." if names_too else "Anna Bell"
    assert name in csv and column(excel_file(frame, None, names_too, "t")) == [name]
