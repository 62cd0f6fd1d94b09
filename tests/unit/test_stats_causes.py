"""What is odd about the dates of an export is found by rule, and nothing where nothing is."""

from dataclasses import replace

import numpy as np
import pytest

from scorecard.stats.backtest import Lives
from scorecard.stats.causes import causes
from tests.made_lives import made_lives


@pytest.mark.parametrize("count", [300, 3000, 20_000])
def test_a_whole_history_has_nothing_odd(count: int) -> None:
    for seed in range(5):
        assert not causes(made_lives(count, seed).lives).found


def test_an_export_that_leaves_out_early_closes_is_found() -> None:
    lives = made_lives(6000, 1).lives
    kept = (lives.outcome == 0) | (lives.ended >= 300)
    cut = Lives(lives.entered[kept], lives.ended[kept], lives.outcome[kept], lives.seen[kept], lives.groups.of(kept))
    found = causes(cut)
    assert found.starts is not None and 300 <= found.starts <= 310
    assert found.missed > 100 and found.open_before == (cut.entered < found.starts).sum()


def test_closes_moved_to_one_day_are_found() -> None:
    lives = made_lives(6000, 1).lives
    ended = lives.ended.copy()
    late = (lives.outcome > 0) & (ended > 500) & (ended < 600)
    ended[late] = 600
    found = causes(replace(lives, ended=ended))
    assert [day for day, _ in found.bulk] == [600]
    assert found.bulk[0][1] == pytest.approx(((ended == 600) & (lives.outcome > 0)).sum() / (lives.outcome > 0).sum())


def test_closes_on_few_days_are_counted() -> None:
    lives = made_lives(3000, 1).lives
    quarters = np.where(lives.outcome > 0, np.minimum(-(-lives.ended // 100) * 100, 700), lives.ended)
    assert causes(replace(lives, ended=quarters)).close_days == 7
