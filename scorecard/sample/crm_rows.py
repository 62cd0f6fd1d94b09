"""Contacts, companies and deals of a block as HubSpot lists them on a given day."""

from dataclasses import dataclass

import numpy as np

from scorecard.sample import world
from scorecard.sample.clock import DAY, Bools, Clock, Ints, Texts
from scorecard.sample.deals import NEW, Deals, DealState
from scorecard.sample.hazards import DISQUALIFIED, WON
from scorecard.sample.people import Companies, People

CONTACTS_FILE = "hubspot-crm-exports-all-contacts-{as_of}.csv"
COMPANIES_FILE = "hubspot-crm-exports-all-companies-{as_of}.csv"
NEW_COMPANIES_FILE = "hubspot-crm-exports-new-companies-{as_of}.csv"
DEALS_FILE = "hubspot-crm-exports-all-deals-{as_of}.csv"
CONTACTS_HEADER = (
    *("Record ID", "First Name", "Last Name", "Email", "Lifecycle Stage", "Lead Status"),
    *("Original Source", "Original Source Drill-Down 1", "Original Source Drill-Down 2", "Contact owner"),
    *("Create Date", "Became a marketing qualified lead date", "Became a sales qualified lead date"),
    *("Became a customer date", "Disqualified Date", "Disqualified Reason", "Associated Company IDs"),
    *("Associated Deal IDs", "Region", "Customer segment", "Owner Assigned Date", "Last Modified Date"),
)
COMPANIES_HEADER = (
    *("Record ID", "Company name", "Company Domain Name", "Industry", "Number of Employees", "Country/Region"),
    *("Region", "Customer segment", "Create Date"),
)
DEALS_HEADER = (
    *("Record ID", "Deal Name", "Deal Stage", "Pipeline", "Amount", "Currency", "Close Date", "Create Date"),
    *("Deal owner", "Deal Type", "Product", "Original Source Type", "Associated Company IDs", "Associated Contact IDs"),
    *("Closed lost reason", "Deal probability", "Last Modified Date", "Discount", "Gross margin"),
)
FIRST_CONTACT, FIRST_COMPANY, FIRST_DEAL = 100_001, 10_001, 500_001
ODD_SOURCE = "Orgnic Serch"
ODD_STAGE = "Legal review"
ODD_AMOUNT = "12k-15k tbc"
ODD_DATE = "2026-13-45 09:00"


def labels(words: tuple[str, ...]) -> Texts:
    return np.array(words, dtype=object)


def as_text(numbers: Ints) -> Texts:
    return np.array([str(number) for number in numbers.tolist()], dtype=object)


@dataclass(frozen=True)
class Names:
    """Texts of a block that do not change from week to week."""

    contact_id: Texts
    email: Texts
    company_name: Texts  # per company
    domain: Texts  # per company
    owner: Texts
    source: Texts


def owner_names(team: Ints, seller: Ints) -> Texts:
    width = max(len(team.sellers) for team in world.TEAMS)
    table = [name for team in world.TEAMS for name in (*team.sellers, *[""] * (width - len(team.sellers)))]
    return labels(tuple(table))[team * width + seller]


def make_names(people: People, companies: Companies) -> Names:
    heads, tails = world.COMPANY_HEADS, world.COMPANY_TAILS
    head = companies.number % len(heads)
    tail = (companies.number // len(heads) + 5 * head) % len(tails)
    ending = companies.number // (len(heads) * len(tails)) % len(world.COMPANY_ENDINGS)
    domain = labels(tuple(word.lower() for word in heads))[head] + as_text(companies.number) + ".example"
    initial = labels(tuple(name[0].lower() for name in world.FIRST_NAMES))[people.first_name]
    last = labels(tuple(name.lower() for name in world.LAST_NAMES))[people.last_name]
    local = initial + last + as_text(people.number)
    email = local + "@" + domain[people.company]
    raw = [word for source in world.SOURCES for word in (*source.raw, "", "")[:3]]
    return Names(
        contact_id=as_text(people.number + FIRST_CONTACT),
        email=np.where(people.has_email, email, ""),
        company_name=labels(heads)[head] + " " + labels(tails)[tail] + labels(world.COMPANY_ENDINGS)[ending],
        domain=domain,
        owner=np.where(people.number % 53 == 7, "", owner_names(people.team, people.seller)),
        source=labels(tuple(raw))[people.source * 3 + people.raw],
    )


def _drill_downs(people: People) -> tuple[Texts, Texts]:
    """First and second drill-down; the second only where a campaign is known."""
    details = [word for source in world.SOURCES for word in (*source.detail, "", "")[:3]]
    sizes = np.array([len(source.detail) for source in world.SOURCES])[people.source]
    first = labels(tuple(details))[people.source * 3 + people.number % sizes]
    year = labels(("2024", "2025", "2026"))[np.clip((people.created // DAY - 19723) // 365, 0, 2)]
    return first, np.where(people.source == world.EVENTS, year, "")


def _lifecycle(people: People, cutoff: int) -> Texts:
    words = labels(
        ("Lead", "Marketing Qualified Lead", "Sales Qualified Lead", "Opportunity", "Customer"),
    )
    won = (people.outcome == WON) & (people.decided_at < cutoff)
    steps = [won, people.deal_at < cutoff, people.sql_at < cutoff, people.mql_at < cutoff]
    return words[np.select(steps, [4, 3, 2, 1], 0)]


def _lead_status(people: People, cutoff: int) -> Texts:
    words = labels(("New", "Attempted to contact", "Connected", "Open deal", "Unqualified", ""))
    decided = people.decided_at < cutoff
    steps = [
        decided & (people.outcome == DISQUALIFIED),
        decided,
        people.deal_at < cutoff,
        people.sql_at < cutoff,
        people.attempt_at < cutoff,
    ]
    return words[np.select(steps, [4, 5, 3, 2, 1], 0)]


def _deal_lists(people: People, deals: Deals, exists: Bools) -> Texts:
    """Per person the ids of the deals it is on, joined by `;`."""
    found: list[str] = [""] * people.count
    ids = as_text(deals.number + FIRST_DEAL)
    for index in np.flatnonzero(exists).tolist():
        for person in (deals.person[index], deals.second[index]):
            if person >= 0:
                found[person] += f";{ids[index]}" if found[person] else ids[index]
    return np.array(found, dtype=object)


def contact_columns(
    clock: Clock, people: People, names: Names, deals: Deals, state: DealState, cutoff: int, odd: int
) -> list[list[object]]:
    """Everybody created before the cutoff, as known then; `odd` is the person whose source is misspelt."""
    rows = people.created < cutoff
    disqualified = (people.outcome == DISQUALIFIED) & (people.decided_at < cutoff)
    customer = (people.outcome == WON) & (people.decided_at < cutoff)
    moments = np.stack(
        [people.created, people.mql_at, people.sql_at, people.deal_at, people.attempt_at, people.decided_at]
    )
    modified = np.where(moments < cutoff, moments, 0).max(axis=0)
    source = names.source.copy()
    if odd >= 0:
        source[odd] = ODD_SOURCE
    reason = labels(world.DISQUALIFIED_REASONS)[people.number % len(world.DISQUALIFIED_REASONS)]
    first, second = _drill_downs(people)
    columns = [
        names.contact_id,
        labels(world.FIRST_NAMES)[people.first_name],
        labels(world.LAST_NAMES)[people.last_name],
        names.email,
        _lifecycle(people, cutoff),
        _lead_status(people, cutoff),
        source,
        first,
        second,
        names.owner,
        clock.stamps(people.created),
        clock.stamps(people.mql_at, people.mql_at < cutoff),
        clock.stamps(people.sql_at, people.sql_at < cutoff),
        clock.stamps(people.decided_at, customer),
        clock.stamps(people.decided_at, disqualified),
        np.where(disqualified, reason, ""),
        as_text(people.company + people.number[0] + FIRST_COMPANY),
        _deal_lists(people, deals, state.exists),
        labels(world.REGIONS)[people.region],
        labels(tuple(segment.name for segment in world.SEGMENTS))[people.segment],
        clock.stamps(people.assigned_at, (people.assigned_at < cutoff) & (names.owner != "")),
        clock.stamps(modified, rows),
    ]
    return [column[rows].tolist() for column in columns]


def company_columns(clock: Clock, companies: Companies, names: Names, start: int, cutoff: int) -> list[list[object]]:
    """Companies created from `start` up to the cutoff."""
    rows = (companies.created >= start) & (companies.created < cutoff)
    countries = labels(tuple(name for pair in world.COUNTRIES for name in pair))
    columns = [
        as_text(companies.number + FIRST_COMPANY),
        names.company_name,
        names.domain,
        labels(world.INDUSTRIES)[companies.number * 7 // 3 % len(world.INDUSTRIES)],
        as_text(companies.employees),
        countries[companies.region * 2 + companies.country],
        labels(world.REGIONS)[companies.region],
        labels(tuple(segment.name for segment in world.SEGMENTS))[companies.segment],
        clock.stamps(companies.created),
    ]
    return [column[rows].tolist() for column in columns]


def deal_columns(
    clock: Clock,
    people: People,
    names: Names,
    deals: Deals,
    state: DealState,
    odd: dict[str, int],
    prices: tuple[Texts, Texts],
) -> list[list[object]]:
    """Every deal the export of the day shows, with the planted oddities; `prices`: discount and gross margin."""
    person = deals.person
    closed = state.stage >= 5
    amount = as_text(state.amount)
    close_date = clock.stamps(state.close_date, state.exists)
    stage = labels((*world.OPEN_STAGES, "Closed won", "Closed lost"))[state.stage]
    contacts = names.contact_id[person]
    both = deals.second >= 0
    contacts[both] = contacts[both] + ";" + names.contact_id[deals.second[both]]
    if "unreadable_amount" in odd:
        amount[odd["unreadable_amount"]] = ODD_AMOUNT
    if "unreadable_date" in odd:
        close_date[odd["unreadable_date"]] = ODD_DATE
    if "unknown_stage" in odd and not closed[odd["unknown_stage"]]:
        stage[odd["unknown_stage"]] = ODD_STAGE
    ending = labels(("", " - expansion", " - renewal"))[deals.kind]
    product = labels(tuple(segment.product for segment in world.SEGMENTS))[people.segment[person]]
    columns = [
        as_text(deals.number + FIRST_DEAL),
        names.company_name[people.company[person]] + " - " + product + ending,
        stage,
        labels(("New business", "Customers"))[np.minimum(deals.kind, 1)],
        amount,
        np.full(deals.count, "USD", dtype=object),
        close_date,
        clock.stamps(deals.created, state.exists),
        names.owner[person],
        labels(("newbusiness", "existingbusiness"))[(deals.kind != NEW).astype(np.int64)],
        product,
        names.source[person],
        as_text(people.company[person] + people.number[0] + FIRST_COMPANY),
        contacts,
        np.where(state.stage == 6, labels(world.LOSS_REASONS)[deals.reason], ""),
        labels((*world.STAGE_PROBABILITY, "1", "0"))[state.stage],
        clock.stamps(state.modified, state.exists),
        *prices,
    ]
    rows = np.flatnonzero(state.exists)
    if "duplicate" in odd:
        rows = np.sort(np.append(rows, odd["duplicate"]))
    return [column[rows].tolist() for column in columns]
