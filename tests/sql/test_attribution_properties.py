"""What must hold for the credit of any journeys: built for real, drawn at random."""

import math
import tempfile
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql.model import Snapshot, write_import

START = datetime(2026, 1, 1)
CLOSED = datetime(2026, 9, 30, 12)
CHANNELS = ("Email", "Events", "Webinar", "Direct", "Paid search", "Outbound")
MODELS = ("first", "last", "last_non_direct", "linear", "position", "u", "w", "full_path", "time_decay", "custom")

# A touch: its channel and the hour after the start; hours differ, so every touch is a session of its own.
TOUCHES = st.lists(
    st.tuples(st.sampled_from(CHANNELS), st.integers(0, 6400)), max_size=7, unique_by=lambda pair: pair[1]
)
DEAL = st.fixed_dictionaries(
    {
        "touches": TOUCHES,
        "cents": st.integers(-5_000_000, 90_000_000),
        "lead": st.integers(0, 6400),
        "deal": st.integers(0, 6400),
    }
)
Credit = dict[str, dict[tuple[str, datetime], float]]


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def world(deals: list[dict[str, Any]], name: str, label: str = "", extra: bool = False, mirror: bool = False) -> dict:
    """The rows of people, deals and touches; told apart by a name in front, so that variants share one snapshot."""
    rows: dict[str, list[dict[str, Any]]] = {"people": [], "deals": [], "touches": []}
    for number, one in enumerate(deals):
        key = f"{name}{label}{number}"
        rows["people"].append({"person_id": key, "created_at": at(one["lead"])})
        rows["deals"].append({
            "deal_id": key, "primary_person_id": key, "status": "won", "amount": Decimal(one["cents"]) / 100,
            "created_at": at(one["deal"]), "closed_at": CLOSED,
        })  # fmt: skip
        for channel, hours in one["touches"]:
            hour = 6400 - hours if mirror else hours
            rows["touches"].append({"person_id": key, "at": at(hour), "channel": channel})
        if extra:
            rows["touches"] += [
                {"person_id": key, "at": at(hour), "channel": "Events", "credit_weight": 0} for hour in (3, 3200, 6500)
            ]
    return rows


def built(folder: Path, *worlds: dict[str, list[dict[str, Any]]]) -> Snapshot:
    imports = [
        write_import(folder, kind, [row for one in worlds for row in one[kind]])
        for kind in ("people", "deals", "touches")
    ]
    return Snapshot(folder / "snapshot.duckdb", imports)


def credits_of(found: Snapshot, name: str, number: int) -> Credit:
    """The credit of one deal by model, channel and time of the touch."""
    sql = (
        "select credit_fact.model, credit_fact.channel, credit_fact.touched_at, credit_fact.weight from credit_fact"
        f" inner join deals on credit_fact.deal_key = deals.deal_key where deals.deal_id = '{name}{number}'"
    )
    credit: Credit = defaultdict(dict)
    for model, channel, touched_at, weight in found.table(sql):
        credit[model][(channel, touched_at)] = weight
    return credit


def near(one: dict, other: dict) -> bool:
    return one.keys() == other.keys() and all(math.isclose(one[key], other[key], abs_tol=1e-9) for key in one)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DEAL, min_size=1, max_size=8))
def test_credit_of_any_journeys(deals: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = built(
            Path(folder),
            world(deals, "a"),
            world(deals, "b", label="zz-other-ids-"),
            world(deals, "c", extra=True),
            world(deals, "d", mirror=True),
        )
        for number, one in enumerate(deals):
            plain = credits_of(found, "a", number)
            for model, credit in plain.items():
                assert math.isclose(sum(credit.values()), 1, abs_tol=1e-9), model
                if len({channel for channel, _ in credit}) == 1 and len(one["touches"]) == 1:
                    assert list(credit.values()) == [1.0]
            assert plain.keys() == (set(MODELS[:-1]) if one["touches"] else set())
            relabelled, with_zeros = credits_of(found, "bzz-other-ids-", number), credits_of(found, "c", number)
            assert all(near(plain[model], relabelled[model]) for model in plain), "other ids change the credit"
            assert all(near(plain[model], with_zeros[model]) for model in plain), (
                "a zero-weight touch changes the credit"
            )
            mirrored = credits_of(found, "d", number)
            for here, there in (("first", "last"), ("last", "first")):
                assert [key[0] for key in plain.get(here, ())] == [key[0] for key in mirrored.get(there, ())]
        to_the_cent(found, deals)
        found.reader.close()


def to_the_cent(found: Snapshot, deals: list[dict[str, Any]]) -> None:
    """Every model gives away exactly what was won, of every deal and of all."""
    won = 4 * sum(Decimal(one["cents"]) / 100 for one in deals)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in found.ask("attribution", min_won=1, min_journeys=1, custom_weights="20,0,0,60,20"):
        sums[row["model"]] += row["revenue"]
    touched = any(one["touches"] for one in deals)
    assert set(sums) == {*MODELS, *(("markov", "shapley") if touched else ())}
    assert set(sums.values()) == {won}
    each = found.table(
        "select sum(credit_fact.amount) = any_value(deals.amount) from credit_fact"
        " inner join deals on credit_fact.deal_key = deals.deal_key group by credit_fact.deal_key, credit_fact.model"
    )
    assert all(row[0] for row in each)
