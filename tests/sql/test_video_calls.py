"""Who watched and was not called, what came of video, and videos sent by Sales: rows one can add up by hand."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from scorecard.errors import NotComputableError
from scorecard.queries_catalogue import catalogue
from tests.sql.model import AS_OF, day

NOW = AS_OF  # midnight, 15 November 2026


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def person(name: str, **more):
    return {
        "person_id": name,
        "email": f"{name}@example.com",
        "owner": "Rep",
        "created_at": day("2026-06-01"),
        **more,
    }


def view(name: str, hours: float, pct: float, **more):
    return {"at": hours_ago(hours), "email": f"{name}@example.com", "video_id": "tour", "pct": pct, **more}


def act(name: str, hours: float, kind: str = "call", **more):
    return {"at": hours_ago(hours), "type": kind, "email": f"{name}@example.com", "direction": "outbound", **more}


def deal(number: int, who: str | None, status: str = "open", **more):
    return {
        "deal_id": f"d{number}", "status": status, "created_at": day("2026-08-01"), "primary_person_id": who,
        "amount": Decimal(1000), "closed_at": None if status == "open" else day("2026-09-01"), **more,
    }  # fmt: skip


def lives(**more):
    """80 deals that closed after 3, 6, 9, ... days, every second one won."""
    start = day("2025-06-01")
    return [
        deal(
            100 + number,
            None,
            "won" if number % 2 else "lost",
            created_at=start,
            closed_at=start + timedelta(days=3 * number + 3),
            **more,
        )
        for number in range(80)
    ]


def test_only_deep_viewers_of_the_last_week_whom_nobody_called_since(snapshot):
    shot = snapshot(
        people=[person(name) for name in ("ana", "bo", "cy", "di", "ed", "fay", "gil", "hal")],
        deals=[deal(1, "ed", "won"), deal(2, "fay", "lost")],
        video_views=[
            view("ana", 5, 0.9),
            view("ana", 30, 0.8),  # the newest counts once
            view("bo", 10, 0.8),
            view("cy", 10, 0.74),  # not deep enough
            view("di", 24 * 7 + 1, 1.0),  # eight days ago
            view("ed", 5, 1.0),  # has bought
            view("fay", 5, 1.0),  # is lost
            view("gil", 5, 1.02),
            view("hal", 48, 0.9),
        ],
        activities=[
            act("ana", 20),  # before the newest view: watched again since
            act("bo", 9),  # called since
            act("gil", 4, "email", is_automated=True),  # a machine
            act("gil", 3, "email", direction="inbound"),  # the customer wrote, nobody answered
            act("hal", 47, "meeting", direction="inbound"),  # two-way, whoever asked for it
        ],
    )
    rows = {row["person_id"]: row for row in shot.ask("video_hot_unworked")}
    assert set(rows) == {"ana", "gil"}
    assert rows["ana"]["viewed_at"] == hours_ago(5) and rows["ana"]["pct"] == 0.9
    assert rows["gil"]["pct"] == 1  # a part watched twice is no deeper
    assert list(rows["ana"]) == ["person_id", "video_id", "viewed_at", "pct", "owner", "expected_value"]
    assert {row["minutes_since"] for row in shot.ask("video_hot_people")} == {1739}  # from the end of the data day
    assert {row["person_id"] for row in shot.ask("video_hot_unworked", depth=0.7)} == {"ana", "cy", "gil"}
    assert {row["person_id"] for row in shot.ask("video_hot_unworked", within_days=9)} == {"ana", "di", "gil"}


def test_a_call_about_the_deal_is_a_call_to_its_people(snapshot):
    shot = snapshot(
        people=[person("ana"), person("bo")],
        deals=[deal(1, "ana")],
        video_views=[view("ana", 5, 0.9), view("bo", 5, 0.9)],
        activities=[{"at": hours_ago(2), "type": "call", "deal_id": "d1", "direction": "outbound"}],
    )
    assert [row["person_id"] for row in shot.ask("video_hot_unworked")] == ["bo"]


def test_without_activities_nobody_is_said_to_wait(snapshot):
    shot = snapshot(people=[person("ana")], video_views=[view("ana", 5, 0.9)])
    with pytest.raises(NotComputableError, match="activities"):
        shot.ask("video_hot_unworked")


def test_expected_value_is_amount_times_chance_and_empty_where_one_is_unknown(snapshot):
    shot = snapshot(
        people=[person("ana"), person("bo"), person("cy"), person("dot")],
        deals=[
            *lives(source_raw="Direct", amount=Decimal(500)),
            deal(1, "ana", created_at=day("2026-11-10"), source_raw="Direct"),
            deal(2, "ana", created_at=day("2026-11-10"), source_raw="Direct"),
            deal(3, "bo", created_at=day("2026-11-10"), amount=None),
        ],
        video_views=[view(name, 5, 0.9) for name in ("ana", "bo", "cy")],
        activities=[act("dot", 1)],
    )
    chance = {row["deal_id"]: row["probability"] for row in shot.ask("close_probability")}
    rows = shot.ask("video_hot_unworked")
    values = {row["person_id"]: row["expected_value"] for row in rows}
    assert rows[0]["person_id"] == "ana"  # most expected value first
    assert values["ana"] == pytest.approx(1000 * chance["d1"] + 1000 * chance["d2"]) and chance["d1"] > 0
    assert values["bo"] is None  # no amount
    assert values["cy"] is None  # a lead, and no lead was ever won
    assert any("2 without an expected value" in note for note in getattr(rows, "notes", ()))
    # The page asks the widest list once and reads every narrower one from it.
    widest = {row["person_id"]: row for row in shot.ask("video_hot_unworked", depth=0.5, within_days=30)}
    assert all(widest[row["person_id"]] == row for row in rows)


def test_a_filter_of_people_does_not_hide_the_value_of_their_deals(snapshot):
    shot = snapshot(
        people=[person("ana", region="South"), person("bo")],
        deals=[*lives(region="North"), deal(1, "ana", created_at=day("2026-11-10"), region="North")],
        video_views=[view("ana", 5, 0.9)],
        activities=[act("bo", 1)],
    )
    everybody, south = shot.ask("video_hot_unworked"), shot.ask("video_hot_unworked", regions=["South"])
    assert everybody[0]["expected_value"] > 0 and everybody == south


def test_influence_counts_each_deal_once_and_only_views_before_the_close(snapshot):
    won = {"status": "won", "amount": Decimal(100)}
    shot = snapshot(
        people=[person(name) for name in ("ana", "bo", "cy", "di", "ed")],
        deals=[deal(number, name, **won) for number, name in enumerate(("ana", "bo", "cy", "di", "ed"), 1)],
        video_views=[
            {"at": day("2026-07-01"), "email": "ana@example.com", "video_id": "v", "pct": 0.5},
            {"at": day("2026-07-02"), "email": "ana@example.com", "video_id": "v", "pct": 0.9},  # twice, one deal
            {"at": day("2026-08-10"), "email": "bo@example.com", "video_id": "v", "pct": 0.6},
            {"at": day("2026-07-01"), "email": "cy@example.com", "video_id": "v", "pct": 0.6},
            {"at": day("2026-08-10"), "email": "cy@example.com", "video_id": "v", "pct": 0.6},
            {"at": day("2026-10-01"), "email": "di@example.com", "video_id": "v", "pct": 1.0},  # after the close
            {"at": day("2025-07-01"), "email": "ed@example.com", "video_id": "v", "pct": 1.0},  # before the lookback
        ],
    )
    tiers = {row["tier"]: (row["deals"], row["amount"]) for row in shot.ask("video_influenced")}
    assert tiers["pre-opp"] == (1, 100) and tiers["in-opp"] == (1, 100) and tiers["both"] == (1, 100)
    assert tiers["none"] == (2, 200)
    assert sum(deals for deals, _ in tiers.values()) == 5
    deeper = {row["tier"]: row["deals"] for row in shot.ask("video_influenced", depth=0.75)}
    assert (deeper["pre-opp"], deeper["none"]) == (1, 4)


def sent(name: str, on: str, **more):
    return {
        "email": f"{name}@example.com",
        "video_id": "v",
        "context": "sales",
        "owner": "Rep",
        "sent_at": day(on),
        **more,
    }


def test_sends_are_followed_to_an_answer_and_the_unopened_stay_in(snapshot):
    shot = snapshot(
        people=[person(name) for name in ("ana", "bo", "cy", "di")],
        video_views=[
            sent(
                "ana",
                "2026-10-01",
                opened_at=day("2026-10-02"),
                at=day("2026-10-02"),
                pct=0.8,
                replied_at=day("2026-10-03"),
            ),
            sent("bo", "2026-10-01", opened_at=day("2026-10-02")),
            sent("cy", "2026-10-01"),  # never opened: a send all the same, and no view
            sent("di", "2026-11-14"),  # has not had its seven days
        ],
        activities=[{"at": day("2026-10-05"), "type": "meeting", "email": "bo@example.com", "outcome": "held"}],
    )
    row = shot.ask("video_sent")[0]
    assert [row[name] for name in ("sends", "opened", "half_watched", "answered")] == [3, 2, 1, 2]
    assert (row["sends_matched"], row["answered_matched"]) == (3, 1)  # the noted reply is no proof beside texts
    assert shot.ask("video_summary")[0]["viewers"] == 1
    assert shot.ask("video_summary")[0]["undated_views"] == 0
    with pytest.raises(NotComputableError, match="30 of each"):
        shot.ask("video_sent_ratio")
    shot = snapshot(people=[person("ana")], video_views=[sent("ana", "2026-10-01")])
    row = shot.ask("video_sent")[0]
    assert (row["half_watched"], row["answered"]) == (0, 0)  # nobody is a known 0
    shot = snapshot(people=[person("ana")], video_views=[sent("ana", "2026-10-01", at=day("2026-10-02"))])
    assert shot.ask("video_sent")[0]["half_watched"] is None  # played, and no depth in the export


def test_videos_are_compared_with_texts_of_the_same_owner_at_the_same_stage(snapshot):
    names = [f"p{number}" for number in range(80)]
    start = day("2026-10-01")
    texts = [
        {"at": start, "type": "email", "email": f"{name}@example.com", "owner": "Rep", "direction": "outbound"}
        for name in names[40:]
    ]
    replies = [
        {"at": start + timedelta(days=2), "type": "email", "email": f"{name}@example.com", "direction": "inbound"}
        for name in [*names[:20], *names[40:50]]
    ]
    other = {"at": start, "type": "email", "email": "p79@example.com", "owner": "Another", "direction": "outbound"}
    shot = snapshot(
        people=[person(name) for name in names],
        video_views=[sent(name, "2026-10-01", at=start + timedelta(hours=1), pct=0.6) for name in names[:40]],
        activities=[*texts, *replies, other],
    )
    row = shot.ask("video_sent_ratio")[0]
    assert list(row) == list(catalogue()["video_sent_ratio"].returns)
    assert (row["sends"], row["answered"], row["emails"], row["emails_answered"]) == (40, 20, 40, 10)
    assert row["ratio"] == pytest.approx(2.0) and row["low"] < 2 < row["high"]
    assert (row["owners"], row["strata"]) == (1, 1)  # another owner's text is beside no video
