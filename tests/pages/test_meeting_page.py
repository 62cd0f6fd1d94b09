"""The meeting page as a script: names hidden by a switch, a meeting of yesterday, notes written and changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scorecard import book_meetings
from scorecard.store import Store
from tests.pages.conftest import words
from tests.pages.test_what_changed_page import weeks_store  # noqa: F401  (a fixture)

NOW = datetime.now()


@pytest.fixture(scope="module")
def met_store(weeks_store: Path) -> Path:  # noqa: F811
    """Three weeks, and a meeting of an earlier day on the first of them."""
    store = Store(weeks_store)
    first = store.snapshots()[0]
    then = NOW - timedelta(days=9)
    met = book_meetings.start(store.book, first.id, "Ann", then)
    book_meetings.write(store.book, {"text": "Call <b>Alder</b>", "side": "sales", "owner": "Tom"}, "Ann", then)
    book_meetings.close(store.book, met.id, "Ann", then + timedelta(minutes=30))
    return weeks_store


def said(app: AppTest) -> str:
    assert not app.exception
    return words(app).replace("\\", "")


def deals(app: AppTest) -> list[str]:
    return [name for one in app.dataframe if "deal_name" in one.value.columns for name in one.value["deal_name"]]


def test_what_changed_begins_at_the_last_meeting(open_app: Callable[..., AppTest], met_store: Path) -> None:
    text = said(open_app(met_store, "what_changed"))
    assert "since Sun 1 Nov" in text, "the meeting looked at the numbers of 1 November, not at those of last week"
    app = open_app(met_store, "meeting", screen="What changed")
    assert "since Sun 1 Nov" in said(app)


def test_names_are_hidden_on_the_shared_screen_until_somebody_shows_them(
    open_app: Callable[..., AppTest], met_store: Path
) -> None:
    alone = open_app(met_store, "what_changed")
    assert "Birch" in deals(alone)
    hidden = alone.button(key="names_switch").click().run()
    assert deals(hidden) and set(deals(hidden)) <= {"A.", "B.", "C.", "D."}
    assert "masked" in hidden.query_params["names"]
    together = open_app(met_store, "what_changed", meeting="true")
    assert "Birch" not in deals(together)
    assert "Birch" in deals(together.button(key="names_switch").click().run())
    linked = open_app(met_store, "what_changed", names="masked")
    assert "Birch" not in deals(linked), "a link keeps the choice"


def test_a_meeting_that_is_over_opens_with_its_numbers(open_app: Callable[..., AppTest], met_store: Path) -> None:
    met = book_meetings.meetings(Store(met_store).book)[0]
    app = open_app(met_store, "meeting", meet=met.id, screen="Start")
    assert "You see the numbers of the meeting of" in said(app)
    assert "Earlier meetings" in said(app)
    newest = app.button(key="leave_meeting").click().run()
    assert "You see the numbers of the meeting of" not in said(newest)
    unknown = open_app(met_store, meet="20200101T000000")
    assert "not in the book" in said(unknown)


def test_an_action_without_a_metric_is_for_the_room(open_app: Callable[..., AppTest], met_store: Path) -> None:
    app = open_app(met_store, "meeting", screen="Actions")
    text = said(app)
    assert "Call <b>Alder</b>" in text and "Tom (Sales)" in text and "1 action open; none can be measured yet" in text


def test_a_note_is_written_changed_and_taken_away(open_app: Callable[..., AppTest], met_store: Path) -> None:
    book = Store(met_store).book
    app = open_app(met_store, "meeting", screen="Decisions")
    app.text_input(key="who_name").set_value("Kim").run()
    app.text_input(key="note_text").set_value("New price")
    app = next(one for one in app.button if one.label == "Note it").click().run()
    assert not app.exception
    assert [(one.text, one.by) for one in book_meetings.annotations(book)] == [("New price", "Kim")]
    number = book_meetings.annotations(book)[0].id
    app.text_input(key=f"note_words_{number}").set_value("New price list").run()
    app = app.button(key="note_change").click().run()
    assert book_meetings.annotations(book)[0].text == "New price list"
    app.button(key="note_remove").click().run()
    assert book_meetings.annotations(book) == []
