"""Intervals of counts and of sums over a count of customers, the count being Poisson."""

import math

Z = 1.959963984540054


def poisson(count: float) -> tuple[float, float]:
    """The 95 % interval of the mean behind a count: Byar's approximation to the exact one.

    Source: Breslow and Day, Statistical Methods in Cancer Research II (1987), page 69; 10 gives 4.8 to 18.4.
    """
    if count <= 0:
        return 0.0, -math.log(0.025)  # exact
    low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    return max(low, 0.0), high


def compound(total: float, of_squares: float) -> tuple[float | None, float | None]:
    """The 95 % interval of a sum over a Poisson number of customers, log-normal: its variance is the sum of squares."""
    if not total > 0 or not of_squares > 0:
        return None, None
    spread = Z * math.sqrt(of_squares) / total
    return total * math.exp(-spread), total * math.exp(spread)
