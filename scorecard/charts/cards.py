"""What a number card says: value, week over week, thirteen weeks and one standing against plan."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.plan import WORDS, Standing, stands

# The numbers of the meeting, with their words on a card.
KPIS = (
    ("marketing_sourced_revenue", "Marketing revenue"),
    ("new_leads", "New leads"),
    ("lead_to_win_rate", "Lead-to-win rate"),
    ("cost_per_won_customer", "Cost per customer"),
    ("follow_up_in_sla", "Follow-up in SLA"),
    ("viewer_win_rate", "Viewer win rate"),
)
WEEKS = 13
ICONS: dict[Standing, str] = {
    "on": ":material/check_circle:",
    "near": ":material/error:",
    "off": ":material/cancel:",
}
COLOURS: dict[Standing, Literal["green", "orange", "red"]] = {"on": "green", "near": "orange", "off": "red"}


@dataclass(frozen=True)
class Card:
    """One card, ready to be drawn; `standing` None = no plan, or too few cases for a colour."""

    label: str
    value: str
    change: str
    spark: tuple[float, ...]
    standing: Standing | None
    badge: str
    of: str
    n: str
    few: bool
    signal: str = ""  # what the last complete week is called, where it is one: the only arrow there is


@dataclass(frozen=True)
class Meaning:
    """What a metric's header says that a card needs."""

    unit: str
    good: str
    aggregate: str


def card(
    label: str, meaning: Meaning, total: pd.DataFrame, weekly: pd.DataFrame, plan: float | None, currency: str
) -> Card:
    """The card of a metric from its total over the period and its weeks."""
    value = total["value"].iloc[0] if len(total) else None
    rate = meaning.aggregate == "ratio"
    cases = _cases(total, rate)
    few = rate and cases is not None and cases < formats.FEW
    standing = None if few else stands(value, plan, meaning.good)
    weeks = complete_weeks(weekly)
    return Card(
        label=label,
        value=formats.number(value, meaning.unit, currency),
        change=last_change(weeks, meaning.unit),
        spark=tuple(float(number) for number in weeks["value"].tail(WEEKS) if formats.known(number)),
        standing=standing,
        badge=WORDS[standing] if standing else ("Too few" if few else "No plan"),
        of=f"of {_plan_text(plan, meaning.unit, currency)}" if plan is not None else "",
        n="" if cases is None else f"n={formats.count(cases)}",
        few=few,
    )


def _plan_text(plan: float, unit: str, currency: str) -> str:
    """A plan cut to some days is no whole number of leads, but is said as one."""
    whole = unit not in ("money", "percent", "share", "rate", "times", "ratio")
    return formats.number(round(plan) if whole else plan, unit, currency)


def _cases(total: pd.DataFrame, rate: bool) -> float | None:
    if not len(total):
        return None
    found = total["denominator" if rate else "entities"].iloc[0]
    return float(found) if formats.known(found) else None


def complete_weeks(weekly: pd.DataFrame) -> pd.DataFrame:
    """Weeks that are over, oldest first: half a week must not look like a fall."""
    if "is_complete" in weekly.columns:
        weekly = weekly[weekly["is_complete"].fillna(False).astype(bool)]
    return weekly.sort_values("period") if len(weekly) else weekly


def last_change(weeks: pd.DataFrame, unit: str) -> str:
    """The last complete week against the one before."""
    if len(weeks) < 2:
        return formats.MISSING
    found = formats.change(weeks["value"].iloc[-1], weeks["value"].iloc[-2], unit)
    return found or formats.MISSING
