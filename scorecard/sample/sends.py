"""Videos the sellers send one to one: in place of a mail of text, before a meeting, and in between."""

from dataclasses import dataclass

import numpy as np

from scorecard.sample.clock import DAY, NEVER, Bools, Ints, next_working_day, office_minute
from scorecard.sample.deals import NEW, Deals
from scorecard.sample.people import People
from scorecard.sample.touches import ATTEMPT, MEETING, REPLY, Activities
from scorecard.sample.video import Views

# Chance that a mail carries a video: more often where it is answered, which makes the planted difference.
SENT_IF_ANSWERED, SENT_IF_NOT = 0.40, 0.25
TO_VIEWERS = 2.0  # times that chance, if the receiver has watched half of a video before
BEFORE_MEETING, IN_A_DEAL = 0.22, 0.30
OPENED, PLAYED, NOTED = 0.58, 0.80, 0.75
DEEP = 0.5  # as deep as `video_engaged` asks


@dataclass(frozen=True)
class Sends:
    """One entry a video sent, in order of time. Moments are minutes, NEVER if it did not happen."""

    at: Ints
    person: Ints
    video: Ints  # index into SENT_VIDEOS
    number: Ints  # of this person's, from 0
    opened: Ints
    viewed: Ints
    percent: Ints
    replied: Ints  # as the sending platform noted it


def draw_sends(rng: np.random.Generator, people: People, deals: Deals, activities: Activities, views: Views) -> Sends:
    """Only who had watched half of a video before plays a sent one: first views, and what they do, stay as planted."""
    engaged = _engaged_at(people, views)
    parts = [
        _with_a_mail(rng, people, activities, engaged),
        _before_a_meeting(rng, activities),
        _in_a_deal(rng, deals),
    ]
    at = np.concatenate([part[0] for part in parts])
    person = np.concatenate([part[1] for part in parts])
    replied = np.concatenate([part[2] for part in parts])
    video = np.concatenate([np.full(part[0].size, number > 0, dtype=np.int64) for number, part in enumerate(parts)])
    kept = (at < people.decided_at[person]) & (at > people.created[person]) & people.has_email[person]
    at, person, replied, video = at[kept], person[kept], replied[kept], video[kept]
    order = np.lexsort((video, person, at))
    at, person, replied, video = at[order], person[order], replied[order], video[order]
    plays = (engaged[person] < at) & (rng.random(at.size) < PLAYED)
    replied = np.where(rng.random(at.size) < NOTED, replied, NEVER)
    opens = plays | (replied < NEVER) | (rng.random(at.size) < OPENED)
    slow = np.where(rng.random(at.size) < 0.3, 3 * DAY, 200)  # the same day, or when they get to it
    delay = 2 + np.minimum(rng.exponential(slow), 12 * DAY).astype(np.int64)
    opened = np.where(opens, np.minimum(at + delay, replied - 10), NEVER)
    viewed = np.where(plays, opened + 1 + rng.integers(0, 4, at.size), NEVER)
    percent = np.clip((rng.beta(2.4, 1.1, at.size) * 104).astype(np.int64), 3, 100)
    return Sends(at, person, video, _occurrence(person), opened, viewed, percent, replied)


def _engaged_at(people: People, views: Views) -> Ints:
    """Per person the first moment half of a video had been watched."""
    found = np.full(people.count, NEVER)
    deep = (views.person >= 0) & (views.percent >= 100 * DEEP)
    np.minimum.at(found, views.person[deep], views.at[deep])
    return found


def _with_a_mail(
    rng: np.random.Generator, people: People, activities: Activities, engaged: Ints
) -> tuple[Ints, Ints, Ints]:
    """First mails by hand that carried a video, and when they were answered."""
    answer = np.full(people.count, NEVER)
    replies = activities.what == REPLY
    np.minimum.at(answer, activities.person[replies], activities.at[replies])
    mails = np.flatnonzero((activities.what == ATTEMPT) & (activities.variant < 0.4))
    person, at = activities.person[mails], activities.at[mails]
    answered = (answer[person] > at) & (answer[person] < at + 7 * DAY)
    chance = np.where(answered, SENT_IF_ANSWERED, SENT_IF_NOT) * np.where(engaged[person] < at, TO_VIEWERS, 1)
    chosen = rng.random(mails.size) < chance
    return at[chosen], person[chosen], np.where(answered, answer[person], NEVER)[chosen]


def _before_a_meeting(rng: np.random.Generator, activities: Activities) -> tuple[Ints, Ints, Ints]:
    """Some meetings of a deal were prepared by a video, one to five days ahead."""
    meetings = np.flatnonzero(activities.what == MEETING)
    meetings = meetings[rng.random(meetings.size) < BEFORE_MEETING]
    day = activities.at[meetings] // DAY - rng.integers(1, 6, meetings.size)
    at = day * DAY + office_minute(rng, meetings.size)
    return at, activities.person[meetings], np.full(at.size, NEVER)


def _in_a_deal(rng: np.random.Generator, deals: Deals) -> tuple[Ints, Ints, Ints]:
    """And some deals get one at any moment; a few answer the seller's platform within two days."""
    chosen = np.flatnonzero((deals.kind == NEW) & (rng.random(deals.count) < IN_A_DEAL))
    end = np.where(deals.closed[chosen] < NEVER, deals.closed[chosen], deals.created[chosen] + 90 * DAY)
    share = rng.random(chosen.size)
    moment = deals.created[chosen] + (share * (end - deals.created[chosen])).astype(np.int64)
    at = next_working_day(moment // DAY * DAY) + office_minute(rng, chosen.size)
    at = np.where(at < end, at, NEVER)
    replied = np.where(rng.random(chosen.size) < 0.16, at + rng.integers(60, 2 * DAY, chosen.size), NEVER)
    return at, deals.person[chosen], replied


def _occurrence(person: Ints) -> Ints:
    """0, 1, ... for the first, second, ... entry of the same person."""
    order = np.argsort(person, kind="stable")
    ordered = person[order]
    starts = np.r_[True, ordered[1:] != ordered[:-1]] if person.size else np.zeros(0, dtype=bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(person.size), 0))
    found = np.empty(person.size, dtype=np.int64)
    found[order] = np.arange(person.size) - first
    return found


def changed(sends: Sends, start: int, end: int) -> Bools:
    """Sends of which an export of the days from `start` up to `end` has news: made, opened, played or answered then."""
    moments = (sends.at, sends.opened, sends.viewed, sends.replied)
    return np.any([(moment >= start) & (moment < end) for moment in moments], axis=0)
