"""How much a validated load costs beside a bare copy of the same files into DuckDB: pairs, taken in turn."""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.million import WORK, command, exports, is_plain  # noqa: E402
from benchmarks.proof_page import PAGE, Figure, put, section  # noqa: E402

BARE = "bare.duckdb"


def bare(files: Sequence[Path]) -> int:
    """Copy every file into one database with `create table as read_csv`, nothing checked; the rows it holds then."""
    target = WORK / BARE
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as connection:
        for number, path in enumerate(files):
            connection.read_csv(str(path), all_varchar=True, header=True).to_table(f"file_{number}")
        connection.execute("checkpoint")
        counts = [connection.table(f"file_{number}").count("*").fetchall()[0][0] for number in range(len(files))]
    target.unlink()
    return sum(counts)


def timed_bare(files: Sequence[Path]) -> tuple[float, int]:
    """Seconds and rows of a bare copy in a process of its own."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--bare", *map(str, files)], check=True, capture_output=True, encoding="utf-8"
    )
    return time.perf_counter() - start, int(done.stdout)


def timed_load(files: Sequence[Path]) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and rows read of a load into a new store; ends if an account does not balance."""
    store = WORK / "store-ingest"
    shutil.rmtree(store, ignore_errors=True)
    done = command("load", *map(str, files), "--skip-unknown", "--json", "--store", str(store))
    accounts = json.loads(done.out)["files"]
    for account in accounts:
        parts = account["rows_loaded"] + account["rows_quarantined"] + account["rows_not_data"]
        if account["rows_read"] != parts:
            raise SystemExit(f"The account of {account['file']} does not balance.")
    shutil.rmtree(store)
    return done.seconds, done.peak_mb, sum(account["rows_read"] for account in accounts)


def main() -> None:
    if sys.argv[1:2] == ["--bare"]:
        print(bare([Path(name) for name in sys.argv[2:]]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, help="keep the figures in docs/proof.md")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    made_of, made = exports(options.people, options.seed)
    files = [path for path in made_of if path.parent.name == "week-1" and path.suffix == ".csv" and is_plain(path)]
    ratios, bares, loads, peaks = [], [], [], []
    rows = 0
    for pair in range(options.pairs):
        bare_s, bare_rows = timed_bare(files)
        load_s, peak, rows = timed_load(files)
        if bare_rows != rows:
            raise SystemExit(f"The bare copy holds {bare_rows:,} rows, the load accounts for {rows:,}.")
        ratios.append(load_s / bare_s)
        bares.append(bare_s)
        loads.append(load_s)
        peaks.append(peak)
        print(f"pair {pair + 1}: bare {bare_s:.1f} s, load {load_s:.1f} s, ratio {ratios[-1]:.2f}", flush=True)
    size = sum(path.stat().st_size for path in files) / 1e6
    figures = [
        made,
        Figure("files", f"{len(files)}, {size:,.0f} MB", "the first week: the whole history"),
        Figure("rows", f"{rows:,}", "equal on both sides"),
        Figure("bare copy (`create table as read_csv`, all text)", f"{statistics.median(bares):.1f} s"),
        Figure("validated load", f"{statistics.median(loads):.1f} s", f"{max(peaks):,.0f} MB at most"),
        Figure(
            "validated load / bare copy",
            f"{statistics.median(ratios):.2f} ×",
            f"median of {len(ratios)} pairs, {min(ratios):.2f} to {max(ratios):.2f}; the promise is 1.3",
        ),
    ]
    asked = " ".join(["python", "benchmarks/ingest.py", *sys.argv[1:]])
    says = "Reading, checking, keys, history, the customer model and every metric, against a copy that checks nothing."
    text = section("Validated load against a bare copy", says, figures, asked, datetime.now().date())
    if options.write:
        put(text, options.write)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
