"""Numbers, dates and changes as people in the room read them aloud."""

import math
from datetime import date, datetime, timedelta
from typing import Any

from babel.numbers import get_currency_symbol

MINUS = "−"
MISSING = "—"
FEW = 30  # fewer cases than this: no colour, and the interval instead

_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def known(value: Any) -> bool:
    """Whether there is a number at all; unknown is never shown as 0."""
    if value is None:
        return False
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _three_digits(size: float) -> str:
    """A positive number below 1,000 with three significant digits."""
    for limit, digits in ((9.995, 2), (99.95, 1)):
        if size < limit:
            return f"{size:.{digits}f}"
    return f"{size:.0f}"


def compact(value: float) -> str:
    """976K, 1.05M, 872: three significant digits and a true minus sign."""
    size = abs(value)
    sign = MINUS if value < 0 and size >= 0.005 else ""
    for step, letter in _STEPS:
        # 999,600 is 1.00M, not 1000K
        if size >= step * 0.9995:
            return f"{sign}{_three_digits(size / step)}{letter}"
    if size == round(size):
        return f"{sign}{size:.0f}"
    return sign + _three_digits(size)


def money(value: float, currency: str = "USD") -> str:
    """$976K, −$1.05M, CHF 13.4M."""
    symbol = get_currency_symbol(currency, locale="en_US") if currency else ""
    gap = "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else ""
    text = compact(value)
    sign = MINUS if text.startswith(MINUS) else ""
    return f"{sign}{symbol}{gap}{text.removeprefix(MINUS)}"


def count(value: float) -> str:
    """12,408, and 3.5 where halves exist; a dash where nothing is known."""
    if not known(value):
        return MISSING
    whole = abs(value - round(value)) < 0.05
    text = f"{abs(value):,.0f}" if whole else f"{abs(value):,.1f}"
    return (MINUS if value < 0 and text.strip("0.,") else "") + text


def counted(value: Any, noun: str) -> str:
    """1 deal, 2 deals."""
    return f"{count(value)} {noun}" + ("" if value == 1 else "s")


def percent(value: Any, digits: int = 1) -> str:
    """A share 0..1 as 6.0%."""
    if not known(value):
        return MISSING
    text = f"{abs(value) * 100:.{digits}f}%"
    return (MINUS if value < 0 and text.strip("0.%") else "") + text


def share(value: float) -> str:
    """A share in whole percent that calls nothing none and almost all not all: 38%, <1%, >99%."""
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 1 else percent(value, 0)


def times(value: float) -> str:
    """8.3×."""
    return f"{value:,.1f}×"


def signed(text: str) -> str:
    """The same text with its sign always shown."""
    if text.startswith(MINUS) or not text.strip("0.,%") or text == MISSING:
        return text
    return "+" + text


def points(change: float) -> str:
    """A change of a rate: +1.2 pp, never percent of a percent."""
    text = f"{abs(change) * 100:.1f}"
    sign = "" if not text.strip("0.") else (MINUS if change < 0 else "+")
    return f"{sign}{text} pp"


def number(value: Any, unit: str, currency: str = "USD") -> str:
    """Any value by the unit of its query's header."""
    if not known(value):
        return MISSING
    amount = float(value)
    match unit:
        case "money":
            return money(amount, currency)
        case "percent" | "share" | "rate":
            return percent(amount)
        case "times" | "ratio":
            return times(amount)
        case "days":
            return f"{count(amount)} d"
        case "hours":
            return f"{count(amount)} h"
        case _:
            return count(amount)


def change(now: Any, before: Any, unit: str) -> str | None:
    """How a value moved: points for rates, percent for the rest, None when there is nothing to compare with."""
    if not known(now) or not known(before):
        return None
    new, old = float(now), float(before)
    if unit in ("percent", "share", "rate"):
        return points(new - old)
    if old == 0:
        return None if new else "0.0%"
    return signed(percent((new - old) / abs(old)))


def day(on: date) -> str:
    """Sun 15 Nov."""
    return f"{on:%a} {on.day} {on:%b}"


def span(start: date, end: date) -> str:
    """9–15 Nov 2026, from an inclusive start and an exclusive end."""
    last = end - timedelta(days=1)
    if start == last:
        return f"{last.day} {last:%b %Y}"
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day}–{last.day} {last:%b %Y}"
    if start.year == last.year:
        return f"{start.day} {start:%b} – {last.day} {last:%b %Y}"
    return f"{start.day} {start:%b %Y} – {last.day} {last:%b %Y}"


def week(on: date) -> str:
    """Week 46, 9–15 Nov 2026: the ISO week of a date."""
    monday = on - timedelta(days=on.weekday())
    return f"Week {on.isocalendar().week}, {span(monday, monday + timedelta(days=7))}"


def quarter(on: date, fiscal_start: int = 1) -> str:
    """Q4, counted from the first month of the fiscal year."""
    return f"Q{(on.month - fiscal_start) % 12 // 3 + 1}"


def age(then: datetime, now: datetime) -> str:
    """2 h ago."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"


def words(value: int) -> str:
    """Small counts as words, for the start of a sentence."""
    small = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return small[value] if 0 <= value < len(small) else f"{value:,}"


def ticks(top: float, unit: str, currency: str = "USD", most: int = 4) -> tuple[list[float], list[str]]:
    """Round axis marks from 0 to at least `top`, and their texts: $0, $5M, $10M."""
    if not known(top) or top <= 0:
        return [0.0], [_tick(0.0, unit, currency)]
    rough = top / most
    base = 10 ** math.floor(math.log10(rough))
    step = next(base * factor for factor in (1, 2, 2.5, 5, 10) if base * factor >= rough * 0.999)
    if unit not in ("money", "percent", "share", "rate") and step < 1:
        step = 1.0
    values = [step * at for at in range(math.ceil(top / step - 1e-9) + 1)]
    return values, [_tick(value, unit, currency) for value in values]


def _tick(value: float, unit: str, currency: str) -> str:
    if unit in ("percent", "share", "rate"):
        return f"{round(value * 100, 2):g}%"
    if unit != "money":
        return count(value)
    text = money(value, currency)
    for letter in ("K", "M", "B"):
        if text.endswith(letter):
            digits = text[:-1]
            return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + letter
    return text.rstrip("0").rstrip(".") if "." in text else text
