"""Hand-off, the day's work: who was handed over and not tried, and who watched and was not called, in one list."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines_handoff
from scorecard.charts.frames import blank, each
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_handoff import unmatched
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import download, fit, headline, table
from scorecard.ui_state import ask, missing, shown
from scorecard.ui_timeline import deal_address
from scorecard.ui_video_hot import NOBODY, owners_of, since

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
REASONS = {"All": "", "Promise still runs": "pending", "Promise ran out": "breached", "Watched": "watched"}
WORDS = {"pending": "handed over, due", "breached": "handed over, overdue", "watched": "watched"}
RULE = (
    "Handed over in the 90 days before the data date, untouched and undecided; or watched 75% or more in its last 7"
    " days and not called since. The period above does not apply."
)
NO_CALLS = "Who was called is not known"


def work_list(filters: Filters) -> pd.DataFrame:
    """Everybody to call today, most expected value first; `attrs["missing"]` where it cannot be known.

    Chances are worked out once for everybody: what somebody may be worth does not depend on the filters.
    """
    found = ask("to_call_today", filters.at_any_time(), chances=0)
    if found.empty:
        return found
    asked = dict(found.attrs)
    with st.spinner("Working out what each call may be worth…"):
        worth = worth_answer()[["person_id", "expected_value"]].drop_duplicates("person_id", keep=False)
    found = found.drop(columns="expected_value").merge(worth, on="person_id", how="left")
    found["expected_value"] = found["expected_value"].astype(float)
    by = ["expected_value", "minutes_since", "person_id"]
    found = found.sort_values(by, ascending=[False, False, True], ignore_index=True)
    found.attrs.update(asked)
    return found


def worth_answer() -> pd.DataFrame:
    """What everybody is expected to bring, whatever is filtered."""
    return ask("to_call_today", None)


def to_call_view(filters: Filters) -> None:
    """The list with every reason, and how many wait with each owner."""
    found = work_list(filters)
    if why := missing(found):
        nothing_here(NO_CALLS, "Upload the leads and the activities of Sales.", why=why)
        return
    if found.empty:
        headline("Nobody is waiting: everybody handed over or watching has been tried", RULE, of=found)
        return
    headline(headlines_handoff.to_call(found, shown().look.currency), RULE, of=(found, worth_answer()))
    unmatched()
    chosen = str(
        st.segmented_control("Reason", list(REASONS), default="All", required=True, key="call_reason", **BOUND) or "All"
    )
    kept = found[[REASONS[chosen] in str(reasons) for reasons in found["reasons"]]]
    if kept.empty:
        st.caption("Nobody waits for this reason.")
        return
    left, right = st.columns((2.6, 1), gap="large")
    with left:
        _list(kept)
    with right:
        owners_of(kept, "Who holds the lead now.", "call_owners", most=12)
    for sentence in found.attrs.get("notes", ()):
        st.caption(escape(sentence))


def listed(found: pd.DataFrame, currency: str) -> pd.DataFrame:
    """The list in words, for a screen."""
    return pd.DataFrame({
        "name": found["name"],
        "company": found["company"],
        "why": [_why(row) for row in each(found)],
        "since": [since(value) for value in found["minutes_since"]],
        "owner": [NOBODY if blank(one) else one for one in found["owner"]],
        "worth": [formats.money(float(one), currency) if formats.known(one) else "" for one in found["expected_value"]],
    })  # fmt: skip


def _why(row: Any) -> str:
    said = [WORDS.get(reason, reason) for reason in str(row.reasons).split(", ")]
    if not blank(row.video):
        said[-1] = f"watched {formats.percent(min(float(row.pct), 1.0), 0)} of {row.video}"
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _list(found: pd.DataFrame) -> None:
    rows = listed(found, shown().look.currency).drop(columns="worth")
    rows["expected_value"] = found["expected_value"].to_numpy()
    rows["expected_value"] = rows["expected_value"].round()
    if not all(blank(deal) for deal in found["deal_id"]):
        rows["customer"] = [None if blank(deal) else deal_address(str(deal)) for deal in found["deal_id"]]
    table(
        rows,
        "call_list",
        {
            "name": st.column_config.TextColumn("Who", pinned=True),
            "why": "Why",
            "since": "Waiting for",
            "expected_value": st.column_config.NumberColumn("Expected value", format="localized"),
            "customer": st.column_config.LinkColumn("Customer", display_text="timeline", width=80),
        },
        height=fit(len(rows), 560),
    )
    st.caption(
        "Waiting: from the oldest reason to the date of the data, day and night. Expected value: open amount × chance"
        " of a win of who has watched, else what such leads (channel and segment) brought on average. Empty: not known."
    )
    download(found, "to_call_today", "call_csv")
