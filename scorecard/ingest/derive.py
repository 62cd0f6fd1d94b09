"""Columns that follow from others or from the report itself: full names, periods, scales, a video's id."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from scorecard.ingest import margins, sql
from scorecard.ingest.headers import key_of, read_header
from scorecard.ingest.kinds import Feed
from scorecard.ingest.made import make
from scorecard.ingest.readings import Planner, Reading, Sources, Table
from scorecard.schema import KINDS

_LAST_DAY = {
    **dict.fromkeys(("week", "woche", "semaine", "semana", "settimana"), "interval 6 day"),
    **dict.fromkeys(("month", "monat", "mois", "mes", "mese", "maand"), "interval 1 month - interval 1 day"),
}
# Headers that name the first day of a row's period, not its only day.
_STARTS = frozenset(
    ("startdate", "timeperiod", "datadeinicio", "fechadeinicio", "datededebut", "startdatum", "datadiinizio")
)
_CENT = 0.005
DEAR_CLICK, DEAR_IF_ROUND = 50_000, 1_000  # in any currency; a cent is 10,000 millionths
MANY_MONTHS, MANY_WEEKS = 2, 3  # one day, or two with a week between them, may be chance
_NONE = Reading(KINDS["spend"].column("cost"), "null")
_SCALES = (("nps", 10), ("csat", 5), ("ces", 7))


def complete(planner: Planner, table: Table, sources: Sources, facts: Mapping[str, str], file: str) -> Table:
    """The table with every column that can be derived added to its readings."""
    readings = dict(table.readings)
    kind = table.feed.schema
    if kind.name in ("people", "users"):
        _full_name(readings, table)
    if kind.name == "spend" or kind.name == "video_period":
        _period(planner, readings, table, sources, facts)
    if kind.name == "spend":
        _millionths(planner, table, readings)
        _nameless_total(planner, readings)
    if kind.name == "deals":
        margins.as_money(planner, table, readings)
    if kind.name == "surveys" and "scale_max" not in readings and "kind" in readings:
        scales = " ".join(f"when '{name}' then {top}" for name, top in _SCALES)
        expression = f"case lower({readings['kind'].expression}) {scales} end"
        readings["scale_max"] = Reading(kind.column("scale_max"), f"cast({expression} as double)")
    make(planner, table, readings)
    nameless = not {"video_id", "video_title", "title"} & set(readings)
    if nameless and (kind.name == "video_views" or "retention" in table.feed.made):
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
            if grain in _STARTS or (grain in ("date", "datum", "fecha", "data") and not table.feed.constants):
                grain = _grain(planner, readings["period_start"], facts)
            last = f"({start}) + {_LAST_DAY[grain]}" if grain in _LAST_DAY else start
            last = grain if grain.startswith("timestamp ") else last
            readings["period_end"] = Reading(kind.column("period_end"), f"cast({last} as timestamp)")
        return
    start, end = facts.get("period_start"), facts.get("period_end")
    if start and end:
        for name, day in (("period_start", start), ("period_end", end)):
            readings[name] = Reading(kind.column(name), f"timestamp {sql.literal(day)}")
        planner.note(f"Every row is for {start} to {end}, the period the report names.")
    elif kind.name == "video_period" and not table.feed.made:
        planner.note(
            "The file does not say which days it counts: give --set period_start=YYYY-MM-DD and "
            "--set period_end=YYYY-MM-DD, or its totals stand without a period."
        )


def _grain(planner: Planner, start: Reading, facts: Mapping[str, str]) -> str:
    """`month` or `week` where every row begins so, or SQL of the last day of the period that the report names."""
    if not start.header:
        return ""
    days, first, last, weekdays, earliest = planner.cells.ask(
        "select count(distinct value), min(day(value)), max(day(value)), count(distinct isodow(value)), min(value) "
        f"from (select date_trunc('day', {start.expression}) as value from {{rows}})"
    )[0]
    named_start, named_end = facts.get("period_start"), facts.get("period_end")
    if days == 1 and named_start and named_end and f"{earliest:%Y-%m-%d}" == named_start < named_end:
        planner.note(f"Every row begins on {named_start}: each is for the period the report names, to {named_end}.")
        return f"timestamp {sql.literal(named_end)}"
    if days >= MANY_MONTHS and first == last == 1:
        planner.note(f"“{start.header}”: every row begins on the first of a month, so each is for its month.")
        return "month"
    if days >= MANY_WEEKS and weekdays == 1:
        planner.note(f"“{start.header}”: every row begins on the same day of the week, so each is for its week.")
        return "week"
    return ""


def _millionths(planner: Planner, table: Table, readings: dict[str, Reading]) -> None:
    """Ask where a click would cost a fortune: connectors copy the cost in millionths, as the platforms count it."""
    cost, clicks = readings.get("cost", _NONE), readings.get("clicks", _NONE)
    told = table.feed.units.get("cost") or (cost.header and read_header(cost.header).unit == "micros")
    if told or not cost.header or not clicks.header:
        return
    spent, clicked, broken, odd = planner.cells.ask(
        "select sum(cost), sum(clicks), count_if(cost <> round(cost)), count_if(cost % 10000 <> 0) from "
        f"(select {cost.expression} as cost, {clicks.expression} as clicks from {{rows}})"
    )[0]
    each = float(spent) / float(clicked) if spent and clicked else 0
    if broken or each < (DEAR_CLICK if odd else DEAR_IF_ROUND):
        return
    text = f"A click costs {each:,.0f} by “{cost.header}”. Is the cost counted in millionths?"
    if planner.answers.choose("cost.unit", text, ("millionths", "as written")) == "millionths":
        readings["cost"] = replace(cost, expression=f"({cost.expression}) / 1000000")
        planner.note(f"“{cost.header}” is counted in millionths, as answered.")


def _nameless_total(planner: Planner, readings: dict[str, Reading]) -> None:
    """Meta puts the sum of all rows into a row that names nothing; counted in, it would double the cost."""
    named = [name for name in ("campaign", "campaign_id") if readings.get(name, _NONE).header]
    named = named or [name for name in ("period_start",) if readings.get(name, _NONE).header]
    cost = readings.get("cost")
    if not named or cost is None or not cost.header:
        return
    nameless = " and ".join(f"({readings[name].expression}) is null" for name in named)
    rows, total, others, rest = planner.cells.ask(
        f"select count_if(nameless), sum(cost) filter (where nameless), count_if(not nameless), "
        f"sum(cost) filter (where not nameless) from (select {nameless} as nameless, ({cost.expression}) as cost "
        "from {rows})"
    )[0]
    if rows != 1 or others < 1 or not total or not rest:
        return
    if abs(float(total) - float(rest)) > min(_CENT * (others + 1), 0.001 * abs(float(rest))):
        return
    failure = f"({cost.failure}) or ({nameless})" if cost.failure else nameless
    readings["cost"] = replace(cost, failure=failure)
    spoken = "campaign" if "campaign" in named or "campaign_id" in named else "day"
    planner.note(
        f"“{cost.header}”: one row names no {spoken} and says {float(total):,.2f}, as much as all others together: "
        "it is their total and was set aside."
    )


def period_missing(feed: Feed, table: Table) -> bool:
    """Whether money was spent in a period nobody named."""
    return feed.table == "spend" and "period_start" not in table.readings
