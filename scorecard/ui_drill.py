"""From a channel to its campaigns to its deals: what one path model credits, each level adding up to the one above."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.charts.journey import MODELS, most_credit, re_adds
from scorecard.charts.models import UNATTRIBUTED
from scorecard.charts.theme import GREY
from scorecard.filters import Filters
from scorecard.masking import mask_email
from scorecard.ui_attribution import Assumptions, assumptions
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, fit, headline, period_of, table
from scorecard.ui_state import ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
MOST_DEALS = 1000
MOST_FOUND = 50
MODEL, CHANNEL, CAMPAIGN, DEAL, VIEW = "model", "credit_channel", "credit_campaign", "deal", "view"
CLICKED = "credit_channel_clicked"
OPENS_HINT = "Click a row for the customer's timeline."


@dataclass(frozen=True)
class Place:
    """Where the viewer stands: model, channel, campaign, and what was typed for a deal."""

    model: str
    channel: str
    campaign: str
    deal: str
    business: str
    assumed: Assumptions

    @property
    def params(self) -> dict[str, Any]:
        return {"model": MODELS[self.model], "business": self.business, **self.assumed.params}

    @property
    def lookback(self) -> dict[str, Any]:
        return {"lookback_days": self.assumed.lookback_days}

    @property
    def clock(self) -> str:
        what = "new business" if self.business == "new" else "all business"
        return f"{self.model} model, {what}, by close date"

    @property
    def credit(self) -> dict[str, Any]:
        """What the credit of one deal's touches is asked with."""
        return self.assumed.params


def go(channel: str | None, campaign: str | None = None, deal: str = "") -> None:
    """Stand there in the next run; only from a callback, before the widgets are drawn."""
    st.session_state[CHANNEL], st.session_state[CAMPAIGN], st.session_state[DEAL] = channel, campaign, deal


def choose(filters: Filters, business: str) -> tuple[Place, pd.DataFrame, pd.DataFrame]:
    """The row of choices; the place chosen, the credit of channels, and of the campaigns of the one chosen."""
    if CLICKED in st.session_state:
        go(st.session_state.pop(CLICKED))
    models = [name for name, model in MODELS.items() if model != "custom" or _has_weights()]
    if st.session_state.get(MODEL, models[0]) not in models:
        st.session_state[MODEL] = models[0]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="drill_choices"):
        model = str(st.selectbox("Credit by", models, key=MODEL, width=190, **BOUND))
        assumed = assumptions()
        given = {"business": business, **assumed.params}
        channels = ask("attribution", filters, model=[MODELS[model]], **given)
        channel = _option("Channel", CHANNEL, channels, "channel")
        given |= {"model": MODELS[model], "channel": channel}
        campaigns = ask("credited_campaigns", filters, **given) if channel else pd.DataFrame()
        campaign = _option("Campaign", CAMPAIGN, campaigns, "campaign") if channel else ""
        deal = st.text_input("Deal", key=DEAL, placeholder="Name, company or id", width=280, **BOUND)
    return Place(model, channel, campaign, (deal or "").strip(), business, assumed), channels, campaigns


def _has_weights() -> bool:
    """The team has weights of its own, agreed or typed to try them."""
    return bool(shown().settings.get("custom_weights") or st.session_state.get("weights"))


def _option(name: str, key: str, rows: pd.DataFrame, column: str) -> str:
    """One of the values; '' = all."""
    values = [str(value) for value in rows[column]] if column in rows else []
    kept = st.session_state.get(key)
    if kept is not None and kept not in values:
        values.append(str(kept))  # the period has none of it now: said below, not dropped
    chosen = st.selectbox(name, values, index=None, key=key, placeholder=f"All {name.lower()}s", width=210, **BOUND)
    return str(chosen or "")


def crumbs(place: Place, deal_name: str = "") -> None:
    """The way back, level by level."""
    steps: list[tuple[str, tuple[str | None, str | None]]] = [("All channels", (None, None))]
    if place.channel:
        steps.append((place.channel, (place.channel, None)))
    if place.campaign:
        steps.append((place.campaign, (place.channel, place.campaign)))
    here = deal_name or ("" if len(steps) == 1 and not place.deal else steps[-1][0])
    if not here:
        return
    back = steps if place.deal else steps[:-1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="crumbs"):
        for at, (name, target) in enumerate(back):
            st.button(
                _plain(name),
                key=f"crumb_{at}",
                type="tertiary",
                icon=":material/arrow_back:" if at == len(back) - 1 else None,
                on_click=go,
                args=target,
            )
            st.text("›")
        st.text(here if len(here) <= 60 else here[:59] + "…")


def _plain(name: str) -> str:
    return escape(name if len(name) <= 40 else name[:39] + "…")


def drill(place: Place, filters: Filters, channels: pd.DataFrame, campaigns: pd.DataFrame) -> None:
    """The level that is chosen: channels as bars, or the campaigns and deals of one."""
    if channels.empty:
        nothing_here("No credit to follow here", "Widen the dates, or find a deal by its name.", why=missing(channels))
        return
    if not place.channel:
        _channels(place, filters, channels)
        return
    above = channels[channels["channel"] == place.channel]
    if above.empty:
        st.info(f"No credit in this period for {_plain(place.channel)}.", icon=":material/info:")
        return
    if not place.campaign:
        _campaigns(place, filters, campaigns, each(above)[0])
        _deals(place, filters, each(above)[0], place.channel)
        return
    row = campaigns[campaigns["campaign"] == place.campaign]
    if row.empty:
        st.info(f"No credit in this period for {_plain(place.campaign)}.", icon=":material/info:")
        return
    _deals(place, filters, each(row)[0], place.campaign)


def _channels(place: Place, filters: Filters, rows: pd.DataFrame) -> None:
    look = shown().look
    rows = rows.assign(last=rows["channel"] == UNATTRIBUTED, revenue=rows["revenue"].astype(float).fillna(0))
    rows = rows.sort_values(["last", "revenue"], ascending=[True, False], kind="stable")
    total, money = float(rows["deals"].sum()), float(rows["revenue"].sum())
    note = f"{place.clock}, {period_of(filters)}. Click a bar for its campaigns and deals, and a deal for its timeline."
    headline(most_credit(rows, place.model, look.currency), note, of=rows)
    if total < formats.FEW:
        too_little(total, "won deals")
    texts = [f"<b>{formats.money(row.revenue, look.currency)}</b>  {_deals_word(row.deals)}" for row in each(rows)]
    colours = {UNATTRIBUTED: GREY}
    picked = chart(
        ranked(list(rows["channel"]), list(rows["revenue"]), texts, look, colours=colours, row_height=38),
        key="credit_channels",
        alt="Credited revenue: " + "; ".join(f"{row.channel} {row.revenue:,.2f}" for row in each(rows)),
        caption=f"The bars add up to {_deals_word(total)} won and {formats.money(money, look.currency)}. "
        "Unattributed: no touch that counts. Markov and Shapley speak of channels only, so they cannot be followed to a"
        " campaign, a deal or a touch.",
        select=True,
    )
    if picked:
        st.session_state[CLICKED] = picked
        st.rerun()


def _deals_word(deals: Any) -> str:
    return f"{formats.count(float(deals))} deal" + ("" if float(deals) == 1 else "s")


def _campaigns(place: Place, filters: Filters, rows: pd.DataFrame, above: Any) -> None:
    headline(
        f"Campaigns of {place.channel}", f"{place.clock}, {period_of(filters)}. Click a row for its deals.", of=rows
    )
    money = float(rows["revenue"].sum()) if rows["revenue"].notna().any() else None
    table(
        rows[["campaign", "deals", "revenue"]],
        "credit_campaigns",
        {
            "deals": st.column_config.NumberColumn("Deals", format="%.2f"),
            "revenue": st.column_config.NumberColumn("Revenue", format="localized"),
        },
        height=fit(len(rows), 250),
        **_on_row("credit_campaigns", rows["campaign"], lambda name: go(place.channel, name)),
    )
    st.caption(escape(re_adds(float(rows["deals"].sum()), money, above, place.channel, shown().look.currency)))


def _deals(place: Place, filters: Filters, above: Any, name: str) -> None:
    """The deals of the channel or campaign; a click opens the timeline."""
    look = shown().look
    rows = ask(
        "channel_deals", filters, channel=place.channel, campaign=place.campaign, row_limit=MOST_DEALS, **place.params
    )
    headline(f"Deals of {name}", OPENS_HINT, of=rows)
    table(
        rows[["deal_name", "company", "closed_on", "amount", "share", "credited_amount", "deal_id"]],
        "credit_deals",
        {
            "deal_name": "Deal",
            "closed_on": st.column_config.DateColumn("Closed", format="D MMM YYYY"),
            "amount": st.column_config.NumberColumn("Amount", format="localized"),
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "credited_amount": st.column_config.NumberColumn("Credited", format="localized"),
            "deal_id": "Id",
        },
        height=fit(len(rows), 360),
        **_on_row(
            "credit_deals", rows["deal_id"], lambda deal: go(place.channel or None, place.campaign or None, deal)
        ),
    )
    if len(rows) == MOST_DEALS:
        st.caption(f"The {formats.count(MOST_DEALS)} with most credit; `ask channel_deals` lists all.")
    else:
        money = float(rows["credited_amount"].sum()) if rows["credited_amount"].notna().any() else None
        st.caption(escape(re_adds(float(rows["share"].sum()), money, above, name, look.currency)))
    download(rows, "credited_deals", "credit_deals_csv")


def found_deals(text: str, rows: pd.DataFrame) -> None:
    """What a search found; a click opens the timeline."""
    headline(
        f"{formats.counted(len(rows), 'deal')} with “{mask_email(text)}” in the name, company or id",
        "Click a row.",
        of=rows,
    )
    table(
        rows[["deal_name", "company", "status", "closed_on", "amount", "deal_id"]],
        "deals_found",
        {
            "deal_name": "Deal",
            "closed_on": st.column_config.DateColumn("Closed", format="D MMM YYYY"),
            "amount": st.column_config.NumberColumn("Amount", format="localized"),
            "deal_id": "Id",
        },
        height=fit(len(rows), 420),
        **opens_deal("deals_found", rows["deal_id"]),
    )


def open_deal(deal_id: str) -> None:
    """Show this deal's timeline in the next run, whatever view is open; only from a callback of this page."""
    st.session_state[VIEW] = "Customer"
    go(None, None, str(deal_id))


def opens_deal(key: str, deal_ids: Iterable[Any]) -> dict[str, Any]:
    """What a table of deals takes so that a click on a row opens its timeline: `table(..., **opens_deal(...))`."""
    # The address follows a widget that is new on the page only if its value was there the run before.
    st.session_state.setdefault(DEAL, st.query_params.get(DEAL, ""))
    return _on_row(key, deal_ids, open_deal)


def _on_row(key: str, values: Iterable[Any], act: Callable[[str], None]) -> dict[str, Any]:
    """Selection settings of a table that act on the value of the row that was clicked."""
    listed = [str(value) for value in values]

    def clicked() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and rows[0] < len(listed):
            act(listed[rows[0]])

    return {"on_select": clicked, "selection_mode": "single-row"}
