"""Markov and Shapley by hand, against brute force, and by what must hold for any journeys."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.stats import attribution as stats

PATHS = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=6)
# Journeys with how often each was won and lost; at least one was won.
ANY = st.lists(st.tuples(PATHS, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=25).filter(
    lambda rows: any(won for _, won, _ in rows)
)


def build(rows) -> stats.Journeys:
    return stats.journeys([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def effects(found: stats.Journeys) -> dict[str, float]:
    values = stats.Chain(found).removal_effects(found.won, found.nulls)
    return dict(zip(found.channels, map(float, values), strict=True))


def shapley(found: stats.Journeys) -> dict[str, float]:
    return dict(zip(found.channels, map(float, stats.Coalitions(found).values(found.won)), strict=True))


def test_removal_effect_by_hand() -> None:
    found = build([("AB", 1, 0), ("A", 0, 1), ("B", 1, 0)])
    assert effects(found) == pytest.approx({"A": 1 / 2, "B": 1.0})
    shares = stats.markov_shares(stats.Chain(found).removal_effects(found.won, found.nulls))
    assert shares * 2 == pytest.approx([2 / 3, 4 / 3])


def removed(rows, channel: str) -> float:
    """P(conversion) when everybody who comes to the channel is lost, by solving the system without it."""
    found = build(rows)
    channels = found.channels
    count = len(channels)
    steps = np.zeros((count + 1, count + 1))  # row 0 is the start, column `count` a conversion
    leaving = np.zeros(count + 1)
    for path, won, null in zip(found.paths, found.won, found.nulls, strict=True):
        before = 0
        for place in path:
            steps[before, place] += won + null
            leaving[before] += won + null
            before = place + 1
        steps[before, count] += won
        leaving[before] += won + null
    steps /= np.where(leaving > 0, leaving, 1)[:, None]
    if channel:
        steps[:, channels.index(channel)] = 0
    conversion = np.linalg.solve(np.eye(count) - steps[1:, :count], steps[1:, count])
    return float(steps[0, :count] @ conversion)


@given(ANY)
def test_the_effect_of_removing_is_that_of_solving_without_the_channel(rows) -> None:
    found = effects(build(rows))
    total = removed(rows, "")
    for channel, effect in found.items():
        assert effect == pytest.approx(1 - removed(rows, channel) / total, abs=1e-9)


@given(ANY)
def test_the_chain_converts_as_often_as_the_journeys_did(rows) -> None:
    found = build(rows)
    chance = stats.Chain(found).conversion(found.won, found.nulls)
    assert chance == pytest.approx(found.conversions / found.count, abs=1e-9)


@given(ANY)
def test_repeats_of_a_channel_change_no_removal_effect(rows) -> None:
    shorter = [([name for name, _ in itertools.groupby(path)], won, null) for path, won, null in rows]
    assert effects(build(rows)) == pytest.approx(effects(build(shorter)), abs=1e-9)


@given(ANY)
def test_other_names_change_nothing(rows) -> None:
    names = dict(zip("ABCDE", "ZYXWV", strict=True))
    renamed = [([names[name] for name in path], won, null) for path, won, null in rows]
    for measure in (effects, shapley):
        before, after = measure(build(rows)), measure(build(renamed))
        assert {names[name]: value for name, value in before.items()} == pytest.approx(after, abs=1e-9)


def by_brute_force(rows) -> dict[str, float]:
    """The Shapley value of v(S) = conversions of journeys whose channels lie in S, summed over all coalitions."""
    channels = sorted({name for path, _, _ in rows for name in path})

    def value(members: frozenset[str]) -> float:
        return sum(won for path, won, _ in rows if set(path) <= members)

    found = dict.fromkeys(channels, 0.0)
    count = len(channels)
    for channel in channels:
        others = [name for name in channels if name != channel]
        for size in range(count):
            weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for coalition in map(frozenset, itertools.combinations(others, size)):
                found[channel] += weight * (value(coalition | {channel}) - value(coalition))
    return found


@given(ANY)
def test_shapley_in_closed_form_is_shapley(rows) -> None:
    assert shapley(build(rows)) == pytest.approx(by_brute_force(rows), abs=1e-9)


@given(ANY)
def test_shapley_is_efficient_and_gives_nothing_to_who_is_in_no_won_journey(rows) -> None:
    found = build(rows)
    values = shapley(found)
    assert sum(values.values()) == pytest.approx(found.conversions)
    helped = {name for path, won, _ in rows if won for name in path}
    assert all(value == 0 for name, value in values.items() if name not in helped)


@given(ANY)
def test_channels_that_do_the_same_get_the_same(rows) -> None:
    twins = [*rows, *(([{"A": "B", "B": "A"}.get(name, name) for name in path], won, null) for path, won, null in rows)]
    values = shapley(build(twins))
    assert values.get("A", 0) == pytest.approx(values.get("B", 0))


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda shares: sum(shares) > 1e-3),
)
def test_cents_are_shared_out_without_a_rest(total: int, shares: list[float]) -> None:
    parts = stats.largest_remainder(total, shares)
    assert sum(parts) == total
    exact = [total * share / sum(shares) for share in shares]
    room = 1 + 1e-6 * (1 + abs(total) * 1e-9)
    assert all(abs(part - value) <= room for part, value in zip(parts, exact, strict=True))


def test_the_interval_of_a_share_is_near_the_binomial_one() -> None:
    """One-touch journeys: a channel's share of conversions is a plain proportion, whose interval is known."""
    found = build([("A", 300, 0), ("B", 700, 0)])
    values = np.array(
        [stats.Coalitions(found).values(won) / won.sum() for won in stats.poisson_resamples(found.won, 4000)]
    )
    low, high = stats.interval(values)
    half = 1.96 * math.sqrt(0.3 * 0.7 / 1000)
    assert low[0] == pytest.approx(0.3 - half, abs=0.003)
    assert high[0] == pytest.approx(0.3 + half, abs=0.003)


def test_where_nothing_converts_no_effect_is_made_up() -> None:
    found = build([("AB", 0, 3)])
    assert np.isnan(stats.Chain(found).removal_effects(found.won, found.nulls)).all()
    assert np.isnan(stats.interval(np.full((5, 2), np.nan))).all()
