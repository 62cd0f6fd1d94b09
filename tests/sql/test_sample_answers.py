"""What the sample generator planted comes out again through load and ask."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from scorecard.queries import catalogue
from scorecard.queries_computed import CALCULATIONS
from tests.command_line import ROOT, ask, command, load, scorecard

SAMPLE = ROOT / "data" / "sample"
TRUTH = json.loads((SAMPLE / "truth.json").read_text())
NEWEST = TRUTH["as_of"]["2026-11-15"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("sample")
    for week in (1, 2, 3):
        files = sorted((SAMPLE / f"week-{week}").iterdir())
        lists = [path for path in files if "all-contacts" in path.name or "all-deals" in path.name]
        load(folder, *(path for path in files if path not in lists))
        load(folder, *lists, "--full")
    yield folder


def by_quarter(rows: list[dict[str, Any]], column: str = "value") -> dict[str, float]:
    return {str(row["period"]): row[column] for row in rows}


def planted(name: str) -> dict[str, Any]:
    return {quarter: facts[name] for quarter, facts in NEWEST["quarters"].items()}


@pytest.mark.parametrize(
    ("metric", "fact"),
    [
        ("won_revenue", "won_amount"),
        ("won_deals", "won_deals"),
        ("new_leads", "new_leads"),
        ("pipeline_created", "pipeline_created"),
    ],
)
def test_every_quarter_is_what_was_planted(store: Path, metric: str, fact: str) -> None:
    assert by_quarter(ask(store, metric, "--grain", "quarter")) == {q: v for q, v in planted(fact).items() if v}


def test_marketing_sourced_revenue_is_what_was_planted_under_the_rule_of_origin(store: Path) -> None:
    # The truth knows touches and the contact's own source; a deal that owes its source to a colleague is beside it.
    current = (store / "CURRENT").read_text().strip()
    with duckdb.connect(str(store / "snapshots" / f"{current}.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select date_trunc('quarter', closed_on)::date::varchar, sum(amount)::double from deals where is_won"
            " and is_new_business and side = 'marketing' and origin_rule != 'company source' group by 1"
        ).fetchall()
    assert dict(rows) == {quarter: sides["marketing"]["amount"] for quarter, sides in planted("origin").items()}
    asked = sum(row["value"] for row in ask(store, "marketing_sourced_revenue", "--grain", "quarter"))
    assert asked >= sum(amount for _, amount in rows)


def test_the_source_field_gives_every_side_of_every_quarter_as_planted(store: Path) -> None:
    for quarter, sides in planted("field").items():
        rows = sourced_in(store, quarter)
        found = {side: {"deals": rows["field", side][0], "amount": rows["field", side][1]} for side in sides}
        assert found == sides, quarter


def test_the_origin_gives_every_side_as_planted_but_for_what_a_colleague_explains(store: Path) -> None:
    # The truth does not look at colleagues: what has no source of its own is unknown there.
    last = sorted(planted("origin"))[-2]
    rows, sides = sourced_in(store, last), planted("origin")[last]
    assert sum(rows["origin", side][0] for side in sides) == sum(facts["deals"] for facts in sides.values())
    for side, facts in sides.items():
        assert side == "unknown" or rows["origin", side][0] >= facts["deals"]
    explained = sum(rows["origin", side][0] - facts["deals"] for side, facts in sides.items() if side != "unknown")
    assert rows["origin", "unknown"][0] == sides["unknown"]["deals"] - explained


def test_an_answer_names_the_definition_it_follows_beside_the_rows(store: Path) -> None:
    answer = scorecard("ask", "marketing_sourced_revenue", "--format", "csv", store=store)
    assert answer.sentence == "Definition v1, not signed yet."
    assert "Definition" not in answer.out
    assert scorecard("ask", "spend", "--format", "csv", store=store).sentence == ""


def sourced_in(store: Path, quarter: str) -> dict[tuple[str, str], tuple[int, float]]:
    """Won deals and their money by rule and side in the quarter that begins then."""
    year, month = int(quarter[:4]), int(quarter[5:7]) + 3
    end = f"{year + (month > 12)}-{(month - 1) % 12 + 1:02}-01"
    rows = ask(store, "sourced_definitions", "--from", quarter, "--to", end)
    assert len(rows) == 15
    return {(row["rule"], row["side"]): (row["won_deals"], row["won_amount"]) for row in rows}


def test_an_earlier_week_can_be_asked_again(store: Path) -> None:
    rows = command("snapshots", "--json", store=store).json
    oldest = max((row for row in rows if row["as_of"].startswith("2026-11-01")), key=lambda row: row["id"])
    first = TRUTH["as_of"]["2026-11-01"]
    answer = ask(store, "won_revenue", "--snapshot", oldest["id"])
    assert answer[0]["value"] == first["won_amount"]
    assert ask(store, "won_revenue")[0]["value"] == NEWEST["won_amount"]


def test_spend_of_a_quarter_is_exact_to_the_cent(store: Path) -> None:
    found: dict[str, int] = defaultdict(int)
    for row in ask(store, "spend", "--grain", "quarter"):
        found[row["period"]] = round(row["numerator"] * 100)
    assert dict(found) == {quarter: sum(channels.values()) for quarter, channels in TRUTH["spend_cents"].items()}


def test_follow_up_is_what_was_planted_with_contacts_before_the_hand_over_apart(store: Path) -> None:
    found = ask(store, "follow_up_in_sla")[0]
    teams = TRUTH["follow_up"].values()
    assert found["numerator"] == sum(team["in_sla"] for team in teams)
    assert found["denominator"] == sum(team["due"] for team in teams)
    row = ask(store, "speed_to_lead")[0]
    assert row["handoffs"] == row["in_sla"] + row["pending"] + row["breached"] >= found["denominator"]
    split = {row["group_value"]: row for row in ask(store, "speed_to_lead", "--by", "channel")}
    slow = split.pop("Events")["system_p50"]  # lists of events are handed out the next working day
    assert slow > 15 > max(row["system_p50"] for row in split.values())


def test_the_dirty_rows_are_kept_with_their_reason_and_the_odd_words_are_listed(store: Path) -> None:
    dirty = TRUTH["dirty"]
    stages = {row["entity_id"] for row in ask(store, "stage_unmapped")}
    assert stages == {dirty["unknown_stage"]["text"]}
    assert dirty["odd_source"]["text"] in {row["entity_id"] for row in ask(store, "source_unmapped")}
    assert str(dirty["closed_before_created"]["deal_id"]) in {
        row["entity_id"] for row in ask(store, "closed_before_created")
    }


def test_the_curve_of_a_slow_source_finds_the_wins_the_closed_rate_hides(store: Path) -> None:
    curve = ask(store, "win_curve", "--by", "channel")
    events = [row for row in curve if row["group_value"] == "Events"]
    last = max(events, key=lambda row: row["day"])
    truth = TRUTH["sources"]["Events"]
    planted_share = truth["new_deals_eventually_won"] / truth["new_deals"]
    assert last["won_low"] < planted_share < last["won_high"]


@pytest.mark.parametrize("model", ["first", "linear", "u", "time_decay", "origin"])
def test_the_return_on_spend_adds_up_to_won_revenue_and_spend_and_to_the_deals_behind(store: Path, model: str) -> None:
    period = ("--from", "2026-01-01", "--to", "2026-10-01")
    rows = ask(store, "return_on_spend", "--model", model, *period)
    revenue = {row["channel"]: round(row["won_revenue"] * 100) for row in rows}
    assert sum(revenue.values()) == round(ask(store, "won_revenue", *period)[0]["value"] * 100)
    spend = sum(round((row["spend"] or 0) * 100) for row in rows)
    assert spend == sum(sum(TRUTH["spend_cents"][f"2026-{month}-01"].values()) for month in ("01", "04", "07"))
    behind = ask(store, "credited_deals", "--model", model, "--channel", "Paid social", *period)
    assert sum(round(deal["credited_amount"] * 100) for deal in behind) == revenue["Paid social"]
    if model != "origin":
        attributed = ask(store, "attribution", "--model", model, *period)
        found = {row["channel"]: round(row["revenue"] * 100) for row in attributed}
        assert {channel: cents for channel, cents in revenue.items() if cents} == {
            channel: cents for channel, cents in found.items() if cents
        }


def test_videos_sent_by_sales_are_as_many_as_were_planted_and_move_no_first_view(store: Path) -> None:
    rows = ask(store, "video_sent", "--within-days", "0")
    said = TRUTH["videos_sent"]
    assert [sum(row[name] for row in rows) for name in ("sends", "opened", "half_watched")] == [
        said["sent"],
        said["opened"],
        said["half_watched"],
    ]
    ratio = ask(store, "video_sent_ratio")[0]
    assert ratio["low"] > 1  # planted: a mail that is answered is likelier to be one with a video
    assert ask(store, "video_summary")[0]["viewers"] > TRUTH["views"]["viewers"]
    viewers = ask(store, "video_funnel", "--depth", "0")
    assert next(row["people"] for row in viewers if row["step"] == "Known viewer") >= TRUTH["views"]["viewers"]


@pytest.mark.parametrize("name", sorted(set(CALCULATIONS) - {"renewals"}))  # the sample has no renewal deals
def test_a_calculation_returns_the_columns_its_header_names(store: Path, name: str) -> None:
    rows = ask(store, name, *(("--aligned-on", "2026-01-01") if name == "claims" else ()))
    assert rows
    assert all(list(row) == list(catalogue()[name].returns) for row in rows)


def test_a_model_nobody_knows_is_refused_by_name(store: Path) -> None:
    asked = command("ask", "attribution", "--model", "linear", "--model", "lineer", store=store)
    assert asked.code == 2
    assert "--model is one of first, last" in asked.err and "'lineer'" in asked.err
