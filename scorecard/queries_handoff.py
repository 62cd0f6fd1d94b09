"""Reports on the hand-over of leads: how long each part of the way took."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from scorecard.queries_rows import Rows
from scorecard.stats import waits

Given = Mapping[str, Any]
Ask = Callable[..., Any]
BEFORE = "before hand-over"


def speed_to_lead(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row a group, the largest first (weeks in order); leads contacted before their hand-over apart, in a note."""
    apart = int(rows.loc[(rows["sla_class"] == BEFORE) & (rows["clock"] == "speed"), "leads"].sum())
    timed = rows[rows["sla_class"] != BEFORE]
    found = [_group(str(name), part) for name, part in timed.groupby("group_value", sort=True)]
    if given["by"] != "week":
        found.sort(key=lambda row: (-row["handoffs"], row["group_value"]))
    notes = _notes(timed[timed["clock"] == "speed"], apart, found)
    return Rows(found, [*notes, *_matched(ask("activity_match"))] if found else notes)


def _matched(rows: Any) -> list[str]:
    """How much of what Sales logged belongs to a known person; nothing to say where all of it does."""
    row = next(iter(rows), None)
    if row is None or not row["activities"] or (row["matched"] == row["activities"] and not row["planned"]):
        return []
    share = f"{row['matched'] / row['activities']:.1%}"
    said = f"{row['matched']:,} of {row['activities']:,} activities ({share}) belong to a known lead or contact"
    if row["planned"]:
        return [f"{said}; {row['planned']:,} of these are dated after the data date: planned, so no attempts."]
    return [f"{said}; the others cannot count as follow-up."]


def _group(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    speed = rows[rows["clock"] == "speed"]
    classes = speed.groupby("sla_class")["leads"].sum().to_dict()
    p50, p90 = _minutes(speed, (0.5, 0.9))
    return {
        "group_value": name,
        "handoffs": int(speed["leads"].sum()),
        "touched": int(speed.loc[speed["happened"].astype(bool), "leads"].sum()),
        "p50_minutes": p50,
        "p90_minutes": p90,
        "in_sla": int(classes.get("in time", 0)),
        "pending": int(classes.get("pending", 0)),
        "breached": int(classes.get("breached", 0)),
        "system_p50": _minutes(rows[rows["clock"] == "system"], (0.5,))[0],
        "human_p50": _minutes(rows[rows["clock"] == "human"], (0.5,))[0],
    }


def _minutes(rows: pd.DataFrame, shares: tuple[float, ...]) -> list[float | None]:
    found = waits.quantiles(
        rows["seconds"].to_numpy(np.float64),
        rows["happened"].to_numpy(bool),
        rows["leads"].to_numpy(np.float64),
        shares,
    )
    return [None if value is None else round(value / 60, 2) for value in found]


def _notes(speed: pd.DataFrame, apart: int, found: list[dict[str, Any]]) -> list[str]:
    notes = []
    if apart:
        notes.append(f"{apart:,} more were contacted before their hand-over: a class of their own, not minus minutes.")
    due = speed[speed["follow_up"] != "pending"]
    early = int(speed.loc[(speed["follow_up"] == "pending") & (speed["sla_class"] == "in time"), "leads"].sum())
    if early:
        notes.append(
            f"{early:,} of those in time are not due yet, so the metric Follow-up in SLA does not count them;"
            f" it is over the {int(due['leads'].sum()):,} due."
        )
    if found and all(row["system_p50"] is None and row["human_p50"] is None for row in found):
        notes.append(
            "System and human time cannot be told apart: the export has no day of assignment (for example HubSpot"
            " 'Owner Assigned Date')."
        )
    return notes
