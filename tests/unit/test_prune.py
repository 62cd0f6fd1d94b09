"""Old snapshots make room and come back with the same numbers when somebody asks for them."""

import json
import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scorecard import loading_back, queries
from scorecard.command import main
from scorecard.errors import StoreBusyError, StoreError
from scorecard.queries_readers import POOL
from scorecard.store import Store
from scorecard.store_snapshots import as_built
from scorecard.warehouse import Manifest
from tests.unit.test_faults import won
from tests.unit.test_loading import NOW, export, load, state

WEEKS = range(1, 6)


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of five loads; copied by those who prune it."""
    folder = tmp_path_factory.mktemp("seed")
    store = Store(folder / "store")
    for week in WEEKS:
        if week == 3:
            store.book.put("source_map", {"source_raw_norm": "Events", "channel": "Fairs", "side": "sales"}, "Ann", NOW)
        load(store, export(folder, week), now=NOW + timedelta(minutes=week))
    POOL.close()
    return store.root


@pytest.fixture
def store(seed: Path, tmp_path: Path) -> Store:
    shutil.copytree(seed, tmp_path / "store")
    return Store(tmp_path / "store")


def test_pruned_snapshots_are_built_again_with_the_book_of_their_day(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {info.id: state(info) for info in store.snapshots()}
    assert main(["snapshots", "--prune", "2", "--json", "--store", str(store.root)], NOW) == 0
    seen = capsys.readouterr()
    assert len(json.loads(seen.out)) == 5 and "3 files" in seen.err
    assert len(list(store.snapshots_folder.glob("*.duckdb"))) == 2 and len(list(store.raw.iterdir())) == 5
    for week, (snapshot_id, expected) in enumerate(before.items(), 1):
        command = ["ask", "won_revenue", "--format", "json", "--snapshot", snapshot_id, "--store", str(store.root)]
        assert main(command, NOW) == 0
        assert sum(row["numerator"] for row in json.loads(capsys.readouterr().out)) == won(week)
        assert state(store.snapshot(snapshot_id)) == expected
        assert store.verify(snapshot_id) is None
    assert len(list(store.snapshots_folder.glob("*.duckdb"))) == 5
    assert not [path for path in store.root.rglob(".*") if path.is_file()]


def test_going_back_to_a_pruned_week_builds_it_and_the_shown_one_is_never_pruned(store: Store) -> None:
    first, *_, last = store.snapshots()
    loading_back.prune(store, 1)
    assert main(["use", first.id, "--store", str(store.root)], NOW) == 0
    assert loading_back.prune(store, 1) == 0
    current = store.current()
    assert current is not None and current.id == first.id and current.problem is None
    assert store.snapshot(last.id)


def test_a_snapshot_that_would_give_other_numbers_now_is_not_shown(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.snapshots()[0]
    loading_back.prune(store, 1)
    monkeypatch.setattr("scorecard.loading_back.as_built", as_if_more)
    with pytest.raises(StoreError, match="other numbers"):
        loading_back.snapshot(store, first.id)
    assert not first.path.exists()


def as_if_more(manifest: Mapping[str, Any]) -> Manifest:
    built = as_built(manifest)
    return replace(built, row_counts={**built.row_counts, "deals": 99})


def test_questions_are_answered_while_snapshots_are_pruned_and_come_back(store: Store) -> None:
    ids = [info.id for info in store.snapshots()]
    done, wrong, asked = threading.Event(), [], []

    def ask(number: int) -> None:
        turn = number
        while not done.is_set():
            turn += 1
            week = turn % len(ids)
            try:
                info = loading_back.snapshot(store, ids[week])
                answer = queries.rows(POOL.reader(info.path), "won_revenue")[0]["numerator"]
            except StoreError:
                continue  # pruned between the look and the question, or busy: asked again, as a page does
            asked.append(answer)
            wrong.extend([answer] if answer != won(week + 1) else [])

    with ThreadPoolExecutor(3) as pool:
        askers = [pool.submit(ask, number) for number in range(3)]
        pruned = 0
        try:
            for _ in range(8):
                with suppress(StoreBusyError):  # those that bring snapshots back may keep the lock for long
                    loading_back.prune(store, 1)
                    pruned += 1
        finally:
            done.set()
        assert pruned
        for asker in askers:
            asker.result(timeout=120)
    assert wrong == [] and asked
