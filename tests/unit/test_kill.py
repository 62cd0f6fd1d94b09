"""A load that is killed at any moment leaves a store that opens at once, on the old numbers or on the new ones."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from scorecard.queries import rows
from scorecard.queries_readers import ReaderPool
from scorecard.store import Store

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


def load(store: Path, export: Path) -> float:
    """Load to the end; the seconds it took."""
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


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_old_or_new_numbers_and_the_next_load_works(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    store = tmp_path / "store"
    load(store, write_deals(tmp_path / "old.csv", 10, 1))
    first = Store(store).current()
    assert first is not None and shown(store) == OLD
    export = write_deals(tmp_path / "new.csv", 30, 20)
    whole = load(store, export)
    assert shown(store) == NEW
    moments = random.Random(7)
    torn_at_work = acknowledged = 0
    torn, lost = [], []
    for _ in range(KILLS):
        Store(store).use(first.id)
        process = start(store, export)
        time.sleep(moments.uniform(0.25, 1.05) * whole)
        finished = process.poll() is not None
        if not finished:
            os.killpg(process.pid, signal.SIGKILL)
        out, _ = process.communicate(timeout=60)
        seen = shown(store)
        if seen not in (OLD, NEW):
            torn.append(seen)
        if "Published" in out:
            acknowledged += 1
            lost += [seen] if seen != NEW else []
        torn_at_work += not finished and seen == OLD
    record_property("loads killed", KILLS)
    record_property("of these cut off before they were published", torn_at_work)
    record_property("torn: neither the old nor the new numbers", len(torn))
    record_property("acknowledged before the kill", acknowledged)
    record_property("of these lost", len(lost))
    assert torn == [] and lost == []
    assert torn_at_work >= KILLS // 3, "the kills came too late to prove anything"
    Store(store).use(first.id)
    load(store, export)
    assert shown(store) == NEW
    assert not [path for path in store.rglob(".*") if path.is_file()], "left-overs of the killed are swept"
    assert len(list((store / "raw").iterdir())) == 2


@pytest.mark.slow
def test_a_first_load_that_is_killed_leaves_an_empty_store_or_its_numbers(tmp_path: Path) -> None:
    export = write_deals(tmp_path / "old.csv", 10, 1)
    whole = load(tmp_path / "rehearsal", export)
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
