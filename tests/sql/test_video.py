"""From watching to won on views one can count by hand."""

from datetime import datetime
from decimal import Decimal

from tests.sql.model import day


def view(person, when, pct, **more):
    return {"at": day(when), "email": f"{person}@example.com" if person else None, "video_id": "v1", "pct": pct, **more}


def people(*names, **more):
    return [
        {"person_id": name, "email": f"{name}@example.com", "created_at": day("2026-01-01"), **more} for name in names
    ]


def won(number, person, closed):
    return {
        "deal_id": f"d{number}",
        "status": "won",
        "created_at": day("2026-03-01"),
        "closed_at": day(closed),
        "primary_person_id": person,
    }


def test_people_count_once_and_only_what_follows_the_view_counts(snapshot):
    shot = snapshot(
        people=[*people("ana", mql_at=day("2026-02-20")), *people("bo", mql_at=day("2026-01-02")), *people("cy", "di")],
        deals=[won(1, "ana", "2026-05-01"), won(2, "di", "2026-03-15")],
        video_views=[
            view("ana", "2026-02-01", 0.3),
            view("ana", "2026-02-02", 0.95),
            view("bo", "2026-02-01", 0.95),  # was an MQL before the view: no MQL after it
            view("cy", "2026-02-01", 0.4),
            view("di", "2026-06-01", 1.0),  # watched after the win
            view(None, "2026-02-01", 0.8, viewer_key="x1"),
            view(None, "2026-02-03", 0.1, viewer_key="x1"),
        ],
    )
    steps = {row["step"]: row["people"] for row in shot.ask("video_funnel")}
    assert steps == {
        "Played": 5,
        "Watched 25 %": 5,
        "Watched 50 %": 4,
        "Watched 75 %": 4,
        "Known viewer": 3,
        "Lead": 3,
        "MQL after": 1,
        "Opportunity after": 1,
        "Won after": 1,
    }


def test_every_step_is_a_share_of_the_one_before_and_never_more(snapshot):
    shot = snapshot(people=people("ana"), video_views=[view("ana", "2026-02-01", 1.02), view(None, "2026-02-01", 0.2)])
    rows = shot.ask("video_funnel")
    assert rows[0]["of_previous"] is None and rows[0]["of_first"] == 1
    assert all(row["of_previous"] is None or row["of_previous"] <= 1 for row in rows)


def test_loads_come_from_totals_and_never_join_a_person(snapshot):
    shot = snapshot(
        people=people("ana"),
        video_views=[view("ana", "2026-02-01", 0.5)],
        video_period=[{"video_id": "v1", "period_start": day("2026-02-01"), "loads": 40.0, "plays": 9.0}],
    )
    rows = shot.ask("video_funnel")
    assert [(row["step"], row["people"]) for row in rows][:2] == [("Loaded", 40), ("Played", 1)]
    assert shot.ask("video_summary")[0]["viewers"] == 1


def test_the_identification_rate_counts_viewers_not_views(snapshot):
    shot = snapshot(
        people=people("ana"),
        video_views=[view("ana", "2026-02-01", 0.5), view("ana", "2026-02-02", 0.5), view("eve", "2026-02-01", 0.5)]
        + [view(None, "2026-02-01", 0.1, viewer_key=str(n)) for n in range(3)],
    )
    summary = shot.ask("video_summary")[0]
    assert (summary["viewers"], summary["identified_viewers"], summary["joined_viewers"], summary["plays"]) == (
        5,
        2,
        1,
        6,
    )


def test_a_deal_is_video_engaged_by_a_deep_enough_view_before_the_close(snapshot):
    shot = snapshot(
        people=people("ana", "bo", "cy"),
        deals=[won(1, "ana", "2026-05-01"), won(2, "bo", "2026-05-01"), won(3, "cy", "2026-05-01")],
        video_views=[
            {**view("ana", "2026-05-01", 0.5), "at": datetime(2026, 5, 1, 23)},
            view("bo", "2026-05-02", 0.9),
            view("cy", "2026-04-01", 0.49),
        ],
    )
    assert dict(shot.table("select deal_id, video_engaged from deals")) == {"d1": True, "d2": False, "d3": False}


def test_what_a_number_leaves_out_is_said_with_its_reason(snapshot):
    first, second = won(1, None, "2026-05-01"), won(2, None, "2026-05-01")
    shot = snapshot(deals=[first, {**second, "amount": Decimal(5), "closed_at": None}])
    assert {row["reason"]: row["entities"] for row in shot.ask("left_out", metric="won_revenue")} == {
        "won deals without an amount (they count as deals and add no money)": 1,
        "won deals without a close date (in no period)": 1,
    }
