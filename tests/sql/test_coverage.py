"""Pipeline coverage by hand: what is missing, what is open and due, what is left out, and how much would be needed."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from scorecard.errors import NotComputableError, QueryError
from tests.sql.model import AS_OF, Snapshot, write_import
from tests.sql.test_close_rates import MARKETING, deals

# Of 100 old deals 39 were won on day 20 and one, of 1,000, on day 270: in this quarter. Nobody is lost before day 46.
PAST = [
    *deals(MARKETING, (39, "won", 20), (60, "lost", 100)),
    *deals(MARKETING, (1, "won", 270), age=300, amount=1000, deal_id="now"),
]


def open_deal(name: str, expected: str | None, amount: float | None, **more) -> dict:
    found = {"deal_id": name, "status": "open", "created_at": AS_OF - timedelta(days=10), "source_raw": MARKETING,
             "amount": amount, "owner": "Ann"}  # fmt: skip
    day = {"expected_close_at": date.fromisoformat(expected)} if expected else {}
    return found | day | more


OPEN = [
    open_deal("today", "2026-11-15", 500),
    open_deal("early", "2026-12-01", 4000),
    open_deal("last", "2026-12-31", 2000, segment="Big"),
    open_deal("after", "2027-01-01", 9000),
    open_deal("late", "2026-11-14", 700),
    open_deal("later", "2026-10-15", 300),
    open_deal("undated", None, 9000),
    open_deal("unpriced", "2026-12-10", None),
]
PLAN = [{"period": date(2026, 10, 1), "grain": "quarter", "metric": "won_revenue", "value": 5000}]


def built(folder: Path, *extra: dict, plan: list[dict] = PLAN) -> Snapshot:
    imports = [write_import(folder, "deals", [*PAST, *extra])]
    if plan:
        imports.append(write_import(folder, "targets", plan))
    return Snapshot(folder / "snapshot.duckdb", imports)


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory):
    found = built(tmp_path_factory.mktemp("coverage"), *OPEN)
    yield found
    found.reader.close()


def test_the_quarter_is_covered_by_what_is_open_and_due_in_what_is_left_of_it(shot: Snapshot) -> None:
    (row,) = shot.ask("coverage")
    assert (row["period_start"], row["period_end"], row["days_left"]) == (date(2026, 10, 1), date(2027, 1, 1), 46)
    assert (row["target"], row["won"], row["gap"]) == (5000, 1000, 4000)
    # Due today counts, due after the quarter or overdue does not; the one without an amount is a deal without money.
    assert (row["open_deals"], row["open_amount"]) == (4, 6500)
    assert row["coverage"] == pytest.approx(6500 / 4000)
    assert row["win_probability"] == pytest.approx(0.39)
    assert row["needed_coverage"] == pytest.approx(1 / 0.39)
    assert row["standing"] == "short"


def test_weighted_coverage_takes_each_deal_times_its_chance_by_the_end_of_the_period(shot: Snapshot) -> None:
    (row,) = shot.ask("coverage")
    chances = {one["deal_id"]: one["probability"] for one in shot.ask("close_probability", horizon="46")}
    worth = sum(chances[name] * money for name, money in (("today", 500), ("early", 4000), ("last", 2000)))
    assert 0.3 < chances["early"] < 0.5
    assert row["weighted_amount"] == pytest.approx(worth)
    assert row["weighted_coverage"] == pytest.approx(worth / 4000)


def test_what_is_left_out_is_counted_and_listed(shot: Snapshot) -> None:
    found = shot.ask("coverage")
    row = found[0]
    assert (row["past_due_deals"], row["past_due_amount"]) == (2, 1000)
    assert (row["undated_deals"], row["unpriced_deals"]) == (1, 1)
    assert "Past their expected date and not counted: 2 open deals." in found.notes
    assert "Without an expected date and not counted: 1 open deal." in found.notes
    late = [(one["deal_id"], one["owner"], one["days_overdue"]) for one in shot.ask("due_deals") if one["days_overdue"]]
    assert late == [("later", "Ann", 31), ("late", "Ann", 1)]


def test_a_target_that_is_given_holds_and_one_that_is_met_says_so(shot: Snapshot) -> None:
    (row,) = shot.ask("coverage", target=2000)
    assert (row["gap"], row["coverage"], row["standing"]) == (1000, 6.5, "enough")
    (row,) = shot.ask("coverage", target=900)
    assert (row["gap"], row["coverage"], row["weighted_coverage"], row["standing"]) == (0, None, None, "target met")
    with pytest.raises(QueryError, match="amount of money"):
        shot.ask("coverage", target=-1)


def test_another_period_has_its_own_deals_and_a_past_one_is_refused(shot: Snapshot) -> None:
    (row,) = shot.ask("coverage", period_start=date(2027, 1, 1), period_end=date(2027, 4, 1), target=18000)
    assert (row["open_deals"], row["open_amount"], row["won"], row["coverage"]) == (1, 9000, 0, 0.5)
    with pytest.raises(NotComputableError, match="nothing is left to be covered"):
        shot.ask("coverage", period_start=date(2026, 7, 1), period_end=date(2026, 10, 1))


def test_a_part_no_plan_tells_apart_has_no_target(shot: Snapshot) -> None:
    (row,) = shot.ask("coverage", owners=["Ann"])
    assert (row["target"], row["coverage"], row["standing"]) == (None, None, "no target")
    assert row["open_amount"] == 6500
    (row,) = shot.ask("coverage", segments=["Big"], target=4000)
    assert (row["open_amount"], row["won"], row["coverage"]) == (2000, 0, 0.5)
    # Too few won in that part to know what is needed.
    assert row["needed_coverage"] is None and row["standing"] == "needed coverage not known"


def test_without_a_plan_or_without_dates_nothing_is_made_up(tmp_path: Path) -> None:
    shot = built(tmp_path, open_deal("one", None, 4000), plan=[])
    assert [row["standing"] for row in shot.ask("coverage")] == ["no target"]
    (row,) = shot.ask("coverage", target=5000)
    assert row["open_amount"] is row["coverage"] is row["weighted_coverage"] is None
    assert row["standing"] == "no expected dates"
    shot.reader.close()
