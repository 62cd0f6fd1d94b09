"""The app as Streamlit runs it, on stores that the real pipeline has filled."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.store import Store

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 16, 9, 0)
SAMPLE = ROOT / "data" / "sample"
# Two marketing wins, one sales win, one unknown, one lost and one open deal: sums one can add up by hand.
DEALS = """deal_id,name,status,amount,created_at,closed_at,source_raw,owner
1,Alder,won,30000,2026-09-01,2026-10-10,Organic Search,Ann
2,Birch,won,12000,2026-09-03,2026-10-20,Paid Search,Ann
3,Cedar,won,8000,2026-09-05,2026-11-02,Outbound,Tom
4,Dogwood,won,10000,2026-09-06,2026-11-03,,Tom
5,=HYPERLINK("http://x"),lost,5000,2026-09-07,2026-11-04,Organic Search,Tom
6,<b>Elm</b>,open,7000,2026-10-07,,Email Marketing,Tom
"""


def load(root: Path, *paths: Path) -> None:
    """Load files into a store the way everybody does."""
    store = Store(root)
    preview = loading.preview(store, list(paths), LoadOptions(as_of=NOW.date()), NOW)
    assert not preview.blocked, [report.questions or report.error for report in preview.reports]
    loading.commit(store, preview, NOW, "test")


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "store"
    load(root, *sorted(SAMPLE.glob("week-*/*.csv")))
    return root


@pytest.fixture(scope="session")
def deals_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deals")
    (folder / "deals.csv").write_text(DEALS, encoding="utf-8")
    load(folder / "store", folder / "deals.csv")
    return folder / "store"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server on which somebody has opened the app before.

    AppTest forgets the navigation before every run. The frame then sends the viewer round once more, and the click that
    started the run is lost on the way, which no browser does.
    """
    first = PagesManager.__init__

    def init(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        first(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", init)


@pytest.fixture
def open_fresh(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`open_fresh(store, page="video")` -> the first page anybody opens after a restart."""

    def run(store: Path, page: str = "", sample: Path | None = None, **query: str | list[str]) -> AppTest:
        monkeypatch.setenv("SCORECARD_STORE", str(store))
        monkeypatch.setenv("SCORECARD_SAMPLE_STORE", str(sample or ""))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(f"pages/{page}.py").run() if page else app.run()

    return run


@pytest.fixture
def open_app(started: None, open_fresh: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """`open_app(store, page="video", period="All")` -> the page with that address."""

    def run(store: Path, page: str = "", sample: Path | None = None, **query: str | list[str]) -> AppTest:
        return open_fresh(store, page, sample, **query)

    return run


def words(app: AppTest) -> str:
    """Everything the page says in words."""
    parts = [app.title, app.subheader, app.caption, app.markdown, app.text, app.info, app.warning, app.error]
    return "\n".join(str(element.value) for part in parts for element in part)
