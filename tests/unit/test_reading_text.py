"""Each quirk of a text export in a few rows, with exactly what must come out."""

import pytest

from scorecard.errors import IngestError
from tests.unit.read_in import read_bytes, read_one

HEADER = "Id,Company,Amount,Closed\n"
ROWS = "1,Acme,100.50,2026-01-01\n2,Beta,200.50,2026-01-02\n3,Gamma,300.50,2026-01-03\n"
CELLS = [
    ("1", "Acme", "100.50", "2026-01-01"),
    ("2", "Beta", "200.50", "2026-01-02"),
    ("3", "Gamma", "300.50", "2026-01-03"),
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_make_no_difference(delimiter: str, end: str) -> None:
    seen = read_one((HEADER + ROWS).replace(",", delimiter).replace("\n", end))
    assert seen.header == ("Id", "Company", "Amount", "Closed")
    assert seen.rows == CELLS
    assert seen.lines == [2, 3, 4]
    assert seen.table.dialect["delimiter"] == delimiter


def test_mixed_line_ends() -> None:
    seen = read_one("a,b\r\n1,x\n2,y\r3,z\r\n")
    assert seen.rows == [("1", "x"), ("2", "y"), ("3", "z")]
    assert seen.lines == [2, 3, 4]


def test_decimal_commas_do_not_beat_semicolons() -> None:
    seen = read_one("Deal;Amount;Margin\nA;1,5;2,5\nB;2,5;3,5\n")
    assert seen.rows == [("A", "1,5", "2,5"), ("B", "2,5", "3,5")]


def test_commas_in_every_name_do_not_beat_tabs() -> None:
    assert read_one("Name\tAmount\nDoe, Ann\t5\nRoe, Bo\t6\n").rows == [("Doe, Ann", "5"), ("Roe, Bo", "6")]


def test_separator_line_of_a_spreadsheet() -> None:
    seen = read_one("sep=;\na;b\n1;x\n")
    assert (seen.rows, seen.lines, seen.aside) == ([("1", "x")], [3], [(1, "title")])


def test_quotes_doubled_with_line_breaks_and_delimiters() -> None:
    seen = read_one('a,b,c\n1,"say ""hi"", ok",x\n2,"two\r\nlines",\n3,"",z\n')
    assert seen.rows == [("1", 'say "hi", ok', "x"), ("2", "two\r\nlines", ""), ("3", "", "z")]
    assert seen.lines == [2, 3, 5]


def test_quotes_escaped_by_backslash() -> None:
    seen = read_one('a,b,c\n1,"say \\"hi\\", ok",x\n2,"C:\\\\dir",y\n')
    assert seen.rows == [("1", 'say "hi", ok', "x"), ("2", "C:\\dir", "y")]
    assert seen.table.dialect["escape"] == "backslash"


def test_a_backslash_before_a_closing_quote_is_no_escape() -> None:
    assert read_one('a,b,c\n1,"C:\\",x\n2,"D:\\new",y\n').rows == [("1", "C:\\", "x"), ("2", "D:\\new", "y")]


def test_single_quotes() -> None:
    assert read_one("a,b,c\n1,'x, y',z\n2,'p, q',r\n").rows == [("1", "x, y", "z"), ("2", "p, q", "r")]


def test_blanks_after_delimiters() -> None:
    assert read_one('a, b, c\n1, "x, y", z\n2, "p, q", r\n').rows == [("1", "x, y", "z"), ("2", "p, q", "r")]


def test_bare_quotes_stay_in_the_text() -> None:
    seen = read_one('a,b,c\n1,5" pipe,x\n2,"he said "hi" ok",y\n3,"p, q",r\n')
    assert seen.rows == [("1", '5" pipe', "x"), ("2", 'he said "hi" ok', "y"), ("3", "p, q", "r")]
    assert "1 row with bare quotes inside a quoted cell" in seen.notes


def test_a_quote_never_closed_costs_no_other_row() -> None:
    seen = read_one(HEADER + '0,"Lost,1,2026-01-01\n' + ROWS + '4,"Delta, Inc",1,2026-01-01\n')
    assert seen.rows == [
        ("0", "Lost", "1", "2026-01-01"),
        *CELLS,
        ("4", "Delta, Inc", "1", "2026-01-01"),
    ]
    assert "1 row with a quote that is never closed" in seen.notes


def test_a_lost_quote_that_cannot_be_mended_is_refused_alone() -> None:
    seen = read_one(HEADER + '0,"Lost, Inc,1,2026-01-01\n' + ROWS + '4,"Delta, Inc",1,2026-01-01\n')
    assert seen.refused == [2]
    assert seen.rows == [*CELLS, ("4", "Delta, Inc", "1", "2026-01-01")]
    assert seen.table.refused[0].raw == '0,"Lost, Inc,1,2026-01-01'


def test_rows_quoted_as_a_whole_are_taken_apart() -> None:
    seen = read_one('a,b,c\n1,x,y\n"2,p,""q, r"""\n3,s,t\n')
    assert seen.rows == [("1", "x", "y"), ("2", "p", "q, r"), ("3", "s", "t")]
    assert "1 row quoted as a whole taken apart." in seen.notes
    whole = read_one('"a,b,c"\n"1,x,""y, z"""\n"2,p,q"\n')
    assert (whole.header, whole.rows) == (("a", "b", "c"), [("1", "x", "y, z"), ("2", "p", "q")])


def test_a_quoted_title_with_as_many_commas_as_columns_is_no_row() -> None:
    seen = read_one(
        '"July 8, 2025 - July 31, 2025"\nDay,Clicks,Cost\n2025-07-08,1,2.00\n2025-07-09,1,2.00\n"Source, of, it"\n'
    )
    assert seen.header == ("Day", "Clicks", "Cost")
    assert seen.aside == [(1, "title"), (5, "footer")]


def test_short_rows_are_padded_with_nothing_and_counted() -> None:
    seen = read_one(HEADER + ROWS + "4,Delta\n5,Eps,1,2026-01-05\n")
    assert seen.rows[3] == ("4", "Delta", None, None)
    assert "1 row short of cells" in seen.notes


def test_long_rows_are_cut_when_the_extra_cells_are_empty_else_refused() -> None:
    seen = read_one(HEADER + ROWS + "4,Delta,1,2026-01-04,,\n5,Eps, Inc,1,2026-01-05\n")
    assert seen.rows[3:] == [("4", "Delta", "1", "2026-01-04")]
    assert seen.refused == [6]
    assert "5 cells" in seen.table.refused[0].reason


def test_a_file_whose_rows_do_not_fit_its_header_is_refused_whole() -> None:
    with pytest.raises(IngestError, match=r"most rows do not fit the header in line 1 \(line 2"):
        read_bytes("Name,Amount\nA,1,50\nB,2,50\nC,3,50\n")


def test_empty_columns_at_the_line_ends_are_dropped() -> None:
    seen = read_one("a;b;;\n1;x;;\n2;y;;\n")
    assert (seen.header, seen.rows) == (("a", "b"), [("1", "x"), ("2", "y")])
    assert "2 empty columns at the right dropped." in seen.notes


def test_an_unnamed_column_that_holds_something_stays() -> None:
    seen = read_one("a,b,\n1,x,\n2,y,z\n")
    assert (seen.header, seen.rows) == (("a", "b", "column_3"), [("1", "x", ""), ("2", "y", "z")])


def test_headers_are_cleaned_and_made_unique() -> None:
    seen = read_one("\ufeffName ,\u00a0Name,Com\u00adments,,Note\nA,B,C,D,E\n")
    assert seen.header == ("Name", "Name (2)", "Comments", "column_4", "Note")


def test_cells_are_trimmed_and_empty_differs_from_absent() -> None:
    seen = read_one("a,b,c\n 1 ,\u00a0x\u00a0,\n2,y\n3,z,w\n")
    assert seen.rows == [("1", "x", ""), ("2", "y", None), ("3", "z", "w")]


def test_zero_bytes_are_removed_and_noted() -> None:
    seen = read_one("a,b\n1,x\0y\n2,z\n3,z\n4,z\n5,z\n6,z\n")
    assert seen.rows[0] == ("1", "xy")
    assert "1 zero byte removed." in seen.notes


def test_blank_lines_and_rows_of_empty_cells_are_set_aside() -> None:
    seen = read_one(HEADER + "\n" + ROWS + ",,,\n \n\n")
    assert seen.rows == CELLS
    assert seen.aside == [(2, "blank"), (6, "blank"), (7, "blank"), (8, "blank")]


def test_repeated_headers_are_set_aside() -> None:
    seen = read_one(HEADER + ROWS + HEADER + ROWS)
    assert seen.rows == CELLS + CELLS
    assert seen.aside == [(5, "title")]


@pytest.mark.parametrize("lines", range(7))
def test_the_header_is_found_below_title_lines(lines: int) -> None:
    above = ['"Pipeline, all owners"', '"July 8, 2025 - July 31, 2025"', "", "Owner: everybody", "", "Draft"][:lines]
    seen = read_one("".join(f"{line}\n" for line in above) + HEADER + ROWS)
    assert seen.rows == CELLS
    assert seen.table.header_line == lines + 1
    assert seen.lines == [lines + 2, lines + 3, lines + 4]
    assert [line for line, _ in seen.aside] == list(range(1, lines + 1))


def test_facts_of_title_lines() -> None:
    seen = read_one(f'Deals (in UTC)\n"July 8, 2025 - July 31, 2025"\nCurrency: EUR\n{HEADER}{ROWS}')
    assert seen.table.facts == {
        "title": "Deals (in UTC)",
        "zone": "UTC",
        "period_start": "2025-07-08",
        "period_end": "2025-07-31",
        "currency": "EUR",
    }


def test_facts_of_pairs_above_the_header() -> None:
    seen = read_one(f"Report:,Leads\nFrom:,2026-01-01\nTo:,2026-01-31\nAs of:,1 Feb 2026\n\n{HEADER}{ROWS}")
    assert seen.rows == CELLS
    assert seen.table.facts == {
        "title": "Report: Leads",
        "period_start": "2026-01-01",
        "period_end": "2026-01-31",
        "as_of": "2026-02-01",
    }


def test_a_labelled_line_with_a_comma_is_no_header() -> None:
    seen = read_one(
        "Report Start: 09/01/2026, Report End: 09/02/2026\nDay,Clicks,Cost\n9/1/2026,1,2.00\n9/2/2026,1,2.50\n"
    )
    assert seen.header == ("Day", "Clicks", "Cost")
    assert seen.table.facts == {"period_start": "2026-09-01", "period_end": "2026-09-02"}


def test_a_range_that_can_be_read_two_ways_is_no_fact() -> None:
    assert read_one(f"01/02/2026 - 03/04/2026\n{HEADER}{ROWS}").table.facts == {}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("Devices(2026.02.05-2026.02.10).csv", {"period_start": "2026-02-05", "period_end": "2026-02-10"}),
        ("hubspot-crm-exports-all-2026-03-12.csv", {"as_of": "2026-03-12"}),
        ("report1789430400000.csv", {"as_of": "2026-09-15"}),
        ("deals.csv", {}),
    ],
)
def test_facts_of_file_names(name: str, facts: dict[str, str]) -> None:
    assert read_one(HEADER + ROWS, name).table.facts == facts


def test_total_rows_first_and_last_are_kept_for_comparison() -> None:
    first = read_one("Video,Published,Views\nTotal,,30\na1,2026-01-01,10\na2,2026-01-02,15\n")
    assert first.rows == [("a1", "2026-01-01", "10"), ("a2", "2026-01-02", "15")]
    assert first.table.totals == ({"Video": "Total", "Views": "30"},)
    last = read_one(
        "Status,Type,Cost\nOn,Search,1.00\nOn,Video,2.00\nTotal: Campaigns, --,3.00\nTotal: Video,Video,2.00\n"
    )
    assert len(last.rows) == 2
    assert last.aside == [(4, "total"), (5, "total")]
    assert last.table.totals[1] == {"Status": "Total: Video", "Type": "Video", "Cost": "2.00"}


@pytest.mark.parametrize("word", ["合計", "総計", "Suma", "Razem", "Celkem", "Résultats totaux", "Totales", "Summe"])
def test_a_total_is_known_in_other_languages(word: str) -> None:
    seen = read_one(f"Day,Campaign,Cost\n2026-09-01,A,10\n2026-09-02,B,20\n{word},,30\n")
    assert len(seen.rows) == 2
    assert seen.table.totals == ({"Day": word, "Cost": "30"},)


def test_rows_that_only_begin_like_totals_stay() -> None:
    seen = read_one(
        "Campaign,Clicks,Cost\nTotal Recall,5,6\nTotally Inc,1,2\nTotal,3,4\nGrand Hotel,1,2\nTotal,10,14\n"
    )
    assert [row[0] for row in seen.rows] == ["Total Recall", "Totally Inc", "Total", "Grand Hotel"]
    assert 'Line 4 begins with "Total"' in seen.notes
    assert seen.aside == [(6, "total")]


def test_a_company_called_total_is_a_row() -> None:
    seen = read_one("Company,Country,Industry\nTotal,France,Energy\nShell,UK,Energy\n")
    assert [row[0] for row in seen.rows] == ["Total", "Shell"]


def test_salesforce_footer() -> None:
    footer = (
        '\n\n"Grand Totals (3 records)"\n\n"Confidential Information - Do Not Distribute"\n"Copyright (c) 2000-2026"\n'
    )
    seen = read_one(HEADER + ROWS + footer)
    assert seen.rows == CELLS
    assert seen.aside == [(5, "blank"), (6, "blank"), (7, "total"), (8, "blank"), (9, "footer"), (10, "footer")]
    assert seen.table.facts["records"] == "3"


def test_lone_lines_at_the_end_are_footers_unless_they_look_like_a_row_cut_short() -> None:
    assert read_one(HEADER + ROWS + "Source: CRM\n").aside == [(5, "footer")]
    assert read_one(HEADER + ROWS + "4\n").rows[3] == ("4", None, None, None)


def test_page_footers_between_rows_are_no_rows() -> None:
    seen = read_one(HEADER + ROWS + "Page 1 of 2\n" + ROWS)
    assert seen.rows == CELLS + CELLS
    assert seen.aside == [(5, "footer")]


def test_two_header_rows_are_merged() -> None:
    seen = read_one(
        "Respondent ID,Collector ID,Email,How likely?,,Why?\n"
        ",,,0 - Not at all,10 - Extremely,Open-Ended Response\n"
        "1001,55,ana@example.com,,10,Great\n"
    )
    assert seen.header == (
        "Respondent ID",
        "Collector ID",
        "Email",
        "How likely? - 0 - Not at all",
        "How likely? - 10 - Extremely",
        "Why?",
    )
    assert seen.rows == [("1001", "55", "ana@example.com", "", "10", "Great")]
    assert (seen.lines, seen.table.rows_read) == ([3], 1)


def test_several_tables_in_one_file() -> None:
    people, campaigns = read_bytes(
        "Campaigns\nCampaign,Cost\nA,1\nB,2\nTotal,3\n\nPeople\nName,Email,Since\n"
        "Ann,a@x.com,2026-01-01\nBo,b@x.com,2026-01-02\nCy,c@x.com,2026-01-03\n"
    )
    assert (campaigns.header, campaigns.rows) == (("Campaign", "Cost"), [("A", "1"), ("B", "2")])
    assert campaigns.aside == [(1, "title"), (5, "total"), (6, "blank")]
    assert campaigns.table.sheet == "table in line 2"
    assert people.header == ("Name", "Email", "Since")
    assert people.lines == [9, 10, 11]
    assert people.aside == [(7, "title")]
    assert people.table.sheet is None


def test_tables_of_one_width_are_told_apart_by_what_they_hold() -> None:
    first, second = read_bytes("Campaign,Cost\nA,1\nB,2\n\nChannel,Clicks\nX,3\nY,4\n")
    assert (first.header, second.header) == (("Campaign", "Cost"), ("Channel", "Clicks"))


def test_a_blank_line_alone_makes_no_new_table() -> None:
    seen = read_one("Name,City\nAnn,Rome\n\nBo,Oslo\nCy,Bonn\n")
    assert [row[0] for row in seen.rows] == ["Ann", "Bo", "Cy"]


def test_a_list_of_one_column() -> None:
    assert read_one("Email\na@x.com\nb@x.com\n").rows == [("a@x.com",), ("b@x.com",)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "nothing but blank"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b'{"results": [1]}', "JSON"),
        (b'\xef\xbb\xbf[{"a": 1}]', "JSON"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"PK\x03\x04junk", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk", "no workbook"),
        (b"\x1f\x8bjunk", "gzip"),
        (b"PAR1junk", "Parquet"),
        (bytes(range(256)) * 200, "table"),
        (b"hello there\nthis is prose\nnothing more\n", "only one column was found"),
        (b"Dear all,\n\nplease find, as agreed, the numbers.\nBest, Ann\n", "text, not a table"),
        (b"1,Ann,a@x.com,2026-01-01\n2,Bo,b@x.com,2026-01-02\n", "no header line"),
        (b"Ana,Lopez,ana@x.com,Sales\nBo,Smith,,Marketing\n", "no header line"),
        (b"a,b,c\n", "header but no rows"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence_with_the_files_name(data: bytes, says: str) -> None:
    with pytest.raises(IngestError, match=says) as refused:
        read_bytes(data, "week 12.csv")
    assert str(refused.value).startswith("week 12.csv")
    assert str(refused.value).endswith(".")


def test_file_names_are_shown_never_used() -> None:
    seen = read_one(HEADER + ROWS, "../../etc/\x1bpasswd\n.csv")
    assert seen.table.file == "passwd.csv"


def test_answers_overrule_what_was_found() -> None:
    data = "x,1;2\na,b;c\n1,2;3\n"
    (seen,) = read_bytes(data, "f.csv", {"f.csv.delimiter": ";", "f.csv.header_line": "2"})
    assert (seen.header, seen.rows) == (("a,b", "c"), [("1,2", "3")])
