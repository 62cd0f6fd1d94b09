"""The win curve through the front door on deals of known truth: its intervals cover the truth as often as they say."""

import csv
import io
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.command_line import command, load
from tests.made_lives import SHARES, made_lives, won_by

GOLDEN = Path(__file__).parent.parent / "data" / "golden" / "closeprob_naive_vs_aj.csv"
SEEDS = int(os.environ.get("SCORECARD_CURVES", "60"))  # long: 1,000
DEALS = int(os.environ.get("SCORECARD_CURVE_DEALS", "400"))  # for each seed; long: 1,000
IS_LONG = SEEDS >= 1000
LOW, HIGH = (0.93, 0.97) if IS_LONG else (0.9, 0.99)  # 60 seeds are not many
READ = (30, 90, 180, 365)  # the days at which the page reads a curve
TODAY = 700
START = date(2024, 11, 1)
STATUS = np.array(["open", "won", "lost"])
Note = Callable[[str, object], None]


def written(path: Path) -> Path:
    """One export: the seed of a deal stands in `product`, seed and source in `region`, the source in `team`."""
    frames = []
    for seed in range(SEEDS):
        made = made_lives(DEALS, seed, TODAY)
        lives = made.lives
        is_closed = lives.outcome > 0
        frames.append(
            pd.DataFrame(
                {
                    "deal_id": [f"{seed}-{number}" for number in range(DEALS)],
                    "status": STATUS[lives.outcome],
                    "created_at": _dates(lives.entered),
                    "closed_at": np.where(is_closed, _dates(lives.ended), ""),
                    "product": f"seed {seed}",
                    "region": [f"seed {seed} source {one}" for one in made.source],
                    "team": [f"source {one}" for one in made.source],
                }
            )
        )
    pd.concat(frames).to_csv(path, index=False)
    return path


def _dates(days: np.ndarray) -> np.ndarray:
    return (np.datetime64(START) + days.astype("timedelta64[D]")).astype(str)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coverage")
    as_of = START + timedelta(days=TODAY)
    load(folder / "store", written(folder / "deals.csv"), "--as", "deals", "--as-of", as_of)
    return folder / "store"


def asked(store: Path, name: str, *options: object) -> pd.DataFrame:
    """The answer as the command line gives it."""
    answer = command("ask", name, *options, "--format", "csv", store=store)
    assert answer.code == 0, answer.err
    return pd.read_csv(io.StringIO(answer.out))


def read_at(rows: pd.DataFrame, day: int) -> pd.DataFrame:
    """Each curve on that day, where it reaches so far."""
    last = rows.groupby("group_value")["day"].transform("max")
    return rows[(rows["day"] <= day) & (last >= day)].groupby("group_value").tail(1)


def test_the_interval_covers_the_truth_as_often_as_it_says(store: Path, record_property: Note) -> None:
    rows = asked(store, "win_curve", "--by", "product")
    assert rows["group_value"].nunique() == SEEDS
    record_property("seeds; deals of each", f"{SEEDS:,}; {DEALS:,}")
    covered = []
    for day in READ:
        found, truth = read_at(rows, day), float(won_by(day) @ SHARES)
        assert found["won_low"].notna().all() and len(found) > 0.9 * SEEDS
        inside = (found["won_low"] <= truth) & (truth <= found["won_high"])
        record_property(f"day {day}: intervals that cover the truth of {truth:.1%}", f"{inside.mean():.1%}")
        if IS_LONG:
            assert LOW <= inside.mean() <= HIGH, day
        covered += list(inside)
    record_property("all four days together (93 % to 97 %)", f"{np.mean(covered):.1%} of {len(covered):,}")
    assert LOW <= np.mean(covered) <= HIGH


def test_it_does_so_in_small_groups_too(store: Path, record_property: Note) -> None:
    """Five sources in each seed; the smallest has 8 % of the deals. Without a win there is no interval at all."""
    rows = asked(store, "win_curve", "--by", "region")
    source = rows["group_value"].str.split(" ").str[-1].astype(int)
    covered, without = [], 0
    for day in READ:
        found = read_at(rows.assign(source=source), day)
        truth = won_by(day)[found["source"]]
        known = found["won_low"].notna().to_numpy()
        inside = ((found["won_low"] <= truth) & (truth <= found["won_high"])).to_numpy()[known]
        covered += list(inside)
        without += int((~known).sum())
        named = f"day {day}, by source: intervals that cover the truth"
        record_property(named, f"{inside.mean():.1%} of {known.sum():,}")
    record_property("by source, all four days together (93 % to 97 %)", f"{np.mean(covered):.1%} of {len(covered):,}")
    record_property("by source: no win yet, so no interval", without)
    assert LOW <= np.mean(covered) <= (HIGH if IS_LONG else 1)


def test_the_usual_rates_are_wrong_by_at_least_half_of_what_was_published(store: Path, record_property: Note) -> None:
    """All seeds in one, so that chance is small; in the short run only the gaps that are large enough to be seen."""
    truth = won_by(365)
    recent = START + timedelta(days=TODAY - 119)
    rates = {
        "": asked(store, "win_rates", "--by", "team"),
        "recent_": asked(store, "win_rates", "--by", "team", "--from", recent),
    }
    curve = read_at(asked(store, "win_curve", "--by", "team"), 365).set_index("group_value")
    for source, row in enumerate(csv.DictReader(GOLDEN.open())):
        drawn = curve.loc[f"source {source}", "won_probability"]
        assert drawn == pytest.approx(truth[source], rel=0.03 if IS_LONG else 0.25)
        record_property(f"source {source}, day 365: the curve; the truth", f"{drawn:.4f}; {truth[source]:.4f}")
        for when, found in rates.items():
            here = found[found["group_value"] == f"source {source}"].set_index("name")["value"]
            for kind, name in (("all", "win_rate_created"), ("closed", "win_rate_closed")):
                published = float(row["truth"]) - float(row[f"naive_{when}{kind}"])
                gap = truth[source] - here[name]
                if IS_LONG or published > 0.03:
                    record_property(
                        f"source {source}, {name}{', last 120 days' if when else ''}: truth less rate",
                        f"{gap:.4f} (published {published:.4f})",
                    )
                    assert gap * published > 0 and abs(gap) >= abs(published) / 2, (source, when, name)
