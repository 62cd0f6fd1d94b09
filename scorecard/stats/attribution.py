"""Credit for channels from whole journeys: Markov removal effects solved exactly, Shapley in closed form, intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEED = 20260101  # the same journeys give the same interval
LOW, HIGH = 2.5, 97.5


@dataclass(frozen=True)
class Journeys:
    """Distinct journeys with how often each was won and how often it ended in nothing.

    channels: the names, in alphabetical order. paths: for each journey the numbers of its channels in time, never
    empty. won, nulls: counts, as long as `paths`.
    """

    channels: tuple[str, ...]
    paths: tuple[tuple[int, ...], ...]
    won: Floats
    nulls: Floats

    @property
    def conversions(self) -> float:
        return float(self.won.sum())

    @property
    def count(self) -> float:
        return float(self.won.sum() + self.nulls.sum())


def journeys(paths: Sequence[Sequence[str]], won: Sequence[float], nulls: Sequence[float]) -> Journeys:
    """Journeys from rows of channel names; journeys that only differ in repeats of a channel are kept apart."""
    names = tuple(sorted({name for path in paths for name in path}))
    number = {name: at for at, name in enumerate(names)}
    return Journeys(
        names,
        tuple(tuple(number[name] for name in path) for path in paths),
        np.asarray(won, dtype=np.float64),
        np.asarray(nulls, dtype=np.float64),
    )


class Chain:
    """The first-order Markov chain of the journeys: their steps are kept, so that other weights cost little.

    A step lost -> nothing needs no place of its own: it is what is left of a row.
    """

    def __init__(self, found: Journeys) -> None:
        self._count = len(found.channels)
        lengths = np.array([len(path) for path in found.paths], dtype=np.int64)
        places = np.fromiter((place for path in found.paths for place in path), np.int64, int(lengths.sum()))
        self._journey = np.repeat(np.arange(len(lengths)), lengths)
        ends = np.cumsum(lengths) - 1
        # Row 0 is the start, row 1 + c the channel c.
        origins = np.concatenate(([0], places[:-1] + 1)) if len(places) else places
        origins[np.concatenate(([0], ends[:-1] + 1))[: len(lengths)]] = 0
        self._step = origins * self._count + places
        self._last = places[ends] if len(places) else places

    def removal_effects(self, won: Floats, nulls: Floats) -> Floats:
        """RE_c = 1 - P(conversion with c removed) / P(conversion), one per channel; NaN where nothing converts.

        Removing c sends everybody who comes to c to nothing. With N = (I - Q)^-1 the chance of ever coming to c is
        (start N)_c / N_cc, and what is lost is that chance times the chance x_c of converting from there: the exact
        solution of the linear system for all channels at once. Keeping or dropping repeats of a channel gives the
        same effect. Method: Anderl et al., "Mapping the customer journey" (2016), solved instead of simulated.
        """
        start, inside, to_won = self._probabilities(won, nulls)
        fundamental = np.linalg.inv(np.eye(self._count) - inside)
        conversion = fundamental @ to_won
        total = float(start @ conversion)
        if total <= 0:
            return np.full(self._count, np.nan)
        ever = (start @ fundamental) / np.diag(fundamental)
        return ever * conversion / total

    def conversion(self, won: Floats, nulls: Floats) -> float:
        """P(conversion) of the chain; equals the share of journeys that were won."""
        start, inside, to_won = self._probabilities(won, nulls)
        return float(start @ np.linalg.solve(np.eye(self._count) - inside, to_won))

    def _probabilities(self, won: Floats, nulls: Floats) -> tuple[Floats, Floats, Floats]:
        """From the start to each channel, between channels, and from each channel to a conversion."""
        count = self._count
        each = won + nulls
        counts = np.bincount(self._step, weights=each[self._journey], minlength=(count + 1) * count)
        counts = counts.reshape(count + 1, count)
        leaving = counts[1:].sum(axis=1) + np.bincount(self._last, weights=each, minlength=count)
        to_won = np.bincount(self._last, weights=won, minlength=count)
        safe = np.where(leaving > 0, leaving, 1.0)
        return counts[0] / (counts[0].sum() or 1.0), counts[1:] / safe[:, None], to_won / safe


def markov_shares(effects: Floats) -> Floats:
    """The part of all conversions each channel is given: its removal effect over the sum of them."""
    total = effects.sum()
    return effects / total if total > 0 else np.full(len(effects), np.nan)


class Coalitions:
    """Shapley values of the game v(S) = conversions of journeys whose channels all lie in S.

    Closed form: each won journey is shared equally by its distinct channels. (Shapley 1953; the unanimity games of the
    journeys add up to v, and each divides equally among its members.)
    """

    def __init__(self, found: Journeys) -> None:
        self._count = len(found.channels)
        members = [sorted(set(path)) for path in found.paths]
        sizes = np.array([len(one) for one in members], dtype=np.int64)
        self._journey = np.repeat(np.arange(len(sizes)), sizes)
        self._member = np.fromiter((channel for one in members for channel in one), np.int64, int(sizes.sum()))
        self._part = 1.0 / np.repeat(sizes, sizes)

    def values(self, won: Floats) -> Floats:
        """Conversions given to each channel; they sum to all conversions."""
        shares = won[self._journey] * self._part
        return np.bincount(self._member, weights=shares, minlength=self._count).astype(np.float64)


def poisson_resamples(counts: Floats, times: int, seed: int = SEED) -> Floats:
    """`times` x journeys: how often each journey would have been seen again (Poisson bootstrap, one mean a row)."""
    return np.random.default_rng(seed).poisson(counts, (times, len(counts))).astype(np.float64)


def interval(samples: Floats) -> tuple[Floats, Floats]:
    """The 2.5 % and 97.5 % quantile of each column; resamples in which nothing converted are left out."""
    kept = samples[~np.isnan(samples).any(axis=1)]
    if not len(kept):
        nothing = np.full(samples.shape[1], np.nan)
        return nothing, nothing
    return np.percentile(kept, LOW, axis=0), np.percentile(kept, HIGH, axis=0)


def largest_remainder(total: int, shares: Sequence[float]) -> list[int]:
    """Whole units by share that sum to the total: rounded down, the rest to the largest remainders, first come first.

    shares: not negative, their sum more than 0; they need not sum to 1. A negative total is shared alike.
    """
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    parts = [int(np.floor(value)) for value in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts
