"""Touches before a deal closes, and the calls and mails of those who sell."""

from dataclasses import dataclass

import numpy as np

from scorecard.sample import world
from scorecard.sample.clock import DAY, NEVER, Bools, Floats, Ints, office_minute, to_office_hours
from scorecard.sample.deals import Deals
from scorecard.sample.people import People

MOST_TOUCHES = 6
AUTOMATED, ATTEMPT, REPLY, MEETING, CALL_AGAIN = range(5)


@dataclass(frozen=True)
class Touches:
    """One entry a touch, in order of time."""

    at: Ints
    person: Ints
    channel: Ints
    campaign: Ints


@dataclass(frozen=True)
class Activities:
    """One entry an activity, in order of time; `what` is one of the five reasons above."""

    at: Ints
    person: Ints
    team: Ints
    seller: Ints
    what: Ints
    variant: Floats  # 0..1, decides type and outcome


def _touch_counts(rng: np.random.Generator, people: People) -> Ints:
    """Some unknown sources are people no touch was ever recorded of."""
    count = rng.geometric(0.62, people.count)
    none = np.where(people.source == world.UNKNOWN, 0.65, 0.05)
    lone = (rng.random(people.count) < none) | ~people.has_email
    return np.where(lone, 0, np.minimum(count, MOST_TOUCHES))


def draw_touches(rng: np.random.Generator, people: People) -> Touches:
    """The first touch is mostly the source's own channel, at or shortly before the record was made."""
    count = _touch_counts(rng, people)
    slot = np.arange(MOST_TOUCHES)
    shape = (people.count, MOST_TOUCHES)
    later_edges = np.cumsum(world.LATER_TOUCHES)
    later = np.searchsorted(later_edges / later_edges[-1], rng.random(shape), side="right").clip(0, 8)
    own = (rng.random(shape) < np.where(slot == 0, 0.92, 0.35)) & (people.source != world.UNKNOWN)[:, None]
    channel = np.where(own, people.source[:, None], later)
    lead = np.where(rng.random(people.count) < 0.55, 1, rng.exponential(9 * DAY, people.count)).astype(np.int64)
    first = people.created - np.minimum(lead, 100 * DAY)
    end = np.minimum(people.decided_at, people.created + 150 * DAY)
    share = np.sort(rng.random(shape) ** 1.5, axis=1)
    at = people.created[:, None] + (share * (end - people.created - 1)[:, None]).astype(np.int64)
    at[:, 0] = first
    used = slot < count[:, None]
    rows, columns = np.nonzero(used)
    times = at[rows, columns]
    order = np.lexsort((rows, times))
    campaign = rng.integers(0, 2, rows.size)
    return Touches(times[order], rows[order], channel[rows, columns][order], campaign[order])


def _after(rng: np.random.Generator, start: Ints, low: int, high: int, limit: Ints) -> Ints:
    """Some working moment after the start, NEVER if that would be past the limit."""
    known = start < NEVER
    at = to_office_hours(rng, np.where(known, start, 0) + rng.integers(low, high, start.size))
    return np.where(known & (at < limit), at, NEVER)


def _chosen(rng: np.random.Generator, at: Ints, share: float) -> Ints:
    return np.where(rng.random(at.size) < share, at, NEVER)


def draw_activities(rng: np.random.Generator, people: People, deals: Deals) -> Activities:
    """Sequence mails, first follow-ups, answers, second tries, and the meetings of open deals."""
    everyone = np.arange(people.count)
    mailed = people.has_email  # without an address an activity could not be told whose it is
    automated = _chosen(rng, np.where(people.mql_at < NEVER, people.mql_at + 4, NEVER), 0.25)
    attempt = people.attempt_at
    reply = _chosen(rng, _after(rng, attempt, 120, 2 * DAY, people.decided_at), 0.30)
    again = _chosen(rng, _after(rng, attempt, DAY, 4 * DAY, people.decided_at), 0.20)
    parts: list[tuple[Ints, Ints, int]] = [
        (everyone, automated, AUTOMATED),
        (everyone, attempt, ATTEMPT),
        (everyone, reply, REPLY),
        (everyone, again, CALL_AGAIN),
    ]
    length = np.where(deals.closed < NEVER, deals.closed - deals.created, 90 * DAY)
    for share in (0.15, 0.6):
        moment = deals.created + (share * length).astype(np.int64)
        met = moment // DAY * DAY + office_minute(rng, deals.count)
        met = np.where((met > deals.created) & (met < deals.closed), met, NEVER)
        parts.append((deals.person, _chosen(rng, met, 0.6), MEETING))
    person = np.concatenate([part[0] for part in parts])
    at = np.concatenate([part[1] for part in parts])
    what = np.concatenate([np.full(part[0].size, part[2]) for part in parts])
    kept = (at < NEVER) & mailed[person]
    person, at, what = person[kept], at[kept], what[kept]
    order = np.lexsort((what, person, at))
    person, at, what = person[order], at[order], what[order]
    return Activities(at, person, people.team[person], people.seller[person], what, rng.random(at.size))


def origin_channels(people: People, deals: Deals, touches: Touches) -> Ints:
    """Per deal the channel of the earliest touch of its people in the 365 days up to its creation, -1 if none."""
    best = np.full(deals.count, NEVER)
    channel = np.full(deals.count, -1)
    grouped = np.lexsort((touches.at, touches.person))
    starts = np.searchsorted(touches.person[grouped], np.arange(people.count + 1))
    for contact in (deals.person, deals.second):
        known = contact >= 0
        first, last = starts[contact], starts[contact + 1]
        for offset in range(MOST_TOUCHES):
            row = first + offset
            inside = known & (row < last)
            touch = grouped[np.where(inside, row, 0)] if grouped.size else np.zeros(deals.count, dtype=np.int64)
            if not grouped.size:
                break
            at = touches.at[touch]
            better = inside & (at <= deals.created) & (at >= deals.created - 365 * DAY) & (at < best)
            best = np.where(better, at, best)
            channel = np.where(better, touches.channel[touch], channel)
    return channel


def is_human(activities: Activities) -> Bools:
    """Follow-ups by a person, not by a sequence and not by the lead."""
    return (activities.what != AUTOMATED) & (activities.what != REPLY)
