"""The inbox: what can be published is published and cleared away; what cannot waits for a person with a note."""

import fcntl
import json
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scorecard.store import Store
from tests.unit.test_cli import AMBIGUOUS, DEALS, LATER, NOW, Answer, main

Load = Callable[..., Answer]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    monkeypatch.setenv("SCORECARD_INBOX", str(folder))
    monkeypatch.setenv("SCORECARD_STORE", str(tmp_path / "store"))
    return folder


@pytest.fixture
def load(capsys: pytest.CaptureFixture[str]) -> Load:
    def call(*words: str) -> Answer:
        code = main(["load", "--inbox", *words], NOW)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.err
        return Answer(code, seen.out, seen.err)

    return call


def drop(inbox: Path, name: str, text: str, age_s: float = 60) -> Path:
    path = inbox / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def published(inbox: Path) -> int:
    info = Store(inbox.parent / "store").current()
    return info.rows["deals"] if info else 0


def test_a_good_file_is_published_and_moved_with_its_account_beside_it(inbox: Path, load: Load) -> None:
    drop(inbox, "deals.csv", DEALS)
    answer = load()
    assert answer.code == 0 and "Published" in answer.out and answer.err == ""
    assert names(inbox) == ["done"] and names(inbox / "done") == ["deals.csv", "deals.csv.note.txt"]
    note = (inbox / "done" / "deals.csv.note.txt").read_text(encoding="utf-8")
    assert "4 rows read = 4 loaded" in note
    assert published(inbox) == 4
    assert stat.S_IMODE((inbox / "done").stat().st_mode) == 0o700
    assert stat.S_IMODE((inbox / "done" / "deals.csv.note.txt").stat().st_mode) == 0o600


def test_the_next_weeks_file_of_the_same_name_does_not_replace_the_first(inbox: Path, load: Load) -> None:
    for text in (DEALS, LATER):
        drop(inbox, "deals.csv", text)
        assert load().code == 0
    assert names(inbox / "done") == ["deals (2).csv", "deals (2).csv.note.txt", "deals.csv", "deals.csv.note.txt"]
    assert (inbox / "done" / "deals (2).csv").read_text(encoding="utf-8") == LATER


def test_a_file_with_an_open_question_is_put_aside_and_holds_nothing_up(inbox: Path, load: Load) -> None:
    drop(inbox, "deals.csv", DEALS)
    drop(inbox, "doubtful.csv", AMBIGUOUS)
    answer = load("--json")
    assert answer.code == 2 and "doubtful.csv" in answer.err
    assert [file["file"] for file in json.loads(answer.out)["files"]] == ["deals.csv"]
    assert published(inbox) == 4
    assert names(inbox / "done") == ["deals.csv", "deals.csv.note.txt"]
    assert names(inbox / "refused") == ["doubtful.csv", "doubtful.csv.note.txt"]
    note = (inbox / "refused" / "doubtful.csv.note.txt").read_text(encoding="utf-8")
    assert "--answer" in note and "date_order" in note


def test_a_file_nobody_knows_is_left_out_with_a_note(inbox: Path, load: Load) -> None:
    drop(inbox, "shapes.csv", "colour,shape\nred,round\nblue,square\n")
    drop(inbox, "deals.csv", DEALS)
    answer = load()
    assert answer.code == 0 and "shapes.csv" in answer.err
    assert published(inbox) == 4
    assert names(inbox / "refused") == ["shapes.csv", "shapes.csv.note.txt"]
    assert "left out" in (inbox / "refused" / "shapes.csv.note.txt").read_text(encoding="utf-8").lower()


def test_a_note_quotes_no_value_of_the_file(inbox: Path, load: Load) -> None:
    drop(inbox, "deals.csv", DEALS.replace("70,2026-01-08", "seventy-secret,2026-01-08"))
    load()
    (note,) = [path for folder in ("done", "refused") for path in (inbox / folder).glob("*.note.txt")]
    text = note.read_text(encoding="utf-8")
    assert "deals.csv" in text and "secret" not in text


def test_unfinished_hidden_and_linked_files_are_not_touched(inbox: Path, load: Load) -> None:
    drop(inbox, "deals.csv", DEALS, age_s=0)
    drop(inbox, "deals.csv.part", DEALS)
    drop(inbox, ".deals.csv", DEALS)
    (inbox / "link.csv").symlink_to(drop(inbox.parent, "elsewhere.csv", DEALS))
    before = names(inbox)
    answer = load()
    assert answer.code == 0 and answer.err.count("still being written") == 2
    assert names(inbox) == before and published(inbox) == 0


def test_a_file_loaded_by_a_run_that_was_killed_before_it_moved_it_is_cleared_away(inbox: Path, load: Load) -> None:
    drop(inbox, "deals.csv", DEALS)
    assert load().code == 0
    (inbox / "done" / "deals.csv").rename(inbox / "deals.csv")
    answer = load()
    assert answer.code == 0 and "Nothing new" in answer.out
    assert names(inbox) == ["done"]
    assert len(Store(inbox.parent / "store").snapshots()) == 1


def test_while_another_load_runs_everything_stays_where_it_is(inbox: Path, load: Load) -> None:
    drop(inbox, "deals.csv", DEALS)
    store = Store(inbox.parent / "store")
    store.prepare()
    with (store.root / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert load().code == 3
    assert names(inbox) == ["deals.csv"]


def test_without_an_inbox_a_sentence_says_how_to_name_one(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCORECARD_INBOX", raising=False)
    answer = load()
    assert answer.code == 2 and "SCORECARD_INBOX" in answer.err
    answer = load("deals.csv")
    assert answer.code == 2 and "--inbox" in answer.err


def test_an_empty_inbox_is_no_error(inbox: Path, load: Load) -> None:
    answer = load()
    assert answer.code == 0 and "no file" in answer.out and answer.err == ""
