"""What a week in a busy store may not do: wrong answers under load, another state by another order, a slow way back."""

import itertools
import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from scorecard import queries
from scorecard.command import main
from scorecard.queries_readers import POOL
from scorecard.store import Store
from tests.unit.test_loading import NOW, export, load, state

THREADS = 16
ORDERS = int(os.environ.get("SCORECARD_ORDERS", "2"))
QUESTIONS = int(os.environ.get("SCORECARD_QUESTIONS", "30"))
WEEKS = range(1, 7)
Record = Callable[[str, object], None]  # a figure for docs/proof.md


def won(week: int) -> int:
    """Won revenue as of the week's export: so many deals are won, for 100, 200, ..."""
    return 100 * week * (week + 1) // 2


@pytest.mark.slow
def test_threads_that_ask_while_loads_publish_get_right_answers_only(tmp_path: Path, record_property: Record) -> None:
    store = Store(tmp_path / "store")
    truth = {load(store, export(tmp_path, 1)).id: 100}
    seen: list[tuple[str, int]] = []
    troubles: list[str] = []
    published, done = threading.Event(), threading.Event()

    def ask(number: int) -> None:
        for turn in itertools.count():
            if turn >= QUESTIONS:
                if published.is_set():
                    return
                time.sleep(0.2)  # the loads need the processor too
            info = store.current()
            if info is None or info.problem:
                troubles.append(f"no numbers: {info}")
                continue
            by_side = queries.rows(POOL.reader(info.path), "won_revenue", {"by": ("", "side")[(number + turn) % 2]})
            seen.append((info.id, int(sum(row["numerator"] for row in by_side))))

    def publish() -> None:
        try:
            for turn, week in enumerate(WEEKS[1:]):
                truth[load(store, export(tmp_path, week), now=NOW + timedelta(minutes=turn)).id] = won(week)
        finally:
            published.set()
        for snapshot in itertools.cycle(list(truth)):
            if done.is_set():
                return
            store.use(snapshot)

    with ThreadPoolExecutor(THREADS + 1) as pool:
        loads = pool.submit(publish)
        askers = [pool.submit(ask, number) for number in range(THREADS)]
        for asker in askers:
            asker.result(timeout=60 + 2 * QUESTIONS)
        done.set()
        loads.result(timeout=120)
    assert troubles == []
    assert len(seen) >= THREADS * QUESTIONS
    wrong = [(snapshot, answer) for snapshot, answer in seen if truth[snapshot] != answer]
    assert wrong == []
    assert len({snapshot for snapshot, _ in seen}) >= 2, "nothing was published while they asked"
    record_property("threads that ask while loads publish", THREADS)
    record_property("questions", len(seen))
    record_property("snapshots asked while they changed", len({snapshot for snapshot, _ in seen}))
    record_property("wrong answers", len(wrong))
    record_property("errors", len(troubles))


@pytest.mark.slow
def test_six_weekly_exports_in_any_order_with_repeats_give_one_state(tmp_path: Path, record_property: Record) -> None:
    weeks = [export(tmp_path, week) for week in WEEKS]
    expected = state(load(Store(tmp_path / "at once"), *weeks))
    assert len(expected["deal_history"]) > len(expected["deals"]) == 8
    dice = random.Random(11)
    repeats, states = 0, [expected]
    for number in range(ORDERS):
        order = dice.sample(weeks, len(weeks))
        for again in dice.sample(weeks, 2):
            order.insert(dice.randrange(order.index(again) + 1, len(order) + 1), again)
            repeats += 1
        store = Store(tmp_path / f"store{number}")
        info = None
        for step, path in enumerate(order):
            info = load(store, path, now=NOW + timedelta(minutes=step))
        assert info is not None
        found = state(info)
        if found not in states:
            states.append(found)
    record_property("random orders of six weekly exports", ORDERS)
    record_property("repeated loads among them", repeats)
    record_property("different states at the end", len(states))
    assert len(states) == 1


def test_any_published_week_is_back_within_five_seconds(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    published = {week: load(store, export(tmp_path, week)).id for week in WEEKS}
    slowest = 0.0
    for week in (1, 6, 3, 2):
        started = time.monotonic()
        info = store.use(published[week])
        answer = queries.rows(POOL.reader(info.path), "won_revenue")[0]["numerator"]
        slowest = max(slowest, time.monotonic() - started)
        assert answer == won(week)
    assert slowest < 5


def test_what_goes_wrong_is_said_without_values_from_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = "zz-secret-value"
    path = tmp_path / "deals.csv"
    path.write_text(
        "deal_id,name,status,amount,created_at,closed_at,source_raw\n"
        + "".join(f"d{n},{marker},won,100,2026-01-05,2026-01-31,{marker}\n" for n in range(9))
        + f"d10,x,won,{marker},2026-01-05,2026-01-31,Events\n"
        + f"d11,x,won,100,2026-01-05,2026-01-31,Events,{marker}\n",
        encoding="utf-8",
    )

    def broken(*_arguments: object, **_options: object) -> None:
        raise ValueError(f"could not convert {marker}")

    monkeypatch.setattr("scorecard.warehouse.build", broken)
    monkeypatch.delenv("SCORECARD_DEBUG", raising=False)
    assert main(["load", str(path), "--store", str(tmp_path / "store")], NOW) == 2
    said = capsys.readouterr().err
    assert "ValueError" in said and marker not in said
    monkeypatch.undo()
    assert main(["load", str(path), "--store", str(tmp_path / "store")], NOW) == 0
    assert marker not in capsys.readouterr().err
