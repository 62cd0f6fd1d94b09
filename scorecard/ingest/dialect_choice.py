"""Which delimiter, quote and escape a text file uses, chosen on how well its rows agree."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from scorecard.ingest.dialect import Dialect, Record, RecordReader, filled, parse, unwrap, was_row
from scorecard.ingest.rows import BLANKS

DELIMITERS = ("\t", "|", ";", ",")  # in the order that breaks ties: prose is full of commas
RULE = re.compile(r"[-=_+|:*\s]*[-=_]{2}[-=_+|:*\s]*")  # a line drawn between rows
_RARE = ("~", "^", "\u00a6", "\u00a7", "\x01", "\x1e", "\x1f")
_ORDINARY = (" ", ":", "!", "@", "#", "/")
_LONG_SIGN = re.compile(r"(?: ?[|;,~^#*@!$&<>=+\u00a7\u00a6]+ ?|:{2,}|\t[|;,~]\t|\t\t+|\\t)(?<=..)")
_LOOK = 60
_FIXED_LEAST = 5
_GOOD = 0.9  # rows that agree less may agree better under a last resort


def candidates(sample: list[str]) -> list[Dialect]:
    """Every dialect worth trying on these lines, plainest first."""
    text = "".join(sample)
    found: list[Dialect] = []
    long = _long_delimiters(sample)
    parts = {char for sign in long if len(sign.strip()) > 1 for char in sign}
    for delimiter in (*long, *DELIMITERS, *_RARE):
        if delimiter in text and delimiter not in parts:
            found += _variants(delimiter, text)
    return found


def last_resorts(sample: list[str]) -> list[Dialect]:
    """Dialects that fit too much prose to be tried before the others have failed."""
    text = "".join(sample)
    found = [each for delimiter in _ORDINARY if delimiter in text for each in _variants(delimiter, text)]
    cuts = _fixed_cuts(sample)
    return [*found, Dialect(" ", quote=None, cuts=cuts)] if cuts else found


def _variants(delimiter: str, text: str) -> list[Dialect]:
    mark = re.escape(delimiter)
    plain = Dialect(delimiter, framed=delimiter == "|" and _is_framed(text))
    found = [plain]
    if '\\"' in text or f"\\{delimiter}" in text:
        found.append(replace(plain, escape=True))
    if delimiter != " " and re.search(rf'{mark} +"|" +{mark}', text):
        found.append(replace(plain, skip_space=True))
    if '"' in text and not _quotes_pair(text, delimiter):
        found.append(replace(plain, quote=None))
    if re.search(rf"(^|{mark})'", text, re.MULTILINE):
        found.append(replace(plain, quote="'"))
    return found


def _is_framed(text: str) -> bool:
    """Do the lines begin and end with a bar, as drawn tables do?"""
    lines = [line.strip() for line in text.splitlines() if line.strip().count("|") > 1]
    framed = sum(line.startswith("|") and line.endswith("|") for line in lines)
    return len(lines) > 1 and framed * 10 > len(lines) * 9


def _long_delimiters(sample: list[str]) -> list[str]:
    """Signs of two characters or more that part the cells of nearly every line."""
    lines = [re.sub(r'"[^"]*"', '""', line).rstrip("\r\n") for line in sample if line.strip()][:_LOOK]
    seen = Counter(found for line in lines for found in set(_LONG_SIGN.findall(line)))
    signs = {sign for sign, count in seen.items() if count * 2 >= len(lines) and len(lines) > 1}
    signs |= {sign[:1] * 2 for sign in signs if len(set(sign)) == 1}
    whole: list[str] = []
    for sign in sorted(signs, key=lambda sign: (-len(sign), sign)):
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=counts.count)
        often = 5 if len(sign.strip(" ")) > 1 else 8
        if usual and counts.count(usual) * 10 >= len(lines) * often and _is_whole(sign, lines):
            whole.append(sign)
    return whole[:3]


def _is_whole(sign: str, lines: list[str]) -> bool:
    """A doubled delimiter never stands alone; a comma and a blank is news only where commas lack the blank."""
    core = sign.strip(" ")
    if len(core) == 1:
        return core in DELIMITERS and any(re.search(rf"{re.escape(core)}[^ ]", line) for line in lines)
    if len(set(sign)) > 1:
        inside = {char: core.count(char) for char in set(core) & set(DELIMITERS)}
        return all(line.count(core) * times >= line.count(char) for line in lines for char, times in inside.items())
    runs = [len(run) for line in lines for run in re.findall(rf"{re.escape(sign[0])}+", line)]
    return len(sign) == 2 and len(runs) > len(lines) and all(run % 2 == 0 for run in runs)


def _fixed_cuts(sample: list[str]) -> tuple[int, ...]:
    """Where columns begin that are blank above each other in every line; nothing for lines of prose."""
    lines = [line.rstrip("\r\n") for line in sample if line.strip() and not RULE.fullmatch(line.strip())]
    if len(lines) < _FIXED_LEAST or any("\t" in line for line in lines):
        return ()
    width = min(max(map(len, lines)), 2000)
    blank = [all(line[at : at + 1] in ("", " ") for line in lines) for at in range(width)]
    cuts = [0] + [at for at in range(1, width) if blank[at - 1] and not blank[at]]
    gaps = [at - 1 - max((before for before in range(at) if not blank[before]), default=0) for at in cuts[1:]]
    ends = (*cuts[1:], None)
    full = sum(all(line[at:end].strip() for at, end in zip(cuts, ends, strict=True)) for line in lines)
    wide = any(gap > 1 for gap in gaps) or len(lines) >= 3 * _FIXED_LEAST
    return tuple(cuts) if len(cuts) > 1 and wide and full * 10 >= len(lines) * 8 else ()


def _quotes_pair(text: str, delimiter: str) -> bool:
    """Quotes that open cells and quotes that close them are about as many: they are no ordinary characters."""
    mark = re.escape(delimiter)
    opening = len(re.findall(rf'(?:^|{mark})[ \t]*"', text, re.MULTILINE))
    closing = len(re.findall(rf'"[ \t]*(?:{mark}|\r?$)', text, re.MULTILINE))
    return opening > 0 and closing * 2 > opening


def _widths(records: Sequence[Record]) -> list[int]:
    """Cells per filled record; a last cell that no full row uses does not count."""
    rows = [record.cells for record in records if filled(record.cells)]
    while rows:
        widest = max(map(len, rows))
        full = [cells for cells in rows if len(cells) == widest]
        if widest < 3 or any(cells[-1].strip(BLANKS) for cells in full):
            break
        rows = [cells[:-1] if len(cells) == widest else cells for cells in rows]
    return [len(cells) for cells in rows]


def agreement(records: list[Record]) -> tuple[float, int, int]:
    """How well the records agree on a number of cells (0..1.15), that number, and how many of them are ever filled."""
    widths = _widths(records)
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0, 1, 1
    width = max(several, key=lambda width: (several[width] * width, width))
    broken = sum(1.0 if record.problem else 0.5 if record.loose else 0.0 for record in records)
    several_at = [at for at, count in enumerate(widths) if count > 1]
    # Lone lines above and below a table are titles and footers; between its rows they speak against it.
    between = widths[several_at[0] : several_at[-1]].count(1)
    around = widths.count(1) - between
    matching = several[width] + sum(0.3 * count for other, count in several.items() if other < width)
    # A first line of the usual width is the header: the wrong delimiter seldom finds one.
    first = 0.15 if widths[0] == width else 0.0
    full = [record.cells for record in records if len(record.cells) == width]
    used = sum(any(cells[at].strip(BLANKS) for cells in full) for at in range(width)) if full else width
    return (matching - broken) / (several.total() + between + 0.25 * around) + first, width, max(used, 1)


def choose_dialect(sample: list[str], delimiter: str | None = None) -> tuple[Dialect, float, int] | None:
    """The dialect under which the rows agree best, how well, and on how many cells; None when none makes columns."""
    tried = candidates(sample)
    if delimiter:
        tried = [each for each in tried if each.delimiter == delimiter] or _variants(delimiter, "".join(sample))
    best = _best(sample, tried)
    if not delimiter and (best is None or best[1] < _GOOD):
        other = _best(sample, last_resorts(sample))
        if other and _covers(sample, *other) and other[1] > (best[1] if best else 0.0) + 0.3:
            best = other
    if best and not best[0].cuts and is_wrapped(sample, best[0]):
        best = (replace(best[0], wrapped=True), *best[1:])
    return best


def _covers(sample: list[str], dialect: Dialect, score: float, width: int) -> bool:
    """Do nearly all lines fall into columns?"""
    widths = _widths(sample_records(sample, dialect))
    return score >= _GOOD and len(widths) > 2 and widths.count(width) * 10 >= len(widths) * 9


def _best(sample: list[str], tried: Sequence[Dialect]) -> tuple[Dialect, float, int] | None:
    best: tuple[Dialect, float, int] | None = None
    top = 0.0
    for dialect in tried:
        records = sample_records(sample, dialect)
        score, width, used = agreement(records)
        # Many columns do not agree by chance, two easily do.
        weighed = (score - _handicap(sample, dialect) - _torn(records, dialect, width)) * (1 - 1 / (used + 1))
        if width > 1 and (best is None or weighed > top + 1e-9):
            best, top = (dialect, score, width), weighed
    return best


def _torn(records: Sequence[Record], dialect: Dialect, width: int) -> float:
    """Cells such as `00;51` are two numbers that another delimiter parts."""
    if dialect.delimiter not in DELIMITERS:
        return 0.0
    other = re.compile(rf"\d[{';|' if dialect.delimiter == ',' else '|'}]\d" if dialect.delimiter != "|" else r"\d;\d")
    cells = [cell for record in records[:_LOOK] if len(record.cells) == width for cell in record.cells]
    return 0.3 * sum(bool(other.search(cell)) for cell in cells) / len(cells) if cells else 0.0


def _handicap(sample: list[str], dialect: Dialect) -> float:
    """An unusual reading of quotes must earn its place, most of all where some cells are properly quoted."""
    mark = re.escape(dialect.delimiter)
    if dialect.quote == "'":
        whole = [line for line in sample if line.startswith("'") and line.rstrip("\r\n").endswith("'")]
        if len(whole) * 10 > len(sample) * 6:
            return -0.02
    # Inside quotes a delimiter needs no backslash: there `\|` is two letters of the cell.
    quoted = re.compile(rf'(^|(?<={mark}))\s*"(?:[^"\\]|\\(?!")|"")*"\s*(?=$|{mark})')
    protects = any(re.search(rf'\\"(?!\s*({mark}|$))|\\{mark}', quoted.sub("", line)) for line in sample)
    doubles = any(re.search(rf'[^{mark}\s\\]""|(?<!\\)""[^{mark}\s"]', line) for line in sample)
    if dialect.escape and protects and not doubles:
        return 0.0
    if dialect == Dialect(dialect.delimiter, framed=dialect.framed):
        return 0.01 if protects and not doubles else 0.0
    proper = rf'(^|{mark})\s*"(?:[^"]|"")*"\s*($|{mark})'
    return 0.25 if dialect.quote != '"' and any(re.search(proper, line) for line in sample) else 0.02


def sample_records(sample: list[str], dialect: Dialect) -> list[Record]:
    """The records of some lines; rows that were quoted as a whole are taken apart where that gives the usual width."""
    records = list(RecordReader(sample, dialect))
    if any(record.problem or not record.single for record in records):
        # A lost quote may have swallowed rows: with the width of the single lines known, it does not.
        alone = Counter(len(parse(line.rstrip("\r\n"), dialect)[0]) for line in sample if line.strip())
        reader = RecordReader(sample, dialect)
        reader.width = max((width for width in alone if width > 1), key=lambda width: alone[width], default=None)
        records = max(records, list(reader), key=lambda records: agreement(records)[0])
    inner = [unwrap(record.cells[0], dialect) if len(record.cells) == 1 else None for record in records]
    wrapped = _mostly(inner, records)
    widths = [len(cells or record.cells) for cells, record in zip(inner, records, strict=True)]
    several = Counter(width for width in widths if width > 1)
    usual = max(several, key=lambda width: (several[width] * width, width), default=1)
    for cells, record in zip(inner, records, strict=True):
        if cells and len(cells) == usual and (wrapped or was_row(record, cells)):
            record.cells = cells
    return records


def is_wrapped(sample: list[str], dialect: Dialect) -> bool:
    """Is every row quoted as a whole?"""
    records = list(RecordReader(sample, dialect))
    return _mostly([unwrap(each.cells[0], dialect) if len(each.cells) == 1 else None for each in records], records)


def _mostly(inner: Sequence[list[str] | None], records: Sequence[Record]) -> bool:
    return sum(cells is not None for cells in inner) * 2 > sum(bool(record.cells) for record in records)
