"""The hand-over drawn: how soon leads are attempted, by whom in time, and which part of the way takes the time."""

from itertools import pairwise
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.charts.parts import bar, behind, margin_for, names_axis
from scorecard.charts.theme import BLUE, GREY, RUST, STROKE, TEAL, Figure, Look, figure

LAST_STAGE = 6  # won: nobody stands in it
BAND_COLOURS = {
    "0 to 5 min": TEAL,
    "5 to 15 min": TEAL,
    "15 to 60 min": TEAL,
    "over 60 min, in time": BLUE,
    "late": RUST,
    "untouched, not due": GREY,
    "untouched, due": RUST,
    "before hand-over": STROKE,
}


def duration(minutes: Any) -> str:
    """54 min, 5 h 20 min, 33 h; `not reached` where too many have not been attempted."""
    if not formats.known(minutes):
        return "not reached"
    whole = round(float(minutes))
    if whole < 60:
        return f"{whole} min"
    hours, rest = divmod(whole, 60)
    return f"{hours} h {rest} min" if rest and hours < 24 else f"{hours:,} h"


def bands(rows: pd.DataFrame, look: Look) -> Figure:
    """A bar a band with its share and count; who was contacted before the hand-over has no share."""
    texts = [
        f"<b>{formats.percent(row.share)}</b>  {formats.count(row.leads)}"
        if formats.known(row.share)
        else f"{formats.count(row.leads)}, not counted"
        for row in each(rows)
    ]
    names = [str(name) for name in rows["band"]]
    return ranked(
        names,
        [float(n) for n in rows["leads"]],
        texts,
        look,
        colours=BAND_COLOURS,
        row_height=25 if look.meeting else 36,
    )


def in_time_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The groups with their share in time of those not pending, least first."""
    decided = rows["in_sla"] + rows["breached"]
    found = rows.assign(share=(rows["in_sla"] / decided.where(decided > 0)).astype(float))
    return found.sort_values(["share", "group_value"], na_position="last")


def kept(rows: pd.DataFrame, look: Look) -> Figure:
    """A bar a group: the share in time, with P50, P90 and n; few leads are grey."""
    found = in_time_of(rows)
    names = [str(name) for name in found["group_value"]]
    shares = [float(share) if formats.known(share) else 0.0 for share in found["share"]]
    texts = [
        f"<b>{formats.percent(row.share, 0)}</b> n={formats.count(row.handoffs)}<br>P50 {duration(row.p50_minutes)}"
        for row in each(found)
    ]
    colours = {str(row.group_value): GREY if row.in_sla + row.breached < formats.FEW else BLUE for row in each(found)}
    return ranked(names, shares, texts, look, colours=colours, row_height=38 if look.meeting else 46)


def two_clocks(rows: pd.DataFrame, look: Look) -> Figure:
    """A bar a group: the median system time and the median human time behind it."""
    names = [str(name) for name in rows["group_value"]]
    system, human = ([_or_none(value) for value in rows[name]] for name in ("system_p50", "human_p50"))
    whole = [first + second for first, second in zip(system, human, strict=True)]
    texts = [f"<b>{duration(row.system_p50)}</b> system + <b>{duration(row.human_p50)}</b> human" for row in each(rows)]
    first, second = bar(names, system, STROKE, 0.6), bar(names, human, BLUE, 0.6)
    return figure(
        [first, second],
        look,
        len(names) * 38 + 12,
        barmode="stack",
        hovermode="closest",
        annotations=behind(whole, texts),
        margin=margin_for(look, whole, texts),
        xaxis={"range": [0, (max(whole, default=0.0) or 1.0) * 1.02], "visible": False},
        yaxis=names_axis(names),
    )


def reasons(rows: pd.DataFrame, look: Look) -> Figure:
    """Why leads were rejected, most frequent first; without a reason is grey."""
    sums: dict[str, float] = {}
    for row in each(rows):
        sums[str(row.reason)] = sums.get(str(row.reason), 0.0) + float(row.leads)
    names = sorted(sums, key=lambda name: (-sums[name], name))
    counts = [sums[name] for name in names]
    total = sum(counts) or 1.0
    texts = [f"<b>{formats.count(n)}</b>  {formats.percent(n / total, 0)}" for n in counts]
    return ranked(names, counts, texts, look, colours={"(no reason)": GREY}, row_height=38)


def attempts(rows: pd.DataFrame, look: Look) -> Figure:
    """A bar for each number of attempts made before a lead nobody had reached was left alone."""
    names = [f"{row.attempts} attempt{'' if row.attempts == '1' else 's'}" for row in each(rows)]
    counts = [float(n) for n in rows["leads"]]
    total = sum(counts) or 1.0
    texts = [f"<b>{formats.percent(n / total, 0)}</b>  {formats.count(n)}" for n in counts]
    return ranked(names, counts, texts, look, row_height=36)


def largest(rows: pd.DataFrame, most: int = 8) -> pd.DataFrame:
    """The groups with most leads; what is left is in the file."""
    return rows.sort_values(["handoffs", "group_value"], ascending=[False, True]).head(most)


def _or_none(value: Any) -> float:
    return float(value) if formats.known(value) else 0.0


def stage_headline(rows: pd.DataFrame, reading: str) -> str:
    """The step with the lowest rate, or the stage most stand in."""
    listed = each(rows)
    if reading == "stock":
        most = max((row for row in listed if row.stage_order < LAST_STAGE), key=lambda row: row.standing, default=None)
        return f"Most open leads stand in {most.stage}: {formats.count(most.standing)}" if most else "Stages"
    steps = [(row, after.stage) for row, after in pairwise(listed) if formats.known(row.rate)]
    steps = [(row, after) for row, after in steps if row.entered >= formats.FEW]
    if not steps:
        return "Too few leads in this period to compare the stages"
    row, after = min(steps, key=lambda step: step[0].rate)
    return f"Fewest go on from {row.stage} to {after}: {formats.percent(row.rate)}"
