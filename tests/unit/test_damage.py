"""Every file of the store cut, flipped, zeroed or gone: the last good numbers, or the same built again, and a word."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scorecard import loading
from scorecard.book_file import BookFile
from scorecard.command import main
from scorecard.ingest.report import LoadOptions
from scorecard.queries_readers import POOL
from scorecard.store import Store
from tests.unit.test_cli import Answer

NOW = datetime(2026, 4, 1, 9, 0)
OLD, NEW, NEXT = 100, 250, 1250  # won revenue after the first, the second and a third load
HEAD = "deal_id,name,status,amount,currency,created_at,closed_at,modified_at\n"
Damage = Callable[[Path], None]
Run = Callable[..., Answer]


def deals(folder: Path, week: int, amount: str) -> Path:
    """One more won deal each week; the second is in euro, so that the book's rate counts."""
    currency = "EUR" if week == 2 else "USD"
    path = folder / f"deals-2026-03-{week:02d}.csv"
    row = f"d{week},Deal {week},won,{amount},{currency},2026-01-05,2026-02-0{week},2026-03-{week:02d}\n"
    path.write_text(HEAD + row, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a book, two loads and one row in quarantine; copied by those who damage it."""
    folder = tmp_path_factory.mktemp("seed")
    store = Store(folder / "store")
    store.book.put("currency_rates", {"currency": "EUR", "from_on": "2026-01-01", "rate": "1.5"}, "Ann", NOW)
    for week, amount in ((1, "100"), (2, "100")):
        path = deals(folder, week, amount)
        with path.open("a", encoding="utf-8") as more:
            more.write("" if week == 2 else "d9,Deal 9,won,a lot,USD,2026-01-05,2026-02-01,2026-03-01\n")
        looked_at = loading.preview(store, [path], LoadOptions(), NOW + timedelta(days=week))
        assert not looked_at.blocked, looked_at.reports
        loading.commit(store, looked_at, NOW + timedelta(days=week), "Ann")
        looked_at.close()
    POOL.close()
    return folder


@pytest.fixture
def root(seed: Path, tmp_path: Path) -> Path:
    shutil.copytree(seed / "store", tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("SCORECARD_DEBUG", raising=False)

    def call(*words: object) -> Answer:
        capsys.readouterr()
        code = main([*map(str, words), "--store", str(root)], NOW + timedelta(days=9))
        seen = capsys.readouterr()
        assert code in (0, 2, 3)
        assert "Traceback" not in seen.err and "unexpectedly" not in seen.err, seen.err
        assert code == 0 or seen.err.strip().endswith("."), seen.err
        return Answer(code, seen.out, seen.err)

    return call


def won(answer: Answer) -> int:
    assert answer.code == 0, answer.err
    return int(json.loads(answer.out)[0]["numerator"])


def cut(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"")


def zero(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(bytes(path.stat().st_size))


def flip(path: Path) -> None:
    """One bit in the middle."""
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)


def lose(path: Path) -> None:
    path.unlink()


DAMAGES = (cut, empty, zero, flip, lose)
PLACES = {
    "newest snapshot": "snapshots/*T*.duckdb",
    "newest manifest": "snapshots/*T*-??????.json",
    "copy of the decisions": "snapshots/*.kept.json",
    "pointer": "CURRENT",
    "book": "book.sqlite",
    "backup of the book": "book.backup.sqlite",
    "decisions about the newest file": "imports/*-??????.json",
    "typed rows of the newest file": "imports/*.deals.parquet",
    "raw bytes": "raw/*",
}


def newest(root: Path, place: str) -> Path:
    return sorted(root.glob(PLACES[place]))[-1]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("place", PLACES)
def test_a_damaged_file_never_gives_other_numbers_and_every_command_goes_on(
    root: Path, run: Run, seed: Path, tmp_path: Path, place: str, damage: Damage
) -> None:
    damage(newest(root, place))
    asked = run("ask", "won_revenue", "--format", "json")
    assert asked.code == 0, asked.err
    assert won(asked) == NEW or (won(asked) == OLD and "You see those published" in asked.err)
    if place in ("newest snapshot", "newest manifest", "pointer"):
        assert asked.err.strip(), "nobody was told"
    assert run("snapshots").code == 0
    assert run("quarantine").code == 0
    if won(asked) == NEW:
        assert "a lot" in run("quarantine", "--format", "csv").out
    loaded = run("load", deals(tmp_path, 3, "1000"))
    assert loaded.code == 0, loaded.err
    if place == "book" and damage is not flip:  # the middle of this small file is empty
        assert "its backup of the last change is in use" in loaded.err
    assert won(run("ask", "won_revenue", "--format", "json")) == NEXT
    again = run("rebuild")
    if place == "raw bytes" and again.code:
        assert "load that file again" in again.err
    else:
        assert again.code == 0, again.err
    after = run("ask", "won_revenue", "--format", "json")
    assert won(after) == NEXT and not after.err, after.err


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("place", ["newest snapshot", "newest manifest"])
def test_when_every_snapshot_is_damaged_asking_builds_the_same_numbers_again(
    root: Path, run: Run, place: str, damage: Damage
) -> None:
    for path in root.glob(PLACES[place]):
        damage(path)
    assert won(run("ask", "won_revenue", "--format", "json")) == NEW
    assert run("snapshots").code == 0


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_rows_read_wrongly_from_a_damaged_typed_file_are_read_again_from_raw(
    root: Path, run: Run, damage: Damage
) -> None:
    for path in [*root.glob("imports/*.parquet"), *root.glob("snapshots/*.duckdb")]:
        damage(path)
    assert won(run("ask", "won_revenue", "--format", "json")) == NEW


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_raw_bytes_that_are_damaged_are_replaced_by_loading_the_file_again(
    root: Path, run: Run, seed: Path, damage: Damage
) -> None:
    for path in root.glob("raw/*"):
        damage(path)
    for path in [*root.glob("imports/*.parquet"), *root.glob("snapshots/*.duckdb")]:
        path.unlink()
    asked = run("ask", "won_revenue", "--format", "json")
    assert asked.code == 2 and "deals-2026-03-0" in asked.err and "again" in asked.err
    files = sorted(seed.glob("*.csv"))
    assert run("load", *files).code == 0
    assert won(run("ask", "won_revenue", "--format", "json")) == NEW
    assert run("rebuild").code == 0


def test_rebuilding_without_the_raw_bytes_uses_the_rows_read_then_and_says_so(root: Path, run: Run) -> None:
    flip(newest(root, "raw bytes"))
    again = run("rebuild")
    assert again.code == 0 and "its uploaded bytes are lost" in again.err
    assert won(run("ask", "won_revenue", "--format", "json")) == NEW


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_people_typed_comes_back_from_the_backup_or_the_newest_snapshot(root: Path, damage: Damage) -> None:
    store = Store(root)
    typed = store.book.tables()
    assert typed["currency_rates"] and typed["mappings"]
    damage(store.book.path)
    assert store.book.tables() == typed
    assert "its backup" in (store.book.problem() or "")
    damage(store.book.backup_path)
    assert store.book.tables() == typed
    assert "newest snapshot" in (store.book.problem() or "")
    store.book.set_setting("sla_hours", "8", "Ann", NOW)
    assert store.book.problem() is None
    assert store.book.tables()["currency_rates"] == typed["currency_rates"]
    assert store.book.settings()["sla_hours"] == "8"


def test_a_digit_flipped_inside_the_book_is_damage_and_not_another_rate(root: Path) -> None:
    book = Store(root).book
    book.put("currency_rates", {"currency": "GBP", "from_on": "2026-01-01", "rate": "1.7654321"}, "Ann", NOW)
    content = book.path.read_bytes()
    places = [at for at in range(len(content)) if content.startswith(b"1.7654321", at)]
    assert len(places) >= 2, "in the table and in the history"
    for at in places:
        spoilt = bytearray(content)
        spoilt[at] ^= 0x01
        book.path.write_bytes(spoilt)
        assert "damaged" in (BookFile(book.path).problem() or ""), at
        assert "1.7654321" in {row["rate"] for row in Store(root).book.rows("currency_rates")}


def test_damage_to_the_log_files_of_the_book_loses_nothing(root: Path) -> None:
    typed = Store(root).book.tables()
    for suffix in ("-wal", "-shm", "-journal"):
        (root / f"book.sqlite{suffix}").write_bytes(b"\x00\xffgarbage" * 900)
    assert Store(root).book.tables() == typed


def test_a_pointer_to_a_snapshot_that_never_was_shows_the_newest_and_says_so(root: Path, run: Run) -> None:
    (root / "CURRENT").write_text("20990101T000000-abcdef\n", encoding="utf-8")
    asked = run("ask", "won_revenue", "--format", "json")
    assert won(asked) == NEW and "You see those published" in asked.err


def test_the_manifest_of_another_snapshot_is_not_believed(root: Path, run: Run) -> None:
    first, second = sorted(root.glob(PLACES["newest manifest"]))
    shutil.copyfile(first, second)
    asked = run("ask", "won_revenue", "--format", "json")
    assert won(asked) == OLD and "You see those published" in asked.err


def test_numbers_of_a_newer_version_are_not_guessed_at(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorecard.store_snapshots.__version__", "0.0.9")
    asked = run(
        "ask", "won_revenue", "--format", "json", "--snapshot", sorted(root.glob("snapshots/*.duckdb"))[-1].stem
    )
    assert asked.code == 2 and "newer version" in asked.err


def test_a_snapshot_that_this_database_cannot_read_gives_way_to_the_last_good_one(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = newest(root, "newest snapshot")
    monkeypatch.setattr("scorecard.queries_readers.opens", lambda path: path != last)
    asked = run("ask", "won_revenue", "--format", "json")
    assert won(asked) == OLD and "another version of the database" in asked.err


def test_use_of_a_damaged_snapshot_builds_it_again(root: Path, run: Run) -> None:
    first = sorted(root.glob("snapshots/*.duckdb"))[0]
    flip(first)
    assert run("use", first.stem).code == 0
    assert won(run("ask", "won_revenue", "--format", "json")) == OLD


def test_one_flipped_bit_in_a_large_snapshot_is_found(root: Path, run: Run) -> None:
    last = newest(root, "newest snapshot")
    size = last.stat().st_size
    for at in range(size // 20, size, size // 10):
        with last.open("r+b") as file:
            file.seek(at)
            byte = file.read(1)
            file.seek(at)
            file.write(bytes([byte[0] ^ 0x10]))
        assert won(run("ask", "won_revenue", "--format", "json")) == OLD, at
        with last.open("r+b") as file:
            file.seek(at)
            file.write(byte)
    assert won(run("ask", "won_revenue", "--format", "json")) == NEW
