"""A piecewise-exponential model of how deals end: rates of wins and of losses by band of age, times a factor a group.

A Poisson regression of the ends in each cell (band of age and group) with the days lived in it as offset, fitted by
iteratively reweighted least squares (Holford 1980; Laird and Olivier 1981). Unlike a curve of its own, a group shares
the shape of everybody's.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scorecard.stats import curves as c
from scorecard.stats.curves import LOST, WON
from scorecard.stats.scores import MIN_WINS, Groups, Scored

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EDGES = (0, 7, 14, 28, 42, 56, 84, 112, 168, 252, 366, 550, 732)  # first days of the bands
DRAWS = 200
FEW = 10  # ends; a band with fewer joins the one before


def poisson(design: Floats, counts: Floats, exposure: Floats) -> Floats:
    """The coefficients of log(counts / exposure) on the design; NaN where they do not settle."""
    offset = np.log(exposure)
    beta: Floats = np.zeros(design.shape[1])
    moved = np.inf
    fitted = counts + 0.1
    linear = np.log(fitted)
    for _ in range(100):
        working = linear - offset + (counts - fitted) / fitted
        weighted = design * fitted[:, None]
        try:
            found = np.linalg.solve(design.T @ weighted, weighted.T @ working).astype(np.float64)
        except np.linalg.LinAlgError:
            return np.full(len(beta), np.nan)
        moved, beta = float(np.abs(found - beta).max()), found
        linear = np.clip(design @ beta + offset, -500, 50)
        fitted = np.exp(linear)
        if moved < 1e-12 * max(1.0, float(np.abs(beta).max())):
            return beta
    return beta if moved < 1e-8 else np.full(len(beta), np.nan)


def finest(known: Groups, outcome: Ints, min_wins: int) -> tuple[Ints, ...]:
    """For each level, the row that speaks for each of its groups: its own with enough wins, else that of the wider."""
    rows, count = [np.zeros(1, dtype=np.int64)], 1
    for level in range(1, len(known.codes)):
        wins = np.bincount(known.codes[level][outcome == WON], minlength=known.sizes[level])
        own = np.flatnonzero(wins >= min_wins)
        here = rows[-1][known.parent[level]].copy()
        here[own] = count + np.arange(len(own))
        count += len(own)
        rows.append(here)
    return tuple(rows)


class HazardScorer:
    """Learns from cases like `Scorer`, and scores open cases by group and age; NaN beyond the oldest age seen.

    The log rate of an end is that of its age plus one number a group (x_j beta_j). Steps from coarse to fine add these
    one level at a time, each centred on the mean of the wider group, so that differences of the steps add up.
    """

    def __init__(self, known: Groups, days: Ints, outcome: Ints, horizon: int | None, min_wins: int = MIN_WINS) -> None:
        self._horizon = horizon
        self._rows = finest(known, outcome, min_wins)
        used, group = np.unique(self._rows[-1][known.codes[-1]], return_inverse=True)
        group, count = group.reshape(len(days)), max(len(used), 1)
        self._length = int(days.max()) + 1 if len(days) else 1
        self._place = np.zeros(int(self._rows[-1].max(initial=0)) + 1, dtype=np.int64)
        self._place[used] = np.arange(len(used))
        self._won, self._lost = (fit(days, outcome == cause, group, count, self._length) for cause in (WON, LOST))
        self._ahead = self._chance(self._won.rates(), self._lost.rates())
        self._seen = c.ahead(c.curves(group, days, outcome, count, self._length), horizon)
        self._known, self._group = known, group

    def score(self, asked: Groups, ages: Ints) -> Floats:
        """The chance of a win within the horizon of each open case."""
        return self._at(self._ahead, self._place[self._rows[-1][asked.codes[-1]]], ages)

    def scored(self, asked: Groups, ages: Ints) -> Scored:
        """The same with its steps, its interval, and the cases of the group seen open at that age."""
        row = self._place[self._rows[-1][asked.codes[-1]]]
        said = self._at(self._ahead, row, ages)
        wider = [self._at(self._mean(level), codes, ages) for level, codes in enumerate(asked.codes[:-1])]
        new = self._mean(0)[0, 0] if self._ahead.shape[1] else np.nan
        low, high = self._interval(row, ages, said)
        at = np.clip(ages, 0, self._length - 1)
        return Scored(
            np.full(len(ages), new),
            (*wider, said),
            low,
            high,
            np.full(len(ages), np.nan),
            np.zeros(len(ages), dtype=np.int64),  # no curve of its own speaks
            np.where(np.isfinite(said), self._seen.cases[row, at], np.nan),
            np.where(np.isfinite(said), self._seen.wins[row, at], np.nan),
        )

    def _mean(self, level: int) -> Floats:
        """The table of chances with each group of that level at the mean of what its cases add; a row a group."""
        codes, size = self._known.codes[level], self._known.sizes[level]
        cases = np.maximum(np.bincount(codes, minlength=size), 1)
        added = (
            np.bincount(codes, weights=one.added()[self._group], minlength=size) / cases
            for one in (self._won, self._lost)
        )
        won, lost = (one.rates(extra) for one, extra in zip((self._won, self._lost), added, strict=True))
        return self._chance(won, lost)

    def _interval(self, row: Ints, ages: Ints, said: Floats) -> tuple[Floats, Floats]:
        """95%: the chance under coefficients drawn from their normal distribution, always the same draws."""
        rng = np.random.default_rng(0)
        pairs, back = np.unique(np.stack([row, ages]), axis=1, return_inverse=True)
        drawn = np.empty((DRAWS, pairs.shape[1]))
        for number in range(DRAWS):
            tables = self._chance(self._won.drawn(rng).rates(), self._lost.drawn(rng).rates())
            drawn[number] = self._at(tables, pairs[0], pairs[1])
        low, high = (np.quantile(drawn, one, axis=0)[back.reshape(len(row))] for one in (0.025, 0.975))
        return np.minimum(low, said), np.maximum(high, said)

    def _chance(self, won: Floats, lost: Floats) -> Floats:
        """A win within the horizon (None = by the oldest age seen) if still open: a row a group, a column an age."""
        ends = won + lost
        still = np.exp(-np.cumsum(ends, axis=1))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(ends > 0, won / ends, 0.0)
            won_by = np.cumsum(still * np.exp(ends) * share * -np.expm1(-ends), axis=1)
            if self._horizon is None:
                return (won_by[:, -1:] - won_by[:, :-1]) / still[:, :-1]
            return (won_by[:, self._horizon :] - won_by[:, : -self._horizon]) / still[:, : -self._horizon]

    def _at(self, table: Floats, row: Ints, ages: Ints) -> Floats:
        reach = table.shape[1]
        if not reach:
            return np.full(len(ages), np.nan)
        return np.where((ages >= 0) & (ages < reach), table[row, np.clip(ages, 0, reach - 1)], np.nan)


@dataclass(frozen=True)
class Fit:
    """The rates of one end. first: first days of the bands; own: which groups have a coefficient, after the bands."""

    first: Ints
    own: Ints
    groups: int
    beta: Floats
    root: Floats  # a root of the covariance of beta
    length: int

    def added(self) -> Floats:
        """What each group adds to the log rate; nothing for those without a coefficient of their own."""
        found = np.zeros(self.groups)
        found[self.own] = self.beta[len(self.first) :]
        return found

    def rates(self, added: Floats | None = None) -> Floats:
        """The rate on each day, a row a group."""
        extra = self.added() if added is None else added
        by_band = np.exp(np.clip(self.beta[: len(self.first)] + extra[:, None], -50, 5))
        return by_band[:, np.searchsorted(self.first, np.arange(self.length), side="right") - 1]

    def drawn(self, rng: np.random.Generator) -> "Fit":
        """The same with coefficients drawn from their distribution."""
        return replace(self, beta=self.beta + self.root @ rng.standard_normal(len(self.beta)))


def cells(days: Ints, ended: NDArray[np.bool_], group: Ints, groups: int) -> tuple[Ints, Floats, Floats]:
    """First days of the bands, and ends and days lived by group and band; a case lives on day 0 and on its last day."""
    counts = np.histogram(days[ended], bins=[*EDGES, np.inf])[0]
    edges = [0]
    held = int(counts[0])
    for edge, count in zip(EDGES[1:], counts[1:], strict=True):
        if held >= FEW and counts[EDGES.index(edge) :].sum() >= FEW:
            edges.append(edge)
            held = 0
        held += int(count)
    first = np.asarray(edges, dtype=np.int64)
    band = np.searchsorted(first, days, side="right") - 1
    place, size = group * len(first) + band, groups * len(first)
    ends = np.bincount(place[ended], minlength=size).reshape(groups, -1).astype(np.float64)
    until = np.append(first[1:], np.iinfo(np.int64).max)
    lived = np.stack(
        [
            np.bincount(group, weights=np.clip(np.minimum(days + 1, last) - start, 0, None), minlength=groups)
            for start, last in zip(first, until, strict=True)
        ],
        axis=1,
    )
    return first, ends, lived.astype(np.float64)


def fit(days: Ints, ended: NDArray[np.bool_], group: Ints, groups: int, length: int) -> Fit:
    """The rates of this end, by band of age and group."""
    first, ends, lived = cells(days, ended, group, groups)
    # A group in which nobody ended so has the rate of everybody: its own factor would run to nought.
    factor = np.where(ends.sum(axis=1) > 0, np.arange(groups), -1)
    factor[int(np.argmax(ends.sum(axis=1)))] = -1  # the reference
    own = np.unique(factor[factor >= 0])
    bands = np.tile(np.eye(len(first)), (groups, 1))
    of_group = np.repeat((factor[:, None] == own[None, :]).astype(np.float64), len(first), axis=0)
    design, used = np.hstack([bands, of_group]), lived.ravel() > 0
    beta = poisson(design[used], ends.ravel()[used], lived.ravel()[used])
    weight = np.exp(np.clip(design[used] @ beta, -50, 5)) * lived.ravel()[used]
    return Fit(first, own, groups, beta, _root(design[used], weight), length)


def _root(design: Floats, weight: Floats) -> Floats:
    """A root of the inverse of the information; a direction nobody tells of is given no spread."""
    information = (design * weight[:, None]).T @ design
    if not np.isfinite(information).all():
        return np.full(information.shape, np.nan)
    values, vectors = np.linalg.eigh(information)
    spread = np.where(values > 1e-6, 1 / np.sqrt(np.maximum(values, 1e-6)), 0.0)
    return (vectors * spread).astype(np.float64)
