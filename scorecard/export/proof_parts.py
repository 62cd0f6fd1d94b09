"""What a proof is made of: the list of records, the sums that must agree, and the words for whether they do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from scorecard.charts import formats

CENT = 0.005
EVERY = 10_000_000  # records, for the lists that stop at a number of rows unless told
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Added:
    """One thing that must add up: what the number says, and what its records give."""

    what: str
    said: float
    found: float
    unit: str = "count"

    @property
    def is_true(self) -> bool:
        return abs(self.said - self.found) < CENT

    def number(self, currency: str) -> str:
        """What the number says, as text."""
        return self._text(self.said, currency)

    def sentence(self, currency: str) -> str:
        """5 won deals: the number says 5, its records give 5."""
        said, found = (self._text(value, currency) for value in (self.said, self.found))
        if self.is_true:
            return f"{self.what}: {said}, and so say the records."
        return f"{self.what}: the number says {said}, its records give {found}."

    def _text(self, value: float, currency: str) -> str:
        if self.unit == "money":
            return f"{currency} {value:,.2f}"
        return f"{value:,.2f}".removesuffix(".00")


Checks = Callable[[pd.DataFrame, pd.DataFrame, Given], list[Added]]


@dataclass(frozen=True)
class Proof:
    """The report that lists the records ('' = the rows of the answer are the records), what is asked of it, the check.

    `metric`: the metric whose left-out records are those of this number too. `of_quarter`: the records are those of the
    running quarter so far, whatever the answer was asked for. `more`: the records of other parts of the same answer.
    """

    records: str = ""
    checks: Checks | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    metric: str = ""
    of_quarter: bool = False
    more: tuple["Proof", ...] = ()


def total(frame: pd.DataFrame, column: str) -> float:
    """The sum of a column; unknown amounts add nothing."""
    if column not in frame.columns:
        return 0.0
    return float(sum(float(value) for value in frame[column] if formats.known(value)))
