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
    proved = {name for name, *_ in LOADED} | {"brightcove_videos.csv"}
    assert {path.name for path in (DATA / "vendors").iterdir()} <= proved


def test_every_kind_that_is_loaded_has_a_file_that_proves_it():
    proved = {kind for _, kind, *_ in LOADED}
    elsewhere = {path.stem for path in KINDS_DIR.glob("*.toml") if path.stem.startswith(("zoho_", "synced_", "pardot_",
                 "marketo_", "hubspot_"))}  # fmt: skip
    loaded = {path.stem for path in KINDS_DIR.glob("*.toml") if "unused = true" not in path.read_text()}
    others = {"google_ads", "brightcove_videos", "salesforce_events"}
    assert loaded - elsewhere - others <= proved


def test_a_campaign_member_is_a_touch_of_the_contact_it_became_on_the_day_it_responded():
    seen = load("salesforce_campaign_members_report.csv")
    assert [row["person_id"] for row in seen.rows] == ["0035e00000AbCdEAAV", "00Q5e00000aBcDeEAK", "00Q5e00000aBcDeEAK"]
    assert [row["responded"] for row in seen.rows] == [True, False, True]
    assert [row["channel"] for row in seen.rows] == ["Webinar", "Webinar", "Trade Show"]
    assert {row["kind"] for row in seen.rows} == {"member_response"}


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
