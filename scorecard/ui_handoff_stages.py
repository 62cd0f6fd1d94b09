"""Hand-off, the stages: how many go on from each, which of three readings is meant, and how long they stand there."""

from itertools import pairwise
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, handoff
from scorecard.charts.bars import ranked
from scorecard.charts.forest import Rate, forest
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import chart, download, headline, table
from scorecard.ui_state import ask, missing, shown

READINGS = {
    "Cohort": (
        "cohort",
        "Of those who entered a stage in the period, how many have reached the next by the data date.",
    ),
    "Throughput": ("throughput", "Of those who left a stage in the period, the share that went on rather than out."),
    "Stock": ("stock", "Who stands in each stage at the data date, whenever they came. A count, never a rate."),
}
BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}


def stages_view(filters: Filters) -> None:
    """The stages in the chosen reading, with maturity, imputed entries and time in stage."""
    chosen = st.segmented_control("Reading", list(READINGS), default="Cohort", required=True, key="reading", **BOUND)
    name = str(chosen or "Cohort")
    reading, what = READINGS[name]
    rows = ask("lead_stages", filters, reading=reading)
    if rows.empty:
        nothing_here("No stages to show", "Upload leads with their stage dates.", why=missing(rows))
        return
    headline(handoff.stage_headline(rows, reading), f"{name}: {what}", of=rows)
    left, right = st.columns(2, gap="large")
    with left:
        _stock(rows) if reading == "stock" else _rates(rows, reading)
    with right:
        _days(rows)
    _table(rows)


def _steps(rows: pd.DataFrame) -> list[tuple[str, Any]]:
    """Each step by its two stages, with the row of the first."""
    listed = each(rows)
    return [(f"{a.stage} → {b.stage}", a) for a, b in pairwise(listed)]


def _rates(rows: pd.DataFrame, reading: str) -> None:
    steps = [(name, row) for name, row in _steps(rows) if formats.known(row.rate)]
    if not steps:
        st.caption("Nobody left a stage in this period.")
        return
    if reading == "cohort":
        rates = [Rate(name, row.rate, row.low, row.high, row.entered) for name, row in steps]
        figure = forest(rates, shown().look)
    else:
        texts = [f"<b>{formats.percent(row.rate)}</b>  n={formats.count(row.moved_on + row.ended)}" for _, row in steps]
        figure = ranked([name for name, _ in steps], [row.rate for _, row in steps], texts, shown().look)
    chart(figure, key="stage_rates", alt="; ".join(f"{name} {formats.percent(row.rate)}" for name, row in steps))
    if reading == "cohort":
        mature = [f"{row.stage} {formats.percent(row.mature_share, 0)}" for _, row in steps]
        st.caption(
            "Of the entries, so many are at least 180 days old: "
            + ", ".join(mature)
            + ". Younger ones may still go on, so"
            " their rate still rises."
        )


def _stock(rows: pd.DataFrame) -> None:
    before = rows[rows["stage_order"] < handoff.LAST_STAGE]
    chart(
        ranked(
            [str(name) for name in before["stage"]],
            [float(n) for n in before["standing"]],
            [f"<b>{formats.count(n)}</b>" for n in before["standing"]],
            shown().look,
        ),
        key="stage_stock",
        alt="; ".join(f"{row.stage}: {formats.count(row.standing)}" for row in each(before)),
    )


def _days(rows: pd.DataFrame) -> None:
    known = rows[rows["median_days"].notna()]
    headline("Days in each stage", "Median over those who left and, with their age so far, those still in it.", of=rows)
    if known.empty:
        st.caption("No stage has been entered in this period.")
        return
    texts = [
        f"<b>{row.median_days:,.1f} d</b>"
        + (f"<br>open {row.median_open_days:,.0f} d, n={formats.count(row.standing)}" if row.standing else "")
        for row in each(known)
    ]
    chart(
        ranked([str(name) for name in known["stage"]], [float(n) for n in known["median_days"]], texts, shown().look),
        key="stage_days",
        alt="; ".join(f"{row.stage}: {row.median_days:.1f} days" for row in each(known)),
    )


def _table(rows: pd.DataFrame) -> None:
    number = st.column_config.NumberColumn
    listed = rows.drop(columns=["stage_order"]).assign(
        rate=rows["rate"] * 100, low=rows["low"] * 100, high=rows["high"] * 100, mature_share=rows["mature_share"] * 100
    )
    listed = listed[[name for name in listed.columns if listed[name].notna().any()]]
    percent = {
        name: number(label, format="%.1f%%")
        for name, label in (("rate", "Rate"), ("low", "95% from"), ("high", "to"), ("mature_share", "180+ days old"))
    }
    table(
        listed,
        "stages_table",
        {
            "entered": number("Entered", format="localized"),
            "moved_on": number("Went on", format="localized"),
            "imputed": number("Imputed", format="localized"),
            "ended": number("Went out", format="localized"),
            "standing": number("Stand in it now", format="localized"),
            "median_days": number("Median days", format="%.1f"),
            "median_open_days": number("Median age of open, days", format="%.1f"),
            **percent,
        },
    )
    st.caption(
        "Imputed: entries without a date of their own, taken to be at the next stage reached. Went out: rejected,"
        " disqualified or lost. A stage whose dates the export lacks is left out."
    )
    download(rows, "lead_stages", "stages_csv")
