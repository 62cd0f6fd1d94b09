"""Loading: one state whatever the way there, and a failed load that leaves no trace."""

import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scorecard import files, loading, queries
from scorecard.errors import IngestError, StoreError
from scorecard.ingest.report import LoadOptions
from scorecard.queries_readers import POOL
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo

NOW = datetime(2026, 6, 1, 9, 0)
TABLES = ("deals", "people", "deal_history", "metric_rows", "companies", "touches")


def export(folder: Path, week: int) -> Path:
    """The deals as they stood that week: amounts grow, one more deal is won each week."""
    lines = ["deal_id,name,status,amount,created_at,closed_at,source_raw,modified_at"]
    for number in range(8):
        is_won = number < week
        status, closed = ("won", f"2026-02-{number + 1:02d}") if is_won else ("open", "")
        amount = 100 * (number + 1) + (0 if is_won else week)
        modified = f"2026-03-{week:02d}"
        lines.append(f"d{number},Deal {number},{status},{amount},2026-01-05,{closed},Events,{modified}")
    path = folder / f"deals-2026-03-{week:02d}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load(store: Store, *paths: Path, now: datetime = NOW, options: LoadOptions | None = None) -> SnapshotInfo:
    preview = loading.preview(store, paths, options or LoadOptions(), now)
    try:
        assert not preview.blocked, [report.questions or report.error for report in preview.reports]
        info = loading.commit(store, preview, now, "Ann")
    finally:
        preview.close()
    assert info is not None
    return info


def state(info: SnapshotInfo) -> dict[str, list[str]]:
    """What the snapshot says, without when and by which import it was said."""
    found = {}
    for table in TABLES:
        rows = queries.read_table(POOL.reader(info.path), table)
        kept = [{name: value for name, value in row.items() if name not in ("import_id", "version")} for row in rows]
        found[table] = sorted(str(row) for row in kept)
    return found


def everything(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_weekly_exports_in_any_order_with_repeats_give_one_state(tmp_path: Path) -> None:
    weeks = [export(tmp_path, week) for week in (1, 2, 3, 4)]
    at_once = state(load(Store(tmp_path / "at once"), *weeks))
    assert at_once["deals"] and at_once["deal_history"]
    orders = list(itertools.permutations(weeks))
    for number, order in enumerate([weeks, *random.Random(3).sample(orders, 2)]):
        store = Store(tmp_path / f"store{number}")
        info = None
        for step, path in enumerate([*order, order[0], order[2]]):
            info = load(store, path, now=NOW + timedelta(minutes=step))
        assert info is not None and state(info) == at_once
        assert len(store.snapshots()) == 4, "a repeat publishes nothing"


def test_a_load_in_order_starts_from_the_last_snapshot_and_an_old_export_does_not(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    first = load(store, export(tmp_path, 2))
    second = load(store, export(tmp_path, 3))
    assert second.manifest["base"] == first.id
    late = load(store, export(tmp_path, 1))
    assert late.manifest["base"] is None
    assert late.imports == 3


def test_rebuild_from_raw_gives_the_state_of_the_weekly_loads(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    info = None
    for week in (1, 2, 3):
        info = load(store, export(tmp_path, week))
    assert info is not None
    rebuilt = loading.rebuild(store, NOW, "Ann")
    assert state(rebuilt) == state(info)
    assert rebuilt.import_ids == info.import_ids
    named = {path.name for record in store.imports(rebuilt) for path in record.files}
    assert named == {path.name for path in store.imports_folder.glob("*.parquet")}, "old typed rows are dropped"


def test_a_book_change_reaches_the_numbers_with_a_refresh(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    before = load(store, export(tmp_path, 4))
    store.book.put("source_map", {"source_raw_norm": "Events", "channel": "Fairs", "side": "sales"}, "Ann", NOW)
    after = loading.refresh(store, NOW, "Ann")
    assert after is not None and after.id != before.id and after.imports == before.imports

    def channels(info: SnapshotInfo) -> set[str]:
        return {row["channel"] for row in queries.rows(POOL.reader(info.path), "sourced_revenue")}

    assert channels(after) == {"Fairs"}
    assert channels(before) != {"Fairs"}, "the earlier snapshot keeps the book of its day"


def test_refreshing_an_empty_store_does_nothing(tmp_path: Path) -> None:
    assert loading.refresh(Store(tmp_path / "store"), NOW) is None


def test_a_preview_leaves_no_trace(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    load(store, export(tmp_path, 1))
    before = everything(store.root)
    preview = loading.preview(store, [export(tmp_path, 2)], LoadOptions(), NOW)
    assert preview.changes[0].changed == 8 and preview.fresh
    preview.close()
    assert everything(store.root) == before


@pytest.mark.parametrize("step", range(7))
def test_a_disk_that_fills_up_at_any_step_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    store = Store(tmp_path / "store")
    first = load(store, export(tmp_path, 1))
    before = everything(store.root)
    preview = loading.preview(store, [export(tmp_path, 2)], LoadOptions(), NOW)
    calls = itertools.count()
    flush = files.flush_file

    def full(path: Path) -> None:
        if next(calls) == step:
            raise OSError(28, "No space left on device")
        flush(path)

    monkeypatch.setattr(files, "flush_file", full)
    try:
        published = loading.commit(store, preview, NOW, "Ann")
    except StoreError as error:
        assert "disk is full" in str(error)
        published = None
    monkeypatch.undo()
    preview.close()
    current = store.current()
    assert current is not None and current.problem is None
    if published is None:
        assert current.id == first.id
        assert everything(store.root) == before
    assert load(store, export(tmp_path, 2)).imports == 2


def test_a_blocked_preview_cannot_be_committed(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("colour,shape\nred,round\n", encoding="utf-8")
    store = Store(tmp_path / "store")
    preview = loading.preview(store, [path], LoadOptions(), NOW)
    with pytest.raises(IngestError):
        loading.commit(store, preview, NOW, "Ann")
    preview.close()
    assert not store.root.exists()


def test_a_file_that_changes_between_preview_and_commit_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    path = export(tmp_path, 1)
    preview = loading.preview(store, [path], LoadOptions(), NOW)
    path.write_text(path.read_text(encoding="utf-8").replace("100", "999"), encoding="utf-8")
    with pytest.raises(StoreError, match="changed while"):
        loading.commit(store, preview, NOW, "Ann")
    preview.close()
    assert store.current() is None and list(store.raw.iterdir()) == []


def test_two_previews_of_one_file_are_loaded_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    previews = [loading.preview(store, [export(tmp_path, 1)], LoadOptions(), NOW) for _ in range(2)]
    ids = [info.id for preview in previews if (info := loading.commit(store, preview, NOW, "Ann"))]
    assert ids[0] == ids[1]


def test_a_load_on_a_damaged_snapshot_keeps_every_import(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    load(store, export(tmp_path, 1))
    damaged = load(store, export(tmp_path, 2))
    damaged.path.write_bytes(b"garbage")
    info = load(store, export(tmp_path, 3))
    assert info.imports == 3 and info.manifest["base"] is None


def test_numbers_come_back_by_themselves_from_typed_rows_or_from_raw(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    info = load(store, export(tmp_path, 2))
    expected = state(info)
    info.path.unlink()
    recovered = loading.recover(store, NOW)
    assert recovered is not None and state(recovered) == expected
    for path in [*store.snapshots_folder.iterdir(), *store.imports_folder.glob("*.parquet")]:
        path.unlink()
    store.pointer.unlink()
    rebuilt = loading.rebuild(store, NOW)
    assert state(rebuilt) == expected


def test_what_is_about_one_file_is_not_remembered_for_the_next(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    path = tmp_path / "views.csv"
    path.write_text("at,email,pct\n2026-03-01 10:00,a@example.com,80%\n", encoding="utf-8")
    said = LoadOptions(kind="video_views", constants={"video_id": "intro", "platform": "vidyard"})
    load(store, path, options=said)
    (entry,) = store.book.mappings().values()
    assert entry.constants == {"platform": "vidyard"}


def test_readers_get_right_answers_while_loads_publish(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    won = {load(store, export(tmp_path, 1)).id: 100}
    stop, wrong, asked = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            info = store.current()
            assert info is not None
            answer = queries.rows(POOL.reader(info.path), "won_revenue")[0]["numerator"]
            asked.append(1)
            if info.problem or answer not in (100, 300, 600) or won.get(info.id, answer) != answer:
                wrong.append((info.id, answer))

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        try:
            for week, amount in ((2, 300), (3, 600)):
                won[load(store, export(tmp_path, week)).id] = amount
        finally:
            stop.set()
        for reader in readers:
            reader.result(timeout=60)
    assert wrong == [] and len(asked) > 20
