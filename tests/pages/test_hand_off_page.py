"""The Hand-off page: each view says its finding, lists its names, and says what would unlock it where it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import words

Open = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("Follow-up", ("of business time", "What Sales promised", "What Marketing promised", "to be assigned")),
        (
            "Who dropped what",
            ("met the criteria and were not worked", "No criteria are agreed yet", "Inside Sales West"),
        ),
        ("To call", ("people to call today", "26 overdue, 4 watched", "Who holds the lead now")),
        ("Quality loop", ("Sales accepted", "Draft: change the criteria", "who could tell their story")),
        ("Stages", ("Fewest go on from", "180 days old", "Days in each stage")),
    ],
)
def test_every_view_opens_with_its_finding(view: str, says: tuple[str, ...], open_app: Open, sample_store: Path):
    app = open_app(sample_store, "hand_off", view=view, period="All")
    text = words(app).replace("\\", "")
    assert not app.exception and all(part in text for part in says), text[:3000]


def test_without_activities_the_page_says_which_file_would_tell(open_app: Open, deals_store: Path):
    app = open_app(deals_store, "hand_off")
    assert not app.exception and "No follow-up to show" in words(app)
