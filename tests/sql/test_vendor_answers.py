"""A vendor's file through the front door: loaded without being told what it is, it answers with its known total."""

from pathlib import Path

import pytest

from tests.command_line import ask, load

VENDORS = Path(__file__).parents[1] / "data" / "vendors"

# file, metric, what it says over all time, the day it is loaded as of
ANSWERS = [
    ("hubspot_deals_de.csv", "won_revenue", 1234.5, "2026-02-28"),
    ("hubspot_deals_ja.csv", "won_revenue", 1200, "2026-02-28"),
    ("hubspot_deals_airbyte.csv", "won_revenue", 1200, "2026-02-28"),
    ("salesforce_opportunities_de.csv", "won_revenue", 1234.5, "2026-02-28"),
    ("pipedrive_deals_pt.csv", "won_revenue", 1234.5, "2026-02-28"),
    ("pipedrive_deals_de.csv", "won_revenue", 1200.5, "2026-02-28"),
    ("pipedrive_deals_api.csv", "won_revenue", 1200, "2026-02-28"),
    ("zoho_deals_module.csv", "won_revenue", 1200, "2026-02-28"),
    ("dynamics_opportunities_view.csv", "pipeline_created", 2500, "2026-02-28"),
    ("google_ads_fr.csv", "spend", 1032.84, "2026-09-30"),
    ("google_ads_de.csv", "spend", 1334.46, "2026-09-30"),
    ("meta_ads_summary_row.csv", "spend", 300.5, "2026-08-31"),
    ("meta_ads_it.csv", "spend", 1014.75, "2026-08-31"),
    ("zoho_leads_module.csv", "new_leads", 2, "2026-02-28"),
    ("hubspot_contacts_pt.csv", "new_leads", 2, "2026-03-31"),
]


@pytest.mark.parametrize(("name", "metric", "total", "as_of"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_a_vendors_file_answers_with_its_known_total(name, metric, total, as_of, tmp_path: Path) -> None:
    money = () if metric == "new_leads" else ("--set", "currency=USD")  # no rates are typed in: all in one currency
    answer = load(tmp_path, VENDORS / name, "--as-of", as_of, *money)
    assert answer.json["files"][0]["rows_read"] > 0
    rows = ask(tmp_path, metric, "--from", "2025-01-01", "--to", "2027-01-01", "--grain", "total")
    assert sum(float(row["value"]) for row in rows) == pytest.approx(total)
