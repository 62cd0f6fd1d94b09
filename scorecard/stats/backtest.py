"""Was the score ever right: past dates are played again with what was known then, and compared with what happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.stats import shrink
from scorecard.stats.curves import LOST, WON
from scorecard.stats.hazard import HazardScorer
from scorecard.stats.scores import MIN_WINS, Groups, Scorer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ENOUGH = 100  # outcomes, before anything is said about a score
BINS = 10
SLOPE_LOW, SLOPE_HIGH = 0.9, 1.1


@dataclass(frozen=True)
class Lives:
    """Cases with what never changes about them (when they began, their groups) and how they ended; days are numbers.

    ended: when it was won or lost, or last seen open; seen: until when its file tells of it.
    """

    entered: Ints
    ended: Ints
    outcome: Ints
    seen: Ints
    groups: Groups
    engaged: Ints | None = None  # the first day on which it counts as engaged with video; after its end = never

    def until(self, day: int) -> "Lives":
        """What was known at the end of that day: later cases are gone, later ends are still open."""
        kept = self.entered <= day
        ended = self.ended[kept]
        return Lives(
            self.entered[kept],
            np.minimum(ended, day),
            np.where(ended <= day, self.outcome[kept], 0),
            np.minimum(self.seen[kept], day),
            self.groups.of(kept),
            None if self.engaged is None else self.engaged[kept],
        )

    @property
    def engaged_age(self) -> Ints | None:
        return None if self.engaged is None else self.engaged - self.entered

    def open_at(self, day: int) -> NDArray[np.bool_]:
        """Begun by then, not yet ended, and still told of."""
        return (self.entered <= day) & np.where(self.outcome > 0, self.ended > day, self.ended >= day)


Score = Callable[[Lives, int], Floats]


@dataclass(frozen=True)
class Fold:
    """One past date: what each scorer said of the cases open then, and which were won within the horizon.

    cases: which cases these are, by their place among all.
    """

    day: int
    said: dict[str, Floats]
    happened: Floats
    cases: Ints | None = None

    def of(self, which: NDArray[np.bool_]) -> "Fold":
        """The same for some of all cases."""
        if self.cases is None:
            raise ValueError("a fold that does not know its cases")
        here = which[self.cases]
        said = {name: one[here] for name, one in self.said.items()}
        return Fold(self.day, said, self.happened[here], self.cases[here])


def ours(lives: Lives, day: int, horizon: int, min_wins: int = MIN_WINS) -> Floats:
    """The score of every case open on that day, from what was known by then."""
    known = lives.until(day)
    scorer = Scorer(known.groups, known.ended - known.entered, known.outcome, horizon, min_wins)
    asked = lives.open_at(day)
    return scorer.score(lives.groups.of(asked), day - lives.entered[asked]).probability


def with_video(lives: Lives, day: int, horizon: int, min_wins: int = MIN_WINS) -> Floats:
    """The same, with who had engaged with video by then as the finest group."""
    known, asked = lives.until(day), lives.open_at(day)
    age, asked_age = known.engaged_age, lives.engaged_age
    days = known.ended - known.entered
    scorer = Scorer(known.groups, days, known.outcome, horizon, min_wins, age)
    engaged = None if asked_age is None else asked_age[asked]
    return scorer.score(lives.groups.of(asked), day - lives.entered[asked], engaged).probability


def hazard(lives: Lives, day: int, horizon: int, min_wins: int = MIN_WINS) -> Floats:
    """The same from the piecewise-exponential model."""
    known = lives.until(day)
    scorer = HazardScorer(known.groups, known.ended - known.entered, known.outcome, horizon, min_wins)
    asked = lives.open_at(day)
    return scorer.score(lives.groups.of(asked), day - lives.entered[asked])


def won_of_closed(lives: Lives, day: int) -> Floats:
    """What people do by hand: won of closed by the first level's group, whatever the age."""
    known = lives.until(day)
    codes, size = known.groups.codes[-1], known.groups.sizes[-1]
    if len(known.groups.codes) > 1:
        codes, size = known.groups.codes[1], known.groups.sizes[1]
    won = np.bincount(codes[known.outcome == WON], minlength=size).astype(np.float64)
    lost = np.bincount(codes[known.outcome == LOST], minlength=size).astype(np.float64)
    closed = won + lost
    overall = won.sum() / closed.sum() if closed.sum() else np.nan
    rate = np.divide(won, closed, out=np.full(size, overall), where=closed > 0)
    asked = lives.groups.of(lives.open_at(day))
    return rate[asked.codes[min(1, len(asked.codes) - 1)]]


def past_days(lives: Lives, horizon: int, dates: int, step: int, min_wins: int = MIN_WINS) -> list[int]:
    """Up to `dates` days, `step` apart, oldest first: their horizon has passed, and enough had been won by then."""
    if not len(lives.seen):
        return []
    newest = int(lives.seen.max()) - horizon
    wins = np.sort(lives.ended[lives.outcome == WON])
    days = [newest - step * back for back in range(dates)]
    return [day for day in reversed(days) if np.searchsorted(wins, day, side="right") >= min_wins]


def back_test(
    lives: Lives, days: Sequence[int], horizon: int, scorers: dict[str, Score], shown: NDArray[np.bool_] | None = None
) -> list[Fold]:
    """Each past day's scores beside what happened; only cases whose file reaches to the end of the horizon.

    shown: which cases are looked at; all are learnt from.
    """
    folds = []
    for day in days:
        asked = np.flatnonzero(lives.open_at(day))
        told = lives.seen[asked] >= day + horizon
        if shown is not None:
            told &= shown[asked]
        said = {name: score(lives, day) for name, score in scorers.items()}
        told &= np.all([np.isfinite(one) for one in said.values()], axis=0)
        won = (lives.outcome[asked] == WON) & (lives.ended[asked] <= day + horizon)
        here = {name: one[told] for name, one in said.items()}
        folds.append(Fold(day, here, won[told].astype(np.float64), asked[told]))
    return folds


def leak(score: Score, lives: Lives, day: int) -> float:
    """The largest change of a score at that day when all that came later is taken away; 0 = it knew nothing of it."""
    with_later, without = score(lives, day), score(lives.until(day), day)
    if len(with_later) != len(without) or (np.isfinite(with_later) != np.isfinite(without)).any():
        return float("inf")
    return float(np.nanmax(np.abs(with_later - without), initial=0.0))


@dataclass(frozen=True)
class Quality:
    """How good a score was. skill: 1 - Brier / Brier of always saying the base rate; ece: mean distance in ten bins."""

    n: int
    base_rate: float
    predicted_mean: float
    brier: float
    brier_base: float
    skill: float | None
    ece: float
    slope: float | None
    intercept: float | None


def quality(said: Floats, happened: Floats) -> Quality:
    """The figures of a score against what happened."""
    base = float(happened.mean())
    brier, brier_base = float(np.mean((said - happened) ** 2)), base * (1 - base)
    bins = bins_of(said)
    distance = sum(abs(float(said[bins == one].sum() - happened[bins == one].sum())) for one in np.unique(bins)) / len(
        said
    )
    line = logistic(said, happened)
    return Quality(
        len(said),
        base,
        float(said.mean()),
        brier,
        brier_base,
        1 - brier / brier_base if brier_base > 0 else None,
        distance,
        line[1] if line else None,
        line[0] if line else None,
    )


def bins_of(said: Floats) -> Ints:
    """Ten bins of about equally many scores, 0 the lowest; equal scores stay together."""
    edges = np.unique(np.quantile(said, np.linspace(0, 1, BINS + 1)[1:-1])) if len(said) else np.array([])
    return np.searchsorted(edges, said, side="left").astype(np.int64)


def logit(share: Floats) -> Floats:
    inside = np.clip(share, 1e-4, 1 - 1e-4)
    return np.log(inside / (1 - inside))


def logistic(said: Floats, happened: Floats) -> tuple[float, float] | None:
    """Intercept and slope of what happened on the log odds of what was said (0 and 1 = calibrated); None = no line."""
    x = logit(said)
    if np.ptp(x) < 1e-9 or happened.min() == happened.max():
        return None
    design = np.stack([np.ones_like(x), x], axis=1)
    beta = np.zeros(2)
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-design @ beta))
        pull = design.T @ (happened - fitted)
        curvature = (design * (fitted * (1 - fitted))[:, None]).T @ design
        try:
            step = np.linalg.solve(curvature, pull)
        except np.linalg.LinAlgError:
            return None
        beta = beta + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-10:
            return float(beta[0]), float(beta[1])
    return None


def bent(said: Floats, line: tuple[float, float]) -> Floats:
    """Scores moved along the line of `logistic`."""
    return 1 / (1 + np.exp(-(line[0] + line[1] * logit(said))))


@dataclass(frozen=True)
class Reading:
    """What the folds say about recalibration. line: how to move scores, None = leave them alone."""

    line: tuple[float, float] | None
    quality: Quality | None  # of scores moved by what the folds before them showed
    plain: Quality | None = None  # of the same scores left alone


def recalibration(folds: Sequence[Fold], name: str, horizon: int) -> Reading:
    """Scores are moved only if the slope has left 0.9 to 1.1 and moving them by past folds would have done better.

    Better than leaving them alone, and no worse than saying the base rate of the same cases: else it flattens noise.
    """
    said, happened = pooled(folds, name)
    whole = logistic(said, happened) if len(said) >= ENOUGH else None
    if whole is None or SLOPE_LOW <= whole[1] <= SLOPE_HIGH:
        return Reading(None, None)
    moved, real, plain = [], [], []
    for fold in folds:
        before = [other for other in folds if other.day + horizon <= fold.day]
        past = pooled(before, name) if before else (np.array([]), np.array([]))
        line = logistic(*past) if len(past[0]) >= ENOUGH else None
        if line and len(fold.happened):
            moved.append(bent(fold.said[name], line))
            plain.append(fold.said[name])
            real.append(fold.happened)
    if sum(len(one) for one in real) < ENOUGH:
        return Reading(None, None)
    truth = np.concatenate(real)
    after, left_alone = (quality(np.concatenate(said), truth) for said in (moved, plain))
    is_better = after.brier < left_alone.brier and after.brier <= after.brier_base
    return Reading(whole if is_better else None, after, left_alone)


def pooled(folds: Sequence[Fold], name: str) -> tuple[Floats, Floats]:
    """All scores of a scorer and what happened."""
    if not folds:
        return np.array([]), np.array([])
    return np.concatenate([fold.said[name] for fold in folds]), np.concatenate([fold.happened for fold in folds])


def reliability(folds: Sequence[Fold], name: str) -> list[tuple[int, int, float, float, float, float, int]]:
    """Rows day, bin, predicted, observed, low, high, n: ten bins of equal meaning on every day, Wilson intervals."""
    said, happened = pooled(folds, name)
    day = np.concatenate([np.full(len(fold.happened), fold.day) for fold in folds]) if folds else np.array([])
    bins = bins_of(said)
    rows = []
    for one in np.unique(day):
        for place in np.unique(bins[day == one]):
            here = (day == one) & (bins == place)
            n = int(here.sum())
            low, high = shrink.wilson(np.array([happened[here].sum()]), np.array([float(n)]))
            rows.append((
                int(one), int(place) + 1, float(said[here].mean()), float(happened[here].mean()),
                float(low[0]), float(high[0]), n,
            ))  # fmt: skip
    return rows
