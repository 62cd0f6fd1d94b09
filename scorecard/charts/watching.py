"""How deep people watch and where they leave: stacked bars of depth, a curve over the seconds, and their sentences."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.parts import behind, line, margin_for, names_axis
from scorecard.charts.theme import BLUE, GREY, STROKE, Figure, Look, Trace, fade, figure, label, note, short

BAND_COLOURS = (fade(BLUE, 0.16), fade(BLUE, 0.34), fade(BLUE, 0.55), fade(BLUE, 0.78), BLUE)
NO_VIDEO = "no video watched"
# Share of viewers who watch to the end, 1.78 million videos of one platform (Vidyard with MarketingProfs, 2023).
SHORT_S, LONG_S, NORM_SHORT, NORM_LONG = 60, 1200, 0.66, 0.22
NORM_SENTENCE = (
    "Norm: 66% of viewers finish videos under 1 minute, 22% those over 20 minutes (1.78 million videos, Vidyard 2023);"
    " the ones between lie between."
)


def clock(seconds: Any) -> str:
    """3:20, 1:02:05; a dash where the length is not known."""
    if not formats.known(seconds) or float(seconds) <= 0:
        return formats.MISSING
    minutes, rest = divmod(round(float(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def norm(seconds: Any) -> str:
    """What share finishes a video of that length elsewhere: 66%, 22%, or the range between."""
    if not formats.known(seconds) or float(seconds) <= 0:
        return formats.MISSING
    low, high = formats.percent(NORM_LONG, 0), formats.percent(NORM_SHORT, 0)
    if float(seconds) < SHORT_S:
        return high
    return low if float(seconds) > LONG_S else f"{low.rstrip('%')} to {high}"


def finished_text(share: Any, seconds: Any) -> str:
    """22%  3:20 long; the norm behind it where there is one for that length."""
    text = f"<b>{formats.percent(share, 0)}</b>"
    if clock(seconds) == formats.MISSING:
        return text
    is_between = SHORT_S <= float(seconds) <= LONG_S
    return f"{text}  {clock(seconds)} long" + ("" if is_between else f" · norm {norm(seconds)}")


def depth_bars(rows: pd.DataFrame, look: Look, *, row_height: float = 50) -> Figure:
    """A bar of 100 % for each video, cut by how deep its viewers went; the share of each band is printed in it.

    `rows`: title, band, band_order, viewers, of_video.
    """
    rows = rows.assign(viewers=rows["viewers"].astype(float), of_video=rows["of_video"].astype(float))
    order = list(dict.fromkeys(rows["title"]))
    totals = rows.groupby("title")["viewers"].sum()
    traces = [_layer(rows[rows["band_order"] == at + 1], colour, order) for at, colour in enumerate(BAND_COLOURS)]
    texts = [f"n={formats.count(totals[name])}" for name in order]
    return figure(
        traces,
        look,
        len(order) * row_height + 40,
        barmode="stack",
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        annotations=behind([1.0] * len(order), texts),
        uniformtext={"minsize": look.font - 1, "mode": "hide"},  # what has no room on a phone is not squeezed
        margin=margin_for(look, [1.0] * len(order), [f"{text}00" for text in texts]) | {"t": 36},
        xaxis={"range": [0, 1], "visible": False},
        yaxis=names_axis(order),
    )


def _layer(band: pd.DataFrame, colour: str, order: Sequence[str]) -> Trace:
    name = str(band["band"].iloc[0]) if len(band) else ""
    return {
        "type": "bar",
        "orientation": "h",
        "y": [order.index(title) for title in band["title"]],
        "x": list(band["of_video"]),
        "width": 0.58,
        "name": label(name),
        "marker": {"color": colour, "line": {"width": 0}},
        "text": [f"{short(row.title, 40)}, {name}: {formats.count(row.viewers)}" for row in each(band)],
        "texttemplate": [_share_in(row) if row.of_video > 0 else "" for row in each(band)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "hovertemplate": "%{text}<extra></extra>",
    }


def _share_in(row: Any) -> str:
    """The share of a band for the text in its bar, white on the dark bands."""
    text = formats.percent(row.of_video, 0)
    return text if row.band_order < 4 else f'<span style="fill:#FFFFFF;color:#FFFFFF">{text}</span>'


def retention(rows: pd.DataFrame, look: Look, *, height: float = 250) -> Figure:
    """The share still watching over the length, with where half is left. `rows`: position, second, share in order."""
    by_second = bool(rows["second"].notna().all())
    across = rows["second" if by_second else "position"].astype(float).tolist()
    shares = rows["share"].astype(float).tolist()
    where = [clock(value) if by_second and value else formats.percent(value, 0) for value in across]
    texts = [f"{formats.percent(share, 0)} at {at}" for share, at in zip(shares, where, strict=True)]
    area = line(across, shares, texts, BLUE, 3) | {"fill": "tozeroy", "fillcolor": fade(BLUE, 0.16)}
    end = max(across, default=1.0) or 1.0
    last = f"<b>{formats.percent(shares[-1], 0)}</b><br>at the end"
    marks = [end * part / 4 for part in range(5)]
    half = half_left(rows)
    top = max([1.0, *shares])
    return figure(
        [area],
        look,
        height,
        hovermode="closest",
        annotations=[
            note(f"<b>{texts[0].split(' at ')[0]}</b>", across[0], shares[0], xshift=6, yshift=12),
            note(last, across[-1], shares[-1], xshift=8),
        ],
        shapes=[] if half is None else [_half_line(half)],
        margin={"l": 4, "r": look.em(5.2) + 12, "t": 18, "b": 4},
        xaxis={
            "range": [0, end],
            "tickvals": marks,
            "ticktext": ["0:00" if not mark else clock(mark) for mark in marks]
            if by_second
            else [formats.percent(mark, 0) for mark in marks],
        },
        yaxis={"range": [0, top * 1.14], "tickvals": [0, 0.5, 1], "ticktext": ["0%", "50%", "100%"]},
    )


def _half_line(at: float) -> dict[str, Any]:
    style = {"color": STROKE, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 0.5, "line": style}


def half_left(rows: pd.DataFrame) -> float | None:
    """Where on the axis fewer than half are left, between two points of the curve; None where more stay to the end."""
    name = "second" if bool(rows["second"].notna().all()) else "position"
    before: tuple[float, float] | None = None
    for at, share in zip(rows[name].astype(float), rows["share"].astype(float), strict=True):
        if share < 0.5:
            if before is None or before[1] <= share:
                return float(at)
            return before[0] + (at - before[0]) * (before[1] - 0.5) / (before[1] - share)
        before = (float(at), float(share))
    return None


def half_sentence(rows: pd.DataFrame) -> str:
    """Half of the viewers of Customer story have left by 0:55."""
    title = str(rows["title"].iloc[0])
    half = half_left(rows)
    if half is None:
        return f"{formats.percent(float(rows['share'].iloc[-1]), 0)} stay to the end of {title}"
    by_second = bool(rows["second"].notna().all())
    return f"Half of the viewers of {title} have left by {clock(half) if by_second else formats.percent(half, 0)}"


def depth_sentence(rows: pd.DataFrame) -> str:
    """41% of viewers watch three quarters or more; 14% leave in the first quarter."""
    total = float(rows["viewers"].sum())
    if total <= 0:
        return "How deep viewers watch"
    deep = float(rows.loc[rows["band_order"] >= 4, "viewers"].sum()) / total
    early = float(rows.loc[rows["band_order"] == 1, "viewers"].sum()) / total
    return (
        f"{formats.percent(deep, 0)} of viewers watch three quarters or more; {formats.percent(early, 0)} leave in the"
        " first quarter"
    )


def stages_sentence(stages: pd.DataFrame) -> str:
    """No video is watched before the lead; or: least watched after the win. `stages`: stage, plays in order."""
    empty = [str(row.stage).lower() for row in each(stages) if not row.plays]
    if len(empty) == len(stages):
        return "Which stage of the journey has video"
    if empty:
        listed = empty[0] if len(empty) == 1 else ", ".join(empty[:-1]) + " and " + empty[-1]
        return f"No video is watched in {formats.words(len(empty))} of {formats.words(len(stages))} stages: {listed}"
    fewest = stages.sort_values("plays").iloc[0]
    return f"Every stage has video; least is watched “{fewest['stage']}”"


def stage_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a stage: plays, videos watched, videos there are. `rows`: stage, stage_order, title, plays."""
    found = []
    for (number, stage), part in rows.groupby(["stage_order", "stage"]):
        watched = part[part["plays"] > 0]
        found.append({
            "order": number, "stage": stage, "plays": float(part["plays"].sum()), "videos": len(watched),
            "of": len(part),
        })  # fmt: skip
    return pd.DataFrame(found)


def stage_colours(stages: pd.DataFrame) -> dict[str, str]:
    """Grey where nothing is watched."""
    return {str(row.stage): BLUE if row.plays else GREY for row in each(stages)}
