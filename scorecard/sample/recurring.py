"""What customers pay every month, what each deal earned and what was given away: drawn after everything else."""

from dataclasses import dataclass

import numpy as np

from scorecard.sample.clock import DAY, NEVER, Floats, Ints, Texts
from scorecard.sample.crm_rows import FIRST_COMPANY, Names, as_text
from scorecard.sample.deals import EXPANSION, NEW, RENEWAL, Deals, DealState
from scorecard.sample.hazards import LOST, WON
from scorecard.sample.people import People

REVENUE_FILE = "recurring-revenue-{as_of}.csv"
REVENUE_HEADER = ("company_id", "company_name", "month", "kind", "amount", "currency")
LIST_COST = 0.28  # of the list price
LATE_DAYS, LATE_EXTRA = 14, 0.06  # what is signed at the end of a quarter is sold cheaper
QUIET_CHURN = 0.35  # of customers without a renewal deal, after their first year
STARTS = 24  # months before the last one


@dataclass(frozen=True)
class Prices:
    """Per deal of a block."""

    discount: Floats  # share of the list price


@dataclass(frozen=True)
class Paid:
    """Whole currency units per company of a block and month, the last month being the newest complete one."""

    company: Ints  # index into the block's companies
    months: Texts  # first days
    amount: Ints  # (companies, months)


def draw_prices(rng: np.random.Generator, deals: Deals) -> Prices:
    """A discount per deal: none for a third, more in the last days of a quarter."""
    share = np.where(rng.random(deals.count) < 0.33, 0.0, rng.gamma(3.0, 0.035, deals.count))
    closed = np.where(deals.closed < NEVER, deals.closed, deals.expected) // DAY
    day = closed.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    next_quarter = (month.astype(np.int64) // 3 + 1) * 3
    left = next_quarter.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - closed
    late = np.where(left <= LATE_DAYS, LATE_EXTRA, 0.0)
    return Prices(np.round(np.minimum(share + late, 0.4), 2).astype(np.float64))


def price_columns(prices: Prices, state: DealState) -> tuple[Texts, Texts]:
    """The discount and the gross margin of won deals, blank for others."""
    cost = state.amount / (1 - prices.discount) * LIST_COST
    margin = np.rint(state.amount - cost).astype(np.int64)
    discount = np.array([f"{share:.0%}" for share in prices.discount], dtype=object)
    return np.where(state.won, discount, ""), np.where(state.won, as_text(margin), "")


def draw_paid(rng: np.random.Generator, people: People, deals: Deals, cutoff: int) -> Paid:
    """A twelfth of the deal from the month after its close, until a renewal is lost or nobody renews.

    Reads the deals and draws only what they do not say: how a renewal changes the price, who leaves quietly.
    """
    last = _month(cutoff) - 1  # the newest complete month
    first = last - STARTS + 1
    company = people.company[deals.person]
    count = int(people.company.max()) + 1 if people.count else 0
    paid = np.zeros((count, STARTS), dtype=np.int64)
    renewed = {int(deals.person[row]): row for row in np.flatnonzero(deals.kind == RENEWAL)}
    expanded = {int(deals.person[row]): row for row in np.flatnonzero(deals.kind == EXPANSION)}
    for row in np.flatnonzero((deals.kind == NEW) & (deals.outcome == WON)).tolist():
        change = float(rng.choice([0.8, 1.0, 1.08, 1.2], p=[0.25, 0.5, 0.17, 0.08]))
        is_quiet = rng.random() < QUIET_CHURN
        start = _month(int(deals.closed[row])) + 1 - first
        fee = int(deals.amount_last[row]) // 12
        person = int(deals.person[row])
        months = np.zeros(STARTS, dtype=np.int64)
        _from(months, start, fee)
        if (more := expanded.get(person)) is not None and deals.outcome[more] == WON:
            months[max(_month(int(deals.closed[more])) + 1 - first, 0) :] += int(deals.amount_last[more]) // 12
        end = renewed.get(person)
        if end is not None:
            turn = max(_month(int(deals.closed[end])) + 1 - first, 0)
            factor = 0.0 if deals.outcome[end] == LOST else change
            months[turn:] = np.rint(months[turn:] * factor).astype(np.int64)
        elif is_quiet:
            months[max(start + 12, 0) :] = 0
        paid[company[row]] += months
    names = [str(np.datetime64(first + number, "M")) + "-01" for number in range(STARTS)]
    payers = np.flatnonzero(paid.any(axis=1))
    return Paid(payers, np.array(names, dtype=object), paid[payers])


def _from(months: Ints, start: int, fee: int) -> None:
    if start < months.size:
        months[max(start, 0) :] += fee


def _month(minutes: int) -> int:
    """Months since 1970."""
    return int(np.datetime64(int(minutes) // DAY, "D").astype("datetime64[M]").astype(np.int64))


def revenue_columns(paid: Paid, people: People, names: Names) -> list[list[object]]:
    """A row per company and month in which it paid."""
    company, month = np.nonzero(paid.amount)
    return [
        as_text(paid.company[company] + people.number[0] + FIRST_COMPANY).tolist(),
        names.company_name[paid.company[company]].tolist(),
        paid.months[month].tolist(),
        ["recurring"] * company.size,
        as_text(paid.amount[company, month]).tolist(),
        ["USD"] * company.size,
    ]


def retention(paid: Paid, months: int = 12) -> dict[str, int]:
    """What became of those who paid so many months before the last one: the planted retention."""
    before, now = paid.amount[:, -1 - months], paid.amount[:, -1]
    was = before > 0
    moved = now - before
    return {
        "start": int(before.sum()),
        "expansion": int(moved[was & (moved > 0)].sum()),
        "contraction": int(-moved[was & (moved < 0) & (now > 0)].sum()),
        "churn": int(before[was & (now == 0)].sum()),
        "customers": int(was.sum()),
        "kept": int((was & (now > 0)).sum()),
    }
