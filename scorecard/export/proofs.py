"""What proves a number: which records stand behind a report, and whether they add up to it, worked out anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from scorecard import queries
from scorecard.export import proof_leads as leads
from scorecard.export import proof_sums as sums
from scorecard.export.proof_parts import EVERY, Added, Checks, Given, Proof
from scorecard.filters import LISTS
from scorecard.queries import Query

Ask = Callable[[str, Given, str], pd.DataFrame]

ASKED = "asked"  # the attribute of an answer that says how it was asked


def note_of(name: str, params: Mapping[str, Any], before: str) -> dict[str, Any]:
    """How an answer was asked, in a form that a frame carries along."""
    plain = {
        key: list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
        for key, value in params.items()
    }
    return {"name": name, "params": plain, "before": before}


def asked(frame: pd.DataFrame) -> dict[str, Any] | None:
    """How this answer was asked; None for rows put together otherwise."""
    return frame.attrs.get(ASKED)


def with_values(query: Query, given: Given) -> str:
    """The statement with the values bound to it, as a person would read them; nothing that is empty."""
    bound = {**query.defaults, **{name: value for name, value in given.items() if value not in (None, [], ())}}
    lines = [f"-- ${name} = {_literal(value)}" for name, value in sorted(bound.items())]
    nothing = [name for name in sorted(query.params) if name not in bound]
    if nothing:
        lines.append(f"-- no value, so nothing is filtered by: {', '.join(nothing)}")
    return "\n".join([*lines, "", query.answering(bound).whole_sql])


def _literal(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_literal(one) for one in value)}]"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def filter_words(given: Given) -> list[str]:
    """The filters among the values, in words."""
    return [
        f"{label}: {', '.join(str(value) or '(none)' for value in given[name])}"
        for name, (_, label) in LISTS.items()
        if given.get(name)
    ]


def _of(metric: str, checks: Checks, **more: Any) -> Proof:
    """Proved by the records of a metric."""
    return Proof("records", checks, {"metric": metric, "row_limit": EVERY}, metric, **more)


def _leads(checks: Checks, **given: Any) -> Proof:
    """Proved by the leads handed over."""
    return Proof("hand_off_people", checks, {"row_limit": EVERY, **given}, "handed_over_leads")


REVENUE = "marketing_sourced_revenue"
# A report that is not here shows its own rows, and the report it is worked out from.
PROOFS: Mapping[str, Proof] = {
    "acquisition": _of("cac", sums.new_customers),
    "attribution": Proof("sourced_deals", sums.each_model, metric="won_revenue"),
    "channel_deals": Proof(),
    "close_probability": Proof("deal_lives", sums.chances),
    "coverage": Proof("due_deals", sums.due),
    "credited_campaigns": Proof("channel_deals", sums.campaigns),
    "discounts": _of("won_deals", sums.discounted),
    "driver_split": Proof("driver_facts", sums.drivers, metric="won_revenue"),
    "driver_values": Proof("driver_facts", sums.drivers, metric="won_revenue"),
    "forecast": _of("won_revenue", sums.booked, of_quarter=True, more=(Proof("forecast_deals", sums.still_open),)),
    "friction": _leads(leads.handed_over),
    "goal_tree": _of("won_revenue", sums.goal),
    "hand_off_promises": _leads(leads.promises),
    "influenced_revenue": Proof("sourced_deals", sums.tiers, metric="won_revenue"),
    "lead_flow": Proof("lead_flow_people", sums.leads, metric="new_leads"),
    "pipeline_flow": Proof("pipeline_flow_deals", sums.pipeline),
    "quality_loop": _leads(leads.quality),
    "rejection_reasons": _leads(leads.reasons, decision="rejected"),
    "retention": Proof("retention_customers", sums.customers, metric="nrr"),
    "return_on_spend": Proof("credited_deals", sums.spend, metric="cost_per_won_customer"),
    "sourced_channels": Proof("sourced_deals", sums.by_channel, metric="won_revenue"),
    "sourced_definitions": Proof("sourced_deals", sums.each_rule, metric=REVENUE),
    "sourced_revenue": Proof("sourced_deals", sums.sourced, metric=REVENUE),
    "speed_bands": _leads(leads.bands),
    "speed_to_lead": _leads(leads.speed),
    "stage_moves": Proof("deal_moves", sums.moves),
    "touch_credit": Proof("", sums.shares),
    "verdict_matrix": _leads(leads.verdict),
    "video_funnel": Proof("", sums.steps),
    "video_influenced": Proof("sourced_deals", sums.tiers, metric="won_revenue"),
    "win_curve": Proof("deal_lives", sums.curve, metric="win_rate_180"),
}


@dataclass(frozen=True)
class Proved:
    """An answer asked anew, the records behind it by the report that lists them, and what must add up."""

    rows: pd.DataFrame
    records: Mapping[str, pd.DataFrame]
    checks: Sequence[Added]


def prove(ask: Ask, name: str, given: Given, before: str, quarter: Given, proof: Proof | None = None) -> Proved:
    """Ask the answer and its records anew, under the same filters, and add them up.

    `ask(name, values, before)` gives rows. `quarter`: first day of the running quarter and the day after the data.
    """
    proof = proof or proof_of(name)
    rows = ask(name, given, before)
    records: dict[str, pd.DataFrame] = {}
    checks: list[Added] = []
    if rows.empty:
        return Proved(rows, records, checks)
    for part in (proof, *proof.more):
        listed = rows
        if part.records:
            # The two may have defaults of their own.
            wanted = {**queries.find(name).defaults, **given}
            wanted.pop("row_limit", None)
            wanted |= {**part.given, **(quarter if part.of_quarter else {})}
            listed = records[part.records] = ask(part.records, wanted, before)
        if part.checks:
            checks += part.checks(rows, listed, given)
    return Proved(rows, records, checks)


def facts_of(query: Query) -> list[str]:
    """The reports whose rows an answer is worked out from, where the answer is a calculation."""
    asked_of = [query.header["asks"]] if "asks" in query.header else []
    return [*asked_of, *(one.name for one in (*query.steps, *query.compares))]


def proof_of(name: str) -> Proof:
    """What proves a report; one without records of its own shows its rows."""
    return PROOFS.get(name, Proof())


def wrong(checks: Sequence[Added]) -> list[Added]:
    """Those that do not add up."""
    return [one for one in checks if not one.is_true]
