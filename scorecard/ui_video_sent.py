"""Videos Sales sent one to one: opened, half watched, answered; beside e-mails of text by the same people."""

import numpy as np
import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.forest import Rate, forest
from scorecard.charts.frames import each
from scorecard.charts.funnel import funnel
from scorecard.filters import Filters
from scorecard.stats.shrink import wilson
from scorecard.ui_frame import escape
from scorecard.ui_header import too_little
from scorecard.ui_parts import chart, download, fit, headline, period_of, table
from scorecard.ui_state import ask, missing, shown

STEPS = {
    "sends": "Sent",
    "opened": "Opened",
    "half_watched": "Half watched",
    "answered": "Answered in 7 days",
}


def sent(filters: Filters) -> None:
    """The funnel of sends on the left, the comparison on the right, the owners below."""
    rows = ask("video_sent", filters)
    if rows.empty:
        headline("Videos sent by Sales", of=rows)
        st.text(
            missing(rows)
            or "No video was sent long enough ago in this period: each needs 7 days to be answered. Widen the dates."
        )
        return
    left, right = st.columns((1.2, 1), gap="large")
    with left:
        _steps(rows, filters)
    with right:
        _against_text(filters)
    _owners(rows)


def _steps(rows: pd.DataFrame, filters: Filters) -> None:
    counts = {name: float(rows[name].sum()) for name in STEPS}
    first = counts["sends"]
    steps = pd.DataFrame({
        "step": list(STEPS.values()),
        "step_order": range(len(STEPS)),
        "people": list(counts.values()),
        "of_first": [value / first for value in counts.values()],
    })  # fmt: skip
    headline(
        f"{formats.percent(counts['answered'] / first, 0)} of {formats.counted(first, 'video')} sent by Sales were"
        " answered within 7 days",
        f"Sent {period_of(filters)}, at least 7 days before the data date. Answered: a reply or a meeting.",
        of=rows,
    )
    if first < formats.FEW:
        too_little(first, "videos sent")
    chart(
        funnel(steps, shown().look, crm=("answered",)),
        key="sent_funnel",
        alt="; ".join(f"{row.step} {row.people:.0f}" for row in each(steps)),
        caption=f"n={formats.count(first)} videos sent. Each step counts sends by itself: an answer needs no view.",
    )
    download(rows, "video_sent", "video_sent_csv")


def _against_text(filters: Filters) -> None:
    found = ask("video_sent_ratio", filters)
    if found.empty:
        headline("A video against a text of the same person", of=found)
        st.caption(escape(missing(found) or "Nothing to compare in this period."))
        return
    row = found.iloc[0]
    headline(
        _verdict(row),
        "Same owner, receivers at the same stage. Answered: a message that came in or a meeting.",
        of=found,
    )
    rates = []
    arms = (("With video", row["answered"], row["sends"]), ("Text only", row["emails_answered"], row["emails"]))
    for name, yes, of in arms:
        low, high = wilson(np.array([float(yes)]), np.array([float(of)]))
        rates.append(Rate(name, float(yes) / float(of), float(low[0]), float(high[0]), float(of)))
    chart(
        forest(rates, shown().look),
        key="sent_rates",
        alt="; ".join(f"{rate.name} {formats.percent(rate.value or 0)}, n={rate.n:.0f}" for rate in rates),
        caption=f"Ratio {row['ratio']:.2f} (95% {row['low']:.2f} to {row['high']:.2f}), Mantel-Haenszel over"
        f" {formats.counted(int(row['strata']), 'group')} of owner and stage. Sales chooses who gets one: no proof.",
    )


def _verdict(row: pd.Series) -> str:
    """Videos are answered 1.8 times as often as texts; or no clear difference."""
    if row["low"] > 1 or row["high"] < 1:
        return f"Videos are answered {row['ratio']:.1f} times as often as texts by the same people"
    return "Videos and texts by the same people: no clear difference in answers"


def _owners(rows: pd.DataFrame) -> None:
    columns = ["sends", "opened", "half_watched", "answered", "emails", "emails_answered"]
    owners = rows.groupby("owner", as_index=False)[columns].sum().sort_values("sends", ascending=False)
    headline("By sender", "No rank: who sends to whom differs.", of=rows)
    table(
        owners,
        "sent_owners",
        {
            "owner": st.column_config.TextColumn("Sender", pinned=True),
            "sends": "Videos sent",
            "half_watched": "Half watched",
            "emails": "Texts (same stages)",
            "emails_answered": "Texts answered",
        },
        height=fit(len(owners), 390),
    )
