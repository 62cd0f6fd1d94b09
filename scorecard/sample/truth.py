"""What was really planted, counted from the generator's own state while the files are written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from scorecard.sample import hazards, world
from scorecard.sample.clock import DAY, NEVER, WORKING_DAY, Bools, Clock, Ints, day_number, worked
from scorecard.sample.deals import NEW, Deals, DealState, state_at
from scorecard.sample.hazards import WON
from scorecard.sample.people import People
from scorecard.sample.sends import Sends
from scorecard.sample.surveys import Answers
from scorecard.sample.touches import ATTEMPT, Activities
from scorecard.sample.video import Views

HORIZONS = (30, 90, 180, 365)
SIDES = ("marketing", "sales", "partner", "customer", "unknown")
_SIDE_OF_CHANNEL = np.array([SIDES.index(side) for side in world.SIDES])


@dataclass(frozen=True)
class QuarterLevel:
    """A quarter's whole-quarter level: what happened, scaled up where the quarter is not over."""

    marketing_revenue: float
    won_revenue: float
    pipeline: float
    leads: float
    customers: float
    channel_revenue: list[float]  # mean of the last four quarters
    channel_leads: list[float]
    win_rate: float  # of closed deals
    lead_to_win: float  # of the quarter's people, by now


def quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarters_until(as_of: date) -> list[date]:
    """First days of the quarters of the history, the last one holding the as-of date."""
    found = [quarter_start(as_of)]
    while len(found) < 9:
        found.append(quarter_start(found[-1] - timedelta(days=1)))
    return found[::-1]


def _minute(day: date) -> int:
    return day_number(day) * 1440


@dataclass
class Truth:
    """Counts that grow block by block; `as_json` says them."""

    clock: Clock
    weeks: list[Counter[str]] = field(default_factory=list)
    quarters: list[dict[str, Counter[str]]] = field(default_factory=list)
    people: Counter[str] = field(default_factory=Counter)
    teams: Counter[str] = field(default_factory=Counter)
    nps: Counter[str] = field(default_factory=Counter)
    views: Counter[str] = field(default_factory=Counter)
    sends: Counter[str] = field(default_factory=Counter)
    spend: Counter[str] = field(default_factory=Counter)  # cents per quarter/channel
    retention: Counter[str] = field(default_factory=Counter)  # twelve months to the newest paid month
    dirty: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weeks = [Counter() for _ in self.clock.as_ofs]
        self.quarters = [{} for _ in self.clock.as_ofs]

    def add_journeys(self, people: People, deals: Deals) -> None:
        """Shares that win in the end and by each horizon, per source, of people and of new deals."""
        new = deals.kind == NEW
        life = np.where(people.outcome == WON, people.decided_at - people.created, NEVER)
        deal_life = np.where(deals.outcome == WON, deals.closed - deals.created, NEVER)
        deal_source = people.source[deals.person]
        for number, channel in enumerate(world.CHANNELS):
            mine, my_deals = people.source == number, (deal_source == number) & new
            self.people[f"{channel}/people"] += int(mine.sum())
            self.people[f"{channel}/won"] += int((mine & (people.outcome == WON)).sum())
            self.people[f"{channel}/deals"] += int(my_deals.sum())
            self.people[f"{channel}/deals_won"] += int((my_deals & (deals.outcome == WON)).sum())
            for horizon in HORIZONS:
                self.people[f"{channel}/won_{horizon}"] += int((mine & (life <= horizon * DAY)).sum())
                self.people[f"{channel}/deals_won_{horizon}"] += int((my_deals & (deal_life <= horizon * DAY)).sum())

    def add_week(
        self, week: int, people: People, deals: Deals, state: DealState, origin: Ints, unreadable: list[int]
    ) -> None:
        """What the exports of a week say; rows that cannot be read are left out."""
        cutoff = self.clock.cutoffs[week]
        readable = state.exists.copy()
        readable[unreadable] = False
        is_open = readable & ~state.won & ~state.lost
        counts = self.weeks[week]
        counts["people"] += int((people.created < cutoff).sum())
        counts["customers"] += int(((people.outcome == WON) & (people.decided_at < cutoff)).sum())
        counts["deals"] += int(readable.sum())
        counts["open_deals"] += int(is_open.sum())
        counts["open_amount"] += int(state.amount[is_open].sum())
        for name, mask in (("won", state.won), ("lost", state.lost)):
            counts[f"{name}_deals"] += int((mask & readable).sum())
        counts["won_amount"] += int(state.amount[state.won & readable].sum())
        if week > 0:
            self._add_changes(week, deals, state, readable)
        for start in quarters_until(self.clock.as_ofs[week]):
            found = self.quarters[week].setdefault(start.isoformat(), Counter())
            self._add_quarter(found, start, people, deals, state, readable, origin, cutoff)

    def _add_changes(self, week: int, deals: Deals, state: DealState, readable: Bools) -> None:
        """What is different from the week before, among deals that are in both or only in one."""
        before = state_at(deals, self.clock.cutoffs[week - 1])
        both = before.exists & readable
        was_open = both & (before.stage < 5)
        still = was_open & (state.stage < 5)
        counts = self.weeks[week]
        changes = {
            "created": readable & (deals.created >= self.clock.cutoffs[week - 1]),
            "missing": before.exists & ~state.exists,
            "newly_won": was_open & state.won,
            "newly_lost": was_open & state.lost,
            "stage_moved": still & (state.stage != before.stage),
            "amount_up": still & (state.amount > before.amount),
            "amount_down": still & (state.amount < before.amount),
            "close_date_later": still & (state.close_date > before.close_date),
            "close_date_earlier": still & (state.close_date < before.close_date),
            "restated": both & (before.stage >= 5) & (state.amount != before.amount),
        }
        for name, mask in changes.items():
            counts[f"change/{name}"] += int(mask.sum())

    def _add_quarter(
        self,
        counts: Counter[str],
        start: date,
        people: People,
        deals: Deals,
        state: DealState,
        readable: Bools,
        origin: Ints,
        cutoff: int,
    ) -> None:
        low = _minute(start)
        high = min(_minute(quarter_start(start + timedelta(days=100))), cutoff)
        closed = readable & (deals.closed >= low) & (deals.closed < high)
        won, new = closed & state.won, deals.kind == NEW
        source = people.source[deals.person]
        by_field = _SIDE_OF_CHANNEL[source]
        by_origin = np.where(origin >= 0, _SIDE_OF_CHANNEL[origin], by_field)
        arrived = (people.created >= low) & (people.created < high)
        created = readable & (deals.created >= low) & (deals.created < high)
        counts["won_deals"] += int(won.sum())
        counts["won_amount"] += int(state.amount[won].sum())
        counts["won_new_deals"] += int((won & new).sum())
        counts["won_new_amount"] += int(state.amount[won & new].sum())
        counts["lost_deals"] += int((closed & state.lost).sum())
        counts["new_leads"] += int(arrived.sum())
        counts["new_leads_won"] += int((arrived & (people.outcome == WON) & (people.decided_at < cutoff)).sum())
        counts["deals_created"] += int(created.sum())
        counts["pipeline_created"] += int(state.amount[created].sum())
        for rule, sides in (("field", by_field), ("origin", by_origin)):
            for number, side in enumerate(SIDES):
                mine = won & new & (sides == number)
                counts[f"{rule}/{side}/deals"] += int(mine.sum())
                counts[f"{rule}/{side}/amount"] += int(state.amount[mine].sum())
        first = np.where(origin >= 0, origin, source)
        for number, channel in enumerate(world.CHANNELS):
            counts[f"channel/{channel}/amount"] += int(state.amount[won & new & (first == number)].sum())
            counts[f"channel/{channel}/leads"] += int((arrived & (people.source == number)).sum())

    def add_events(self, people: People, activities: Activities, views: Views, answers: Answers) -> None:
        """Follow-up per team, views and answers, as of the last export."""
        cutoff = self.clock.cutoffs[-1]
        shown = np.full(people.count, NEVER)
        first = activities.what == ATTEMPT
        shown[activities.person[first]] = activities.at[first]
        handed = people.mql_at < cutoff - DAY
        wait = shown - people.mql_at
        for number, team in enumerate(world.TEAMS):
            mine = handed & (people.team == number)
            self.teams[f"{team.name}/handed_over"] += int(mine.sum())
            self.teams[f"{team.name}/within_24h"] += int((mine & (wait <= DAY)).sum())
            self.teams[f"{team.name}/within_1h"] += int((mine & (wait <= 60)).sum())
            self.teams[f"{team.name}/before_hand_over"] += int((mine & (wait < 0)).sum())
            due = (people.mql_at < cutoff) & (people.team == number) & (shown >= people.mql_at)
            due &= worked(np.full_like(shown, cutoff)) - worked(people.mql_at) >= WORKING_DAY
            spent = worked(shown) - worked(people.mql_at)
            self.teams[f"{team.name}/due"] += int(due.sum())
            self.teams[f"{team.name}/in_sla"] += int((due & (shown < cutoff) & (spent <= WORKING_DAY)).sum())
            self.teams[f"{team.name}/never"] += int((mine & (shown >= cutoff)).sum())
        seen = views.at < cutoff
        self.views["identified"] += int((seen & (views.person >= 0)).sum())
        self.views["anonymous"] += int((seen & (views.person < 0)).sum())
        self.views["after_win"] += int((seen & views.after_win).sum())
        self._add_viewers(people, cutoff)
        answered = answers.at < cutoff
        for number, channel in enumerate(world.CHANNELS):
            score = answers.score[answered & (people.source[answers.person] == number)]
            self.nps[f"{channel}/answers"] += score.size
            self.nps[f"{channel}/promoters"] += int((score >= 9).sum())
            self.nps[f"{channel}/detractors"] += int((score <= 6).sum())

    def add_sends(self, sends: Sends) -> None:
        """Videos sent by Sales and what became of them, as of the last export."""
        cutoff = self.clock.cutoffs[-1]
        made, played = sends.at < cutoff, sends.viewed < cutoff
        self.sends["sent"] += int(made.sum())
        self.sends["opened"] += int((sends.opened < cutoff).sum())
        self.sends["played"] += int(played.sum())
        self.sends["half_watched"] += int((played & (sends.percent >= 50)).sum())
        self.sends["replied"] += int((sends.replied < cutoff).sum())

    def _add_viewers(self, people: People, cutoff: int) -> None:
        """Of people created 180 days ago or longer: who watched before the end, who won within 180 days."""
        mature = people.created < cutoff - 180 * DAY
        won = (people.outcome == WON) & (people.decided_at - people.created <= 180 * DAY)
        watched = people.watch_at < cutoff
        self.views["viewers"] += int(watched.sum())
        for name, mask in (("viewers", watched), ("others", ~watched)):
            self.views[f"mature_{name}"] += int((mature & mask).sum())
            self.views[f"mature_{name}_won_180"] += int((mature & mask & won).sum())

    def quarter_levels(self, start: date) -> QuarterLevel:
        """The level the plan of a quarter starts from; a quarter not yet begun is like the last one."""
        known = self.quarters[-1]
        chosen = start.isoformat() if start.isoformat() in known else max(known)
        begin = date.fromisoformat(chosen)
        whole = (quarter_start(begin + timedelta(days=100)) - begin).days
        passed = min(whole, (self.clock.as_ofs[-1] - begin).days + 1)
        up = whole / passed
        counts = known[chosen]
        year = [known[key] for key in sorted(known) if key <= chosen][-4:]
        revenue = [[quarter[f"channel/{channel}/amount"] for quarter in year] for channel in world.CHANNELS]
        return QuarterLevel(
            marketing_revenue=up * counts["origin/marketing/amount"],
            won_revenue=up * counts["won_amount"],
            pipeline=up * counts["pipeline_created"],
            leads=up * counts["new_leads"],
            customers=up * counts["won_new_deals"],
            channel_revenue=[sum(amounts) / len(amounts) for amounts in revenue],
            channel_leads=[up * counts[f"channel/{channel}/leads"] for channel in world.CHANNELS],
            win_rate=counts["won_deals"] / max(counts["won_deals"] + counts["lost_deals"], 1),
            lead_to_win=counts["new_leads_won"] / max(counts["new_leads"], 1),
        )

    @property
    def viewer_win_rate(self) -> float:
        return self.views["mature_viewers_won_180"] / max(self.views["mature_viewers"], 1)

    def as_json(self) -> dict[str, Any]:
        """The truth as one JSON object."""
        return {
            "hazard_ratio": world.HAZARD_RATIO,
            "follow_up_hazard": dict(zip(world.FOLLOW_CLASSES, world.FOLLOW_HAZARD, strict=True)),
            "sources": {source.channel: self._source(source) for source in world.SOURCES},
            "as_of": {day.isoformat(): self._week(week) for week, day in enumerate(self.clock.as_ofs)},
            "follow_up": nested(self.teams),
            "nps": nested(self.nps),
            "views": dict(self.views),
            "videos_sent": dict(self.sends),
            "spend_cents": nested(self.spend),
            "retention": dict(self.retention),
            "dirty": self.dirty,
        }

    def _source(self, source: world.Source) -> dict[str, Any]:
        counts = nested(self.people)[source.channel]
        shares = {segment.name: hazards.planted_win_share(source, segment) for segment in world.SEGMENTS}
        planted = sum(segment.share * shares[segment.name] for segment in world.SEGMENTS)
        return {
            "side": source.side,
            "raw": list(source.raw),
            "planted_win_probability": round(planted, 4),
            "planted_win_probability_by_segment": {name: round(share, 4) for name, share in shares.items()},
            "median_days_to_win": source.win_days,
            "people": counts["people"],
            "eventually_won": counts["won"],
            "won_by_day": {str(day): counts[f"won_{day}"] for day in HORIZONS},
            "new_deals": counts["deals"],
            "new_deals_eventually_won": counts["deals_won"],
            "new_deals_won_by_day": {str(day): counts[f"deals_won_{day}"] for day in HORIZONS},
        }

    def _week(self, week: int) -> dict[str, Any]:
        found: dict[str, Any] = nested(self.weeks[week])
        found["week"] = f"week-{week + 1}"
        found["quarters"] = {start: nested(counts) for start, counts in self.quarters[week].items()}
        return found


def nested(counts: Counter[str]) -> dict[str, Any]:
    """`a/b: 1` as {a: {b: 1}}."""
    found: dict[str, Any] = {}
    for key, value in counts.items():
        *path, last = key.split("/")
        place = found
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return found
