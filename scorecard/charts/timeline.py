"""The one timeline of a customer: a lane per person, a shape and a colour per kind of event, the close marked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import blank, each
from scorecard.charts.theme import (
    BLUE,
    GREY,
    OLIVE,
    PINK,
    RUST,
    SHADE,
    STROKE,
    TEAL,
    VIOLET,
    Figure,
    Look,
    Trace,
    figure,
    label,
    note,
    short,
)

MOST_LANES = 7  # people with a lane of their own; more share the last one
LANE, LOW_LANE, FEW_LANES = 72, 58, 4  # pixels on a laptop; many lanes are lower
SLOTS = (0.0, 0.18, -0.18, 0.34)  # where an event goes that would hide the one before it
CLOSE = 0.014  # of the width: about one marker
DEAL_LANE = "The deal"
NO_CREDIT = "no credit"
# Kind -> its words, its colour, its shape, and the same shape as a letter for the legend: either tells it apart.
KINDS: dict[str, tuple[str, str, str, str]] = {
    "touch": ("Touch", BLUE, "circle", "●"),
    NO_CREDIT: ("Touch that earns nothing", GREY, "circle-open", "○"),
    "view": ("Video view", RUST, "triangle-right", "▶"),
    "activity": ("Call, mail, meeting", TEAL, "square", "■"),
    "survey": ("Survey", PINK, "star", "★"),
    "stage": ("Stage", VIOLET, "diamond", "◆"),
    "lead": ("Lead", OLIVE, "cross", "✚"),
    "deal": ("Deal", STROKE, "triangle-up", "▲"),
}


@dataclass(frozen=True)
class Span:
    """What the time axis shows beside the events: the deal's own dates and how far back touches count."""

    status: str
    created_at: datetime | None
    ends_at: datetime
    lookback_days: float
    is_closed: bool

    @property
    def counts_from(self) -> datetime:
        return self.ends_at - timedelta(days=self.lookback_days)


@dataclass(frozen=True)
class _Point:
    """One event in its place."""

    kind: str
    at: datetime
    lane: float
    words: str
    mark: str


def timeline(events: pd.DataFrame, span: Span, look: Look) -> Figure:
    """Every dated event in the lane of its person; names and addresses must be masked before."""
    dated = events[events["at"].notna()]
    names, lane_of = lanes(dated)
    first, last = _reach(dated, span)
    width = (last - first).total_seconds()
    lane = LANE if len(names) <= FEW_LANES else LOW_LANE
    points = _places(dated, lane_of, width)
    return figure(
        _traces(points),
        look,
        len(names) * lane + 56,
        hovermode="closest",
        annotations=[_end(span), *_marks(points, width, lane, look)],
        shapes=_shapes(span, first),
        margin={"l": 4, "r": 8, "t": look.em(1.9), "b": 4},
        xaxis={"type": "date", "range": [first.isoformat(), last.isoformat()], "nticks": 7},
        yaxis={
            "range": [len(names) - 0.5, -0.5],
            "tickvals": list(range(len(names))),
            "ticktext": [short(name, 18) for name in names],
            "showgrid": True,
        },
    )


def kind_of(row: Any) -> str:
    """The kind an event is drawn as: a touch that earns nothing is one of its own."""
    return NO_CREDIT if row.kind == "touch" and not row.is_counted else str(row.kind)


def legend(events: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Shape, colour and words of the kinds that are there; beside the chart they wrap on a narrow screen."""
    there = {kind_of(row) for row in each(events)}
    return [(letter, colour, name) for kind, (name, colour, _, letter) in KINDS.items() if kind in there]


def lanes(events: pd.DataFrame) -> tuple[list[str], dict[Any, int]]:
    """The names of the lanes from the top, and the lane of each person (None = the deal)."""
    with_person = events[events["person_key"].notna()]
    order = list(dict.fromkeys(with_person["person_key"]))
    busy = Counter(with_person["person_key"])
    if len(order) > MOST_LANES:
        own = set(sorted(order, key=lambda key: (-busy[key], order.index(key)))[: MOST_LANES - 1])
    else:
        own = set(order)
    names, found = [DEAL_LANE], {None: 0}
    called = dict(zip(with_person["person_key"], with_person["person"], strict=True))
    for key in order:
        if key in own:
            found[key] = len(names)
            names.append(str(called[key]))
    others = [key for key in order if key not in own]
    if others:
        found |= dict.fromkeys(others, len(names))
        names.append(f"{formats.count(len(others))} others")
    return names, found


def _reach(events: pd.DataFrame, span: Span) -> tuple[datetime, datetime]:
    """The time axis: every event and the close, with room for their words."""
    moments = [pd.Timestamp(at).to_pydatetime() for at in events["at"]]
    moments += [span.ends_at] + ([span.created_at] if span.created_at else [])
    first, last = min(moments), max(moments)
    width = max(last - first, timedelta(hours=6))
    return first - 0.04 * width, last + 0.06 * width


def _places(events: pd.DataFrame, lane_of: dict[Any, int], width: float) -> list[_Point]:
    """Events in time; one that would cover its neighbour moves up or down within the lane."""
    taken: dict[tuple[int, float], datetime] = {}
    found = []
    for row in each(events):
        at = pd.Timestamp(row.at).to_pydatetime()
        lane = lane_of[None if blank(row.person_key) else row.person_key]
        free = [
            slot
            for slot in SLOTS
            if (lane, slot) not in taken or (at - taken[lane, slot]).total_seconds() > CLOSE * width
        ]
        slot = free[0] if free else min(SLOTS, key=lambda one: taken[lane, one])
        taken[lane, slot] = at
        mark = "" if blank(row.milestones) else str(row.milestones)
        found.append(_Point(kind_of(row), at, lane + slot, _words(row, at), mark))
    return found


def _words(row: Any, at: datetime) -> str:
    """The event in a line, for whoever points at it."""
    parts = [f"{formats.day(at.date())} {at:%Y %H:%M}", row.what, row.person, row.channel, row.campaign, row.detail]
    parts.append(f"earns nothing: {row.reason}" if not blank(row.reason) else None)
    return "<br>".join(short(part, 60) for part in parts if not blank(part))


def _traces(points: Sequence[_Point]) -> list[Trace]:
    found: list[Trace] = []
    for kind, (name, colour, symbol, _) in KINDS.items():
        own = [point for point in points if point.kind == kind]
        if own:
            found.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [point.at.isoformat() for point in own],
                    "y": [point.lane for point in own],
                    "text": [point.words for point in own],
                    "hovertemplate": "%{text}<extra></extra>",
                    "marker": {"color": colour, "symbol": symbol, "size": 12, "line": {"width": 2, "color": colour}},
                }
            )
    return found


def _marks(points: Sequence[_Point], width: float, lane_height: int, look: Look) -> list[dict[str, Any]]:
    """FT, LC, OC and CW above their touches; one that would cover its neighbour stands a line higher."""
    found: list[dict[str, Any]] = []
    before: dict[int, tuple[datetime, int]] = {}
    for point in points:
        if not point.mark:
            continue
        lane = round(point.lane)
        last, level = before.get(lane, (None, 1))
        near = last is not None and (point.at - last).total_seconds() < 0.05 * width
        level = 1 - level if near else 0
        before[lane] = (point.at, level)
        lift = (
            look.height((point.lane - lane + 0.36) * lane_height) + 4 + look.em(1.15) * level
        )  # from the marker to the upper edge of its lane
        found.append(
            note(f"<b>{label(point.mark)}</b>", point.at.isoformat(), point.lane, anchor="center", yanchor="bottom")
            | {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": STROKE, "standoff": 7, "ax": 0}
            | {"ay": -lift}
        )
    return found


def _end(span: Span) -> dict[str, Any]:
    """How the deal ended, above its line."""
    word = span.status.capitalize() if span.is_closed else "Data to"
    text = f"<b>{word} {span.ends_at.day} {span.ends_at:%b %Y}</b>"
    return note(text, span.ends_at.isoformat(), 1, anchor="right", yref="paper", yanchor="bottom")


def _shapes(span: Span, first: datetime) -> list[dict[str, Any]]:
    upright: dict[str, Any] = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    end = span.ends_at.isoformat()
    found = [{**upright, "x0": end, "x1": end, "line": {"color": STROKE, "width": 3}}]
    start = max(span.counts_from, first)
    if start < span.ends_at:
        shade = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "x0": start.isoformat(), "x1": end}
        found.insert(0, {**shade, "fillcolor": SHADE, "opacity": 0.5, "line": {"width": 0}, "layer": "below"})
    if span.created_at:
        made = span.created_at.isoformat()
        found.append({**upright, "x0": made, "x1": made, "line": {"color": STROKE, "width": 2, "dash": "dot"}})
    return found
