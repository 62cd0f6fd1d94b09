"""A change split into parts: exact, fair to every order, and with a plain rule for what cannot be divided by."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.stats.drivers import Factor, Group, chain, in_units, mix_and_rate, of_product, shapley

NAMES = ("leads", "conversion", "win", "size")
WHOLE = st.integers(0, 400)
MONEY = st.integers(-(10**8), 10**11).map(lambda cents: Fraction(cents, 100))
ROW = st.tuples(WHOLE, WHOLE, WHOLE, MONEY).map(lambda row: [Fraction(value) for value in row])


def test_two_factors_share_what_they_did_together() -> None:
    # 10 x 2 = 20 becomes 15 x 4 = 60: 5 x 3 (mean price) and 2 x 12.5 (mean quantity).
    parts = of_product([Factor(("a",), Fraction(10), Fraction(15)), Factor(("b",), Fraction(2), Fraction(4))])
    assert parts == [15, 25]


def test_the_parts_are_the_mean_over_all_orders() -> None:
    before, after = [Fraction(n) for n in (7, 3, 2, 11)], [Fraction(n) for n in (5, 4, 6, 13)]
    means = [Fraction(0)] * 4
    for order in permutations(range(4)):
        now = list(before)
        for at in order:
            was = now[0] * now[1] * now[2] * now[3]
            now[at] = after[at]
            means[at] += (now[0] * now[1] * now[2] * now[3] - was) / 24
    parts = of_product([Factor((name,), *pair) for name, *pair in zip(NAMES, before, after, strict=True)])
    assert parts == means


def test_a_factor_that_did_not_change_contributed_nothing() -> None:
    parts = of_product([Factor(("a",), Fraction(3), Fraction(3)), Factor(("b",), Fraction(2), Fraction(9))])
    assert parts == [0, 21]


def test_an_interaction_is_shared_alike_by_those_who_need_each_other() -> None:
    assert shapley(3, lambda joined: Fraction(1 if {0, 1} <= joined else 0)) == [Fraction(1, 2), Fraction(1, 2), 0]


@given(ROW, ROW)
def test_the_parts_of_a_chain_sum_to_the_change_whatever_is_zero(before, after) -> None:
    factors = chain(NAMES, before, after)
    assert [name for factor in factors for name in factor.names] == list(NAMES)
    assert sum(of_product(factors)) == after[-1] - before[-1]


def test_what_cannot_be_divided_by_is_one_factor_with_its_neighbour() -> None:
    factors = chain(NAMES, [Fraction(n) for n in (0, 4, 2, 100)], [Fraction(n) for n in (9, 6, 3, 90)])
    assert [factor.names for factor in factors] == [("leads", "conversion"), ("win",), ("size",)]
    nothing_won = chain(NAMES, [Fraction(n) for n in (8, 4, 0, 0)], [Fraction(n) for n in (9, 6, 3, 90)])
    assert [factor.names for factor in nothing_won] == [("leads",), ("conversion",), ("win", "size")]


GROUPS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(WHOLE, WHOLE, MONEY, MONEY).map(
        lambda row: Group(
            Fraction(row[0]), Fraction(row[1]), row[2] if row[0] else Fraction(0), row[3] if row[1] else Fraction(0)
        )
    ),
    min_size=1,
)


@given(GROUPS)
def test_volume_mix_and_rate_sum_to_the_change(groups) -> None:
    found = mix_and_rate(groups)
    if found is None:
        assert not all(sum(getattr(g, side) for g in groups.values()) for side in ("cases_before", "cases_after"))
        return
    change = sum(group.amount_after - group.amount_before for group in groups.values())
    assert found.volume + sum(found.mix.values()) + sum(found.rate.values()) == change


def test_mix_alone_moves_the_mean_where_no_rate_moved() -> None:
    # Events bring 10 a deal and Direct 2; the same number of deals, more of them from Events.
    groups = {
        "Events": Group(Fraction(5), Fraction(8), Fraction(50), Fraction(80)),
        "Direct": Group(Fraction(5), Fraction(2), Fraction(10), Fraction(4)),
    }
    found = mix_and_rate(groups)
    assert found is not None and found.volume == 0 and set(found.rate.values()) == {0}
    assert sum(found.mix.values()) == 24
    assert found.mix["Events"] > 0 and found.mix["Direct"] > 0  # fewer of what brings little helps too


def test_a_group_that_is_new_is_mix_not_rate() -> None:
    groups = {
        "old": Group(Fraction(10), Fraction(10), Fraction(100), Fraction(100)),
        "new": Group(Fraction(0), Fraction(10), Fraction(0), Fraction(300)),
    }
    found = mix_and_rate(groups)
    assert found is not None and found.rate == {"old": 0, "new": 0}
    assert mix_and_rate({"stray": Group(Fraction(0), Fraction(3), Fraction(5), Fraction(1))}) is None


@given(st.lists(st.fractions(-1000, 1000), min_size=1, max_size=6))
def test_cents_have_the_same_sum(parts) -> None:
    parts[0] += Fraction(round(sum(parts) * 100), 100) - sum(parts)
    found = in_units(parts)
    assert sum(found) == sum(parts)
    assert all(
        abs(cent - part) <= Fraction(1, 100) and cent * 100 % 1 == 0 for cent, part in zip(found, parts, strict=True)
    )


def test_four_quarters_of_a_cent_are_one_cent() -> None:
    assert in_units([Fraction(1, 400)] * 4) == [pytest.approx(0.01), 0, 0, 0]
