"""The Video page: each view says what it counts, and what would unlock it where it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import load, words

Open = Callable[..., AppTest]
PEOPLE = "person_id,email,created_at,source_raw,owner\n" + "".join(
    f"p{n},p{n}@x.example,2026-06-{1 + n % 28:02d},Organic,Rep\n" for n in range(80)
)
SENDS = "email,video_id,video_title,context,owner,sent_at,opened_at,at,pct\n" + "".join(
    f"p{n}@x.example,v1,Pitch,sales,Rep,2026-10-0{1 + n % 7} 09:00,2026-10-08 10:00,2026-10-08 10:00,80\n"
    for n in range(40)
)
CALLS = "email,type,at,owner,direction\n" + "".join(
    [f"p{n}@x.example,email,2026-10-02 09:00,Rep,outbound\n" for n in range(40, 80)]
    + [f"p{n}@x.example,email,2026-10-08 12:00,Rep,inbound\n" for n in [*range(30), *range(40, 50)]]
)


@pytest.fixture(scope="module")
def sent_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sent")
    files = {"people.csv": PEOPLE, "video_views.csv": SENDS, "activities.csv": CALLS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    load(folder / "store", *(folder / name for name in files))
    return folder / "store"


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("Funnel", "of viewers are known by name"),
        ("Depth", "of viewers watch three quarters or more"),
        ("Does it sell?", "From the naive ratio to the fair one"),
        ("Who to call", "have not been called since"),
        ("Revenue", "had video on the way"),
    ],
)
def test_every_view_opens_with_its_finding(view: str, says: str, open_app: Open, sample_store: Path):
    app = open_app(sample_store, "video", period="All", part=view)
    assert not app.exception
    assert says in words(app).replace("\\", "")


def test_the_depth_and_the_reading_are_choices_and_said(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, "video", period="All")
    assert "only who watched 75% of a video" in words(app)
    assert "steps after the view that reached it" in words(app)
    app = open_app(sample_store, "video", period="All", depth="Any", reading="Watched any time before", video_by="team")
    assert "only who watched" not in words(app)
    assert "steps with anything watched before" in words(app)


def test_names_of_people_are_masked_on_the_shared_screen(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, "video", part="Who to call").toggle(key="meeting").set_value(True).run()
    names = list(app.dataframe[0].value["name"])
    assert names and all(name.replace(".", "").replace(" ", "").isupper() for name in names)


def test_what_a_view_counts_opens_with_its_sql(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, "video", part="Who to call")
    assert any(panel.label == "What is counted here" for panel in app.expander)


def test_videos_sent_by_sales_stand_beside_texts_of_the_same_people(open_app: Open, sent_store: Path) -> None:
    app = open_app(sent_store, "video", period="All", part="Revenue")
    said = words(app).replace("\\", "")
    assert not app.exception
    # 25 of 40: five replies came three hours after the seven days.
    assert "62% of 40 videos sent by Sales were answered within 7 days" in said
    assert "Videos are answered 2.5 times as often as texts by the same people" in said
    assert "no deal is loaded" in said  # influence: says which file is missing


def test_views_without_sends_say_what_unlocks_them(open_app: Open, tmp_path: Path) -> None:
    text = "at,email,video_id,pct\n2026-10-01,ana@example.com,v1,80%\n"
    (tmp_path / "video_views.csv").write_text(text, encoding="utf-8")
    load(tmp_path / "store", tmp_path / "video_views.csv")
    assert "sent_at" in words(open_app(tmp_path / "store", "video", part="Revenue")).replace("\\", "")


def test_the_sample_shows_videos_sent_by_sales(open_app: Open, sample_store: Path) -> None:
    app = open_app(sample_store, "video", part="Revenue")
    assert "videos sent by Sales were answered within 7 days" in words(app)
    assert "times as often as texts by the same people" in words(app)
    assert "No attribution credit for video yet" in words(app)


def test_totals_alone_fill_the_top_and_no_more(open_app: Open, tmp_path: Path) -> None:
    (tmp_path / "video_period.csv").write_text(
        "video_id,title,period_start,loads,plays\nv1,Film,2026-10-01,9000,1000\n", encoding="utf-8"
    )
    load(tmp_path / "store", tmp_path / "video_period.csv")
    app = open_app(tmp_path / "store", "video", period="All")
    assert not app.exception
    assert "1,000 plays, nobody is known" in words(app)
    assert "No video views here" in words(app)
