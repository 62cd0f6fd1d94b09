"""The quick way for large files gives cell for cell what the careful way gives, or steps back."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from scorecard.errors import IngestError
from scorecard.ingest import reading
from tests.unit.read_in import Seen, read_bytes, read_one, read_path

NEVER = 1 << 60


def _text(rows: list[list[str]], end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=quoting)  # pyright: ignore[reportArgumentType]
    writer.writerows([["Id", "Name", "Note"], *rows])
    return out.getvalue()


PLAIN = [[str(at), f" Zoë {at}\u00a0", "" if at % 3 else "a, b"] for at in range(3000)]
BREAKS = [[str(at), "x", "one\ntwo\n\nthree" if at % 5 == 0 else 'say "hi"'] for at in range(3000)]
FILES = {
    "plain": _text(PLAIN),
    "crlf": _text(PLAIN, "\r\n"),
    "all quoted": _text(PLAIN, quoting=csv.QUOTE_ALL),
    "line breaks": _text(BREAKS),
    "line breaks, crlf": _text(BREAKS, "\r\n"),
    "no last line end": _text(PLAIN).rstrip("\n"),
    "titles above": 'Report\n"July 8, 2025 - July 31, 2025"\n\n' + _text(PLAIN),
    "mark": "\ufeff" + _text(PLAIN),
}
NOT_CLEAN = {
    "footer": _text(PLAIN) + '\n"Grand Totals (3000 records)"\n',
    "short row": _text(PLAIN) + "7,x\n",
    "long row": _text(PLAIN) + "7,x,y,z\n",
    "blank line": _text(PLAIN) + "\n7,x,y\n",
    "empty cells": _text(PLAIN) + ",,\n7,x,y\n",
    "total": _text(PLAIN) + "Total,,5\n",
    "header again": _text(PLAIN) + "Id,Name,Note\n7,x,y\n",
    "lone cr": _text(PLAIN) + "7,x,y\r8,p,q\n",
    "bare quotes": _text(PLAIN) + '7,"a "b" c",y\n',
    "lost quote": _text(PLAIN) + '7,"a,y\n8,p,q\n',
    "zero byte": _text(PLAIN) + "7,a\0b,y\n",
    "blank before quote": _text(PLAIN) + '7, "a",y\n',
    "wrapped row": _text(PLAIN) + '"7,a,y"\n',
    "bad byte": _text(PLAIN) + "7,bad,y\n",
    "second table": _text(PLAIN) + "\nCity,Count\nRome,1\nOslo,2\n",
}


def _both(data: str, monkeypatch: pytest.MonkeyPatch, encode: str = "utf-8") -> tuple[list[Seen], list[Seen], list]:
    made = []
    real = reading.read_fast

    def spy(*args: object) -> object:
        made.append(real(*args))  # pyright: ignore[reportArgumentType]
        return made[-1]

    raw = data.encode(encode).replace(b"bad", b"b\xe9d")
    monkeypatch.setattr(reading, "read_fast", spy)
    monkeypatch.setattr(reading, "FAST_FROM", 0)
    quick = read_bytes(raw)
    monkeypatch.setattr(reading, "FAST_FROM", NEVER)
    return quick, read_bytes(raw), made


@pytest.mark.parametrize("case", FILES)
def test_clean_files_go_the_quick_way_and_read_the_same(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, careful, made = _both(FILES[case], monkeypatch)
    assert made and made[0] is not None
    assert quick[0].rows == careful[0].rows
    assert quick[0].lines == careful[0].lines
    assert quick[0].table.set_aside == careful[0].table.set_aside
    assert quick[0].table.facts == careful[0].table.facts
    assert quick[0].notes.replace("1 blank line set aside.", "").strip() in careful[0].notes


@pytest.mark.parametrize("case", NOT_CLEAN)
def test_the_quick_way_steps_back_from_anything_else(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, careful, made = _both(NOT_CLEAN[case], monkeypatch)
    assert made in ([], [None])
    assert [seen.rows for seen in quick] == [seen.rows for seen in careful]
    assert [seen.table.set_aside for seen in quick] == [seen.table.set_aside for seen in careful]
    assert [seen.notes for seen in quick] == [seen.notes for seen in careful]


def test_line_numbers_with_line_breaks_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FAST_FROM", 0)
    seen = read_one(_text(BREAKS[:3]))
    assert seen.lines == [2, 6, 7]


def test_gzip(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,x\n"))
    assert read_path(path)[0].rows == [("1", "x")]


def test_a_gzip_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_GZIP_LEAST", 1_000_000)
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 2_000_000))
    with pytest.raises(IngestError, match="unpacks to more than"):
        read_path(path)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(IngestError, match="a line of more than"):
        read_bytes("a,b\n" + "x" * 9_000_000)


@pytest.mark.timeout(60)
def test_many_lost_quotes_end_soon() -> None:
    rows = "".join(f'{at},"x{at},y\n' for at in range(20_000))
    seen = read_one('Id,Name,Note\n1,"a, b",c\n' + rows)
    assert seen.table.rows_read == 20_001
