"""Reports on growth: what became of the customers of a start, what a new one costs, and what one is worth."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from scorecard.errors import NotComputableError
from scorecard.queries_rows import Rows
from scorecard.stats import counts, rates, resample

Given = Mapping[str, Any]
Ask = Callable[..., Any]
FEW = 5  # customers below which a sum of theirs has no interval
NONE = (None, None)
MEASURES = ["opening", "expansion", "contraction", "churn"]
Pair = tuple[resample.Floats, resample.Floats]
Span = tuple[float | None, float | None]


def retention(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row a cohort and group: start, what came and went, and the three rates with their intervals."""
    parts = [part for _, part in rows.groupby(["closing_on", "opening_on", "group_value"], sort=True, dropna=False)]
    spans = resample.ratios([pair for part in parts for pair in _net_and_gross(part)])
    answer = [_kept(*found) for found in zip(parts, spans[::2], spans[1::2], strict=True)]
    notes = []
    if len(rows) and bool(rows["is_cut"].any()):
        first = pd.Timestamp(rows["opening_on"].min())
        notes.append(f"Recurring revenue is known from {first:%B %Y} on, so the cohort starts there.")
    return Rows(answer, notes)


def _net_and_gross(part: pd.DataFrame) -> tuple[Pair, Pair]:
    """What is paid now and what was, by bag: with what some pay more, and without."""
    opening, more, less, gone = part[MEASURES].to_numpy(float).T
    return (opening + more - less - gone, opening), (opening - less - gone, opening)


def _kept(part: pd.DataFrame, net: Span, gross: Span) -> dict[str, Any]:
    """A cohort from its bags of customers and the intervals of its two rates."""
    start, more, less, gone = (float(value) for value in part[MEASURES].to_numpy(float).sum(axis=0))
    customers, kept = int(part["customers"].sum()), int(part["kept"].sum())
    logos = rates.share(kept, customers)
    first = part.iloc[0]
    return {
        "cohort": pd.Timestamp(first["opening_on"]).date(),
        "start": round(start, 2),
        "expansion": round(more, 2),
        "contraction": round(less, 2),
        "churn": round(gone, 2),
        "nrr": (start + more - less - gone) / start if start > 0 else None,
        "grr": (start - less - gone) / start if start > 0 else None,
        "logos": logos.value,
        "group_value": first["group_value"],
        "closing_on": pd.Timestamp(first["closing_on"]).date(),
        "customers": customers,
        "kept": kept,
        "reactivated": int(part["reactivated"].sum()),
        "nrr_low": net[0],
        "nrr_high": net[1],
        "grr_low": gross[0],
        "grr_high": gross[1],
        "logos_low": logos.low,
        "logos_high": logos.high,
    }


def renewals(rows: Iterable[Mapping[str, Any]], given: Given, ask: Ask) -> Rows:
    """One row where any renewal deal was decided: the share won with Wilson's interval."""
    answer = []
    for row in rows:
        found = rates.share(float(row["won"]), float(row["decided"]))
        due, won = _number(row["due_amount"]), _number(row["won_amount"])
        if found.value is not None:
            answer.append(
                {
                    "decided": row["decided"],
                    "won": row["won"],
                    "rate": found.value,
                    "low": found.low,
                    "high": found.high,
                    "due_amount": due,
                    "won_amount": won,
                    "amount_rate": _over(won, _positive(due)),
                }
            )
    return Rows(answer)


def acquisition(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row a group: what new customers cost, lagged and not, and what they brought."""
    if rows.empty:
        return Rows()
    facts = rows.iloc[0]
    gap = _costs_gap(facts, given)
    answer = [_acquired(row, gap, str(given["by"])) for _, row in rows.iterrows()]
    return Rows(answer, _spend_notes(facts, gap))


def _costs_gap(facts: Any, given: Given) -> str:
    """Why the spend laid back by the lag is not whole, if it is not."""
    if pd.isna(facts["spend_from"]) or given["period_start"] is None:
        return ""
    needed = pd.Timestamp(given["period_start"]) - pd.Timedelta(days=int(facts["lag_days"]))
    known = pd.Timestamp(facts["spend_from"])
    return "" if known <= needed else f"spend is known from {known:%Y-%m-%d} only, needed from {needed:%Y-%m-%d}"


def _spend_notes(facts: Any, gap: str) -> list[str]:
    notes = []
    if gap:
        notes.append(f"No lagged cost: {gap}.")
    if not facts["is_lag_known"]:
        notes.append("No lead date of any customer is known, so the spend is not laid back.")
    for name, words in (("undated", "without a day"), ("rate_missing", "without an exchange rate")):
        if count := int(facts[name]):
            notes.append(f"Not counted: {count:,} cost lines {words}.")
    return notes


def _acquired(row: Any, gap: str, by: str) -> dict[str, Any]:
    customers, revenue = float(row["customers"]), _number(row["revenue"])
    is_divided = bool(row["is_comparable"]) and by in ("", "channel", "side", "campaign", "month")
    spend, lagged, media = (
        _positive(row[name]) if is_divided else None for name in ("spend", "spend_lagged", "media_lagged")
    )
    whole = lagged if not gap else None
    low, high = counts.poisson(customers)
    margin, with_margin = _number(row["margin"]), _number(row["revenue_with_margin"])
    share = margin / with_margin if margin is not None and with_margin else None
    returned = _over(revenue, spend)
    span = counts.compound(revenue or 0.0, _number(row["revenue_squared"]) or 0.0) if row["accounts"] >= FEW else NONE
    return {
        "group_value": row["group_value"],
        "new_customers": round(customers, 6),
        "cac": _over(whole, customers),
        "cac_low": _over(whole, high) if customers > 0 else None,
        "cac_high": _over(whole, low) if customers > 0 else None,
        "cac_same_period": _over(spend, customers),
        "cac_media": _over(media if not gap else None, customers),
        "lag_days": int(row["lag_days"]) if row["is_lag_known"] else None,
        "lag_customers": int(row["lag_customers"]),
        "spend": spend,
        "spend_lagged": whole,
        "media_lagged": media if not gap else None,
        "won_deals": round(float(row["deals"]), 6),
        "won_revenue": revenue,
        "roas": returned,
        "roas_low": _over(span[0], spend),
        "roas_high": _over(span[1], spend),
        "margin": margin,
        "margin_share": share,
        "margin_roas": returned * share if returned is not None and share is not None else None,
        "remark": _acquired_remark(row, gap, is_divided),
    }


def _acquired_remark(row: Any, gap: str, is_divided: bool) -> str | None:
    if row["group_value"] == "Unattributed":
        return "no touch known"
    if pd.isna(row["spend_from"]):
        return "no spend loaded"
    if not is_divided:
        return "spend is not known by this"
    if _positive(row["spend"]) is None and _positive(row["spend_lagged"]) is None:
        return "nothing spent"
    if not float(row["customers"]) > 0:
        return "no new customer"
    return gap or None


def unit_economics(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """One row: what a customer pays a month, how long customers stay, and when the cost of one is back."""
    facts = rows.iloc[0]
    customers, churned, at_risk = (int(facts[name]) for name in ("customers", "churned", "customer_months"))
    if not customers:
        return Rows()
    arpa = float(facts["revenue"]) / customers
    margin, amount = _number(facts["margin"]), _number(facts["amount"])
    share = margin / amount if margin is not None and amount else None
    churn = churned / at_risk if at_risk else None
    enough = customers >= int(given["min_customers"]) and churned >= int(given["min_churned"])
    worth = arpa * share if share is not None else None
    value = worth / churn if worth is not None and churn and enough else None
    low, high = counts.poisson(churned)
    found = _cost_of_one(given, ask)
    answer = {
        "customers": customers,
        "arpa_month": arpa,
        "gross_margin": share,
        "margin_deals": int(facts["margin_deals"]),
        "churned": churned,
        "customer_months": at_risk,
        "monthly_churn": churn,
        "ltv": value,
        "ltv_low": value * churned / high if value is not None else None,
        "ltv_high": value * churned / low if value is not None and low > 0 else None,
        "cac": found[0],
        "cac_basis": found[1],
        "ltv_to_cac": _over(value, found[0]),
        "payback_months": _over(found[0], worth if worth is not None else arpa),
        "payback_basis": None if found[0] is None else "margin" if worth is not None else "revenue",
        "remark": _worth_remark(customers, churned, share, given),
    }
    return Rows([answer])


def _cost_of_one(given: Given, ask: Ask) -> tuple[float | None, str | None]:
    """The lagged CAC of the period, else that of the same days, and which of them it is."""
    try:
        cells = ask("acquisition_cells", columns=True, by="", model="origin", lag=given["lag"])
    except NotComputableError:  # no deals at all
        return None, None
    cost = next(iter(acquisition(cells, {**given, "by": ""}, ask)), {})
    for name, words in (("cac", "lagged"), ("cac_same_period", "same period")):
        if cost.get(name) is not None:
            return cost[name], words
    return None, None


def _worth_remark(customers: int, churned: int, share: float | None, given: Given) -> str | None:
    if customers < int(given["min_customers"]):
        return f"not estimable: {customers} customers, {given['min_customers']} are needed"
    if churned < int(given["min_churned"]):
        return f"not estimable: {churned} customers gone, {given['min_churned']} are needed"
    return None if share is not None else "not estimable: no gross margin is known"


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _positive(value: Any) -> float | None:
    found = _number(value)
    return found if found is not None and found > 0 else None


def _over(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None
