"""The quarter: where it will land, how sure that is, and what such forecasts were worth before."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from scorecard.charts import fan, formats
from scorecard.charts.frames import day_of, each
from scorecard.charts.plan import Slice, period_end, plan_of
from scorecard.filters import Filters, quarter_start
from scorecard.masking import masked
from scorecard.queries_forecast import ALONE
from scorecard.ui_cards import plan_for
from scorecard.ui_coverage import coverage
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of, nothing_here
from scorecard.ui_parts import chart, download, headline
from scorecard.ui_state import ask, masks_names, missing, rollup, shown
from scorecard.ui_velocity import velocity

REVENUE = "won_revenue"


@dataclass(frozen=True)
class OfTheQuarter:
    """The running quarter: its days, the filters over it so far, and what is planned."""

    filters: Filters
    this_quarter: Filters
    start: date
    end: date
    on: date
    plan: float | None


def of_the_quarter(filters: Filters) -> OfTheQuarter:
    """Whatever period is chosen: forecasts are made for quarters."""
    filters = filters.at_any_time()
    view, on = shown(), as_of(shown())
    start = quarter_start(on, view.fiscal_start)
    end = period_end(start, "quarter")
    this_quarter = replace(filters, period_start=start, period_end=on + timedelta(days=1))
    plan = plan_for(REVENUE, replace(filters, period_start=start, period_end=end))
    return OfTheQuarter(filters, this_quarter, start, end, on, plan)


def quarter(filters: Filters) -> None:
    """The running quarter, whatever period is chosen: forecasts are made for quarters."""
    filters = filters.at_any_time()
    rows = ask("forecast", filters)
    if rows.empty:
        nothing_here("No forecast yet", "Load a CRM export with a longer history.", why=missing(rows))
        return
    view, at = shown(), of_the_quarter(filters)
    said = fan.headline(fan.landing(rows), at.plan, view.look.currency)
    headline(
        said, f"{fan.parts_line(rows, view.look.currency)}. All won revenue, {formats.span(at.start, at.end)}.", of=rows
    )
    _largest(filters)
    left, right = st.columns((1.25, 1), gap="large")
    with left:
        fan_chart(at, rows, key="fan", alt=said)
        for sentence in rows.attrs.get("notes", ()):
            if ALONE not in sentence:  # said under the headline
                st.caption(escape(sentence))
    with right:
        _earlier(filters, (at.on - at.start).days + 1)
    download(rows, "forecast", "forecast_csv")
    coverage(filters)
    velocity(filters)


def fan_chart(at: OfTheQuarter, rows: pd.DataFrame, key: str, alt: str, *, height: float | None = None) -> None:
    """Won revenue so far and the fan of its end."""
    drawn = fan.fan(
        rollup(REVENUE, at.this_quarter, grain="day"),
        at.start,
        at.end,
        at.on,
        fan.landing(rows),
        at.plan,
        shown().look,
        _plan_by_week(at.filters, at.start, at.end),
    )
    if height:
        drawn["layout"]["height"] = shown().look.height(height)
    chart(
        drawn,
        key=key,
        alt=f"{alt}. Line of won revenue so far and the fan of its end.",
        caption="Dark: half of all outcomes; pale: four in five. Weeks of the quarter; dotted: the plan.",
        days=(at.start, at.end),
    )


def _largest(filters: Filters) -> None:
    """One deal that is much of the forecast: the quarter with and without it."""
    rows = ask("forecast_largest", filters)
    if rows.empty or not bool(rows["is_large"].iloc[0]):
        return
    known = masked(ask("open_names", entity="deals")[["deal_id", "name"]], names_too=masks_names())
    names = known.drop_duplicates("deal_id").set_index("deal_id")["name"]
    row, currency = each(rows)[0], shown().look.currency
    name = str(names.get(row.deal_id, row.deal_id))
    st.markdown(escape(fan.with_and_without(row, name, currency)))


def _plan_by_week(filters: Filters, start: date, end: date) -> dict[date, float]:
    """What is planned up to the end of each week of the quarter."""
    rows = ask("metric_target", None, metric=REVENUE, period_start=start, period_end=end)
    part = Slice.of(filters.to_params())
    if part is None:
        return {}
    plan = plan_of(rows, "sum", part)
    days = [*(start + timedelta(days=at) for at in range(7, (end - start).days, 7)), end]
    known = {day: value for day in days if (value := plan.over(start, day)) is not None}
    return {start: 0.0} | known if known else {}


def _earlier(filters: Filters, days_in: int) -> None:
    """The same week of earlier quarters: what was said then and what it became."""
    past = ask("forecast_backtest", filters)
    headline(
        "Earlier quarters at this week",
        "Each by its first month. Band and dot: the forecast made then. Tick: what the quarter brought.",
        of=past,
    )
    if past.empty:
        st.caption("No earlier quarter has enough won deals before it.")
        return
    past = past.assign(away=(past["week"] * 7 - days_in).abs())
    nearest = past.loc[past.groupby("quarter_start")["away"].idxmin()]
    held = nearest[(nearest["low80"] <= nearest["actual"]) & (nearest["actual"] <= nearest["high80"])]
    weeks = sorted({int(week) for week in nearest["week"]})
    chart(
        fan.strip(nearest, shown().look),
        key="strip",
        alt=f"Forecasts of {len(nearest)} earlier quarters beside what they brought.",
        caption=f"{len(held)} of {len(nearest)} within the band, made in week {', '.join(map(str, weeks))}."
        f" First quarter from {_day(nearest)}.",
    )
    download(past.drop(columns="away"), "forecast_backtest", "forecast_backtest_csv", "Download all weeks")


def _day(rows: pd.DataFrame) -> str:
    return formats.span(day_of(rows["quarter_start"].min()), day_of(rows["quarter_start"].min()) + timedelta(days=1))
