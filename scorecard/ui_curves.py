"""Win curves: how likely a win is by each day of life, Marketing against the others, and every win rate by its name."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines
from scorecard.charts.curves import BANDS, DAYS, EqualAge, as_text, at_days, at_equal_age, outcomes, rates_at
from scorecard.charts.curves import win_curves as draw
from scorecard.charts.plan import period_end
from scorecard.charts.theme import CHANNEL_COLOURS, SIDE_COLOURS
from scorecard.filters import LISTS, Filters, day_text, quarter_start
from scorecard.ui_header import as_of, nothing_here, too_little
from scorecard.ui_parts import chart, download, headline, period_of, rows_behind, table
from scorecard.ui_rates import against_others, side_by_side
from scorecard.ui_state import ask, missing, shown

# Side first: do leads from Marketing close like those from Sales?
GROUPS = {
    "side": "Side",
    **{option: label for option, label in LISTS.values() if option != "campaign"},
    "cohort": "Quarter created",
    "": "All together",
}
QUARTER_END = "quarter end"
COHORTS = 6  # the newest quarters; older ones are in the table


@dataclass(frozen=True)
class Choice:
    """What the viewer compares, of what, and at which day of life."""

    by: str
    entity: str
    day: int
    at_quarter_end: bool

    @property
    def fixed(self) -> dict[str, str]:
        return {"channel": CHANNEL_COLOURS, "side": SIDE_COLOURS}.get(self.by, {})

    @property
    def days(self) -> tuple[int, ...]:
        """The agreed days and the chosen one."""
        return tuple(sorted({*DAYS, self.day}))


def win_curves(filters: Filters) -> None:
    """The view: curves and outcomes, the ratio, the named win rates, and the same as a table."""
    choice, filters = _choose(filters)
    rows = ask("win_curve", filters, by=choice.by, entity=choice.entity)
    if rows.empty:
        what = f"No {choice.entity} created in this period"
        nothing_here(what, "Widen the dates, or upload a newer CRM export.", why=missing(rows))
        return
    rows = rows.assign(group_value=[group_name(choice.by, name) for name in rows["group_value"]])
    # Small groups are in the table only.
    cases = rows.groupby("group_value")["at_risk"].max()
    enough = list(cases[cases >= formats.FEW].index)
    if not enough:
        too_little(float(cases.sum()), choice.entity)
    drawn = rows[rows["group_value"].isin(enough)] if enough else rows
    equal = at_equal_age(drawn, choice.day)
    if equal is None:
        headline(f"Nothing here is {DAYS[0]} days old yet", "Choose a longer or an earlier period.", of=rows)
    else:
        drawn = drawn[drawn["group_value"].isin(_newest(choice, equal.names))]
        _curves(drawn, equal, choice, filters, f"n={formats.count(cases.sum())}" + _few(len(cases) - len(enough)))
    day = equal.day if equal else choice.day
    against_others(filters, choice.entity, day)
    side_by_side(filters, choice.by, choice.entity, day, lambda name: group_name(choice.by, name))
    _table(rows, choice)
    rows_behind("win_rate_closed", filters)
    rows_behind("win_rate_180", filters)


def _choose(filters: Filters) -> tuple[Choice, Filters]:
    with st.container(horizontal=True, vertical_alignment="bottom", key="curve_choices"):
        by = st.selectbox(
            "Compare", list(GROUPS), format_func=lambda option: GROUPS[option], key="by", bind="query-params", width=220
        )
        entity = st.segmented_control(
            "Of", ("deals", "people"), default="deals", required=True, key="entity", bind="query-params"
        )
        options = [*map(str, DAYS), QUARTER_END]
        by_day = st.segmented_control(
            "By day", options, default="90", required=True, key="day", bind="query-params", format_func=str.capitalize
        )
        created = st.segmented_control(
            "Created", ("any time", "in the period"), default="any time", required=True, key="created",
            bind="query-params",
        )  # fmt: skip
    at_end = by_day == QUARTER_END
    today, last = as_of(shown()), _quarter_end()
    day = max((last - today).days, 1) if at_end else int(by_day or 90)
    choice = Choice(str(by or ""), str(entity or "deals"), day, at_end)
    if at_end:
        noun = "lead" if choice.entity == "people" else "deal"
        st.caption(
            f"Day {day}: how old a {noun} created on {day_text(today)} is on {day_text(last)}, the last day of"
            f" the quarter. A {noun} that is open already has its own age: see Open deals, won by quarter end."
        )
    # A curve needs history: the deals of the last weeks alone have not had their time.
    return choice, filters if created == "in the period" else replace(filters, period_start=None)


def _quarter_end() -> date:
    start = quarter_start(as_of(shown()), shown().fiscal_start)
    return period_end(start, "quarter") - timedelta(days=1)


def group_name(by: str, value: object) -> str:
    """A group as people call it: Marketing; Q3, Jul 2026."""
    text = str(value)
    if by == "side":
        return text.capitalize()
    if by == "cohort" and len(text) == 7:
        first = date(int(text[:4]), int(text[5:]), 1)
        return f"{formats.quarter(first, shown().fiscal_start)}, {first:%b %Y}"
    return text


def _newest(choice: Choice, names: tuple[str, ...]) -> list[str]:
    """The quarters that are drawn; every other group is."""
    if choice.by != "cohort":
        return list(names)
    return list(in_time(pd.DataFrame({"group_value": names}))["group_value"])[-COHORTS:]


def in_time(frame: pd.DataFrame) -> pd.DataFrame:
    """Quarters in their order."""
    months = frame["group_value"].str.partition(", ")[2]
    return frame.assign(at=pd.to_datetime(months, format="%b %Y")).sort_values("at").drop(columns="at")


def _few(groups: int) -> str:
    return f"; {formats.counted(groups, 'group')} of fewer than {formats.FEW} in the table only" if groups else ""


def _curves(drawn: pd.DataFrame, equal: EqualAge, choice: Choice, filters: Filters, counted: str) -> None:
    seen = at_days(drawn, choice.days if equal.day in choice.days else (*choice.days, equal.day))
    rates, day = rates_at(seen, equal.day), equal.day
    # Nobody is compared at an age that one of them has not reached.
    reach = min(int(drawn.groupby("group_value")["day"].max().min()), DAYS[-1])
    groups = drawn["group_value"].nunique()
    left, right = st.columns((1.25, 1), gap="large")
    with left:
        headline(headlines.apart(rates, f"Won by day {day}:", "Share won by age of the " + _noun(choice)), of=drawn)
        chart(
            draw(drawn, shown().look, fixed=choice.fixed, last_day=reach, mark=day, since=_since(choice)),
            key="win_curve",
            alt=f"Share won by days since {_since(choice)}. "
            + "; ".join(f"{rate.name} {formats.percent(rate.value or 0)} by day {day}" for rate in rates[:6]),
            caption=f"Created {period_of(filters)}. Open {_noun(choice)}s are counted until the data date, lost ones"
            f" as lost.{_bands(groups)} {counted}.{_ages(equal, reach, groups)}",
        )
    with right:
        wanted = "" if day == choice.day else f"Nothing here is {choice.day} days old yet, so day {day} is shown."
        headline(f"After {day} days: won, open, lost", wanted, of=drawn)
        at = seen[(seen["day"] == day) & seen["won"].notna()]
        at = in_time(at) if choice.by == "cohort" else at.sort_values("n", ascending=False)
        parts = at.rename(columns={"won": "won_probability", "lost": "lost_probability", "open": "open_probability"})
        chart(
            outcomes(parts.head(6), shown().look),
            key="outcomes",
            alt=f"Won, open and lost after {day} days for each group.",
            caption="Green won, pale still open, grey lost.",
        )


def _noun(choice: Choice) -> str:
    return "lead" if choice.entity == "people" else "deal"


def _since(choice: Choice) -> str:
    return "hand-over" if choice.entity == "people" else "created"


def _bands(groups: int) -> str:
    return " Band: 95% interval." if groups <= BANDS else " Intervals are in the table."


def _ages(equal: EqualAge, reach: int, groups: int) -> str:
    """Why the curves end where they do, and who is too young to be compared."""
    parts = ""
    if reach < DAYS[-1] and groups > 1:
        parts += f" All end at day {reach}: no group is compared at an age another has not reached."
    if equal.younger:
        names = ", ".join(f"{name} ({formats.counted(age, 'day')})" for name, age in equal.younger[:4])
        parts += f" Younger than {equal.day} days, in the table only: {names}{', …' * (len(equal.younger) > 4)}."
    return parts


def _table(rows: pd.DataFrame, choice: Choice) -> None:
    headline(
        "The same as a table", "Share won by each day with its 95% interval; — means nothing is that old yet.", of=rows
    )
    found = at_days(rows, choice.days)
    wide = as_text(found, choice.days)
    if choice.by == "cohort":
        wide = in_time(wide.rename(columns={"group": "group_value"})).rename(columns={"group_value": "group"})
    table(wide, "curve_table")
    download(found, "win_curve", "curve_csv")
