"""What must add up about the leads handed over: every answer of the hand-off against the list of its leads."""

from collections.abc import Callable

import pandas as pd

from scorecard.export.proof_parts import Added, Given, total

BEFORE = "before hand-over"  # contacted before: a class of its own, in no speed


def _counted(column: str, what: str, of: Callable[[pd.DataFrame], pd.Series]) -> Callable[..., Added]:
    def added(rows: pd.DataFrame, records: pd.DataFrame) -> Added:
        return Added(what, total(rows, column), float(of(records).sum()))

    return added


def _is(column: str, value: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda records: records[column] == value


def speed(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [
        Added("Leads handed over", total(rows, "handoffs"), float((records["sla_class"] != BEFORE).sum())),
        _counted("in_sla", "Attempted in time", _is("sla_class", "in time"))(rows, records),
        _counted("breached", "Late, or untouched and due", _is("sla_class", "breached"))(rows, records),
        _counted("pending", "Untouched, not due", _is("sla_class", "pending"))(rows, records),
    ]


def bands(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [Added("Leads in all bands", total(rows, "leads"), float(len(records)))]


def verdict(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    """Each lead is in one cell."""
    return [
        Added("Leads in all cells", total(rows, "leads"), float(len(records))),
        Added("Expected value", total(rows, "expected_value"), total(records, "expected_value"), "money"),
        Added("Won amount", total(rows, "won_amount"), total(records, "won_amount"), "money"),
    ]


def quality(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [
        Added("Leads handed over", total(rows, "handoffs"), float(len(records))),
        _counted("accepted", "Accepted", _is("decision", "accepted"))(rows, records),
        _counted("rejected", "Rejected", _is("decision", "rejected"))(rows, records),
        _counted("undecided", "Undecided", _is("decision", "undecided"))(rows, records),
    ]


def reasons(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [Added("Rejected, by all reasons", total(rows, "leads"), float(len(records)))]


def promises(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    met = records["criteria_failed"].isna() | (records["criteria_failed"] == "")
    return [
        Added("Leads handed over", total(rows, "handoffs"), float(len(records))),
        Added("Met the criteria", total(rows, "met_criteria"), float(met.sum())),
        Added("Expected value", total(rows, "expected_value"), total(records, "expected_value"), "money"),
    ]


def handed_over(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    """Friction: the index stands on all leads handed over."""
    return [Added("Leads handed over", float(rows["leads"].astype(float).max()), float(len(records)))]
