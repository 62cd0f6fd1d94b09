"""Runs the long proofs, each in a process of its own, and keeps their figures in docs/proof.md."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.proof_page import Figure, put, section  # noqa: E402

TIMEOUT_S = 4 * 3600


@dataclass(frozen=True)
class Proof:
    """Tests with their long counts; what they record with `record_property` are the figures."""

    title: str
    says: str
    tests: str
    long: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)


UNIT = "tests/unit"
SIX_WEEKS = f"{UNIT}/test_faults.py::test_six_weekly_exports_in_any_order_with_repeats_give_one_state"
PROOFS = {
    "kills": Proof(
        "Loads that are killed",
        "kill -9 at moments spread over the whole load and at every step that writes, also of use, rebuild, changed "
        "settings and the inbox; then the store opens at once, whole, on the old or the new numbers.",
        f"{UNIT}/test_kill.py",
        {"SCORECARD_KILLS": "200"},
        {"SCORECARD_KILLS": "4"},
    ),
    "full": Proof(
        "Disks that are full",
        "The command line on a real file system with so little room that the load fails at each of its steps.",
        f"{UNIT}/test_full_disk.py",
        {"SCORECARD_FILLINGS": "60"},
        {"SCORECARD_FILLINGS": "3"},
    ),
    "pollution": Proof(
        "Spoilt exports",
        "Exports spoilt in the ways real ones are. Flagged: rows left out and named. Refused: not read, and why.",
        f"{UNIT}/test_reading_pollution.py",
        {"SCORECARD_POLLUTIONS": "2500"},
        {"SCORECARD_POLLUTIONS": "100"},
    ),
    "contract": Proof(
        "The contract of a weekly export",
        "Exports with one defect each, beside clean ones: each is named before anything is published, and no clean "
        "week is spoken of.",
        f"{UNIT}/test_contract.py",
        {"SCORECARD_PROVE": "1"},
        {"SCORECARD_PROVE": "0"},
    ),
    "encodings": Proof(
        "Encodings",
        "The same 400 rows in eleven encodings, with and without byte order mark, and with one bad line: one table.",
        f"{UNIT}/test_reading_encodings.py",
    ),
    "orders": Proof(
        "Orders of weekly exports",
        "Six weekly exports of one list, and files of nine other shapes (without ids, without dates of change, "
        "overlapping, renamed columns, ad spend, full and partial), in any order and some of them twice.",
        f"{UNIT}/test_orders.py {SIX_WEEKS}",
        {"SCORECARD_ORDERS": "20"},
        {"SCORECARD_ORDERS": "1"},
    ),
    "threads": Proof(
        "Questions while loads publish",
        "Threads ask on while new weeks are published and old ones brought back; every answer is that of its snapshot.",
        f"{UNIT}/test_faults.py::test_threads_that_ask_while_loads_publish_get_right_answers_only",
        {"SCORECARD_QUESTIONS": "1000"},
        {"SCORECARD_QUESTIONS": "40"},
    ),
    "scores": Proof(
        "Close probability on deals of known truth",
        "Fifteen past dates played again with what was known then: the score is calibrated, no later fact changes it, "
        "a score fitted on all data is found out, and the usual win rates are off as far as published.",
        f"{UNIT}/test_stats_backtest.py",
        {"SCORECARD_SCORED": "400000", "SCORECARD_SCORED_SEEDS": "5"},
        {"SCORECARD_SCORED": "60000", "SCORECARD_SCORED_SEEDS": "1"},
    ),
    "curves": Proof(
        "Win curves on deals of known truth",
        "One export of a thousand seeds, loaded and asked: the 95 % interval of each seed's curve holds the truth as "
        "often as it says, at the days the page reads it; the usual win rates are off as far as published.",
        "tests/sql/test_curve_coverage.py",
        {"SCORECARD_CURVES": "1000", "SCORECARD_CURVE_DEALS": "1000"},
        {"SCORECARD_CURVES": "60", "SCORECARD_CURVE_DEALS": "400"},
    ),
    "forecast": Proof(
        "The band of the forecast on quarters of known truth",
        "Five channels, nine quarters at seven weeks each, every quarter up to 10 % good or bad for all deals at once, "
        "with and without growth; each band rests on the quarters before it.",
        f"{UNIT}/test_forecast_bands.py",
        {"SCORECARD_FORECASTS": "60"},
        {"SCORECARD_FORECASTS": "4"},
    ),
    "lift": Proof(
        "Video lift on leads of known truth",
        "Generated leads whose chance of a win is 1.00, 1.30 or 1.85 times as high from the first view on, early and "
        "late buyers, loaded as files and asked of the published snapshot (the runs of a shape share a store, the "
        "product filter takes one): the headline's interval holds the truth, the naive ratio is wrong as published, "
        "videos after the win do nothing.",
        "tests/sql/test_lift_truth.py",
        {"SCORECARD_LIFT_SEEDS": "100", "SCORECARD_LIFT_LEADS": "3000", "SCORECARD_LIFT_GOLDEN": "40000"},
        {"SCORECARD_LIFT_SEEDS": "2", "SCORECARD_LIFT_LEADS": "1500", "SCORECARD_LIFT_GOLDEN": "0"},
    ),
    "noise": Proof(
        "Signals on weeks of known truth",
        "Weeks in which nothing changes and weeks after a shift of +30 %: counts, rates, money and costs, judged by "
        "limits of the 26 weeks before; and one export of many runs of weekly leads, loaded and asked.",
        f"{UNIT}/test_stats_xmr.py tests/sql/test_signals.py",
        {"SCORECARD_NOISE": "600", "SCORECARD_NOISE_RUNS": "30"},
        {"SCORECARD_NOISE": "60", "SCORECARD_NOISE_RUNS": "2"},
    ),
    "viewer": Proof(
        "The viewer's connection",
        "Attempts to reach files, settings or the tables through the connection that pages read with.",
        "tests/sql/test_viewer.py",
    ),
    "hostile": Proof(
        "Hostile values",
        "Values that try to run as code, markup, links or formulas, in every text column and file name, on every page.",
        "tests/browser/test_hostile.py",
    ),
}
# Proofs that are benchmarks: script, options at small counts, options at full ones ({people}: how many).
BENCHES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "upload": ("upload", ("--megabytes", "30"), ()),
    "weeks": ("weeks", ("--deals", "300", "--weeks", "7"), ()),
    "ingest": ("ingest", ("--people", "2000", "--pairs", "1"), ("--people", "{people}")),
    "people": ("million", ("--people", "2000"), ("--people", "{people}")),
}


def run_tests(proof: Proof, counts: Mapping[str, str]) -> tuple[bool, list[Figure]]:
    """Whether all tests passed, and their figures."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "--timeout", str(TIMEOUT_S), f"--junitxml={report}"]
        command += ["-o", "junit_family=xunit1", *proof.tests.split()]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **counts}, check=False)
        figures = read_report(report)
    figures.append(Figure("time", f"{time.monotonic() - started:,.0f} s"))
    return done.returncode == 0, figures


def read_report(report: Path) -> list[Figure]:
    """How many tests passed, and what they recorded."""
    if not report.exists():
        return [Figure("tests", "did not start")]
    cases = list(ElementTree.parse(report).iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    recorded = [
        Figure(str(one.get("name")), readable(str(one.get("value")))) for case in cases for one in case.iter("property")
    ]
    counted = f"{len(cases) - failed - skipped} of {len(cases)}"
    return [*recorded, Figure("tests passed", counted, f"{skipped} skipped" if skipped else "")]


def readable(value: str) -> str:
    return f"{int(value):,}" if value.isdecimal() else value


def prove(name: str, short: bool) -> bool:
    """Run one proof; its section is written unless the counts were short or something failed."""
    proof = PROOFS[name]
    passed, figures = run_tests(proof, proof.short if short else proof.long)
    text = section(proof.title, proof.says, figures, f"make prove ONLY={name}", datetime.now().date())
    print(text, flush=True)
    if passed and not short:
        put(text)
    return passed


def bench(script: str, short: Sequence[str], long: Sequence[str], is_short: bool) -> bool:
    """Run one of the benchmarks; it writes its own section unless it runs small."""
    options = short if is_short else [*long, "--write"]
    command = [sys.executable, f"benchmarks/{script}.py", *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def chosen(only: Sequence[str]) -> list[str]:
    """The proofs named, or all."""
    names = [*PROOFS, *BENCHES]
    unknown = sorted(set(only) - set(names))
    if unknown:
        raise SystemExit(f"There is no proof {', '.join(unknown)}; there are {', '.join(names)}.")
    return [name for name in names if not only or name in only]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help=f"some of: {' '.join([*PROOFS, *BENCHES])}")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--short", action="store_true", help="small counts, to see that it works; writes nothing")
    options = parser.parse_args()
    names = chosen(options.only.replace(",", " ").split())
    failed = []
    for name in names:
        if name in BENCHES:
            script, short, long = BENCHES[name]
            passed = bench(script, short, [part.format(people=options.people) for part in long], options.short)
        else:
            passed = prove(name, options.short)
        if not passed:
            failed.append(name)
    if failed:
        raise SystemExit(f"Not proved: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
