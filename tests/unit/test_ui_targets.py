"""What somebody typed into the plan becomes the rows to put and the keys to take out."""

from datetime import date
from decimal import Decimal

import pandas as pd

from scorecard.ui_targets import COLUMNS, changes

KEPT = (date(2026, 10, 1), "quarter", "new_leads", "", "", "", 620.0)
RAISED = (date(2026, 10, 1), "quarter", "new_leads", "", "Email", "", 40.0)


def plan(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_only_what_changed_is_saved() -> None:
    put, gone = changes(plan(KEPT, RAISED), plan(KEPT, (*RAISED[:-1], 55.0)))
    assert [(row["channel"], row["value"]) for row in put] == [("Email", Decimal("55.0"))]
    assert gone == []


def test_a_deleted_row_is_taken_out_and_an_unfinished_one_waits() -> None:
    unfinished = (date(2027, 1, 1), "quarter", "new_leads", None, None, None, None)
    put, gone = changes(plan(KEPT, RAISED), plan(KEPT, unfinished))
    assert put == []
    assert gone == [("2026-10-01", "quarter", "new_leads", "", "Email", "")]


def test_a_key_that_changes_is_one_row_out_and_one_in() -> None:
    put, gone = changes(plan(RAISED), plan((*RAISED[:4], " Events ", "", 40.0)))
    assert [row["channel"] for row in put] == ["Events"]
    assert [key[4] for key in gone] == ["Email"]
