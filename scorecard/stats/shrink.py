"""Small groups: Wilson intervals, and shares pulled towards those of the wider group as far as the groups are alike."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z = 1.959963984540054
GROUPS = 5  # with fewer the difference between groups cannot be told from chance
LOWEST, HIGHEST = 10.0, 500.0


def wilson(wins: Floats, cases: Floats) -> tuple[Floats, Floats]:
    """The 95 % interval of wins / cases, which need not be whole numbers; NaN without cases."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = wins / cases
        centre = (share + Z**2 / (2 * cases)) / (1 + Z**2 / cases)
        half = Z / (1 + Z**2 / cases) * np.sqrt(np.maximum(share * (1 - share), 0) / cases + Z**2 / (4 * cases**2))
    # Nobody and everybody without the rounding error that would shut them out of their own interval.
    low = np.where(share <= 0, share, np.maximum(centre - half, 0))
    return low, np.where(share >= 1, share, np.minimum(centre + half, 1))


def weight(shares: Floats, cases: Floats, importance: Floats) -> float | None:
    """How many cases of the wider group stand beside a group's own (m of a beta-binomial, by moments).

    shares, cases: one row a group, one column an age, NaN = unknown; importance: how much each age counts. The spread
    of the groups' shares beyond chance, rho, is averaged over the ages; m = (1 - rho) / rho, kept within 10 and 500.
    None where no age has five groups: then nothing is shrunk.
    """
    known = np.isfinite(shares) & (cases > 1)
    groups = known.sum(axis=0)
    n = np.where(known, cases, 0.0)
    k = np.where(known, cases * np.nan_to_num(shares), 0.0)
    total = n.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = k.sum(axis=0) / total
        between = (n * (np.where(known, shares, mean) - mean) ** 2).sum(axis=0) / (groups - 1)
        typical = (total - (n**2).sum(axis=0) / total) / (groups - 1)
        rho = (between / (mean * (1 - mean)) - 1) / (typical - 1)
    use = (groups >= GROUPS) & np.isfinite(rho) & (typical > 1) & (importance > 0)
    if not use.any():
        return None
    found = float(np.clip(np.average(rho[use], weights=importance[use]), 1e-6, 0.99))
    return float(np.clip((1 - found) / found, LOWEST, HIGHEST))
