"""How fast the prepared snapshot answers beside the same numbers worked out otherwise, in turn, answers equal first.

Against: the base tables with window functions in SQL, pandas, and polars where it is installed. `make bench-queries`.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import plotly.express as px

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import funnel  # noqa: E402
from benchmarks.million import WORK, command, exports  # noqa: E402
from benchmarks.proof_page import PAGE, Figure, put, section  # noqa: E402
from benchmarks.timed import Case, ratio  # noqa: E402
from scorecard import queries  # noqa: E402
from scorecard.queries_readers import POOL  # noqa: E402

MODELS = ("first", "last", "linear", "position", "u", "time_decay")
BASE = (Path(__file__).parent / "base_attribution.sql").read_text(encoding="utf-8")
Answer = dict[tuple[str, str], float]


def equal(one: Answer, other: Answer, what: str) -> None:
    """Ends the benchmark where two ways do not give the same credit."""
    for key in one.keys() | other.keys():
        if abs(one.get(key, 0.0) - other.get(key, 0.0)) > 1e-6 * max(1.0, abs(one.get(key, 0.0))):
            raise SystemExit(f"{what}: {key} is {one.get(key)} here and {other.get(key)} there.")


def from_snapshot(reader: Any, segments: list[str]) -> Answer:
    rows = queries.rows(reader, "attribution", {"model": list(MODELS), "segments": segments})
    return {(row["model"], row["channel"]): row["deals"] for row in rows if row["channel"] != "Unattributed"}


def from_base(connection: duckdb.DuckDBPyConnection, segments: list[str]) -> Answer:
    rows = connection.execute(BASE, {"segments": segments}).df()
    return {(model, str(row["channel"])): float(row[model]) for _, row in rows.iterrows() for model in MODELS}


def journey_rows(reader: Any) -> pd.DataFrame:
    """A row per won deal and touch, as the frame of a tutorial would hold it."""
    sql = (
        "select deal_journeys.deal_key, deals.segment, deals.amount, deal_journeys.channel, deal_journeys.place,"
        " deal_journeys.is_before_lead, deal_journeys.days_before from deal_journeys"
        " inner join deals on deal_journeys.deal_key = deals.deal_key"
        " where deals.is_won and deal_journeys.days_before <= 365"
    )
    cursor = reader.cursor()
    frame = cursor.execute(sql).df()
    cursor.close()
    return frame.astype({"amount": float})


def in_pandas(frame: pd.DataFrame, segments: list[str]) -> pd.DataFrame:
    """The six models with groupby and transform; channels down, models across, and their money."""
    rows = frame[frame["segment"].isin(segments)] if segments else frame
    rows = rows.sort_values(["deal_key", "place"])
    by = rows.groupby("deal_key")
    place, touches = by.cumcount() + 1, by["channel"].transform("size")
    lead = by["is_before_lead"].transform("sum")
    decay = 2.0 ** (-rows["days_before"] / 30)
    is_first, is_last, is_lead = place == 1, place == touches, place == lead
    between = 20 / (touches - 2).where(touches > 2)
    position = 40.0 * is_first + 40.0 * is_last + between.where(~is_first & ~is_last, 0.0)
    rest = 20 / (touches - 1 - (lead > 1)).where(touches - 1 - (lead > 1) > 0)
    u = 40.0 * is_first + 40.0 * is_lead + rest.where(~is_first & ~is_lead, 0.0)
    weights = pd.DataFrame({
        "first": is_first * 1.0, "last": is_last * 1.0, "linear": 1 / touches,
        "position": position / position.groupby(rows["deal_key"]).transform("sum"),
        "u": u / u.groupby(rows["deal_key"]).transform("sum"),
        "time_decay": decay / decay.groupby(rows["deal_key"]).transform("sum"),
    })  # fmt: skip
    money = weights.mul(rows["amount"], axis=0).add_suffix("_amount")
    return pd.concat([weights, money], axis=1).groupby(rows["channel"]).sum()


def by_channel(wide: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {str(channel): {str(name): float(value) for name, value in row.items()} for channel, row in wide.iterrows()}


def in_polars(frame: Any, segments: list[str]) -> Any:
    """The same in polars."""
    import polars as pl  # pyright: ignore[reportMissingImports]

    rows = frame.filter(pl.col("segment").is_in(segments)) if segments else frame
    deal = "deal_key"
    placed = rows.sort(deal, "place").with_columns(
        n=pl.int_range(1, pl.len() + 1).over(deal),
        touches=pl.len().cast(pl.Int64).over(deal),
        lead=pl.col("is_before_lead").cast(pl.Int64).sum().over(deal),
        decay=2.0 ** (-pl.col("days_before") / 30),
    )
    first, last = pl.col("n") == 1, pl.col("n") == pl.col("touches")
    lead = pl.col("n") == pl.col("lead")
    left = pl.col("touches") - 1 - (pl.col("lead") > 1).cast(pl.Int64)
    pointed = placed.with_columns(
        position=40.0 * first.cast(pl.Int64)
        + 40.0 * last.cast(pl.Int64)
        + pl.when(first | last).then(0.0).otherwise(20 / (pl.col("touches") - 2)),
        u=40.0 * first.cast(pl.Int64)
        + 40.0 * lead.cast(pl.Int64)
        + pl.when(first | lead).then(0.0).otherwise(20 / left),
    )
    weights = {
        "first": first.cast(pl.Float64),
        "last": last.cast(pl.Float64),
        "linear": 1 / pl.col("touches"),
        "position": pl.col("position") / pl.col("position").sum().over(deal),
        "u": pl.col("u") / pl.col("u").sum().over(deal),
        "time_decay": pl.col("decay") / pl.col("decay").sum().over(deal),
    }
    weighed = pointed.with_columns(**{f"w_{name}": weight for name, weight in weights.items()})
    sums = [pl.col(f"w_{name}").sum().alias(name) for name in MODELS]
    sums += [(pl.col(f"w_{name}") * pl.col("amount")).sum().alias(f"{name}_amount") for name in MODELS]
    return weighed.group_by("channel").agg(sums)


def as_answer(rows: Mapping[str, Mapping[str, float]]) -> Answer:
    return {(model, channel): float(by[model]) for channel, by in rows.items() for model in MODELS}


def cases(store: Path, only: str = "") -> list[Case]:
    """Every comparison, its answers checked equal for all deals and for one segment; only = funnel: those of the video
    funnel."""
    path = store / "snapshots" / f"{(store / 'CURRENT').read_text(encoding='utf-8').strip()}.duckdb"
    reader = POOL.reader(path)
    if only == "funnel":
        return funnel.cases(reader, ["SMB"])
    base = reader.cursor()
    frame, tables = journey_rows(reader), exported(reader)
    segment = [str(frame["segment"].mode().iloc[0])]
    for chosen in ([], segment):
        here = from_snapshot(reader, chosen)
        equal(here, from_base(base, chosen), "base tables")
        equal(here, as_answer(by_channel(in_pandas(frame, chosen))), "pandas")
    found = [
        Case(
            "attribution, 6 models: snapshot / base tables with window functions",
            lambda: from_snapshot(reader, segment),
            lambda: from_base(base, segment),
            1 / 15,
        ),
        Case(
            "attribution, 6 models: snapshot / pandas on deals, people and touches",
            lambda: from_snapshot(reader, segment),
            lambda: in_pandas(merged(tables, segment), []),
            1 / 2,
        ),
        Case(
            "attribution, 6 models: snapshot / pandas on journeys prepared for it",
            lambda: from_snapshot(reader, segment),
            lambda: in_pandas(frame, segment),
            None,
        ),
    ]
    try:
        import polars as pl  # pyright: ignore[reportMissingImports]
    except ImportError:
        return [*found, *funnel.cases(reader, segment), board(store, tables, segment)]
    table = pl.from_pandas(frame)
    rows = {row["channel"]: row for row in in_polars(table, segment).to_dicts()}
    equal(from_snapshot(reader, segment), as_answer(rows), "polars")
    found.append(
        Case(
            "attribution, 6 models: snapshot / polars on journeys prepared for it",
            lambda: from_snapshot(reader, segment),
            lambda: in_polars(table, segment),
            1.0,
        )
    )
    return [*found, *funnel.cases(reader, segment), board(store, tables, segment)]


def exported(reader: Any) -> dict[str, pd.DataFrame]:
    """The three tables a tutorial keeps in its cache: deals won, their people, and touches."""
    cursor = reader.cursor()
    found = {
        "deals": "select deal_key, segment, amount, created_at, closed_at from deals where is_won",
        "people": "select deal_key, person_key from deal_people",
        "touches": "select person_key, touched_at, channel from touches where credit_weight > 0",
    }
    frames = {name: cursor.execute(sql).df() for name, sql in found.items()}
    cursor.close()
    return frames


def merged(tables: Mapping[str, pd.DataFrame], segments: list[str]) -> pd.DataFrame:
    """The touches of the won deals under a filter, merged as a tutorial does it; sessions are left out."""
    deals = tables["deals"]
    deals = deals[deals["segment"].isin(segments)] if segments else deals
    rows = deals.merge(tables["people"], on="deal_key").merge(tables["touches"], on="person_key")
    rows["days_before"] = (rows["closed_at"] - rows["touched_at"]).dt.total_seconds() / 86400
    rows = rows[(rows["days_before"] >= 0) & (rows["days_before"] <= 365)].sort_values(["deal_key", "touched_at"])
    rows["place"] = rows.groupby("deal_key").cumcount() + 1
    rows["is_before_lead"] = rows["touched_at"] < rows["created_at"]
    return rows.astype({"amount": float})


def board(store: Path, tables: Mapping[str, pd.DataFrame], segment: list[str]) -> Case:
    """The whole page after a filter that was seen before, against pandas and plotly.express drawing less of it."""
    os.environ["SCORECARD_STORE"] = str(store)
    os.environ["SCORECARD_SAMPLE_STORE"] = ""
    os.environ["STREAMLIT_LOGGER_LEVEL"] = "error"
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.session_state["period"] = "All"
    app.session_state["view"] = "Attribution"
    app.run()
    app.switch_page("pages/sourced_revenue.py").run()
    choices = [[], segment]

    def ours() -> None:
        choices.reverse()
        app.session_state["segment"] = choices[0]
        app.run()
        if app.exception or app.error or not app.subheader:
            raise SystemExit(f"The page shows no board: {[one.value for one in app.error]}")

    def tutorial() -> None:
        wide = in_pandas(merged(tables, choices[0]), [])
        money = wide[[f"{model}_amount" for model in MODELS]]
        px.imshow(money, text_auto=True).to_json()
        tall = money.reset_index().melt("channel")
        px.scatter(tall, x="value", y="channel", color="variable").to_json()
        px.bar(tall, x="value", y="channel", color="variable", barmode="group").to_json()

    ours()
    ours()
    return Case("board after a filter change, warm / pandas and plotly.express", ours, tutorial, 1 / 12)


def built(people: int, seed: int) -> Path:
    """A store of that many people, loaded once."""
    store = WORK / f"store-{people}"
    if not (store / "CURRENT").exists():
        files, _ = exports(people, seed)
        command("load", *map(str, files), "--skip-unknown", "--json", "--store", str(store))
    return store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--store", type=Path, help="a store that is loaded already")
    parser.add_argument("--only", choices=("", "funnel"), default="", help="only the comparisons of the video funnel")
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, help="keep the figures in docs/proof.md")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    store = options.store or built(options.people, options.seed)
    figures = []
    for case in cases(store, options.only):
        value, ours, other = ratio(case, options.pairs)
        promised = "" if case.promise is None else f"; promised 1/{1 / case.promise:g}"
        figures.append(Figure(case.name, f"1/{1 / value:.1f}", f"{ours:.0f} ms / {other:.0f} ms{promised}"))
        print(f"{figures[-1].what}: {figures[-1].value} ({figures[-1].note})", flush=True)
    asked = " ".join(["python", "benchmarks/queries.py", *sys.argv[1:]])
    says = "Medians of pairs taken in turn; every answer checked equal first, for all deals and for one segment."
    about = "The video funnel" if options.only else "Questions"
    text = section(f"{about} at {options.people:,} people", says, figures, asked, datetime.now().date())
    if options.write:
        put(text, options.write)


if __name__ == "__main__":
    main()
