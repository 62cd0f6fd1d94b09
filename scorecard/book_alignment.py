"""From which day both teams work together, and the norms friction is measured by: agreed once, with who and when."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from scorecard.book import Book
from scorecard.book_settings import ALIGNMENT, check_setting
from scorecard.errors import StoreError

ALL = 100_000  # changes of settings; nobody makes so many


class Agreed(NamedTuple):
    """Who agreed on what stands in the book, when, and how often it was agreed anew."""

    version: int
    who: str
    at: datetime


def agree(book: Book, values: Mapping[str, str], who: str, at: datetime) -> None:
    """Keep the agreement, all of it or nothing; StoreError says what it takes."""
    if not who.strip():
        raise StoreError("Give your name to agree.")
    held = {key: check_setting(key, values[key]) for key in ALIGNMENT if key in values}
    now = {**book.settings(), **held}
    first, last = now["baseline_from"], now["baseline_until"]
    if bool(first) != bool(last):
        raise StoreError("A baseline has two days, from and until; or none, and then it is the year before the day.")
    if first and date.fromisoformat(first) >= date.fromisoformat(last):
        raise StoreError(f"A baseline ends after it begins, not from {first} until {last}.")
    if now["aligned_on"] and last and last > now["aligned_on"]:
        raise StoreError(f"The baseline ends by the day of working together, {now['aligned_on']}, not on {last}.")
    book.put_together([("settings", {"key": key, "value": value}) for key, value in held.items()], who, at)


def agreed(book: Book) -> Agreed | None:
    """The newest agreement; None = nobody has agreed on anything. Entries of one moment are one agreement."""
    changes = [change for change in book.history(ALL, "settings") if change.key in ALIGNMENT]
    if not changes:
        return None
    return Agreed(len({change.at for change in changes}), changes[0].who, changes[0].at)
