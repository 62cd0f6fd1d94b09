"""One way of writing numbers per column (decimal point or comma, currency, percent), decided from all of its values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import list_currencies

from scorecard.ingest import sql
from scorecard.ingest.dates import FEW_ROWS, FEW_SHARE, ShapeCount
from scorecard.ingest.headers import read_header

POINT, COMMA = ".", ","
LOCALES = {POINT: "1,234.56", COMMA: "1.234,56"}
SYMBOLS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₪": "ILS", "₫": "VND",
    "₴": "UAH", "₦": "NGN", "₱": "PHP", "฿": "THB", "zł": "PLN", "kč": "CZK", "ft": "HUF", "fr.": "CHF", "rs": "INR",
    "rs.": "INR", "us$": "USD", "r$": "BRL", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD",
    "hk$": "HKD", "s$": "SGD", "mx$": "MXN", "nt$": "TWD", "euro": "EUR", "euros": "EUR", "$": "$", "kr": "", "kr.": "",
}  # fmt: skip
SCALES = {"k": 1e3, "m": 1e6, "mio": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "mrd": 1e9}
# Who writes these currencies, writes a thousand like this: decides "$1,234", which is else undecidable.
_COMMA_CURRENCIES = (
    "$", "USD", "GBP", "INR", "JPY", "KRW", "CNY", "AUD", "NZD", "SGD", "HKD", "TWD", "THB", "PHP", "ILS", "AED", "MXN",
)  # fmt: skip
_POINT_CURRENCIES = ("BRL", "TRY", "IDR", "VND", "CLP", "COP", "ARS")
_CURRENCY_THOUSANDS = {(code, ",") for code in _COMMA_CURRENCIES} | {(code, ".") for code in _POINT_CURRENCIES}
_SHAPE = re.compile(
    r"^(?P<open>\()?(?P<sign1>[-+])? ?(?P<before>[^\d\s.,()%+-]+(?:\.(?=[ 9]))?)? ?(?P<sign2>[-+])?"
    r"(?P<core>9(?:[9 ',._]*9)?[.,]?|[.,]9+)"
    r" ?(?:(?P<scale>mio|mrd|mn|bn|[kmb])(?![^\W\d_]))?\.? ?(?P<percent>%)? ?"
    r"(?P<after>[^\d\s.,()%+-]+\.?)?(?P<sign3>-)?(?P<close>\))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NumberShape:
    """How values of one shape are written. `decimal`: '.' or ',' when certain, None when the shape fits both."""

    decimal: str | None
    thousands: str | None = None  # the separator that may be a decimal one, when `decimal` is None
    currency: str = ""
    token: str = ""
    percent: bool = False
    scale: float = 1
    negative: bool = False
    scientific: bool = False


@cache
def _codes() -> frozenset[str]:
    return frozenset(list_currencies())


def read_shape(shape: str) -> NumberShape | None:
    """How to read numbers of this shape, or None when it is no number."""
    text = re.sub(r"[\u00a0\u202f\u2009\u2007]", " ", shape).replace("\u2212", "-").replace("\u2019", "'")
    if re.fullmatch(r"[-+]?9+(\.9+)?e[-+]?9+", text, re.IGNORECASE):
        return NumberShape(POINT, scientific=True, negative=text.startswith("-"))
    match = _SHAPE.match(text)
    if not match or bool(match["open"]) != bool(match["close"]) or (match["before"] and match["after"]):
        return None
    token = match["before"] or match["after"] or ""
    currency = _currency(token)
    if currency is None:
        return None
    dashed = match["core"][-1] in ".,"  # the dash of "CHF 5.-" stands for no cents
    signs = [sign for sign in (match["sign1"], match["sign2"], None if dashed else match["sign3"]) if sign]
    if len(signs) > 1 or (signs and match["open"]):
        return None
    core = _read_core(match["core"].strip())
    if core is None:
        return None
    return NumberShape(
        *core,
        currency=currency,
        token=token,
        percent=bool(match["percent"]),
        scale=SCALES[match["scale"].casefold()] if match["scale"] else 1,
        negative=bool(match["open"]) or "-" in signs,
    )


def _currency(token: str) -> str | None:
    """ISO code of a currency word or symbol, '' for none or one that could be several, None for another word."""
    if not token:
        return ""
    if token.casefold() in SYMBOLS:
        return SYMBOLS[token.casefold()]
    return token.upper() if token.upper() in _codes() else None


def _read_core(core: str) -> tuple[str | None, str | None] | None:
    """(decimal separator, possible thousands separator) of digits and separators; None when malformed."""
    separators = set(re.sub("9", "", core))
    points = separators & {".", ","}
    grouping = separators - {".", ","}
    if len(grouping) > 1 or (grouping and not re.match(r"9{1,3}([ '_]999)+([.,]9*)?$", core)):
        return None
    if not points:
        return "", None
    if len(points) == 2:
        last = max(core.rfind("."), core.rfind(","))
        decimal, other = core[last], ({".", ","} - {core[last]}).pop()
        grouped = rf"9{{1,3}}(?:{re.escape(other)}999)+$|9{{1,2}}(?:{re.escape(other)}99)+{re.escape(other)}999$"
        return (decimal, None) if core.count(decimal) == 1 and re.match(grouped, core[:last]) else None
    point = points.pop()
    if grouping:
        return (point, None) if core.count(point) == 1 else None
    other = COMMA if point == POINT else POINT
    if core.count(point) > 1:
        escaped = re.escape(point)
        valid = re.match(rf"9{{1,3}}(?:{escaped}999)+$|9{{1,2}}(?:{escaped}99)+{escaped}999$", core)
        return (other, None) if valid else None
    before, after = core.split(point)
    if len(after) == 3 and 1 <= len(before) <= 3:
        return None, point
    return point, None


@dataclass(frozen=True)
class NumberColumn:
    """All values of one column of numbers, summed up. `leading_zero` = values such as 0.125: surely decimals."""

    header: str
    shapes: tuple[ShapeCount, ...]
    leading_zero: int = 0

    @property
    def readable(self) -> list[tuple[ShapeCount, NumberShape]]:
        return [(item, kind) for item in self.shapes if (kind := read_shape(item.shape))]

    @property
    def ambiguous(self) -> list[tuple[ShapeCount, NumberShape]]:
        return [(item, kind) for item, kind in self.readable if kind.decimal is None]


@dataclass(frozen=True)
class LocaleChoice:
    """The decimal separator, or None when only a person can say; `certain` = the values themselves decided."""

    decimal: str | None
    certain: bool = False
    note: str = ""


def from_values(column: NumberColumn, is_count: bool = False) -> LocaleChoice:
    """What the column's own values say about its decimal separator."""
    votes = {POINT: 0, COMMA: 0}
    for item, kind in column.readable:
        if kind.decimal:
            votes[kind.decimal] += item.count
    few, many = sorted(votes.values())
    if few and (few > max(FEW_ROWS, many * FEW_SHARE) or few == many):
        return LocaleChoice(None)
    if many:
        decimal = max(votes, key=lambda key: votes[key])
        note = f"“{column.header}” is written like {LOCALES[decimal]}." if decimal == COMMA else ""
        return LocaleChoice(decimal, True, note)
    if not column.ambiguous:
        return LocaleChoice(POINT)
    separators = {kind.thousands for _, kind in column.ambiguous}
    if len(separators) > 1:
        return LocaleChoice(None)
    separator = str(separators.pop())
    other = COMMA if separator == POINT else POINT
    if column.leading_zero:
        return LocaleChoice(separator, True, f"“{column.header}”: the {_spoken(separator)} is decimal (0{separator}…).")
    stated = read_header(column.header).unit.removeprefix("currency:")  # "Amount (JPY)"
    written = {kind.currency or stated for _, kind in column.ambiguous}
    if is_count or any((currency, separator) in _CURRENCY_THOUSANDS for currency in written):
        return LocaleChoice(other, True)
    return LocaleChoice(None)


def from_siblings(column: NumberColumn, decided: Sequence[tuple[str, str]]) -> LocaleChoice:
    """What other columns of the file say: they were written by the same program."""
    if len({decimal for _, decimal in decided}) != 1 or any(kind.decimal for _, kind in column.readable):
        return LocaleChoice(None)
    other, decimal = decided[0]
    return LocaleChoice(
        decimal, note=f"“{column.header}” was read like {LOCALES[decimal]}, as “{other}” in the same file is written."
    )


def _spoken(separator: str) -> str:
    return "point" if separator == POINT else "comma"


def number_expression(column: NumberColumn, value: str, decimal: str) -> tuple[str, list[str]]:
    """SQL of a DECIMAL(24, 8) for the column, with the shapes it refuses. Percent signs are left to the caller."""
    good = [(item, kind) for item, kind in column.readable if kind.decimal in (None, "", decimal)]
    good_shapes = {item.shape for item, _ in good}
    bad = [item.shape for item in column.shapes if item.shape not in good_shapes]
    if not good:
        return "null::decimal(24, 8)", bad
    if decimal == POINT and all(re.fullmatch(r"-?9+(\.9+)?", item.shape) for item, _ in good):
        expression = f"try_cast({value} as decimal(24, 8))"
    else:
        expression = _stripped(good, value, decimal)
    if bad:
        expression = f"case when {sql.shape(value)} in ({sql.literals(sorted(good_shapes))}) then {expression} end"
    return expression, bad


def _stripped(good: list[tuple[ShapeCount, NumberShape]], value: str, decimal: str) -> str:
    text = value
    for token in sorted({kind.token for _, kind in good if "." in kind.token}):
        text = f"replace({text}, {sql.literal(token)}, '')"
    text = f"regexp_replace({text}, '[^0-9{decimal}]', '', 'g')"
    if decimal == COMMA:
        text = f"replace({text}, ',', '.')"
    factors = [
        _when(value, [item.shape for item, kind in good if kind.scale == scale], f"{scale:.0f}")
        for scale in sorted({kind.scale for _, kind in good if kind.scale != 1})
    ]
    factors += [_when(value, negative, "-1") for negative in [[i.shape for i, k in good if k.negative]] if negative]
    expression = f"try_cast({text} as decimal(24, 8))"
    for factor in factors:
        expression = f"try_cast({expression} * {factor} as decimal(24, 8))"
    scientific = [item.shape for item, kind in good if kind.scientific]
    if scientific:
        listed = sql.literals(scientific)
        exact = f"try_cast({value} as decimal(24, 8))"
        expression = f"case when {sql.shape(value)} in ({listed}) then {exact} else {expression} end"
    return expression


def _when(value: str, shapes: Iterable[str], factor: str) -> str:
    return f"case when {sql.shape(value)} in ({sql.literals(shapes)}) then {factor} else 1 end"


@cache
def currency_names() -> dict[str, str]:
    """English name of a currency, casefolded -> its code: `US Dollar`, `US Dollars`, `Pound Sterling`."""
    found = {"pound sterling": "GBP", "yuan": "CNY", "yen": "JPY"}
    english = Locale("en")
    for code in _codes() & set(english.currencies):
        name = english.currencies[code].casefold()
        found.setdefault(name, code)
        found.setdefault(f"{name}s", code)
    return found


# A word for the money of several countries: nobody can say which without being told.
SHARED_WORDS = {"kr": ("SEK", "NOK", "DKK", "ISK"), "kr.": ("DKK", "SEK", "NOK", "ISK")}


def shared_word(column: NumberColumn) -> str:
    """The currency word in the column's values that several countries use, or ''."""
    return next((kind.token for _, kind in column.readable if kind.token.casefold() in SHARED_WORDS), "")


def currencies(column: NumberColumn, dollar: str) -> dict[str, list[str]]:
    """Currency code -> the shapes that name it. `dollar` = what a bare `$` means."""
    found: dict[str, list[str]] = {}
    for item, kind in column.readable:
        if kind.currency:
            found.setdefault(dollar if kind.currency == "$" else kind.currency, []).append(item.shape)
    return found
