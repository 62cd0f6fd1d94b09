"""Return on spend: what each channel brought on what it cost, by one named model and one named clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines
from scorecard.charts.bars import ranked
from scorecard.charts.frames import day_of, each
from scorecard.charts.models import PATHS, named
from scorecard.charts.returns import Return, return_bars, returns
from scorecard.filters import LISTS, Filters, day_text
from scorecard.ui_against import channels_against_target
from scorecard.ui_attribution import Assumptions, assumptions
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of, nothing_here, too_little
from scorecard.ui_parts import chart, headline, period_of, rows_behind
from scorecard.ui_spend_parts import against_budget, behind, by_month, cost_table
from scorecard.ui_state import ask, missing, rollup, shown

ORIGIN = "Agreed origin"
MODELS = {named(model): model for model in PATHS} | {ORIGIN: "origin"}
CLOCKS = {"At the close": "close", "At the touch": "touch"}
COSTS = {"All costs": "all", "Media only": "media"}
NO_TOUCH_NEEDED = Assumptions(None, None, None)  # the agreed origin knows no lookback and no weights
FOLLOWED = ("channels", "sides", "campaigns")  # what a cost line knows of itself
NEVER, NO_TOUCHES = "no spend loaded", "no touches loaded"


@dataclass(frozen=True)
class How:
    """The choices of this view, as words and as parameters."""

    model: str
    clock: str
    costs: str
    business: str
    assumed: Assumptions

    @property
    def credit(self) -> dict[str, Any]:
        chosen = {"model": MODELS[self.model], "cohort": CLOCKS[self.clock], "business": self.business}
        return chosen if self.is_origin else chosen | self.assumed.params

    @property
    def params(self) -> dict[str, Any]:
        return self.credit | {"costs": COSTS[self.costs]}

    @property
    def is_origin(self) -> bool:
        return MODELS[self.model] == "origin"

    def sentence(self, filters: Filters) -> str:
        """Model, business, clock and period: what every number of credit here must be read with."""
        rule = "to the deal's agreed origin" if self.is_origin else f"by the model {self.model}"
        if CLOCKS[self.clock] == "close":
            clock = "counted when the deal closed"
        else:
            clock = "counted when the deal was created" if self.is_origin else "counted when the touch happened"
        what = "new business" if self.business == "new" else "all business"
        costs = "" if COSTS[self.costs] == "all" else " (media only)"
        return f"Credit {rule}, {what}, {clock}; spend{costs} by day of cost; {period_of(filters)}."


def return_on_spend(filters: Filters, business: str = "new") -> None:
    """The third view of the page: returns, costs per step, months, budgets, and the deals behind a channel."""
    kinds = ask("spend_kinds")
    how = _choose(kinds, business)
    rows = ask("return_on_spend", filters, **how.params)
    if rows.empty:
        nothing_here("No spend and no credit here", "Widen the dates, or upload a newer CRM export.", why=missing(rows))
        return
    found = returns(rows)
    headline(headlines.returned(found, shown().look.currency), how.sentence(filters), of=rows)
    won = sum(row.won for row in found)
    if won < formats.FEW:
        too_little(won, "credited wins")
    left, right = st.columns((1.15, 1), gap="large")
    with left:
        picked = _bars(found, filters, kinds, not (rows["remark"] == NO_TOUCHES).any())
    with right:
        channels_against_target(
            "marketing_sourced_revenue", filters, height=330, key="spend_against_target",
            note="Marketing-sourced new business by the agreed definition, whatever is chosen here.",
        )  # fmt: skip
    said = [] if how.is_origin else [how.assumed.text()]
    with st.container(gap=None):
        for line in said + _gaps(rows, found, kinds, filters):
            st.caption(escape(line))
    cost_table(rows, how.sentence(filters))
    by_month(filters, how.params, _immature(how))
    against_budget(rows, period_of(filters))
    behind([row.name for row in found], picked, filters, how.credit, how.params)
    rows_behind("spend", filters, "spend_of_view")


def _choose(kinds: pd.DataFrame, business: str) -> How:
    bound: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="spend_choices"):
        model = st.selectbox("Credit by", _models(), key="model", width=220, **bound)
        clock = st.segmented_control(
            "Counted", list(CLOCKS), default="At the close", required=True, key="cohort", **bound
        )
        costs = "All costs"
        if set(kinds["kind"]) - {"media"}:
            costs = st.segmented_control("Spend", list(COSTS), default=costs, required=True, key="costs", **bound)
        assumed = NO_TOUCH_NEEDED if MODELS[str(model)] == "origin" else assumptions()
    return How(str(model), str(clock), str(costs), business, assumed)


def _models() -> list[str]:
    """The models to choose from, the proposed one first: the agreed origin where no touch is known.

    The team's own weights are there only where there are some.
    """
    has_weights = shown().settings.get("custom_weights") or st.session_state.get("weights")
    names = [name for name, model in MODELS.items() if model != "custom" or has_weights]
    if ask("journey_coverage")["with_touches"].sum():
        return names
    return [ORIGIN, *(name for name in names if name != ORIGIN)]


def _bars(found: Sequence[Return], filters: Filters, kinds: pd.DataFrame, is_credit_known: bool) -> str | None:
    """Returns where there are any, else revenue by channel and why nothing is divided; the channel clicked."""
    look = shown().look
    if any(row.roas is not None for row in found):
        few = [row.name for row in found if row.roas is not None and row.few]
        note = f" Grey: fewer than {formats.FEW} credited wins, no verdict." if few else ""
        return chart(
            return_bars(found, look),
            key="returns",
            alt="Return on spend: "
            + "; ".join(f"{row.name} {formats.times(row.roas)}" for row in found if row.roas is not None),
            caption=f"Won revenue over spend; below 1× less came back than was spent.{note} Click a bar for its deals.",
            select=True,
        )
    st.info(escape(_why_no_return(filters, kinds, is_credit_known)), icon=":material/info:")
    rows = sorted((row for row in found if row.revenue or row.won), key=lambda row: -row.revenue)
    texts = [
        f"<b>{formats.money(row.revenue, look.currency)}</b>  {formats.counted(round(row.won, 1), 'win')}"
        for row in rows
    ]
    return chart(
        ranked([row.name for row in rows], [row.revenue for row in rows], texts, look),
        key="revenue_by_channel",
        alt="Credited revenue: " + "; ".join(f"{row.name} {row.revenue:,.0f}" for row in rows),
        caption="Credited revenue by channel. Click a bar for its deals.",
        select=True,
    )


def _why_no_return(filters: Filters, kinds: pd.DataFrame, is_credit_known: bool) -> str:
    """Nothing loaded, or filters that spend cannot follow."""
    if why := missing(rollup("spend", filters)):
        return f"{why} Until then: revenue and counts by channel."
    if not is_credit_known:
        return f"{missing(ask('attribution', filters)) or 'No touch is known.'} The {ORIGIN.lower()} needs none."
    lost = [LISTS[name][1] for name in LISTS if getattr(filters, name) and name not in FOLLOWED]
    if lost:
        return (
            f"Spend is not known by {', '.join(lost).lower()}. Dividing a part of the revenue by all of the spend would"
            " be wrong, so there is no return; take the filter away to see it."
        )
    first, last = kinds["first_on"].min(), kinds["last_on"].max()
    known = f" Costs are known from {day_text(day_of(first))} to {day_text(day_of(last))}." if pd.notna(first) else ""
    return f"No channel here has spend in this period, so there is no return.{known}"


def _gaps(rows: pd.DataFrame, found: Sequence[Return], kinds: pd.DataFrame, filters: Filters) -> list[str]:
    """What the returns do not hold: channels without costs, costs that stop early, costs without a day or a rate."""
    look = shown().look
    said = []
    never = {str(row.group_value) for row in each(rows) if row.remark == NEVER}
    without = [row for row in found if row.name in never and row.revenue > 0]
    if without and kinds["lines"].sum():
        names = ", ".join(f"{row.name} ({formats.money(row.revenue, look.currency)})" for row in without)
        said.append(
            f"Revenue without any cost line: {names}. Where they cost something, a spend file with"
            " period_start, period_end, channel and cost shows their return."
        )
    said += [f"Unattributed: {formats.money(row.revenue, look.currency)} won by "
             f"{formats.counted(round(row.won, 1), 'deal')} without any known touch." for row in found
             if row.name == "Unattributed" and row.won]  # fmt: skip
    if early := _early(rows, filters):
        said.append(f"Costs end before the period does: {early}.")
    for row in each(ask("left_out", metric="spend")):
        if "cost" in str(row.reason):
            said.append(f"{str(row.reason).capitalize()}: {formats.count(row.entities)}.")
    return said


def _early(rows: pd.DataFrame, filters: Filters) -> str:
    """Channels whose costs are known to more than a month before the period, or the data, ends."""
    on = as_of(shown())
    end = min(filters.period_end - timedelta(days=1), on) if filters.period_end else on
    known = [(str(row.group_value), day_of(row.spend_until)) for row in each(rows) if pd.notna(row.spend_until)]
    late = [(name, last) for name, last in known if last < end - timedelta(days=31)]
    if len(late) > 1 and len(late) == len(known):
        return f"the newest of any channel is of {day_text(max(last for _, last in late))}"
    return ", ".join(f"{name} ({day_text(last)})" for name, last in late)


def _immature(how: How) -> str:
    if CLOCKS[how.clock] == "close":
        return ""
    return " By the touch, the newest months look poor: their deals have had less time to close."
