"""A piecewise-exponential model of how deals end: rates of wins and of losses by band of age, times a factor a group.

A Poisson regression of the ends in each cell (band of age and group) with the days lived in it as offset, fitted by
iteratively reweighted least squares (Holford 1980; Laird and Olivier 1981). Unlike a curve of its own, a group shares
the shape of everybody's.
"""

import numpy as np
from numpy.typing import NDArray

from scorecard.stats.curves import LOST, WON
from scorecard.stats.scores import MIN_WINS, Groups

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EDGES = (0, 7, 14, 28, 42, 56, 84, 112, 168, 252, 366, 550, 732)  # first days of the bands
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
    """Learns from cases like `Scorer`, and scores open cases by group and age; NaN beyond the oldest age seen."""

    def __init__(self, known: Groups, days: Ints, outcome: Ints, horizon: int, min_wins: int = MIN_WINS) -> None:
        self._rows = finest(known, outcome, min_wins)[-1]
        used, group = np.unique(self._rows[known.codes[-1]], return_inverse=True)
        self._place = np.zeros(int(self._rows.max(initial=0)) + 1, dtype=np.int64)
        self._place[used] = np.arange(len(used))
        length = int(days.max()) + 1 if len(days) else 1
        won, lost = (
            _daily(days, outcome == cause, group.reshape(len(days)), max(len(used), 1), length) for cause in (WON, LOST)
        )
        ends = won + lost
        before = np.exp(-np.cumsum(ends, axis=1) + ends)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(ends > 0, won / ends, 0.0)
            won_by = np.cumsum(before * share * -np.expm1(-ends), axis=1)
            self._ahead = (won_by[:, horizon:] - won_by[:, :-horizon]) / np.exp(-np.cumsum(ends, axis=1))[:, :-horizon]

    def score(self, asked: Groups, ages: Ints) -> Floats:
        """The chance of a win within the horizon of each open case."""
        reach = self._ahead.shape[1]
        if not reach:
            return np.full(len(ages), np.nan)
        row = self._place[self._rows[asked.codes[-1]]]
        said = self._ahead[row, np.clip(ages, 0, reach - 1)]
        return np.where((ages >= 0) & (ages < reach), said, np.nan)


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


def _daily(days: Ints, ended: NDArray[np.bool_], group: Ints, groups: int, length: int) -> Floats:
    """The rate of this end on each day, a row a group."""
    first, ends, lived = cells(days, ended, group, groups)
    # A group in which nobody ended so has the rate of everybody: its own factor would run to nought.
    factor = np.where(ends.sum(axis=1) > 0, np.arange(groups), -1)
    factor[int(np.argmax(ends.sum(axis=1)))] = -1  # the reference
    own = np.unique(factor[factor >= 0])
    bands = np.tile(np.eye(len(first)), (groups, 1))
    of_group = np.repeat((factor[:, None] == own[None, :]).astype(np.float64), len(first), axis=0)
    design, used = np.hstack([bands, of_group]), lived.ravel() > 0
    beta = poisson(design[used], ends.ravel()[used], lived.ravel()[used])
    rates = np.exp(np.clip(design @ beta, -50, 5)).reshape(groups, -1)
    return rates[:, np.searchsorted(first, np.arange(length), side="right") - 1]
