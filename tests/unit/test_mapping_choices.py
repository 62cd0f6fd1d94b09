"""Columns: every one may be chosen or left unused, is remembered for its source, and can be changed later."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from scorecard import loading, loading_remap
from scorecard.ingest.report import LoadOptions
from scorecard.store import Store
from tests.unit.test_cli import NOW, Run, run, write

__all__ = ["run"]
OWN = """deal_id,name,status,amount,margin,closed_at
d1,One,won,100,10,2026-02-01
d2,Two,won,200,20,2026-02-02
d3,Three,open,300,30,
"""
# A list nobody knows: what its columns are has to be said once.
STRANGE = """Nr,Titel,Zustand,Summe,Nebensumme,Ende
1,One,won,100,10,2026-02-01
2,Two,won,200,20,2026-02-02
3,Three,lost,300,30,2026-02-03
"""
SAID = ("--as", "deals", "--map", "deal_id=Nr", "--map", "name=Titel", "--map", "status=Zustand", "--map",
        "amount=Summe", "--map", "closed_at=Ende")  # fmt: skip


def revenue(run: Run) -> float | None:
    answer = run("ask", "won_revenue", "--from", "2026-01-01", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    return float(rows[0]["value"]) if rows and rows[0]["value"] else None


def test_a_column_said_to_be_unused_is_not_used_now_nor_next_week_nor_after_a_rebuild(run: Run, tmp_path: Path) -> None:
    answer = run("load", write(tmp_path, "deals-2026-02-20.csv", OWN), "--map", "amount=", "--json")
    assert answer.code == 0
    file = answer.json["files"][0]
    assert "amount" not in file["mapping"] and "amount" in file["unmapped"]
    assert not revenue(run)
    later = run("load", write(tmp_path, "deals-2026-02-27.csv", OWN.replace("Three", "3")), "--json").json["files"][0]
    assert later["remembered"] and "amount" not in later["mapping"]
    assert run("rebuild").code == 0
    assert not revenue(run)


def test_a_vendors_column_can_be_left_out_of_every_table_it_feeds(run: Run, tmp_path: Path) -> None:
    text = (
        "CAMPAIGNID,Campaign Name,Type,Status,Start Date,End Date,Budgeted Cost,Actual Cost\n"
        "1,Fair,Event,Done,2026-01-01,2026-01-31,100,80\n2,Mail,Email,Done,2026-02-01,2026-02-10,50,40\n"
    )
    path = write(tmp_path, "campaigns.csv", text)
    tables = [change["table"] for change in run("check", path, "--json").json["files"][0]["changes"]]
    assert tables == ["campaigns", "spend"]
    without = run("check", path, "--json", "--map", "actual_cost=").json["files"][0]
    assert [change["table"] for change in without["changes"]] == ["campaigns"]
    assert without["kind"] == "zoho_campaigns"


def test_a_needed_column_left_unused_is_asked_for(run: Run, tmp_path: Path) -> None:
    answer = run("load", write(tmp_path, "deals.csv", OWN), "--map", "status=", "--json")
    assert answer.code == 2
    assert any("stage_raw.required" in question["key"] for question in answer.json["files"][0]["questions"])


def test_moving_a_column_takes_it_from_where_it_was(run: Run, tmp_path: Path) -> None:
    assert run("load", write(tmp_path, "deals-2026-02-20.csv", OWN)).code == 0
    path = write(tmp_path, "deals-2026-02-27.csv", OWN.replace("Three", "3"))
    file = run("load", path, "--map", "amount=margin", "--json").json["files"][0]
    assert file["mapping"]["amount"] == "margin" and "margin" not in file["mapping"]


def test_a_likely_column_without_a_value_is_not_asked_about(run: Run, tmp_path: Path) -> None:
    header, *rows = (line.split(",") for line in OWN.replace("amount", "amonut").splitlines())
    without = [header, *([*row[:3], " --", *row[4:]] for row in rows)]
    path = write(tmp_path, "deals-2026-02-20.csv", "".join(",".join(row) + "\n" for row in without))
    assert run("check", path, "--json").json["files"][0]["to_confirm"] == []


def test_a_likely_column_is_offered_with_samples_and_only_until_it_is_settled(run: Run, tmp_path: Path) -> None:
    text = OWN.replace("amount", "amonut")
    answer = run("check", write(tmp_path, "deals-2026-02-20.csv", text), "--json").json["files"][0]
    offered = {item["header"]: item for item in answer["to_confirm"]}
    assert offered["amonut"]["canonical"] == "amount" and offered["amonut"]["samples"] == ["100", "200", "300"]
    assert 0.5 <= offered["amonut"]["score"] < 0.85
    assert "--map amount=amonut" in run("check", tmp_path / "deals-2026-02-20.csv").out
    assert run("load", tmp_path / "deals-2026-02-20.csv").code == 0
    later = run("check", write(tmp_path, "deals-2026-02-27.csv", text.replace("Three", "3")), "--json")
    assert later.json["files"][0]["to_confirm"] == []


def test_next_week_needs_no_word_even_with_one_column_more(run: Run, tmp_path: Path) -> None:
    assert run("load", write(tmp_path, "liste-2026-02-20.csv", STRANGE), *SAID).code == 0
    assert revenue(run) == 300
    same = run("check", write(tmp_path, "liste-2026-02-27.csv", STRANGE.replace("Three", "3")), "--json")
    assert same.code == 0 and same.json["files"][0]["remembered"]
    lines = STRANGE.replace("Three", "3").splitlines()
    wider = "\n".join([f"{lines[0]},Farbe", *(f"{line},rot" for line in lines[1:])]) + "\n"
    more = run("check", write(tmp_path, "liste-2026-02-28.csv", wider), "--json")
    file = more.json["files"][0]
    assert more.code == 0 and file["kind"] == "deals"
    assert file["mapping"]["amount"] == "Summe" and file["mapping"]["deal_id"] == "Nr"
    assert any("accepted before" in note for note in file["notes"])


def test_a_mapping_is_changed_later_without_the_file(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "liste-2026-02-20.csv", STRANGE)
    assert run("load", path, *SAID).code == 0
    path.unlink()
    before = {row["id"] for row in run("snapshots", "--json").json}
    answer = run("rebuild", "--of", "liste-2026-02-20.csv", "--map", "amount=Nebensumme")
    assert answer.code == 0, answer
    assert revenue(run) == 30
    assert len({row["id"] for row in run("snapshots", "--json").json} - before) == 1
    assert run("mappings", "--json").json[0]["mapping"]["amount"] == "Nebensumme"
    assert run("rebuild", "--of", "liste-2026-02-20.csv", "--map", "amount=").code == 0
    assert not revenue(run)
    # the old numbers are still there to go back to, and a rebuild keeps what was chosen last
    assert run("use", sorted(before)[0]).code == 0
    assert revenue(run) == 300


def test_a_change_that_cannot_be_read_changes_nothing(run: Run, tmp_path: Path) -> None:
    assert run("load", write(tmp_path, "liste-2026-02-20.csv", STRANGE), *SAID).code == 0
    files = sorted(path.name for path in (tmp_path / "store" / "imports").iterdir())
    for wrong in ("status=", "amount=Nichts", "colour=Summe"):
        answer = run("rebuild", "--of", "liste-2026-02-20.csv", "--map", wrong)
        assert answer.code == 2, wrong
    assert revenue(run) == 300
    assert sorted(path.name for path in (tmp_path / "store" / "imports").iterdir()) == files


def test_a_forgotten_mapping_is_asked_again(run: Run, tmp_path: Path) -> None:
    assert run("load", write(tmp_path, "liste-2026-02-20.csv", STRANGE), *SAID).code == 0
    assert "liste-2026-02-20.csv" in run("mappings").out
    assert run("mappings", "--forget", "liste-2026-02-20.csv").code == 0
    later = run("check", write(tmp_path, "liste-2026-02-27.csv", STRANGE.replace("Three", "3")), "--json")
    assert later.code == 2 and later.json["files"][0]["questions"]
    assert revenue(run) == 300


def test_each_file_of_a_drop_has_its_own_mapping(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    own = write(tmp_path, "deals-2026-02-20.csv", OWN)
    other = write(tmp_path, "more-2026-02-20.csv", OWN.replace("margin", "margin,note").replace("0,2026", "0,x,2026"))
    first = loading.preview(store, [own, other], LoadOptions(), NOW)
    signature = first.reports[0].signature
    first.close()
    options = LoadOptions(columns={signature: {"amount": "margin", "margin": ""}})
    chosen = loading.preview(store, [own, other], options, NOW)
    mapped = [report.mapping.get("amount") for report in chosen.reports]
    chosen.close()
    assert mapped == ["margin", "amount"]


@pytest.mark.parametrize("mended", [False, True])
def test_remapping_keeps_the_order_of_loads_and_what_was_mended(mended: bool, run: Run, tmp_path: Path) -> None:
    bad = OWN + "d4,Four,won,abc,40,2026-02-03\n"
    assert run("load", write(tmp_path, "deals-2026-02-20.csv", bad)).code == 0
    if mended:
        rows = run("quarantine", "--format", "csv", "--of", "deals-2026-02-20.csv").out.replace("abc", "400")
        assert run("load", write(tmp_path, "mended.csv", rows), now=NOW + timedelta(minutes=1)).code == 0
        assert revenue(run) == 700
    answer = run("rebuild", "--of", "deals-2026-02-20.csv", "--map", "amount=margin", now=NOW + timedelta(minutes=2))
    assert answer.code == 0, answer
    assert revenue(run) == 70
    (item,) = loading_remap.remembered(Store(tmp_path / "store"))
    assert [record.file for record in item.records] == ["deals-2026-02-20.csv"]


def test_three_renamed_columns_do_not_make_one_vendors_deals_anothers(run: Run, tmp_path: Path) -> None:
    header = "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Currency,Create Date,Close Date,Deal owner,Original Source"
    row = "9001,Alder,Closed Won,Sales,100,USD,2026-01-05 09:00,2026-02-10 15:30,Ann Lee,Organic Search"
    other = row.replace("9001", "9002").replace("Alder", "Birch")
    first = write(tmp_path, "deals-2026-02-20.csv", "\n".join([header, row, other]) + "\n")
    assert run("load", first).code == 0
    # "Deal Title" alone is how another vendor writes it
    renamed = header.replace("Deal Name", "Deal Title").replace("Pipeline", "Pipelin").replace("Original", "Orignal")
    later = write(tmp_path, "deals-2026-02-27.csv", "\n".join([renamed, row, other]) + "\n")
    file = run("check", later, "--json").json["files"][0]
    assert file["kind"] == "hubspot_deals"
    assert any("loaded before" in note for note in file["notes"])
    offered = {item["header"]: item["canonical"] for item in file["to_confirm"]}
    assert offered["Deal Title"] == "name" and offered["Pipelin"] == "pipeline"
    assert (file["changes"][0]["added"], file["changes"][0]["gone"]) == (0, 0)


def test_renamed_columns_in_an_empty_store_are_asked_about_not_guessed(run: Run, tmp_path: Path) -> None:
    header = "Record ID,Deal Title,Deal Stage,Pipelin,Amount,Currency,Create Date,Close Date,Deal owner,Orignal Source"
    row = "9001,Alder,Closed Won,Sales,100,USD,2026-01-05 09:00,2026-02-10 15:30,Ann Lee,Organic Search"
    path = write(tmp_path, "deals-2026-02-20.csv", f"{header}\n{row}\n{row.replace('9001', '9002')}\n")
    answer = run("load", path, "--json")
    assert answer.code == 2
    (question,) = answer.json["files"][0]["questions"]
    assert question["choices"][:2] == ["hubspot_deals", "pipedrive_deals"]
    told = run("load", path, "--json", "--answer", f"{question['key']}=hubspot_deals")
    assert told.code == 0 and told.json["files"][0]["mapping"]["deal_id"] == "Record ID"
