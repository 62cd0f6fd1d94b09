"""Real exports give the figures that were counted by hand; skipped where those files are not at hand."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.unit.examined import Examined, look_at

SHARED = Path(__file__).parents[3] / "shared"
REAL = SHARED / "real"
pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real exports are not on this machine")


def asked(seen: Examined, query: str, table: int = 0) -> tuple:
    source = seen.report.tables[table].path
    return duckdb.execute(query.replace("ROWS", "read_parquet($path)"), {"path": str(source)}).fetchall()[0]


def zoho(name: str) -> Examined:
    (seen,) = look_at([REAL / "zoho" / name])
    assert (seen.report.kind, seen.report.rows_quarantined) == (f"zoho_{name[:-4].lower()}", 0)
    return seen


def test_zoho_leads():
    assert (
        asked(zoho("Leads.csv"), "select count(*), count(distinct person_id), count(created_at) from ROWS")
        == (3900,) * 3
    )


def test_zoho_potentials():
    query = (
        "select count(*), count(distinct lead_id), count(distinct campaign_id), count(distinct record_key), "
        "count_if(stage_raw = 'Closed Won'), sum(amount) filter (where stage_raw = 'Closed Won'), "
        "count_if(stage_raw = 'Closed Won' and closed_at > '2021-04-16') from ROWS"
    )
    assert asked(zoho("Potentials.csv"), query) == (3632, 3632, 110, 3632, 1425, Decimal(89_066_200), 132)


def test_zoho_campaigns_cost_the_same_as_their_spend():
    seen = zoho("Campaigns.csv")
    assert asked(seen, "select count(*), sum(actual_cost) from ROWS") == (110, Decimal(44_209_580))
    assert asked(seen, "select count(*), sum(cost), min(currency) from ROWS", 1) == (110, Decimal(44_209_580), "USD")


def test_zoho_calls_keep_leads_contacts_and_deals_apart():
    query = "select count(*), count(lead_id), count(contact_id), count(deal_id), count_if(deal_id = '0') from ROWS"
    assert asked(zoho("Calls.csv"), query) == (4100, 170, 2100, 1489, 0)


def test_zoho_users_are_named_as_their_records_name_them():
    assert asked(zoho("Users.csv"), "select count(*), min(owner) from ROWS") == (11, "Augustine Paul")


@pytest.mark.parametrize(("name", "rows"), [("Contacts.csv", 1265), ("Accounts.csv", 2229)])
def test_zoho_contacts_and_accounts(name, rows):
    (seen,) = look_at([REAL / "zoho" / name], as_of=None, answers={f"{name}.as_of": "2021-04-16"})
    assert (seen.report.status, seen.report.rows_loaded) == ("ready", rows)


MAVEN = {
    "deal_id": "opportunity_id", "stage_raw": "deal_stage", "created_at": "engage_date", "closed_at": "close_date",
    "amount": "close_value", "company_name": "account", "owner": "sales_agent", "product": "product",
}  # fmt: skip


def test_maven_pipeline_by_mapping():
    (seen,) = look_at([REAL / "maven_crm/sales_pipeline.csv"], kind="deals", mapping=MAVEN)
    assert (seen.report.status, dict(seen.report.mapping)) == ("ready", MAVEN)
    query = (
        "select count(*), sum(amount) filter (where stage_raw = 'Won'), count_if(stage_raw = 'Won'), "
        "count(created_at), count(company_name) from ROWS"
    )
    assert asked(seen, query) == (8800, Decimal(10_005_534), 4238, 8300, 7375)


def test_maven_pipeline_without_a_word_is_taken_for_deals_and_leaves_the_engage_date_to_a_person():
    (seen,) = look_at([REAL / "maven_crm/sales_pipeline.csv"])
    assert (seen.report.status, seen.report.kind) == ("ready", "deals")
    assert "created_at" not in seen.report.mapping
    assert seen.report.unmapped == ("engage_date",)


@pytest.mark.parametrize(
    ("name", "kind", "mapping", "rows"),
    [
        ("products.csv", "products", {}, 7),
        ("accounts.csv", "companies", {"name": "account", "industry": "sector"}, 85),
        ("sales_teams.csv", "users", {"owner": "sales_agent", "region": "regional_office"}, 35),
    ],
)
def test_maven_lists_by_mapping(name, kind, mapping, rows):
    (seen,) = look_at([REAL / "maven_crm" / name], kind=kind, mapping=mapping, answers={f"{name}.as_of": "2017-12-31"})
    assert (seen.report.status, seen.report.rows_loaded, seen.report.rows_quarantined) == ("ready", rows, 0)


def test_google_ads_names_its_period_and_its_totals():
    (seen,) = look_at([REAL / "google_ads/vishal/Campaign report.csv"])
    query = "select count(*), sum(cost), min(currency), min(period_start)::varchar, max(period_end)::varchar from ROWS"
    assert asked(seen, query) == (2, Decimal("2565.93"), "INR", "2025-07-08 00:00:00", "2025-07-31 00:00:00")


def _every_file(folder: str) -> list[Path]:
    return sorted(path for path in (SHARED / folder).rglob("*.*") if path.suffix in (".csv", ".xlsx"))


@pytest.mark.parametrize("folder", ["exports", "real/zoho", "real/maven_crm", "real/google_ads", "real/youtube_studio",
                                    "real/sf_portfolio", "real/sample_sales_crm", "real/fivetran"])  # fmt: skip
def test_every_file_we_have_is_understood_or_asked_about_and_its_rows_add_up(folder):
    for seen in look_at(_every_file(folder)):
        report = seen.report
        assert report.status in ("ready", "question", "unused", "skipped"), (report.file, report.error)
        assert (report.status == "question") == bool(report.questions)
        assert report.status != "ready" or (report.tables and report.as_of)
