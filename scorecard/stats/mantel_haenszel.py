"""Viewers against others within strata of equals: pooled ratios with their intervals, a trend over doses, an E-value.

Arrays have one entry a stratum. Mantel and Haenszel (1959); variances of Greenland and Robins (1985) for the risk and
the rate ratio, of Robins, Breslow and Greenland (1986) for the odds ratio; trend by Mantel's extension (1963); E-value
of VanderWeele and Ding (2017).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.stats.shrink import Floats, Z

Bools = NDArray[np.bool_]
FEWEST_WINS, FEWEST_STRATA = 5, 2


@dataclass(frozen=True)
class Arms:
    """Two arms in each stratum: wins of viewers and of others, and what they are out of - people, or days at risk."""

    wins: Floats
    other_wins: Floats
    size: Floats
    other_size: Floats

    @classmethod
    def of(cls, *columns: object) -> "Arms":
        return cls(*(np.asarray(column, dtype=np.float64) for column in columns))

    @property
    def usable(self) -> Bools:
        """Strata that can say something: both arms are there and somebody won."""
        return (self.size > 0) & (self.other_size > 0) & (self.wins + self.other_wins > 0)

    @property
    def one_sided(self) -> Bools:
        """Strata with one kind only: there is nobody to compare with."""
        return (self.size > 0) != (self.other_size > 0)

    def where(self, which: Bools) -> "Arms":
        return Arms(self.wins[which], self.other_wins[which], self.size[which], self.other_size[which])

    def crude(self) -> "Arms":
        """The same as one stratum."""
        return Arms.of(*([column.sum()] for column in (self.wins, self.other_wins, self.size, self.other_size)))


@dataclass(frozen=True)
class Ratio:
    """A ratio with the standard error of its logarithm and its 95 % interval."""

    value: float
    log_error: float

    @property
    def low(self) -> float:
        return self.value * math.exp(-Z * self.log_error)

    @property
    def high(self) -> float:
        return self.value * math.exp(Z * self.log_error)


def risk_ratio(arms: Arms) -> Ratio | None:
    """The share of viewers that won over the share of others; None where an arm has no win to compare.

    sum(a n0 / n) / sum(c n1 / n); variance of its logarithm sum((n1 n0 (a + c) - a c n) / n^2) / (top bottom).
    """
    arms = arms.where(arms.usable)
    a, c, n1, n0 = arms.wins, arms.other_wins, arms.size, arms.other_size
    n = n1 + n0
    return _ratio((a * n0 / n).sum(), (c * n1 / n).sum(), ((n1 * n0 * (a + c) - a * c * n) / n**2).sum())


def rate_ratio(arms: Arms) -> Ratio | None:
    """Wins a day of viewers over those of others, `size` being days at risk; None where an arm has no win to compare.

    sum(d1 T0 / T) / sum(d0 T1 / T); variance of its logarithm sum((d0 + d1) T1 T0 / T^2) / (top bottom).
    """
    arms = arms.where(arms.usable)
    d1, d0, t1, t0 = arms.wins, arms.other_wins, arms.size, arms.other_size
    t = t1 + t0
    return _ratio((d1 * t0 / t).sum(), (d0 * t1 / t).sum(), ((d0 + d1) * t1 * t0 / t**2).sum())


def odds_ratio(arms: Arms) -> Ratio | None:
    """The odds of viewers over those of others, with the variance of Robins, Breslow and Greenland."""
    arms = arms.where(arms.usable)
    a, c = arms.wins, arms.other_wins
    b, d = arms.size - a, arms.other_size - c
    n = arms.size + arms.other_size
    p, q, r, s = (a + d) / n, (b + c) / n, a * d / n, b * c / n
    top, bottom = float(r.sum()), float(s.sum())
    if top <= 0 or bottom <= 0:
        return None
    variance = (
        (p * r).sum() / (2 * top**2)
        + (p * s + q * r).sum() / (2 * top * bottom)
        + (q * s).sum() / (2 * bottom**2)
    )  # fmt: skip
    return Ratio(top / bottom, math.sqrt(variance))


def guarded(arms: Arms, ratio: Callable[[Arms], Ratio | None], fewest_strata: int) -> tuple[Ratio | None, str]:
    """The ratio, or None and what is missing for one: five wins in both arms of the strata that can say something."""
    usable = arms.where(arms.usable)
    wins, other_wins = float(usable.wins.sum()), float(usable.other_wins.sum())
    if min(wins, other_wins) < FEWEST_WINS:
        return None, f"{wins:,.0f} wins of viewers and {other_wins:,.0f} of others; it takes {FEWEST_WINS} each"
    if len(usable.wins) < fewest_strata:
        return None, f"viewers and others meet in {len(usable.wins)} group; it takes {fewest_strata}"
    return ratio(arms), ""


def e_value(ratio: float) -> float:
    """How strongly something unseen must go with watching and with winning, both, to explain the ratio away.

    RR + sqrt(RR (RR - 1)), of 1 / RR below 1: VanderWeele and Ding (2017).
    """
    strong = max(ratio, 1 / ratio)
    return strong + math.sqrt(strong * (strong - 1))


def e_value_of_interval(low: float, high: float) -> float:
    """The same for the bound nearest 1; 1 where the interval holds 1 already."""
    if low <= 1 <= high:
        return 1.0
    return e_value(low if low > 1 else high)


def trend(wins: Floats, size: Floats, doses: Floats) -> float | None:
    """The z of a trend of winning over doses: one row a stratum, one column a dose; None where nothing varies.

    Mantel's extension: sum of (score observed - expected) over the root of the summed hypergeometric variances. With
    one stratum it is the test of Cochran and Armitage, with n - 1 for n.
    """
    n, won = size.sum(axis=1), wins.sum(axis=1)
    use = (n > 1) & (won > 0) & (won < n)
    wins, size, n, won = wins[use], size[use], n[use], won[use]
    score, squared = (size * doses).sum(axis=1), (size * doses**2).sum(axis=1)
    difference = float(((wins * doses).sum(axis=1) - won / n * score).sum())
    variance = float((won * (n - won) / (n**2 * (n - 1)) * (n * squared - score**2)).sum())
    return difference / math.sqrt(variance) if variance > 0 else None


def two_sided(z: float) -> float:
    """How often chance alone gives a z so far from 0."""
    return math.erfc(abs(z) / math.sqrt(2))


def _ratio(top: float, bottom: float, spread: float) -> Ratio | None:
    if top <= 0 or bottom <= 0:
        return None
    return Ratio(float(top / bottom), math.sqrt(max(float(spread / (top * bottom)), 0.0)))
