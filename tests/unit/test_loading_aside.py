"""A large load in a process of its own is the same load: same preview, same numbers, same sentences."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from scorecard import loading, loading_aside
from scorecard.errors import IngestError, StoreBusyError, StoreError
from scorecard.ingest.report import LoadOptions
from scorecard.store import Store
from scorecard.store_work import WorkFolder
from tests.unit.test_loading import NOW, export, load, state


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading_aside, "LARGE", 0)


def test_a_load_in_its_own_process_gives_the_same_state_and_tells_its_progress(tmp_path: Path) -> None:
    expected = state(load(Store(tmp_path / "here"), export(tmp_path, 2)))
    store, said = Store(tmp_path / "there"), []
    path = export(tmp_path, 2)
    looked_at = loading_aside.preview(store, [path], LoadOptions(), NOW, ["deals.csv"], lambda *step: said.append(step))
    assert isinstance(looked_at.work, WorkFolder) and looked_at.reports[0].rows_loaded == 8
    info = loading_aside.commit(store, looked_at, NOW, "Ann", lambda *step: said.append(step))
    work = looked_at.work.path
    looked_at.close()
    assert info is not None and state(info) == expected and not work.exists()
    assert said[0][0] == "Reading deals.csv" and len(said) > 10


def test_its_errors_are_the_same_sentences(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("colour,shape\nred,round\n", encoding="utf-8")
    store = Store(tmp_path / "store")
    looked_at = loading_aside.preview(store, [path], LoadOptions(), NOW)
    assert looked_at.blocked
    with pytest.raises(IngestError, match="nothing was loaded"):
        loading.commit(store, looked_at, NOW, "Ann")
    looked_at.close()
    looked_at = loading_aside.preview(store, [export(tmp_path, 1)], LoadOptions(), NOW)
    export(tmp_path, 1).write_text("changed", encoding="utf-8")
    with pytest.raises(StoreError, match="changed while"):
        loading_aside.commit(store, looked_at, NOW, "Ann")
    with store.lock(), pytest.raises(StoreBusyError):
        loading_aside.commit(store, looked_at, NOW, "Ann")
    looked_at.close()
    assert store.current() is None


def test_when_the_process_is_stopped_a_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store")
    before = load(store, export(tmp_path, 1))
    start = subprocess.Popen

    def stopped(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = start(*arguments, **options)
        process.kill()
        process.wait()
        return process

    monkeypatch.setattr(subprocess, "Popen", stopped)
    with pytest.raises(StoreError, match="command line"):
        loading_aside.preview(store, [export(tmp_path, 2)], LoadOptions(), NOW)
    current = store.current()
    assert current is not None and current.id == before.id
    assert not [path for path in store.work_folder.iterdir() if path.name.startswith("scorecard-")]
