"""Curves on arrays: against statsmodels' cumulative incidence with tied days, and from any age on."""

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from scorecard.stats.curves import ahead, curves, variance


def cases(count: int = 700, strata: int = 3, seed: int = 1):
    """Stratum, whole days with many ties, outcome."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, strata, count), rng.integers(0, 60, count), rng.choice(3, count, p=(0.3, 0.4, 0.3))


def oracle(days, outcome):
    return CumIncidenceRight(days.astype(float), outcome)


def test_the_curve_and_its_error_are_those_of_statsmodels_with_ties() -> None:
    stratum, days, outcome = cases()
    found = curves(stratum, days, outcome, 3)
    spread = variance(found)
    for one in range(3):
        here = stratum == one
        known = oracle(days[here], outcome[here])
        at = known.times.astype(int)
        assert np.abs(found.won_by[one, at] - known.cinc[0]).max() < 1e-9
        assert np.abs(found.lost_by[one, at] - known.cinc[1]).max() < 1e-9
        errors = known.cinc_se[0]
        sure = np.isfinite(errors)
        assert np.abs(np.sqrt(spread[one, at]) - errors)[sure].max() < 1e-9
        assert np.abs(found.won_by + found.lost_by + found.open_after - 1).max() < 1e-12


@pytest.mark.parametrize("age", [0, 7, 25, 40])
def test_from_an_age_on_it_is_the_curve_of_those_still_open_at_that_age(age: int) -> None:
    stratum, days, outcome = cases()
    found = ahead(curves(stratum, days, outcome, 3), 15)
    for one in range(3):
        here = (stratum == one) & (days > age)
        known = oracle(days[here] - age, outcome[here])
        last = np.searchsorted(known.times, 15, side="right") - 1
        assert found.probability[one, age] == pytest.approx(known.cinc[0][last], abs=1e-9)
        assert np.sqrt(found.variance[one, age]) == pytest.approx(known.cinc_se[0][last], abs=1e-9)
        assert found.cases[one, age] == here.sum()
        assert found.wins[one, age] == ((outcome == 1) & here & (days <= age + 15)).sum()


def test_without_censoring_the_effective_cases_are_those_seen() -> None:
    days, outcome = np.array([1, 2, 3, 4, 5, 6, 7, 8, 30, 30]), np.array([1, 2, 1, 2, 2, 2, 1, 2, 2, 2])
    found = ahead(curves(np.zeros(10, dtype=int), days, outcome, 1), 10)
    assert found.probability[0, 2] == pytest.approx(2 / 8)
    assert found.effective[0, 2] == pytest.approx(8)


def test_nothing_is_said_beyond_the_longest_age_of_a_stratum() -> None:
    stratum, days, outcome = np.array([0, 0, 0, 1, 1]), np.array([5, 20, 30, 4, 10]), np.array([1, 2, 0, 1, 0])
    found = ahead(curves(stratum, days, outcome, 2), 10)
    assert np.isfinite(found.probability[0]).nonzero()[0].tolist() == list(range(21))
    assert np.isfinite(found.probability[1]).nonzero()[0].tolist() == [0]
    ever = ahead(curves(stratum, days, outcome, 2), None)
    assert np.isfinite(ever.probability[1]).nonzero()[0].tolist() == list(range(10))
    assert ever.probability[1, 0] == pytest.approx(0.5)


def test_an_empty_stratum_and_no_cases_at_all_are_unknown() -> None:
    nothing = np.array([], dtype=int)
    assert np.isnan(ahead(curves(nothing, nothing, nothing, 1), 90).probability).all()
    found = curves(np.array([1]), np.array([3]), np.array([1]), 2)
    assert found.last.tolist() == [-1, 3]
    assert np.isnan(ahead(found, 2).probability[0]).all()
