"""The tables of the book, what their columns take, and the steps that bring an old book up to date."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from scorecard.business_time import clean_days, clean_hours
from scorecard.errors import StoreError
from scorecard.schema import SIDES

STATUSES = ("open", "won", "lost")
GRAINS = ("week", "month", "quarter", "year")
RULES = ("field", "origin", "presales")
BUSINESS = ("new", "all")
JOURNEY_PEOPLE = ("roles", "account")
ACTION_STATES = ("open", "done", "dropped")
TEAMS = ("marketing", "sales", "both")


def zone(value: Any) -> str:
    text = _text(value)
    if text not in available_timezones():
        raise StoreError(f"time_zone takes a name such as Europe/Berlin or UTC, not {text!r}.")
    return text


def normal(text: str) -> str:
    """The form in which words of exports are compared: lower case, all but letters and digits one space."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def _text(value: Any) -> str:
    return str(value if value is not None else "").strip()


def _needed(value: Any) -> str:
    text = _text(value)
    if not text:
        raise StoreError("A needed field of the entry is empty.")
    return text


def _words(value: Any) -> str:
    return _needed(normal(_text(value)))


def _maybe(value: Any) -> str | None:
    return _text(value) or None


def _as_is(value: Any) -> Any:
    return value


def number(value: Any) -> Decimal:
    try:
        found = Decimal(_text(value))
    except InvalidOperation:
        raise StoreError(f"{_text(value)!r} is not a number.") from None
    if not found.is_finite():
        raise StoreError(f"{_text(value)!r} is not a number.")
    return found


def _decimal(value: Any) -> str:
    return format(number(value), "f")


def _rate(value: Any) -> str:
    if number(value) <= 0:
        raise StoreError("A currency rate must be more than 0.")
    return _decimal(value)


def day(value: Any) -> str:
    try:
        return date.fromisoformat(_text(value)[:10]).isoformat()
    except ValueError:
        raise StoreError(f"{_text(value)!r} is not a date; write it as 2026-01-31.") from None


def currency(value: Any) -> str:
    text = _text(value).upper()
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise StoreError(f"A currency is three letters such as USD or EUR, not {text!r}.")
    return text


def one_of(*allowed: str) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        text = _text(value).lower()
        if text not in allowed:
            raise StoreError(f"{text!r} must be one of {', '.join(allowed)}.")
        return text

    return clean


def _order(value: Any) -> int:
    return int(number(value))


def _if_given(cleaner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """None stays None; anything else is cleaned."""
    return lambda value: cleaner(value) if _text(value) else None


@dataclass(frozen=True)
class TableSpec:
    """One table: its columns with what cleans a value typed into them, and its key."""

    cleaners: Mapping[str, Callable[[Any], Any]]
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.cleaners)

    @property
    def where_key(self) -> str:
        return " and ".join(f"{name} = ?" for name in self.key)

    def clean(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row ready to store; StoreError if a name is unknown or a value is not what the column takes."""
        unknown = sorted(set(row) - set(self.cleaners))
        if unknown:
            raise StoreError(f"Unknown column {', '.join(unknown)}; there are {', '.join(self.cleaners)}.")
        return {name: clean(row.get(name)) for name, clean in self.cleaners.items()}


TABLES: dict[str, TableSpec] = {
    "settings": TableSpec({"key": _needed, "value": _text}, ("key",)),
    "source_map": TableSpec(
        {"source_raw_norm": _words, "channel": _needed, "side": one_of(*SIDES)}, ("source_raw_norm",)
    ),
    "stage_map": TableSpec(
        {
            "pipeline": _text,
            "stage_raw_norm": _words,
            "stage": _needed,
            "status": one_of(*STATUSES),
            "stage_order": _order,
        },
        ("pipeline", "stage_raw_norm"),
    ),
    "owner_map": TableSpec(
        {"owner_raw_norm": _words, "owner": _needed, "team": _maybe, "region": _maybe}, ("owner_raw_norm",)
    ),
    "currency_rates": TableSpec({"currency": currency, "from_on": day, "rate": _rate}, ("currency", "from_on")),
    "targets": TableSpec(
        {
            "period": day,
            "grain": one_of(*GRAINS),
            "metric": _needed,
            "side": _text,
            "channel": _text,
            "segment": _text,
            "value": _decimal,
        },
        ("period", "grain", "metric", "side", "channel", "segment"),
    ),
    "definitions": TableSpec(
        {
            "name": _needed,
            "text": _needed,
            "version": _order,
            "marketing_by": _maybe,
            "sales_by": _maybe,
            "rule": _if_given(one_of(*RULES)),
            "business": _if_given(one_of(*BUSINESS)),
            "lookback_days": _if_given(_order),
            "marketing_on": _if_given(day),
            "sales_on": _if_given(day),
        },
        ("name",),
    ),
    "mappings": TableSpec(
        {
            "signature": _needed,
            "kind": _needed,
            "mapping": _needed,
            "constants": _needed,
            "answers": _needed,
            "is_full": _as_is,
        },
        ("signature",),
    ),
    "views": TableSpec(
        {"name": _needed, "page": _needed, "query": _text, "by": _needed, "at": _needed},
        ("name",),
    ),
    "people_who_type": TableSpec({"name": _needed, "side": one_of(*TEAMS)}, ("name",)),
    "meetings": TableSpec(
        {"id": _needed, "started": _needed, "ended": _maybe, "snapshot": _needed, "who": _needed, "query": _text},
        ("id",),
    ),
    "actions": TableSpec(
        {
            "id": _order,
            "text": _needed,
            "owner": _maybe,
            "side": one_of(*TEAMS),
            "due": _if_given(day),
            "metric": _maybe,
            "filters": _text,
            "weeks": _if_given(_order),
            "week_end": _if_given(day),
            "value": _if_given(_decimal),
            "cases": _if_given(_decimal),
            "expected": _if_given(_decimal),
            "snapshot": _maybe,
            "meeting": _maybe,
            "status": one_of(*ACTION_STATES),
            "by": _needed,
            "at": _needed,
            "closed_by": _maybe,
            "closed_at": _maybe,
        },
        ("id",),
    ),
    "annotations": TableSpec(
        {"id": _order, "day": day, "text": _needed, "side": one_of(*TEAMS), "by": _needed, "at": _needed},
        ("id",),
    ),
    "regime_breaks": TableSpec(
        # metric '' = all of them; `by` and `at` are kept beside the history, because the page names them.
        {"metric": _text, "from_on": day, "note": _needed, "by": _needed, "at": _needed},
        ("metric", "from_on"),
    ),
    # The shared scorecard, a row a KPI; an input is a metric, "part" = the KPI's own part of that side, '' = none.
    "scorecard_kpis": TableSpec(
        {
            "metric": _needed,
            "position": _order,
            "owner": _text,
            "marketing_input": _text,
            "sales_input": _text,
        },
        ("metric",),
    ),
    "calendars": TableSpec(
        {
            "name": _needed,  # an owner, or a team
            "hours": lambda value: clean_hours(_needed(value)),
            "time_zone": lambda value: zone(value) if _text(value) else "",
            "holidays": lambda value: clean_days(_text(value)),
        },
        ("name",),
    ),
}


def _create(name: str, columns: str, key: str) -> str:
    return f"create table {name} ({columns}, primary key ({key})) without rowid"


# One tuple of statements per version; a published step is never edited, a new one is added.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        _create("settings", "key text, value text", "key"),
        _create("source_map", "source_raw_norm text, channel text, side text", "source_raw_norm"),
        _create(
            "stage_map",
            "pipeline text, stage_raw_norm text, stage text, status text, stage_order integer",
            "pipeline, stage_raw_norm",
        ),
        _create("owner_map", "owner_raw_norm text, owner text, team text, region text", "owner_raw_norm"),
        _create("currency_rates", "currency text, from_on text, rate text", "currency, from_on"),
        _create(
            "targets",
            "period text, grain text, metric text, side text, channel text, segment text, value text",
            "period, grain, metric, side, channel, segment",
        ),
        _create("definitions", "name text, text text, version integer, marketing_by text, sales_by text", "name"),
        _create(
            "mappings",
            "signature text, kind text, mapping text, constants text, answers text, is_full integer",
            "signature",
        ),
        _create("people_who_type", "name text, side text", "name"),
        (
            "create table history (id integer primary key, at text not null, who text not null,"
            " table_name text not null, row_key text not null, before text, after text)"
        ),
    ),
    tuple(
        f"alter table definitions add column {column}"
        for column in ("rule text", "business text", "lookback_days integer", "marketing_on text", "sales_on text")
    ),
    (_create("views", "name text, page text, query text, by text, at text", "name"),),
    (
        _create("meetings", "id text, started text, ended text, snapshot text, who text, query text", "id"),
        _create(
            "actions",
            "id integer, text text, owner text, side text, due text, metric text, filters text, weeks integer,"
            " week_end text, value text, cases text, expected text, snapshot text, meeting text, status text, by text,"
            " at text, closed_by text, closed_at text",
            "id",
        ),
        _create("annotations", "id integer, day text, text text, side text, by text, at text", "id"),
    ),
    (
        _create("regime_breaks", "metric text, from_on text, note text, by text, at text", "metric, from_on"),
        _create(
            "scorecard_kpis",
            "metric text, position integer, owner text, marketing_input text, sales_input text",
            "metric",
        ),
    ),
    (
        _create("calendars", "name text, hours text, time_zone text, holidays text", "name"),
        # Who typed a promise in hours before there were business hours meant hours of the clock on the wall.
        (
            "insert or ignore into settings (key, value)"
            " select 'business_hours', '24/7' from settings where key = 'sla_hours'"
        ),
    ),
)
