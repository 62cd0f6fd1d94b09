"""The tables of the book, what their columns take, and the steps that bring an old book up to date."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from scorecard.business_time import WORKING_DAY, clean_days, clean_hours
from scorecard.errors import StoreError
from scorecard.lead_criteria import DEFAULT as COMPLETE
from scorecard.lead_criteria import clean_criteria
from scorecard.schema import SIDES

STATUSES = ("open", "won", "lost")
GRAINS = ("week", "month", "quarter", "year")
RULES = ("field", "origin", "presales")
BUSINESS = ("new", "all")
JOURNEY_PEOPLE = ("roles", "account")
ACTION_STATES = ("open", "done", "dropped")
TEAMS = ("marketing", "sales", "both")

DEFAULT_SETTINGS: dict[str, str] = {
    "reporting_currency": "USD",
    "time_zone": "UTC",
    "fiscal_year_start_month": "1",
    "business_hours": WORKING_DAY,
    "holidays": "",
    "sla_hours": "8",  # on the clock of the business hours: one working day
    "lead_criteria": COMPLETE,
    "lookback_days": "365",
    "landmark_days": "14",
    "horizon_days": "90",
    "half_life_days": "30",
    "session_minutes": "30",
    "custom_weights": "",  # the team's own attribution model: first, lead, deal, last, middle
    "video_engaged_pct": "0.5",
    "depth_bands": "0.25,0.5,0.75,0.9",
    "sourced_rule": "origin",
    "sourced_business": "new",
    "journey_people": "roles",
}

_WHOLE_NUMBERS = {
    "fiscal_year_start_month": (1, 12),
    "sla_hours": (1, 24 * 365),
    "lookback_days": (1, 3650),
    "landmark_days": (0, 365),
    "horizon_days": (1, 3650),
    "half_life_days": (1, 3650),
    "session_minutes": (1, 24 * 60),
}
_WRITTEN = {"business_hours": clean_hours, "holidays": clean_days, "lead_criteria": clean_criteria}
_CHOICES = {"sourced_rule": RULES, "sourced_business": BUSINESS, "journey_people": JOURNEY_PEOPLE}


def check_setting(key: str, value: str) -> str:
    """The value as it is stored; StoreError with what the setting takes."""
    text = str(value).strip()
    if key not in DEFAULT_SETTINGS:
        raise StoreError(f"There is no setting {key}; there are {', '.join(DEFAULT_SETTINGS)}.")
    if key in _WHOLE_NUMBERS:
        low, high = _WHOLE_NUMBERS[key]
        if not text.isdecimal() or not low <= int(text) <= high:
            raise StoreError(f"{key} takes a whole number from {low} to {high}, not {text!r}.")
        return str(int(text))
    if key in _CHOICES:
        return _one_of(*_CHOICES[key])(text)
    if key == "reporting_currency":
        return _currency(text)
    if key == "custom_weights":
        return _weights(text)
    if key == "time_zone":
        return _zone(text)
    if key in _WRITTEN:
        return _WRITTEN[key](text)
    shares = [_number(part) for part in text.split(",")]
    if any(not 0 < share <= 1 for share in shares) or (key == "video_engaged_pct" and len(shares) != 1):
        raise StoreError(f"{key} takes shares between 0 and 1, not {text!r}.")
    if shares != sorted(set(shares)):
        raise StoreError(f"{key} takes rising shares, not {text!r}.")
    return ",".join(str(share) for share in shares)


def _zone(value: Any) -> str:
    text = _text(value)
    if text not in available_timezones():
        raise StoreError(f"time_zone takes a name such as Europe/Berlin or UTC, not {text!r}.")
    return text


def _weights(text: str) -> str:
    """Five points of the team's own attribution model; nothing = no such model."""
    if not text:
        return ""
    points = [_number(part) for part in text.split(",")]
    if len(points) != 5 or any(point < 0 for point in points) or not any(points):
        raise StoreError(
            "custom_weights takes five numbers, for the first touch, the last before the lead, the last before the"
            f" deal, the last before the close, and those between, such as 20,0,0,60,20; not {text!r}."
        )
    return ",".join(format(point, "f") for point in points)


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


def _number(value: Any) -> Decimal:
    try:
        found = Decimal(_text(value))
    except InvalidOperation:
        raise StoreError(f"{_text(value)!r} is not a number.") from None
    if not found.is_finite():
        raise StoreError(f"{_text(value)!r} is not a number.")
    return found


def _decimal(value: Any) -> str:
    return format(_number(value), "f")


def _rate(value: Any) -> str:
    if _number(value) <= 0:
        raise StoreError("A currency rate must be more than 0.")
    return _decimal(value)


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(_text(value)[:10]).isoformat()
    except ValueError:
        raise StoreError(f"{_text(value)!r} is not a date; write it as 2026-01-31.") from None


def _currency(value: Any) -> str:
    text = _text(value).upper()
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise StoreError(f"A currency is three letters such as USD or EUR, not {text!r}.")
    return text


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        text = _text(value).lower()
        if text not in allowed:
            raise StoreError(f"{text!r} must be one of {', '.join(allowed)}.")
        return text

    return clean


def _order(value: Any) -> int:
    return int(_number(value))


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
        {"source_raw_norm": _words, "channel": _needed, "side": _one_of(*SIDES)}, ("source_raw_norm",)
    ),
    "stage_map": TableSpec(
        {
            "pipeline": _text,
            "stage_raw_norm": _words,
            "stage": _needed,
            "status": _one_of(*STATUSES),
            "stage_order": _order,
        },
        ("pipeline", "stage_raw_norm"),
    ),
    "owner_map": TableSpec(
        {"owner_raw_norm": _words, "owner": _needed, "team": _maybe, "region": _maybe}, ("owner_raw_norm",)
    ),
    "currency_rates": TableSpec({"currency": _currency, "from_on": _day, "rate": _rate}, ("currency", "from_on")),
    "targets": TableSpec(
        {
            "period": _day,
            "grain": _one_of(*GRAINS),
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
            "rule": _if_given(_one_of(*RULES)),
            "business": _if_given(_one_of(*BUSINESS)),
            "lookback_days": _if_given(_order),
            "marketing_on": _if_given(_day),
            "sales_on": _if_given(_day),
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
    "people_who_type": TableSpec({"name": _needed, "side": _one_of(*TEAMS)}, ("name",)),
    "meetings": TableSpec(
        {"id": _needed, "started": _needed, "ended": _maybe, "snapshot": _needed, "who": _needed, "query": _text},
        ("id",),
    ),
    "actions": TableSpec(
        {
            "id": _order,
            "text": _needed,
            "owner": _maybe,
            "side": _one_of(*TEAMS),
            "due": _if_given(_day),
            "metric": _maybe,
            "filters": _text,
            "weeks": _if_given(_order),
            "week_end": _if_given(_day),
            "value": _if_given(_decimal),
            "cases": _if_given(_decimal),
            "expected": _if_given(_decimal),
            "snapshot": _maybe,
            "meeting": _maybe,
            "status": _one_of(*ACTION_STATES),
            "by": _needed,
            "at": _needed,
            "closed_by": _maybe,
            "closed_at": _maybe,
        },
        ("id",),
    ),
    "annotations": TableSpec(
        {"id": _order, "day": _day, "text": _needed, "side": _one_of(*TEAMS), "by": _needed, "at": _needed},
        ("id",),
    ),
    "regime_breaks": TableSpec(
        # metric '' = all of them; `by` and `at` are kept beside the history, because the page names them.
        {"metric": _text, "from_on": _day, "note": _needed, "by": _needed, "at": _needed},
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
            "time_zone": lambda value: _zone(value) if _text(value) else "",
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
