"""Three weekly exports loaded in turn by the front door: what changed, against the files themselves read by hand."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scorecard import loading_back
from scorecard.command import main
from scorecard.store import Store

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
WEEKS = ("2026-11-01", "2026-11-08", "2026-11-15")
FILES = [SAMPLE / f"week-{n}" / f"hubspot-crm-exports-all-deals-{on}.csv" for n, on in enumerate(WEEKS, start=1)]
CLOSED = {"Closed won": "won", "Closed lost": "lost"}


@dataclass
class Weeks:
    root: Path
    capture: Any

    def ask(self, name: str, *words: str) -> Any:
        assert main(["ask", name, *words, "--format", "json", "--store", str(self.root)], datetime(2026, 11, 28)) == 0
        seen = self.capture.readouterr()
        self.said = seen.err
        return json.loads(seen.out)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    store = tmp_path_factory.mktemp("weeks") / "store"
    for number, path in enumerate(FILES):
        assert main(["load", str(path), "--store", str(store)], datetime(2026, 11, 20, 9, number)) == 0
    yield store


@pytest.fixture
def weeks(root: Path, capsys: pytest.CaptureFixture[str]) -> Weeks:
    return Weeks(root, capsys)


def told(path: Path) -> dict[str, dict[str, str]]:
    """Every deal as the files up to this one tell it: from the second week on they list only what changed."""
    found: dict[str, dict[str, str]] = {}
    for one in FILES[: FILES.index(path) + 1]:
        with one.open(encoding="utf-8-sig", newline="") as lines:
            found |= {row["Record ID"]: row for row in csv.DictReader(lines)}
    return found


def by_hand(before: Path, after: Path) -> dict[str, tuple[int, float]]:
    """The same buckets in twenty lines of Python over the two files."""
    then, now = told(before), told(after)
    found: dict[str, list[float]] = {}

    def add(bucket: str, amount: float) -> None:
        found.setdefault(bucket, []).append(amount)

    for key in {*then, *now}:
        was = then.get(key) if key in then and then[key]["Deal Stage"] not in CLOSED else None
        is_now = now.get(key) if key in now and now[key]["Deal Stage"] not in CLOSED else None
        if was:
            add("start", float(was["Amount"]))
        if is_now:
            add("end", float(is_now["Amount"]))
        if was and not is_now:
            add(CLOSED[now[key]["Deal Stage"]], -float(was["Amount"]))
        if is_now and not was:
            add("created" if key not in then else "reopened", float(is_now["Amount"]))
        if was and is_now and was["Amount"] != is_now["Amount"]:
            change = float(is_now["Amount"]) - float(was["Amount"])
            add("amount_up" if change > 0 else "amount_down", change)
        if key in then and key in now and not was and not is_now:
            changed = [then[key][name] != now[key][name] for name in ("Amount", "Deal Stage", "Close Date")]
            if any(changed):
                add("restated", 0.0)
    return {bucket: (len(amounts), round(sum(amounts), 2)) for bucket, amounts in found.items()}


def flow(rows: list[dict[str, Any]]) -> dict[str, tuple[int, float]]:
    assert round(sum(row["amount"] for row in rows[:-1]), 2) == rows[-1]["amount"]
    return {row["bucket"]: (row["deals"], row["amount"]) for row in rows if row["deals"]}


def test_a_week_against_the_one_before_is_what_the_two_files_say(weeks: Weeks) -> None:
    found = flow(weeks.ask("pipeline_flow"))
    assert found == by_hand(FILES[1], FILES[2])
    assert found == {
        "start": (224, 7545000), "created": (26, 870350), "amount_up": (6, 23050), "amount_down": (5, -33950),
        "won": (13, -496600), "lost": (13, -475250), "end": (224, 7432600),
    }  # fmt: skip
    assert "From the numbers of 2026-11-08" in weeks.said and "to those of 2026-11-15" in weeks.said


def test_two_weeks_back_by_id_and_by_date(weeks: Weeks) -> None:
    first = Store(weeks.root).snapshots()[0].id
    expected = by_hand(FILES[0], FILES[2])
    assert flow(weeks.ask("pipeline_flow", "--compare-to", first)) == expected
    assert flow(weeks.ask("pipeline_flow", "--compare-to", "2026-11-05")) == expected
    middle = Store(weeks.root).snapshots()[1].id
    back = flow(weeks.ask("pipeline_flow", "--snapshot", middle))
    assert back == by_hand(FILES[0], FILES[1])


def test_the_same_numbers_differ_in_nothing(weeks: Weeks) -> None:
    found = flow(weeks.ask("pipeline_flow", "--compare-to", "2026-11-15"))
    assert set(found) == {"start", "end"} and found["start"] == found["end"]


def test_deals_of_the_bars_add_up_by_the_front_door(weeks: Weeks) -> None:
    bars = flow(weeks.ask("pipeline_flow", "--from", "2026-10-01", "--to", "2027-01-01"))
    deals = weeks.ask("pipeline_flow_deals", "--from", "2026-10-01", "--to", "2027-01-01")
    for bucket, bar in bars.items():
        own = [row["amount"] for row in deals if row["bucket"] == bucket]
        assert (len(own), round(sum(own), 2)) == bar
    won = weeks.ask("pipeline_flow_deals", "--from", "2026-10-01", "--to", "2027-01-01", "--bucket", "won")
    assert [row["bucket"] for row in won] == ["won"] * bars["won"][0]


def test_a_pruned_week_is_built_again_to_be_compared_with(weeks: Weeks) -> None:
    expected = flow(weeks.ask("pipeline_flow", "--compare-to", "2026-11-01"))
    assert loading_back.prune(Store(weeks.root), 1) == 2
    assert flow(weeks.ask("pipeline_flow", "--compare-to", "2026-11-01")) == expected


def test_a_day_before_all_numbers_says_when_they_begin(weeks: Weeks) -> None:
    assert main(["ask", "pipeline_flow", "--compare-to", "2020-01-01", "--store", str(weeks.root)]) != 0
    assert "the earliest tell of 2026-11-01" in weeks.capture.readouterr().err


def test_an_ordinary_report_is_asked_of_both_days(weeks: Weeks) -> None:
    rows = weeks.ask("won_deals", "--compare-to", "2026-11-09")
    assert len({row["snapshot"] for row in rows}) == 2


def test_one_state_alone_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "store")
    assert main(["load", str(FILES[0]), "--store", store], datetime(2026, 11, 20)) == 0
    capsys.readouterr()
    assert main(["ask", "pipeline_flow", "--format", "json", "--store", store], datetime(2026, 11, 20)) == 0
    seen = capsys.readouterr()
    assert json.loads(seen.out) == [] and "there is only one. Load next week's export" in seen.err
