"""Charts for individual values (XmR): which week is a signal and which is noise.

Limits, 2.66 and 3.268 times the mean moving range: D. J. Wheeler, "A History of the Chart for Individual Values",
Quality Digest, 10 July 2017. Rules: one value outside the limits; eight in a row on one side of the centre (Western
Electric, Statistical Quality Control Handbook, 1956).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LIMIT, RANGE_LIMIT = 2.66, 3.268
RUN = 8  # values in a row on one side of the centre
OUTSIDE, RUN_RULE = 1, 2  # the rules by number
LEAST, JUDGED, MOST = 8, 13, 26  # values that draw limits, that may call a signal, and that the baseline ends with
# The share of weeks signalled where nothing changes, by the length of the baseline: the mean of counts and rates,
# measured by `make prove ONLY=noise`.
FALSE_ALARMS = {13: 0.034, 26: 0.022}


@dataclass(frozen=True)
class Limits:
    """What the baseline says later values may be. `mean_range`, `range_limit`: of the moving ranges."""

    center: float
    low: float
    high: float
    mean_range: float
    range_limit: float
    values: int  # of the baseline


def moving_ranges(values: Floats, lag: int = 1) -> Floats:
    """|x[t] - x[t-lag]|. Values that are themselves sums of `lag` weeks overlap less far apart only."""
    return np.abs(values[lag:] - values[:-lag])


def limits(values: Floats, lag: int = 1) -> Limits | None:
    """The limits of a baseline; None where it is too short to draw any."""
    if len(values) < LEAST or len(values) <= lag:
        return None
    center, mean_range = float(values.mean()), float(moving_ranges(values, lag).mean())
    spread = LIMIT * mean_range
    return Limits(center, center - spread, center + spread, mean_range, RANGE_LIMIT * mean_range, len(values))


def outside(values: Floats, found: Limits) -> Bools:
    """Rule 1: beyond a limit."""
    return (values > found.high) | (values < found.low)


def runs(values: Floats, center: float, lag: int = 1) -> Bools:
    """Rule 2: the eighth value in a row on one side of the centre, and those that follow it there.

    A value on the centre ends a run. With a lag, every lag-th value is one of the row.
    """
    sides = np.sign(values - center)
    length = np.zeros(len(values), dtype=np.int64)
    for at, side in enumerate(sides):
        if side:
            length[at] = 1 + (length[at - lag] if at >= lag and sides[at - lag] == side else 0)
    return length >= RUN


def rules(values: Floats, found: Limits, lag: int = 1) -> NDArray[np.int64]:
    """Which rule calls each value a signal: 1 before 2, 0 = none. A baseline that is too short calls nothing."""
    if found.values < JUDGED:
        return np.zeros(len(values), dtype=np.int64)
    return np.where(outside(values, found), OUTSIDE, np.where(runs(values, found.center, lag), RUN_RULE, 0))


def rolled(numerator: Floats, denominator: Floats, weeks: int) -> tuple[Floats, Floats]:
    """Both summed over the last `weeks`; unknown until there are so many."""

    def summed(values: Floats) -> Floats:
        found = np.full(len(values), np.nan)
        if len(values) >= weeks:
            found[weeks - 1 :] = np.convolve(values, np.ones(weeks), "valid")
        return found

    return summed(numerator), summed(denominator)


def false_alarms(baseline: int) -> float:
    """The share of weeks called a signal where nothing changes, for a baseline of so many weeks."""
    lengths = sorted(FALSE_ALARMS)
    return float(np.interp(baseline, lengths, [FALSE_ALARMS[length] for length in lengths]))
