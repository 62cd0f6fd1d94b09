"""The deals of a block of people, and what the CRM says about them on any day."""

from dataclasses import dataclass, replace

import numpy as np

from scorecard.sample import world
from scorecard.sample.clock import DAY, NEVER, Bools, Ints, next_working_day, office_minute
from scorecard.sample.hazards import LOST, WON
from scorecard.sample.people import People

NEW, EXPANSION, RENEWAL = 0, 1, 2


@dataclass(frozen=True)
class Deals:
    """Columns of equal length, one entry a deal, in order of creation. Moments are minutes, NEVER if not."""

    number: Ints
    person: Ints  # index into the block's people
    second: Ints  # another contact, -1 if none
    kind: Ints
    created: Ints
    closed: Ints
    outcome: Ints  # 0, WON, LOST
    entered: Ints  # (deals, 5): moments of entering the open stages
    amount_first: Ints
    amount_last: Ints
    changed_at: Ints  # when the first amount became the last
    restated_at: Ints
    restated: Ints
    gone_at: Ints  # from here on missing from the export
    expected: Ints  # the close date first hoped for
    pulled_at: Ints  # when it was pulled in by three weeks
    keeps_date: Bools  # nobody moves an expected date that has passed
    reason: Ints

    @property
    def count(self) -> int:
        return self.number.size


@dataclass(frozen=True)
class DealState:
    """What the CRM says on one day."""

    exists: Bools
    won: Bools
    lost: Bools
    stage: Ints  # 0..4, 5 won, 6 lost
    amount: Ints
    close_date: Ints
    modified: Ints


def draw_deals(rng: np.random.Generator, people: People) -> Deals:
    """One new deal for whoever has one, then expansions and renewals of those who bought."""
    has = np.flatnonzero(people.deal_at < NEVER)
    ended = np.isin(people.outcome[has], (WON, LOST))
    parts = [
        (
            has,
            np.full(has.size, NEW),
            people.deal_at[has],
            np.where(ended, people.decided_at[has], NEVER),
            np.where(ended, people.outcome[has], 0),
        )
    ]
    bought = has[people.outcome[has] == WON]
    parts += [_later(rng, people, bought, EXPANSION, 0.28), _later(rng, people, bought, RENEWAL, 0.8)]
    person, kind, created, closed, outcome = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((person, created))
    return _describe(rng, people, person[order], kind[order], created[order], closed[order], outcome[order])


def _later(rng: np.random.Generator, people: People, bought: Ints, kind: int, share: float) -> tuple[Ints, ...]:
    """Deals with customers: an expansion after some months, a renewal when the year is over."""
    chosen = bought[rng.random(bought.size) < share]
    count = chosen.size
    since = people.decided_at[chosen]
    low, high = (60, 320) if kind == EXPANSION else (300, 335)
    created = since // DAY * DAY + rng.integers(low, high, count) * DAY + office_minute(rng, count)
    length = rng.gamma(2.2, 18, count) if kind == EXPANSION else rng.integers(20, 60, count)
    closed = next_working_day(created // DAY * DAY + (1 + length).astype(np.int64) * DAY + office_minute(rng, count))
    won = rng.random(count) < (0.66 if kind == EXPANSION else 0.87)
    return chosen, np.full(count, kind), next_working_day(created), closed, np.where(won, WON, LOST)


def _amounts(rng: np.random.Generator, people: People, person: Ints, kind: Ints) -> tuple[Ints, Ints]:
    """The first and the last amount of each deal, in whole units of 50."""
    median = np.array([segment.amount for segment in world.SEGMENTS])[people.segment[person]]
    scale = np.array([1.0, 0.45, 0.95])[kind]
    first = median * scale * np.exp(0.32 * rng.standard_normal(person.size))
    change = rng.choice([1.0, 0.8, 0.9, 1.15, 1.3], person.size, p=[0.6, 0.12, 0.1, 0.12, 0.06])
    clipped = np.clip(np.stack([first, first * change]), 4_500, 82_000)
    whole = (clipped / 50).astype(np.int64) * 50
    return whole[0], whole[1]


def _stage_moments(rng: np.random.Generator, created: Ints, length: Ints, outcome: Ints) -> Ints:
    """When each open stage is entered; a deal that is not won stops at some stage."""
    count = created.size
    share = np.sort(rng.random((count, 4)), axis=1) * 0.92
    entered = created[:, None] + (share * length[:, None]).astype(np.int64)
    reach = np.where(outcome == WON, 4, rng.integers(0, 5, count))
    entered = np.where(np.arange(1, 5) <= reach[:, None], entered, NEVER)
    return np.concatenate([created[:, None], entered], axis=1)


def _describe(
    rng: np.random.Generator, people: People, person: Ints, kind: Ints, created: Ints, closed: Ints, outcome: Ints
) -> Deals:
    """Everything about the deals that does not depend on the day one looks."""
    count = person.size
    length = np.where(closed < NEVER, closed - created, 200 * DAY)
    amount_first, amount_last = _amounts(rng, people, person, kind)
    changes = amount_first != amount_last
    changed_at = created + (rng.random(count) * 0.95 * length).astype(np.int64)
    colleague = people.earlier[person]
    second = np.where((rng.random(count) < 0.10) & (colleague >= 0), colleague, -1)
    expected = next_working_day(created // DAY * DAY + rng.integers(25, 120, count) * DAY + 600)
    pulled = (rng.random(count) < 0.10) & (length > 20 * DAY)
    never = np.full(count, NEVER)
    return Deals(
        number=3 * people.number[person] + kind,
        person=person,
        second=second,
        kind=kind,
        created=created,
        closed=closed,
        outcome=outcome,
        entered=_stage_moments(rng, created, length, outcome),
        amount_first=amount_first,
        amount_last=amount_last,
        changed_at=np.where(changes, changed_at, NEVER),
        restated_at=never,
        restated=amount_last,
        gone_at=never,
        expected=expected,
        pulled_at=np.where(pulled, created + (rng.random(count) * length).astype(np.int64), never),
        keeps_date=rng.random(count) < 0.12,
        reason=rng.integers(0, len(world.LOSS_REASONS), count),
    )


def state_at(deals: Deals, cutoff: int) -> DealState:
    """The deals as an export taken at `cutoff` shows them."""
    is_closed = deals.closed < cutoff
    won, lost = is_closed & (deals.outcome == WON), is_closed & (deals.outcome == LOST)
    stage = (deals.entered < cutoff).sum(axis=1) - 1
    amount = np.where(deals.changed_at < cutoff, deals.amount_last, deals.amount_first)
    amount = np.where(deals.restated_at < cutoff, deals.restated, amount)
    pulled = deals.pulled_at < cutoff
    hoped = next_working_day(deals.expected - np.where(pulled, 21 * DAY, 0))
    hoped = np.maximum(hoped, deals.created // DAY * DAY + 600)
    late = np.maximum(-((hoped - cutoff) // (30 * DAY)), 0) * ~deals.keeps_date
    moved_on = np.where(late > 0, hoped + (late - 1) * 30 * DAY, 0)
    events = [deals.entered, deals.changed_at[:, None], deals.pulled_at[:, None]]
    events += [deals.closed[:, None], deals.restated_at[:, None]]
    moments = np.concatenate(events, axis=1)
    seen = np.where(moments < cutoff, moments, 0).max(axis=1)
    modified = np.where(is_closed, seen, np.maximum(seen, np.where(moved_on < cutoff, moved_on, 0)))
    return DealState(
        exists=(deals.created < cutoff) & (deals.gone_at >= cutoff),
        won=won,
        lost=lost,
        stage=np.where(won, 5, np.where(lost, 6, stage)),
        amount=amount,
        close_date=np.where(is_closed, deals.closed, hoped + late * 30 * DAY),
        modified=modified,
    )


def plant_oddities(deals: Deals, cutoffs: tuple[int, ...]) -> tuple[Deals, dict[str, int]]:
    """A won deal restated after the first export and an open one that vanishes in the last; their indexes."""
    planted: dict[str, int] = {}
    if len(cutoffs) < 2:
        return deals, planted
    first, last = cutoffs[0], cutoffs[-1]
    recent = (deals.outcome == WON) & (deals.kind == NEW)
    recent &= (deals.closed < first) & (deals.closed >= first - 28 * DAY) & (deals.changed_at >= NEVER)
    opened = (deals.created < first - 30 * DAY) & (deals.closed >= last + 14 * DAY) & (deals.kind == NEW)
    restated_at, restated, gone_at = deals.restated_at.copy(), deals.restated.copy(), deals.gone_at.copy()
    if recent.any():
        index = int(np.flatnonzero(recent)[-1])
        planted["restated"] = index
        restated_at[index] = first + 2 * DAY + 615
        restated[index] = deals.amount_last[index] // 100 * 85
    if opened.any():
        index = int(np.flatnonzero(opened)[0])
        planted["missing"] = index
        gone_at[index] = cutoffs[-2]
    return replace(deals, restated_at=restated_at, restated=restated, gone_at=gone_at), planted
