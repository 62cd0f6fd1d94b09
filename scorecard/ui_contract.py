"""On the upload: what a file does not keep of its weekly contract, and what publishing would do to the money."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.ingest.report import FileReport
from scorecard.loading_changes import MOVERS, Money
from scorecard.loading_contract import Finding
from scorecard.loading_records import CONTRACT
from scorecard.masking import mask_email
from scorecard.ui_frame import escape
from scorecard.ui_parts import download, fit, table
from scorecard.ui_state import store

MOVER_COLUMNS = {
    "deal_id": "Deal",
    "deal_name": "Name",
    "before_status": "Was",
    "after_status": "Becomes",
    "before_amount": st.column_config.NumberColumn("Amount before", format="localized"),
    "after_amount": st.column_config.NumberColumn("Amount after", format="localized"),
    "won_change": st.column_config.NumberColumn("Won revenue", format="localized"),
    "open_change": st.column_config.NumberColumn("Open pipeline", format="localized"),
}


def broken_promises(
    findings: Sequence[Finding], report: FileReport, position: int, told: frozenset[str] = frozenset()
) -> None:
    """A sentence for each promise not kept, its rows one click away; what blocks is asked below, not said twice.

    told: checks that another part of the card tells of.
    """
    asked = {question.key for question in report.questions}
    for finding in findings:
        is_asked = f"{CONTRACT}{finding.check}" in asked
        if finding.check in told and not is_asked:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=_key(finding, position)):
            if not is_asked:
                st.warning(escape(mask_email(finding.sentence)), icon=":material/warning:")
            if finding.examples:
                _rows(finding, position)


def _key(finding: Finding, position: int) -> str:
    return f"finding_{position}_{finding.check}"


def _rows(finding: Finding, position: int) -> None:
    """The rows of one finding over the page, to read and to take away."""
    rows = pd.DataFrame([dict(example) for example in finding.examples])
    name = escape(finding.check.replace("_", " ").capitalize())
    with st.popover(f"{name}: {formats.count(finding.cases)}", icon=":material/list_alt:", width="content"):
        table(rows, f"contract_{position}_{finding.check}", height=fit(len(rows)), width=640)
        download(rows, f"contract {finding.check}", f"contract_csv_{position}_{finding.check}", published=False)


def money_difference(money: Money | None) -> None:
    """Each number before and after, and the deals that move them, the largest first."""
    if money is None:
        return
    currency = store().book.settings()["reporting_currency"]
    with st.container(horizontal=True, gap="small", key="money_difference"):
        for measure in money.measures:
            after = formats.number(measure.after, measure.unit, currency)
            before = formats.number(measure.before, measure.unit, currency)
            note = f"was {before}" if measure.after != measure.before else "unchanged"
            if before == after and measure.after != measure.before:  # too little to be seen in the figure
                step = formats.number(abs(measure.after - measure.before), measure.unit, currency)
                note = ("+" if measure.after > measure.before else "−") + step
            st.metric(measure.title, after, escape(note), delta_color="off", delta_arrow="off", border=True)
    if money.movers:
        rows = pd.DataFrame([dict(row) for row in money.movers])
        more = ""
        if len(rows) < money.moved_deals:
            more = f", {formats.count(len(rows))} of them with money" if len(rows) < MOVERS else ", the largest listed"
        label = f"{formats.counted(money.moved_deals, 'deal')} that would move{more}"
        with st.expander(label, icon=":material/list_alt:"):
            table(rows, "money_movers", MOVER_COLUMNS, height=340)
            download(rows, "what_will_change", "money_movers_csv", published=False)
