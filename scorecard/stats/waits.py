"""How long something took, where for some it has not happened yet: quantiles of a Kaplan-Meier curve."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

EXACT = 1e-9


def quantiles(
    waited: NDArray[np.float64], happened: NDArray[np.bool_], cases: NDArray[np.float64], shares: Sequence[float]
) -> list[float | None]:
    """The time within which each share was done; None where so many have not been seen done.

    waited: time until it happened, else until now. Kaplan and Meier (JASA 1958); where the curve is flat at exactly the
    share, the middle of the step, as R's survfit has it, so that without open cases it is the usual median.
    """
    total = float(cases.sum())
    if not total > 0:
        return [None] * len(shares)
    times, at = np.unique(waited, return_inverse=True)
    ends = np.bincount(at, weights=np.where(happened, cases, 0.0), minlength=len(times))
    leaves = np.bincount(at, weights=cases, minlength=len(times))
    at_risk = total - np.concatenate(([0.0], np.cumsum(leaves)[:-1]))
    still = np.cumprod(1 - ends / np.maximum(at_risk, EXACT)).astype(np.float64)
    seen = ends > 0
    times, still = times[seen], still[seen]
    return [_when(times, still, share) for share in shares]


def _when(times: NDArray[np.float64], still: NDArray[np.float64], share: float) -> float | None:
    reached = np.flatnonzero(still <= 1 - share + EXACT)
    if not len(reached):
        return None
    first = int(reached[0])
    if abs(still[first] - (1 - share)) <= EXACT and first + 1 < len(times):
        return float(times[first] + times[first + 1]) / 2
    return float(times[first])
