"""The same 400 rows in every encoding are the same table."""

import codecs

import pytest

from scorecard.errors import IngestError
from tests.unit.read_in import read_bytes, read_one

NAMES = ["José Nuñez", "Zoë Müller", "François Lefèvre", "Søren Ångström", "Ann Smith", "Renée Côté", "João Conceição"]
ROWS = [(f"A{number}", NAMES[number % len(NAMES)], "Straße 5", f"{number}.50") for number in range(400)]
TEXT = "Id,Name,Street,Amount\n" + "".join(",".join(row) + "\n" for row in ROWS)
BAD_LINE = TEXT.encode().replace("A37,François".encode(), "A37,François".encode("cp1252"))

CASES = {
    "utf-8": TEXT.encode(),
    "utf-8 with mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16-le": TEXT.encode("utf-16-le"),
    "utf-16-le with mark": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16-be": TEXT.encode("utf-16-be"),
    "utf-16-be with mark": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-32": TEXT.encode("utf-32"),
    "cp1252": TEXT.encode("cp1252"),
    "latin-1": TEXT.encode("latin-1"),
    "mac-roman": TEXT.encode("mac-roman"),
    "one bad line": BAD_LINE,
}


@pytest.mark.parametrize("case", CASES)
def test_every_encoding_gives_the_same_table(case: str) -> None:
    seen = read_one(CASES[case])
    assert seen.header == ("Id", "Name", "Street", "Amount")
    assert seen.rows == ROWS


@pytest.mark.parametrize(
    ("case", "note"),
    [
        ("cp1252", "Read as Windows-1252"),
        ("mac-roman", "Read as Mac Roman"),
        ("utf-16-le", "Read as UTF-16"),
        ("one bad line", "1 byte that is not UTF-8 in line 39 read as Windows-1252"),
    ],
)
def test_the_choice_is_said_in_a_note(case: str, note: str) -> None:
    assert note in read_one(CASES[case]).notes


def test_windows_signs_survive() -> None:
    assert read_one("Name,Price\nAnn’s “best”,5 €\n".encode("cp1252")).rows == [("Ann’s “best”", "5 €")]


def test_a_byte_that_is_no_letter_is_marked_and_the_rest_stays_utf8() -> None:
    seen = read_one(TEXT.encode().replace(b"A5,", b"A5\xff,"))
    assert seen.rows[5][0] == "A5\ufffd"
    assert seen.rows[6] == ROWS[6]


def test_text_in_another_script_is_not_turned_into_nonsense() -> None:
    data = "名前,都市\n" + "田中一郎,東京都千代田区\n山本花子,大阪府\n" * 20
    with pytest.raises(IngestError, match="encoding"):
        read_bytes(data.encode("euc_jp"))
    (seen,) = read_bytes(data.encode("euc_jp"), "f.csv", {"f.csv.encoding": "euc_jp"})
    assert seen.rows[0] == ("田中一郎", "東京都千代田区")


def test_cyrillic() -> None:
    assert read_one("Имя,Город\nИван,Москва\nОльга,Тверь\n".encode("cp1251")).rows[0] == ("Иван", "Москва")
