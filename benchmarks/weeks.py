"""Whether the 52nd weekly load costs what the 2nd did: an export of the same size every week, a part of it changed."""

import argparse
import csv
import json
import random
import shutil
import statistics
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.million import WORK, command  # noqa: E402
from benchmarks.proof_page import PAGE, Figure, put, section  # noqa: E402

FIRST = date(2025, 1, 6)
STAGES = ("Qualified", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
CHANGED = 0.05  # of the deals, every week
EDGE = 3  # loads whose median is taken at either end


def deals(count: int, dice: random.Random) -> list[list[str]]:
    """The list as of the first week: id, name, stage, amount, created, source."""
    born = [FIRST - timedelta(days=dice.randrange(700)) for _ in range(count)]
    sources = ("Organic Search", "Webinar", "Outbound", "Partner", "Referral")
    return [
        [
            f"D{at}",
            f"Deal {at}",
            dice.choice(STAGES[:3]),
            f"{dice.randrange(1, 90) * 500}",
            f"{on}",
            dice.choice(sources),
        ]
        for at, on in enumerate(born)
    ]


def write(rows: list[list[str]], week: int, folder: Path) -> list[Path]:
    """The whole list of deals as of that week, and the week's touches."""
    on = FIRST + timedelta(weeks=week)
    lists = folder / f"deals-{on}.csv"
    with lists.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["deal_id", "name", "stage_raw", "amount", "created_at", "source_raw"])
        out.writerows(rows)
    added = folder / f"touches-{on}.csv"
    with added.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["at", "email", "channel"])
        for number in range(len(rows) // 20):
            out.writerow([f"{on - timedelta(days=number % 7)} 10:00:00", f"p{number}@example.com", "Webinar"])
    return [lists, added]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=20_000)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, help="keep the figures in docs/proof.md")
    options = parser.parse_args()
    folder = WORK / "weeks"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    dice = random.Random(5)
    rows = deals(options.deals, dice)
    seconds = []
    for week in range(options.weeks):
        for at in dice.sample(range(len(rows)), int(CHANGED * len(rows))):
            rows[at][2] = dice.choice(STAGES)
        files = write(rows, week, folder)
        done = command("load", *map(str, files), "--json", "--store", str(folder / "store"))
        if any(account["rows_quarantined"] for account in json.loads(done.out)["files"]):
            raise SystemExit(f"Week {week + 1} was not loaded whole.")
        seconds.append(done.seconds)
        print(f"week {week + 1}: {done.seconds:.2f} s", flush=True)
    early, late = statistics.median(seconds[1 : 1 + EDGE]), statistics.median(seconds[-EDGE:])
    figures = [
        Figure(
            "every week", f"{options.deals:,} deals", f"{CHANGED:.0%} of them changed, and {len(rows) // 20:,} touches"
        ),
        Figure(f"loads 2 to {1 + EDGE}", f"{early:.2f} s", "median"),
        Figure(f"loads {options.weeks - EDGE + 1} to {options.weeks}", f"{late:.2f} s", "median"),
        Figure("late / early", f"{late / early:.2f} ×", "the promise is 1.5"),
    ]
    says = "The whole list every week, loaded into one store, each load in a process of its own."
    asked = " ".join(["python", "benchmarks/weeks.py", *sys.argv[1:]])
    text = section("A year of weekly loads", says, figures, asked, datetime.now().date())
    if options.write:
        put(text, options.write)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
