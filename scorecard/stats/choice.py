"""Which of several scores is used: past dates choose it, and each date is judged by what the dates before it chose."""

from collections.abc import Sequence

import numpy as np

from scorecard.stats.backtest import ENOUGH, Fold

DATES = 15  # the newest past dates that choose
BLOCKS, MOST = 3, 2 / 3  # stretches of dates that share no day ahead, and the share of dates another score has to win


def prefers(folds: Sequence[Fold], name: str, other: str, horizon: int) -> bool:
    """The other score had a lower Brier on the same cases: on two thirds of the dates, and by more than chance.

    Chance: the standard error over blocks of dates as long as the horizon, at least three. Dates closer than that look
    at the same days ahead, and would count the same luck several times.
    """
    dated = [fold for fold in folds if len(fold.happened)]
    if sum(len(fold.happened) for fold in dated) < ENOUGH:
        return False
    gains = np.array([
        np.mean((fold.said[name] - fold.happened) ** 2 - (fold.said[other] - fold.happened) ** 2) for fold in dated
    ])  # fmt: skip
    days = np.array([fold.day for fold in dated])
    _, block = np.unique((days - days.min()) // max(horizon, 1), return_inverse=True)
    blocks = np.bincount(block, weights=gains) / np.bincount(block)
    if len(blocks) < BLOCKS or bool(np.mean(gains > 0) < MOST):
        return False
    return bool(blocks.mean() > blocks.std(ddof=1) / np.sqrt(len(blocks)))


def chosen(folds: Sequence[Fold], names: Sequence[str], horizon: int) -> str:
    """The first score, unless past dates prefer a later one to the best before it."""
    best, *others = names
    for other in others:
        if prefers(folds, best, other, horizon):
            best = other
    return best


def chosen_then(folds: Sequence[Fold], names: Sequence[str], horizon: int, day: int) -> str:
    """What was chosen on that day: by the newest dates whose days ahead had all passed by then."""
    known = [fold for fold in folds if fold.day + horizon <= day]
    return chosen(known[-DATES:], names, horizon)
