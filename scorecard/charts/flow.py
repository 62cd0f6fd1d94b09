"""A waterfall from then to now, the sentence above it, and a change split into bars that add up to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.parts import bar, margin_for, names_axis
from scorecard.charts.theme import BLUE, GREY, RUST, STROKE, TEAL, Figure, Look, figure, note, short

# Bucket -> its name beside the bar, and its word in a sentence.
BUCKETS: dict[str, tuple[str, str]] = {
    "start": ("Start", ""),
    "created": ("Created", "created"),
    "reopened": ("Reopened", "reopened"),
    "pulled_in": ("Pulled in", "pulled in"),
    "amount_up": ("Amount up", "added to amounts"),
    "amount_down": ("Amount down", "taken off amounts"),
    "won": ("Won", "won"),
    "lost": ("Lost", "lost"),
    "pushed_out": ("Pushed out", "pushed out"),
    "missing_from_export": ("Missing from export", "missing from the export"),
    "restated": ("Restated", "restated"),
    "moved": ("Moved", "moved between filters"),
    "end": ("End", ""),
}
LEAD_BUCKETS: dict[str, tuple[str, str]] = {
    "start": ("Start", ""),
    "new": ("New", "new"),
    "recycled": ("Recycled", "open again"),
    "became_mql": ("Became MQL", ""),
    "became_sql": ("Became SQL", ""),
    "became_opportunity": ("Became opportunity", ""),
    "moved_back": ("Moved back", ""),
    "won": ("Won", "won"),
    "disqualified": ("Disqualified or lost", "disqualified or lost"),
    "missing_from_export": ("Missing from export", "missing from the export"),
    "merged": ("Merged with somebody", "merged with somebody"),
    "moved": ("Moved", "moved between filters"),
    "end": ("End", ""),
}
ENDS = ("start", "end")
NAMED = 3  # what a headline names
SAME = 0.005  # a change under half a percent is none worth a verb


@dataclass(frozen=True)
class Step:
    """One bar: from where to where it reaches."""

    bucket: str
    name: str
    deals: int
    low: float
    high: float
    amount: float

    @property
    def end(self) -> float:
        """The running total after this step."""
        return self.high if self.bucket in ENDS or self.amount >= 0 else self.low


def steps(rows: pd.DataFrame) -> list[Step]:
    """The bars in order; buckets without a deal are left out."""
    found: list[Step] = []
    total = 0.0
    for row in each(rows):
        amount, bucket = float(row.amount), str(row.bucket)
        if bucket in ENDS:
            found.append(Step(bucket, BUCKETS[bucket][0], int(row.deals), 0.0, amount, amount))
            total = amount
        elif row.deals:
            low, high = sorted((total, total + amount))
            found.append(Step(bucket, BUCKETS[bucket][0], int(row.deals), low, high, amount))
            total += amount
    return found


def waterfall(found: Sequence[Step], look: Look, start: str, end: str, *, row_height: float = 44) -> tuple[Figure, str]:
    """The figure, and a sentence where its bars do not begin at 0; a click on a bar gives its bucket.

    start, end: what the first and the last bar are called, such as a day.
    """
    top = max((step.high for step in found), default=0.0) or 1.0
    floor = _floor(found, top)
    names = [{"start": start, "end": end}.get(step.bucket, step.name) for step in found]
    texts = [_text(step, look.currency) for step in found]
    reach = [step.high - floor for step in found]
    trace = bar(
        [step.bucket for step in found],
        [step.high - max(step.low, floor) for step in found],
        [_colour(step) for step in found],
        0.62,
        [f"{name}: {text}" for name, text in zip(names, texts, strict=True)],
    )
    trace["base"] = [max(step.low, floor) for step in found]
    labels = [
        note(text, step.high, at, xshift=8, yanchor="middle")
        for at, (step, text) in enumerate(zip(found, texts, strict=True))
    ]
    drawn = figure(
        [trace],
        look,
        len(found) * row_height + 12,
        hovermode="closest",
        annotations=labels,
        shapes=[_connector(step.end, at) for at, step in enumerate(found[:-1])],
        margin=margin_for(look, reach, texts),
        xaxis={"range": [floor, top + (top - floor) * 0.02], "visible": False},
        yaxis=names_axis(names),
    )
    said = f"Bars begin at {formats.money(floor, look.currency)}, so that changes can be seen." if floor else ""
    return drawn, said


def _floor(found: Sequence[Step], top: float) -> float:
    """0, or a round amount below everything where all that changes is small beside what was there."""
    lowest = min((min(step.low, step.high) for step in found if step.bucket not in ENDS), default=0.0)
    lowest = min([lowest, *(step.high for step in found if step.bucket in ENDS)])
    if lowest < 0.6 * top or lowest <= 0:
        return 0.0
    marks, _ = formats.ticks(top, "money", most=20)
    wanted = lowest - 0.7 * (top - lowest) - 0.02 * top
    return max((mark for mark in marks if mark <= wanted), default=0.0)


def _colour(step: Step) -> str:
    if step.bucket in ENDS:
        return GREY
    if step.bucket == "won":
        return TEAL
    return BLUE if step.amount >= 0 else RUST


def _text(step: Step, currency: str) -> str:
    money = formats.money(step.amount, currency)
    if step.bucket not in ENDS:
        money = formats.signed(money) if step.amount else formats.money(0, currency)
    return f"<b>{money}</b>  {formats.counted(step.deals, 'deal')}"


def _connector(at_amount: float, row: int) -> dict[str, Any]:
    style = {"color": STROKE, "width": 1}
    return {"type": "line", "x0": at_amount, "x1": at_amount, "y0": row + 0.31, "y1": row + 0.69, "line": style}


def headline(rows: pd.DataFrame, since: str, currency: str, of: str = "") -> str:
    """Open pipeline fell $0.4M since Sun 8 Nov: $0.9M won, $0.8M created, $0.3M pushed out."""
    by = {str(row.bucket): (int(row.deals), float(row.amount)) for row in each(rows)}
    start, end = by["start"][1], by["end"][1]
    largest = sorted((name for name in by if name not in ENDS and by[name][1]), key=lambda name: -abs(by[name][1]))
    parts = [f"{formats.money(abs(by[name][1]), currency)} {BUCKETS[name][1]}" for name in largest[:NAMED]]
    what = f"Open pipeline{f' {of}' if of else ''}"
    return _moved(what, end - start, start, lambda value: formats.money(value, currency), since, parts)


def leads_headline(rows: pd.DataFrame, since: str) -> str:
    """Open leads grew by 12 since Sun 8 Nov: 37 new, 35 disqualified or lost, 7 won."""
    by = rows.groupby("bucket")["leads"].sum().astype(float)
    start, end = float(by.get("start", 0)), float(by.get("end", 0))
    named = [name for name, (_, word) in LEAD_BUCKETS.items() if word and by.get(name, 0)]
    largest = sorted(named, key=lambda name: -abs(by[name]))[:NAMED]
    parts = [f"{formats.count(abs(by[name]))} {LEAD_BUCKETS[name][1]}" for name in largest]
    return _moved("Open leads", end - start, start, formats.count, since, parts, by="by ")


def _moved(
    what: str,
    change: float,
    start: float,
    said: Callable[[float], str],
    since: str,
    parts: Sequence[str],
    by: str = "",
) -> str:
    listed = f": {', '.join(parts)}" if parts else ""
    if not change and not parts:
        return f"Nothing changed in {what[0].lower()}{what[1:]} since {since}"
    verb = "grew" if change > 0 else "fell"
    if abs(change) <= SAME * abs(start):
        return f"{what} {'are' if by else 'is'} about as large as on {since}{listed}"
    return f"{what} {verb} {by}{said(abs(change))} since {since}{listed}"


def stage_bars(rows: pd.DataFrame, look: Look, most: int = 8) -> Figure:
    """The moves between stages that most deals made; who stayed and who is new is not among them."""
    found = moved_stage(rows).head(most)
    names = [f"{_brief(row.stage_from)}<br>→ {_brief(row.stage_to)}" for row in each(found)]
    values = [float(row.deals) for row in each(found)]
    texts = [
        f"<b>{formats.counted(int(row.deals), 'deal')}</b>  {formats.money(float(row.amount), look.currency)}"
        for row in each(found)
    ]
    colours = [{"won": TEAL, "lost": RUST, "missing": RUST}.get(str(row.direction), BLUE) for row in each(found)]
    labels = [
        note(text, value, at, xshift=8, yanchor="middle")
        for at, (text, value) in enumerate(zip(texts, values, strict=True))
    ]
    axis = names_axis(names)
    axis["ticktext"] = names
    return figure(
        [bar(names, values, colours, 0.62, [f"{name}: {text}" for name, text in zip(names, texts, strict=True)])],
        look,
        len(names) * 46 + 12,
        hovermode="closest",
        annotations=labels,
        margin=margin_for(look, values, texts),
        xaxis={"range": [0, max(values, default=1.0) * 1.02], "visible": False},
        yaxis=axis,
    )


def moved_stage(rows: pd.DataFrame) -> pd.DataFrame:
    """Deals of both snapshots whose stage is another one now, most first."""
    return rows[~rows["direction"].isin(["stayed", "new"])].sort_values(["deals", "amount"], ascending=False)


def _brief(stage: object) -> str:
    words = str(stage)
    return short(words[:1].upper() + words[1:], 22)


@dataclass(frozen=True)
class Part:
    """One driver: what it contributed, and what to say beside it."""

    name: str
    value: float
    said: str = ""


def contributions(parts: Sequence[Part], look: Look, *, row_height: float = 46) -> Figure:
    """Bars to the left and right of 0 that add up to the change, which is the last bar."""
    values = [part.value for part in parts]
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    texts = [f"<b>{formats.signed(formats.money(part.value, look.currency))}</b>  {part.said}" for part in parts]
    names = [part.name for part in parts]
    colours = [GREY if at == len(parts) - 1 else BLUE if part.value >= 0 else RUST for at, part in enumerate(parts)]
    trace = bar(names, values, colours, 0.56, [f"{n}: {text}" for n, text in zip(names, texts, strict=True)])
    labels = [
        note(text, max(value, 0.0), at, xshift=8, yanchor="middle")
        for at, (text, value) in enumerate(zip(texts, values, strict=True))
    ]
    zero = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": STROKE, "width": 1}}
    return figure(
        [trace],
        look,
        len(parts) * row_height + 12,
        hovermode="closest",
        annotations=labels,
        shapes=[zero],
        margin=margin_for(look, [max(value, 0.0) - low for value in values], texts),
        xaxis={"range": [low - span * 0.01, high + span * 0.01], "visible": False},
        yaxis=names_axis(names),
    )
