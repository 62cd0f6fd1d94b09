"""The deals or leads of close probability as arrays, and the words that choose days ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard.errors import QueryError
from scorecard.filters import quarter_start
from scorecard.stats import backtest
from scorecard.stats.scores import NEVER, groups

EPOCH = pd.Timestamp(1970, 1, 1)
LEVELS = ("channel", "segment")  # what never changes about a deal, coarse to fine


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

    @property
    def agreed(self) -> int:
        """The days ahead that the team has agreed on; 0 where there is nothing."""
        return int(self.rows["horizon_days"].iloc[0]) if len(self.rows) else 0


def horizons(text: Any, rows: pd.DataFrame) -> list[int | None]:
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


def noun_of(given: Mapping[str, Any]) -> str:
    return "lead" if given["entity"] == "people" else "deal"


def date_of(number: int) -> date:
    """The date of a day's number."""
    return (EPOCH + pd.Timedelta(days=number)).date()


def _quarter_end(day: date, fiscal_year_start: int) -> date:
    """The last day of the fiscal quarter that day is in."""
    after = quarter_start(day, fiscal_year_start) + timedelta(days=100)
    return quarter_start(after, fiscal_year_start) - timedelta(days=1)


def _engaged(days: pd.Series) -> NDArray[np.int64] | None:
    """The first day on which each counts as engaged: the one after its first view; None where nobody ever was."""
    known = days.notna().to_numpy()
    if not known.any():
        return None
    found = np.full(len(days), NEVER)
    found[known] = _day_numbers(days[known]) + 1
    return found


def _day_numbers(dates: pd.Series) -> NDArray[np.int64]:
    return ((pd.to_datetime(dates) - EPOCH) // pd.Timedelta(days=1)).to_numpy().astype(np.int64)
