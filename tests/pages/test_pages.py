"""Every page opens, says what it shows, and has a word for no data and for too little."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scorecard.ui_frame import PAGES
from tests.pages.conftest import words

NAMES = [page.file for page in PAGES]
Open = Callable[..., AppTest]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_on_the_sample(name: str, open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, name)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == next(page.heading for page in PAGES if page.file == name)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opened_first_after_a_restart_has_its_frame(name: str, open_fresh: Open, sample_store: Path) -> None:
    app = open_fresh(sample_store, name)
    for _ in range(2):
        assert not app.exception
        assert app.toggle(key="meeting") is not None
        assert "frame" not in app.session_state  # the mark goes with the run, so a later run is checked again
        app.run()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("data", "definitions")])
def test_an_empty_store_says_what_to_upload(name: str, open_app: Open, tmp_path: Path) -> None:
    app = open_app(tmp_path / "none", name)
    assert not app.exception
    assert "Upload a CRM export" in words(app)
    assert not app.metric


def test_the_data_page_works_without_any_data(open_app: Open, tmp_path: Path) -> None:
    app = open_app(tmp_path / "none", "data")
    assert not app.exception
    assert app.file_uploader


def test_the_sample_is_shown_while_there_is_nothing_and_is_called_made_up(
    open_app: Open, tmp_path: Path, sample_store: Path
) -> None:
    app = open_app(tmp_path / "none", sample=sample_store)
    assert "made up" in words(app)
    assert len(app.metric) == 6


def test_a_page_without_its_file_names_the_file(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, "video")
    assert not app.exception
    assert "no video view is loaded" in words(app)
    assert "video views export" in words(app)


def test_a_card_without_its_file_says_which_one_instead_of_zero(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, period="All")
    cards = {metric.label: metric.value for metric in app.metric}
    assert cards["Cost per customer"] == "—"
    assert cards["New leads"] == "—"
    assert "no cost is loaded" in words(app)


def test_few_cases_get_no_verdict(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, "sourced_revenue", period="All")
    assert "Only 4 won deals" in words(app)


def test_the_side_is_a_range_as_wide_as_the_unknown(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, "sourced_revenue", period="All")
    text = words(app)
    assert "Marketing sourced 70% to 87% of won revenue" in text.replace("\\", "")
    assert "75% of won deals have a known source (3 of 4)" in text.replace("\\", "")


def test_the_scorecard_counts_marketing_wins_only(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, period="All")
    assert {metric.label: metric.value for metric in app.metric}["Marketing revenue"] == "$42K".replace("K", ".0K")


def test_the_definitions_page_finds_every_word(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, "definitions", search="viewer win")
    text = words(app)
    assert "Viewer win rate" in text
    assert "Cost per won customer" not in text
    assert "No definition has all these words" in words(open_app(sample_store, "definitions", search="zzz"))
