"""Shapes of files from data portals, instruments and old programs: each reads as the table a person sees in it."""

import pytest

from scorecard.errors import IngestError
from tests.unit.read_in import Seen, read_bytes, read_one

TOWNS = ["Leeds", "York", "Bath", "Hull", "Ely", "Truro", "Wells", "Derby", "Ripon", "Stoke", "Luton", "Perth"]
HEADER = ("id", "name", "town", "amount")
ROWS = [(str(number), f"Ann {number}", town, f"{number}.50") for number, town in enumerate(TOWNS, 1)]
LINES = [",".join(row) for row in (HEADER, *ROWS)]
COUNTS = [(town, str(5 + number), str(6 + number)) for number, town in enumerate(TOWNS)]
COUNT_LINES = ["Town,Men,Women", *(",".join(row) for row in COUNTS)]


def text(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def numbered(data: str | bytes) -> Seen:
    (seen,) = read_bytes(data, answers={"file.csv.header_line": "none"})
    return seen


LONG = ["||", ";;", ", ", "\t\t", "::", "~|~", "#|#", "|*|", "\\t", " | "]
ONE = ["~", "^", ":", "!", "@", "\x01", "\x1f", "\u00a6", "\u00a7"]


@pytest.mark.parametrize("delimiter", [*LONG, *ONE])
def test_rare_delimiters(delimiter: str) -> None:
    seen = read_one(text(*(delimiter.join(row) for row in (HEADER, *ROWS))))
    assert (seen.header, seen.rows) == (HEADER, ROWS)


@pytest.mark.parametrize("delimiter", ["||", ";;", ", ", "~|~", " "])
def test_delimiters_within_quotes_part_nothing(delimiter: str) -> None:
    rows = [(row[0], f"A{delimiter}{row[1]}", *row[2:]) for row in ROWS]
    seen = read_one(text(*(delimiter.join(f'"{cell}"' for cell in row) for row in (HEADER, *rows))))
    assert (seen.header, seen.rows) == (HEADER, rows)


def test_blanks_around_delimiters_and_quotes() -> None:
    seen = read_one(text(*(" , ".join(f'"{cell}"' for cell in row) for row in (HEADER, *ROWS))))
    assert (seen.header, seen.rows) == (HEADER, ROWS)


def test_delimiters_escaped_by_a_backslash() -> None:
    seen = read_one(text("id,say,n", *(f"{number},no\\, never,{number}" for number in range(9))))
    assert seen.rows[0] == ("0", "no, never", "0")


def _columns(row: tuple[str, ...]) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(row, (4, 9, 8, 8), strict=True))


def test_columns_of_fixed_width() -> None:
    rule = "--- -------- ------- -------"
    seen = read_one(text(_columns(HEADER), rule, *map(_columns, ROWS)))
    assert (seen.header, seen.rows) == (HEADER, ROWS)
    assert seen.aside == [(2, "blank")]


def test_drawn_tables_lose_their_lines() -> None:
    body = [f"| {' | '.join(row)} |" for row in ROWS]
    rule = "+----+----+----+----+"
    markdown = read_one(text("| id | name | town | amount |", "|---|:---|---|---:|", *body))
    assert (markdown.header, markdown.rows) == (HEADER, ROWS)
    drawn = read_one(text(rule, "| id | name | town | amount |", rule, *body, rule, "12 rows in set (0.00 sec)"))
    assert (drawn.header, drawn.rows) == (HEADER, ROWS)


def test_prose_stays_no_table() -> None:
    prose = "Dear team,\n\nThe meeting was good, and long. We agreed, mostly, on the plan.\nNext week we go on.\nAnn\n"
    with pytest.raises(IngestError):
        read_bytes(prose)


YEARS = ["2001", "2002", "2003", "2004"]


@pytest.mark.parametrize(
    "names",
    [
        ["Town", *YEARS],
        ["Town", "01/04/2016", "02/04/2016", "03/04/2016"],
        ["Town", "1", "2", "3", "4"],
        ["Town", "Apr-16", "May-16", "Jun-16"],
    ],
)
def test_names_that_look_like_values(names: list[str]) -> None:
    rows = [(town, *(f"{7 * at % 5}.{number}" for at, _ in enumerate(names[1:]))) for number, town in enumerate(TOWNS)]
    seen = read_one(text(",".join(names), *(",".join(row) for row in rows)))
    assert (list(seen.header), seen.rows) == (names, rows)


def test_files_without_names_get_numbers_when_that_is_asked_for() -> None:
    data = text(*LINES[1:])
    with pytest.raises(IngestError, match=r"no header line.*file\.csv\.header_line=none"):
        read_bytes(data)
    seen = numbered(data)
    assert (seen.header, seen.rows, seen.lines[0]) == (("column_1", "column_2", "column_3", "column_4"), ROWS, 1)
    assert "No header line was found: the columns are numbered." in seen.notes


def test_words_that_come_again_below_are_no_names() -> None:
    rows = [tuple("abcd"[number**2 * (at + 3) // 5 % 4] for at in range(4)) for number in range(20)]
    assert numbered(text(*(",".join(row) for row in rows))).rows == rows


def test_lines_of_another_shape_above_the_header() -> None:
    instrument = read_one(text("Model,2450", "Run,2019-03-04 10:11:12", "", "Volt (V),Amp (A)", "0.1,1E-6", "0.2,2E-6"))
    assert (instrument.header, len(instrument.rows)) == (("Volt (V)", "Amp (A)"), 2)
    station = read_one(
        text("Station,North", "Lat,31.5", "Time,Rain", *(f"2019-01-{day:02} 00:00,{day}" for day in range(1, 9)))
    )
    assert (station.header, len(station.rows)) == (("Time", "Rain"), 8)
    report = read_one(text("Report,Weekly,Version,Two", "Owner,Ann,Region,All", ",,,", *LINES))
    assert (report.header, report.rows) == (HEADER, ROWS)


def test_many_comment_lines_above_the_header_and_some_between_the_rows() -> None:
    above = [f"# COLUMN name{number}: Text, of column {number}" for number in range(70)]
    seen = read_one(text(*above, *LINES[:5], "# checked", *LINES[5:]))
    assert (seen.header, seen.rows) == (HEADER, ROWS)
    assert (75 + 1, "footer") in seen.aside


def test_a_header_behind_a_hash() -> None:
    assert read_one(text("#" + LINES[0], *LINES[1:])).header == ("#id", *HEADER[1:])


def test_groups_above_the_names() -> None:
    seen = read_one(text("Region,2018,,2019,", ",Men,Women,Men,Women", *(f"{town},1,2,3,4" for town in TOWNS)))
    assert seen.header == ("Region", "2018 - Men", "2018 - Women", "2019 - Men", "2019 - Women")
    assert len(seen.rows) == len(TOWNS)


def test_units_below_the_names() -> None:
    seen = read_one(text("Time,Force,Strain", "s,[N],", *(f"{number}.5,{number},0.{number}" for number in range(1, 9))))
    assert (seen.header, len(seen.rows)) == (("Time (s)", "Force [N]", "Strain"), 8)
    assert "Header lines that belong together were merged into one." in seen.notes


def test_row_names_without_a_name() -> None:
    seen = read_one(text("town,score", *(f"{number},{town},{number}.5" for number, town in enumerate(TOWNS, 1))))
    assert seen.header == ("column_1", "town", "score")
    assert "one name less than the rows have cells" in seen.notes


@pytest.mark.parametrize("names", [",id,name,town,amount", "id,name,,town,amount"])
def test_an_empty_name_too_many(names: str) -> None:
    seen = read_one(text(names, *LINES[1:]))
    assert (seen.header, seen.rows) == (HEADER, ROWS)
    assert "1 empty name in the header left out" in seen.notes


def test_a_header_line_with_a_delimiter_of_its_own() -> None:
    seen = read_one(text(";".join(HEADER), *LINES[1:]))
    assert (seen.header, seen.rows) == (HEADER, ROWS)


@pytest.mark.parametrize("place", [1, 6, 12])
@pytest.mark.parametrize(
    ("write", "says"),
    [
        (";".join, "cut at another delimiter"),
        (lambda row: ",".join(f"'{cell}'" for cell in row), "in single quotes"),
        (lambda row: ",".join((*row[:1], row[1].replace(" ", "\n"), *row[2:])), "broken over several lines"),
    ],
)
def test_one_row_written_otherwise(place: int, write, says: str) -> None:
    lines = list(LINES)
    lines[place] = write(ROWS[place - 1])
    seen = read_one(text(*lines))
    assert [tuple(cell and cell.replace("\n", " ") for cell in row) for row in seen.rows] == ROWS
    assert says in seen.notes


def test_a_row_that_lost_a_cell_in_its_middle_is_refused() -> None:
    lines = list(LINES)
    lines[4] = "4,Hull,4.50"
    assert read_one(text(*lines)).refused == [5]


def test_quotes_escaped_in_one_row_only() -> None:
    seen = read_one(text("a,b,c", '1,"say ""hi"", ok",x', '2,"say \\"hi\\", ok",x', '3,"say ""hi"", ok",x'))
    assert [row[1] for row in seen.rows] == ['say "hi", ok'] * 3


def test_notes_below_the_rows_are_no_rows() -> None:
    seen = read_one(
        text(
            *COUNT_LINES, "Note: provisional,,", "(1) Excludes the coast,,", ",,", "Printed:,2019-05-01,", "* rounded,,"
        )
    )
    assert seen.rows == COUNTS
    notes = read_one(text(*COUNT_LINES, "", "Note: figures are provisional, and may change.", "Source: Office, 2019"))
    assert notes.rows == COUNTS


def test_sparse_rows_among_rows_stay() -> None:
    rows = [("A Lee", "Nil return", ""), ("B Ray", "", ""), ("C Fox", "Jan", "5"), ("D Orr", "", "")]
    assert read_one(text("Name,Trip,Cost", *(",".join(row) for row in rows))).rows == rows


def test_a_total_in_a_later_column_closes_the_table() -> None:
    seen = read_one(text("Town,Kind,Men,Women", *(",".join((row[0], "x", *row[1:])) for row in COUNTS), ",Total,9,9"))
    assert len(seen.rows) == len(COUNTS)
    assert seen.table.totals == ({"Kind": "Total", "Men": "9", "Women": "9"},)


@pytest.mark.parametrize("other", [("when", "who", "what", "how", "n"), ("when", "n")])
def test_a_table_right_below_another(other: tuple[str, ...]) -> None:
    more = [("2019-01-01", *("x" for _ in other[2:]), str(number)) for number in range(4)]
    first, second = read_bytes(text(*LINES, ",".join(other), *(",".join(row) for row in more)))
    assert (first.rows, second.header, second.rows) == (ROWS, other, more)


def test_tables_under_titles_share_their_first_name() -> None:
    meetings = ["Minister,Date,With,,", *(f"Sir Bo,Oct-14,{town},," for town in TOWNS)]
    travel = ["Minister,Trip,Destination,Mode,Cost", "Sir Bo,12 - 15 October,Cairo,Train,yes"]
    first, second = read_bytes(text("Meetings,,,,", *meetings, ",,,,", "Travel,,,,", *travel))
    assert (first.header, len(first.rows)) == (("Minister", "Date", "With"), len(TOWNS))
    assert second.header == ("Minister", "Trip", "Destination", "Mode", "Cost")
    assert (14 + 1, "title") not in first.aside


def test_lists_of_one_column() -> None:
    assert read_one(text("Town", *TOWNS)).rows == [(town,) for town in TOWNS]
    assert read_one(text("Name", *(f'"{town}, Mr"' for town in TOWNS))).rows[0] == ("Leeds, Mr",)
    assert read_one(text("wert", "0,5", "1,5", "2,5")).rows == [("0,5",), ("1,5",), ("2,5",)]
    assert numbered(text(*map(str, range(100, 120)))).header == ("column_1",)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("koi8-r", ["Имя", "Анна", "Борис Петров", "Москва"]),
        ("iso8859-5", ["Имя", "Анна", "Борис Петров", "Москва"]),
        ("cp866", ["Имя", "Анна", "Борис Петров", "Москва"]),
        ("cp1253", ["Όνομα", "Γιώργος", "Μαρία", "Αθήνα"]),
        ("cp1254", ["Şehir", "Ayşe Yılmaz", "İstanbul", "Çanakkale"]),
        ("cp1250", ["Imię", "Żaneta Śliwa", "Łódź", "Poznań"]),
        ("cp1256", ["الاسم", "القاهرة", "فاطمة", "بغداد"]),
        ("shift_jis", ["氏名", "田中太郎", "ソウル表", "大阪"]),
        ("gbk", ["姓名", "西安信息中心", "云南", "浙江"]),
    ],
)
def test_older_encodings_are_told_by_their_letters_and_noted(encoding: str, words: list[str]) -> None:
    data = text(f"{words[0]},n", *(f"{words[1 + number % 3]},{number}" for number in range(18)))
    seen = read_one(data.encode(encoding))
    assert (seen.header[0], seen.rows[1][0]) == (words[0], words[2])
    assert "if letters look wrong" in seen.notes


def test_zero_bytes_behind_the_text_do_not_make_it_binary() -> None:
    assert read_one(text(*LINES).encode() + bytes(500)).rows == ROWS


def test_a_quote_never_closed_in_the_header_is_said() -> None:
    seen = read_one(text('id,"name,town,amount', *LINES[1:]))
    assert (seen.header, seen.rows) == (HEADER, ROWS)
    assert "The header line has a quote that is never closed" in seen.notes


def test_groups_above_names_that_come_twice() -> None:
    seen = read_one(text("Rs,,Temp,", "X,Y,X,Y", *(f"{number}.1,{number},0.{number},7" for number in range(8))))
    assert (seen.header, len(seen.rows)) == (("Rs - X", "Rs - Y", "Temp - X", "Temp - Y"), 8)


def test_apostrophes_and_hashes_of_the_rows_themselves_stay() -> None:
    assert [row[0] for row in read_one("w,n\n'tis,5\n'twas',6\nx,7\n").rows] == ["'tis", "'twas'", "x"]
    assert [row[0] for row in read_one("#tag,n\n#one,5\n#two,6\n#three,7\n").rows] == ["#one", "#two", "#three"]
