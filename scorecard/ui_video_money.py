"""Video, what came of it: won revenue with video on the way, and videos Sales sent beside e-mails of text."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.charts.theme import GREY
from scorecard.filters import Filters
from scorecard.ui_frame import PAGES, escape
from scorecard.ui_parts import chart, download, fit, headline, period_of, table
from scorecard.ui_state import ask, missing, shown
from scorecard.ui_video import DEPTHS, counted
from scorecard.ui_video_sent import sent

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
TIERS = {
    "pre-opp": "Before the deal",
    "in-opp": "During the deal",
    "both": "Before and during",
    "none": "Not watched",
    "unknown": "Undated deal",
}
BUSINESS = {"New business": "new", "All": "all"}
SOURCED = "sourced_revenue"


def money_view(filters: Filters) -> None:
    """Influence and credit above, sent by Sales below."""
    left, right = st.columns((1.2, 1), gap="large")
    with left:
        _influenced(filters)
    with right:
        _credited(filters)
    sent(filters)
    counted("video_influenced", "video_sent", "video_sent_ratio")


def _influenced(filters: Filters) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="influence_choices"):
        depth = st.segmented_control(
            "Watched at least", list(DEPTHS)[1:], default="50%", required=True, key="influence_depth", **BOUND
        )
        business = st.segmented_control(
            "Deals", list(BUSINESS), default="New business", required=True, key="influence_business", **BOUND
        )
    given = {"depth": DEPTHS[str(depth or "50%")], "business": BUSINESS[str(business or "New business")]}
    rows = ask("video_influenced", filters, **given)
    if why := missing(rows):
        headline("Won revenue with video on the way", of=rows)
        st.caption(escape(why))
        return
    look = shown().look
    rows = rows[(rows["deals"] > 0) | (rows["tier"] != "unknown")]
    headline(
        influenced(rows, look.currency),
        f"Anybody of the deal watched {depth} or more before the close. Overlap, not share: other channels touched the"
        f" same deals. Closed {period_of(filters)}.",
        of=rows,
    )
    if not float(rows["deals"].sum()):
        st.text("No won deals in this period with these filters.")
        return
    names = [TIERS.get(str(tier), str(tier)) for tier in rows["tier"]]
    texts = [
        f"<b>{formats.money(row.amount, look.currency)}</b>  {formats.counted(row.deals, 'deal')}" for row in each(rows)
    ]
    chart(
        ranked(
            names,
            list(rows["amount"].astype(float)),
            texts,
            look,
            colours=dict.fromkeys((TIERS["none"], TIERS["unknown"]), GREY),
        ),
        key="video_influenced",
        alt="; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True)),
        caption=f"Each won deal once; n={formats.count(float(rows['deals'].sum()))}. Views after it do not count.",
    )
    download(rows, "video_influenced", "video_influenced_csv")


def influenced(rows: pd.DataFrame, currency: str) -> str:
    """$3.1M of $20.4M won had video on the way (150 of 890 deals)."""
    total, deals = float(rows["amount"].sum()), float(rows["deals"].sum())
    with_video = rows[rows["tier"].isin(["pre-opp", "in-opp", "both"])]
    if deals <= 0:
        return "Won revenue with video on the way"
    amount = formats.money(float(with_video["amount"].sum()), currency)
    return (
        f"{amount} of {formats.money(total, currency)} won had video on the way"
        f" ({formats.count(float(with_video['deals'].sum()))} of {formats.count(deals)} deals)"
    )


def _credited(filters: Filters) -> None:
    """What the attribution board gives to the channel Video, model by model."""
    rows = ask("attribution", filters, business="all")
    video = rows[rows["channel"].astype(str).str.contains("video", case=False)] if len(rows) else rows
    look = shown().look
    if video.empty:
        headline("No attribution credit for video yet", of=rows)
        st.text(
            missing(rows)
            or "No touch carries a channel called Video, so no model can give it credit. Load a touches export in which"
            " video visits have the channel Video, or map their source to it under Data, Settings."
        )
    else:
        low, high = float(video["revenue"].min()), float(video["revenue"].max())
        span = f"{formats.money(low, look.currency)} to {formats.money(high, look.currency)}"
        headline(
            f"Attribution credits video with {span}",
            f"Channel Video by model, all won business closed {period_of(filters)}. Here credit adds up over channels.",
            of=rows,
        )
        table(
            video[["model", "deals", "revenue"]],
            "video_credit",
            {
                "model": st.column_config.TextColumn("Model", pinned=True),
                "deals": st.column_config.NumberColumn("Deals", format="%.2f"),
                "revenue": st.column_config.NumberColumn("Revenue", format="localized"),
            },
            height=fit(len(video), 420),
        )
        download(video, "video_credit", "video_credit_csv")
    page = next(one for one in PAGES if one.file == SOURCED)
    st.page_link(
        page.path, label="Open the attribution board", icon=":material/payments:", query_params={"view": "Attribution"}
    )
