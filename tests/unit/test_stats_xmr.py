"""Noise is not called a signal, and a shift is: XmR limits against the worked example, and on series of known truth."""

import csv
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scorecard.queries import find
from scorecard.queries_signals import signals
from scorecard.stats import xmr

GOLDEN = Path(__file__).parent.parent / "data" / "golden" / "xmr_example.csv"
SERIES = int(os.environ.get("SCORECARD_NOISE", "60"))
MONDAY = date(2025, 1, 6)
WATCHED = 26
Note = Callable[[str, object], None]
EXAMPLE = np.array([39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40], dtype=np.float64)


def test_limits_are_those_of_the_worked_example() -> None:
    found = xmr.limits(EXAMPLE)
    assert found is not None
    assert found.center == pytest.approx(41.4167, abs=1e-4)
    assert found.mean_range == pytest.approx(1.72727, abs=1e-5)
    assert (found.low, found.high) == (pytest.approx(36.8221, abs=1e-4), pytest.approx(46.0112, abs=1e-4))
    assert found.range_limit == pytest.approx(5.6447, abs=1e-4)


def test_limits_and_rules_are_those_of_the_golden_file() -> None:
    with GOLDEN.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = np.array([float(row["x"]) for row in rows])
    found = xmr.limits(values)
    assert found is not None
    for row, at in zip(rows, range(len(rows)), strict=True):
        assert found.center == pytest.approx(float(row["cl"]), abs=1e-9)
        assert found.mean_range == pytest.approx(float(row["mrbar"]), abs=1e-9)
        assert found.low == pytest.approx(float(row["lo"]), abs=1e-9)
        assert found.high == pytest.approx(float(row["hi"]), abs=1e-9)
        assert found.range_limit == pytest.approx(float(row["url"]), abs=1e-9)
        assert bool(xmr.outside(values, found)[at]) == (row["r1"] == "True")
        assert bool(xmr.runs(values, found.center)[at]) == (row["r2"] == "True")
        if at:
            assert xmr.moving_ranges(values)[at - 1] == pytest.approx(float(row["mr"]))


def test_the_eighth_in_a_row_is_a_signal_and_a_value_on_the_centre_ends_the_row() -> None:
    seven, eight = np.full(7, 1.0), np.full(8, 1.0)
    assert not xmr.runs(seven, 0.0).any()
    assert xmr.runs(np.append(eight, 1.0), 0.0).tolist() == [False] * 7 + [True] * 2
    assert not xmr.runs(np.concatenate([seven, [0.0], seven]), 0.0).any()
    assert not xmr.runs(np.concatenate([seven, [-1.0], seven]), 0.0).any()


def test_eight_weeks_draw_limits_and_thirteen_call_signals() -> None:
    calm = np.array([10.0, 12.0] * 6)
    assert xmr.limits(calm[:7]) is None
    short, long = xmr.limits(calm[:12]), xmr.limits(np.append(calm, 10.0))
    assert short is not None and long is not None
    later = np.array([99.0])
    assert xmr.rules(later, short).tolist() == [0]
    assert xmr.rules(later, long).tolist() == [xmr.OUTSIDE]


def test_the_false_alarm_rate_falls_with_the_length_of_the_baseline() -> None:
    rates = [xmr.false_alarms(weeks) for weeks in (8, 13, 20, 26, 40)]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == xmr.FALSE_ALARMS[26]


# What is made, and the metric it stands for.
KINDS = {
    "count of 60": "new_leads",
    "count of 8": "won_deals",
    "rate of 60": "win_rate_closed",
    "rate of 8": "win_rate_180",
    "money of 10 deals": "won_revenue",
    "cost per customer": "cost_per_won_customer",
}


def made(kind: str, seed: int, weeks: int, shift: float = 1.0) -> pd.DataFrame:
    """A metric week by week as the statement gives it: noise, `shift` times as much after the baseline."""
    random = np.random.default_rng([seed, list(KINDS).index(kind), 7])
    factor = np.where(np.arange(weeks) < xmr.MOST, 1.0, shift)
    denominator = np.ones(weeks)
    cases = np.full(weeks, 60)
    unit, aggregate = "count", "sum"
    if kind.startswith("count"):
        numerator = random.poisson(float(kind.split()[-1]) * factor)
    elif kind.startswith("rate"):
        unit, aggregate = "percent", "ratio"
        cases = random.poisson(float(kind.split()[-1]), weeks)
        denominator = cases
        numerator = random.binomial(cases, 0.2 * factor)
    else:
        unit = "money"
        cases = random.poisson(10 * factor)
        numerator = np.array([random.lognormal(10, 0.9, deals).sum() for deals in cases])
        if kind.startswith("cost"):
            aggregate, numerator, denominator = "ratio", random.normal(12_000, 800, weeks), cases
    days = [MONDAY + timedelta(weeks=at) for at in range(weeks)]
    return pd.DataFrame({
        "metric": KINDS[kind], "week": days, "last_day": [day + timedelta(days=6) for day in days],
        "fiscal_year_start": date(2025, 1, 1), "unit": unit, "aggregate": aggregate,
        "is_zero_null": kind.startswith("cost"), "numerator": numerator, "denominator": denominator, "cases": cases,
        "as_of_on": days[-1] + timedelta(days=200), "known_until": days[-1] + timedelta(days=6), "is_shown": True,
    })  # fmt: skip


def asked(name: str) -> list[dict[str, object]]:
    """The other answers a calculation asks for: no new start, and every column known."""
    if name != "known_columns":
        return []
    columns = {column for metric in KINDS.values() for need in find(metric).needs for column in need.any_of}
    return [{"table_name": table, "column_name": column, "rows": 1, "known": 1} for table, column in columns]


def watched(kind: str, seed: int, shift: float = 1.0) -> list[bool]:
    """Which of the weeks after the baseline are called a signal."""
    rows = made(kind, seed, xmr.MOST + WATCHED, shift)
    given = {"metric": KINDS[kind], "age_days": 30}
    found = signals(rows, given, asked)
    assert {row["baseline_weeks"] for row in found} == {xmr.MOST}
    return [bool(row["signal"]) for row in found if row["week"] >= MONDAY + timedelta(weeks=xmr.MOST)]


def test_at_most_three_in_a_hundred_weeks_of_noise_are_a_signal(record_property: Note) -> None:
    shares = {kind: np.mean([watched(kind, seed) for seed in range(SERIES)]) for kind in KINDS}
    weeks = len(KINDS) * SERIES * WATCHED
    for kind, share in shares.items():
        record_property(f"weeks of noise called a signal, {kind}", f"{share:.1%}")
    record_property("weeks of noise called a signal, all", f"{np.mean(list(shares.values())):.1%} of {weeks:,}")
    assert np.mean(list(shares.values())) <= 0.03
    assert max(shares.values()) <= (0.035 if SERIES >= 500 else 0.06)


def test_single_large_deals_are_no_signal() -> None:
    # Two deals a week, some ten times as large as others: on the plain scale 7 % of this noise would be a signal.
    random = np.random.default_rng(11)
    found = []
    for seed in range(40):
        rows = made("money of 10 deals", seed, xmr.MOST + WATCHED)
        rows["numerator"] = [random.lognormal(10, 1.0, deals).sum() for deals in random.poisson(2, len(rows))]
        answer = signals(rows, {"metric": "won_revenue", "age_days": 30}, asked)
        found += [bool(row["signal"]) for row in answer[xmr.MOST :]]
    assert np.mean(found) <= 0.045


def test_a_shift_of_thirty_percent_is_called_within_four_weeks(record_property: Note) -> None:
    first = []
    for seed in range(SERIES):
        found = watched("count of 60", seed, shift=1.3)
        first.append(found.index(True) + 1 if any(found) else WATCHED + 1)
    never = sum(week > WATCHED for week in first)
    record_property("a shift of +30 % is called in week (median)", f"{np.median(first):g}")
    record_property("shifts never called in 26 weeks", f"{never} of {SERIES}")
    assert np.median(first) <= 4
    assert not never


@pytest.mark.parametrize("weeks", sorted(xmr.FALSE_ALARMS))
def test_the_false_alarm_rate_that_is_printed_is_the_one_measured(weeks: int, record_property: Note) -> None:
    random = np.random.default_rng(weeks)
    found = []
    for _ in range(SERIES * 6):
        values = random.poisson(60, weeks + WATCHED).astype(np.float64)
        limits = xmr.limits(values[:weeks])
        assert limits is not None
        found.append(float(np.mean(xmr.rules(values, limits)[weeks:] > 0)))
    record_property(f"false alarms with a baseline of {weeks} weeks", f"{np.mean(found):.1%}")
    assert np.mean(found) == pytest.approx(xmr.FALSE_ALARMS[weeks], abs=0.004 if SERIES >= 500 else 0.012)
