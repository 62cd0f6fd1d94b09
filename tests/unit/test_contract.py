"""The contract of a weekly export: what is wrong is named before anybody publishes, a clean week passes in silence."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.loading import Preview
from scorecard.store import Store
from tests.command_line import command
from tests.unit.weekly_exports import DEFECTS, Defect, day_of, deals, people

PROVE = os.environ.get("SCORECARD_PROVE") == "1"
SEEDS = (1, 2, 3) if PROVE else (1,)
CLEAN_WEEKS = 12 if PROVE else 3
LOADED = 4  # weeks in the store before the broken one
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
FULL = LoadOptions(full=True)


def moment(week: int) -> datetime:
    return datetime.combine(day_of(week), datetime.min.time()) + timedelta(days=1, hours=9)


def load(store: Store, paths: list[Path], now: datetime, options: LoadOptions = FULL) -> Preview:
    """Publish; the preview that was published."""
    preview = loading.preview(store, paths, options, now)
    assert not preview.blocked, [(report.file, report.questions, report.error) for report in preview.reports]
    assert loading.commit(store, preview, now, "Ann")
    preview.close()
    return preview


@pytest.fixture(scope="module", params=SEEDS, ids="seed {}".format)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, int]]:
    """A store with four weeks, and the seed they were made with."""
    folder = tmp_path_factory.mktemp("contract")
    store, seed = Store(folder / "store"), request.param
    for week in range(LOADED):
        load(store, [deals(week, seed).write(folder), people(week, seed).write(folder)], moment(week))
    yield store, seed


def named(preview: Preview) -> set[str]:
    """Every check, question topic and outcome that the preview names."""
    said = {finding.check for findings in preview.findings for finding in findings}
    for report in preview.reports:
        said |= {question.key.rpartition(".")[2] for question in report.questions}
        said |= {"refused"} if report.status == "refused" else set()
        said |= {"quarantine"} if report.rows_quarantined else set()
    return said


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_of_a_weekly_export_is_named(loaded: tuple[Store, int], defect: Defect, tmp_path: Path) -> None:
    store, seed = loaded
    preview = loading.preview(store, [defect.make(LOADED, seed, tmp_path)], FULL, moment(LOADED))
    preview.close()
    assert named(preview) & set(defect.named_by), named(preview)


def test_there_are_more_than_25_defects(record_property: Callable[[str, object], None]) -> None:
    record_property("kinds of seeded defects, each named or the proof fails", len(DEFECTS))
    record_property("seeds", len(SEEDS))
    record_property("clean weeks for each seed, full and partial, without a finding or the proof fails", CLEAN_WEEKS)
    assert len(DEFECTS) >= 25


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("options", [FULL, LoadOptions()], ids=["full", "partial"])
def test_clean_weeks_pass_in_silence(tmp_path: Path, seed: int, options: LoadOptions) -> None:
    store = Store(tmp_path / "store")
    for week in range(CLEAN_WEEKS):
        files = [deals(week, seed).write(tmp_path), people(week, seed).write(tmp_path)]
        preview = load(store, files, moment(week), options)
        assert [finding for findings in preview.findings for finding in findings] == []


def test_the_difference_in_money_is_what_is_published(loaded: tuple[Store, int], tmp_path: Path) -> None:
    source, seed = loaded
    store = Store(tmp_path / "store")
    for week in (0, 3):
        preview = load(store, [deals(week, seed).write(tmp_path), people(week, seed).write(tmp_path)], moment(week))
        info = store.current()
        assert info is not None and preview.money is not None
        measures = {measure.name: measure for measure in preview.money.measures}
        assert measures["won_revenue"].after == pytest.approx(float(info.manifest["sums"]["won.amount"]))
        assert measures["deals"].after == info.rows["deals"]
        assert measures["won_revenue"].after > measures["won_revenue"].before
    change = measures["won_revenue"].after - measures["won_revenue"].before
    assert sum(row["won_change"] for row in preview.money.movers) == pytest.approx(change)
    assert len(preview.money.movers) == preview.money.moved_deals
    sizes = [abs(row["won_change"]) + abs(row["open_change"]) for row in preview.money.movers]
    assert sizes == sorted(sizes, reverse=True)
    assert source.current() is not None


def test_a_full_list_takes_away_what_it_no_longer_names(loaded: tuple[Store, int], tmp_path: Path) -> None:
    store, seed = loaded
    export = deals(LOADED, seed)
    kept = [row for number, row in enumerate(export.rows) if number % 10]
    path = type(export)(export.name, export.header, kept).write(tmp_path)
    after = {}
    for options in (FULL, LoadOptions(full=False)):
        preview = loading.preview(store, [path], options, moment(LOADED))
        preview.close()
        assert preview.money is not None
        after[options.full] = next(measure.after for measure in preview.money.measures if measure.name == "deals")
    assert after[True] == len(kept)
    assert after[False] > len(kept)


def test_an_older_export_changes_no_number(loaded: tuple[Store, int], tmp_path: Path) -> None:
    store, seed = loaded
    rows = [{**row, "amount": "1"} for row in deals(1, seed).rows]
    export = deals(1, seed)
    path = type(export)(export.name, export.header, rows).write(tmp_path)
    preview = loading.preview(store, [path], LoadOptions(full=False), moment(LOADED))
    preview.close()
    assert not preview.blocked and named(preview) == {"older"}
    assert preview.money is not None and preview.money.moved_deals == 0


def test_what_blocks_is_asked_and_can_be_accepted(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(Store(store), [deals(0).write(tmp_path)], moment(0))
    export = deals(1)
    path = type(export)(export.name, export.header, export.rows[::3]).write(tmp_path)
    refused = command("load", path, "--full", "--json", store=store)
    assert refused.code == 2
    file = refused.json["files"][0]
    assert [question["key"] for question in file["questions"]] == ["contract.fewer_rows"]
    assert file["questions"][0]["choices"] == ["accept"]
    assert next((found["check"], found["severity"]) for found in file["contract"]) == ("fewer_rows", "block")
    measures = {measure["name"]: measure for measure in refused.json["money"]["measures"]}
    assert measures["deals"]["before"] > measures["deals"]["after"] == len(export.rows[::3])
    said = command("check", path, "--full", store=store)
    assert said.code == 2 and "--answer contract.fewer_rows=accept" in said.out
    accepted = command("load", path, "--full", "--answer", "contract.fewer_rows=accept", store=store)
    assert accepted.code == 0, accepted.err
    assert loading.rebuild(Store(store), moment(2)).imports == 2


@pytest.mark.skipif(not PROVE, reason="SCORECARD_PROVE=1 loads the whole sample week by week")
def test_the_sample_loads_week_by_week_without_a_finding(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    for week, now in ((1, datetime(2026, 11, 2)), (2, datetime(2026, 11, 9)), (3, datetime(2026, 11, 16))):
        preview = load(store, sorted((SAMPLE / f"week-{week}").iterdir()), now, LoadOptions())
        assert [finding for findings in preview.findings for finding in findings] == []
