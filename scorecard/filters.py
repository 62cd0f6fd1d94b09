"""What the viewer is looking at: one frozen value with the period and every filter, and the periods with a name."""

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

# Parameter of every report -> (option on the command line, label on a chip).
LISTS: dict[str, tuple[str, str]] = {
    "channels": ("channel", "Channel"),
    "sources": ("source", "Source"),
    "sides": ("side", "Side"),
    "campaigns": ("campaign", "Campaign"),
    "regions": ("region", "Region"),
    "segments": ("segment", "Segment"),
    "products": ("product", "Product"),
    "teams": ("team", "Team"),
    "owners": ("owner", "Owner"),
    "pipelines": ("pipeline", "Pipeline"),
    "account_lists": ("account_list", "Account list"),
    "video_engaged": ("video_engaged", "Engaged with video"),
}

PERIODS: dict[str, str] = {
    "4w": "Last 4 weeks",
    "13w": "Last 13 weeks",
    "qtd": "Quarter to date",
    "ytd": "Year to date",
    "last_quarter": "Last quarter",
    "all": "All time",
}


@dataclass(frozen=True)
class Filters:
    """The period is half-open: `period_start` is in it, `period_end` is not; None = open. () = no filter."""

    period_start: date | None = None
    period_end: date | None = None
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()
    account_lists: tuple[str, ...] = ()
    video_engaged: tuple[str, ...] = ()

    def to_params(self) -> dict[str, Any]:
        """The same as bound parameters of a query."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def at_any_time(self) -> "Filters":
        """The same part of the business, for numbers that have dates of their own."""
        return replace(self, period_start=None, period_end=None)

    def describe(self) -> list[str]:
        """One short text per thing that is filtered, the period first."""
        chips = [period_text(self.period_start, self.period_end)]
        for name, (_, label) in LISTS.items():
            values = getattr(self, name)
            if values:
                chips.append(f"{label}: {', '.join(value or '(none)' for value in values)}")
        return chips

    @property
    def is_narrowed(self) -> bool:
        """Something besides the period is filtered."""
        return any(getattr(self, name) for name in LISTS)


def period_text(start: date | None, end: date | None) -> str:
    """The period as people say it, with its last day included."""
    last = end - timedelta(days=1) if end else None
    if start and last:
        return day_text(start) if start == last else f"{day_text(start)} to {day_text(last)}"
    if start:
        return f"From {day_text(start)}"
    return f"Until {day_text(last)}" if last else "All time"


def day_text(day: date) -> str:
    """A day without doubt about which number is the month."""
    return f"{day.day} {day:%b %Y}"


def quarter_start(day: date, fiscal_year_start: int = 1) -> date:
    """First day of the fiscal quarter that day is in."""
    months_in = (day.month - fiscal_year_start) % 3
    return _month_start(day, -months_in)


def year_start(day: date, fiscal_year_start: int = 1) -> date:
    """First day of the fiscal year that day is in."""
    return _month_start(day, -((day.month - fiscal_year_start) % 12))


def named_period(name: str, as_of: date, fiscal_year_start: int = 1) -> tuple[date | None, date | None]:
    """Start (included) and end (excluded) of a named period; the day of the data itself counts."""
    after = as_of + timedelta(days=1)
    quarter = quarter_start(as_of, fiscal_year_start)
    match name.lower().replace(" ", "_"):
        case "4w":
            return after - timedelta(weeks=4), after
        case "13w":
            return after - timedelta(weeks=13), after
        case "qtd":
            return quarter, after
        case "ytd":
            return year_start(as_of, fiscal_year_start), after
        case "last_quarter":
            return _month_start(quarter, -3), quarter
        case "all":
            return None, None
    raise ValueError(f"There is no period {name!r}; there are {', '.join(PERIODS)}.")


def _month_start(day: date, months: int) -> date:
    """First day of the month that many months away."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
