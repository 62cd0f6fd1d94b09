"""Who sourced it: won revenue by side and channel under the agreed rule, and the deals behind."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.charts.multiples import days_of, panels
from scorecard.charts.stack import stacked
from scorecard.charts.theme import SIDE_COLOURS
from scorecard.filters import Filters
from scorecard.ui_drill import OPENS_HINT, opens_deal
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of, nothing_here, too_little
from scorecard.ui_parts import chart, coverage_line, download, headline, period_of, rows_behind, said_on, table
from scorecard.ui_sides import influenced, side_by_side, trust, which_money
from scorecard.ui_sign import signature_line
from scorecard.ui_signature import with_version
from scorecard.ui_state import ask, missing, shown

DEAL_COLUMNS = (
    "deal_name", "company", "closed_on", "side", "channel", "decided_by", "source", "owner", "amount", "flags",
)  # fmt: skip
NEWEST = 1000  # deals a browser lists without delay


def sourced(filters: Filters, business: str = "new") -> None:
    """The first view of the page: the definitions side by side, then sides, months, channels and deals."""
    money = which_money()
    rows = ask("sourced_revenue", filters, business=business)
    if rows.empty and money != "won":
        signature_line(filters)
        side_by_side(filters, business, money)
        return
    if rows.empty:
        nothing_here(
            "No won deals with a source here", "Widen the dates, or upload a newer CRM export.", why=missing(rows)
        )
        return

    won = float(rows["won_deals"].sum())
    kind = "New business only. " if business == "new" else "Every type of deal. "
    note = f"{coverage_line(filters, business)} {kind}Won deals by close date, {period_of(filters)}."
    headline(headlines.side_range(rows), note, of=rows)
    signature_line(filters)
    if won < formats.FEW:
        too_little(won, "won deals")
    side_by_side(filters, business, money)
    st.space("small")
    trust(filters)
    st.space("small")
    influenced(filters, business)
    st.space("small")
    picked = _by_side(rows, won)
    _which_channel(filters, business)
    st.space("small")
    _deals_behind(filters, business, picked)


def _by_side(rows: pd.DataFrame, won: float) -> str | None:
    """Bars and months by side; the side somebody clicked."""
    look = shown().look
    sides = rows.groupby("side", as_index=False)[["won_deals", "won_amount"]].sum()
    sides["won_amount"] = sides["won_amount"].astype(float)
    sides = sides.sort_values("won_amount", ascending=False)
    names = [side.capitalize() for side in sides["side"]]
    colours = {side.capitalize(): colour for side, colour in SIDE_COLOURS.items()}
    total = sides["won_amount"].sum()
    shares = sides["won_amount"] / (total or 1)
    texts = [
        f"<b>{formats.money(amount, look.currency)}</b>  {formats.share(share)} · {formats.counted(deals, 'deal')}"
        for amount, share, deals in zip(sides["won_amount"], shares, sides["won_deals"], strict=True)
    ]
    left, right = st.columns((1, 1.25), gap="large")
    with left:
        headline("By side", of=rows)
        picked = chart(
            ranked(names, list(sides["won_amount"]), texts, look, colours=colours),
            key="sides",
            alt="Won revenue by side: " + "; ".join(f"{row.side} {row.won_amount:,.0f}" for row in each(sides)),
            caption=f"n={formats.count(won)} won deals. Click a bar to see its deals below.",
            select=True,
        )
    with right:
        headline("Month by month", of=rows)
        by_month = rows.assign(
            period=rows["month"], name=rows["side"].str.capitalize(), value=rows["won_amount"].astype(float)
        )
        chart(
            stacked(by_month, colours, look, height=250),
            key="sides_by_month",
            alt="Won revenue by side and month of the close.",
            caption="The first and the last month may be cut by the period.",
        )
    return picked


def _which_channel(filters: Filters, business: str) -> None:
    """Small multiples of the largest channels."""
    look = shown().look
    # Complete weeks, or months where the period is long; half a week would look like a fall.
    start = filters.period_start
    grain = "week" if start and as_of(shown()) - start < timedelta(days=190) else "month"
    trend = ask("sourced_channels", filters, business=business, grain=grain)
    trend = trend[trend["is_complete"].astype(bool)]
    headline(
        "Which channel moves",
        f"Won revenue by {grain}, complete ones only; one scale, the other channels in grey.",
        of=trend,
    )
    days = days_of(trend["period"], grain)
    grid = st.grid(3, min_column_width=260, gap="medium", key="channels_grid")
    for panel in panels(trend, look, per=grain):
        with grid.cell(), st.container(gap=None):
            st.markdown(f"**{escape(panel.name)}** {panel.recent}")
            chart(
                panel.figure,
                key=f"channel_{panel.name}",
                alt=f"{panel.name}: {panel.recent}.",
                days=days,
                per=grain,
                words=False,
            )
    if days and (said := said_on(days)):
        st.caption(escape(said))


def _deals_behind(filters: Filters, business: str, picked: str | None) -> None:
    """The deals of the side picked, or all, and the records behind both numbers."""
    behind = replace(filters, sides=(picked.lower(),)) if picked else filters
    deals = ask("sourced_deals", behind, business=business, row_limit=NEWEST)
    more = f"The {formats.count(NEWEST)} newest; “Records behind” below lists more. " if len(deals) == NEWEST else ""
    headline(f"Deals behind: {picked}" if picked else "Deals behind", f"{more}{OPENS_HINT}", of=deals)
    table(
        deals[list(DEAL_COLUMNS)],
        "deals_behind",
        {
            "deal_name": "Deal",
            "closed_on": st.column_config.DateColumn("Closed", format="D MMM YYYY"),
            "amount": st.column_config.NumberColumn("Amount", format="localized"),
            "flags": "Remarks",
        },
        height=320,
        **opens_deal("deals_behind", deals["deal_id"]),
    )
    download(with_version(deals), "sourced_revenue_deals", "deals_csv")
    rows_behind("won_revenue", filters)
    rows_behind("marketing_sourced_revenue", filters)
