"""Parts of the return on spend: the table of costs, the months, the budgets, and the deals behind a channel."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines
from scorecard.charts.bars import bullet_chart
from scorecard.charts.returns import TRAILING, budgets, return_panels
from scorecard.filters import Filters
from scorecard.ui_drill import OPENS_HINT, opens_deal
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of
from scorecard.ui_parts import chart, download, fit, headline, said_on, table
from scorecard.ui_state import ask, shown

MONTHS = 13 + TRAILING - 1
NEWEST = 1000  # deals a browser lists without delay
ALL = "All channels"
NO_NAME = "No campaign named"
STRANGER = "no lead, deal or touch of this name"
COUNTS = ("leads", "mqls", "opportunities", "won_deals")


def _columns(first: str) -> dict[str, Any]:
    """The table's headings, with their units."""
    currency = shown().look.currency
    money = {"spend": "Spend", "won_revenue": "Revenue", "budget": "Budget"}
    each = {"cost_per_lead": "lead", "cost_per_mql": "MQL", "cost_per_opportunity": "opp.", "cost_per_won": "win"}

    def number(heading: str, form: str = "localized") -> Any:
        return st.column_config.NumberColumn(heading, format=form, width=76)

    return {
        "group_value": st.column_config.TextColumn(first, width=150),
        "roas": number("Return", "%.1f×"),
        **{
            name: st.column_config.NumberColumn(f"{word}, {currency}", format="localized", width=112)
            for name, word in money.items()
        },
        "leads": number("Leads"),
        "mqls": number("MQLs"),
        "opportunities": number("Opps."),
        "won_deals": number("Wins", "%.1f"),
        **{name: number(f"{currency}/{word}") for name, word in each.items()},
        "remark": st.column_config.TextColumn("Remark", width=240),
    }


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """What a screen shows: whole money, no column nobody has."""
    names = ["group_value", "spend", "roas", "won_revenue", *COUNTS, "cost_per_lead", "cost_per_mql",
             "cost_per_opportunity", "cost_per_won", "budget", "remark"]  # fmt: skip
    found = rows[names].copy()
    for name in ("spend", "won_revenue", "budget", *(name for name in names if name.startswith("cost_per"))):
        found[name] = found[name].astype(float).round(0)
    always = ("group_value", "won_revenue", "won_deals", "remark")
    return found[[name for name in names if name in always or found[name].notna().any()]]


def cost_table(rows: pd.DataFrame, basis: str) -> None:
    """Every channel with its spend, what it brought and what each step cost, and the same as a file that says how."""
    headline(
        "What each step cost" if rows["spend"].notna().any() else "What each channel brought",
        "Leads by creation and MQLs by their date, where the person came from; opportunities by creation, where the"
        " deal came from. Empty where nothing can be divided; the remark says why.",
        of=rows,
    )
    table(_shown(rows), "return_table", _columns("Channel"), height=fit(len(rows), 460))
    download(rows.drop(columns=["campaign", "month"]).assign(basis=basis), "return_on_spend", "return_csv")


def months_to(last_day: date) -> list[date]:
    """The first days of the last complete months."""
    after = last_day + timedelta(days=1)
    index = after.year * 12 + after.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(index - MONTHS, index)]


def by_month(filters: Filters, params: Mapping[str, Any], note: str) -> None:
    """Small multiples: the return of each channel over three months, month by month, whatever period is chosen."""
    on = as_of(shown())
    months = months_to(on)
    after = date(months[-1].year + months[-1].month // 12, months[-1].month % 12 + 1, 1)
    window = replace(filters, period_start=months[0], period_end=after)
    rows = ask("return_on_spend", window, **{**params, "by": "channel_month"})
    panels = return_panels(rows, months, shown().look)
    if not panels or not rows["roas"].notna().any():
        return
    headline(
        "Is the return moving?",
        f"Won revenue over spend, {TRAILING} complete months together, to {months[-1]:%b %Y}. Each channel on its own"
        f" scale; dotted: 1×, as much back as spent.{note}",
        of=rows,
    )
    noted = (months[TRAILING - 1], after)
    grid = st.grid(3, min_column_width=260, gap="medium", key="returns_grid")
    for panel in panels:
        with grid.cell(), st.container(gap=None):
            st.markdown(f"**{escape(panel.name)}** {escape(panel.recent)}")
            chart(
                panel.figure,
                key=f"return_{panel.name}",
                alt=f"{panel.name}: {panel.recent} at the end.",
                days=noted,
                per="month",
                words=False,
            )
    if said := said_on(noted):
        st.caption(escape(said))


def against_budget(rows: pd.DataFrame, period: str) -> None:
    """Spend against budget, where somebody planned one."""
    found = budgets(rows)
    if not found:
        return
    title = headlines.budgets(found)
    headline(title, of=rows)
    chart(
        bullet_chart(found, shown().look, height=len(found) * 52 + 20),
        key="budgets",
        alt=f"{title}. "
        + "; ".join(f"{row.name} {formats.money(row.value)} of {formats.money(row.target or 0)}" for row in found),
        caption=f"Spend {period}. Tick and track: the budget, each once and in proportion to the days of the period.",
    )


def behind(
    names: Sequence[str], picked: str | None, filters: Filters, credit: Mapping[str, Any], params: Mapping[str, Any]
) -> None:
    """The campaigns of a channel and the deals it has credit for, which add up to its row."""
    place = st.container()
    channel = _channel([ALL, *names], picked)
    own = filters if channel == ALL else replace(filters, channels=(channel,))
    campaigns = ask("return_on_spend", own, **{**params, "by": "campaign"})
    campaigns = campaigns.assign(group_value=campaigns["group_value"].replace("(none)", NO_NAME))
    deals = ask("credited_deals", own, **credit, row_limit=NEWEST)
    with place:
        headline("Behind a channel", of=(campaigns, deals))
    st.markdown(f"**Campaigns: {escape(channel)}**")
    listed = _shown(campaigns)
    if channel == ALL:
        listed.insert(1, "channel", campaigns["channel"])
    table(listed, "campaign_returns", _columns("Campaign"), height=fit(len(campaigns)))
    strangers = int((campaigns["remark"] == STRANGER).sum())
    if strangers:
        st.caption(
            escape(
                f"{formats.counted(strangers, 'campaign')} with costs and no lead, deal or touch of that name: cost"
                " files and touches may name campaigns differently. The channel's row holds both."
            )
        )
    download(campaigns.drop(columns=["month"]), "campaign_returns", "campaign_csv")
    _deals(channel, deals)


def _channel(names: Sequence[str], picked: str | None) -> str:
    """The channel clicked, or chosen from the list: a bar cannot be reached by keyboard, and not all have one."""
    if picked in names and picked != st.session_state.get("spend_clicked"):
        st.session_state["spend_channel"] = picked
    st.session_state["spend_clicked"] = picked
    if st.session_state.get("spend_channel") not in names:
        st.session_state.pop("spend_channel", None)
    return str(st.selectbox("Channel", list(names), key="spend_channel", width=260, bind="query-params") or ALL)


def _deals(channel: str, deals: pd.DataFrame) -> None:
    st.markdown(f"**Deals credited: {escape(channel)}**")
    if deals.empty:
        st.text("No won deal has credit for it in this period.")
        return
    money = shown().look.currency
    table(
        deals,
        "credited_deals",
        {
            "deal_id": None,
            "deal_name": "Deal",
            "closed_on": st.column_config.DateColumn("Closed", format="D MMM YYYY"),
            "amount": st.column_config.NumberColumn(f"Amount, {money}", format="localized"),
            "share": st.column_config.ProgressColumn("Share", format="percent", min_value=0, max_value=1),
            "credited_amount": st.column_config.NumberColumn(f"Credited, {money}", format="localized"),
        },
        height=fit(len(deals)),
        **opens_deal("credited_deals", deals["deal_id"]),
    )
    total = f"{formats.money(float(deals['credited_amount'].sum()), money)} in {formats.counted(len(deals), 'deal')}"
    more = f" The {formats.count(NEWEST)} newest; the command line lists all." if len(deals) == NEWEST else ""
    what = "the total" if channel == ALL else "the channel's row"
    st.caption(escape(f"{total}.{more}" if more else f"{total}: they add up to {what}. {OPENS_HINT}"))
    download(deals, "credited_deals", "credited_csv")
