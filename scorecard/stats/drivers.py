"""A change split into parts that add up to it exactly: Shapley over factors, and mix against rate by midpoints.

Everything is a `Fraction`, so that nothing is lost on the way and the parts sum to the change, not nearly to it.

Sources: Shorrocks, Decomposition procedures for distributional analysis (2013), for Shapley over factors; Oaxaca (1973)
and Kitagawa (1955) for mix and rate with the mean of both periods as weights, which leaves no residual.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial, prod

Value = Callable[[frozenset[int]], Fraction]


@dataclass(frozen=True)
class Factor:
    """One factor of a product in both periods; `names` are several where they cannot be told apart."""

    names: tuple[str, ...]
    before: Fraction
    after: Fraction


def shapley(players: int, value: Value) -> list[Fraction]:
    """What each player adds to `value`, as the mean over all orders of joining, worked out over all subsets."""
    parts = []
    for player in range(players):
        others = [other for other in range(players) if other != player]
        part = Fraction(0)
        for size in range(players):
            weight = Fraction(factorial(size) * factorial(players - size - 1), factorial(players))
            for chosen in combinations(others, size):
                joined = frozenset(chosen)
                part += weight * (value(joined | {player}) - value(joined))
        parts.append(part)
    return parts


def of_product(factors: Sequence[Factor]) -> list[Fraction]:
    """The part of each factor in the change of their product."""

    def value(changed: frozenset[int]) -> Fraction:
        return prod(
            (factor.after if at in changed else factor.before for at, factor in enumerate(factors)), start=Fraction(1)
        )

    return shapley(len(factors), value)


def chain(names: Sequence[str], before: Sequence[Fraction], after: Sequence[Fraction]) -> list[Factor]:
    """Quantities in a row (leads, closed, won, revenue) as a product: the first, and each divided by the one before it.

    A quantity that is 0 in either period cannot be divided by. It is left out of the row, and the factors on both sides
    of it become one, named after both: their product is still there, only who of them did it is not knowable.
    """
    last = len(names) - 1
    kept = [at for at in range(last) if before[at] and after[at]] + [last]
    factors = []
    previous = -1
    for at in kept:
        shared = tuple(names[previous + 1 : at + 1])
        under = (Fraction(1), Fraction(1)) if previous < 0 else (before[previous], after[previous])
        factors.append(Factor(shared, before[at] / under[0], after[at] / under[1]))
        previous = at
    return factors


@dataclass(frozen=True)
class Group:
    """Cases and amount of one group in both periods."""

    cases_before: Fraction
    cases_after: Fraction
    amount_before: Fraction
    amount_after: Fraction

    @property
    def rate_before(self) -> Fraction:
        return self._rate(self.amount_before, self.cases_before, self.amount_after, self.cases_after)

    @property
    def rate_after(self) -> Fraction:
        return self._rate(self.amount_after, self.cases_after, self.amount_before, self.cases_before)

    @staticmethod
    def _rate(amount: Fraction, cases: Fraction, other_amount: Fraction, other_cases: Fraction) -> Fraction:
        """Amount for each case; a group without cases in one period has the rate of the other: it is all mix."""
        if cases:
            return amount / cases
        return other_amount / other_cases if other_cases else Fraction(0)


@dataclass(frozen=True)
class MixAndRate:
    """The change of a sum over groups. Its parts add up to the change."""

    volume: Fraction
    mix: Mapping[str, Fraction]
    rate: Mapping[str, Fraction]


def mix_and_rate(groups: Mapping[str, Group]) -> MixAndRate | None:
    """Volume, mix and rate; None where one period has no cases at all, or money without cases.

    With V cases, shares w and rates r: change = dV x mean(y) + mean(V) x (sum dw x mean(r) + sum dr x mean(w)). Mix is
    counted from the mean rate of all, so that a group which grows helps only if it brings more than the others; as the
    shares of each period sum to 1 that changes no sum.
    """
    before = sum((group.cases_before for group in groups.values()), Fraction(0))
    after = sum((group.cases_after for group in groups.values()), Fraction(0))
    strays = any(
        (group.amount_before and not group.cases_before) or (group.amount_after and not group.cases_after)
        for group in groups.values()
    )
    if not before or not after or strays:
        return None
    yield_before = sum((group.amount_before for group in groups.values()), Fraction(0)) / before
    yield_after = sum((group.amount_after for group in groups.values()), Fraction(0)) / after
    middle, volume = (yield_before + yield_after) / 2, (before + after) / 2
    mix, rate = {}, {}
    for name, group in groups.items():
        share_before, share_after = group.cases_before / before, group.cases_after / after
        mix[name] = volume * (share_after - share_before) * ((group.rate_before + group.rate_after) / 2 - middle)
        rate[name] = volume * (group.rate_after - group.rate_before) * (share_before + share_after) / 2
    return MixAndRate((after - before) * middle, mix, rate)


def in_units(parts: Sequence[Fraction], unit: Fraction = Fraction(1, 100)) -> list[Fraction]:
    """The parts in whole units (cents) with the same sum, which must be whole itself: the rest goes to the largest
    remainders, first come first."""
    exact = [part / unit for part in parts]
    floors = [value.numerator // value.denominator for value in exact]
    left = sum(exact, Fraction(0)) - sum(floors)
    order = sorted(range(len(parts)), key=lambda at: (floors[at] - exact[at], at))
    for at in order[: int(left)]:
        floors[at] += 1
    return [floor * unit for floor in floors]
