"""Where people stop: a bar a step, and between two steps how many went on."""

from collections.abc import Collection

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.theme import BLUE, TEAL, Figure, Look, figure, note, room_right, short

CRM_STEPS = ("lead", "mql", "opportunity", "deal", "won")


def funnel(rows: pd.DataFrame, look: Look, *, crm: Collection[str] = CRM_STEPS, row_height: float = 62) -> Figure:
    """The steps in order; video steps blue, CRM steps teal.

    `rows`: step, step_order, people, of_previous, of_first.
    """
    rows = rows.sort_values("step_order")
    names = [str(name) for name in rows["step"]]
    people = [float(value) for value in rows["people"]]
    top = max(people, default=1.0) or 1.0
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": people,
        "width": 0.58,
        "marker": {"color": [TEAL if _is_crm(name, crm) else BLUE for name in names], "line": {"width": 0}},
        "customdata": names,
        "text": [f"{short(name, 40)}: {formats.count(value)}" for name, value in zip(names, people, strict=True)],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    texts = [_step_text(row, at, short(names[0].lower())) for at, row in enumerate(each(rows))]
    notes = [
        note(text, value, at, xshift=8, yanchor="middle")
        for at, (value, text) in enumerate(zip(people, texts, strict=True))
    ]
    notes += [
        note(
            drop_off(people[at - 1], people[at]),
            0,
            at - 0.5,
            xshift=6,
            yanchor="middle",
            muted=True,
            size=look.font - 1,
        )
        for at in range(1, len(people))
    ]
    return figure(
        [trace],
        look,
        len(names) * row_height + 8,
        hovermode="closest",
        annotations=notes,
        margin={"l": 4, "r": room_right(look, people, texts), "t": 8, "b": 4},
        xaxis={"range": [0, top * 1.02], "visible": False},
        yaxis={
            "range": [len(names) - 0.6, -0.4],
            "tickvals": list(range(len(names))),
            "ticktext": [short(name) for name in names],
            "showgrid": False,
        },
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
