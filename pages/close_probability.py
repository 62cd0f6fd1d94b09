"""Close probability: how likely a deal is won by each day of its life, with open deals counted fairly."""

from dataclasses import replace

import streamlit as st

from scorecard import ui
from scorecard.charts import formats, headlines
from scorecard.charts.curves import BANDS, DAYS, at_days, observed, outcomes, rates_at, win_curves
from scorecard.charts.theme import CHANNEL_COLOURS, SIDE_COLOURS
from scorecard.filters import LISTS

filters = ui.open_page("How likely a win is, by when, and whether past probabilities came true")
look = ui.shown().look
view = ui.views("Win curves", "Open deals", "The quarter", "How good were we?", key="part")
OTHERS = {"Open deals": ui.open_deals, "The quarter": ui.quarter, "How good were we?": ui.how_good}
if view in OTHERS:
    OTHERS[view](filters)
    st.stop()

# Side first: do leads from Marketing close like those from Sales?
GROUPS = {
    "side": "Side",
    **{option: label for option, label in LISTS.values() if option != "campaign"},
    "": "All together",
}
with st.container(horizontal=True, vertical_alignment="bottom", key="curve_choices"):
    by = st.selectbox(
        "Compare", list(GROUPS), format_func=lambda option: GROUPS[option], key="by", bind="query-params", width=220
    )
    entity = st.segmented_control(
        "Of", ("deals", "people"), default="deals", required=True, key="entity", bind="query-params"
    )
    horizon = st.segmented_control("By day", DAYS, default=90, required=True, key="day", bind="query-params")
    created = st.segmented_control(
        "Created", ("any time", "in the period"), default="any time", required=True, key="created", bind="query-params"
    )
by, entity, horizon = str(by or ""), str(entity or "deals"), int(horizon or 90)
if created != "in the period":
    # A curve needs history: the deals of the last weeks alone have not had their time.
    filters = replace(filters, period_start=None)
rows = ui.ask("win_curve", filters, by=by, entity=entity)
if rows.empty:
    ui.nothing_here(
        f"No {entity} created in this period", "Widen the dates, or upload a newer CRM export.", why=ui.missing(rows)
    )
    st.stop()

if by == "side":
    rows = rows.assign(group_value=rows["group_value"].str.capitalize())

# The value of each curve at the agreed days; nothing beyond the oldest deal seen. Small groups are in the table only.
table = at_days(rows)
cases = table.groupby("group_value")["n"].max()
enough = list(cases[cases >= formats.FEW].index)
if not enough:
    ui.too_little(float(cases.sum()), entity)
drawn = rows[rows["group_value"].isin(enough)] if enough else rows
left_out = len(cases) - len(enough) if enough else 0

seen = table[table["group_value"].isin(drawn["group_value"])]
day = observed(seen, horizon) or DAYS[0]
rates = rates_at(seen, day)
left, right = st.columns((1.25, 1), gap="large")
with left:
    ui.headline(headlines.apart(rates, f"Won by day {day}:", "Share won by age of the deal"))
    fixed = {"channel": CHANNEL_COLOURS, "side": SIDE_COLOURS}.get(by or "", {})
    ui.chart(
        win_curves(drawn, look, fixed=fixed),
        key="win_curve",
        alt="Share won by days since creation. "
        + "; ".join(f"{rate.name} {formats.percent(rate.value or 0)} by day {day}" for rate in rates[:6]),
        caption=f"Created {ui.period_of(filters)}. Open {entity} are counted until the data date, lost ones as lost."
        + (" Band: 95% interval." if drawn["group_value"].nunique() <= BANDS else " Intervals are in the table.")
        + f" n={formats.count(cases.sum())}"
        + (f"; {left_out} groups of fewer than {formats.FEW} are in the table only." if left_out else ""),
    )
with right:
    ui.headline(
        f"After {day} days: won, open, lost",
        "" if day == horizon else f"Nothing of this period is {horizon} days old yet, so day {day} is shown.",
    )
    at = seen[(seen["day"] == day) & seen["won"].notna()].sort_values("n", ascending=False)
    parts = at.rename(columns={"won": "won_probability", "lost": "lost_probability", "open": "open_probability"})
    if at.empty:
        st.text("Nothing of this period is 30 days old yet. Choose a longer or an earlier period.")
    else:
        ui.chart(
            outcomes(parts.head(6), look),
            key="outcomes",
            alt=f"Won, open and lost after {day} days for each group.",
            caption="Green won, pale still open, grey lost.",
        )

ui.headline("The same as a table", "Share won by each day with its 95% interval; — means nothing is that old yet.")
wide = at_days(rows, text=True)
ui.table(wide, "curve_table")
ui.download(table, "win_curve", "curve_csv")

with st.expander("Other win rates, and why they are not the headline", icon=":material/balance:"):
    naive = ui.ask("win_rates", filters, by=by, entity=entity or "deals")
    st.caption(
        "Won of closed leaves out every open deal and looks better when lost deals are never closed; won of created"
        " falls for young deals. They are here to be recognised, not to be compared."
    )
    naive["value"] = [formats.percent(value) if formats.known(value) else formats.MISSING for value in naive["value"]]
    quiet = naive.rename(columns={"group_value": "group", "numerator": "won", "denominator": "of"})
    ui.table(quiet, "naive_table", quiet=True)
ui.rows_behind("win_rate_closed", filters)
ui.rows_behind("win_rate_180", filters)
