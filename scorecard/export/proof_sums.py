"""What must add up: for each kind of answer the sums its records have to give."""

from datetime import date
from itertools import pairwise

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of, each
from scorecard.export.proof_parts import Added, Given, total

PERIOD = ("period_start", "period_end")


def sourced(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [
        Added("Won deals", total(rows, "won_deals"), float(len(records))),
        Added("Won amount", total(rows, "won_amount"), total(records, "amount"), "money"),
    ]


def each_rule(rows: pd.DataFrame, records: pd.DataFrame, given: Given) -> list[Added]:
    found = []
    for rule, part in rows.groupby("rule", sort=False):
        found += [
            Added(f"{one.what} under the rule {rule}", one.said, one.found, one.unit)
            for one in sourced(part, records, given)
        ]
    return found


def each_model(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    found = []
    for model, part in rows.groupby("model", sort=False):
        found.append(Added(f"Won deals, {model}", round(total(part, "deals"), 6), float(len(records))))
        found.append(Added(f"Won amount, {model}", total(part, "revenue"), total(records, "amount"), "money"))
    return found


def spend(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [
        Added("Won deals credited", round(total(rows, "won_deals"), 6), round(total(records, "share"), 6)),
        Added("Won revenue credited", total(rows, "won_revenue"), total(records, "credited_amount"), "money"),
    ]


def pipeline(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    """Every bar is its deals, and start and bars make the end."""
    found = []
    for row in each(rows):
        part = records[records["bucket"] == row.bucket]
        word = str(row.bucket).replace("_", " ").capitalize()
        if row.deals or len(part):
            found.append(Added(f"{word}, deals", float(row.deals), float(len(part))))
            found.append(Added(word, float(row.amount or 0), total(part, "amount"), "money"))
    ends = rows.set_index("bucket")["amount"].astype(float)
    found.append(Added("Start and all bars make the end", float(ends["end"]), float(ends.drop("end").sum()), "money"))
    return found


def leads(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    counted = {str(bucket): float(len(part)) for bucket, part in records.groupby("bucket")}
    return [
        Added(str(bucket).replace("_", " ").capitalize(), abs(total(part, "leads")), counted[str(bucket)])
        for bucket, part in rows.groupby("bucket", sort=False)
        if str(bucket) in counted
    ]


def chances(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    lives = records[(records["outcome"] == 0) & records["is_shown"].astype(bool)]
    return [
        Added("Open cases in the list", float(len(rows)), float(len(lives))),
        Added("Their open amount", total(rows, "amount"), total(lives, "amount"), "money"),
    ]


def curve(rows: pd.DataFrame, records: pd.DataFrame, given: Given) -> list[Added]:
    """Everybody is at risk on the first day, and won, lost and open are everybody on every day."""
    start, end = (date.fromisoformat(str(given[name])) if given.get(name) else None for name in PERIOD)
    shown = records[records["is_shown"].astype(bool) & (records["days"] >= 0)]
    days = [None if pd.isna(value) else day_of(value) for value in shown["entered_on"]]
    inside = [on for on in days if on and (start is None or on >= start) and (end is None or on < end)]
    first = rows[rows["day"] == 0]
    parts = rows["won_probability"] + rows["lost_probability"] + rows["open_probability"]
    off = float((parts - 1).abs().max()) if len(rows) else 0.0
    return [
        Added("Cases at risk on their first day", total(first, "at_risk"), float(len(inside))),
        Added("Days on which won, lost and open do not make 100%", 0.0, float(off > 1e-9)),
    ]


def booked(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    by = rows.set_index("component")["expected"].astype(float)
    return [
        Added("Booked: won revenue of the quarter so far", float(by["booked"]), total(records, "numerator"), "money"),
        Added("The parts make the quarter", float(by["total"]), float(by.drop("total").sum()), "money"),
    ]


def still_open(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    by = rows.set_index("component")["expected"].astype(float)
    return [Added("Open deals: amount times chance", float(by["open"]), total(records, "adds"), "money")]


def drivers(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    won = [total(records[records["period_no"] == number], "revenue") for number in (0, 1)]
    return [Added("The parts make the change of won revenue", total(rows, "contribution"), won[1] - won[0], "money")]


def steps(rows: pd.DataFrame, _records: pd.DataFrame, _: Given) -> list[Added]:
    people = [float(value) for value in rows.sort_values("step_order")["people"] if formats.known(value)]
    rising = sum(after > before for before, after in pairwise(people))
    return [Added("Steps with more people than the step before", 0.0, float(rising))]


def tiers(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    """Each won deal is in one tier."""
    return [
        Added("Won deals in all tiers", total(rows, "deals"), float(len(records))),
        Added("Their amount", total(rows, "amount"), total(records, "amount"), "money"),
    ]


def by_channel(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [Added("Won amount", total(rows, "value"), total(records, "amount"), "money")]


def campaigns(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [
        Added("Won deals credited", round(total(rows, "deals"), 6), round(total(records, "share"), 6)),
        Added("Won revenue credited", total(rows, "revenue"), total(records, "credited_amount"), "money"),
    ]


def shares(rows: pd.DataFrame, _records: pd.DataFrame, _: Given) -> list[Added]:
    """The touches of a deal share all of it under every model."""
    return [
        Added(f"Shares of the deal, {model}", 1.0, round(total(part, "weight"), 9))
        for model, part in rows.groupby("model", sort=False)
    ]


def moves(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    """Each deal of either pipeline is in one cell."""
    inside = records[records["is_in_before"].astype(bool) | records["is_in_after"].astype(bool)]
    now = inside["amount_after"].fillna(inside["amount_before"])
    return [
        Added("Deals in either pipeline", total(rows, "deals"), float(len(inside))),
        Added("Their amount", total(rows, "amount"), total(inside.assign(now=now), "now"), "money"),
    ]


def goal(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    so_far = rows.set_index("step")["so_far"].astype(float)
    return [Added("Won revenue of the period so far", float(so_far["revenue"]), total(records, "numerator"), "money")]


def due(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    """Open deals expected to close in what is left of the period; the overdue ones are left out and counted."""
    row, late = each(rows)[0], records["days_overdue"].notna()
    on = pd.to_datetime(records["expected_close_on"])
    inside = records[~late & (on >= pd.Timestamp(row.period_start)) & (on < pd.Timestamp(row.period_end))]
    return [
        Added("Open deals due", float(row.open_deals), float(len(inside))),
        Added("Their amount", float(row.open_amount), total(inside, "amount"), "money"),
        Added("Overdue, left out", float(row.past_due_deals), float(late.sum())),
    ]


def customers(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    """Of the newest cohort, and of all where there are several, every customer with what was paid then and now."""
    kept = records[pd.to_datetime(records["cohort"]).isin(pd.to_datetime(rows["cohort"]))]
    ends = total(rows, "start") + total(rows, "expansion") - total(rows, "contraction") - total(rows, "churn")
    return [
        Added("Customers at the start", total(rows, "customers"), float(len(kept))),
        Added("What they paid then", total(rows, "start"), total(kept, "opening"), "money"),
        Added("What they pay now", ends, total(kept, "closing"), "money"),
    ]


def new_customers(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    found = [Added("New customers", round(total(rows, "new_customers"), 6), total(records, "denominator"))]
    if rows["spend_lagged"].notna().all():
        found.append(Added("Spend laid back", total(rows, "spend_lagged"), total(records, "numerator"), "money"))
    return found


def discounted(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    said = total(rows, "deals") + total(rows, "without_discount")
    return [Added("Won deals, with and without a discount entered", said, total(records, "numerator"))]
