"""Return on spend on rows one can add up by hand: what was spent, what it brought, and what nobody can divide."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecard import queries
from scorecard.book import BookCopy, CurrencyRate
from scorecard.errors import QueryError
from tests.sql.model import Snapshot, day, write_import

FEBRUARY = {"period_start": "2026-02-01", "period_end": "2026-03-01"}
RATIOS = ("roas", "cost_per_lead", "cost_per_mql", "cost_per_opportunity", "cost_per_won")


def cost(channel, amount, start: str | None = "2026-02-01", end="2026-02-28", **more):
    period = {"period_start": day(start), "period_end": day(end)} if start else {}
    return {"channel": channel, "cost": Decimal(amount), **period, **more}


def deal(number, amount, person, closed="2026-02-10", **more):
    created = more.pop("created", "2026-02-02")
    return {
        "deal_id": f"d{number}",
        "name": f"Deal {number}",
        "status": "won",
        "amount": Decimal(amount) if amount is not None else None,
        "created_at": day(created),
        "closed_at": day(closed),
        "primary_person_id": person,
        "type": "new",
        **more,
    }


def touch(person, channel, on, campaign=None):
    return {"person_id": person, "channel": channel, "at": day(on), "campaign_name": campaign}


PEOPLE = [
    {"person_id": "1", "created_at": day("2026-02-01"), "mql_at": day("2026-02-03"), "segment": "Enterprise"},
    {"person_id": "2", "created_at": day("2026-02-01"), "segment": "Small"},
]
# Deal 1 met Paid search and Events, deal 2 Paid search alone, deal 3 nobody knows.
TOUCHES = [
    touch("1", "Paid search", "2026-01-31", "Brand"),
    touch("1", "Events", "2026-02-05", "Forum"),
    touch("2", "Paid search", "2026-01-20", "Demo"),
]
DEALS = [
    deal(1, "100.01", "1", segment="Enterprise"),
    deal(2, "300", "2", closed="2026-02-28", segment="Small"),
    deal(3, "80", None, closed="2026-02-20", segment="Small"),
    deal(4, "1000", "2", type="renewal"),
]
SPEND = [cost("Paid search", "280", campaign="Brand"), cost("Paid social", "50"), cost("Skywriting", "20")]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    tables = {"people": PEOPLE, "deals": DEALS, "touches": TOUCHES, "spend": SPEND}
    shot = Snapshot(folder / "small.duckdb", [write_import(folder, kind, rows) for kind, rows in tables.items()])
    yield shot
    shot.reader.close()


def by_group(rows):
    return {row["group_value"]: row for row in rows}


def returns(shot, **params):
    """New business by channel, unless asked for otherwise."""
    return by_group(shot.ask("return_on_spend", **{"business": "new", **params}))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(1, 88),
    by=st.sampled_from(["channel", "campaign", "month"]),
    cohort=st.sampled_from(["close", "touch"]),
    model=st.sampled_from(["linear", "origin"]),
)
def test_a_period_cut_anywhere_adds_up_to_the_whole(small, cut, by, cohort, model):
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    middle = first + timedelta(days=cut)
    names = ("spend", "leads", "mqls", "opportunities", "won_deals", "won_revenue")

    def sums(start, end):
        rows = small.ask(
            "return_on_spend", by=by, cohort=cohort, model=model, period_start=str(start), period_end=str(end)
        )
        return {name: float(sum(row[name] or 0 for row in rows)) for name in names}

    whole, parts = sums(first, last), [sums(first, middle), sums(middle, last)]
    assert whole["spend"] == 350
    assert {name: parts[0][name] + parts[1][name] for name in names} == pytest.approx(whole)


def test_each_channel_has_its_spend_its_credit_and_its_costs_per_step(small):
    paid = returns(small)["Paid search"]
    assert paid["spend"] == 280
    assert paid["won_deals"] == pytest.approx(1.5)
    assert abs(paid["won_revenue"] - Decimal("350.005")) <= Decimal("0.005")
    assert paid["roas"] == pytest.approx(float(paid["won_revenue"]) / 280)
    assert (paid["leads"], paid["cost_per_lead"]) == (2, 140)
    assert (paid["mqls"], paid["cost_per_mql"]) == (1, 280)
    assert (paid["opportunities"], paid["cost_per_opportunity"]) == (2, 140)
    assert paid["cost_per_won"] == pytest.approx(280 / 1.5)
    assert paid["remark"] is None


def test_spend_and_credit_add_up_to_the_metrics_to_the_cent(small):
    for params in ({}, FEBRUARY, {"period_start": "2026-02-15", "period_end": "2026-02-25"}):
        rows = small.ask("return_on_spend", business="new", **params)
        wins = small.ask("records", metric="won_revenue", **params)
        assert sum(row["spend"] or 0 for row in rows) == sum(row["numerator"] for row in small.ask("spend", **params))
        new = [row for row in wins if row["entity_id"] != "d4"]
        assert sum(row["won_revenue"] for row in rows) == sum(row["numerator"] for row in new)
        assert sum(row["won_deals"] for row in rows) == pytest.approx(len(new))


MODELS = [name for name in queries.find("return_on_spend").choices["model"] if name != "custom"]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_adds_up_to_won_revenue(small, model):
    rows = small.ask("return_on_spend", model=model)
    assert sum(row["won_revenue"] for row in rows) == Decimal("1480.01")
    assert sum(row["won_deals"] for row in rows) == pytest.approx(4)


@pytest.mark.parametrize("model", [model for model in MODELS if model != "origin"])
def test_every_channel_has_the_credit_the_attribution_gives_it(small, model):
    asked = {row["channel"]: row["revenue"] for row in small.ask("attribution", model=[model])}
    found = returns(small, model=model, business="all")
    assert {name: row["won_revenue"] for name, row in found.items() if row["won_revenue"]} == asked


def test_without_weights_of_its_own_a_team_has_no_answer_by_them(small):
    assert small.ask("return_on_spend", model="custom") == small.ask("credited_deals", model="custom") == []
    rows = small.ask("return_on_spend", model="custom", custom_weights="1,0,0,0,0")
    assert rows == small.ask("return_on_spend", model="first")


def test_credit_for_a_segment_adds_up_to_the_won_revenue_of_the_segment(small):
    rows = small.ask("return_on_spend", segments=["Small"], business="all")
    assert sum(row["won_revenue"] for row in rows) == small.value("won_revenue", segments=["Small"]) == 1380


def test_zero_spend_has_no_ratio_and_divides_by_nothing(snapshot):
    shot = snapshot(people=PEOPLE, deals=DEALS, touches=TOUCHES, spend=[cost("Paid search", "0")])
    paid = returns(shot)["Paid search"]
    assert (paid["spend"], paid["is_spend_known"], paid["remark"]) == (0, True, "nothing spent")
    assert [paid[name] for name in RATIOS] == [None] * 5


def test_a_channel_without_any_cost_line_has_unknown_spend_not_zero(small):
    events = returns(small)["Events"]
    assert (events["spend"], events["is_spend_known"], events["remark"]) == (None, False, "no spend loaded")
    assert [events[name] for name in RATIOS] == [None] * 5


def test_zero_credit_returns_zero_and_has_no_cost_per_won(small):
    social = returns(small)["Paid social"]
    assert (social["won_deals"], social["won_revenue"], social["roas"]) == (0, 0, 0)
    assert (social["cost_per_won"], social["cost_per_lead"]) == (None, None)
    assert social["remark"] == "nothing won"


def test_buyers_without_a_touch_stay_in_the_totals_as_unattributed(small):
    for cohort in ("close", "touch"):
        nobody = returns(small, cohort=cohort, **FEBRUARY)["Unattributed"]
        assert (nobody["won_deals"], nobody["won_revenue"], nobody["remark"]) == (1, 80, "no touch known")
        assert (nobody["spend"], [nobody[name] for name in RATIOS]) == (None, [None] * 5)


def test_refunds_larger_than_the_cost_give_no_ratio(snapshot):
    shot = snapshot(people=PEOPLE, deals=DEALS, touches=TOUCHES, spend=[cost("Paid search", "-5")])
    assert [returns(shot)["Paid search"][name] for name in RATIOS] == [None] * 5


def test_spend_on_a_channel_nobody_mapped_stays_a_row_of_its_own(small):
    assert returns(small)["Skywriting"]["spend"] == 20


def test_credit_is_counted_at_the_close_or_at_the_touch(small):
    january = {"period_start": "2026-01-01", "period_end": "2026-02-01"}
    assert sum(row["won_revenue"] for row in small.ask("return_on_spend", **january)) == 0
    touched = returns(small, cohort="touch", **january)
    assert touched["Paid search"]["won_deals"] == pytest.approx(1.5)
    assert set(touched) == {"Paid search"}


def test_origin_gives_a_deal_whole_to_its_agreed_channel(small):
    rows = returns(small, model="origin")
    assert (rows["Paid search"]["won_deals"], rows["Paid search"]["won_revenue"]) == (2, Decimal("400.01"))
    assert (rows["Unknown"]["won_deals"], "Unattributed" in rows) == (1, False)


def test_origin_by_touch_counts_a_deal_on_the_day_it_was_created(snapshot):
    shot = snapshot(people=PEOPLE, touches=TOUCHES, deals=[deal(1, "100", "1", created="2026-02-02")])
    params = {"model": "origin", "cohort": "touch", "period_start": "2026-02-02", "period_end": "2026-02-03"}
    assert sum(row["won_deals"] for row in shot.ask("return_on_spend", **params)) == 1


def test_filters_spend_cannot_follow_leave_the_counts_and_take_the_ratios(small):
    paid = returns(small, segments=["Small"])["Paid search"]
    assert (paid["won_revenue"], paid["leads"], paid["spend"]) == (300, 1, 280)
    assert [paid[name] for name in RATIOS] == [None] * 5
    assert paid["remark"] == "spend cannot follow these filters"


def test_a_channel_filter_chooses_rows_and_changes_no_number(small):
    everything = small.ask("return_on_spend")
    assert len(everything) > 1
    chosen = small.ask("return_on_spend", channels=["Paid search"])
    assert chosen == [row for row in everything if row["group_value"] == "Paid search"]


def test_people_have_no_pipeline_so_their_number_is_unknown_under_one(small):
    paid = returns(small, pipelines=["New business"])["Paid search"]
    assert (paid["leads"], paid["mqls"]) == (None, None)


def test_a_step_nobody_dates_is_unknown_and_not_zero(snapshot):
    deals = [deal(1, "100", None), deal(2, "100", None)]
    no_people = returns(snapshot(deals=deals, spend=SPEND), model="origin")["Unknown"]
    assert (no_people["leads"], no_people["mqls"], no_people["opportunities"]) == (None, None, 2)
    people = [{"person_id": "1", "created_at": day("2026-02-01")}]
    no_mqls = returns(snapshot(people=people, spend=SPEND))["Unknown"]
    assert (no_mqls["leads"], no_mqls["mqls"], no_mqls["opportunities"]) == (1, None, None)


def test_undated_spend_is_in_all_time_and_in_no_period(snapshot):
    shot = snapshot(spend=[cost("Paid search", "280"), cost("Paid search", "7", start=None)])
    assert returns(shot)["Paid search"]["spend"] == 287
    assert returns(shot, **FEBRUARY)["Paid search"]["spend"] == 280
    left_out = {row["reason"]: row["entities"] for row in shot.ask("left_out", metric="spend")}
    assert left_out == {"cost lines without a period": 1}


def test_money_without_a_rate_is_left_out_and_counted(snapshot):
    shot = snapshot(spend=[cost("Paid search", "280"), cost("Events", "90", currency="CHF")])
    rows = returns(shot)
    assert (rows["Events"]["spend"], rows["Events"]["remark"]) == (None, "spend without an exchange rate")
    assert (rows["Events"]["rate_missing"] > 0, rows["Paid search"]["rate_missing"]) == (True, 0)
    left_out = {row["reason"]: row["entities"] for row in shot.ask("left_out", metric="spend")}
    assert left_out == {"cost lines in a currency without a rate": 1}
    assert [(row["entity"], row["detail"]) for row in shot.ask("rate_missing")] == [("spend", "CHF")]


def test_a_won_deal_without_an_amount_counts_and_adds_no_money(snapshot):
    shot = snapshot(people=PEOPLE, touches=TOUCHES, deals=[deal(2, None, "2")])
    paid = returns(shot)["Paid search"]
    assert (paid["won_deals"], paid["won_revenue"]) == (1, 0)


def test_media_alone_leaves_out_tools_people_and_agencies(snapshot):
    shot = snapshot(spend=[cost("Email", "10"), cost("Email", "3", kind="tool"), cost("Email", "5", kind="people")])
    assert returns(shot)["Email"]["spend"] == 18
    assert returns(shot, costs="media")["Email"]["spend"] == 10


def test_by_month_every_month_has_its_own_sums(snapshot):
    deals = [deal(1, "100", "1"), deal(2, "300", "2", closed="2026-03-05")]
    spend = [cost("Paid search", "590", end="2026-03-31")]
    shot = snapshot(people=PEOPLE, touches=TOUCHES, deals=deals, spend=spend)
    months = shot.ask("return_on_spend", by="month")
    assert [(row["group_value"], row["spend"], row["won_revenue"]) for row in months] == [
        ("2026-02", 280, 100),
        ("2026-03", 310, 300),
    ]
    cut = shot.ask("return_on_spend", by="channel_month", model="first")
    assert {(row["channel"], str(row["month"])): row["won_revenue"] for row in cut} == {
        ("Paid search", "2026-02-01"): 100,
        ("Paid search", "2026-03-01"): 300,
    }


def test_one_campaign_spelt_in_two_ways_is_one_row(snapshot):
    touches = [touch("2", "Paid search", "2026-01-20", "brand_search")]
    spend = [cost("Paid search", "30", campaign="Brand search"), cost("Paid search", "5", campaign="Loner")]
    shot = snapshot(people=PEOPLE, touches=touches, deals=[deal(2, "300", "2")], spend=spend)
    rows = returns(shot, by="campaign")
    assert (rows["Brand search"]["spend"], rows["Brand search"]["won_revenue"]) == (30, 300)
    assert rows["Brand search"]["channel"] == "Paid search"
    assert (rows["Loner"]["spend"], rows["Loner"]["roas"]) == (5, None)
    assert rows["Loner"]["remark"] == "no lead, deal or touch of this name"
    behind = shot.ask("credited_deals", campaign_named="Brand search")
    assert [(row["deal_id"], row["credited_amount"]) for row in behind] == [("d2", 300)]


def test_a_campaign_met_in_two_channels_is_one_row_and_what_has_no_campaign_is_one_for_each_channel(snapshot):
    touches = [touch("1", "Email", "2026-01-31", "Spring"), touch("2", "Events", "2026-01-31")]
    spend = [cost("Paid search", "30", campaign="Spring"), cost("Email", "4"), cost("Events", "5")]
    shot = snapshot(people=PEOPLE, touches=touches, deals=[deal(1, "300", "1"), deal(2, "90", "2")], spend=spend)
    rows = {
        (row["group_value"], row["channel"]): (row["spend"], row["won_revenue"])
        for row in shot.ask("return_on_spend", by="campaign")
    }
    assert rows == {("Spring", "several"): (30, 300), ("(none)", "Email"): (4, 0), ("(none)", "Events"): (5, 90)}
    # One channel's campaigns hold what that channel itself spent and won.
    mail = shot.ask("return_on_spend", by="campaign", channels=["Email"])
    assert {(row["group_value"], row["spend"], row["won_revenue"]) for row in mail} == {
        ("Spring", None, 300), ("(none)", 4, 0),
    }  # fmt: skip


def test_a_cost_line_without_a_channel_takes_that_of_its_campaign(snapshot):
    campaigns = [{"campaign_id": "c1", "name": "Forum", "type": "Trade show", "channel": "Events"}]
    spend = [cost(None, "90", campaign_id="c1", platform="zoho"), cost(None, "5", platform="linkedin")]
    rows = returns(snapshot(spend=spend, campaigns=campaigns))
    assert {name: row["spend"] for name, row in rows.items()} == {"Events": 90, "Paid social": 5}


@pytest.mark.parametrize(
    ("platform", "channel"),
    [
        ("linkedin", "Paid social"),
        ("meta", "Paid social"),
        ("tiktok", "Paid social"),
        ("x", "Paid social"),
        ("google_ads", "Paid search"),
        ("microsoft_ads", "Paid search"),
        ("acme_network", "acme_network"),
    ],
)
def test_what_an_ad_platform_cost_is_paid_and_not_organic(snapshot, platform, channel):
    assert list(returns(snapshot(spend=[cost(None, "5", platform=platform)]))) == [channel]


def test_without_any_touch_a_model_says_so_instead_of_nothing_won(snapshot):
    shot = snapshot(people=PEOPLE, deals=DEALS, spend=SPEND)
    paid = returns(shot)["Paid search"]
    assert (paid["roas"], paid["cost_per_won"], paid["remark"]) == (None, None, "no touches loaded")
    assert returns(shot, model="origin")["Paid search"]["remark"] == "nothing won"
    assert shot.ask("journey_coverage") == [{"won_deals": 4, "with_touches": 0}]


def test_touches_reach_the_won_deals_they_belong_to(small):
    assert small.ask("journey_coverage") == [{"won_deals": 4, "with_touches": 3}]


def test_a_budget_counts_once_and_in_proportion_to_the_days(snapshot):
    spend = [cost("Paid search", "100", budget=Decimal(280)), cost("Paid search", "1", budget=Decimal("0.05"))]
    campaigns = [
        {"campaign_id": "c1", "name": "Forum", "channel": "Events", "budget": Decimal(100), "currency": "USD"}
        | {"start_at": day("2026-02-20"), "end_at": day("2026-03-01")},
        {"campaign_id": "c2", "name": "Undated", "channel": "Events", "budget": Decimal(7)},
    ]
    shot = snapshot(spend=spend, campaigns=campaigns)
    rows = returns(shot)
    assert (rows["Paid search"]["budget"], rows["Events"]["budget"]) == (Decimal("280.05"), 107)
    half = returns(shot, period_start="2026-02-01", period_end="2026-02-15")
    assert half["Paid search"]["budget"] == pytest.approx(Decimal("140.02"), abs=Decimal("0.01"))
    assert "Events" not in half
    assert returns(shot, **FEBRUARY)["Events"]["budget"] == 90


def test_a_budget_told_by_a_campaign_and_its_cost_line_counts_once(snapshot):
    spend = [cost(None, "90", campaign="Forum", budget=Decimal(100))]
    campaigns = [{"campaign_id": "c1", "name": "Forum", "channel": "Events", "budget": Decimal(100)}]
    shot = snapshot(spend=spend, campaigns=campaigns)
    assert sum(row["budget"] for row in shot.ask("return_on_spend") if row["budget"]) == 100


def test_a_budget_in_another_currency_is_changed_or_left_out(snapshot):
    spend = [cost("Events", "90", currency="EUR", budget=Decimal(100))]
    assert returns(snapshot(spend=spend))["Events"]["budget"] is None
    book = BookCopy(currency_rates=(CurrencyRate("EUR", date(2026, 1, 1), Decimal("1.1")),))
    assert returns(snapshot(book=book, spend=spend))["Events"]["budget"] == 110


def test_a_month_or_channel_that_ended_says_until_when_its_costs_are_known(snapshot):
    deals = [deal(2, "300", "2", closed="2026-03-05")]
    shot = snapshot(people=PEOPLE, touches=TOUCHES, deals=deals, spend=SPEND)
    march = returns(shot, period_start="2026-03-01", period_end="2026-04-01")["Paid search"]
    assert (march["spend"], str(march["spend_until"])) == (None, "2026-02-28")
    assert march["remark"] == "no spend in this period"


@pytest.mark.parametrize("model", ["first", "linear", "origin"])
@pytest.mark.parametrize("cohort", ["close", "touch"])
def test_the_deals_behind_add_up_to_every_row(small, model, cohort):
    params = {"model": model, "cohort": cohort, "business": "all"}
    rows = small.ask("return_on_spend", **params)
    assert rows
    for row in rows:
        behind = small.ask("credited_deals", channels=[row["channel"]], **params)
        assert sum(deal["credited_amount"] or 0 for deal in behind) == row["won_revenue"]
        assert sum(deal["share"] for deal in behind) == pytest.approx(row["won_deals"])


def test_a_deal_behind_says_what_it_is_and_its_share(small):
    rows = small.ask("credited_deals", channels=["Events"])
    assert [(row["deal_id"], row["deal_name"], row["amount"], row["share"]) for row in rows] == [
        ("d1", "Deal 1", Decimal("100.01"), 0.5)
    ]
    assert len(small.ask("credited_deals", row_limit=1)) == 1


@pytest.mark.parametrize("params", [{"by": "chanel"}, {"model": "markov"}, {"cohort": "click"}, {"costs": "some"}])
def test_a_choice_that_does_not_exist_is_refused_by_name(small, params):
    with pytest.raises(QueryError, match="is one of"):
        small.ask("return_on_spend", **params)
