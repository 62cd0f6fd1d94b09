"""Every metric on rows one can add up by hand."""

from decimal import Decimal

import pytest

from tests.sql.model import day

WON = {"status": "won", "created_at": day("2026-01-05"), "closed_at": day("2026-02-10")}
LOST = {"status": "lost", "created_at": day("2026-01-05"), "closed_at": day("2026-02-12")}
OPEN = {"status": "open", "created_at": day("2026-01-05")}


def deal(number, base, **more):
    return {"deal_id": f"d{number}", "name": f"Deal {number}", "amount": Decimal(100), **base, **more}


def test_won_revenue_adds_the_amounts_of_won_deals_only(snapshot):
    shot = snapshot(
        deals=[
            deal(1, WON, amount=Decimal("100.10")),
            deal(2, WON, amount=Decimal("0.20")),
            deal(3, LOST),
            deal(4, OPEN),
        ]
    )
    rows = shot.ask("won_revenue")
    assert [(row["numerator"], row["entities"]) for row in rows] == [(Decimal("100.3000"), 2)]
    assert shot.value("won_deals") == 2


def test_a_won_deal_without_an_amount_counts_and_adds_nothing(snapshot):
    shot = snapshot(deals=[deal(1, WON), deal(2, WON, amount=None)])
    assert shot.value("won_revenue") == 100
    assert shot.value("won_deals") == 2
    assert [row["entity_id"] for row in shot.ask("won_without_amount")] == ["d2"]


def test_wins_dated_after_the_export_count_and_are_flagged(snapshot):
    shot = snapshot(deals=[deal(1, WON), deal(2, WON, closed_at=day("2027-01-01"))])
    assert shot.value("won_revenue") == 200
    assert [row["flags"] for row in shot.ask("records", metric="won_revenue")] == [
        "close date in the future of the data; type unknown, counted as new",
        "type unknown, counted as new",
    ]
    assert len(shot.ask("won_in_the_future")) == 1


def test_undated_wins_are_in_the_total_of_all_time_and_in_no_period(snapshot):
    shot = snapshot(deals=[deal(1, WON), deal(2, WON, closed_at=None)])
    assert shot.value("won_revenue") == 200
    assert shot.value("won_revenue", period_start="2026-01-01", period_end="2027-01-01") == 100
    assert len(shot.ask("won_without_close_date")) == 1


def test_a_period_is_half_open(snapshot):
    shot = snapshot(deals=[deal(1, WON, closed_at=day("2026-03-31")), deal(2, WON, closed_at=day("2026-04-01"))])
    assert shot.value("won_deals", period_start="2026-01-01", period_end="2026-04-01") == 1
    assert shot.value("won_deals", period_start="2026-04-01", period_end="2026-07-01") == 1


def test_open_deals_do_not_count_in_the_win_rate_of_closed_deals(snapshot):
    shot = snapshot(deals=[deal(1, WON), deal(2, LOST), deal(3, LOST), deal(4, OPEN)])
    assert shot.value("win_rate_closed") == pytest.approx(1 / 3)


def test_a_rep_with_wins_and_no_losses_has_a_win_rate_of_all(snapshot):
    shot = snapshot(deals=[deal(1, WON, owner="Ana"), deal(2, WON, owner="Ana"), deal(3, LOST, owner="Bo")])
    assert {row["owner"]: row["value"] for row in shot.ask("win_rate_closed", by="owner")} == {"Ana": 1.0, "Bo": 0.0}


def test_win_rate_180_gives_every_deal_the_same_time(snapshot):
    shot = snapshot(
        deals=[
            deal(1, WON, created_at=day("2026-01-01"), closed_at=day("2026-06-30")),  # day 180
            deal(2, WON, created_at=day("2026-01-01"), closed_at=day("2026-07-01")),  # day 181
            deal(3, OPEN, created_at=day("2026-05-19")),  # 180 days old on 15 November
            deal(4, OPEN, created_at=day("2026-05-20")),  # too young to count
        ]
    )
    rows = shot.ask("win_rate_180")
    assert [(row["numerator"], row["denominator"]) for row in rows] == [(1, 3)]


def test_marketing_sourced_revenue_is_new_business_of_marketing_sources(snapshot):
    shot = snapshot(
        deals=[
            deal(1, WON, source_raw="Paid Search", type="newbusiness"),
            deal(2, WON, source_raw="Paid Search", type="existingbusiness"),
            deal(3, WON, source_raw="Cold Call"),
            deal(4, WON, source_raw="Martian radio"),
            deal(5, WON, source_raw="Organic Search"),  # type unknown counts as new
        ]
    )
    assert shot.value("marketing_sourced_revenue") == 200
    assert shot.value("marketing_sourced_share") == pytest.approx(200 / 400)
    assert [row["entity_id"] for row in shot.ask("source_unmapped")] == ["Martian radio"]


def test_sourced_revenue_adds_up_to_won_revenue_with_unknown_as_a_side(snapshot):
    shot = snapshot(
        deals=[deal(1, WON, source_raw="Paid Search"), deal(2, WON), deal(3, WON, source_raw="Partner"), deal(4, LOST)]
    )
    rows = shot.ask("sourced_revenue")
    assert {row["side"] for row in rows} == {"marketing", "unknown", "partner"}
    assert sum(row["won_amount"] for row in rows) == 300
    assert sum(row["won_deals"] for row in rows) == 3


def test_revenue_by_source_is_not_computable_without_any_source(snapshot):
    from scorecard.errors import NotComputableError

    shot = snapshot(deals=[deal(1, WON)])
    with pytest.raises(NotComputableError, match="source"):
        shot.ask("sourced_revenue")


def test_spend_is_spread_by_day_and_its_total_is_exact(snapshot):
    shot = snapshot(
        spend=[
            {
                "period_start": day("2026-10-30"),
                "period_end": day("2026-11-01"),
                "cost": Decimal("100"),
                "channel": "Email",
            }
        ]
    )
    by_month = {str(row["period"]): row["numerator"] for row in shot.ask("spend", grain="month")}
    assert by_month == {"2026-10-01": Decimal("66.6666"), "2026-11-01": Decimal("33.3334")}
    assert shot.ask("spend")[0]["numerator"] == Decimal("100.0000")


def test_spend_without_dates_stays_in_the_total_of_all_time(snapshot):
    shot = snapshot(spend=[{"cost": Decimal("7.5"), "channel": "Email"}])
    assert shot.value("spend") == 7.5
    assert len(shot.ask("spend_undated")) == 1


def test_cost_per_won_customer_is_empty_without_spend_and_without_wins(snapshot):
    spend = [
        {"period_start": day("2026-02-01"), "period_end": day("2026-02-28"), "cost": Decimal("50"), "channel": "Email"}
    ]
    shot = snapshot(spend=spend, deals=[deal(1, WON), deal(2, WON)])
    assert shot.value("cost_per_won_customer") == 25
    assert shot.value("cost_per_won_customer", period_start="2026-02-20", period_end="2026-02-21") is None  # no win
    free = snapshot(spend=[{**spend[0], "cost": Decimal(0)}], deals=[deal(1, WON)])
    assert free.value("cost_per_won_customer") is None


def test_new_leads_count_a_person_once_however_many_records_tell_of_them(snapshot):
    people = [
        {"person_id": "1", "email": "ana@example.com", "created_at": day("2026-03-02")},
        {"person_id": "2", "email": "ana@example.com", "created_at": day("2026-03-09")},
        {"person_id": "3", "created_at": day("2026-03-09")},
        {"person_id": "4", "created_at": day("2026-03-09")},
    ]
    shot = snapshot(people=people)
    assert shot.value("new_leads") == 3  # blank addresses never match each other
    assert [str(row["period"]) for row in shot.ask("new_leads", grain="week")] == ["2026-03-02", "2026-03-09"]


def test_lead_to_win_rate_counts_customers_by_the_data_date(snapshot):
    shot = snapshot(
        people=[{"person_id": str(n), "created_at": day("2026-01-01")} for n in range(1, 5)],
        deals=[
            deal(1, WON, primary_person_id="1"),
            deal(2, LOST, primary_person_id="2"),
            deal(3, OPEN, primary_person_id="3"),
        ],
    )
    assert shot.value("lead_to_win_rate") == pytest.approx(1 / 4)


def test_pipeline_created_is_by_creation_whatever_became_of_the_deal(snapshot):
    shot = snapshot(deals=[deal(1, WON), deal(2, LOST), deal(3, OPEN), deal(4, OPEN, created_at=None)])
    assert shot.value("pipeline_created") == 300


def test_follow_up_counts_the_untouched_as_missed_and_leaves_the_pending_out(snapshot):
    people = [
        {"person_id": "fast", "created_at": day("2026-11-01"), "mql_at": day("2026-11-02")},
        {"person_id": "late", "created_at": day("2026-11-01"), "mql_at": day("2026-11-02")},
        {"person_id": "never", "created_at": day("2026-11-01"), "mql_at": day("2026-11-02")},
        {"person_id": "pending", "created_at": day("2026-11-01"), "mql_at": day("2026-11-15")},
        {"person_id": "before", "created_at": day("2026-11-01"), "mql_at": day("2026-11-05")},
        {"person_id": "automated", "created_at": day("2026-11-01"), "mql_at": day("2026-11-02")},
    ]
    activities = [
        {"at": day("2026-11-02"), "type": "call", "person_id": "fast"},
        {"at": day("2026-11-09"), "type": "call", "person_id": "late"},
        {"at": day("2026-11-04"), "type": "call", "person_id": "before"},
        {"at": day("2026-11-02"), "type": "email", "person_id": "automated", "is_automated": True},
    ]
    shot = snapshot(people=people, activities=activities)
    found = dict(shot.table("select person_id, follow_up from lead_fact"))
    assert found == {
        "fast": "in time",
        "late": "late",
        "never": "never",
        "pending": "pending",
        "before": "contacted before",
        "automated": "never",
    }
    rows = shot.ask("follow_up_in_sla")
    assert [(row["numerator"], row["denominator"]) for row in rows] == [(1, 4)]


def test_viewer_win_rate_counts_views_before_the_win_only(snapshot):
    people = [
        {"person_id": p, "created_at": day("2026-01-01"), "email": f"{p}@example.com"}
        for p in ("before", "after", "none")
    ]
    deals = [deal(n, WON, primary_person_id=p) for n, p in enumerate(("before", "after"))]
    views = [
        {"at": day("2026-01-20"), "email": "before@example.com", "video_id": "v", "pct": 0.9},
        {"at": day("2026-06-01"), "email": "after@example.com", "video_id": "v", "pct": 0.9},
        {"at": day("2026-02-01"), "email": "none@example.com", "video_id": "v", "pct": 0.9},
    ]
    shot = snapshot(people=people, deals=deals, video_views=views)
    rows = shot.ask("viewer_win_rate")
    assert [(row["numerator"], row["denominator"]) for row in rows] == [(1, 2)]


def test_every_metric_has_records_that_add_up_to_it(snapshot):
    from scorecard.queries import catalogue

    shot = snapshot(
        people=[
            {
                "person_id": "1",
                "email": "ana@example.com",
                "created_at": day("2026-01-01"),
                "mql_at": day("2026-01-03"),
            },
            {
                "person_id": "2",
                "created_at": day("2026-01-01"),
                "mql_at": day("2026-01-03"),
                "disqualified_at": day("2026-01-10"),
            },
        ],
        deals=[deal(1, WON, source_raw="Email", primary_person_id="1"), deal(2, LOST, source_raw="Partner")],
        spend=[
            {
                "period_start": day("2026-02-01"),
                "period_end": day("2026-02-03"),
                "cost": Decimal("50"),
                "channel": "Email",
            }
        ],
        activities=[{"at": day("2026-01-03"), "type": "call", "person_id": "1"}],
        video_views=[{"at": day("2026-01-20"), "email": "ana@example.com", "video_id": "v", "pct": 0.9}],
        surveys=[
            {"at": day("2026-06-01"), "score": Decimal(9), "kind": "nps", "scale_max": Decimal(10), "person_id": "1"},
            {"at": day("2026-06-02"), "score": Decimal(4), "kind": "csat", "scale_max": Decimal(5), "person_id": "1"},
        ],
        revenue=[
            {"company_id": "c", "month": day(month), "amount": Decimal(amount), "kind": "recurring"}
            for month, amount in (("2025-05-01", 100), ("2026-05-01", 90), ("2025-10-01", 100), ("2026-10-01", 120))
        ],
    )
    metrics = [query.name for query in catalogue().values() if query.folder == "metric"]
    assert len(metrics) == 21
    for metric in metrics:
        rows, records = shot.ask(metric), shot.ask("records", metric=metric)
        assert rows or metric == "lead_value_delivered", metric  # what a lead is worth takes more than two
        assert sum(row["numerator"] for row in rows) == sum(record["numerator"] for record in records), metric
        assert sum(row["denominator"] for row in rows) == sum(record["denominator"] for record in records), metric
