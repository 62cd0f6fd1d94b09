"""The proof drawer: what stands behind a number adds up to it, and where it does not the drawer says so in red."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from scorecard import queries
from scorecard.export.proof_parts import Added, Proof
from scorecard.export.proofs import PROOFS, Proved, prove, with_values, wrong
from scorecard.filters import Filters
from scorecard.queries_readers import POOL
from scorecard.store import Store
from tests.pages.conftest import words
from tests.pages.test_what_changed_page import weeks_store  # noqa: F401  (a fixture)

PERIOD = (date(2026, 8, 17), date(2026, 11, 16))
QUARTER = {"period_start": date(2026, 10, 1), "period_end": date(2026, 11, 16)}
DATED = ("coverage",)  # of the running quarter, unless told
ONE_SNAPSHOT = [name for name, proof in PROOFS.items() if proof.checks and not queries.find(name).compares_snapshots]
GIVEN: dict[str, dict[str, Any]] = {
    "attribution": {"business": "new"},
    "touch_credit": {"deal_id": "508785"},
    "win_curve": {"by": "side"},
}


def answers(store: Path, name: str, filters: Filters) -> tuple[Proved, dict[str, Any]]:
    """A report with its records and checks, and what it was asked with."""
    of = filters if "period_start" in queries.find(name).params and name not in DATED else filters.at_any_time()
    given = {**of.to_params(), **GIVEN.get(name, {})}
    return prove(asking_of(Store(store)), name, given, "", QUARTER), given


def at_stake(name: str, records: pd.DataFrame) -> pd.DataFrame:
    """The records that the answer counts, where the list holds others too."""
    mine = records[records["is_shown"].astype(bool)] if "is_shown" in records else records
    if name == "close_probability":
        return mine[mine["outcome"] == 0]
    if name == "retention":
        return mine[mine["opening"] > 0]
    return mine[mine["days_overdue"].notna()] if name == "coverage" else mine


@pytest.mark.parametrize("name", ONE_SNAPSHOT)
@pytest.mark.parametrize("regions", [(), ("EMEA",)])
def test_the_records_of_a_report_add_up_to_it_and_one_less_does_not(
    sample_store: Path, name: str, regions: tuple[str, ...]
) -> None:
    found, given = answers(sample_store, name, Filters(*PERIOD, regions=regions))
    assert len(found.rows) and found.checks and wrong(found.checks) == []
    for proof in (PROOFS[name], *PROOFS[name].more):
        assert proof.checks
        if name == "video_funnel":  # counts without a list of people: a later step that is larger would be wrong
            spoilt = found.rows.assign(people=list(found.rows["people"])[::-1])
        elif name == "touch_credit":
            spoilt = found.rows.assign(weight=found.rows["weight"].where(found.rows.index > 0, 0.5))
        else:
            records = found.records[proof.records]
            mine = at_stake(name, records)
            sums = ("adds", "amount", "credited_amount", "opening", "numerator", "denominator", "revenue")
            largest = [one for one in sums if one in mine.columns and mine[one].notna().any()]
            at = mine[largest[0]].astype(float).abs().idxmax() if largest else mine.index[0]
            at = mine["entered_on"].idxmax() if name == "win_curve" else at  # one of the period
            assert wrong(proof.checks(found.rows, records.drop(index=at), given))
            continue
        assert wrong(proof.checks(spoilt, spoilt, given))


def asking_of(store: Store) -> Callable[[str, Mapping[str, Any], str], pd.DataFrame]:
    """Reports of a store, for the values that each takes of those given."""
    info = store.current()
    assert info
    reader = POOL.reader(info.path)

    def ask(name: str, given: Mapping[str, Any], before: str) -> pd.DataFrame:
        query = queries.find(name)
        other = POOL.reader(store.snapshot(before).path) if before and query.compares_snapshots else None
        return queries.run(reader, name, {key: one for key, one in given.items() if key in query.params}, before=other)

    return ask


def press(app: AppTest, name: str) -> AppTest:
    button = next(one for one in app.button if str(one.key).endswith(name) and str(one.key).startswith("proof_"))
    return button.click().run()


def test_the_drawer_of_the_pipeline_checks_every_bar(
    open_app: Callable[..., AppTest],
    weeks_store: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = press(open_app(weeks_store, "what_changed"), "pipeline_flow")
    assert not app.exception
    text = words(app).replace("\\", "")
    assert "Checked now: the records add up" in app.success[0].value.replace("\\", "")
    assert "Data to Sun 15 Nov 2026 · snapshot" in text and "compared with snapshot" in text and "no filter" in text
    assert "-- $period_start = '2026-10-01'" in app.code[0].value and "select" in app.code[0].value
    assert any("deal_id" in one.value.columns for one in app.dataframe)

    false = Proof("pipeline_flow_deals", lambda rows, records, given: [Added("Won", 5.0, 4.0)])
    monkeypatch.setattr("scorecard.ui_proof.proof_of", lambda name: false)
    app = press(open_app(weeks_store, "what_changed"), "pipeline_flow")
    assert not app.success
    assert "do not add up" in app.error[0].value
    assert "Won: the number says 5, its records give 4" in app.error[0].value.replace("\\", "")


def test_a_metric_opens_the_same_drawer(open_app: Callable[..., AppTest], deals_store: Path) -> None:
    app = open_app(deals_store, period="All")
    app = press(app, "marketing_sourced_revenue")
    assert not app.exception
    assert "Numerator 42,000" in app.success[0].value.replace("\\", "")
    assert "-- $metric = 'marketing_sourced_revenue'" in app.code[0].value


def test_the_statement_is_shown_with_its_values() -> None:
    query = queries.find("sourced_revenue")
    text = with_values(query, {"regions": ["EMEA", "O'Neil"], "business": "new", "sides": []})
    assert "-- $regions = ['EMEA', 'O''Neil']" in text and "-- $business = 'new'" in text
    assert "nothing is filtered by" in text and "sides" in text.partition("filtered by:")[2].splitlines()[0]
    assert text.endswith(query.whole_sql)


def test_a_difference_of_less_than_a_cent_is_none() -> None:
    assert Added("x", 1.0, 1.004).is_true
    assert not Added("x", 1.0, 1.0 + timedelta(seconds=1).total_seconds() / 100).is_true
