"""What is taken along of the weekly meeting, block by block: a sentence by rule, its rows, n and definition."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pandas as pd

from scorecard import book_meetings
from scorecard.book import Book
from scorecard.book_meetings import Action
from scorecard.charts import fan, formats, headlines
from scorecard.charts.bars import ranked
from scorecard.charts.cards import KPIS
from scorecard.charts.curves import at_days, at_equal_age, rates_at, win_curves
from scorecard.charts.frames import each
from scorecard.charts.funnel import funnel
from scorecard.charts.theme import SIDE_COLOURS, Figure
from scorecard.charts.trend import cumulative, cumulative_against_plan
from scorecard.export import joint
from scorecard.export.actions import measure, sentence, summary
from scorecard.export.numbers import Numbers
from scorecard.filters import period_text

REVENUE = "marketing_sourced_revenue"
TO_DAY = 90  # the age at which win curves are compared
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Block:
    """One slide or section. `rows`: the numbers, as asked; `missing`: why there are none."""

    key: str
    title: str
    note: str = ""
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    defined: tuple[tuple[str, str], ...] = ()  # name and definition, to be read aloud
    figures: tuple[tuple[str, Figure], ...] = ()  # what it shows in words, and the chart
    extra: Any = None
    missing: str = ""


def board(numbers: Numbers, actions: Sequence[Action] = (), progress: Progress | None = None) -> list[Block]:
    """The blocks in the order of the meeting. `actions`: the open ones of the book."""
    steps: list[tuple[str, Callable[[Numbers], Block]]] = [
        ("The numbers of the meeting", kpis),
        ("The joint scorecard", joint_scorecard),
        ("The quarter against plan", quarter),
        ("Who sourced it", sourced),
        ("The forecast", forecast),
        ("Win curves", curves),
        ("Video", video),
    ]
    found = []
    for at, (name, make) in enumerate(steps):
        if progress:
            progress(name, at / len(steps))
        found.append(make(numbers))
    if actions:
        found.append(open_actions(numbers, actions))
    return found


def _defined(numbers: Numbers, *names: str) -> tuple[tuple[str, str], ...]:
    return tuple((numbers.find(name).title, numbers.find(name).definition) for name in names)


def _none(key: str, title: str, rows: pd.DataFrame, otherwise: str) -> Block:
    return Block(key, title, missing=str(rows.attrs.get("missing") or otherwise))


def _period(numbers: Numbers) -> str:
    return period_text(numbers.filters.period_start, numbers.filters.period_end)


def kpis(numbers: Numbers) -> Block:
    """The cards as rows: value, plan, status word, change of the last week, n."""
    rows: list[dict[str, Any]] = []
    for metric, label in KPIS:
        total = numbers.rollup(metric, numbers.cohort(metric))
        if why := total.attrs.get("missing"):
            rows.append({"metric": metric, "name": label, "text": formats.MISSING, "status": "No data", "why": why})
            continue
        found = numbers.card(metric, label)
        cohort = numbers.cohort(metric)
        when = "" if cohort == numbers.filters else period_text(cohort.period_start, cohort.period_end)
        rows.append({
            "metric": metric, "name": label, "value": total["value"].iloc[0] if len(total) else None,
            "text": found.value, "plan": numbers.plan(metric), "plan_text": found.of.removeprefix("of "),
            "status": found.badge, "standing": found.standing, "n": found.n,
            "change": " ".join(part for part in (found.change, found.signal) if part),
            "why": f"people created {when}" if when else "",
        })  # fmt: skip
    table = pd.DataFrame(rows).reindex(
        columns=["metric", "name", "value", "text", "plan", "plan_text", "status", "standing", "change", "n", "why"]
    )
    judged = [row["standing"] for row in rows if row.get("standing")]
    on = judged.count("on")
    title = "The numbers of the meeting"
    if judged:
        verb = "is" if on == 1 else "are"
        title = f"{formats.words(on).capitalize()} of {formats.words(len(judged))} numbers {verb} on plan"
    whys = [f"{row['name']}: {row['why']}" for row in rows if row.get("why")]
    note = ". ".join([_period(numbers), "Week: the last complete one against the one before", *whys])
    return Block("kpis", title, f"{note}.", table, _defined(numbers, *(metric for metric, _ in KPIS)))


def joint_scorecard(numbers: Numbers) -> Block:
    """The numbers both sides chose, with what each puts in, as text."""
    kpis_chosen = joint.chosen(numbers.ask("scorecard_kpis"))
    found, span = joint.lines(numbers, kpis_chosen), joint.span_of(numbers)
    whys = [f"{line.title}: {line.why}" for line in found if line.why]
    note = f"{formats.span(span.start, span.now)}, {formats.share(span.share)} of the period is over. Status: so far"
    note += " against what the target expected by then, in equal parts a day."
    defined = _defined(numbers, *(kpi.metric for kpi in kpis_chosen))
    return Block("joint", joint.headline(found), " ".join([note, *whys]), joint.as_text(found), defined)


def quarter(numbers: Numbers) -> Block:
    """Marketing revenue of the quarter so far, day by day, and its plan to the end of the quarter."""
    (start, end), as_of = numbers.quarter, numbers.as_of
    daily = numbers.rollup(REVENUE, numbers.this_quarter, grain="day")
    name = "The quarter against plan"
    if why := daily.attrs.get("missing"):
        return Block("quarter", name, missing=why)
    plan = numbers.daily_plan(REVENUE)
    tomorrow = as_of + timedelta(days=1)
    so_far = float(daily["value"].sum())

    def plan_to(day):
        return plan.over(start, day) if day > start else 0.0

    title = headlines.quarter("Marketing revenue", so_far, plan_to(tomorrow), as_of, end, numbers.currency)
    days, sums = cumulative(daily, start, as_of)
    by_day = dict(zip(days, sums, strict=True))
    every = [start + timedelta(days=at) for at in range((end - start).days)]
    rows = pd.DataFrame({
        "day": every,
        "so_far": [by_day.get(day) for day in every],
        "plan": [plan_to(day + timedelta(days=1)) for day in every],
    })  # fmt: skip
    n = formats.counted(float(daily["entities"].sum()), "deal")
    note = f"Closed {formats.span(start, tomorrow)}, n={n}. Plan: in equal parts a day."
    drawn = cumulative_against_plan(daily, start, end, as_of, plan_to, numbers.look)
    return Block("quarter", title, note, rows, _defined(numbers, REVENUE), ((title, drawn),))


def sourced(numbers: Numbers) -> Block:
    """Won revenue by side and by channel."""
    found = numbers.ask("sourced_revenue", numbers.filters, business=numbers.business)
    if found.empty:
        return _none("sourced", "Sourced revenue", found, "No won deals with these filters in this period.")
    rows = found.assign(won_amount=found["won_amount"].astype(float))
    sides = _summed(rows, "side")
    channels = _summed(rows, "channel")
    won = float(rows["won_deals"].sum())
    kind = "New business only" if numbers.business == "new" else "Every type of deal"
    note = f"{kind}, by close date, {_period(numbers)}. n={formats.counted(won, 'won deal')}."
    colours = {side.capitalize(): colour for side, colour in SIDE_COLOURS.items()}
    table = pd.concat([sides.assign(kind="side"), channels.assign(kind="channel")], ignore_index=True)
    drawn = tuple(
        (words, ranked([str(name) for name in part["name"]], list(part["won_amount"]), _amounts(part, numbers),
                       numbers.look, colours=colours if words == "By side" else None))
        for words, part in (("By side", sides), ("By channel", channels))
    )  # fmt: skip
    return Block("sourced", headlines.side_range(rows), note, table, _defined(numbers, "sourced_revenue"), drawn)


def _summed(rows: pd.DataFrame, by: str, most: int = 8) -> pd.DataFrame:
    """The groups, largest first; the small ones beyond `most` together."""
    found = rows.assign(name=rows[by].fillna("unknown").astype(str))
    summed = found.groupby("name", as_index=False)[["won_deals", "won_amount"]].sum()
    summed = summed.sort_values(["won_amount", "name"], ascending=[False, True], ignore_index=True)
    if len(summed) > most:
        rest = summed.iloc[most - 1 :]
        other = pd.DataFrame({
            "name": [f"{len(rest)} others"], "won_deals": [rest["won_deals"].sum()],
            "won_amount": [rest["won_amount"].sum()],
        })  # fmt: skip
        summed = pd.concat([summed.iloc[: most - 1], other], ignore_index=True)
    return summed.assign(name=[name[:1].upper() + name[1:] for name in summed["name"]])


def _amounts(part: pd.DataFrame, numbers: Numbers) -> list[str]:
    total = float(part["won_amount"].sum()) or 1.0
    return [
        f"<b>{formats.money(row.won_amount, numbers.currency)}</b>  {formats.share(row.won_amount / total)}"
        f" · {formats.counted(row.won_deals, 'deal')}"
        for row in each(part)
    ]


def forecast(numbers: Numbers) -> Block:
    """Where the quarter lands: its parts with bands, and all won revenue so far day by day."""
    rows = numbers.ask("forecast", numbers.filters)
    if rows.empty:
        return _none("forecast", "The forecast", rows, "No forecast: load a CRM export with a longer history.")
    (start, end), on = numbers.quarter, numbers.as_of
    plan = numbers.plan("won_revenue", replace(numbers.filters, period_start=start, period_end=end))
    found = fan.landing(rows)
    title = fan.headline(found, plan, numbers.currency)
    daily = numbers.rollup("won_revenue", numbers.this_quarter, grain="day")
    days, sums = cumulative(daily, start, on)
    drawn = fan.fan(daily, start, end, on, found, plan, numbers.look)
    parts = f"{fan.parts_line(rows, numbers.currency)}. All won revenue, {formats.span(start, end)}."
    note = " ".join([parts, *rows.attrs.get("notes", ())])
    extra = {"landing": found, "plan": plan, "days": days, "sums": sums, "end": end - timedelta(days=1)}
    return Block("forecast", title, note, rows, _defined(numbers, "forecast"), ((title, drawn),), extra)


def curves(numbers: Numbers) -> Block:
    """The share won by age of the deal, by side; a curve needs history, so deals of any age count."""
    rows = numbers.ask("win_curve", replace(numbers.filters, period_start=None), by="side", entity="deals")
    name = "Share won by age of the deal"
    if rows.empty:
        return _none("curves", name, rows, "No deals with these filters.")
    rows = rows.assign(group_value=rows["group_value"].fillna("unknown").str.capitalize())
    table = at_days(rows)
    cases = table.groupby("group_value")["n"].max()
    enough = [group for group, n in cases.items() if n >= formats.FEW]
    if not enough:
        return Block("curves", name, missing=f"Not enough deals yet: fewer than {formats.FEW} on each side.")
    drawn = rows[rows["group_value"].isin(enough)]
    shown = table[table["group_value"].isin(enough)]
    equal = at_equal_age(drawn, TO_DAY)
    day = equal.day if equal else TO_DAY
    old = shown[shown["group_value"].isin(equal.names)] if equal else shown
    title = headlines.apart(rates_at(old, day), f"Won by day {day}:", name)
    left_out = len(cases) - len(enough)
    few = f" {left_out} sides with fewer than {formats.FEW} deals are left out." if left_out else ""
    note = f"Deals of any age; open ones counted until the data date. n={formats.count(float(cases.sum()))} deals.{few}"
    figure = win_curves(drawn, numbers.look, fixed=SIDE_COLOURS)
    return Block("curves", title, note, drawn, _defined(numbers, "win_curve"), ((title, figure),), shown)


def video(numbers: Numbers) -> Block:
    """From play to won deal."""
    found = numbers.ask("video_funnel", numbers.filters)
    steps = found[found["step_order"] > 0] if len(found) else found
    if steps.empty or not float(steps["people"].iloc[0]):
        return _none("video", "From play to won deal", found, "No video views with these filters in this period.")
    words = [str(step).replace(" %", "%") for step in steps["step"]]
    steps = steps.assign(step=words, of_first=steps["people"] / steps["people"].iloc[0])
    note = f"People, each once; first viewed {_period(numbers)}. n={formats.count(steps['people'].iloc[0])} viewers."
    title = headlines.biggest_loss(steps)
    return Block(
        "video", title, note, steps, _defined(numbers, "video_funnel"), ((title, funnel(steps, numbers.look)),)
    )


def open_actions(numbers: Numbers, actions: Sequence[Action]) -> Block:
    """What was decided and is not done, and whether the metric of each moved since."""
    found = [measure(numbers, one) for one in actions]
    rows = pd.DataFrame({
        "action": [one.action.text for one in found],
        "owner": [one.action.owner or formats.MISSING for one in found],
        "due": [formats.day(one.action.due) if one.action.due else formats.MISSING for one in found],
        "metric_then_and_now": [sentence(one, numbers.currency) for one in found],
        "did_it_move": [one.word for one in found],
    })  # fmt: skip
    note = "The same metric under the same filters, over whole weeks. Noise: what weeks differ by without any action."
    return Block("actions", summary(found), note, rows)


def actions_of(book: Book) -> list[Action]:
    """The actions of the book that are neither done nor dropped."""
    return book_meetings.actions(book, only_open=True)
