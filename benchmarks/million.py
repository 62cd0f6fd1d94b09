"""Times generating, loading, asking and drawing at any number of people; `--write` keeps the figures in a page."""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.proof_page import PAGE, Figure, put, section  # noqa: E402

WORK = ROOT / "build" / "bench"
REPEATS = 5
PAGES = ("scorecard", "sourced_revenue", "close_probability", "video", "definitions", "data")
PERIODS = ("4w", "QTD", "YTD", "All", "13w")


@dataclass(frozen=True)
class Run:
    """A finished command: wall seconds, the most memory it held, what it printed."""

    seconds: float
    peak_mb: float
    out: str


def command(*arguments: str) -> Run:
    """`python -m scorecard ARGUMENTS` in a process of its own; ends the benchmark if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "scorecard", *arguments], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"scorecard {arguments[0]} ended with {process.returncode}: {out[-2000:]}")
    return Run(seconds, usage.ru_maxrss / 1024, out)


def median_ms(action: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The median time of an action in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def exports(people: int, seed: int) -> tuple[list[Path], Figure]:
    """The generated exports, made once for a size and seed."""
    folder = WORK / f"exports-{people}-{seed}"
    note = "made before"
    if not (folder / ".done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        made = command("sample", "--seed", str(seed), "--people", str(people), "--out", str(folder))
        (folder / ".done").touch()
        note = f"made in {made.seconds:.0f} s"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    size = sum(path.stat().st_size for path in files)
    return files, Figure("exports", f"{len(files)} files, {size / 1e6:,.0f} MB", note)


def bare_load(files: Sequence[Path]) -> float:
    """Seconds DuckDB alone needs to copy the CSV files into one database, nothing checked: the floor."""
    target = WORK / "bare.duckdb"
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    with duckdb.connect(str(target)) as connection:
        for number, path in enumerate(path for path in files if path.suffix == ".csv"):
            if is_plain(path):
                connection.read_csv(str(path), all_varchar=True, header=True).to_table(f"file_{number}")
        connection.execute("checkpoint")
    seconds = time.perf_counter() - start
    target.unlink()
    return seconds


def is_plain(path: Path) -> bool:
    """A UTF-8 file with commas and a header in the first line: what the floor can read at all."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            header = next(csv.reader(source))
            return len(header) > 1 and len(next(csv.reader(source))) == len(header)
    except (UnicodeDecodeError, StopIteration):
        return False


def load(files: Sequence[Path], store: Path, as_of: str | None) -> list[Figure]:
    """Loads everything into a new store."""
    shutil.rmtree(store, ignore_errors=True)
    floor = statistics.median(bare_load(files) for _ in range(3))
    dated = ["--as-of", as_of] if as_of else []
    done = command("load", *map(str, files), "--skip-unknown", "--json", "--store", str(store), *dated)
    accounts = json.loads(done.out)["files"]
    read = sum(account["rows_read"] for account in accounts)
    loaded = sum(account["rows_loaded"] for account in accounts)
    other = sum(account["rows_quarantined"] + account["rows_not_data"] for account in accounts)
    if read != loaded + other:
        raise SystemExit(f"The account does not balance: {read} read, {loaded} loaded, {other} other.")
    return [
        Figure("rows read", f"{read:,}", f"{loaded:,} loaded, {other:,} quarantined or not data"),
        Figure("validated load", f"{done.seconds:.1f} s", f"{done.peak_mb:,.0f} MB at most"),
        Figure("bare copy of the CSV files into DuckDB", f"{floor:.1f} s", "median of 3; checks nothing"),
        Figure("validated load / bare copy", f"{done.seconds / floor:.1f} ×"),
        roll_back(store),
    ]


def roll_back(store: Path) -> Figure:
    """Bring a published snapshot back and ask it, in a fresh process each: its whole file is looked at."""
    shown = (store / "CURRENT").read_text(encoding="utf-8").strip()
    used = command("use", shown, "--store", str(store))
    asked = command("ask", "won_revenue", "--store", str(store))
    size = (store / "snapshots" / f"{shown}.duckdb").stat().st_size
    note = f"{used.seconds:.1f} s + {asked.seconds:.1f} s; the snapshot has {size / 1e6:,.0f} MB"
    return Figure(
        "a published snapshot brought back, and a number of it asked", f"{used.seconds + asked.seconds:.1f} s", note
    )


def question_times(store: Path) -> list[Figure]:
    """Every report and the roll-up of every metric, asked of the snapshot with nothing cached."""
    from scorecard import queries, warehouse
    from scorecard.errors import NotComputableError, QueryError

    snapshot = store / "snapshots" / f"{(store / 'CURRENT').read_text(encoding='utf-8').strip()}.duckdb"
    figures = []
    with warehouse.open_reader(snapshot) as reader:
        for query in sorted(queries.catalogue().values(), key=lambda query: query.name):
            if query.folder not in ("metric", "report"):
                continue
            needed = {"metric": "won_revenue"} if "metric" in query.params else {}
            name, params = (
                (query.name, needed) if query.folder == "report" else ("metric_rollup", {"metric": query.name})
            )
            if query.name == "records":
                params = {**params, "row_limit": 100}
            try:
                spent = median_ms(lambda name=name, params=params: queries.run(reader, name, params))
            except NotComputableError:
                continue
            except QueryError as error:
                figures.append(Figure(f"ask {query.name}", "no answer", str(error)))
                continue
            figures.append(Figure(f"ask {query.name}", f"{spent:.0f} ms"))
    return figures


def page_times(store: Path) -> list[Figure]:
    """Script time of each page: the first run, then a change of the period nobody asked for before."""
    os.environ["SCORECARD_STORE"] = str(store)
    os.environ["SCORECARD_SAMPLE_STORE"] = ""
    os.environ["STREAMLIT_LOGGER_LEVEL"] = "error"
    from streamlit.testing.v1 import AppTest

    figures = []
    for name in PAGES:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        start = time.perf_counter()
        app.run()
        if name != PAGES[0]:
            app.switch_page(f"pages/{name}.py").run()
        first = 1000 * (time.perf_counter() - start)
        times = []
        for period in PERIODS:
            app.session_state["period"] = period
            start = time.perf_counter()
            app.run()
            times.append(1000 * (time.perf_counter() - start))
        if app.exception:
            raise SystemExit(f"{name}: {app.exception[0].message}")
        changed = statistics.median(times)
        again = median_ms(app.run)
        figures.append(
            Figure(f"page {name}", f"{changed:.0f} ms", f"first {first:.0f} ms; the same view again {again:.0f} ms")
        )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--as-of", help="the day the exports tell of, where they do not say so")
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, help="keep the figures in docs/proof.md")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    store = WORK / f"store-{options.people}"
    files, made = exports(options.people, options.seed)
    figures = [made, *load(files, store, options.as_of), *question_times(store), *page_times(store)]
    asked = " ".join(["python", "benchmarks/million.py", *sys.argv[1:]])
    text = section(f"At {options.people:,} people", "", figures, asked, datetime.now().date())
    if options.write:
        put(text, options.write)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
