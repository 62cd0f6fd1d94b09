"""After an update of the product the numbers are worked out again by it, before anybody sees a page fail."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from scorecard import loading, queries, warehouse
from scorecard.errors import QueryError, StoreError
from scorecard.queries_readers import POOL
from scorecard.store import Store
from tests.pages.conftest import DEALS, NOW, load, words

Open = Callable[..., AppTest]


@pytest.fixture
def outdated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose snapshot says that another version made it."""
    st.cache_data.clear()
    described = warehouse.describe
    with monkeypatch.context() as patch:
        patch.setattr(warehouse, "describe", lambda *args: dataclasses.replace(described(*args), code_version="0.0.1"))
        (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
        load(tmp_path / "store", tmp_path / "deals.csv")
    store = Store(tmp_path / "store")
    info = store.current()
    assert info is not None and info.is_outdated
    return store


def test_the_page_works_the_numbers_out_again_once(open_app: Open, outdated: Store) -> None:
    before = outdated.current()
    app = open_app(outdated.root, "sourced_revenue", view="Attribution")
    assert not app.exception and not app.error
    after = outdated.current()
    assert before and after and after.id != before.id and not after.is_outdated
    open_app(outdated.root)
    assert outdated.current() == after


def test_where_that_fails_the_old_numbers_stay_with_a_word(
    open_app: Open, outdated: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise StoreError("No room.")

    monkeypatch.setattr(loading, "publish", fail)
    app = open_app(outdated.root)
    assert "These numbers are of an earlier version of the product" in words(app).replace("\\", "")
    assert len(app.metric) == 6


def test_a_question_brings_them_up_to_date_too(outdated: Store) -> None:
    info = loading.recover(outdated, NOW, "test")
    assert info is not None and not info.is_outdated
    again = loading.recover(outdated, NOW, "test")
    assert again is not None and again.id == info.id


def test_a_pinned_state_that_lacks_a_table_is_told_from_a_broken_one(outdated: Store, tmp_path: Path) -> None:
    info = outdated.current()
    assert info is not None
    older = tmp_path / "older.duckdb"
    shutil.copyfile(info.path, older)
    with duckdb.connect(str(older)) as connection:
        connection.execute("drop table deal_sides")
    with pytest.raises(QueryError, match="published by another version of the product"):
        queries.rows(POOL.reader(older), "sourced_definitions", {"business": "all"})
