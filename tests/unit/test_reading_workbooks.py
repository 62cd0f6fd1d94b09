"""Workbooks and Parquet: every visible sheet with data is a table, cells as people see them, traps refused in words."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from scorecard.errors import IngestError
from scorecard.ingest import workbook
from tests.unit.read_in import read_bytes, read_one, read_path

HEADER = ["Id", "Name", "Amount", "Closed", "Won"]
MADE = dt.datetime(2026, 1, 31, 9, 14, 33)
LENGTH = dt.timedelta(hours=30, seconds=5)


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    return _saved(book)


def test_cells_are_text_as_people_see_them() -> None:
    seen = read_one(
        _xlsx(
            [*HEADER, "Made", "Length", "Serial", "Sum"],
            [
                7,
                "Zoë",
                1200.5,
                dt.date(2026, 1, 31),
                True,
                dt.datetime(2026, 1, 31, 9, 14, 33),
                None,
                46053.5,
                0.1 + 0.2,
            ],
            [
                12345678901,
                "007",
                3,
                dt.datetime(2026, 2, 1),
                False,
                None,
                dt.timedelta(hours=30, seconds=5),
                45000,
                1e-7,
            ],
        ),
        "deals.xlsx",
    )
    assert seen.rows == [
        ("7", "Zoë", "1200.5", "2026-01-31", "TRUE", "2026-01-31 09:14:33", "", "46053.5", "0.3"),
        ("12345678901", "007", "3", "2026-02-01", "FALSE", "", "30:00:05", "45000", "0.0000001"),
    ]
    assert seen.table.sheet == "Sheet"
    assert seen.lines == [2, 3]


def test_title_blocks_totals_and_blank_rows() -> None:
    seen = read_one(
        _xlsx(
            [],
            ["Deals of the quarter"],
            ["July 8, 2025 - July 31, 2025"],
            [],
            HEADER,
            [1, "A", 5, dt.date(2026, 1, 1), True],
            [],
            [2, "B", 6, None, None],
            ["Total", None, 11],
            ["Confidential Information - Do Not Distribute"],
        )
    )
    assert seen.rows == [("1", "A", "5", "2026-01-01", "TRUE"), ("2", "B", "6", "", "")]
    assert seen.lines == [6, 8]
    assert seen.table.header_line == 5
    assert seen.aside == [
        (1, "blank"),
        (2, "title"),
        (3, "title"),
        (4, "blank"),
        (7, "blank"),
        (9, "total"),
        (10, "footer"),
    ]
    assert seen.table.facts["period_end"] == "2025-07-31"
    assert "short" not in seen.notes


def test_every_sheet_with_data_is_a_table_and_hidden_ones_are_not() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Read me"])
    for name in ("Deals", "Secret", "People"):
        sheet = book.create_sheet(name)
        sheet.append(["Id", "Name"])
        sheet.append([1, name])
    book["Secret"].sheet_state = "hidden"
    book.create_sheet("Empty")
    deals, people = read_bytes(_saved(book))
    assert [seen.table.sheet for seen in (deals, people)] == ["Deals", "People"]
    assert people.rows == [("1", "People")]
    assert 'Hidden sheet "Secret" skipped.' in deals.table.notes
    assert 'Sheet "Sheet" holds no table and was left out.' in deals.table.notes


def test_a_sheet_that_does_not_begin_in_the_corner() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line, row in enumerate((["Id", "Name"], [1, "A"], [2, "B"]), 4):
        for column, value in enumerate(row, 3):
            sheet.cell(line, column, value)
    seen = read_one(_saved(book))
    assert seen.header[-2:] == ("Id", "Name")
    assert [row[-2:] for row in seen.rows] == [("1", "A"), ("2", "B")]
    assert seen.lines == [5, 6]


def test_xls() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Deals")
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for column, value in enumerate(["Id", "Name", "Closed"]):
        sheet.write(0, column, value)
    sheet.write(1, 0, 7)
    sheet.write(1, 1, "Zoë")
    sheet.write(1, 2, dt.date(2026, 1, 31), style)
    out = io.BytesIO()
    book.save(out)
    seen = read_one(out.getvalue(), "deals.csv")
    assert (seen.header, seen.rows) == (("Id", "Name", "Closed"), [("7", "Zoë", "2026-01-31")])


def test_ods() -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Deals")
    for values in (["Id", "Name"], ["1", "Zoë"]):
        row = TableRow()
        for value in values:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    assert read_one(out.getvalue()).rows == [("1", "Zoë")]


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (_zip({"Table data.csv": b"a,b\n1,2\n"}), "Unpack it and load the files inside"),
        (_zip({"photo.raw": b"x"}), "not a workbook"),
        (_zip({"word/document.xml": b"x"}), "Word document"),
        (_zip({"ppt/presentation.xml": b"x"}), "presentation"),
        (_zip({"xl/workbook.xml": b"x"}), "no workbook we can read"),
        (_zip({"EncryptedPackage": b"x"}), "locked with a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (_xlsx(["only a note"]), "no header line"),
        (_xlsx(), "no visible sheet"),
        (_xlsx(["Id", "Name"]), "header but no rows"),
        (_xlsx(["Id", "Name"], [1, "A"])[:-300], "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(IngestError, match=says) as refused:
        read_bytes(data, "week.xlsx")
    assert str(refused.value).startswith("week.xlsx")


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MOST_BYTES", 1_000_000)
    bomb = _zip({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": b" " * 5_000_000})
    with pytest.raises(IngestError, match="would unpack to more than"):
        read_bytes(bomb)


def test_an_archive_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MOST_BYTES", 1_000_000)
    bomb = _zip({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": b" " * 5_000_000})
    lie = bomb.replace((5_000_000).to_bytes(4, "little"), (500).to_bytes(4, "little"))
    assert lie != bomb
    with pytest.raises(IngestError, match="would unpack to more than"):
        read_bytes(lie)


def test_cells_at_the_far_corner_are_refused() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Id"
    book.worksheets[0]["XFD1048576"] = "x"
    with pytest.raises(IngestError, match="so far apart"):
        read_bytes(_saved(book))


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "deals.bin"
    with duckdb.connect() as connection:
        connection.execute(
            'copy (select 7 as "Id", \' Zoë \' as "Name", 12.50::decimal(9, 2) as amount, null::varchar as note,'
            " timestamp '2026-01-31 09:14:00' as made, ['a', 'b'] as ids, date '2026-02-01' as \"a \"\"b\"\"\")"
            f" to '{path}' (format parquet)"
        )
    (seen,) = read_path(path)
    assert seen.header == ("Id", "Name", "amount", "note", "made", "ids", 'a "b"')
    assert seen.rows == [("7", "Zoë", "12.50", None, "2026-01-31 09:14:00", "a;b", "2026-02-01")]
