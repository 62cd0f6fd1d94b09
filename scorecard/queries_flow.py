"""What changed between two snapshots, in sentences, and why won revenue moved, in parts that add up to the change."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scorecard.errors import NotComputableError
from scorecard.filters import period_text
from scorecard.queries_rows import Rows
from scorecard.stats import drivers as stats

Given = Mapping[str, Any]
Ask = Callable[..., list[dict[str, Any]]]
DRIVERS = ("leads", "conversion", "win", "size")
QUANTITIES = ("leads", "closed", "won", "revenue")
UNITS = {"leads": "count", "conversion": "ratio", "win": "percent", "size": "money"}


def pipeline_flow(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """The buckets, with what stands beside them in words."""
    when = period_text(given["period_start"], given["period_end"])
    scope = "any time" if when == "All time" else when[0].lower() + when[1:]
    facts = {row["fact"]: (row["deals"], row["amount"] or 0) for row in ask("pipeline_flow_facts")}
    return Rows(rows, [f"Open deals expected to close: {scope}.", *sentences(facts)])


def _plain(value: Any) -> str:
    return f"{float(value):,.2f}".removesuffix(".00")


def sentences(facts: Mapping[str, tuple[int, Any]], money: Callable[[float], str] = _plain) -> list[str]:
    """A line for each thing no bar shows. facts: name -> deals and amount."""
    said = {
        "no_amount": "{n} {deals} no amount and {count} as 0.",
        "no_rate": "{n} open {of} in a currency without a rate, {count} as 0.",
        "late_find": "{n} of the created {were} created before and {are} only new in the export ({money}).",
        "late_close": "{n} of the won and lost closed before the earlier numbers and {were} told only now ({money}).",
        "in_between_won": "{n} {were} created and won in between ({money}): in neither pipeline, so in no bar.",
        "in_between_lost": "{n} {were} created and lost in between ({money}): in neither pipeline, so in no bar.",
        "later": "{n} stayed with a later close date ({money}).",
        "earlier": "{n} stayed with an earlier close date ({money}).",
        "closed_restated": "{n} closed {of} changed afterwards, which moves won revenue by {money} and no pipeline.",
        "no_close_date": "{n} open {of} without an expected close, in no period ({money}).",
        "past_due": "{n} open {of} past the expected close and outside this period ({money}).",
    }
    found = []
    for fact, text in said.items():
        number, amount = facts.get(fact, (0, 0))
        if number:
            one = number == 1
            words = {
                "deals": "deal has" if one else "deals have",
                "of": "deal is" if one else "deals are",
                "were": "was" if one else "were",
                "are": "is" if one else "are",
                "count": "counts" if one else "count",
            }
            if fact == "closed_restated":
                words["of"] = "deal" if one else "deals"
            found.append(text.format(n=f"{number:,}", money=money(float(amount or 0)), **words))
    return found


def driver_split(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """The drivers and what each contributed, in cents that sum to the change."""
    found = driver_values(rows, given, ask)
    return Rows(
        ({"driver": _named(row), "contribution": row["contribution"]} for row in found),
        found.notes,
    )


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['driver']}: {row['group_value']}" if row["group_value"] else str(row["driver"])


def driver_values(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """The same with the value of each driver in both periods."""
    before = [row for row in rows if row["period_no"] == 0]
    after = [row for row in rows if row["period_no"] == 1]
    totals = [{name: sum((row[name] for row in side), Decimal(0)) for name in QUANTITIES} for side in (before, after)]
    if not any(total[name] for total in totals for name in ("closed", "revenue")):
        raise NotComputableError("No deal closed in either of the two periods. Choose a longer period.")
    notes = [_two_values(before, after, totals)]
    parts = _by_group(before, after, notes) if given["by"] else _by_factor(totals, notes)
    cents = stats.in_units([part[-1] for part in parts])
    return Rows(
        (
            {
                "driver": driver,
                "group_value": group,
                "unit": unit,
                "value_before": None if low is None else float(low),
                "value_after": None if high is None else float(high),
                "contribution": Decimal(cent.numerator) / Decimal(cent.denominator),
            }
            for (driver, group, unit, low, high, _), cent in zip(parts, cents, strict=True)
        ),
        notes,
    )


Part = tuple[str, str, str, Fraction | None, Fraction | None, Fraction]


def _by_factor(totals: Sequence[Mapping[str, Any]], notes: list[str]) -> list[Part]:
    quantities = [[Fraction(total[name]) for name in QUANTITIES] for total in totals]
    factors = stats.chain(DRIVERS, *quantities)
    for factor in factors:
        if len(factor.names) > 1:
            zero = " and ".join(_ZERO[name] for name in factor.names[:-1])
            zero = zero[0].upper() + zero[1:]
            notes.append(f"{zero} in one of the periods, so {_joined(factor.names)} cannot be told apart.")
    return [
        (_joined(factor.names), "", UNITS[factor.names[0]] if len(factor.names) == 1 else "money",
         factor.before, factor.after, part)
        for factor, part in zip(factors, stats.of_product(factors), strict=True)
    ]  # fmt: skip


_ZERO = {"leads": "No leads came", "conversion": "no deal closed", "win": "no deal was won"}


def _joined(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _by_group(before: Sequence[Any], after: Sequence[Any], notes: list[str]) -> list[Part]:
    sides = [
        {str(row["group_value"]): row for row in side if row["group_value"] is not None} for side in (before, after)
    ]
    names = sorted({name for side in sides for name in side})

    def of(name: str, what: str) -> tuple[Fraction, Fraction]:
        first, second = (Fraction(side[name][what]) if name in side else Fraction(0) for side in sides)
        return first, second

    groups = {name: stats.Group(*of(name, "closed"), *of(name, "revenue")) for name in names}
    groups = {name: group for name, group in groups.items() if group.cases_before or group.cases_after}
    found = stats.mix_and_rate(groups)
    if found is None:
        raise NotComputableError(
            "In one of the periods no deal closed, so there is no mix to compare. Choose a longer period."
        )
    closed = [sum((one[at] for one in (of(name, "closed") for name in names)), Fraction(0)) for at in (0, 1)]
    parts: list[Part] = [("volume", "", "count", closed[0], closed[1], found.volume)]
    for name, group in groups.items():
        shares = group.cases_before / closed[0], group.cases_after / closed[1]
        parts.append(("mix", name, "percent", *shares, found.mix[name]))
    for name, group in groups.items():
        rates = (
            group.rate_before if group.cases_before else None,
            group.rate_after if group.cases_after else None,
        )
        parts.append(("rate", name, "money", *rates, found.rate[name]))
    notes.append("Volume: deals closed. Mix: their share by group. Rate: won revenue for each closed deal of a group.")
    return parts


def _two_values(before: Sequence[Any], after: Sequence[Any], totals: Sequence[Mapping[str, Any]]) -> str:
    """Won revenue 3,100,000 (12 Aug 2026 to 8 Nov 2026) against 2,900,000 (...): +200,000."""
    values = [Decimal(total["revenue"]) for total in totals]
    days = [period_text(side[0]["period_start"], side[0]["period_end"]) for side in (before, after)]
    change = values[1] - values[0]
    return (
        f"Won revenue {_plain(values[1])} ({days[1]}) against {_plain(values[0])} ({days[0]}):"
        f" {'+' if change > 0 else ''}{_plain(change)}."
        f" Closed deals {totals[1]['closed']:,} against {totals[0]['closed']:,}."
    )
