"""Win curves with their uncertainty, and what became of the deals: won, lost or still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.forest import Rate
from scorecard.charts.frames import each
from scorecard.charts.theme import (
    GREY,
    OUTCOME_COLOURS,
    STROKE,
    Figure,
    Look,
    Trace,
    colours_for,
    fade,
    figure,
    note,
    short,
    width_of,
)

DAYS = (30, 90, 180, 365)
VALUES = ("won_probability", "won_low", "won_high", "lost_probability", "open_probability")
BANDS = 3  # with more curves than this the bands hide each other


def win_curves(
    rows: pd.DataFrame,
    look: Look,
    *,
    fixed: dict[str, str] | None = None,
    last_day: int | None = None,
    mark: int | None = None,
    since: str = "created",
    height: float = 380,
) -> Figure:
    """The share won by each day of life, one step line a group, labelled at its end.

    mark: the day at which groups are compared, as a fine line. since: what day 0 is.
    """
    oldest = float(rows["day"].max()) if len(rows) else 0.0
    last_day = last_day or next((day for day in DAYS[1:] if day >= oldest), DAYS[-1])
    names = _largest(rows)
    colours = colours_for(names, fixed or {})
    traces: list[Trace] = []
    ends: list[tuple[str, float]] = []
    top = 0.05
    for name in names:
        days, won, low, high = _until(rows[rows["group_value"].astype(str) == name], last_day)
        if len(names) <= BANDS:
            traces.append(_band(days, low, high, colours[name]))
            top = max(top, *high)
        traces.append(_step(name, days, won, colours[name]))
        top = max(top, *won)
        short_of = "" if days[-1] >= 0.9 * last_day else f"<br>to day {formats.count(days[-1])}"
        ends.append((f"<b>{formats.percent(won[-1])}</b> {short(name, 18)}{short_of}", won[-1]))
    marks, texts = formats.ticks(top, "percent")
    gap = top * 1.08 * look.em(1.35) / look.height(height - 50)
    labels = [
        note(text, last_day, at, xshift=8, yanchor="middle")
        for (text, _), at in zip(ends, spread([value for _, value in ends], gap), strict=True)
    ]
    return figure(
        traces,
        look,
        height,
        annotations=labels,
        margin={"l": 4, "r": look.em(1 + max((width_of(text) for text, _ in ends), default=0.0)), "t": 8, "b": 4},
        shapes=[_mark(mark)] if mark and mark < last_day else [],
        xaxis={
            "range": [0, last_day],
            "tickvals": _marks(last_day, mark),
            "title": {"text": f"days since {since}", "standoff": 8},
        },
        yaxis={"range": [0, top * 1.08], "tickvals": marks, "ticktext": texts},
    )


def _mark(day: int) -> dict[str, object]:
    line = {"color": STROKE, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}


def _marks(last_day: int, mark: int | None) -> list[int]:
    """0, the agreed days, the last and the marked one; where two would touch, the marked and the last stay."""
    kept = [day for day in (mark, last_day) if day and day <= last_day][:2]
    if len(kept) == 2 and kept[1] - kept[0] < last_day / 14:
        kept = kept[:1]
    rest = [day for day in (0, *DAYS) if day <= last_day]
    return sorted({*kept, *(day for day in rest if all(abs(day - one) >= last_day / 14 for one in kept))})


def _largest(rows: pd.DataFrame, most: int = 6) -> list[str]:
    """The groups with most cases at the start, largest first."""
    if rows.empty:
        return []
    sizes = rows.assign(name=rows["group_value"].astype(str)).groupby("name")["at_risk"].max()
    return [str(name) for name in sizes.sort_values(ascending=False).index[:most]]


def _until(group: pd.DataFrame, last_day: int) -> tuple[list[float], list[float], list[float], list[float]]:
    """Days, share won, low and high up to the last day; nothing beyond the oldest case seen."""
    group = group.sort_values("day")
    oldest = float(group["day"].max())
    group = group[group["day"] <= last_day]
    won = group["won_probability"].astype(float)
    columns = [won, group["won_low"].astype(float).fillna(won), group["won_high"].astype(float).fillna(won)]
    days = [float(day) for day in group["day"]]
    values = [column.tolist() for column in columns]
    end = min(oldest, float(last_day))
    if days[-1] < end:
        days.append(end)
        values = [[*numbers, numbers[-1]] for numbers in values]
    return days, values[0], values[1], values[2]


def _step(name: str, days: Sequence[float], values: Sequence[float], colour: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(days),
        "y": list(values),
        "line": {"color": colour, "width": 3, "shape": "hv"},
        "name": short(name, 40),
        "text": [formats.percent(value) for value in values],
        "hovertemplate": short(name, 40) + " %{text}<extra></extra>",
    }


def _band(days: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str) -> Trace:
    """The 95 % interval as a filled step shape."""
    across, lows, highs = _steps(days, low, high)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*across, *reversed(across)],
        "y": [*highs, *reversed(lows)],
        "fill": "toself",
        "fillcolor": fade(colour, 0.16),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _steps(
    days: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    across: list[float] = []
    lows: list[float] = []
    highs: list[float] = []
    for at, day in enumerate(days):
        if at:
            across.append(day)
            lows.append(low[at - 1])
            highs.append(high[at - 1])
        across.append(day)
        lows.append(low[at])
        highs.append(high[at])
    return across, lows, highs


def spread(values: Sequence[float], gap: float) -> list[float]:
    """The values moved apart so that no two labels are closer than `gap`, as little as can be."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    placed = [float(values[at]) for at in order]
    for _ in range(50):
        moved = False
        for at in range(1, len(placed)):
            lack = gap - (placed[at] - placed[at - 1])
            if lack > 1e-12:
                placed[at - 1] -= lack / 2
                placed[at] += lack / 2
                moved = True
        if placed and placed[0] < 0:
            placed[0] = 0.0
            moved = True
        if not moved:
            break
    found = [0.0] * len(values)
    for at, value in zip(order, placed, strict=True):
        found[at] = value
    return found


def outcomes(rows: pd.DataFrame, look: Look, *, row_height: float = 62) -> Figure:
    """Won, lost and open by the chosen day, one bar a group, with the shares written above it.

    `rows`: group_value, won_probability, lost_probability, open_probability, n.
    """
    names = [str(name) for name in rows["group_value"]]
    parts = (("won", "won_probability"), ("open", "open_probability"), ("lost", "lost_probability"))
    colours = OUTCOME_COLOURS | {"lost": GREY}
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": list(range(len(names))),
            "x": [float(value) for value in rows[column]],
            "width": 0.36,
            "marker": {"color": colours[part], "line": {"width": 0}},
            "name": part,
            "customdata": names,
            "hovertemplate": f"%{{x:.1%}} {part}<extra></extra>",
        }
        for part, column in parts
    ]
    heads = [_outcome_text(row, at) for at, row in enumerate(each(rows))]
    return figure(
        traces,
        look,
        len(names) * row_height + 16,
        barmode="stack",
        hovermode="closest",
        annotations=heads,
        xaxis={"range": [0, 1], "visible": False},
        yaxis={"range": [len(names) - 0.6, -0.75], "visible": False},
        margin={"l": 4, "r": 8, "t": 4, "b": 4},
    )


def _outcome_text(row, at: int) -> dict[str, object]:
    shares = (
        f"<b>{formats.percent(row.won_probability)} won</b>, {formats.percent(row.open_probability, 0)} open,"
        f" {formats.percent(row.lost_probability, 0)} lost"
    )
    return note(f"{short(row.group_value, 20)} {shares} n={formats.count(row.n)}", 0, at - 0.24, yanchor="bottom")


def at_days(rows: pd.DataFrame, days: Sequence[int] = DAYS, text: bool = False) -> pd.DataFrame:
    """Each curve at the agreed days: group_value, day, won, low, high, lost, open, n (all that began).

    Nothing beyond the oldest case of the group. `text`: one row a group, ready to be read.
    """
    found = []
    for name, group in rows.sort_values("day").groupby("group_value", sort=False):
        n = float(group["at_risk"].max())
        oldest = float(group["day"].max())
        for day in days:
            until = group[group["day"] <= day]
            row = until.iloc[-1] if len(until) and oldest >= day else None
            values = [_number(row, column) for column in VALUES]
            found.append((str(name), day, *values, n))
    table = pd.DataFrame(found, columns=["group_value", "day", "won", "low", "high", "lost", "open", "n"])
    return as_text(table, days) if text else table


def _number(row: pd.Series | None, column: str) -> float | None:
    return float(row[column]) if row is not None and formats.known(row[column]) else None


def as_text(table: pd.DataFrame, days: Sequence[int]) -> pd.DataFrame:
    """The same, one row a group, most cases first."""
    rows = []
    for name, group in table.groupby("group_value", sort=False):
        cells = {f"by day {row.day}": _cell(row) for row in each(group) if row.day in days}
        rows.append({"group": name, "n": int(group["n"].max()), **cells})
    return pd.DataFrame(rows).sort_values("n", ascending=False)


def _cell(row) -> str:
    if not formats.known(row.won):
        return formats.MISSING
    if not formats.known(row.low):
        return formats.percent(row.won)  # none or all of them: the curve has no interval there
    return f"{formats.percent(row.won)} ({formats.percent(row.low)}–{formats.percent(row.high)})"


@dataclass(frozen=True)
class EqualAge:
    """What may be compared: these groups, at this day of life; and how far all of them have been watched."""

    day: int
    names: tuple[str, ...]
    younger: tuple[tuple[str, int], ...]  # groups not yet that old, with the longest age seen in each
    reach: int


def at_equal_age(rows: pd.DataFrame, wanted: int, days: Sequence[int] = DAYS) -> EqualAge | None:
    """Groups old enough for the wanted day, else for the latest agreed day that some have reached; None = no group."""
    ages = rows.assign(name=rows["group_value"].astype(str)).groupby("name")["day"].max()
    for day in [wanted, *sorted((day for day in days if day < wanted), reverse=True)]:
        old = ages[ages >= day]
        if len(old):
            young = ages[ages < day].sort_values(ascending=False)
            younger = tuple((str(name), int(age)) for name, age in young.items())
            return EqualAge(day, tuple(str(name) for name in old.index), younger, int(old.min()))
    return None


def rates_at(table: pd.DataFrame, day: int, names: Mapping[str, str] | None = None) -> list[Rate]:
    """Each group's share won by that day, largest group first."""
    rows = table[(table["day"] == day) & table["won"].notna()].sort_values("n", ascending=False)
    return [
        Rate(
            (names or {}).get(str(row.group_value), str(row.group_value)),
            float(row.won),
            float(row.low if formats.known(row.low) else row.won),
            float(row.high if formats.known(row.high) else row.won),
            float(row.n),
        )
        for row in each(rows)
    ]
