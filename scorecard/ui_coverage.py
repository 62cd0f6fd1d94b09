"""Pipeline coverage of the running quarter, and the deals whose expected date has passed."""

from datetime import date, timedelta

import streamlit as st

from scorecard.charts import coverage as draw
from scorecard.charts import formats
from scorecard.charts.frames import day_of, each
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_parts import chart, download, fit, headline, table
from scorecard.ui_state import ask, missing, shown

NOTE = (
    "Due: expected to close between the date of the data and the end of the quarter. Needed: 1 ÷ the win curve at day"
    " {days} ({share}). The forecast counts more: deals due later or past due, and deals not yet created."
)


def coverage(filters: Filters) -> None:
    """Coverage against what is needed as a bullet; what was left out in words; overdue deals on demand."""
    rows = ask("coverage", filters)
    if rows.empty:
        headline("Pipeline coverage", missing(rows) or "No open deals here.", of=rows)
        return
    row, currency = each(rows)[0], shown().look.currency
    last = day_of(row.period_end) - timedelta(days=1)
    said = draw.sentence(row, _day(last), currency)
    headline(said, draw.parts(row, currency), of=rows)
    if formats.known(row.coverage):
        share = formats.percent(row.win_probability) if formats.known(row.win_probability) else "not known yet"
        chart(
            draw.bullet(row, shown().look),
            key="coverage",
            alt=f"{said}. {draw.parts(row, currency)}",
            caption=NOTE.format(days=int(row.days_left), share=share),
        )
    if notes := rows.attrs.get("notes", ()):
        st.caption(escape(" ".join(notes)))
    download(rows, "coverage", "coverage_csv")
    _overdue(filters, int(row.past_due_deals), float(row.past_due_amount), currency)


def _overdue(filters: Filters, deals: int, amount: float, currency: str) -> None:
    """The list to clear up, the longest overdue first."""
    if not deals or shown().look.meeting:
        return
    title = f"Past their expected date: {formats.counted(deals, 'open deal')}, {formats.money(amount, currency)}"
    panel = st.expander(escape(title), icon=":material/event_busy:", key="past_due", on_change="rerun")
    if not panel.open:
        return
    with panel:
        rows = ask("due_deals", filters)
        late = rows[rows["days_overdue"].notna()]
        listed = late.rename(columns={"name": "deal"})[
            ["deal", "owner", "days_overdue", "expected_close_on", "amount", "stage"]
        ]
        columns = {
            "deal": st.column_config.TextColumn("Deal", pinned=True),
            "days_overdue": st.column_config.NumberColumn("Days overdue", format="localized"),
            "expected_close_on": st.column_config.DateColumn("Expected", format="D MMM YYYY"),
            "amount": st.column_config.NumberColumn("Amount", format="localized"),
        }
        table(listed, "past_due_table", columns, height=fit(len(listed)))
        download(listed, "past_due", "past_due_csv")


def _day(on: date) -> str:
    return f"{on.day} {on:%b}"
