"""Quarters of known truth: deals that live day by day, in quarters that are good or bad for all of them at once."""

import numpy as np
from numpy.typing import NDArray

from scorecard.stats.backtest import Lives
from scorecard.stats.forecast import Quarter
from scorecard.stats.scores import groups

SHOCK = 0.10  # how far a quarter's chances of a win stray for all deals together
WON_DAILY = np.array([0.004, 0.006, 0.008, 0.010, 0.012])  # by channel, once a deal is 20 days old
LOST_DAILY = np.array([0.03, 0.025, 0.02, 0.015, 0.012])
RIPE, LENGTH, DAYS = 20, 90, 1440
QUARTERS = [Quarter(LENGTH * at, LENGTH * at + LENGTH - 1) for at in range(6, 15)]  # the last nine complete ones


def made_quarters(seed: int, growth: float, per_day: float = 3.0) -> tuple[Lives, NDArray[np.float64]]:
    """Deals and their amounts; growth: how much more deals are made each year (1 = twice as many)."""
    rng = np.random.default_rng(seed)
    quarter = np.exp(rng.normal(0, SHOCK, DAYS // LENGTH + 2) - SHOCK**2 / 2)
    made = rng.poisson(per_day * (1 + growth) ** ((np.arange(DAYS) - DAYS / 2) / 365))
    entered = np.repeat(np.arange(DAYS), made)
    channel, amount = rng.integers(0, 5, len(entered)), rng.gamma(2, 5000, len(entered))
    ended, outcome = np.full(len(entered), DAYS), np.zeros(len(entered), dtype=np.int64)
    begun = np.searchsorted(entered, np.arange(DAYS + 1))
    for day in range(1, DAYS + 1):
        still = np.flatnonzero(outcome[: begun[day]] == 0)
        ripe = np.minimum((day - entered[still]) / RIPE, 1)
        draw = rng.random(len(still))
        wins = WON_DAILY[channel[still]] * ripe * quarter[day // LENGTH]
        loses = (draw >= wins) & (draw < wins + LOST_DAILY[channel[still]])
        outcome[still[draw < wins]], outcome[still[loses]] = 1, 2
        ended[still[(draw < wins) | loses]] = day
    names = [f"channel {one}" for one in channel]
    return Lives(entered, ended, outcome, np.full(len(entered), DAYS), groups([names], len(entered))), amount
