"""Customer: the one timeline around a deal, and what each path model credits to each of its touches."""

from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from scorecard.charts import formats, journey
from scorecard.charts.frames import blank, day_of, each
from scorecard.charts.timeline import Span, legend, timeline
from scorecard.filters import Filters, day_text
from scorecard.masking import mask_email, masked
from scorecard.ui_attribution import Assumptions
from scorecard.ui_drill import MOST_FOUND, Place, choose, crumbs, drill, found_deals, open_deal, opens_deal
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import chart, download, fit, headline, table
from scorecard.ui_state import ask, masks_names, missing, shown

MOST_DRAWN = 400  # events a chart can show apart
MOST_LISTED = 200  # events a page lists; the file has all
MOST_CREDITED = 40

__all__ = ["customer", "deal_address", "open_deal", "opens_deal"]


def deal_address(deal_id: str) -> str:
    """The link to a deal's timeline, for another page or a table."""
    return f"/sourced_revenue?view=Customer&deal={quote(str(deal_id), safe='')}"


def customer(filters: Filters, business: str = "new") -> None:
    """The last view of the page: a deal by link, by search, or by following the credit of a channel."""
    place, channels, campaigns = choose(filters, business)
    if not place.deal:
        crumbs(place)
        drill(place, filters, channels, campaigns)
        return
    deals = ask("customer_deal", deal_id=place.deal, **place.lookback)
    if len(deals):
        deal = each(masked(deals, names_too=masks_names()))[0]
        crumbs(place, mask_email(str(deal.deal_name or deal.deal_id)))
        _one(deal, place, deals)
        return
    crumbs(place, "Search")
    rows = ask("deal_search", search=place.deal, row_limit=MOST_FOUND)
    if rows.empty:
        nothing_here(
            f"No deal has “{mask_email(place.deal[:40])}” in its name, company or id",
            "Look for another word, or upload the export that has it.",
            why=missing(rows),
        )
        return
    found_deals(place.deal, rows)


def _one(deal: Any, place: Place, deals: pd.DataFrame) -> None:
    """Sentence, chart, credit and everything that happened."""
    look = shown().look
    told = ask("customer_timeline", deal_id=deal.deal_id, **place.lookback)
    credit = ask("touch_credit", deal_id=deal.deal_id, **place.credit)
    events = masked(told, names_too=masks_names())
    headline(mask_email(journey.sentence(deal, events, look.currency)), _facts(deal), of=(deals, told))
    if why := journey.why_not(deal):
        st.info(escape(f"{why}{_no_file()}" if deal.why == "no touches" else why), icon=":material/info:")
    drawn = _nearest(events)
    _kinds(drawn)
    span = Span(
        status=str(deal.status),
        created_at=None if blank(deal.created_at) else pd.Timestamp(deal.created_at).to_pydatetime(),
        ends_at=pd.Timestamp(deal.ends_at).to_pydatetime(),
        lookback_days=float(deal.lookback_days),
        is_closed=not blank(deal.closed_at),
    )
    chart(
        timeline(drawn, span, look),
        key="timeline",
        alt=f"Timeline of {len(drawn)} events; all of them are listed in the table below.",
        caption=_legend(deal, len(events), len(drawn)),
    )
    if len(credit):
        _credit(events, credit, place.assumed)
    _events(told, events, credit, place.model, "Before close" if span.is_closed else "Before the data date")


def _no_file() -> str:
    """The file that would bring touches, where none is loaded at all."""
    why = missing(ask("credited_campaigns"))
    return f" {why}" if why else ""


def _facts(deal: Any) -> str:
    """Company, id, whose people, and the agreed origin."""
    people = {
        "named": "the people the deal names",
        "company": "all people of the company: the deal names none",
        "account": "all people of the account, as agreed",
    }
    parts = [
        mask_email(str(deal.company)) if not blank(deal.company) else "",
        f"deal {deal.deal_id}",
        f"{formats.count(deal.people)} {'person' if deal.people == 1 else 'people'}" if deal.people else "nobody known",
        people.get(str(deal.people_are), ""),
        f"created {_day(deal.created_at)}" if not blank(deal.created_at) else "",
        f"{deal.status} {_day(deal.closed_at)}" if not blank(deal.closed_at) else "",
        f"agreed origin: {deal.origin_channel}" if not blank(deal.origin_channel) else "",
    ]
    return " · ".join(part for part in parts if part)


def _day(at: Any) -> str:
    return day_text(day_of(at))


def _kinds(events: pd.DataFrame) -> None:
    """What each shape is; words and colours of our own, nothing from data."""
    marks = [
        f'<span style="white-space:nowrap"><span style="color:{colour};font-size:1.2em">{letter}</span> {name}</span>'
        for letter, colour, name in legend(events)
    ]
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.875rem">{"".join(marks)}</div>')


def _nearest(events: pd.DataFrame) -> pd.DataFrame:
    """What is drawn where there is too much: the touches that count and what is nearest to the close."""
    if len(events) <= MOST_DRAWN:
        return events
    far = events["days_before"].abs() - events["is_counted"].fillna(False).astype(bool) * 1e6
    return events.loc[sorted(far.sort_values(kind="stable").index[:MOST_DRAWN])]


def _legend(deal: Any, everything: int, drawn: int) -> str:
    """What the marks mean, and what the chart leaves out."""
    last = "CW last before the close" if deal.status == "won" else "last = the newest touch"
    marks = (
        f"FT first touch, LC last before the lead, OC last before the deal, {last}. " if deal.counted_touches else ""
    )
    less = (
        f" Drawn: the {formats.count(drawn)} of {formats.count(everything)} events nearest to the close."
        if drawn < everything
        else ""
    )
    days = formats.count(deal.lookback_days)
    return f"{marks}Dotted: deal created. Shaded: the {days} days in which touches count, up to the close.{less}"


def _credit(events: pd.DataFrame, credit: pd.DataFrame, assumed: Assumptions) -> None:
    """A column per path model, the total first."""
    headline(
        "What each path model gives each touch",
        f"Share of the deal and its money. {assumed.text()}"
        " Markov and Shapley speak of channels only: they give no touch a credit.",
        of=credit,
    )
    rows = journey.credit_rows(events, credit, shown().look.currency, MOST_CREDITED)
    table(
        rows,
        "touch_credit",
        {
            "mark": st.column_config.TextColumn("Mark", width=60),
            "when": st.column_config.DatetimeColumn("When", format="D MMM YY, HH:mm", width=128),
            "touch": st.column_config.TextColumn("Touch", width=170),
            **{head: st.column_config.TextColumn(head, width=104) for head in rows.columns[3:-1]},
            "person": st.column_config.TextColumn("Who", width=120),
        },
        height=fit(len(rows), 460),
    )


def _events(told: pd.DataFrame, events: pd.DataFrame, credit: pd.DataFrame, model: str, before: str) -> None:
    """Everything in time; the file has every row and the credit of every model."""
    rows = journey.event_rows(events, credit, model, shown().look.currency)
    more = ""
    if len(rows) > MOST_LISTED:
        rows = rows.loc[_nearest_rows(events)]
        more = (
            f"The {formats.count(MOST_LISTED)} nearest to the close of {formats.count(len(events))}; the file has all."
        )
    headline("Everything that happened", more or f"{formats.counted(len(events), 'event')}, in time.", of=told)
    table(
        rows,
        "timeline_events",
        {
            "when": st.column_config.DatetimeColumn("When", format="D MMM YYYY, HH:mm", width=140, pinned=True),
            "kind": st.column_config.TextColumn("Kind", width=85),
            "what": st.column_config.TextColumn("What", width=165),
            "person": st.column_config.TextColumn("Who", width=120),
            "channel": st.column_config.TextColumn("Channel", width=120),
            "campaign": st.column_config.TextColumn("Campaign", width=120),
            "before_close": st.column_config.TextColumn(before, width=95 if before == "Before close" else 140),
            "mark": st.column_config.TextColumn("Mark", width=70),
            "credit": st.column_config.TextColumn(model, width=120),
            "why_no_credit": st.column_config.TextColumn("Earns nothing", width=150),
            "detail": st.column_config.TextColumn("Detail", width=260),
        },
        height=fit(len(rows), 560),
    )
    download(journey.all_columns(events, credit), "customer_timeline", "timeline_csv", "Download all with credit (CSV)")


def _nearest_rows(events: pd.DataFrame) -> list[Any]:
    return sorted(events["days_before"].abs().sort_values(kind="stable").index[:MOST_LISTED])
