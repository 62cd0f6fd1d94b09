"""The small vendor files: what each must read as; and every real export at hand: nothing lost, nothing raised."""

import csv
from pathlib import Path

import pytest

from scorecard.errors import IngestError
from tests.unit.read_in import EXPORTS, Seen, read_path

REAL = Path(__file__).parents[3] / "shared" / "real"
EXPECTED = {  # columns, rows, refused, set aside, header line
    "br_locale_mixed.csv": (5, 2, 0, 0, 1),
    "cp1252_names.csv": (3, 1, 0, 0, 1),
    "delighted_nps.csv": (7, 2, 0, 0, 1),
    "dynamics_leads.xlsx": (11, 1, 0, 0, 1),
    "google_ads_campaign_utf16.csv": (7, 2, 0, 4, 3),
    "google_ads_campaign_utf8.csv": (8, 2, 0, 4, 3),
    "hubspot_contacts.csv": (13, 2, 0, 0, 1),
    "hubspot_deals_fr_semicolon.csv": (11, 2, 0, 0, 1),
    "linkedin_campaigns_utf16.csv": (9, 2, 0, 3, 4),
    "meta_ads.csv": (10, 2, 0, 0, 1),
    "pipedrive_deals.csv": (13, 2, 0, 0, 1),
    "rows_wrapped_in_quotes.csv": (4, 3, 0, 0, 1),
    "salesforce_leads_report.csv": (11, 2, 0, 6, 1),
    "surveymonkey_two_row.csv": (12, 2, 0, 0, 1),
    "wistia_events.csv": (10, 2, 0, 0, 1),
    "youtube_soft_hyphen_headers.csv": (6, 1, 0, 1, 1),
    "youtube_table_data.csv": (10, 2, 0, 1, 1),
    "zoho_campaigns_k_suffix.csv": (6, 1, 0, 0, 1),
    "zoho_potentials.csv": (10, 1, 0, 0, 1),
}


def _only(name: str) -> Seen:
    (seen,) = read_path(EXPORTS / name)
    return seen


def test_every_export_has_its_expectation() -> None:
    assert sorted(path.name for path in EXPORTS.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_shape_of_each_export(name: str) -> None:
    seen = _only(name)
    table = seen.table
    found = (len(table.header), table.row_count, len(table.refused), len(table.set_aside), table.header_line)
    assert found == EXPECTED[name]
    assert not any(header.startswith("column_") for header in table.header)


def test_google_period_totals_and_nulls() -> None:
    seen = _only("google_ads_campaign_utf8.csv")
    assert seen.table.facts["period_start"] == "2025-07-08"
    assert seen.table.facts["period_end"] == "2025-07-31"
    assert seen.rows[0] == ("Enabled", "Brand", "--", "USD", "12,345", "2.60%", "1033.33", "4.00")
    assert seen.table.totals[1]["Cost"] == "1040.00"


def test_linkedin_period_and_zone() -> None:
    seen = _only("linkedin_campaigns_utf16.csv")
    facts = seen.table.facts
    assert (facts["period_start"], facts["period_end"], facts["zone"]) == ("2026-09-01", "2026-09-02", "UTC")
    assert seen.rows[0][3] == "Leads, decision makers"


def test_french_deals() -> None:
    seen = _only("hubspot_deals_fr_semicolon.csv")
    assert seen.rows[0][4:7] == ("1 234,56 €", "1234,56", "EUR")
    assert seen.rows[0][9] == "Inès"


def test_soft_hyphens_leave_the_headers() -> None:
    assert "Average view duration" in _only("youtube_soft_hyphen_headers.csv").header


def test_currency_in_a_header_is_a_fact() -> None:
    assert _only("meta_ads.csv").table.facts["currency"] == "USD"


def _records(path: Path) -> int:
    csv.field_size_limit(1 << 26)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return sum(1 for _ in csv.reader(file))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real exports are not on this machine")
def test_every_real_export_is_read_and_every_record_accounted_for() -> None:
    paths = [path for path in sorted(REAL.rglob("*")) if path.suffix in (".csv", ".xlsx", ".xls")]
    assert len(paths) > 200
    refused = []
    for path in paths:
        try:
            tables = read_path(path)
        except IngestError as error:
            refused.append(f"{path.name}: {error}")
            continue
        if path.suffix == ".csv":
            headers = sum(2 if "Two header lines" in seen.notes else 1 for seen in tables)
            assert sum(seen.table.rows_read for seen in tables) + headers == _records(path), path
        assert not any(seen.table.refused for seen in tables), path
    assert refused == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the real exports are not on this machine")
@pytest.mark.parametrize(
    ("name", "rows"),
    [("zoho/Leads.csv", 3900), ("zoho/Potentials.csv", 3632), ("maven_crm/sales_pipeline.csv", 8800)],
)
def test_known_row_counts(name: str, rows: int) -> None:
    (seen,) = read_path(REAL / name)
    assert len(seen.rows) == rows
