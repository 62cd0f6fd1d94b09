"""Past dates played again: which model scores, whether its scores are moved, and how good they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scorecard import queries_close_words as say
from scorecard.errors import NotComputableError, QueryError
from scorecard.filters import day_text
from scorecard.queries_close_facts import Facts, date_of, horizons, noun_of
from scorecard.queries_close_words import CURVES, HAZARD, WATCHED
from scorecard.stats import backtest
from scorecard.stats.causes import causes
from scorecard.stats.choice import DATES, chosen_then

Given = Mapping[str, Any]
Floats = NDArray[np.float64]
STEP = 28  # days between past dates
OURS, BY_HAND = "ours", "won of closed, by channel"


@dataclass(frozen=True)
class Past:
    """Past dates of all cases, whatever the filters; no score is worked out twice."""

    facts: Facts
    min_wins: int
    _said: dict[tuple[str, int, int], Floats] = field(default_factory=dict)

    @property
    def contenders(self) -> list[str]:
        """The models, the simplest first."""
        watched = [] if self.facts.lives.engaged is None else [WATCHED]
        return [CURVES, *watched, HAZARD]

    def days(self, horizon: int, dates: int = DATES, step: int = STEP) -> list[int]:
        return backtest.past_days(self.facts.lives, horizon, dates, step, self.min_wins)

    def folds(self, horizon: int, days: Sequence[int], names: Sequence[str]) -> list[backtest.Fold]:
        """What each model said on those days of the cases open then, and what happened; days without any fall out."""

        def scored(name: str) -> backtest.Score:
            return lambda lives, day: self._score(name, horizon, day)

        found = backtest.back_test(self.facts.lives, days, horizon, {name: scored(name) for name in names})
        return [fold for fold in found if len(fold.happened)]

    def chosen(self, on: int | None = None) -> str:
        """The model that scores today, or would have on that day: past dates choose it, at the agreed days ahead.

        On an earlier day only those dates choose whose days ahead had passed by then.
        """
        lives, agreed = self.facts.lives, self.facts.agreed
        if not agreed:
            return CURVES
        back = 0 if on is None else -(-(int(lives.seen.max()) - on) // STEP)
        folds = self.folds(agreed, self.days(agreed, back + DATES), self.contenders)
        return chosen_then(folds, self.contenders, agreed, int(lives.seen.max()) if on is None else on)

    def _score(self, name: str, horizon: int, day: int) -> Floats:
        if (name, horizon, day) not in self._said:
            self._said[name, horizon, day] = self._work_out(name, horizon, day)
        return self._said[name, horizon, day]

    def _work_out(self, name: str, horizon: int, day: int) -> Floats:
        lives = self.facts.lives
        if name == CURVES:
            return backtest.ours(lives, day, horizon, self.min_wins)
        if name == WATCHED:
            return backtest.with_video(lives, day, horizon, self.min_wins)
        if name == BY_HAND:
            return backtest.won_of_closed(lives, day)
        said = backtest.hazard(lives, day, horizon, self.min_wins)
        # Where the regression does not settle it has nothing to say, and the curves speak.
        return np.where(np.isfinite(said), said, self._score(CURVES, horizon, day))


@dataclass(frozen=True)
class Judged:
    """What past dates say of the model that scores today, for so many days ahead."""

    line: tuple[float, float] | None  # how its scores are moved; None = they are left alone
    reading: backtest.Reading
    quality: backtest.Quality | None  # None below 100 outcomes

    @classmethod
    def of(cls, folds: Sequence[backtest.Fold], model: str, horizon: int) -> "Judged":
        said, happened = backtest.pooled(folds, model)
        quality = backtest.quality(said, happened) if len(said) >= backtest.ENOUGH else None
        reading = backtest.recalibration(folds, model, horizon)
        return cls(reading.line, reading, quality)

    def moved(self) -> list[str]:
        """Whether scores are moved, and why not; nothing where the slope asks for nothing."""
        if self.quality is None or (self.line is None and self.reading.quality is None):
            return []
        return [say.moved(self.reading, self.line[1] if self.line else self.quality.slope)]

    def weak(self, facts: Facts, noun: str) -> list[str]:
        """That the score has no skill here, and what is odd about the dates; nothing where it has."""
        if self.quality is None or self.line is not None:
            return []
        sentence, last = say.without_skill(self.quality, noun), int(facts.lives.seen.max())
        return [sentence, *say.why(causes(facts.lives), last, noun)] if sentence else []


@dataclass(frozen=True)
class Tested:
    """The test of a score: on each date the model that the dates before it chose, on the cases that are shown."""

    folds: list[backtest.Fold]
    names: list[str]  # ours, and what stands beside it
    judged: Judged
    reading: backtest.Reading  # of the cases shown
    notes: list[str]


def tested(facts: Facts, given: Given, beside: Sequence[str] = ()) -> Tested:
    """Past dates of these facts played again, `beside` with more scorers.

    Raises NotComputableError below 100 scored outcomes.
    """
    horizon = horizons(given["horizon"], facts.rows)[0] if len(facts.rows) else None
    if horizon is None and len(facts.rows):
        raise QueryError("A back-test needs a number of days: --horizon 90.")
    horizon, noun, past = horizon or 0, noun_of(given), Past(facts, int(given["min_wins"]))
    days = past.days(horizon, int(given["dates"]), int(given["step_days"])) if len(facts.rows) else []
    everybody = past.folds(horizon, days, [*past.contenders, *beside])
    n = sum(int(facts.shown[fold.cases].sum()) for fold in everybody)
    if n < backtest.ENOUGH:
        raise NotComputableError(
            f"The score cannot be tested yet: it needs {backtest.ENOUGH} {noun}s that were open on a past date and"
            f" {horizon} days of facts after it; here are {n:,}. Load a CRM export with a longer history."
        )
    then, model = {fold.day: past.chosen(fold.day) for fold in everybody}, past.chosen()
    everybody = [replace(fold, said={**fold.said, OURS: fold.said[then[fold.day]]}) for fold in everybody]
    shown = [fold for fold in (one.of(facts.shown) for one in everybody) if len(fold.happened)]
    judged = Judged.of(everybody, model, horizon)
    notes = [_dates(shown, noun), *say.which(model, past.contenders), *say.then(list(then.values()), model)]
    return Tested(
        shown,
        [OURS, *(name for name in past.contenders if _differs(shown, name)), *beside],
        judged,
        backtest.recalibration(shown, model, horizon),
        [*notes, *judged.weak(facts, noun)],
    )


def _differs(folds: Sequence[backtest.Fold], name: str) -> bool:
    """This model said something else than ours on some date."""
    return any(not np.array_equal(fold.said[name], fold.said[OURS]) for fold in folds)


def _dates(folds: Sequence[backtest.Fold], noun: str) -> str:
    first, last = (day_text(date_of(folds[at].day)) for at in (0, -1))
    dates = f"{len(folds)} past dates from {first} to {last}" if len(folds) > 1 else f"one past date, {first}"
    return (
        f"Tested on {dates}: only what was known by then, only what never changes (creation, channel, segment)."
        f" A {noun} open on several dates counts on each."
    )
