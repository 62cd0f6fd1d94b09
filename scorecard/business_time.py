"""Business hours: what a calendar is written as, and its open hours of every day on the clock of the business."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scorecard.errors import StoreError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "24/7"
WORKING_DAY = "Mon-Fri 09:00-17:00"
_PART = re.compile(r"([a-z]{3})[a-z]*(?:\s*[-–]\s*([a-z]{3})[a-z]*)?\s+(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_MIDNIGHT = 24 * 3600

Hours = Mapping[int, tuple[int, int]]  # weekday (Monday is 0) -> opens and closes, in seconds of the day


@dataclass(frozen=True)
class Calendar:
    """When somebody works: hours per weekday in a time zone, and the days off. `name` '' = everybody else's."""

    name: str
    hours: str
    holidays: str
    time_zone: str


def read_hours(text: str) -> Hours:
    """`Mon-Thu 09:00-17:00, Fri 09:00-15:00` or `24/7`; StoreError says what is wrong."""
    if text.strip() == ALWAYS:
        return dict.fromkeys(range(7), (0, _MIDNIGHT))
    found: dict[int, tuple[int, int]] = {}
    for part in text.lower().split(","):
        match = _PART.fullmatch(part.strip())
        if match is None or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
            raise StoreError(
                f"Business hours are written as {WORKING_DAY}, several with commas, or 24/7; not {text!r}."
            )
        first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
        opens, closes = (int(match[at]) * 3600 + int(match[at + 1]) * 60 for at in (3, 5))
        if not 0 <= opens < closes <= _MIDNIGHT:
            raise StoreError(f"Business hours open before they close, on one day: 09:00-17:00, not {part.strip()!r}.")
        for day in range(first, last + 1 if last >= first else last + 8):
            found[day % 7] = (opens, closes)
    return found


def clean_hours(text: str) -> str:
    """The text as it is kept, if it can be read."""
    read_hours(text)
    return " ".join(text.split())


def read_days(text: str) -> frozenset[date]:
    """`2026-12-25, 2027-01-01` as dates; StoreError names the part that is none."""
    found = set()
    for part in text.replace(";", ",").split(","):
        if part.strip():
            try:
                found.add(date.fromisoformat(part.strip()))
            except ValueError:
                raise StoreError(f"Holidays are written as 2026-12-25, several with commas; not {part!r}.") from None
    return frozenset(found)


def clean_days(text: str) -> str:
    """The days in order, if they can be read."""
    return ", ".join(day.isoformat() for day in sorted(read_days(text)))


def open_hours(calendar: Calendar, zone: str, first: date, last: date) -> Iterator[tuple[date, int, int, int, int]]:
    """Each day of the business's time zone with up to two open spans, in seconds of that day (0, 0 = none).

    Somebody who works in another zone may be open late on one day and early on the next of the business's own.
    """
    hours, off = read_hours(calendar.hours), read_days(calendar.holidays)
    same = calendar.time_zone in ("", zone)
    spans: dict[date, list[tuple[int, int]]] = {}
    for number in range(-2, (last - first).days + 3):
        day = first + timedelta(days=number)
        if day in off or day.weekday() not in hours:
            continue
        opens, closes = (_moment(day, seconds) for seconds in hours[day.weekday()])
        if not same:
            opens, closes = (_moved(at, calendar.time_zone, zone) for at in (opens, closes))
        while opens < closes:
            midnight = datetime.combine(opens.date() + timedelta(days=1), time())
            until = min(closes, midnight)
            start = datetime.combine(opens.date(), time())
            span = (int((opens - start).total_seconds()), int((until - start).total_seconds()))
            spans.setdefault(opens.date(), []).append(span)
            opens = until
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        merged = _merged(spans.get(day, []))
        (opens_1, closes_1), (opens_2, closes_2) = [*merged, (0, 0), (0, 0)][:2]
        yield day, opens_1, closes_1, opens_2, closes_2


def _moment(day: date, seconds: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(seconds=seconds)


def _moved(at: datetime, origin: str, zone: str) -> datetime:
    """The same moment on the clock of another zone, summer time included."""
    return at.replace(tzinfo=ZoneInfo(origin)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that meet as one."""
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found
