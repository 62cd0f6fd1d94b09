"""Columns that follow from others or from the report itself: full names, periods, scales, a video's id."""

from collections.abc import Mapping
from pathlib import PurePath

from scorecard.ingest import sql
from scorecard.ingest.headers import key_of
from scorecard.ingest.kinds import Feed
from scorecard.ingest.readings import Planner, Reading, Sources, Table

_LAST_DAY = {"week": "interval 6 day", "month": "interval 1 month - interval 1 day"}
_SCALES = (("nps", 10), ("csat", 5), ("ces", 7))


def complete(planner: Planner, table: Table, sources: Sources, facts: Mapping[str, str], file: str) -> Table:
    """The table with every column that can be derived added to its readings."""
    readings = dict(table.readings)
    kind = table.feed.schema
    if kind.name in ("people", "users"):
        _full_name(readings, table)
    if kind.name == "spend" or kind.name == "video_period":
        _period(planner, readings, table, sources, facts)
    if kind.name == "surveys" and "scale_max" not in readings and "kind" in readings:
        scales = " ".join(f"when '{name}' then {top}" for name, top in _SCALES)
        expression = f"case lower({readings['kind'].expression}) {scales} end"
        readings["scale_max"] = Reading(kind.column("scale_max"), f"cast({expression} as double)")
    if kind.name == "video_views" and not {"video_id", "video_title"} & set(readings):
        stem = PurePath(file).stem
        readings["video_id"] = Reading(kind.column("video_id"), sql.literal(stem))
        planner.note(f"The file names no video: its own name, “{stem}”, was taken as the video's id.")
    for name, origin in table.feed.derive.items():
        if name not in readings and origin in readings:
            readings[name] = Reading(kind.column(name), readings[origin].expression)
    ordered = {name: readings[name] for name in kind.column_names if name in readings}
    return Table(table.feed, ordered, tuple(ordered), table.numbers)


def _full_name(readings: dict[str, Reading], table: Table) -> None:
    parts = [readings[name].expression for name in ("first_name", "last_name") if name in readings]
    if "name" not in readings and parts:
        expression = f"nullif(trim(concat_ws(' ', {', '.join(parts)})), '')"
        readings["name"] = Reading(table.feed.schema.column("name"), expression)


def _period(
    planner: Planner, readings: dict[str, Reading], table: Table, sources: Sources, facts: Mapping[str, str]
) -> None:
    """First and last day a row is for: its own day, week or month, else the period the report names."""
    kind = table.feed.schema
    if "period_start" in readings:
        if "period_end" not in readings:
            start = readings["period_start"].expression
            grain = key_of(sources["period_start"][0]) if "period_start" in sources else "day"
            last = f"({start}) + {_LAST_DAY[grain]}" if grain in _LAST_DAY else start
            readings["period_end"] = Reading(kind.column("period_end"), f"cast({last} as timestamp)")
        return
    start, end = facts.get("period_start"), facts.get("period_end")
    if start and end:
        for name, day in (("period_start", start), ("period_end", end)):
            readings[name] = Reading(kind.column(name), f"timestamp {sql.literal(day)}")
        planner.note(f"Every row is for {start} to {end}, the period the report names.")
    elif kind.name == "video_period":
        planner.note(
            "The file does not say which days it counts: give --set period_start=YYYY-MM-DD and "
            "--set period_end=YYYY-MM-DD, or its totals stand without a period."
        )


def period_missing(feed: Feed, table: Table) -> bool:
    """Whether money was spent in a period nobody named."""
    return feed.table == "spend" and "period_start" not in table.readings
