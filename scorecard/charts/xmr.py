"""Signals and noise: a metric week by week between the limits of its own past, and what its last week says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of
from scorecard.charts.parts import line
from scorecard.charts.theme import RUST, SHADE, STROKE, Figure, Look, figure, note

SHOWN = 78  # weeks that a chart holds: the baseline and a year


@dataclass(frozen=True)
class Judged:
    """The last complete week of a metric: `signal` None = too few weeks to say."""

    week: date
    value: float | None
    signal: bool | None
    above: bool
    weeks: int  # how many weeks in a row were signals, this one included
    rule: int

    @property
    def badge(self) -> str:
        """What a card says, and over how many weeks: it is not the change since last week; '' = noise."""
        over = "1w" if self.rule == 1 else "8w"
        return f"{'▲' if self.above else '▼'} Signal {over}" if self.signal else ""

    @property
    def words(self) -> str:
        """The finding, for the middle of a sentence."""
        if self.signal is None:
            return "too few weeks to tell"
        if not self.signal:
            return "within its usual range"
        side = "above" if self.above else "below"
        return f"{side} its limits" if self.rule == 1 else f"8+ weeks {side} centre"


def judged(rows: pd.DataFrame) -> dict[str, Judged]:
    """What the last week of each metric says."""
    found: dict[str, Judged] = {}
    for metric, weeks in rows.groupby("metric", sort=False):
        last = weeks.iloc[-1]
        told = [None if pd.isna(value) else bool(value) for value in weeks["signal"]]
        in_a_row = 0
        for value in reversed(told):
            if not value:
                break
            in_a_row += 1
        value = float(last["value"]) if formats.known(last["value"]) else None
        above = value is not None and formats.known(last["center"]) and value > float(last["center"])
        rule = 0 if pd.isna(last["rule"]) else int(last["rule"])
        found[str(metric)] = Judged(day_of(last["week"]), value, told[-1], above, in_a_row, rule)
    return found


def headline(found: Sequence[tuple[str, Judged]]) -> str:
    """Which of the numbers are news: `found` = name and what its last week says."""
    told = [(name, one) for name, one in found if one.signal is not None]
    news = [f"{name} ({'above' if one.above else 'below'})" for name, one in told if one.signal]
    if not told:
        return "Not enough complete weeks yet to tell a signal from noise"
    of = formats.words(len(told))
    if not news:
        return f"No signal: all of {of} numbers are within their usual range"
    verb = "signals" if len(news) == 1 else "signal"
    return f"{formats.words(len(news)).capitalize()} of {of} numbers {verb}: {', '.join(news)}"


def panel(rows: pd.DataFrame, unit: str, look: Look, *, height: float = 165) -> Figure:
    """One metric: its weeks as a grey line, the band of its noise, the dotted centre, and each signal as a dot."""
    shown = rows.tail(SHOWN)
    known = shown[shown["value"].notna()]
    days = [day_of(day) for day in known["week"]]
    values = [float(value) for value in known["value"]]
    said = [formats.number(value, unit, look.currency) for value in values]
    traces = [line(days, values, said, STROKE, 2)]
    hot = known["signal"].fillna(False).astype(bool).tolist()
    dots = [(day, value) for day, value, is_signal in zip(days, values, hot, strict=True) if is_signal]
    traces.append({
        "type": "scatter", "mode": "markers", "x": [day for day, _ in dots], "y": [value for _, value in dots],
        "marker": {"color": RUST, "size": 9 if look.meeting else 7}, "hoverinfo": "skip",
    })  # fmt: skip
    limits = [float(value) for name in ("low", "high") for value in shown[name] if formats.known(value)]
    top = max([*values, *limits], default=1.0)
    bottom = min([0.0, *values, *limits])
    marks, texts = formats.ticks(top, unit, look.currency, most=2)
    notes = []
    if values:
        notes.append(note(f"<b>{said[-1]}</b>", days[-1], values[-1], xshift=8, yanchor="middle"))
    width = round(look.em(0.62 * max((len(text) for text in said[-1:]), default=0))) + 14
    return figure(
        traces,
        look,
        height,
        shapes=_bands(shown),
        annotations=notes,
        margin={"l": 4, "r": width, "t": 8, "b": 4},
        xaxis={"nticks": 4, "tickformat": "%-d %b", "range": _span(shown)},
        yaxis={"range": [bottom, top * 1.1 or 1.0], "tickvals": marks, "ticktext": texts},
    )


def _span(rows: pd.DataFrame) -> list[date]:
    """From the first week to the last: the axis ends where the label begins."""
    return [day_of(rows["week"].iloc[0]), day_of(rows["week"].iloc[-1])]


def _bands(rows: pd.DataFrame) -> list[dict[str, object]]:
    """A band and a centre for each stretch of weeks with the same limits: a new start is a step."""
    found: list[dict[str, object]] = []
    drawn = rows[rows["center"].notna()]
    stretch = (drawn["center"] != drawn["center"].shift()).cumsum()
    for _, weeks in drawn.groupby(stretch, sort=False):
        x0, x1 = day_of(weeks["week"].iloc[0]), day_of(weeks["week"].iloc[-1])
        low, center, high = (float(weeks[name].iloc[0]) for name in ("low", "center", "high"))
        span = {"x0": x0, "x1": x1, "layer": "below"}
        found.append({"type": "rect", **span, "y0": low, "y1": high, "fillcolor": SHADE, "line": {"width": 0}})
        dotted = {"color": STROKE, "width": 1, "dash": "dot"}
        found.append({"type": "line", **span, "y0": center, "y1": center, "line": dotted})
    return found
