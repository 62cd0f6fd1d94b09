"""Real exports and synced tables of each vendor are recognised, and load to what a plain sum over the file says."""

import csv
from pathlib import Path

import pytest

from tests.unit.examined import Examined, look_at

SHARED = Path(__file__).parents[3] / "shared"
SYNCED = SHARED / "real" / "fivetran"
ADS = "dbt_ad_reporting"
pytestmark = pytest.mark.skipif(not SYNCED.exists(), reason="the real exports are not on this machine")

# No vendor's export: a data dictionary, a list of cities, an invented CRM, a hand-cleaned report without its period.
_NO_VENDOR = {
    "data_dictionary.csv", "cp1252_names.csv", "campaigns_clean.csv", "Activity.csv", "Products.csv", "Sales.csv",
}  # fmt: skip


def load(folder: str, name: str) -> Examined:
    (seen,) = look_at([SYNCED / folder / name], answers={f"{name}.as_of": "2026-01-31"})
    return seen


def plain(folder: str, name: str) -> list[dict[str, str]]:
    """The file's rows as the csv module reads them, without those marked as deleted."""
    with (SYNCED / folder / name).open(encoding="utf-8-sig", newline="") as file:
        rows = [{key.casefold(): value for key, value in row.items()} for row in csv.DictReader(file)]
    gone = ("is_deleted", "_fivetran_deleted")
    return [row for row in rows if all(row.get(mark, "").casefold() != "true" for mark in gone)]


def total(rows: list[dict], column: str) -> float:
    return sum(float(row[column] or 0) for row in rows)


SPEND = [
    ("amazon_ads_campaign_level_report_data.csv", "synced_amazon_ads", "cost", 1, "date"),
    ("apple_search_ad_group_report_data.csv", "synced_apple_ads", "local_spend_amount", 1, "date"),
    ("facebook_ads_basic_ad_data.csv", "synced_meta_ads", "spend", 1, "date"),
    ("google_ads_campaign_stats_data.csv", "synced_google_ads", "cost_micros", 1e6, "date"),
    ("linkedin_ad_analytics_by_campaign_data.csv", "synced_linkedin_ads", "cost_in_usd", 1, "day"),
    ("microsoft_ads_campaign_performance_daily_report_data.csv", "synced_microsoft_ads", "spend", 1, "date"),
    ("pinterest_campaign_report_data.csv", "synced_pinterest_ads", "spend_in_micro_dollar", 1e6, "date"),
    ("reddit_ads_campaign_report_data.csv", "synced_reddit_ads", "spend", 1e6, "date"),
    ("snapchat_campaign_hourly_report_data.csv", "synced_snapchat_ads", "spend", 1e6, "date"),
    ("tiktok_campaign_report_hourly_data.csv", "synced_tiktok_ads", "spend", 1, "stat_time_hour"),
    ("twitter_campaign_report_data.csv", "synced_x_ads", "billed_charge_local_micro", 1e6, "date"),
]


@pytest.mark.parametrize(("name", "kind", "cost", "divisor", "day"), SPEND, ids=[row[0] for row in SPEND])
def test_each_ad_platforms_campaign_table_costs_what_its_rows_say(name, kind, cost, divisor, day):
    seen, rows = load(ADS, name), plain(ADS, name)
    assert (seen.report.status, seen.report.kind, len(seen.rows)) == ("ready", kind, len(rows))
    assert float(sum(value or 0 for value in seen.column("cost"))) == pytest.approx(
        total(rows, cost) / divisor, abs=1e-3
    )
    assert f"{min(seen.column('period_start')):%Y-%m-%d}" == min(row[day] for row in rows)[:10]
    if any(row.get("impressions") for row in rows):
        assert sum(value or 0 for value in seen.column("impressions")) == total(rows, "impressions")


def test_the_same_cost_cut_another_way_is_not_loaded_beside_it():
    paths = sorted((SYNCED / ADS).glob("*.csv"))
    loaded = {seen.report.kind for seen in look_at(paths) if seen.report.status == "ready"}
    assert loaded == {kind for _, kind, *_ in SPEND}


OBJECTS = [
    ("dbt_hubspot", "contact_data.csv", "hubspot_contacts", "people", {}),
    ("dbt_hubspot", "company_data.csv", "hubspot_companies", "companies", {}),
    ("dbt_hubspot", "deal_data.csv", "hubspot_deals", "deals", {"amount": "property_amount"}),
    ("dbt_hubspot", "deal_contact_data.csv", "hubspot_deal_contacts", "deal_people", {}),
    ("dbt_hubspot", "deal_stage_data.csv", "hubspot_deal_stages", "stage_events", {}),
    ("dbt_hubspot", "owner_data.csv", "hubspot_owners", "users", {}),
    ("dbt_hubspot", "contact_form_submission_data.csv", "hubspot_form_submissions", "touches", {}),
    ("dbt_pardot", "pardot_prospect_data.csv", "pardot_prospects", "people", {"score": "score"}),
    ("dbt_pardot", "pardot_opportunity_data.csv", "pardot_opportunities", "deals", {"amount": "value"}),
    ("dbt_pardot", "pardot_opportunity_prospect_data.csv", "pardot_opportunity_prospects", "deal_people", {}),
    ("dbt_pardot", "pardot_visitor_activity_data.csv", "pardot_visitor_activities", "touches", {}),
    ("dbt_pardot", "pardot_visitor_data.csv", "pardot_visitors", "touches", {}),
    ("dbt_pardot", "pardot_campaign_data.csv", "pardot_campaigns", "campaigns", {"actual_cost": "cost"}),
    ("dbt_marketo", "marketo_lead_data.csv", "people", "people", {}),
    ("dbt_marketo", "marketo_program_data.csv", "marketo_programs", "campaigns", {}),
    ("dbt_marketo", "marketo_activity_click_email_data.csv", "marketo_clicks", "touches", {}),
    ("dbt_salesforce", "sf_account_data.csv", "salesforce_accounts", "companies", {}),
    ("dbt_salesforce", "sf_contact_data.csv", "salesforce_contacts", "people", {}),
    ("dbt_salesforce", "sf_lead_data.csv", "salesforce_leads", "people", {}),
    ("dbt_salesforce", "sf_opportunity_data.csv", "salesforce_opportunities", "deals", {"amount": "amount"}),
    ("dbt_salesforce", "sf_task_data.csv", "salesforce_tasks", "activities", {}),
    ("dbt_salesforce", "sf_event_data.csv", "salesforce_events", "activities", {}),
    ("dbt_salesforce", "sf_user_data.csv", "salesforce_users", "users", {}),
]


@pytest.mark.parametrize(("folder", "name", "kind", "table", "sums"), OBJECTS, ids=[row[1] for row in OBJECTS])
def test_a_synced_table_loads_every_record_that_is_not_deleted(folder, name, kind, table, sums):
    seen, rows = load(folder, name), plain(folder, name)
    assert (seen.report.status, seen.report.kind) == ("ready", kind)
    planned = sum(row.what == "planned" for row in seen.report.set_aside)
    assert len(seen.tables[table]) + planned == len(rows)
    assert seen.report.rows_quarantined == 0
    for column, source in sums.items():
        assert float(sum(value or 0 for value in seen.column(column))) == pytest.approx(total(rows, source), abs=1e-3)


def test_zoho_events_are_meetings():
    (seen,) = look_at([SHARED / "real" / "zoho" / "Events.csv"])
    assert (seen.report.status, seen.report.kind) == ("ready", "zoho_events")
    assert len(seen.rows) == seen.report.rows_read
    assert set(seen.column("type")) == {"meeting"}


def test_every_file_of_a_vendor_is_recognised_without_being_told():
    paths = sorted(path for folder in ("real", "exports") for path in (SHARED / folder).rglob("*.*")
                   if path.suffix in (".csv", ".xlsx"))  # fmt: skip
    reports = [seen.report for path in paths for seen in look_at([path])]
    asked = {report.file for report in reports if report.kind is None}
    assert asked <= _NO_VENDOR
    assert len(reports) >= 285
