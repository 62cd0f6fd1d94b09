"""A file is taken for what it plainly is; anything else is asked about."""

import tomllib

import pytest

from scorecard.errors import IngestError
from scorecard.ingest.headers import key_of, read_header, signature_of
from scorecard.ingest.kinds import KINDS_DIR, find_kind, synonyms, vendor_kinds
from scorecard.ingest.report import Known, SavedMapping
from scorecard.schema import KINDS
from tests.unit.examined import NOW, deals, look


@pytest.mark.parametrize("kind", list(KINDS))
def test_our_own_column_names_are_recognised_without_being_told(kind):
    header = ",".join(KINDS[kind].column_names)
    seen = look(f"{header}\n{',' * (len(KINDS[kind].columns) - 1)}\n".replace("\n,", "\nx,", 1))
    assert seen.report.kind == kind


@pytest.mark.parametrize("stem", list(vendor_kinds()))
def test_a_vendor_kind_feeds_only_columns_that_exist(stem):
    kind = find_kind(stem)
    for feed in kind.feeds:
        names = set(feed.schema.column_names)
        assert {
            *feed.columns,
            *feed.first_of,
            *feed.constants,
            *feed.derive,
            *feed.derive.values(),
            *feed.units,
        } <= names
        assert not feed.where or feed.where in names
    assert kind.feeds or kind.why_unused


@pytest.mark.parametrize("stem", list(vendor_kinds()))
def test_a_vendor_kind_is_recognised_by_each_of_its_signatures(stem):
    with (KINDS_DIR / f"{stem}.toml").open("rb") as file:
        for names in tomllib.load(file)["signatures"]:
            headers = [*(name.removeprefix("=") for name in names), "Remark"]
            text = ",".join(f'"{header.replace(chr(34), chr(34) * 2)}"' for header in headers)
            seen = look(f"{text}\n{','.join('x' for _ in headers)}\n{','.join('y' for _ in headers)}\n")
            assert seen.report.kind == stem or stem in seen.report.questions[0].choices


def test_synonyms_name_columns_that_exist():
    assert set(synonyms()) == set(KINDS)
    for table, columns in synonyms().items():
        assert set(columns) <= set(KINDS[table].column_names)


def test_synonyms_leave_out_what_only_sounds_alike():
    assert key_of("Last Contacted") not in synonyms()["people"]["first_response_at"]
    assert key_of("Lead Status") not in synonyms()["people"]["lifecycle_stage"]
    assert key_of("Expected Revenue") not in synonyms()["deals"]["amount"]


@pytest.mark.parametrize(
    ("text", "key", "unit"),
    [
        ("Lead ID", "leadid", ""),
        ("LEADID", "leadid", ""),
        ("lead_id", "leadid", ""),
        ("\ufeffVideo pub\u00adlish time", "videopublishtime", ""),
        ("Deal \u2013 Lead Source", "dealleadsource", ""),
        ("Title*", "title", ""),
        ("Amount spent (USD)", "amountspent", "currency:USD"),
        ("Start Date (in UTC)", "startdate", "zone:UTC"),
        ("Average percentage viewed (%)", "averagepercentageviewed", "percent"),
        ("Watch time (hours)", "watchtime", "hours"),
        ("Email (if passed through)", "emailifpassedthrough", ""),
        ("Montant dépensé", "montantdepense", ""),
        ("Average % viewed", "averagepercentviewed", ""),
        ("Amount (2)", "amount2", ""),
        ("metrics.cost_micros", "metricscostmicros", "micros"),
        ("Micro conversions", "microconversions", ""),
    ],
)
def test_headers_compare_without_case_accents_and_units(text, key, unit):
    header = read_header(text)
    assert (header.key, header.unit) == (key, unit)


def test_a_signature_is_the_same_in_any_order_and_case():
    assert signature_of(["Deal Name", "Amount"]) == signature_of(["amount", "deal name"])
    assert signature_of(["Amount (USD)"]) != signature_of(["Amount (EUR)"])


def test_an_unknown_table_asks_and_proposes():
    seen = look("Colour,Weight,Shape\nred,5,round\nblue,7,square\n", "toys.csv")
    assert seen.report.status == "question"
    assert set(KINDS) | {"skip"} == set(seen.questions()["toys.csv.kind"])


def test_a_clear_list_of_deals_is_taken_without_asking():
    text = "Opportunity ID,Deal Stage,Close Value,Close Date\nA1,Won,100,2026-01-31\nA2,Lost,0,2026-02-28\n"
    seen = look(text)
    assert (seen.report.status, seen.report.kind) == ("ready", "deals")
    assert seen.report.mapping == {
        "deal_id": "Opportunity ID", "stage_raw": "Deal Stage", "amount": "Close Value", "closed_at": "Close Date"
    }  # fmt: skip


def test_a_header_that_only_resembles_is_proposed_not_taken():
    text = "Opportunity ID,Deal Stage,Close Value,Closing Dates\nA1,Won,100,2026-01-31\nA2,Lost,0,2026-02-28\n"
    report = look(text, kind="deals").report
    assert "closed_at" not in report.mapping
    (proposal,) = [p for p in report.proposals if p.header == "Closing Dates"]
    assert proposal.canonical == "closed_at"
    assert 0.5 <= proposal.score < 0.85


def test_values_that_contradict_a_header_veto_it():
    text = "Deal ID,Stage,Betrag\nA1,Won,red\nA2,Lost,blue\n"
    report = look(text, kind="deals", as_of=NOW.date()).report
    assert "amount" not in report.mapping
    assert all(proposal.canonical != "amount" for proposal in report.proposals)


def test_a_list_whose_ids_repeat_is_no_list_of_those_records():
    lines = [f"{number % 2},Firm {number},Retail,5" for number in range(6)]
    header = "Account ID,Account Name,Industry,Employees"
    assert look("\n".join([header, *lines]) + "\n", as_of=NOW.date()).report.status == "question"
    apart = [line.replace(line[0], str(number), 1) for number, line in enumerate(lines)]
    assert look("\n".join([header, *apart]) + "\n", as_of=NOW.date()).report.kind == "companies"


def test_a_header_can_be_mapped_and_a_constant_set_by_hand():
    text = "ref,worth,day\nA1,100,2026-01-31\n"
    seen = look(text, kind="deals", mapping={"deal_id": "ref", "amount": "worth", "closed_at": "day"},
                constants={"status": "won", "system": "hubspot"})  # fmt: skip
    assert seen.report.status == "ready"
    row = seen.rows[0]
    assert (row["deal_id"], row["status"], row["system"], row["object"]) == ("A1", "won", "hubspot", "deal")
    assert "status" in seen.report.tables[0].mapped


def test_a_wrong_name_is_refused_with_the_right_ones():
    for options in ({"mapping": {"price": "worth"}}, {"mapping": {"amount": "wroth"}}, {"constants": {"price": "1"}}):
        report = look("deal_id,stage_raw,worth\n1,Won,5\n", kind="deals", **options).report
        assert report.status == "refused"
        assert "worth" in str(report.error) or "amount" in str(report.error)
    with pytest.raises(IngestError, match="hubspot_deals"):
        find_kind("hubspot_tickets")


def test_a_required_column_nobody_fills_is_asked_for_and_can_be_answered():
    text = "Deal ID,Amount,Level,Close Date\nA1,5,Won,2026-01-31\n"
    seen = look(text, "d.csv", kind="deals")
    assert list(seen.questions()) == ["d.csv.stage_raw.required"]
    answered = look(text, "d.csv", kind="deals", answers={"d.csv.stage_raw.required": "Level"})
    assert (answered.report.status, answered.column("stage_raw")) == ("ready", ["Won"])


def test_asking_for_deals_keeps_the_vendor_that_plainly_wrote_them():
    text = "Record ID,Deal Name,Deal Stage,Amount,Create Date\n1,A,Won,5,2026-01-31\n"
    assert look(text, kind="deals").report.kind == "hubspot_deals"


def test_a_file_can_be_left_out_by_answer_or_by_rule():
    text = "Colour,Weight\nred,5\n"
    for options in ({"answers": {"toys.csv.kind": "skip"}}, {"skip_unknown": True}):
        report = look(text, "toys.csv", **options).report
        assert (report.status, report.rows_not_data, report.rows_loaded) == ("skipped", 1, 0)


def test_the_answer_to_what_it_is_settles_the_kind():
    seen = look("Owner Name,Team Lead\nAnn,Bob\n", "t.csv", answers={"t.csv.kind": "users"})
    assert (seen.report.kind, seen.column("owner")) == ("users", ["Ann"])


def test_a_recognised_file_that_is_not_used_is_listed_not_refused():
    report = look("INVOICEID,Invoice Number,Sub Total\n1,7,5\n").report
    assert (report.status, report.kind, report.rows_not_data, report.error) == ("unused", "zoho_invoices", 1, None)


def test_next_week_the_accepted_mapping_is_used_silently():
    text = "ref,worth,day,phase\nA1,100,01/02/2026,Won\n"
    saved = SavedMapping(
        "deals", {"deal_id": "ref", "amount": "worth", "closed_at": "day", "stage_raw": "phase"}, {"currency": "EUR"},
        {"week1.csv.closed_at.date_order": "dmy"}, True,
    )  # fmt: skip
    known = Known(now=NOW, mappings={signature_of(["ref", "worth", "day", "phase"]): saved})
    seen = look(text, "week2.csv", known=known)
    assert (seen.report.status, seen.report.full) == ("ready", True)
    assert (seen.column("closed_at")[0].month, seen.column("currency")) == (2, ["EUR"])
    assert "accepted last time" in seen.notes()


def test_the_same_file_again_is_said():
    first = deals(["1,Won,5,2026-01-01,2026-02-01"]).report
    again = deals(["1,Won,5,2026-01-01,2026-02-01"], known=Known(now=NOW, loaded={first.sha256: "on 3 March by Ana."}))
    assert "The very same file was loaded before: on 3 March by Ana." in again.report.notes


def test_a_homemade_pipeline_is_read_without_asking():
    text = 'Opp Name,Rep,Stage,Value (EUR),Expected close\nA,Ann,Proposal,"1.200,50",2026-12-01\n'
    seen = look(f'{text}B,Bob,Closed Won,"800,00",2026-10-01\n')
    assert (seen.report.status, seen.report.kind) == ("ready", "deals")
    assert seen.report.mapping == {
        "name": "Opp Name", "owner": "Rep", "stage_raw": "Stage", "amount": "Value (EUR)",
        "expected_close_at": "Expected close",
    }  # fmt: skip


@pytest.mark.parametrize(
    "header",
    ["Weighted Amount", "Last Contacted", "Days to close", "Average deal size", "Next Activity Date", "Industry"],
)
def test_a_word_that_makes_it_another_thing_is_no_resemblance(header):
    text = f"Deal ID,Stage,{header}\nA1,Won,50\nA2,Lost,60\n"
    report = look(text, kind="deals", as_of=NOW.date()).report
    assert all(proposal.canonical is None for proposal in report.proposals if proposal.header == header)


@pytest.mark.parametrize(
    ("header", "row", "likeliest"),
    [
        ("Customer ID,Customer Name,Industry,Country,Annual Revenue", "C1,Acme,Retail,DE,5", "companies"),
        ("Customer Id,First Name,Last Name,Company,Country,Email", "C1,Ann,Berg,Acme,DE,a@acme.example", "people"),
    ],
)
def test_customers_are_companies_where_they_have_an_industry_and_people_where_they_have_names(header, row, likeliest):
    seen = look(f"{header}\n{row}\n{row.replace('C1', 'C2').replace('Acme', 'Beta')}\n", "c.csv", as_of=NOW.date())
    assert (seen.report.kind or seen.questions()["c.csv.kind"][0]) == likeliest


def test_a_vendors_file_whose_money_is_called_otherwise_keeps_its_money_and_says_so():
    text = "Record ID,Deal name,Deal stage,Deal value,Created at\n1,A,Won,500,2026-01-02\n2,B,Lead,700,2026-01-03\n"
    seen = look(text)
    assert (seen.report.kind, sum(seen.column("amount"))) == ("hubspot_deals", 1200)
    assert "“Deal value” was taken as amount" in seen.notes()


def test_a_vendors_status_of_something_else_is_no_deal_status():
    header = "Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Status"
    seen = look(f"{header}\n1,A,Closed Won,5,2026-01-02,Signed\n2,B,Prospecting,6,2026-01-13,Sent\n")
    assert "Status" in seen.report.unmapped
    told = look(f"{header}\n1,A,Step 5,5,2026-01-02,Won\n2,B,Step 1,6,2026-01-13,Open\n")
    assert told.report.mapping["status"] == "Status"


def test_the_object_before_a_field_is_read_over():
    header = "Opportunity: Opportunity ID,Opportunity: Opportunity Name,Opportunity: Stage,Opportunity: Amount"
    text = f"{header},Account: Created Date,Opportunity: Close Date\n1,A,Closed Won,5,2020-05-05,2026-01-13\n"
    seen = look(text)
    assert seen.report.kind == "salesforce_opportunities"
    assert seen.report.mapping["closed_at"] == "Opportunity: Close Date"
    assert "Account: Created Date" in seen.report.unmapped


def test_a_report_that_repeats_its_opportunities_counts_none_of_them_twice():
    products = "Opportunity Name,Account Name,Product Name,Quantity,Total Price,Amount,Stage,Close Date"
    rows = "A,Acme,X,1,60,100,Closed Won,1/25/2026\nA,Acme,Y,1,40,100,Closed Won,1/25/2026\n"
    assert look(f"{products}\n{rows}").report.status == "unused"
    with_id = look(f"Opportunity ID,{products}\n" + "".join(f"0065e00000AbCdE,{row}\n" for row in rows.split("\n")[:2]))
    assert with_id.column("amount") == [100]
    roles = "Opportunity Name,Opportunity ID,Contact Role,Contact ID,Amount,Stage,Close Date\n"
    text = roles + "A,0065e00000AbCdE,Buyer,0035e00000AbCdE,100,Closed Won,1/25/2026\n"
    seen = look(f"{text}A,0065e00000AbCdE,User,0035e00000aBcDe,100,Closed Won,1/25/2026\n")
    assert (seen.report.kind, len(seen.rows)) == ("salesforce_deal_contacts", 2)


def test_the_type_of_a_campaign_member_is_no_channel():
    text = "Id,CampaignId,LeadId,ContactId,Status,HasResponded,CreatedDate,Type\n1,2,3,,Sent,false,2026-01-02,Lead\n"
    assert "Type" in look(text).report.unmapped


def test_a_history_is_no_list_of_deals():
    header = "Opportunity Name,Stage,From Stage,To Stage,Last Modified,Amount,Close Date"
    assert look(f"{header}\nA,Won,Demo,Won,2026-01-13,5,2026-01-13\n").report.kind == "salesforce_stage_history"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Search term,Match type,Campaign,Ad group,Currency code,Clicks,Impr.,Cost", "google_ads_keywords"),
        ("Keyword status,Keyword,Match type,Campaign,Clicks,Impr.,Cost", "google_ads_keywords"),
        ("Date,Views,Watch time (hours),Subscribers,Impressions", "youtube_other"),
    ],
)
def test_a_part_of_what_another_file_holds_is_recognised_and_not_used(header, kind):
    width = header.count(",") + 1
    report = look(f"{header}\n{','.join(['1'] * width)}\n").report
    assert (report.status, report.kind) == ("unused", kind)


def test_an_ending_many_columns_have_makes_no_two_alike():
    seen = look("Email,First Name,Last Name,Leave Time\na@x.example,A,B,2026-01-09 11:00\n", kind="people")
    assert seen.report.mapping == {"email": "Email", "first_name": "First Name", "last_name": "Last Name"}
    assert all(proposal.canonical is None for proposal in seen.report.proposals if proposal.header == "Leave Time")
