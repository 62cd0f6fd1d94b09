"""The day's list: who was handed over and not tried, and who watched and was not called, each person once."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from scorecard.errors import NotComputableError
from scorecard.queries_rows import Rows
from scorecard.queries_video import hot_unworked

Given = Mapping[str, Any]
Ask = Callable[..., Any]
WATCHED = "watched"
HAND_OFF = ("name", "company", "owner", "handoff_at", "deadline_at", "minutes_since", "expected_value")
COLUMNS = (
    *("person_id", "name", "company", "reasons", "owner", "minutes_since", "expected_value", "handoff_at"),
    *("deadline_at", "video", "pct", "viewed_at", "deal_id"),
)


def to_call_today(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """The rows of both lists as one, most expected value first; who stands in both has both reasons."""
    waiting, notes = _young(rows, int(given["handed_within"]))
    watched, why = _watched(given, ask)
    found = {row["person_key"]: _handed(row) for row in waiting}
    for row in watched:
        found[row["person_key"]] = _joined(found.get(row["person_key"]), row)
    listed = [{name: row[name] for name in COLUMNS} for row in found.values()]
    listed.sort(key=lambda row: (-float(row["expected_value"] or 0), -row["minutes_since"], str(row["person_id"])))
    unknown = sum(row["expected_value"] is None for row in listed)
    if unknown and given["chances"]:
        notes.append(f"{unknown:,} without an expected value: it is not known yet.")
    return Rows(listed, [*notes, *why])


def _young(rows: list[dict[str, Any]], days: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Those handed over within the days before the data date; the others in a note."""
    longest = timedelta(days=days) / timedelta(minutes=1)
    kept = [row for row in rows if row["minutes_since"] <= longest]
    older = len(rows) - len(kept)
    said = f"{older:,} more were handed over longer than {days} days ago and are not listed: decide on them instead."
    return kept, [said] if older else []


def _watched(given: Given, ask: Ask) -> tuple[list[dict[str, Any]], list[str]]:
    """Who watched and was not called, with what a call may be worth; a sentence where that cannot be known."""
    try:
        people = ask("video_hot_people", depth=given["depth"], within_days=given["within_days"])
    except NotComputableError as error:
        return [], [f"Who watched is not known: {error}"]
    worth: dict[Any, Any] = {}
    if given["chances"]:
        worth = {
            (row["person_id"], row["viewed_at"]): row["expected_value"] for row in hot_unworked(people, given, ask)
        }
    return [{**row, "expected_value": worth.get((row["person_id"], row["viewed_at"]))} for row in people], []


def _handed(row: Mapping[str, Any]) -> dict[str, Any]:
    nothing = dict.fromkeys(("video", "pct", "viewed_at", "deal_id"))
    return {
        "person_id": row["person_id"],
        "reasons": row["sla_class"],
        **{name: row[name] for name in HAND_OFF},
        **nothing,
    }


def _joined(handed: dict[str, Any] | None, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The viewer, with what is known of the hand-over where there was one."""
    before = handed or dict.fromkeys(COLUMNS)
    value = seen["expected_value"]
    return {
        **before,
        **{name: seen[name] for name in ("person_id", "name", "company", "owner", "pct", "viewed_at", "deal_id")},
        "video": seen["title"],
        "reasons": f"{before['reasons']}, {WATCHED}" if handed else WATCHED,
        "minutes_since": max(seen["minutes_since"], before["minutes_since"] or 0),
        "expected_value": before["expected_value"] if value is None else value,
    }
