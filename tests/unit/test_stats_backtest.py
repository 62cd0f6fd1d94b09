"""The back-test on deals of known truth: the score is right, the usual rates are not, knowing the future is seen."""

import csv
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scorecard.stats import backtest
from scorecard.stats.backtest import (
    Fold,
    Lives,
    back_test,
    leak,
    ours,
    past_days,
    pooled,
    quality,
    with_video,
    won_of_closed,
)
from scorecard.stats.curves import curves
from scorecard.stats.scores import NEVER, Scorer
from tests.made_lives import made_lives, won_by

GOLDEN = Path(__file__).parent.parent / "data" / "golden" / "closeprob_naive_vs_aj.csv"
HORIZON = 90
COUNT = int(os.environ.get("SCORECARD_SCORED", "60000"))  # deals; long: 400,000
SEEDS = int(os.environ.get("SCORECARD_SCORED_SEEDS", "1"))
Note = Callable[[str, object], None]


def score(lives: Lives, day: int):
    return ours(lives, day, HORIZON)


def fitted_on_all(lives: Lives, day: int):
    """A score that has read the end of the story."""
    scorer = Scorer(lives.groups, lives.ended - lives.entered, lives.outcome, HORIZON)
    asked = lives.open_at(day)
    return scorer.score(lives.groups.of(asked), day - lives.entered[asked]).probability


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_score_is_calibrated_on_fifteen_past_dates(seed: int, record_property: Note) -> None:
    lives = made_lives(COUNT, seed, today=900).lives
    days = past_days(lives, HORIZON, 15, 28)
    assert len(days) == 15
    folds = back_test(lives, days, HORIZON, {"ours": score, "by hand": won_of_closed})
    found, by_hand = (quality(*pooled(folds, name)) for name in ("ours", "by hand"))
    record_property(f"scored deals, seed {seed}", found.n)
    record_property(f"ECE, seed {seed} (at most 0.01)", f"{found.ece:.4f}")
    record_property(f"slope, seed {seed} (0.9 to 1.1)", f"{found.slope:.3f}")
    record_property(f"Brier skill, seed {seed}; of won of closed", f"{found.skill:.3f}; {by_hand.skill:.3f}")
    assert found.ece <= 0.01
    assert found.slope and 0.9 <= found.slope <= 1.1
    assert by_hand.ece > 2 * found.ece and (by_hand.skill or 0) < (found.skill or 0)


def test_no_fact_of_later_changes_a_score(record_property: Note) -> None:
    lives = made_lives(5000, 2).lives
    assert [leak(score, lives, day) for day in past_days(lives, HORIZON, 15, 28)] == [0.0] * 15
    assert leak(won_of_closed, lives, 500) == 0.0


def engaging(seed: int) -> Lives:
    """Half of all cases engage at some day of their life or after it."""
    lives, rng = made_lives(5000, seed).lives, np.random.default_rng(seed)
    on = lives.entered + rng.integers(-20, 200, len(lives.entered))
    return replace(lives, engaged=np.where(rng.random(len(on)) < 0.5, on, NEVER))


def test_a_view_after_the_day_changes_no_score_and_one_before_it_does() -> None:
    lives, day = engaging(2), 500
    assert lives.engaged is not None
    said = with_video(lives, day, HORIZON)
    assert leak(lambda known, on: with_video(known, on, HORIZON), lives, day) == 0.0
    without_later = replace(lives, engaged=np.where(lives.engaged > day, NEVER, lives.engaged))
    assert (without_later.engaged != lives.engaged).sum() > 500
    assert np.array_equal(with_video(without_later, day, HORIZON), said, equal_nan=True)
    without_earlier = replace(lives, engaged=np.where(lives.engaged <= day, NEVER, lives.engaged))
    assert np.nanmax(np.abs(with_video(without_earlier, day, HORIZON) - said)) > 0.001


def test_a_score_fitted_on_all_data_fails_the_replay() -> None:
    lives = made_lives(5000, 2).lives
    assert min(leak(fitted_on_all, lives, day) for day in past_days(lives, HORIZON, 15, 28)) > 0.001


def test_the_usual_rates_are_wrong_as_far_as_published_and_the_curve_is_not(record_property: Note) -> None:
    made = made_lives(200_000, 3)
    lives, truth = made.lives, won_by(365)
    found = curves(made.source, lives.ended - lives.entered, lives.outcome, 5)
    for source, row in enumerate(csv.DictReader(GOLDEN.open())):
        assert found.won_by[source, 365] == pytest.approx(truth[source], rel=0.05)
        for recent in (False, True):
            here = (made.source == source) & ((lives.entered > made.today - 120) | (not recent))
            won, closed = (lives.outcome[here] == 1).sum(), (lives.outcome[here] > 0).sum()
            rates = {"all": won / here.sum(), "closed": won / closed}
            for kind, rate in rates.items():
                name = f"naive_recent_{kind}" if recent else f"naive_{kind}"
                gap, published = truth[source] - rate, float(row["truth"]) - float(row[name])
                record_property(f"{name} of source {source}: truth less rate", f"{gap:.4f} (published {published:.4f})")
                assert gap * published > 0 and abs(gap) >= abs(published) / 2, name


def test_past_dates_have_had_their_horizon_and_wins_to_learn_from() -> None:
    lives = made_lives(5000, 2).lives
    days = past_days(lives, HORIZON, 15, 28)
    assert days[-1] == 700 - HORIZON and np.diff(days).tolist() == [28] * 14
    wins = np.sort(lives.ended[lives.outcome == 1])
    many = past_days(lives, HORIZON, 100, 28)
    assert len(many) < 100 and np.searchsorted(wins, many[0], side="right") >= 30


def test_a_deal_whose_file_ends_before_the_horizon_is_not_scored() -> None:
    lives = made_lives(5000, 2).lives
    cut = Lives(lives.entered, lives.ended, lives.outcome, np.where(np.arange(5000) % 2, 700, 500), lives.groups)
    full, half = (back_test(one, [450], HORIZON, {"ours": score})[0] for one in (lives, cut))
    assert 0 < len(half.happened) < len(full.happened)


def fold(day: int, said, happened) -> Fold:
    return Fold(day, {"ours": np.asarray(said)}, np.asarray(happened, dtype=float))


def test_the_figures_of_a_score_by_hand() -> None:
    found = quality(np.array([0.2] * 5 + [0.6] * 5), np.array([1, 0, 0, 0, 0, 1, 1, 0, 0, 0], dtype=float))
    assert (found.n, found.base_rate, found.predicted_mean) == (10, 0.3, 0.4)
    assert found.brier == pytest.approx((0.64 + 4 * 0.04 + 2 * 0.16 + 3 * 0.36) / 10)
    assert found.brier_base == pytest.approx(0.21)
    assert found.skill == pytest.approx(1 - 0.22 / 0.21)
    assert found.ece == pytest.approx((0 + 5 * 0.2) / 10)
    # Two points make a line: log odds of 1/5 and 2/5 against those of 0.2 and 0.6.
    slope = (np.log(2 / 3) - np.log(1 / 4)) / (np.log(1.5) - np.log(0.25))
    assert found.slope == pytest.approx(slope)


def test_one_value_for_all_has_no_slope() -> None:
    assert quality(np.full(10, 0.3), np.array([1.0] + [0.0] * 9)).slope is None


def drawn(count: int, bend: float, seed: int):
    """Scores that are right (bend 1) or too bold (bend < 1)."""
    rng = np.random.default_rng(seed)
    said = rng.uniform(0.05, 0.95, count)
    return said, rng.random(count) < backtest.bent(said, (0.0, bend))


def test_a_calibrated_score_is_left_alone_and_a_bold_one_is_moved() -> None:
    right = [fold(day * 100, *drawn(2000, 1.0, day)) for day in range(5)]
    assert backtest.recalibration(right, "ours", HORIZON) == backtest.Reading(None, None)
    bold = [fold(day * 100, *drawn(2000, 0.4, day)) for day in range(5)]
    reading = backtest.recalibration(bold, "ours", HORIZON)
    assert reading.line is not None and reading.line[1] == pytest.approx(0.4, abs=0.05)
    assert reading.quality is not None and reading.quality.n == 8000  # the first date had nothing before it


def test_moving_scores_that_past_dates_do_not_back_is_refused() -> None:
    # What the first date teaches is wrong on the second.
    turning = [fold(0, *drawn(8000, 0.4, 0)), fold(100, *drawn(1000, 2.5, 1))]
    reading = backtest.recalibration(turning, "ours", HORIZON)
    assert reading.quality is not None and reading.line is None


def test_reliability_has_the_same_bins_on_every_date() -> None:
    folds = [fold(day, *drawn(1000, 1.0, day)) for day in (0, 28)]
    rows = backtest.reliability(folds, "ours")
    assert [row[:2] for row in rows] == [(day, place) for day in (0, 28) for place in range(1, 11)]
    assert sum(row[6] for row in rows) == 2000
    assert all(low <= observed <= high for _, _, _, observed, low, high, _ in rows)


def test_moved_scores_are_compared_on_the_same_dates() -> None:
    reading = backtest.recalibration([fold(day * 100, *drawn(2000, 0.4, day)) for day in range(5)], "ours", HORIZON)
    assert reading.quality and reading.plain
    assert (reading.plain.n, reading.plain.base_rate) == (reading.quality.n, reading.quality.base_rate)
    assert reading.plain.brier > reading.quality.brier


def test_moving_a_score_without_skill_to_no_better_than_the_base_rate_is_refused() -> None:
    def noise(day: int) -> Fold:
        rng = np.random.default_rng(day)
        said, drift = rng.uniform(0.01, 0.6, 2000), 0.1 + 0.05 * (day % 3)
        return Fold(day * 100, {"ours": said}, (rng.random(2000) < drift).astype(float))

    reading = backtest.recalibration([noise(day) for day in range(6)], "ours", HORIZON)
    assert reading.quality and reading.plain and reading.quality.brier < reading.plain.brier
    assert reading.quality.skill is not None and reading.quality.skill < 0
    assert reading.line is None
