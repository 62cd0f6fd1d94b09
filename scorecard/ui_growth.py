"""Acquisition: what a new customer costs and brings, by channel, segment and product, and what is not known yet."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines_growth
from scorecard.charts.frames import each
from scorecard.charts.growth import Dot, dots, value_against_cost
from scorecard.charts.models import PATHS, named
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, fit, headline, period_of, rows_behind, table
from scorecard.ui_state import ask, missing, shown

ORIGIN = "Agreed origin"
MODELS = {ORIGIN: "origin"} | {named(model): model for model in PATHS if model != "custom"}
CUTS = {"Channel": "channel", "Segment": "segment", "Product": "product", "Region": "region"}
BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}


def acquisition(filters: Filters) -> None:
    """The blended cost first, then by a cut, then what one is worth, then discounts."""
    rows = ask("acquisition", filters)
    if rows.empty:
        nothing_here("No new customers here", "Widen the dates, or upload a newer CRM export.", why=missing(rows))
        return
    row = each(rows)[0]
    headline(
        headlines_growth.cost(row, shown().look.currency),
        _basis(row, filters),
        of=(rows, ask("unit_economics", filters)),
    )
    if row.new_customers < formats.FEW:
        too_little(row.new_customers, "new customers")
    _numbers(row, filters)
    _unlock(row)
    for sentence in rows.attrs.get("notes", ()):
        st.caption(escape(sentence))
    left, right = st.columns((1.15, 1), gap="large")
    # Without billing the right half is free for the table.
    free = right if ask("unit_economics", filters).empty else left
    with left:
        _by_cut(filters, row, free)
    with right:
        _worth(filters)
        _discounts(filters)
    rows_behind("cac", filters)


def _basis(row: Any, filters: Filters) -> str:
    won = formats.counted(row.new_customers, "new customer")
    text = f"{won}, first won deal closed {period_of(filters)}."
    if formats.known(row.cac) and formats.known(row.lag_days):
        text += (
            f" Spend laid back by {formats.count(row.lag_days)} days, the median from lead to win of"
            f" {formats.counted(row.lag_customers, 'customer')}."
        )
    return text


def _numbers(row: Any, filters: Filters) -> None:
    """Four numbers side by side, each with what it stands on; unknown ones are left out."""
    currency = shown().look.currency
    span = (
        ""
        if not formats.known(row.cac_low)
        else (f"{formats.money(row.cac_low, currency)} to {formats.money(row.cac_high, currency)}")
    )
    worth = ask("unit_economics", filters)
    one = each(worth)[0] if len(worth) else None
    cells = [
        ("CAC, lagged", row.cac, "money", span or "95% interval not known"),
        ("CAC, same days", row.cac_same_period, "money", "spend of the same days"),
        ("CAC, media only", row.cac_media, "money", "no tools, no agencies"),
        ("Return", row.roas, "times", f"{_money(row.won_revenue)} on {_money(row.spend)}"),
        ("Margin return", row.margin_roas, "times", f"gross margin {formats.percent(row.margin_share)}"),
        (
            "Payback" if one is None or one.payback_basis == "margin" else "Revenue payback",
            None if one is None else one.payback_months,
            "months",
            "months of margin" if one is not None and one.payback_basis == "margin" else "months of revenue",
        ),
    ]
    known = [cell for cell in cells if formats.known(cell[1])]
    if not known:
        return
    grid = st.grid(len(known), min_column_width=170, gap="small", key="cac_numbers")
    for name, value, unit, words in known:
        with grid.cell(), st.container(border=True, height="stretch", gap=None):
            text = f"{value:,.1f} mo" if unit == "months" else formats.number(value, unit, currency)
            st.metric(name, text)
            st.caption(escape(words))


def _money(value: Any) -> str:
    return formats.money(value, shown().look.currency) if formats.known(value) else formats.MISSING


def _unlock(row: Any) -> None:
    """Which file would bring what is missing."""
    said = []
    if row.remark == "no spend loaded":
        said.append("Cost and return: a spend file with period_start, period_end, channel and cost.")
    elif row.remark == "spend is not known by this":
        said.append("Spend is known by channel, side and campaign only; with these filters there is no cost.")
    if not formats.known(row.margin_share):
        said.append("Margin return and payback by margin: a gross margin column in the deals export.")
    if why := missing(ask("customer_value")):
        said.append(f"Worth, payback and retention: {why}")
    for sentence in said:
        st.info(escape(sentence), icon=":material/upload_file:")


def _by_cut(filters: Filters, blended: Any, free: Any) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="cac_choices"):
        cut = st.segmented_control("By", list(CUTS), default="Channel", required=True, key="cac_by", **BOUND)
        model = ORIGIN
        if cut == "Channel":
            model = str(st.selectbox("Credit by", list(MODELS), key="cac_model", width=200, **BOUND))
    rows = ask("acquisition", filters, by=CUTS[str(cut)], model=MODELS[model])
    found = [row for row in each(rows) if formats.known(row.cac)]
    said = (
        headlines_growth.spread(found, shown().look.currency) if cut == "Channel" else f"New customers by {cut.lower()}"
    )
    headline(said, _credited(str(cut), model), of=rows)
    if found:
        chart(
            dots([_dot(row) for row in found], shown().look, "money", mark=_value(blended.cac)),
            key="cac_by_cut",
            alt="Cost of a new customer: " + "; ".join(f"{row.group_value} {_money(row.cac)}" for row in found),
            caption=f"Bar: 95% interval, cut at the edge. Dotted: all. Grey: fewer than {formats.FEW} customers.",
        )
    elif len(rows):
        most = sorted(each(rows), key=lambda row: -row.new_customers)[:10]
        chart(
            dots([_plain(row) for row in most], shown().look, "count"),
            key="customers_by_cut",
            alt="New customers: " + "; ".join(f"{row.group_value} {row.new_customers:,.1f}" for row in most),
            caption="Spend does not know this, so there is no cost; new customers and what they brought.",
        )
    with free:
        _table(rows, str(cut))


def _credited(cut: str, model: str) -> str:
    if cut != "Channel":
        return "By the words of the deal."
    rule = "the deal's agreed origin" if model == ORIGIN else f"the model {model}"
    return f"Customers credited by {rule}, counted at the close; spend laid back by the same days for every channel."


def _value(value: Any) -> float | None:
    return float(value) if formats.known(value) else None


def _dot(row: Any) -> Dot:
    text = f"<b>{_money(row.cac)}</b>  n={formats.count(row.new_customers)}"
    few = row.new_customers < formats.FEW
    return Dot(str(row.group_value), float(row.cac), _value(row.cac_low), _value(row.cac_high), text, few)


def _plain(row: Any) -> Dot:
    text = f"<b>{formats.count(row.new_customers)}</b>  {_money(row.won_revenue)}"
    return Dot(str(row.group_value), float(row.new_customers), None, None, text, row.new_customers < formats.FEW)


def _table(rows: pd.DataFrame, cut: str) -> None:
    """Every group with all of its numbers; no column nobody has."""
    currency = shown().look.currency
    number = st.column_config.NumberColumn
    heads = {
        "group_value": st.column_config.TextColumn(cut, pinned=True),
        "new_customers": number("New customers", format="%.1f" if rows["new_customers"].mod(1).any() else "localized"),
        "cac": number(f"CAC, {currency}", format="localized"),
        "cac_same_period": number("Same days", format="localized"),
        "cac_media": number("Media only", format="localized"),
        "spend_lagged": number("Spend laid back", format="compact"),
        "won_revenue": number("Revenue", format="compact"),
        "roas": number("Return", format="%.1f×"),
        "margin_share": number("Margin", format="percent"),
        "margin_roas": number("Margin return", format="%.1f×"),
        "remark": "Remark",
    }
    listed = rows[list(heads)].copy()
    for name in ("cac", "cac_same_period", "cac_media"):
        listed[name] = listed[name].astype(float).round(0)
    kept = [name for name in listed.columns if listed[name].notna().any()]
    table(listed[kept], "cac_table", heads, height=fit(len(listed), 300))
    download(rows, "acquisition", "cac_csv")


def _worth(filters: Filters) -> None:
    """What customers have brought so far against what one costs, and the lifetime value where it can be estimated."""
    rows = ask("unit_economics", filters)
    if rows.empty:
        return
    row = each(rows)[0]
    value = ask("customer_value", replace(filters, period_start=None))
    share = _value(row.gross_margin)
    word = "Gross margin per customer" if share is not None else "Revenue per customer"
    headline(_worth_said(row), _worth_basis(row), of=(rows, value))
    if len(value):
        so_far = [float(one) * (share or 1.0) for one in value["revenue_so_far"]]
        chart(
            value_against_cost([int(month) for month in value["months"]], so_far, _value(row.cac), word, shown().look),
            key="value_so_far",
            alt=f"{word} by month: {_money(so_far[-1])} by month {int(value['months'].iloc[-1])}",
            caption=f"{word}, as observed, added up from the first paid month; those who left count as nothing."
            f" n={formats.count(value['customers'].iloc[0])} at month 1,"
            f" {formats.count(value['customers'].iloc[-1])} at the last; fewer than 30 are not drawn.",
        )


def _worth_said(row: Any) -> str:
    if formats.known(row.payback_months):
        kind = "its gross margin" if row.payback_basis == "margin" else "its revenue"
        months = formats.counted(max(round(float(row.payback_months)), 1), "month")
        return f"A customer's cost is back after about {months} of {kind}"
    return f"A customer pays {_money(row.arpa_month)} a month"


def _worth_basis(row: Any) -> str:
    said = f"{_money(row.arpa_month)} a month from {formats.counted(row.customers, 'customer')}"
    if formats.known(row.gross_margin):
        said += f", gross margin {formats.percent(row.gross_margin)} of {formats.counted(row.margin_deals, 'deal')}"
    if formats.known(row.ltv):
        return (
            f"{said}. Lifetime value {_money(row.ltv)} ({_money(row.ltv_low)} to {_money(row.ltv_high)}):"
            f" projected from {formats.count(row.churned)} customers gone."
        )
    return f"{said}. Lifetime value: {row.remark}." if row.remark else f"{said}."


def _discounts(filters: Filters) -> None:
    rows = ask("discounts", filters)
    found = [row for row in each(rows) if formats.known(row.discount)]
    if not found:
        if why := missing(rows):
            st.caption(escape(why))
        return
    headline(
        headlines_growth.late(found),
        f"Mean discount of deals won {period_of(filters)}; late: the last 14 days.",
        of=rows,
    )
    parts = [
        Dot(
            row.part.capitalize(),
            float(row.discount),
            _value(row.low),
            _value(row.high),
            f"<b>{formats.percent(row.discount)}</b>  n={formats.count(row.deals)}",
            row.deals < formats.FEW,
        )
        for row in found
    ]
    given = sum(float(row.given_away or 0) for row in found)
    chart(
        dots(parts, shown().look, "percent"),
        key="late_discounts",
        alt="; ".join(f"{row.part} {formats.percent(row.discount)}" for row in found),
        caption=f"Bar: 95% interval. {_money(given)} below list price in all.",
    )
