"""What the weekly meeting leaves behind: meetings, the actions decided in them, and notes on dates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from scorecard.book import Book
from scorecard.errors import StoreError

OPEN, DONE, DROPPED = "open", "done", "dropped"
TRIES = 5  # two people may write at the same moment


@dataclass(frozen=True)
class Meeting:
    """One meeting; everybody in it looks at this snapshot. `query`: the filters it began with."""

    id: str
    started: datetime
    ended: datetime | None
    snapshot: str
    who: str
    query: str = ""

    @property
    def is_running(self) -> bool:
        return self.ended is None


@dataclass(frozen=True)
class Action:
    """What was decided: by whom until when, which metric it is to move, and how that metric stood then.

    `filters`: of the metric, name to values; `weeks`: complete weeks it is measured over, until `week_end` (excluded);
    `expected`: the change hoped for, in points for a share, else as a share of the value; `cases`: n of the value.
    """

    id: int
    text: str
    owner: str
    side: str
    due: date | None
    metric: str
    filters: Mapping[str, tuple[str, ...]]
    weeks: int
    week_end: date | None
    value: Decimal | None
    cases: Decimal | None
    expected: Decimal | None
    snapshot: str
    meeting: str
    status: str
    by: str
    at: datetime
    closed_by: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Annotation:
    """What happened on a day, so that a bend in a line can be read."""

    id: int
    day: date
    text: str
    side: str
    by: str
    at: datetime


def meetings(book: Book) -> list[Meeting]:
    """All meetings, newest first."""
    found = [_meeting(row) for row in book.rows("meetings")]
    return sorted(found, key=lambda one: (one.started, one.id), reverse=True)


def meeting(book: Book, meeting_id: str) -> Meeting | None:
    """The meeting of that id."""
    return next((one for one in meetings(book) if one.id == meeting_id), None)


def as_of_today(found: Meeting | None, now: datetime) -> Meeting | None:
    """The meeting as it stands now: one that nobody closed is over when its day is."""
    if found and found.is_running and found.started.date() != now.date():
        return replace(found, ended=found.started)
    return found


def running(book: Book, now: datetime) -> Meeting | None:
    """The meeting that began today and has not been closed."""
    return next((one for one in meetings(book) if one.is_running and one.started.date() == now.date()), None)


def start(book: Book, snapshot: str, who: str, now: datetime, query: str = "") -> Meeting:
    """Begin a meeting on these numbers, or join the one that runs."""
    if not who.strip():
        raise StoreError("Give your name to start the meeting.")
    if found := running(book, now):
        return found
    meeting_id = now.strftime("%Y%m%dT%H%M%S")
    row = {"id": meeting_id, "started": now.isoformat(), "snapshot": snapshot, "who": who, "query": query}
    book.put("meetings", row, who, now)
    return _meeting({**row, "ended": None})


def close(book: Book, meeting_id: str, who: str, now: datetime) -> None:
    """The meeting is over; it stays to be opened again with its numbers."""
    row = next((row for row in book.rows("meetings") if row["id"] == meeting_id), None)
    if row is None:
        raise StoreError("This meeting is not in the book.")
    if not row["ended"]:
        book.put("meetings", {**row, "ended": now.isoformat()}, who, now)


def actions(book: Book, *, only_open: bool = False) -> list[Action]:
    """The actions in the order they were written."""
    found = [_action(row) for row in book.rows("actions")]
    return [one for one in found if one.status == OPEN or not only_open]


def write(book: Book, row: Mapping[str, Any], who: str, now: datetime) -> Action:
    """Keep a new action; its number is the next free one."""
    if not str(row.get("text") or "").strip():
        raise StoreError("Say what is to be done.")
    given = {**row, "filters": json.dumps({key: list(value) for key, value in dict(row.get("filters") or {}).items()})}
    given |= {"status": OPEN, "by": who, "at": now.isoformat()}
    number = _append(book, "actions", given, who, now)
    return next(one for one in actions(book) if one.id == number)


def settle(book: Book, action_id: int, status: str, who: str, now: datetime) -> None:
    """Done, dropped, or open again."""
    row = next((row for row in book.rows("actions") if row["id"] == action_id), None)
    if row is None:
        raise StoreError(f"There is no action {action_id}.")
    closed = {"closed_by": None, "closed_at": None}
    if status != OPEN:
        closed = {"closed_by": who, "closed_at": now.isoformat()}
    book.put_together([("actions", {**row, "status": status, **closed})], who, now, ("actions", [action_id], row))


def annotations(book: Book) -> list[Annotation]:
    """The notes on dates, oldest date first."""
    found = [
        Annotation(
            row["id"],
            date.fromisoformat(row["day"]),
            row["text"],
            row["side"],
            row["by"],
            datetime.fromisoformat(row["at"]),
        )
        for row in book.rows("annotations")
    ]
    return sorted(found, key=lambda one: (one.day, one.id))


def annotate(book: Book, day: date, text: str, side: str, who: str, now: datetime) -> int:
    """Note what happened on a day; its number."""
    if not text.strip():
        raise StoreError("Say what happened.")
    row = {"day": day.isoformat(), "text": text, "side": side, "by": who, "at": now.isoformat()}
    return _append(book, "annotations", row, who, now)


def change_note(book: Book, number: int, day: date, text: str, who: str, now: datetime) -> None:
    """Another day or wording for a note; an empty text takes it away."""
    row = next((row for row in book.rows("annotations") if row["id"] == number), None)
    if row is None:
        raise StoreError("This note is not in the book any more.")
    if not text.strip():
        book.remove("annotations", [number], who, now)
        return
    after = {**row, "day": day.isoformat(), "text": text}
    book.put_together([("annotations", after)], who, now, ("annotations", [number], row))


def _append(book: Book, table: str, row: Mapping[str, Any], who: str, now: datetime) -> int:
    """The row under the next number; who comes second at the same moment takes the one after."""
    for attempt in range(TRIES):
        number = _free(book, table)
        try:
            book.put_together([(table, {**row, "id": number})], who, now, (table, [number], None))
        except StoreError:
            if attempt == TRIES - 1 or number not in {one["id"] for one in book.rows(table)}:
                raise
            continue
        return number
    raise StoreError("The book is being written by others. Try again.")


def _free(book: Book, table: str) -> int:
    """One more than any number the table holds or its history tells of: a number is never given twice."""
    return max([int(row["id"]) for row in book.rows(table)] + [book.last_number(table)]) + 1


def _meeting(row: Mapping[str, Any]) -> Meeting:
    ended = datetime.fromisoformat(row["ended"]) if row["ended"] else None
    started = datetime.fromisoformat(row["started"])
    return Meeting(row["id"], started, ended, row["snapshot"], row["who"], row["query"] or "")


def _action(row: Mapping[str, Any]) -> Action:
    kept: Mapping[str, Sequence[str]] = json.loads(row["filters"] or "{}")
    return Action(
        id=row["id"],
        text=row["text"],
        owner=row["owner"] or "",
        side=row["side"],
        due=_day(row["due"]),
        metric=row["metric"] or "",
        filters={name: tuple(values) for name, values in kept.items()},
        weeks=row["weeks"] or 1,
        week_end=_day(row["week_end"]),
        value=_number(row["value"]),
        cases=_number(row["cases"]),
        expected=_number(row["expected"]),
        snapshot=row["snapshot"] or "",
        meeting=row["meeting"] or "",
        status=row["status"],
        by=row["by"],
        at=datetime.fromisoformat(row["at"]),
        closed_by=row["closed_by"] or "",
        closed_at=datetime.fromisoformat(row["closed_at"]) if row["closed_at"] else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
