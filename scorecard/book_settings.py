"""The settings of the book: what each is until somebody chooses, and what it takes."""

from collections.abc import Callable

from scorecard.book_tables import BUSINESS, JOURNEY_PEOPLE, RULES, currency, day, number, one_of, zone
from scorecard.business_time import WORKING_DAY, clean_days, clean_hours
from scorecard.errors import StoreError
from scorecard.lead_criteria import DEFAULT as COMPLETE
from scorecard.lead_criteria import clean_criteria

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
    # What both teams agreed about working together; '' = nothing yet. Without dates of its own the baseline is the year
    # before the day.
    "aligned_on": "",
    "baseline_from": "",
    "baseline_until": "",
    "attempt_hours": "0.25",
    "rework_hours": "0.5",
    "friction_weights": "",  # points of delay, untouched, rejected, rework, stalled; '' = all the same
}
ALIGNMENT = ("aligned_on", "baseline_from", "baseline_until", "attempt_hours", "rework_hours", "friction_weights")

_WHOLE_NUMBERS = {
    "fiscal_year_start_month": (1, 12),
    "sla_hours": (1, 24 * 365),
    "lookback_days": (1, 3650),
    "landmark_days": (0, 365),
    "horizon_days": (1, 3650),
    "half_life_days": (1, 3650),
    "session_minutes": (1, 24 * 60),
}
_CHOICES = {"sourced_rule": RULES, "sourced_business": BUSINESS, "journey_people": JOURNEY_PEOPLE}


def _points(of: str) -> Callable[[str], str]:
    """Five weights, or nothing."""

    def clean(text: str) -> str:
        points = [number(part) for part in text.split(",")] if text else []
        if text and (len(points) != 5 or any(point < 0 for point in points) or not any(points)):
            raise StoreError(f"{of}; not {text!r}.")
        return ",".join(format(point, "f") for point in points)

    return clean


def _hours(text: str) -> str:
    found = number(text)
    if not 0 <= found <= 24:
        raise StoreError(f"Hours are a number from 0 to 24, not {text!r}.")
    return format(found, "f")


def _day_or_none(text: str) -> str:
    return day(text) if text else ""


_WRITTEN: dict[str, Callable[[str], str]] = {
    "reporting_currency": currency,
    "time_zone": zone,
    "business_hours": clean_hours,
    "holidays": clean_days,
    "lead_criteria": clean_criteria,
    "custom_weights": _points(
        "custom_weights takes five numbers, for the first touch, the last before the lead, the last before the"
        " deal, the last before the close, and those between, such as 20,0,0,60,20"
    ),
    "aligned_on": _day_or_none,
    "baseline_from": _day_or_none,
    "baseline_until": _day_or_none,
    "attempt_hours": _hours,
    "rework_hours": _hours,
    "friction_weights": _points(
        "friction_weights takes five numbers, for delay, untouched, rejected, rework and stalled, such as"
        " 30,20,20,10,20"
    ),
}


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
        return one_of(*_CHOICES[key])(text)
    if key in _WRITTEN:
        return _WRITTEN[key](text)
    shares = [number(part) for part in text.split(",")]
    if any(not 0 < share <= 1 for share in shares) or (key == "video_engaged_pct" and len(shares) != 1):
        raise StoreError(f"{key} takes shares between 0 and 1, not {text!r}.")
    if shares != sorted(set(shares)):
        raise StoreError(f"{key} takes rising shares, not {text!r}.")
    return ",".join(str(share) for share in shares)
