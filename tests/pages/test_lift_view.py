"""Video, view Does it sell?: the ladder on the sample, few cases, and viewers nobody knows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.store import Store
from tests.made_views import World, made_leads
from tests.pages.conftest import NOW
from tests.pages.conftest import words as escaped_words

Open = Callable[..., AppTest]
VIEW = "Does it sell?"


def words(app: AppTest) -> str:
    return escaped_words(app).replace("\\", "")


def published(folder: Path, leads: int) -> Path:
    exports = made_leads([World(1.3, 1.0)], leads).write(folder / "exports")
    store = Store(folder / "store")
    preview = loading.preview(store, sorted(exports.iterdir()), LoadOptions(as_of=NOW.date()), NOW)
    assert not preview.blocked, [report.questions or report.error for report in preview.reports]
    loading.commit(store, preview, NOW, "test")
    return folder / "store"


@pytest.fixture(scope="module")
def made_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("made"), 3000)


def test_the_view_leads_with_what_remains_of_the_naive_lift(open_app: Open, made_store: Path) -> None:
    app = open_app(made_store, "video", part=VIEW)
    assert not app.exception and not app.error
    said = words(app)
    assert "Of the naive lift of +" in said or "Naive " in said
    assert "From the naive ratio to the fair one" in said and "85% more likely to convert" in said
    assert "E-value" in said and "random send" in said and "nobody measured" in said


def test_depth_and_entity_are_in_the_address(open_app: Open, made_store: Path) -> None:
    app = open_app(made_store, "video", part=VIEW, lift_of="Deals", lift_depth="half of it")
    assert not app.exception
    assert "deals that have watched" in words(app) or "not enough data yet" in words(app)


def test_with_few_leads_it_says_not_enough_yet(open_app: Open, tmp_path: Path) -> None:
    app = open_app(published(tmp_path, 60), "video", part=VIEW)
    assert not app.exception
    assert "Whether watching goes with winning cannot be said here: not enough data yet" in words(app)


def test_without_views_the_view_names_the_file(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, "video", part=VIEW)
    assert not app.exception
    assert "Nobody is known to have watched" in words(app) and "video views export" in words(app)
