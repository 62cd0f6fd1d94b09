"""One block of people: who they are, when they came, and how their journey goes until it is decided."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from scorecard.sample import hazards, world
from scorecard.sample.clock import (
    DAY,
    HISTORY_DAYS,
    NEVER,
    Bools,
    Clock,
    Floats,
    Ints,
    creation_minutes,
    next_working_day,
    office_minute,
    to_office_hours,
)


@dataclass(frozen=True)
class Companies:
    """The companies of a block; a company comes into being with its first person."""

    number: Ints
    created: Ints
    region: Ints
    segment: Ints
    country: Ints
    employees: Ints


@dataclass(frozen=True)
class People:
    """Columns of equal length, one entry a person. Moments are minutes, NEVER if it does not happen."""

    number: Ints
    created: Ints
    source: Ints
    raw: Ints  # which of the source's words the CRM says
    company: Ints  # index into the block's companies
    earlier: Ints  # index of an earlier person of the same company, -1 if none
    segment: Ints
    region: Ints
    team: Ints
    seller: Ints
    first_name: Ints
    last_name: Ints
    has_email: Bools
    follow: Ints  # index into FOLLOW_CLASSES
    watch_at: Ints  # first video, if nothing is decided before
    outcome: Ints  # 0 undecided, WON, LOST, DISQUALIFIED
    decided_at: Ints
    deal_at: Ints
    mql_at: Ints
    attempt_at: Ints  # first human follow-up
    sql_at: Ints
    assigned_at: Ints  # given to an owner after the hand-over

    @property
    def count(self) -> int:
        return self.number.size


@dataclass(frozen=True)
class Block:
    """A share of the people, drawn from its own random stream, so blocks can be made one after the other."""

    first: int
    count: int
    total: int
    is_last: bool


def blocks(total: int, size: int = 25_000) -> list[Block]:
    edges = np.linspace(0, total, max(1, -(-total // size)) + 1).astype(int).tolist()
    return [Block(first, last - first, total, last == total) for first, last in pairwise(edges)]


def _choice(rng: np.random.Generator, shares: tuple[float, ...], count: int) -> Ints:
    edges = np.cumsum(np.array(shares) / sum(shares))
    return np.searchsorted(edges[:-1], rng.random(count), side="right").astype(np.int64)


def _draw_sources(rng: np.random.Generator, created: Ints, as_of_minute: int) -> Ints:
    """Shares drift from the first to the last mix over the history."""
    age = np.clip((as_of_minute - created) / (HISTORY_DAYS * DAY), 0, 1)
    first = np.cumsum([source.share_first for source in world.SOURCES])
    last = np.cumsum([source.share_last for source in world.SOURCES])
    edges = age[:, None] * first / first[-1] + (1 - age[:, None]) * last / last[-1]
    return (rng.random(created.size)[:, None] >= edges[:, :-1]).sum(axis=1).astype(np.int64)


def _draw_companies(rng: np.random.Generator, block: Block, created: Ints) -> tuple[Companies, Ints, Ints]:
    """The companies, each person's company, and an earlier colleague of each person."""
    is_new = rng.random(block.count) < 0.36
    is_new[0] = True
    so_far = np.cumsum(is_new)
    company = np.where(is_new, so_far - 1, (rng.random(block.count) * so_far).astype(np.int64))
    order = np.lexsort((np.arange(block.count), company))
    earlier = np.full(block.count, -1, dtype=np.int64)
    same = company[order[1:]] == company[order[:-1]]
    earlier[order[1:][same]] = order[:-1][same]
    count = int(so_far[-1])
    segment = _choice(rng, tuple(segment.share for segment in world.SEGMENTS), count)
    sizes = np.array([segment.employees for segment in world.SEGMENTS])[segment]
    companies = Companies(
        number=block.first + np.arange(count),
        created=created[is_new],
        region=_choice(rng, world.REGION_SHARES, count),
        segment=segment,
        country=rng.integers(0, 2, count),
        employees=sizes[:, 0] + (rng.random(count) ** 2 * (sizes[:, 1] - sizes[:, 0])).astype(np.int64),
    )
    return companies, company, earlier


def _draw_sellers(rng: np.random.Generator, region: Ints) -> tuple[Ints, Ints]:
    """A team that serves the region, the larger ones more often, and one of its sellers."""
    teams = [
        [index for index, team in enumerate(world.TEAMS) if number in team.regions for _ in team.sellers]
        for number in range(3)
    ]
    pick = rng.random(region.size)
    team = np.zeros(region.size, dtype=np.int64)
    for number, able in enumerate(teams):
        here = region == number
        team[here] = np.array(able)[(pick[here] * len(able)).astype(np.int64)]
    sizes = np.array([len(team.sellers) for team in world.TEAMS])[team]
    return team, (rng.random(region.size) * sizes).astype(np.int64)


def _draw_watch(rng: np.random.Generator, source: Ints, segment: Ints) -> Floats:
    """Days from creation to the first video, negative if before, infinite if never."""
    chance = np.array([source.watch for source in world.SOURCES])[source]
    chance = chance * np.array([segment.watch for segment in world.SEGMENTS])[segment] * world.WATCH_SHARE
    count = source.size
    before = rng.random(count) < 0.30
    day = np.where(before, -rng.exponential(6, count), rng.exponential(28, count))
    return np.where(rng.random(count) < np.minimum(chance, 0.85), day, np.inf)


def _draw_follow(rng: np.random.Generator, team: Ints) -> Ints:
    edges = np.cumsum([team.classes for team in world.TEAMS], axis=1)[team] / 100
    return (rng.random(team.size)[:, None] >= edges[:, :-1]).sum(axis=1).astype(np.int64)


def _deal_moments(rng: np.random.Generator, created: Ints, outcome: Ints, decided: Ints) -> Ints:
    """A deal is opened somewhere on the way to its end; a few of the never-deciding have one that lingers."""
    count = created.size
    share = rng.beta(1.3, 2.6, count)
    lingering = (outcome == 0) & (rng.random(count) < 0.4)
    ends = (outcome == hazards.WON) | (outcome == hazards.LOST)
    length = np.where(ends, decided - created, 0)
    at = created + 40 + np.where(ends, share * np.maximum(length - 80, 0), (5 + 60 * share) * DAY).astype(np.int64)
    by_day = to_office_hours(rng, at)
    at = np.where(by_day < decided - 40, by_day, at)
    return np.where(ends | lingering, at, NEVER)


def _hand_over(
    rng: np.random.Generator, created: Ints, outcome: Ints, decided: Ints, deal: Ints, follow: Ints, source: Ints
) -> tuple[Ints, Ints, Ints]:
    """Marketing qualified, first human follow-up, sales qualified."""
    count = created.size
    has_deal = deal < NEVER
    lag = np.where(rng.random(count) < 0.6, rng.integers(1, 60, count), rng.exponential(3 * DAY, count)).astype(
        np.int64
    )
    room = np.minimum(deal, decided) - created
    mql = created + np.minimum(lag, np.maximum(room // 3, 1))
    skipped = (source == world.OUTBOUND) & (rng.random(count) < 0.6)
    mql = np.where((has_deal | (rng.random(count) < 0.42)) & ~skipped, mql, NEVER)
    low, high = np.array([*world.FOLLOW_MINUTES, (0, 1)])[follow].T
    wait = (low + rng.random(count) * (high - low)).astype(np.int64)
    attempt = to_office_hours(rng, np.where(mql < NEVER, mql, created) + wait)
    early = (rng.random(count) < 0.01) & (mql - created > 45)
    attempt = np.where(early, mql - 40, attempt)
    attempt = np.where(has_deal, np.where(follow == 3, deal, np.minimum(attempt, deal)), attempt)
    tried = (mql < NEVER) & (has_deal | ((follow < 3) & (attempt < decided)))
    sql = np.where(has_deal & (mql < NEVER), mql + (0.6 * (deal - mql)).astype(np.int64), NEVER)
    return mql, np.where(tried, attempt, NEVER), sql


def _assigned(number: Ints, source: Ints, mql: Ints, attempt: Ints) -> Ints:
    """When the lead was given to somebody: minutes later, but lists of events are handed out the next working day.

    Of the person's number, not of the random stream: nothing else in the sample depends on it.
    """
    spread = number * 2_654_435_761 % (1 << 32) / (1 << 32)
    soon = mql + 1 + (spread * 9).astype(np.int64)
    next_day = next_working_day(mql // DAY * DAY + DAY) // DAY * DAY + 9 * 60 + (spread * 90).astype(np.int64)
    at = np.where(source == world.EVENTS, next_day, soon)
    before = np.maximum(mql, attempt - 4 - (spread * 40).astype(np.int64))
    at = np.where((attempt < NEVER) & (attempt >= mql), np.minimum(at, before), at)
    return np.where(mql < NEVER, at, NEVER)


def draw_people(
    rng: np.random.Generator, block: Block, cumulative: Floats, as_of: date, clock: Clock
) -> tuple[People, Companies]:
    """The block's people with everything that will ever happen to them, seen or not by the last export."""
    count = block.count
    created = creation_minutes(rng, cumulative, as_of, block.first, count, block.total)
    source = _draw_sources(rng, created, clock.cutoffs[-1])
    companies, company, earlier = _draw_companies(rng, block, created)
    segment, region = companies.segment[company], companies.region[company]
    team, seller = _draw_sellers(rng, region)
    follow = _draw_follow(rng, team)
    has_email = rng.random(count) > 0.015
    watch = np.where(has_email, _draw_watch(rng, source, segment), np.inf)  # without an address nobody is recognised
    factor = np.array(world.FOLLOW_HAZARD)[follow]
    outcome, days = hazards.draw_outcomes(rng, source, segment, watch, factor)
    known = outcome > 0
    decided = created + np.maximum((np.where(known, days, 0) * DAY).astype(np.int64), 120)
    by_hand = known & (days > 2)
    decided = np.where(by_hand, next_working_day(decided // DAY * DAY + office_minute(rng, count)), decided)
    decided = np.where(known, decided, NEVER)
    deal = _deal_moments(rng, created, outcome, decided)
    mql, attempt, sql = _hand_over(rng, created, outcome, decided, deal, follow, source)
    watched = np.isfinite(watch)
    watch_at = np.where(watched, created + (np.where(watched, watch, 0) * DAY).astype(np.int64), NEVER)
    return People(
        number=block.first + np.arange(count),
        created=created,
        source=source,
        raw=(rng.random(count) * np.array([len(s.raw) for s in world.SOURCES])[source]).astype(np.int64),
        company=company,
        earlier=earlier,
        segment=segment,
        region=region,
        team=team,
        seller=seller,
        first_name=rng.integers(0, len(world.FIRST_NAMES), count),
        last_name=rng.integers(0, len(world.LAST_NAMES), count),
        has_email=has_email,
        follow=follow,
        watch_at=np.where(watch_at < decided, watch_at, NEVER),
        outcome=outcome,
        decided_at=decided,
        deal_at=deal,
        mql_at=mql,
        attempt_at=attempt,
        sql_at=sql,
        assigned_at=_assigned(block.first + np.arange(count), source, mql, attempt),
    ), companies
