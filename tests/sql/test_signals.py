"""Signals as they are asked: a file of leads by week goes through `load`, and `ask signals` says which weeks are news.

`product` names the run; the filter takes one. `make prove ONLY=noise` does it with more runs.
"""

import csv
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scorecard import loading, queries
from scorecard.book import BookCopy, RegimeBreak
from scorecard.queries_readers import POOL
from scorecard.stats import xmr
from scorecard.store import Store
from tests.command_line import ask, load
from tests.sql.model import Snapshot, write_import

RUNS = int(os.environ.get("SCORECARD_NOISE_RUNS", "2"))
EXAMPLE = [39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40]
LAST = date(2025, 12, 22)  # Monday of the last complete week
WEEKS, BASELINE = 52, 26
AS_OF = datetime(2025, 12, 30)  # a Tuesday: its week is not over
Note = Callable[[str, object], None]


def weekly(run: str) -> list[int]:
    """How many leads came in each week, the last one being `LAST`."""
    if run == "example":
        return EXAMPLE
    random = np.random.default_rng([len(run), int(run[5:]), 3])
    level, rise = (60, 1.3) if run.startswith("shift") else (15, 1.0)
    return [int(random.poisson(level * (rise if week >= BASELINE else 1.0))) for week in range(WEEKS)]


def runs(kind: str) -> list[str]:
    return [f"{kind}{number}" for number in range(RUNS * (4 if kind == "noise" else 1))]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All runs in one export, as anybody would load it."""
    folder = tmp_path_factory.mktemp("weeks")
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["person_id", "created_at", "product", "source_raw"])
        for run in ["example", *runs("noise"), *runs("shift")]:
            counts = weekly(run)
            first = LAST - timedelta(weeks=len(counts) - 1)
            for week, count in enumerate([*counts, 5]):  # five in the week that is not over
                for at in range(count):
                    day = first + timedelta(weeks=week, days=at % 7 if week < len(counts) else 0)
                    out.writerow([f"{run}-{week}-{at}", day.isoformat(), run, "Webinar"])
    load(folder / "store", path, "--as-of", AS_OF.date())
    return folder / "store"


@pytest.fixture(scope="module")
def answers(store: Path) -> Callable[..., list[dict[str, Any]]]:
    """`answers(run)`: the weeks of new leads of a run, from one open snapshot."""
    current = Store(store).current()
    assert current is not None
    reader = POOL.reader(current.path)

    def of(run: str, **more: Any) -> list[dict[str, Any]]:
        return queries.rows(reader, "signals", {"metric": "new_leads", "products": [run], **more})

    return of


def test_a_loaded_file_gives_the_limits_of_the_worked_example(store: Path) -> None:
    rows = ask(store, "signals", "--metric", "new_leads", "--product", "example")
    assert [row["value"] for row in rows] == EXAMPLE, "complete weeks only"
    assert rows[-1]["week"] == LAST.isoformat()
    for row in rows:
        assert row["center"] == pytest.approx(41.4167, abs=1e-4)
        assert (row["low"], row["high"]) == (pytest.approx(36.8221, abs=1e-4), pytest.approx(46.0112, abs=1e-4))
        assert row["baseline_weeks"] == 12
        assert row["signal"] is None, "twelve weeks draw limits and call nothing"


def test_noise_is_seldom_a_signal_and_a_shift_soon_is(answers: Callable[..., Any], record_property: Note) -> None:
    noise = [bool(row["signal"]) for run in runs("noise") for row in answers(run)]
    first = []
    for run in runs("shift"):
        found = [bool(row["signal"]) for row in answers(run)][BASELINE:]
        first.append(found.index(True) + 1)
    record_property("weeks of noise called a signal, through load and ask", f"{np.mean(noise):.1%} of {len(noise)}")
    record_property("a shift of +30 % is called in week (median), through load and ask", f"{np.median(first):g}")
    assert np.mean(noise) <= 0.03
    assert np.median(first) <= 4


def test_limits_are_frozen_and_the_period_only_chooses_weeks(answers: Callable[..., Any]) -> None:
    rows = answers("shift0")
    baseline = np.array(weekly("shift0")[:BASELINE], dtype=np.float64)
    limits = xmr.limits(baseline)
    assert limits is not None
    for row in rows:
        assert (row["low"], row["center"], row["high"]) == pytest.approx((limits.low, limits.center, limits.high))
    some = answers("shift0", period_start=LAST - timedelta(weeks=3))
    assert some == rows[-4:]


def test_what_the_answer_rests_on_is_said(answers: Callable[..., Any]) -> None:
    notes = answers("shift0").notes
    assert any("Limits of 26 weeks, begun in the week of 30 Dec 2024" in note for note in notes)
    assert any("2.2% of weeks are called a signal all the same" in note for note in notes)
    assert any("12 weeks are shown, signals are called from 13 on" in note for note in answers("example").notes)


def test_a_declared_new_start_draws_new_limits_from_there(store: Path, answers: Callable[..., Any]) -> None:
    before = answers("shift0")
    held, when = Store(store), LAST - timedelta(weeks=25)
    entry = {"metric": "new_leads", "from_on": when, "note": "New website", "by": "Ann", "at": AS_OF}
    held.book.put("regime_breaks", entry, "Ann", AS_OF)
    loading.refresh(held, AS_OF, "Ann")
    rows = ask(store, "signals", "--metric", "new_leads", "--product", "shift0")
    old = [row for row in rows if row["week"] < when.isoformat()]
    new = [row for row in rows if row["week"] >= when.isoformat()]
    assert [row["center"] for row in old] == [row["center"] for row in before[: len(old)]]
    assert new[0]["center"] == pytest.approx(np.mean(weekly("shift0")[BASELINE:]))
    assert sum(row["signal"] for row in new) < sum(bool(row["signal"]) for row in before[BASELINE:])
    assert held.book.history(1)[0].who == "Ann"


DATA_DATE = date(2026, 11, 15)
COSTS_FROM = date(2026, 3, 2)


def leads(segment: str, a_week: int, won_after: int) -> dict[str, list[dict[str, Any]]]:
    """Forty weeks of so many people; the first of each week wins after so many days."""
    people, deals, links = [], [], []
    for week in range(40):
        day = datetime.combine(DATA_DATE - timedelta(days=6 + 7 * week), datetime.min.time())
        for at in range(a_week):
            person = f"{segment}{week}-{at}"
            people.append({"person_id": person, "created_at": day, "segment": segment})
        won = day + timedelta(days=won_after)
        if won.date() <= DATA_DATE:
            deals.append(
                {"deal_id": f"{segment}{week}", "status": "won", "created_at": day, "closed_at": won, "amount": 9}
            )
            links.append({"deal_id": f"{segment}{week}", "person_id": f"{segment}{week}-0"})
    return {"people": people, "deals": deals, "deal_people": links}


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """25 leads a week in one segment and 5 in the other, costs for twenty weeks, and a new start for all metrics."""
    folder = tmp_path_factory.mktemp("built")
    many, few = leads("many", 25, won_after=28), leads("few", 5, won_after=7)
    tables = {kind: many[kind] + few[kind] for kind in many}
    tables["spend"] = [
        {"period_start": datetime.combine(COSTS_FROM + timedelta(days=day), datetime.min.time()), "cost": 10}
        for day in range(7 * 20 + 3)
    ]
    book = BookCopy(regime_breaks=(RegimeBreak("", date(2026, 9, 9), "New year plan", "Bo", "2026-09-10"),))
    imports = [write_import(folder, kind, rows) for kind, rows in tables.items()]
    built = Snapshot(folder / "built.duckdb", imports, book)
    yield built
    built.reader.close()


def test_the_share_won_is_looked_at_at_a_fixed_age(shot: Snapshot) -> None:
    rows = shot.ask("signals", metric="lead_to_win_rate", segments=["many"])
    assert {row["value"] for row in rows} == {1 / 25}, "every week has had the same time"
    assert rows[-1]["week"] == date(2026, 10, 5), "weeks that end at least 30 days before the data date"
    young = shot.ask("signals", metric="lead_to_win_rate", segments=["many"], age_days=14)
    assert {row["value"] for row in young} == {0.0}
    # The metric itself is taken by the data date, and its young weeks look worse.
    assert shot.ask("metric_trend", metric="lead_to_win_rate", segments=["many"])[-1]["value"] == 0


def test_rates_of_few_cases_are_those_of_four_weeks(shot: Snapshot) -> None:
    rows = shot.ask("signals", metric="lead_to_win_rate", segments=["few"])
    assert {row["denominator"] for row in rows} == {20}
    assert {row["value"] for row in rows} == {0.2}
    assert any("the rate of 4 weeks" in note for note in getattr(rows, "notes", ()))


def test_a_week_is_over_when_its_costs_and_follow_ups_are_known(shot: Snapshot) -> None:
    weeks = [row["week"] for row in shot.ask("signals", metric="spend")]
    assert weeks[-1] == COSTS_FROM + timedelta(weeks=19), "no week without costs that only were not exported"
    asked = {row["metric"] for row in shot.ask("signals")}
    assert asked >= {"spend", "new_leads"}
    assert "follow_up_in_sla" not in asked, "nothing is known of follow-ups, which is not 0 %"


def test_a_break_of_all_metrics_counts_for_each(shot: Snapshot) -> None:
    rows = [row for row in shot.ask("signals", metric="new_leads") if row["week"] > date(2026, 9, 9)]
    assert rows[0]["week"] == date(2026, 9, 14), "from the first whole week on"
    assert {row["baseline_weeks"] for row in rows} == {9}
    assert {row["signal"] for row in rows} == {None}
    assert [row["note"] for row in shot.ask("regime_breaks")] == ["New year plan"]
