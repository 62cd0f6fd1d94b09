"""Writes the sample: block after block of people, then the small files, then the truth."""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scorecard.sample import crm_rows, event_rows, plan_files, recurring, world
from scorecard.sample.clock import DAY, HISTORY_DAYS, NEVER, Floats, daily_intensity, make_clock
from scorecard.sample.deals import Deals, draw_deals, plant_oddities, state_at
from scorecard.sample.hazards import LOST, WON
from scorecard.sample.people import Block, Companies, People, blocks, draw_people
from scorecard.sample.sends import Sends, draw_sends
from scorecard.sample.sheets import Sheets
from scorecard.sample.surveys import Answers, draw_answers
from scorecard.sample.touches import Activities, Touches, draw_activities, draw_touches, origin_channels
from scorecard.sample.truth import Truth
from scorecard.sample.video import VideoCounts, Views, draw_views

# Random streams beside those of the blocks. Sends and money have their own in each block, so nothing else moved.
_SMALL_FILES, _CALENDAR, _SENDS, _MONEY = 1, 2, 3, 4


class Streams(NamedTuple):
    """The random numbers of one block: its rows, the videos Sales sends, what customers pay."""

    rows: np.random.Generator
    sends: np.random.Generator
    money: np.random.Generator


@dataclass(frozen=True)
class Drawn:
    """Everything that happens to the people of one block."""

    people: People
    companies: Companies
    deals: Deals
    touches: Touches
    activities: Activities
    views: Views
    sends: Sends
    answers: Answers
    names: crm_rows.Names
    prices: recurring.Prices
    paid: recurring.Paid
    odd: dict[str, int]  # which rows are dirty, by what is wrong with them


def generate(out: Path, seed: int = 7, people: int = 4000, weeks: int = 3, as_of: date = date(2026, 11, 15)) -> Path:
    """Writes weekly export folders and `truth.json` below `out`; the same arguments give the same bytes."""
    if people < 1 or weeks < 1:
        raise ValueError("A sample needs at least one person and one week.")
    clock = make_clock(as_of, weeks)
    truth = Truth(clock)
    cumulative = daily_intensity(_stream(seed, _CALENDAR), as_of)
    counts = VideoCounts.empty(HISTORY_DAYS // 7)
    out.mkdir(parents=True, exist_ok=True)
    all_blocks = blocks(people)
    with Sheets(out, clock) as sheets:
        for number, block in enumerate(all_blocks):
            is_planted = number == 3 * len(all_blocks) // 4
            streams = Streams(
                _stream(seed, 100 + number),
                np.random.default_rng([seed, _SENDS, number]),
                np.random.default_rng([seed, _MONEY, number]),
            )
            drawn = _draw(streams, block, cumulative, sheets, is_planted)
            _write_block(sheets, truth, drawn)
            counts.add(drawn.views, clock.cutoffs[-1])
        _write_small_files(sheets, truth, counts, _stream(seed, _SMALL_FILES), people / 4000)
    said = {"seed": seed, "people": people, **truth.as_json(), "files": dict(sorted(sheets.rows.items()))}
    (out / "truth.json").write_text(json.dumps(said, separators=(",", ":")) + "\n", encoding="utf-8")
    return out


def _stream(seed: int, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, number])


def _draw(
    streams: Streams,
    block: Block,
    cumulative: Floats,
    sheets: Sheets,
    is_planted: bool,
) -> Drawn:
    clock = sheets.clock
    rng = streams.rows
    people, companies = draw_people(rng, block, cumulative, clock.as_ofs[-1], clock)
    deals = draw_deals(rng, people)
    odd: dict[str, int] = {}
    if is_planted:
        deals, odd = plant_oddities(deals, clock.cutoffs)
        odd |= _choose_dirty(people, deals, clock.cutoffs, set(odd.values()))
        if "closed_before_created" in odd:
            closed = deals.closed.copy()
            closed[odd["closed_before_created"]] = deals.created[odd["closed_before_created"]] - 12 * DAY
            deals = replace(deals, closed=closed)
    touches = draw_touches(rng, people)
    activities = draw_activities(rng, people, deals)
    views = draw_views(rng, people, deals)
    sends = draw_sends(streams.sends, people, deals, activities, views)
    answers = draw_answers(rng, people)
    names = crm_rows.make_names(people, companies)
    prices = recurring.draw_prices(streams.money, deals)
    paid = recurring.draw_paid(streams.money, people, deals, clock.cutoffs[0])
    return Drawn(people, companies, deals, touches, activities, views, sends, answers, names, prices, paid, odd)


def _choose_dirty(people: People, deals: Deals, cutoffs: tuple[int, ...], taken: set[int]) -> dict[str, int]:
    """One deal for each thing that can be wrong with a row, and one person with a misspelt source."""
    old = deals.closed < cutoffs[0] - 20 * DAY
    plain = deals.changed_at >= NEVER
    open_ = (deals.created < cutoffs[0]) & (deals.closed >= cutoffs[-1]) & (deals.gone_at >= NEVER)
    wanted = {
        "unreadable_amount": old & (deals.outcome == WON) & plain,
        "unreadable_date": old & (deals.outcome == LOST),
        "duplicate": old & (deals.outcome == LOST),
        "closed_before_created": old & (deals.outcome == LOST),
        "unknown_stage": open_,
    }
    found: dict[str, int] = {}
    for name, mask in wanted.items():
        rows = [row for row in np.flatnonzero(mask).tolist() if row not in taken]
        if rows:
            found[name] = rows[len(rows) // 2]
            taken.add(found[name])
    organic = (people.source == 0) & (people.created < cutoffs[0]) & (people.deal_at >= NEVER)
    if organic.any():
        found["odd_source"] = int(np.flatnonzero(organic)[0])
    return found


def _write_block(sheets: Sheets, truth: Truth, drawn: Drawn) -> None:
    people, deals, odd = drawn.people, drawn.deals, drawn.odd
    clock = sheets.clock
    origin = origin_channels(people, deals, drawn.touches)
    unreadable = [odd[name] for name in ("unreadable_amount", "unreadable_date") if name in odd]
    truth.add_journeys(people, deals)
    truth.add_events(people, drawn.activities, drawn.views, drawn.answers)
    truth.add_sends(drawn.sends)
    start = -NEVER
    for week, cutoff in enumerate(clock.cutoffs):
        state = state_at(deals, cutoff)
        truth.add_week(week, people, deals, state, origin, unreadable)
        contacts = crm_rows.contact_columns(clock, people, drawn.names, deals, state, cutoff, odd.get("odd_source", -1))
        sheets.write(week, crm_rows.CONTACTS_FILE, crm_rows.CONTACTS_HEADER, contacts)
        prices = recurring.price_columns(drawn.prices, state)
        rows = crm_rows.deal_columns(clock, people, drawn.names, deals, state, odd, prices)
        sheets.write(week, crm_rows.DEALS_FILE, crm_rows.DEALS_HEADER, rows)
        companies = crm_rows.company_columns(clock, drawn.companies, drawn.names, start, cutoff)
        name = crm_rows.NEW_COMPANIES_FILE if week else crm_rows.COMPANIES_FILE
        sheets.write(week, name, crm_rows.COMPANIES_HEADER, companies)
        _write_events(sheets, week, drawn, start, cutoff)
        start = cutoff
    sheets.write(
        0, recurring.REVENUE_FILE, recurring.REVENUE_HEADER, recurring.revenue_columns(drawn.paid, people, drawn.names)
    )
    truth.retention.update(recurring.retention(drawn.paid))
    if odd:
        truth.dirty = _dirty_report(drawn)


def _write_events(sheets: Sheets, week: int, drawn: Drawn, start: int, end: int) -> None:
    """What happened since the export of the week before."""
    clock, names = sheets.clock, drawn.names
    touches = event_rows.touch_columns(clock, drawn.touches, names, start, end)
    sheets.write(week, event_rows.TOUCHES_FILE, event_rows.TOUCHES_HEADER, touches)
    activities = event_rows.activity_columns(clock, drawn.activities, names, start, end)
    sheets.write(week, event_rows.ACTIVITIES_FILE, event_rows.ACTIVITIES_HEADER, activities)
    for number, video in enumerate(world.VIDEOS):
        views = event_rows.view_columns(clock, drawn.views, number, drawn.people, names, start, end)
        sheets.write(week, f"{video.key}.csv", event_rows.VIEWS_HEADER, views)
    sends = event_rows.send_columns(clock, drawn.sends, drawn.people, names, start, end)
    sheets.write(week, event_rows.SENDS_FILE, event_rows.SENDS_HEADER, sends)
    answers = event_rows.answer_columns(drawn.answers, drawn.people, names, start, end)
    sheets.write(week, event_rows.NPS_FILE, event_rows.NPS_HEADER, answers)


def _dirty_report(drawn: Drawn) -> dict[str, object]:
    """What is wrong in which record, for whoever wants to compare."""
    deals = drawn.deals
    report: dict[str, object] = {}
    for name, index in drawn.odd.items():
        if name == "odd_source":
            report[name] = {"contact_id": str(drawn.names.contact_id[index]), "text": crm_rows.ODD_SOURCE}
            continue
        report[name] = {"deal_id": str(int(deals.number[index]) + crm_rows.FIRST_DEAL)}
    texts = {"unreadable_amount": crm_rows.ODD_AMOUNT, "unreadable_date": crm_rows.ODD_DATE}
    for name, text in {**texts, "unknown_stage": crm_rows.ODD_STAGE}.items():
        if name in report:
            report[name] = {**dict(report[name]), "text": text}  # pyright: ignore[reportArgumentType, reportCallIssue]
    if "restated" in drawn.odd:
        index = drawn.odd["restated"]
        amounts = {"before": int(deals.amount_last[index]), "after": int(deals.restated[index])}
        report["restated"] = {"deal_id": str(int(deals.number[index]) + crm_rows.FIRST_DEAL), **amounts}
    return report


def _write_small_files(
    sheets: Sheets, truth: Truth, counts: VideoCounts, rng: np.random.Generator, scale: float
) -> None:
    plan_files.write_users(sheets)
    plan_files.write_videos(sheets)
    plan_files.write_video_periods(rng, sheets, counts)
    truth.spend = plan_files.write_spend(rng, sheets, scale) + plan_files.write_ads(rng, sheets, scale)
    monthly = sum(line[-1] for line in plan_files.MONTHLY_SPEND)
    daily_ads = sum(campaign[1] for campaign in plan_files.ADS_CAMPAIGNS)
    plan_files.write_targets(sheets, truth, scale * (3 * monthly + 80 * daily_ads))
