"""The meeting's book: meetings, actions and notes on dates, each with who and when."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scorecard import book_meetings as kept
from scorecard.book import Book
from scorecard.charts.annotations import marked
from scorecard.charts.theme import Look
from scorecard.errors import StoreError

NOW = datetime(2026, 11, 9, 9, 2)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book.sqlite")


def test_a_meeting_is_started_once_joined_and_closed(book: Book) -> None:
    with pytest.raises(StoreError, match="name"):
        kept.start(book, "S1", "  ", NOW)
    first = kept.start(book, "S1", "Ann", NOW)
    assert kept.start(book, "S2", "Bob", NOW + timedelta(minutes=5)) == first, "the second one joins"
    assert kept.running(book, NOW) == first
    kept.close(book, first.id, "Ann", NOW + timedelta(minutes=30))
    assert kept.running(book, NOW) is None
    assert kept.meetings(book)[0].ended == NOW + timedelta(minutes=30)
    again = kept.start(book, "S2", "Bob", NOW + timedelta(days=7))
    assert [one.snapshot for one in kept.meetings(book)] == ["S2", "S1"]
    # nobody closed it: it is over when its day is
    assert kept.running(book, NOW + timedelta(days=8)) is None
    over = kept.as_of_today(again, NOW + timedelta(days=8))
    assert over and not over.is_running


def test_an_action_keeps_its_metric_and_is_settled_with_who_and_when(book: Book) -> None:
    with pytest.raises(StoreError, match="Say what"):
        kept.write(book, {"text": " ", "side": "sales"}, "Ann", NOW)
    row = {"text": "Call", "side": "sales", "metric": "new_leads", "filters": {"regions": ("EMEA",)}, "weeks": 1}
    row |= {"week_end": date(2026, 11, 9), "value": Decimal("49"), "cases": 49.0, "expected": Decimal("0.1")}
    found = kept.write(book, row, "Ann", NOW)
    assert (found.id, found.filters, found.value, found.status) == (1, {"regions": ("EMEA",)}, Decimal("49"), "open")
    kept.settle(book, 1, kept.DONE, "Bob", NOW + timedelta(days=3))
    assert kept.actions(book, only_open=True) == []
    done = kept.actions(book)[0]
    assert (done.closed_by, done.closed_at) == ("Bob", NOW + timedelta(days=3))
    kept.settle(book, 1, kept.OPEN, "Ann", NOW)
    assert kept.actions(book)[0].closed_by == ""
    assert kept.write(book, {"text": "No metric", "side": "both"}, "Ann", NOW).id == 2
    with pytest.raises(StoreError):
        kept.settle(book, 9, kept.DONE, "Ann", NOW)
    assert len(book.history()) == 4


def test_a_number_is_never_given_twice(book: Book) -> None:
    assert kept.annotate(book, date(2026, 11, 3), "New pricing", "marketing", "Ann", NOW) == 1
    assert kept.annotate(book, date(2026, 11, 1), "Fair", "sales", "Ann", NOW) == 2
    assert [one.text for one in kept.annotations(book)] == ["Fair", "New pricing"]
    kept.change_note(book, 2, date(2026, 11, 4), "Trade fair", "Bob", NOW)
    assert [one.text for one in kept.annotations(book)] == ["New pricing", "Trade fair"]
    kept.change_note(book, 2, date(2026, 11, 4), "", "Bob", NOW)
    assert [one.id for one in kept.annotations(book)] == [1]
    assert kept.annotate(book, date(2026, 11, 5), "Later", "both", "Ann", NOW) == 3, "2 was somebody's once"
    with pytest.raises(StoreError, match="any more"):
        kept.change_note(book, 2, date(2026, 11, 4), "x", "Bob", NOW)


def test_notes_are_numbered_marks_with_their_words_beside() -> None:
    figure = {"data": [], "layout": {"shapes": [{"type": "line"}], "height": 100}}
    notes = [(date(2026, 9, 30), "Before"), (date(2026, 10, 2), "<b>New</b> pricing"), (date(2026, 11, 3), "Fair")]
    drawn, said = marked(figure, notes, date(2026, 10, 1), date(2027, 1, 1), Look())
    assert said == "① 2 Oct: <b>New</b> pricing. ② 3 Nov: Fair."
    assert [one["x"] for one in drawn["layout"]["annotations"]] == [date(2026, 10, 2), date(2026, 11, 3)]
    assert len(drawn["layout"]["shapes"]) == 3 and len(figure["layout"]["shapes"]) == 1
    assert "New" not in str(drawn["layout"]["annotations"]), "words of people are not drawn as HTML"
    small, _ = marked(figure, notes, date(2026, 8, 1), date(2027, 1, 1), Look(), per="week")
    labels = [(one["x"], one["text"]) for one in small["layout"]["annotations"]]
    assert labels == [(date(2026, 9, 28), "<b>①②</b>"), (date(2026, 11, 2), "<b>③</b>")], "on the weeks, as one if near"
    many = [(date(2026, 10, day), f"Note {day}") for day in range(1, 9)]
    assert marked(figure, many, date(2026, 10, 1), date(2027, 1, 1), Look())[1].endswith("Note 8. 3 earlier not shown.")
    assert marked(figure, [], date(2026, 10, 1), date(2027, 1, 1), Look()) == (figure, "")
