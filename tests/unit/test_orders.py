"""One state whatever the order, for every shape weekly files come in: no ids, no dates, overlaps, full and partial."""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from scorecard import loading, queries
from scorecard.ingest.report import LoadOptions
from scorecard.queries_readers import POOL
from scorecard.store import Store
from scorecard.store_snapshots import SnapshotInfo
from tests.unit.test_loading import NOW

ORDERS = int(os.environ.get("SCORECARD_ORDERS", "1"))
OF_THE_LOAD = {"import_id", "version", "loaded_at", "who", "row_no"}
TABLES = (
    *("people", "deals", "companies", "touches", "video_views", "activities", "spend", "surveys", "revenue", "users"),
    *("deal_history", "person_history", "stage_events", "deal_people", "lead_fact", "metric_rows", "quarantine"),
    *("video_period", "products", "targets", "coverage"),
)
Lines = Sequence[str]


@dataclass(frozen=True)
class File:
    """One file and what is said with it."""

    name: str
    header: str
    lines: Lines
    options: LoadOptions = field(default_factory=LoadOptions)

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        path.write_text("\n".join([self.header, *self.lines]) + "\n", encoding="utf-8")
        return path


def days(first: int, last: int, line: Callable[[int], str]) -> list[str]:
    return [line(day) for day in range(first, last + 1)]


DEALS = "deal_id,name,status,amount,created_at,closed_at,source_raw"
FULL, PARTIAL = LoadOptions(full=True), LoadOptions(full=False)
GERMAN = LoadOptions(kind="deals", mapping={"amount": "Betrag", "name": "Bezeichnung"})


def deal(number: int, week: int) -> str:
    status, closed = ("won", f"2026-02-{number:02d}") if number <= week else ("open", "")
    amount = 100 * number + (0 if number <= week else week)
    return f"d{number},Deal {number},{status},{amount},2026-01-05,{closed},Events"


SHAPES: dict[str, list[File]] = {
    "rows without ids that overlap": [
        File(
            f"touches-2026-03-{end:02d}.csv",
            "at,email,channel,kind",
            days(start, end, lambda day: f"2026-02-{day:02d} 10:00,p{day % 3}@a.example,Events,visit"),
            LoadOptions(kind="touches"),
        )
        for start, end in ((1, 9), (5, 14), (10, 20), (1, 24))
    ],
    "records without dates of change": [
        File(f"deals-2026-03-{week:02d}.csv", DEALS, [deal(number, week) for number in range(1, 8)])
        for week in (1, 2, 3, 4)
    ],
    "overlapping parts of a list": [
        File(f"deals-2026-03-{week:02d}.csv", DEALS, [deal(number, week) for number in range(week, week + 4)])
        for week in (1, 2, 3, 4)
    ],
    "ad spend that overlaps by days": [
        File(
            f"spend-2026-02-{end:02d}.csv",
            "period_start,channel,campaign,cost,clicks",
            days(start, end, lambda day, end=end: f"2026-02-{day:02d},Paid Search,Brand,{day + end}.50,{day}"),
        )
        for start, end in ((1, 9), (5, 14), (10, 20), (1, 12))
    ],
    "ad spend over weeks beside days": [
        File(
            "spend-2026-02-14.csv",
            "period_start,period_end,channel,campaign,cost",
            ["2026-02-01,2026-02-07,Paid Search,Brand,70", "2026-02-08,2026-02-14,Paid Search,Brand,140"],
        ),
        File(
            "spend-2026-02-20.csv",
            "period_start,channel,campaign,cost",
            days(5, 20, lambda day: f"2026-02-{day:02d},Paid Search,Brand,{day}"),
        ),
        File("spend-2026-02-28.csv", "period_start,channel,campaign,cost", ["2026-02-28,Paid Social,Spring,9"]),
    ],
    "columns that are renamed": [
        File("deals-2026-03-01.csv", DEALS, [deal(number, 1) for number in range(1, 6)]),
        File(
            "deals-2026-03-02.csv",
            "deal_id,Bezeichnung,status,Betrag,created_at,closed_at,source_raw",
            [deal(number, 2) for number in range(1, 6)],
            GERMAN,
        ),
        File(
            "deals-2026-03-03.csv",
            "source_raw,deal_id,name,status,amount,created_at,closed_at,owner",
            [f"Events,{deal(number, 3).rpartition(',')[0]},Ann" for number in range(1, 6)],
        ),
    ],
    "full and partial lists mixed": [
        File("deals-2026-03-01.csv", DEALS, [deal(number, 1) for number in range(1, 9)], FULL),
        File("deals-2026-03-02.csv", DEALS, [deal(number, 2) for number in (2, 9)], PARTIAL),
        File("deals-2026-03-03.csv", DEALS, [deal(number, 3) for number in range(1, 7)], FULL),
        File("deals-2026-03-04.csv", DEALS, [deal(number, 4) for number in (7, 1)], PARTIAL),
    ],
    "people, deals and activities of one team": [
        File(
            f"people-2026-03-{week:02d}.csv",
            "person_id,name,email,created_at,source_raw,lifecycle_stage,company_name,modified_at",
            [
                f"p{number},Person {number},p{number}@c{number % 2}.example,2026-01-0{number},Webinar,"
                f"{'MQL' if number <= week else 'Lead'},Company {number % 2},2026-03-{week:02d}"
                for number in range(1, 6)
            ],
        )
        for week in (1, 2)
    ]
    + [
        File(
            f"deals-2026-03-{week:02d}.csv",
            f"{DEALS},company_name,modified_at",
            [f"{deal(number, week)},Company {number % 2},2026-03-{week:02d}" for number in range(1, 6)],
        )
        for week in (1, 2)
    ]
    + [
        File(
            "activities-2026-03-02.csv",
            "activity_id,at,type,email,owner",
            [f"a{number},2026-01-1{number} 09:00,call,p{number}@c{number % 2}.example,Ann" for number in range(1, 5)],
        )
    ],
    "surveys and revenue without ids": [
        File(
            f"surveys-2026-03-{end:02d}.csv",
            "at,score,email",
            days(start, end, lambda day: f"2026-02-{day:02d} 08:00,{day % 11},p{day % 4}@a.example"),
            LoadOptions(kind="surveys"),
        )
        for start, end in ((1, 8), (4, 12))
    ]
    + [
        File(
            f"revenue-2026-0{month}-28.csv",
            "company_name,month,amount",
            [f"Company {number},2026-0{part}-01,{100 * part + month}" for number in (1, 2) for part in (1, month)],
            LoadOptions(kind="revenue"),
        )
        for month in (2, 3)
    ],
}


def accepted(store: Store, files: Sequence[tuple[Path, LoadOptions]], step: int) -> SnapshotInfo:
    """Load the files together, each broken promise accepted, all else as said."""
    now = NOW + timedelta(minutes=step)
    options = files[0][1]
    paths = [path for path, _ in files]
    answers: dict[str, str] = {}
    for _ in range(3):
        looked_at = loading.preview(store, paths, replace(options, answers=answers), now)
        try:
            asked = [question.key for report in looked_at.reports for question in report.questions]
            if not looked_at.blocked:
                info = loading.commit(store, looked_at, now, "Ann")
                assert info is not None
                return info
        finally:
            looked_at.close()
        assert all(key.startswith("contract.") for key in asked) and asked, [
            (report.error, report.questions) for report in looked_at.reports
        ]
        answers |= dict.fromkeys(asked, "accept")
    raise AssertionError(f"still asked: {asked}")


def state(info: SnapshotInfo) -> dict[str, list[str]]:
    """All that the snapshot says, without when and by which import it was said."""
    reader = POOL.reader(info.path)
    found = {}
    for table in TABLES:
        rows = queries.read_table(reader, table)
        found[table] = sorted(str({name: row[name] for name in row if name not in OF_THE_LOAD}) for row in rows)
    return found


def first_difference(one: dict[str, list[str]], other: dict[str, list[str]]) -> str:
    for table, rows in one.items():
        if rows != other[table]:
            here, there = sorted(set(rows) - set(other[table])), sorted(set(other[table]) - set(rows))
            return f"{table}: {len(rows)} and {len(other[table])} rows; {here[:2]} and {there[:2]}"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_files_of_every_shape_in_any_order_with_repeats_give_one_state(
    tmp_path: Path, shape: str, record_property: Callable[[str, object], None]
) -> None:
    files = [(file.write(tmp_path), file.options) for file in SHAPES[shape]]
    in_order = Store(tmp_path / "in order")
    expected = state([accepted(in_order, [file], step) for step, file in enumerate(files)][-1])
    assert sum(len(rows) for rows in expected.values()) > len(files)
    dice = random.Random(3)
    states = 1
    for number in range(ORDERS):
        order = dice.sample(files, len(files))
        again = dice.choice(order)
        order.insert(dice.randrange(order.index(again) + 1, len(order) + 1), again)
        store = Store(tmp_path / f"store{number}")
        found = state([accepted(store, [file], step) for step, file in enumerate(order)][-1])
        difference = first_difference(expected, found)
        states += bool(difference)
        assert not difference, ([path.name for path, _ in order], difference)
    if len({repr(options) for _, options in files}) == 1:
        together = state(accepted(Store(tmp_path / "together"), dice.sample(files, len(files)), 0))
        assert not first_difference(expected, together), first_difference(expected, together)
    rebuilt = state(loading.rebuild(in_order, NOW + timedelta(days=1), "Ann"))
    assert not first_difference(expected, rebuilt), first_difference(expected, rebuilt)
    record_property(f"{shape}: orders; different states", f"{ORDERS}; {states - 1}")


def test_files_of_one_day_that_differ_give_one_state_when_loaded_together_in_any_order(tmp_path: Path) -> None:
    one = File("deals-2026-03-01.csv", DEALS, [deal(1, 1), "d2,Deal 2,won,200,2026-01-05,2026-02-02,Events"])
    two = File("more-2026-03-01.csv", DEALS, ["d2,Deal 2,won,999,2026-01-05,2026-02-02,Events", deal(3, 1)])
    files = [(file.write(tmp_path), file.options) for file in (one, two)]
    states = [state(accepted(Store(tmp_path / str(n)), files[:: (1, -1)[n]], 0)) for n in (0, 1)]
    assert not first_difference(*states)
