"""The scorecard's views on the sample, and on files that lack much."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import words

Open = Callable[..., AppTest]


def said(app: AppTest) -> str:
    assert not app.exception
    return words(app).replace("\\", "")


def test_the_joint_scorecard_shows_each_number_with_both_sides(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, show="Joint scorecard")
    assert "numbers with a target are on plan" in said(app)
    table = app.table[0].value
    assert len(table) == 10
    assert {"Status", "Joint target", "Marketing puts in", "Sales puts in", "Owner"} <= set(table.columns)
    assert any("Near plan" in str(cell) or "On plan" in str(cell) for cell in table["Status"])


def test_signals_print_how_often_chance_raises_an_alarm(open_app: Open, sample_store: Path) -> None:
    text = said(open_app(sample_store, show="Signals"))
    assert (
        "2.2% of weeks are called a signal all the same: with 10 metrics about one false alarm every 5 weeks." in text
    )
    assert "numbers signal" in text and "within its usual range" in text


def test_the_goal_tree_says_what_lags_and_how_long_a_deal_takes(open_app: Open, sample_store: Path) -> None:
    text = said(open_app(sample_store, show="Goal tree"))
    assert "of what the target needs" in text
    assert "A deal that is won takes" in text


def test_a_small_file_shows_what_it_has_and_refuses_the_rest(open_app: Open, deals_store: Path) -> None:
    text = said(open_app(deals_store, show="Joint scorecard"))
    assert "no cost is loaded" in text and "No number of the scorecard has a target yet" in text
    assert "limits need" in said(open_app(deals_store, show="Signals"))
    assert "it needs 30" in said(open_app(deals_store, show="Goal tree"))
