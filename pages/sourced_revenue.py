"""Sourced revenue: who brought the money that was won, how sure that is, and which channel moves."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from scorecard import ui
from scorecard.charts import formats, headlines
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.charts.multiples import panels
from scorecard.charts.stack import stacked
from scorecard.charts.theme import SIDE_COLOURS

NEWEST = 1000  # deals a browser lists without delay

filters = ui.open_page("Who brought the revenue that was won, and how much of it is known")
look = ui.shown().look
rows = ui.ask("sourced_revenue", filters)
if rows.empty:
    ui.nothing_here(
        "No won deals with a source here", "Widen the dates, or upload a newer CRM export.", why=ui.missing(rows)
    )
    st.stop()

won = float(rows["won_deals"].sum())
ui.headline(
    headlines.side_range(rows), f"{ui.coverage_line(filters)} Won deals by close date, {ui.period_of(filters)}."
)
if won < formats.FEW:
    ui.too_little(won, "won deals")

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
    ui.headline("By side")
    picked = ui.chart(
        ranked(names, list(sides["won_amount"]), texts, look, colours=colours),
        key="sides",
        alt="Won revenue by side: " + "; ".join(f"{row.side} {row.won_amount:,.0f}" for row in each(sides)),
        caption=f"n={formats.count(won)} won deals. Click a bar to see its deals below.",
        select=True,
    )
with right:
    ui.headline("Month by month")
    by_month = rows.assign(
        period=rows["month"], name=rows["side"].str.capitalize(), value=rows["won_amount"].astype(float)
    )
    ui.chart(
        stacked(by_month, colours, look, height=250),
        key="sides_by_month",
        alt="Won revenue by side and month of the close.",
        caption="The first and the last month may be cut by the period.",
    )

# Complete weeks, or months where the period is long; half a week would look like a fall.
start = filters.period_start
grain = "week" if start and ui.as_of(ui.shown()) - start < timedelta(days=190) else "month"
trend = ui.ask("metric_trend", filters, metric="won_revenue", by="channel", grain=grain)
trend = trend[trend["is_complete"].astype(bool)]
ui.headline(
    "Which channel moves", f"Won revenue by {grain}, complete ones only; one scale, the other channels in grey."
)
grid = st.grid(3, min_column_width=260, gap="medium", key="channels_grid")
for panel in panels(trend, look, per=grain):
    with grid.cell(), st.container(gap=None):
        st.markdown(f"**{ui.escape(panel.name)}** {panel.recent}")
        ui.chart(panel.figure, key=f"channel_{panel.name}", alt=f"{panel.name}: {panel.recent}.")

st.space("small")
behind = replace(filters, sides=(picked.lower(),)) if picked else filters
deals = ui.ask("records", behind, metric="won_revenue", row_limit=NEWEST)
more = f"The {formats.count(NEWEST)} newest; “Records behind” below lists more." if len(deals) == NEWEST else ""
ui.headline(f"Deals behind: {picked}" if picked else "Deals behind", more)
shown = deals[["label", "company", "happened_on", "side", "channel", "source", "owner", "numerator", "flags"]]
ui.table(
    shown,
    "deals_behind",
    {
        "label": "Deal",
        "happened_on": st.column_config.DateColumn("Closed", format="D MMM YYYY"),
        "numerator": st.column_config.NumberColumn("Amount", format="localized"),
        "flags": "Remarks",
    },
    height=320,
)
ui.download(deals, "sourced_revenue_deals", "deals_csv")
ui.rows_behind("won_revenue", filters)
ui.rows_behind("marketing_sourced_revenue", filters)
