"""Planted churn, answers, friction and change, found again through the command line; and the worked interval of NPS."""

import csv
import shutil
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scorecard import loading
from scorecard.book_alignment import agree, agreed
from scorecard.charts import headlines_handoff
from scorecard.errors import StoreError
from scorecard.stats import rates, resample
from scorecard.store import Store
from tests.command_line import ask, load
from tests.sql.model import day

HANDED = datetime(2026, 5, 4, 9, 0)  # a Monday
LEADS = 100
UNTOUCHED, LATE, REJECTED, ACCEPTED, NAMELESS = 20, 30, 40, 40, 10


def write(folder: Path, name: str, rows: Iterable[dict[str, Any]]) -> Path:
    listed = list(rows)
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, listed[0])
        writer.writeheader()
        writer.writerows(listed)
    return path


def leads() -> list[dict[str, Any]]:
    """The first 20 are never tried, the next 30 late; 40 rejected, 40 accepted, 20 undecided; 10 without a company."""
    found = []
    for n in range(LEADS):
        decided = HANDED + timedelta(days=1)
        is_rejected, is_accepted = n < REJECTED, REJECTED <= n < REJECTED + ACCEPTED
        found.append(
            {
                "person_id": f"p{n}",
                "email": f"p{n}@a{n}.example",
                "company_id": "" if n >= LEADS - NAMELESS else f"c{n}",
                "company_name": "" if n >= LEADS - NAMELESS else f"Company {n}",
                "source_raw": "Paid Search",
                "team": "West" if n < UNTOUCHED + LATE else "East",
                "created_at": "2026-05-01",
                "mql_at": HANDED.isoformat(sep=" "),
                "sql_at": decided.isoformat(sep=" ") if is_accepted else "",
                "disqualified_at": decided.isoformat(sep=" ") if is_rejected else "",
                "disq_reason": "No budget" if is_rejected else "",
            }
        )
    return found


def calls() -> list[dict[str, Any]]:
    """An hour after the hand-over, or four weeks where late."""
    return [
        {
            "person_id": f"p{n}",
            "at": (HANDED + (timedelta(days=28) if n < UNTOUCHED + LATE else timedelta(hours=1))).isoformat(sep=" "),
            "type": "call",
        }
        for n in range(UNTOUCHED, LEADS)
    ]


def answers() -> list[dict[str, Any]]:
    """50 promoters, 30 passives, 20 detractors; the first ten answered worse before and count once."""
    scores = [10] * 50 + [8] * 30 + [3] * 20
    rows = [("2026-06-10", n, score) for n, score in enumerate(scores)]
    rows += [("2026-06-01", n, 0) for n in range(10)]
    return [
        {"response_id": at, "at": on, "email": f"p{n}@a{n}.example", "kind": "nps", "score": score, "scale_max": 10}
        for at, (on, n, score) in enumerate(rows)
    ]


def bills() -> list[dict[str, Any]]:
    """60 customers of 100 a month; in March 6 of them leave, 12 pay 150, 9 pay 80; 5 new ones come."""

    def amount(n: int, month: int) -> int:
        if month < 3:
            return 100 if n < 60 else 0
        return 0 if n < 6 else 150 if n < 18 else 80 if n < 27 else 100

    return [
        {"company_id": f"c{n}", "month": f"2026-{month:02d}-01", "kind": "recurring", "amount": amount(n, month)}
        for n in range(65)
        for month in range(1, 7)
        if amount(n, month)
    ]


def deals() -> list[dict[str, Any]]:
    """40 wins before April, half of them Marketing's; 40 after, three quarters Marketing's."""
    rows = []
    for n in range(80):
        is_after = n >= 40
        ours = n % 4 != 0 if is_after else n % 2 == 0
        closed = date(2026, 4, 2) if is_after else date(2026, 3, 2)
        rows.append(
            {
                "deal_id": f"d{n}",
                "status": "won",
                "type": "new",
                "amount": 1000,
                "source_raw": "Paid Search" if ours else "Outbound",
                "created_at": (closed - timedelta(days=30)).isoformat(),
                "closed_at": (closed + timedelta(days=n % 20)).isoformat(),
                "company_id": f"c{n}",
            }
        )
    return rows


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    companies = [{"company_id": f"c{n}", "name": f"Company {n}"} for n in range(LEADS)]
    files = [
        write(folder, "companies.csv", companies),
        write(folder, "people.csv", leads()),
        write(folder, "activities.csv", calls()),
        write(folder, "surveys.csv", answers()),
        write(folder, "revenue.csv", bills()),
        write(folder, "deals.csv", deals()),
    ]
    load(folder / "store", *files, "--as-of", "2026-06-30")
    return folder / "store"


def test_planted_churn_is_found(store: Path) -> None:
    (found,) = ask(store, "retention", "--from", "2026-02-01", "--to", "2026-07-01")
    assert found["start"] == 6000 and found["customers"] == 60
    assert (found["expansion"], found["contraction"], found["churn"]) == (600, 180, 600)
    assert found["nrr"] == pytest.approx(5820 / 6000) and found["grr"] == pytest.approx(5220 / 6000)
    assert found["logos"] == pytest.approx(54 / 60)
    assert found["nrr_low"] < found["nrr"] < found["nrr_high"]


def test_planted_answers_are_found_one_a_customer(store: Path) -> None:
    (found,) = ask(store, "voice")
    assert (found["answers"], found["best"], found["middle"], found["worst"]) == (100, 50, 30, 20)
    # Var = 0.5 + 0.2 - 0.09 = 0.61 over 100.
    assert found["value"] == pytest.approx(30)
    assert (found["low"], found["high"]) == pytest.approx((30 - 196 * 0.0781025, 30 + 196 * 0.0781025), abs=0.01)


def test_planted_friction_is_found_part_by_part(store: Path) -> None:
    rows = {row["part"]: row for row in ask(store, "friction")}
    losses = {part: rows[part]["loss"] for part in ("untouched", "rejected", "rework", "stalled")}
    assert losses == pytest.approx({"untouched": 0.2, "rejected": 0.5, "rework": 0.1, "stalled": 0.2})
    assert rows["delay"]["affected"] == LATE and 0 < rows["delay"]["loss"] < LATE / (LEADS - UNTOUCHED)
    points = sum(row["points"] for part, row in rows.items() if part != "index")
    assert rows["index"]["points"] == pytest.approx(points)
    assert rows["rejected"]["rank"] == 1
    assert rows["rework"]["hours"] == pytest.approx(NAMELESS * 0.5)
    assert rows["untouched"]["hours"] > rows["delay"]["hours"] > 0


def test_planted_delays_are_found_and_the_verdict_names_the_team_they_were_planted_in(store: Path) -> None:
    (speed,) = ask(store, "speed_to_lead")
    assert (speed["handoffs"], speed["touched"], speed["in_sla"], speed["breached"]) == (100, 80, 50, 50)
    # Exactly half within the hour, the next after 20 working days of 8 hours: the middle of the flat step.
    assert speed["p50_minutes"] == (60 + 20 * 480) / 2 and speed["p90_minutes"] is None, "one in five was never tried"
    by_team = {row["group_value"]: row for row in ask(store, "speed_to_lead", "--by", "team")}
    assert (by_team["East"]["in_sla"], by_team["West"]["in_sla"]) == (50, 0)
    rows = pd.DataFrame(ask(store, "verdict_matrix"))
    teams = pd.DataFrame(ask(store, "verdict_matrix", "--by", "team"))
    counted = {
        (met, worked): int(part["leads"].sum())
        for (met, worked), part in rows.groupby(["criteria_met", "worked_in_sla"])
    }
    assert counted == {(True, True): 50 - NAMELESS, (True, False): 50, (False, True): NAMELESS}
    said = headlines_handoff.verdict(rows, {"team": teams}, "8 business hours", "USD")
    assert said.startswith("50 of 100 leads met the criteria and were not worked within 8 business hours")
    assert said.endswith("It is most frequent with team West: 100% of 50 leads, elsewhere 0%")


def test_planted_rejections_are_found_with_their_reason(store: Path) -> None:
    (loop,) = ask(store, "quality_loop")
    assert (loop["accepted"], loop["rejected"], loop["undecided"]) == (ACCEPTED, REJECTED, LEADS - REJECTED - ACCEPTED)
    assert loop["acceptance"] == pytest.approx(0.5) and loop["no_reason"] == 0
    reasons = {row["reason"]: row["leads"] for row in ask(store, "rejection_reasons")}
    assert reasons == {"No budget": REJECTED}


def test_what_was_agreed_is_asked_without_being_said_again_and_a_look_changes_nothing(
    store: Path, tmp_path: Path
) -> None:
    own = Store(Path(shutil.copytree(store, tmp_path / "own")))
    first, then = datetime(2026, 7, 1, 9), datetime(2026, 7, 2, 9)
    (found,) = ask(own.root, "agreed_alignment")
    assert found["aligned_on"] is None and (found["attempt_hours"], found["rework_hours"]) == (0.25, 0.5)
    with pytest.raises(StoreError, match="two days"):
        agree(own.book, {"aligned_on": "2026-04-01", "baseline_from": "2026-05-01"}, "Ann", first)
    with pytest.raises(StoreError, match="ends by the day"):
        agree(own.book, {"aligned_on": "2026-04-01", "baseline_from": "2026-05-01", "baseline_until": "2026-06-01"},
              "Ann", first)  # fmt: skip
    assert agreed(own.book) is None
    agree(own.book, {"aligned_on": "2026-06-01", "baseline_from": "2026-05-01", "baseline_until": "2026-06-01"},
          "Ann", first)  # fmt: skip
    agree(own.book, {"rework_hours": "2", "friction_weights": "10,10,10,60,10"}, "Bob", then)
    assert agreed(own.book) == (2, "Bob", then)
    loading.refresh(own, then, "Bob")
    rows = {row["part"]: row for row in ask(own.root, "friction")}
    assert rows["index"]["ratio"] == pytest.approx(1), "the locked month holds every hand-over there is"
    assert rows["rework"]["hours"] == NAMELESS * 2 and rows["rework"]["points"] == pytest.approx(60 * 0.1)
    assert rows["rework"]["rank"] == 1, "60 x 0.1 is more than 10 x 0.5"
    looked = {row["part"]: row for row in ask(own.root, "friction", "--weights", "1,1,1,1,1", "--rework_hours", "1")}
    assert looked["rework"]["hours"] == NAMELESS and looked["rejected"]["rank"] == 1
    assert {row["after_from"] for row in ask(own.root, "claims")} == {"2026-06-01"}
    assert {row["after_from"] for row in ask(own.root, "claims", "--aligned-on", "2026-04-01")} == {"2026-04-01"}
    agree(own.book, {"baseline_from": "", "baseline_until": ""}, "Ann", then)
    loading.refresh(own, then, "Ann")
    (found,) = ask(own.root, "agreed_alignment")
    assert (found["baseline_start"], found["baseline_end"]) == ("2025-06-01", "2026-06-01")


def test_a_planted_change_is_found_and_the_rest_says_why_not(store: Path) -> None:
    rows = {row["claim"]: row for row in ask(store, "claims", "--aligned-on", "2026-04-01")}
    ours = rows["contribution"]
    assert (ours["before"], ours["after"], ours["n_before"], ours["n_after"]) == pytest.approx((0.5, 0.75, 40, 40))
    assert ours["change"] == pytest.approx(0.5) and ours["low"] < 0.5 < ours["high"]
    for name in ("close", "friction", "satisfaction", "video"):
        assert rows[name]["change"] is None and "not enough data" in rows[name]["remark"], name


# --- the edges, on rows


def answer(person, score, on="2026-06-01", **more):
    return {"person_id": person, "at": day(on), "kind": "nps", "score": score, "scale_max": 10, **more}


def test_nobody_answers_for_nothing_and_another_scale_is_left_out(snapshot):
    people = [{"person_id": f"p{n}", "created_at": day("2026-01-01"), "owner": "Ann"} for n in range(3)]
    surveys = [
        answer("p0", 10),
        answer("p1", 6, owner="Bob"),
        answer("p2", 4, scale_max=5),
        answer("p0", 0, "2026-01-05"),
    ]
    shot = snapshot(people=people, surveys=surveys)
    rows = shot.ask("voice")
    assert (rows[0]["value"], rows[0]["answers"], rows[0]["rank"]) == (0, 2, None)
    assert "1 answers on another scale" in rows.notes[0]
    assert {row["group_value"]: row["value"] for row in shot.ask("voice", by="owner")} == {"Ann": 100, "Bob": -100}
    assert [row["group_value"] for row in shot.ask("voice", by="quarter")] == ["2026-01", "2026-04"]
    assert shot.ask("voice", kind="csat") == []
    assert shot.value("nps") == pytest.approx(-100 / 3)  # one answer of a customer in each quarter
    assert shot.value("csat") is None


def test_answers_all_alike_are_not_certain():
    assert rates.net_score(0, 0, 0).value is None
    found = rates.net_score(5, 0, 5)
    assert found.value == 100 and found.high == 100 and found.low is not None and found.low < 50


def test_claims_without_a_day_ask_for_one_and_weights_are_five_numbers(snapshot):
    deal = {"deal_id": "1", "status": "won", "amount": Decimal(1), "closed_at": day("2026-05-01"), "type": "new"}
    rows = snapshot(deals=[deal], people=[{"person_id": "p", "created_at": day("2026-05-01")}])
    found = rows.ask("claims")
    assert found == [] and "--aligned-on" in found.notes[0]
    with pytest.raises(Exception, match="five numbers"):
        rows.ask("friction", weights="1,2")


def test_an_interval_is_the_same_every_time_and_narrows_with_accounts():
    import numpy as np

    values = np.arange(1.0, 101.0)
    first, again = resample.ratio(values, np.ones(100)), resample.ratio(values, np.ones(100))
    assert first == again and first[0] is not None and first[1] is not None
    assert first[0] < 50.5 < first[1] and first[1] - first[0] == pytest.approx(2 * 1.96 * 28.87 / 10, rel=0.1)
    alone = [(values, np.ones(100)), (values[:40], values[40:80]), (values[:3], np.ones(3)), (np.ones(100), values)]
    assert resample.ratios(alone) == pytest.approx([resample.ratio(*pair) for pair in alone], rel=1e-12)
    assert resample.ratio(values[:3], np.ones(3)) == (None, None)
    assert resample.ratio(np.ones(9), np.zeros(9)) == (None, None)
