"""Two ways to one answer, timed in turn."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """One question: how it is answered here, how otherwise, and the ratio promised (None = shown only)."""

    name: str
    ours: Callable[[], Any]
    other: Callable[[], Any]
    promise: float | None


def ratio(case: Case, pairs: int) -> tuple[float, float, float]:
    """The median ratio of pairs taken in turn, and both medians in milliseconds."""
    ours, others = [], []
    for _ in range(pairs):
        for action, times in ((case.ours, ours), (case.other, others)):
            start = time.perf_counter()
            action()
            times.append(1000 * (time.perf_counter() - start))
    return (
        statistics.median(one / other for one, other in zip(ours, others, strict=True)),
        statistics.median(ours),
        statistics.median(others),
    )
