"""Sentences that go with scores: which model scores, whether it was moved, whether it says anything."""

from collections.abc import Sequence
from datetime import date, timedelta

from scorecard.filters import day_text
from scorecard.stats import backtest
from scorecard.stats.causes import Causes

DAY_NOUGHT = date(1970, 1, 1)
CURVES, WATCHED, HAZARD = "win curves", "win curves with video", "piecewise hazard model"
NO_SKILL = "On past dates the score was no better than the base rate on this export"
_BEYOND = "on two thirds of the past dates and by more than chance"
_WATCHES = "Engaged with video is a step of the score: with it the Brier score was lower"
_WATCHES_NOT = "The win curves score. Engaged with video is no step of the score: neither with it nor by the piecewise"


def which(model: str, contenders: Sequence[str]) -> list[str]:
    """Which model scores, by the past dates."""
    if model == HAZARD:
        said = f"The piecewise hazard model scores: its Brier score was lower than that of the curves {_BEYOND}."
        unwatched = " Engaged with video is no step of the score: that model does not know it."
        return [said + unwatched * (WATCHED in contenders)]
    if model == WATCHED:
        return [f"{_WATCHES} {_BEYOND}. Who views counts as engaged from the day after, never before."]
    if WATCHED in contenders:
        return [f"{_WATCHES_NOT} hazard model was the Brier score lower {_BEYOND}."]
    return [f"The win curves score: the piecewise hazard model's Brier score was not lower {_BEYOND}."]


def then(models: Sequence[str], model: str) -> list[str]:
    """Which models scored on the past dates; nothing where it was always the one of today."""
    if set(models) == {model}:
        return []
    counts = ", ".join(f"the {one} on {models.count(one)}" for one in dict.fromkeys(models))
    return [f"On each past date stands what the dates before it would have chosen: {counts}."]


def moved(reading: backtest.Reading, slope: float | None) -> str:
    """Whether past dates move the score, and why not."""
    said = f"The slope of past scores is {slope or 0:.2f}, outside {backtest.SLOPE_LOW} to {backtest.SLOPE_HIGH}: "
    said = said.replace(" -", " \N{MINUS SIGN}")
    if reading.line is not None:
        return said + "probabilities are moved by what past dates showed."
    if reading.quality and reading.plain and reading.quality.brier < reading.plain.brier:
        return (
            said + "moved by earlier dates they would have been nearer, but still no better than the base rate, so they"
            " are left as they are."
        )
    return said + "moving them by earlier dates would not have done better, so they are left as they are."


def without_skill(quality: backtest.Quality, noun: str) -> str:
    """That the score says no more than the base rate; '' where it says more."""
    if quality.skill is None or quality.skill > 0:
        return ""
    return (
        f"{NO_SKILL}: {quality.predicted_mean:.1%} said,"
        f" {quality.base_rate:.1%} happened (n={quality.n:,}). It does not tell which {noun} is likelier to be won."
    )


def why(found: Causes, last: int, noun: str) -> list[str]:
    """What is odd about the dates of an export on which the score says nothing. last: the last day of its file."""
    sentences = []
    if found.starts is not None:
        sentences.append(
            f"Closes begin about {_day(found.starts)} in this file, though {found.open_before:,} {noun}s had begun"
            f" before; at the later pace about {found.missed:,} would have closed by then. Earlier closes seem to be"
            f" missing from the export, so {noun}s look slower to close than they are."
        )
    late = [share for day, share in found.bulk if day == last]
    if late:
        sentences.append(
            f"{late[0]:.1%} of closes count on {_day(last)}, the day of the export: closes dated after it count there."
        )
    bulk = [(day, share) for day, share in found.bulk if day != last]
    if bulk:
        days = ", ".join(f"{_day(day)} ({share:.1%})" for day, share in bulk[:3])
        more = f" and {len(bulk) - 3} more days" if len(bulk) > 3 else ""
        sentences.append(
            f"Many closes share one day: {days}{more}. The day of a bulk update is not the day of the end."
        )
    if found.close_days:
        sentences.append(f"All closes fall on {found.close_days} different days, too few to tell how age matters.")
    return sentences or ["Its dates show nothing odd: age, channel and segment do not tell here who is won."]


def _day(number: int) -> str:
    return day_text(DAY_NOUGHT + timedelta(days=number))
