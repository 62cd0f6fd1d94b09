"""Rows of a table as plain values: pandas' own types are too wide to reason about."""

from datetime import date
from typing import Any

import pandas as pd


def each(frame: pd.DataFrame) -> list[Any]:
    """The rows as tuples with the columns' names."""
    return list(frame.itertuples(index=False))


def day_of(value: Any) -> date:
    """The calendar day of a date or timestamp."""
    return pd.Timestamp(value).date()


def blank(value: Any) -> bool:
    """Nothing there: None, NaN, NaT or an empty text."""
    return value is None or bool(pd.isna(value)) or value == ""
