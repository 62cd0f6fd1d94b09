"""Why won revenue moved, asked of a snapshot: parts that sum to the change of the metric itself."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from scorecard.errors import NotComputableError
from tests.sql.model import AS_OF, Snapshot, day

FROM, TO = date(2026, 10, 1), date(2026, 11, 1)
BEFORE = {"period_start": date(2026, 8, 31), "period_end": FROM}  # the 31 days before
PERIOD = {"period_start": FROM, "period_end": TO}


def people(dates: list[str], source: str = "Paid Search") -> list[dict]:
    return [
        {"person_id": f"{source}{text}{n}", "created_at": day(text), "source_raw": source}
        for n, text in enumerate(dates)
    ]


def deal(name: str, status: str, closed: str, amount: object = None, source: str = "Paid Search") -> dict:
    value = None if amount is None else Decimal(str(amount))
    return {
        "deal_id": name, "status": status, "amount": value, "closed_at": day(closed), "created_at": day("2026-06-01"),
        "source_raw": source,
    }  # fmt: skip


@pytest.fixture
def team(snapshot) -> Snapshot:
    """September: 10 leads, 4 closed, 2 won, 200. October: 12 leads, 6 closed, 4 won, 300.30."""
    deals = [deal(f"a{n}", "won", "2026-09-10", 100) for n in range(2)]
    deals += [deal(f"b{n}", "lost", "2026-09-11", 70, "Outbound") for n in range(2)]
    deals += [deal(f"c{n}", "won", "2026-10-10", "75.10" if n else "75") for n in range(4)]
    deals += [deal(f"d{n}", "lost", "2026-10-31", 50, "Outbound") for n in range(2)]
    deals += [deal("outside", "won", "2026-11-01", 9999)]
    return snapshot(people=people(["2026-09-02"] * 10 + ["2026-10-02"] * 12), deals=deals)


def revenue(team: Snapshot, **period) -> Decimal:
    rows = team.ask("won_revenue", **period)
    return rows[0]["numerator"] if rows else Decimal(0)


def test_the_four_drivers_sum_to_the_change_of_the_metric(team: Snapshot) -> None:
    rows = team.ask("driver_split", **PERIOD)
    assert [row["driver"] for row in rows] == ["leads", "conversion", "win", "size"]
    change = revenue(team, **PERIOD) - revenue(team, **BEFORE)
    assert change == Decimal("100.30")
    assert sum(row["contribution"] for row in rows) == change
    by = {row["driver"]: row for row in team.ask("driver_values", **PERIOD)}
    assert (by["leads"]["value_before"], by["leads"]["value_after"]) == (10, 12)
    assert (by["conversion"]["value_before"], by["conversion"]["value_after"]) == (0.4, 0.5)
    assert (by["win"]["value_before"], by["win"]["value_after"]) == (0.5, pytest.approx(4 / 6))
    assert (by["size"]["value_before"], by["size"]["value_after"]) == (100, pytest.approx(75.075))
    assert by["size"]["contribution"] < 0 < by["win"]["contribution"]
    assert "Won revenue 300.30 (1 Oct 2026 to 31 Oct 2026) against 200" in rows.notes[0]


def test_the_period_to_compare_with_can_be_chosen_by_its_last_day(team: Snapshot) -> None:
    rows = team.ask("driver_split", **PERIOD, compare_to=FROM - timedelta(days=1))
    assert rows == team.ask("driver_split", **PERIOD)
    same = team.ask("driver_split", **PERIOD, compare_to=TO - timedelta(days=1))
    assert {row["contribution"] for row in same} == {0}


def test_without_a_period_it_is_the_last_thirteen_weeks(team: Snapshot) -> None:
    facts = team.ask("driver_facts")
    spans = {(row["period_start"], row["period_end"]) for row in facts}
    end = AS_OF.date() + timedelta(days=1)
    quarter = timedelta(days=91)
    assert spans == {(end - 2 * quarter, end - quarter), (end - quarter, end)}


def test_volume_mix_and_rate_sum_to_the_same_change(team: Snapshot) -> None:
    rows = team.ask("driver_split", **PERIOD, by="channel")
    assert rows[0]["driver"] == "volume"
    assert {row["driver"].partition(":")[0] for row in rows} == {"volume", "mix", "rate"}
    assert sum(row["contribution"] for row in rows) == Decimal("100.30")


def test_no_leads_in_one_period_merges_what_cannot_be_told_apart(snapshot) -> None:
    deals = [deal("a", "won", "2026-09-10", 100), deal("c", "won", "2026-10-10", 130)]
    rows = snapshot(people=people(["2026-10-02"] * 3), deals=deals).ask("driver_split", **PERIOD)
    assert [row["driver"] for row in rows] == ["leads and conversion", "win", "size"]
    assert sum(row["contribution"] for row in rows) == 30
    assert any("No leads came in one of the periods" in note for note in rows.notes)


def test_a_filter_narrows_both_periods(team: Snapshot) -> None:
    rows = team.ask("driver_split", **PERIOD, sources=["Paid Search"])
    assert sum(row["contribution"] for row in rows) == Decimal("100.30")
    with pytest.raises(NotComputableError, match="No deal closed"):
        team.ask("driver_split", **PERIOD, sources=["nobody"])
