"""The timeline of a customer, and the way to it: channel, campaigns, deals - each level adds up to the one above."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scorecard.book import BookCopy
from scorecard.book_settings import DEFAULT_SETTINGS
from scorecard.errors import NotComputableError, QueryError
from tests.sql.model import Snapshot, write_import

CLOSED = datetime(2026, 6, 30, 12)
BEGAN = datetime(2026, 6, 1, 9)
Build = Callable[..., Snapshot]
MODELS = ["first", "last", "last_non_direct", "linear", "position", "u", "w", "full_path", "time_decay"]


def touch(at: datetime, channel: str = "Email", person: str = "p1", **more: Any) -> dict[str, Any]:
    return {"at": at, "person_id": person, "channel": channel, **more}


def deal(**more: Any) -> dict[str, Any]:
    return {
        "deal_id": "d1",
        "name": "Alder",
        "primary_person_id": "p1",
        "status": "won",
        "amount": 100,
        "created_at": BEGAN + timedelta(days=9),
        "closed_at": CLOSED,
    } | more


def person(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"person_id": f"p{number}", "name": f"Person {number}", "created_at": BEGAN} | more


def reasons(rows: Sequence[dict[str, Any]]) -> list[tuple[str, bool, str | None]]:
    """Channel, whether it counts, and why it earns nothing."""
    return [(row["channel"], row["is_counted"], row["reason"]) for row in rows if row["kind"] == "touch"]


def test_each_touch_without_credit_says_why(snapshot: Build) -> None:
    found = snapshot(
        people=[person()],
        deals=[deal()],
        touches=[
            touch(CLOSED - timedelta(days=400), "Events"),
            touch(BEGAN, "Email", campaign_name="Nurture"),
            touch(BEGAN + timedelta(minutes=20), "Email", campaign_name="Nurture"),
            touch(BEGAN + timedelta(days=1), "Direct", responded=False),
            touch(BEGAN + timedelta(days=2), "Direct", credit_weight=0),
            touch(CLOSED, "Paid search"),
            touch(CLOSED + timedelta(seconds=1), "Partner"),
        ],
    )
    rows = found.ask("customer_timeline", deal_id="d1")
    assert reasons(rows) == [
        ("Events", False, "outside the lookback"),
        ("Email", True, None),
        ("Email", False, "same session"),
        ("Direct", False, "only sent"),
        ("Direct", False, "zero weight"),
        ("Paid search", True, None),
        ("Partner", False, "after the close"),
    ]
    marks = [(row["channel"], row["milestones"]) for row in rows if row["milestones"]]
    assert marks == [("Email", "FT LC OC"), ("Paid search", "CW")]
    credited = {row["touch_key"] for row in found.ask("touch_credit", deal_id="d1")}
    assert credited == {row["touch_key"] for row in rows if row["is_counted"]}
    wider = found.ask("customer_timeline", deal_id="d1", lookback_days=500)
    assert reasons(wider)[0] == ("Events", True, None)


def test_a_touch_without_a_date_stands_last_and_says_so(snapshot: Build) -> None:
    found = snapshot(people=[person()], deals=[deal()], touches=[touch(BEGAN), {"person_id": "p1", "channel": "Email"}])
    assert reasons(found.ask("customer_timeline", deal_id="d1"))[-1] == ("Email", False, "no date")


def test_everything_of_everybody_stands_in_time(snapshot: Build) -> None:
    found = snapshot(
        people=[
            person(1, mql_at=BEGAN + timedelta(hours=1)),
            person(2, created_at=BEGAN + timedelta(days=3)),
            person(3, name="Stranger"),
        ],
        deals=[deal(owner="Ann", person_ids="p2")],
        touches=[touch(BEGAN - timedelta(hours=1)), touch(CLOSED, person="p3")],
        video_views=[{"at": BEGAN + timedelta(days=4), "person_id": "p2", "video_title": "Tour", "pct": 0.74}],
        activities=[
            {
                "at": BEGAN + timedelta(days=5),
                "person_id": "p2",
                "type": "Call",
                "outcome": "connected",
                "owner": "Ann",
            },
            {"at": BEGAN + timedelta(days=6), "deal_id": "d1", "type": "meeting", "subject": "Demo"},
        ],
        stage_events=[
            {"entity": "deal", "entity_id": "d1", "stage": "Proposal", "entered_at": BEGAN + timedelta(days=10)}
        ],
        surveys=[{"at": CLOSED + timedelta(days=30), "person_id": "p1", "kind": "nps", "score": 9, "scale_max": 10}],
    )
    rows = found.ask("customer_timeline", deal_id="d1")
    assert [(row["kind"], row["what"], row["person"], row["detail"]) for row in rows] == [
        ("touch", "touch", "Person 1", None),
        ("lead", "Lead created", "Person 1", None),
        ("lead", "Qualified by Marketing", "Person 1", None),
        ("lead", "Lead created", "Person 2", None),
        ("view", "Tour", "Person 2", "74% watched"),
        ("activity", "call", "Person 2", "connected, by Ann"),
        ("activity", "meeting", None, "Demo"),
        ("deal", "Deal created", None, "Ann"),
        ("stage", "Proposal", None, None),
        ("deal", "Deal won", None, None),
        ("survey", "NPS", "Person 1", "scored 9 of 10"),
    ]
    assert [row["is_after_close"] for row in rows] == [False] * 10 + [True]
    assert rows[-1]["days_before"] == -30
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_the_people_of_the_company_speak_where_the_deal_names_nobody(snapshot: Build) -> None:
    found = snapshot(
        companies=[{"company_id": "c1", "name": "Alder"}],
        people=[person(1, company_id="c1"), person(2, company_id="c1")],
        deals=[deal(primary_person_id=None, company_id="c1")],
        touches=[touch(BEGAN, person="p1"), touch(BEGAN, person="p2")],
    )
    assert len(reasons(found.ask("customer_timeline", deal_id="d1"))) == 2
    (row,) = found.ask("customer_deal", deal_id="d1")
    assert (row["people"], row["people_are"], row["counted_touches"], row["why"]) == (2, "company", 2, None)


def test_all_people_of_the_account_speak_where_the_teams_chose_so(snapshot: Build) -> None:
    found = snapshot(
        book=BookCopy(settings={**DEFAULT_SETTINGS, "journey_people": "account"}),
        companies=[{"company_id": "c1", "name": "Alder"}],
        people=[person(1, company_id="c1"), person(2, company_id="c1")],
        deals=[deal(company_id="c1")],
        touches=[touch(BEGAN, person="p2")],
    )
    assert reasons(found.ask("customer_timeline", deal_id="d1")) == [("Email", True, None)]
    (row,) = found.ask("customer_deal", deal_id="d1")
    assert (row["people"], row["people_are"], row["counted_touches"]) == (2, "account", 1)


@pytest.mark.parametrize("status", ["open", "lost"])
def test_a_deal_that_is_not_won_has_its_timeline_and_no_credit(snapshot: Build, status: str) -> None:
    closed = CLOSED if status == "lost" else None
    found = snapshot(people=[person()], deals=[deal(status=status, closed_at=closed)], touches=[touch(BEGAN)])
    assert reasons(found.ask("customer_timeline", deal_id="d1")) == [("Email", True, f"deal is {status}")]
    assert found.ask("touch_credit", deal_id="d1") == []
    assert found.ask("customer_deal", deal_id="d1")[0]["why"] == status
    whats = [row["what"] for row in found.ask("customer_timeline", deal_id="d1") if row["kind"] == "deal"]
    assert whats == ["Deal created", "Deal lost"] if status == "lost" else ["Deal created"]


@pytest.mark.parametrize(
    ("people", "touches", "why"),
    [
        ([], [], "no people"),
        ([person()], [touch(BEGAN, person="p9")], "no touches"),
        ([person()], [touch(CLOSED + timedelta(days=1))], "all after the close"),
        ([person()], [touch(BEGAN, credit_weight=0)], "all without weight"),
        ([person()], [touch(CLOSED - timedelta(days=366))], "all outside the lookback"),
        ([person()], [touch(BEGAN)], None),
    ],
)
def test_an_unattributed_deal_says_why(
    snapshot: Build, people: list[dict[str, Any]], touches: list[dict[str, Any]], why: str | None
) -> None:
    found = snapshot(people=[*people, person(9)], deals=[deal()], touches=[*touches, touch(BEGAN, person="p9")])
    assert found.ask("customer_deal", deal_id="d1")[0]["why"] == why
    deals = found.ask("channel_deals", channel="Unattributed")
    assert [row["deal_id"] for row in deals] == ([] if why is None else ["d1"])


def test_the_credit_of_a_deal_adds_up_under_every_model(snapshot: Build) -> None:
    found = snapshot(
        people=[person(1), person(2), person(3)],
        deals=[deal(amount=100.01, person_ids="p2"), deal(deal_id="d2", primary_person_id="p3")],
        touches=[
            *(touch(BEGAN + timedelta(days=step), person=f"p{1 + step % 2}") for step in range(7)),
            touch(BEGAN, person="p3"),
        ],
    )
    weights: dict[str, float] = defaultdict(float)
    money: dict[str, Decimal] = defaultdict(Decimal)
    for row in found.ask("touch_credit", deal_id="d1"):
        weights[row["model"]] += row["weight"]
        money[row["model"]] += row["amount"]
    assert weights == pytest.approx(dict.fromkeys(MODELS, 1.0))
    assert dict(money) == dict.fromkeys(MODELS, Decimal("100.01"))


def test_the_marks_are_the_touches_that_full_path_credits_most(snapshot: Build) -> None:
    days = (-3, -1, 2, 5, 12, 20)
    found = snapshot(
        people=[person()],
        deals=[deal()],
        touches=[touch(BEGAN + timedelta(days=days_on), campaign_name=f"c{days_on}") for days_on in days],
    )
    rows = found.ask("customer_timeline", deal_id="d1")
    marks = {row["touch_key"]: row["milestones"] for row in rows if row["kind"] == "touch"}
    assert list(marks.values()) == ["FT", "LC", None, "OC", None, "CW"]
    full = {
        row["touch_key"]: row["weight"]
        for row in found.ask("touch_credit", deal_id="d1")
        if row["model"] == "full_path"
    }
    assert {key for key, weight in full.items() if weight > 0.2} == {key for key, mark in marks.items() if mark}


def test_credit_follows_the_half_life_asked_for(snapshot: Build) -> None:
    found = snapshot(
        people=[person()],
        deals=[deal()],
        touches=[touch(CLOSED - timedelta(days=7)), touch(CLOSED - timedelta(minutes=5), "Direct")],
    )

    def decay(**chosen: Any) -> list[float]:
        return [
            row["weight"] for row in found.ask("touch_credit", deal_id="d1", **chosen) if row["model"] == "time_decay"
        ]

    assert decay(half_life_days=7)[0] == pytest.approx(1 / 3, abs=1e-3)
    assert decay(half_life_days=7)[0] < decay()[0]


@pytest.fixture
def drilled(snapshot: Build) -> Snapshot:
    """Three won deals over channels and campaigns, one of them without a touch, one expansion."""
    return snapshot(
        people=[person(1), person(2), person(3)],
        deals=[
            deal(amount=100),
            deal(deal_id="d2", name="Birch", primary_person_id="p2", amount=50.05, type="newbusiness"),
            deal(deal_id="d3", name="Cedar", primary_person_id="p3", amount=20),
            deal(deal_id="d4", name="Dogwood", primary_person_id="p2", amount=10, type="expansion"),
            deal(deal_id="d5", name="Elm", primary_person_id="p1", status="lost"),
        ],
        touches=[
            touch(BEGAN, "Email", campaign_name="Nurture"),
            touch(BEGAN + timedelta(days=1), "Email"),
            touch(BEGAN + timedelta(days=2), "Paid search", campaign_name="Brand"),
            touch(BEGAN, "Email", "p2", campaign_name="News"),
            touch(BEGAN + timedelta(days=1), "Paid search", "p2", campaign_name="Brand"),
        ],
    )


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("business", ["all", "new"])
def test_each_level_adds_up_to_the_one_above(drilled: Snapshot, model: str, business: str) -> None:
    board = drilled.ask("attribution", model=[model], business=business)
    assert sum(row["revenue"] for row in board) == (Decimal("180.05") if business == "all" else Decimal("170.05"))
    for above in board:
        same = {"model": model, "business": business, "channel": above["channel"]}
        campaigns = drilled.ask("credited_campaigns", **same)
        assert sum(row["deals"] for row in campaigns) == pytest.approx(above["deals"])
        assert sum(row["revenue"] for row in campaigns) == above["revenue"]
        for campaign in campaigns:
            deals = drilled.ask("channel_deals", **same, campaign=campaign["campaign"])
            assert sum(row["share"] for row in deals) == pytest.approx(campaign["deals"])
            assert sum(row["credited_amount"] for row in deals) == campaign["revenue"]


def test_touches_without_a_campaign_have_a_row(drilled: Snapshot) -> None:
    rows = drilled.ask("credited_campaigns", channel="Email", model="first")
    assert [(row["campaign"], row["deals"], row["revenue"]) for row in rows] == [
        ("News", 2, Decimal("60.05")),
        ("Nurture", 1, 100),
    ]
    assert [row["campaign"] for row in drilled.ask("credited_campaigns", channel="Email")] == [
        "News",
        "(none)",
        "Nurture",
    ]


def test_filters_choose_deals_at_every_level(drilled: Snapshot) -> None:
    late = {"period_start": CLOSED.date() + timedelta(days=1)}
    assert drilled.ask("credited_campaigns", **late) == []
    assert drilled.ask("channel_deals", **late) == []
    assert {row["deal_id"] for row in drilled.ask("channel_deals", business="new")} == {"d1", "d2", "d3"}


@pytest.mark.parametrize("report", ["credited_campaigns", "channel_deals"])
def test_models_of_channels_give_nothing_smaller(drilled: Snapshot, report: str) -> None:
    for model in ("markov", "shapley"):
        with pytest.raises(NotComputableError, match="by channel only"):
            drilled.ask(report, model=model)
    assert drilled.ask(report, model="custom") == []
    assert drilled.ask(report, model="custom", custom_weights="1,0,0,1,0")
    with pytest.raises(QueryError, match="--model is one of first, last"):
        drilled.ask(report, model="guess")


def test_own_weights_of_the_book_are_followed(snapshot: Build) -> None:
    found = snapshot(
        book=BookCopy(settings={**DEFAULT_SETTINGS, "custom_weights": "100,0,0,0,0"}),
        people=[person()],
        deals=[deal()],
        touches=[touch(BEGAN, campaign_name="A"), touch(BEGAN + timedelta(days=1), campaign_name="B")],
    )
    assert [row["campaign"] for row in found.ask("credited_campaigns", model="custom")] == ["A"]


def test_a_deal_is_found_by_name_company_and_id(snapshot: Build) -> None:
    found = snapshot(
        companies=[{"company_id": "c1", "name": "Velto 100% Labs"}],
        deals=[deal(deal_id="7"), deal(deal_id="77", name="Birch_x", company_id="c1")],
    )

    def search(text: str) -> list[str]:
        return [row["deal_id"] for row in found.ask("deal_search", search=text)]

    assert search("7") == ["7", "77"]
    assert search("VELTO 100%") == search("birch_") == ["77"]
    assert search("%") == ["77"]
    assert search("") == search("zz") == []


def test_an_unknown_deal_has_nothing_and_a_missing_id_is_said(snapshot: Build) -> None:
    found = snapshot(deals=[deal()])
    for report in ("customer_timeline", "customer_deal", "touch_credit"):
        assert found.ask(report, deal_id="nobody") == []
        with pytest.raises(QueryError, match="deal_id"):
            found.ask(report)


def test_a_stage_of_another_system_with_the_same_id_is_not_this_deals(snapshot: Build, tmp_path: Path) -> None:
    stage = {"entity": "deal", "entity_id": "d1", "entered_at": BEGAN + timedelta(days=11)}
    imports = [
        write_import(tmp_path, "deals", [deal()], system="crm"),
        write_import(tmp_path, "deals", [deal()], system="other"),
        write_import(tmp_path, "stage_events", [{**stage, "stage": "Proposal"}], system="crm"),
        write_import(tmp_path, "stage_events", [{**stage, "stage": "Elsewhere"}], system="other"),
    ]
    found = Snapshot(tmp_path / "two.duckdb", imports)
    ids = [row["deal_id"] for row in found.ask("deal_search", search="d1")]
    stages = {
        deal_id: [row["what"] for row in found.ask("customer_timeline", deal_id=deal_id) if row["kind"] == "stage"]
        for deal_id in ids
    }
    assert sorted(stages.values()) == [["Elsewhere"], ["Proposal"]]
    found.reader.close()
