"""The goal tree: what a revenue target needs of every earlier step, at the team's own rates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

from scorecard.errors import QueryError
from scorecard.filters import day_text
from scorecard.queries_plan import Slice, planned
from scorecard.queries_rows import Rows
from scorecard.stats import rates
from scorecard.stats.shrink import Z

Given = Mapping[str, Any]
Ask = Callable[..., Any]
LEAST = 30  # cases below which a rate is not leaned on
STEPS = ("revenue", "deals", "opportunities", "mqls", "leads")
NAMES = {"revenue": "revenue", "deals": "won deals", "opportunities": "opportunities", "mqls": "MQLs", "leads": "leads"}


@dataclass(frozen=True)
class Rate:
    """What one case of a step brings of the step above it; `value` None = refused, and `why`."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""


def goal_tree(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """A row a step from the target down to the leads; needed is empty below a rate that is refused."""
    facts = rows[0]
    target = _target(facts, given, ask)
    notes = [f"{day_text(facts['period_start'])} to {day_text(facts['period_end'])} (not included)."]
    if target is None:
        notes.append("No target: agree a plan for won revenue of this period, or give one with --target.")
    found = [_row("revenue", target, facts["revenue"] or 0, Rate(0))]
    found[0]["n"] = None
    needed = target
    for step, so_far, rate, part in _steps(facts):
        needed = float(ceil(needed * part / rate.value - 1e-9)) if needed is not None and rate.value else None
        found.append(_row(step, needed, so_far, rate))
        if rate.why:
            notes.append(rate.why)
    return Rows(found, [*notes, *_said(facts)])


def _steps(facts: Mapping[str, Any]) -> list[tuple[str, int, Rate, float]]:
    """Step, what there is so far, the rate to the step above, and the part of that step that comes this way."""
    to_won = _share("opportunities won", facts["old_deals_won"], facts["old_deals"])
    found: list[tuple[str, int, Rate, float]] = [
        ("deals", facts["won"], _amount(facts), 1.0),
        ("opportunities", facts["opportunities"], to_won, 1.0),
    ]
    if facts["has_mqls"]:
        recent = facts["recent_deals"] or 0
        part = facts["recent_through_mql"] / recent if recent >= LEAST else 1.0
        to_opportunity = _share("MQLs that became an opportunity", facts["old_mqls_on"], facts["old_mqls"])
        to_mql = _share("leads that became an MQL", facts["old_leads_on"], facts["old_leads"])
        found += [("mqls", facts["mqls"], to_opportunity, part), ("leads", facts["leads"], to_mql, 1.0)]
    return found


def _row(step: str, needed: float | None, so_far: Any, rate: Rate) -> dict[str, Any]:
    return {
        "step": step,
        "needed": needed,
        "so_far": None if so_far is None else float(so_far),
        "rate": rate.value,
        "low": rate.low,
        "high": rate.high,
        "n": rate.n,
    }


def _share(what: str, part: int, whole: int) -> Rate:
    if whole < LEAST or not part:
        why = f"The share of {what} is not leaned on: {part:,} of {whole:,}, and it needs {LEAST} cases and a success."
        return Rate(whole, why=why)
    found = rates.share(part, whole)
    return Rate(whole, found.value, found.low, found.high)


def _amount(facts: Mapping[str, Any]) -> Rate:
    """Revenue a won deal, with the interval of a mean."""
    n, mean = int(facts["priced_deals"] or 0), facts["mean_amount"]
    if n < LEAST or not mean or mean <= 0:
        return Rate(n, why=f"Revenue a deal is not leaned on: {n:,} won deals with an amount, and it needs {LEAST}.")
    half = Z * float(facts["amount_spread"]) / sqrt(n)
    return Rate(n, float(mean), max(float(mean) - half, 0.0), float(mean) + half)


def _target(facts: Mapping[str, Any], given: Given, ask: Ask) -> float | None:
    if given["target"] not in (None, ""):
        try:
            found = float(given["target"])
        except ValueError:
            raise QueryError(f"--target is an amount of money, not {given['target']!r}.") from None
        if not found > 0:
            raise QueryError(f"--target is an amount of money above 0, not {given['target']!r}.")
        return found
    part = Slice.of(given)
    if part is None:
        return None
    span = {"period_start": facts["period_start"], "period_end": facts["period_end"]}
    rows = ask("metric_target", columns=True, metric="won_revenue", **span)
    found = planned(rows, facts["period_start"], facts["period_end"], "sum", part)
    return None if found is None else round(found, 2)  # summed from days


def _said(facts: Mapping[str, Any]) -> list[str]:
    found = []
    if facts["cycle_days"] is not None:
        found.append(
            f"A deal that is won takes {facts['cycle_days']:,.0f} days (median of the last 365), so what is created"
            " late in the period is won after it."
        )
    if facts["has_mqls"] and facts["recent_deals"]:
        share = facts["recent_through_mql"] / facts["recent_deals"]
        found.append(
            f"An MQL came before {share:.0%} of the {facts['recent_deals']:,} deals created in the last 365 days; the"
            " others need none."
        )
    if not facts["has_mqls"]:
        found.append("The export has no MQL dates, so the tree ends with opportunities.")
    return found
