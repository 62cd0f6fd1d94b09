"""The win curve against published Kaplan-Meier values and statsmodels' cumulative incidence."""

import csv
import math
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from tests.sql.model import AS_OF, day

DATA = Path(__file__).parent.parent / "data" / "golden"


def subjects():
    return list(csv.DictReader((DATA / "waltons_rossi.csv").open()))


def deals(outcome):
    """One deal a subject: closed after t days, or created t days before the data date and still open."""
    rows = []
    for number, subject in enumerate(subjects()):
        days, status = int(float(subject["t"])), outcome(number, subject)
        created = AS_OF - timedelta(days=days) if status == "open" else day("2020-01-01")
        closed = None if status == "open" else created + timedelta(days=days)
        rows.append(
            {
                "deal_id": f"d{number}",
                "status": status,
                "created_at": created,
                "closed_at": closed,
                "segment": subject["set"],
            }
        )
    return rows


def test_without_losses_it_is_one_minus_kaplan_meier(snapshot):
    shot = snapshot(deals=deals(lambda _number, subject: "won" if subject["event"] == "1" else "open"))
    curve = {(row["group_value"], row["day"]): row for row in shot.ask("win_curve", by="segment")}
    golden = list(csv.DictReader((DATA / "lifelines_km_waltons_rossi.csv").open()))
    assert len(golden) == 83
    for point in golden:
        row = curve[point["set"], int(float(point["t"]))]
        assert row["won_probability"] == pytest.approx(1 - float(point["S"]), abs=1e-9)


def test_with_losses_it_is_aalen_johansen_with_its_standard_error(snapshot):
    def outcome(number, subject):
        return "open" if subject["event"] != "1" else ("won" if number % 3 == 0 else "lost")

    rows = deals(outcome)
    shot = snapshot(deals=rows)
    curve = {(row["group_value"], row["day"]): row for row in shot.ask("win_curve", by="segment")}
    for group in ("waltons", "rossi"):
        members = [row for row in rows if row["segment"] == group]
        times = [((row["closed_at"] or AS_OF) - row["created_at"]).days for row in members]
        events = [{"open": 0, "won": 1, "lost": 2}[row["status"]] for row in members]
        oracle = CumIncidenceRight(np.array(times, float), np.array(events))
        for time, won, lost, error in zip(oracle.times, oracle.cinc[0], oracle.cinc[1], oracle.cinc_se[0], strict=True):
            row = curve[group, int(time)]
            assert row["won_probability"] == pytest.approx(won, abs=1e-9)
            assert row["lost_probability"] == pytest.approx(lost, abs=1e-9)
            assert row["won_probability"] + row["lost_probability"] + row["open_probability"] == pytest.approx(1)
            if 0 < won < 1 and not math.isnan(error):  # the oracle has no error once nobody is left at risk
                spread = 1.959963984540054 * error / (won * abs(math.log(won)))
                assert row["won_low"] == pytest.approx(math.exp(-math.exp(math.log(-math.log(won)) + spread)), abs=1e-9)
                assert row["won_high"] == pytest.approx(
                    math.exp(-math.exp(math.log(-math.log(won)) - spread)), abs=1e-9
                )


def test_nothing_is_said_beyond_the_longest_observed_age(snapshot):
    shot = snapshot(
        deals=[
            {
                "deal_id": "1",
                "status": "won",
                "created_at": AS_OF - timedelta(days=50),
                "closed_at": AS_OF - timedelta(days=40),
            },
            {"deal_id": "2", "status": "open", "created_at": AS_OF - timedelta(days=30)},
        ]
    )
    assert [(row["day"], row["at_risk"]) for row in shot.ask("win_curve")] == [(0, 2), (10, 2), (30, 1)]


def test_a_deal_closed_before_it_was_created_is_left_out_and_listed(snapshot):
    shot = snapshot(
        deals=[{"deal_id": "1", "status": "won", "created_at": day("2026-02-01"), "closed_at": day("2026-01-01")}]
    )
    assert shot.ask("win_curve") == []
    assert [row["entity_id"] for row in shot.ask("closed_before_created")] == ["1"]


def test_a_win_dated_after_the_export_counts_at_the_export(snapshot):
    shot = snapshot(
        deals=[{"deal_id": "1", "status": "won", "created_at": day("2026-11-05"), "closed_at": day("2027-01-01")}]
    )
    assert [(row["day"], row["won_probability"]) for row in shot.ask("win_curve")] == [(0, 0.0), (10, 1.0)]
