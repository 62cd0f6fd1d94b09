"""What words mean in one snapshot: settings, sources, stages, types, rates, targets; the book over the defaults."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb

from scorecard.book import BookCopy
from scorecard.book_tables import RULES
from scorecard.business_time import Calendar, open_hours
from scorecard.lead_criteria import read_criteria
from scorecard.schema import SIDES

LEADS = "leads"  # the pipeline of the stage map that names the stages of a lead
AT_ONCE = 10_000  # rows in one statement
INFLUENCE = ("pre-opp", "in-opp", "both", "none", "unknown")


@cache
def _built_in() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))


def normalise(text: str) -> str:
    """Lower case, everything but letters and digits turned into one space: how words are compared."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    connection.execute(f"create or replace table {table} ({columns})")
    insert_rows(connection, table, list(rows))


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Adds small tables' rows a column at a time: a list for each column binds ten times faster than single values."""
    for start in range(0, len(rows), AT_ONCE):
        columns = [list(column) for column in zip(*rows[start : start + AT_ONCE], strict=True)]
        connection.execute(f"insert into {table} select {', '.join(['unnest(?)'] * len(columns))}", columns)


def write_words(connection: duckdb.DuckDBPyConnection, book: BookCopy, as_of: datetime) -> None:
    """The tables model queries join for meaning: config, settings and the vocabularies."""
    _write_config(connection, book, as_of)
    sources = {
        normalise(word): (normalise(word), entry["channel"], entry["side"])
        for entry in _built_in()["source"]
        for word in entry["words"]
    }
    sources |= {
        normalise(rule.source_raw_norm): (normalise(rule.source_raw_norm), rule.channel, rule.side)
        for rule in book.source_map
    }
    # A channel name itself is a word for the channel, so touch and spend files may use it.
    for _, channel, side in list(sources.values()):
        sources.setdefault(normalise(channel), (normalise(channel), channel, side))
    _fill(connection, "source_vocabulary", "source_norm VARCHAR, channel VARCHAR, side VARCHAR", sources.values())
    _write_stages(connection, book)
    _write_lead_stages(connection, book)
    _write_rules(connection)
    types = [(normalise(word), name) for name, words in _built_in()["type"].items() for word in words]
    _fill(connection, "type_vocabulary", "type_norm VARCHAR, type VARCHAR", types)
    _write_agreed(connection, book)
    _write_rates(connection, book)
    criteria = [
        (number, one.text, one.field, one.test, one.words, one.number)
        for number, one in enumerate(read_criteria(book.settings["lead_criteria"]))
    ]
    _fill(
        connection,
        "lead_criteria",
        "criterion_no INTEGER, criterion VARCHAR, field VARCHAR, test VARCHAR, words VARCHAR, number DECIMAL(18, 4)",
        criteria,
    )
    _fill(
        connection,
        "owner_words",
        "owner_alias VARCHAR, owner VARCHAR, team VARCHAR, region VARCHAR",
        [(normalise(rule.owner_raw_norm), rule.owner, rule.team, rule.region) for rule in book.owner_map],
    )


def _write_agreed(connection: duckdb.DuckDBPyConnection, book: BookCopy) -> None:
    """What both teams agreed: the plan, the shared scorecard, and from when on a metric starts anew."""
    _fill(
        connection,
        "book_targets",
        "period DATE, grain VARCHAR, metric VARCHAR, side VARCHAR, channel VARCHAR, segment VARCHAR,"
        " value DECIMAL(18, 4)",
        [tuple(target) for target in book.targets],
    )
    _fill(
        connection,
        "regime_breaks",
        "metric VARCHAR, from_on DATE, note VARCHAR, declared_by VARCHAR, declared_at VARCHAR",
        [tuple(one) for one in book.regime_breaks],
    )
    _fill(
        connection,
        "scorecard_kpis",
        "metric VARCHAR, position INTEGER, owner VARCHAR, marketing_input VARCHAR, sales_input VARCHAR",
        [tuple(one) for one in book.scorecard_kpis],
    )


def _write_config(connection: duckdb.DuckDBPyConnection, book: BookCopy, as_of: datetime) -> None:
    settings = book.settings
    # A data date without a time means the whole day has been seen.
    as_of_at = datetime.combine(as_of.date(), time(23, 59, 59)) if as_of.time() == time() else as_of
    _fill(
        connection,
        "config",
        "as_of_at TIMESTAMP, as_of_on DATE, reporting_currency VARCHAR, time_zone VARCHAR,"
        " fiscal_year_start_month INTEGER, sla_seconds BIGINT, lookback_days INTEGER, landmark_days INTEGER,"
        " horizon_days INTEGER, half_life_days INTEGER, session_minutes INTEGER, custom_weights VARCHAR,"
        " video_engaged_pct DOUBLE, sourced_rule VARCHAR, sourced_business VARCHAR, journey_people VARCHAR",
        [
            (
                as_of_at,
                as_of.date(),
                settings["reporting_currency"],
                settings["time_zone"],
                int(settings["fiscal_year_start_month"]),
                int(settings["sla_hours"]) * 3600,
                int(settings["lookback_days"]),
                int(settings["landmark_days"]),
                int(settings["horizon_days"]),
                int(settings["half_life_days"]),
                int(settings["session_minutes"]),
                settings["custom_weights"],
                float(settings["video_engaged_pct"]),
                settings["sourced_rule"],
                settings["sourced_business"],
                settings["journey_people"],
            )
        ],
    )
    _fill(connection, "settings", "key VARCHAR, value VARCHAR", sorted(settings.items()))


def _write_rules(connection: duckdb.DuckDBPyConnection) -> None:
    """Every rule with every side and every tier of influence, so that what has no deals is shown as nothing."""
    pairs = [(rule, at, side, to) for at, rule in enumerate(RULES) for to, side in enumerate(SIDES)]
    _fill(connection, "side_rules", "rule VARCHAR, rule_order INTEGER, side VARCHAR, side_order INTEGER", pairs)
    tiers = [(tier, at) for at, tier in enumerate(INFLUENCE)]
    _fill(connection, "influence_tiers", "tier VARCHAR, tier_order INTEGER", tiers)


def _write_stages(connection: duckdb.DuckDBPyConnection, book: BookCopy) -> None:
    stages: dict[tuple[str, str], tuple[str, str, str | None, str, int | None]] = {}
    for status, words in _built_in()["stage"].items():
        for word in words:
            stages[("", normalise(word))] = ("", normalise(word), None, status, None)
    for rule in book.stage_map:
        key = (normalise(rule.pipeline), normalise(rule.stage_raw_norm))
        stages[key] = (*key, rule.stage, rule.status, rule.stage_order)
    _fill(
        connection,
        "stage_vocabulary",
        "pipeline_norm VARCHAR, stage_norm VARCHAR, stage VARCHAR, status VARCHAR, stage_order INTEGER",
        stages.values(),
    )


def _write_lead_stages(connection: duckdb.DuckDBPyConnection, book: BookCopy) -> None:
    """The stages of a lead by name and place, and the words exports have for them; what was typed goes before."""
    names = {entry["order"]: entry["stage"] for entry in _built_in()["lead_stage"]}
    words = {normalise(word): entry["order"] for entry in _built_in()["lead_stage"] for word in entry["words"]}
    for rule in book.stage_map:
        if normalise(rule.pipeline) == LEADS and rule.stage_order in names:
            names[rule.stage_order] = rule.stage
            words[normalise(rule.stage_raw_norm)] = rule.stage_order
    _fill(connection, "lead_stage_names", "stage_order INTEGER, stage VARCHAR", sorted(names.items()))
    _fill(connection, "lead_stage_words", "stage_norm VARCHAR, stage_order INTEGER", sorted(words.items()))


def write_hours(connection: duckdb.DuckDBPyConnection, book: BookCopy, first: date, last: date) -> None:
    """`business_days`: of every calendar and day the open hours, and how many seconds were open before that day.

    Seconds of work between two moments are a difference of two look-ups; no engine needs a function for it.
    """
    zone, days_off = book.settings["time_zone"], book.settings["holidays"]
    calendars = [Calendar("", book.settings["business_hours"], days_off, zone)]
    calendars += [
        Calendar(normalise(rule.name), rule.hours, rule.holidays or days_off, rule.time_zone or zone)
        for rule in book.calendars
    ]
    rows = []
    for calendar in calendars:
        before = 0
        for day, opens_1, closes_1, opens_2, closes_2 in open_hours(calendar, zone, first, last):
            open_s = closes_1 - opens_1 + closes_2 - opens_2
            rows.append((calendar.name, day, opens_1, closes_1, opens_2, closes_2, before, open_s))
            before += open_s
    _fill(
        connection,
        "business_days",
        "calendar VARCHAR, day DATE, opens_1 BIGINT, closes_1 BIGINT, opens_2 BIGINT, closes_2 BIGINT,"
        " seconds_before BIGINT, seconds_open BIGINT",
        rows,
    )


def _write_rates(connection: duckdb.DuckDBPyConnection, book: BookCopy) -> None:
    rows = []
    ordered = sorted(book.currency_rates, key=lambda rate: (rate.currency, rate.from_on))
    for rate, following in zip_longest(ordered, ordered[1:]):
        until = following.from_on if following is not None and following.currency == rate.currency else None
        rows.append((rate.currency, rate.from_on, until, rate.rate))
    _fill(connection, "currency_rates", "currency VARCHAR, from_on DATE, until_on DATE, rate DECIMAL(18, 8)", rows)


def calendar_bounds(dates: Sequence[datetime | None], as_of: datetime) -> tuple[datetime, datetime]:
    """First and last day the calendar holds: facts up to fifty years before the data date, and two years after it."""
    floor = as_of - timedelta(days=50 * 365)
    known = [value for value in dates if value is not None and value >= floor]
    return min([as_of - timedelta(days=3 * 365), *known]), as_of + timedelta(days=2 * 366)
