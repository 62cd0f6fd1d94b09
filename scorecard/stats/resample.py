"""Intervals of sums and their ratios by drawing whole accounts again, with a fixed seed.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 13 (percentile interval). What
belongs to one account is drawn together, so that deals of one customer do not count as independent. Where accounts are
many they come in random bags that are drawn instead, which leaves the variance of a sum as it is.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS, SEED = 2000, 20261128
LOW, HIGH = 0.025, 0.975
LEAST = 5  # accounts below which an interval by drawing again says nothing


@lru_cache(maxsize=64)
def _draws(accounts: int, draws: int) -> Floats:
    """How often each account is in each draw: (draws, accounts)."""
    rng = np.random.default_rng([SEED, accounts])
    return rng.multinomial(accounts, np.full(accounts, 1 / accounts), size=draws).astype(np.float64)


def sums(values: Floats, draws: int = DRAWS) -> Floats:
    """Column sums of each draw: `values` is (accounts, measures), the answer (draws, measures)."""
    return _draws(len(values), draws) @ values


def interval(drawn: Floats) -> tuple[float | None, float | None]:
    """The middle 95 % of the draws; unknown where more than one in twenty has no value (a division by nothing)."""
    known = drawn[np.isfinite(drawn)]
    if known.size < 0.95 * drawn.size or not known.size:
        return None, None
    low, high = np.quantile(known, (LOW, HIGH))
    return float(low), float(high)


def ratio(numerator: Floats, denominator: Floats, draws: int = DRAWS) -> tuple[float | None, float | None]:
    """The interval of sum(numerator) / sum(denominator), given one value an account (or bag) of each."""
    return ratios([(numerator, denominator)], draws)[0]


def ratios(pairs: Sequence[tuple[Floats, Floats]], draws: int = DRAWS) -> list[tuple[float | None, float | None]]:
    """The intervals of many such ratios: all of one number of accounts share their draws, which are read once."""
    found: list[tuple[float | None, float | None]] = [(None, None)] * len(pairs)
    alike: dict[int, list[int]] = {}
    for number, (numerator, _) in enumerate(pairs):
        alike.setdefault(len(numerator), []).append(number)
    for accounts, numbers in alike.items():
        if accounts < LEAST:
            continue
        drawn = sums(np.column_stack([column for number in numbers for column in pairs[number]]), draws)
        with np.errstate(divide="ignore", invalid="ignore"):
            each = drawn[:, ::2] / drawn[:, 1::2]
        for place, number in enumerate(numbers):
            found[number] = interval(each[:, place])
    return found
