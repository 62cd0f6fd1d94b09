"""24 win curves over ten million deals beside one bare GROUP BY of the same table, in turn, answers equal first.

The table is the snapshot's own, made by the model's statement; the question is the report's own, with its intervals.
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.million import WORK  # noqa: E402
from benchmarks.proof_page import PAGE, Figure, put, section  # noqa: E402
from benchmarks.timed import Case, ratio  # noqa: E402
from scorecard import queries  # noqa: E402
from scorecard.queries_readers import POOL, Reader  # noqa: E402

DEALS = (Path(__file__).parent / "many_deals.sql").read_text(encoding="utf-8")
# The model's statement also reads leads; here are none.
NO_LEADS = (
    "create temp view lead_fact as select null::bigint as person_key, '' as person_id, null::timestamp as handoff_at,"
    " false as is_won, null::timestamp as won_at, null::timestamp as lost_at, null::date as as_of,"
    " null::decimal(18, 4) as won_amount, '' as channel, '' as source, '' as side, '' as campaign, '' as region,"
    " '' as segment, '' as product, '' as team, '' as owner, '' as account_list, false as video_engaged where false"
)
COVERAGE = (
    "create table coverage as select 'deals' as table_name, 'created_at' as column_name, count(*) as rows,"
    " count(*) as known from cohort_fact"
)
BARE = "select source, days, outcome, count(*) as deals from cohort_fact group by source, days, outcome"
CURVES = 24
PROMISE = 3.0
MEMORY = "6GB"


def made(path: Path, deals: int) -> Path:
    """A snapshot's table of cohorts with that many deals."""
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with duckdb.connect(str(part)) as connection:
            connection.execute(f"set memory_limit = '{MEMORY}'")
            connection.execute("set preserve_insertion_order = false")
            connection.execute(f"create temp view deals as {DEALS.replace('$deals', str(deals))}")
            connection.execute(NO_LEADS)
            connection.execute(f"create table cohort_fact as {queries.find('model.cohort_fact').sql}")
            connection.execute(COVERAGE)
        part.rename(path)
    return path


def curves(reader: Reader, segments: list[str]) -> pd.DataFrame:
    return queries.run(reader, "win_curve", {"by": "source", "segments": segments}, deadline_s=600)


def bare(reader: Reader) -> pd.DataFrame:
    cursor = reader.cursor()
    try:
        return cursor.execute(BARE).df()
    finally:
        cursor.close()


def check(found: pd.DataFrame, cells: pd.DataFrame) -> float:
    """The largest distance from statsmodels' cumulative incidence of the same cells; ends the benchmark above 1e-9."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    worst, rows = 0.0, 0
    for source, here in cells.groupby("source"):
        oracle = CumIncidenceRight(
            here["days"].to_numpy(float), here["outcome"].to_numpy(), freq_weights=here["deals"].to_numpy(float)
        )
        ours = found[found["group_value"] == source].set_index("day")
        ours = ours.loc[oracle.times.astype(int)]
        for column, theirs in (("won_probability", oracle.cinc[0]), ("lost_probability", oracle.cinc[1])):
            worst = max(worst, float(np.abs(ours[column].to_numpy() - theirs).max()))
        rows += len(ours)
    if cells["source"].nunique() != CURVES or found["group_value"].nunique() != CURVES or worst > 1e-9:
        raise SystemExit(f"The curves differ by {worst:g} from statsmodels.")
    return worst


def measured(deals: int, pairs: int) -> list[Figure]:
    """The figures of one run."""
    WORK.mkdir(parents=True, exist_ok=True)
    reader = POOL.reader(made(WORK / f"cohorts-{deals}.duckdb", deals))
    worst = check(curves(reader, []), bare(reader))
    figures = [Figure("curves; largest distance from statsmodels on the same cells", f"{CURVES}; {worst:.1e}")]
    for name, segments in (("all deals", []), ("one segment of three", ["Segment 1"])):
        case = Case("", lambda chosen=segments: curves(reader, chosen), lambda: bare(reader), PROMISE)
        value, ours, other = ratio(case, pairs)
        figures.append(
            Figure(
                f"{CURVES} curves of {name} / one bare GROUP BY of all",
                f"{value:.1f} ×",
                f"{ours:.0f} ms / {other:.0f} ms; promised at most {PROMISE:g}",
            )
        )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, help="keep the figures in docs/proof.md")
    options = parser.parse_args()
    figures = measured(options.deals, options.pairs)
    for figure in figures:
        print(f"{figure.what}: {figure.value} ({figure.note})", flush=True)
    asked = " ".join(["python", "benchmarks/win_curves.py", *sys.argv[1:]])
    says = "Medians of pairs taken in turn, on the snapshot's own table and through the report that the page asks."
    text = section(f"Win curves of {options.deals:,} deals", says, figures, asked, datetime.now().date())
    if options.write:
        put(text, options.write)


if __name__ == "__main__":
    main()
