"""A disk that is full, read-only or closed to us: one sentence with a next step, and the old numbers stay up."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command_line import ROOT, Answer, ask, command, load, scorecard
from tests.small_disk import SmallDisk, read_only, small_disk
from tests.unit.test_kill import NEW, OLD, write_deals

FILLINGS = int(os.environ.get("SCORECARD_FILLINGS", "7"))
MEGABYTES = 64
ENOUGH = 24 << 20
SENTENCE = "The disk is full. Nothing was changed; the numbers stay as published. Make room and try again."


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", MEGABYTES) as found:
        yield found


def won(store: Path) -> int:
    return int(ask(store, "won_revenue")[0]["numerator"])


def refused(answer: Answer) -> bool:
    """One sentence, no trace, the right code; False when it went through."""
    if answer.code == 0:
        return False
    assert answer.code in (2, 3) and answer.sentence == SENTENCE, answer.err
    return True


@pytest.mark.slow
def test_a_disk_that_is_full_at_any_step_of_a_load_keeps_the_old_numbers(
    disk: SmallDisk, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    store = disk.path / "store"
    load(store, write_deals(tmp_path / "old.csv", 10, 1))
    first = json.loads(command("snapshots", "--json", store=store).out)[-1]["id"]
    export = write_deals(tmp_path / "new.csv", 30, 20)
    dice = random.Random(5)
    spread = [int(ENOUGH * dice.random() ** 3) for _ in range(FILLINGS)]
    failed = torn = 0
    for room in sorted({0, 1 << 14, *spread}):
        disk.leave(room)
        if refused(scorecard("load", export, store=store)):
            failed += 1
            torn += won(store) != OLD
            assert len(json.loads(command("snapshots", "--json", store=store).out)) == 1 + torn
            continue
        torn += won(store) != NEW
        disk.clear()
        assert command("use", first, store=store).code == 0
    disk.clear()
    load(store, export)
    record_property("loads on a disk with too little room", len(spread) + 2)
    record_property("of these refused in one sentence, exit 2", failed)
    record_property("other numbers than the old or the new", torn)
    assert won(store) == NEW and torn == 0
    assert failed >= 3, "the disk was never full"
    assert not [path for path in store.rglob(".*") if path.is_file()]


@pytest.mark.slow
def test_a_first_load_on_a_full_disk_leaves_an_empty_store(disk: SmallDisk, tmp_path: Path) -> None:
    export = write_deals(tmp_path / "old.csv", 10, 1)
    for room in (0, 1 << 15, 1 << 18, 1 << 21):
        disk.leave(room)
        assert refused(scorecard("load", export, store=disk.path / "store"))
        asked = scorecard("ask", "won_revenue", store=disk.path / "store")
        assert asked.code == 2 and "no published numbers yet" in asked.sentence
    disk.clear()
    load(disk.path / "store", export)
    assert won(disk.path / "store") == OLD


@pytest.mark.slow
def test_every_other_command_on_a_full_disk_answers_or_says_so(disk: SmallDisk, tmp_path: Path) -> None:
    store = disk.path / "store"
    export = write_deals(tmp_path / "old.csv", 10, 1)
    load(store, export)
    first = json.loads(command("snapshots", "--json", store=store).out)[-1]["id"]
    second = load(store, write_deals(tmp_path / "new.csv", 30, 20)).json["snapshot"]
    for room in (0, 1 << 14):
        disk.leave(room)
        assert won(store) == NEW
        for words in (("snapshots",), ("quarantine",), ("queries",), ("check", export)):
            answer = scorecard(*words, store=store)
            assert not refused(answer) or words[0] == "check"
        assert refused(scorecard("rebuild", store=store))
        if not refused(scorecard("use", first, store=store)):
            assert won(store) == OLD
            disk.clear()
            assert command("use", second, store=store).code == 0
        assert won(store) == NEW


@pytest.mark.slow
def test_numbers_that_must_be_built_again_on_a_full_disk_wait_for_room(disk: SmallDisk, tmp_path: Path) -> None:
    store = disk.path / "store"
    load(store, write_deals(tmp_path / "old.csv", 10, 1))
    next(store.glob("snapshots/*.duckdb")).unlink()
    disk.leave(1 << 16)
    assert refused(scorecard("ask", "won_revenue", store=store))
    disk.clear()
    assert won(store) == OLD


@pytest.mark.slow
def test_a_file_in_the_inbox_is_not_put_away_because_the_disk_is_full(
    disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = disk.path / "inbox"
    inbox.mkdir()
    waiting = write_deals(inbox / "deals.csv", 10, 1)
    os.utime(waiting, (time.time() - 60,) * 2)
    monkeypatch.setenv("SCORECARD_INBOX", str(inbox))
    for room in (0, 1 << 15, 1 << 18, 3 << 20):
        disk.leave(room)
        assert refused(scorecard("load", "--inbox", store=disk.path / "store"))
        assert waiting.exists() and not (inbox / "refused").exists()
    disk.clear()
    assert scorecard("load", "--inbox", store=disk.path / "store").code == 0
    assert not waiting.exists() and (inbox / "done" / "deals.csv").exists()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "csv.gz", "parquet"])
def test_a_temporary_folder_that_is_full_is_not_the_fault_of_the_file(
    disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    export = write_deals(tmp_path / "deals.csv", 10, 1)
    if kind == "csv.gz":
        import gzip

        export = tmp_path / "deals.csv.gz"
        export.write_bytes(gzip.compress((tmp_path / "deals.csv").read_bytes()))
    if kind == "parquet":
        import pyarrow.csv
        import pyarrow.parquet

        export = tmp_path / "deals.parquet"
        pyarrow.parquet.write_table(pyarrow.csv.read_csv(tmp_path / "deals.csv"), export)
    monkeypatch.setenv("TMPDIR", str(disk.path))
    for word in ("check", "read"):
        disk.clear()
        assert scorecard(word, export, store=tmp_path / "none").code == 0
        disk.leave(1 << 12)
        assert refused(scorecard(word, export, store=tmp_path / "none"))
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_a_store_on_a_read_only_disk_is_asked_as_ever_and_refuses_a_load(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, write_deals(tmp_path / "old.csv", 10, 1))
    with read_only(store):
        assert won(store) == OLD
        assert command("snapshots", store=store).code == 0
        answer = scorecard("load", write_deals(tmp_path / "new.csv", 30, 20), store=store)
        assert answer.code == 2 and "ead-only" in answer.sentence and answer.sentence.endswith(".")
    assert won(store) == OLD


# Runs commands as another user. The interpreter may lie where only root can read, so all is imported before.
AS_NOBODY = """
import contextlib, io, json, os, sys
from scorecard.command import main
commands, store, warm = json.loads(sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()):
    assert main(["load", *commands[-1][1:], "--store", warm]) == 0
    assert main([*commands[0], "--store", warm]) == 0
os.setegid(65534)
os.seteuid(65534)
for command in commands:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*command, "--store", store])
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
os.seteuid(0)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("closed", ["", "snapshots", "imports", "raw", "book.sqlite", "CURRENT"])
def test_a_store_this_user_may_not_read_is_a_sentence(closed: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outside = Path(folder)
        store, export = outside / "store", write_deals(outside / "old.csv", 10, 1)
        load(store, export)
        for path in (outside, *outside.rglob("*")):
            shutil.chown(path, 65534, 65534)
        (store / closed).chmod(0)
        commands = [["ask", "won_revenue", "--format", "json"], ["snapshots"], ["load", str(export)]]
        said = json.dumps([commands, str(store), str(outside / "warm")])
        done = subprocess.run([sys.executable, "-c", AS_NOBODY, said], cwd=ROOT, capture_output=True, text=True,
                              timeout=120, check=True)  # fmt: skip
        for words, line in zip(commands, done.stdout.splitlines(), strict=True):
            code, out, err = json.loads(line)
            assert "unexpectedly" not in err, err
            assert code in (0, 2, 3) and (code == 0 or err.strip().endswith(".")), (words, err)
            if words[0] == "ask" and code == 0:
                assert int(json.loads(out)[0]["numerator"]) == OLD
            if not closed:  # a closed folder inside is opened again: it is ours
                assert code == 2 and "ight" in err, (words, err)
