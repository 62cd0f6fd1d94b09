"""How soon the snapshot answers every report on the hand-over and on growth, with its main breakdowns and a filter.

Every question goes through the front door, calculation included; promised is a second each at 1,000,000 people.
`--store DIR` names a store that is loaded; without, one of so many people is made and loaded.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.million import WORK  # noqa: E402
from benchmarks.proof_page import PAGE, Figure, put, section  # noqa: E402
from benchmarks.queries import built  # noqa: E402
from scorecard import queries  # noqa: E402
from scorecard.errors import NotComputableError  # noqa: E402
from scorecard.queries_readers import POOL, Reader  # noqa: E402

PROMISED_S = 1.0
REPORTS = (
    *("speed_to_lead", "handoff_waits", "speed_bands", "hand_off_promises", "attempts_before_giving_up"),
    *("verdict_matrix", "hand_off_people", "quality_loop", "rejection_reasons", "reference_candidates", "lead_stages"),
    *("activity_match", "retention", "retention_moves", "retention_cells", "retention_customers", "renewals"),
    *("acquisition", "unit_economics", "customer_value", "discounts", "voice", "claims", "friction"),
)
METRICS = ("nrr", "grr", "cac", "nps", "csat", "handed_over_leads", "lead_value_delivered", "acceptance_rate")
BREAKDOWNS = ("channel", "source", "owner", "week", "segment", "month", "sla")
OTHERS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "speed_to_lead": ({"clock": "wall"},),
    "hand_off_people": ({"flag": "untouched"}, {"criteria": "yes", "worked": "no"}),
    "lead_stages": ({"reading": "throughput"}, {"reading": "stock"}),
    "retention": ({"every": "month"}, {"every": "month", "by": "segment"}, {"every": "quarter"}),
    "retention_moves": ({"every": "quarter"},),
    "retention_cells": ({"every": "month"}, {"every": "month", "by": "segment"}),
    "acquisition": ({"model": "linear", "by": "channel"},),
    "voice": ({"kind": "csat"}, {"kind": "csat", "by": "owner"}),
}  # fmt: skip
BY_ANYTHING = ("retention", "retention_moves", "retention_cells", "retention_customers")


@dataclass(frozen=True, eq=False)
class Question:
    """A report or metric and what is asked of it."""

    name: str
    given: Mapping[str, Any]

    def __str__(self) -> str:
        options = " ".join(f"--{name.replace('_', '-')} {_typed(value)}" for name, value in self.given.items())
        return f"{self.name} {options}".strip()


@dataclass(frozen=True)
class Timing:
    """Medians in seconds: what somebody waits, and what all processors together work."""

    wall: float
    work: float


def _typed(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def questions(reader: Reader) -> Iterator[Question]:
    """Every report as it is, by each main breakdown it has, with its own choices, and with a filter and a period."""
    segment, as_of = _usual(reader)
    for name in REPORTS:
        query = queries.find(name)
        always = {"aligned_on": as_of - timedelta(days=365)} if "aligned_on" in query.params else {}
        if "baseline_start" in query.params:
            always = {"baseline_start": as_of - timedelta(days=730), "baseline_end": as_of - timedelta(days=365)}
        yield Question(name, always)
        for by in query.choices.get("by", BREAKDOWNS[:5] if name in BY_ANYTHING else ()):
            if by in BREAKDOWNS and not (name in BY_ANYTHING and by == "week"):
                yield Question(name, {**always, "by": by})
        for other in OTHERS.get(name, ()):
            yield Question(name, {**always, **other})
        if "segments" in query.params:
            year = {"period_start": as_of - timedelta(days=365)} if "period_start" in query.params else {}
            yield Question(name, {**always, "segments": [segment]})
            yield Question(name, {**always, "segments": [segment], **year})
    for name in METRICS:
        yield Question(name, {})
        for given in ({"by": "source"}, {"by": "owner"}, {"by": "segment"}, {"grain": "week"}, {"grain": "month"}):
            yield Question(name, given)
        yield Question(name, {"segments": [segment], "grain": "month"})


def _usual(reader: Reader) -> tuple[str, Any]:
    """The segment most leads are in, and the day the numbers tell of."""
    cursor = reader.cursor()
    sql = "select mode(segment), any_value(as_of_on) from lead_fact cross join config"
    found = cursor.execute(sql).fetchall()[0]
    cursor.close()
    return found


def ask(reader: Reader, question: Question) -> list[dict[str, Any]]:
    """The answer; nothing where the store cannot tell."""
    try:
        return queries.rows(reader, question.name, question.given)
    except NotComputableError:
        return []


def timed(reader: Reader, question: Question, times: int) -> Timing:
    """Asked so often after one that warms up."""
    ask(reader, question)
    walls, works = [], []
    for _ in range(times):
        wall, work = time.perf_counter(), time.process_time()
        ask(reader, question)
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    return Timing(statistics.median(walls), statistics.median(works))


def by_report(timings: Mapping[Question, Timing]) -> list[Figure]:
    """A line for each report: the slowest of its questions, which that is, and the plain one."""
    figures = []
    for name in dict.fromkeys(question.name for question in timings):
        mine = {question: timing for question, timing in timings.items() if question.name == name}
        worst = max(mine, key=lambda question: mine[question].wall)
        plain = mine[next(iter(mine))]
        note = f"slowest of {len(mine)}: `{worst}`, {mine[worst].work:.2f} s of processors; plain {plain.wall:.2f} s"
        figures.append(Figure(name, f"{mine[worst].wall:.2f} s", note))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="a store that is loaded")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--times", type=int, default=5, help="of how many the median is taken")
    parser.add_argument("--only", default="", help="the reports whose names begin so, separated by commas")
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, help="keep the figures in docs/proof.md")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    store = options.store or built(options.people, options.seed)
    current = (store / "CURRENT").read_text(encoding="utf-8").strip()
    reader = POOL.reader(store / "snapshots" / f"{current}.duckdb")
    begun = tuple(options.only.split(","))
    asked = [one for one in questions(reader) if one.name.startswith(begun)]
    timings: dict[Question, Timing] = {}
    for question in asked:
        timings[question] = found = timed(reader, question, options.times)
        late = "  LATE" if found.wall > PROMISED_S else ""
        print(f"{found.wall:6.2f} s  {found.work:6.2f} s of processors  {question}{late}", flush=True)
    people = _people(reader)
    kept = [_within(timings, "wall", "answered in"), _within(timings, "work", "that take all processors together")]
    load = Figure("others at work meanwhile", f"{os.getloadavg()[2]:.0f}", "load average of 15 minutes; 0 is nobody")
    says = (
        "Every report on the hand-over and on growth through the front door, over all data unless it says otherwise,"
        f" median of {options.times} after one that warms up."
    )
    command = " ".join(["python", "benchmarks/growth.py", *sys.argv[1:]])
    title = f"Hand-off and growth at {people:,} people"
    text = section(title, says, [*kept, load, *by_report(timings)], command, datetime.now().date())
    if options.write:
        put(text, options.write)
    print(text)


def _within(timings: Mapping[Question, Timing], what: str, words: str) -> Figure:
    """How many questions took no longer than promised."""
    found = sum(getattr(timing, what) <= PROMISED_S for timing in timings.values())
    note = "promised: every report" if what == "wall" else "about what it lasts where nobody else is at work"
    return Figure(f"questions {words} a second at most", f"{found} of {len(timings)}", note)


def _people(reader: Reader) -> int:
    cursor = reader.cursor()
    found = cursor.execute("select count(*) from lead_fact").fetchall()[0][0]
    cursor.close()
    return int(found)


if __name__ == "__main__":
    main()
