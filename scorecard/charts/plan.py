"""What was planned for a stretch of days, and how a result stands against it."""

from typing import Any, Literal

from scorecard.charts import formats
from scorecard.queries_plan import Plan, Slice, period_end, plan_of, planned

__all__ = ["WORDS", "Plan", "Slice", "Standing", "against", "period_end", "plan_of", "planned", "stands"]

Standing = Literal["on", "near", "off"]

NEAR = 0.10  # up to a tenth short of plan is "near"
WORDS: dict[Standing, str] = {"on": "On plan", "near": "Near plan", "off": "Off plan"}


def stands(value: Any, plan: Any, good: str = "up") -> Standing | None:
    """On, near or off plan; None where either is unknown."""
    if not formats.known(value) or not formats.known(plan):
        return None
    result, goal = float(value), float(plan)
    short = (result - goal) if good == "down" else (goal - result)
    if short <= 0:
        return "on"
    return "near" if goal and short <= NEAR * abs(goal) else "off"


def against(value: Any, plan: Any) -> str:
    """How far from plan: +8% or −17%; nothing where there is no plan."""
    if not formats.known(value) or not formats.known(plan) or not float(plan):
        return ""
    goal = float(plan)
    return formats.signed(formats.percent((float(value) - goal) / abs(goal), 0))
