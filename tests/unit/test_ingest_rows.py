"""Every row is loaded, set aside with a reason, or no data; ids, duplicates, totals and the as-of day."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from scorecard.ingest.identity import complete_salesforce_id
from tests.unit.examined import deals, look, look_at


def test_salesforce_ids_are_completed_and_case_keeps_them_apart():
    text = "Lead ID,Company / Account,Created Date\n00Q5e00000AbCdE,Acme,2026-01-01\n00Q5e00000aBcDe,Beta,2026-01-01\n"
    ids = look(text).column("person_id")
    assert ids == ["00Q5e00000AbCdEEAV", "00Q5e00000aBcDeEAI"] or ids == [
        complete_salesforce_id("00Q5e00000AbCdE"), complete_salesforce_id("00Q5e00000aBcDe")
    ]  # fmt: skip
    assert len({value.casefold() for value in ids}) == 2


def test_the_salesforce_checksum_is_the_published_one():
    assert complete_salesforce_id("003D000000QlSml") == "003D000000QlSmlIAF"
    assert complete_salesforce_id("0013000001E8mXC") == "0013000001E8mXCAAZ"


def test_ids_like_numbers_stay_as_they_are():
    seen = deals(["1E1,Won,5,2026-01-01,", "007,Won,5,2026-01-01,", "12E5,Won,5,2026-01-01,"])
    assert seen.column("deal_id") == ["1E1", "007", "12E5"]


def test_ids_that_excel_shortened_are_set_aside():
    seen = deals(["1.00235E+17,Won,5,2026-01-01,", "2,Won,5,2026-01-01,"])
    assert (seen.report.rows_loaded, seen.report.rows_quarantined) == (1, 1)
    assert "shortened by Excel" in seen.notes()


def test_whole_number_ids_lose_the_point_a_spreadsheet_added():
    assert deals(["101.0,Won,5,2026-01-01,", "102.0,Won,5,2026-01-01,"]).column("deal_id") == ["101", "102"]


def test_joined_ids_are_written_one_way():
    seen = look("person_id,deal_ids,company_id,created_at\n1,7001 ; 7002;,9002;9999,2026-01-01\n")
    assert (seen.column("deal_ids"), seen.column("company_id")) == (["7001;7002"], ["9002"])


def test_zoho_writes_nought_for_no_record():
    text = "TASKID,Call Start Time,Call Owner,LEADID,CONTACTID,POTENTIALID\n9,2026-01-01 10:00:00,Ann,,7,0\n"
    row = look(text).rows[0]
    assert (row["lead_id"], row["contact_id"], row["deal_id"], row["system"], row["type"]) == (
        None,
        "7",
        None,
        "zoho",
        "call",
    )


def test_emails_are_trimmed_and_lowered_and_names_are_put_together():
    header = "person_id,first_name,last_name,email,created_at"
    text = f"{header}\n1,Ana,Lopez, ANA@Example.com ,2026-01-01\n2,,Null,,2026-01-02\n"
    seen = look(text)
    assert seen.column("email") == ["ana@example.com", None]
    assert seen.column("name") == ["Ana Lopez", "Null"]


def test_identical_rows_are_loaded_once_and_counted_as_loaded():
    seen = deals(["1,Won,5,2026-01-01,2026-02-01", "1,Won,5,2026-01-01,2026-02-01", "2,Won,5,2026-01-01,2026-02-01"])
    assert (seen.report.rows_loaded, seen.report.rows_quarantined, len(seen.rows)) == (3, 0, 2)
    assert "1 row is identical to another row with the same deal_id: loaded once." in seen.report.notes


def test_the_newest_version_of_a_record_wins():
    lines = ["1,Demo,5,2026-01-01,2026-01-02", "1,Won,9,2026-01-01,2026-02-02", "1,Demo,7,2026-01-01,2026-01-09"]
    seen = deals(lines, "deal_id,stage_raw,amount,created_at,modified_at")
    assert (seen.report.rows_loaded, seen.column("amount")) == (3, [Decimal(9)])


def test_copies_that_contradict_each_other_are_all_set_aside():
    seen = deals(["1,Won,5,2026-01-01,", "1,Won,6,2026-01-01,", "2,Won,7,2026-01-01,"])
    assert (seen.report.rows_loaded, [row["deal_id"] for row in seen.rows]) == (1, ["2"])
    assert [refused.line for refused in seen.report.refused] == [2, 3]
    same_moment = ["1,Won,5,2026-01-01,2026-01-02", "1,Won,6,2026-01-01,2026-01-02"]
    tied = deals(same_moment, "deal_id,stage_raw,amount,created_at,modified_at")
    assert (tied.report.rows_loaded, tied.report.rows_quarantined) == (0, 2)


def test_more_than_a_handful_of_contradicting_ids_stops_the_load_until_accepted():
    lines = [f"{number // 2},Won,{number},2026-01-01," for number in range(40)]
    lines.append("x,Won,1,2026-01-01,")
    assert deals(lines).questions() == {"contract.duplicate_ids": ("accept",)}
    assert deals(lines, answers={"contract.duplicate_ids": "accept"}).report.status == "ready"


def test_rows_without_an_id_get_a_stable_key_and_equal_ones_are_counted():
    header = "name,stage_raw,amount,created_at"
    seen = deals(["A,Won,5,2026-01-01", "B,Won,5,2026-01-01", "A,Lost,6,2026-01-01"], header)
    keys = seen.column("record_key")
    assert [key.split("#")[1] for key in keys] == ["1", "1", "2"]
    assert keys[0].split("#")[0] == keys[2].split("#")[0] != keys[1].split("#")[0]
    changed = deals(["A,Lost,99,2026-01-01"], header)
    assert changed.column("record_key") == [keys[0]]  # the stage and amount are no part of who it is


def test_the_row_hash_changes_with_any_value_and_with_nothing_else():
    one, two, three = (
        deals([line]).column("row_hash")[0]
        for line in ("1,Won,5,2026-01-01,", "1,Won,5.00,2026-01-01,", "1,Won,6,2026-01-01,")
    )
    assert one == two != three


def test_every_canonical_column_is_written_and_only_fed_ones_are_listed():
    seen = deals(["1,Won,5,2026-01-01,"])
    assert list(seen.rows[0])[:5] == ["system", "object", "record_key", "line_no", "row_hash"]
    assert "loss_reason" in seen.rows[0]
    assert seen.report.tables[0].mapped == ("deal_id", "stage_raw", "amount", "created_at", "closed_at")
    assert seen.rows[0]["line_no"] == 2


def test_the_price_list_keeps_its_product_line():
    seen = look("product,line,list_price\nGTX,Pro,5\n")
    assert (seen.column("line"), seen.column("line_no")) == (["Pro"], [2])


def test_a_campaign_list_feeds_its_spend_too_and_each_row_counts_once():
    text = (
        "CAMPAIGNID,Campaign Name,Start Date,End Date,Actual Cost\n1,A,2026-01-01,2026-01-31,$1.50K\n2,B,2026-02-01,,\n"
    )
    seen = look(text)
    assert seen.report.rows_loaded == 2
    assert [row["actual_cost"] for row in seen.tables["campaigns"]] == [Decimal(1500), None]
    (spend,) = seen.tables["spend"]
    assert (spend["cost"], spend["currency"], spend["campaign"]) == (Decimal(1500), "USD", "A")
    assert (spend["period_start"], spend["period_end"]) == (datetime(2026, 1, 1), datetime(2026, 1, 31))


def test_a_total_that_differs_from_its_rows_is_said():
    text = (
        'Campaign report\n"July 8, 2025 - July 31, 2025"\nCampaign,Currency code,Cost,Impr.\nA,USD,100.06,5\n'
        "B,USD,17.00,5\nTotal: Account,USD,133.89,10\n"
    )
    seen = look(text, "ads.csv")
    assert [(r.column, r.file_says, r.rows_say) for r in seen.report.reconciliation] == [
        ("cost", 133.89, pytest.approx(117.06)), ("impressions", 10, 10)
    ]  # fmt: skip
    assert "Cost: the file’s “Total: Account” says 133.89, its rows say 117.06." in seen.report.notes
    assert seen.column("period_start") == [datetime(2025, 7, 8)] * 2
    assert seen.column("period_end") == [datetime(2025, 7, 31)] * 2
    assert seen.report.as_of == datetime(2025, 7, 31, 23, 59, 59)


def test_spend_without_any_period_is_asked_about_and_can_be_given():
    text = "Campaign,Currency code,Cost,Impr.\nA,USD,5,5\n"
    assert "ads.csv.period_start.required" in look(text, "ads.csv").questions()
    given = look(text, "ads.csv", constants={"period_start": "2026-01-01", "period_end": "2026-01-31"})
    assert (given.report.status, given.column("period_end")) == ("ready", [datetime(2026, 1, 31)])


def test_weeks_and_months_end_on_their_last_day():
    weekly = look("Week,Campaign,Cost,Impr.\n2026-02-02,A,5,1\n")
    monthly = look("Month,Campaign,Cost,Impr.\n2026-02-01,A,5,1\n")
    assert weekly.column("period_end") == [datetime(2026, 2, 8)]
    assert monthly.column("period_end") == [datetime(2026, 2, 28)]


def test_pipedrive_deals_close_when_won_or_lost():
    text = (
        "Deal - ID,Deal - Title,Deal - Stage,Deal - Won time,Deal - Lost time\n"
        "1,A,Won,2026-01-31 10:00:00,\n2,B,Lost,,2026-02-01 11:00:00\n3,C,Demo,,\n"
    )
    assert look(text).column("closed_at") == [datetime(2026, 1, 31, 10), datetime(2026, 2, 1, 11), None]


def test_a_file_of_views_lends_its_name_to_a_video_without_id():
    text = "Date,Email (if passed through),Percent of Video Viewed\n2026-01-01 10:00:00,A@x.com,85\n"
    row = look(text, "pricing-demo.csv").rows[0]
    assert (row["video_id"], row["email"], row["pct"]) == ("pricing-demo", "a@x.com", 0.85)
    named = look(text, "pricing-demo.csv", constants={"video_id": "v7"})
    assert named.column("video_id") == ["v7"]


@pytest.mark.parametrize(
    ("name", "option", "day"),
    [
        ("deals.csv", None, datetime(2026, 2, 1, 23, 59, 59)),
        ("deals-2026-10-19.csv", None, datetime(2026, 10, 19, 23, 59, 59)),
        ("deals_20261019.csv", None, datetime(2026, 10, 19, 23, 59, 59)),
        ("deals-2026-10-19.csv", date(2026, 9, 1), datetime(2026, 9, 1)),
        ("deals-2031-10-19.csv", None, datetime(2026, 2, 1, 23, 59, 59)),
    ],
)
def test_the_as_of_day_is_asked_for_said_named_or_seen(name, option, day):
    text = (
        "deal_id,stage_raw,created_at,closed_at\n1,Won,2026-01-05,2026-02-01\n2,Demo,2026-01-06,2026-08-01\n"
        "3,Won,2026-01-05,2030-01-01\n"
    )
    assert look(text, name, as_of=option).report.as_of == day


def test_a_file_without_any_date_asks_or_follows_the_files_it_came_with(tmp_path: Path):
    people, dated = tmp_path / "people.csv", tmp_path / "deals.csv"
    people.write_text("person_id,email,source_raw\n1,a@x.com,Web\n")
    dated.write_text("deal_id,stage_raw,created_at\n1,Won,2026-01-05 10:00:00\n")
    alone = look_at([people])[0]
    assert list(alone.questions()) == ["people.csv.as_of"]
    answered = look_at([people], answers={"people.csv.as_of": "2026-03-01"})[0]
    assert answered.report.as_of == datetime(2026, 3, 1, 23, 59, 59)
    together = look_at([people, dated])[0]
    assert (together.report.status, together.report.as_of) == ("ready", datetime(2026, 1, 5, 10))


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "report.csv"
    path.write_text("<html><body>Please log in</body></html>")
    missing = tmp_path / "missing.csv"
    refused, gone = look_at([path, missing])
    assert refused.report.status == gone.report.status == "refused"
    assert refused.report.error
    assert "cannot be opened" in str(gone.report.error)


def test_the_report_as_json_holds_what_the_command_line_prints():
    printed = deals(["1,Won,5,01/02/2026,"]).report.as_json()
    assert printed["rows_read"] == 1
    assert printed["questions"][0]["key"] == "deals.csv.created_at.date_order"
    assert printed["questions"][0]["choices"] == ["dmy", "mdy"]


def test_hostile_headers_and_values_stay_text():
    text = 'deal_id,stage_raw,"a\'; drop table x; --",created_at\n"1\'; select 1",Won,"\'",2026-01-01\n'
    seen = look(text, "it's.csv", kind="deals", mapping={"name": "a'; drop table x; --"})
    assert (seen.column("deal_id"), seen.column("name")) == (["1'; select 1"], ["'"])
