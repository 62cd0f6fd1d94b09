"""Retention: what became of those who were customers, by cohort and cut, with the customers behind."""

from datetime import date
from typing import Any

import streamlit as st

from scorecard.charts import formats, headlines_growth
from scorecard.charts.frames import day_of, each
from scorecard.charts.growth import Dot, Series, bridge, dots, rates_over_time
from scorecard.charts.theme import BLUE, TEAL
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, fit, headline, rows_behind, table
from scorecard.ui_state import ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
SPANS = {"12 months": 12, "6 months": 6, "3 months": 3}
CUTS = {
    "Segment": "segment", "Product": "product", "Channel": "channel", "Region": "region", "First owner": "owner"
}  # fmt: skip
NEEDS = (
    "Recurring revenue per company and month (company_id, month, amount; kind: new, expansion, contraction and"
    " churn where only changes are listed) unlocks net and gross retention, payback and lifetime value."
)


def retention(filters: Filters) -> None:
    """The cohort of so many months before the period's end: its money, its rates over time, by cut, and who moved."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="retention_choices"):
        span = st.segmented_control("Over", list(SPANS), default="12 months", required=True, key="kept_over", **BOUND)
        cut = st.segmented_control("By", list(CUTS), default="Segment", required=True, key="kept_by", **BOUND)
    months = SPANS[str(span)]
    rows = ask("retention", filters, months=months)
    if rows.empty:
        nothing_here("No retention yet", NEEDS, why=_why(missing(rows)))
        _renewals(filters)
        return
    row = each(rows)[0]
    headline(headlines_growth.kept(row), _basis(row), of=rows)
    if row.customers < formats.FEW:
        too_little(row.customers, "customers at the start")
    for sentence in rows.attrs.get("notes", ()):
        st.caption(escape(sentence))
    left, right = st.columns(2, gap="large")
    with left:
        look = shown().look
        ends = (f"Paid in {_month(row.cohort)}", f"Paid in {_month(row.closing_on)}")
        chart(
            bridge(float(row.start), float(row.expansion), float(row.contraction), float(row.churn), look, ends),
            key="cohort_money",
            alt=f"Start {row.start:,.0f}, expansion {row.expansion:,.0f}, contraction {row.contraction:,.0f}, churn"
            f" {row.churn:,.0f}",
            caption=_rates(row),
        )
    with right:
        _over_time(filters, months)
    _by_cut(filters, str(cut), months)
    _behind(filters, months)
    rows_behind("nrr", filters)


def _why(sentence: str | None) -> str | None:
    return f"{sentence} {NEEDS}" if sentence else None


def _month(value: Any) -> str:
    day = day_of(value)
    return f"{day:%b %Y}"


def _basis(row: Any) -> str:
    said = (
        f"{formats.counted(row.customers, 'customer')} who paid in {_month(row.cohort)}, seen again in"
        f" {_month(row.closing_on)}; new customers are left out. {formats.count(row.kept)} still pay."
    )
    if row.reactivated:
        said += f" {formats.count(row.reactivated)} stopped in between and came back: not churned."
    return said


def _rates(row: Any) -> str:
    def spoken(name: str, value: Any, low: Any, high: Any) -> str:
        span = f" ({formats.percent(low)} to {formats.percent(high)})" if formats.known(low) else ""
        return f"{name} {formats.percent(value)}{span}"

    parts = [
        spoken("NRR", row.nrr, row.nrr_low, row.nrr_high),
        spoken("GRR", row.grr, row.grr_low, row.grr_high),
        spoken("customers kept", row.logos, row.logos_low, row.logos_high),
    ]
    return f"{'; '.join(parts)}. 95% intervals, drawn by customer. n={formats.count(row.customers)}."


def _over_time(filters: Filters, months: int) -> None:
    rows = ask("retention", filters.at_any_time(), months=months, every="month")
    found = [row for row in each(rows) if row.customers >= formats.FEW]
    headline(
        f"Retention over {months} months, month by month",
        "Each point is a fixed cohort; 30 customers at least.",
        of=rows,
    )
    if len(found) < 2:
        st.caption("Fewer than two months have 30 customers at the start, so there is no line yet.")
        return
    days = [day_of(row.closing_on) for row in found]
    chart(
        rates_over_time(
            [_series("NRR", "nrr", found, days, BLUE), _series("GRR", "grr", found, days, TEAL)], shown().look
        ),
        key="retention_over_time",
        alt=f"NRR {formats.percent(found[-1].nrr)}, GRR {formats.percent(found[-1].grr)} in {_month(days[-1])}",
        caption=f"By the month seen again. Bar: 95% interval of the newest. n={formats.count(found[-1].customers)}.",
    )


def _series(name: str, key: str, rows: list[Any], days: list[date], colour: str) -> Series:
    def of(column: str) -> list[Any]:
        return [getattr(row, column) for row in rows]

    def known(column: str) -> list[float | None]:
        return [float(value) if formats.known(value) else None for value in of(column)]

    return Series(name, days, [float(value) for value in of(key)], known(f"{key}_low"), known(f"{key}_high"), colour)


def _by_cut(filters: Filters, cut: str, months: int) -> None:
    rows = ask("retention", filters, months=months, by=CUTS[cut])
    found = sorted((row for row in each(rows) if formats.known(row.nrr)), key=lambda row: -row.start)[:12]
    if not found:
        return
    left, right = st.columns(2, gap="large")
    for place, name, key in ((left, "Net retention", "nrr"), (right, "Gross retention", "grr")):
        with place:
            headline(f"{name} by {cut.lower()}", _apart(found, key), of=rows)
            chart(
                dots([_dot(row, key) for row in found], shown().look, "percent", mark=1.0),
                key=f"{key}_by_cut",
                alt="; ".join(f"{row.group_value} {formats.percent(getattr(row, key))}" for row in found),
                caption=f"Bar: 95% interval. Grey: fewer than {formats.FEW} customers. Dotted: 100%.",
            )
    with st.expander(f"All numbers by {cut.lower()}", icon=":material/table_rows:", key="retention_rows"):
        listed = rows.rename(columns={"group_value": cut.lower()})
        kept = [cut.lower(), "customers", "kept", "start", "expansion", "contraction", "churn", "nrr", "grr", "logos"]
        table(listed[kept], "retention_table", _columns(), height=fit(len(listed)))
        download(rows, "retention", "retention_csv")


def _dot(row: Any, key: str) -> Dot:
    value, low, high = (getattr(row, name) for name in (key, f"{key}_low", f"{key}_high"))
    text = f"<b>{formats.percent(value)}</b>  n={formats.count(row.customers)}"
    known = formats.known(low) and formats.known(high)
    few = row.customers < formats.FEW
    return Dot(
        str(row.group_value), float(value), float(low) if known else None, float(high) if known else None, text, few
    )


def _apart(rows: list[Any], key: str) -> str:
    """Whether the highest and the lowest are apart by their intervals."""
    firm = [row for row in rows if row.customers >= formats.FEW and formats.known(getattr(row, f"{key}_low"))]
    if len(firm) < 2:
        return "Too few customers to tell groups apart."
    top, low = max(firm, key=lambda row: getattr(row, key)), min(firm, key=lambda row: getattr(row, key))
    if getattr(top, f"{key}_low") > getattr(low, f"{key}_high"):
        return f"{top.group_value} keeps more than {low.group_value}; their intervals do not meet."
    return "The intervals of highest and lowest meet: no group stands out."


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    money = {
        name: number(name.capitalize(), format="localized") for name in ("start", "expansion", "contraction", "churn")
    }
    rates = {name: number(words, format="percent") for name, words in
             (("nrr", "NRR"), ("grr", "GRR"), ("logos", "Customers kept"))}  # fmt: skip
    return money | rates


def _behind(filters: Filters, months: int) -> None:
    if shown().look.meeting:
        return
    panel = st.expander("Customers behind", icon=":material/list_alt:", key="retention_behind", on_change="rerun")
    if not panel.open:
        return
    with panel:
        rows = ask("retention_customers", filters, months=months)
        st.caption("Largest loss first; opening and closing add up to the bars above.")
        listed = rows[["customer_name", "segment", "owner", "opening", "closing", "change", "what", "is_reactivated"]]
        number = st.column_config.NumberColumn
        heads = {
            "customer_name": st.column_config.TextColumn("Customer", pinned=True),
            **{name: number(name.capitalize(), format="localized") for name in ("opening", "closing", "change")},
            "is_reactivated": "Came back",
        }
        table(listed.head(2000), "retention_customers_table", heads, height=fit(len(listed), 420))
        download(rows, "retention_customers", "retention_customers_csv")


def _renewals(filters: Filters) -> None:
    """Without billing: what the CRM's renewal deals say, named for what it is."""
    rows = ask("renewals", filters)
    found = [row for row in each(rows) if formats.known(row.rate)]
    if not found:
        return
    row = found[0]
    headline(
        f"{formats.percent(row.rate)} of the renewals decided were won",
        f"{formats.count(row.won)} of {formats.counted(row.decided, 'renewal deal')}"
        f" ({formats.percent(row.low)} to {formats.percent(row.high)}), by close date. Not retention: customers without"
        " a renewal deal are not in it.",
        of=rows,
    )
