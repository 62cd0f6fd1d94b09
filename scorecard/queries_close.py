"""Close probability reports: a score for every open deal, and what past dates say about the score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard.errors import NotComputableError, QueryError
from scorecard.filters import day_text, quarter_start
from scorecard.queries_rows import Rows
from scorecard.stats import backtest
from scorecard.stats.curves import WON
from scorecard.stats.scores import NEVER, Scored, Scorer, groups

Given = Mapping[str, Any]
Ask = Callable[..., Any]
Floats = NDArray[np.float64]
EPOCH = pd.Timestamp(1970, 1, 1)
LEVELS = ("channel", "segment")  # what never changes about a deal, coarse to fine
VIDEO = "video"  # the last step, where past dates show that it does not harm
PLAIN, WATCHED = "ours, without video", "ours, with video"
OURS, MOVED, BY_HAND, CRM = "ours", "ours, recalibrated", "won of closed, by channel", "the CRM's probability"
UNMOVED, HAZARD = "ours, on the dates of the recalibrated", "piecewise hazard model"
OLD = 95  # percentile of won deals' days: who is older hardly ever closes
OLDER = f"older than {OLD}% of all won"
NO_DATE = "no creation date: without an age there is no probability"
NOT_YET = "created after the date of its export"
TOO_OLD = "older than any whose end was seen"


def close_probability(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """Every open deal with its chance of a win, once for each horizon; the largest expected amount first."""
    facts = Facts.of(rows)
    answer: list[dict[str, Any]] = []
    notes: list[str] = []
    horizons = _horizons(given["horizon"], rows)
    agreed = int(rows.iloc[0]["horizon_days"]) if len(rows) else 0
    with_video = _with_video(facts, agreed, int(given["min_wins"])) if any(horizons) else False
    notes += _video_notes(facts, with_video)
    for days in horizons:
        scored = _Open.score(facts, days, int(given["min_wins"]), with_video)
        answer += scored.rows()
        notes += scored.notes
    undated = rows[rows["days"].isna() & rows["is_shown"]]
    answer += _undated(undated, _horizons(given["horizon"], rows))
    if len(undated):
        notes.append(f"{len(undated):,} open without a creation date before the export: listed without a probability.")
    answer.sort(key=_by_expected_amount)
    return Rows(answer, dict.fromkeys(notes))


def calibration(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """What was said on past dates beside what happened, in ten bins a date.

    Raises NotComputableError below 100 scored outcomes.
    """
    tested = _tested(Facts.of(rows), given, {OURS})
    names = ("as_of", "bin", "predicted", "observed", "low", "high", "n")
    found = backtest.reliability(tested.folds, OURS)
    return Rows(({**dict(zip(names, one, strict=True)), "as_of": _date(one[0])} for one in found), tested.notes)


def score_quality(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """How good each score was: ours, won of closed by hand, and the CRM's own where the export has it.

    Raises NotComputableError below 100 scored outcomes.
    """
    facts = Facts.of(rows)
    other = set() if facts.lives.engaged is None else {PLAIN, WATCHED}
    tested = _tested(facts, given, {OURS, HAZARD, BY_HAND, *other})
    names = [OURS, *(other - {WATCHED if tested.with_video else PLAIN}), HAZARD, BY_HAND]
    found = [(name, backtest.quality(*backtest.pooled(tested.folds, name))) for name in names]
    notes = [*tested.notes, _contender(tested.folds)]
    reading = backtest.recalibration(tested.folds, OURS, tested.horizon)
    if reading.quality and reading.plain:
        found[1:1] = [(UNMOVED, reading.plain), (MOVED, reading.quality)]
        notes.append(_moved_sentence(reading.line is not None, found[0][1].slope))
    crm, sentence = _crm(rows)
    if crm:
        found.append((CRM, crm))
    notes += [sentence] if sentence else []
    return Rows(({"scorer": name, **vars(quality)} for name, quality in found), notes)


@dataclass(frozen=True)
class Facts:
    """The dated rows as arrays."""

    rows: pd.DataFrame
    lives: backtest.Lives
    shown: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "Facts":
        dated = rows[rows["days"].notna()].reset_index(drop=True)
        entered, days = _day_numbers(dated["entered_on"]), dated["days"].to_numpy(np.int64)
        words = [dated[level].fillna("").tolist() for level in LEVELS]
        return cls(
            dated,
            backtest.Lives(
                entered,
                entered + days,
                dated["outcome"].to_numpy(np.int64),
                _day_numbers(dated["seen_on"]),
                groups(words, len(dated)),
                _engaged(dated["engaged_on"]),
            ),
            dated["is_shown"].to_numpy(bool),
        )


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
    def score(cls, facts: Facts, horizon: int | None, min_wins: int, with_video: bool = False) -> "_Open":
        lives = facts.lives
        engaged = lives.engaged_age if with_video else None
        days = lives.ended - lives.entered
        won = days[lives.outcome == WON]
        asked = (lives.outcome == 0) & facts.shown
        scorer = Scorer(lives.groups, days, lives.outcome, horizon, min_wins, engaged)
        line = None
        if horizon:
            folds = _folds(facts, horizon, 15, 28, min_wins, {OURS}, with_video)
            line = backtest.recalibration(folds, OURS, horizon).line
        return cls(
            facts.rows[asked],
            days[asked],
            scorer.score(lives.groups.of(asked), days[asked], None if engaged is None else engaged[asked]),
            horizon,
            line,
            float(np.percentile(won, OLD)) if len(won) >= min_wins else np.inf,
            [] if line is None else [_moved_sentence(True, line[1])],
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


@dataclass(frozen=True)
class _Tested:
    """Past dates played again."""

    folds: list[backtest.Fold]
    horizon: int
    notes: list[str]
    with_video: bool = False


def _tested(facts: Facts, given: Given, names: set[str]) -> _Tested:
    horizon = _horizons(given["horizon"], facts.rows)[0] if len(facts.rows) else None
    if horizon is None and len(facts.rows):
        raise QueryError("A back-test needs a number of days: --horizon 90.")
    horizon, noun = horizon or 0, "lead" if given["entity"] == "people" else "deal"
    least = int(given["min_wins"])
    with_video = bool(horizon) and _with_video(facts, int(facts.rows["horizon_days"].iloc[0]), least)
    folds = _folds(facts, horizon, int(given["dates"]), int(given["step_days"]), least, names, with_video)
    folds = [fold for fold in folds if len(fold.happened)]
    n = sum(len(fold.happened) for fold in folds)
    if n < backtest.ENOUGH:
        raise NotComputableError(
            f"The score cannot be tested yet: it needs {backtest.ENOUGH} {noun}s that were open on a past date and"
            f" {horizon} days of facts after it; here are {n:,}. Load a CRM export with a longer history."
        )
    first, last = day_text(_date(folds[0].day)), day_text(_date(folds[-1].day))
    dates = f"{len(folds)} past dates from {first} to {last}" if len(folds) > 1 else f"one past date, {first}"
    note = (
        f"Tested on {dates}: only what was known by then, only what never changes (creation, channel, segment)."
        f" A {noun} open on several dates counts on each."
    )
    return _Tested(folds, horizon, [note, *_video_notes(facts, with_video)], with_video)


def _with_video(facts: Facts, horizon: int, min_wins: int) -> bool:
    """Engagement is a step of the score: past dates, of all cases whatever the filters, show that it does no harm."""
    if facts.lives.engaged is None:
        return False
    days = backtest.past_days(facts.lives, horizon, 15, 28, min_wins)
    scorers: dict[str, backtest.Score] = {
        PLAIN: lambda lives, day: backtest.ours(lives, day, horizon, min_wins),
        OURS: lambda lives, day: backtest.with_video(lives, day, horizon, min_wins),
    }
    return backtest.is_not_worse(backtest.back_test(facts.lives, days, horizon, scorers), PLAIN, OURS)


def _video_notes(facts: Facts, is_used: bool) -> list[str]:
    if facts.lives.engaged is None:
        return []
    if is_used:
        said = "Engaged with video is a step of the score: on past dates its Brier score was no worse with it."
        return [f"{said} Who views counts as engaged from the day after, never before."]
    return ["Engaged with video is no step of the score: past dates do not show that it would do no harm."]


def _engaged(days: pd.Series) -> NDArray[np.int64] | None:
    """The first day on which each counts as engaged: the one after its first view; None where nobody ever was."""
    known = days.notna().to_numpy()
    if not known.any():
        return None
    found = np.full(len(days), NEVER)
    found[known] = _day_numbers(days[known]) + 1
    return found


def _folds(
    facts: Facts, horizon: int, dates: int, step: int, min_wins: int, names: set[str], with_video: bool = False
) -> list[backtest.Fold]:
    ours = backtest.with_video if with_video else backtest.ours
    scorers: dict[str, backtest.Score] = {
        OURS: lambda lives, day: ours(lives, day, horizon, min_wins),
        PLAIN: lambda lives, day: backtest.ours(lives, day, horizon, min_wins),
        WATCHED: lambda lives, day: backtest.with_video(lives, day, horizon, min_wins),
        HAZARD: lambda lives, day: backtest.hazard(lives, day, horizon, min_wins),
        BY_HAND: backtest.won_of_closed,
    }
    days = backtest.past_days(facts.lives, horizon, dates, step, min_wins)
    return backtest.back_test(
        facts.lives, days, horizon, {name: score for name, score in scorers.items() if name in names}, facts.shown
    )


def _crm(rows: pd.DataFrame) -> tuple[backtest.Quality | None, str]:
    """The CRM's own probability on closed deals, and a sentence about it; a number set at the close tests nothing."""
    closed = rows[rows["is_shown"] & (rows["outcome"] > 0) & rows["crm_probability"].notna()]
    if len(closed) < backtest.ENOUGH:
        return None, ""
    said = closed["crm_probability"].to_numpy(np.float64)
    won = np.where(closed["outcome"].to_numpy() == WON, 1.0, 0.0)
    if np.mean(np.abs(said - won) < 0.005) > 0.9:
        return None, (
            "The CRM sets its own probability to 100% or 0% when a deal closes, so this export cannot tell whether it"
            " was right before."
        )
    found = backtest.quality(said, won)
    of_won, of_lost = (float(said[won == one].mean()) if (won == one).any() else np.nan for one in (1, 0))
    averages = f"won deals carry {of_won:.1%} on average, lost ones {of_lost:.1%} (n={len(closed):,} closed)"
    if found.skill is None or found.skill <= 0:
        return found, (
            f"The CRM's own probability is no better than always saying the base rate of {found.base_rate:.1%}:"
            f" {averages}."
        )
    return found, f"The CRM's own probability as it stands on closed deals: {averages}."


def _contender(folds: Sequence[backtest.Fold]) -> str:
    """What the back-test says of the model that could score instead."""
    if backtest.prefers(folds, OURS, HAZARD):
        return "The piecewise hazard model had the lower Brier score here, by more than chance; the curves still score."
    return "The piecewise hazard model had no lower Brier score beyond chance, so the curves score."


def _moved_sentence(is_used: bool, slope: float | None) -> str:
    said = f"The slope of past scores is {slope:.2f}, outside {backtest.SLOPE_LOW} to {backtest.SLOPE_HIGH}: "
    if is_used:
        return said + "probabilities are moved by what past dates showed."
    return said + "moving them by earlier dates would not have done better, so they are left as they are."


def _horizons(text: Any, rows: pd.DataFrame) -> list[int | None]:
    """Days ahead: a number, `quarter` (to its last day), `ever` = None; several with commas; '' = as agreed."""
    if rows.empty:
        return []
    first = rows.iloc[0]
    found: list[int | None] = []
    for word in str(text or int(first["horizon_days"])).replace(" ", "").split(","):
        if word.isdecimal() and int(word) > 0:
            found.append(int(word))
        elif word == "quarter":
            today = first["as_of_on"].date()
            found.append((_quarter_end(today, int(first["fiscal_year_start_month"])) - today).days)
        elif word == "ever":
            found.append(None)
        else:
            raise QueryError(f"--horizon is a number of days, quarter or ever, not {word!r}.")
    return found


def _quarter_end(day: date, fiscal_year_start: int) -> date:
    """The last day of the fiscal quarter that day is in."""
    after = quarter_start(day, fiscal_year_start) + timedelta(days=100)
    return quarter_start(after, fiscal_year_start) - timedelta(days=1)


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


def _day_numbers(dates: pd.Series) -> NDArray[np.int64]:
    return ((pd.to_datetime(dates) - EPOCH) // pd.Timedelta(days=1)).to_numpy().astype(np.int64)


def _date(number: int) -> date:
    return (EPOCH + pd.Timedelta(days=number)).date()
