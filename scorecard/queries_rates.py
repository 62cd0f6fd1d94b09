"""Reports on win rates: every rate people quote side by side, and Marketing's curve against that of the others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard.errors import QueryError
from scorecard.queries_rows import Rows
from scorecard.stats import rates
from scorecard.stats.curves import LOST, WON
from scorecard.stats.rates import UNKNOWN, Incidence, Share

Given = Mapping[str, Any]
Ask = Callable[..., Any]
DAYS = (30, 90, 180, 365)
NO_MONEY = dict.fromkeys(("amount_value", "amount_low", "amount_high", "amount_won", "amount_of"))
OTHERS, WITH_UNKNOWN = "others", "others and unknown"


@dataclass(frozen=True)
class _Cells:
    """Cases of one group as arrays, each cell standing for some."""

    days: NDArray[np.int64]
    watched: NDArray[np.int64]
    outcome: NDArray[np.int64]
    derailed: NDArray[np.bool_]
    cases: NDArray[np.float64]
    priced: NDArray[np.float64]  # those with an amount
    amount: NDArray[np.float64]
    squared: NDArray[np.float64]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "_Cells":
        def whole(name: str) -> NDArray[np.int64]:
            return rows[name].to_numpy(np.int64)

        def counted(name: str) -> NDArray[np.float64]:
            return np.nan_to_num(rows[name].to_numpy(np.float64, na_value=np.nan))

        return cls(
            whole("days"),
            whole("watched_days"),
            whole("outcome"),
            rows["is_derailed"].to_numpy(bool),
            counted("cases"),
            counted("cases_with_amount"),
            counted("amount"),
            counted("amount_squared"),
        )

    def incidence(self, days: list[int]) -> list[Incidence | None]:
        """The win curve at these days."""
        return rates.incidence(self.days, self.outcome, self.cases, days)

    def money_incidence(self, day: int) -> Incidence | None:
        """The same with each deal weighing as its money, scaled so that all weigh as many deals as they count."""
        money = np.maximum(self.amount, 0.0)
        total = float(money.sum())
        if not total > 0:
            return None
        scale = rates.effective(total, float(self.squared.sum())) / total
        return rates.incidence(self.days, self.outcome, money * scale, [day])[0]


def win_rates(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """Each group's rates: the win curve first, then the simple ones."""
    day = _whole(given["day"], "day")
    any_derailed = bool(rows["is_derailed"].any()) if len(rows) else False
    answer: list[dict[str, Any]] = []
    for name, found in _groups(rows):
        answer += _rates_of(name, found, day, any_derailed)
    if given["entity"] == "deals" and (why := _weightless(rows)):
        return Rows(({**row, **NO_MONEY} for row in answer), [why])
    notes = []
    if (
        answer
        and (missing := int(rows["cases"].sum() - rows["cases_with_amount"].sum()))
        and given["entity"] == "deals"
    ):
        notes.append(f"{missing:,} deals without an amount are in the rates by number and not in those by amount.")
    if len(rows) and (rows["amount"] < 0).any():
        notes.append("Negative amounts (credits) count as nothing in the win curve by amount.")
    return Rows(answer, notes)


def _weightless(rows: pd.DataFrame) -> str:
    """Why there are no rates by amount: lost deals mostly carry none, so they would weigh nothing; '' where they do."""
    of_won, of_lost = (_priced(rows[rows["outcome"] == end]) for end in (WON, LOST))
    if of_won is None or of_lost is None or of_lost >= of_won / 2:
        return ""
    return (
        f"No rates by amount: an amount above 0 stands on {of_lost:.0%} of the lost deals and on {of_won:.0%} of the"
        " won ones, so what is lost would weigh next to nothing and every rate would be near 100%."
    )


def _priced(ended: pd.DataFrame) -> float | None:
    """The share of these cases in cells with an amount above 0; None without cases."""
    cases = float(ended["cases"].sum())
    return float(ended.loc[ended["amount"].fillna(0) > 0, "cases_with_amount"].sum()) / cases if cases else None


def _rates_of(group: str, cells: _Cells, day: int, any_derailed: bool) -> list[dict[str, Any]]:
    won = cells.outcome == WON
    closed, old = cells.outcome > 0, cells.watched >= day
    counted = {
        "win_rate_mature": (won & old & (cells.days <= day), old),
        "win_rate_created": (won, np.ones(len(won), dtype=bool)),
        "win_rate_closed": (won, closed),
    }
    if any_derailed:
        counted["win_rate_decided"] = (won, closed & ~cells.derailed)
    at = cells.incidence([day])[0]
    money = cells.money_incidence(day)
    first = _row(
        group,
        "win_curve",
        rates.around(at) if at else UNKNOWN,
        (None if at is None else at.wins, float(cells.cases.sum())),
        rates.around(money) if money else UNKNOWN,
        (_sum(cells.amount, won & (cells.days <= day)) if money else None, _sum(cells.amount, None)),
        _missing(cells, None),
    )
    return [first, *(_counted(group, name, cells, part, of) for name, (part, of) in counted.items())]


def _counted(group: str, name: str, cells: _Cells, part: NDArray[np.bool_], of: NDArray[np.bool_]) -> dict[str, Any]:
    """One rate by number and by money."""
    numerator, denominator = float(cells.cases[part].sum()), float(cells.cases[of].sum())
    money, base = float(cells.amount[part].sum()), float(cells.amount[of].sum())
    n = rates.effective(base, float(cells.squared[of].sum()))
    by_money = rates.share(money, base, n) if 0 <= money <= base else UNKNOWN
    sums = (_sum(cells.amount, part), _sum(cells.amount, of))
    return _row(
        group, name, rates.share(numerator, denominator), (numerator, denominator), by_money, sums, _missing(cells, of)
    )


def _row(
    group: str,
    name: str,
    by_number: Share,
    counts: tuple[float | None, float],
    by_money: Share,
    sums: tuple[float | None, float | None],
    missing: int,
) -> dict[str, Any]:
    has_money = by_money.value is not None
    return {
        "group_value": group,
        "name": name,
        "value": by_number.value,
        "low": by_number.low,
        "high": by_number.high,
        "numerator": None if counts[0] is None else round(counts[0]),
        "denominator": round(counts[1]),
        "amount_value": by_money.value,
        "amount_low": by_money.low,
        "amount_high": by_money.high,
        "amount_won": sums[0] if has_money else None,
        "amount_of": sums[1] if has_money else None,
        "amount_missing": missing,
    }


def close_ratio(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """Marketing against the others by each day, once without and once with those of unknown side among the others."""
    days, least = _days(given["days"]), int(given["min_wins"])
    answer: list[dict[str, Any]] = []
    notes: list[str] = []
    noun = "leads" if given["entity"] == "people" else "deals"
    for name, part in _parts(rows):
        ours = _Cells.of(part[part["side"] == "marketing"]).incidence(days)
        unknown = int(part.loc[part["side"] == "unknown", "cases"].sum())
        of = f"{name}: " if given["by"] else ""
        for against in (OTHERS, WITH_UNKNOWN):
            kept = (
                part["side"] != "marketing" if against == WITH_UNKNOWN else ~part["side"].isin(["marketing", "unknown"])
            )
            theirs = _Cells.of(part[kept]).incidence(days)
            for day, one, other in zip(days, ours, theirs, strict=True):
                answer.append(_against(name, day, against, one, other, least))
                if against == OTHERS and (why := _refused(one, other, day, least, noun)):
                    notes.append(of + why)
        if unknown:
            notes.append(
                f"{of}{unknown:,} {noun} of unknown side are in neither arm; the rows against “{WITH_UNKNOWN}” count"
                " them among the others."
            )
    return Rows(answer, notes)


def _against(
    group: str, day: int, against: str, one: Incidence | None, other: Incidence | None, least: int
) -> dict[str, Any]:
    enough = one is not None and other is not None and min(one.wins, other.wins) >= least
    found = rates.ratio(one, other) if enough and one and other else UNKNOWN
    return {
        "group_value": group,
        "day": day,
        "against": against,
        "ratio": found.value,
        "low": found.low,
        "high": found.high,
        "marketing": one and one.probability,
        "marketing_n": one and round(one.cases),
        "marketing_wins": one and round(one.wins),
        "others": other and other.probability,
        "others_n": other and round(other.cases),
        "others_wins": other and round(other.wins),
    }


def _refused(one: Incidence | None, other: Incidence | None, day: int, least: int, noun: str) -> str:
    """Why there is no ratio by that day."""
    if one is None or other is None:
        who = "Marketing" if one is None else "the others"
        return f"No {noun} of {who} have been watched for {day} days, so there is no ratio by day {day}."
    if min(one.wins, other.wins) >= least:
        return ""
    return (
        f"No ratio by day {day}: it needs {least} wins on both sides; Marketing has {one.wins:,.0f} of"
        f" {one.cases:,.0f}, the others {other.wins:,.0f} of {other.cases:,.0f}."
    )


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, _Cells]]:
    for name, part in _parts(rows):
        yield name, _Cells.of(part)


def _parts(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, part in rows.groupby("group_value", sort=True):
        yield str(name), part


def _sum(values: NDArray[np.float64], which: NDArray[np.bool_] | None) -> float:
    return float(values.sum() if which is None else values[which].sum())


def _missing(cells: _Cells, which: NDArray[np.bool_] | None) -> int:
    """Cases without an amount."""
    lack = cells.cases - cells.priced
    return round(_sum(lack, which))


def _days(text: Any) -> list[int]:
    words = [word for word in str(text or "").replace(" ", "").split(",") if word]
    return [_whole(word, "days") for word in words] or list(DAYS)


def _whole(value: Any, name: str) -> int:
    if not str(value).isdecimal() or int(value) < 1:
        raise QueryError(f"--{name} is a number of days from 1 on, not {value!r}.")
    return int(value)
