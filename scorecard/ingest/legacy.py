"""Which encoding a text that is no Unicode is in, judged by whether its letters look like words."""

import codecs
import re
from collections import Counter
from pathlib import Path

CHUNK = 1 << 20
_SAMPLE = 1 << 18
_LETTERS = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšž"
_COMMON = frozenset(_LETTERS + _LETTERS.upper()) - {"Ÿ"}
_EASTERN = frozenset("ąćęłńóśźżáčďéěíňřšťúůýžäöüőűľĺôâăîșțßĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽÄÖÜŐŰĽĹÔÂĂÎȘȚ")
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ")
_GREEK = frozenset("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ")
_TURKISH = frozenset("çğıöşüâîûÇĞİÖŞÜ")
_HEBREW = frozenset("אבגדהוזחטיךכלםמןנסעףפץצקרשת")
_ARABIC = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي")
# The letters each candidate is expected to show; the order breaks ties.
CANDIDATES = {
    "cp1252": _COMMON,
    "mac_roman": _COMMON,
    "cp1250": _EASTERN,
    "iso8859_2": _EASTERN,
    "cp1254": _TURKISH,
    "cp1251": _CYRILLIC,
    "koi8_r": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
    "cp866": _CYRILLIC,
    "cp1253": _GREEK,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
    "cp850": _COMMON,
}
_WIDE_SCRIPTS = _CYRILLIC | _GREEK | _HEBREW | _ARABIC  # letters that stand beside each other
_SYMBOLS = frozenset("€£¥§©®™°·•–—…“”‘’„«»¡¿ºª½¼×\u00a0")
_SURE, _APART = 0.9, 0.15


def best_guess(path: Path) -> tuple[str, float]:
    """The most likely encoding and how much its letters look like words, from about -5 (nonsense) to 1.5."""
    contexts = _contexts(path)
    eastern = _east_asian(path)
    if eastern:
        return eastern, 1.0
    scores = {name: likeness(contexts, name, letters) for name, letters in CANDIDATES.items()}
    best = max(scores, key=lambda name: scores[name])
    # Windows-1252 unless another is clearly better: a handful of letters proves little.
    if scores[best] < max(0.8, scores["cp1252"] + _lead(best)):
        best = "cp1252"
    return best, scores[best]


def _lead(name: str) -> float:
    return 0.25 if name in ("cp1250", "iso8859_2", "cp1254") else 0.6


def _east_asian(path: Path) -> str | None:
    """The encoding of two bytes a character under which the text is everyday Japanese, Chinese or Korean."""
    with path.open("rb") as file:
        data = file.read(_SAMPLE)
    data = data[: data.rfind(b"\n") + 1] or data
    scores: dict[str, float] = {}
    for name in ("cp932", "euc_jp", "gb18030", "big5", "cp949"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        chars = [char for char in text if char > "\u02ff" and not "\u3000" < char < "\u3020"]
        pairs = sum(char > "\x7f" for char in text)
        if len(chars) > 3 and len(chars) * 10 > pairs * 8:
            scores[name] = sum(_everyday(char, name) for char in chars) / len(chars)
            if name in ("cp932", "euc_jp"):
                scores[name] += 0.2 * any("\u3040" < char < "\u30ff" for char in chars)
    ranked = sorted(scores, key=lambda name: -scores[name])
    if not ranked or scores[ranked[0]] < _SURE:
        return None
    apart = len(ranked) < 2 or scores[ranked[0]] - scores[ranked[1]] > _APART
    return ranked[0] if apart else None


def _everyday(char: str, name: str) -> bool:
    """Is it among the characters that the encoding's makers put first, as those in daily use?"""
    if name == "cp949":
        return "\uac00" <= char <= "\ud7a3"
    if "\u3040" < char < "\u30ff":
        return name in ("cp932", "euc_jp")
    try:
        lead = char.encode({"gb18030": "gb2312", "cp932": "euc_jp"}.get(name, name))[0]
    except UnicodeEncodeError:
        return False
    first, last = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}.get(name, (0xB0, 0xCF))
    return first <= lead <= last


def _contexts(path: Path, limit: int = 4000) -> Counter[bytes]:
    """Runs of bytes past ASCII, each with the byte before and after it."""
    found: Counter[bytes] = Counter()
    with path.open("rb") as file:
        while (chunk := file.read(CHUNK)) and found.total() < limit:
            found.update(re.findall(rb"[\x00-\x7f]?[\x80-\xff]{1,12}[\x00-\x7f]?", chunk)[:limit])
    return found


def likeness(contexts: Counter[bytes], encoding: str, letters: frozenset[str]) -> float:
    """From about -5 (nonsense) to 1.5 (words), averaged over the characters past ASCII."""
    total = weight = 0.0
    for run, count in contexts.items():
        text = run.decode(encoding, "scorecard_control")
        for position, char in enumerate(text):
            if char < "\x80":
                continue
            before = text[position - 1] if position else " "
            after = text[position + 1] if position + 1 < len(text) else " "
            total += count * _fit(before, char, after, letters)
            weight += count
    return total / weight if weight else 0.0


def _fit(before: str, char: str, after: str, letters: frozenset[str]) -> float:
    if char < "\xa0":
        return -5.0
    if char.isalpha():
        value = 1.0 if char in letters else -0.5
        if char.isupper() and before.isalpha() and (before.islower() or after.islower()):
            value -= 2.0
        value += 0.5 if before.isalpha() or after.isalpha() else -0.6
        if before > "\x7f" and after > "\x7f" and char not in _WIDE_SCRIPTS:
            value -= 1.5
        return value
    if _typographic(before, char, after):
        return 1.6
    if before.isalpha() and (char in "‘“„" or (after.isalpha() and char not in "’–·")):
        return -1.5
    return 0.7 if char in _SYMBOLS else -0.5


def _typographic(before: str, char: str, after: str) -> bool:
    """A sign where people write it: quotes around words, apostrophes in them, currency beside amounts."""
    if char in "“‘„«":
        return not before.isalnum() and after.isalnum()
    if char in "”»":
        return before.isalnum() and not after.isalnum()
    if char == "’":
        return before.isalpha() and (after in "stdlrvmSTaeiouhyAEIOUH" or not after.isalnum())
    if char in "€£–":
        return not before.isalpha() and not after.isalpha()
    return False


def _undefined_as_control(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("scorecard_control", _undefined_as_control)
