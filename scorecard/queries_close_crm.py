"""What the CRM and its vendor's model said on past dates, read from the history of exports, beside what happened."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard.stats import backtest
from scorecard.stats.curves import WON

Ask = Callable[..., Any]
Floats = NDArray[np.float64]
DAY_NOUGHT = date(1970, 1, 1)
SAID_BY = {"crm_probability": "The CRM's own probability", "vendor_score": "The score of the vendor's model"}


def on_past_dates(
    folds: Sequence[backtest.Fold], deals: "pd.Series[str]", versions: pd.DataFrame, column: str, ours: str
) -> tuple[backtest.Quality | None, str]:
    """How good a column of `crm_said` was on the dates played again, as the newest export before each said it.

    None below 100 outcomes, such as where exports have not been loaded for as long as the horizon.
    """
    versions = versions[versions[column].notna()] if column in versions else versions.iloc[:0]
    if versions.empty:
        return None, ""
    said, happened, beside, dates = [], [], [], 0
    for fold in folds:
        if fold.cases is None:
            continue
        then = _held(versions, column, fold.day).reindex(deals.iloc[fold.cases]).to_numpy(np.float64)
        known = np.isfinite(then)
        dates += bool(known.any())
        said.append(then[known])
        happened.append(fold.happened[known])
        beside.append(fold.said[ours][known])
    truth = np.concatenate(happened) if happened else np.array([])
    if len(truth) < backtest.ENOUGH:
        return None, ""
    found, own = (backtest.quality(np.concatenate(one), truth) for one in (said, beside))
    worth = "nearer to" if found.skill is not None and found.skill > 0 else "no nearer to"
    return found, (
        f"{SAID_BY[column]}, as its exports said it on {dates} of these dates (n={found.n:,}), was {worth} what"
        f" happened than always saying the base rate of {found.base_rate:.1%}. On the same deals and dates the mean"
        f" squared error (Brier) was {found.brier:.3f} for it and {own.brier:.3f} for ours. Most CRMs mean a win at any"
        " time, ours one within the days ahead."
    )


def on_closed(rows: pd.DataFrame) -> tuple[backtest.Quality | None, str]:
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


def _held(versions: pd.DataFrame, column: str, day: int) -> "pd.Series[float]":
    """By deal, what was said at the end of that day."""
    at = pd.Timestamp(DAY_NOUGHT + timedelta(days=day))
    begun, until = pd.to_datetime(versions["held_from_on"]), pd.to_datetime(versions["held_until_on"])
    held = versions[(begun <= at) & (until.isna() | (until > at))]
    return held.drop_duplicates("deal_id", keep="last").set_index("deal_id")[column].astype(float)
