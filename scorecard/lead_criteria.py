"""The criteria both teams agreed a lead has to meet at the hand-over: how they are written and read."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from scorecard.errors import StoreError

FIELDS = (
    "email",
    "company",
    "source",
    "channel",
    "side",
    "campaign",
    "segment",
    "region",
    "product",
    "country",
    "score",
)
DEFAULT = "email, company"
_PART = re.compile(r"(\w+)\s*(?:(>=|<=|!=|=)\s*(.+))?")


@dataclass(frozen=True)
class Criterion:
    """One thing a lead must be: `known`, `in` or `not in` some words, or a number `at least` or `at most`."""

    text: str
    field: str
    test: str
    words: str  # lower case, apart by |, with one before and one after
    number: Decimal | None


def read_criteria(text: str) -> tuple[Criterion, ...]:
    """`email, company, segment=Enterprise|Mid-market, score>=50`; StoreError says what cannot be read."""
    return tuple(_criterion(part.strip()) for part in text.split(",") if part.strip())


def clean_criteria(text: str) -> str:
    """The text as it is kept, if it can be read."""
    return ", ".join(one.text for one in read_criteria(text))


def _criterion(part: str) -> Criterion:
    match = _PART.fullmatch(part)
    if match is None or match[1].lower() not in FIELDS:
        raise StoreError(
            f"Criteria are written as email, company, segment=Enterprise|SMB, score>=50, of {', '.join(FIELDS)};"
            f" not {part!r}."
        )
    field, sign, value = match[1].lower(), match[2], (match[3] or "").strip()
    if sign is None:
        return Criterion(field, field, "known", "", None)
    if sign in (">=", "<="):
        if field != "score":
            raise StoreError(f"Only score can be compared with {sign}, not {field}.")
        return Criterion(f"{field}{sign}{value}", field, "at least" if sign == ">=" else "at most", "", _number(value))
    words = [word.strip() for word in value.split("|") if word.strip()]
    if not words:
        raise StoreError(f"Say what {field} must be: {field}=One|Two.")
    held = f"|{'|'.join(words).lower()}|"
    return Criterion(f"{field}{sign}{'|'.join(words)}", field, "in" if sign == "=" else "not in", held, None)


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise StoreError(f"{text!r} is not a number.") from None
    if not found.is_finite():
        raise StoreError(f"{text!r} is not a number.")
    return found
