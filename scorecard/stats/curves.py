"""Curves of competing ends: how likely a case is won by each day of its life, and from any age on.

Aalen-Johansen with lost as the competing end and open cases censored; the variance is that of Marubini and Valsecchi
(1995) in Collett's form, its squares expanded so that prefix sums give every age at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OPEN, WON, LOST = 0, 1, 2


@dataclass(frozen=True)
class Curves:
    """One row a stratum, one column a day from 0 to the oldest case.

    at_risk: cases of at least that age, before the day's ends. won_by: probability of a win by that day; lost_by: of a
    loss; open_after: of neither. last: the longest age observed in the stratum, -1 where it is empty.
    """

    at_risk: Floats
    won: Floats
    lost: Floats
    won_by: Floats
    lost_by: Floats
    open_after: Floats
    last: Ints

    @property
    def days(self) -> int:
        return self.at_risk.shape[1]


@dataclass(frozen=True)
class Ahead:
    """For each stratum and age: the chance of a win in the days ahead, given still open at that age; NaN = unknown.

    cases: how many were seen open beyond that age; wins: how many of these were won within the days ahead.
    """

    probability: Floats
    variance: Floats
    cases: Floats
    wins: Floats

    @property
    def effective(self) -> Floats:
        """How many cases without censoring would be as certain: p (1 - p) / variance, else those seen."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.probability * (1 - self.probability) / self.variance
        return np.where(np.isfinite(found) & (self.variance > 1e-18), found, self.cases)


def curves(
    stratum: Ints, days: Ints, outcome: Ints, strata: int, length: int | None = None, weight: Floats | None = None
) -> Curves:
    """The curves of cases; `days` are whole and not negative, a case that ends on a day is at risk on it.

    weight: how many cases each stands for; they need not be whole. A case that enters at age e (left truncation) is
    given twice: with its own end, and with weight -1 as seen open on day e - 1.
    """
    length = length or (int(days.max()) + 1 if len(days) else 1)
    place = stratum.astype(np.int64) * length + days

    def by_day(which: NDArray[np.bool_]) -> Floats:
        heavy = None if weight is None else weight[which]
        found = np.bincount(place[which], weights=heavy, minlength=strata * length)
        return found.reshape(strata, length).astype(np.float64)

    left = by_day(np.ones(len(days), dtype=bool))
    won, lost = by_day(outcome == WON), by_day(outcome == LOST)
    at_risk = left[:, ::-1].cumsum(axis=1)[:, ::-1]
    share = _over(won + lost, at_risk)
    open_after = np.cumprod(1 - share, axis=1).astype(np.float64)
    open_before = _before(open_after, 1.0)
    # Where cases enter late nobody may be at risk on day 0.
    last = np.where((at_risk > 0).any(axis=1), length - 1 - (at_risk > 0)[:, ::-1].argmax(axis=1), -1)
    return Curves(
        at_risk,
        won,
        lost,
        np.cumsum(open_before * _over(won, at_risk), axis=1),
        np.cumsum(open_before * _over(lost, at_risk), axis=1),
        open_after,
        last.astype(np.int64),
    )


def variance(found: Curves) -> Floats:
    """The variance of the probability of a win by each day."""
    sums = _Sums(found)
    at = np.broadcast_to(np.arange(found.days), found.at_risk.shape)
    return sums.between(None, at)


def ahead(found: Curves, horizon: int | None) -> Ahead:
    """The chance of a win within `horizon` days at every age; None = until the longest age observed.

    (F(a + H) - F(a)) / S(a). NaN beyond the longest age observed in the stratum, and where nobody was seen at that age.
    Where the oldest case has ended nobody is left: the curve is flat from there on, and its end stands for later days.
    """
    ages = np.broadcast_to(np.arange(found.days), found.at_risk.shape)
    last = found.last[:, None]
    until = np.broadcast_to(last, ages.shape) if horizon is None else ages + horizon
    end = np.take_along_axis(found.open_after, np.maximum(last, 0), axis=1)
    until = np.where(end < 1e-12, np.minimum(until, last), until)
    known = (until <= last) & (ages < last) & (found.open_after > 0)
    until = np.clip(until, 0, found.days - 1)
    still = np.where(known, found.open_after, np.nan)
    probability = (np.take_along_axis(found.won_by, until, axis=1) - found.won_by) / still
    spread = _Sums(found).between(ages, until) / still**2
    wins = np.cumsum(found.won, axis=1)
    return Ahead(
        np.clip(probability, 0, 1),
        np.maximum(spread, 0),
        np.concatenate([found.at_risk[:, 1:], np.zeros((len(found.last), 1))], axis=1),
        np.take_along_axis(wins, until, axis=1) - wins,
    )


class _Sums:
    """Prefix sums of the variance's terms; between two days it is a quadratic in the curve's later value."""

    def __init__(self, found: Curves) -> None:
        ended = found.won + found.lost
        # Sums of weights leave a dust of rounding where everybody ends.
        rest = np.where(found.at_risk - ended > 1e-9 * found.at_risk, found.at_risk - ended, 0.0)
        before = _before(found.open_after, 1.0)
        self._curve = found.won_by
        greenwood = _over(ended, found.at_risk * rest)  # a day on which everybody ends has no such term
        cross = before * _over(found.won, found.at_risk**2)
        binomial = before**2 * _over(found.won * (found.at_risk - found.won), found.at_risk**3)
        terms = (
            greenwood,
            found.won_by * greenwood + cross,
            found.won_by**2 * greenwood + binomial + 2 * found.won_by * cross,
        )
        self._sums = tuple(np.cumsum(term, axis=1) for term in terms)

    def between(self, after: Ints | None, until: Ints) -> Floats:
        """The sum over the days after `after` (None = all) up to `until`."""
        squared, linear, constant = (
            np.take_along_axis(one, until, axis=1) - (0.0 if after is None else np.take_along_axis(one, after, axis=1))
            for one in self._sums
        )
        end = np.take_along_axis(self._curve, until, axis=1)
        return end**2 * squared - 2 * end * linear + constant


def _over(part: Floats, whole: Floats) -> Floats:
    """part / whole, 0 where there is nobody."""
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def _before(values: Floats, first: float) -> Floats:
    """Each row one day later."""
    return np.concatenate([np.full((values.shape[0], 1), first), values[:, :-1]], axis=1)
