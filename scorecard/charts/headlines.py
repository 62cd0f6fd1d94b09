"""Sentences above charts, each computed by rule from the rows below it; no finding gives a neutral title."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.bars import Bullet
from scorecard.charts.forest import Rate
from scorecard.charts.returns import Return, together

NAMELESS = ("unknown", "(none)", "")  # what nobody named is shown, but is no finding
CLOSE_ENOUGH = 0.02  # within 2 % of plan is "on plan"


def quarter(name: str, so_far: float, plan: float | None, as_of: date, end: date, currency: str) -> str:
    """Marketing revenue is $0.3M behind plan with 6 weeks left."""
    days = (end - as_of).days - 1
    left = "on the last day" if days <= 0 else f"with {formats.count(-(-days // 7))} {_weeks(days)} left"
    if plan is None:
        return f"{name}: {formats.money(so_far, currency)} this quarter, {left}"
    gap = so_far - plan
    if abs(gap) <= CLOSE_ENOUGH * abs(plan):
        return f"{name} is on plan {left}"
    where = "ahead of" if gap > 0 else "behind"
    return f"{name} is {formats.money(abs(gap), currency)} {where} plan {left}"


def _weeks(days: int) -> str:
    return "week" if days <= 7 else "weeks"


def channels(rows: Sequence[Bullet]) -> str:
    """Four of six channels beat their target."""
    planned = [row for row in rows if row.target]
    if not planned:
        return "Revenue by channel"
    met = sum(row.standing == "on" for row in planned)
    if len(planned) == 1:
        return f"{planned[0].name} {'reached' if met else 'missed'} its target"
    if met == len(planned):
        return f"All {formats.words(len(planned))} channels reached their target"
    if met == 0:
        return f"None of {formats.words(len(planned))} channels reached its target"
    verb = "their" if met > 1 else "its"
    return f"{formats.words(met).capitalize()} of {formats.words(len(planned))} channels reached {verb} target"


def side_range(sides: pd.DataFrame, side: str = "marketing") -> str:
    """Marketing sourced 38% to 51% of won revenue: known to be its own, up to that plus all unknown."""
    amounts = sides.groupby("side")["won_amount"].sum().astype(float)
    total = float(amounts.sum())
    if total <= 0:
        return "Won revenue by side"
    own = float(amounts.get(side, 0.0)) / total
    unknown = float(amounts.get("unknown", 0.0)) / total
    name = side.capitalize()
    if unknown < 0.005:
        return f"{name} sourced {formats.percent(own, 0)} of won revenue"
    return f"{name} sourced {formats.percent(own, 0)} to {formats.percent(own + unknown, 0)} of won revenue"


def coverage(known: float, total: float) -> str:
    """82% of won deals have a known source (410 of 500)."""
    if total <= 0:
        return "No won deals in this period."
    share = formats.percent(known / total, 0)
    return f"{share} of won deals have a known source ({formats.count(known)} of {formats.count(total)})."


def apart(rates: Sequence[Rate], what: str, neutral: str) -> str:
    """Names the best and the worst group when their intervals do not meet; else says that nothing stands out."""
    enough = [
        rate for rate in rates if not rate.few and formats.known(rate.value) and rate.name.lower() not in NAMELESS
    ]
    if len(enough) < 2:
        return neutral
    best = max(enough, key=lambda rate: rate.value or 0.0)
    worst = min(enough, key=lambda rate: rate.value or 0.0)
    if best.low <= worst.high:
        return f"{neutral}: no clear difference"
    high, low = formats.percent(best.value or 0, 0), formats.percent(worst.value or 0, 0)
    return f"{what} {best.name} {high}, {worst.name} {low}"


def identified(share: float | None, viewers: float) -> str:
    """41% of viewers are known by name."""
    if share is None or viewers <= 0:
        return "How many viewers are known"
    return f"{formats.percent(share, 0)} of viewers are known by name"


def biggest_loss(steps: pd.DataFrame) -> str:
    """Most people stop between Played and Watched 25%."""
    rows = steps.sort_values("step_order")
    people = [float(value) for value in rows["people"]]
    losses = [before - after for before, after in pairwise(people)]
    if not losses or max(losses) <= 0:
        return "From play to won deal"
    at = losses.index(max(losses))
    names = [str(name) for name in rows["step"]]
    return f"Most people stop between “{names[at]}” and “{names[at + 1]}”"


def returned(rows: Sequence[Return], currency: str) -> str:
    """Paid search returned 4.2×; Paid social returned 0.6× and cost $312K."""
    sure = [row for row in rows if row.roas is not None and not row.few]
    best = max(sure, key=lambda row: row.roas or 0.0, default=None)
    worst = min(sure, key=lambda row: row.roas or 0.0, default=None)
    if best is not None and worst is not None and best is not worst:
        return (
            f"{best.name} returned {formats.times(best.roas or 0.0)}; {worst.name} returned"
            f" {formats.times(worst.roas or 0.0)} and cost {formats.money(worst.spend or 0.0, currency)}"
        )
    whole = together(rows)
    if whole is None or whole["won"] < formats.FEW:
        return "Return on spend by channel"
    money = f"{formats.money(whole['revenue'], currency)} on {formats.money(whole['spend'], currency)}"
    return f"Channels with known spend returned {formats.times(whole['roas'])} together: {money}"


def budgets(rows: Sequence[Bullet]) -> str:
    """Two of five channels spent more than their budget."""
    over = sum(row.standing != "on" for row in rows)
    if len(rows) == 1:
        return f"{rows[0].name} spent {'more than' if over else 'within'} its budget"
    total = formats.words(len(rows))
    if not over:
        return f"All {total} channels stayed within their budget"
    verb = "their" if over > 1 else "its"
    many = "All" if over == len(rows) else formats.words(over).capitalize() + " of"
    return f"{many} {total} channels spent more than {verb} budget"
