"""The page Growth: every view on the sample, and what it says where files are missing."""

import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import words

Open = Callable[..., AppTest]
VIEWS = {
    "Acquisition": ("A new customer costs", "median from lead to win", "Lifetime value", "late: the last 14 days"),
    "Retention": ("of what they paid then", "without expansion", "who paid in Oct 2025"),
    "Voice": ("NPS", "how many were asked is not in the export"),
    "Friction": ("Friction index", "the largest part is", "leads handed over"),
    "Claims": ("From which day do both teams work together?",),
}


@pytest.fixture
def open_page(started: None, open_fresh: Open) -> Open:
    return partial(open_fresh, page="growth")


def said(app: AppTest) -> str:
    assert not app.exception
    assert not app.error
    return words(app).replace("\\", "")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_its_finding_and_its_basis(open_page: Open, sample_store: Path, view: str) -> None:
    text = said(open_page(sample_store, view=view))
    for part in VIEWS[view]:
        assert part in text, part


def test_claims_stand_beside_what_was_said_with_n_and_what_they_cannot_prove(
    open_page: Open, sample_store: Path
) -> None:
    text = said(open_page(sample_store, view="Claims", aligned="2026-01-01"))
    assert "Articles say +209%" in text and "other things changed too" in text.lower()
    assert "before" in text and "after" in text


def test_without_spend_billing_and_answers_each_view_names_the_file(open_page: Open, deals_store: Path) -> None:
    text = said(open_page(deals_store, view="Acquisition"))
    assert "new customers" in text
    assert "a spend file with period_start, period_end, channel and cost" in text
    assert "gross margin column" in text and "recurring revenue file" in text
    assert "recurring revenue file" in said(open_page(deals_store, view="Retention"))
    assert "survey answers" in said(open_page(deals_store, view="Voice"))


def test_a_day_is_agreed_with_a_name_and_another_one_is_only_looked_at(
    open_page: Open, sample_store: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(sample_store, tmp_path / "own"))
    app = open_page(own, view="Friction")
    assert "No day is agreed yet" in said(app)
    app.session_state["alignment_panel"] = True
    app.run()
    app.text_input(key="who_name").set_value("Ann").run()
    app.date_input(key="agree_day").set_value(date(2026, 3, 1))
    app.number_input(key="agree_rework").set_value(80.0)
    app.button(key="agree_save").click().run()
    text = said(app)
    assert "Working together since 1 Mar 2026, agreed by Ann" in text and "(version 1)" in text
    assert "times the locked baseline of 1 Mar 2025 – 28 Feb 2026" in text
    assert "Agreed weights: " in text and "rework 50%" in text
    looked = said(open_page(own, view="Claims", aligned="2026-01-01"))
    assert "Working together since 1 Mar 2026" in looked and "Shown is a look at 1 Jan 2026" in looked
    assert "against 1 Jan" in looked
