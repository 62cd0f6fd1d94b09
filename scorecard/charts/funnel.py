"""Where people stop: a bar a step, and between two steps how many went on."""

from collections.abc import Collection
from itertools import pairwise

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.parts import bar, behind, margin_for, names_axis
from scorecard.charts.theme import BLUE, TEAL, Figure, Look, figure, note, short

CRM_STEPS = ("lead", "mql", "opportunity", "deal", "won")


def funnel(rows: pd.DataFrame, look: Look, *, crm: Collection[str] = CRM_STEPS, row_height: float = 62) -> Figure:
    """The steps in order; video steps blue, CRM steps teal.

    `rows`: step, step_order, people, of_previous, of_first.
    """
    rows = rows.sort_values("step_order")
    names = [str(name) for name in rows["step"]]
    people = [float(value) for value in rows["people"]]
    colours = [TEAL if _is_crm(name, crm) else BLUE for name in names]
    hover = [f"{short(name, 40)}: {formats.count(value)}" for name, value in zip(names, people, strict=True)]
    texts = [_step_text(row, at, short(names[0].lower())) for at, row in enumerate(each(rows))]
    between = [
        note(drop_off(before, after), 0, at + 0.5, xshift=6, yanchor="middle", muted=True, size=look.font - 1)
        for at, (before, after) in enumerate(pairwise(people))
    ]
    return figure(
        [bar(names, people, colours, 0.58, hover)],
        look,
        len(names) * row_height + 8,
        hovermode="closest",
        annotations=[*behind(people, texts), *between],
        margin=margin_for(look, people, texts),
        xaxis={"range": [0, (max(people, default=0.0) or 1.0) * 1.02], "visible": False},
        yaxis=names_axis(names, 0.4),
    )


def _is_crm(name: str, crm: Collection[str]) -> bool:
    return any(word in name.lower() for word in crm)


def _step_text(row, at: int, first: str) -> str:
    head = f"<b>{formats.count(row.people)}</b>"
    if at == 0 or not formats.known(row.of_first):
        return head
    digits = 1 if row.of_first < 0.0995 else 0
    return f"{head}  {formats.percent(row.of_first, digits)} of {first}"


def drop_off(before: float, after: float) -> str:
    """↓ 72% go on · 3,530 stop; a step that gains says so instead of a share above 100%."""
    if before <= 0:
        return "↓"
    if after > before:
        return f"↓ {formats.count(after - before)} more than the step before"
    return f"↓ {formats.percent(after / before, 0)} go on · {formats.count(before - after)} stop"
