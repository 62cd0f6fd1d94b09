"""How often one thing is answered against another, person by person: a ratio of shares over strata."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Stratum:
    """Cases alike in everything but the thing compared: how many said yes of how many, in either arm."""

    treated_yes: int
    treated: int
    others_yes: int
    others: int


def ratio(strata: Sequence[Stratum]) -> tuple[float, float, float] | None:
    """The Mantel-Haenszel ratio of two shares and its 95 % interval; None where an arm has no yes at all.

    Variance of its logarithm after Greenland and Robins (1985), Biometrics 41: 55-68, formula 13.
    """
    upper = lower = spread = 0.0
    for one in strata:
        total = one.treated + one.others
        if not one.treated or not one.others:
            continue
        upper += one.treated_yes * one.others / total
        lower += one.others_yes * one.treated / total
        yes = one.treated_yes + one.others_yes
        spread += (one.treated * one.others * yes - one.treated_yes * one.others_yes * total) / total**2
    if upper <= 0 or lower <= 0:
        return None
    middle, half = math.log(upper / lower), Z95 * math.sqrt(spread / (upper * lower))
    return math.exp(middle), math.exp(middle - half), math.exp(middle + half)
