"""From watching to won on views one can count by hand."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product

from scorecard import queries
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


def steps_of(shot, **params):
    return {row["step"]: row["people"] for row in shot.ask("video_funnel", **params)}


def test_a_deep_view_after_the_step_opens_no_way_to_it(snapshot):
    shot = snapshot(
        people=people("ana", mql_at=day("2026-02-20")),
        video_views=[view("ana", "2026-02-01", 0.1), view("ana", "2026-03-01", 0.95)],
    )
    assert steps_of(shot)["MQL after"] == 0  # the view that reached 75 % came after the MQL
    assert steps_of(shot, reading="any")["MQL after"] == 1  # something was watched before it
    assert steps_of(shot, depth=0)["MQL after"] == 1


def test_the_depth_asked_for_decides_who_is_a_known_viewer(snapshot):
    shot = snapshot(
        people=people("ana", "bo"), video_views=[view("ana", "2026-02-01", 0.6), view("bo", "2026-02-01", 0.95)]
    )
    assert [steps_of(shot, depth=depth)["Known viewer"] for depth in (0, 0.5, 0.75, 0.9)] == [2, 2, 1, 1]
    assert "Watched 90 %" in steps_of(shot, depth=0.9) and "Watched 90 %" not in steps_of(shot)


def test_accounts_count_a_company_once(snapshot):
    shot = snapshot(
        people=people("ana", "bo", company_name="Acme"),
        companies=[{"company_id": "c1", "name": "Acme"}],
        video_views=[
            view("ana", "2026-02-01", 0.9),
            view("bo", "2026-02-01", 0.9),
            view(None, "2026-02-01", 0.9, viewer_key="x"),
        ],
    )
    assert steps_of(shot)["Played"] == 3
    assert steps_of(shot, entity="accounts")["Played"] == 2


def test_groups_count_people_once_each_and_say_who_is_not_known(snapshot):
    shot = snapshot(
        people=people("ana", segment="Large"),
        videos=[{"video_id": "v1", "title": "Tour"}, {"video_id": "v2", "title": "Prices"}],
        video_views=[
            view("ana", "2026-02-02", 0.9),
            view("ana", "2026-02-03", 0.9),
            view("ana", "2026-02-09", 0.3, video_id="v2", context="sales"),
            view(None, "2026-02-10", 0.9, viewer_key="x"),
        ],
    )

    def played(by):
        rows = shot.ask("video_funnel_by", by=by)
        return {row["group_value"]: row["people"] for row in rows if row["step"] == "Played"}

    assert played("video") == {"Tour": 2, "Prices": 1}
    assert played("segment") == {"Large": 1, "Not known": 1}
    assert played("team") == {"Page of Marketing": 2, "Sent by Sales": 1}
    assert played("week") == {"2026-02-02": 1, "2026-02-09": 1}
    columns = ["group_value", "step", "step_order", "people", "of_previous", "of_first"]
    assert list(shot.ask("video_funnel_by")[0]) == columns


def test_nobody_is_a_known_number_in_all_and_in_each_group(snapshot):
    shot = snapshot(
        people=people("ana", segment="Large"),
        videos=[{"video_id": "v1", "title": "Tour"}],
        video_views=[view("ana", "2026-02-02", 0.9)],
    )
    after = ("MQL after", "Opportunity after", "Won after")
    for report in ("video_funnel", "video_funnel_by"):
        assert [row["people"] for row in shot.ask(report) if row["step"] in after] == [0, 0, 0]
    nobody = shot.ask("video_funnel", segments=["Small"])
    assert {row["people"] for row in nobody} == {0} and {row["of_first"] for row in nobody} == {None}
    assert shot.ask("video_funnel_by", segments=["Small"]) == []
    assert shot.ask("video_table")[0]["won_after"] == 0


def test_depth_bands_count_a_viewer_once_at_the_deepest_point_capped_at_the_end(snapshot):
    shot = snapshot(
        video_views=[
            view("ana", "2026-02-01", 0.1),
            view("ana", "2026-02-02", 0.25),
            view("bo", "2026-02-01", 1.4),
            view("cy", "2026-02-01", 0.9),
            view("di", "2026-02-01", 0.89),
            view("ed", "2026-02-01", None),
        ],
    )
    rows = shot.ask("video_depth")
    assert [row["viewers"] for row in rows] == [0, 1, 0, 1, 2]
    assert sum(row["of_video"] for row in rows) == 1
    # Wilson, 2 of 4: 15.0 to 85.0 %
    assert (round(rows[4]["low"], 3), round(rows[4]["high"], 3)) == (0.15, 0.85)


def test_the_two_averages_are_never_mixed(snapshot):
    shot = snapshot(
        videos=[{"video_id": "v1", "title": "Tour", "duration_s": 100.0}, {"video_id": "live", "duration_s": 0.0}],
        video_views=[
            view("ana", "2026-02-01", 1.4, platform="vidyard", seconds=140.0),
            view("bo", "2026-02-01", 0.5, platform="vidyard", seconds=60.0),
            view("cy", "2026-02-01", 0.5, platform="wistia"),
            {
                "at": day("2026-02-01"),
                "email": "di@example.com",
                "video_id": "live",
                "seconds": 30.0,
                "platform": "vidyard",
            },
        ],
        video_period=[
            {
                "video_id": "v1",
                "period_start": day("2026-02-01"),
                "plays": 1.0,
                "watch_s": 100.0,
                "avg_pct": 1.0,
                "platform": "youtube",
            },
            {
                "video_id": "v1",
                "period_start": day("2026-02-08"),
                "plays": 3.0,
                "watch_s": 60.0,
                "avg_pct": 0.2,
                "platform": "youtube",
            },
        ],
    )
    rows = {(row["video_id"], row["level"], row["platform"]): row for row in shot.ask("video_watched")}
    vidyard = rows["v1", "views by person", "vidyard"]
    assert vidyard["engagement"] == 1.0  # 200 seconds of 2 plays of 100
    assert vidyard["coverage"] == 0.75  # 100 % and 50 %: the repeat adds nothing
    wistia = rows["v1", "views by person", "wistia"]
    assert (wistia["engagement"], wistia["coverage"]) == (None, 0.5)
    youtube = rows["v1", "video totals", "youtube"]
    assert youtube["platform_average"] == 0.4  # (1 * 100 % + 3 * 20 %) / 4, not the mean of two averages
    assert youtube["engagement"] == 0.4 and youtube["coverage"] is None
    live = rows["live", "views by person", "vidyard"]
    assert (live["engagement"], live["lengthless_plays"]) == (None, 1)


def test_every_stage_stands_there_also_where_nobody_watched(snapshot):
    shot = snapshot(
        people=people("ana", mql_at=day("2026-02-10")),
        deals=[won(1, "ana", "2026-05-01")],
        video_views=[
            view("ana", on, 0.5) for on in ("2025-12-01", "2026-01-05", "2026-02-11", "2026-02-12", "2026-06-01")
        ],
    )
    stages = {row["stage"]: row["plays"] for row in shot.ask("video_stages")}
    assert stages == {
        "Before the lead": 1,
        "Lead to MQL": 1,
        "MQL to opportunity": 2,
        "Opportunity to won": 0,
        "After the win": 1,
    }


def test_a_curve_is_read_as_seconds_or_positions_and_the_newest_counts(snapshot):
    shot = snapshot(
        video_period=[
            {"video_id": "a", "period_start": day("2026-02-01"), "retention": "0:1;10:0.1", "duration_s": 20.0},
            {"video_id": "a", "period_start": day("2026-03-01"), "retention": "0:104%;10:0.5;x:y", "duration_s": 20.0},
            {"video_id": "b", "period_start": day("2026-03-01"), "retention": "0%:1;50%:0.4", "duration_s": 60.0},
        ]
    )
    rows = shot.ask("video_retention")
    assert [(row["video_id"], row["second"], row["share"]) for row in rows] == [
        ("a", 0, 1.04), ("a", 10, 0.5), ("b", 0, 1), ("b", 30, 0.4)
    ]  # fmt: skip
    assert any("1 points" in note for note in getattr(rows, "notes", ()))


def test_who_became_known_after_watching_is_counted_as_such(snapshot):
    shot = snapshot(
        video_views=[
            view("ana", "2026-02-01", 0.5, identified_at=day("2026-02-10")),
            view("bo", "2026-02-01", 0.5, identified_at=day("2026-01-10")),
        ]
    )
    assert shot.ask("video_summary")[0]["known_later"] == 1


DEPTHS = (0, 0.25, 0.5, 0.75, 0.9)
SHARED = ("all", "campaign", "source", "segment", "channel", "side", "week")


def many_viewers(seed):
    """Tables of people who watch three videos, deals before, between and after; moments fall together often."""
    draw = random.Random(seed)

    def some(values, of=0.8):
        return draw.choice(values) if draw.random() < of else None

    def moment():
        return datetime(2026, 1, 1) + timedelta(days=27 * draw.randrange(9))

    names = [f"p{number}" for number in range(150)]
    listed = [
        {
            "person_id": name, "email": f"{name}@example.com", "created_at": moment(), "segment": some(["S", "L"]),
            "region": some(["N", "W"]), "owner": some(["Ann", "Bo", "Cy"]), "campaign_name": some(["Spring", "Fair"]),
            "source_raw": some(["Search", "Event"]), "product": some(["One", "Two"]), "team": some(["East"]),
            "account_list": some(["Top"], 0.4), "company_name": some(["Acme", "Bolt", "Cord"]),
            "opp_at": moment() if draw.random() < 0.5 else None,
            "mql_at": moment() if draw.random() < 0.6 else None,
            "customer_at": moment() if draw.random() < 0.1 else None,
        }
        for name in names[:120]
    ]  # fmt: skip
    deals = [
        {**won(number, draw.choice(names[:120]), "2026-06-01"), "created_at": moment(), "closed_at": moment(),
         "status": draw.choice(("won", "lost", "open"))}
        for number in range(80)
    ]  # fmt: skip
    views = [
        {
            "at": moment(),
            "video_id": draw.choice(("v1", "v2", "v3")),
            "pct": some([0.1, 0.25, 0.5, 0.75, 0.9, 1.3], 0.9),
            "context": some(["sales"], 0.3),
            "email": f"{draw.choice(names)}@example.com" if number % 5 else None,
            "viewer_key": f"k{draw.randrange(20)}",
        }
        for number in range(700)
    ]
    return {"people": listed, "deals": deals, "video_views": views}


def filters_at_random(draw):
    """Up to three filters of people, the empty value among them."""
    values = {"segments": ["S", "L", ""], "regions": ["N", ""], "owners": ["Ann", "Bo", ""], "campaigns": ["Fair", ""],
              "sources": ["Search", ""], "products": ["One", ""], "teams": ["East", ""], "account_lists": ["Top", ""],
              "video_engaged": ["yes", "no"], "channels": ["Unmapped", ""], "sides": [""]}  # fmt: skip
    return {
        name: draw.sample(values[name], draw.randint(1, len(values[name])))
        for name in draw.sample(sorted(values), draw.randint(0, 3))
    }


def test_the_prepared_audience_and_the_views_of_each_video_give_the_same_funnel(snapshot):
    shot, draw = snapshot(**many_viewers(1)), random.Random(2)
    query = queries.find("video_steps")
    direct = replace(query, shortcut=None)
    counted = 0
    for by, depth, reading in product(SHARED, DEPTHS, ("after", "any")):
        for _ in range(3):
            given = {"by": by, "depth": depth, "reading": reading, **filters_at_random(draw)}
            assert query.answering(queries.bind(query, given)).name == "audience_steps"
            prepared = queries.rows(shot.reader, query, given)
            assert prepared == queries.rows(shot.reader, direct, given), given
            counted += sum(row["customers"] for row in prepared)
    assert counted > 500  # something was compared


def test_a_question_that_splits_the_views_of_a_viewer_is_not_answered_from_the_prepared_audience(snapshot):
    query = queries.find("video_funnel")
    for given in (
        {"period_start": date(2026, 3, 1)},
        {"period_end": date(2026, 3, 1)},
        {"videos": ["v1"]},
        {"entity": "accounts"},
    ):
        assert query.answering(queries.bind(query, given)) is query
    compared = queries.find("video_funnel_by")
    for by in ("video", "team"):
        assert compared.answering(queries.bind(compared, {"by": by})) is compared
