"""The board of attribution models on the page: all at once, and what is left out for want of journeys."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import words

Open = Callable[..., AppTest]


def board(open_app: Open, store: Path, period: str, **query: str) -> str:
    """The words of the board over a period."""
    app = open_app(store, "sourced_revenue", view="Attribution", **query)
    app.session_state["period"] = period
    app.run()
    assert not app.exception
    return words(app).replace("\\", "")


def test_the_board_shows_what_holds_and_says_what_it_assumes(open_app: Open, sample_store: Path) -> None:
    text = board(open_app, sample_store, "All")
    assert "True under each of the eleven models above" in text
    assert "Lookback 365 days, half-life 30 days" in text
    assert "What holds under every model" in text
    assert "Not the agreed assumptions" not in text


def test_too_few_journeys_leave_the_data_driven_models_out_and_say_so(open_app: Open, sample_store: Path) -> None:
    text = board(open_app, sample_store, "4w")
    assert "Markov and Shapley need 100 won journeys and 300 journeys" in text
    assert "each of the eleven models" not in text


def test_other_assumptions_are_called_so(open_app: Open, sample_store: Path) -> None:
    text = board(open_app, sample_store, "All", half_life="7", weights="20,0,0,60,20")
    assert "half-life 7 days" in text
    assert "True under each of the twelve models above" in text


def test_without_touches_the_board_names_the_file(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, "sourced_revenue", period="All", view="Attribution")
    assert not app.exception
    assert "touches export" in words(app)
