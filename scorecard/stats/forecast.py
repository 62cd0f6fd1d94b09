"""What a quarter will bring: what is booked, what open deals will bring, and what deals not yet created will bring.

Expected = booked + sum of amount x P(won by the end | open at its age) + creation rate x sum of F(days left) x mean
won amount. Its variance takes deals as independent and new ones as Poisson; what that leaves out (a good or a bad
quarter for all) is put back by the spread of past errors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.stats import curves as c
from scorecard.stats.backtest import Lives
from scorecard.stats.scores import MIN_WINS, Scorer

Floats = NDArray[np.float64]
RATE_DAYS = 91  # how far back the creation of deals is counted
AMOUNT_DAYS = 365  # ... and won amounts
Z50, Z80 = 0.6744897501960817, 1.2815515655446004
GUESSED = 1.5  # how much wider than independent deals say, while too few past forecasts tell
ENOUGH = 14  # past forecasts


@dataclass(frozen=True)
class Parts:
    """A forecast in money: three parts, the variance of the two that are not certain, and its largest open deal."""

    booked: float
    open: float
    to_come: float
    open_variance: float
    to_come_variance: float
    largest: int | None = None  # the place of the deal that adds most among all cases
    largest_adds: float = 0.0

    @property
    def expected(self) -> float:
        return self.booked + self.open + self.to_come

    @property
    def deviation(self) -> float:
        return float(np.sqrt(self.open_variance + self.to_come_variance))

    def band(self, z: float, wider: float) -> tuple[float, float]:
        """From low to high; never below what is booked."""
        half = z * wider * self.deviation
        return max(self.booked, self.expected - half), self.expected + half


@dataclass(frozen=True)
class Quarter:
    """First and last day, both in it, as numbers."""

    first: int
    last: int


def forecast(
    lives: Lives, amount: Floats, shown: NDArray[np.bool_], day: int, quarter: Quarter, min_wins: int = MIN_WINS
) -> Parts:
    """The quarter as it looked at the end of that day: later facts are not used.

    amount: money of each case, NaN = unknown (taken as the mean of won ones). shown: which cases are forecast; the
    chances are learnt from all.
    """
    known = lives.until(day)
    kept = lives.entered <= day
    money, seen = amount[kept], shown[kept]
    won = known.outcome == c.WON
    booked = float(np.nansum(money[won & seen & (known.ended >= quarter.first) & (known.ended <= quarter.last)]))
    left = quarter.last - day
    if left <= 0:
        return Parts(booked, 0.0, 0.0, 0.0, 0.0)
    recent = _recent(known, money, seen, day)
    opened = open_deals(lives, amount, shown, day, left, min_wins)
    adds = opened.adds
    largest = int(np.argmax(adds)) if len(adds) else None
    new, new_variance = _to_come(known, money, seen, recent, day, left, min_wins)
    return Parts(
        booked,
        float(adds.sum()),
        new,
        float((opened.chance * (1 - opened.chance) * opened.worth**2).sum()),
        new_variance,
        None if largest is None else int(opened.places[largest]),
        0.0 if largest is None else float(adds[largest]),
    )


@dataclass(frozen=True)
class Opened:
    """The open cases of a forecast: their places among all cases, chance, the money each is counted with.

    is_extended: no curve reaches so far, so the chance is that up to its end.
    """

    places: NDArray[np.int64]
    chance: Floats
    worth: Floats
    is_extended: NDArray[np.bool_]

    @property
    def adds(self) -> Floats:
        return self.chance * self.worth


def open_deals(
    lives: Lives, amount: Floats, shown: NDArray[np.bool_], day: int, left: int, min_wins: int = MIN_WINS
) -> Opened:
    """What each case open at the end of that day adds in the days left; their sum is the open part of the forecast."""
    known = lives.until(day)
    kept = lives.entered <= day
    recent = _recent(known, amount[kept], shown[kept], day)
    mean = float(amount[kept][recent].mean()) if recent.any() else 0.0
    asked = lives.open_at(day) & shown
    chance, is_extended = _chances(lives, known, asked, day, left, min_wins)
    worth = np.where(np.isfinite(amount[asked]), amount[asked], mean)
    return Opened(np.flatnonzero(asked), chance, worth, is_extended)


def _recent(known: Lives, money: Floats, seen: NDArray[np.bool_], day: int) -> NDArray[np.bool_]:
    """Those won in the days whose amounts count."""
    return (known.outcome == c.WON) & seen & (known.ended > day - AMOUNT_DAYS) & np.isfinite(money)


def chances(lives: Lives, known: Lives, asked: NDArray[np.bool_], day: int, left: int, min_wins: int) -> Floats:
    """P(won within the days left) of each open case; where no curve reaches so far, what it says to its end; else 0."""
    return _chances(lives, known, asked, day, left, min_wins)[0]


def _chances(
    lives: Lives, known: Lives, asked: NDArray[np.bool_], day: int, left: int, min_wins: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """The chances, and for which of them no curve reaches so far."""
    said = np.full(int(asked.sum()), np.nan)
    is_extended = np.zeros(len(said), bool)
    for horizon in (left, None):
        scorer = Scorer(known.groups, known.ended - known.entered, known.outcome, horizon, min_wins)
        found = scorer.score(lives.groups.of(asked), day - lives.entered[asked]).probability
        is_extended = np.isnan(said) if horizon is None else is_extended
        said = np.where(np.isfinite(said), said, found)
        if np.isfinite(said).all():
            break
    return np.nan_to_num(said), is_extended


def _to_come(
    known: Lives, money: Floats, seen: NDArray[np.bool_], recent: NDArray[np.bool_], day: int, left: int, min_wins: int
) -> tuple[float, float]:
    """Money of deals created and won in what is left of the quarter, and its variance; by the first level's groups."""
    level = min(1, len(known.groups.codes) - 1)
    codes, count = known.groups.codes[level], known.groups.sizes[level]
    days = known.ended - known.entered
    own = c.curves(codes, days, known.outcome, count)
    everybody = c.curves(np.zeros_like(codes), days, known.outcome, 1, own.days)
    wins = np.bincount(codes[known.outcome == c.WON], minlength=count)
    ages = np.minimum(np.arange(left), own.days - 1)
    won_by = np.where((wins >= min_wins)[:, None], own.won_by[:, ages], everybody.won_by[:, ages])
    made = seen & (known.entered > day - RATE_DAYS)
    rate = np.bincount(codes[made], minlength=count) / RATE_DAYS
    expected = rate * won_by.sum(axis=1)
    first, second = (_mean(money[recent] ** power, codes[recent], count) for power in (1, 2))
    return float((expected * first).sum()), float((expected * second).sum())


def _mean(values: Floats, codes: NDArray, count: int, least: int = 10) -> Floats:
    """The mean by group; that of all where a group has few."""
    n = np.bincount(codes, minlength=count)
    total = np.bincount(codes, weights=values, minlength=count)
    overall = values.mean() if len(values) else 0.0
    return np.where(n >= least, total / np.maximum(n, 1), overall)


@dataclass(frozen=True)
class Past:
    """A forecast made on an earlier day of an earlier quarter, and what the quarter brought."""

    day: int
    quarter: Quarter
    parts: Parts
    actual: float

    @property
    def error(self) -> float:
        """In standard deviations of independent deals."""
        return (self.actual - self.parts.expected) / self.parts.deviation if self.parts.deviation > 0 else 0.0


def back_test(
    lives: Lives,
    amount: Floats,
    shown: NDArray[np.bool_],
    quarters: Sequence[Quarter],
    weeks: Iterable[int],
    min_wins: int = MIN_WINS,
) -> list[Past]:
    """Every `weeks`-th week of each past quarter played again; days before enough had been won are left out.

    Amounts are those of today: an export without history does not tell what they were.
    """
    wins = np.sort(lives.ended[lives.outcome == c.WON])
    won = (lives.outcome == c.WON) & shown
    found = []
    for quarter in quarters:
        inside = won & (lives.ended >= quarter.first) & (lives.ended <= quarter.last)
        actual = float(np.nansum(amount[inside]))
        for week in weeks:
            day = quarter.first - 1 + 7 * week
            if day < quarter.last and np.searchsorted(wins, day, side="right") >= min_wins:
                found.append(Past(day, quarter, forecast(lives, amount, shown, day, quarter, min_wins), actual))
    return found


def wider(past: Sequence[Past], before: int | None = None) -> tuple[float, bool]:
    """How much wider bands must be than independent deals say: the root mean square of past errors, never under 1.

    before: only quarters that had ended by then. False = a guess, for want of past forecasts.
    """
    errors = [one.error for one in past if before is None or one.quarter.last < before]
    if len(errors) < ENOUGH:
        return GUESSED, False
    return max(1.0, float(np.sqrt(np.mean(np.square(errors))))), True
