"""Scores: the chance of a win from any age on, read off the curve of the finest group with enough wins of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorecard.stats import curves as c
from scorecard.stats import shrink

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MIN_WINS = 30  # a group has a curve of its own from so many wins on
NEVER = np.iinfo(np.int64).max // 4  # the age of engagement of who has not
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

    def else_by(self, other: "Scored") -> "Scored":
        """What the other says of cases of which this says nothing; both have the same steps."""
        known = np.isfinite(self.probability)

        def pick(own: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
            return np.where(known, own, others)

        steps = tuple(pick(own, others) for own, others in zip(self.steps, other.steps, strict=True))
        names = ("low", "high", "raw", "level", "cases", "wins")
        rest = (pick(getattr(self, name), getattr(other, name)) for name in names)
        return Scored(pick(self.new, other.new), steps, *rest)


class Scorer:
    """Learns from cases with their days and outcomes; scores open cases by their groups and age.

    The chance is (F(a + H) - F(a)) / S(a) of the finest group with enough wins, pulled towards that of the wider group
    (everybody's, at an age, lightly towards that at any age); where a group was not seen long enough, or by too few,
    the wider group speaks. NaN where not even everybody was.
    """

    def __init__(
        self,
        known: Groups,
        days: Ints,
        outcome: Ints,
        horizon: int | None,
        min_wins: int = MIN_WINS,
        engaged: Ints | None = None,
    ) -> None:
        """engaged: the age from which each case counts as engaged, NEVER = not yet; None = that makes no group."""
        self._length = int(days.max()) + 1 if len(days) else 1
        everybody = c.ahead(c.curves(known.codes[0], days, outcome, 1, self._length), horizon)
        self._tables = _Tables(everybody)
        self._importance = everybody.cases[0]
        self.weights: list[float | None] = [None]
        self._rows = [np.zeros(1, dtype=np.int64)]
        for level in range(1, len(known.codes)):
            size = np.bincount(known.codes[level - 1], minlength=known.sizes[level - 1])
            wider = _Wider(self._rows[-1][known.parent[level]], size[known.parent[level]])
            self._rows.append(self._add(level, _Cases(known.codes[level], days, outcome), wider, horizon, min_wins))
        self._arms: Ints | None = None  # a row for each row that speaks: not engaged, engaged
        if engaged is not None:
            own = self._rows[-1][known.codes[-1]]
            count = len(self._tables.share)
            wider = _Wider(np.repeat(np.arange(count), 2), np.repeat(np.bincount(own, minlength=count), 2))
            split = _split(own, days, outcome, engaged)
            self._arms = self._add(len(known.codes), split, wider, horizon, min_wins)

    def score(self, asked: Groups, ages: Ints, engaged: Ints | None = None) -> Scored:
        """The chance of each open case; `engaged` as in the beginning."""
        tables = self._tables
        inside = (ages >= 0) & (ages < self._length)
        at = np.clip(ages, 0, self._length - 1)
        spoken = [rows[codes] for rows, codes in zip(self._rows, asked.codes, strict=True)]
        if self._arms is not None and engaged is not None:
            spoken.append(self._arms[spoken[-1] * 2 + (engaged <= ages)])
        steps = tuple(np.where(inside, tables.share[rows, at], np.nan) for rows in spoken)
        row = spoken[-1]
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

    def _add(self, level: int, cases: "_Cases", wider: "_Wider", horizon: int | None, min_wins: int) -> Ints:
        """A row of the tables for each group with enough wins; the others share the row of the wider group."""
        codes, count = cases.codes, len(wider.rows)
        wins = np.bincount(codes[cases.outcome == c.WON], minlength=count)
        size = np.bincount(codes, weights=cases.whole, minlength=count)
        # The only group of its wider group is that group, and says nothing of its own.
        enough, is_part = wins >= min_wins, size < wider.sizes
        if cases.in_pairs:
            other = np.arange(count) ^ 1
            # Who is left by an arm that speaks is another group too, however few of it were won.
            enough |= enough[other] & (size >= MIN_CASES)
            is_part = size[other] > 0  # a case can be in both, one after the other
        own = np.flatnonzero(enough & is_part)
        rows = wider.rows.copy()
        if not len(own):
            self.weights.append(None)
            return rows
        place = np.full(count, -1)
        place[own] = np.arange(len(own))
        of = place[codes]
        member = of >= 0
        weight = None if cases.weight is None else cases.weight[member]
        own_curves = c.curves(of[member], cases.days[member], cases.outcome[member], len(own), self._length, weight)
        found = c.ahead(own_curves, horizon)
        m = shrink.weight(found.probability, found.effective, self._importance)
        self.weights.append(m)
        rows[own] = self._tables.add(found, rows[own], m, level)
        return rows


@dataclass(frozen=True)
class _Wider:
    """For each group the row of its wider group, and how many cases that has."""

    rows: Ints
    sizes: Ints


@dataclass(frozen=True)
class _Cases:
    """Cases with the group each is in; a negative weight takes a case away up to its day."""

    codes: Ints
    days: Ints
    outcome: Ints
    weight: Floats | None = None
    in_pairs: bool = False  # codes 0 and 1, 2 and 3, ... are two arms of one group

    @property
    def whole(self) -> Floats | None:
        return None if self.weight is None else np.maximum(self.weight, 0.0)


def _split(own: Ints, days: Ints, outcome: Ints, engaged: Ints) -> _Cases:
    """Two groups of each: a case is among the not engaged until the day before it engages, and among the engaged after.

    Delayed entry (left truncation): nobody is at risk among the engaged before being so, or the days without the view
    would be credited to it.
    """
    late = (engaged > 0) & (engaged <= days)  # engaged later than on its first day, and before its end
    is_engaged = engaged <= days
    nothing = np.zeros(int(late.sum()), dtype=np.int64)
    until = engaged[late] - 1
    return _Cases(
        np.concatenate([own * 2 + is_engaged, own[late] * 2, own[late] * 2 + 1]),
        np.concatenate([days, until, until]),
        np.concatenate([outcome, nothing, nothing]),
        np.concatenate([np.ones(len(days)), np.ones(len(nothing)), -np.ones(len(nothing))]),
        in_pairs=True,
    )


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
