"""Why a score may say nothing on an export: what is odd about its dates, found by rule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorecard.stats.backtest import Lives

Ints = NDArray[np.int64]
BULK = 0.05  # of all closes on one day
FEW_DAYS = 10  # days with a close
FIRST = 0.01  # of all closes: what came before may be strays
MANY, TIMES = 20, 5  # closes missed, and how many times those seen


@dataclass(frozen=True)
class Causes:
    """What is odd about the dates; None and 0 where nothing is.

    bulk: days that hold more than 5% of the closes each, with their share. close_days: how many days have a close, if
    few. starts: the day closes seem to begin on though cases were open before; missed: how many should have been seen
    before it, at the rates by age of the days after.
    """

    bulk: tuple[tuple[int, float], ...]
    close_days: int | None
    starts: int | None
    open_before: int
    missed: int

    @property
    def found(self) -> bool:
        return bool(self.bulk or self.close_days or self.starts is not None)


def causes(lives: Lives) -> Causes:
    """What is odd about the dates of these cases."""
    closes = lives.ended[lives.outcome > 0]
    if len(closes) < MANY:
        return Causes((), None, None, 0, 0)
    day, count = np.unique(closes, return_counts=True)
    share = count / len(closes)
    bulk = () if len(day) < FEW_DAYS else tuple((int(day[at]), float(share[at])) for at in np.flatnonzero(share > BULK))
    starts = int(np.quantile(closes, FIRST, method="lower"))
    missed, seen = _missed(lives, starts), int((closes < starts).sum())
    is_cut = missed >= MANY and missed >= TIMES * max(seen, 1)
    return Causes(
        bulk,
        len(day) if len(day) < FEW_DAYS else None,
        starts if is_cut else None,
        int((lives.entered < starts).sum()) if is_cut else 0,
        round(missed) if is_cut else 0,
    )


def _missed(lives: Lives, starts: int) -> float:
    """How many cases would have ended before that day, had they ended at each age as often as after it."""
    days = lives.ended - lives.entered
    length = int(days.max()) + 1
    before = np.clip(starts - lives.entered, 0, days + 1)  # days lived before: ages 0 to before - 1
    until_then = _lived(before, length)
    after = _lived(days + 1, length) - until_then
    late = (lives.outcome > 0) & (lives.ended >= starts)
    ends = np.bincount(days[late], minlength=length)
    rate = np.divide(ends, after, out=np.zeros(length), where=after > 0)
    return float((until_then * rate).sum())


def _lived(until: Ints, length: int) -> NDArray[np.float64]:
    """How many cases lived each age, each having lived so many."""
    count = np.bincount(until, minlength=length + 1)
    return (len(until) - np.cumsum(count))[:length].astype(np.float64)
