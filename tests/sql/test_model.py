"""The one customer: who is who, where a deal came from, what a record was before."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from scorecard import warehouse
from scorecard.book import BookCopy, CurrencyRate, SourceRule, StageRule
from tests.sql.model import Snapshot, day, write_import

WON = {"status": "won", "created_at": day("2026-03-01"), "closed_at": day("2026-04-01"), "amount": Decimal(100)}


def origins(shot):
    return dict(shot.table("select deal_id, (channel, side, origin_rule)::varchar from deals"))


def test_records_merge_by_address_and_by_declared_link_only(tmp_path):
    leads = [
        {"person_id": "1", "email": "ana@example.com", "ext_ids": "900"},
        {"person_id": "2", "name": "Bo Lee"},
        {"person_id": "3"},
    ]
    contacts = [
        {"person_id": "900", "name": "Ana"},
        {"person_id": "2", "name": "Bo Lee"},  # the same number and name, another kind of record: another person
        {"person_id": "901", "email": "ana@example.com"},
    ]
    imports = [
        write_import(tmp_path, "people", leads, system="zoho", object_="lead", name="leads"),
        write_import(tmp_path, "people", contacts, system="zoho", object_="contact", name="contacts"),
    ]
    shot = Snapshot(tmp_path / "s.duckdb", imports)
    groups = shot.table(
        "select string_agg(object || record_key, ' ' order by record_no) from person_keys"
        " group by person_key order by 1"
    )
    assert groups == [("contact2",), ("contact900 contact901 lead1",), ("lead2",), ("lead3",)]
    # two records bear the id 2, so it is shown with its system
    assert {row[0] for row in shot.table("select person_id from people where record_key = '2'")} == {
        "zoho:lead:2",
        "zoho:contact:2",
    }


def test_a_call_joins_the_lead_it_names_and_never_a_contact_with_the_same_number(tmp_path):
    imports = [
        write_import(tmp_path, "people", [{"person_id": "7"}], system="zoho", object_="lead", name="leads"),
        write_import(
            tmp_path,
            "activities",
            [
                {"at": day("2026-03-01"), "lead_id": "7"},
                {"at": day("2026-03-02"), "contact_id": "7"},
                {"at": day("2026-03-03")},
            ],
            system="zoho",
        ),
    ]
    shot = Snapshot(tmp_path / "s.duckdb", imports)
    assert shot.table("select happened_at::date::varchar, is_unmatched from activities order by 1") == [
        ("2026-03-01", False),
        ("2026-03-02", True),
        ("2026-03-03", True),
    ]
    assert {row["label"]: row["cases"] for row in shot.ask("activity_unmatched")} == {
        "names a record that is not loaded": 1,
        "names nobody": 1,
    }


def test_origin_is_the_earliest_touch_of_the_deals_people_before_the_deal(snapshot):
    people = [{"person_id": "1", "source_raw": "Partner"}, {"person_id": "2"}]
    deals = [{"deal_id": "d1", "person_ids": "1;2", **WON}]
    touches = [
        {"at": datetime(2026, 2, 1), "person_id": "1", "channel": "Outbound", "team": "sales"},
        {"at": datetime(2026, 1, 1), "person_id": "2", "channel": "Webinar"},
        {"at": datetime(2025, 1, 1), "person_id": "2", "channel": "Email"},  # outside the lookback of 365 days
        {"at": datetime(2025, 12, 1), "person_id": "2", "channel": "Email", "credit_weight": 0},
        {"at": datetime(2026, 3, 2), "person_id": "1", "channel": "Paid search"},  # after the deal
    ]
    shot = snapshot(people=people, deals=deals, touches=touches)
    assert origins(shot) == {"d1": "(Webinar, marketing, touch)"}


def test_touches_of_two_sides_at_the_same_second_are_a_tie_and_unknown(snapshot):
    touches = [
        {"at": datetime(2026, 2, 1, 9), "person_id": "1", "channel": "Email"},
        {"at": datetime(2026, 2, 1, 9), "person_id": "1", "channel": "Outbound"},
    ]
    shot = snapshot(
        people=[{"person_id": "1"}], deals=[{"deal_id": "d1", "primary_person_id": "1", **WON}], touches=touches
    )
    assert "unknown, touch tie" in origins(shot)["d1"]


def test_a_campaign_member_who_was_only_sent_something_earns_no_credit(snapshot):
    touches = [
        {
            "at": datetime(2026, 1, 1),
            "person_id": "1",
            "channel": "Email",
            "kind": "member_response",
            "responded": False,
        },
        {
            "at": datetime(2026, 2, 1),
            "person_id": "1",
            "channel": "Webinar",
            "kind": "member_response",
            "responded": True,
        },
    ]
    deals = [{"deal_id": "d1", "primary_person_id": "1", **WON}]
    shot = snapshot(people=[{"person_id": "1"}], deals=deals, touches=touches)
    assert origins(shot) == {"d1": "(Webinar, marketing, touch)"}
    assert shot.table("select count(*) from touches") == [(2,)]


def test_without_touches_the_deals_source_decides_then_the_contacts_then_the_companys(snapshot):
    shot = snapshot(
        companies=[{"company_id": "c1", "name": "Acme"}],
        people=[
            {"person_id": "1", "source_raw": "Webinar", "created_at": day("2026-01-01")},
            {"person_id": "2", "company_id": "c1", "source_raw": "Partner", "created_at": day("2026-01-02")},
            {"person_id": "3", "company_id": "c1", "source_raw": "Email", "created_at": day("2026-01-01")},
        ],
        deals=[
            {"deal_id": "field", "primary_person_id": "1", "source_raw": "Cold Call", **WON},
            {"deal_id": "contact", "primary_person_id": "1", **WON},
            {"deal_id": "company", "company_id": "c1", **WON},
            {"deal_id": "nothing", **WON},
        ],
    )
    assert origins(shot) == {
        "field": "(Outbound, sales, deal source)",
        "contact": "(Webinar, marketing, contact source)",
        "company": "(Email, marketing, company source)",
        "nothing": "(Unknown, unknown, none)",
    }


def test_the_books_maps_win_over_the_built_in_words(snapshot):
    book = BookCopy(
        source_map=(SourceRule("martian radio", "Radio", "marketing"),),
        stage_map=(StageRule("", "signed in blood", "Signed", "won", 9),),
    )
    shot = snapshot(
        book=book,
        deals=[{**WON, "status": None, "deal_id": "d1", "stage_raw": "Signed in blood", "source_raw": "Martian Radio"}],
    )
    assert origins(shot) == {"d1": "(Radio, marketing, deal source)"}
    assert shot.value("won_revenue") == 100


def test_an_unknown_stage_counts_as_open_and_is_listed(snapshot):
    shot = snapshot(deals=[{**WON, "status": None, "deal_id": "d1", "stage_raw": "Limbo"}])
    assert shot.table("select status, is_stage_unmapped, stage from deals") == [("open", True, "Limbo")]
    assert [(row["entity_id"], row["cases"]) for row in shot.ask("stage_unmapped")] == [("Limbo", 1)]


def test_money_without_a_rate_is_in_no_total_and_is_listed(snapshot):
    deals = [
        {**WON, "deal_id": "usd", "currency": "USD"},
        {**WON, "deal_id": "eur", "currency": "EUR"},
        {**WON, "deal_id": "sek", "currency": "SEK"},
        {**WON, "deal_id": "home", "currency": "SEK", "amount_home": Decimal(9)},
    ]
    book = BookCopy(currency_rates=(CurrencyRate("EUR", day("2026-01-01").date(), Decimal("1.1")),))
    shot = snapshot(book=book, deals=deals)
    assert shot.ask("won_revenue")[0]["numerator"] == Decimal("219.0000")
    assert shot.value("won_deals") == 4
    assert [row["entity_id"] for row in shot.ask("rate_missing")] == ["sek"]


def test_region_and_team_come_from_the_owner_where_the_deal_says_nothing(snapshot):
    shot = snapshot(
        users=[{"owner": "Moses Frase", "team": "Hunters", "region": "Central"}],
        deals=[{**WON, "deal_id": "1", "owner": "moses frase"}, {**WON, "deal_id": "2", "owner": "Nobody"}],
    )
    assert {row["region"]: row["value"] for row in shot.ask("won_deals", by="region")} == {"Central": 1, None: 1}


def test_a_company_name_two_companies_bear_joins_nothing(snapshot):
    shot = snapshot(
        companies=[
            {"company_id": "1", "name": "Acme"},
            {"company_id": "2", "name": "ACME"},
            {"company_id": "3", "name": "Beta"},
        ],
        deals=[{**WON, "deal_id": "a", "company_name": "Acme"}, {**WON, "deal_id": "b", "company_name": "beta"}],
    )
    assert shot.table("select deal_id, company_key is null from deals order by 1") == [("a", True), ("b", False)]
    assert [row["entity_id"] for row in shot.ask("deal_without_person")] == ["a"]


def test_a_product_that_differs_by_a_space_from_the_price_list_is_reported(snapshot):
    shot = snapshot(
        products=[{"product": "GTX Pro"}],
        deals=[{**WON, "deal_id": "1", "product": "GTXPro"}, {**WON, "deal_id": "2", "product": "GTX Pro"}],
    )
    assert [(row["entity_id"], row["label"], row["cases"]) for row in shot.ask("product_not_listed")] == [
        ("GTXPro", "GTX Pro", 1)
    ]


WEEKS = [datetime(2026, 11, 1), datetime(2026, 11, 8), datetime(2026, 11, 15)]


def weekly(tmp_path, full=None):
    """Three weekly exports of two deals: d1 moves and is won, d2 is gone from the last one."""
    rows = [
        [
            {"deal_id": "d1", "stage_raw": "Demo", "amount": Decimal(10)},
            {"deal_id": "d2", "stage_raw": "Demo", "amount": Decimal(5)},
        ],
        [
            {"deal_id": "d1", "stage_raw": "Proposal", "amount": Decimal(10)},
            {"deal_id": "d2", "stage_raw": "Demo", "amount": Decimal(5)},
        ],
        [{"deal_id": "d1", "stage_raw": "Closed won", "amount": Decimal(12), "closed_at": day("2026-11-14")}],
    ]
    return [
        write_import(tmp_path, "deals", each, as_of=week, full=full) for each, week in zip(rows, WEEKS, strict=True)
    ]


def state(shot):
    tables = ("base_deals", "deal_versions", "metric_rows", "deals")
    return {name: sorted(map(repr, shot.table(f"select * from {name}"))) for name in tables}


def test_history_keeps_every_version_with_the_exports_it_held_between(tmp_path):
    shot = Snapshot(tmp_path / "s.duckdb", weekly(tmp_path))
    assert shot.table(
        "select deal_id, stage_raw, held_from::date::varchar, held_until::date::varchar from deal_history order by 1, 3"
    ) == [
        ("d1", "Demo", "2026-11-01", "2026-11-08"),
        ("d1", "Proposal", "2026-11-08", "2026-11-15"),
        ("d1", "Closed won", "2026-11-15", None),
        ("d2", "Demo", "2026-11-01", None),
    ]


def test_adding_week_by_week_gives_the_same_state_as_building_from_all(tmp_path):
    imports = weekly(tmp_path, full=True)
    whole = Snapshot(tmp_path / "whole.duckdb", imports)
    base = None
    for week in range(1, 4):
        step = Snapshot(tmp_path / f"step{week}.duckdb", imports[:week], base=base)
        step.reader.close()
        base = step.path
    grown = warehouse.open_reader(base)
    whole_state = state(whole)
    whole.reader = grown
    assert state(whole) == whole_state


def test_the_same_imports_in_any_order_give_the_same_state(tmp_path):
    imports = weekly(tmp_path)
    forward = Snapshot(tmp_path / "f.duckdb", imports)
    backward = Snapshot(tmp_path / "b.duckdb", imports[::-1])
    assert state(forward) == state(backward)


def test_a_record_gone_from_a_full_list_counts_nowhere_and_is_listed(tmp_path):
    partial = Snapshot(tmp_path / "p.duckdb", weekly(tmp_path))
    assert partial.table("select count(*) from deals") == [(2,)]
    full = Snapshot(tmp_path / "f.duckdb", weekly(tmp_path, full=True))
    assert full.table("select deal_id from deals") == [("d1",)]
    assert [row["entity_id"] for row in full.ask("record_missing")] == ["d2"]


def test_where_ad_exports_overlap_the_newer_wins_for_the_days_it_covers(tmp_path):
    def spend(start, end, cost):
        period = {"period_start": day(start), "period_end": day(end), "record_key": start}
        return {**period, "cost": Decimal(cost), "platform": "google_ads"}

    imports = [
        write_import(tmp_path, "spend", [spend("2026-10-01", "2026-10-10", 100)], as_of=WEEKS[0]),
        write_import(tmp_path, "spend", [spend("2026-10-06", "2026-10-15", 200)], as_of=WEEKS[1]),
    ]
    shot = Snapshot(tmp_path / "s.duckdb", imports)
    assert shot.value("spend") == 50 + 200


def test_a_column_of_a_later_version_is_unknown_in_files_read_before_it(tmp_path: Path) -> None:
    old = write_import(tmp_path, "deals", [{"deal_id": "1", "status": "won", "amount": Decimal(10)}])
    path = old.tables[0].path
    with duckdb.connect() as connection:
        connection.execute(f"create table kept as select * exclude (vendor_score) from read_parquet('{path}')")
        connection.execute(f"copy kept to '{path}' (format parquet)")
    shot = Snapshot(tmp_path / "later.duckdb", [old])
    assert shot.table("select deal_id, amount, vendor_score from base_deals") == [("1", Decimal(10), None)]
    shot.reader.close()
