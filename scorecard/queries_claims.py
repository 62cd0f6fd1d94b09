"""The claims of the field on the team's own data: before and after a day, never as a proof."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from scorecard.errors import NotComputableError
from scorecard.queries_friction import agreed_weights, drawn, index_drawn, index_of
from scorecard.queries_lift import headline_of
from scorecard.queries_rows import Rows
from scorecard.stats import resample

Given = Mapping[str, Any]
Ask = Callable[..., Any]
CLAIMS = (
    ("contribution", 2.09, "Marketing's share of won new business"),
    ("close", 0.67, "Marketing's leads won within the horizon"),
    ("friction", -1.08, "Friction at the hand-over"),
    ("satisfaction", 0.55, "Satisfied customers (4 and 5 of 5)"),
    ("video", 0.85, "Viewers' wins over those of others like them"),
)
PROMOTERS = "Promoters (9 and 10 of 10), for want of CSAT"
NO_DAY = "No day is agreed from which both teams work together; give one for a look: --aligned-on 2026-01-01."


def claims(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row a claim: before, after, change and its interval, or in words why there is none."""
    if rows.empty:
        return Rows([], [NO_DAY])
    first = rows.iloc[0]
    dates = _Dates(
        *(pd.Timestamp(first[name]).date() for name in ("before_from", "aligned_on", "after_until", "mature_until"))
    )
    least, answer = int(given["least"]), []
    for name, said, measure in CLAIMS:
        if name == "satisfaction" and not first["is_csat"]:
            measure = PROMOTERS
        if name == "video":
            found = _video(dates, ask, least)
        elif name == "friction":
            found = _friction(dates, ask, least)
        else:
            found = _shares(rows[rows["claim"] == name], least)
        cells = {"claim": name, "said": said, "measure": measure, **_blank(), **found, **dates.cells()}
        remark = cells.pop("remark")  # last, in the order of the header
        answer.append({**cells, "remark": remark})
    return Rows(answer, ["Before and after, not because: other things changed too."])


class _Dates:
    """The two windows."""

    def __init__(self, first: Any, aligned: Any, end: Any, mature: Any) -> None:
        self.first, self.aligned, self.end = first, aligned, end
        self.mature = mature  # leads handed over later have not had the agreed horizon yet

    def cells(self) -> dict[str, Any]:
        return {
            "before_from": self.first,
            "before_until": self.aligned,
            "after_from": self.aligned,
            "after_until": self.end,
        }


def _blank() -> dict[str, Any]:
    names = ("before", "after", "change", "low", "high", "n_before", "n_after", "remark")
    return dict.fromkeys(names)


def _shares(part: pd.DataFrame, least: int) -> dict[str, Any]:
    """A share of sums in both windows; accounts are drawn together with all they have in both."""
    names = ["part_before", "whole_before", "part_after", "whole_after"]
    values = part[names].to_numpy(float)
    counts = (int(part["n_before"].sum()), int(part["n_after"].sum())) if len(part) else (0, 0)
    found: dict[str, Any] = {"n_before": counts[0], "n_after": counts[1]}
    if min(counts) < least:
        return found | {
            "remark": f"not enough data: {counts[0]:,} before, {counts[1]:,} after, {least} each are needed"
        }
    up0, all0, up1, all1 = (float(value) for value in values.sum(axis=0))
    before, after = _over(up0, all0), _over(up1, all1)
    found |= {"before": before, "after": after}
    if not before or after is None:
        return found | {"remark": "nothing before to compare with"}
    drawn = resample.sums(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = resample.interval(drawn[:, 2] / drawn[:, 3] / (drawn[:, 0] / drawn[:, 1]) - 1)
    return found | {"change": after / before - 1, "low": low, "high": high}


def _video(dates: _Dates, ask: Ask, least: int) -> dict[str, Any]:
    """The lift of viewers over others of one source, segment and age, in each window; the change is the later lift."""
    lifts = [_lift(ask, start, end) for start, end in ((dates.first, dates.aligned), (dates.aligned, dates.end))]
    before, after = lifts
    found: dict[str, Any] = {"n_before": before and before["viewers"], "n_after": after and after["viewers"]}
    if after is None or after["wins"] < least or after["ratio"] is None:
        wins = after["wins"] if after else 0
        return found | {"remark": f"not enough data: {wins or 0:,} wins after, {least} are needed"}
    earlier = before["ratio"] if before is not None and before["wins"] >= least else None
    return found | {
        "before": None if earlier is None else earlier - 1,
        "after": after["ratio"] - 1,
        "change": after["ratio"] - 1,
        "low": None if after["low"] is None else after["low"] - 1,
        "high": None if after["high"] is None else after["high"] - 1,
        "remark": "viewers against others, after the day; not after against before",
    }


def _lift(ask: Ask, start: Any, end: Any) -> dict[str, Any] | None:
    try:
        return headline_of(ask("video_lift", period_start=start, period_end=end))
    except NotComputableError:
        return None


def _friction(dates: _Dates, ask: Ask, least: int) -> dict[str, Any]:
    """The index after over the index before, less 1: a fall of 108 % is not possible for what is never below 0."""
    cells = ask(
        "friction_cells", columns=True, period_start=dates.aligned, period_end=dates.mature,
        baseline_start=dates.first, baseline_end=dates.aligned,
    )  # fmt: skip
    before, after = (cells[cells["stretch"] == name] for name in ("baseline", "period"))
    counts = tuple(int(part["leads"].sum()) for part in (before, after))
    found: dict[str, Any] = {"n_before": counts[0], "n_after": counts[1]}
    if min(counts) < least:
        return found | {
            "remark": f"not enough data: {counts[0]:,} before, {counts[1]:,} after, {least} each are needed"
        }
    weights = agreed_weights(ask)
    was, now = (index_of(part, weights) for part in (before, after))
    found |= {"before": was and was / 100, "after": None if now is None else now / 100}
    if not was or now is None:
        return found | {"remark": "no friction before to compare with"}
    index_before, index_after = (index_drawn(one, weights) for one in drawn(before, after))
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = resample.interval(index_after / index_before - 1)
    return found | {
        "change": now / was - 1,
        "low": low,
        "high": high,
        "remark": "an index of losses from 0 to 100; it cannot fall by more than 100 %",
    }


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole else None
