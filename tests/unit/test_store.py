"""The store: private files, snapshots that are whole or not there, and numbers that stay up whatever breaks."""

import fcntl
import json
import os
import shutil
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scorecard import files, warehouse
from scorecard.errors import StoreBusyError, StoreError
from scorecard.queries import read_table
from scorecard.queries_readers import ReaderPool
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo, new_id
from scorecard.store_work import WorkFolder, sweep
from tests.unit.made import NOW, deals_import


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def publish(store: Store, tmp_path: Path, number: int, amount: str) -> SnapshotInfo:
    """One more published snapshot whose only new deal is worth `amount`."""
    now = NOW + timedelta(days=number)
    with store.lock():
        record = store.add_import(deals_import(tmp_path / "made", f"i{number}", {f"d{number}": amount}, now))
        return store.publish([record], now, who="test")


@pytest.fixture(scope="module")
def two_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with won revenue of 100, then of 250; copied by those who damage it."""
    folder = tmp_path_factory.mktemp("seed")
    store = Store(folder / "store")
    publish(store, folder, 1, "100")
    publish(store, folder, 2, "250")
    return store.root


Published = tuple[Store, SnapshotInfo, SnapshotInfo]


@pytest.fixture
def published(two_snapshots: Path, store: Store) -> Published:
    """A fresh copy of that store, its first and its second snapshot."""
    shutil.copytree(two_snapshots, store.root)
    first, second = store.snapshots()
    return store, first, second


def won(info: SnapshotInfo) -> Decimal:
    """Won revenue as the snapshot's file says it."""
    pool = ReaderPool()
    try:
        return sum((row["amount"] for row in read_table(pool.reader(info.path), "deals", ["amount"])), Decimal(0))
    finally:
        pool.close()


def test_an_untouched_store_has_no_numbers_and_is_not_created_by_looking(store: Store) -> None:
    assert store.current() is None
    assert store.snapshots() == []
    assert not store.root.exists()


@pytest.mark.usefixtures("loose_umask")
def test_everything_is_private_whatever_the_umask(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_text("a,b\n1,2\n")
    with store.lock():
        store.add_raw(source)
    publish(store, tmp_path, 1, "100")
    store.book.set_setting("sla_hours", "8", "Ann", NOW)
    store.book.back_up()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [store.root, *store.root.rglob("*")]}
    assert all(mode == 0o700 for path, mode in modes.items() if path.is_dir())
    assert all(mode in (0o600, 0o400) for path, mode in modes.items() if path.is_file()), modes
    assert [mode for path, mode in modes.items() if path.parent == store.raw] == [0o400]


def test_raw_bytes_are_kept_under_their_sha256_once(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_bytes(b"a,b\n1,2\n")
    with store.lock():
        name = store.add_raw(source)
        assert store.add_raw(source) == name
    assert name == files.sha256(source)
    assert (store.raw / name).read_bytes() == b"a,b\n1,2\n"
    assert len(list(store.raw.iterdir())) == 1


def test_a_file_that_changed_since_it_was_read_is_refused(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_bytes(b"a\n1\n")
    with store.lock(), pytest.raises(StoreError, match="changed while"):
        store.add_raw(source, expected_sha256="0" * 64)
    assert list(store.raw.iterdir()) == []


def test_an_import_comes_back_as_it_was_written(store: Store, tmp_path: Path) -> None:
    made = replace(deals_import(tmp_path / "made", "i1", {"d1": "10"}), notes=("read as UTF-8",), full=True)
    with store.lock():
        kept = store.add_import(made)
    assert store.import_record("i1") == kept
    assert kept.is_whole and set(kept.checksums) == {path.name for path in kept.files}
    assert replace(kept, tables=made.tables, checksums={}) == made
    assert kept.tables[0].path.parent == store.imports_folder


def test_a_published_snapshot_is_current_and_says_what_it_holds(store: Store, tmp_path: Path) -> None:
    info = publish(store, tmp_path, 1, "100.25")
    current = store.current()
    assert current is not None and current.id == info.id and current.is_current and current.problem is None
    assert current.rows["deals"] == 1
    assert current.import_ids == ("i1",)
    assert current.as_of == NOW + timedelta(days=1)
    assert won(current) == Decimal("100.25")
    assert store.verify(info.id) is None


def test_rolling_back_and_forward_shows_the_old_and_the_new_numbers(published: Published) -> None:
    store, first, second = published
    assert [info.is_current for info in store.snapshots()] == [False, True]
    store.use(first.id)
    assert won(store.current() or second) == 100
    assert [info.is_current for info in store.snapshots()] == [True, False]
    store.use(second.id)
    assert won(store.current() or first) == 250


def test_the_beginning_of_an_id_is_enough_when_it_is_unique(published: Published) -> None:
    store, first, _ = published
    assert store.snapshot(first.id[:8]).id == first.id
    with pytest.raises(StoreError, match="more than one"):
        store.snapshot("2026")
    with pytest.raises(StoreError, match="no such snapshot"):
        store.use("20990101T000000-000000")


def test_ids_sort_in_the_order_of_publishing_even_within_a_second_or_when_the_clock_goes_back() -> None:
    taken: list[str] = []
    for number in range(300):
        now = datetime(2026, 3, 2, 9, 0, 30 - number % 3)
        taken.append(new_id(taken, now))
    assert taken == sorted(taken)
    assert len(set(taken)) == 300


def test_what_a_failing_build_leaves_is_the_old_numbers(store: Store, tmp_path: Path) -> None:
    first = publish(store, tmp_path, 1, "100")
    before = sorted(path.name for path in store.root.rglob("*"))
    broken = deals_import(tmp_path / "made", "i2", {"d2": "7"})
    broken.tables[0].path.write_bytes(b"PAR1 this is no parquet file PAR1")
    with store.lock(), pytest.raises(Exception, match=r"(?i)parquet|invalid|metadata|magic"):
        store.publish([broken], NOW + timedelta(days=2))
    assert sorted(path.name for path in store.root.rglob("*")) == before
    assert won(store.current() or first) == 100


def test_a_snapshot_that_does_not_verify_is_not_published(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, tmp_path, 1, "100")
    build = warehouse.build

    def lying(*arguments: object, **options: object) -> warehouse.Manifest:
        built = build(*arguments, **options)  # pyright: ignore[reportArgumentType]
        return replace(built, row_counts={**built.row_counts, "deals": 99})

    monkeypatch.setattr(warehouse, "build", lying)
    with pytest.raises(StoreError, match="does not hold what its manifest says"):
        publish(store, tmp_path, 2, "250")
    assert len(store.snapshots()) == 1


@pytest.mark.parametrize("step", range(3))
def test_a_full_disk_at_any_step_of_publishing_leaves_the_old_numbers(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    first = publish(store, tmp_path, 1, "100")
    before = sorted(path.name for path in store.snapshots_folder.iterdir())
    calls = iter(range(10))
    move_in = files.move_in

    def full(source: Path, target: Path, mode: int = files.PRIVATE_FILE) -> None:
        if target.parent in (store.snapshots_folder, store.root) and next(calls) == step:
            raise OSError(28, "No space left on device")
        move_in(source, target, mode)

    monkeypatch.setattr(files, "move_in", full)
    with pytest.raises(StoreError, match="disk is full"):
        publish(store, tmp_path, 2, "250")
    monkeypatch.undo()
    current = store.current()
    assert current is not None and current.id == first.id and current.problem is None
    assert sorted(path.name for path in store.snapshots_folder.iterdir()) == before
    assert won(publish(store, tmp_path, 3, "300")) == 300


def damage_pointer(store: Store, info: SnapshotInfo) -> None:
    store.pointer.write_bytes(b"\x00\xffgarbage")


def lose_pointer(store: Store, info: SnapshotInfo) -> None:
    store.pointer.unlink()


def lose_file(store: Store, info: SnapshotInfo) -> None:
    info.path.unlink()


def cut_file(store: Store, info: SnapshotInfo) -> None:
    info.path.write_bytes(info.path.read_bytes()[:-4096])


def flip_a_byte(store: Store, info: SnapshotInfo) -> None:
    content = bytearray(info.path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    info.path.write_bytes(content)


def lose_manifest(store: Store, info: SnapshotInfo) -> None:
    info.path.with_suffix(".json").unlink()


def damage_manifest(store: Store, info: SnapshotInfo) -> None:
    info.path.with_suffix(".json").write_text('{"id": "', encoding="utf-8")


DAMAGES = [lose_file, cut_file, flip_a_byte, lose_manifest, damage_manifest]


@pytest.mark.parametrize("damage", [damage_pointer, lose_pointer])
def test_without_a_pointer_the_newest_numbers_stay_up_with_a_banner(published: Published, damage) -> None:
    store, _, second = published
    damage(store, second)
    current = store.current()
    assert current is not None and current.id == second.id
    assert current.problem and "pointer" in current.problem and current.problem.endswith(".")


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_the_newest_snapshot_shows_the_last_good_one_with_a_banner(published: Published, damage) -> None:
    store, first, second = published
    damage(store, second)
    current = store.current()
    assert current is not None and current.id == first.id and won(current) == 100
    assert current.problem and "could not be opened" in current.problem
    assert store.verify(second.id)
    with pytest.raises(StoreError, match=r"cannot be opened|no such snapshot"):
        store.snapshot(second.id)


@pytest.mark.parametrize("damage", DAMAGES)
def test_when_every_snapshot_is_damaged_it_says_how_to_build_them_again(published: Published, damage) -> None:
    store, first, second = published
    damage(store, first)
    damage(store, second)
    with pytest.raises(StoreError, match="rebuild"):
        store.current()
    assert "i2" in [record.id for record in store.last_known_imports()]


def test_a_second_writer_is_told_to_wait_and_then_refused(store: Store) -> None:
    store.prepare()
    told: list[str] = []
    with (store.root / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        started = time.monotonic()
        with pytest.raises(StoreBusyError), store.lock(wait_s=0.3, on_wait=told.append):
            pytest.fail("the store was held")
        assert time.monotonic() - started < 3
    assert told == ["Another load is running; waiting for it to finish."]


def test_a_second_writer_goes_on_when_the_first_is_done(store: Store) -> None:
    order: list[str] = []
    entered = threading.Event()

    def first() -> None:
        with store.lock():
            entered.set()
            time.sleep(0.2)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert entered.wait(5)
    with store.lock(wait_s=5):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_what_a_killed_load_left_behind_is_swept_by_the_next(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path, 1, "100")
    (store.snapshots_folder / ".building-20260101T000000-000000.duckdb").write_bytes(b"half")
    (store.snapshots_folder / ".building-20260101T000000-000000.tmp").mkdir()
    (store.raw / ".abc.99.new").write_bytes(b"half")
    with store.lock():
        pass
    assert not list(store.root.rglob(".*"))


def test_work_folders_of_the_dead_are_swept_those_of_the_living_stay(tmp_path: Path) -> None:
    alive = WorkFolder(tmp_path)
    dead = tmp_path / "scorecard-dead"
    dead.mkdir()
    (dead / ".owner").touch()
    sweep(tmp_path)
    assert alive.path.exists() and not dead.exists()
    alive.close()
    assert not alive.path.exists()


def test_an_import_whose_decisions_are_lost_is_found_in_its_copy_or_named(store: Store, tmp_path: Path) -> None:
    info = publish(store, tmp_path, 1, "100")
    held = store.imports(info)
    (store.imports_folder / "i1.json").write_text("{", encoding="utf-8")
    assert store.imports(info) == held
    for copy in store.snapshots_folder.glob("*.kept.json"):
        copy.unlink()
    with pytest.raises(StoreError, match="i1"):
        store.imports(info)


def test_the_manifest_is_plain_json(store: Store, tmp_path: Path) -> None:
    info = publish(store, tmp_path, 1, "100")
    manifest = json.loads(info.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert manifest["id"] == info.id and manifest["import_ids"] == ["i1"] and manifest["who"] == "test"
    assert manifest["row_counts"]["deals"] == 1


def test_a_first_load_that_was_killed_while_it_published_leaves_a_store_without_numbers(
    store: Store, tmp_path: Path
) -> None:
    info = publish(store, tmp_path, 1, "100")
    store.pointer.unlink()
    info.path.with_suffix(".json").unlink()
    assert store.current() is None
    with store.lock():
        pass
    assert store.current() is None and not info.path.exists(), "its left-overs are swept"
    assert won(publish(store, tmp_path, 2, "250")) == 250
