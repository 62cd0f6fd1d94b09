"""Attribution reports: the models that look at whole journeys join those that give credit touch by touch."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from scorecard.errors import NotComputableError
from scorecard.queries_rows import Rows
from scorecard.stats import attribution as stats

UNATTRIBUTED = "Unattributed"
DATA_DRIVEN = ("markov", "shapley")
CHANNELS_ONLY = "Markov and Shapley share out by channel only: they give no credit to a campaign, a deal or a touch."
SEPARATOR = "\x1f"
CENT = Decimal("0.01")

Given = Mapping[str, Any]
Found = list[dict[str, Any]]
Ask = Callable[..., Found]


def sourced_definitions(rows: Found, _given: Given, _ask: Ask) -> Rows:
    """Won deals and won revenue by rule and side, under the names they are agreed by."""
    return Rows(
        {"rule": row["rule"], "side": row["side"], "won_deals": row["deals"], "won_amount": row["amount"]}
        for row in rows
    )


def board(rows: Found, given: Given, ask: Ask) -> Rows:
    """Won deals and money by model and channel: the path models' rows as they come, then Markov and Shapley.

    Raises NotComputableError if only data-driven models are asked for and there are too few journeys for them.
    """
    wanted = [model for model in DATA_DRIVEN if not given["model"] or model in given["model"]]
    if not wanted:
        return Rows(rows)
    found = _journeys(ask("journey_paths"))
    why = too_few(found, given)
    if why:
        if not rows and given["model"]:
            raise NotComputableError(why)
        return Rows(rows, [why])
    totals = _totals(rows or ask("attribution", model=["linear"]))
    shares = _shares(found)
    for model in wanted:
        rows = [*rows, *_share_out(model, found.channels, shares[model], totals)]
    return Rows(rows)


def spread(rows: Found, given: Given, ask: Ask) -> Rows:
    """Each channel's lowest and highest revenue over the models, largest lowest first.

    `leads_over`: the channels that earn less than this one under every model, by name and " · " between them.
    """
    found = board(rows, given, ask)
    table: dict[str, dict[str, Decimal]] = {}
    for row in found:
        if row["channel"] != UNATTRIBUTED and row["revenue"] is not None:
            table.setdefault(row["channel"], {})[row["model"]] = row["revenue"]
    models = list(dict.fromkeys(row["model"] for row in found))
    money = {channel: [by.get(model, Decimal(0)) for model in models] for channel, by in table.items()}
    answer = []
    for channel, values in money.items():
        low, high = min(values), max(values)
        others = [other for name, other in money.items() if name != channel]
        places = [1 + sum(other[at] > value for other in others) for at, value in enumerate(values)]
        over = [name for name, other in money.items() if all(map(operator.gt, values, other))]
        answer.append({
            "channel": channel,
            "low": low,
            "low_model": models[values.index(low)],
            "high": high,
            "high_model": models[values.index(high)],
            "spread": high - low,
            "best_place": min(places),
            "worst_place": max(places),
            "models": len(models),
            "leads_over": " · ".join(sorted(over)),
        })  # fmt: skip
    return Rows(sorted(answer, key=lambda row: (-row["low"], row["channel"])), found.notes)


def removal_effect(rows: Found, given: Given, ask: Ask) -> Rows:
    """Each channel's removal effect with its interval, largest first.

    Raises NotComputableError below the floor of won journeys or of journeys.
    """
    found = _enough(rows, given)
    chain = stats.Chain(found)
    effects = chain.removal_effects(found.won, found.nulls)
    lows, highs = stats.interval(
        np.array([chain.removal_effects(won, nulls) for won, nulls in _resampled(found, given)])
    )
    return _by_size(found.channels, effects, lows, highs, "effect")


def intervals(rows: Found, given: Given, ask: Ask) -> Rows:
    """The share of attributed revenue by Markov and by Shapley, each with its interval, largest first.

    Raises NotComputableError below the floor of won journeys or of journeys.
    """
    found = _enough(rows, given)
    chain, coalitions = stats.Chain(found), stats.Coalitions(found)
    shares = _shares(found)
    samples: dict[str, list[Any]] = {model: [] for model in DATA_DRIVEN}
    for won, nulls in _resampled(found, given):
        samples["markov"].append(stats.markov_shares(chain.removal_effects(won, nulls)))
        samples["shapley"].append(coalitions.values(won) / won.sum() if won.any() else won * np.nan)
    answer = Rows()
    for model in DATA_DRIVEN:
        lows, highs = stats.interval(np.array(samples[model]))
        part = _by_size(found.channels, shares[model], lows, highs, "share")
        answer.extend({"model": model, **row} for row in part)
    return answer


def path_models_only(rows: Found, given: Given, ask: Ask) -> Rows:
    """The rows as they come.

    Raises NotComputableError for Markov and Shapley, which know nothing smaller than a channel.
    """
    if given["model"] in DATA_DRIVEN:
        raise NotComputableError(CHANNELS_ONLY)
    known = {row["model"] for row in ask("attribution", model=[given["model"]])} if not rows else {given["model"]}
    return Rows(rows, [] if given["model"] in known else [f"There is no credit under a model {given['model']!r}."])


def too_few(found: stats.Journeys, given: Given) -> str | None:
    """Why the data-driven models are left out; None where there are enough journeys."""
    if found.conversions and found.conversions >= given["min_won"] and found.count >= given["min_journeys"]:
        return None
    return (
        f"Markov and Shapley need {given['min_won']:,} won journeys and {given['min_journeys']:,} journeys;"
        f" here are {found.conversions:,.0f} and {found.count:,.0f}. Widen the period or the filters,"
        " or load more touches."
    )


def _enough(rows: Found, given: Given) -> stats.Journeys:
    found = _journeys(rows)
    if why := too_few(found, given):
        raise NotComputableError(why)
    return found


def _journeys(rows: Found) -> stats.Journeys:
    paths = [row["path"].split(SEPARATOR) for row in rows]
    return stats.journeys(paths, [row["won"] for row in rows], [row["nulls"] for row in rows])


def _shares(found: stats.Journeys) -> dict[str, Any]:
    effects = stats.Chain(found).removal_effects(found.won, found.nulls)
    return {
        "markov": stats.markov_shares(effects),
        "shapley": stats.Coalitions(found).values(found.won) / found.conversions,
    }


def _resampled(found: stats.Journeys, given: Given) -> Iterable[tuple[Any, Any]]:
    times = max(2, int(given["resamples"]))
    won = stats.poisson_resamples(found.won, times)
    nulls = stats.poisson_resamples(found.nulls, times, stats.SEED + 1)
    return zip(won, nulls, strict=True)


def _totals(rows: Found) -> dict[bool, tuple[float, Decimal | None]]:
    """Deals and money of one path model: without a touch (True) and with one (False)."""
    first = rows[0]["model"]
    found: dict[bool, tuple[float, Decimal | None]] = {}
    for alone in (True, False):
        part = [row for row in rows if row["model"] == first and (row["channel"] == UNATTRIBUTED) == alone]
        money = [row["revenue"] for row in part if row["revenue"] is not None]
        found[alone] = (sum(row["deals"] for row in part), sum(money, Decimal(0)) if money else None)
    return found


def _share_out(model: str, channels: Sequence[str], shares: Any, totals: Mapping[bool, tuple]) -> Found:
    """The attributed deals and money by share, to the cent, and the rest as Unattributed."""
    deals, money = totals[False]  # a whole number of deals: the sum of their credits is one by rounding only
    deals = round(deals)
    cents = [None] * len(channels) if money is None else stats.largest_remainder(int(money / CENT), list(shares))
    rows = [
        {
            "model": model,
            "channel": channel,
            "deals": float(share * deals),
            "revenue": None if part is None else part * CENT,
        }
        for channel, share, part in zip(channels, shares, cents, strict=True)
    ]
    rows.sort(key=lambda row: (-row["deals"], row["channel"]))
    rest, rest_money = totals[True]
    return [*rows, {"model": model, "channel": UNATTRIBUTED, "deals": rest, "revenue": rest_money}]


def _by_size(channels: Sequence[str], values: Any, lows: Any, highs: Any, name: str) -> Rows:
    found = [
        {"channel": channel, name: float(value), "low": float(low), "high": float(high)}
        for channel, value, low, high in zip(channels, values, lows, highs, strict=True)
    ]
    return Rows(sorted(found, key=lambda row: (-row[name], row["channel"])))
