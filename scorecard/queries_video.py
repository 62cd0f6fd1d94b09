"""Video reports after their statement: what an uncalled viewer may be worth, retention curves, videos against texts."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from scorecard.errors import NotComputableError
from scorecard.filters import LISTS
from scorecard.queries_close import close_probability
from scorecard.queries_rows import Rows
from scorecard.stats.mantel_haenszel import Arms, risk_ratio

Given = Mapping[str, Any]
Ask = Callable[..., Any]
FEWEST, FEWEST_ANSWERS = 30, 10
WITHOUT_DEAL = "Without an open deal,"
# What each step is called, the column that counts it, and the depth asked for from which it is shown.
STEPS = (
    ("Played", "played", 0.0),
    ("Watched 25 %", "watched_25", 0.25),
    ("Watched 50 %", "watched_50", 0.5),
    ("Watched 75 %", "watched_75", 0.75),
    ("Watched 90 %", "watched_90", 0.9),
    ("Known viewer", "known", 0.0),
    ("Lead", "leads", 0.0),
    ("MQL after", "mqls", 0.0),
    ("Opportunity after", "opportunities", 0.0),
    ("Won after", "customers", 0.0),
)
HOT_COLUMNS = ("person_id", "video_id", "viewed_at", "pct", "owner")


def funnel(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """The steps with the loads before them, where totals tell of any, and what share of viewers went on."""
    loads = ask("video_loads")[0]["loads"]
    first = [("Loaded", 0, loads)] if loads else []
    # In all, nobody is an answer too.
    counts = rows[0] if rows else {column: 0 for _, column, _ in STEPS}
    return Rows(_went_on([*first, *_steps(counts, given)]))


def funnel_by(rows: list[dict[str, Any]], given: Given, _ask: Ask) -> Rows:
    """The same for each group, without the loads: totals know no groups."""
    return Rows({"group_value": row["group_value"], **step} for row in rows for step in _went_on(_steps(row, given)))


def _steps(counts: Mapping[str, Any], given: Given) -> list[tuple[str, int, int]]:
    """Name, place and people of each step, as deep as is asked."""
    return [
        (step, place, counts[column])
        for place, (step, column, least_depth) in enumerate(STEPS, start=1)
        if least_depth <= given["depth"]
    ]


def _went_on(steps: Iterable[tuple[str, int, int]]) -> Iterator[dict[str, Any]]:
    """Each step with its share of the step before and of the first one; None of nobody."""
    people: list[int] = []
    for step, place, count in steps:
        people.append(count)
        yield {
            "step": step,
            "step_order": place,
            "people": count,
            "of_previous": _share(count, people[-2]) if len(people) > 1 else None,
            "of_first": _share(count, people[0]),
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def hot_unworked(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """Each uncalled viewer with what a win is worth times its chance; empty where one of the two is not known."""
    if not rows:
        return Rows()
    worth = _Worth.of(rows, given, ask)
    found = [{**{name: row[name] for name in HOT_COLUMNS}, "expected_value": worth.of_person(row)} for row in rows]
    found.sort(key=lambda row: (-(row["expected_value"] or 0.0), -row["viewed_at"].timestamp(), str(row["person_id"])))
    return Rows(found, worth.notes(rows, found))


class _Worth:
    """Chances of open deals and of leads, and the mean amount of a won deal."""

    def __init__(self, deals: Mapping[str, float | None], leads: Mapping[str, float], mean: float | None) -> None:
        self.deals, self.leads, self.mean = deals, leads, mean

    @classmethod
    def of(cls, rows: list[dict[str, Any]], given: Given, ask: Ask) -> "_Worth":
        everything = {name: [] for name in LISTS}  # a filter of people must not hide their deals
        deals = ask("deal_lives", columns=True, **everything, entity="deals")
        won = pd.to_numeric(deals.loc[deals["outcome"] == 1, "amount"], errors="coerce").dropna()
        mean = float(won.mean()) if len(won) else None
        # The chances of those in the list alone: of all open ones it takes most of the time.
        in_list = {name for row in rows if row["open_deals"] for name in str(row["deal_ids"]).split(";")}
        scored = close_probability(deals, {**given, "entity": "deals"}, ask, in_list) if in_list else []
        amounts = _once((row["deal_id"], _times(row["probability"], row["amount"])) for row in scored)
        leads: dict[str, float | None] = {}
        without = {str(row["person_id"]) for row in rows if not row["open_deals"]}
        if mean is not None and without:
            lives = ask("deal_lives", columns=True, **everything, entity="people")
            scored = close_probability(lives, {**given, "entity": "people"}, ask, without) if len(lives) else []
            leads = _once((row["deal_id"], row["probability"]) for row in scored)
        return cls(amounts, {name: chance for name, chance in leads.items() if chance is not None}, mean)

    def of_person(self, row: Mapping[str, Any]) -> float | None:
        if not row["open_deals"]:
            return _times(self.leads.get(str(row["person_id"])), self.mean)
        known = [self.deals.get(name) for name in str(row["deal_ids"]).split(";")]
        found = [value for value in known if value is not None]
        return sum(found) if found and len(found) == len(known) else None

    def notes(self, rows: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
        """What the values are made of, and how many are not known."""
        leads = sum(not row["open_deals"] for row in rows)
        said = []
        if leads and self.mean is not None:
            said.append(
                f"{WITHOUT_DEAL} expected value is the chance that such a lead is won times the mean won deal of"
                f" {self.mean:,.0f}."
            )
        return said + unknown_values(sum(row["expected_value"] is None for row in found))


def unknown_values(count: int) -> list[str]:
    """How many stand in the list without an expected value, and why."""
    why = "an open deal has no amount or no probability yet, or too few deals were won"
    return [f"{count:,} without an expected value: {why}."] if count else []


def retention(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """The newest curve of each video as one row a point; pairs that are none are counted, not guessed."""
    newest: dict[str, Any] = {}
    for row in rows:
        kept = newest.get(row["video_id"])
        if kept is None or (row["last_on"] is not None and (kept is True or row["last_on"] > kept)):
            newest[row["video_id"]] = row["last_on"] or True
    points: dict[tuple[str, float], dict[str, Any]] = {}
    bad, lengthless = 0, set()
    for row in rows:
        if newest[row["video_id"]] not in (row["last_on"], True):
            continue
        for text in str(row["retention"]).split(";"):
            pair = _pair(text, row["duration_s"])
            if pair is None:
                bad += bool(text.strip())
                continue
            position, second, share = pair
            if second is None and position is not None:
                lengthless.add(row["title"])
            place = second if second is not None else position
            points[row["video_id"], place or 0.0] = {
                "video_id": row["video_id"],
                "title": row["title"],
                "duration_s": row["duration_s"],
                "position": position,
                "second": second,
                "share": share,
            }
    notes = [f"{bad:,} points of the curves could not be read."] if bad else []
    if lengthless:
        notes.append(
            f"The length of {len(lengthless):,} videos is not known: their curve is by position, not by second."
        )
    return Rows((points[key] for key in sorted(points)), notes)


def _pair(text: str, duration: float | None) -> tuple[float | None, float | None, float] | None:
    """Position 0..1, second and share of `12:0.83` (second:share) or `12%:83%`; None where it is no pair."""
    left, colon, right = text.strip().rpartition(":")
    place, share = _number(left.removesuffix("%")), _number(right.removesuffix("%"))
    if not colon or place is None or share is None or place < 0 or share < 0:
        return None
    share = share / 100 if right.endswith("%") else share
    length = float(duration) if duration else None
    if left.endswith("%"):
        return place / 100, place / 100 * length if length else None, share
    return (place / length if length else None), place, share


def sent_ratio(rows: list[dict[str, Any]], given: Given, ask: Ask) -> Rows:
    """One row: the ratio of answers to videos and to texts of the same owner and stage.

    Raises NotComputableError below 30 of each or 10 answers.
    """
    both = [row for row in rows if row["sends_matched"] and row["emails"]]
    names = ("answered_matched", "emails_answered", "sends_matched", "emails")
    columns = [[row[name] for row in both] for name in names]
    answered, emails_answered, sends, emails = (sum(column) for column in columns)
    answers = [answered, emails_answered]
    if min(sends, emails) < FEWEST or sum(answers) < FEWEST_ANSWERS:
        raise NotComputableError(
            f"Videos and e-mails of text cannot be compared yet: it takes {FEWEST} of each by the same owner to people"
            f" at the same stage, with {FEWEST_ANSWERS} answers; here are {sends:,} videos and {emails:,} e-mails with"
            f" {sum(answers):,} answers. Load an activities export with the e-mails and replies of who sends videos."
        )
    found = risk_ratio(Arms.of(*columns))
    if found is None:
        raise NotComputableError("One of the two was never answered, so there is no ratio yet.")
    row: dict[str, Any] = {"ratio": found.value, "low": found.low, "high": found.high}
    row |= {"sends": sends, "answered": answers[0], "emails": emails, "emails_answered": answers[1]}
    return Rows([row | {"owners": len({one["owner"] for one in both}), "strata": len(both)}])


def _once(pairs: Iterable[tuple[Any, float | None]]) -> dict[str, float | None]:
    """The value of each id; of an id that two records share none, because nobody knows whose it is."""
    found: dict[str, float | None] = {}
    for name, value in pairs:
        found[str(name)] = None if str(name) in found else value
    return found


def _times(one: Any, other: Any) -> float | None:
    return None if one is None or other is None else float(one) * float(other)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
