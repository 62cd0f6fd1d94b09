"""From bytes to text: which encoding a file is in, decided on all of its bytes and said in a note."""

import codecs
import io
import re
from dataclasses import dataclass
from pathlib import Path

from scorecard.errors import IngestError
from scorecard.ingest.legacy import CHUNK, best_guess

_MAX_SHOWN = 3
_CONTROLS = re.compile(rb"[\x02-\x08\x0e-\x1b]")
_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "iso8859_2": "ISO 8859-2",
    "iso8859_5": "ISO 8859-5",
    "koi8_r": "KOI8-R",
    "cp866": "code page 866",
    "cp850": "code page 850",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}


@dataclass(frozen=True)
class Encoding:
    """How to turn the bytes of one file into text. `bad_lines`: lines with bytes that are no UTF-8."""

    name: str
    note: str | None = None
    bom: bool = False
    bad_lines: tuple[int, ...] = ()

    @property
    def is_clean_utf8(self) -> bool:
        return self.name == "utf-8" and not self.bad_lines


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """One stray byte in a UTF-8 file is nearly always a letter pasted from Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    if len(bad) > 1 or bad in (b"\xfe", b"\xff"):
        return "\ufffd", error.end
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("scorecard_windows", _as_windows)


def choose_encoding(path: Path, name: str, wanted: str | None = None) -> Encoding:
    """The encoding of the file; `wanted` is an answer somebody gave and wins."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if wanted:
        return _wanted(wanted, name)
    found = _by_mark(head) or _utf16_without_mark(head.rstrip(b"\0"))
    if found:
        return found
    if head.rstrip(b"\0").count(0) > len(head) / 20 or len(_CONTROLS.findall(head)) > len(head) / 50:
        raise IngestError(f"{name} is a binary file, not a table of rows. Export the list as CSV or XLSX.")
    return _utf8_or_legacy(path, name, bom=head.startswith(codecs.BOM_UTF8))


def open_text(path: Path, encoding: Encoding) -> io.TextIOWrapper:
    """The file as text, its line ends as they are."""
    errors = {"utf-8": "scorecard_windows", "cp1252": "scorecard_control"}.get(encoding.name, "replace")
    return path.open("r", encoding=encoding.name, errors=errors, newline="")


def _wanted(wanted: str, name: str) -> Encoding:
    try:
        info = codecs.lookup(wanted)
        "".encode(wanted)
    except LookupError as error:
        raise IngestError(f"{name}: there is no encoding called {wanted!r}. Try utf-8, cp1252 or utf-16.") from error
    if not getattr(info, "_is_text_encoding", True):
        raise IngestError(f"{name}: {wanted!r} is no text encoding. Try utf-8, cp1252 or utf-16.")
    return Encoding(info.name, note=f"Read as {info.name}, as you said.")


def _by_mark(head: bytes) -> Encoding | None:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Encoding("utf-32", note="Read as UTF-32.", bom=True)
    if head.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16-le", note="Read as UTF-16.", bom=True)
    if head.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16-be", note="Read as UTF-16.", bom=True)
    return None


def _utf16_without_mark(head: bytes) -> Encoding | None:
    """Text of two bytes a letter has its zero bytes on one side only: delimiters and digits all have one."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = max(2, len(head) // 50)
    if odd > enough and odd > 8 * even:
        return Encoding("utf-16-le", note="Read as UTF-16 (it does not say so itself).")
    if even > enough and even > 8 * odd:
        return Encoding("utf-16-be", note="Read as UTF-16 (it does not say so itself).")
    return None


def _utf8_or_legacy(path: Path, name: str, bom: bool) -> Encoding:
    if _is_utf8(path):
        return Encoding("utf-8", bom=bom)
    bad_lines, bad, good = _bad_utf8(path)
    if good * 2 > bad or bom:
        shown = ", ".join(str(line) for line in bad_lines[:_MAX_SHOWN])
        more = " and others" if len(bad_lines) > _MAX_SHOWN else ""
        where = f"line{'s' if len(bad_lines) > 1 else ''} {shown}{more}"
        bytes_are = "bytes that are" if bad > 1 else "byte that is"
        note = f"Read as UTF-8; {bad} {bytes_are} not UTF-8 in {where} read as Windows-1252."
        return Encoding("utf-8", note=note, bom=bom, bad_lines=tuple(bad_lines))
    return _legacy(path, name)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _bad_utf8(path: Path) -> tuple[list[int], int, int]:
    """Lines with bytes that are no UTF-8 (the first 100), how many such bytes, how many good characters past ASCII."""
    lines: list[int] = []
    bad = good = 0
    line = 1
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(1 << 16):
            rest += piece
            while rest:
                try:
                    text, used = codecs.utf_8_decode(rest, "strict", False)
                    skip = used
                except UnicodeDecodeError as error:
                    text, used, skip = rest[: error.start].decode("utf-8"), error.start, error.end
                good += len(text) - len(text.encode("ascii", "ignore"))
                line += text.count("\n")
                if skip > used:
                    bad += skip - used
                    if len(lines) < 100 and (not lines or lines[-1] != line):
                        lines.append(line)
                rest = rest[skip:]
                if skip == used:
                    break
            if bad > 500 and bad > 2 * good:
                break
    return lines, bad + len(rest), good


def _legacy(path: Path, name: str) -> Encoding:
    """The older encoding whose letters look most like words."""
    best, score = best_guess(path)
    if score < 0.2:
        raise IngestError(
            f"{name} is in an encoding we cannot tell for sure. Export it again as UTF-8, or name the encoding."
        )
    return Encoding(best, note=f"Read as {_NAMES[best]}; if letters look wrong, export again as UTF-8.")
