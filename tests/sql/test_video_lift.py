"""The lift on lives one can count by hand: who is a viewer from when, what is left out, when nothing is said."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from scorecard.errors import NotComputableError
from scorecard.stats import mantel_haenszel as mh
from tests.sql.model import day

BEGAN = datetime(2026, 1, 1)
METHODS = ["naive_all", "naive_closed", "landmark_crude", "landmark_mh", "person_time_mh"]
# name: source, segment, day of the first view, day of the end, how it ended
Lives = Mapping[str, tuple[str, str, float | None, float | None, str]]


def tables(lives: Lives, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """Exports of these lives, all begun on 1 January."""
    people, deals, views = [], [], []
    for name, (source, segment, watched, ended, how) in lives.items():
        email = f"{name}@example.com"
        people.append(
            {"person_id": name, "email": email, "created_at": BEGAN, "source_raw": source, "segment": segment}
        )
        if how != "open":
            closed = BEGAN + timedelta(days=ended or 0)
            deals.append(
                {"deal_id": f"d-{name}", "status": how, "created_at": BEGAN, "closed_at": closed,
                 "primary_person_id": name}
            )  # fmt: skip
        if watched is not None:
            at = BEGAN + timedelta(days=watched)
            views.append({"at": at, "email": email, "video_id": "v1", "pct": 0.8, **more.get(name, {})})
    return {"people": people, "deals": deals, "video_views": views}


def many(*groups: tuple[int, tuple[str, str, float | None, float | None, str]]) -> dict[str, Any]:
    """So many lives alike."""
    return {f"p{at}x{number}": life for at, (count, life) in enumerate(groups) for number in range(count)}


def lift(shot: Any, **params: Any) -> dict[str, dict[str, Any]]:
    rows = shot.ask("video_lift", **params)
    return {row["method"]: row for row in rows}


# Two sources, one segment: viewers watch on day 5.5 and win on day 10.5, others win on day 10.5, all else stays open.
LIVES = many(
    (6, ("web", "small", 5.5, 10.5, "won")),
    (14, ("web", "small", 5.5, None, "open")),
    (10, ("web", "small", None, 10.5, "won")),
    (40, ("web", "small", None, None, "open")),
    (8, ("event", "small", 5.5, 10.5, "won")),
    (8, ("event", "small", 5.5, None, "open")),
    (5, ("event", "small", None, 10.5, "won")),
    (20, ("event", "small", None, 10.5, "lost")),
)


@pytest.fixture
def counted(snapshot):
    return snapshot(**tables(LIVES))


def test_the_methods_are_those_agreed_and_count_everybody(counted) -> None:
    rows = counted.ask("video_lift")
    assert [row["method"] for row in rows] == METHODS
    found = lift(counted)
    assert (found["naive_all"]["viewers"], found["naive_all"]["non_viewers"], found["naive_all"]["wins"]) == (
        36,
        75,
        29,
    )
    assert found["naive_all"]["ratio"] == pytest.approx((14 / 36) / (15 / 75))
    assert (found["naive_closed"]["viewers"], found["naive_closed"]["non_viewers"]) == (14, 35)
    assert found["naive_closed"]["ratio"] == pytest.approx((14 / 14) / (15 / 35))
    assert (found["person_time_mh"]["viewers"], found["person_time_mh"]["non_viewers"]) == (36, 75)


def test_the_headline_is_person_time_in_bands_of_source_segment_and_age(counted) -> None:
    """Only the band of days 10 to 14 has wins: its days, source by source."""
    web = (6, 10, 6 * 0.5 + 14 * 4, 10 * 0.5 + 40 * 4)
    event = (8, 5, 8 * 0.5 + 8 * 4, 25 * 0.5)
    expected = mh.rate_ratio(mh.Arms.of(*zip(web, event, strict=True)))
    found = lift(counted)["person_time_mh"]
    assert expected and found["ratio"] == pytest.approx(expected.value, rel=1e-12)
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high), rel=1e-12)


def test_days_before_the_first_view_count_as_not_watched(counted) -> None:
    cells = [row for row in counted.ask("video_cells") if row["kind"] == "person_time" and row["source"] == "web"]
    bands = {row["band"]: (row["viewer_days"], row["other_days"]) for row in cells}
    assert bands[1] == (0, 70) and bands[2] == (0, 140)  # days 0 to 1, and to 3
    assert bands[3] == pytest.approx((20 * 1.5, 20 * 2.5 + 50 * 4))  # days 3 to 7
    total = sum(row["viewer_days"] + row["other_days"] for row in cells)
    seen = (datetime(2026, 11, 15, 23, 59, 59) - BEGAN).total_seconds() / 86400
    assert total == pytest.approx(16 * 10.5 + 54 * seen)


def test_a_view_on_the_edge_of_a_band_begins_the_next_one(snapshot) -> None:
    """Watched on day 3 sharp, won on day 6.5: nothing watched before, the win and all days after in that band."""
    ends = [("web", "small", 3.0, 6.5, "won"), ("web", "small", 7.0, 7.5, "won"), ("web", "small", None, 2.5, "won")]
    cells = snapshot(**tables(many(*((1, end) for end in ends)))).ask("video_cells")
    names = ("viewers", "non_viewers", "viewer_wins", "other_wins", "viewer_days", "other_days")
    found = {row["band"]: tuple(row[name] for name in names) for row in cells if row["kind"] == "person_time"}
    assert found == {
        1: (0, 3, 0, 0, 0, 3), 2: (0, 3, 0, 1, 0, 5.5), 3: (1, 1, 1, 0, 3.5, 4), 4: (1, 0, 1, 0, 0.5, 0)
    }  # fmt: skip


def test_the_landmark_starts_both_arms_on_one_day(counted) -> None:
    found = lift(counted, landmark=7, horizon=90)
    assert (found["landmark_crude"]["viewers"], found["landmark_crude"]["non_viewers"]) == (36, 75)
    assert found["landmark_crude"]["ratio"] == pytest.approx((14 / 36) / (15 / 75))
    expected = mh.risk_ratio(mh.Arms.of([6, 8], [10, 5], [20, 16], [50, 25]))
    assert expected and found["landmark_mh"]["ratio"] == pytest.approx(expected.value, rel=1e-12)
    assert found["landmark_mh"]["low"] == pytest.approx(expected.low, rel=1e-12)
    early = lift(counted, landmark=3)  # nobody had watched by day 3
    assert early["landmark_crude"]["viewers"] == 0 and early["landmark_crude"]["ratio"] is None
    assert lift(counted, landmark=300, horizon=90)["landmark_crude"]["wins"] == 0  # no lead is so old


def test_a_view_at_or_after_the_outcome_is_no_view(snapshot, counted) -> None:
    made = tables(LIVES)
    late = [
        {"at": deal["closed_at"] + timedelta(hours=hours), "email": f"{deal['primary_person_id']}@example.com",
         "video_id": "onboarding", "pct": 1.0}
        for deal in made["deals"]
        for hours in (0, 5, 500)
    ]  # fmt: skip
    shot = snapshot(**{**made, "video_views": [*made["video_views"], *late]})
    assert shot.ask("video_lift") == counted.ask("video_lift")
    assert shot.ask("video_dose", landmark=7) == counted.ask("video_dose", landmark=7)
    assert lift(shot, views="any_time")["naive_all"]["viewers"] == 36 + 15 + 20
    assert any("35 leads watched only at or after the outcome" in note for note in shot.ask("video_lift").notes)


def test_on_the_day_of_a_close_without_an_hour_a_view_does_not_count(snapshot) -> None:
    lives = {**LIVES, "edge": ("web", "small", 20.6, 20.0, "won"), "before": ("web", "small", 19.9, 20.0, "won")}
    found = lift(snapshot(**tables(lives)))
    assert found["naive_all"]["viewers"] == 36 + 1


def test_names_and_ids_change_nothing(snapshot, counted) -> None:
    made = tables({f"other-{999 - at}": life for at, life in enumerate(LIVES.values())})
    turned = {kind: rows[::-1] for kind, rows in made.items()}
    assert snapshot(**turned).ask("video_lift") == counted.ask("video_lift")
    renamed = tables({name: (life[0].upper() + " x", "zz", *life[2:]) for name, life in LIVES.items()})
    found, same = lift(snapshot(**renamed), landmark=7), lift(counted, landmark=7)
    for method in METHODS:
        assert found[method]["ratio"] == pytest.approx(same[method]["ratio"], rel=1e-12)


def test_a_shallow_view_counts_only_below_the_depth_asked_for(counted) -> None:
    assert lift(counted, depth=0.8) == lift(counted)
    assert lift(counted, depth=0.81)["naive_all"]["viewers"] == 0
    assert any("none of the 111 leads here is known to have watched" in note
               for note in counted.ask("video_lift", depth=0.81).notes)  # fmt: skip


def test_too_few_wins_give_no_ratio_and_say_so(snapshot) -> None:
    lives = many(
        (4, ("web", "s", 5, 10, "won")), (9, ("web", "s", None, 10, "won")), (9, ("web", "s", None, 0, "open"))
    )
    rows = snapshot(**tables(lives)).ask("video_lift")
    assert [(row["ratio"], row["low"], row["high"]) for row in rows] == [(None, None, None)] * 5
    assert [row["viewers"] for row in rows][:2] == [4, 4]
    assert any("not enough data yet: 4 wins of viewers and 9 of others" in note for note in rows.notes)


def test_groups_with_viewers_only_are_left_out_and_said(snapshot, counted) -> None:
    shot = snapshot(**tables({**LIVES, **{f"q{n}": ("fair", "small", 5.5, 10.5, "won") for n in range(7)}}))
    assert lift(shot, landmark=7)["landmark_mh"]["ratio"] == lift(counted, landmark=7)["landmark_mh"]["ratio"]
    notes = [note for note in shot.ask("video_lift", landmark=7).notes if "left out" in note]
    assert notes[0].startswith("The landmark ratio within groups: 1 of 3 groups by source and segment had viewers only")


def attached(when: float) -> dict[str, Any]:
    """Every viewer becomes known on that day."""
    return {name: {"identified_at": BEGAN + timedelta(days=when)} for name, life in LIVES.items() if life[2]}


def test_a_viewer_who_becomes_known_before_the_end_counts_from_the_view(snapshot, counted) -> None:
    shot = snapshot(**tables(LIVES, **attached(10.25)))
    assert shot.ask("video_lift") == counted.ask("video_lift")
    note = next(note for note in shot.ask("video_lift").notes if "became known after" in note)
    assert note.startswith("100% of viewers") and "Counted from identification the headline ratio would be" in note
    later = lift(shot, counted_from="identification")["person_time_mh"]
    web = (6, 10, 6 * 0.25 + 14 * 3.75, 10 * 0.5 + 40 * 4 + 20 * 0.25)
    event = (8, 5, 8 * 0.25 + 8 * 3.75, 25 * 0.5 + 16 * 0.25)
    expected = mh.rate_ratio(mh.Arms.of(*zip(web, event, strict=True)))
    assert expected and later["ratio"] == pytest.approx(expected.value, rel=1e-12)


def test_who_becomes_known_by_buying_is_no_viewer(snapshot) -> None:
    """The win itself would make the exposure: winners become known, those who leave never do."""
    found = lift(snapshot(**tables(LIVES, **attached(10.5))))
    assert found["naive_all"]["viewers"] == 22  # those still open, whom nothing but time made known


def sends(arm: str, count: int, won: int, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """Leads sent a mail on day 20 with (a) or without (b) the video; nobody in b can watch."""
    lives = {f"{arm}{n}": ("web", "s", 20, 40 if n < won else None, "won" if n < won else "open") for n in range(count)}
    made = tables(lives)
    for row in made["video_views"]:
        row |= {"sent_at": row["at"], "arm": arm, "pct": 0.5 if arm == "a" else None, **more}
    return made


def together(*made: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    return {kind: [row for one in made for row in one[kind]] for kind in ("people", "deals", "video_views")}


def test_a_random_send_is_the_answer_where_there_is_one(snapshot) -> None:
    shot = snapshot(**together(sends("a", 60, 30), sends("b", 60, 20)))
    found = lift(shot)
    assert list(found) == [*METHODS, "randomised"]
    expected = mh.risk_ratio(mh.Arms.of([30], [20], [60], [60]))
    one = found["randomised"]
    assert expected and (one["ratio"], one["low"]) == pytest.approx((1.5, expected.low))
    assert (one["viewers"], one["non_viewers"], one["wins"]) == (60, 60, 50)
    assert found["naive_all"]["viewers"] == 60  # a mail without the video is no view
    assert any("A random send is here: 50.0% of 60 sent the video" in note for note in shot.ask("video_lift").notes)


def test_the_mail_that_alone_was_played_is_the_one_with_the_video(snapshot) -> None:
    """Somebody who took the letters the other way round gets the same answer, and is told."""
    right = together(sends("a", 60, 30), sends("b", 60, 20))
    other = {"a": "b", "b": "a"}
    turned = {**right, "video_views": [{**row, "arm": other[row["arm"]]} for row in right["video_views"]]}
    agreed, shot = snapshot(**right), snapshot(**turned)
    assert lift(shot)["randomised"] == lift(agreed)["randomised"]
    assert lift(shot, sources=["web"])["randomised"]["ratio"] == pytest.approx(1.5)
    assert any(note.startswith("Mail a is the one with the video") for note in agreed.ask("video_lift").notes)
    assert any(note.startswith("Mail b is taken as the one with the video") for note in shot.ask("video_lift").notes)
    # Plays beside both, or beside none: the letter is all there is.
    mixed = [{**row, "pct": 0.4} for row in turned["video_views"]]
    assert lift(snapshot(**{**turned, "video_views": mixed}))["randomised"]["ratio"] == pytest.approx(1 / 1.5)
    blank = [{**row, "pct": None} for row in right["video_views"]]
    found = snapshot(**{**right, "video_views": blank}).ask("video_lift")
    assert any("no play stands beside either letter" in note for note in found.notes)
    assert found[-1]["ratio"] == pytest.approx(1.5)


def test_who_was_sent_both_or_is_not_old_enough_is_in_no_arm(snapshot) -> None:
    made = together(sends("a", 60, 30), sends("b", 60, 20))
    both = [{**row, "arm": "b", "sent_at": row["at"] + timedelta(days=1)} for row in made["video_views"][:2]]
    made["video_views"] += both
    found = lift(snapshot(**made))["randomised"]
    assert (found["viewers"], found["non_viewers"]) == (58, 60)
    young = together(sends("a", 60, 30), sends("b", 60, 20, sent_at=day("2026-10-01")))
    assert lift(snapshot(**young))["randomised"]["non_viewers"] == 0


def test_deals_are_watched_by_their_people(snapshot, counted) -> None:
    found = lift(counted, entity="deals")
    assert (found["naive_all"]["viewers"], found["naive_all"]["non_viewers"], found["naive_all"]["wins"]) == (
        14,
        35,
        29,
    )


def test_a_filter_takes_the_leads_it_names(counted) -> None:
    found = lift(counted, sources=["event"])
    assert (found["naive_all"]["viewers"], found["naive_all"]["wins"]) == (16, 13)
    assert found["landmark_mh"]["ratio"] is None  # one group


def test_without_views_or_known_viewers_the_file_that_would_help_is_named(snapshot) -> None:
    made = tables(LIVES)
    with pytest.raises(NotComputableError, match="no video view is loaded"):
        snapshot(people=made["people"], deals=made["deals"]).ask("video_lift")
    nobody = [{"at": row["at"], "viewer_key": "x", "video_id": "v1", "pct": 0.5} for row in made["video_views"]]
    for report in ("video_lift", "video_dose"):
        with pytest.raises(NotComputableError, match=r"no video view has a known viewer.*e-mail"):
            snapshot(**{**made, "video_views": nobody}).ask(report)
    strangers = [{**row, "email": f"x{n}@else.example"} for n, row in enumerate(made["video_views"])]
    rows = snapshot(**{**made, "video_views": strangers}).ask("video_lift")
    assert [row["ratio"] for row in rows] == [None] * 5
    assert "Viewers count once they are identified" in rows.notes[0]


DEPTHS = (0.1, 0.3, 0.6, 0.8, 0.95)


def deep(shares: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """Two sources of 20 leads a depth, so many of them won; 40 of 200 won who never watched."""
    made: dict[str, list[dict[str, Any]]] = {"people": [], "deals": [], "video_views": []}
    for source in ("web", "event"):
        lives = {f"{source}{at}x{n}": (source, "s", 5.0, 40 if n < won else None, "won" if n < won else "open")
                 for at, won in enumerate(shares) for n in range(20)}  # fmt: skip
        part = tables(lives, **{name: {"pct": DEPTHS[int(name[len(source)])]} for name in lives})
        rest = tables({f"{source}n{n}": (source, "s", None, 40 if n < 20 else None, "won" if n < 20 else "open")
                       for n in range(100)})  # fmt: skip
        made = together(made, part, rest)
    return made


def test_depth_bands_are_compared_with_not_watched(snapshot) -> None:
    rows = snapshot(**deep((4, 5, 6, 8, 12))).ask("video_dose")
    assert [row["depth_band"] for row in rows] == ["0", "0-<25", "25-<50", "50-<75", "75-<90", ">=90"]
    assert [(row["people"], row["wins"]) for row in rows] == [
        (200, 40),
        (40, 8),
        (40, 10),
        (40, 12),
        (40, 16),
        (40, 24),
    ]
    assert (rows[0]["ratio"], rows[0]["low"], rows[0]["high"]) == (1.0, None, None)
    assert [row["ratio"] for row in rows[1:]] == pytest.approx([1.0, 1.25, 1.5, 2.0, 3.0])
    assert "The more was watched, the more often it was won" in rows.notes[0]


def test_no_trend_is_claimed_where_there_is_none(snapshot) -> None:
    rows = snapshot(**deep((4, 4, 5, 4, 4))).ask("video_dose")
    assert rows.notes[0].startswith("No trend: ")
    lone = snapshot(**deep((1, 8, 9, 9, 5))).ask("video_dose")
    assert lone.notes[0].startswith("No trend is claimed: ")


def test_the_deepest_view_by_the_landmark_decides(snapshot) -> None:
    made = deep((4, 5, 6, 8, 12))
    deeper = [{**row, "pct": 1.0, "at": row["at"] + timedelta(days=30)} for row in made["video_views"]]
    again = [{**row, "pct": 0.05, "at": row["at"] + timedelta(days=1)} for row in made["video_views"]]
    shot = snapshot(**{**made, "video_views": [*made["video_views"], *deeper, *again]})
    assert shot.ask("video_dose") == snapshot(**made).ask("video_dose")
