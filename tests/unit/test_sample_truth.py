"""What the sample says was planted is really in its files."""

import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scorecard.sample import generate
from tests.unit.sample_files import (
    AS_OFS,
    Rows,
    all_views,
    contacts,
    deals,
    events,
    readable,
    rows_of,
    views_by_video,
    when,
)

MARKETING = {"Organic Search", "Paid Search", "Paid Social", "Email Marketing", "Events"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def truth(sample: Path) -> dict:
    return json.loads((sample / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough people to see what was planted through the noise."""
    return generate(tmp_path_factory.mktemp("large"), people=60_000, weeks=1)


# --- the numbers are the truth's


def side_of(raw: str) -> str:
    if raw in MARKETING:
        return "marketing"
    return {"Customer Referral": "customer", "Partner": "partner", "Outbound": "sales"}.get(raw, "unknown")


@pytest.mark.parametrize("week", [1, 2, 3])
def test_quarter_totals_are_in_the_files(sample: Path, truth: dict, week: int) -> None:
    won: dict[str, Counter[str]] = defaultdict(Counter)
    for row in readable(deals(sample, week)):
        if not row["Deal Stage"].startswith("Closed"):
            continue
        closed = when(row["Close Date"])
        counts = won[f"{closed.year}-{(closed.month - 1) // 3 * 3 + 1:02d}-01"]
        if row["Deal Stage"] == "Closed lost":
            counts["lost_deals"] += 1
            continue
        counts["won_deals"] += 1
        counts["won_amount"] += int(row["Amount"])
        if row["Deal Type"] == "newbusiness":
            counts[side_of(row["Original Source Type"])] += int(row["Amount"])
    said = truth["as_of"][AS_OFS[week - 1]]["quarters"]
    assert set(won) <= set(said)
    for start, quarter in said.items():
        for name in ("won_deals", "won_amount", "lost_deals"):
            assert won[start][name] == quarter[name], (start, name)
        for side, found in quarter["field"].items():
            assert won[start][side] == found["amount"], (start, side)


def test_sides_by_first_touch_are_in_the_files(sample: Path, truth: dict) -> None:
    names = {source: said["side"] for source, said in truth["sources"].items()}
    touches: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for row in events(sample, "touches-*"):
        touches[row["email"]].append((when(row["at"]), row["channel"]))
    email = {row["Record ID"]: row["Email"] for row in contacts(sample, 3)}
    sums: Counter[str] = Counter()
    for row in readable(deals(sample, 3)):
        if row["Deal Stage"] != "Closed won" or row["Deal Type"] != "newbusiness":
            continue
        if not "2026-07-01" <= row["Close Date"] < "2026-10-01":
            continue
        created = when(row["Create Date"])
        before = [
            touch
            for contact in row["Associated Contact IDs"].split(";")
            for touch in touches[email[contact]]
            if email[contact] and created - timedelta(days=365) <= touch[0] <= created
        ]
        sums[names[min(before)[1]] if before else side_of(row["Original Source Type"])] += int(row["Amount"])
    said = truth["as_of"][AS_OFS[2]]["quarters"]["2026-07-01"]["origin"]
    assert {side: sums[side] for side in said} == {side: found["amount"] for side, found in said.items()}


def test_follow_up_per_team_is_in_the_files(sample: Path, truth: dict) -> None:
    team = {row["owner"]: row["team"] for row in events(sample, "users-*")}
    first: dict[str, datetime] = {}
    for row in events(sample, "activities-*"):
        if row["direction"] == "outbound" and row["is_automated"] == "false":
            first.setdefault(row["email"], when(row["at"]))
    cutoff = datetime(2026, 11, 16)
    within: Counter[str] = Counter()
    handed: Counter[str] = Counter()
    never = 0
    for row in contacts(sample, 3):
        at = row["Became a marketing qualified lead date"]
        if not at or when(at) >= cutoff - timedelta(days=1):
            continue
        tried = first.get(row["Email"])
        never += tried is None
        if row["Contact owner"]:
            handed[team[row["Contact owner"]]] += 1
            within[team[row["Contact owner"]]] += tried is not None and tried - when(at) <= timedelta(days=1)
    said = truth["follow_up"]
    assert never == sum(counts["never"] for counts in said.values())
    for name, counts in said.items():  # a few contacts have no owner, so rates, not counts
        assert within[name] / handed[name] == pytest.approx(counts["within_24h"] / counts["handed_over"], abs=0.02)
    rate = {name: counts["within_24h"] / counts["handed_over"] for name, counts in said.items()}
    assert rate["Inside Sales West"] < min(rate["Inside Sales East"], rate["Field Sales EMEA"]) - 0.2
    assert 0.08 < never / sum(counts["handed_over"] for counts in said.values()) < 0.16


def test_video_totals_never_fall_below_the_views_in_the_files(sample: Path) -> None:
    views: Counter[tuple[str, str]] = Counter()
    for video, rows in views_by_video(sample).items():
        for row in rows:
            back = (date(2026, 11, 15) - date.fromisoformat(row["Date"][:10])).days // 7
            start = date(2026, 11, 9) - timedelta(days=7 * back)
            views[video, start.isoformat()] += 1
    totals = {(row["video_id"], row["period_start"]): row for row in events(sample, "video_period-*")}
    for key, count in views.items():
        if key in totals:
            assert count <= int(totals[key]["plays"]) <= int(totals[key]["loads"])
    assert sum(views[key] for key in totals) > 0.95 * sum(views.values())


def test_views_are_identified_anonymous_and_some_of_them_after_the_win(sample: Path, truth: dict) -> None:
    won = {row["Email"]: row["Became a customer date"] for row in contacts(sample, 3)}
    views = all_views(sample)
    known = [row for row in views if row["Email (if passed through)"]]
    after = [row for row in known if "" < won[row["Email (if passed through)"]] < row["Date"]]
    said = truth["views"]
    assert (len(known), len(views) - len(known), len(after)) == (
        said["identified"],
        said["anonymous"],
        said["after_win"],
    )
    assert len(after) > 50


def test_a_sent_video_is_told_of_again_when_there_is_news_and_only_played_by_who_had_watched(
    sample: Path, truth: dict
) -> None:
    """The newest row of a send holds; the first view of everybody is one on a page."""
    first: dict[str, str] = {}
    for row in all_views(sample):
        if row["Email (if passed through)"] and int(row["Percent of Video Viewed"]) >= 50:
            email = row["Email (if passed through)"]
            first[email] = min(row["Date"][:16], first.get(email, "9999"))
    rows = events(sample, "sent-videos-*")
    newest = {row["view_id"]: row for row in rows}
    assert len(newest) < len(rows)  # sent in one week, opened in the next
    found = list(newest.values())
    said = truth["videos_sent"]
    assert [len(found), *(sum(bool(row[name]) for row in found) for name in ("opened_at", "at", "replied_at"))] == [
        said[name] for name in ("sent", "opened", "played", "replied")
    ]
    assert all(first[row["email"]] <= row["sent_at"] < row["opened_at"] < row["at"] for row in found if row["at"])
    assert all(row["context"] == "sales" and row["owner"] for row in found)


def test_nps_answers_are_counted_by_the_truth(sample: Path, truth: dict) -> None:
    scores = [int(row["score"]) for row in events(sample, "delighted-*")]
    assert len(scores) == sum(counts["answers"] for counts in truth["nps"].values())
    assert sum(score >= 9 for score in scores) == sum(counts["promoters"] for counts in truth["nps"].values())
    assert all(0 <= score <= 10 for score in scores)


# --- what was planted can be found again


def journeys(folder: Path) -> tuple[Rows, dict[str, datetime]]:
    """Contacts, and the first identified view of each address."""
    (path,) = folder.glob("week-1/hubspot-crm-exports-all-contacts-*.csv")
    first: dict[str, datetime] = {}
    for row in all_views(folder):
        email, at = row["Email (if passed through)"], when(row["Date"])
        if email and at < first.get(email, datetime.max):
            first[email] = at
    return rows_of(path), first


def test_sources_win_as_often_as_planted(large: Path) -> None:
    said = json.loads((large / "truth.json").read_text(encoding="utf-8"))["sources"]
    by_raw = {raw: name for name, source in said.items() for raw in source["raw"]}
    people, won, young, young_won = Counter(), Counter(), Counter(), Counter()
    for row in journeys(large)[0]:
        source = by_raw.get(row["Original Source"])
        is_old = row["Create Date"] < "2025-04-01"
        is_young = row["Create Date"] >= "2026-07-18"
        people[source] += is_old
        won[source] += is_old and bool(row["Became a customer date"])
        young[source] += is_young
        young_won[source] += is_young and bool(row["Became a customer date"])
    rate = {name: won[name] / people[name] for name in said}
    for name, source in said.items():
        assert source["eventually_won"] / source["people"] == pytest.approx(source["planted_win_probability"], abs=0.02)
        assert rate[name] == pytest.approx(source["planted_win_probability"], abs=0.04), name
    assert max(rate, key=lambda name: rate[name]) == "Unknown"
    recent = {name: young_won[name] / young[name] for name in said}
    assert rate["Events"] > rate["Organic search"] + 0.05  # the slow source is better ...
    assert recent["Events"] < recent["Organic search"]  # ... and looks worse among recent people


def test_video_raises_the_win_rate_by_the_planted_ratio_once_intent_and_time_are_allowed_for(large: Path) -> None:
    contacts_, first = journeys(large)
    edges = np.array([0, 7, 14, 28, 42, 56, 84, 112, 168, 366, 1000], dtype=float)
    wins: dict[tuple[str, int], np.ndarray] = defaultdict(lambda: np.zeros(2))
    time: dict[tuple[str, int], np.ndarray] = defaultdict(lambda: np.zeros(2))
    naive: Counter[tuple[bool, bool]] = Counter()
    end = datetime(2026, 11, 16)
    for row in contacts_:
        created = when(row["Create Date"])
        stop = when(row["Became a customer date"] or row["Disqualified Date"] or end.isoformat(" "))
        if row["Lead Status"] == "" and not row["Became a customer date"]:  # a lost deal
            stop = when(row["Last Modified Date"])
        watched = first.get(row["Email"]) if row["Email"] else None
        is_won = bool(row["Became a customer date"])
        naive[watched is not None, is_won] += 1
        age = (stop - created).total_seconds() / 86400
        since = age if watched is None else min(max((watched - created).total_seconds() / 86400, 0), age)
        stratum = row["Original Source"] + row["Customer segment"]
        for band, (low, high) in enumerate(pairwise(edges)):
            if age <= low:
                break
            time[stratum, band] += (
                max(min(since, high) - low, 0),
                max(min(age, high) - max(since, low), 0),
            )
            if is_won and low < age <= high:
                wins[stratum, band][int(age > since)] += 1
    top = bottom = 0.0
    for key, (unwatched, seen) in time.items():
        if unwatched + seen > 0:
            top += wins[key][1] * unwatched / (unwatched + seen)
            bottom += wins[key][0] * seen / (unwatched + seen)
    ratio = top / bottom
    viewers = naive[True, True] / (naive[True, True] + naive[True, False])
    others = naive[False, True] / (naive[False, True] + naive[False, False])
    assert 1.18 < ratio < 1.42
    assert viewers / others > ratio + 0.3  # counting views after the win, and intent, flatters the video
