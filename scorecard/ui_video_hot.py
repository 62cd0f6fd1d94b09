"""Video, for the day's work: who watched most of a video last week and has not been called since."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.bars import ranked
from scorecard.charts.frames import blank, each
from scorecard.filters import Filters
from scorecard.queries_video import WITHOUT_DEAL, unknown_values
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import chart, download, fit, headline, table
from scorecard.ui_state import ask, missing, shown
from scorecard.ui_timeline import deal_address
from scorecard.ui_video import counted

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
DEPTHS = {"50%": 0.5, "75%": 0.75, "90%": 0.9}
WITHIN = (7, 14, 30)
NOBODY = "Nobody named"


def waiting(filters: Filters, depth: float, days: int) -> pd.DataFrame:
    """Who watched so much in so many days and has not been called since, most expected value first.

    Chances are worked out once for everybody on the widest list, whatever is filtered and chosen: what somebody may be
    worth does not depend on it, and every other choice only reads names. `attrs["missing"]` where it cannot be known.
    """
    people = ask("video_hot_people", filters.at_any_time(), depth=depth, within_days=days)
    if people.empty:
        return people
    widest = worth_answer()
    worth = widest[["person_id", "expected_value"]].drop_duplicates("person_id", keep=False)
    found = people.merge(worth, on="person_id", how="left")
    by = ["expected_value", "viewed_at", "person_id"]
    found = found.sort_values(by, ascending=[False, False, True], ignore_index=True)
    notes = [
        note
        for note in widest.attrs.get("notes", ())
        if found["deal_id"].isna().any() and note.startswith(WITHOUT_DEAL)
    ]
    found.attrs = {**people.attrs}
    found.attrs["notes"] = [*notes, *unknown_values(int(found["expected_value"].isna().sum()))]
    return found


def worth_answer() -> pd.DataFrame:
    """What everybody on the widest list is expected to bring."""
    return ask("video_hot_unworked", None, depth=min(DEPTHS.values()), within_days=max(WITHIN))


def call_view(filters: Filters) -> None:
    """The list, most expected value first, and how many wait with each owner."""
    depth, days = _choose()
    found = waiting(filters, DEPTHS[depth], days)
    if why := missing(found):
        nothing_here("Who was called is not known", "Upload the activities of Sales.", why=why)
        return
    rule = (
        f"Open leads who watched {depth} or more in the {days} days before the data date; no call, hand-written message"
        " or meeting by Sales since. The period above does not apply."
    )
    if found.empty:
        headline("Nobody is waiting: everybody who watched so much has been contacted since", rule, of=found)
        return
    headline(said(found, shown().look.currency), rule, of=(found, worth_answer()))
    left, right = st.columns((2.5, 1), gap="large")
    with left:
        _list(found)
    with right:
        owners_of(found, "Who could call today.", "hot_owners", most=10)
    for sentence in found.attrs["notes"]:
        st.caption(escape(sentence))
    counted("video_hot_unworked")


def _choose() -> tuple[str, int]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="hot_choices"):
        depth = st.segmented_control(
            "Watched at least", list(DEPTHS), default="75%", required=True, key="hot_depth", **BOUND
        )
        days = st.segmented_control(
            "In the last",
            WITHIN,
            default=WITHIN[0],
            required=True,
            key="hot_days",
            format_func=lambda number: f"{number} days",
            **BOUND,
        )
    return str(depth or "75%"), int(days or WITHIN[0])


def said(found: pd.DataFrame, currency: str) -> str:
    """Four people watched and have not been called: $45.6K of expected value."""
    many = formats.words(len(found)).capitalize()
    text = f"{many} {'person' if len(found) == 1 else 'people'} watched and "
    text += f"{'has' if len(found) == 1 else 'have'} not been called since"
    worth = float(found["expected_value"].sum())
    return f"{text}: {formats.money(worth, currency)} of expected value" if worth > 0 else text


def since(minutes: Any) -> str:
    """2 d 4 h, 6 h 19 min, 55 min."""
    if not formats.known(minutes):
        return formats.MISSING
    whole = int(minutes)
    if whole < 60:
        return f"{whole} min"
    hours, rest = divmod(whole, 60)
    return f"{hours} h {rest} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def _list(found: pd.DataFrame) -> None:
    listed = pd.DataFrame({
        "name": found["name"],
        "company": found["company"],
        "video": found["title"],
        "watched": found["pct"].astype(float) * 100,
        "since": [since(value) for value in found["minutes_since"]],
        "owner": found["owner"].fillna(NOBODY),
        "expected_value": found["expected_value"].astype(float).round(),
        "customer": [None if blank(deal) else deal_address(str(deal)) for deal in found["deal_id"]],
    })  # fmt: skip
    table(
        listed,
        "hot_list",
        {
            "name": st.column_config.TextColumn("Who", pinned=True),
            "watched": st.column_config.ProgressColumn(
                "Watched", format="%.0f%%", min_value=0, max_value=100, width=90
            ),
            "since": "Waiting for",
            "expected_value": st.column_config.NumberColumn("Expected value", format="localized"),
            "customer": st.column_config.LinkColumn("Customer", display_text="timeline", width=80),
        },
        height=fit(len(listed), 560),
    )
    st.caption(
        "Waiting: from the view to the date of the data. Expected value: open amount × chance of a win, as on"
        " Close probability. Empty: not known."
    )
    file = found.drop(columns=["person_key", "deal_ids"])
    download(file.assign(waiting=[since(value) for value in found["minutes_since"]]), "watched_not_called", "hot_csv")


def owners_of(found: pd.DataFrame, basis: str, key: str, most: int) -> None:
    """A bar for each owner of people to call, with their expected value."""
    by = found.assign(owner=found["owner"].fillna(NOBODY)).groupby("owner", as_index=False)
    owners = by.agg(people=("person_id", "size"), worth=("expected_value", "sum"))
    owners = owners.sort_values(["people", "worth"], ascending=False).head(most)
    currency = shown().look.currency
    headline("By owner", basis, of=found)
    texts = [
        f"<b>{formats.count(row.people)}</b>" + (f"  {formats.money(row.worth, currency)}" if row.worth > 0 else "")
        for row in each(owners)
    ]
    chart(
        ranked(list(owners["owner"]), [float(n) for n in owners["people"]], texts, shown().look),
        key=key,
        alt="; ".join(f"{row.owner} {row.people}" for row in each(owners)),
        caption=f"n={formats.counted(len(found), 'lead')}, with their expected value.",
    )
