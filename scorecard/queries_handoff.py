"""Reports on the hand-over of leads: how long each part of the way took."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard.queries_rows import Rows
from scorecard.stats import waits

Given = Mapping[str, Any]
Ask = Callable[..., Any]
BEFORE = "before hand-over"


def speed_to_lead(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row a group, the largest first (weeks in order); leads contacted before their hand-over apart, in a note."""
    apart = int(rows.loc[(rows["sla_class"] == BEFORE) & (rows["clock"] == "speed"), "leads"].sum())
    timed = rows[rows["sla_class"] != BEFORE]
    found = _groups(timed)
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


def _groups(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Arrays once, then a mask a group: a frame a group is too slow for a hundred weeks."""
    names, at = np.unique(rows["group_value"].to_numpy(str), return_inverse=True)
    kinds = {name: (rows["clock"] == name).to_numpy() for name in ("speed", "system", "human")}
    classes = {name: (rows["sla_class"] == name).to_numpy() for name in ("in time", "pending", "breached")}
    seconds, leads = (rows[name].to_numpy(np.float64) for name in ("seconds", "leads"))
    happened = rows["happened"].to_numpy(bool)

    def minutes(mask: NDArray[np.bool_], shares: tuple[float, ...]) -> list[float | None]:
        found = waits.quantiles(seconds[mask], happened[mask], leads[mask], shares)
        return [None if value is None else round(value / 60, 2) for value in found]

    found = []
    for number, name in enumerate(names):
        mine = at == number
        speed = mine & kinds["speed"]
        p50, p90 = minutes(speed, (0.5, 0.9))
        in_sla, pending, breached = (int(leads[speed & which].sum()) for which in classes.values())
        found.append(
            {
                "group_value": str(name),
                "handoffs": int(leads[speed].sum()),
                "touched": int(leads[speed & happened].sum()),
                "p50_minutes": p50,
                "p90_minutes": p90,
                "in_sla": in_sla,
                "pending": pending,
                "breached": breached,
                "system_p50": minutes(mine & kinds["system"], (0.5,))[0],
                "human_p50": minutes(mine & kinds["human"], (0.5,))[0],
            }
        )
    return found


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
