"""Close probability reports: a score for every open deal, and what past dates say about the score."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard import queries_close_crm as crm_then
from scorecard import queries_close_words as say
from scorecard.queries_close_facts import LEVELS, Facts, date_of, horizons, noun_of
from scorecard.queries_close_past import BY_HAND, OURS, Judged, Past, tested
from scorecard.queries_close_words import HAZARD, WATCHED
from scorecard.queries_rows import Rows
from scorecard.stats import backtest
from scorecard.stats.curves import WON
from scorecard.stats.hazard import HazardScorer
from scorecard.stats.scores import Scored, Scorer

Given = Mapping[str, Any]
Ask = Callable[..., Any]
Floats = NDArray[np.float64]
VIDEO = "video"  # the last step, where past dates prefer it
MOVED, CRM, VENDOR = "ours, recalibrated", "the CRM's probability", "the vendor's score"
UNMOVED = "ours, on the dates of the recalibrated"
OLD = 95  # percentile of won deals' days: who is older hardly ever closes
OLDER = f"older than {OLD}% of all won"
NO_DATE = "no creation date: without an age there is no probability"
NOT_YET = "created after the date of its export"
TOO_OLD = "older than any whose end was seen"


def close_probability(rows: pd.DataFrame, given: Given, ask: Ask, only: Collection[str] | None = None) -> Rows:
    """Every open deal with its chance of a win, once for each horizon; the largest expected amount first.

    `only`: the ids to answer for, scored from all cases all the same.
    """
    facts, asked = Facts.of(rows), horizons(given["horizon"], rows)
    past = Past(facts, int(given["min_wins"]))
    model = past.chosen()
    answer: list[dict[str, Any]] = []
    notes = say.which(model, past.contenders) if len(past.contenders) > 2 or model == HAZARD else []
    for days in asked:
        scored = _Open.score(past, days, model, noun_of(given), only)
        answer += scored.rows()
        notes += scored.notes
    undated = rows[rows["days"].isna() & rows["is_shown"]]
    undated = undated if only is None else undated[undated["deal_id"].isin(only)]
    answer += _undated(undated, asked)
    if len(undated):
        notes.append(f"{len(undated):,} open without a creation date before the export: listed without a probability.")
    answer.sort(key=_by_expected_amount)
    return Rows(answer, dict.fromkeys(notes))


def calibration(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """What was said on past dates beside what happened, in ten bins a date.

    Raises NotComputableError below 100 scored outcomes.
    """
    found = tested(Facts.of(rows), given)
    names = ("as_of", "bin", "predicted", "observed", "low", "high", "n")
    bins = backtest.reliability(found.folds, OURS)
    return Rows(({**dict(zip(names, one, strict=True)), "as_of": date_of(one[0])} for one in bins), found.notes)


def score_quality(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """How good each score was: ours, won of closed by hand, the CRM's and its vendor's where exports have them.

    Raises NotComputableError below 100 scored outcomes.
    """
    facts = Facts.of(rows)
    back = tested(facts, given, [BY_HAND])
    found = [(name, backtest.quality(*backtest.pooled(back.folds, name))) for name in back.names]
    notes = [*back.notes, *back.judged.moved()]
    if back.reading.quality and back.reading.plain:
        found[1:1] = [(UNMOVED, back.reading.plain), (MOVED, back.reading.quality)]
    versions = ask("crm_said", columns=True) if given["entity"] == "deals" else pd.DataFrame()
    for scorer, column in ((CRM, "crm_probability"), (VENDOR, "vendor_score")):
        theirs, sentence = crm_then.on_past_dates(back.folds, facts.rows["deal_id"], versions, column, OURS)
        if theirs is None and scorer == CRM:
            theirs, sentence = crm_then.on_closed(rows)
        if theirs:
            found.append((scorer, theirs))
        notes += [sentence] if sentence else []
    return Rows(({"scorer": name, **vars(quality)} for name, quality in found), notes)


@dataclass(frozen=True)
class _Open:
    """The open deals that are shown, scored for one horizon."""

    rows_shown: pd.DataFrame
    ages: NDArray[np.int64]
    scored: Scored
    horizon: int | None
    line: tuple[float, float] | None
    oldest: float  # days; who is older is called a zombie
    notes: list[str]
    engaged: NDArray[np.bool_] | None  # None = that is no step of the score

    @classmethod
    def score(
        cls, past: Past, horizon: int | None, model: str, noun: str, only: Collection[str] | None = None
    ) -> "_Open":
        facts, lives = past.facts, past.facts.lives
        days = lives.ended - lives.entered
        won, asked = days[lives.outcome == WON], (lives.outcome == 0) & facts.shown
        if only is not None:
            asked = asked & facts.rows["deal_id"].isin(only).to_numpy()
        engaged = lives.engaged_age if model == WATCHED else None
        line, notes = None, []
        if horizon:
            judged = Judged.of(past.folds(horizon, past.days(horizon), [model]), model, horizon)
            line, notes = judged.line, [*(judged.moved() if judged.line else []), *judged.weak(facts, noun)]
        return cls(
            facts.rows[asked],
            days[asked],
            _scored(past, horizon, model, asked),
            horizon,
            line,
            float(np.percentile(won, OLD)) if len(won) >= past.min_wins else np.inf,
            notes,
            None if engaged is None else engaged[asked] <= days[asked],
        )

    def rows(self) -> list[dict[str, Any]]:
        scored = self.scored
        final, low, high = (self._move(one) for one in (scored.probability, scored.low, scored.high))
        names = ("deal_id", "amount", *LEVELS)
        columns = (self.rows_shown[name].tolist() for name in names)
        return [
            {
                "deal_id": deal_id,
                "age_days": int(age),
                "amount": _known(amount),
                "horizon_days": self.horizon,
                "probability": _known(final[at]),
                "low": _known(low[at]),
                "high": _known(high[at]),
                "similar_deals": _whole(scored.cases[at]),
                "similar_wins": _whole(scored.wins[at]),
                "reasons": self._reasons(at, int(age), words, float(final[at])),
            }
            for at, (age, deal_id, amount, *words) in enumerate(zip(self.ages, *columns, strict=True))
        ]

    def _move(self, said: Floats) -> Floats:
        return said if self.line is None else np.where(np.isfinite(said), backtest.bent(said, self.line), np.nan)

    def _reasons(self, at: int, age: int, words: Sequence[Any], final: float) -> str:
        """New deals 12.3% · open 45 days −2.1 pp · channel Webinar +8.0 pp: rounded so that the steps add up."""
        old = f"{OLDER} were at their close ({self.oldest:.0f} days)" * (age > self.oldest)
        if not np.isfinite(final):
            return " · ".join(part for part in (TOO_OLD, old) if part)
        values = [self.scored.new[at], *(step[at] for step in self.scored.steps)]
        names = [f"open {age} day" + "s" * (age != 1), *map(_word, LEVELS, words)]
        if self.engaged is not None:
            names.append("engaged with video" if self.engaged[at] else "not engaged with video")
        if self.line is not None:
            values, names = [*values, final], [*names, "as past scores turned out"]
        tenths = [round(float(value) * 1000) for value in values]
        steps = [
            f"{name} {_signed(after - before)}"
            for name, before, after, was, now in zip(names, tenths, tenths[1:], values, values[1:], strict=False)
            if was != now
        ]
        raw, level = float(self.scored.raw[at]), int(self.scored.level[at])
        levels = LEVELS[:level] if level <= len(LEVELS) else (VIDEO,)
        alone = f"{' and '.join(levels)} alone {raw:.1%}" if level else ""  # before it was pulled to the wider
        return " · ".join(part for part in (f"all when new {tenths[0] / 10:.1f}%", *steps, alone, old) if part)


def _scored(past: Past, horizon: int | None, model: str, asked: NDArray[np.bool_]) -> Scored:
    """Those cases by that model; by the win curves where it has nothing to say."""
    lives = past.facts.lives
    days, outcome = lives.ended - lives.entered, lives.outcome
    groups, ages = lives.groups.of(asked), days[asked]
    engaged = lives.engaged_age if model == WATCHED else None
    scorer = Scorer(lives.groups, days, outcome, horizon, past.min_wins, engaged)
    by_curves = scorer.score(groups, ages, None if engaged is None else engaged[asked])
    if model != HAZARD:
        return by_curves
    return HazardScorer(lives.groups, days, outcome, horizon, past.min_wins).scored(groups, ages).else_by(by_curves)


def _by_expected_amount(row: Mapping[str, Any]) -> tuple[float, float, str]:
    chance = row["probability"] or 0.0
    return -chance * (row["amount"] or 0.0), -chance, str(row["deal_id"])


def _undated(rows: pd.DataFrame, horizons: Sequence[int | None]) -> list[dict[str, Any]]:
    """Open deals whose age nobody knows."""
    nothing = dict.fromkeys(("probability", "low", "high", "similar_deals", "similar_wins"))
    return [
        {
            "deal_id": deal_id,
            "age_days": None,
            "amount": _known(amount),
            "horizon_days": days,
            **nothing,
            "reasons": NO_DATE if pd.isna(entered) else NOT_YET,
        }
        for deal_id, amount, entered in zip(rows["deal_id"], rows["amount"], rows["entered_on"], strict=True)
        for days in horizons
    ]


def _word(level: str, value: Any) -> str:
    return f"{level} {value}" if isinstance(value, str) and value else f"no {level}"


def _signed(tenths: int) -> str:
    sign = "+" if tenths > 0 else "−" if tenths < 0 else "±"
    return f"{sign}{abs(tenths) / 10:.1f} pp"


def _known(value: Any) -> float | None:
    return float(value) if pd.notna(value) else None


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None
