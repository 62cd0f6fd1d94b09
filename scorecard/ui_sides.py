"""The three definitions of sourced side by side, the deals they disagree on, and what Marketing influenced."""

import pandas as pd
import streamlit as st

from scorecard.book_definitions import RULE_NAMES, RULE_WORDS
from scorecard.charts import definitions, formats
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.charts.theme import BLUE, GREY, SHADE
from scorecard.filters import Filters
from scorecard.masking import masked
from scorecard.ui_business import take_address
from scorecard.ui_drill import open_deal
from scorecard.ui_parts import chart, download, fit, headline, period_of, table
from scorecard.ui_signature import with_version
from scorecard.ui_state import ask, masks_names, missing, shown

MONEY = {"won": "Won", "created": "Pipeline created", "open": "Pipeline open"}
TIERS = {
    "pre-opp": "Before the deal",
    "in-opp": "During the deal",
    "both": "Before and during",
    "none": "Not touched",
    "unknown": "No date of creation",
}
GAP_COLUMNS = (
    "deal_name", "amount", "field_side", "origin_side", "presales_side", "why", "company", "closed_on", "owner",
)  # fmt: skip
CHOOSE = "Choose a row to read its reason in full."
LISTED = 2000  # deals a browser lists without delay
MOST_CHANNELS = 8


def which_money() -> str:
    """Won revenue, or one of the two pipelines; the address keeps it."""
    take_address("money", tuple(MONEY))
    chosen = st.segmented_control(
        "Money",
        tuple(MONEY),
        default="won",
        required=True,
        format_func=lambda name: MONEY[name],
        key="money",
        label_visibility="collapsed",
        bind="query-params",
        persist_state="session",
    )
    return str(chosen or "won")


def side_by_side(filters: Filters, business: str, money: str) -> None:
    """The same money under each definition, five sides and the range of Marketing, and the deals that differ."""
    if money == "won":
        rows, gap = ask("sourced_definitions", filters, business=business), _gap(filters, business)
        amount, cases = "won_amount", "won_deals"
    else:
        rows, gap = ask("pipeline_definitions", filters, business=business, pipeline_kind=money), (0, 0.0)
        amount, cases = "amount", "deals"
    if rows.empty:
        st.caption(missing(rows) or "")
        return
    look = shown().look
    found = definitions.ranges(rows, amount)
    clock = {
        "won": f"Won deals by close date, {period_of(filters)}",
        "created": f"Deals by the day they were created, {period_of(filters)}, whatever became of them",
        "open": "Deals open on the day of the data, whenever they were created",
    }[money]
    title = definitions.gap(*gap, look.currency) if money == "won" else f"{MONEY[money]}, three definitions"
    headline(title, f"{definitions.spread(found, RULE_NAMES, look.currency)} {clock}.", of=rows)
    n = float(rows.loc[rows["rule"] == found[0].rule, cases].sum())
    chart(
        definitions.side_by_side(rows, RULE_NAMES, amount, cases, look),
        key=f"definitions_{money}",
        alt="Marketing sourced "
        + "; ".join(f"{one.text(look.currency)} by {RULE_NAMES[one.rule].lower()}" for one in found),
        caption=f"n={formats.count(n)} deals, the same under each. The range is Marketing's: what is known to be its"
        " own, up to that and all of unknown source.",
    )
    table(definitions.wide_table(rows, RULE_NAMES, amount, cases, look.currency), f"definitions_table_{money}")
    if gap[0]:
        _differing(filters, business, gap[0])


def _gap(filters: Filters, business: str) -> tuple[int, float]:
    """Deals the definitions differ on, and their money."""
    rows = ask("definition_gap_total", filters, business=business)
    return (int(rows["deals"].iloc[0]), float(rows["amount"].iloc[0])) if len(rows) else (0, 0.0)


def _differing(filters: Filters, business: str, deals: int) -> None:
    """The deals behind the gap, each with its sides and why; asked for when they are opened."""
    label = f"The {formats.counted(deals, 'deal')} they differ on, and why"
    panel = st.expander(label, icon=":material/difference:", key="differing", on_change="rerun")
    if not panel.open:
        return
    gaps = ask("definition_gaps", filters, business=business)
    with panel:
        for rule, words in RULE_WORDS.items():
            st.caption(f"{RULE_NAMES[rule]}: Marketing's where {words}.")
        if len(gaps) > LISTED:
            st.caption(f"The {formats.count(LISTED)} largest; the download has all.")
        event = table(
            gaps[list(GAP_COLUMNS)].head(LISTED),
            "differing_table",
            {
                "deal_name": "Deal",
                "amount": st.column_config.NumberColumn("Amount", format="localized"),
                "field_side": RULE_NAMES["field"],
                "origin_side": RULE_NAMES["origin"],
                "presales_side": RULE_NAMES["presales"],
                "why": st.column_config.TextColumn("Why", width=720),
                "closed_on": st.column_config.DateColumn("Closed", format="D MMM YYYY"),
            },
            height=fit(len(gaps)),
            on_select="rerun",
            selection_mode="single-row",
        )
        chosen = event.selection.rows
        told = masked(gaps.iloc[chosen], names_too=masks_names())
        st.text(f"{told['deal_name'].iloc[0]}: {told['why'].iloc[0]}." if len(told) else CHOOSE)
        if len(told):
            deal_id = str(gaps["deal_id"].iloc[chosen[0]])
            st.button(
                "Open its timeline",
                key="differing_open",
                icon=":material/timeline:",
                on_click=open_deal,
                args=(deal_id,),
            )
        download(with_version(gaps), "definitions_differ", "differing_csv")


def influenced(filters: Filters, business: str) -> None:
    """Whom Marketing touched before the close: tiers once a deal, channels as overlap."""
    rows = ask("influenced_revenue", filters, business=business)
    if rows.empty or not rows["deals"].sum():
        headline("Influenced by Marketing", of=rows)
        st.caption(missing(rows) or "No won deals in this period.")
        return
    look = shown().look
    rows = rows[(rows["deals"] > 0) | rows["tier"].isin(["pre-opp", "in-opp", "both", "none"])]
    headline(
        definitions.influence(rows, look.currency),
        "Influenced is who was touched, not who sourced: it is never added to sourced and it is no share.",
        of=rows,
    )
    left, right = st.columns(2, gap="large")
    with left:
        names = [TIERS[tier] for tier in rows["tier"]]
        colours = {TIERS[tier]: SHADE if tier in ("none", "unknown") else GREY for tier in TIERS}
        _bars(rows, names, "influence_tiers", "When the touch was. Each deal once.", colours)
    channels = ask("influenced_channels", filters, business=business)
    with right:
        top = channels.head(MOST_CHANNELS)
        more = f" The {MOST_CHANNELS} largest of {len(channels)}." if len(channels) > MOST_CHANNELS else ""
        _bars(
            top,
            [str(name) for name in top["channel"]],
            "influence_channels",
            f"Overlap, not share: a deal that three channels touched stands in three bars.{more}",
            dict.fromkeys((str(name) for name in top["channel"]), GREY),
        )


def _bars(rows: pd.DataFrame, names: list[str], key: str, caption: str, colours: dict[str, str]) -> None:
    look = shown().look
    values = [float(value) for value in rows["amount"]]
    texts = [
        f"<b>{formats.money(value, look.currency)}</b>  {formats.counted(deals, 'deal')}"
        for value, deals in zip(values, rows["deals"], strict=True)
    ]
    said = "; ".join(f"{name} {value:,.0f}" for name, value in zip(names, values, strict=True))
    chart(
        ranked(names, values, texts, look, colours=colours or dict.fromkeys(names, BLUE), row_height=38),
        key=key,
        alt=f"{caption} {said}",
        caption=caption,
    )


def trust(filters: Filters) -> None:
    """Which rule these files allow to trust, judged on all deals that were created, whatever became of them."""
    rows = ask("source_agreement", filters)
    if rows.empty:
        return
    verdict, reasons = definitions.trusted(rows)
    headline(verdict, " ".join(reasons[:1]), of=rows)
    panel = st.expander("What each definition rests on", icon=":material/foundation:", key="trust", on_change="rerun")
    if not panel.open:
        return
    early = next(row for row in each(rows) if row.measure == "created before the first contact record")
    with panel:
        st.caption(f"Deals by the day they were created, {period_of(filters)}, whatever became of them.")
        for reason in reasons[1:]:
            st.text(reason)
        if early.deals:
            st.text(
                f"{formats.counted(early.deals, 'deal')} of {formats.count(early.of_deals)} stood before anybody of"
                " them was on record: only source fields are believed there."
            )
