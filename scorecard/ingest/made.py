"""Columns put together from several of a file: a point of a retention curve, the part of a video that was watched."""

from collections.abc import Callable, Mapping

from scorecard.ingest.headers import key_of
from scorecard.ingest.readings import Planner, Reading, Table


def make(planner: Planner, table: Table, readings: dict[str, Reading]) -> None:
    """Adds the columns whose parts are all in the file and which no header fills by itself."""
    headers = {key_of(header): header for header in planner.cells.header}
    for name, parts in table.feed.made.items():
        found = {part: next((headers[key] for key in keys if key in headers), "") for part, keys in parts.items()}
        if name in readings or name not in _MAKERS or not all(found.values()):
            continue
        values = {part: (_number(planner.cells.cell(header)), header) for part, header in found.items()}
        made = _MAKERS[name](values)
        readings[name] = Reading(table.feed.schema.column(name), made)
        planner.note(f"{', '.join(f'“{header}”' for header in found.values())} together are the column {name}.")


def _number(value: str) -> str:
    """A plain number or seconds of 1:02, with or without a percent sign; NULL where it is neither."""
    plain = f"try_cast(replace(regexp_replace({value}, '[% ]', '', 'g'), ',', '.') as double)"
    minutes, seconds = (f"try_cast(split_part({value}, ':', {place}) as double)" for place in (1, 2))
    return f"(case when {value} like '%:%' then {minutes} * 60 + {seconds} else {plain} end)"


def _watched(values: Mapping[str, tuple[str, str]]) -> str:
    """The part between the first and the last second watched, of the length; a video without a length has none."""
    start, end, length = (values[part][0] for part in ("start", "end", "length"))
    return f"case when {end} >= {start} then ({end} - {start}) / nullif({length}, 0) end"


def _point(values: Mapping[str, tuple[str, str]]) -> str:
    """One point of a curve as position and share, both in percent: 12%:83%."""
    texts = [f"cast({_percent(*values[part])} as varchar)" for part in ("position", "share")]
    return f"{texts[0]} || '%:' || {texts[1]} || '%'"


def _percent(value: str, header: str) -> str:
    """YouTube's API writes ratios, its pages percent."""
    return f"round({value} * 100, 6)" if "ratio" in key_of(header) else value


_MAKERS: Mapping[str, Callable[[Mapping[str, tuple[str, str]]], str]] = {"pct": _watched, "retention": _point}
