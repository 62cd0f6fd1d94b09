"""Sentences about the hand-over, each computed by rule from the rows below it; none of them blames anybody."""

from dataclasses import dataclass

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.handoff import duration, in_time_of

NOTABLE = 0.05  # a group has to be so much above the others before it is named


def speed(row: pd.Series, promise: str, due_rate: float | None, is_business: bool) -> str:
    """Half of 2,340 leads were attempted within 1 h 4 min; 66.4% of those due within the promised 8 business hours."""
    clock = "business time" if is_business else "the wall clock"
    half = (
        f"Half of {formats.counted(int(row['handoffs']), 'lead')} were attempted within"
        f" {duration(row['p50_minutes'])} of {clock}"
        if formats.known(row["p50_minutes"])
        else f"Fewer than half of {formats.counted(int(row['handoffs']), 'lead')} have been attempted"
    )
    if due_rate is None:
        return half
    return f"{half}; {formats.percent(due_rate)} of those due within the promised {promise}"


def to_call(rows: pd.DataFrame, currency: str) -> str:
    """Thirty people to call today, $279K of expected value: 22 overdue, 4 due, 4 watched."""
    many = formats.words(len(rows)).capitalize()
    worth = float(rows["expected_value"].sum())
    said = f"{many} {'person' if len(rows) == 1 else 'people'} to call today"
    said += f", {formats.money(worth, currency)} of expected value" if worth > 0 else ""
    words = {"breached": "overdue", "pending": "due", "watched": "watched"}
    counts = {name: sum(key in str(one) for one in rows["reasons"]) for key, name in words.items()}
    return f"{said}: " + ", ".join(f"{formats.count(n)} {name}" for name, n in counts.items() if n)


def spread(rows: pd.DataFrame, what: str) -> str:
    """In time: Inside Sales West 49%, Inside Sales East 79%."""
    found = in_time_of(rows)
    found = found[(found["in_sla"] + found["breached"] >= formats.FEW) & (found["group_value"] != "(none)")]
    if len(found) < 2:
        return f"In time by {what}"
    low, high = each(found)[0], each(found)[-1]
    return (
        f"Attempted in time: {low.group_value} {formats.percent(low.share, 0)}, {high.group_value}"
        f" {formats.percent(high.share, 0)}"
    )


@dataclass(frozen=True)
class Gap:
    """One of the two ways a hand-over can miss what was agreed."""

    name: str
    leads: int
    value: float


def gaps(rows: pd.DataFrame) -> tuple[Gap, Gap, int]:
    """Met the criteria and not worked in time; did not meet them; and all leads."""
    met = rows["criteria_met"].astype(bool)
    late = rows["worked_in_sla"].eq(False)  # pending is neither
    parts = {"time": rows[met & late], "criteria": rows[~met]}
    time, criteria = (
        Gap(k, int(p["leads"].sum()), float(p["expected_value"].fillna(0).sum())) for k, p in parts.items()
    )
    return time, criteria, int(rows["leads"].sum())


def verdict(whole: pd.DataFrame, groups: dict[str, pd.DataFrame], promise: str, currency: str) -> str:
    """The larger gap of the two, in expected value or else in leads, and where it is concentrated."""
    time, criteria, total = gaps(whole)
    if not total:
        return "No leads were handed over in this period"
    if not time.leads and not criteria.leads:
        return f"All {formats.counted(total, 'lead')} handed over met the criteria, and none waited beyond the promise"
    larger = max((time, criteria), key=lambda gap: (gap.value, gap.leads))
    if larger.name == "time":
        said = (
            f"{formats.count(time.leads)} of {formats.counted(total, 'lead')} met the criteria and were not worked"
            f" within {promise}"
        )
    else:
        said = f"{formats.count(criteria.leads)} of {formats.counted(total, 'lead')} did not meet the agreed criteria"
    if larger.value > 0:
        said += f": {formats.money(larger.value, currency)} of expected value"
    where = [found for name, rows in groups.items() if (found := _where(rows, larger.name, name))]
    return f"{said}. {max(where)[1]}" if where else said


def other_gap(whole: pd.DataFrame, currency: str) -> str:
    """The smaller of the two gaps, so that neither is left unsaid: 7 did not meet the criteria."""
    time, criteria, total = gaps(whole)
    smaller = min((time, criteria), key=lambda gap: (gap.value, gap.leads))
    if not total or not smaller.leads:
        return ""
    rest = "did not meet the criteria" if smaller.name == "criteria" else "met them and were not worked in time"
    worth = f" ({formats.money(smaller.value, currency)} of expected value)" if smaller.value > 0 else ""
    return f"{formats.count(smaller.leads)} {rest}{worth}."


def _where(rows: pd.DataFrame, gap: str, what: str) -> tuple[float, str] | None:
    """The group whose share lies furthest above that of all others together, if it is clearly so."""
    met = rows["criteria_met"].astype(bool)
    hit = (met & rows["worked_in_sla"].eq(False)) if gap == "time" else ~met
    sums = rows.assign(hit=rows["leads"].where(hit, 0)).groupby("group_value")[["leads", "hit"]].sum()
    best: tuple[float, str] | None = None
    for name, row in sums.iterrows():
        rest_n = float(sums["leads"].sum() - row["leads"])
        if row["leads"] < formats.FEW or rest_n < formats.FEW or name == "(none)":
            continue
        share, rest = float(row["hit"] / row["leads"]), float(sums["hit"].sum() - row["hit"]) / rest_n
        error = (share * (1 - share) / row["leads"] + rest * (1 - rest) / rest_n) ** 0.5
        if share - rest > max(NOTABLE, 2 * error) and (best is None or share - rest > best[0]):
            text = (
                f"It is most frequent with {what} {name}: {formats.percent(share, 0)} of"
                f" {formats.counted(int(row['leads']), 'lead')}, elsewhere {formats.percent(rest, 0)}"
            )
            best = (share - rest, text)
    return best


def quality(row: pd.Series) -> str:
    """Sales accepted 61.2% of the 2,192 leads it decided on; 117 are undecided."""
    decided = int(row["accepted"] + row["rejected"])
    if not decided:
        return f"Of {formats.counted(int(row['handoffs']), 'lead')} handed over, none is decided yet"
    said = (
        f"Sales accepted {formats.percent(row['acceptance'])} of the {formats.counted(decided, 'lead')} it decided on"
    )
    waiting = int(row["undecided"])
    return f"{said}; {formats.count(waiting)} undecided" if waiting else said


def proposal(rows: pd.DataFrame, field: str, currency: str) -> list[str]:
    """Criteria to talk about: groups accepted clearly less often than all leads, and what leaving them out costs."""
    accepted, decided = float(rows["accepted"].sum()), float((rows["accepted"] + rows["rejected"]).sum())
    if decided < formats.FEW:
        return []
    overall, value = accepted / decided, float(rows["expected_value"].fillna(0).sum())
    found = []
    for row in each(rows):
        few = row.accepted + row.rejected < formats.FEW or row.group_value == "(none)"
        if few or not formats.known(row.high) or row.high >= overall:
            continue
        worth = float(row.expected_value) if formats.known(row.expected_value) else 0.0
        cost = ""
        if value > 0:
            cost = f", {formats.percent(worth / value, 0)} of the expected value ({formats.money(worth, currency)})"
        found.append(
            f"{field}!={row.group_value}: accepted {formats.percent(row.acceptance, 0)}"
            f" ({formats.percent(row.low, 0)} to {formats.percent(row.high, 0)}), all leads"
            f" {formats.percent(overall, 0)}. Leaving it out hands over"
            f" {formats.count(int(row.handoffs))} fewer leads{cost}."
        )
    return found
