"""Each vendor's export is recognised without being told and loads to the totals its rows add up to."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from scorecard.ingest.kinds import KINDS_DIR
from tests.unit.examined import Examined, look, look_at

DATA = Path(__file__).parents[1] / "data"
A, B = "EAV", "EAK"  # what completes the two invented ids ...AbCdE and ...aBcDe of leads and tasks


def load(name: str, **options) -> Examined:
    path = next(DATA / folder / name for folder in ("vendors", "exports") if (DATA / folder / name).exists())
    seen = look_at([path], **options)
    assert len(seen) == 1
    return seen[0]


def total(rows: list[dict], column: str) -> float:
    return float(sum(row[column] or 0 for row in rows))


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


# file, kind, rows of each table, sums of columns of the first table, first and last date of a column
LOADED: list[tuple[str, str, Mapping[str, int], Mapping[str, float], tuple[str, str, str]]] = [
    ("salesforce_leads_report.csv", "salesforce_leads", {"people": 2}, {}, ("created_at", "2026-01-31", "2026-02-28")),
    ("salesforce_leads_api.csv", "salesforce_leads", {"people": 2}, {},
     ("created_at", "2026-01-31T08:00", "2026-02-28T08:00")),
    ("salesforce_contacts_report.csv", "salesforce_contacts", {"people": 2}, {},
     ("created_at", "2026-03-02", "2026-03-28")),
    ("salesforce_accounts_report.csv", "salesforce_accounts", {"companies": 2}, {"employees": 1285},
     ("created_at", "2026-01-15", "2026-02-20")),
    ("salesforce_opportunities_report.csv", "salesforce_opportunities", {"deals": 3},
     {"amount": 4000.5, "crm_probability": 1.1}, ("closed_at", "2026-02-27", "2026-04-30")),
    ("salesforce_opportunities_api.csv", "salesforce_opportunities", {"deals": 2}, {"amount": 2000.5},
     ("created_at", "2026-01-28T09:15", "2026-03-01T10:00")),
    ("salesforce_campaigns_report.csv", "salesforce_campaigns", {"campaigns": 2, "spend": 2},
     {"budget": 6000, "actual_cost": 6350.4}, ("start_at", "2026-01-20", "2026-02-10")),
    ("salesforce_campaign_members_report.csv", "salesforce_campaign_members", {"touches": 3}, {"responded": 2},
     ("at", "2026-01-20", "2026-02-11")),
    ("salesforce_campaign_members_api.csv", "salesforce_campaign_members", {"touches": 2}, {"responded": 1},
     ("at", "2026-01-20T09:00", "2026-01-28")),
    ("salesforce_users_report.csv", "salesforce_users", {"users": 2}, {}, ("", "", "")),
    ("salesforce_activities_report.csv", "salesforce_tasks", {"activities": 2}, {}, ("at", "2026-01-29", "2026-03-13")),
    ("pardot_prospects_api.csv", "pardot_prospects", {"people": 2}, {"score": 155},
     ("created_at", "2026-01-30T09:50:36", "2026-02-28T09:50:36")),
    ("marketo_people.csv", "marketo_leads", {"people": 2}, {"score": 93},
     ("created_at", "2026-01-30T09:50:36", "2026-02-28T09:50:36")),
    ("pipedrive_deals.csv", "pipedrive_deals", {"deals": 2}, {"amount": 87600},
     ("created_at", "2025-01-15T09:00", "2025-02-01T10:00")),
    ("pipedrive_deals_en_dash.csv", "pipedrive_deals", {"deals": 3}, {"amount": 88500.5},
     ("closed_at", "2025-02-28T14:00", "2025-03-15T11:30")),
    ("pipedrive_persons.csv", "pipedrive_persons", {"people": 3}, {},
     ("created_at", "2025-01-10T08:30", "2025-02-03T09:00")),
    ("pipedrive_organizations.csv", "pipedrive_organizations", {"companies": 2}, {},
     ("created_at", "2025-01-10T08:30", "2025-01-28T12:00")),
    ("pipedrive_activities.csv", "pipedrive_activities", {"activities": 1}, {},
     ("at", "2025-01-17T10:05", "2025-01-17T10:05")),
    ("zoho_events.csv", "zoho_events", {"activities": 2}, {}, ("at", "2021-04-12T09:00", "2021-04-15T21:02")),
    ("dynamics_leads.xlsx", "dynamics_leads", {"people": 1}, {},
     ("modified_at", "2026-01-31T12:00", "2026-01-31T12:00")),
    ("dynamics_opportunities.xlsx", "dynamics_opportunities", {"deals": 2}, {"amount": 2000.5, "crm_probability": 1.4},
     ("created_at", "2025-12-29T06:00", "2026-01-08T12:00")),
    ("hubspot_contacts_internal.csv", "hubspot_contacts", {"people": 2}, {},
     ("created_at", "2026-03-12T09:14", "2026-03-15T14:30")),
    ("hubspot_contacts_rejected.csv", "hubspot_contacts", {"people": 2}, {},
     ("disqualified_at", "2026-03-14T12:00", "2026-03-14T12:00")),
    ("hubspot_companies.csv", "hubspot_companies", {"companies": 2}, {"employees": 1285},
     ("created_at", "2025-11-16T14:33", "2026-01-20T10:00")),
    ("hubspot_deals_fr.csv", "hubspot_deals", {"deals": 2}, {"amount": 1300},
     ("closed_at", "2026-01-31", "2026-02-15")),
    ("wistia_events.csv", "wistia_events", {"video_views": 2}, {"pct": 0.97},
     ("at", "2026-03-01T10:00", "2026-03-01T11:00")),
    ("vidyard_views.csv", "vidyard_views", {"video_views": 3}, {"pct": 1.97, "seconds": 176},
     ("at", "2026-03-01T10:00", "2026-03-14T11:00")),
    ("vimeo_users.csv", "vimeo_users", {"video_views": 2}, {"seconds": 180}, ("at", "2026-03-01", "2026-03-14")),
    ("youtube_table_data.csv", "youtube_videos", {"video_period": 2, "videos": 2},
     {"plays": 1000, "watch_s": 45000, "loads": 17000, "avg_pct": 1.4279},
     ("published_at", "2025-12-15", "2025-12-15")),
    ("linkedin_campaigns_utf16.csv", "linkedin_ads", {"spend": 2}, {"cost": 1244.75, "clicks": 200},
     ("period_start", "2026-09-01", "2026-09-02")),
    ("linkedin_campaigns_pt_utf16.csv", "linkedin_ads", {"spend": 2},
     {"cost": 1300, "impressions": 48000, "clicks": 320}, ("period_start", "2026-01-31", "2026-02-01")),
    ("meta_ads.csv", "meta_ads", {"spend": 2}, {"cost": 1890.5, "impressions": 78500},
     ("period_end", "2026-08-31", "2026-08-31")),
    ("meta_ads_pt.csv", "meta_ads", {"spend": 2}, {"cost": 1890.5}, ("period_start", "2026-08-01", "2026-08-01")),
    ("meta_ads_fr.csv", "meta_ads", {"spend": 2}, {"cost": 1300, "clicks": 1270},
     ("period_end", "2026-08-30", "2026-08-31")),
    ("meta_ads_de.csv", "meta_ads", {"spend": 2}, {"cost": 19.75, "impressions": 785},
     ("period_start", "2026-08-30", "2026-08-31")),
    ("meta_ads_es.csv", "meta_ads", {"spend": 1}, {"cost": 1250.5}, ("period_end", "2026-08-31", "2026-08-31")),
    ("microsoft_ads.csv", "microsoft_ads", {"spend": 2}, {"cost": 100, "clicks": 74},
     ("period_start", "2026-08-30", "2026-08-31")),
    ("surveymonkey_two_row.csv", "surveymonkey", {"surveys": 2}, {"score": 13, "scale_max": 20},
     ("at", "2026-01-31T09:02", "2026-02-01T09:02")),
    ("surveymonkey_nps_expanded.csv", "surveymonkey", {"surveys": 3}, {"score": 22, "scale_max": 30},
     ("at", "2026-01-29T09:02", "2026-01-31T09:02")),
    ("surveymonkey_nps_condensed.csv", "surveymonkey", {"surveys": 2}, {"score": 19},
     ("at", "2026-01-29T09:02", "2026-01-30T09:02")),
    ("delighted_nps.csv", "delighted", {"surveys": 2}, {"score": 9, "scale_max": 20},
     ("at", "2024-04-18T05:34:20", "2024-04-19T03:29:56")),
    ("salesforce_stage_history_api.csv", "salesforce_stage_history", {"stage_events": 2}, {},
     ("entered_at", "2026-01-02T10:00", "2026-01-20T10:00")),
    ("salesforce_contact_roles_api.csv", "salesforce_deal_contacts", {"deal_people": 2}, {"is_primary": 1},
     ("", "", "")),
    ("salesforce_opportunities_de.csv", "salesforce_opportunities", {"deals": 2}, {"amount": 2034.5},
     ("closed_at", "2026-01-31", "2026-03-15")),
    ("pipedrive_leads.csv", "pipedrive_leads", {"people": 2}, {},
     ("created_at", "2026-01-02T10:00", "2026-01-20T10:00")),
    ("pipedrive_deals_api.csv", "pipedrive_deals", {"deals": 2}, {"amount": 2000, "crm_probability": 0.5},
     ("closed_at", "2026-01-31T10:00", "2026-01-31T10:00")),
    ("pipedrive_deals_pt.csv", "pipedrive_deals", {"deals": 3}, {"amount": 2534.5},
     ("closed_at", "2026-01-31T10:00", "2026-02-03T10:00")),
    ("pipedrive_deals_de.csv", "pipedrive_deals", {"deals": 2}, {"amount": 2000.5, "crm_probability": 1.2},
     ("closed_at", "2026-01-31T10:00", "2026-02-03T10:00")),
    ("dynamics_opportunities_view.csv", "dynamics_opportunities", {"deals": 3},
     {"amount": 2500, "crm_probability": 1.15}, ("closed_at", "2026-01-30", "2026-05-31")),
    ("zoho_deals_module.csv", "zoho_potentials", {"deals": 2}, {"amount": 2000, "crm_probability": 1.2},
     ("modified_at", "2026-01-31T10:00", "2026-02-01T10:00")),
    ("zoho_leads_module.csv", "zoho_leads", {"people": 2}, {"converted_flag": 1},
     ("modified_at", "2026-01-05T10:00", "2026-01-21T10:00")),
    ("dynamics_contacts.csv", "dynamics_contacts", {"people": 2}, {},
     ("created_at", "2026-01-02T10:00", "2026-01-20T10:00")),
    ("dynamics_accounts.csv", "dynamics_accounts", {"companies": 2}, {"employees": 1285},
     ("created_at", "2026-01-02T10:00", "2026-01-20T10:00")),
    ("hubspot_deals_de.csv", "hubspot_deals", {"deals": 2}, {"amount": 2034.5, "amount_home": 2034.5},
     ("closed_at", "2026-01-31T09:14", "2026-03-15T09:14")),
    ("hubspot_deals_ja.csv", "hubspot_deals", {"deals": 2}, {"amount": 2000},
     ("created_at", "2026-01-02T09:14", "2026-01-20T10:00")),
    ("hubspot_deals_airbyte.csv", "hubspot_deals", {"deals": 2}, {"amount": 2000},
     ("closed_at", "2026-01-31T09:14", "2026-03-15T09:14")),
    ("hubspot_contacts_pt.csv", "hubspot_contacts", {"people": 2}, {},
     ("created_at", "2026-03-12T09:14", "2026-03-15T14:30")),
    ("hubspot_contacts_latest_source.csv", "hubspot_contacts", {"people": 2}, {},
     ("created_at", "2026-03-12T09:14", "2026-03-15T14:30")),
    ("wistia_events_api.csv", "wistia_events", {"video_views": 2}, {"pct": 1.22},
     ("at", "2026-03-01T10:00", "2026-03-01T11:00")),
    ("wistia_videos_2026-03-31.csv", "wistia_videos", {"video_period": 2},
     {"plays": 150, "loads": 600, "watch_s": 10800, "avg_pct": 1.02}, ("", "", "")),
    ("vidyard_videos_2026-03-31.csv", "vidyard_videos", {"video_period": 2},
     {"plays": 150, "loads": 600, "watch_s": 10800, "uniques": 125}, ("", "", "")),
    ("vimeo_videos_2026-03-31.csv", "vimeo_videos", {"video_period": 2},
     {"plays": 150, "loads": 600, "watch_s": 10800, "finishes": 50, "avg_pct": 1.02}, ("", "", "")),
    ("youtube_table_de.csv", "youtube_videos", {"video_period": 2, "videos": 2},
     {"plays": 1000, "watch_s": 45000, "loads": 17000, "duration_s": 255},
     ("published_at", "2025-12-15", "2026-01-08")),
    ("youtube_table_pt.csv", "youtube_videos", {"video_period": 2, "videos": 2},
     {"plays": 50, "watch_s": 5400, "loads": 900}, ("published_at", "2025-12-15", "2026-01-08")),
    ("youtube_chart_daily.csv", "youtube_videos", {"video_period": 2, "videos": 2}, {"plays": 21},
     ("period_start", "2026-01-30", "2026-01-31")),
    ("google_ads_de.csv", "google_ads", {"spend": 2},
     {"cost": 1334.46, "impressions": 13245, "clicks": 129, "platform_conversions": 3.5},
     ("period_start", "2026-09-01", "2026-09-02")),
    ("google_ads_fr.csv", "google_ads", {"spend": 2}, {"cost": 1032.84, "impressions": 11734, "clicks": 95},
     ("period_start", "2026-09-01", "2026-09-01")),
    ("meta_ads_it.csv", "meta_ads", {"spend": 2}, {"cost": 1014.75, "impressions": 1800, "clicks": 10},
     ("period_start", "2026-08-30", "2026-08-31")),
    ("meta_ads_nl.csv", "meta_ads", {"spend": 2}, {"cost": 32.6, "impressions": 4600, "clicks": 75},
     ("period_start", "2026-08-30", "2026-08-31")),
    ("meta_ads_ja.csv", "meta_ads", {"spend": 2}, {"cost": 50000, "impressions": 13345, "clicks": 130},
     ("period_end", "2026-08-31", "2026-08-31")),
    ("microsoft_ads_app.csv", "microsoft_ads", {"spend": 2}, {"cost": 100, "clicks": 74, "platform_conversions": 4},
     ("period_start", "2026-08-30", "2026-08-31")),
    ("delighted_csv.csv", "delighted", {"surveys": 2}, {"score": 12, "scale_max": 20},
     ("at", "2026-03-01", "2026-03-14")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "tables", "sums", "dates"), LOADED, ids=[row[0] for row in LOADED])
def test_a_vendors_file_loads_to_its_totals(name, kind, tables, sums, dates):
    seen = load(name)
    assert (seen.report.status, seen.report.kind, seen.report.questions) == ("ready", kind, ())
    assert seen.report.rows_quarantined == 0
    assert {table: len(rows) for table, rows in seen.tables.items()} == tables
    for column, expected in sums.items():
        assert total(seen.rows, column) == pytest.approx(expected), column
    column, first, last = dates
    if column:
        found = [row[column] for row in seen.rows if row[column]]
        assert (min(found), max(found)) == (day(first), day(last))


def test_every_vendor_file_we_keep_is_proved():
    proved = {name for name, *_ in LOADED} | {"brightcove_videos.csv", "meta_ads_summary_row.csv"}
    assert {path.name for path in (DATA / "vendors").iterdir()} <= proved


def test_every_kind_that_is_loaded_has_a_file_that_proves_it():
    proved = {kind for _, kind, *_ in LOADED}
    elsewhere = {path.stem for path in KINDS_DIR.glob("*.toml") if path.stem.startswith(("zoho_", "synced_", "pardot_",
                 "marketo_", "hubspot_"))}  # fmt: skip
    loaded = {path.stem for path in KINDS_DIR.glob("*.toml") if "unused = true" not in path.read_text()}
    others = {"google_ads", "brightcove_videos", "salesforce_events"}
    others |= {"youtube_retention"}  # in tests/sql/test_video_files.py
    assert loaded - elsewhere - others <= proved


def test_a_campaign_member_is_a_touch_of_the_contact_it_became_on_the_day_it_responded():
    seen = load("salesforce_campaign_members_report.csv")
    assert [row["person_id"] for row in seen.rows] == ["0035e00000AbCdEAAV", "00Q5e00000aBcDeEAK", "00Q5e00000aBcDeEAK"]
    assert [row["responded"] for row in seen.rows] == [True, False, True]
    assert [row["channel"] for row in seen.rows] == ["Webinar", "Webinar", "Trade Show"]
    assert {row["kind"] for row in seen.rows} == {"member_response"}


def test_a_row_that_names_nothing_and_says_what_all_others_say_is_their_total():
    seen = load("meta_ads_summary_row.csv")
    assert (len(seen.rows), total(seen.rows, "cost"), seen.report.rows_quarantined) == (2, 300.5, 1)
    assert "one row names no campaign and says 300.50" in seen.notes()
    assert set(seen.column("platform")) == {"meta"}


def test_a_row_without_a_name_that_is_no_total_stays():
    text = "Reporting starts,Reporting ends,Campaign name,Amount spent (USD)\n2026-08-01,2026-08-31,,40\n"
    seen = look(text + "2026-08-01,2026-08-31,A,100.5\n2026-08-01,2026-08-31,B,200\n")
    assert (seen.report.kind, total(seen.rows, "cost")) == ("meta_ads", 340.5)


def test_what_only_sounds_like_ours_is_left_alone():
    latest = load("hubspot_contacts_latest_source.csv").report
    assert set(latest.unmapped) == {"Latest Source", "Last Contacted", "First Deal Created Date"}
    german = load("google_ads_de.csv")
    assert german.report.unmapped == ("Budget",)
    assert "Interactions" in load("google_ads_fr.csv").report.unmapped
    assert "weighted_value" in load("pipedrive_deals_api.csv").report.unmapped
    assert "Expected Revenue" in load("zoho_deals_module.csv").report.unmapped


def test_a_report_in_another_language_keeps_its_total_and_its_period():
    french = load("google_ads_fr.csv")
    pairs = {item.column: (item.file_says, item.rows_say) for item in french.report.reconciliation}
    assert pairs["cost"] == (1032.84, pytest.approx(1032.84))
    assert set(french.column("period_end")) == {day("2026-09-02")}


def test_a_revenue_of_zero_is_one_that_is_not_known_yet():
    seen = load("dynamics_opportunities_view.csv")
    assert seen.column("amount") == [pytest.approx(1200), pytest.approx(800), pytest.approx(500)]
    assert set(seen.column("currency")) == {"USD"}


def test_an_nps_column_says_what_kind_of_survey_it_is():
    assert set(load("delighted_csv.csv").column("kind")) == {"nps"}


def test_ids_are_the_same_however_an_export_dresses_them():
    assert load("zoho_deals_module.csv").column("deal_id") == ["4000001", "4000002"]
    assert load("zoho_leads_module.csv").column("person_id") == ["3000001", "3000002"]
    text = "deal_id,stage_raw,created_at\n{6B5D3E0A-0000-4000-8000-0000000000AB},Won,2026-01-02\n"
    assert look(text).column("deal_id") == ["6b5d3e0a-0000-4000-8000-0000000000ab"]


def test_ids_of_15_and_of_18_characters_are_the_same_lead():
    report = load("salesforce_leads_report.csv").column("person_id")
    api = load("salesforce_leads_api.csv").column("person_id")
    assert sorted(report) == sorted(api) == sorted([f"00Q5e00000AbCdE{A}", f"00Q5e00000aBcDe{B}"])


def test_a_prospect_names_both_the_lead_and_the_contact_it_is_in_salesforce():
    first, second = load("pardot_prospects_api.csv").column("ext_ids")
    assert first.split(";") == ["0035e00000AbCdEAAV", f"00Q5e00000AbCdE{A}"]
    assert second == f"00Q5e00000aBcDe{B}"


def test_a_multi_currency_report_keeps_the_currency_of_each_deal():
    assert load("salesforce_opportunities_report.csv").column("currency") == ["USD", "USD", "EUR"]


@pytest.mark.parametrize(
    ("name", "currency"),
    [("meta_ads_pt.csv", "BRL"), ("meta_ads_fr.csv", "EUR"), ("meta_ads_es.csv", "USD"),
     ("linkedin_campaigns_pt_utf16.csv", "BRL"), ("microsoft_ads.csv", "USD")],
)  # fmt: skip
def test_spend_is_in_the_currency_its_header_or_column_names(name, currency):
    assert set(load(name).column("currency")) == {currency}


def test_two_people_of_one_name_stay_two_people():
    seen = load("pipedrive_persons.csv")
    assert seen.column("name").count("Jan Kowal") == 2
    assert len(set(seen.column("record_key"))) == 3


def test_a_pipedrive_deal_is_joined_by_the_address_not_by_the_name():
    seen = load("pipedrive_deals_en_dash.csv")
    assert seen.column("person_email") == ["jan@hotel-a.example", "ewa@med-b.example", None]
    assert seen.column("source_raw") == ["Referral", "Web", None]
    assert "Contact person*" in seen.report.unmapped


def test_a_hidden_sheet_is_not_data_and_excel_days_are_dates():
    seen = load("dynamics_opportunities.xlsx")
    assert seen.report.sheet == "All Opportunities"
    assert seen.column("closed_at") == [day("2026-01-30"), day("2026-03-09")]
    assert seen.column("amount") == [pytest.approx(1200.5), pytest.approx(800)]


def test_an_event_counts_minutes():
    text = "Id,WhoId,StartDateTime,DurationInMinutes,OwnerId\n00U5e00000AbCdE,0035e00000AbCdE,2026-03-13 10:00,45,o\n"
    seen = look(text)
    assert (seen.report.kind, seen.column("type"), seen.column("duration_s")) == (
        "salesforce_events",
        ["meeting"],
        [2700],
    )


def test_video_totals_without_a_period_say_so():
    asked = load("brightcove_videos.csv")
    assert list(asked.questions()) == ["brightcove_videos.csv.as_of"]
    seen = load("brightcove_videos.csv", answers={"brightcove_videos.csv.as_of": "2026-03-14"})
    assert (seen.report.status, seen.report.kind) == ("ready", "brightcove_videos")
    assert (total(seen.rows, "plays"), total(seen.rows, "loads"), total(seen.rows, "watch_s")) == (350, 1400, 19200)
    assert seen.column("avg_pct") == [0.625, 0.8]
    assert seen.column("period_start") == [None, None]
    assert "does not say which days it counts" in seen.notes()


def test_youtube_keeps_its_total_row_beside_the_sum_of_the_rows():
    pairs = {
        item.column: (item.file_says, item.rows_say) for item in load("youtube_table_data.csv").report.reconciliation
    }
    assert pairs["plays"] == (1003, 1000)
    assert max(load("youtube_table_data.csv").column("avg_pct")) > 1


def test_nps_is_found_by_its_question_whether_condensed_or_one_column_a_number():
    assert load("surveymonkey_nps_expanded.csv").column("score") == [9, 3, 10]
    assert load("surveymonkey_nps_condensed.csv").column("score") == [9, 10]
    assert set(load("surveymonkey_nps_expanded.csv").column("kind")) == {"nps"}
    assert load("surveymonkey_nps_expanded.csv").column("comment")[0] == "Reason, 0"


def test_a_survey_without_the_recommendation_question_asks_for_its_score_and_is_no_nps():
    text = "Respondent ID,Collector ID,End Date,How satisfied are you?\n1,5,01/29/2026,4\n2,5,01/30/2026,5\n"
    assert list(look(text, "s.csv").questions()) == ["s.csv.score.required"]
    answered = look(text, "s.csv", answers={"s.csv.score.required": "How satisfied are you?"})
    assert (answered.report.status, answered.column("score"), answered.column("kind")) == (
        "ready",
        [4, 5],
        [None, None],
    )


def test_what_was_rejected_and_the_first_company_come_from_hubspots_own_columns():
    seen = load("hubspot_contacts_rejected.csv")
    assert seen.report.unmapped == ()
    assert seen.column("disq_reason") == ["No budget", None]
    assert seen.column("company_id") == ["9002", "9003"]
    assert seen.column("segment") == ["Enterprise", "Mid-market"]


def test_a_task_that_is_not_done_is_listed_not_counted():
    text = (
        "Id,WhoId,ActivityDate,TaskSubtype,Status,IsClosed\n"
        "00T5e00000AbCdE,0035e00000AbCdE,2026-03-13,Call,Completed,true\n"
        "00T5e00000aBcDe,0035e00000AbCdE,2026-03-14,Call,Not Started,false\n"
    )
    seen = look(text)
    assert (seen.report.kind, seen.column("at")) == ("salesforce_tasks", [day("2026-03-13")])
    assert [(row.what, row.line) for row in seen.report.set_aside] == [("planned", 3)]


@pytest.mark.parametrize("mark", ["is_deleted", "_fivetran_deleted"])
def test_a_record_its_system_deleted_is_left_out_and_listed(mark):
    header = f"deal_id,{mark},property_dealname,property_amount,dealstage,createdate"
    text = f"{header}\n1,false,A,5,won,2026-01-31\n2,TRUE,B,7,won,2026-01-31\n"
    seen = look(text)
    assert (seen.report.kind, total(seen.rows, "amount")) == ("hubspot_deals", 5)
    assert (seen.report.rows_loaded, seen.report.rows_not_data) == (1, 1)
    assert [(row.what, row.line) for row in seen.report.set_aside] == [("deleted", 3)]
    assert "1 row is marked as deleted" in seen.notes()


def test_the_history_of_a_table_is_not_loaded_in_its_place():
    text = "id,_fivetran_start,_fivetran_end,stage_name,close_date\n006a,2026-01-01,2026-02-01,Won,2026-01-31\n"
    assert (look(text).report.status, look(text).report.kind) == ("unused", "synced_history")


def test_a_kind_none_of_whose_columns_is_there_asks_instead_of_failing():
    assert list(look("Username,Profile\na,b\n", "u.csv").questions()) == ["u.csv.owner.required"]


@pytest.mark.parametrize(
    ("days", "last", "said"),
    [
        (("2026-01-01", "2026-02-01"), ("2026-01-31", "2026-02-28"), "so each is for its month"),
        (("2026-01-05", "2026-01-12", "2026-01-19"), ("2026-01-11", "2026-01-18", "2026-01-25"), "for its week"),
        (("2026-01-05", "2026-01-06", "2026-01-19"), ("2026-01-05", "2026-01-06", "2026-01-19"), ""),
    ],
)
def test_a_cost_is_for_the_month_or_week_that_all_its_rows_begin_with(days, last, said):
    rows = "".join(f"{start},A,100\n" for start in days)
    seen = look(f"Date,Campaign,Cost\n{rows}", kind="spend")
    assert seen.column("period_end") == [day(end) for end in last]
    assert said in seen.notes()
    assert look(f"Day,Campaign,Cost,Impr.\n{rows.replace('100', '100,5')}").column("period_end") == [
        day(start) for start in days
    ]


def test_a_report_without_days_is_for_the_period_it_names():
    title = "Campaign Performance Report (in UTC)\nReport Start: 09/01/2026, Report End: 09/30/2026\n\n"
    header = "Start Date (in UTC),Campaign Name,Campaign ID,Currency,Total Spent,Impressions,Clicks\n"
    whole = look(f"{title}{header}09/01/2026,A,1,USD,100,10,1\n09/01/2026,B,2,USD,50,10,1\n")
    assert set(whole.column("period_end")) == {day("2026-09-30")}
    daily = look(f"{title}{header}09/01/2026,A,1,USD,100,10,1\n09/02/2026,A,1,USD,50,10,1\n")
    assert daily.column("period_end") == [day("2026-09-01"), day("2026-09-02")]


def test_a_cost_at_which_a_click_would_cost_a_fortune_is_asked_for():
    text = "campaignID,campaign,day,cost,impressions,clicks,currency\n1,C,2026-09-01T00:00:00Z,5500000,100,5,EUR\n"
    asked = look(text, "s.csv")
    assert (asked.report.kind, asked.questions()) == (
        "synced_google_ads",
        {"s.csv.cost.unit": ("millionths", "as written")},
    )
    for answer, cost in (("millionths", 5.5), ("as written", 5500000)):
        seen = look(text, "s.csv", answers={"s.csv.cost.unit": answer})
        assert (seen.report.status, total(seen.rows, "cost")) == ("ready", cost)
    for plain in ("5.50", "5500", "2000", "5500000.25"):
        assert look(text.replace("5500000", plain), "s.csv").questions() == {}


def test_a_column_named_in_millionths_is_divided_in_a_file_of_any_maker():
    seen = look("Day,Campaign,Cost micros,Clicks,Currency\n2026-09-01,C,5500000,5,EUR\n", kind="spend")
    assert total(seen.rows, "cost") == 5.5


def test_a_deal_that_pipedrive_deleted_does_not_count():
    header = "id,title,value,currency,status,stage_id,person_id,add_time,won_time,lost_time\n"
    seen = look(f"{header}1,A,5,EUR,open,1,2,2026-01-02,,\n2,B,6,EUR,deleted,1,2,2026-01-02,,\n")
    assert (seen.report.kind, seen.column("amount"), seen.report.rows_not_data) == ("pipedrive_deals", [5], 1)


@pytest.mark.parametrize(
    ("kind", "header", "row", "cost"),
    [
        (
            "synced_google_ads",
            "campaign.id,campaign.name,segments.date,metrics.cost_micros,metrics.impressions,metrics.clicks",
            "1,C,2026-09-01,5000000,100,5",
            5,
        ),
        (
            "synced_meta_ads",
            "date_start,date_stop,account_id,campaign_id,campaign_name,spend,impressions,clicks,inline_link_clicks",
            "2026-09-01,2026-09-01,1,2,C,5.50,100,5,3",
            5.5,
        ),
    ],
)
def test_the_same_platforms_table_is_read_whichever_connector_copied_it(kind, header, row, cost):
    seen = look(f"{header}\n{row}\n")
    assert (seen.report.kind, total(seen.rows, "cost"), seen.column("period_end")) == (kind, cost, [day("2026-09-01")])


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué tan probable es que recomiende nuestra empresa?",
        "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        "Quelle est la probabilité que vous recommandiez notre entreprise ?",
    ],
)
def test_the_recommendation_question_is_known_in_other_languages(question):
    seen = look(f'Respondent ID,Collector ID,End Date,Email Address,"{question}"\n1,5,01/29/2026,a@x.example,9\n')
    assert (seen.report.kind, seen.column("score"), seen.column("kind")) == ("surveymonkey", [9], ["nps"])
