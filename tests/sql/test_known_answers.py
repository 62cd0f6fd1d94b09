"""Exports whose totals are known: what the command line loads and answers must be those figures."""

import csv
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from scorecard import warehouse
from scorecard.charts.definitions import trusted
from tests.command_line import SHARED, Answer, ask, command, load

pytestmark = pytest.mark.skipif(not (SHARED / "real").is_dir(), reason="the real exports are not on this machine")

ZOHO = SHARED / "real" / "zoho"
MAVEN = SHARED / "real" / "maven_crm"
GOLDEN = SHARED / "golden"
MAVEN_MAPPING = {
    "deal_id": "opportunity_id",
    "owner": "sales_agent",
    "product": "product",
    "company_name": "account",
    "stage_raw": "deal_stage",
    "created_at": "engage_date",
    "closed_at": "close_date",
    "amount": "close_value",
}
EXPORT_FILES = sorted(path for folder in ("real", "exports") for path in (SHARED / folder).rglob("*") if path.is_file())
EXPORT_FOLDERS = sorted({path.parent for path in EXPORT_FILES})


@pytest.fixture(scope="module")
def zoho(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A store with one CRM's leads, deals, campaigns and calls, and what loading them said."""
    store = tmp_path_factory.mktemp("zoho")
    files = [ZOHO / f"{name}.csv" for name in ("Leads", "Potentials", "Campaigns", "Calls")]
    return store, load(store, *files, "--as-of", "2021-04-16")


@pytest.fixture(scope="module")
def maven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A store with one file of unknown make, its columns named on the command line."""
    store = tmp_path_factory.mktemp("maven")
    mapping = [part for ours, theirs in MAVEN_MAPPING.items() for part in ("--map", f"{ours}={theirs}")]
    return store, load(store, MAVEN / "sales_pipeline.csv", "--as", "deals", *mapping)


def total(store: Path, metric: str, column: str = "value") -> float:
    rows = ask(store, metric, "--grain", "total")
    assert len(rows) == 1
    return float(rows[0][column])


def files_of(answer: Answer) -> dict[str, dict]:
    return {found["file"]: found for found in answer.json["files"]}


def test_zoho_every_line_is_accounted_for(zoho: tuple[Path, Answer]) -> None:
    found = files_of(zoho[1])
    assert {name: found[name]["rows_read"] for name in found} == {
        "Leads.csv": 3900,
        "Potentials.csv": 3632,
        "Campaigns.csv": 110,
        "Calls.csv": 4100,
    }
    for account in found.values():
        assert account["rows_loaded"] == account["rows_read"]


def test_zoho_won_revenue(zoho: tuple[Path, Answer]) -> None:
    assert total(zoho[0], "won_revenue") == 89_066_200
    assert total(zoho[0], "won_deals") == 1425


def test_zoho_wins_in_the_future_count_and_are_flagged(zoho: tuple[Path, Answer]) -> None:
    assert sum(row["future_dated"] for row in ask(zoho[0], "source_coverage")) == 132
    records = ask(zoho[0], "records", "--metric", "won_revenue")
    assert len(records) == 1425
    assert sum("future" in (row["flags"] or "") for row in records) == 132


def test_zoho_sourced_revenue_adds_up_to_won_revenue(zoho: tuple[Path, Answer]) -> None:
    rows = ask(zoho[0], "sourced_revenue")
    assert sum(row["won_amount"] for row in rows) == pytest.approx(89_066_200, abs=0.005)
    assert sum(row["won_deals"] for row in rows) == 1425
    assert {row["side"] for row in rows} <= {"marketing", "sales", "partner", "customer", "unknown"}
    assert len({row["side"] for row in rows}) > 1


def test_zoho_every_definition_adds_up_to_won_revenue(zoho: tuple[Path, Answer]) -> None:
    rows = ask(zoho[0], "sourced_definitions", "--business", "all")
    for rule in ("field", "origin", "presales"):
        found = [row for row in rows if row["rule"] == rule]
        assert sum(row["won_amount"] for row in found) == pytest.approx(89_066_200, abs=0.005)
        assert sum(row["won_deals"] for row in found) == 1425


def test_zoho_lead_and_deal_source_agree_on_8_8_percent(zoho: tuple[Path, Answer]) -> None:
    rows = {(row["rule"], row["measure"]): row for row in ask(zoho[0], "source_agreement")}
    same = rows["", "same source"]
    assert (same["deals"], same["of_deals"]) == (321, 3629)
    assert round(100 * same["share"], 1) == 8.8
    assert same["low"] < same["share"] < same["high"] < 0.1
    # no touches in these files: the origin rests on the very fields that contradict each other
    assert rows["origin", "decided by touches"]["deals"] == 0
    assert rows["origin", "decided by fields"]["deals"] == 3632
    assert (rows["field", "side known"]["of_deals"], rows["field", "side known"]["deals"]) == (3632, 3629)
    verdict, reasons = trusted(pd.DataFrame(ask(zoho[0], "source_agreement")))
    assert verdict.startswith("No definition can be trusted here yet: the source fields contradict each other")
    assert "no touch stands behind the origin" in verdict
    assert reasons[0].startswith("Lead and deal source agree on 8.8% (321 of 3,629 deals")


def test_zoho_the_crm_probability_is_no_better_than_the_base_rate(zoho: tuple[Path, Answer]) -> None:
    rows = {row["scorer"]: row for row in ask(zoho[0], "score_quality")}
    crm = rows["the CRM's probability"]
    assert crm["n"] > 1500 and crm["skill"] < 0 and abs(crm["slope"]) < 0.05


def test_zoho_a_score_without_skill_says_so_and_why(zoho: tuple[Path, Answer]) -> None:
    answer = command("ask", "score_quality", "--format", "json", store=zoho[0])
    ours = next(row for row in answer.json if row["scorer"] == "ours")
    assert (ours["n"], round(ours["skill"], 3)) == (24_578, -0.034)
    assert "no better than the base rate on this export: 4.4% said, 10.7% happened (n=24,578)" in answer.err
    assert "Closes begin about 21 Nov 2019 in this file, though 1,451 deals had begun before" in answer.err
    assert "about 1,134 would have closed by then" in answer.err and "9.2% of closes count on 16 Apr 2021" in answer.err
    assert "still no better than the base rate, so they are left as they are" in answer.err
    assert "The CRM's own probability is no better than always saying the base rate of 74.6%" in answer.err


def test_zoho_new_leads_and_spend(zoho: tuple[Path, Answer]) -> None:
    assert total(zoho[0], "new_leads") == 3900
    assert total(zoho[0], "spend") == pytest.approx(44_209_580, abs=0.005)


@pytest.mark.parametrize("dimension", ["side", "channel", "source", "owner", "campaign"])
def test_zoho_parts_add_up_to_the_whole(zoho: tuple[Path, Answer], dimension: str) -> None:
    parts = ask(zoho[0], "won_revenue", "--grain", "total", "--by", dimension)
    assert len(parts) > 1
    assert sum(row["value"] for row in parts) == pytest.approx(89_066_200, abs=0.005)


def test_zoho_the_same_files_again_change_nothing(zoho: tuple[Path, Answer]) -> None:
    answer = command("load", ZOHO / "Potentials.csv", "--as-of", "2021-04-16", "--json", store=zoho[0])
    assert "Traceback" not in answer.err
    assert total(zoho[0], "won_revenue") == 89_066_200
    assert total(zoho[0], "won_deals") == 1425


def test_maven_loads_by_mapping(maven: tuple[Path, Answer]) -> None:
    (account,) = maven[1].json["files"]
    assert (account["kind"], account["rows_read"], account["rows_loaded"]) == ("deals", 8800, 8800)
    assert total(maven[0], "won_revenue") == 10_005_534
    assert total(maven[0], "won_deals") == 4238


def test_maven_win_rate_is_won_of_closed(maven: tuple[Path, Answer]) -> None:
    (row,) = ask(maven[0], "win_rate_closed", "--grain", "total")
    assert (row["numerator"], row["denominator"]) == (4238, 6711)
    assert round(100 * row["value"], 2) == 63.15


def test_maven_undated_deals_are_counted_not_dropped(maven: tuple[Path, Answer]) -> None:
    current = (maven[0] / "CURRENT").read_text(encoding="utf-8").strip()
    with warehouse.open_reader(maven[0] / "snapshots" / f"{current}.duckdb") as reader:
        counts = reader.execute(
            "select count(*), count(*) - count(closed_on), count(*) - count(created_on) from deals"
        ).fetchall()
    assert counts == [(8800, 2089, 500)]


def test_maven_sourced_revenue_is_not_computable(maven: tuple[Path, Answer]) -> None:
    answer = command("ask", "sourced_revenue", "--format", "json", store=maven[0])
    assert answer.code == 0
    assert answer.json == []
    assert "not computable" in answer.sentence
    assert "source" in answer.sentence


def test_maven_wins_by_product_region_and_team_which_is_named_by_its_manager(
    maven: tuple[Path, Answer], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(maven[0], store)
    load(store, *(MAVEN / f"{name}.csv" for name in ("accounts", "products", "sales_teams")), "--as-of", "2017-12-31")
    found = {}
    for by in ("team", "product", "region"):
        answer = command("ask", "win_rates", "--by", by, "--day", "90", "--format", "json", store=store)
        found[by] = {row["group_value"] for row in answer.json if row["name"] == "win_curve" and row["value"] > 0.2}
        assert all(row["amount_value"] is None for row in answer.json)
        assert "No rates by amount: an amount above 0 stands on 0% of the lost deals" in answer.err
    assert [len(found[by]) for by in ("team", "product", "region")] == [6, 7, 3]
    assert found["region"] == {"Central", "East", "West"} and "Dustin Brinkmann" in found["team"]


def test_maven_next_week_needs_no_mapping(maven: tuple[Path, Answer], tmp_path: Path) -> None:
    again = tmp_path / "sales_pipeline.csv"
    lines = (MAVEN / "sales_pipeline.csv").read_text(encoding="utf-8").splitlines()
    again.write_text("\n".join(lines[:101]) + "\n", encoding="utf-8")
    answer = command("check", again, "--json", store=maven[0])
    assert answer.code == 0, answer.err
    assert answer.json["files"][0]["kind"] == "deals"


def test_the_win_curve_is_the_published_one(tmp_path: Path) -> None:
    as_of = date(2026, 1, 31)
    deals, store = tmp_path / "deals.csv", tmp_path / "store"
    with (GOLDEN / "waltons_rossi.csv").open(encoding="utf-8") as source, deals.open("w", encoding="utf-8") as target:
        target.write("deal_id,created_at,closed_at,status,segment,amount\n")
        for number, row in enumerate(csv.DictReader(source)):
            is_won, days = row["event"] == "1", int(float(row["t"]))
            created = as_of - timedelta(days=days)
            closed = str(created + timedelta(days=days)) if is_won else ""
            target.write(f"D{number},{created},{closed},{'won' if is_won else 'open'},{row['set']},100\n")
    load(store, deals, "--as", "deals", "--as-of", as_of)
    curve: dict[str, dict[int, float]] = {}
    for row in ask(store, "win_curve", "--by", "segment"):
        curve.setdefault(row["group_value"], {})[row["day"]] = row["won_probability"]
    assert set(curve) == {"waltons", "rossi"}
    compared = 0
    with (GOLDEN / "lifelines_km_waltons_rossi.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            until = [day for day in curve[row["set"]] if day <= float(row["t"])]
            won = curve[row["set"]][max(until)] if until else 0.0
            assert won == pytest.approx(1 - float(row["S"]), abs=1e-9), row
            compared += 1
    assert compared == 83


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("deals.csv", "deal_id,status\n1,won\n")


BAD_FILES = {
    "login page": lambda path: path.write_bytes(b"<!DOCTYPE html><html><body>Please sign in</body></html>"),
    "zip named csv": zipped,
    "empty": lambda path: path.write_bytes(b""),
    "one column": lambda path: path.write_bytes(b"just\nsome\nwords\nbelow\neach other\n"),
}
REASONS = {"login page": "web page", "zip named csv": "zip", "empty": "empty", "one column": "one column"}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_refused_in_a_sentence_and_the_numbers_stay(
    what: str, maven: tuple[Path, Answer], tmp_path: Path
) -> None:
    bad = tmp_path / "deals.csv"
    BAD_FILES[what](bad)
    before = command("snapshots", store=maven[0]).out
    answer = command("load", bad, store=maven[0])
    assert answer.code == 2
    said = answer.out + answer.sentence
    assert "deals.csv" in said
    assert REASONS[what] in said
    assert str(tmp_path) not in said
    assert 20 < len(said) < 600
    assert command("snapshots", store=maven[0]).out == before
    assert total(maven[0], "won_revenue") == 10_005_534


@pytest.mark.slow
@pytest.mark.parametrize("folder", EXPORT_FOLDERS, ids=lambda folder: str(folder.relative_to(SHARED)))
def test_every_real_file_is_read_or_refused_in_words(folder: Path, tmp_path: Path) -> None:
    files = [path for path in EXPORT_FILES if path.parent == folder]
    answer = command("check", *files, "--json", store=tmp_path / "store")
    assert answer.code in (0, 2), answer.err
    assert "Traceback" not in answer.err
    assert answer.out, answer.err
    found = answer.json["files"]
    assert {account["file"] for account in found} == {path.name for path in files}
    for account in found:
        parts = account["rows_loaded"] + account["rows_quarantined"] + account["rows_not_data"]
        assert account["rows_read"] == parts, account["file"]
        assert "Traceback" not in str(account["notes"])
        for question in account["questions"]:
            assert question["key"] and question["text"]


def test_zoho_calls_against_leads_state_their_match_rate(zoho: tuple[Path, Answer]) -> None:
    store, _ = zoho
    row = ask(store, "speed_to_lead")[0]
    assert [row[name] for name in ("handoffs", "touched", "in_sla", "pending", "breached")] == [3900, 18, 0, 0, 3900]
    assert row["p50_minutes"] is None, "untouched leads are never dropped"
    match = ask(store, "activity_match")[0]
    assert (match["activities"], match["matched"]) == (4100, 170)
    said = command("ask", "speed_to_lead", store=store)
    assert f"{match['matched']:,} of 4,100 activities" in said.out + said.err
    matrix = ask(store, "verdict_matrix")
    assert sum(cell["leads"] for cell in matrix) == 3900
    assert {cell["outcome"]: cell["leads"] for cell in matrix} == {
        "won": 1425,
        "lost": 485,
        "rejected": 43,
        "open": 1947,
    }
