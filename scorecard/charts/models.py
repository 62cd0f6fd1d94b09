"""Attribution models beside each other: channels by models, how far they disagree, and what holds anyway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.parts import margin_for, names_axis
from scorecard.charts.theme import BLUE, STROKE, Figure, Look, Trace, fade, figure, note, short

UNATTRIBUTED = "Unattributed"
# What people call a model, and what it is, in a word.
NAMES: dict[str, tuple[str, str]] = {
    "first": ("First", "touch"),
    "last": ("Last", "touch"),
    "last_non_direct": ("Last", "not Direct"),
    "linear": ("Linear", "all alike"),
    "position": ("Position", "40 / 20 / 40"),
    "u": ("U", "40 / 40 / 20"),
    "w": ("W", "30 / 30 / 30"),
    "full_path": ("Full path", "22.5 each"),
    "time_decay": ("Decay", "by age"),
    "custom": ("Own", "weights"),
    "markov": ("Markov", "removal"),
    "shapley": ("Shapley", "coalitions"),
}
# Models that give credit touch by touch, in the order they are offered.
PATHS = ("linear", "first", "last", "last_non_direct", "position", "u", "w", "full_path", "time_decay", "custom")
MOST = 14  # channels in a chart; the table below has all


@dataclass(frozen=True)
class Spread:
    """A channel's revenue over the models: from the lowest to the highest, and its places."""

    channel: str
    low: float
    low_model: str
    high: float
    high_model: str
    best_place: int
    worst_place: int
    models: int
    leads_over: tuple[str, ...]

    @property
    def gap(self) -> float:
        return self.high - self.low


def spreads(rows: pd.DataFrame) -> list[Spread]:
    """The rows of `attribution_spread`, in their order."""
    return [
        Spread(
            str(row.channel),
            float(row.low),
            str(row.low_model),
            float(row.high),
            str(row.high_model),
            int(row.best_place),
            int(row.worst_place),
            int(row.models),
            tuple(name for name in str(row.leads_over).split(" · ") if name),
        )
        for row in each(rows)
    ]


def named(model: str) -> str:
    """The model in one line: Last, not Direct."""
    name, what = NAMES.get(model, (model, ""))
    return {
        "Last": f"{name} {what}",
        "U": "U-shaped",
        "W": "W-shaped",
        "Decay": "Time decay",
        "Own": "Own weights",
    }.get(name, name)


def headline(found: Sequence[Spread], currency: str) -> str:
    """Organic search leads under all 11 models; Email depends most on the model ($1.42M to $2.12M)."""
    if len(found) < 2:
        return "Revenue by channel under each model"
    first = next((one for one in found if one.worst_place == 1), None)
    widest = max(found, key=lambda one: one.gap)
    depends = (
        f"{widest.channel} depends most on the model"
        f" ({formats.money(widest.low, currency)} to {formats.money(widest.high, currency)})"
    )
    if widest.gap < 0.005 * max(one.high for one in found):
        return "All models agree"
    if first is None:
        leaders = [one.channel for one in found if one.best_place == 1]
        return f"Which channel leads depends on the model: {_list(leaders, 'or')}"
    if first is widest:
        return f"{first.channel} leads under all {formats.words(first.models)} models"
    return f"{first.channel} leads under all {formats.words(first.models)} models; {depends}"


def what_holds(found: Sequence[Spread], most: int = 5) -> tuple[list[str], list[str]]:
    """Sentences that hold under every model, and those the choice of the model decides."""
    holds: list[str] = []
    depends: list[str] = []
    for at, one in enumerate(found):
        behind = [name for name in one.leads_over if any(name == other.channel for other in found[at + 1 :])]
        if len(behind) == len(found) - at - 1 and behind:
            holds.append(f"{one.channel} earns more than {_rest(behind)}.")
        elif behind:
            holds.append(f"{one.channel} earns more than {_list(behind, 'and')}.")
        for other in found[at + 1 : at + 2]:
            if other.channel not in one.leads_over:
                depends.append(f"{one.channel} or {other.channel}: places {_places(one)} against {_places(other)}.")
    return holds[:most], depends[:most]


def _rest(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"each of the {formats.words(len(names))} below"


def _list(names: Sequence[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _places(one: Spread) -> str:
    return str(one.best_place) if one.best_place == one.worst_place else f"{one.best_place}–{one.worst_place}"


def heat(rows: pd.DataFrame, look: Look) -> Figure:
    """Channels down, models across, credited revenue in each cell and deeper blue for more; the gap at the end.

    `rows`: model, channel, deals, revenue, as `attribution` returns them.
    """
    table = by_model(rows)
    channels = [name for name in table.index if name != UNATTRIBUTED][:MOST]
    shown = table.loc[[*channels, *([UNATTRIBUTED] if UNATTRIBUTED in table.index else [])]]
    top = float(table.loc[channels].to_numpy().max()) if channels else 0.0
    models = list(shown.columns)
    notes = [
        _cell(float(shown[model][name]), at, down, look)
        for down, name in enumerate(shown.index)
        for at, model in enumerate(models)
    ]
    for down, name in enumerate(shown.index):
        if name != UNATTRIBUTED:
            gap = float(shown.loc[name].max() - shown.loc[name].min())
            notes.append(
                note(
                    formats.money(gap, look.currency),
                    len(models),
                    down,
                    anchor="center",
                    yanchor="middle",
                    muted=True,
                )
            )
    heads = [f"<b>{NAMES.get(model, (model, ''))[0]}</b><br>{NAMES.get(model, ('', ''))[1]}" for model in models]
    return figure(
        [_shade(shown, channels, top, look)],
        look,
        len(shown) * 34 + 56,
        hovermode="closest",
        annotations=notes,
        margin={"l": 4, "r": 4, "t": look.em(3.4), "b": 4},
        xaxis={
            "side": "top",
            "range": [-0.5, len(models) + 0.5],
            "tickvals": list(range(len(models) + 1)),
            "ticktext": [*heads, "<b>Spread</b><br>high − low"],
            "tickangle": 0,
        },
        yaxis=names_axis([str(name) for name in shown.index]),
    )


def by_model(rows: pd.DataFrame) -> pd.DataFrame:
    """Channels down, models across in their order, most under the first model on top, Unattributed last."""
    found = rows.assign(revenue=rows["revenue"].astype(float).fillna(0.0))
    wide = found.pivot_table(index="channel", columns="model", values="revenue", aggfunc="sum", fill_value=0.0)
    wide = wide[[model for model in dict.fromkeys(rows["model"]) if model in wide.columns]]
    order = wide.mean(axis=1).sort_values(ascending=False).index
    names = [name for name in order if name != UNATTRIBUTED]
    return wide.loc[[*names, *(name for name in order if name == UNATTRIBUTED)]]


def _cell(value: float, across: int, down: int, look: Look) -> dict[str, object]:
    return note(formats.money(value, look.currency), across, down, anchor="center", yanchor="middle")


def _shade(shown: pd.DataFrame, channels: Sequence[str], top: float, look: Look) -> Trace:
    """The heat behind the numbers; Unattributed has none: it is no channel."""
    z = [[float(value) if name in channels else None for value in shown.loc[name]] for name in shown.index]
    said = [
        [
            f"{short(name, 60)}, {named(str(model))}: {formats.money(value, look.currency)}"
            for model, value in shown.loc[name].items()
        ]
        for name in shown.index
    ]
    return {
        "type": "heatmap",
        "z": z,
        "x": list(range(len(shown.columns))),
        "y": list(range(len(shown))),
        "zmin": 0,
        "zmax": top or 1.0,
        "colorscale": [[0, fade(BLUE, 0.02)], [1, fade(BLUE, 0.5)]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": said,
        "hovertemplate": "%{text}<extra></extra>",
    }


def ranges(rows: pd.DataFrame, found: Sequence[Spread], look: Look, *, row_height: float = 40) -> Figure:
    """A line from the lowest to the highest model for each channel, a dot for each model, the range printed."""
    shown = list(found)[:MOST]
    values: Mapping[str, pd.Series] = {str(name): row for name, row in by_model(rows).iterrows()}
    names = [one.channel for one in shown]
    highs = [one.high for one in shown]
    texts = [_range_text(one, look.currency) for one in shown]
    return figure(
        [_lines(shown), _dots(shown, values, look)],
        look,
        len(shown) * row_height + 34,
        hovermode="closest",
        annotations=[
            note(text, one.high, at, xshift=12, yanchor="middle")
            for at, (one, text) in enumerate(zip(shown, texts, strict=True))
        ],
        margin=margin_for(look, highs, texts),
        xaxis={"range": [0, (max(highs, default=0.0) or 1.0) * 1.03], "visible": False},
        yaxis=names_axis(names),
    )


def _range_text(one: Spread, currency: str) -> str:
    low, high = formats.money(one.low, currency), formats.money(one.high, currency)
    return f"<b>{low}</b> to <b>{high}</b>" if low != high else f"<b>{low}</b>"


def _lines(found: Sequence[Spread]) -> Trace:
    across: list[float | None] = []
    up: list[float | None] = []
    for at, one in enumerate(found):
        across += [one.low, one.high, None]
        up += [at, at, None]
    line = {"color": fade(STROKE, 0.6), "width": 6}
    return {"type": "scatter", "mode": "lines", "x": across, "y": up, "line": line, "hoverinfo": "skip"}


def _dots(found: Sequence[Spread], values: Mapping[str, pd.Series], look: Look) -> Trace:
    across, up, said = [], [], []
    for at, one in enumerate(found):
        for model, value in values[one.channel].items():
            across.append(float(value))
            up.append(at)
            said.append(f"{short(one.channel, 60)}, {named(str(model))}: {formats.money(float(value), look.currency)}")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": across,
        "y": up,
        "marker": {"size": 9, "color": BLUE, "opacity": 0.75},
        "customdata": [one.channel for one in found for _ in values[one.channel]],
        "text": said,
        "hovertemplate": "%{text}<extra></extra>",
    }
