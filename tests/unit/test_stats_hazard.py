"""The piecewise-exponential model against statsmodels' Poisson regression, and blind to what came later."""

import numpy as np
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from scorecard.stats.backtest import Lives, Score, back_test, hazard, leak, ours, past_days
from scorecard.stats.choice import prefers
from scorecard.stats.hazard import HazardScorer, cells, poisson
from scorecard.stats.scores import Groups, groups
from tests.made_lives import made_lives


def test_the_coefficients_are_those_of_statsmodels() -> None:
    lives = made_lives(20_000, 1).lives
    days, group = lives.ended - lives.entered, lives.groups.codes[1]
    first, ends, lived = cells(days, lives.outcome == 1, group, 5)
    assert ends.sum() == (lives.outcome == 1).sum() and lived.sum() == (days + 1).sum()
    bands = np.tile(np.eye(len(first)), (5, 1))
    design = np.hstack([bands, np.repeat(np.eye(5)[:, 1:], len(first), axis=0)])
    used = lived.ravel() > 0
    ours = poisson(design[used], ends.ravel()[used], lived.ravel()[used])
    theirs = GLM(ends.ravel()[used], design[used], family=Poisson(), exposure=lived.ravel()[used])
    assert np.abs(ours - theirs.fit(tol=1e-14, maxiter=200).params).max() < 1e-8


def test_a_constant_rate_gives_the_chance_of_an_exponential() -> None:
    rng = np.random.default_rng(3)
    end = rng.exponential(1 / 0.02, 60_000)
    is_won, days = rng.random(60_000) < 0.3, np.floor(end).astype(np.int64)
    outcome = np.where(days > 300, 0, np.where(is_won, 1, 2))
    made = HazardScorer(groups([], len(days)), np.minimum(days, 300), outcome, 90)
    said = made.score(groups([], 3), np.array([0, 50, 250]))
    assert said[:2] == pytest.approx(0.3 * -np.expm1(-90 * 0.02), abs=0.01)
    assert np.isnan(said[2])


def test_no_fact_of_later_changes_its_score() -> None:
    lives = made_lives(5000, 2).lives
    assert [leak(lambda known, day: hazard(known, day, 90), lives, day) for day in (450, 600)] == [0.0, 0.0]


def proportional(count: int, seed: int, strata: int, spread: float) -> Lives:
    """One shape for all, each of many small strata with its own factor on the rate of wins."""
    rng = np.random.default_rng(seed)
    factor = np.exp(spread * rng.standard_normal(strata))
    stratum, entered = rng.integers(0, strata, count), np.sort(rng.integers(0, 901, count))
    won, lost = (np.ceil(scale * rng.weibull(1.3, count)) for scale in (400.0, 160.0))
    won = np.ceil(won * factor[stratum] ** (-1 / 1.3))
    after = np.minimum(won, lost).astype(np.int64)
    ended = entered + after
    outcome = np.where(ended > 900, 0, np.where(won <= lost, 1, 2))
    named = groups([[f"channel {one}" for one in stratum]], count)
    return Lives(entered, np.minimum(ended, 900), outcome, np.full(count, 900), named)


def crossing(count: int, seed: int) -> Lives:
    """Three large strata, half of each won at quite other ages: no factor turns one shape into another."""
    rng = np.random.default_rng(seed)
    stratum, entered = rng.integers(0, 3, count), np.sort(rng.integers(0, 901, count))
    when = np.array([20.0, 90.0, 200.0])[stratum] * rng.weibull(5, count)
    won, lost = np.where(rng.random(count) < 0.5, when, np.inf), 300 * rng.weibull(1, count)
    after = np.ceil(np.minimum(won, lost)).astype(np.int64)
    outcome = np.where(entered + after > 900, 0, np.where(won <= lost, 1, 2))
    named = groups([[f"channel {one}" for one in stratum]], count)
    return Lives(entered, np.minimum(entered + after, 900), outcome, np.full(count, 900), named)


def preferred(lives: Lives) -> bool:
    days = past_days(lives, 90, 15, 28)
    scorers: dict[str, Score] = {
        "ours": lambda known, day: ours(known, day, 90), "hazard": lambda known, day: hazard(known, day, 90),
    }  # fmt: skip
    return prefers(back_test(lives, days, 90, scorers), "ours", "hazard", 90)


def test_the_back_test_prefers_it_where_it_is_true_and_not_elsewhere(record_property) -> None:
    true = sum(preferred(proportional(6000, seed, 40, 0.9)) for seed in range(8))
    other = sum(preferred(crossing(6000, seed)) for seed in range(8))
    record_property("preferred", f"{true} of 8 where it is true, {other} of 8 where it is not")
    assert true >= 7 and other == 0


def test_its_steps_end_in_its_score_and_its_interval_holds_it() -> None:
    lives = proportional(6000, 1, 40, 0.9)
    made = HazardScorer(lives.groups, lives.ended - lives.entered, lives.outcome, 90)
    asked, ages = groups_of(lives, 500), np.arange(500) % 300
    scored = made.scored(asked, ages)
    assert np.array_equal(scored.probability, made.score(asked, ages))
    assert ((scored.low < scored.probability) & (scored.probability < scored.high)).all()
    # A group's own coefficient is measured from the mean of all: the steps of many groups go both ways.
    moved = scored.steps[1] - scored.steps[0]
    assert (moved > 0.02).any() and (moved < -0.02).any() and abs(moved.mean()) < 0.05


def test_its_interval_covers_the_truth_of_a_constant_rate() -> None:
    held = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        end, is_won = rng.exponential(50, 800), rng.random(800) < 0.3
        days = np.floor(end).astype(np.int64)
        outcome = np.where(days > 300, 0, np.where(is_won, 1, 2))
        made = HazardScorer(groups([], 800), np.minimum(days, 300), outcome, 90)
        scored = made.scored(groups([], 1), np.array([5]))
        held += bool(scored.low[0] <= 0.3 * -np.expm1(-90 / 50) <= scored.high[0])
    assert held >= 35


def groups_of(lives: Lives, count: int) -> Groups:
    return lives.groups.of(np.arange(count))
