"""The page Growth: every view on the sample, and what it says where files are missing."""

from collections.abc import Callable
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
