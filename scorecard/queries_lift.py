"""Video lift: viewers against others from the careless comparison to the fair one, and what the difference is worth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scorecard.queries_rows import Rows
from scorecard.stats import mantel_haenszel as mh

Given = Mapping[str, Any]
Ask = Callable[..., Any]
Cell = Mapping[str, Any]
HEADLINE, RANDOMISED = "person_time_mh", "randomised"
STRATUM = ("source", "segment", "month", "band")
NOUNS = {"people": "lead", "deals": "deal"}


@dataclass(frozen=True)
class Way:
    """A way of comparing: its cells, the ratio, whether within strata, and whether arms are people or days."""

    method: str
    kind: str
    people: str  # the kind whose cells say how many there are
    ratio: Callable[[mh.Arms], mh.Ratio | None]
    in_strata: bool = False
    of_days: bool = False


WAYS = (
    Way("naive_all", "naive_all", "naive_all", mh.risk_ratio),
    Way("naive_closed", "naive_closed", "naive_closed", mh.risk_ratio),
    Way("landmark_crude", "landmark", "landmark", mh.risk_ratio),
    Way("landmark_mh", "landmark", "landmark", mh.risk_ratio, in_strata=True),
    Way(HEADLINE, "person_time", "in_year", mh.rate_ratio, in_strata=True, of_days=True),
)
SENT = Way(RANDOMISED, "randomised", "randomised", mh.risk_ratio)
NAMES = {
    "naive_all": "The naive ratio",
    "naive_closed": "The ratio among the closed",
    "landmark_crude": "The landmark ratio",
    "landmark_mh": "The landmark ratio within groups",
    HEADLINE: "The headline ratio",
    RANDOMISED: "The ratio of the random send",
}


@dataclass(frozen=True)
class Compared:
    """What one way of comparing found."""

    way: Way
    arms: mh.Arms
    ratio: mh.Ratio | None
    lack: str
    viewers: int
    others: int
    wins: int

    @classmethod
    def of(cls, way: Way, cells: "Cells") -> "Compared":
        arms = cells.arms(way.kind, way.of_days)
        ratio, lack = mh.guarded(arms if way.in_strata else arms.crude(), way.ratio, mh.FEWEST_STRATA * way.in_strata)
        people = cells.arms(way.people)
        return cls(
            way,
            arms,
            ratio,
            lack,
            int(people.size.sum()),
            int(people.other_size.sum()),
            int(people.wins.sum() + people.other_wins.sum()),
        )

    def row(self) -> dict[str, Any]:
        ratio = self.ratio
        return {
            "method": self.way.method,
            "ratio": ratio and ratio.value,
            "low": ratio and ratio.low,
            "high": ratio and ratio.high,
            "viewers": self.viewers,
            "non_viewers": self.others,
            "wins": self.wins,
        }


class Cells:
    """The cells of the statement by kind."""

    def __init__(self, rows: Iterable[Cell]) -> None:
        self._kinds: dict[str, list[Cell]] = {}
        for row in rows:
            self._kinds.setdefault(str(row["kind"]), []).append(row)

    def __contains__(self, kind: str) -> bool:
        return kind in self._kinds

    def arms(self, kind: str, of_days: bool = False) -> mh.Arms:
        """The strata of a kind, in an order that does not hang on names' luck: sums add up alike every time."""
        rows = sorted(self._kinds.get(kind, ()), key=lambda row: [row[name] for name in STRATUM])
        sizes = ("viewer_days", "other_days") if of_days else ("viewers", "non_viewers")
        return mh.Arms.of(*([float(row[name]) for row in rows] for name in ("viewer_wins", "other_wins", *sizes)))


def video_lift(rows: Sequence[Cell], given: Given, ask: Ask) -> Rows:
    """The ratio of every method with its interval; NULL with a note below five wins in both arms."""
    cells, noun = Cells(rows), NOUNS[given["entity"]]
    found = [Compared.of(way, cells) for way in _ways(cells, given)]
    by_method = {one.way.method: one for one in found}
    headline = by_method.get(RANDOMISED) or by_method[HEADLINE]
    of_the_send = _randomised(by_method.get(RANDOMISED), cells, noun)
    notes = _no_viewers(by_method["naive_all"], noun)
    if not notes:
        notes = [
            *_remains(by_method["naive_all"], headline),
            *_e_values(headline),
            *_not_yet(found),
            *_dropped(by_method["landmark_mh"], noun, given),
            *_dropped(by_method[HEADLINE], noun, given),
            *_after_the_close(cells, by_method["naive_all"], noun),
            *_known_later(cells, given, ask),
            *_after_a_year(cells, noun),
        ]
    return Rows((one.row() for one in found), [*of_the_send, *notes])


def headline_of(rows: Sequence[Cell]) -> dict[str, Any]:
    """The row of the headline method alone, for others who compare with it."""
    way = next(way for way in WAYS if way.method == HEADLINE)
    return Compared.of(way, Cells(rows)).row()


def _ways(cells: Cells, given: Given) -> list[Way]:
    """`views=any_time`: the naive ratios count views after the outcome too, as most reports do."""
    ways = [*WAYS, SENT] if SENT.kind in cells else list(WAYS)
    if given.get("views") != "any_time":
        return ways
    naive = {way.method: f"any_time_{way.method.removeprefix('naive_')}" for way in WAYS[:2]}
    return [
        Way(way.method, naive[way.method], naive[way.method], way.ratio) if way.method in naive else way for way in ways
    ]


def _no_viewers(naive: Compared, noun: str) -> list[str]:
    if naive.viewers:
        return []
    if not naive.others:
        return [f"Not enough data yet: no {noun} with a creation date here."]
    return [
        (
            f"Not enough data yet: none of the {naive.others:,} {noun}s here is known to have watched a video"
            " before the outcome. Viewers count once they are identified, by the same e-mail address or id as in the"
            " CRM."
        )
    ]


def _remains(naive: Compared, headline: Compared) -> list[str]:
    """The step from the naive to the fair ratio in a sentence."""
    if not naive.ratio or not headline.ratio:
        return []
    ratio = headline.ratio
    interval = f"{percent(ratio.low)} to {percent(ratio.high)}"
    return [f"{remains(naive.ratio.value, ratio.value, ratio.low, ratio.high)} (95% interval {interval})."]


def _e_values(headline: Compared) -> list[str]:
    if not headline.ratio or headline.way.method == RANDOMISED:
        return []
    ratio = headline.ratio
    value, bound = mh.e_value(ratio.value), mh.e_value_of_interval(ratio.low, ratio.high)
    return [
        (
            f"E-value {value:.2f}, of the interval {bound:.2f}: something unmeasured would have to go with watching"
            f" and with winning that many times, both, to explain the ratio (or the interval's distance from 1) away."
        )
    ]


def _not_yet(found: Iterable[Compared]) -> list[str]:
    return [f"{NAMES[one.way.method]}: not enough data yet: {one.lack}." for one in found if one.ratio is None]


def _dropped(one: Compared, noun: str, given: Given) -> list[str]:
    """Strata that had one kind only."""
    alone = one.arms.one_sided
    if not alone.any():
        return []
    left = one.arms.where(alone)
    wins = f"{left.wins.sum() + left.other_wins.sum():,.0f} wins"
    size = left.size.sum() + left.other_size.sum()
    held = f"{size:,.0f} {noun} days" if one.way.of_days else f"{size:,.0f} {noun}s"
    by = ["source", "segment", *["month"] * bool(given["by_month"]), *["age"] * one.way.of_days]
    groups = f"{', '.join(by[:-1])} and {by[-1]}"
    return [
        (
            f"{NAMES[one.way.method]}: {int(alone.sum()):,} of {len(alone):,} groups by {groups} had viewers only or"
            f" others only and are left out ({held}, {wins})."
        )
    ]


def _after_the_close(cells: Cells, naive: Compared, noun: str) -> list[str]:
    """What the naive ratio would be with views after the outcome."""
    arms = cells.arms("any_time_all").crude()
    more = int(arms.size.sum()) - naive.viewers
    if more <= 0:
        return []
    ratio = mh.guarded(arms, mh.risk_ratio, 0)[0]
    said = f"; counted as viewers they would make the naive ratio {ratio.value:.2f}" if ratio else ""
    return [
        f"{_counted(more, noun)} watched only at or after the outcome, or became known only then: not counted{said}."
    ]


def _known_later(cells: Cells, given: Given, ask: Ask) -> list[str]:
    """How many viewers became known after their first view, and what counting from then would say."""
    arms = cells.arms("known_later")
    later, all_ = int(arms.size.sum()), int(arms.size.sum() + arms.other_size.sum())
    if not later:
        return []
    other = "identification" if given["counted_from"] == "view" else "view"
    found = Compared.of(WAYS[-1], Cells(ask("video_cells", counted_from=other)))
    said = (
        f"{found.ratio.value:.2f} ({found.ratio.low:.2f} to {found.ratio.high:.2f})" if found.ratio else "not known yet"
    )
    here = "the view" if other == "identification" else "identification"
    there = "identification" if other == "identification" else "the view"
    return [
        (
            f"{later / all_:.0%} of viewers became known after their first view, which was attached to them later;"
            f" counted from {here}. Counted from {there} the headline ratio would be {said}."
        )
    ]


def _after_a_year(cells: Cells, noun: str) -> list[str]:
    every, in_year = cells.arms("naive_all"), cells.arms("in_year")
    late = int((every.wins + every.other_wins).sum() - (in_year.wins + in_year.other_wins).sum())
    return [f"{_counted(late, noun)} won after more than 366 days: beyond the headline's clock."] if late else []


def _randomised(one: Compared | None, cells: Cells, noun: str) -> list[str]:
    if one is None:
        return []
    both = cells.arms("both_arms")
    left = int(both.size.sum())
    crossed = f" {_counted(left, noun)} got both and are left out." if left else ""
    arms = one.arms.crude()
    shares = [float(wins.sum() / size.sum()) if size.sum() else np.nan
              for wins, size in ((arms.wins, arms.size), (arms.other_wins, arms.other_size))]  # fmt: skip
    return [
        (
            f"A random send is here: {shares[0]:.1%} of {one.viewers:,} sent the video won within the horizon,"
            f" {shares[1]:.1%} of {one.others:,} sent without it, whether watched or not. Chance made the arms"
            f" alike, so this difference is the effect of sending, and it is the headline.{crossed}"
        ),
        with_video(cells.arms("plays_by_arm")),
    ]


def with_video(plays: mh.Arms) -> str:
    """Which mail carried the video, and how that is known."""
    of_a, of_b = int(plays.size.sum()), int(plays.other_size.sum())
    if not of_a and of_b >= mh.FEWEST_WINS:
        return (
            f"Mail b is taken as the one with the video: videos were played beside b alone ({of_b:,} plays, none beside"
            " a). The agreed letters are a with, b without; if b is right without, the plays stand in the wrong rows."
        )
    if of_a and not of_b:
        return f"Mail a is the one with the video: videos were played beside a alone ({of_a:,} plays)."
    if of_a or of_b:
        return (
            f"Mail a is taken as the one with the video, as agreed: {of_a:,} plays stand beside a, {of_b:,} beside b."
        )
    return "Mail a is taken as the one with the video, as agreed: no play stands beside either letter."


BANDS = ("0", "0-<25", "25-<50", "50-<75", "75-<90", ">=90")
DOSES = np.array([0.0, 0.125, 0.375, 0.625, 0.825, 0.95])  # the middle of each band
UNKNOWN_DEPTH = 6
CHANCE = 0.05


def video_dose(rows: Sequence[Cell], given: Given, ask: Ask) -> Rows:
    """The risk ratio of each depth against not watched; a trend in a note."""
    strata = sorted({_stratum(row) for row in rows})
    place = {stratum: at for at, stratum in enumerate(strata)}
    people, wins = np.zeros((len(strata), len(BANDS))), np.zeros((len(strata), len(BANDS)))
    unknown = 0
    for row in rows:
        if row["band"] == UNKNOWN_DEPTH:
            unknown += int(row["people"])
            continue
        people[place[_stratum(row)], row["band"]] = row["people"]
        wins[place[_stratum(row)], row["band"]] = row["wins"]
    arms = [mh.Arms(wins[:, at], wins[:, 0], people[:, at], people[:, 0]) for at in range(len(BANDS))]
    found = [mh.guarded(one, mh.risk_ratio, mh.FEWEST_STRATA) for one in arms]
    noun = NOUNS[given["entity"]]
    notes = [
        *_trend(wins, people, [ratio for ratio, _ in found]),
        *(f"{BANDS[at]} %: not enough data yet: {found[at][1]}." for at in range(1, len(BANDS)) if not found[at][0]),
    ]
    if unknown:
        notes.append(f"{_counted(unknown, noun)} watched to an unknown depth and stand in no band.")
    return Rows((_dose_row(at, ratio, people, wins) for at, (ratio, _) in enumerate(found)), notes)


def _stratum(row: Cell) -> tuple[str, str, str]:
    return str(row["source"]), str(row["segment"]), str(row["month"])


def _dose_row(at: int, ratio: mh.Ratio | None, people: mh.Floats, wins: mh.Floats) -> dict[str, Any]:
    return {
        "depth_band": BANDS[at],
        "ratio": 1.0 if at == 0 else ratio and ratio.value,
        "low": ratio.low if at and ratio else None,
        "high": ratio.high if at and ratio else None,
        "people": int(people[:, at].sum()),
        "wins": int(wins[:, at].sum()),
    }


def _trend(wins: mh.Floats, people: mh.Floats, ratios: Sequence[mh.Ratio | None]) -> list[str]:
    """A trend is claimed where it is clearer than chance and the deepest band that has an interval leaves 1."""
    known = [ratio for ratio in ratios[1:] if ratio]
    z = mh.trend(wins, people, DOSES)
    if z is None or not known:
        return []
    test = f"trend test z = {z:.2f}, p = {mh.two_sided(z):.2g}".replace("-", "−")
    deepest = known[-1]
    if mh.two_sided(z) >= CHANCE:
        return [f"No trend: whoever watched more did not clearly win more or less often ({test})."]
    if deepest.low <= 1 <= deepest.high:
        return [f"No trend is claimed: the interval of the deepest band holds 1 ({test})."]
    more = "more" if z > 0 else "less"
    return [f"The more was watched, the {more} often it was won ({test}); whoever wants to buy watches more, too."]


def remains(naive: float, fair: float, low: float, high: float) -> str:
    """Of the naive lift of +35%, 2 points remain; no effect at all fits the data."""
    fits = "no effect at all fits the data" if low <= 1 <= high else "chance alone does not explain that"
    before, after = round((naive - 1) * 100), round((fair - 1) * 100)
    if 0 < after <= before:
        points = "1 point remains" if after == 1 else f"{after} points remain"
        return f"Of the naive lift of {percent(naive)}, {points}; {fits}"
    if after <= 0 < before:
        left = "nothing remains" if after == 0 else f"nothing remains (fairly compared {percent(fair)})"
        return f"Of the naive lift of {percent(naive)}, {left}; {fits}"
    return f"Naive {percent(naive)}, fairly compared {percent(fair)}; {fits}"


def percent(ratio: float) -> str:
    """1.35 as +35%, 0.98 as −2%, 1 as ±0%."""
    change = round((ratio - 1) * 100)
    return f"{change:+d}%".replace("-", "−") if change else "±0%"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)
