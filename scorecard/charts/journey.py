"""A customer's events and the credit of their touches as tables and sentences."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from scorecard.charts import formats
from scorecard.charts.frames import blank, each
from scorecard.charts.models import PATHS, UNATTRIBUTED, named

MODELS = {named(model): model for model in PATHS}  # where one is chosen
# The narrow heads of columns.
HEADS: dict[str, str] = {
    "first": "First",
    "last": "Last",
    "last_non_direct": "Non-direct",
    "linear": "Linear",
    "position": "Position",
    "u": "U",
    "w": "W",
    "full_path": "Full path",
    "time_decay": "Decay",
    "custom": "Own",
}
KIND_WORDS = {
    "touch": "Touch",
    "view": "Video view",
    "activity": "Activity",
    "survey": "Survey",
    "stage": "Stage",
    "lead": "Lead",
    "deal": "Deal",
}
WHY: dict[str, str] = {
    "no people": "it names no person, and its company has none",
    "no touches": "none of its people has a touch",
    "all after the close": "all touches of its people came after the close",
    "all without weight": "its people were only sent something, or their touches have no weight",
    "all outside the lookback": "all touches of its people are older than the lookback",
}
OUTCOMES = {"open": "credit is given when it is won", "lost": "a lost deal has no revenue to credit"}


def before(days: Any) -> str:
    """How long before the close: 3 d, 5 h, 31 min; after it is said."""
    if blank(days):
        return ""
    size = abs(float(days))
    minutes = round(size * 1440)
    if minutes < 60:
        text = f"{minutes} min"
    elif minutes < 2880:
        text = f"{minutes // 60} h"
    else:
        text = f"{formats.count(round(size))} d"
    return f"{text} after" if float(days) < 0 and minutes else text


def event_rows(events: pd.DataFrame, credit: pd.DataFrame, model: str, currency: str) -> pd.DataFrame:
    """What happened, as people read it: one row an event, with the credit of a touch by one model."""
    own = credit[credit["model"] == MODELS[model]]
    pairs = zip(own["touch_key"], own["weight"], own["amount"], strict=True)
    cells = {key: given(share, None if blank(money) else float(money), currency) for key, share, money in pairs}
    rows = pd.DataFrame(
        {
            "when": events["at"],
            "kind": [KIND_WORDS.get(kind, kind) for kind in events["kind"]],
            "what": events["what"],
            "person": events["person"],
            "channel": events["channel"],
            "campaign": events["campaign"],
            "before_close": [before(days) for days in events["days_before"]],
            "mark": events["milestones"],
            "credit": [cells.get(key) for key in events["touch_key"]],
            "why_no_credit": [_why(row) for row in each(events)],
            "detail": events["detail"],
        }
    )
    return rows.drop(columns=[name for name in ("mark", "credit", "why_no_credit") if rows[name].isna().all()])


def _why(row: Any) -> str | None:
    """A touch says itself; anything else earns nothing by its nature, and only the close is worth a word."""
    if row.kind == "touch":
        return None if blank(row.reason) else str(row.reason)
    return "after the close" if row.is_after_close else None


def credit_rows(events: pd.DataFrame, credit: pd.DataFrame, currency: str, most: int) -> pd.DataFrame:
    """A row per touch with what each model gives it, the total first; those with least beyond `most` share a row."""
    models = list(dict.fromkeys(credit["model"]))
    shares, money = _pivot(credit, models, "weight"), _pivot(credit, models, "amount")
    touches = [row for row in each(events) if row.kind == "touch" and row.touch_key in shares.index]

    def line(name: str, listed: Sequence[Any]) -> dict[str, Any]:
        keys = [row.touch_key for row in listed]
        return {"mark": name} | {HEADS[model]: _cell(shares, money, keys, model, currency) for model in models}

    rows = [{"touch": "All touches"} | line("Total", touches)]
    most_credit = (
        shares.max(axis="columns")
        .reindex([row.touch_key for row in touches])
        .sort_values(ascending=False, kind="stable")
    )
    listed = set(most_credit.index[:most])
    for row in touches:
        if row.touch_key not in listed:
            continue
        where = [str(part) for part in (row.channel, row.campaign) if not blank(part)]
        about = {"when": row.at, "touch": " · ".join(where), "person": row.person}
        rows.append(about | line("" if blank(row.milestones) else str(row.milestones), [row]))
    rest = [row for row in touches if row.touch_key not in listed]
    if rest:
        rows.append({"touch": f"{formats.count(len(rest))} more touches"} | line("", rest))
    return pd.DataFrame(rows, columns=["mark", "when", "touch", *(HEADS[model] for model in models), "person"])


def _pivot(credit: pd.DataFrame, models: Sequence[str], column: str) -> pd.DataFrame:
    return credit.pivot(index="touch_key", columns="model", values=column).reindex(columns=list(models))


def _cell(shares: pd.DataFrame, money: pd.DataFrame, keys: Sequence[Any], model: str, currency: str) -> str:
    """The share of the touches and their money."""
    amounts = money.loc[list(keys), model].dropna()
    return given(float(shares.loc[list(keys), model].sum()), float(amounts.sum()) if len(amounts) else None, currency)


def given(share: float, amount: float | None, currency: str) -> str:
    """25.0% $2.73K; nothing is a dash."""
    if share < 1e-12:
        return formats.MISSING
    part = "100%" if abs(share - 1) < 1e-9 else "<0.1%" if share < 0.0005 else formats.percent(share)
    return part if amount is None else f"{part} {formats.money(amount, currency)}"


def all_columns(events: pd.DataFrame, credit: pd.DataFrame) -> pd.DataFrame:
    """Everything for the file: every event with its share and money under each model."""
    found = events.drop(columns=["person_key"])
    for model in dict.fromkeys(credit["model"]):
        own = credit[credit["model"] == model].set_index("touch_key")
        found[f"{model}_share"] = found["touch_key"].map(own["weight"])
        found[f"{model}_amount"] = found["touch_key"].map(own["amount"])
    return found


def sentence(deal: Any, events: pd.DataFrame, currency: str) -> str:
    """What the timeline shows, by rule: how the deal stands, and how many touches of how many people count."""
    name = str(deal.deal_name or deal.deal_id)
    worth = "" if blank(deal.amount) else f" for {formats.money(float(deal.amount), currency)}"
    state = f"{name}, {deal.status}{worth if deal.status == 'won' else ''}"
    touches = events[events["kind"] == "touch"]
    counted = touches[touches["is_counted"].fillna(False).astype(bool)]
    if counted.empty:
        return f"{state}: " + ("Unattributed" if deal.status == "won" else "no touch that counts")
    people = counted["person_key"].nunique()
    days = (counted["at"].max() - counted["at"].min()).days
    span = f" over {formats.counted(days, 'day')}" if len(counted) > 1 else ""
    who = "1 person" if people == 1 else f"{formats.count(people)} people"
    many = formats.count(len(counted))
    if len(counted) < len(touches):
        return f"{state}: {many} of {formats.count(len(touches))} touches count, of {who}{span}"
    return f"{state}: {many} {'touch' if len(counted) == 1 else 'touches'} of {who}{span}"


def most_credit(rows: pd.DataFrame, model: str, currency: str) -> str:
    """Which channel has most credit under the model; neutral where there is little to say it from."""
    neutral = "Follow the credit: channel, campaign, deal, customer"
    money = rows["revenue"].astype(float).fillna(0)
    with_money = rows.assign(revenue=money)
    named_ones = with_money[with_money["channel"] != UNATTRIBUTED].sort_values("revenue", ascending=False)
    if float(rows["deals"].sum()) < formats.FEW or named_ones.empty or named_ones["revenue"].iloc[0] <= 0:
        return neutral
    first = named_ones.iloc[0]
    if len(named_ones) > 1 and named_ones["revenue"].iloc[1] == first["revenue"]:
        return neutral
    part = f"{formats.money(float(first['revenue']), currency)} of {formats.money(float(money.sum()), currency)}"
    return f"{first['channel']} has most credit under {model}: {part}"


def why_not(deal: Any) -> str | None:
    """Why no credit is given, where none is."""
    if blank(deal.why):
        return None
    if deal.why in OUTCOMES:
        return f"No credit: {OUTCOMES[deal.why]}."
    reason = WHY.get(str(deal.why), str(deal.why))
    if deal.status == "won":
        return f"Unattributed: {reason}. Its money stays in every total, in the row Unattributed."
    return f"No credit: {reason}."


def re_adds(deals: float, revenue: float | None, above: Any, name: str, currency: str) -> str:
    """Whether the rows below add up to the row above, in deals and money."""
    same = abs(deals - float(above.deals)) < 1e-6
    if revenue is not None and formats.known(above.revenue):
        same = same and abs(revenue - float(above.revenue)) < 0.005
    worth = "" if revenue is None else f" and {formats.money(revenue, currency)}"
    verb = "add up to" if same else "do NOT add up to"
    return f"{formats.count(deals)} {'deal' if deals == 1 else 'deals'}{worth}: the rows {verb} {name}."
