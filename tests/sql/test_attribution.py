"""Attribution through the front door: exports loaded and asked, compared with other people's packages."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scorecard.book import BookCopy
from scorecard.book_settings import DEFAULT_SETTINGS
from tests.command_line import ask, command, load
from tests.sql.model import Snapshot, day

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
# The names of the golden file, and what the vocabulary calls those channels.
CALLED = {"Organic": "Organic search"}
PATH_MODELS = ("first", "last", "last_non_direct", "linear", "position", "u", "w", "full_path", "time_decay")
CLOSED = datetime(2026, 6, 30, 12)
STEP = timedelta(minutes=31)


def write(path: Path, header: str, rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split())
        writer.writerows(rows)
    return path


def exports(folder: Path, journeys: Sequence[tuple[Sequence[str], str, Any]]) -> list[Path]:
    """People, deals and touches: a journey is its channels, won or lost, and its amount."""
    people, deals, touches = [], [], []
    for number, (path, status, amount) in enumerate(journeys):
        first = CLOSED - STEP * len(path)
        people.append((f"p{number}", first))
        deals.append((f"d{number}", f"p{number}", status, amount, first, CLOSED))
        touches += [(first + STEP * at, f"p{number}", channel) for at, channel in enumerate(path)]
    return [
        write(folder / "people.csv", "person_id created_at", people),
        write(folder / "deals.csv", "deal_id primary_person_id status amount created_at closed_at", deals),
        write(folder / "touches.csv", "at person_id channel", touches),
    ]


def golden_journeys() -> Iterator[tuple[list[str], str, Any]]:
    for row in csv.DictReader((GOLDEN / "paths.csv").open(encoding="utf-8")):
        path, won = row["path"].split(" > "), int(row["conversions"])
        cents = int(Decimal(row["value"]) * 100)
        for number in range(won):
            amount = cents // won + (number < cents % won)
            yield path, "won", Decimal(amount) / 100
        for _ in range(int(row["nulls"])):
            yield path, "lost", 0


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    files = exports(folder, list(golden_journeys()))
    load(folder / "store", *files, "--as-of", "2026-07-31")
    return folder / "store"


def by_channel(rows: Sequence[dict[str, Any]], column: str) -> dict[str, float]:
    return {row["channel"]: float(row[column]) for row in rows}


def expected(column: str) -> dict[str, float]:
    rows = csv.DictReader((GOLDEN / "ours_duckdb_paths.csv").open(encoding="utf-8"))
    return {CALLED.get(row[""], row[""]): float(row[column]) for row in rows}


@pytest.mark.parametrize(
    ("model", "column"),
    [("first", "first"), ("last", "last"), ("linear", "linear"), ("position", "pos"), ("shapley", "shap")],
)
def test_credit_equals_the_golden_file(golden: Path, model: str, column: str) -> None:
    rows = ask(golden, "attribution", "--model", model)
    deals, revenue = by_channel(rows, "deals"), by_channel(rows, "revenue")
    assert (deals.pop("Unattributed"), revenue.pop("Unattributed")) == (0, 0)
    assert deals == pytest.approx(expected(f"{column}_c"), abs=1e-9)
    if model != "shapley":  # ours shares money by conversions, theirs plays a game of its own with the money
        assert revenue == pytest.approx(expected(f"{column}_v"), abs=0.01 * 330)


def test_markov_equals_the_golden_file(golden: Path) -> None:
    effects = ask(golden, "removal_effect", "--resamples", "2")
    assert by_channel(effects, "effect") == pytest.approx(expected("re_c"), abs=1e-9)
    deals = by_channel(ask(golden, "attribution", "--model", "markov"), "deals")
    deals.pop("Unattributed")
    assert deals == pytest.approx(expected("markov_c"), abs=1e-9)


def test_every_model_sums_to_won_revenue_to_the_cent(golden: Path) -> None:
    won = Decimal(str(ask(golden, "won_revenue")[0]["value"]))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in ask(golden, "attribution"):
        sums[row["model"]] += Decimal(str(row["revenue"]))
    assert set(sums) == {*PATH_MODELS, "markov", "shapley"}
    assert set(sums.values()) == {won}


def test_an_effect_lies_within_its_interval(golden: Path) -> None:
    for row in ask(golden, "removal_effect"):
        assert 0 < row["low"] < row["effect"] < row["high"] < 1


def timed(folder: Path) -> list[Path]:
    """Journeys with hours before the close: `timed_journeys.csv` as exports."""
    people, deals, touches = [], [], []
    for row in csv.DictReader((GOLDEN / "timed_journeys.csv").open(encoding="utf-8")):
        name, hours = row["journey_id"], [int(part) for part in row["t"].split(" > ")]
        first = CLOSED - timedelta(hours=max(hours))
        people.append((name, first))
        deals.append((name, name, "won" if row["conv"] == "True" else "lost", row["value"], first, CLOSED))
        for channel, before in zip(row["path"].split(" > "), hours, strict=True):
            touches.append((CLOSED - timedelta(hours=before), name, channel))
    return [
        write(folder / "people.csv", "person_id created_at", people),
        write(folder / "deals.csv", "deal_id primary_person_id status amount created_at closed_at", deals),
        write(folder / "touches.csv", "at person_id channel", touches),
    ]


def test_time_decay_of_seven_days_equals_the_golden_file(tmp_path: Path) -> None:
    load(tmp_path / "store", *timed(tmp_path), "--as-of", "2026-07-31")
    rows = ask(tmp_path / "store", "attribution", "--model", "time_decay", "--half-life", "7")
    golden = {
        CALLED.get(row["channels"], row["channels"]): float(row["attribution"])
        for row in csv.DictReader((GOLDEN / "mam211_timedecay_168h.csv").open(encoding="utf-8"))
    }
    found = {"Paid search": 0.0} | by_channel(rows, "revenue")
    assert found.pop("Unattributed") == 0
    assert found == pytest.approx(golden, abs=0.01 * 4)
    by_default = by_channel(ask(tmp_path / "store", "attribution", "--model", "time_decay"), "revenue")
    assert by_default["Direct"] < found["Direct"]  # thirty days forget more slowly


def test_removal_effect_by_hand(tmp_path: Path) -> None:
    journeys = [(["Email", "Webinar"], "won", 10), (["Email"], "lost", 0), (["Webinar"], "won", 10)]
    load(tmp_path / "store", *exports(tmp_path, journeys), "--as-of", "2026-07-31")
    floors = ("--min_won", "1", "--min_journeys", "1")
    effects = by_channel(ask(tmp_path / "store", "removal_effect", *floors), "effect")
    assert effects == pytest.approx({"Email": 0.5, "Webinar": 1.0}, abs=1e-12)
    rows = ask(tmp_path / "store", "attribution", "--model", "markov", *floors)
    assert by_channel(rows, "deals") == pytest.approx({"Email": 2 / 3, "Webinar": 4 / 3, "Unattributed": 0})
    assert by_channel(rows, "revenue") == {"Email": 6.67, "Webinar": 13.33, "Unattributed": 0}


def test_too_few_journeys_are_said_and_nothing_is_made_up(tmp_path: Path) -> None:
    load(tmp_path / "store", *exports(tmp_path, [(["Email"], "won", 10)]), "--as-of", "2026-07-31")
    asked = command("ask", "attribution", "--format", "json", store=tmp_path / "store")
    assert {row["model"] for row in asked.json} == set(PATH_MODELS)
    assert "Markov and Shapley need 100 won journeys and 300 journeys; here are 1 and 1." in asked.sentence
    alone = command("ask", "removal_effect", "--format", "json", store=tmp_path / "store")
    assert alone.json == []
    assert "need 100 won journeys" in alone.sentence


Build = Callable[..., Snapshot]


def deal(number: int, closed: str = "2026-06-30", **extra: Any) -> dict[str, Any]:
    return {
        "deal_id": f"d{number}", "primary_person_id": f"p{number}", "status": "won", "amount": 100,
        "created_at": day("2026-06-01"), "closed_at": day(closed), **extra,
    }  # fmt: skip


def person(number: int, **extra: Any) -> dict[str, Any]:
    return {"person_id": f"p{number}", "created_at": day("2026-05-01"), **extra}


def touch(number: int, at: str, channel: str, **extra: Any) -> dict[str, Any]:
    return {"person_id": f"p{number}", "at": datetime.fromisoformat(at), "channel": channel, **extra}


def credit(found: Snapshot, model: str, **params: Any) -> dict[str, float]:
    return by_channel(found.ask("attribution", model=[model], **params), "deals")


JOURNEY = [
    touch(1, "2026-04-01T10:00", "Paid search"),
    touch(1, "2026-04-20T10:00", "Webinar"),
    touch(1, "2026-05-20T10:00", "Events"),
    touch(1, "2026-06-10T10:00", "Email"),
    touch(1, "2026-06-20T10:00", "Direct"),
]


@pytest.mark.parametrize(
    ("model", "credited"),
    [
        ("first", {"Paid search": 1}),
        ("last", {"Direct": 1}),
        ("last_non_direct", {"Email": 1}),
        ("linear", dict.fromkeys(("Paid search", "Webinar", "Events", "Email", "Direct"), 0.2)),
        ("position", {"Paid search": 0.4, "Webinar": 0.2 / 3, "Events": 0.2 / 3, "Email": 0.2 / 3, "Direct": 0.4}),
        ("u", {"Paid search": 0.4, "Webinar": 0.4, "Events": 0.2 / 3, "Email": 0.2 / 3, "Direct": 0.2 / 3}),
        ("w", {"Paid search": 0.3, "Webinar": 0.3, "Events": 0.3, "Email": 0.05, "Direct": 0.05}),
        ("full_path", {"Paid search": 0.225, "Webinar": 0.225, "Events": 0.225, "Email": 0.1, "Direct": 0.225}),
    ],
)
def test_a_model_is_its_anchors_and_weights(snapshot: Build, model: str, credited: dict[str, float]) -> None:
    # First touch, then the lead on 1 May, the deal on 1 June, the close on 30 June.
    found = credit(snapshot(people=[person(1)], deals=[deal(1)], touches=JOURNEY), model)
    assert found == pytest.approx({**credited, "Unattributed": 0}, abs=1e-12)


def test_a_touch_with_several_milestones_receives_each(snapshot: Build) -> None:
    # The only touch before the lead is first and lead; W gives it 30 + 30 of 100.
    touches = [JOURNEY[0], JOURNEY[2], JOURNEY[4]]
    found = credit(snapshot(people=[person(1)], deals=[deal(1)], touches=touches), "w")
    assert found == pytest.approx({"Paid search": 0.6, "Events": 0.3, "Direct": 0.1, "Unattributed": 0})


def test_w_without_a_middle_touch_still_sums_to_one(snapshot: Build) -> None:
    found = credit(snapshot(people=[person(1)], deals=[deal(1)], touches=JOURNEY[:2]), "w")
    assert found == pytest.approx({"Paid search": 1 / 3, "Webinar": 2 / 3, "Unattributed": 0})


def test_nine_clicks_in_one_session_are_one_touch(snapshot: Build) -> None:
    clicks = [touch(1, f"2026-06-10T10:{minute:02}", "Email") for minute in range(0, 54, 6)]
    others = [touch(1, "2026-06-12T10:00", "Webinar"), touch(1, "2026-06-14T10:00", "Events")]
    found = credit(snapshot(people=[person(1)], deals=[deal(1)], touches=[*clicks, *others]), "linear")
    assert found == pytest.approx({"Email": 1 / 3, "Webinar": 1 / 3, "Events": 1 / 3, "Unattributed": 0})


def test_nine_clicks_on_nine_days_are_nine_touches(snapshot: Build) -> None:
    clicks = [touch(1, f"2026-06-{number:02}T10:00", "Email") for number in range(1, 10)]
    others = [touch(1, "2026-06-12T10:00", "Webinar"), touch(1, "2026-06-14T10:00", "Events")]
    found = credit(snapshot(people=[person(1)], deals=[deal(1)], touches=[*clicks, *others]), "linear")
    assert found == pytest.approx({"Email": 9 / 11, "Webinar": 1 / 11, "Events": 1 / 11, "Unattributed": 0})


def test_the_whole_account_speaks_for_a_deal_where_the_teams_chose_so(snapshot: Build) -> None:
    company = {"company_id": "c1", "company_name": "Acme"}
    rows = {
        "companies": [{"company_id": "c1", "name": "Acme"}],
        "people": [person(1, **company), person(2, **company)],
        "deals": [deal(1, **company)],
        "touches": [touch(1, "2026-06-10T10:00", "Email"), touch(2, "2026-06-12T10:00", "Webinar")],
    }
    assert credit(snapshot(**rows), "linear") == {"Email": 1, "Unattributed": 0}
    account = BookCopy(settings={**DEFAULT_SETTINGS, "journey_people": "account"})
    assert credit(snapshot(book=account, **rows), "linear") == {"Email": 0.5, "Webinar": 0.5, "Unattributed": 0}


def test_touches_after_the_close_never_count_and_those_of_its_day_do(snapshot: Build) -> None:
    touches = [touch(1, "2026-06-30T18:00", "Email"), touch(1, "2026-07-01T00:00", "Webinar")]
    assert credit(snapshot(people=[person(1)], deals=[deal(1)], touches=touches), "linear") == {
        "Email": 1, "Unattributed": 0,
    }  # fmt: skip


def test_the_lookback_is_the_agreed_one_until_another_is_asked_for(snapshot: Build) -> None:
    touches = [touch(1, "2024-06-30T10:00", "Events"), touch(1, "2026-06-10T10:00", "Email")]
    found = snapshot(people=[person(1)], deals=[deal(1)], touches=touches)
    assert credit(found, "linear") == {"Email": 1, "Unattributed": 0}
    assert credit(found, "linear", lookback_days=900) == {"Email": 0.5, "Events": 0.5, "Unattributed": 0}
    assert credit(found, "linear", lookback_days=5) == {"Unattributed": 1}
    assert credit(found, "linear") == {"Email": 1, "Unattributed": 0}  # asking otherwise changed nothing


def test_the_teams_own_weights_are_a_model(snapshot: Build) -> None:
    found = snapshot(people=[person(1)], deals=[deal(1)], touches=JOURNEY)
    assert credit(found, "custom") == {}
    own = credit(found, "custom", custom_weights="20,0,0,60,20")
    assert own == pytest.approx({
        "Paid search": 0.2, "Webinar": 0.2 / 3, "Events": 0.2 / 3, "Email": 0.2 / 3, "Direct": 0.6, "Unattributed": 0,
    })  # fmt: skip


def test_sales_own_touches_stand_under_sales_and_not_under_a_channel_of_marketing(snapshot: Build) -> None:
    touches = [touch(1, "2026-06-10T10:00", "Email", team="sales"), touch(1, "2026-06-12T10:00", "Email")]
    found = credit(snapshot(people=[person(1)], deals=[deal(1)], touches=touches), "linear")
    assert found == {"Sales": 0.5, "Email": 0.5, "Unattributed": 0}


def test_a_deal_nobody_touched_is_unattributed_with_its_money(snapshot: Build) -> None:
    found = snapshot(people=[person(1), person(2)], deals=[deal(1), deal(2, amount=50.25)], touches=JOURNEY)
    rows = {row["channel"]: row for row in found.ask("attribution", model=["first"])}
    assert rows["Unattributed"]["deals"] == 1
    assert rows["Unattributed"]["revenue"] == Decimal("50.25")


def test_a_third_of_a_cent_is_not_lost(snapshot: Build) -> None:
    touches = [touch(1, f"2026-06-1{number}T10:00", name) for number, name in enumerate(("Email", "Events", "Video"))]
    found = snapshot(people=[person(1)], deals=[deal(1)], touches=touches).ask("attribution", model=["linear"])
    assert [row["revenue"] for row in found] == [Decimal(text) for text in ("33.34", "33.33", "33.33", "0.00")]


def test_a_won_deal_without_an_amount_is_a_deal_and_no_money(snapshot: Build) -> None:
    rows = snapshot(people=[person(1)], deals=[deal(1, amount=None)], touches=JOURNEY).ask(
        "attribution", model=["first"]
    )
    assert (rows[0]["deals"], rows[0]["revenue"]) == (1, None)


def test_young_open_deals_are_no_null_paths(snapshot: Build) -> None:
    """Won deals took 29 days; an open deal is a failure only when it is older."""
    open_ = {"status": "open", "closed_at": None}
    deals = [
        deal(1),
        deal(2, **open_, created_at=day("2026-11-10")),
        deal(3, **open_, created_at=day("2026-06-01")),
        deal(4, status="lost"),
    ]
    touches = [touch(number, "2026-05-20T10:00", f"Email {number}") for number in (1, 2, 3, 4)]
    found = snapshot(people=[person(number) for number in (1, 2, 3, 4)], deals=deals, touches=touches)
    rows = {row["path"]: (row["won"], row["nulls"]) for row in found.ask("journey_paths")}
    assert rows == {"Email 1": (1, 0), "Email 3": (0, 1), "Email 4": (0, 1)}
