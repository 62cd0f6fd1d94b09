"""What a score said beside what happened: dots with Wilson bars along the line of being right, and month by month."""

import numpy as np
import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of, each
from scorecard.charts.theme import BLUE, STROKE, Figure, Look, Trace, figure, note
from scorecard.stats.shrink import wilson


def pooled(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """The bins of all dates (`by` = bin) or the dates over all bins (`by` = as_of), with a Wilson interval.

    `rows`: as_of, bin, predicted, observed, n. Returns `by`, predicted, observed, low, high, n.
    """
    found = rows.assign(said=rows["predicted"] * rows["n"], won=rows["observed"] * rows["n"])
    found = found.groupby(by, sort=True)[["said", "won", "n"]].sum().reset_index()
    low, high = wilson(found["won"].to_numpy(np.float64), found["n"].to_numpy(np.float64))
    return pd.DataFrame({
        by: found[by],
        "predicted": found["said"] / found["n"],
        "observed": found["won"] / found["n"],
        "low": low,
        "high": high,
        "n": found["n"].astype(int),
    })  # fmt: skip


def reliability(bins: pd.DataFrame, look: Look, *, height: float = 360) -> Figure:
    """Share won against probability said, one dot a bin; on the dotted line a score is right."""
    top = float(max(bins["high"].max(), bins["predicted"].max())) if len(bins) else 0.1
    marks, texts = formats.ticks(min(top, 1.0), "percent")
    end = max(marks[-1], top)
    right: Trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, end],
        "y": [0, end],
        "line": {"color": STROKE, "width": 2, "dash": "dot"},
        "hoverinfo": "skip",
    }
    corner = note("right on the line", end * 0.85, end * 0.97, anchor="right", muted=True)
    return figure(
        [right, _dots(bins, bins["predicted"].tolist())],
        look,
        height,
        hovermode="closest",
        annotations=[corner],
        xaxis={"range": [0, end], "tickvals": marks, "ticktext": texts, "title": {"text": "we said", "standoff": 8}},
        yaxis={"range": [0, end], "tickvals": marks, "ticktext": texts, "title": {"text": "it happened"}},
    )


def said_and_happened(dates: pd.DataFrame, look: Look, *, height: float = 300) -> Figure:
    """For each past date what was said (a tick) and what happened (a dot with its interval)."""
    places = list(range(len(dates)))
    top = float(max(dates["high"].max(), dates["predicted"].max())) if len(dates) else 0.1
    marks, texts = formats.ticks(min(top, 1.0), "percent")
    said: Trace = {
        "type": "scatter",
        "mode": "markers",
        "x": places,
        "y": dates["predicted"].tolist(),
        "marker": {"symbol": "line-ew-open", "size": look.em(1.5), "color": STROKE, "line": {"width": 4}},
        "text": [formats.percent(value) for value in dates["predicted"]],
        "hovertemplate": "said %{text}<extra></extra>",
    }
    days = [day_of(row.as_of) for row in each(dates)]
    every = 1 if len(days) <= 6 else 3
    shown = [at for at in places if (len(days) - 1 - at) % every == 0]
    return figure(
        [said, _dots(dates, places)],
        look,
        height,
        hovermode="closest",
        xaxis={
            "range": [-0.6, len(days) - 0.4],
            "tickvals": shown,
            "ticktext": [f"{days[at].day} {days[at]:%b}<br>{days[at].year}" for at in shown],
        },
        yaxis={"range": [0, top * 1.08], "tickvals": marks, "ticktext": texts},
    )


def _dots(rows: pd.DataFrame, across: list) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": across,
        "y": rows["observed"].tolist(),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": (rows["high"] - rows["observed"]).tolist(),
            "arrayminus": (rows["observed"] - rows["low"]).tolist(),
            "color": BLUE,
            "thickness": 2,
            "width": 0,
        },
        "marker": {"color": BLUE, "size": 11},
        "text": [f"said {formats.percent(row.predicted)}, won {formats.percent(row.observed)}, n={formats.count(row.n)}"
                 for row in each(rows)],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
