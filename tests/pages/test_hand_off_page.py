"""The Hand-off page: each view says its finding, lists its names, and says what would unlock it where it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import load, words

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


def test_where_most_calls_belong_to_nobody_known_every_view_says_so_before_it_speaks_of_work(
    open_app: Open, tmp_path: Path
):
    people = "person_id,email,created_at\n1,ann@a.example,2026-11-02 09:00\n2,bob@b.example,2026-11-02 09:00\n"
    calls = "at,type,email\n2026-11-02 10:00,call,ann@a.example\n" + "".join(
        f"2026-11-0{day} 10:00,call,nobody{day}@c.example\n" for day in (3, 4, 5)
    )
    for name, text in (("people", people), ("activities", calls)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    load(tmp_path / "store", tmp_path / "people.csv", tmp_path / "activities.csv")
    for view in ("Follow-up", "To call", "Who dropped what"):
        app = open_app(tmp_path / "store", "hand_off", view=view, period="All")
        assert not app.exception and "Only 25.0% of 4 activities belong to a lead" in words(app).replace("\\", ""), view
