"""What proves a number: which records stand behind a report, and whether they add up to it, worked out anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import day_of, each
from scorecard.filters import LISTS
from scorecard.queries import Query

CENT = 0.005
ASKED = "asked"  # the attribute of an answer that says how it was asked
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Added:
    """One thing that must add up: what the number says, and what its records give."""

    what: str
    said: float
    found: float
    unit: str = "count"

    @property
    def is_true(self) -> bool:
        return abs(self.said - self.found) < CENT

    def number(self, currency: str) -> str:
        """What the number says, as text."""
        return self._text(self.said, currency)

    def sentence(self, currency: str) -> str:
        """5 won deals: the number says 5, its records give 5."""
        said, found = (self._text(value, currency) for value in (self.said, self.found))
        if self.is_true:
            return f"{self.what}: {said}, and so say the records."
        return f"{self.what}: the number says {said}, its records give {found}."

    def _text(self, value: float, currency: str) -> str:
        if self.unit == "money":
            return f"{currency} {value:,.2f}"
        return f"{value:,.2f}".removesuffix(".00")


Checks = Callable[[pd.DataFrame, pd.DataFrame, Given], list[Added]]


@dataclass(frozen=True)
class Proof:
    """The report that lists the records ('' = the rows of the answer are the records), what is asked of it, the check.

    `metric`: the metric whose left-out records are those of this number too.
    """

    records: str = ""
    checks: Checks | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    metric: str = ""


def note_of(name: str, params: Mapping[str, Any], before: str) -> dict[str, Any]:
    """How an answer was asked, in a form that a frame carries along."""
    plain = {
        key: list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
        for key, value in params.items()
    }
    return {"name": name, "params": plain, "before": before}


def asked(frame: pd.DataFrame) -> dict[str, Any] | None:
    """How this answer was asked; None for rows put together otherwise."""
    return frame.attrs.get(ASKED)


def with_values(query: Query, given: Given) -> str:
    """The statement with the values bound to it, as a person would read them; nothing that is empty."""
    bound = {**query.defaults, **{name: value for name, value in given.items() if value not in (None, [], ())}}
    lines = [f"-- ${name} = {_literal(value)}" for name, value in sorted(bound.items())]
    nothing = [name for name in sorted(query.params) if name not in bound]
    if nothing:
        lines.append(f"-- no value, so nothing is filtered by: {', '.join(nothing)}")
    return "\n".join([*lines, "", query.answering(bound).whole_sql])


def _literal(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_literal(one) for one in value)}]"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def filter_words(given: Given) -> list[str]:
    """The filters among the values, in words."""
    return [
        f"{label}: {', '.join(str(value) or '(none)' for value in given[name])}"
        for name, (_, label) in LISTS.items()
        if given.get(name)
    ]


def total(frame: pd.DataFrame, column: str) -> float:
    """The sum of a column; unknown amounts add nothing."""
    if column not in frame.columns:
        return 0.0
    return float(sum(float(value) for value in frame[column] if formats.known(value)))


def _sourced(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [
        Added("Won deals", total(rows, "won_deals"), float(len(records))),
        Added("Won amount", total(rows, "won_amount"), total(records, "amount"), "money"),
    ]


def _each_rule(rows: pd.DataFrame, records: pd.DataFrame, given: Given) -> list[Added]:
    found = []
    for rule, part in rows.groupby("rule", sort=False):
        found += [
            Added(f"{one.what} under the rule {rule}", one.said, one.found, one.unit)
            for one in _sourced(part, records, given)
        ]
    return found


def _each_model(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    found = []
    for model, part in rows.groupby("model", sort=False):
        found.append(Added(f"Won deals, {model}", round(total(part, "deals"), 6), float(len(records))))
        found.append(Added(f"Won amount, {model}", total(part, "revenue"), total(records, "amount"), "money"))
    return found


def _spend(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    return [
        Added("Won deals credited", round(total(rows, "won_deals"), 6), round(total(records, "share"), 6)),
        Added("Won revenue credited", total(rows, "won_revenue"), total(records, "credited_amount"), "money"),
    ]


def _pipeline(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
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


def _leads(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    counted = {str(bucket): float(len(part)) for bucket, part in records.groupby("bucket")}
    return [
        Added(str(bucket).replace("_", " ").capitalize(), abs(total(part, "leads")), counted[str(bucket)])
        for bucket, part in rows.groupby("bucket", sort=False)
        if str(bucket) in counted
    ]


def _chances(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    lives = records[(records["outcome"] == 0) & records["is_shown"].astype(bool)]
    return [
        Added("Open cases in the list", float(len(rows)), float(len(lives))),
        Added("Their open amount", total(rows, "amount"), total(lives, "amount"), "money"),
    ]


def _curve(rows: pd.DataFrame, records: pd.DataFrame, given: Given) -> list[Added]:
    """Everybody is at risk on the first day, and won, lost and open are everybody on every day."""
    start, end = (date.fromisoformat(str(given[name])) if given.get(name) else None for name in _PERIOD)
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


_PERIOD = ("period_start", "period_end")


def _quarter(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    by = rows.set_index("component")["expected"].astype(float)
    return [
        Added("Booked: won revenue of the quarter so far", float(by["booked"]), total(records, "numerator"), "money"),
        Added("The parts make the quarter", float(by["total"]), float(by.drop("total").sum()), "money"),
    ]


def _drivers(rows: pd.DataFrame, records: pd.DataFrame, _: Given) -> list[Added]:
    won = [total(records[records["period_no"] == number], "revenue") for number in (0, 1)]
    return [Added("The parts make the change of won revenue", total(rows, "contribution"), won[1] - won[0], "money")]


def _steps(rows: pd.DataFrame, _records: pd.DataFrame, _: Given) -> list[Added]:
    people = [float(value) for value in rows.sort_values("step_order")["people"] if formats.known(value)]
    rising = sum(after > before for before, after in pairwise(people))
    return [Added("Steps with more people than the step before", 0.0, float(rising))]


def _values(metric: str) -> Mapping[str, Any]:
    return {"metric": metric}


REVENUE = "marketing_sourced_revenue"
# A report that is not here shows its own rows; where a model or a curve has no records, its answer says so.
PROOFS: Mapping[str, Proof] = {
    "attribution": Proof("sourced_deals", _each_model, metric="won_revenue"),
    "channel_deals": Proof(),
    "close_probability": Proof("deal_lives", _chances),
    "driver_split": Proof("driver_facts", _drivers, metric="won_revenue"),
    "driver_values": Proof("driver_facts", _drivers, metric="won_revenue"),
    "forecast": Proof("records", _quarter, _values("won_revenue"), metric="won_revenue"),
    "lead_flow": Proof("lead_flow_people", _leads, metric="new_leads"),
    "pipeline_flow": Proof("pipeline_flow_deals", _pipeline),
    "return_on_spend": Proof("credited_deals", _spend, metric="cost_per_won_customer"),
    "sourced_definitions": Proof("sourced_deals", _each_rule, metric=REVENUE),
    "sourced_revenue": Proof("sourced_deals", _sourced, metric=REVENUE),
    "video_funnel": Proof("", _steps),
    "win_curve": Proof("deal_lives", _curve, metric="win_rate_180"),
}


def proof_of(name: str) -> Proof:
    """What proves a report; one without records of its own shows its rows."""
    return PROOFS.get(name, Proof())


def wrong(checks: Sequence[Added]) -> list[Added]:
    """Those that do not add up."""
    return [one for one in checks if not one.is_true]
