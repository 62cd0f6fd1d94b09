"""Attribution: every model at once, what holds under all of them, and what only one of them says."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, models
from scorecard.charts.forest import Rate, forest, with_interval
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, headline, period_of, table
from scorecard.ui_state import ask, missing, shown

HALF_LIVES = (7, 14, 30, 60, 90)
LOOKBACKS = (30, 90, 180, 365, 730)
AGREED = "As agreed"
BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
EXPLAINED = (
    ("First, last", "All credit to the first touch, or to the last before the close."),
    ("Last, not Direct", "The last touch that is not Direct; Direct only where there is nothing else."),
    ("Linear", "Every touch alike."),
    ("Position", "40 % to the first touch, 40 % to the last, 20 % to those between."),
    ("U-shaped", "40 % first touch, 40 % the last before the lead was created, 20 % the others."),
    ("W-shaped", "30 % first, 30 % last before the lead, 30 % last before the deal, 10 % the others."),
    ("Full path", "22.5 % each: first, before the lead, before the deal, before the close; 10 % the others."),
    ("Time decay", "A touch counts half as much for every half-life it lies before the close."),
    ("Own weights", "Points your team chose, for the same milestones."),
    ("Markov", "How many wins would be missing if every journey that comes to the channel ended there. Channels only."),
    ("Shapley", "Each won journey shared equally by its different channels. Channels only."),
)


@dataclass(frozen=True)
class Assumptions:
    """What the viewer asks for instead of what was agreed; None = as agreed."""

    half_life_days: int | None
    lookback_days: int | None
    custom_weights: str | None

    @property
    def params(self) -> dict[str, Any]:
        return {
            "half_life_days": self.half_life_days,
            "lookback_days": self.lookback_days,
            "custom_weights": self.custom_weights,
        }

    @property
    def are_agreed(self) -> bool:
        return all(value is None for value in self.params.values())

    def text(self) -> str:
        """Lookback 365 days, half-life 30 days, one touch per session of 30 minutes."""
        agreed = shown().settings
        return (
            f"Lookback {self.lookback_days or agreed['lookback_days']} days,"
            f" half-life {self.half_life_days or agreed['half_life_days']} days,"
            f" one touch per person, channel, campaign and session of {agreed['session_minutes']} minutes."
        )


def attribution(filters: Filters, business: str = "new") -> None:
    """The disagreement board: channels by models, the range of each, what holds, and removal effects."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="board_head"):
        head = st.container(gap=None)
        assumed = assumptions()
    asked = {"business": business, **assumed.params}
    rows = ask("attribution", filters, **asked)
    if rows.empty:
        nothing_here("No won deals with touches here", "Widen the dates, or load touches.", why=missing(rows))
        return
    found = models.spreads(ask("attribution_spread", filters, **asked))
    look = shown().look
    first = rows[rows["model"] == rows["model"].iloc[0]]
    won = float(first["deals"].sum())
    with head:
        headline(models.headline(found, look.currency), _sums(rows, won, business, filters), of=rows)
        if won < formats.FEW:
            too_little(won, "won deals")
    with st.container(key="heat"):
        chart(
            models.heat(rows, look),
            key="models",
            alt="Won revenue by channel and attribution model. " + models.headline(found, look.currency),
        )
    st.caption(f"{assumed.text()} Deeper blue is more revenue. Association, not cause.")
    for sentence in rows.attrs.get("notes", ()):
        st.caption(f":material/info: {escape(sentence)}")
    left, right = st.columns((1.15, 1), gap="large")
    with left:
        _ranges(rows, found)
    with right:
        _what_holds(rows, found)
    _removal(filters, asked)
    _explained(rows, assumed)


def _sums(rows: pd.DataFrame, won: float, business: str, filters: Filters) -> str:
    """Every model adds up to the same money; a difference would be said."""
    totals = rows.groupby("model")["revenue"].sum().round(2)
    total = formats.money(float(totals.iloc[0]), shown().look.currency)
    what = "new business" if business == "new" else "all business"
    if totals.max() - totals.min() > 0.005:
        return "The models do not add up to the same revenue. Please report this."
    deals = formats.counted(won, "won deal")
    return (
        f"Each model shares out the same {total} of {deals} ({what}), to the cent; by close date, {period_of(filters)}."
    )


def assumptions() -> Assumptions:
    """The choices of a model that are open: a word where they are not as agreed."""
    agreed = shown().settings
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="right", gap="small", key="assumed",
        width="content",
    ):  # fmt: skip
        with st.popover("Assumptions", icon=":material/tune:", width="content"):
            half = st.selectbox(
                "Half-life of time decay, days", (AGREED, *map(str, HALF_LIVES)), key="half_life", **BOUND
            )
            back = st.selectbox("Lookback, days", (AGREED, *map(str, LOOKBACKS)), key="lookback", **BOUND)
            weights = st.text_input(
                "Own weights: first, before lead, before deal, before close, between",
                key="weights",
                placeholder=agreed["custom_weights"] or "20,0,0,60,20",
                **BOUND,
            )
            st.caption(f"Agreed: lookback {agreed['lookback_days']} days, half-life {agreed['half_life_days']} days.")
        found = Assumptions(_days(half), _days(back), _weights(weights))
        if not found.are_agreed:
            st.badge("Not the agreed assumptions", icon=":material/science:", color="orange")
    return found


def _days(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _weights(text: str | None) -> str | None:
    """Five points, or nothing and a word about what was typed."""
    if not text or not text.strip():
        return None
    try:
        points = [float(part) for part in text.split(",")]
    except ValueError:
        points = []
    if len(points) != 5 or min(points) < 0 or not any(points):
        st.caption("Own weights are five numbers, such as 20,0,0,60,20.")
        return None
    return ",".join(f"{point:g}" for point in points)


def _ranges(rows: pd.DataFrame, found: list[models.Spread]) -> None:
    headline("How far the models are apart", "Lowest to highest credited revenue; a dot for each model.", of=rows)
    look = shown().look
    said = "; ".join(f"{one.channel} {one.low:,.0f} to {one.high:,.0f}" for one in found)
    chart(models.ranges(rows, found, look), key="ranges", alt=f"Range of credited revenue by channel: {said}.")


def _what_holds(rows: pd.DataFrame, found: list[models.Spread]) -> None:
    """The conclusions that need no agreement about models, and those that do."""
    holds, depends = models.what_holds(found)
    many = formats.words(found[0].models) if found else ""
    headline("What holds under every model", f"True under each of the {many} models above." if holds else "", of=rows)
    for sentence in holds or ["No order of two neighbouring channels holds under every model."]:
        st.markdown(f":material/check: {escape(sentence)}" if holds else escape(sentence))
    if depends:
        headline("What depends on the model", "Decide these by a test, not by a model.", of=rows)
        for sentence in depends:
            st.markdown(f":material/balance: {escape(sentence)}")


def _removal(filters: Filters, asked: dict[str, Any]) -> None:
    """Markov's removal effects with intervals; what is missing where there are too few journeys."""
    params = {name: value for name, value in asked.items() if name in ("business", "lookback_days")}
    rows = ask("removal_effect", filters, **params)
    headline(
        "What would be missing without a channel",
        "Removal effect: the share of wins lost if every journey that comes to it ended there.",
        of=rows,
    )
    if why := missing(rows):
        st.caption(escape(why))
        return
    rates = [
        Rate(str(row.channel), float(row.effect), float(row.low), float(row.high), formats.FEW) for row in each(rows)
    ]
    left, right = st.columns((1.15, 1), gap="large")
    with left:
        chart(
            forest(rates[: models.MOST], shown().look, row_height=36, say=with_interval),
            key="removal",
            alt="Removal effect: " + "; ".join(f"{rate.name} {formats.percent(rate.value)}" for rate in rates),
        )
    with right:
        _how_sure(ask("attribution_intervals", filters, **params))
    st.caption(
        "Intervals of 200 resamples of the journeys. Lost deals, and open ones older than nine in ten won deals were at"
        " their close, count as journeys that led to nothing."
    )


def _how_sure(rows: pd.DataFrame) -> None:
    """The share of attributed revenue by Markov and by Shapley, each with its interval."""
    said = [f"{formats.percent(row.share)}  ({_bare(row.low)} to {_bare(row.high)})" for row in each(rows)]
    wide = rows.assign(said=said).pivot(index="channel", columns="model", values="said")
    order = [str(name) for name in rows.loc[rows["model"] == "markov", "channel"]]
    wide = wide.reindex(order)[["markov", "shapley"]].reset_index()
    table(wide, "how_sure", {"markov": "Markov share of credit", "shapley": "Shapley share of credit"})


def _bare(share: float) -> str:
    return formats.percent(share).rstrip("%")


def _explained(rows: pd.DataFrame, assumed: Assumptions) -> None:
    """What each model does, and the numbers as a table to take away."""
    with st.expander("What each model does", icon=":material/help:", key="models_explained"):
        for name, what in EXPLAINED:
            st.markdown(f"**{name}**: {what}")
        st.caption(f"{assumed.text()} A touch with several milestones receives each; a deal always sums to 100 %.")
    with st.expander("All channels and models", icon=":material/table:", key="models_table"):
        wide = models.by_model(rows)
        wide = wide.rename(columns={model: models.named(str(model)) for model in wide.columns}).reset_index()
        money = {name: st.column_config.NumberColumn(format="localized") for name in wide.columns if name != "channel"}
        table(wide, "models_all", money)
        download(rows, "attribution", "attribution_csv")
