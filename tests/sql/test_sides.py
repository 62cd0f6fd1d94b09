"""Whose a deal is under each of the three rules, what Marketing influenced, and that every rule adds up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scorecard.book import BookCopy
from scorecard.book_settings import DEFAULT_SETTINGS
from scorecard.book_tables import RULES
from scorecard.schema import SIDES
from tests.sql.model import Snapshot, day

Make = Callable[..., Snapshot]
CREATED = day("2026-03-15")
ANN = {"person_id": "p1", "email": "ann@example.com", "created_at": day("2026-01-01")}


def deal(number: int = 1, **more: Any) -> dict[str, Any]:
    base = {
        "deal_id": f"d{number}",
        "name": f"Deal {number}",
        "status": "won",
        "amount": Decimal("100.00"),
        "created_at": CREATED.replace(hour=12),
        "closed_at": day("2026-05-01"),
        "primary_person_id": "p1",
    }
    return base | more


def touch(on: str, channel: str = "Webinar", person: str = "p1", **more: Any) -> dict[str, Any]:
    return {"at": datetime.fromisoformat(on), "person_id": person, "channel": channel} | more


def call(on: str, person: str = "p1", **more: Any) -> dict[str, Any]:
    return {"at": datetime.fromisoformat(on), "person_id": person, "type": "call", "owner": "Tom"} | more


def sides(shot: Snapshot) -> dict[str, tuple[str, str, str]]:
    """Field, origin and pre-sales by deal."""
    rows = shot.table(
        "select deals.deal_id, field_side, origin_side, presales_side from deal_sides"
        " inner join deals on deals.deal_key = deal_sides.deal_key"
    )
    return {key: (field, origin, presales) for key, field, origin, presales in rows}


def one(shot: Snapshot, columns: str) -> tuple[Any, ...]:
    return shot.table(f"select {columns} from deal_sides")[0]


@pytest.mark.parametrize(
    ("source", "touches", "activities", "expected"),
    [
        # the field, the first touch and who was there before Sales are three questions
        ("Outbound", [touch("2026-03-03 10:00")], [], ("sales", "marketing", "marketing")),
        ("Outbound", [touch("2026-03-03 10:00")], [call("2026-03-02 10:00")], ("sales", "marketing", "sales")),
        ("Outbound", [touch("2026-03-03 10:00")], [call("2026-03-04 10:00")], ("sales", "marketing", "marketing")),
        # a touch after the deal was created sources nothing
        ("Outbound", [touch("2026-03-20 10:00")], [call("2026-03-21 10:00")], ("sales", "sales", "sales")),
        # a partner's or customer's first touch keeps its side; so does their source where Marketing is unknown
        (None, [touch("2026-03-01", "Partner"), touch("2026-03-02")], [], ("unknown", "partner", "partner")),
        ("Partner", [], [call("2026-03-02 10:00")], ("partner", "partner", "partner")),
        ("Referral", [], [], ("customer", "customer", "customer")),
        ("Partner", [touch("2026-03-02")], [], ("partner", "marketing", "marketing")),
        # the field alone is no touch
        ("Webinar", [], [], ("marketing", "marketing", "unknown")),
        ("Webinar", [], [call("2026-03-02 10:00")], ("marketing", "marketing", "sales")),
        # a touch of Sales' own is a contact by Sales
        ("Webinar", [touch("2026-03-01", "Cold call"), touch("2026-03-02")], [], ("marketing", "sales", "sales")),
        (None, [], [], ("unknown", "unknown", "unknown")),
        # a source nobody has mapped is unknown, not gone
        ("Carrier pigeon", [], [], ("unknown", "unknown", "unknown")),
    ],
)
def test_a_deal_has_its_side_under_each_rule(
    snapshot: Make, source: str | None, touches: list[Any], activities: list[Any], expected: tuple[str, str, str]
) -> None:
    shot = snapshot(people=[ANN], deals=[deal(source_raw=source)], touches=touches, activities=activities)
    assert sides(shot) == {"d1": expected}


def test_the_field_is_the_deals_own_and_the_contacts_only_where_deals_have_none_at_all(snapshot: Make) -> None:
    people = [ANN | {"source_raw": "Webinar"}]
    assert sides(snapshot(people=people, deals=[deal()]))["d1"][0] == "marketing"
    shot = snapshot(people=people, deals=[deal(), deal(2, source_raw="Outbound")])
    assert {key: found[:2] for key, found in sides(shot).items()} == {
        "d1": ("unknown", "marketing"),
        "d2": ("sales", "sales"),
    }


@pytest.mark.parametrize(
    "activity",
    [
        call("2026-03-02 10:00", is_automated=True),
        call("2026-03-02 10:00", direction="inbound"),
        call("2026-03-02 10:00", side="marketing"),
        call("2025-03-02 10:00"),  # before the lookback
        call("2026-06-01 10:00"),  # after the close
        call("2026-03-02 10:00", person="stranger"),
    ],
)
def test_only_a_seller_reaching_out_in_time_is_a_contact_by_sales(snapshot: Make, activity: dict[str, Any]) -> None:
    people = [ANN, ANN | {"person_id": "stranger", "email": "else@example.com"}]
    shot = snapshot(people=people, deals=[deal()], activities=[activity], touches=[touch("2026-03-05 10:00")])
    assert sides(shot)["d1"][2] == "marketing"
    assert one(shot, "first_sales_at") == (None,)


def test_a_call_to_a_colleague_or_about_the_deal_is_a_contact_with_the_account(snapshot: Make) -> None:
    people = [
        ANN | {"company_name": "Alder"},
        ANN | {"person_id": "p2", "email": "bob@example.com", "company_name": "Alder"},
    ]
    shot = snapshot(
        people=people,
        companies=[{"company_id": "c1", "name": "Alder"}],
        deals=[deal(company_name="Alder"), deal(2, created_at=day("2026-02-01"), company_name="Alder")],
        activities=[call("2026-03-02 10:00", person="p2")],
        touches=[touch("2026-03-05 10:00")],
    )
    assert sides(shot)["d1"][2] == "sales"
    about = snapshot(
        people=[ANN],
        deals=[deal()],
        activities=[{"at": datetime(2026, 3, 2, 10), "deal_id": "d1", "type": "meeting"}],
        touches=[touch("2026-03-05 10:00")],
    )
    assert sides(about)["d1"][2] == "sales"


def test_two_sides_within_one_second_are_unknown_and_listed_as_a_tie(snapshot: Make) -> None:
    shot = snapshot(
        people=[ANN],
        deals=[deal(source_raw="Outbound")],
        touches=[touch("2026-03-03 10:00:00.100"), touch("2026-03-03 10:00:00.900", "Partner")],
    )
    assert sides(shot) == {"d1": ("sales", "unknown", "unknown")}
    assert one(shot, "origin_rule, presales_rule, is_tie") == ("touch tie", "touch tie", True)
    late = snapshot(
        people=[ANN],
        deals=[deal()],
        touches=[touch("2026-03-03 10:00")],
        activities=[call("2026-03-03 10:00")],
    )
    assert sides(late) == {"d1": ("unknown", "marketing", "unknown")}


def test_of_a_deal_older_than_its_first_lead_record_only_the_field_is_believed_and_it_is_flagged(
    snapshot: Make,
) -> None:
    late = ANN | {"created_at": day("2026-03-16"), "source_raw": "Webinar"}
    shot = snapshot(people=[late], deals=[deal(source_raw="Outbound")], touches=[touch("2026-03-03 10:00")])
    assert sides(shot) == {"d1": ("sales", "sales", "sales")}
    assert one(shot, "is_before_lead, origin_rule, presales_rule") == (True, "deal source", "before the lead")
    same_day = ANN | {"created_at": CREATED.replace(hour=13)}  # converting a lead writes both within minutes
    shot = snapshot(people=[same_day], deals=[deal(source_raw="Outbound")], touches=[touch("2026-03-03 10:00")])
    assert sides(shot) == {"d1": ("sales", "marketing", "marketing")}


@pytest.mark.parametrize(
    ("touches", "tier"),
    [
        ([touch("2026-03-03 10:00")], "pre-opp"),
        ([touch("2026-03-20 10:00")], "in-opp"),
        ([touch("2026-03-03 10:00"), touch("2026-03-20 10:00")], "both"),
        ([touch("2026-05-02 00:00")], "none"),  # closed on 1 May: touches after the close never count
        ([touch("2026-05-01 20:00")], "in-opp"),  # a close without an hour is the end of its day
        ([touch("2025-03-14 10:00")], "none"),  # before the lookback
        ([touch("2026-03-03 10:00", "Cold call")], "none"),
        ([touch("2026-03-03 10:00", credit_weight=0.0)], "none"),
        ([touch("2026-03-03 10:00", person="p2")], "none"),
    ],
)
def test_influence_is_a_touch_of_marketing_from_the_lookback_to_the_close(
    snapshot: Make, touches: list[Any], tier: str
) -> None:
    people = [ANN, ANN | {"person_id": "p2", "email": "bob@example.com"}]
    shot = snapshot(people=people, deals=[deal()], touches=touches)
    assert {row["tier"]: row["deals"] for row in shot.ask("influenced_revenue") if row["deals"]} == {tier: 1}


def test_an_open_deal_is_influenced_until_the_day_of_the_data(snapshot: Make) -> None:
    shot = snapshot(people=[ANN], deals=[deal(status="open", closed_at=None)], touches=[touch("2026-11-15 10:00")])
    assert one(shot, "influence") == ("in-opp",)


def test_a_deal_without_a_date_of_creation_has_no_known_influence(snapshot: Make) -> None:
    shot = snapshot(people=[ANN], deals=[deal(created_at=None)], touches=[touch("2026-03-03 10:00")])
    assert one(shot, "influence, origin_side, presales_side") == ("unknown", "unknown", "unknown")


def test_a_channel_counts_a_deal_once_and_channels_overlap(snapshot: Make) -> None:
    touches = [touch("2026-03-03 10:00"), touch("2026-03-04 10:00"), touch("2026-03-05 10:00", "Email")]
    shot = snapshot(people=[ANN], deals=[deal()], touches=touches)
    rows = {row["channel"]: (row["deals"], row["amount"]) for row in shot.ask("influenced_channels")}
    assert rows == {"Webinar": (1, 100), "Email": (1, 100)}


def test_every_rule_has_every_side_in_order_with_known_zeros(snapshot: Make) -> None:
    shot = snapshot(people=[ANN], deals=[deal(source_raw="Outbound")])
    rows = shot.ask("sourced_definitions")
    assert [(row["rule"], row["side"]) for row in rows] == [(rule, side) for rule in RULES for side in SIDES]
    assert list(rows[0]) == ["rule", "side", "won_deals", "won_amount"]
    assert {(row["won_deals"], row["won_amount"]) for row in rows if row["side"] == "partner"} == {(0, 0)}


def test_an_unmapped_source_or_stage_does_not_vanish(snapshot: Make) -> None:
    deals = [
        deal(1, source_raw="Carrier pigeon"),
        deal(2, status=None, stage_raw="Vibing", source_raw="Outbound", closed_at=None),
    ]
    shot = snapshot(people=[ANN], deals=deals)
    won = {row["side"]: row["won_deals"] for row in shot.ask("sourced_definitions") if row["rule"] == "field"}
    assert won == {"marketing": 0, "sales": 0, "partner": 0, "customer": 0, "unknown": 1}
    for kind, total in (("created", 2), ("open", 1)):
        rows = shot.ask("pipeline_definitions", pipeline_kind=kind)
        assert {rule: sum(row["deals"] for row in rows if row["rule"] == rule) for rule in RULES} == dict.fromkeys(
            RULES, total
        )


def test_lost_deals_with_amount_0_stay_out_and_a_win_without_an_amount_counts_as_a_deal(snapshot: Make) -> None:
    deals = [
        deal(1, source_raw="Webinar"),
        deal(2, source_raw="Webinar", status="lost", amount=Decimal(0)),
        deal(3, source_raw="Webinar", amount=None),
    ]
    shot = snapshot(people=[ANN], deals=deals, touches=[touch("2025-01-01 10:00")])
    field = {row["side"]: row for row in shot.ask("sourced_definitions") if row["rule"] == "field"}
    assert (field["marketing"]["won_deals"], field["marketing"]["won_amount"]) == (2, 100)
    tiers = {row["tier"]: (row["deals"], row["amount"]) for row in shot.ask("influenced_revenue")}
    assert tiers["none"] == (2, 100)


def test_new_business_only_unless_all_is_asked_for(snapshot: Make) -> None:
    deals = [deal(1), deal(2, type="Renewal"), deal(3, type="Something else")]
    shot = snapshot(people=[ANN], deals=deals, touches=[touch("2026-03-03 10:00")])
    for name, count in (("sourced_definitions", "won_deals"), ("influenced_revenue", "deals")):
        rows = [row for row in shot.ask(name) if row.get("rule", "origin") == "origin"]
        assert sum(row[count] for row in rows) == 2  # a type nobody knows counts as new
        rows = [row for row in shot.ask(name, business="all") if row.get("rule", "origin") == "origin"]
        assert sum(row[count] for row in rows) == 3


def test_the_deals_that_differ_are_listed_with_why_and_the_largest_first(snapshot: Make) -> None:
    people = [ANN, ANN | {"person_id": "p2", "email": "bob@example.com"}]
    deals = [
        deal(1, source_raw="Outbound"),
        deal(2, source_raw="Webinar", primary_person_id="p2"),
        deal(3, source_raw="Partner", primary_person_id="p2", amount=Decimal(900)),
        deal(4, source_raw=None, amount=Decimal(300)),
    ]
    shot = snapshot(people=people, deals=deals, touches=[touch("2026-03-03 10:00")])
    rows = shot.ask("definition_gaps")
    assert [row["deal_id"] for row in rows] == ["d4", "d1", "d2"]
    assert shot.ask("definition_gap_total") == [{"deals": 3, "amount": 500}]
    assert rows[1]["why"] == (
        "the source field says Outbound; the first touch was Webinar on 3 Mar 2026, 12 days before the deal;"
        " no contact by Sales is known"
    )
    assert rows[2]["why"] == (
        "the source field says Webinar; no touch is known before the deal;"
        " neither a touch of Marketing nor a contact by Sales is known"
    )


@pytest.mark.parametrize(("rule", "side"), [("field", "sales"), ("origin", "marketing"), ("presales", "sales")])
def test_every_metric_follows_the_rule_both_sides_chose(snapshot: Make, rule: str, side: str) -> None:
    book = BookCopy(settings={**DEFAULT_SETTINGS, "sourced_rule": rule})
    shot = snapshot(
        book=book,
        people=[ANN],
        deals=[deal(source_raw="Outbound")],
        touches=[touch("2026-03-03 10:00")],
        activities=[call("2026-03-02 10:00")],
    )
    assert shot.table("select side from deals") == [(side,)]
    assert (shot.value("marketing_sourced_revenue") or 0) == (100 if side == "marketing" else 0)
    # the filter by side cuts by the chosen rule, and every rule still adds up to the same deals
    rows = shot.ask("sourced_definitions", sides=[side])
    assert {one["rule"]: one["won_deals"] for one in rows if one["won_deals"]} == dict.fromkeys(RULES, 1)


def test_the_signed_business_decides_what_marketing_sourced_means(snapshot: Make) -> None:
    for business, amount in (("new", 100), ("all", 200)):
        book = BookCopy(settings={**DEFAULT_SETTINGS, "sourced_business": business})
        deals = [deal(1, source_raw="Webinar"), deal(2, source_raw="Webinar", type="Renewal")]
        shot = snapshot(book=book, people=[ANN], deals=deals)
        assert shot.value("marketing_sourced_revenue") == amount


def test_the_sources_of_deal_and_contact_are_compared_with_an_interval(snapshot: Make) -> None:
    people = [
        {"person_id": f"p{number}", "email": f"{number}@example.com", "source_raw": source, "created_at": CREATED}
        for number, source in enumerate(["Webinar", "Webinar", "Email", None])
    ]
    deals = [
        deal(number, primary_person_id=f"p{number}", source_raw=source)
        for number, source in enumerate(["webinar", "Outbound", "Webinar", "Webinar"])
    ]
    shot = snapshot(people=people, deals=deals)
    rows = {(row["rule"], row["measure"]): row for row in shot.ask("source_agreement")}
    assert (rows["", "both sources known"]["deals"], rows["", "both sources known"]["of_deals"]) == (3, 4)
    same = rows["", "same source"]
    assert (same["deals"], same["of_deals"]) == (1, 3)
    assert (same["low"], same["high"]) == pytest.approx((0.0615, 0.7923), abs=1e-4)
    assert rows["", "same side"]["deals"] == 2
    assert rows["origin", "decided by fields"]["deals"] == 4
    assert rows["presales", "side known"]["deals"] == 0


MOMENTS = st.integers(min_value=-420, max_value=120)
CHANNELS = st.sampled_from(["Webinar", "Email", "Partner", "Referral", "Cold call", "Carrier pigeon"])


# A build takes a third of a second: few examples, and none spent on making a failing one small.
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_sourced_is_within_influenced_within_total_and_every_rule_adds_up(snapshot: Make, data: st.DataObject) -> None:
    people = [ANN | {"person_id": f"p{number}", "email": f"{number}@example.com"} for number in range(3)]
    deals = [
        deal(
            number,
            primary_person_id=f"p{number % 3}",
            source_raw=data.draw(st.one_of(st.none(), CHANNELS)),
            amount=data.draw(st.one_of(st.none(), st.decimals(-50, 999, places=2))),
            created_at=data.draw(st.sampled_from([CREATED, CREATED.replace(hour=12), None])),
            closed_at=CREATED + timedelta(days=data.draw(st.integers(-5, 60))),
            status=data.draw(st.sampled_from(["won", "won", "lost", "open"])),
        )
        for number in range(6)
    ]
    touches = [
        touch(
            str(CREATED + timedelta(days=data.draw(MOMENTS), hours=data.draw(st.integers(0, 23)))), channel, f"p{who}"
        )
        for who, channel in data.draw(st.lists(st.tuples(st.integers(0, 2), CHANNELS), min_size=1, max_size=12))
    ]
    calls = [
        call(str(CREATED + timedelta(days=data.draw(MOMENTS), hours=9)), f"p{who}")
        for who in data.draw(st.lists(st.integers(0, 2), max_size=4))
    ]
    shot = snapshot(people=people, deals=deals, touches=touches, activities=calls)
    try:
        total = shot.table("select count(*), coalesce(sum(amount), 0) from deals where is_won")[0]
        rows = shot.ask("sourced_definitions", business="all")
        for rule in RULES:
            found = [(row["won_deals"], row["won_amount"]) for row in rows if row["rule"] == rule]
            assert (sum(deals for deals, _ in found), sum(amount for _, amount in found)) == total
        tiers = shot.ask("influenced_revenue", business="all")
        assert (sum(row["deals"] for row in tiers), sum(row["amount"] for row in tiers)) == total
        uninfluenced = (
            "select count(*) from deal_sides where influence in ('none', 'unknown') and ("
            "(origin_side = 'marketing' and origin_rule = 'touch') or presales_rule = 'marketing first')"
        )
        assert shot.table(uninfluenced) == [(0,)]
    finally:
        shot.reader.close()
