"""The real app on a free port, and a real Chromium that may only talk to it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOCAL = {"127.0.0.1", "localhost"}
SLOW_MS = 60_000  # a first build of the sample on two busy cores
expect.set_options(timeout=SLOW_MS)


def chromium() -> str | None:
    """The system's browser, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser test; without a browser it is skipped with a reason."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium"))


@dataclass(frozen=True)
class App:
    """A running app and its store."""

    url: str
    store: Path


@dataclass
class Visits:
    """Everything the browser asked for."""

    urls: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        self.urls.append(request.url)

    @property
    def foreign(self) -> list[str]:
        """Requests that would have left the machine."""
        return [
            url
            for url in self.urls
            if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).hostname not in LOCAL
        ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(url: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"The app did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


@contextmanager
def running(folder: Path, sample: Path | None) -> Iterator[App]:
    """`streamlit run app.py` on a store in `folder`; `sample`: where the sample store is, None = no sample."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    log = folder / "app.log"
    environment = {
        **os.environ,
        "SCORECARD_STORE": str(folder / "store"),
        "SCORECARD_SAMPLE_STORE": str(sample or ""),
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.fileWatcherType", "none"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        wait_until_healthy(url, process, log)
        yield App(url, folder / "store")
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the apps of this run keep the sample; the first one to show it builds it."""
    return tmp_path_factory.mktemp("sample") / "store"


@pytest.fixture(scope="session")
def sample_app(tmp_path_factory: pytest.TempPathFactory, sample_store: Path) -> Iterator[App]:
    """An app that shows the sample."""
    with running(tmp_path_factory.mktemp("app"), sample_store) as app:
        yield app


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[App]:
    """A fresh app without any data."""
    with running(tmp_path, None) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def visits() -> Visits:
    return Visits()


@pytest.fixture
def new_page(browser: Browser, visits: Visits) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser context of its own, as another person would."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(SLOW_MS)
        context.on("request", visits.note)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def one_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser context for a whole file: what it has fetched and compiled once serves every page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(SLOW_MS)
    yield context
    context.close()


@pytest.fixture
def new_tab(one_context: BrowserContext, visits: Visits) -> Iterator[Callable[..., Page]]:
    """Opens a page as the same person in another tab: half the work of `new_page`, where nothing hangs on who it is."""

    def open_page(width: int = 1440, height: int = 900) -> Page:
        page = one_context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        return page

    one_context.on("request", visits.note)
    yield open_page
    for page in one_context.pages:
        page.close()
    one_context.remove_listener("request", visits.note)


def settle(page: Page, pause_ms: int = 400) -> None:
    """Wait until the script has run and nothing is being drawn any more.

    `pause_ms`: how long a run may take to begin; less where the address has told already that it has.
    """
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function("!document.querySelector('[data-testid=\"stSkeleton\"]')")
    page.wait_for_timeout(pause_ms)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
