"""The day's list: who was handed over and not tried and who watched and was not called, each person once."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scorecard.errors import NotComputableError
from tests.sql.model import AS_OF

FRIDAY = "2026-11-13 16:45"  # AS_OF is the Sunday after: a quarter of an hour of work has passed


def lead(name: str, handed: str | None = None, **more: Any) -> dict[str, Any]:
    mql = datetime.fromisoformat(handed) if handed else None
    who = {"person_id": name, "email": f"{name}@example.com", "name": name.title(), "owner": "Ann", "region": "North"}
    return {**who, "created_at": AS_OF - timedelta(days=200), "mql_at": mql, **more}


def called(name: str, when: str) -> dict[str, Any]:
    return {"at": datetime.fromisoformat(when), "type": "call", "email": f"{name}@example.com", "direction": "outbound"}


def viewed(name: str, hours: float, pct: float = 0.9) -> dict[str, Any]:
    at = AS_OF - timedelta(hours=hours)
    return {"at": at, "email": f"{name}@example.com", "video_id": "tour", "video_title": "The tour", "pct": pct}


PEOPLE = [
    lead("both", "2026-11-02 10:00", region="South"),
    lead("due", FRIDAY),
    lead("overdue", "2026-11-02 10:00", owner="Bob"),
    lead("called", "2026-11-02 10:00"),
    lead("before", "2026-11-02 10:00"),
    lead("rejected", "2026-11-02 10:00", disqualified_at=datetime(2026, 11, 5)),
    lead("old", "2026-07-01 10:00"),
    lead("viewer", owner="Bob"),
]
ACTIVITIES = [called("called", "2026-11-02 11:00"), called("before", "2026-10-30 11:00")]
VIEWS = [viewed("both", 5), viewed("viewer", 2), viewed("called", 3, 0.5)]
DEAL = {
    "deal_id": "d1", "status": "open", "amount": Decimal(500), "primary_person_id": "viewer", "owner": "Cy",
    "created_at": AS_OF - timedelta(days=9),
}  # fmt: skip


def test_each_person_stands_once_with_every_reason_owner_and_wait(snapshot) -> None:
    shot = snapshot(people=PEOPLE, activities=ACTIVITIES, video_views=VIEWS, deals=[DEAL])
    found = shot.ask("to_call_today")
    rows = {row["person_id"]: row for row in found}
    assert {name: row["reasons"] for name, row in rows.items()} == {
        "both": "breached, watched",
        "due": "pending",
        "overdue": "breached",
        "viewer": "watched",
    }
    assert len(found) == 4
    assert {name: row["owner"] for name, row in rows.items()} == {
        "both": "Ann", "due": "Ann", "overdue": "Bob", "viewer": "Cy",
    }  # fmt: skip
    # From the oldest reason to the end of the data day.
    assert rows["both"]["minutes_since"] == rows["overdue"]["minutes_since"] == (13 * 24 + 14) * 60 - 1
    assert rows["viewer"]["minutes_since"] == 26 * 60 - 1 and rows["viewer"]["deal_id"] == "d1"
    assert rows["both"]["pct"] == 0.9 and rows["both"]["viewed_at"] and rows["due"]["pct"] is None
    assert "1 more were handed over longer than 90 days ago" in found.notes[0]
    assert "old" in {row["person_id"] for row in shot.ask("to_call_today", handed_within=365)}
    assert [row["person_id"] for row in shot.ask("to_call_today", regions=["South"])] == ["both"]
    assert {row["person_id"] for row in shot.ask("to_call_today", owners=["Bob"])} == {"overdue", "viewer"}
    assert rows["viewer"]["expected_value"] is None  # nothing was ever won
    viewers = {row["person_id"] for row in shot.ask("video_hot_unworked")}
    assert viewers == {name for name, row in rows.items() if "watched" in row["reasons"]}


def test_without_video_the_list_stands_and_says_so_and_without_calls_there_is_none(snapshot) -> None:
    found = snapshot(people=PEOPLE, activities=ACTIVITIES).ask("to_call_today")
    assert {row["person_id"] for row in found} == {"both", "due", "overdue"}
    assert any("Who watched is not known" in note for note in found.notes)
    with pytest.raises(NotComputableError):
        snapshot(people=PEOPLE).ask("to_call_today")
