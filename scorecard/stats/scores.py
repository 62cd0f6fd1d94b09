"""Scores: the chance of a win from any age on, read off the curve of the finest group with enough wins of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.stats import curves as c
from scorecard.stats import shrink

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MIN_WINS = 30  # a group has a curve of its own from so many wins on
MIN_CASES = 30  # ... and speaks about an age from so many cases seen open at that age


@dataclass(frozen=True)
class Groups:
    """How cases are grouped: one code a case and level, coarse to fine; level 0 is everybody.

    parent: for each level the code one level up.
    """

    codes: tuple[Ints, ...]
    parent: tuple[Ints, ...]

    @property
    def sizes(self) -> list[int]:
        return [len(one) for one in self.parent]

    def of(self, which: NDArray[np.bool_] | Ints) -> "Groups":
        """The same for some of the cases."""
        return Groups(tuple(codes[which] for codes in self.codes), self.parent)


def groups(words: Sequence[Sequence[object]], count: int) -> Groups:
    """Levels nested in each other: everybody, then by the first words, by the first and second, ..."""
    codes = [np.zeros(count, dtype=np.int64)]
    parents = [np.zeros(1, dtype=np.int64)]
    for level in words:
        names, own = np.unique(np.asarray([str(word) for word in level], dtype=str), return_inverse=True)
        pairs, joined = np.unique(codes[-1] * max(len(names), 1) + own, return_inverse=True)
        parents.append((pairs // max(len(names), 1)).astype(np.int64))
        codes.append(joined.astype(np.int64).reshape(count))
    return Groups(tuple(codes), tuple(parents))


@dataclass(frozen=True)
class Scored:
    """One value a case. steps: the probability after each level, coarse to fine, the last one being the score.

    new: what everybody's chance is on day 0. level: the level whose curve speaks; raw: what it says before it is pulled
    towards the wider group. cases, wins: those of that curve seen open at this age, and won in the days ahead.
    """

    new: Floats
    steps: tuple[Floats, ...]
    low: Floats
    high: Floats
    raw: Floats
    level: Ints
    cases: Floats
    wins: Floats

    @property
    def probability(self) -> Floats:
        return self.steps[-1]


class Scorer:
    """Learns from cases with their days and outcomes; scores open cases by their groups and age.

    The chance is (F(a + H) - F(a)) / S(a) of the finest group with enough wins, pulled towards that of the wider group
    (everybody's, at an age, lightly towards that at any age); where a group was not seen long enough, or by too few,
    the wider group speaks. NaN where not even everybody was.
    """

    def __init__(self, known: Groups, days: Ints, outcome: Ints, horizon: int | None, min_wins: int = MIN_WINS) -> None:
        self._length = int(days.max()) + 1 if len(days) else 1
        everybody = c.ahead(c.curves(known.codes[0], days, outcome, 1, self._length), horizon)
        self._tables = _Tables(everybody)
        self._importance = everybody.cases[0]
        self.weights: list[float | None] = [None]
        self._rows = [np.zeros(1, dtype=np.int64)]
        for level in range(1, len(known.codes)):
            self._rows.append(self._add(level, known, days, outcome, horizon, min_wins))

    def score(self, asked: Groups, ages: Ints) -> Scored:
        """The chance of each open case."""
        tables = self._tables
        inside = (ages >= 0) & (ages < self._length)
        at = np.clip(ages, 0, self._length - 1)
        steps = tuple(
            np.where(inside, tables.share[rows[codes], at], np.nan)
            for rows, codes in zip(self._rows, asked.codes, strict=True)
        )
        row = self._rows[-1][asked.codes[-1]]
        low, high = shrink.wilson(tables.share[row, at] * tables.n[row, at], tables.n[row, at])
        known = np.isfinite(steps[-1])
        return Scored(
            np.full(len(ages), tables.share[0, 0]),
            steps,
            np.where(known, low, np.nan),
            np.where(known, high, np.nan),
            np.where(known, tables.raw[row, at], np.nan),
            tables.level[row, at],
            np.where(known, tables.cases[row, at], np.nan),
            np.where(known, tables.wins[row, at], np.nan),
        )

    def _add(self, level: int, known: Groups, days: Ints, outcome: Ints, horizon: int | None, min_wins: int) -> Ints:
        """A row of the tables for each group with enough wins; the others share the row of the wider group."""
        codes, count = known.codes[level], known.sizes[level]
        wins = np.bincount(codes[outcome == c.WON], minlength=count)
        size = np.bincount(codes, minlength=count)
        whole = np.bincount(known.codes[level - 1], minlength=known.sizes[level - 1])
        # The only group of its wider group is that group, and says nothing of its own.
        own = np.flatnonzero((wins >= min_wins) & (size < whole[known.parent[level]]))
        rows = self._rows[-1][known.parent[level]].copy()
        if not len(own):
            self.weights.append(None)
            return rows
        place = np.full(count, -1)
        place[own] = np.arange(len(own))
        of = place[codes]
        member = of >= 0
        found = c.ahead(c.curves(of[member], days[member], outcome[member], len(own), self._length), horizon)
        m = shrink.weight(found.probability, found.effective, self._importance)
        self.weights.append(m)
        rows[own] = self._tables.add(found, rows[own], m, level)
        return rows


class _Tables:
    """The answer for each group and age: share, n that stand behind it, what the group's own curve says, and counts."""

    def __init__(self, everybody: c.Ahead) -> None:
        self.raw, self.cases, self.wins = everybody.probability, everybody.cases, everybody.wins
        known = np.isfinite(self.raw) & (self.cases > 0)
        any_age = np.average(self.raw[known], weights=self.cases[known]) if known.any() else np.nan
        # Few live long: a handful of old cases without a win is not a chance of nought.
        self.n = everybody.effective + shrink.LOWEST
        self.share = (everybody.effective * self.raw + shrink.LOWEST * any_age) / self.n
        self.level = np.zeros(self.share.shape, dtype=np.int64)

    def add(self, found: c.Ahead, parents: Ints, m: float | None, level: int) -> Ints:
        """Rows for these groups; where they do not speak, what their wider group says."""
        wider, n = self.share[parents], found.effective
        speaks = np.isfinite(found.probability) & (found.cases >= MIN_CASES)
        beside = m or 0.0
        with np.errstate(invalid="ignore"):
            share = (n * found.probability + beside * np.nan_to_num(wider)) / (n + beside)
        first = len(self.share)

        def put(own: NDArray, inherited: NDArray) -> NDArray:
            return np.concatenate([inherited, np.where(speaks, own, inherited[parents])])

        self.share = put(share, self.share)
        self.n = put(n + beside, self.n)
        self.raw = put(found.probability, self.raw)
        self.cases, self.wins = put(found.cases, self.cases), put(found.wins, self.wins)
        self.level = put(np.full(n.shape, level), self.level)
        return np.arange(first, len(self.share))
