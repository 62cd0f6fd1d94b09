"""Deals of known truth: five sources, the better the slower, losses sooner than wins, drawn from a seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.stats.backtest import Lives
from scorecard.stats.scores import groups

WIN = np.array([0.05, 0.09, 0.135, 0.19, 0.28])  # ever won
WIN_SCALE = np.array([60.0, 80.0, 105.0, 130.0, 155.0])  # days
LOST_SCALE = np.array([30.0, 35.0, 40.0, 45.0, 50.0])
SHARES = np.array([0.35, 0.25, 0.2, 0.12, 0.08])
SEGMENTS = np.array([0.8, 1.0, 1.25])  # how the chance differs by segment
NEVER = 0.02  # nobody ever decides
SHAPE = 1.3


@dataclass(frozen=True)
class Made:
    """Cases until `today`, with their source and segment."""

    lives: Lives
    source: NDArray[np.int64]
    today: int


def won_by(day: float) -> NDArray[np.float64]:
    """The truth: share won by that age, for each source."""
    return WIN * SEGMENTS.mean() * (1 - np.exp(-((day / WIN_SCALE) ** SHAPE)))


def made_lives(count: int, seed: int, today: int = 700) -> Made:
    """Deals begun evenly over the days up to `today`, as seen that day."""
    rng = np.random.default_rng(seed)
    entered = np.sort(rng.integers(0, today + 1, count))
    source = rng.choice(5, count, p=SHARES)
    segment = rng.integers(0, 3, count)
    draw = rng.random(count)
    wins = draw < WIN[source] * SEGMENTS[segment]
    never = draw > 1 - NEVER
    scale = np.where(wins, WIN_SCALE[source], LOST_SCALE[source])
    after = np.ceil(scale * rng.weibull(SHAPE, count)).astype(np.int64)
    ended = np.where(never, today + 1, entered + after)
    outcome = np.where(ended > today, 0, np.where(wins, 1, 2))
    lives = Lives(
        entered,
        np.minimum(ended, today),
        outcome,
        np.full(count, today),
        groups([[f"source {one}" for one in source], [f"segment {one}" for one in segment]], count),
    )
    return Made(lives, source, today)
