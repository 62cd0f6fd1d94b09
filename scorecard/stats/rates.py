"""Rates with their intervals: counted, weighted by money, off a curve, and one against another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.stats import curves as c
from scorecard.stats.shrink import Z, wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval; None = not known."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


UNKNOWN = Share()


def share(part: float, whole: float, cases: float | None = None) -> Share:
    """part / whole with Wilson's interval; `cases`: as how many cases the whole counts, where it is money."""
    n = whole if cases is None else cases
    if not whole > 0 or not n > 0:
        return UNKNOWN
    low, high = wilson(np.array([part / whole * n]), np.array([n]))
    return Share(part / whole, float(low[0]), float(high[0]))


def effective(total: float, of_squares: float) -> float:
    """As how many equal cases unequal ones count: (sum w)^2 / sum w^2 (Kish, Survey Sampling, 1965)."""
    return total * total / of_squares if of_squares > 0 else 0.0


@dataclass(frozen=True)
class Incidence:
    """The probability of a win by a day of life, with its variance; wins seen by then, of how many."""

    probability: float
    variance: float
    wins: float
    cases: float


def incidence(days: Ints, outcome: Ints, weight: Floats, by: list[int]) -> list[Incidence | None]:
    """The win curve of one group at these days; None beyond the longest age observed."""
    if not len(days):
        return [None] * len(by)
    found = c.curves(np.zeros(len(days), dtype=np.int64), days, outcome, 1, weight=weight)
    spread, wins, last = c.variance(found)[0], np.cumsum(found.won[0]), int(found.last[0])
    cases = float(weight.sum())
    return [
        Incidence(float(found.won_by[0, day]), max(float(spread[day]), 0.0), float(wins[day]), cases)
        if 0 <= day <= last
        else None
        for day in by
    ]


def around(found: Incidence) -> Share:
    """The share won with its log-log interval; without one where nobody or everybody was won."""
    share_won = found.probability
    if not 0 < share_won < 1:
        return Share(share_won)
    log = float(np.log(share_won))
    half = Z * float(np.sqrt(found.variance)) / (share_won * abs(log))
    low, high = (float(np.exp(-np.exp(np.log(-log) + sign * half))) for sign in (1, -1))
    return Share(share_won, low, high)


def ratio(one: Incidence, other: Incidence) -> Share:
    """one / other of two independent groups, its 95 % interval by the delta method on the logarithm.

    Var ln F = Var F / F^2 for each curve (Zhang and Fine, Statistics in Medicine 27:4939, 2008).
    """
    if not one.probability > 0 or not other.probability > 0:
        return UNKNOWN
    value = one.probability / other.probability
    spread = one.variance / one.probability**2 + other.variance / other.probability**2
    away = float(np.exp(Z * np.sqrt(spread)))
    return Share(value, value / away, value * away)


def net_score(best: float, worst: float, answers: float) -> Share:
    """100 (p - d) with its 95 % interval, from Var = p + d - (p - d)^2 over n; kept inside -100 to 100.

    Where all answers are alike the variance is 0 though nobody is certain: the ends then come from Wilson's interval.
    """
    if not answers > 0:
        return UNKNOWN
    up, down = best / answers, worst / answers
    net = up - down
    variance = (up + down - net * net) / answers
    low, high = net - Z * variance**0.5, net + Z * variance**0.5
    if variance == 0:
        edge = float(wilson(np.array([0.0]), np.array([answers]))[1][0])
        low, high = net - edge * (2 if net else 1), net + edge * (2 if net else 1)
    return Share(100 * net, 100 * max(low, -1.0), 100 * min(high, 1.0))
