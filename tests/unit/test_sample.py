"""The sample is reproducible, small, well formed and consistent from week to week."""

import csv
import json
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from scorecard.sample import generate
from scorecard.sample.people import blocks
from scorecard.schema import KINDS
from tests.unit.sample_files import (
    AS_OFS,
    ROOT,
    all_views,
    contacts,
    deals,
    events,
    readable,
    rows_of,
    tree,
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def truth(sample: Path) -> dict:
    return json.loads((sample / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough people to see what was planted through the noise."""
    return generate(tmp_path_factory.mktemp("large"), people=60_000, weeks=1)


# --- the same arguments give the same bytes


def test_the_same_seed_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    assert tree(generate(tmp_path / "again")) == tree(sample)


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    first, second = generate(tmp_path / "a", seed=1, people=50), generate(tmp_path / "b", seed=2, people=50)
    assert contacts(first, 3) != contacts(second, 3)


def test_the_sample_in_the_repository_is_what_the_generator_writes(sample: Path) -> None:
    assert tree(ROOT / "data" / "sample") == tree(sample)


def test_the_sample_is_small(sample: Path) -> None:
    assert sum(len(content) for content in tree(sample).values()) < 6_000_000


@pytest.mark.parametrize(("people", "weeks"), [(1, 1), (2, 3), (37, 2)])
def test_a_tiny_sample_works(tmp_path: Path, people: int, weeks: int) -> None:
    out = generate(tmp_path, people=people, weeks=weeks)
    (last,) = out.glob(f"week-{weeks}/hubspot-crm-exports-all-contacts-*.csv")
    assert len(rows_of(last)) == people


def test_no_file_is_empty(tmp_path: Path) -> None:
    files = tree(generate(tmp_path, people=20)).items()
    assert [name for name, content in files if name.endswith(".csv") and content.count(b"\n") < 2] == []


def test_blocks_cover_everybody_once() -> None:
    found = [number for block in blocks(100_003) for number in range(block.first, block.first + block.count)]
    assert found == list(range(100_003))


def test_ids_are_unique_over_blocks(large: Path) -> None:
    (path,) = large.glob("week-1/hubspot-crm-exports-all-contacts-*.csv")
    found = rows_of(path)
    assert len({row["Record ID"] for row in found}) == 60_000
    emails = [row["Email"] for row in found if row["Email"]]
    assert len(set(emails)) == len(emails)
    (path,) = large.glob("week-1/hubspot-crm-exports-all-companies-*.csv")
    companies = [row["Record ID"] for row in rows_of(path)]
    assert len(set(companies)) == len(companies)
    assert {row["Associated Company IDs"] for row in found} == set(companies)


# --- the files are what vendors and our own templates say


def test_the_truth_counts_the_rows_of_every_file(sample: Path, truth: dict) -> None:
    files = {str(path.relative_to(sample)): path for path in sample.glob("week-*/*.csv")}
    assert set(files) == set(truth["files"])
    for name, path in files.items():
        if "google-ads" not in name:
            assert len(rows_of(path)) == truth["files"][name], name


def test_our_own_files_carry_canonical_headers(sample: Path) -> None:
    names = ("touches", "activities", "videos", "video_period", "spend", "users", "targets", "sent-videos")
    for name in names:
        kind = {"sent-videos": "video_views"}.get(name, name)
        (path,) = sample.glob(f"week-1/{name}-*.csv")
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert set(header) <= set(KINDS[kind].column_names), kind


def test_vendor_files_carry_the_vendors_headers(sample: Path) -> None:
    fixtures = ROOT.parent / "shared" / "exports"
    if not fixtures.exists():
        pytest.skip("the vendors' fixtures are not here")
    for fixture, ours in (
        ("wistia_events.csv", "week-1/product-tour.csv"),
        ("hubspot_contacts.csv", "week-1/hubspot-crm-exports-all-contacts-2026-11-01.csv"),
        ("delighted_nps.csv", "week-1/delighted-nps-2026-11-01.csv"),
    ):
        with (fixtures / fixture).open(encoding="utf-8", newline="") as file:
            wanted = next(csv.reader(file))
        with (sample / ours).open(encoding="utf-8", newline="") as file:
            assert set(wanted) <= set(next(csv.reader(file))), fixture


def test_the_ads_report_adds_up_to_its_total_and_to_the_truth(sample: Path, truth: dict) -> None:
    spent: Counter[str] = Counter()
    for path in sorted(sample.glob("week-*/google-ads-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        assert lines[0] == ["Campaign report"]
        assert lines[2][0] == "Day"
        days = [line for line in lines[3:] if line[0][:2] == "20"]
        cents = [round(100 * float(line[6].replace(",", ""))) for line in days]
        totals = {line[0]: float(line[6].replace(",", "")) for line in lines if line[0].startswith("Total")}
        assert len(days) == truth["files"][str(path.relative_to(sample))]
        assert round(100 * totals["Total: Campaigns"]) == sum(cents)
        assert totals["Total: Account"] > totals["Total: Campaigns"]
        for line, cost in zip(days, cents, strict=True):
            spent[f"{line[0][:4]}-{(int(line[0][5:7]) - 1) // 3}"] += cost
    assert spent["2026-2"] == truth["spend_cents"]["2026-07-01"]["Paid search"]


def test_spend_adds_up_to_the_truth_and_covers_every_day_once(sample: Path, truth: dict) -> None:
    rows = events(sample, "spend-*.csv")
    events_q3 = [
        row for row in rows if row["channel"] == "Events" and "2026-07-01" <= row["period_start"] < "2026-10-01"
    ]
    cents = sum(round(100 * float(row["cost"])) for row in events_q3)
    assert cents == truth["spend_cents"]["2026-07-01"]["Events"]
    spans = [(row["period_start"], row["period_end"]) for row in rows if row["channel"] == "Events"]
    for (_, end), (start, _) in pairwise(spans):
        assert date.fromisoformat(start) == date.fromisoformat(end) + timedelta(days=1)
    assert spans[-1][1] == AS_OFS[-1]


def test_nobody_in_it_is_real(sample: Path) -> None:
    """Addresses are in the reserved domain .example, IP numbers in the ranges kept for documentation."""
    addresses = [row["Email"] for row in contacts(sample, 3) if row["Email"]]
    addresses += [
        row["email"] for name in ("touches", "activities", "delighted") for row in events(sample, f"{name}-*")
    ]
    addresses += [row["email"] for row in events(sample, "users-*")]
    views = all_views(sample)
    addresses += [row["Email (if passed through)"] for row in views if row["Email (if passed through)"]]
    assert all(address.endswith(".example") and "@" in address for address in addresses)
    assert {row["IP Address"].rsplit(".", 1)[0] for row in views} <= {"192.0.2", "198.51.100", "203.0.113"}


# --- the dirty rows are there, once each


def test_the_dirty_rows_are_in_the_files(sample: Path, truth: dict) -> None:
    dirty, rows = truth["dirty"], deals(sample, 3)
    by_id = {row["Record ID"]: row for row in rows}
    unreadable = [row for row in rows if not row["Amount"].isdigit()]
    assert [row["Record ID"] for row in unreadable] == [dirty["unreadable_amount"]["deal_id"]]
    assert unreadable[0]["Deal Stage"] == "Closed won"
    assert by_id[dirty["unreadable_date"]["deal_id"]]["Close Date"] == dirty["unreadable_date"]["text"]
    twice = [key for key, count in Counter(row["Record ID"] for row in rows).items() if count > 1]
    assert twice == [dirty["duplicate"]["deal_id"]]
    copies = [row for row in rows if row["Record ID"] in twice]
    assert copies[0] == copies[1]
    early = [row for row in readable(rows) if "Closed" in row["Deal Stage"] and row["Close Date"] < row["Create Date"]]
    assert [row["Record ID"] for row in early] == [dirty["closed_before_created"]["deal_id"]]
    assert by_id[dirty["unknown_stage"]["deal_id"]]["Deal Stage"] == dirty["unknown_stage"]["text"]
    odd = [row for row in contacts(sample, 3) if row["Original Source"] == dirty["odd_source"]["text"]]
    assert [row["Record ID"] for row in odd] == [dirty["odd_source"]["contact_id"]]


# --- one week follows the other


def test_people_keep_what_they_were_and_only_move_forward(sample: Path) -> None:
    stages = ["Lead", "Marketing Qualified Lead", "Sales Qualified Lead", "Opportunity", "Customer"]
    fixed = ("Email", "Original Source", "Create Date", "Contact owner", "Associated Company IDs", "Region")
    dates = [name for name in contacts(sample, 1)[0] if name.startswith("Became") or name == "Disqualified Date"]
    for week in (1, 2):
        before = {row["Record ID"]: row for row in contacts(sample, week)}
        after = {row["Record ID"]: row for row in contacts(sample, week + 1)}
        assert before.keys() < after.keys()
        for key, old in before.items():
            new = after[key]
            assert all(old[name] == new[name] for name in fixed)
            assert all(old[name] in ("", new[name]) for name in dates)
            assert stages.index(old["Lifecycle Stage"]) <= stages.index(new["Lifecycle Stage"])
            assert old["Last Modified Date"] <= new["Last Modified Date"]
            if old != new and old["Associated Deal IDs"] == new["Associated Deal IDs"]:
                assert old["Last Modified Date"] < new["Last Modified Date"]


def test_deals_change_from_week_to_week_as_the_truth_says(sample: Path, truth: dict) -> None:
    for week in (1, 2):
        before = {row["Record ID"]: row for row in readable(deals(sample, week))}
        after = {row["Record ID"]: row for row in readable(deals(sample, week + 1))}
        both = [(old, after[key]) for key, old in before.items() if key in after]
        still = [pair for pair in both if "Closed" not in pair[0]["Deal Stage"] + pair[1]["Deal Stage"]]
        closed = [pair for pair in both if "Closed" in pair[0]["Deal Stage"]]
        newly = [new["Deal Stage"] for old, new in both if old["Deal Stage"] != new["Deal Stage"]]
        said = truth["as_of"][AS_OFS[week]]["change"]
        assert len(after.keys() - before.keys()) == said["created"]
        assert len(before.keys() - after.keys()) == said["missing"]
        assert newly.count("Closed won") == said["newly_won"]
        assert newly.count("Closed lost") == said["newly_lost"]
        moves = [int(new["Amount"]) - int(old["Amount"]) for old, new in still]
        assert sum(move > 0 for move in moves) == said["amount_up"]
        assert sum(move < 0 for move in moves) == said["amount_down"]
        assert sum(new["Close Date"] > old["Close Date"] for old, new in still) == said["close_date_later"]
        assert sum(new["Close Date"] < old["Close Date"] for old, new in still) == said["close_date_earlier"]
        assert sum(old != new for old, new in closed) == said["restated"]
        assert all(old["Last Modified Date"] < new["Last Modified Date"] for old, new in both if old != new)
        assert said["close_date_later"] > 0
        assert said["stage_moved"] > 0


def test_a_win_is_restated_and_a_deal_goes_missing(sample: Path, truth: dict) -> None:
    restated, missing = truth["dirty"]["restated"], truth["dirty"]["missing"]["deal_id"]
    weeks = [{row["Record ID"]: row for row in deals(sample, week)} for week in (1, 2, 3)]
    said = [int(week[restated["deal_id"]]["Amount"]) for week in weeks]
    assert said == [restated["before"], restated["after"], restated["after"]]
    assert [missing in week for week in weeks] == [True, True, False]
    assert not any(missing in row["Associated Deal IDs"].split(";") for row in contacts(sample, 3))


def test_events_belong_to_their_week_and_never_to_the_future(sample: Path) -> None:
    for name, column in (("touches-*", "at"), ("activities-*", "at"), ("product-tour.csv", "Date")):
        for week, as_of in enumerate(AS_OFS):
            end = (date.fromisoformat(as_of) + timedelta(days=1)).isoformat()
            start = (date.fromisoformat(as_of) - timedelta(days=6)).isoformat() if week else ""
            found = [row[column] for path in sample.glob(f"week-{week + 1}/{name}") for row in rows_of(path)]
            assert found
            assert all(start <= moment < end for moment in found), (name, week)


def test_links_between_files_hold(sample: Path) -> None:
    people = {row["Record ID"]: row for row in contacts(sample, 3)}
    known = {row["Email"] for row in people.values()}
    owners = {row["owner"] for row in events(sample, "users-*")}
    companies = {row["Record ID"] for row in events(sample, "hubspot-crm-exports-*-companies-*")}
    for row in deals(sample, 3):
        first = row["Associated Contact IDs"].split(";")[0]
        assert row["Record ID"] in people[first]["Associated Deal IDs"].split(";")
        assert row["Associated Company IDs"] in companies
    assert {row["Contact owner"] for row in people.values()} <= owners | {""}
    for name, column in (("touches-*", "email"), ("activities-*", "email"), ("delighted-*", "email")):
        assert {row[column] for row in events(sample, name)} <= known
    assert {row["owner"] for row in events(sample, "activities-*")} <= owners
