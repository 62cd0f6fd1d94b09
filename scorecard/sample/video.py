"""Who watched what: before a deal closes, after a win, and nobody knows who."""

from dataclasses import dataclass

import numpy as np

from scorecard.sample import world
from scorecard.sample.clock import DAY, NEVER, Bools, Floats, Ints, next_working_day, office_minute
from scorecard.sample.deals import Deals
from scorecard.sample.hazards import WON
from scorecard.sample.people import People

MOST_VIEWS = 4


@dataclass(frozen=True)
class Views:
    """One entry a play, in order of time; person -1 is anonymous."""

    at: Ints
    person: Ints
    video: Ints
    percent: Ints
    after_win: Bools
    place: Ints
    second: Ints


def _pick_video(rng: np.random.Generator, count: int, after: bool) -> Ints:
    shares = np.cumsum([video.after if after else video.share for video in world.VIDEOS])
    return np.searchsorted(shares / shares[-1], rng.random(count), side="right").clip(0, len(world.VIDEOS) - 1)


def _percent(rng: np.random.Generator, video: Ints, interest: Floats) -> Ints:
    """How much of it, less of a long one; one view in ten is watched to the end."""
    long = np.array([video.seconds > 600 for video in world.VIDEOS])[video]
    share = rng.beta(1.1 + 0.5 * interest, np.where(long, 2.6, 1.3), video.size)
    return np.where(rng.random(video.size) < 0.10, 100, np.maximum((share * 101).astype(np.int64), 1))


def draw_views(rng: np.random.Generator, people: People, deals: Deals) -> Views:
    """Views follow the first one until the journey is decided; customers then watch the onboarding."""
    viewers = np.flatnonzero(people.watch_at < NEVER)
    gaps = np.cumsum(rng.exponential(11 * DAY, (viewers.size, MOST_VIEWS - 1)).astype(np.int64) + 20, axis=1)
    first = people.watch_at[viewers]
    at = np.concatenate([first[:, None], first[:, None] + gaps], axis=1)
    times = rng.geometric(0.52, viewers.size)
    used = (np.arange(MOST_VIEWS) < times[:, None]) & (at < people.decided_at[viewers][:, None])
    rows, columns = np.nonzero(used)
    before_person, before_at = viewers[rows], at[rows, columns]
    customers = np.flatnonzero((people.outcome == WON) & people.has_email)
    customers = np.repeat(customers, rng.binomial(2, 0.18, customers.size))
    after_at = people.decided_at[customers] + rng.integers(DAY // 2, 50 * DAY, customers.size)
    nobody = int(0.22 * people.count)
    spread = people.created[rng.integers(0, people.count, nobody)]
    anonymous_at = next_working_day(spread // DAY * DAY) + office_minute(rng, nobody)
    person = np.concatenate([before_person, customers, np.full(nobody, -1)])
    moments = np.concatenate([before_at, after_at, anonymous_at])
    after = np.concatenate([np.zeros(before_at.size, bool), np.ones(after_at.size, bool), np.zeros(nobody, bool)])
    video = np.where(after, _pick_video(rng, after.size, True), _pick_video(rng, after.size, False))
    interest = np.where(person >= 0, np.array([s.watch for s in world.SEGMENTS])[people.segment[person]], 0.0)
    percent = _percent(rng, video, interest)
    order = np.lexsort((person, moments))
    place, second = rng.integers(0, 3, after.size), rng.integers(0, 60, after.size)
    return Views(
        at=moments[order],
        person=person[order],
        video=video[order],
        percent=percent[order],
        after_win=after[order],
        place=place[order],
        second=second[order],
    )


@dataclass
class VideoCounts:
    """Views per video and 7-day period, summed over the blocks."""

    views: Ints
    identified: Ints
    percent: Ints
    finished: Ints

    @classmethod
    def empty(cls, periods: int) -> "VideoCounts":
        return cls(*(np.zeros((len(world.VIDEOS), periods), dtype=np.int64) for _ in range(4)))

    def add(self, views: Views, last_cutoff: int) -> None:
        """Counts the views of a block; periods end at the last cutoff and go back by seven days each."""
        periods = self.views.shape[1]
        back = (last_cutoff - 1 - views.at) // (7 * DAY)
        seen = (back >= 0) & (back < periods)
        where = (views.video[seen], periods - 1 - back[seen])
        np.add.at(self.views, where, 1)
        np.add.at(self.identified, where, (views.person[seen] >= 0).astype(np.int64))
        np.add.at(self.percent, where, views.percent[seen])
        np.add.at(self.finished, where, (views.percent[seen] >= 98).astype(np.int64))
