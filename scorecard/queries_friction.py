"""The friction report: five losses per hand-over in points, hours and money, against a locked baseline."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scorecard.errors import QueryError
from scorecard.queries_rows import Rows
from scorecard.stats import resample

Given = Mapping[str, Any]
Ask = Callable[..., Any]
Floats = NDArray[np.float64]
Span = tuple[float | None, float | None]
NONE: Span = (None, None)
PARTS = ("delay", "untouched", "rejected", "rework", "stalled")
INDEX = "index"
COLUMNS = (
    *("part", "loss", "hours", "money", "points", "low", "high", "weight", "leads", "affected", "baseline_loss"),
    *("ratio", "ratio_low", "ratio_high", "rank", "best_rank", "worst_rank", "win_rate_with", "win_rate_without"),
    "remark",
)
# Who is rejected or never tried is hardly ever won: that says less than the other parts do.
BY_NATURE = ("untouched", "rejected")
FLEX = 2.0  # a weight may be half or twice its own before an order counts as depending on it


def friction(rows: pd.DataFrame, given: Given, ask: Ask) -> Rows:
    """A row for each part, the most points first, then the index; notes say whether the order hangs on the weights."""
    weights = _weights(given["weights"]) if given["weights"] else agreed_weights(ask)
    least = int(given["least"])
    period, base, ever = (rows[rows["stretch"] == name] for name in ("period", "baseline", "all"))
    if period.empty:
        return Rows()
    leads = int(period["leads"].sum())
    losses = {part: _loss(period, part) for part in PARTS}
    draws = drawn(period, base)
    spans = resample.ratios(
        [(period[f"{part}_sum"].to_numpy(float), period[f"{part}_leads"].to_numpy(float)) for part in PARTS]
    )
    against = [NONE if base.empty else _against(draws, part) for part in PARTS]
    answer = [
        _part(part, period, base, ever, weights[part], least) | _spans(weights[part], *found)
        for part, *found in zip(PARTS, spans, against, strict=True)
    ]
    for row in answer:
        row |= _ranks(row["part"], losses, weights)
    answer.sort(key=lambda row: (row["rank"], PARTS.index(row["part"])))
    answer.append(_whole(period, base, draws, weights, answer, leads))
    return Rows(({name: row[name] for name in COLUMNS} for row in answer), _notes(answer, leads, base, given))


def index_of(period: pd.DataFrame, weights: Mapping[str, float]) -> float | None:
    """100 x the weighted sum of the losses; a part nobody can tell yet counts for nothing and gives up its weight."""
    known = {part: loss for part in PARTS if (loss := _loss(period, part)) is not None}
    total = sum(weights[part] for part in known)
    return 100 * sum(weights[part] * loss for part, loss in known.items()) / total if total else None


def agreed_weights(ask: Ask) -> dict[str, float]:
    """What both teams agreed each part weighs; one fifth each where they have not."""
    return _weights(next(iter(ask("agreed_alignment")), {}).get("weights"))


def drawn(*windows: pd.DataFrame) -> list[Floats]:
    """For each window, loss and leads of every part in each draw; an account is drawn with all it has in all."""
    bags = bags_of(pd.concat(windows))
    names = [f"{part}_{what}" for part in PARTS for what in ("sum", "leads")]
    values = np.zeros((bags, len(windows), len(names)))
    for at, cells in enumerate(windows):
        if len(cells):
            values[cells["bag"].to_numpy(int), at] = cells[names].to_numpy(float)
    found = resample.sums(values.reshape(bags, -1))
    return np.split(found, len(windows), axis=1)


def index_drawn(drawn: Floats, weights: Mapping[str, float]) -> Floats:
    """The index of each draw."""
    with np.errstate(divide="ignore", invalid="ignore"):
        losses = drawn[:, ::2] / drawn[:, 1::2]
    each = np.array([weights[part] for part in PARTS])
    known = np.isfinite(losses)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (np.nan_to_num(losses) @ each) / (known @ each)


def bags_of(rows: pd.DataFrame) -> int:
    """Over how many bags to draw."""
    return int(rows["bag"].max()) + 1 if len(rows) else 1


def _weights(text: Any) -> dict[str, float]:
    words = [word for word in str(text or "").replace(" ", "").split(",") if word]
    if not words:
        return dict.fromkeys(PARTS, 1 / len(PARTS))
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != len(PARTS) or min(numbers) < 0 or not sum(numbers):
        raise QueryError(f"--weights takes five numbers, for {', '.join(PARTS)}: such as 30,20,20,10,20.")
    return {part: number / sum(numbers) for part, number in zip(PARTS, numbers, strict=True)}


def _loss(cells: pd.DataFrame, part: str) -> float | None:
    count = float(cells[f"{part}_leads"].sum()) if len(cells) else 0.0
    return float(cells[f"{part}_sum"].sum()) / count if count else None


def _part(part: str, period: pd.DataFrame, base: pd.DataFrame, ever: pd.DataFrame, weight: float, least: int) -> Any:
    loss, before = _loss(period, part), _loss(base, part)
    affected = int(period[f"{part}_affected"].sum())
    return {
        "part": part,
        "loss": loss,
        "hours": float(period[f"{part}_hours"].sum()),
        **_money(part, ever, affected, least),
        "points": None if loss is None else 100 * weight * loss,
        "weight": weight,
        "leads": int(period[f"{part}_leads"].sum()),
        "affected": affected,
        "baseline_loss": before,
        "ratio": loss / before if loss is not None and before else None,
    }


def _against(draws: Sequence[Floats], part: str) -> Span:
    """The interval of the ratio to the baseline."""
    at = 2 * PARTS.index(part)
    period, base = (one[:, at : at + 2] for one in draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        return resample.interval(period[:, 0] / period[:, 1] / (base[:, 0] / base[:, 1]))


def _spans(weight: float, loss: Span, ratio: Span) -> dict[str, float | None]:
    low, high = (None if end is None else 100 * weight * end for end in loss)
    return {"low": low, "high": high, "ratio_low": ratio[0], "ratio_high": ratio[1]}


def _money(part: str, ever: pd.DataFrame, affected: int, least: int) -> dict[str, Any]:
    """Value x (win rate without the loss - win rate with it) over the leads it befell; nothing where few are known."""
    found = {name: float(ever[f"{part}_{name}"].sum()) for name in ("with", "with_won", "without", "without_won")}
    won, amount = float(ever["won_leads"].sum()), float(ever["won_amount"].sum())
    ours = found["with_won"] / found["with"] if found["with"] else None
    others = found["without_won"] / found["without"] if found["without"] else None
    enough = min(found["with"], found["without"]) >= least and won > 0
    money, remark = None, None
    if not enough:
        remark = (
            f"money not known: {found['with']:,.0f} old enough with it, {found['without']:,.0f} without, {least} needed"
        )
    elif ours is not None and others is not None:
        money = affected * amount / won * max(others - ours, 0.0)
        remark = None if others > ours else "leads with it win as often, so it costs nothing that shows"
        if remark is None and part in BY_NATURE:
            remark = "money is an upper end: such leads are by nature seldom won"
    return {"money": money, "win_rate_with": ours, "win_rate_without": others, "remark": remark}


def _ranks(part: str, losses: Mapping[str, float | None], weights: Mapping[str, float]) -> dict[str, int]:
    def points(other: str, by: float = 1.0) -> float:
        return weights[other] * (losses[other] or 0.0) * by

    others = [other for other in PARTS if other != part]
    return {
        "rank": 1 + sum(points(other) > points(part) for other in others),
        "best_rank": 1 + sum(points(other, 1 / FLEX) > points(part, FLEX) for other in others),
        "worst_rank": 1 + sum(points(other, FLEX) > points(part, 1 / FLEX) for other in others),
    }


def _whole(
    period: pd.DataFrame,
    base: pd.DataFrame,
    draws: Sequence[Floats],
    weights: Mapping[str, float],
    parts: list[dict[str, Any]],
    leads: int,
) -> dict[str, Any]:
    now, before = index_of(period, weights), index_of(base, weights)
    index, index_before = (index_drawn(one, weights) for one in draws)
    low, high = resample.interval(index) if len(period) >= resample.LEAST else NONE
    span: Span = NONE
    if before and len(period) >= resample.LEAST:
        with np.errstate(divide="ignore", invalid="ignore"):
            span = resample.interval(index / index_before)
    return {
        "part": INDEX,
        "loss": None if now is None else now / 100,
        "hours": sum(row["hours"] for row in parts),
        "money": None,
        "points": now,
        "low": low,
        "high": high,
        "weight": 1.0,
        "leads": leads,
        "affected": None,
        "baseline_loss": None if before is None else before / 100,
        "ratio": now / before if now is not None and before else None,
        "ratio_low": span[0],
        "ratio_high": span[1],
        "rank": None,
        "best_rank": None,
        "worst_rank": None,
        "win_rate_with": None,
        "win_rate_without": None,
        "remark": "the parts overlap, so their money does not add up",
    }


def _order(parts: list[dict[str, Any]]) -> str:
    """Whether what to mend first, and next, hangs on the weights."""
    first = parts[0]
    if first["worst_rank"] > 1:
        rivals = [row["part"] for row in parts[1:] if row["best_rank"] == 1]
        return f"Which part comes first depends on the weights: {first['part']}, or {' or '.join(rivals)}."
    said = f"Whatever the weights, from half to twice their own, {first['part']} stays first"
    loose = [row["part"] for row in parts[1:] if row["best_rank"] != row["worst_rank"]]
    return f"{said}; the order of {', '.join(loose)} depends on them." if loose else f"{said}, and the order the same."


def _notes(answer: list[dict[str, Any]], leads: int, base: pd.DataFrame, given: Given) -> list[str]:
    parts = [row for row in answer if row["part"] != INDEX and row["points"]]
    notes = []
    if leads < int(given["least"]):
        notes.append(f"Only {leads:,} leads were handed over here: no verdict.")
    if parts:
        first = parts[0]
        notes.append(_order(parts))
        richest = max(parts, key=lambda row: row["money"] or 0.0)
        if richest["money"] and richest is not first:
            notes.append(f"By money {richest['part']} comes first.")
    if given["baseline_start"] and base.empty:
        notes.append("No lead was handed over in the baseline, so there is no ratio.")
    return notes
