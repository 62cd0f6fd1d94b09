"""Minutes as the unit of time: drawing plausible moments and writing them the way exports do."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

NEVER = 1 << 40  # later than any moment written
DAY = 1440
WORKING_DAY = 480
HISTORY_DAYS = 730
_EPOCH = date(1970, 1, 1)
_WEEKDAY_WEIGHTS = (1.0, 1.1, 1.1, 1.05, 0.9, 0.3, 0.25)
_MONTH_WEIGHTS = (1.0, 1.05, 1.1, 1.0, 1.05, 1.0, 0.85, 0.8, 1.1, 1.15, 1.1, 0.75)


def day_number(day: date) -> int:
    return (day - _EPOCH).days


@dataclass(frozen=True)
class Clock:
    """The history of the sample: `cutoffs` are the ends of the export days, in minutes; a record is in the
    export of a week when it happened before that week's cutoff."""

    first_day: int
    as_ofs: tuple[date, ...]
    cutoffs: tuple[int, ...]
    day_texts: Texts  # [0] is blank
    minute_texts: Texts  # [1440] is blank

    def stamps(self, minutes: Ints, known: Bools | None = None) -> Texts:
        """`2026-11-15 09:30`, blank where not known."""
        known = minutes < NEVER if known is None else known & (minutes < NEVER)
        days = np.where(known, minutes // DAY - self.first_day + 1, 0)
        return self.day_texts[days] + self.minute_texts[np.where(known, minutes % DAY, DAY)]


def make_clock(as_of: date, weeks: int) -> Clock:
    as_ofs = tuple(as_of - timedelta(days=7 * back) for back in reversed(range(weeks)))
    table_first = as_of - timedelta(days=HISTORY_DAYS + 120)
    days = [(table_first + timedelta(days=number)).isoformat() for number in range(HISTORY_DAYS + 120 + 1100)]
    minutes = [f" {number // 60:02d}:{number % 60:02d}" for number in range(DAY)]
    return Clock(
        first_day=day_number(table_first),
        as_ofs=as_ofs,
        cutoffs=tuple((day_number(day) + 1) * DAY for day in as_ofs),
        day_texts=np.array(["", *days], dtype=object),
        minute_texts=np.array([*minutes, ""], dtype=object),
    )


def daily_intensity(rng: np.random.Generator, as_of: date) -> Floats:
    """Cumulative share of people created by the end of each day: trend, season, weekday and weekly noise."""
    first = as_of - timedelta(days=HISTORY_DAYS - 1)
    days = [first + timedelta(days=number) for number in range(HISTORY_DAYS)]
    trend = 1 + 0.25 * np.arange(HISTORY_DAYS) / HISTORY_DAYS
    season = np.array([_MONTH_WEIGHTS[day.month - 1] * _WEEKDAY_WEIGHTS[day.weekday()] for day in days])
    noise = np.repeat(rng.gamma(60, 1 / 60, HISTORY_DAYS // 7 + 1), 7)[:HISTORY_DAYS]
    weight = trend * season * noise
    return np.cumsum(weight) / weight.sum()


def creation_minutes(
    rng: np.random.Generator, cumulative: Floats, as_of: date, first: int, count: int, total: int
) -> Ints:
    """Ascending moments of creation of people `first` .. `first + count` of `total`."""
    share = (first + np.arange(count) + rng.random(count)) / total
    day = np.searchsorted(cumulative, share, side="right").clip(0, HISTORY_DAYS - 1)
    start = day_number(as_of) - HISTORY_DAYS + 1
    return np.sort((start + day) * DAY + office_minute(rng, count, spread=200.0))


def office_minute(rng: np.random.Generator, count: int, spread: float = 130.0) -> Ints:
    """Minutes of a day, around the early afternoon."""
    return np.clip(rng.normal(800, spread, count), 5, DAY - 5).astype(np.int64)


def next_working_day(minutes: Ints) -> Ints:
    """The same time of day, moved off Saturday and Sunday."""
    weekday = (minutes // DAY + 3) % 7  # 1970-01-01 was a Thursday
    return minutes + np.select([weekday == 5, weekday == 6], [2 * DAY, DAY], 0)


def worked(minutes: Ints) -> Ints:
    """Minutes of Monday to Friday 09:00-17:00 before a moment; the difference of two is the work between them."""
    day = minutes // DAY + 3  # 1970-01-01 was a Thursday
    weekday = day % 7
    today = np.where(weekday < 5, np.clip(minutes % DAY - 540, 0, WORKING_DAY), 0)
    return day // 7 * 5 * WORKING_DAY + np.minimum(weekday, 5) * WORKING_DAY + today


def to_office_hours(rng: np.random.Generator, minutes: Ints) -> Ints:
    """Moments outside Monday to Friday 08:30-17:30 move to the next morning of work."""
    jitter = rng.integers(0, 45, minutes.size)
    of_day = minutes % DAY
    midnight = minutes - of_day
    moved = np.where(of_day < 510, midnight + 510 + jitter, minutes)
    moved = np.where(of_day > 1050, midnight + DAY + 510 + jitter, moved)
    weekend = next_working_day(moved) != moved
    return np.where(weekend, next_working_day(moved) // DAY * DAY + 510 + jitter, moved)
