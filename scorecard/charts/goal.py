"""The goal tree: what the target needs of each step, as a bar with what is there so far in it."""

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.parts import bar, names_axis
from scorecard.charts.theme import BLUE, SHADE, STROKE, TEAL, Figure, Look, figure, note

NAMES = {
    "revenue": "Won revenue",
    "deals": "Won deals",
    "opportunities": "Opportunities",
    "mqls": "MQLs",
    "leads": "New leads",
}
OF_MARKETING = ("mqls", "leads")
BETWEEN = {
    "deals": "{rate} a won deal",
    "opportunities": "{rate} of opportunities are won within 180 days",
    "mqls": "{rate} of MQLs become an opportunity within 90 days",
    "leads": "{rate} of leads become an MQL within 90 days",
}


def goal_tree(rows: pd.DataFrame, elapsed: float, look: Look, *, row_height: float = 92) -> Figure:
    """Steps from the target down: bar = what is there, track = what is needed, tick = expected by today."""
    steps = list(each(rows))
    shares = [_share(row) for row in steps]
    names = [NAMES[row.step] for row in steps]
    drawn = [min(share or 0.0, 1.25) for share in shares]
    known = [formats.known(row.needed) for row in steps]
    colours = [BLUE if row.step in OF_MARKETING else TEAL for row in steps]
    end = max(1.0, *drawn)
    notes = []
    for at, row in enumerate(steps):
        notes.append(note(f"{names[at]}: {_text(row, look)}", 0, at - 0.27, yanchor="middle"))
        if between := _between(row, look):
            notes.append(
                note(f"↑ {between}", 0, at - 0.66, muted=True, yanchor="middle", align="left", size=look.font - 2)
            )
    ticks = [
        {
            "type": "line", "x0": elapsed, "x1": elapsed, "y0": at - 0.13, "y1": at + 0.13,
            "line": {"color": STROKE, "width": 3},
        }
        for at, is_known in enumerate(known)
        if is_known and 0 < elapsed < 1
    ]  # fmt: skip
    return figure(
        [
            bar(names, [1.0 if is_known else 0.0 for is_known in known], SHADE, 0.24),
            bar(names, drawn, colours, 0.15),
        ],
        look,
        len(steps) * row_height + 8,
        barmode="overlay",
        hovermode=False,
        shapes=ticks,
        annotations=notes,
        margin={"l": 4, "r": 8, "t": 4, "b": 4},
        xaxis={"range": [0, end], "visible": False},
        yaxis=names_axis(names) | {"range": [len(names) - 0.8, -0.45], "visible": False},
    )


def _share(row) -> float | None:
    if not formats.known(row.needed) or not formats.known(row.so_far) or not float(row.needed):
        return None
    return float(row.so_far) / float(row.needed)


def _value(row, number, look: Look) -> str:
    return formats.number(number, "money" if row.step == "revenue" else "count", look.currency)


def _plain(row, look: Look) -> str:
    so_far = _value(row, row.so_far, look)
    if not formats.known(row.needed):
        return f"{so_far} so far; needed: not enough data"
    share = _share(row)
    done = f" · {formats.share(share)}" if share is not None else ""
    return f"{so_far} of {_value(row, row.needed, look)} needed{done}"


def _text(row, look: Look) -> str:
    first, _, rest = _plain(row, look).partition(" ")
    return f"<b>{first}</b> {rest}"


def _between(row, look: Look) -> str:
    """The rate from this step to the one above, with its interval and n."""
    if row.step not in BETWEEN:
        return ""
    unit = "money" if row.step == "deals" else "percent"

    def said(value) -> str:
        return formats.number(value, unit, look.currency)

    n = formats.count(row.n) if formats.known(row.n) else "0"
    if not formats.known(row.rate):
        return f"not enough data yet for this rate, n={n}"
    return f"{BETWEEN[row.step].format(rate=said(row.rate))}<br>({said(row.low)} to {said(row.high)}, n={n})"


def headline(rows: pd.DataFrame, elapsed: float) -> str:
    """The step that lags furthest behind the days gone by, where one does."""
    found = [(NAMES[row.step], share) for row in each(rows) if (share := _share(row)) is not None]
    if not found:
        return "What the revenue target needs of each step"
    name, share = min(found, key=lambda one: one[1])
    at = f"with {formats.share(elapsed)} of the period over" if 0 < elapsed < 1 else "at the end of the period"
    if share >= elapsed:
        return f"Every step keeps up with the target {at}"
    lags = "lags" if name == NAMES["revenue"] else "lag"
    return f"{name} {lags} most: {formats.share(share)} of what the target needs, {at}"
