"""The book: what people type is kept with who and when, survives damage, and reaches the build as one value."""

import sqlite3
import stat
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from scorecard.book import Book, MappingEntry
from scorecard.book_settings import check_setting
from scorecard.book_tables import MIGRATIONS, TABLES
from scorecard.errors import StoreError

AT = datetime(2026, 3, 2, 9, 0)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book.sqlite")


def test_reading_an_absent_book_gives_defaults_and_creates_nothing(book: Book) -> None:
    assert book.copy().settings["reporting_currency"] == "USD"
    assert book.copy().settings["sla_hours"] == "8"
    assert book.mappings() == {}
    assert book.history() == []
    assert not book.path.exists()


def test_the_copy_holds_what_was_typed_in_the_types_the_build_needs(book: Book) -> None:
    book.set_setting("time_zone", "Europe/Berlin", "Ann", AT)
    book.put(
        "source_map", {"source_raw_norm": "Paid-Search ", "channel": "Paid search", "side": "marketing"}, "Ann", AT
    )
    book.put("currency_rates", {"currency": "eur", "from_on": "2026-01-01", "rate": "1.0825"}, "Ann", AT)
    book.put(
        "targets", {"period": date(2026, 1, 1), "grain": "quarter", "metric": "won_revenue", "value": 5000}, "Ann", AT
    )
    copy = book.copy()
    assert copy.settings["time_zone"] == "Europe/Berlin"
    assert copy.source_map == (("paid search", "Paid search", "marketing"),)
    assert copy.currency_rates[0] == ("EUR", date(2026, 1, 1), Decimal("1.0825"))
    assert copy.targets[0] == (date(2026, 1, 1), "quarter", "won_revenue", "", "", "", Decimal("5000"))


def test_every_change_tells_who_and_when_and_what_it_was_before(book: Book) -> None:
    book.set_setting("sla_hours", "24", "Ann", AT)
    book.set_setting("sla_hours", "8", "Ben", AT.replace(hour=10))
    newest, oldest = book.history()
    assert (newest.who, newest.at.hour, newest.key) == ("Ben", 10, "sla_hours")
    assert newest.before is not None and newest.before["value"] == "24"
    assert newest.after is not None and newest.after["value"] == "8"
    assert oldest.before is None


def test_typing_the_same_again_is_no_change(book: Book) -> None:
    book.set_setting("sla_hours", "8", "Ann", AT)
    book.set_setting("sla_hours", "8", "Ben", AT)
    assert len(book.history()) == 1


def test_a_removed_row_is_gone_and_remembered(book: Book) -> None:
    book.put("source_map", {"source_raw_norm": "x", "channel": "Events", "side": "marketing"}, "Ann", AT)
    assert book.remove("source_map", ["x"], "Ben", AT)
    assert not book.remove("source_map", ["x"], "Ben", AT)
    assert book.rows("source_map") == []
    assert book.history()[0].after is None


def test_several_rows_go_in_together_or_not_at_all(book: Book) -> None:
    good = {"source_raw_norm": "x", "channel": "Events", "side": "marketing"}
    bad = {"source_raw_norm": "y", "channel": "Events", "side": "nobody"}
    with pytest.raises(StoreError, match="nobody"):
        book.put_many("source_map", [good, bad], "Ann", AT)
    assert book.rows("source_map") == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reporting_currency", "euro"),
        ("time_zone", "Berlin"),
        ("fiscal_year_start_month", "13"),
        ("sla_hours", "soon"),
        ("video_engaged_pct", "50"),
        ("depth_bands", "0.5,0.25"),
        ("colour", "blue"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_in_a_sentence(book: Book, key: str, value: str) -> None:
    with pytest.raises(StoreError) as refused:
        book.set_setting(key, value, "Ann", AT)
    assert str(refused.value).endswith(".")
    assert not book.path.exists() or book.settings() == Book(book.path.with_name("none")).settings()


def test_settings_are_stored_in_one_form() -> None:
    assert check_setting("reporting_currency", "eur") == "EUR"
    assert check_setting("sla_hours", "08") == "8"


def test_a_mapping_is_found_by_its_header_signature(book: Book) -> None:
    entry = MappingEntry("sig", "deals", {"amount": "Betrag"}, {"status": "won"}, {"deals.amount.number": "de"}, True)
    book.save_mapping(entry, "Ann", AT)
    assert book.mappings() == {"sig": entry}
    assert Book(book.path).mappings()["sig"].full is True


def test_values_are_bound_never_part_of_a_statement(book: Book) -> None:
    evil = "x'); drop table settings; --"
    book.put("source_map", {"source_raw_norm": "a", "channel": evil, "side": "sales"}, evil, AT)
    assert book.rows("source_map")[0]["channel"] == evil
    assert book.settings()["sla_hours"] == "8"


def test_the_file_is_private(book: Book) -> None:
    book.set_setting("sla_hours", "8", "Ann", AT)
    book.back_up()
    for path in book.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_a_damaged_book_reads_from_its_backup_and_heals_at_the_next_entry(book: Book) -> None:
    book.set_setting("sla_hours", "8", "Ann", AT)
    book.back_up()
    book.path.write_bytes(b"not a database at all" * 400)
    assert book.settings()["sla_hours"] == "8"
    assert "backup" in (book.problem() or "")
    book.set_setting("horizon_days", "60", "Ann", AT)
    assert (book.settings()["sla_hours"], book.settings()["horizon_days"]) == ("8", "60")
    assert book.problem() is None
    assert book.path.with_name("book.sqlite.damaged-1").exists(), "the damaged file is kept"


def test_a_damaged_book_without_backup_says_so_and_gives_defaults(book: Book) -> None:
    book.path.write_bytes(b"\x00garbage" * 500)
    assert book.settings()["sla_hours"] == "8"
    assert "no backup" in (book.problem() or "")


def test_two_processes_share_a_book(book: Book) -> None:
    other = Book(book.path)
    for number in range(20):
        (book, other)[number % 2].put(
            "source_map", {"source_raw_norm": f"s{number}", "channel": "Events", "side": "sales"}, "Ann", AT
        )
    assert len(other.rows("source_map")) == len(book.rows("source_map")) == 20


def test_a_newer_book_is_not_touched(book: Book) -> None:
    book.set_setting("sla_hours", "8", "Ann", AT)
    with closing(sqlite3.connect(book.path)) as raw:
        raw.execute(f"pragma user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="newer version"):
        book.set_setting("sla_hours", "9", "Ann", AT)


def test_every_table_of_the_spec_exists_with_its_columns(book: Book) -> None:
    book.set_setting("sla_hours", "8", "Ann", AT)
    with closing(sqlite3.connect(book.path)) as raw:
        for name, spec in TABLES.items():
            found = [row[1] for row in raw.execute(f"pragma table_info({name})")]
            assert found == list(spec.columns)
