"""The pages on a store whose disk is full or whose files are damaged: numbers with a word, never an exception."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.queries_readers import POOL
from scorecard.store import Store
from tests.pages.conftest import DEALS, NOW, words
from tests.small_disk import SmallDisk, small_disk

Open = Callable[..., AppTest]
PAGES = ("", "what_changed", "sourced_revenue", "close_probability", "video", "definitions", "data")
HEAD = "deal_id,name,status,amount,created_at,closed_at,source_raw\n"
MORE = HEAD + "9,Nine,won,1000,2026-09-01,2026-10-10,Organic Search\n"


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    """What another test's store failed at is not remembered here."""
    st.cache_data.clear()
    yield
    POOL.close()


@pytest.fixture(scope="module")
def two_weeks(deals_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made store with a second load."""
    folder = tmp_path_factory.mktemp("two")
    shutil.copytree(deals_store, folder / "store")
    (folder / "more.csv").write_text(MORE, encoding="utf-8")
    store = Store(folder / "store")
    at = NOW + timedelta(hours=1)
    looked_at = loading.preview(store, [folder / "more.csv"], LoadOptions(as_of=NOW.date()), at)
    assert loading.commit(store, looked_at, at, "test")
    looked_at.close()
    return folder / "store"


@pytest.fixture
def root(two_weeks: Path, tmp_path: Path) -> Path:
    shutil.copytree(two_weeks, tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def disk(two_weeks: Path, tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 64) as found:
        shutil.copytree(two_weeks, found.path / "store")
        yield found


def cards(app: AppTest) -> list[str]:
    return [str(card.value) for card in app.metric]


def said(app: AppTest) -> str:
    assert not app.exception, app.exception
    return words(app).replace("\\", "")


def flip(path: Path) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_every_page_opens_on_a_full_disk_with_the_numbers_of_before(
    open_app: Open, disk: SmallDisk, two_weeks: Path
) -> None:
    expected = cards(open_app(two_weeks, period="All"))
    disk.leave(0)
    assert expected and cards(open_app(disk.path / "store", period="All")) == expected
    for page in PAGES[1:]:
        said(open_app(disk.path / "store", page))


def test_an_upload_on_a_full_disk_is_refused_in_a_sentence_and_goes_on_when_there_is_room(
    open_app: Open, disk: SmallDisk
) -> None:
    app = open_app(disk.path / "store", "data")
    disk.leave(0)
    app.file_uploader[0].upload("deals-2026-11-20.csv", MORE.replace("1000", "2000").encode(), "text/csv").run()
    assert "The disk is full. Nothing was changed" in said(app)
    disk.clear()
    app.run()
    assert "to load" in said(app)
    app.text_input(key="who_name").set_value("Kim").run()
    before = Store(disk.path / "store").current()
    for room in (0, 1 << 16, 3 << 20):
        disk.leave(room)
        app.button(key="publish").click().run()
        assert "The disk is full" in said(app), room
        now = Store(disk.path / "store").current()
        assert before and now and now.id == before.id
    disk.clear()
    app.button(key="publish").click().run()
    assert "History can bring the earlier ones back" in said(app)


def test_an_upload_when_the_temporary_folder_is_full_is_refused_in_a_sentence(
    open_app: Open, disk: SmallDisk, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(root, "data")
    monkeypatch.setattr(tempfile, "tempdir", str(disk.path))
    disk.leave(1 << 12)
    app.file_uploader[0].upload("deals.csv", DEALS.encode() * 50, "text/csv").run()
    assert "The disk is full" in said(app)
    disk.clear()
    app.run()
    assert "The disk is full" not in said(app) and "rows" in said(app)


def test_settings_on_a_full_disk_are_refused_in_a_sentence(open_app: Open, disk: SmallDisk) -> None:
    app = open_app(disk.path / "store", "data", data_tab="Settings")
    app.text_input(key="who_name").set_value("Kim").run()
    said(app)
    disk.leave(0)
    app.text_input(key="who_name").set_value("Lea").run()
    assert "The disk is full" in said(app)


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink], ids=["flip", "cut", "lose"])
@pytest.mark.parametrize(
    ("what", "word"),
    [
        ("snapshots/*.duckdb", "You see those published on"),
        ("snapshots/*T*-??????.json", "You see those published on"),
        ("CURRENT", "You see those published on"),
        ("book.sqlite", ""),
        ("book*.sqlite", ""),
        ("imports/*", ""),
        ("raw/*", ""),
        ("snapshots/*.kept.json", ""),
    ],
)
def test_pages_open_on_a_damaged_store(
    open_app: Open, root: Path, two_weeks: Path, what: str, word: str, damage: Callable[[Path], None]
) -> None:
    expected = cards(open_app(two_weeks, period="All"))
    paths = sorted(root.glob(what))
    for path in paths if what in ("book*.sqlite", "imports/*", "raw/*", "snapshots/*.kept.json") else paths[-1:]:
        damage(path)
    app = open_app(root, period="All")
    assert word in said(app)
    assert cards(app) == expected or "You see those published" in said(app)
    for page in ("sourced_revenue", "data"):
        said(open_app(root, page))
    for tab in ("Quarantine", "History", "Settings"):
        said(open_app(root, "data", data_tab=tab))


def test_a_snapshot_that_breaks_while_it_is_open_gives_way_to_the_last_good_one(
    open_app: Open, root: Path, deals_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cards(open_app(deals_store, period="All"))
    app = open_app(root, period="All")
    assert cards(app) != first
    info = Store(root).current()
    assert info is not None
    status = info.path.stat()
    content = info.path.read_bytes()
    POOL.close()
    info.path.write_bytes(bytes(8192) + bytes(byte ^ 0x5A for byte in content[8192:]))
    os.utime(info.path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a failing disk does it: nothing was written
    st.cache_data.clear()
    app.run()
    assert "You see those published" in said(app)
    assert cards(app) == first


def test_a_link_that_pins_a_week_shows_its_numbers_for_ever(open_app: Open, root: Path, deals_store: Path) -> None:
    store = Store(root)
    first = store.snapshots()[0]
    before = cards(open_app(deals_store, period="All"))
    newest = cards(open_app(root, period="All"))
    assert before != newest
    pinned = open_app(root, snapshot=first.id, period="All")
    assert cards(pinned) == before and "The address keeps them" in said(pinned)
    assert pinned.query_params["snapshot"] == first.id
    assert "The address keeps them" in said(pinned.switch_page("pages/video.py").run()), "on every page"
    pinned.switch_page("pages/scorecard.py").run()
    more = root.parent / "more.csv"
    more.write_text(MORE.replace("9,Nine", "10,Ten"), encoding="utf-8")
    store.book.set_setting("reporting_currency", "USD", "Kim", datetime(2026, 11, 18))
    looked_at = loading.preview(store, [more], LoadOptions(as_of=NOW.date()), datetime(2026, 11, 18))
    loading.commit(store, looked_at, datetime(2026, 11, 18), "test")
    assert cards(open_app(root, snapshot=first.id, period="All")) == before
    pinned.button(key="unpin").click().run()
    assert "The address keeps them" not in said(pinned) and cards(pinned) != before
    assert "snapshot" not in pinned.query_params


def test_a_link_to_a_week_that_is_gone_says_so_and_shows_the_newest(open_app: Open, root: Path) -> None:
    app = open_app(root, snapshot="20200101T000000-000000", period="All")
    assert "there is no such snapshot" in said(app) and cards(app)


def test_a_large_upload_leaves_the_servers_memory_once_it_is_on_disk_and_is_published_all_the_same(
    open_app: Open, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scorecard.ui_uploads.LARGE", 0)
    monkeypatch.setattr("scorecard.loading_aside.LARGE", 0)
    removed: list[str] = []
    remove = MemoryUploadedFileManager.remove_file

    def noting(self: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        removed.append(file_id)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", noting)
    app = open_app(root, "data")
    app.file_uploader[0].upload("deals-2026-11-20.csv", MORE.replace("1000", "2000").encode(), "text/csv").run()
    assert "to load" in said(app)
    app.text_input(key="who_name").set_value("Kim").run()
    app.button(key="publish").click().run()
    assert "History can bring the earlier ones back" in said(app)
    assert removed
