"""One ratio with its interval on a strip, beside the line where both are alike and the line of what somebody claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scorecard.charts import formats
from scorecard.charts.theme import BLUE, GREY, STROKE, Figure, Look, figure, note

CLAIM = 1.67  # "67% higher probability that marketing-generated leads will close"
CLAIMED = "67%"


@dataclass(frozen=True)
class Against:
    """How many times as likely one group is as another, its 95 % interval, and the two probabilities."""

    name: str
    ratio: float
    low: float
    high: float
    is_main: bool = True

    @property
    def said(self) -> str:
        return f"{self.ratio:.2f}× ({self.low:.2f} to {self.high:.2f})"


def strip(rows: Sequence[Against], look: Look, *, claim: float = CLAIM) -> Figure:
    """A dot and an interval a row, written above it, the later rows in grey; a line at alike and one at the claim."""
    top = max([2.0, *(row.high * 1.04 for row in rows)])
    marks = {0.0: "0", 1.0: "1× alike", claim: f"{claim:.2f}× claimed"} | (
        {} if top < 3 else {round(top): f"{top:.0f}×"}
    )
    heads = [
        note(f"{row.name}  <b>{row.ratio:.2f}×</b>  ({row.low:.2f} to {row.high:.2f})", 0, at - 0.24, yanchor="bottom")
        for at, row in enumerate(rows)
    ]
    return figure(
        [_intervals(rows), _dots(rows)],
        look,
        len(rows) * 62 + 40,
        hovermode="closest",
        annotations=heads,
        shapes=[*_lines(len(rows), 1.0, "dot", 1.5), *_lines(len(rows), claim, "dash", 2.5)],
        xaxis={"range": [0, top], "tickvals": list(marks), "ticktext": list(marks.values()), "tickangle": 0},
        yaxis={"range": [len(rows) - 0.6, -0.75], "visible": False},
    )


def _lines(rows: int, at: float, dash: str, width: float) -> list[dict[str, Any]]:
    """A line beside each row, broken where its numbers stand."""
    line = {"color": STROKE, "width": width, "dash": dash}
    kind = {"type": "line", "layer": "below", "line": line}
    return [
        kind | {"x0": at, "x1": at, "y0": row - 0.2, "y1": row + (0.3 if row + 1 < rows else 0.4)}
        for row in range(rows)
    ]


def _intervals(rows: Sequence[Against]) -> dict[str, Any]:
    across: list[float | None] = []
    up: list[float | None] = []
    for at, row in enumerate(rows):
        across += [row.low, row.high, None]
        up += [at, at, None]
    line = {"color": STROKE, "width": 3}
    return {"type": "scatter", "mode": "lines", "x": across, "y": up, "line": line, "hoverinfo": "skip"}


def _dots(rows: Sequence[Against]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row.ratio for row in rows],
        "y": list(range(len(rows))),
        "marker": {"size": 13, "color": [BLUE if row.is_main else GREY for row in rows]},
        "text": [f"{row.name}: {row.said}" for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
    }


def sentence(row: Against, noun: str, day: int) -> str:
    """Deals from Marketing close 1.31× as often as others by day 90 (1.10 to 1.52), less than the claimed 67% more."""
    where = f"by day {day}"
    if row.low > 1 or row.high < 1:
        said = f"{noun.capitalize()} from Marketing are won {row.ratio:.2f}× as often as the others {where}"
    else:
        said = f"No clear difference between {noun} from Marketing and the others {where} ({row.ratio:.2f}×)"
    return f"{said}; {_claim(row)}"


def _claim(row: Against) -> str:
    if row.high < CLAIM:
        return f"the claimed {CLAIMED} more is above our interval"
    if row.low > CLAIM:
        return f"the claimed {CLAIMED} more is below our interval"
    return f"the claimed {CLAIMED} more lies within our interval"


def arms(row: Any, noun: str) -> str:
    """Marketing 35.9% (369 won, n=1,095), the others 36.4% (165 won, n=486)."""
    parts = [
        f"{name} {formats.percent(share)} ({formats.count(won)} won, n={formats.count(n)} {noun})"
        for name, share, won, n in (
            ("Marketing", row.marketing, row.marketing_wins, row.marketing_n),
            ("the others", row.others, row.others_wins, row.others_n),
        )
        if formats.known(share)
    ]
    return ", ".join(parts)
