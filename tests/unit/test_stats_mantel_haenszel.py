"""Ratios of strata against statsmodels and by hand."""

from typing import Any

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable, Table

from scorecard.stats import mantel_haenszel as mh


def drawn(seed: int, strata: int = 12) -> mh.Arms:
    rng = np.random.default_rng(seed)
    size, other = rng.integers(20, 400, strata), rng.integers(20, 900, strata)
    share = rng.uniform(0.03, 0.3, strata)
    return mh.Arms.of(rng.binomial(size, np.minimum(share * 1.4, 1)), rng.binomial(other, share), size, other)


def tables(arms: mh.Arms) -> Any:
    columns = zip(arms.wins, arms.size, arms.other_wins, arms.other_size, strict=True)
    return StratifiedTable([np.array([[a, n1 - a], [c, n0 - c]]) for a, n1, c, n0 in columns])


@pytest.mark.parametrize("seed", range(10))
def test_risk_and_odds_ratios_are_those_of_statsmodels(seed: int) -> None:
    arms = drawn(seed)
    oracle = tables(arms)
    risk, odds = mh.risk_ratio(arms), mh.odds_ratio(arms)
    assert risk and odds
    assert risk.value == pytest.approx(float(oracle.riskratio_pooled), abs=1e-9, rel=1e-9)
    assert odds.value == pytest.approx(float(oracle.oddsratio_pooled), abs=1e-9, rel=1e-9)
    assert odds.log_error == pytest.approx(float(oracle.logodds_pooled_se), abs=1e-9)
    assert (odds.low, odds.high) == pytest.approx(oracle.oddsratio_pooled_confint(), rel=1e-9)


def test_the_error_of_one_stratum_is_the_textbook_s() -> None:
    """Katz: 1/a - 1/n1 + 1/c - 1/n0; for rates 1/d1 + 1/d0."""
    arms = mh.Arms.of([15], [30], [100], [400])
    risk, rate = mh.risk_ratio(arms), mh.rate_ratio(arms)
    assert risk and rate
    assert risk.value == pytest.approx(2.0) and rate.value == pytest.approx(2.0)
    assert risk.log_error**2 == pytest.approx(1 / 15 - 1 / 100 + 1 / 30 - 1 / 400)
    assert rate.log_error**2 == pytest.approx(1 / 15 + 1 / 30)
    assert rate.low == pytest.approx(2 * np.exp(-1.959963984540054 * np.sqrt(0.1)))


def test_two_strata_by_hand() -> None:
    """Rates: 4 in 100 days against 6 in 300, 9 in 300 against 2 in 100; risks the same with people."""
    arms = mh.Arms.of([4, 9], [6, 2], [100, 300], [300, 100])
    top, bottom = 4 * 300 / 400 + 9 * 100 / 400, 6 * 100 / 400 + 2 * 300 / 400
    rate = mh.rate_ratio(arms)
    assert rate and rate.value == pytest.approx(top / bottom)
    assert rate.log_error**2 == pytest.approx((10 + 11) * 100 * 300 / 400**2 / (top * bottom))
    risk = mh.risk_ratio(arms)
    spread = (300 * 100 * 10 - 4 * 6 * 400 + 300 * 100 * 11 - 9 * 2 * 400) / 400**2
    assert risk and risk.log_error**2 == pytest.approx(spread / (top * bottom))


def test_the_errors_are_as_large_as_draws_differ() -> None:
    """Greenland and Robins against 4,000 draws."""
    rng = np.random.default_rng(1)
    size, other, share = np.full(6, 150), np.full(6, 300), np.linspace(0.05, 0.25, 6)
    found = [
        mh.risk_ratio(mh.Arms.of(rng.binomial(size, share * 1.3), rng.binomial(other, share), size, other))
        for _ in range(4000)
    ]
    logs = np.log([one.value for one in found if one])
    assert np.mean([one.log_error for one in found if one]) == pytest.approx(logs.std(), rel=0.05)


def test_a_stratum_of_one_kind_changes_nothing_and_is_counted() -> None:
    arms = drawn(3)
    columns = (arms.wins, arms.other_wins, arms.size, arms.other_size)
    more = mh.Arms.of(*(np.append(column, extra) for column, extra in zip(columns, (5, 0, 40, 0), strict=True)))
    assert mh.risk_ratio(more) == mh.risk_ratio(arms) and mh.rate_ratio(more) == mh.rate_ratio(arms)
    assert more.one_sided.sum() == 1 and arms.one_sided.sum() == 0


def test_below_five_wins_or_two_groups_there_is_no_ratio() -> None:
    few = mh.Arms.of([4, 0], [50, 50], [100, 100], [500, 500])
    assert mh.guarded(few, mh.risk_ratio, 2) == (None, "4 wins of viewers and 100 of others; it takes 5 each")
    single = mh.Arms.of([9, 30], [50, 0], [100, 40], [500, 0])
    ratio, lack = mh.guarded(single, mh.risk_ratio, 2)
    assert ratio is None and "meet in 1 group; it takes 2" in lack
    assert mh.guarded(single, mh.risk_ratio, 0)[0] is not None


def test_e_values_of_the_paper() -> None:
    """VanderWeele and Ding (2017): 3.9 (1.8 to 8.7) -> 7.26 and 3.0; and 1.85 -> 3.10."""
    assert mh.e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert mh.e_value(1.85) == pytest.approx(3.10, abs=0.005)
    assert mh.e_value(1 / 3.9) == pytest.approx(7.26, abs=0.005)
    paper = mh.Ratio(3.9, np.log(3.9 / 1.8) / mh.Z)
    assert mh.e_value_of_interval(paper.low, paper.high) == pytest.approx(3.0, abs=0.005)
    assert mh.e_value_of_interval(0.9, 1.3) == 1.0
    assert mh.e_value_of_interval(1 / paper.high, 1 / paper.low) == pytest.approx(3.0, abs=0.005)


def test_the_trend_of_one_stratum_is_that_of_statsmodels() -> None:
    wins, size = np.array([[20.0, 12, 15, 22]]), np.array([[300.0, 100, 90, 80]])
    doses = np.array([0.0, 0.2, 0.6, 0.95])
    oracle: Any = Table(np.vstack([size - wins, wins])).test_ordinal_association(np.array([0, 1]), doses)
    z = mh.trend(wins, size, doses)
    # statsmodels divides by n, Mantel's extension by n - 1.
    assert z == pytest.approx(float(oracle.zscore), rel=0.002)
    assert z and mh.two_sided(z) == pytest.approx(float(oracle.pvalue), rel=0.05)


def test_the_trend_of_no_difference_is_chance() -> None:
    rng = np.random.default_rng(5)
    size, doses = np.full((3, 4), 60.0), np.arange(4.0)
    shares = np.array([[0.1], [0.2], [0.4]])  # strata differ, doses do not
    found = [
        mh.trend(rng.binomial(60, np.broadcast_to(shares, (3, 4))).astype(float), size, doses) for _ in range(2000)
    ]
    assert np.std([z for z in found if z is not None]) == pytest.approx(1, abs=0.05)
    assert mh.trend(np.zeros((1, 3)), np.full((1, 3), 9.0), np.arange(3.0)) is None
    assert mh.two_sided(1.959963984540054) == pytest.approx(0.05)
