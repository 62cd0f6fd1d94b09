"""The hand-over: two clocks in business hours, who is counted and who is not, and what Sales made of the leads."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from scorecard.book import BookCopy, CalendarRule
from scorecard.book_settings import DEFAULT_SETTINGS, check_setting
from scorecard.book_tables import MIGRATIONS
from scorecard.business_time import Calendar, open_hours
from scorecard.errors import StoreError
from scorecard.stats import waits
from tests.sql.model import Snapshot, write_import

FRIDAY, MONDAY = "2026-11-06 16:30", "2026-11-09 09:30"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def lead(name: str, handed: str = FRIDAY, **more: Any) -> dict[str, Any]:
    return {"person_id": name, "created_at": at("2026-11-01 08:00"), "mql_at": at(handed), **more}


def call(name: str, when: str, **more: Any) -> dict[str, Any]:
    return {"at": at(when), "type": "call", "person_id": name, **more}


def book(calendars: tuple[CalendarRule, ...] = (), **settings: str) -> BookCopy:
    return BookCopy(settings={**DEFAULT_SETTINGS, **settings}, calendars=calendars)


def minutes(shot: Snapshot) -> dict[str, Any]:
    return dict(shot.table("select person_id, speed_s / 60 from handoff_fact"))


def test_friday_half_past_four_to_monday_half_past_nine_is_sixty_business_minutes(snapshot) -> None:
    people = [lead("one"), lead("weekend", "2026-11-07 12:00"), lead("evening", "2026-11-05 20:00")]
    activities = [
        call("one", MONDAY),
        call("weekend", "2026-11-08 10:00"),  # on Sunday: no minute of work has passed
        call("evening", "2026-11-06 09:10"),
    ]
    shot = snapshot(people=people, activities=activities)
    assert minutes(shot) == {"one": 60, "weekend": 0, "evening": 10}
    row = shot.ask("speed_to_lead", owners=[], by="owner")[0]
    assert (row["handoffs"], row["touched"], row["in_sla"], row["pending"], row["breached"]) == (3, 3, 3, 0, 0)
    assert (row["p50_minutes"], row["p90_minutes"]) == (10, 60)
    wall = dict(shot.table("select person_id, wall_s / 60 from handoff_fact"))
    assert wall["one"] == 3900
    assert shot.ask("speed_to_lead", clock="wall", period_start=date(2026, 11, 6))[0]["p90_minutes"] == 3900


def test_a_holiday_and_the_hours_and_zone_of_an_owner_or_a_team_move_the_clock(snapshot) -> None:
    people = [
        lead("default", owner="Ann"),
        lead("tokyo", owner="Kei", handed="2026-11-05 23:00"),  # 08:00 on Friday in Tokyo
        lead("late shift", owner="Bo", team="Night"),
    ]
    activities = [call("default", MONDAY), call("tokyo", "2026-11-06 01:00"), call("late shift", "2026-11-06 20:30")]
    rules = (
        CalendarRule("Kei", "Mon-Fri 09:00-17:00", "Asia/Tokyo", ""),
        CalendarRule("Night", "Mon-Fri 14:00-22:00", "", ""),
    )
    told = book(rules, holidays="2026-11-09", time_zone="UTC")
    shot = snapshot(book=told, people=people, activities=activities)
    assert minutes(shot) == {"default": 30, "tokyo": 60, "late shift": 240}
    due = dict(shot.table("select person_id, deadline_at from handoff_fact"))
    assert due["default"] == at("2026-11-10 16:30"), "30 minutes on Friday, none on the holiday, the rest on Tuesday"
    assert due["tokyo"] == at("2026-11-06 08:00"), "17:00 in Tokyo"


def test_hours_of_another_zone_follow_its_summer_time() -> None:
    york = Calendar("york", "Mon-Fri 09:00-17:00", "", "America/New_York")
    days = {day: (a, b) for day, a, b, _, _ in open_hours(york, "Europe/Berlin", date(2026, 3, 2), date(2026, 4, 3))}
    hour = 3600
    assert days[date(2026, 3, 3)] == (15 * hour, 23 * hour)
    assert days[date(2026, 3, 10)] == (14 * hour, 22 * hour), "New York moves its clocks three weeks before Berlin"
    assert days[date(2026, 4, 1)] == (15 * hour, 23 * hour)
    tokyo = Calendar("t", "Mon-Fri 09:00-17:00", "", "Asia/Tokyo")
    los = list(open_hours(tokyo, "America/Los_Angeles", date(2026, 1, 6), date(2026, 1, 6)))
    assert los == [(date(2026, 1, 6), 0, 0, 16 * hour, 24 * hour)] or los[0][1:3] == (16 * hour, 24 * hour)


def test_settings_of_hours_days_and_criteria_say_what_they_take() -> None:
    assert check_setting("business_hours", " Mon-Thu  09:00-17:00, Fri 9:00-15:00 ").startswith("Mon-Thu 09:00")
    assert check_setting("holidays", "2026-12-26,2026-12-25") == "2026-12-25, 2026-12-26"
    assert check_setting("lead_criteria", "email , segment = SMB|Enterprise, score >= 50") == (
        "email, segment=SMB|Enterprise, score>=50"
    )
    for key, text in (
        ("business_hours", "nine to five"),
        ("business_hours", "Mon 17:00-09:00"),
        ("holidays", "Christmas"),
        ("lead_criteria", "good"),
        ("lead_criteria", "segment>=2"),
        ("lead_criteria", "score>=many"),
    ):
        with pytest.raises(StoreError):
            check_setting(key, text)


def test_who_had_typed_a_promise_in_hours_keeps_the_clock_on_the_wall() -> None:
    import sqlite3

    for typed, kept in (("4", [("24/7",)]), (None, [])):
        old = sqlite3.connect(":memory:")
        calendars = next(n for n, step in enumerate(MIGRATIONS) if any("table calendars" in one for one in step))
        for step in MIGRATIONS[:calendars]:
            for statement in step:
                old.execute(statement)
        if typed:
            old.execute("insert into settings values ('sla_hours', ?)", (typed,))
        for statement in MIGRATIONS[calendars]:
            old.execute(statement)
        assert old.execute("select value from settings where key = 'business_hours'").fetchall() == kept
        old.close()


def test_untouched_is_pending_then_a_breach_and_a_call_before_the_hand_over_is_its_own_class(snapshot) -> None:
    people = [
        lead("before", "2026-11-06 12:00"),
        lead("fast", "2026-11-06 12:00"),
        lead("late", "2026-11-03 12:00"),
        lead("never", "2026-11-03 12:00"),
        lead("pending", "2026-11-13 12:00"),
        lead("early", "2026-11-13 12:00"),
        lead("robot", "2026-11-03 12:00"),
    ]
    activities = [
        call("before", "2026-11-06 11:00"),
        call("fast", "2026-11-06 12:05"),
        call("late", "2026-11-05 12:00"),
        call("early", "2026-11-13 12:10"),
        call("robot", "2026-11-03 12:01", is_automated=True),
        call("never", "2026-11-20 12:00"),  # planned, after the data date
    ]
    shot = snapshot(people=people, activities=activities)
    rows = shot.ask("speed_to_lead")
    row = rows[0]
    assert (row["handoffs"], row["touched"], row["in_sla"], row["pending"], row["breached"]) == (6, 3, 2, 1, 3)
    assert row["in_sla"] + row["pending"] + row["breached"] == row["handoffs"]
    assert row["p90_minutes"] is None, "more than one in ten has not been reached"
    assert any("1 more were contacted before" in note for note in rows.notes)
    assert any("not due yet" in note for note in rows.notes)
    metric = shot.ask("follow_up_in_sla")[0]
    assert (metric["numerator"], metric["denominator"]) == (1, 4)
    none = shot.ask("speed_to_lead", owners=["nobody"])
    assert list(none) == []
    assert snapshot(people=people[:1], activities=activities[:1]).value("follow_up_in_sla") is None


def test_system_and_human_time_add_up_and_a_later_reassignment_restarts_nothing(snapshot) -> None:
    people = [
        lead("plain", "2026-11-06 10:00", assigned_at=at("2026-11-06 10:30")),
        lead("owned", "2026-11-06 10:00", assigned_at=at("2026-11-01 10:00")),
        lead("again", "2026-11-06 10:00", assigned_at=at("2026-11-10 10:00")),
        lead("waiting", "2026-11-03 10:00", assigned_at=at("2026-11-05 10:00")),
    ]
    activities = [
        call("plain", "2026-11-06 12:00"),
        call("owned", "2026-11-06 11:00"),
        call("again", "2026-11-06 11:00"),
    ]
    shot = snapshot(people=people, activities=activities)
    found = {
        name: rest
        for name, *rest in shot.table("select person_id, speed_s / 60, system_s / 60, human_s / 60 from handoff_fact")
    }
    assert found["plain"] == [120, 30, 90]
    assert found["owned"] == [60, 0, 60]
    assert found["again"] == [60, None, None], "the first assignment is not in the export"
    assert found["waiting"][:2] == [None, 960]
    assert shot.table("select follow_up from handoff_fact where person_id = 'waiting'") == [("never",)]
    row = shot.ask("speed_to_lead")[0]
    assert (row["system_p50"], row["human_p50"]) == (30, 90)


def test_the_miss_is_charged_to_who_held_the_lead_when_its_time_ran_out(tmp_path) -> None:
    first = write_import(
        tmp_path, "people", [lead("x", "2026-11-03 10:00", owner="Ann")], as_of=at("2026-11-05 00:00"), name="first"
    )
    second = write_import(tmp_path, "people", [lead("x", "2026-11-03 10:00", owner="Ben")], name="second")
    calls = write_import(tmp_path, "activities", [call("x", "2026-11-13 10:00")])
    shot = Snapshot(tmp_path / "s.duckdb", [first, second, calls])
    try:
        assert [(r["owner"], r["denominator"]) for r in shot.ask("follow_up_in_sla", by="owner")] == [("Ann", 1)]
        assert [r["group_value"] for r in shot.ask("speed_to_lead", by="owner")] == ["Ann"]
        assert shot.table("select speed_s / 3600 from handoff_fact") == [(64,)], (
            "from the hand-over, not from Ben's day"
        )
    finally:
        shot.reader.close()


def test_duplicates_count_once_from_the_earliest_hand_over(snapshot) -> None:
    people = [
        lead("a", "2026-11-06 12:00", email="ana@example.com"),
        lead("b", "2026-11-06 10:00", email="ana@example.com"),
    ]
    shot = snapshot(people=people, activities=[call("a", "2026-11-06 13:00")])
    assert shot.table("select count(*), min(speed_s) / 60 from handoff_fact") == [(1, 180)]


def test_quantiles_count_the_untouched_with_the_time_they_have_waited() -> None:
    waited, cases = np.array([10.0, 20.0, 30.0, 40.0]), np.ones(4)
    assert waits.quantiles(waited, np.ones(4, bool), cases, (0.5, 0.9)) == [25, 40]
    # Klein and Moeschberger (2003), table 1.1, 6-MP: the median of 21 cases, 9 of them ended, is 23 weeks.
    weeks = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], dtype=float)
    ended = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    assert waits.quantiles(weeks, ended, np.ones(21), (0.5, 0.9)) == [23, None]
    assert waits.quantiles(np.array([]), np.array([], dtype=bool), np.array([]), (0.5,)) == [None]


# What generated leads hold, planted: where, how many, and what became of them.
PLANTED = {
    # channel source, team owner: leads, met criteria, worked in time, accepted, rejected with reason, rejected without
    ("Webinar", "Ann"): (40, 40, 36, 24, 10, 2),
    ("Webinar", "Bo"): (40, 40, 8, 20, 8, 4),
    ("Paid social", "Ann"): (40, 20, 36, 8, 28, 2),
}


def planted() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    people: list[dict[str, Any]] = []
    activities: list[dict[str, Any]] = []
    for (source, owner), (leads, met, in_time, accepted, with_reason, without) in PLANTED.items():
        for number in range(leads):
            name = f"{source}-{owner}-{number}"
            one = lead(name, "2026-10-06 10:00", owner=owner, team=f"Team {owner}", source_raw=source)
            one |= {
                "company_name": "Acme",
                "email": f"{source[0]}{owner}{number}@example.com" if number < met else None,
            }
            one["email"] = one["email"] and one["email"].lower()
            one["assigned_at"] = at("2026-10-06 10:30") if source == "Webinar" else at("2026-10-06 12:00")
            if number < accepted:
                one["sql_at"] = at("2026-10-08 10:00")
            elif number < accepted + with_reason + without:
                one["disqualified_at"] = at("2026-10-09 10:00")
                one["disq_reason"] = "No fit" if number < accepted + with_reason else None
            people.append(one)
            when = "2026-10-06 13:00" if number < in_time else "2026-10-09 13:00"
            activities.append(call(name, when, outcome="no answer"))
    return people, activities


@pytest.fixture(scope="module")
def shot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    people, activities = planted()
    imports = [write_import(folder, "people", people), write_import(folder, "activities", activities)]
    made = Snapshot(folder / "s.duckdb", imports, book(lead_criteria="email, company"))
    yield made
    made.reader.close()


def test_planted_delays_are_found_again_and_split_between_system_and_human(shot: Snapshot) -> None:
    found = {row["group_value"]: row for row in shot.ask("speed_to_lead", by="team")}
    assert (found["Team Ann"]["in_sla"], found["Team Ann"]["breached"]) == (72, 8)
    assert (found["Team Bo"]["in_sla"], found["Team Bo"]["breached"]) == (8, 32)
    assert found["Team Bo"]["p50_minutes"] == 3 * 480 + 180 and found["Team Ann"]["p50_minutes"] == 180
    split = {row["group_value"]: row for row in shot.ask("speed_to_lead", by="channel")}
    assert (split["Paid social"]["system_p50"], split["Paid social"]["human_p50"]) == (120, 60)
    assert split["Webinar"]["system_p50"] == 30
    metric = {row["team"]: (row["numerator"], row["denominator"]) for row in shot.ask("follow_up_in_sla", by="team")}
    assert metric == {"Team Ann": (72, 80), "Team Bo": (8, 40)}
    bands = {row["band"]: row["leads"] for row in shot.ask("speed_bands")}
    assert bands == {"over 60 min, in time": 80, "late": 40}
    promise = shot.ask("hand_off_promises")[0]
    assert (promise["given_up"], promise["given_up_attempts"]) == (68, 68)
    assert (promise["old_enough"], promise["decided_with_reason"], promise["met_criteria"]) == (120, 98, 100)


def test_the_matrix_holds_every_lead_once_and_its_cells_list_their_names(shot: Snapshot) -> None:
    rows = shot.ask("verdict_matrix")
    assert sum(row["leads"] for row in rows) == 120
    cells: dict[tuple[bool, bool], int] = {}
    for row in rows:
        key = (row["criteria_met"], row["worked_in_sla"])
        cells[key] = cells.get(key, 0) + row["leads"]
    assert cells == {(True, True): 36 + 8 + 20, (True, False): 4 + 32, (False, True): 16, (False, False): 4}
    words = {True: "yes", False: "no"}
    for (met, worked), leads in cells.items():
        assert len(shot.ask("hand_off_people", criteria=words[met], worked=words[worked])) == leads
    assert {row["criteria_failed"] for row in shot.ask("hand_off_people", criteria="no")} == {"email"}


def test_the_sentence_names_the_planted_cause_and_blames_nobody(shot: Snapshot) -> None:
    from scorecard import queries
    from scorecard.charts import headlines_handoff as said

    def rows(**given: Any) -> Any:
        return queries.run(shot.reader, "verdict_matrix", given)

    groups = {name: rows(by=name) for name in ("team", "channel")}
    text = said.verdict(rows(), groups, "8 business hours", "USD")
    assert "36 of 120 leads met the criteria and were not worked within 8 business hours" in text
    assert "team Team Bo: 80% of 40 leads, elsewhere 5%" in text
    assert said.other_gap(rows(), "USD") == "20 did not meet the criteria."
    social = {"channels": ["Paid social"]}
    assert "20 of 40 leads did not meet the agreed criteria" in said.verdict(
        rows(**social), {"channel": rows(by="channel", **social)}, "8 business hours", "USD"
    )
    assert not any(word in text.lower() for word in ("ignored", "failed", "garbage", "dropped", "fault"))


def test_the_quality_loop_finds_the_planted_rejections_and_drafts_the_criteria(shot: Snapshot) -> None:
    from scorecard import queries
    from scorecard.charts import headlines_handoff as said

    found = {row["group_value"]: row for row in shot.ask("quality_loop", by="channel")}
    social, webinar = found["Paid social"], found["Webinar"]
    assert (social["accepted"], social["rejected"], social["undecided"], social["no_reason"]) == (8, 30, 2, 2)
    assert (webinar["accepted"], webinar["rejected"], webinar["undecided"], webinar["no_reason"]) == (44, 24, 12, 6)
    assert social["acceptance"] == pytest.approx(8 / 38) and social["low"] < 8 / 38 < social["high"]
    metric = shot.ask("acceptance_rate")[0]
    assert (metric["numerator"], metric["denominator"]) == (52, 106)
    reasons = {(row["group_value"], row["reason"]): row["leads"] for row in shot.ask("rejection_reasons")}
    assert reasons[("Paid social", "No fit")] == 28 and reasons[("Webinar", "(no reason)")] == 6
    drafts = said.proposal(queries.run(shot.reader, "quality_loop", {"by": "channel"}), "channel", "USD")
    assert len(drafts) == 1 and drafts[0].startswith("channel!=Paid social: accepted 21%")


def test_rejected_then_won_accepted_then_disqualified_and_recycled_are_named(snapshot) -> None:
    people = [
        lead("won", "2026-09-01 10:00", disqualified_at=at("2026-09-02"), customer_at=at("2026-10-01")),
        lead("out", "2026-09-01 10:00", sql_at=at("2026-09-02"), disqualified_at=at("2026-09-10")),
        lead("later", "2026-09-01 10:00", sql_at=at("2026-09-02"), disqualified_at=at("2026-10-10")),
        lead("back", "2026-09-01 10:00", status="Recycled"),
        lead("word", "2026-09-01 10:00", status="Unqualified"),
    ]
    made = snapshot(people=people)
    row = made.ask("quality_loop")[0]
    assert (row["accepted"], row["rejected"], row["undecided"]) == (2, 2, 1)
    assert (row["wrongly_rejected"], row["wrongly_accepted"], row["recycled"]) == (1, 1, 1)
    assert [r["person_id"] for r in made.ask("hand_off_people", flag="wrongly_accepted")] == ["out"]
    assert made.value("acceptance_rate", owners=["nobody"]) is None


def test_criteria_are_data(snapshot) -> None:
    people = [
        lead("fits", segment="Enterprise", score=70, email="a@example.com"),
        lead("small", segment="SMB", score=70, email="b@example.com"),
        lead("cold", segment="Enterprise", score=10, email="c@example.com"),
        lead("unknown", segment=None, score=None, email=None),
    ]
    made = snapshot(book=book(lead_criteria="email, segment=Enterprise|Mid-market, score>=50"), people=people)
    failed = dict(made.table("select person_id, criteria_failed from handoff_fact"))
    assert failed == {
        "fits": None,
        "small": "segment=Enterprise|Mid-market",
        "cold": "score>=50",
        "unknown": "email, segment=Enterprise|Mid-market, score>=50",
    }
    assert all(
        met
        for (met,) in snapshot(book=book(lead_criteria=""), people=people).table(
            "select criteria_met from handoff_fact"
        )
    )


def test_stages_impute_what_was_skipped_and_count_open_ages_in_the_time(snapshot) -> None:
    people = [
        {"person_id": "a", "created_at": at("2026-10-01"), "mql_at": at("2026-10-03"), "sql_at": at("2026-10-05")},
        {"person_id": "b", "created_at": at("2026-10-01"), "sql_at": at("2026-10-11")},
        {"person_id": "c", "created_at": at("2026-10-01")},
        {"person_id": "d", "created_at": at("2026-10-01"), "disqualified_at": at("2026-10-02")},
    ]
    rows = {row["stage"]: row for row in snapshot(people=people).ask("lead_stages")}
    assert list(rows) == ["Inquiry", "MQL", "SQL"], "no stage without a date in the export"
    first, second = rows["Inquiry"], rows["MQL"]
    assert (first["entered"], first["moved_on"], first["ended"], first["standing"]) == (4, 2, 1, 1)
    assert first["rate"] == 0.5 and first["low"] < 0.5 < first["high"]
    assert (second["entered"], second["moved_on"], second["imputed"]) == (2, 2, 1)
    assert first["median_days"] == pytest.approx(6), "2, 10, 1 and 46 days so far: the middle of 2 and 10"
    assert first["median_open_days"] == pytest.approx(46, abs=0.01)
    made = snapshot(people=people)
    through = {row["stage"]: row for row in made.ask("lead_stages", reading="throughput")}
    assert through["Inquiry"]["rate"] == pytest.approx(2 / 3)
    late = {"period_start": date(2026, 10, 4)}
    assert {r["stage"]: r["moved_on"] for r in made.ask("lead_stages", reading="throughput", **late)}["MQL"] == 2
    assert all(row["rate"] is None for row in made.ask("lead_stages", reading="stock"))


def test_who_could_be_a_reference_is_won_and_satisfied_now(snapshot) -> None:
    people = [
        {"person_id": n, "created_at": at("2026-01-01"), "email": f"{n}@example.com", "customer_at": won}
        for n, won in (("happy", at("2026-03-01")), ("cooled", at("2026-03-01")), ("not yet", None))
    ]
    people[2]["email"] = "notyet@example.com"
    answers = [
        {"at": at("2026-04-01"), "email": "happy@example.com", "kind": "nps", "score": 9, "scale_max": 10},
        {"at": at("2026-04-01"), "email": "cooled@example.com", "kind": "nps", "score": 10, "scale_max": 10},
        {"at": at("2026-05-01"), "email": "cooled@example.com", "kind": "nps", "score": 5, "scale_max": 10},
        {"at": at("2026-04-01"), "email": "notyet@example.com", "kind": "nps", "score": 10, "scale_max": 10},
    ]
    rows = snapshot(people=people, surveys=answers).ask("reference_candidates")
    assert [(row["score"], row["won_on"]) for row in rows] == [(9, date(2026, 3, 1))]


def test_what_a_lead_is_worth_comes_from_leads_old_enough(snapshot) -> None:
    people = [
        lead(f"old{n}", "2026-01-05 10:00", source_raw="Webinar", segment="SMB", deal_ids=f"d{n}") for n in range(30)
    ]
    people += [lead("new", "2026-11-02 10:00", source_raw="Webinar", segment="SMB")]
    deals = [
        {
            "deal_id": f"d{n}",
            "stage_raw": "Closed won",
            "amount": 1000,
            "created_at": at("2026-02-01"),
            "closed_at": at("2026-03-01"),
        }
        for n in range(6)
    ]
    made = snapshot(people=people, deals=deals)
    assert made.table("select value, leads, basis from lead_value") == [(200, 30, "channel and segment")]
    assert made.value("lead_value_delivered", period_start=date(2026, 11, 1)) == 200
    few = snapshot(people=people[:5], deals=deals)
    assert few.value("lead_value_delivered") is None, "too few to say: nothing, not 0"
