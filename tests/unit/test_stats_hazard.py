"""The piecewise-exponential model against statsmodels' Poisson regression, and blind to what came later."""

import numpy as np
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from scorecard.stats.backtest import hazard, leak
from scorecard.stats.hazard import HazardScorer, cells, poisson
from scorecard.stats.scores import groups
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
