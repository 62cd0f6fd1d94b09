"""The 80 % band on quarters of known truth that are good or bad for all deals at once, with and without growth."""

import os
from collections.abc import Callable

import numpy as np
import pytest

from scorecard.stats import forecast as stats
from tests.made_quarters import QUARTERS, made_quarters

SEEDS = int(os.environ.get("SCORECARD_FORECASTS", "4"))  # long: 60
IS_LONG = SEEDS >= 60
LOW, HIGH = (0.75, 0.85) if IS_LONG else (0.65, 0.95)
Note = Callable[[str, object], None]


def judged(seed: int, growth: float) -> list[tuple[bool, bool, float]]:
    """For each past forecast with quarters before it: the band held, that of independent deals did, and its error."""
    lives, amount = made_quarters(seed, growth)
    shown = np.ones(len(amount), dtype=bool)
    found = []
    past = stats.back_test(lives, amount, shown, QUARTERS, range(0, 13, 2))
    for one in past:
        factor, is_known = stats.wider(past, before=one.quarter.first)
        if is_known:
            held = (low <= one.actual <= high for low, high in (one.parts.band(stats.Z80, by) for by in (factor, 1.0)))
            found.append((*held, one.parts.expected / one.actual - 1))
    return found


@pytest.mark.parametrize("growth", [0.0, 0.5, 1.0])
def test_four_in_five_quarters_stay_in_the_band(growth: float, record_property: Note) -> None:
    rows = [row for seed in range(SEEDS) for row in judged(seed, growth)]
    held, plain, error = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    said = f"{growth:.0%} more deals a year"
    record_property(f"{said}: forecasts judged (seeds x quarters x weeks)", len(rows))
    record_property(f"{said}: the 80 % band held (75 % to 85 %)", f"{held.mean():.1%}")
    record_property(f"{said}: the band of independent deals would have", f"{plain.mean():.1%}")
    record_property(f"{said}: off on average; mean error", f"{np.abs(error).mean():.1%}; {error.mean():+.1%}")
    assert LOW <= held.mean() <= HIGH
    assert abs(error.mean()) < (0.03 if IS_LONG else 0.06)
    if IS_LONG:
        assert plain.mean() < held.mean()
