"""Close probability as it is asked: from the snapshot's deals to a chance, its reasons, and what past dates say."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scorecard.errors import NotComputableError, QueryError
from scorecard.stats import backtest, choice
from scorecard.stats.curves import curves
from tests.made_lives import made_lives
from tests.sql.model import AS_OF, Snapshot, write_import

START = AS_OF - timedelta(days=700)
STATUS = ("open", "won", "lost")
SOURCES = ("Paid Search", "Organic Search", "Email Marketing", "Direct", "Customer Referral")


def made_deals(count: int, seed: int, known_on: datetime = AS_OF) -> list[dict]:
    """Deals of known truth as an export of that day tells them."""
    made = made_lives(count, seed)
    rows = []
    until = (known_on - START).days
    for number in range(count):
        entered, ended = int(made.lives.entered[number]), int(made.lives.ended[number])
        if entered > until:
            continue
        outcome = int(made.lives.outcome[number]) if ended <= until else 0
        rows.append({
            "deal_id": f"d{number:05}",
            "status": STATUS[outcome],
            "created_at": START + timedelta(days=entered),
            "closed_at": START + timedelta(days=ended) if outcome else None,
            "source_raw": SOURCES[made.source[number]],
            "segment": f"Segment {number % 3}",
            "amount": 1000 + number,
        })  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("made")
    shot = Snapshot(folder / "made.duckdb", [write_import(folder, "deals", made_deals(6000, 4))])
    yield shot
    shot.reader.close()


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory):
    """The same deals as an export of 174 days ago told them."""
    folder, day = tmp_path_factory.mktemp("then"), AS_OF - timedelta(days=90 + 28 * 3)
    shot = Snapshot(
        folder / "then.duckdb", [write_import(folder, "deals", made_deals(6000, 4, day), as_of=day)], as_of=day
    )
    yield shot
    shot.reader.close()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory):
    """3,000 deals whose people watch a video long before most wins."""
    folder = tmp_path_factory.mktemp("watched")
    shot = Snapshot(
        folder / "watched.duckdb", [write_import(folder, kind, rows) for kind, rows in viewed(3000, 4).items()]
    )
    yield shot
    shot.reader.close()


def test_the_arrays_give_the_same_curve_as_the_statement(made: Snapshot) -> None:
    facts = made.ask("deal_lives")
    channels = sorted({row["channel"] for row in facts})
    found = curves(
        np.array([channels.index(row["channel"]) for row in facts]),
        np.array([row["days"] for row in facts]),
        np.array([row["outcome"] for row in facts]),
        len(channels),
    )
    rows = made.ask("win_curve", by="channel")
    assert len(channels) == 5 and len(rows) > 500
    for row in rows:
        place = channels.index(row["group_value"]), row["day"]
        assert found.at_risk[place] == row["at_risk"]
        assert found.won_by[place] == pytest.approx(row["won_probability"], abs=1e-9)
        assert found.lost_by[place] == pytest.approx(row["lost_probability"], abs=1e-9)
        assert found.open_after[place] == pytest.approx(row["open_probability"], abs=1e-9)


def test_every_open_deal_has_a_row_for_every_horizon(made: Snapshot) -> None:
    rows = made.ask("close_probability", horizon="90,quarter,ever")
    open_deals = [row["deal_id"] for row in made.ask("deal_lives") if row["outcome"] == 0]
    assert list(rows[0]) == [
        "deal_id", "age_days", "amount", "horizon_days", "probability", "low", "high", "similar_deals", "similar_wins",
        "reasons",
    ]  # fmt: skip
    for horizon in (90, 46, None):  # 46 days from 15 November to the end of the year
        assert sorted(row["deal_id"] for row in rows if row["horizon_days"] == horizon) == sorted(open_deals)
    for row in rows:
        if row["probability"] is not None:
            assert 0 <= row["low"] <= row["probability"] <= row["high"] <= 1
            assert row["similar_wins"] <= row["similar_deals"]
    assert {row["horizon_days"] for row in made.ask("close_probability")} == {90}
    expected = [(row["probability"] or 0) * row["amount"] for row in made.ask("close_probability")]
    assert expected == sorted(expected, reverse=True)


def test_the_reasons_are_steps_that_add_up_to_the_probability(made: Snapshot) -> None:
    steps_seen, alone = 0, 0
    for row in made.ask("close_probability"):
        if row["probability"] is None:
            continue
        parts = row["reasons"].split(" · ")
        assert parts[0].startswith("all when new ") and parts[0].endswith("%")
        steps = [part.rsplit(" ", 2)[1] for part in parts[1:] if part.endswith(" pp")]
        total = float(parts[0].split()[-1].rstrip("%")) + sum(
            float(step.replace("−", "-").replace("±", "").replace("+", "")) for step in steps
        )
        assert total == pytest.approx(row["probability"] * 100, abs=0.0501)
        steps_seen += len(steps)
        alone += " alone " in row["reasons"]
    assert steps_seen > 500
    assert alone > 50  # what a group says by itself stands beside what it says with the wider one


def test_a_filter_changes_which_deals_are_listed_and_never_what_is_said(made: Snapshot) -> None:
    everybody = {row["deal_id"]: row for row in made.ask("close_probability")}
    some = made.ask("close_probability", segments=["Segment 1"])
    assert 0 < len(some) < len(everybody)
    assert all(everybody[row["deal_id"]] == row for row in some)


def test_scores_that_past_dates_correct_are_moved_in_a_step_of_its_own(made: Snapshot, monkeypatch) -> None:
    plain = {row["deal_id"]: row["probability"] for row in made.ask("close_probability")}
    line = (-0.3, 0.6)
    monkeypatch.setattr(backtest, "recalibration", lambda *_: backtest.Reading(line, None))
    rows = made.ask("close_probability")
    assert any("slope of past scores is 0.60" in note for note in getattr(rows, "notes", ()))
    moved = [row for row in rows if row["probability"] is not None]
    assert moved and all(row["low"] <= row["probability"] <= row["high"] for row in moved)
    for row in moved:
        assert row["probability"] == pytest.approx(backtest.bent(np.array([plain[row["deal_id"]]]), line)[0])
    assert sum("as past scores turned out" in row["reasons"] for row in moved) > len(moved) * 0.9


def small(*extra: dict) -> list[dict]:
    """100 deals 300 days old: 40 won on day 20 and 60 lost on day 100; and what a test adds."""
    ended = [("won", 20)] * 40 + [("lost", 100)] * 60
    rows = [
        {
            "deal_id": f"c{number:03}",
            "status": status,
            "created_at": AS_OF - timedelta(days=300),
            "closed_at": AS_OF - timedelta(days=300 - day),
        }
        for number, (status, day) in enumerate(ended)
    ]
    return [*rows, *extra]


def open_deal(name: str, age: int | None, **more) -> dict:
    return {
        "deal_id": name,
        "status": "open",
        "created_at": None if age is None else AS_OF - timedelta(days=age),
    } | more


def test_the_chance_of_an_open_deal_by_hand(snapshot) -> None:
    rows = snapshot(deals=small(open_deal("x", 5))).ask("close_probability", horizon=30)
    assert len(rows) == 1
    # 40 of 100 until day 35; over the days 0 to 99 a chance of 0.4 on 20 days for 100 and of 0 on 80 for 60.
    any_age = (20 * 100 * 0.4) / (20 * 100 + 80 * 60)
    assert rows[0]["probability"] == pytest.approx((100 * 0.4 + 10 * any_age) / 110, abs=0.003)
    assert (rows[0]["similar_deals"], rows[0]["similar_wins"]) == (100, 40)


def test_a_deal_without_a_creation_date_is_listed_with_the_reason(snapshot) -> None:
    extra = (open_deal("x", None, amount=500), open_deal("y", -3), open_deal("z", 5))
    shot = snapshot(deals=small(*extra))
    rows = {row["deal_id"]: row for row in shot.ask("close_probability")}
    assert rows["x"]["probability"] is None and rows["x"]["age_days"] is None and rows["x"]["amount"] == 500
    assert "no creation date" in rows["x"]["reasons"]
    assert rows["y"]["probability"] is None and "after the date of its export" in rows["y"]["reasons"]
    assert rows["z"]["probability"] is not None


def test_a_deal_older_than_nearly_all_wins_is_flagged_and_its_chance_is_from_the_data(snapshot) -> None:
    stage = {"stage_raw": "Negotiation", "crm_probability": 0.9}
    rows = snapshot(deals=small(open_deal("old", 60, **stage), open_deal("new", 5))).ask(
        "close_probability", horizon=30
    )
    found = {row["deal_id"]: row for row in rows}
    assert "older than 95% of all won were at their close (20 days)" in found["old"]["reasons"]
    assert "older than" not in found["new"]["reasons"]
    assert found["old"]["similar_wins"] == 0 and found["old"]["probability"] < 0.1


def test_a_deal_older_than_any_end_seen_has_no_probability(snapshot) -> None:
    rows = snapshot(deals=small(open_deal("x", 105))).ask("close_probability", horizon=30)
    assert rows[0]["probability"] is None and rows[0]["low"] is None
    assert rows[0]["reasons"].startswith("older than any whose end was seen")


def test_open_leads_are_scored_from_their_hand_over(snapshot) -> None:
    people = [
        {
            "person_id": f"p{number}",
            "created_at": AS_OF - timedelta(days=200),
            "customer_at": AS_OF - timedelta(days=180) if number < 40 else None,
            "disqualified_at": AS_OF - timedelta(days=100) if number >= 40 else None,
        }
        for number in range(100)
    ]
    people.append({"person_id": "x", "created_at": AS_OF - timedelta(days=5)})
    rows = snapshot(people=people).ask("close_probability", entity="people", horizon=30)
    assert [row["deal_id"] for row in rows] == ["x"]
    assert rows[0]["probability"] == pytest.approx(0.39, abs=0.02)


def test_a_horizon_is_days_a_quarter_or_ever(snapshot) -> None:
    shot = snapshot(deals=small(open_deal("x", 5)))
    with pytest.raises(QueryError, match="quarter or ever"):
        shot.ask("close_probability", horizon="soon")
    with pytest.raises(QueryError, match="number of days"):
        shot.ask("calibration", horizon="ever")


def test_nothing_loaded_says_which_file_would_help(snapshot) -> None:
    with pytest.raises(NotComputableError, match="deals"):
        snapshot().ask("close_probability")


def test_what_was_said_on_past_dates_stands_beside_what_happened(made: Snapshot) -> None:
    rows = made.ask("calibration")
    assert list(rows[0]) == ["as_of", "bin", "predicted", "observed", "low", "high", "n"]
    dates = sorted({row["as_of"] for row in rows})
    assert len(dates) == 15 and dates[-1] == (AS_OF - timedelta(days=90)).date()
    assert {(later - earlier).days for earlier, later in pairwise(dates)} == {28}
    assert all(row["low"] <= row["observed"] <= row["high"] and 0 <= row["predicted"] <= 1 for row in rows)
    quality = {row["scorer"]: row for row in made.ask("score_quality")}
    assert list(quality["ours"])[1:] == [
        "n", "base_rate", "predicted_mean", "brier", "brier_base", "skill", "ece", "slope", "intercept",
    ]  # fmt: skip
    assert quality["ours"]["n"] == sum(row["n"] for row in rows)
    assert quality["ours"]["skill"] > 0.03 > quality["won of closed, by channel"]["skill"]


@pytest.mark.parametrize("by_hazard", [False, True])
def test_a_back_test_says_what_an_export_of_that_day_would_have_said(
    made: Snapshot, then: Snapshot, monkeypatch, by_hazard: bool
) -> None:
    """No leak: the deals as they were known on a past date get the scores the back-test gives them, by either model."""
    monkeypatch.setattr(choice, "prefers", lambda *_: by_hazard)
    day = (AS_OF - timedelta(days=90 + 28 * 3)).date()
    said = [row["probability"] for row in then.ask("close_probability") if row["probability"] is not None]
    tested = [row for row in made.ask("calibration") if row["as_of"] == day]
    assert sum(row["n"] for row in tested) == len(said) > 300
    assert sum(row["n"] * row["predicted"] for row in tested) == pytest.approx(sum(said), abs=1e-6)


def test_below_a_hundred_outcomes_nothing_is_said_about_the_score(snapshot) -> None:
    shot = snapshot(deals=small(open_deal("x", 5)))
    for name in ("calibration", "score_quality"):
        with pytest.raises(NotComputableError, match="needs 100 deals"):
            shot.ask(name)


def with_crm(probability) -> list[dict]:
    return [{**row, "crm_probability": probability(number, row)} for number, row in enumerate(made_deals(1500, 4))]


def test_a_crm_probability_that_knows_nothing_is_said_in_words(snapshot) -> None:
    rows = snapshot(deals=with_crm(lambda number, row: (number % 10) / 10)).ask("score_quality")
    found = {row["scorer"]: row for row in rows}["the CRM's probability"]
    assert found["skill"] < 0 and found["slope"] == pytest.approx(0, abs=0.1)
    assert any("no better than always saying the base rate" in note for note in rows.notes)


def test_a_crm_probability_set_at_the_close_tests_nothing(snapshot) -> None:
    rows = snapshot(deals=with_crm(lambda _, row: {"won": 1.0, "lost": 0.0, "open": 0.5}[row["status"]]))
    found = rows.ask("score_quality")
    assert [row["scorer"] for row in found][-1] != "the CRM's probability"
    assert any("when a deal closes" in note for note in found.notes)


def viewed(count: int, seed: int, later: int = 0) -> dict[str, list[dict]]:
    """Deals of people: after 30 days the later won view, and one in five others; `later`: so many view at their end."""
    rows, people, views = made_deals(count, seed), [], []
    for number, row in enumerate(rows):
        email = f"p{number}@example.com"
        people.append({"person_id": f"p{number}", "email": email, "created_at": row["created_at"]})
        row |= {"primary_person_id": f"p{number}", "source_raw": "Direct", "segment": None}
        at = row["created_at"] + timedelta(days=30)
        if at < (row["closed_at"] or AS_OF) and (row["status"] == "won" or number % 5 == 0):
            views.append({"at": at, "email": email, "video_id": "v", "pct": 0.9})
        elif number < later:
            views.append({"at": row["closed_at"] or AS_OF, "email": email, "video_id": "v", "pct": 0.9})
        elif number % 7 == 0:
            views.append({"at": row["created_at"], "email": email, "video_id": "v", "pct": 0.01})  # hardly watched
    return {"deals": rows, "people": people, "video_views": views}


def test_engagement_with_video_is_the_last_step_where_past_dates_prefer_it(watched: Snapshot) -> None:
    rows = watched.ask("close_probability")
    assert any("Engaged with video is a step of the score" in note for note in rows.notes)
    chances = {way: [row["probability"] for row in rows if f" {way} with video" in row["reasons"]]
               for way in ("· engaged", "not engaged")}  # fmt: skip
    assert min(len(one) for one in chances.values()) > 10
    assert np.mean(chances["· engaged"]) > 2 * np.mean(chances["not engaged"])
    quality = watched.ask("score_quality")
    scores = {row["scorer"]: row["brier"] for row in quality}
    assert scores["win curves with video"] < scores["win curves"]
    # Ours is what each date would have chosen by the dates before it: the first ones knew of no other model.
    assert scores["win curves with video"] < scores["ours"] < scores["win curves"]
    assert any("what the dates before it would have chosen: the win curves on" in note for note in quality.notes)


def test_a_view_on_or_after_the_day_of_scoring_and_a_shallow_one_change_no_score(snapshot, watched: Snapshot) -> None:
    before, after = (shot.ask("close_probability") for shot in (watched, snapshot(**viewed(3000, 4, 3000))))
    assert len(before) > 200 and list(before) == list(after)


def test_where_engagement_says_nothing_a_note_says_it_was_not_used(snapshot) -> None:
    made = viewed(1500, 4)
    made["video_views"] = made["video_views"][:3]
    rows = snapshot(**made).ask("close_probability")
    assert any("Engaged with video is no step of the score" in note for note in rows.notes)
    assert not any("with video" in row["reasons"] for row in rows)


def by_factor(count: int = 6000) -> list[dict]:
    """Deals of forty channels whose rates of wins differ by a factor and in nothing else."""
    rng = np.random.default_rng(2)
    channel, entered = rng.integers(0, 40, count), rng.integers(0, 901, count)
    factor = np.exp(0.9 * rng.standard_normal(40))
    won = np.ceil(400 * rng.weibull(1.3, count) * factor[channel] ** (-1 / 1.3))
    lost = np.ceil(160 * rng.weibull(1.3, count))
    ended = entered + np.minimum(won, lost)
    status = np.where(ended > 900, "open", np.where(won <= lost, "won", "lost"))
    start = AS_OF - timedelta(days=900)
    return [
        {
            "deal_id": f"d{number:05}",
            "status": str(status[number]),
            "created_at": start + timedelta(days=int(entered[number])),
            "closed_at": start + timedelta(days=int(ended[number])) if status[number] != "open" else None,
            "segment": f"Segment {channel[number]}",
            "amount": 1000,
        }
        for number in range(count)
    ]


def test_the_hazard_model_scores_where_past_dates_prefer_it(snapshot) -> None:
    shot = snapshot(deals=by_factor())
    rows, quality, binned = (
        shot.ask(name, **given)
        for name, given in (("close_probability", {"horizon": "90,ever"}), ("score_quality", {}), ("calibration", {}))
    )
    for answer in (rows, quality):
        assert any(note.startswith("The piecewise hazard model scores") for note in answer.notes)
    found = {row["scorer"]: row for row in quality}
    assert "piecewise hazard model" not in found  # ours on every date, by the dates before it
    ours, curves_ = found["ours"], found["win curves"]
    assert ours["brier"] < curves_["brier"] and ours["n"] == curves_["n"]
    assert sum(row["n"] * row["predicted"] for row in binned) == pytest.approx(ours["n"] * ours["predicted_mean"])
    scored = [row for row in rows if row["probability"] is not None]
    assert len(scored) > 500 and all(row["low"] <= row["probability"] <= row["high"] for row in scored)
    for row in scored:
        parts = row["reasons"].split(" · ")
        steps = [float(part.rsplit(" ", 2)[1].replace("−", "-").lstrip("±")) for part in parts if part.endswith(" pp")]
        assert float(parts[0].split()[-1].rstrip("%")) + sum(steps) == pytest.approx(
            100 * row["probability"], abs=0.051
        )
    assert sum("segment Segment" in row["reasons"] for row in scored) > 0.9 * len(scored)
    soon, ever = ({row["deal_id"]: row["probability"] for row in scored if row["horizon_days"] == days}
                  for days in (90, None))  # fmt: skip
    assert len(soon) > 500 and all(ever[one] >= soon[one] for one in soon)
    some = [row for row in shot.ask("close_probability", segments=["Segment 1"]) if row["probability"] is not None]
    assert some and all(row["probability"] == soon[row["deal_id"]] for row in some)


def test_a_score_without_skill_says_so_beside_the_list_and_why(snapshot) -> None:
    # An export of the closes of the last 200 days only: what is older looks as if it never ended.
    kept = [
        row for row in made_deals(6000, 4)
        if row["closed_at"] is None or row["closed_at"] >= AS_OF - timedelta(days=200)
    ]  # fmt: skip
    shot = snapshot(deals=kept)
    for name in ("close_probability", "calibration", "score_quality"):
        notes = list(shot.ask(name).notes)
        assert any("no better than the base rate on this export" in note for note in notes), name
        assert any("Earlier closes seem to be missing from the export" in note for note in notes), name


def test_the_crm_is_tested_on_what_its_exports_said_on_past_dates(tmp_path: Path) -> None:
    """Past exports said 60% of every third deal and 10% of the others; at the close the CRM says 100 or 0."""
    imports = []
    for number, back in enumerate((174, 146, 118, 0)):
        day = AS_OF - timedelta(days=back)
        rows = [
            row
            | {"crm_probability": {"won": 1.0, "lost": 0.0}.get(row["status"], 0.6 if at % 3 == 0 else 0.1)}
            | ({"vendor_score": 0.3 if at % 2 else 0.1} if row["status"] == "open" else {})
            for at, row in enumerate(made_deals(3000, 4, day))
        ]
        folder = tmp_path / str(number)
        folder.mkdir()
        imports.append(write_import(folder, "deals", rows, as_of=day))
    shot = Snapshot(tmp_path / "then.duckdb", imports)
    rows = shot.ask("score_quality")
    shot.reader.close()
    found = {row["scorer"]: row for row in rows}
    assert 100 <= found["the CRM's probability"]["n"] < found["ours"]["n"]
    assert found["the CRM's probability"]["predicted_mean"] == pytest.approx(0.1 + 0.5 / 3, abs=0.03)
    assert found["the vendor's score"]["n"] == found["the CRM's probability"]["n"]
    assert found["the vendor's score"]["predicted_mean"] == pytest.approx(0.2, abs=0.03)
    for said in ("The CRM's own probability, as its exports", "The score of the vendor's model, as its exports"):
        assert any(f"{said} said it on 4 of these dates" in note for note in rows.notes)
