"""A definition is chosen, signed by both sides, dated and versioned; changing it starts a version nobody signed."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from scorecard import book_definitions as definitions
from scorecard.book import Book, BookCopy, copy_of
from scorecard.book_definitions import SOURCED, Choice
from scorecard.book_settings import DEFAULT_SETTINGS
from scorecard.book_tables import MIGRATIONS
from scorecard.errors import StoreError

AT = datetime(2026, 3, 3, 9, 0)
NEXT = datetime(2026, 3, 4, 9, 0)
TODAY = date(2026, 3, 5)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book.sqlite")


def test_while_nobody_chose_it_is_version_1_as_the_settings_have_it(book: Book) -> None:
    found = definitions.agreed(book.copy())
    assert (found.version, found.rule, found.business, found.lookback_days) == (1, "origin", "new", 365)
    assert definitions.state(found) == "unsigned"
    assert definitions.signature(found) == "Definition v1, not signed yet"
    assert not book.path.exists()


def test_each_side_signs_with_name_and_day(book: Book) -> None:
    half = definitions.sign(book, "Ann", "marketing", AT)
    assert definitions.state(half) == "half"
    assert definitions.signature(half, TODAY) == "Definition v1, signed by Ann (Marketing) 3 Mar; Sales has not signed"
    whole = definitions.sign(book, "Bob", "sales", NEXT)
    assert definitions.state(whole) == "signed"
    assert definitions.signature(whole, TODAY) == (
        "Definition v1, signed by Ann (Marketing) 3 Mar and Bob (Sales) 4 Mar"
    )
    assert "3 Mar 2026" in definitions.signature(whole)
    assert "3 Mar 2026" in definitions.signature(whole, date(2027, 1, 2))


def test_one_person_signs_for_one_side_unless_both_is_chosen(book: Book) -> None:
    definitions.sign(book, "Ann", "marketing", AT)
    with pytest.raises(StoreError, match="both"):
        definitions.sign(book, " ann ", "sales", AT)
    with pytest.raises(StoreError, match="already"):
        definitions.sign(book, "Cleo", "marketing", AT)
    with pytest.raises(StoreError, match="name"):
        definitions.sign(book, "  ", "sales", AT)
    assert definitions.state(definitions.agreed(book.copy())) == "half"
    whole = definitions.sign(book, "Ann", "both", NEXT)
    assert (whole.marketing_by, whole.sales_by, whole.sales_on) == ("Ann", "Ann", "2026-03-04")
    with pytest.raises(StoreError, match="already"):
        definitions.sign(book, "Bob", "both", NEXT)


def test_a_change_is_a_new_version_nobody_signed_and_the_numbers_follow_it(book: Book) -> None:
    definitions.sign(book, "Ann", "marketing", AT)
    definitions.sign(book, "Bob", "sales", AT)
    found = definitions.choose(book, Choice("presales", "all", 180), "Bob", NEXT)
    assert (found.version, definitions.state(found)) == (2, "unsigned")
    settings = book.settings()
    assert (settings["sourced_rule"], settings["sourced_business"], settings["lookback_days"]) == (
        "presales",
        "all",
        "180",
    )
    older = [change.after for change in book.history() if change.table == "definitions" and change.after]
    assert [(row["version"], row["sales_by"]) for row in older] == [(2, None), (1, "Bob"), (1, None)]


def test_the_first_choice_leaves_version_1_in_the_history(book: Book) -> None:
    definitions.choose(book, Choice("field", "new", 365), "Ann", AT)
    kept = [change.after["version"] for change in book.history() if change.table == "definitions" and change.after]
    assert kept == [2, 1]


@pytest.mark.parametrize(
    ("choice", "words"),
    [(Choice("origin", "new", 365), "as it stands"), (Choice("first", "new", 365), "first"),
     (Choice("field", "new", 0), "lookback_days")],
)  # fmt: skip
def test_what_is_no_change_or_no_rule_is_refused_and_nothing_is_kept(book: Book, choice: Choice, words: str) -> None:
    with pytest.raises((StoreError, KeyError), match=words):
        definitions.choose(book, choice, "Ann", AT)
    assert book.history() == []


def test_a_definition_is_read_from_the_copy_a_snapshot_keeps(book: Book) -> None:
    definitions.sign(book, "Ann", "marketing", AT)
    before = BookCopy()
    assert definitions.in_force(before, book.copy()).marketing_by == "Ann", "signed since, and the same version"
    kept = copy_of(json.loads(json.dumps(book.tables())))
    definitions.choose(book, Choice("field", "new", 365), "Bob", NEXT)
    assert definitions.agreed(kept).version == 1
    assert definitions.agreed(kept).marketing_by == "Ann"
    assert definitions.in_force(kept, book.copy()).version == 1
    assert definitions.agreed(book.copy()).version == 2


def test_a_copy_kept_by_an_older_version_is_read(book: Book) -> None:
    old = {"definitions": [{"name": SOURCED, "text": "x", "version": 3, "marketing_by": "Ann", "sales_by": None}]}
    assert copy_of(old).definitions[0].rule is None
    assert definitions.agreed(copy_of(old)).version == 1
    assert definitions.agreed(BookCopy(settings={**DEFAULT_SETTINGS, "sourced_rule": "field"})).rule == "field"


def test_nobody_signs_or_changes_what_he_has_not_read(book: Book) -> None:
    definitions.choose(book, Choice("field", "new", 365), "Bob", AT)
    with pytest.raises(StoreError, match="version 2 meanwhile"):
        definitions.sign(book, "Ann", "marketing", NEXT, 1)
    with pytest.raises(StoreError, match="version 2 meanwhile"):
        definitions.choose(book, Choice("origin", "all", 365), "Ann", NEXT, 1)
    assert definitions.agreed(book.copy()).version == 2


def test_two_who_sign_in_the_same_moment_do_not_undo_each_other(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book.copy()
    definitions.sign(book, "Ann", "marketing", AT)
    monkeypatch.setattr(book, "copy", lambda: before)  # Bob's page was read before Ann had signed
    with pytest.raises(StoreError, match="meanwhile"):
        definitions.sign(book, "Bob", "sales", AT)
    monkeypatch.undo()
    assert definitions.agreed(book.copy()).marketing_by == "Ann"
    assert definitions.state(definitions.sign(book, "Bob", "sales", AT)) == "signed"


@pytest.fixture
def old_book(tmp_path: Path) -> Callable[[], Path]:
    """A book as the first version wrote it, with one definition."""

    def write() -> Path:
        path = tmp_path / "old.sqlite"
        row = {"name": "MQL", "text": "Ready", "version": 1, "marketing_by": "Ann", "sales_by": None}
        with closing(sqlite3.connect(path)) as raw:
            for statement in MIGRATIONS[0]:
                raw.execute(statement)
            raw.execute("insert into definitions values ('MQL', 'Ready', 1, 'Ann', null)")
            raw.execute(
                "insert into history (at, who, table_name, row_key, after) values (?, 'Ann', 'definitions', 'MQL', ?)",
                (AT.isoformat(), json.dumps(row)),
            )
            raw.execute("pragma user_version = 1")
            raw.commit()
        return path

    return write


def test_an_old_book_is_read_without_being_written_and_brought_up_to_date_at_the_next_entry(
    old_book: Callable[[], Path],
) -> None:
    path = old_book()
    before = path.read_bytes()
    book = Book(path)
    assert book.problem() is None
    (row,) = book.rows("definitions")
    assert (row["name"], row["marketing_by"], row["rule"]) == ("MQL", "Ann", None)
    assert path.read_bytes() == before
    book.set_setting("sla_hours", "8", "Ann", AT)
    again = Book(path)
    assert again.problem() is None, "what the first version wrote is no damage"
    assert again.settings()["sla_hours"] == "8"
    assert [change.key for change in again.history()] == ["sla_hours", "MQL"]
