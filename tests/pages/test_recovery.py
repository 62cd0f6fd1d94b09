"""When snapshots are damaged or gone the pages keep their numbers: old ones with a banner, or built again."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.store import Store
from tests.pages.conftest import NOW, words

Open = Callable[..., AppTest]


@pytest.fixture
def damaged(deals_store: Path, tmp_path: Path) -> Store:
    """The hand-made store with its only snapshot cut in half."""
    st.cache_data.clear()  # what another test's store failed at is not remembered here
    root = tmp_path / "store"
    shutil.copytree(deals_store, root)
    store = Store(root)
    info = store.current()
    assert info is not None
    info.path.write_bytes(info.path.read_bytes()[:5000])
    return store


def cards(app: AppTest) -> list[str]:
    return [str(card.value) for card in app.metric]


def test_numbers_that_cannot_be_opened_are_built_again_and_the_page_says_so(
    open_app: Open, damaged: Store, deals_store: Path
) -> None:
    app = open_app(damaged.root, period="All")
    assert not app.exception
    assert "they were built again from the uploaded files" in words(app)
    info = damaged.current()
    assert info is not None and info.problem is None
    expected = cards(open_app(deals_store, period="All"))
    assert expected and cards(app) == expected
    assert "built again" not in words(open_app(damaged.root, period="All")), "the next visitor sees sound numbers"


def test_without_the_typed_rows_they_are_read_again_from_the_raw_bytes(open_app: Open, damaged: Store) -> None:
    for path in damaged.imports_folder.glob("*.parquet"):
        path.unlink()
    app = open_app(damaged.root)
    assert not app.exception
    assert "they were built again" in words(app)
    assert damaged.current() is not None


def test_when_nothing_is_left_to_build_from_a_sentence_says_what_is_missing(open_app: Open, damaged: Store) -> None:
    for path in [*damaged.imports_folder.glob("*.parquet"), *damaged.raw.iterdir()]:
        path.unlink()
    app = open_app(damaged.root)
    assert not app.exception
    said = words(app)
    assert "building them again failed" in said.replace("\\", "")
    assert "deals.csv" in said.replace("\\", "")


def test_the_last_good_numbers_are_served_with_a_banner(open_app: Open, deals_store: Path, tmp_path: Path) -> None:
    root = tmp_path / "store"
    shutil.copytree(deals_store, root)
    store = Store(root)
    expected = cards(open_app(root, period="All"))
    more = tmp_path / "deals-2.csv"
    more.write_text("deal_id,name,status,amount,created_at,closed_at\n9,Nine,won,1,2026-09-01,2026-10-10\n")
    preview = loading.preview(store, [more], LoadOptions(as_of=NOW.date()), datetime(2026, 11, 17))
    newest = loading.commit(store, preview, datetime(2026, 11, 17), "test")
    assert newest is not None
    newest.path.unlink()
    app = open_app(root, period="All")
    assert not app.exception
    assert "You see those published on" in words(app).replace("\\", "")
    assert cards(app) == expected
