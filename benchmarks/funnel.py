"""The video funnel from the snapshot beside the base tables, pandas and polars; imported by `queries.py`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks.timed import Case
from scorecard import queries

BASE = (Path(__file__).parent / "base_funnel.sql").read_text(encoding="utf-8")
NAMES = ("played", "watched_25", "watched_50", "watched_75", "known", "leads", "mqls", "opportunities", "customers")
TIMES = ("mql_at", "opp_at", "won_at")
DEEP = 4  # the mark of 75 %, counted as `audience_fact` counts them
Steps = list[int]


def from_snapshot(reader: Any, segments: list[str]) -> Steps:
    """The steps of the page; what loads and totals add above them is not compared."""
    rows = queries.rows(reader, "video_funnel", {"segments": segments})
    return [row["people"] for row in rows if row["step_order"]]


def from_base(connection: duckdb.DuckDBPyConnection, segments: list[str]) -> Steps:
    found = connection.execute(BASE, {"segments": segments}).fetchone()
    return [int(count) for count in found or ()]


def viewer_rows(reader: Any) -> pd.DataFrame:
    """A row per viewer and video with what became of the person: what the page reads where a period or a video is
    chosen, and what the rows of the audience are made of."""
    return _frame(
        reader,
        "select viewer, max_pct, first_75_at, is_identified, person_key, segment, mql_at, opp_at, won_at"
        " from viewer_fact",
    )


def audience_rows(reader: Any) -> pd.DataFrame:
    """A row per viewer as the snapshot has prepared it: what the page reads over all time."""
    return _frame(
        reader,
        "select depth, depth_at_mql, depth_at_opp, depth_at_won, is_identified, is_lead, segment from audience_fact",
    )


def exported(reader: Any) -> dict[str, pd.DataFrame]:
    """The tables a tutorial keeps in its cache: views, people, deals and their people."""
    return {
        "views": _frame(reader, "select viewer, viewed_at, pct, is_identified, person_key from video_views"),
        "people": _frame(reader, "select person_key, segment, mql_at, opp_at, customer_at from people"),
        "deals": _frame(reader, "select deal_key, created_at, closed_at, is_won from deals"),
        "deal_people": _frame(reader, "select deal_key, person_key from deal_people"),
    }


def _frame(reader: Any, sql: str) -> pd.DataFrame:
    cursor = reader.cursor()
    found = cursor.execute(sql).df()
    cursor.close()
    return found


def in_pandas(frame: pd.DataFrame, segments: list[str]) -> Steps:
    """The funnel of a frame of viewers and videos, with groupby."""
    rows = frame[frame["segment"].isin(segments)] if segments else frame
    by = rows.groupby("viewer", sort=False)[["max_pct", "person_key"]].max()
    firsts = rows.groupby("viewer", sort=False)[["first_75_at", *TIMES]].min()
    known = rows.groupby("viewer", sort=False)["is_identified"].any()
    deep_at = firsts["first_75_at"]
    after = {name: (firsts[name] >= deep_at) for name in TIMES}
    won = after["won_at"]
    opp = after["opp_at"] | won
    mql = after["mql_at"] | opp
    deep = deep_at.notna()
    depths = [int((by["max_pct"] >= depth).sum()) for depth in (0.25, 0.5, 0.75)]
    counted = (deep & known, deep & by["person_key"].notna(), deep & mql, deep & opp, deep & won)
    return [len(by), *depths, *(int(one.sum()) for one in counted)]


def merged(tables: Mapping[str, pd.DataFrame], segments: list[str]) -> pd.DataFrame:
    """Views with what became of their person, merged as a tutorial does it."""
    deals = tables["deal_people"].merge(tables["deals"], on="deal_key")
    deals["deal_at"] = deals["created_at"].fillna(deals["closed_at"])
    deals["closed_won_at"] = deals["closed_at"].where(deals["is_won"])
    steps = deals.groupby("person_key")[["deal_at", "closed_won_at"]].min().reset_index()
    people = tables["people"].merge(steps, on="person_key", how="left")
    people = people[people["segment"].isin(segments)] if segments else people
    people["opp_at"] = people["deal_at"].fillna(people["opp_at"])
    people["won_at"] = people["closed_won_at"].fillna(people["customer_at"])
    rows = tables["views"].merge(people, on="person_key", how="inner" if segments else "left")
    rows["first_75_at"] = rows["viewed_at"].where(rows["pct"] >= 0.75)
    return rows.rename(columns={"pct": "max_pct"})


def in_polars(table: Any, segments: list[str]) -> Steps:
    """The same as `in_pandas`, as one lazy expression."""
    import polars as pl  # pyright: ignore[reportMissingImports]

    rows = table.lazy().filter(pl.col("segment").is_in(segments)) if segments else table.lazy()
    viewers = rows.group_by("viewer").agg(
        pl.col("max_pct").max(),
        pl.col("person_key").max(),
        pl.col("is_identified").any(),
        pl.col("first_75_at").min(),
        *(pl.col(name).min() for name in TIMES),
    )
    deep_at = pl.col("first_75_at")
    deep = deep_at.is_not_null()
    won = (pl.col("won_at") >= deep_at).fill_null(False)
    opp = (pl.col("opp_at") >= deep_at).fill_null(False) | won
    mql = (pl.col("mql_at") >= deep_at).fill_null(False) | opp
    depths = [(pl.col("max_pct") >= depth) for depth in (0.25, 0.5, 0.75)]
    counted = (deep & pl.col("is_identified"), deep & pl.col("person_key").is_not_null(), deep & mql, deep & opp)
    steps = [one.sum().alias(name) for name, one in zip(NAMES[1:], (*depths, *counted, deep & won), strict=True)]
    found = viewers.select(pl.len().alias(NAMES[0]), *steps).collect()
    return [int(count) for count in found.row(0)]


def audience_in_pandas(frame: pd.DataFrame, segments: list[str]) -> Steps:
    """The funnel of rows that our snapshot prepared: sums of conditions, nothing to group."""
    rows = frame[frame["segment"].isin(segments)] if segments else frame
    deep = rows["depth"] >= DEEP
    depths = [rows["depth"] >= mark for mark in range(2, DEEP + 1)]
    won = rows["depth_at_won"] >= DEEP
    opp = (rows["depth_at_opp"] >= DEEP) | won
    mql = (rows["depth_at_mql"] >= DEEP) | opp
    counted = (*depths, deep & rows["is_identified"], deep & rows["is_lead"], mql, opp, won)
    return [len(rows), *(int(one.sum()) for one in counted)]


def audience_in_polars(table: Any, segments: list[str]) -> Steps:
    """The same in polars."""
    import polars as pl  # pyright: ignore[reportMissingImports]

    rows = table.lazy().filter(pl.col("segment").is_in(segments)) if segments else table.lazy()
    deep = pl.col("depth") >= DEEP
    depths = [pl.col("depth") >= mark for mark in range(2, DEEP + 1)]
    won = pl.col("depth_at_won") >= DEEP
    opp = (pl.col("depth_at_opp") >= DEEP) | won
    mql = (pl.col("depth_at_mql") >= DEEP) | opp
    counted = (*depths, deep & pl.col("is_identified"), deep & pl.col("is_lead"), mql, opp, won)
    steps = [one.sum().alias(name) for name, one in zip(NAMES[1:], counted, strict=True)]
    return [int(count) for count in rows.select(pl.len().alias(NAMES[0]), *steps).collect().row(0)]


def cases(reader: Any, segment: Sequence[str]) -> list[Case]:
    """The comparisons, each way's answers checked equal for everybody and for one segment."""
    base, frame, tables, some = reader.cursor(), viewer_rows(reader), exported(reader), list(segment)
    audience = audience_rows(reader)
    ways = {
        "base tables": (lambda chosen: from_base(base, chosen), 1 / 8),
        "pandas on a row per viewer and video": (lambda chosen: in_pandas(frame, chosen), 1 / 2),
        "pandas on views, people and deals": (lambda chosen: in_pandas(merged(tables, chosen), []), None),
        "pandas on our prepared row per viewer": (lambda chosen: audience_in_pandas(audience, chosen), None),
    }
    try:
        import polars as pl  # pyright: ignore[reportMissingImports]

        table, prepared = pl.from_pandas(frame), pl.from_pandas(audience)
        ways["polars on a row per viewer and video"] = (lambda chosen: in_polars(table, chosen), 1.0)
        ways["polars on our prepared row per viewer"] = (lambda chosen: audience_in_polars(prepared, chosen), None)
    except ImportError:
        pass
    for chosen in ([], some):
        here = from_snapshot(reader, chosen)
        for name, (way, _) in ways.items():
            if way(chosen) != here:
                raise SystemExit(f"video funnel, {name}: {here} here and {way(chosen)} there.")

    def case(name: str) -> Case:
        way, promise = ways[name]
        label = f"video funnel: snapshot / {name}"
        return Case(label, lambda: from_snapshot(reader, some), lambda: way(some), promise)

    return [case(name) for name in ways]
