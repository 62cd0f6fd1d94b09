"""Past dates choose which score is used, and only beyond chance."""

import numpy as np

from scorecard.stats import backtest, choice
from scorecard.stats.backtest import Fold

HORIZON = 90


def fold(day: int, said, happened) -> Fold:
    return Fold(day, {"ours": np.asarray(said)}, np.asarray(happened, dtype=float))


def drawn(count: int, bend: float, seed: int):
    """Scores that are right (bend 1) or too bold (bend < 1)."""
    rng = np.random.default_rng(seed)
    said = rng.uniform(0.05, 0.95, count)
    return said, rng.random(count) < backtest.bent(said, (0.0, bend))


def test_another_score_is_preferred_only_beyond_chance() -> None:
    def dates(bend: float, count: int):
        for day in range(6):
            said, happened = drawn(count, 1.0, day)
            yield Fold(day * 100, {"ours": said, "other": backtest.bent(said, (0.0, bend))}, happened.astype(float))

    worse = [
        Fold(one.day, {"ours": one.said["other"], "other": one.said["ours"]}, one.happened) for one in dates(0.4, 900)
    ]
    assert choice.prefers(worse, "ours", "other", HORIZON) and not choice.prefers(worse, "other", "ours", HORIZON)
    assert not choice.prefers(list(dates(1.0, 900)), "ours", "other", HORIZON)  # the same score
    assert not choice.prefers(worse[:1], "ours", "other", HORIZON)  # one date tells nothing of chance


def test_dates_that_share_their_days_ahead_are_one_piece_of_luck() -> None:
    # Twelve dates a week apart: all within one horizon, so nothing is known of chance.
    folds = [fold(day, *drawn(900, 0.4, day)) for day in range(12)]
    both = [Fold(7 * one.day, {**one.said, "other": backtest.bent(one.said["ours"], (0.0, 0.4))}, one.happened)
            for one in folds]  # fmt: skip
    assert not choice.prefers(both, "ours", "other", HORIZON)
    apart = [Fold(100 * (one.day // 7), one.said, one.happened) for one in both]
    assert choice.prefers(apart, "ours", "other", HORIZON)


def test_a_score_better_on_few_dates_by_much_is_not_preferred() -> None:
    folds = [fold(day, *drawn(900, 0.4 if day < 5 else 1.0, day)) for day in range(12)]
    both = [Fold(100 * one.day, {**one.said, "other": backtest.bent(one.said["ours"], (0.0, 0.4))}, one.happened)
            for one in folds]  # fmt: skip
    gains = [np.mean((one.said["ours"] - one.happened) ** 2 - (one.said["other"] - one.happened) ** 2) for one in both]
    assert np.mean(np.array(gains) > 0) < choice.MOST
    assert not choice.prefers(both, "ours", "other", HORIZON)


def bold_against_right(first: int, last: int) -> list[Fold]:
    """Dates 100 days apart of a bold score (ours), a right one, and a useless one."""
    folds = [fold(100 * day, *drawn(900, 0.4, day)) for day in range(first, last)]
    return [
        Fold(
            one.day,
            {
                **one.said,
                "right": backtest.bent(one.said["ours"], (0.0, 0.4)),
                "even": np.full(len(one.happened), 0.5),
            },
            one.happened,
        )
        for one in folds
    ]


def test_the_best_of_several_is_chosen_in_their_order() -> None:
    folds = bold_against_right(0, 8)
    assert choice.chosen(folds, ["ours", "even", "right"], HORIZON) == "right"
    assert choice.chosen(folds, ["ours", "right", "even"], HORIZON) == "right"
    assert choice.chosen(folds, ["ours"], HORIZON) == "ours"
    assert choice.chosen([], ["ours", "right"], HORIZON) == "ours"


def test_on_a_past_day_only_dates_choose_whose_days_ahead_had_passed() -> None:
    folds = bold_against_right(0, 8)
    names = ["ours", "right"]
    # Three stretches have to be over: those of days 0, 100 and 200 are on day 290, and not a day before.
    assert choice.chosen_then(folds, names, HORIZON, 289) == "ours"
    assert choice.chosen_then(folds, names, HORIZON, 290) == "right"


def test_few_outcomes_choose_nothing() -> None:
    few = [Fold(one.day, {name: said[:10] for name, said in one.said.items()}, one.happened[:10])
           for one in bold_against_right(0, 8)]  # fmt: skip
    assert choice.chosen(few, ["ours", "right"], HORIZON) == "ours"
