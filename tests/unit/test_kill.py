"""A load that is killed at any moment leaves a store that opens at once, on the old numbers or on the new ones."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from scorecard.queries import rows
from scorecard.queries_readers import ReaderPool
from scorecard.store import Store
from tests.command_line import load

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SCORECARD_KILLS", "8"))
OLD, NEW = Decimal(20_000), Decimal(60_000)


def write_deals(path: Path, amount: int, day: int) -> Path:
    lines = ["deal_id,name,status,amount,created_at,closed_at,modified_at"]
    lines += [f"d{n},Deal {n},won,{amount},2026-01-05,2026-01-31,2026-02-{day:02d}" for n in range(2000)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def start(store: Path, export: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scorecard", "load", str(export), "--store", str(store)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def seconds_of(store: Path, export: Path) -> float:
    """How long a process takes that loads to the end."""
    started = time.monotonic()
    process = start(store, export)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    return time.monotonic() - started


def shown(store: Path) -> Decimal:
    """Won revenue as a fresh reader of the store sees it; the store must be whole."""
    info = Store(store).current()
    assert info is not None and info.problem is None
    assert Store(store).verify(info.id) is None
    pool = ReaderPool()
    try:
        return rows(pool.reader(info.path), "won_revenue")[0]["numerator"]
    finally:
        pool.close()


# Runs one command and kills its own process at the n-th step that leaves something behind on the disk (0: never).
AT_A_STEP = """
import os, shutil, signal, sys
steps, last = 0, int(sys.argv[1])
def step():
    global steps
    steps += 1
    if steps == last:
        os.killpg(0, signal.SIGKILL)
def around(owner, name):
    call = getattr(owner, name)
    def stepping(*arguments, **options):
        step()
        found = call(*arguments, **options)
        step()
        return found
    setattr(owner, name, stepping)
from datetime import datetime
from pathlib import Path
from scorecard import loading, warehouse
from scorecard.book_file import BookFile
from scorecard.command import main
from scorecard.store import Store
for owner, names in ((os, "fsync replace rename link unlink"), (shutil, "copyfile"), (warehouse, "build verify"),
                     (BookFile, "back_up"), (Store, "add_raw add_import publish _put_in_place _sweep")):
    for name in names.split():
        around(owner, name)
if sys.argv[2] == "refresh":
    store = Store(sys.argv[3])
    store.book.set_setting("sla_hours", sys.argv[4], "Ann", datetime.now())
    code = 0 if loading.refresh(store, datetime.now(), "Ann") else 2
    print("Published")
else:
    code = main(sys.argv[2:])
print(steps, file=sys.stderr)
sys.exit(code)
"""


@dataclass
class Tally:
    """What the kills did."""

    kills: int = 0
    cut_off: int = 0
    acknowledged: int = 0
    torn: list[object] = field(default_factory=list)
    lost: list[object] = field(default_factory=list)
    slowest_s: float = 0.0

    def look(self, store: Path, out: str, before: Decimal, after: Decimal, finished: bool) -> Decimal:
        """The store after a kill: opened at once, whole, on the numbers before or after."""
        started = time.monotonic()
        seen = shown(store)
        self.slowest_s = max(self.slowest_s, time.monotonic() - started)
        self.kills += 1
        self.torn += [seen] if seen not in (before, after) else []
        told = "Published" in out or "Showing" in out or "Rebuilt" in out
        self.acknowledged += told
        self.lost += [seen] if told and seen != after else []
        self.cut_off += not finished
        return seen


def run_to_step(step: int, *words: object) -> tuple[bool, str, str]:
    """Whether it came to its end, and what it said."""
    command = [sys.executable, "-c", AT_A_STEP, str(step), *map(str, words)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    out, err = process.communicate(timeout=120)
    assert process.returncode in (0, -signal.SIGKILL), err
    return process.returncode == 0, out, err


def spread(total: int, count: int) -> list[int]:
    """So many different steps from the first to the last."""
    count = min(count, total)
    return sorted({1 + round(number * (total - 1) / max(count - 1, 1)) for number in range(count)})


def files_but_lock(store: Path) -> list[str]:
    return [str(path.relative_to(store)) for path in store.rglob("*") if path.is_file() and path.name != "lock"]


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_old_or_new_numbers_and_the_next_load_works(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    store = tmp_path / "store"
    load(store, write_deals(tmp_path / "old.csv", 10, 1))
    first = Store(store).current()
    assert first is not None and shown(store) == OLD
    export = write_deals(tmp_path / "new.csv", 30, 20)
    whole = seconds_of(store, export)
    assert shown(store) == NEW
    moments = random.Random(7)
    tally = Tally()
    for number in range(KILLS):
        Store(store).use(first.id)
        process = start(store, export)
        share = 0.2 + 0.85 * (number + moments.random()) / KILLS  # every part of the load is hit
        time.sleep(share * whole)
        finished = process.poll() is not None
        if not finished:
            os.killpg(process.pid, signal.SIGKILL)
        out, _ = process.communicate(timeout=60)
        tally.look(store, out, OLD, NEW, finished)
    record_property("loads killed by the clock, from start to end", tally.kills)
    record_property("of these cut off before their end", tally.cut_off)
    record_property("torn: neither the old nor the new numbers", len(tally.torn))
    record_property("acknowledged before the kill", tally.acknowledged)
    record_property("of these lost", len(tally.lost))
    record_property("slowest look at the numbers after a kill", f"{tally.slowest_s:.2f} s")
    assert tally.torn == [] and tally.lost == []
    assert tally.cut_off >= KILLS // 3, "the kills came too late to prove anything"
    Store(store).use(first.id)
    load(store, export)
    assert shown(store) == NEW
    assert not [path for path in store.rglob(".*") if path.is_file()], "left-overs of the killed are swept"
    assert len(list((store / "raw").iterdir())) == 2


@pytest.mark.slow
def test_a_load_killed_at_every_step_that_writes_leaves_old_or_new_numbers(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    store, spare = tmp_path / "store", tmp_path / "spare"
    load(store, write_deals(tmp_path / "old.csv", 10, 1))
    export = write_deals(tmp_path / "new.csv", 30, 20)
    shutil.copytree(store, spare)
    _, _, err = run_to_step(0, "load", export, "--store", spare)
    total = int(err.split()[-1])
    assert total > 40
    tally = Tally()
    for step in spread(total, KILLS):
        shutil.rmtree(spare)
        shutil.copytree(store, spare)
        finished, out, _ = run_to_step(step, "load", export, "--store", spare)
        tally.look(spare, out, OLD, NEW, finished)
        load(spare, export)
        assert shown(spare) == NEW
        left = files_but_lock(spare)
        assert not [name for name in left if "/." in name or name.startswith("work/")], "left-overs are swept"
        listed = len(Store(spare).snapshots())  # 3: killed when all was written but the pointer
        assert listed in (2, 3)
        assert len([name for name in left if name.startswith("snapshots/")]) == 3 * listed
        assert len([name for name in left if name.startswith("imports/")]) == 2 * listed
    record_property("loads killed at a step that writes", tally.kills)
    record_property("steps a load has", total)
    record_property("torn at a step", len(tally.torn))
    record_property("lost at a step", len(tally.lost))
    assert tally.torn == [] and tally.lost == [] and tally.cut_off >= tally.kills - 1


@pytest.mark.slow
def test_going_back_rebuilding_and_changing_settings_can_be_killed_too(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    store = tmp_path / "store"
    load(store, write_deals(tmp_path / "old.csv", 10, 1))
    first = Store(store).current()
    assert first is not None
    load(store, write_deals(tmp_path / "new.csv", 30, 20))
    tally = Tally()
    for name, after in (("use", OLD), ("rebuild", NEW), ("refresh", NEW)):
        words: dict[str, tuple[object, ...]] = {
            "use": ("use", first.id, "--store"),
            "rebuild": ("rebuild", "--store"),
            "refresh": ("refresh",),
        }
        spare = tmp_path / name
        shutil.copytree(store, spare)
        _, _, err = run_to_step(0, *words[name], spare, *(["7"] if name == "refresh" else []))
        for step in spread(int(err.split()[-1]), max(KILLS // 6, 2)):
            shutil.rmtree(spare)
            shutil.copytree(store, spare)
            finished, out, _ = run_to_step(step, *words[name], spare, *(["7"] if name == "refresh" else []))
            tally.look(spare, out, NEW, after, finished)
            assert Store(spare).book.settings()["sla_hours"] in ("8", "7") and Store(spare).book.problem() is None
            load(spare, write_deals(tmp_path / "new.csv", 30, 20))
            load(spare, write_deals(tmp_path / "third.csv", 40, 25))
            assert shown(spare) == 80_000
            assert not [path for path in spare.rglob(".*") if path.is_file()]
    record_property("use, rebuild and changed settings killed", tally.kills)
    record_property("torn or lost among them", len(tally.torn) + len(tally.lost))
    assert tally.torn == [] and tally.lost == []


@pytest.mark.slow
def test_files_in_the_inbox_are_never_lost_by_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    inbox, store = tmp_path / "inbox", tmp_path / "store"
    monkeypatch.setenv("SCORECARD_INBOX", str(inbox))

    def fill() -> bytes:
        shutil.rmtree(inbox, ignore_errors=True)
        shutil.rmtree(store, ignore_errors=True)
        inbox.mkdir()
        path = write_deals(inbox / "deals.csv", 10, 1)
        os.utime(path, (time.time() - 60,) * 2)
        return path.read_bytes()

    content = fill()
    _, _, err = run_to_step(0, "load", "--inbox", "--store", store)
    kills = 0
    for step in spread(int(err.split()[-1]), max(KILLS // 3, 3)):
        fill()
        _, out, _ = run_to_step(step, "load", "--inbox", "--store", store)
        kills += 1
        there = [path for path in (inbox / "deals.csv", inbox / "done" / "deals.csv") if path.exists()]
        assert len(there) == 1 and there[0].read_bytes() == content, (step, there)
        info = Store(store).current()
        if info and info.problem:  # killed between its manifest and the pointer
            assert "pointer" in info.problem and "Published" not in out
            assert info.rows["deals"] == 2000
        else:
            assert info is None or shown(store) == OLD
        assert info is not None or ("Published" not in out and there[0].parent == inbox)
        run_to_step(0, "load", "--inbox", "--store", store)
        assert shown(store) == OLD
        assert sorted(path.name for path in inbox.iterdir()) == ["done"]
    record_property("loads from the inbox killed; files lost", f"{kills}; 0")


@pytest.mark.slow
def test_a_first_load_that_is_killed_leaves_an_empty_store_or_its_numbers(tmp_path: Path) -> None:
    export = write_deals(tmp_path / "old.csv", 10, 1)
    whole = seconds_of(tmp_path / "rehearsal", export)
    for number, share in enumerate((0.6, 0.8, 0.95)):
        store = tmp_path / f"store{number}"
        process = start(store, export)
        time.sleep(share * whole)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        info = Store(store).current()
        assert info is None or shown(store) == OLD
        load(store, export)
        assert shown(store) == OLD


@pytest.mark.slow
def test_two_loads_at_once_are_both_in_effect_one_after_the_other(tmp_path: Path) -> None:
    store = tmp_path / "store"
    one = write_deals(tmp_path / "one.csv", 10, 1)
    header, *lines = one.read_text(encoding="utf-8").splitlines()
    two = tmp_path / "two.csv"
    two.write_text("\n".join([header, *(f"other-{line}" for line in lines)]) + "\n", encoding="utf-8")
    processes = [start(store, export) for export in (one, two)]
    results = [process.communicate(timeout=120) for process in processes]
    codes = [process.returncode for process in processes]
    assert 0 in codes and set(codes) <= {0, 3}, results
    for code, export in zip(codes, (one, two), strict=True):
        if code == 3:  # the other one took longer than a second load waits
            load(store, export)
    assert shown(store) == 2 * OLD
