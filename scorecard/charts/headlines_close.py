"""Sentences about probabilities and how good they were, each computed by rule from the rows below it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from scorecard.charts import formats

EVEN = 0.01  # a skill within 1 % of none is none
SLOPE_LOW, SLOPE_HIGH = 0.9, 1.1


def expected(rows: pd.DataFrame, noun: str, until: str, currency: str) -> str:
    """Of 831 open deals, 210 are expected to be won within 90 days: $8.2M."""
    known = rows[rows["probability"].notna()]
    if known.empty:
        return f"{formats.counted(len(rows), f'open {noun}')}, none with a probability"
    wins = float(known["probability"].sum())
    money = float((known["probability"] * known["amount"].fillna(0)).sum())
    text = f"Of {formats.counted(len(known), f'open {noun}')}, {wins:,.0f} are expected to be won {until}"
    return f"{text}: {formats.money(money, currency)}" if money > 0 else text


def came_true(quality: Any, noun: str, days: int) -> str:
    """We said 27.7% of open deals would be won within 90 days; 28.9% were."""
    said, was = formats.percent(quality.predicted_mean), formats.percent(quality.base_rate)
    return f"We said {said} of open {noun}s would be won within {days} days; {was} were"


def skill(quality: Any) -> str:
    """The Brier skill in words."""
    if not formats.known(quality.skill):
        return ""
    if quality.skill > EVEN:
        return (
            f"Our score was {formats.percent(quality.skill, 0)} closer to what happened than always saying the base"
            " rate (Brier skill)."
        )
    if quality.skill >= -EVEN:
        return "Our score was no closer to what happened than always saying the base rate (Brier skill about 0)."
    return (
        f"Our score was {formats.percent(-quality.skill, 0)} further from what happened than always saying the base"
        " rate (Brier skill): it says nothing of a single case."
    )


def against_others(scores: Sequence[Any]) -> str:
    """Ours beside the CRM's own, by skill; without one of the CRM only what the table holds."""
    skills = {row.scorer: row.skill for row in scores if formats.known(row.skill)}
    if "the CRM's probability" not in skills or "ours" not in skills:
        return "Our score against others"
    ours, crm = skills["ours"] > 0, skills["the CRM's probability"] > 0
    if ours and crm:
        return "Our score and the CRM's own probability both say more than the base rate"
    if ours or crm:
        better, worse = (
            ("Our score", "the CRM's own probability") if ours else ("The CRM's own probability", "our score")
        )
        return f"{better} says more than the base rate; {worse} is no better than it"
    return "Neither the CRM's own probability nor our score is better than the base rate"


def slope(quality: Any) -> str:
    """Whether differences between cases were as large as said."""
    if not formats.known(quality.slope):
        return ""
    text = f"slope {quality.slope:.2f}".replace("-", formats.MINUS)
    if SLOPE_LOW <= quality.slope <= SLOPE_HIGH:
        return f"High and low chances were as far apart as we said ({text})."
    larger = "further apart than" if quality.slope > SLOPE_HIGH else "less far apart than"
    return f"High and low chances were {larger} we said ({text}; 0.9 to 1.1 is right)."


def named_rates(rows: pd.DataFrame, day: int) -> str:
    """Won of closed says 44.5% for Marketing where the win curve says 35.9% by day 90: the gap of the largest group."""
    wide = rows.pivot_table(index="group_value", columns="name", values="value")
    if not {"win_curve", "win_rate_closed"} <= set(wide.columns):
        return "Win rates by their names"
    sizes = rows[rows["name"] == "win_curve"].set_index("group_value")["denominator"]
    known = wide.dropna(subset=["win_curve", "win_rate_closed"])
    known = known[sizes.reindex(known.index) >= formats.FEW]
    if known.empty:
        return "Win rates by their names"
    name = str(sizes.reindex(known.index).idxmax())
    closed, curve = (formats.percent(known[column].to_dict()[name]) for column in ("win_rate_closed", "win_curve"))
    of = f" for {name}" if len(sizes) > 1 else ""
    return f"Won of closed says {closed}{of} where the win curve says {curve} by day {day}"
