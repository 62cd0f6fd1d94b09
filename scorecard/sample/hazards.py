"""When somebody buys, says no or is disqualified: three competing risks per source and segment."""

from dataclasses import dataclass

import numpy as np

from scorecard.sample.clock import Floats, Ints
from scorecard.sample.world import HAZARD_RATIO, SEGMENTS, SOURCES, Segment, Source

LONGEST = 900  # days; whoever has not decided by then never does
WON, LOST, DISQUALIFIED = 1, 2, 3
_DAYS = np.arange(LONGEST + 1, dtype=np.float64)
_OPEN_FOR_EVER = 0.03


@dataclass(frozen=True)
class Risks:
    """Cumulative hazards per day since first contact, of a win, a lost deal, a disqualification."""

    win: Floats
    lost: Floats
    disqualified: Floats


def _weibull(median: float, shape: float) -> Floats:
    """Share decided by each day."""
    return 1 - 0.5 ** ((_DAYS / median) ** shape)


def planted_win_share(source: Source, segment: Segment) -> float:
    return source.win * segment.win


def planted_curve(source: Source, segment: Segment) -> Floats:
    """Share won by each day, before video and follow-up."""
    return planted_win_share(source, segment) * _weibull(source.win_days * segment.slow, 1.35)


def risks(source: Source, segment: Segment) -> Risks:
    """Hazards under which each outcome ends with its planted share."""
    win = planted_curve(source, segment)
    lost = source.lost * _weibull(0.9 * source.win_days * segment.slow + 20, 1.25)
    rest = 1 - _OPEN_FOR_EVER - planted_win_share(source, segment) - source.lost
    disqualified = rest * _weibull(24, 0.9)
    decided = win + lost + disqualified
    share = np.diff(np.stack([win, lost, disqualified])) / np.maximum(np.diff(decided), 1e-300)
    hazard = share * -np.diff(np.log(1 - decided))
    return Risks(*np.concatenate([np.zeros((3, 1)), np.cumsum(hazard, axis=1)], axis=1))


TABLES = tuple(tuple(risks(source, segment) for segment in SEGMENTS) for source in SOURCES)


def _until(exposure: Floats, cumulative: Floats) -> Floats:
    """Day on which the cumulative hazard reaches the exposure; infinite if it never does."""
    return np.interp(exposure, cumulative, _DAYS, right=np.inf)


def draw_outcomes(
    rng: np.random.Generator, source: Ints, segment: Ints, watch_day: Floats, win_factor: Floats
) -> tuple[Ints, Floats]:
    """Outcome (0 = never decides) and the day of it. From the first watch on, the win hazard is HAZARD_RATIO
    times as high; `win_factor` scales it throughout."""
    count = source.size
    exposure = rng.exponential(size=(3, count))
    days = np.full((3, count), np.inf)
    for source_index, by_segment in enumerate(TABLES):
        for segment_index, table in enumerate(by_segment):
            rows = np.flatnonzero((source == source_index) & (segment == segment_index))
            before = np.interp(watch_day[rows], _DAYS, table.win)
            target = exposure[0, rows] / win_factor[rows]
            target = np.where(target <= before, target, before + (target - before) / HAZARD_RATIO)
            days[0, rows] = _until(target, table.win)
            days[1, rows] = _until(exposure[1, rows], table.lost)
            days[2, rows] = _until(exposure[2, rows], table.disqualified)
    first = days.min(axis=0)
    outcome = np.where(np.isfinite(first), days.argmin(axis=0) + 1, 0)
    return outcome.astype(np.int64), first
