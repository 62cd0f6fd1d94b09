"""Video, does it sell: leads who had watched by one day of their life beside those who had not."""

from dataclasses import replace

import streamlit as st

from scorecard.charts import formats
from scorecard.charts.forest import Rate, forest
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import chart, headline, period_of, rows_behind
from scorecard.ui_state import ask, missing, shown

LANDMARK = 14  # days
HORIZON = 90  # days


def sell_view(filters: Filters) -> None:
    """Shares won from one landmark on."""
    # Leads of any age: those of the last weeks have not had their time.
    cohorts = replace(filters, period_start=None)
    arms = ask("video_landmark", cohorts, landmark=LANDMARK, horizon=HORIZON)
    rates = [Rate(row.arm, float(row.value), float(row.low), float(row.high), float(row.people)) for row in each(arms)]
    if len(rates) < 2 or min(rate.n for rate in rates) < formats.FEW:
        nothing_here("Not enough leads of both kinds are old enough yet", "Load a longer history.", why=missing(arms))
        return
    headline(f"Won in the {HORIZON} days after day {LANDMARK}, by who had watched")
    chart(
        forest(rates, shown().look),
        key="viewer_rates",
        alt="; ".join(f"{rate.name} {formats.percent(rate.value or 0)}, n={rate.n:.0f}" for rate in rates),
        caption=f"Leads created {period_of(cohorts)}, undecided on day {LANDMARK}. Line: 95% interval.",
    )
    st.info(
        "This is no effect of the video: people who are about to buy watch more.",
        icon=":material/balance:",
    )
    rows_behind("viewer_win_rate", filters)
