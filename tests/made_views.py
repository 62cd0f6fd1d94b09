"""Leads of known truth who watch videos: from the first view on, the chance of a win a day is `effect` times as high.

Four sources and three segments differ in how often they win; where it is confounded those that win more also watch
more. The chance a day follows the age of a lead (Weibull, `shape` below 1: early, above: late). The world of the
published figures in `golden/video_bias_decomposition.csv`, near enough: drawn anew, with other numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

AS_OF = pd.Timestamp(2026, 11, 15, 23, 59, 59)  # a data date without an hour is the whole day
SPAN = 720  # days of leads
WIN, LOST, WATCH = 0.0008, 0.008, 0.01  # a day, on average
BY_SOURCE, BY_SEGMENT = np.array([0.5, 0.8, 1.3, 2.2]), np.array([0.8, 1.0, 1.25])
WATCH_BY_SOURCE = np.array([0.45, 0.8, 1.3, 2.0])
ONBOARDED = 0.5  # of the customers watch another video after the win


@dataclass(frozen=True)
class World:
    """One run: its name stands in the column `product`, so that many runs share a store and a filter takes one."""

    effect: float
    shape: float
    seed: int = 0
    is_confounded: bool = True

    @property
    def name(self) -> str:
        return f"{self.effect}-{self.shape}-{self.seed}-{int(self.is_confounded)}"


@dataclass(frozen=True)
class MadeLeads:
    """Three exports."""

    people: pd.DataFrame
    deals: pd.DataFrame
    views: pd.DataFrame
    onboarding: pd.DataFrame  # views after the win

    def write(self, folder: Path, with_onboarding: bool = True) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        self.people.to_csv(folder / "people.csv", index=False)
        self.deals.to_csv(folder / "deals.csv", index=False)
        views = pd.concat([self.views, self.onboarding]) if with_onboarding else self.views
        views.to_csv(folder / "video_views.csv", index=False)
        return folder


def made_leads(worlds: Sequence[World], count: int) -> MadeLeads:
    """`count` leads of each world."""
    parts = [_world(world, count) for world in worlds]
    return MadeLeads(*(pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)))


def _world(world: World, count: int) -> tuple[pd.DataFrame, ...]:
    rng = np.random.default_rng([world.seed, round(world.effect * 100), round(world.shape * 100)])
    source, segment = rng.integers(0, 4, count), rng.integers(0, 3, count)
    lives = rng.random(count) * SPAN
    watch = rng.exponential(1 / (WATCH * (WATCH_BY_SOURCE[source] if world.is_confounded else np.ones(count))))
    won = _win_day(rng, world, BY_SOURCE[source] * BY_SEGMENT[segment], watch)
    lost = rng.exponential(1 / LOST, count)
    end = np.minimum(won, lost)
    has_ended, has_won = end < lives, won < lost
    created = AS_OF - pd.to_timedelta(lives, unit="D")
    number = np.arange(count)
    people = pd.DataFrame({
        "person_id": [f"{world.name}-{one}" for one in number],
        "email": [f"p{one}@{world.name}.example.com" for one in number],
        "created_at": created.strftime("%Y-%m-%d %H:%M:%S"),
        "source_raw": np.array(["Outbound", "Search", "Event", "Referral"])[source],
        "segment": np.array(["Small", "Middle", "Large"])[segment],
        "product": world.name,
    })  # fmt: skip
    closed = (created + pd.to_timedelta(end, unit="D"))[has_ended]
    deals = pd.DataFrame({
        "deal_id": "d" + people["person_id"][has_ended],
        "primary_person_id": people["person_id"][has_ended],
        "created_at": people["created_at"][has_ended],
        "closed_at": closed.strftime("%Y-%m-%d %H:%M:%S"),
        "status": np.where(has_won, "won", "lost")[has_ended],
    })  # fmt: skip
    # Somebody watches what is left of the video on offer while undecided; whoever is decided is not asked again.
    watched = watch < np.minimum(end, lives)
    customers = has_ended & has_won & (rng.random(count) < ONBOARDED)
    after = end + rng.random(count) * 20
    return (
        people,
        deals,
        _views(people, created + pd.to_timedelta(watch, unit="D"), watched, rng, "v"),
        _views(people, created + pd.to_timedelta(after + 0.01, unit="D"), customers & (after + 0.01 < lives), rng, "o"),
    )


def _views(
    people: pd.DataFrame, at: pd.DatetimeIndex, which: NDArray[np.bool_], rng: np.random.Generator, letter: str
) -> pd.DataFrame:
    return pd.DataFrame({
        "view_id": letter + people["person_id"][which],
        "at": at[which].strftime("%Y-%m-%d %H:%M:%S"),
        "email": people["email"][which],
        "video_id": "onboarding" if letter == "o" else "product tour",
        "pct": np.round(rng.random(int(which.sum())) * 100, 1),
    })  # fmt: skip


def _win_day(
    rng: np.random.Generator, world: World, factor: NDArray[np.float64], watch: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The day on which the summed chance reaches an exponential draw; WIN: the mean over 120 days."""
    scale = WIN * 120 / 120**world.shape
    needed = rng.exponential(1.0, len(factor)) / factor / scale
    before = watch**world.shape
    after = before + (needed - before) / world.effect
    return np.where(needed <= before, needed, after) ** (1 / world.shape)
