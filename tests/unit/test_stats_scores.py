"""Scores of open cases: the finest group with enough wins speaks, pulled towards the wider one."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from scorecard.stats.curves import curves
from scorecard.stats.scores import NEVER, Scorer, _split, groups
from scorecard.stats.shrink import HIGHEST, LOWEST, weight, wilson


def test_wilson_intervals_are_the_known_ones() -> None:
    low, high = wilson(np.array([3.0, 0.0, 40.0]), np.array([8.0, 5.0, 200.0]))
    assert (round(low[0], 3), round(high[0], 3)) == (0.137, 0.694)
    assert (low[1], round(high[1], 3)) == (pytest.approx(0), 0.434)
    assert (low[2], high[2]) == pytest.approx(proportion_confint(40, 200, method="wilson"), abs=1e-12)
    assert np.isnan(wilson(np.array([0.0]), np.array([0.0]))[0][0])


def of_groups(shares, cases, ages: int = 1):
    return weight(
        np.repeat(np.array(shares)[:, None], ages, axis=1),
        np.repeat(np.array(cases, dtype=float)[:, None], ages, axis=1),
        np.ones(ages),
    )


def test_groups_that_are_alike_are_pulled_hard_and_unlike_ones_little() -> None:
    assert of_groups([0.2] * 6, [100] * 6) == HIGHEST
    assert of_groups([0.02, 0.2, 0.4, 0.6, 0.8, 0.95], [100] * 6) == LOWEST


def test_the_weight_is_that_of_the_beta_distribution_the_groups_come_from() -> None:
    rng = np.random.default_rng(5)
    truth = rng.beta(0.2 * 60, 0.8 * 60, 400)
    cases = rng.integers(50, 400, 400)
    found = of_groups(rng.binomial(cases, truth) / cases, cases)
    assert found == pytest.approx(60, rel=0.25)


def test_fewer_than_five_groups_tell_nothing_about_how_alike_groups_are() -> None:
    assert of_groups([0.1, 0.2, 0.3, 0.4], [100] * 4) is None
    assert of_groups([0.1, 0.2, 0.3, 0.4, np.nan], [100] * 5) is None


def test_each_level_is_nested_in_the_one_before() -> None:
    found = groups([["a", "a", "b", "b"], ["x", "y", "x", "x"]], 4)
    assert found.sizes == [1, 2, 3]
    assert found.codes[2].tolist() == [0, 1, 2, 2]
    assert found.parent[2].tolist() == [0, 0, 1]


def lived(channel: str, count: int, won: int, day: int = 20):
    """`won` of `count` cases won on that day, the others lost on day 100."""
    return [(channel, day, 1)] * won + [(channel, 100, 2)] * (count - won)


def scorer(rows, horizon: int | None = 90):
    names = [row[0] for row in rows]
    found = groups([names], len(rows))
    made = Scorer(found, np.array([row[1] for row in rows]), np.array([row[2] for row in rows]), horizon)

    def score(channel: str, age: int):
        return made.score(found.of(np.array([names.index(channel)])), np.array([age]))

    return made, score


def test_a_group_with_enough_wins_speaks_and_a_small_one_says_what_everybody_says() -> None:
    made, score = scorer(lived("Email", 100, 40) + lived("Events", 100, 10) + lived("Paid", 200, 60))
    assert made.weights == [None, None]  # three groups: nothing to be shrunk by
    assert score("Email", 0).probability[0] == pytest.approx(0.4)
    assert (score("Email", 0).cases[0], score("Email", 0).wins[0], score("Email", 0).level[0]) == (100, 40, 1)
    assert score("Events", 0).probability[0] == score("Events", 0).steps[0][0] != pytest.approx(0.1)
    assert score("Events", 0).level[0] == 0


def test_everybody_is_pulled_lightly_towards_the_chance_at_any_age() -> None:
    _, score = scorer(lived("Email", 100, 40))
    # Until day 20 the chance is 40 of 100 for 100 cases, afterwards 0 of 60 for 60, up to day 99: all have ended.
    any_age = (20 * 100 * 0.4) / (20 * 100 + 80 * 60)
    found, said = score("Email", 5), (100 * 0.4 + LOWEST * any_age) / 110
    assert found.raw[0] == pytest.approx(0.4)
    assert found.probability[0] == pytest.approx(said)
    assert found.low[0] == pytest.approx(wilson(np.array([said * 110]), np.array([110.0]))[0][0])


def test_five_groups_are_shrunk_by_their_weight_and_the_interval_counts_it() -> None:
    rows = [row for at, won in enumerate((30, 40, 50, 60, 35, 45)) for row in lived(f"c{at}", 100, won)]
    made, score = scorer(rows)
    m = made.weights[1]
    assert m is not None and LOWEST < m < HIGHEST
    found = score("c3", 0)
    everybody = found.steps[0][0]
    assert found.probability[0] == pytest.approx((60 + m * everybody) / (100 + m))
    assert found.raw[0] == pytest.approx(0.6)
    assert found.low[0] == pytest.approx(wilson(np.array([60 + m * everybody]), np.array([100 + m]))[0][0])


def test_where_a_group_was_not_seen_long_enough_the_wider_one_speaks_else_nobody() -> None:
    young = [("Email", 20, 1)] * 40 + [("Email", 30, 0)] * 60
    _, score = scorer([*young, *lived("Paid", 200, 60), ("Paid", 120, 0)])
    found = score("Email", 5)  # day 95 of Email lies beyond its day 30
    assert (found.level[0], found.probability[0]) == (0, found.steps[0][0])
    assert np.isnan(score("Email", 50).probability[0])  # day 140 lies beyond everybody's day 120
    assert np.isnan(score("Email", 5000).low[0])


def test_a_group_whose_cases_have_all_ended_speaks_for_itself() -> None:
    ended = [("Email", 20, 1)] * 40 + [("Email", 30, 2)] * 60
    _, score = scorer([*ended, *lived("Paid", 200, 60), ("Paid", 400, 0)])
    found = score("Email", 5)  # nobody of Email is left after day 30, so day 95 is as day 30
    assert (found.level[0], found.cases[0], found.wins[0]) == (1, 100, 40)
    assert found.probability[0] == pytest.approx(0.4) != found.steps[0][0]
    assert score("Email", 40).level[0] == 0  # and none was ever that old


def test_the_only_group_of_its_wider_group_is_not_counted_twice() -> None:
    _, score = scorer(lived("Email", 100, 40))
    assert score("Email", 0).level[0] == 0


def test_a_case_is_at_risk_among_the_engaged_only_from_its_engagement_on() -> None:
    # Won on day 10 and never engaged; won on 10, engaged on 4; lost on 6, engaged from the start; open on 8, later.
    split = _split(np.zeros(4, int), np.array([10, 10, 6, 8]), np.array([1, 1, 2, 0]), np.array([NEVER, 4, 0, 12]))
    found = curves(split.codes, split.days, split.outcome, 2, weight=split.weight)
    not_yet, engaged = found.at_risk
    assert not_yet.tolist() == [3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1]
    assert engaged.tolist() == [1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1]
    assert (not_yet + engaged).tolist() == [4, 4, 4, 4, 4, 4, 4, 3, 3, 2, 2]  # nobody twice, nobody lost
    assert found.open_after[1, 9] == pytest.approx(1 / 2) and found.won_by[1, 10] == pytest.approx(1 / 2)
    assert found.won_by[0, 10] == pytest.approx(1)


def test_nobody_engaged_at_the_beginning_does_not_silence_the_curve() -> None:
    split = _split(np.zeros(2, int), np.array([9, 7]), np.array([1, 2]), np.array([3, 5]))
    found = curves(split.codes, split.days, split.outcome, 2, weight=split.weight)
    assert found.last.tolist() == [4, 9]
    assert found.at_risk[1].tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 1, 1]
