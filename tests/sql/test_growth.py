"""Retention and acquisition on rows one can add up by hand, and what happens where there is nothing to divide by."""

from decimal import Decimal

import pytest

from scorecard.errors import NotComputableError
from scorecard.queries_catalogue import catalogue
from scorecard.stats import counts
from tests.sql.model import Snapshot, day, write_import

YEAR = {"period_start": "2026-01-01", "period_end": "2027-01-01"}
QUARTER = {"period_start": "2026-07-01", "period_end": "2026-10-01"}


def paid(company, month, amount, kind=None):
    return {"company_id": company, "month": day(f"{month}-01"), "amount": Decimal(str(amount)), "kind": kind}


def listed(company, amounts, first=12, year=2025):
    """A month-by-month list, None where nothing was paid."""
    months = [f"{year + (first - 1 + n) // 12}-{(first - 1 + n) % 12 + 1:02d}" for n in range(len(amounts))]
    return [paid(company, month, amount, "recurring") for month, amount in zip(months, amounts, strict=True) if amount]


def known(rows):
    return {key: rows[0][key] for key in ("start", "expansion", "contraction", "churn", "nrr", "grr", "logos")}


# start 10.0 = 4 + 3 + 2.1 + 0.9; one expands by 1.8, one contracts by 0.6, one of 0.9 leaves; a new one does not count
BY_MONTH = [
    *listed("a", [4] * 5 + [5.8] * 6),
    *listed("b", [3] * 11),
    *listed("c", [2.1] * 3 + [1.5] * 8),
    *listed("d", [0.9] * 6),
    *listed("new", [50] * 8, first=3, year=2026),
]
CHANGES = [
    *(paid(company, "2025-12", amount, "new") for company, amount in (("a", 4), ("b", 3), ("c", 2.1), ("d", 0.9))),
    paid("a", "2026-05", 1.8, "expansion"),
    paid("c", "2026-03", -0.6, "contraction"),
    paid("d", "2026-06", 0.9, "churn"),
    paid("new", "2026-03", 50, "new"),
]
WORKED = {"start": 10.0, "expansion": 1.8, "contraction": 0.6, "churn": 0.9, "nrr": 1.03, "grr": 0.85, "logos": 0.75}


@pytest.mark.parametrize("rows", [BY_MONTH, CHANGES], ids=["month by month", "only changes"])
def test_ten_and_what_came_and_went_is_103_and_85_percent(snapshot, rows):
    shot = snapshot(revenue=rows)
    assert known(shot.ask("retention", **YEAR)) == pytest.approx(WORKED)
    behind = shot.ask("retention_customers", **YEAR)
    assert sum(row["opening"] for row in behind) == Decimal("10.00")
    assert sum(row["closing"] for row in behind) == Decimal("10.30")
    assert {row["customer_id"]: row["what"] for row in behind} == {
        "a": "expanded",
        "b": "unchanged",
        "c": "contracted",
        "d": "churned",
    }


def test_where_billing_begins_with_the_period_its_opening_balance_is_the_start(snapshot):
    rows = [paid("a", "2026-01", 10, "new"), paid("a", "2026-01", 2, "expansion"), paid("b", "2026-02", 5, "new")]
    assert known(snapshot(revenue=rows).ask("retention", **YEAR)) == pytest.approx(
        {"start": 10, "expansion": 2, "contraction": 0, "churn": 0, "nrr": 1.2, "grr": 1, "logos": 1}
    )


def test_who_stops_and_comes_back_has_not_churned_and_is_flagged(snapshot):
    rows = [*listed("a", [4] * 3 + [None, None] + [4] * 6), *listed("b", [1] * 11)]
    (found,) = snapshot(revenue=rows).ask("retention", **YEAR)
    assert (found["churn"], found["logos"], found["reactivated"]) == (0, 1, 1)


def test_a_cohort_of_nobody_and_a_month_before_billing_give_no_rate(snapshot):
    shot = snapshot(revenue=listed("a", [4] * 4, first=6, year=2026))
    assert shot.ask("retention", period_start="2020-01-01", period_end="2021-01-01") == []
    assert shot.ask("retention", segments=["nobody"]) == []
    assert shot.value("nrr") is None
    with pytest.raises(NotComputableError, match="recurring revenue file"):
        snapshot(deals=[won(1, "x")]).ask("retention")


def test_the_metrics_divide_the_sums_of_the_months(snapshot):
    shot = snapshot(revenue=[*listed("a", [10] * 12 + [12, 8], first=9), *listed("b", [10] * 13, first=9)])
    october = {"period_start": "2026-10-01", "period_end": "2026-11-01"}
    both = {"period_start": "2026-09-01", "period_end": "2026-11-01"}
    assert shot.value("nrr", **both) == pytest.approx((12 + 8 + 10 + 0) / 40)
    assert shot.value("grr", **both) == pytest.approx((10 + 8 + 10 + 0) / 40)
    assert shot.value("nrr", **october) == pytest.approx(8 / 20)
    (report,) = shot.ask("retention", months=12, period_end="2026-11-01")
    assert (report["nrr"], report["grr"]) == pytest.approx((0.4, 0.4))


def test_money_of_another_currency_without_a_rate_is_left_out(snapshot):
    rows = [*listed("a", [4] * 11), *[row | {"currency": "EUR"} for row in listed("b", [4] * 11)]]
    (found,) = snapshot(revenue=rows).ask("retention", **YEAR)
    assert (found["start"], found["customers"]) == (4, 1)


# --- what a customer costs


def won(number, company, closed="2026-08-10", **more):
    return {
        "deal_id": f"d{number}",
        "status": "won",
        "amount": Decimal(more.pop("amount", "1000")),
        "created_at": day("2026-07-20"),
        "closed_at": day(closed),
        "company_id": company,
        "type": "new",
        "source_raw": more.pop("source", "Paid Search"),
        **more,
    }


COMPANIES = [{"company_id": company, "name": company, "segment": "SMB"} for company in "abcd"]
# Leads of 30 days before the win; d4 is a second deal of a, d5 an expansion of an older customer.
PEOPLE = [{"person_id": f"p{n}", "created_at": day("2026-07-11"), "company_id": c} for n, c in enumerate("abc", 1)]
DEALS = [
    won(1, "a", primary_person_id="p1", margin=Decimal(600), discount=0.1),
    won(2, "b", primary_person_id="p2", source="Webinar", margin=Decimal(400), discount=0.2),
    won(3, "c", primary_person_id="p3", margin=Decimal(500), closed="2026-08-10", discount=0.0),
    won(4, "a", closed="2026-09-28", amount="3000", discount=0.3),
    won(5, "d", type="expansion"),
]


def cost(amount, start, end, channel="Paid Search", kind="media"):
    return {
        "channel": channel,
        "cost": Decimal(amount),
        "kind": kind,
        "period_start": day(start),
        "period_end": day(end),
    }


SPEND = [
    cost("900", "2026-06-01", "2026-06-30"),
    cost("300", "2026-06-01", "2026-06-30", "Webinar", "tool"),
    cost("620", "2026-07-01", "2026-07-31"),
    cost("920", "2026-07-01", "2026-09-30", "Events"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    tables = {"companies": COMPANIES, "people": PEOPLE, "deals": DEALS, "spend": SPEND}
    built = Snapshot(folder / "shop.duckdb", [write_import(folder, kind, rows) for kind, rows in tables.items()])
    yield built
    built.reader.close()


def test_a_new_customer_costs_what_was_spent_a_lag_before(shop):
    (found,) = shop.ask("acquisition", **QUARTER)
    assert (found["new_customers"], found["won_deals"], found["lag_days"], found["lag_customers"]) == (3, 4, 30, 3)
    # Laid back by 30 days: 1 June to 31 August.
    lagged = 900 + 300 + 620 + 10 * 62
    assert found["cac"] == pytest.approx(lagged / 3)
    assert found["cac_media"] == pytest.approx((lagged - 300) / 3)
    assert found["cac_same_period"] == pytest.approx((620 + 920) / 3)
    assert shop.value("cac", **QUARTER) == pytest.approx(found["cac"])
    low, high = counts.poisson(3)
    assert (found["cac_low"], found["cac_high"]) == pytest.approx((lagged / high, lagged / low))


def test_return_agrees_with_the_return_on_spend_and_weighs_margin(shop):
    (found,) = shop.ask("acquisition", **QUARTER)
    (month,) = shop.ask("return_on_spend", by="month", business="new", model="origin",
                        period_start="2026-08-01", period_end="2026-09-01")  # fmt: skip
    (ours,) = shop.ask("acquisition", period_start="2026-08-01", period_end="2026-09-01")
    assert ours["roas"] == pytest.approx(month["roas"])
    assert found["roas"] == pytest.approx(6000 / 1540)
    assert found["margin_share"] == pytest.approx(1500 / 3000)  # of the deals whose margin is known
    assert found["margin_roas"] == pytest.approx(6000 / 1540 / 2)


def test_by_channel_every_customer_is_somewhere_and_nothing_is_divided_by_nothing(shop):
    rows = {row["group_value"]: row for row in shop.ask("acquisition", by="channel", **QUARTER)}
    assert sum(row["new_customers"] for row in rows.values()) == 3
    assert rows["Events"]["new_customers"] == 0
    assert rows["Events"]["cac"] is None and rows["Events"]["remark"] == "no new customer"
    by_segment = shop.ask("acquisition", by="segment", **QUARTER)
    assert [(row["new_customers"], row["cac"], row["remark"]) for row in by_segment] == [
        (3, None, "spend is not known by this")
    ]
    filtered = shop.ask("acquisition", segments=["SMB"], **QUARTER)
    assert filtered[0]["cac"] is None and filtered[0]["new_customers"] == 3
    touched = shop.ask("acquisition", by="channel", model="linear", **QUARTER)
    assert [(row["group_value"], row["new_customers"]) for row in touched if row["new_customers"]] == [
        ("Unattributed", 3)
    ]


def test_without_spend_or_with_half_of_it_there_is_no_cost_and_the_rest_is_shown(snapshot, shop):
    (bare,) = snapshot(companies=COMPANIES, people=PEOPLE, deals=DEALS).ask("acquisition", **QUARTER)
    assert (bare["new_customers"], bare["cac"], bare["spend"], bare["remark"]) == (3, None, None, "no spend loaded")
    late = shop.ask("acquisition", period_start="2026-06-15", period_end="2026-10-01")
    assert late[0]["cac"] is None and late[0]["cac_same_period"] is not None
    assert "known from 2026-06-01 only" in late[0]["remark"]
    assert "No lagged cost" in late.notes[0]


def test_discounts_late_in_the_quarter_stand_beside_the_others(shop):
    late, rest = shop.ask("discounts")
    assert (late["part"], late["deals"], late["discount"]) == ("late in the quarter", 1, pytest.approx(0.3))
    assert late["low"] is None  # one deal has no spread
    assert (rest["deals"], rest["discount"], rest["without_discount"]) == (3, pytest.approx(0.1), 1)
    assert rest["given_away"] == pytest.approx(1000 * (0.1 / 0.9 + 0.2 / 0.8))


# --- what one is worth


def test_worth_is_revenue_times_margin_over_churn_and_only_with_enough(snapshot):
    # 40 customers of 100 a month, one of whom leaves in each of eleven months: 11 gone of 429 + ... customer-months.
    rows = [row for n in range(40) for row in listed(f"c{n}", [100] * (n + 1 if n < 11 else 12))]
    shot = snapshot(revenue=rows, companies=COMPANIES, people=PEOPLE, deals=DEALS, spend=SPEND)
    (found,) = shot.ask("unit_economics", **QUARTER | {"period_end": "2026-12-01"}, min_customers=25)
    at_risk = 29 * 11 + sum(range(1, 12))
    assert (found["customers"], found["churned"], found["customer_months"]) == (29, 11, at_risk)
    assert found["arpa_month"] == 100 and found["gross_margin"] == pytest.approx(0.5)
    assert found["ltv"] == pytest.approx(100 * 0.5 / (11 / at_risk))
    assert found["ltv_low"] < found["ltv"] < found["ltv_high"]
    assert found["payback_basis"] == "margin"
    assert found["payback_months"] == pytest.approx(found["cac"] / 50)
    (few,) = shot.ask("unit_economics", min_customers=30)
    assert few["ltv"] is None and few["remark"].startswith("not estimable: 29 customers")
    (bare,) = snapshot(revenue=rows).ask("unit_economics", min_customers=25)
    assert (bare["ltv"], bare["cac"], bare["payback_months"]) == (None, None, None)
    assert "no gross margin" in bare["remark"]


def test_value_so_far_counts_those_who_left_as_nothing(snapshot):
    old = listed("old", [9] * 12)
    young = [row for n in range(4) for row in listed(f"c{n}", [100] * (2 if n == 0 else 3), first=1, year=2026)]
    rows = snapshot(revenue=[*old, *young]).ask("customer_value", least=4)
    assert [row["customers"] for row in rows][:3] == [4, 4, 4]
    assert [row["revenue_so_far"] for row in rows][:3] == pytest.approx([100, 200, 275])


@pytest.mark.parametrize(("count", "low", "high"), [(10, 4.795, 18.39), (100, 81.36, 121.6), (0, 0, 3.689)])
def test_a_count_has_the_exact_interval_of_a_poisson(count, low, high):
    """Garwood's limits, as tabulated in Breslow and Day (1987), table 2.10."""
    assert counts.poisson(count) == pytest.approx((low, high), rel=0.005)


def test_renewals_are_those_decided_in_the_period_by_number_and_money(snapshot) -> None:
    deals = [
        {"deal_id": f"r{number}", "type": kind, "status": status, "amount": Decimal(amount), "closed_at": day(closed)}
        for number, (kind, status, amount, closed) in enumerate([
            ("renewal", "won", 100, "2026-08-01"),
            ("renewal", "won", 60, "2026-09-30"),
            ("renewal", "lost", 40, "2026-09-01"),
            ("renewal", "lost", 999, "2026-10-01"),  # the next quarter
            ("new", "won", 999, "2026-08-01"),
        ])
    ]  # fmt: skip
    shot = snapshot(deals=deals)
    (row,) = shot.ask("renewals", **QUARTER)
    assert (row["decided"], row["won"], row["due_amount"], row["won_amount"]) == (3, 2, 200, 160)
    assert (row["rate"], row["amount_rate"]) == (pytest.approx(2 / 3), pytest.approx(0.8))
    assert row["low"] < 2 / 3 < row["high"]
    assert list(row) == list(catalogue()["renewals"].returns)
    assert shot.ask("renewals", period_start="2025-01-01", period_end="2025-04-01") == []
