"""Hostile and broken files: refused in one sentence, or read, within seconds and little memory; never a crash."""

import gzip
import io
import random
import resource
import struct
import time
import zipfile

import pytest

from scorecard.errors import IngestError
from tests.unit.read_in import read_bytes

SECONDS, KILOBYTES = 10, 500_000
DICE = random.Random(5)
ROWS = b"id,name,amount\n" + b"".join(b"%d,Ann,%d.5\n" % (number, number) for number in range(200))
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats'
    '.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="'
    'http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
    ' Target="sharedStrings.xml"/></Relationships>'
)
NAMES = '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>N</t></is></c></row>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def workbook(rows: str, shared: str = "") -> bytes:
    files: dict[str, str | bytes] = {
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": SHEET.format(NAMES + rows),
    }
    return archive({**files, "xl/sharedStrings.xml": shared} if shared else files)


def circle() -> bytes:
    """An old workbook whose table of sectors names itself."""
    numbers = struct.pack("<9I", 0, 1, 0, 0, 4096, 0, 0, 0xFFFFFFFE, 0)
    head = OLE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6) + numbers
    return head.ljust(512, b"\0") + bytes(1536)


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{at + 1} "{f"&l{at};" * 10}">' for at in range(9))
    return f'<!DOCTYPE l [<!ENTITY l0 "ha">{entities}]><sst><si><t>&l9;</t></si></sst>'


SHARED_ROW = '<row r="{0}"><c r="A{0}" t="s"><v>0</v></c><c r="B{0}" t="s"><v>0</v></c></row>'
MANY_SHARED = "".join(SHARED_ROW.format(number) for number in range(2, 30_000))
FILES = {
    "only a mark": b"\xef\xbb\xbf",
    "only zeros": bytes(5000),
    "only blank lines": b"\n" * 100_000,
    "a million commas": b"," * 1_000_000,
    "one quote": b'"',
    "a million quotes": b'"' * 1_000_000,
    "quotes on lines": b'"\n' * 100_000,
    "a quote open from line 1": b'id,"name,amount\n' + b"1,Ann,2.5\n" * 100_000,
    "every row opens a quote": b"id,name,amount\n" + b'1,"Ann,2\n' * 20_000,
    "backslashes and quotes": b"a,b\n" + b'"\\\\\\"\\",x\n' * 20_000,
    "quotes and blanks": b"a,b\n" + b'" ""x" "",1\n' * 20_000,
    "one long line": b"a" * 10_000_000,
    "a hundred thousand columns": b",".join(b"c%d" % number for number in range(100_000)) + b"\n1\n",
    "rows of any width": b"\n".join(b",".join([b"x"] * DICE.randint(1, 60)) for _ in range(5000)),
    "noise": DICE.randbytes(500_000),
    "noise of letters": bytes(DICE.choice(b"ab,;\"'\n\t|\\ 019") for _ in range(200_000)),
    "lone surrogates": b"\xff\xfe" + "a,b\n".encode("utf-16-le") + b"\x00\xd8,\x001\x00\n\x00" * 50,
    "half a character": b"\xff\xfe" + ROWS.decode().encode("utf-16-le") + b"x",
    "twice gzipped": gzip.compress(gzip.compress(ROWS)),
    "a gzip cut short": gzip.compress(DICE.randbytes(50_000))[:20_000],
    "a gzip bomb": gzip.compress(bytes(150_000_000)),
    "a zip in a zip": archive({"b.zip": archive({"a.csv": ROWS})}),
    "a zip cut short": archive({"xl/workbook.xml": ROWS})[:-30],
    "a cell too far": workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "a row too wide": workbook("".join(f'<row r="{row}">{"<c><v>1</v></c>" * 16_000}</row>' for row in range(2, 40))),
    "a cell nowhere": workbook('<row r="2"><c r="ZZZZZZ99999999999"><v>1</v></c></row>'),
    "a billion laughs": workbook(SHARED_ROW.format(2), laughs()),
    "a text shared too often": workbook(MANY_SHARED, f"<sst><si><t>{'x' * 20_000}</t></si></sst>"),
    "a circle of sectors": circle(),
    "noise in an old workbook": OLE + DICE.randbytes(20_000),
    "noise in Parquet": b"PAR1" + DICE.randbytes(5000) + b"PAR1",
    "deep JSON": b"[" * 500_000,
    "deep XML": b"<a>" * 200_000,
    "a separator line of nothing": b"sep=\0\n" + ROWS,
    "thousands of tables": b"".join(b"t%d,v%d\n1,2\n3,4\n\n" % (number, number) for number in range(2000)),
    "totals without end": b"a,b\n" + b"Total,1\n" * 50_000,
    "notes without end": b"a,b,c\n1,2,3\n2,3,4\n" + b"Note: x,,\n" * 50_000,
    "comments without end": b"# x, y\n" * 50_000,
    "cells for greedy patterns": b"a,b\n" + (b"1" + b" " * 5000 + b"x," + b"(" * 2000 + b"\n") * 50,
}


@pytest.mark.parametrize("case", FILES)
def test_a_nasty_file_is_read_or_refused_in_a_sentence(case: str) -> None:
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read_bytes(FILES[case], "week.csv", {"week.csv.header_line": "none"})
    except IngestError as error:
        assert str(error).startswith("week.csv")
        assert str(error).endswith(".")
    assert time.process_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < KILOBYTES
