"""The definition both teams sign: what "Marketing-sourced revenue" means, who signed it, and how it is changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scorecard.book import Book, BookCopy, Definition
from scorecard.book_settings import check_setting
from scorecard.book_tables import BUSINESS, RULES
from scorecard.errors import StoreError

SOURCED = "Marketing-sourced revenue"
# Numbers that mean what was signed.
SIGNED = ("marketing_sourced_revenue", "marketing_sourced_share")
SIDES = ("marketing", "sales")
RULE_NAMES = {"field": "Source field", "origin": "Origin", "presales": "Before Sales"}
RULE_WORDS = {
    "field": "the source the deal names belongs to Marketing",
    "origin": "the first touch before the deal belongs to Marketing, or without touches the source",
    "presales": "a touch of Marketing stands before the first contact by Sales and before the deal",
}
BUSINESS_NAMES = {"new": "New business", "all": "All won"}
_BUSINESS_WORDS = {"new": "new-business deals", "all": "deals of every type"}


@dataclass(frozen=True)
class Choice:
    """The three things a definition decides."""

    rule: str
    business: str
    lookback_days: int

    @property
    def text(self) -> str:
        """The definition to be read aloud before it is signed."""
        looked = "" if self.rule == "field" else f" Touches count from {self.lookback_days} days before the deal."
        return f"The money of {_BUSINESS_WORDS[self.business]} won where {RULE_WORDS[self.rule]}.{looked}"

    @property
    def settings(self) -> dict[str, str]:
        """The settings that make every number follow it."""
        return {
            "sourced_rule": self.rule,
            "sourced_business": self.business,
            "lookback_days": str(self.lookback_days),
        }


def followed(settings: Any) -> Choice:
    """What the numbers follow under these settings."""
    rule, business = settings["sourced_rule"], settings["sourced_business"]
    return Choice(rule, business, int(settings["lookback_days"]))


def agreed(copy: BookCopy) -> Definition:
    """The definition of the book; while nobody chose one, version 1 as the settings have it, signed by nobody."""
    for found in copy.definitions:
        if found.name == SOURCED and found.rule and found.business and found.lookback_days:
            return found
    choice = followed(copy.settings)
    return Definition(
        SOURCED, choice.text, 1, rule=choice.rule, business=choice.business, lookback_days=choice.lookback_days
    )


def in_force(built_with: BookCopy, newest: BookCopy) -> Definition:
    """What the numbers of a snapshot follow; of the same version, the signatures given since count."""
    kept, now = agreed(built_with), agreed(newest)
    return now if kept.version == now.version and choice_of(kept) == choice_of(now) else kept


def choice_of(definition: Definition) -> Choice:
    """What the definition decides."""
    return Choice(definition.rule or RULES[1], definition.business or BUSINESS[0], definition.lookback_days or 365)


def state(definition: Definition) -> str:
    """signed, half or unsigned."""
    signed = sum(bool(by) for by in (definition.marketing_by, definition.sales_by))
    return ("unsigned", "half", "signed")[signed]


def signature(definition: Definition, today: date | None = None) -> str:
    """Definition v3, signed by Ann (Marketing) 3 Mar and Bob (Sales) 4 Mar; the year where it is not today's."""
    name = f"Definition v{definition.version}"
    signers = [
        f"{by} ({side.capitalize()}) {_day(on, today)}".rstrip()
        for side, by, on in (
            ("marketing", definition.marketing_by, definition.marketing_on),
            ("sales", definition.sales_by, definition.sales_on),
        )
        if by
    ]
    if len(signers) == 2:
        return f"{name}, signed by {' and '.join(signers)}"
    if signers:
        waiting = "Sales" if definition.marketing_by else "Marketing"
        return f"{name}, signed by {signers[0]}; {waiting} has not signed"
    return f"{name}, not signed yet"


def _day(text: str | None, today: date | None) -> str:
    if not text:
        return ""
    on = date.fromisoformat(text)
    return f"{on.day} {on:%b}" + ("" if today and on.year == today.year else f" {on.year}")


def sign(book: Book, who: str, side: str, at: datetime, version: int | None = None) -> Definition:
    """Sign the definition as it stands for one side, or knowingly for both; StoreError says why not.

    version: the one the signer has read.
    """
    name = who.strip()
    if not name:
        raise StoreError("Give your name to sign.")
    if side not in (*SIDES, "both"):
        raise StoreError(f"A definition is signed for marketing, sales or both, not for {side!r}.")
    copy = book.copy()
    row = agreed(copy)._asdict()
    _is_read(row["version"], version)
    sides = [one for one in SIDES if not row[f"{one}_by"]] if side == "both" else [side]
    if not sides or (side != "both" and row[f"{side}_by"]):
        raise StoreError(f"{(side if side != 'both' else 'each side').capitalize()} has signed this version already.")
    for one in SIDES:
        if one not in sides and side != "both" and _same(row[f"{one}_by"], name):
            raise StoreError(
                f"{name} has signed for {one.capitalize()}. For {side.capitalize()} somebody else signs; who really"
                " speaks for both teams says so by choosing “both”."
            )
    for one in sides:
        row |= {f"{one}_by": name, f"{one}_on": at.date().isoformat()}
    book.put_together([("definitions", row)], name, at, _held(copy))
    return agreed(book.copy())


def _is_read(newest: int, read: int | None) -> None:
    if read is not None and read != newest:
        raise StoreError(f"The definition has become version {newest} meanwhile. Read it, then decide again.")


def _held(copy: BookCopy) -> tuple[str, tuple[str], dict[str, Any] | None]:
    """The row of the definition as it was read, for the book to see whether it still stands so."""
    found = next((one for one in copy.definitions if one.name == SOURCED), None)
    return "definitions", (SOURCED,), found._asdict() if found else None


def _same(one: str | None, other: str) -> bool:
    return bool(one) and " ".join(str(one).lower().split()) == " ".join(other.lower().split())


def choose(book: Book, choice: Choice, who: str, at: datetime, version: int | None = None) -> Definition:
    """Make the choice the next version, signed by nobody, and let the numbers follow it from the next publishing.

    version: the one that was looked at before.
    """
    if not who.strip():
        raise StoreError("Give your name to change the definition.")
    settings = {key: check_setting(key, value) for key, value in choice.settings.items()}
    copy = book.copy()
    before = agreed(copy)
    _is_read(before.version, version)
    if choice == choice_of(before) == followed(copy.settings):
        raise StoreError("That is the definition as it stands.")
    row = {
        "name": SOURCED,
        "text": choice.text,
        "version": before.version + 1,
        "rule": choice.rule,
        "business": choice.business,
        "lookback_days": choice.lookback_days,
    }
    entries: list[tuple[str, dict[str, Any]]] = [("definitions", row)]
    if not any(found.name == SOURCED for found in copy.definitions):
        # What held until now is kept, so that the history knows version 1.
        entries.insert(0, ("definitions", before._asdict()))
    entries += [("settings", {"key": key, "value": value}) for key, value in settings.items()]
    book.put_together(entries, who, at, _held(copy))
    return agreed(book.copy())
