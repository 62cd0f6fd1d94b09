"""What a file really is, by its bytes; its name and extension decide nothing."""

import re
from typing import Literal

from scorecard.errors import IngestError

FileType = Literal["text", "workbook", "parquet", "gzip"]

_AGAIN = "Export the list again as CSV or XLSX and load that file."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# First bytes of what people upload by mistake, and what to call it.
_NOT_A_TABLE: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image, sound or video file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"{\\rtf", "a text document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
)
_HTML = re.compile(r"<!doctype html|<html|<head|<body|<table|<script|<div|<meta", re.IGNORECASE)
_JSON = re.compile(r"""\s*(\{\s*("|\}\s*$)|\[\s*([{"\[]|-?\d|\]|true|false|null))""")


def file_type(head: bytes, size: int, name: str) -> FileType:
    """How to read the file that begins with `head`; IngestError with the next step when it is no table."""
    if size == 0:
        raise IngestError(f"{name} is empty (0 bytes). Export it again and check that the list has rows.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", _OLE)):
        return "workbook"
    for magic, what in _NOT_A_TABLE:
        if head.startswith(magic):
            raise IngestError(f"{name} is {what}, not a table of rows. {_AGAIN}")
    _refuse_markup(head, name)
    return "text"


def _refuse_markup(head: bytes, name: str) -> None:
    start = head[:4096].replace(b"\0", b"").decode("latin-1").removeprefix("\xff\xfe").removeprefix("\xef\xbb\xbf")
    text = start.lstrip()
    if not text:
        raise IngestError(f"{name} holds nothing but blanks. Export it again and check that the list has rows.")
    if text.startswith("<") and _HTML.search(text):
        raise IngestError(f"{name} is a web page, perhaps a sign-in page, not an export. Sign in and {_lower(_AGAIN)}")
    if text.startswith(("<?xml", "<")) and ">" in text:
        raise IngestError(f"{name} is an XML file, not a table of rows. {_AGAIN}")
    if _JSON.match(text) and text[0] in "{[":
        raise IngestError(f"{name} is a JSON file, not a table of rows. {_AGAIN}")


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
