"""The goal tree by hand: 200 leads, 100 MQLs, 50 opportunities of theirs and 50 others, 40 of the 100 won at 1,000."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from scorecard.errors import QueryError
from tests.sql.model import AS_OF, Snapshot, write_import

CREATED = AS_OF - timedelta(days=200)
PLAN = [{"period": date(2026, 10, 1), "grain": "quarter", "metric": "won_revenue", "value": 10_000}]


def made() -> dict[str, list[dict[str, Any]]]:
    people, deals, links = [], [], []
    for at in range(200):
        mql = CREATED + timedelta(days=1) if at < 100 else None
        people.append({"person_id": f"p{at}", "created_at": CREATED, "mql_at": mql, "segment": "Mid"})
    for at in range(100):
        opened = CREATED + timedelta(days=10)
        closed = opened + timedelta(days=20)
        status = "won" if at % 5 < 2 else "lost"
        deals.append({"deal_id": f"d{at}", "status": status, "created_at": opened, "closed_at": closed, "amount": 1000,
                      "segment": "Mid"})  # fmt: skip
        if at < 50:
            links.append({"deal_id": f"d{at}", "person_id": f"p{at}"})
    deals.append({"deal_id": "new", "status": "won", "created_at": AS_OF - timedelta(days=9), "amount": 1000,
                  "closed_at": AS_OF - timedelta(days=2), "segment": "Mid"})  # fmt: skip
    people.append({"person_id": "new", "created_at": AS_OF - timedelta(days=9), "segment": "Small"})
    return {"people": people, "deals": deals, "deal_people": links, "targets": PLAN}


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("goal")
    built = Snapshot(folder / "goal.duckdb", [write_import(folder, kind, rows) for kind, rows in made().items()])
    yield built
    built.reader.close()


def test_the_target_is_solved_back_with_the_teams_own_rates(shot: Snapshot) -> None:
    rows = {row["step"]: row for row in shot.ask("goal_tree")}
    assert list(rows) == ["revenue", "deals", "opportunities", "mqls", "leads"]
    needed = {step: row["needed"] for step, row in rows.items()}
    # 10,000 / 1,000 = 10 deals; / 40 % = 25 opportunities; half of them (50 of 101) came by an MQL, / 50 %; / 50 %.
    assert needed == {"revenue": 10_000, "deals": 10, "opportunities": 25, "mqls": 25, "leads": 50}
    so_far = {step: row["so_far"] for step, row in rows.items()}
    assert so_far == {"revenue": 1000, "deals": 1, "opportunities": 1, "mqls": 0, "leads": 1}
    assert (rows["opportunities"]["rate"], rows["opportunities"]["n"]) == (0.4, 100)
    assert rows["opportunities"]["low"] == pytest.approx(0.3094, abs=1e-4)  # Wilson, 40 of 100
    assert rows["opportunities"]["high"] == pytest.approx(0.4980, abs=1e-4)
    assert (rows["deals"]["rate"], rows["deals"]["low"], rows["deals"]["n"]) == (1000, 1000, 41)


def test_another_target_is_solved_back_the_same_way(shot: Snapshot) -> None:
    assert [row["needed"] for row in shot.ask("goal_tree", target=20_000)] == [20_000, 20, 50, 50, 100]
    with pytest.raises(QueryError, match="above 0"):
        shot.ask("goal_tree", target=-5)


def test_a_rate_of_few_cases_is_refused_and_all_that_rests_on_it(shot: Snapshot) -> None:
    rows = shot.ask("goal_tree", segments=["Small"], target=10_000)
    assert [row["needed"] for row in rows] == [10_000, None, None], "no MQLs in this part: the tree ends before"
    assert all(row["rate"] is None for row in rows)
    assert any("it needs 30" in note for note in getattr(rows, "notes", ()))


def test_a_part_without_a_plan_of_its_own_has_no_target(shot: Snapshot) -> None:
    rows = shot.ask("goal_tree", owners=["Ann"])
    assert rows[0]["needed"] is None
    assert any("No target" in note for note in getattr(rows, "notes", ()))
