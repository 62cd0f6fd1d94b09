"""Reports on what customers say and on the claims of the field, measured before and after."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from scorecard.queries_rows import Rows
from scorecard.stats import rates

Given = Mapping[str, Any]
Ask = Callable[..., Any]
FEW = 30  # answers below which there is no rank


def voice(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row a group: the score with its interval, its answers, who answered, and a rank from 30 answers on."""
    is_nps = given["kind"] == "nps"
    answer = [_heard(row, is_nps) for _, row in rows.iterrows() if row["answers"]]
    if given["by"] not in ("month", "quarter"):
        firm = sorted((row for row in answer if row["answers"] >= FEW), key=lambda row: -row["value"])
        if len(firm) > 1:
            for place, row in enumerate(firm, start=1):
                row["rank"] = place
    else:
        answer.sort(key=lambda row: row["group_value"])
    notes = []
    if len(rows) and (off := int(rows["off_scale"].sum())):
        notes.append(f"Left out: {off:,} answers on another scale than {'0 to 10' if is_nps else '1 to 5'}.")
    return Rows(answer, notes)


def _heard(row: Any, is_nps: bool) -> dict[str, Any]:
    answers, best, worst = int(row["answers"]), int(row["best"]), int(row["worst"])
    found = rates.net_score(best, worst, answers) if is_nps else rates.share(best, answers)
    customers = None if pd.isna(row["customers"]) else int(row["customers"])
    answered = None if customers is None else int(row["answered"])
    return {
        "group_value": row["group_value"],
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "answers": answers,
        "best": best,
        "middle": answers - best - worst,
        "worst": worst,
        "customers": customers,
        "answered": answered,
        "answered_share": None if not customers or answered is None else answered / customers,
        "rank": None,
    }
