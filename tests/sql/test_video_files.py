"""Video exports as the platforms write them, through `load` without a word about their kind, to what is asked."""

from pathlib import Path

import pytest

from tests.command_line import ask, load

FILES = {
    "hubspot-crm-exports-contacts-2026-03-31.csv": (
        "Record ID,First Name,Last Name,Email,Lifecycle Stage,Original Source,Create Date\n"
        "1,Ana,Bell,ana@acme.example,Lead,Organic Search,2026-02-01 09:00\n"
        "2,Bo,Cole,bo@beta.example,Lead,Organic Search,2026-02-01 09:00\n"
    ),
    # Per view, whole percents, one viewer without an address.
    "wistia-tour.csv": (
        "Date,IP Address,Country,Region (State),City,Latitude,Longitude,Organization,Email (if passed through),"
        "Percent of Video Viewed\n"
        "2026-03-15 10:00:00,192.0.2.1,US,MA,Boston,42.3,-71.0,Acme,ana@acme.example,75\n"
        "2026-03-16 11:00:00,192.0.2.2,US,MA,Boston,42.3,-71.0,,,12\n"
    ),
    # Per user: the seconds between which somebody watched.
    "vimeo-showcase-2026-03-31.csv": (
        "User Email,Video Title,Video Length,Start,End,Plays,Last Viewed\n"
        "bo@beta.example,Showcase,200,0,160,2,2026-03-14 10:00:00\n"
        "ana@acme.example,Showcase,3:20,1:40,2:40,1,2026-03-14 10:00:00\n"
        "eve@acme.example,Showcase,0,0,160,1,2026-03-14 10:00:00\n"
    ),
    "vimeo-ott-2026-03-31.csv": (
        "User Email,Video ID,Video Title,Total Minutes Watched,Finishes,Last Viewed\n"
        "ana@acme.example,77,Series,2.5,1,2026-03-14\n"
    ),
    # Names given later: the platform hands over the earlier view too. More than 100 %: watched twice.
    "vidyard-2026-03-31.csv": (
        "Video Name,Video UUID,Viewer Email,Viewed At,Percent Watched,Seconds Watched,Identified At\n"
        "Pitch,p1,ana@acme.example,2026-03-01 10:00:00,140,84,2026-03-20 10:00:00\n"
    ),
    "videos-2026-03-31.csv": (
        "video_id,title,duration_s,published_at\np1,Pitch,60,2026-01-01\nyt1,Channel film,120,2026-01-01\n"
    ),
    "youtube Table data 2026-03-31.csv": (
        "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Average percentage viewed (%),"
        "Impressions\n"
        "Total,,,,1000,20,102.5,9000\n"
        'yt1,Channel film,"Jan 15, 2026",120,1000,20,102.5,9000\n'
    ),
    "youtube-retention-2026-03-31.csv": (
        "Video,Video position (%),Absolute audience retention (%),Relative audience retention (%)\n"
        "yt1,0,104.2,50\nyt1,50,61,48\nyt1,100,20,40\n"
    ),
    "brightcove-2026-03-31.csv": (
        "account,video,video.name,video_impression,video_view,play_rate,engagement_score\n1234,bc1,Talk,400,100,0.25,62.5\n"
    ),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("video_files")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = load(folder / "store", *sorted(folder.glob("*.csv"))).json
    assert {one["file"]: one["kind"] for one in found["files"] if "video" not in one["file"]} == {
        "hubspot-crm-exports-contacts-2026-03-31.csv": "hubspot_contacts",
        "wistia-tour.csv": "wistia_events",
        "vimeo-showcase-2026-03-31.csv": "vimeo_users",
        "vimeo-ott-2026-03-31.csv": "vimeo_users",
        "vidyard-2026-03-31.csv": "vidyard_views",
        "youtube Table data 2026-03-31.csv": "youtube_videos",
        "youtube-retention-2026-03-31.csv": "youtube_retention",
        "brightcove-2026-03-31.csv": "brightcove_videos",
    }
    assert all(one["rows_read"] == one["rows_loaded"] + one["rows_not_data"] for one in found["files"])
    return folder / "store"


def test_depth_of_every_platform_is_a_share_capped_at_the_end(store: Path) -> None:
    rows = ask(store, "video_depth")
    bands = {(row["title"], row["band_order"]): row["viewers"] for row in rows if row["viewers"]}
    assert bands == {
        ("wistia-tour", 4): 1,
        ("wistia-tour", 1): 1,
        ("Showcase", 4): 1,  # 160 of 200 seconds
        ("Showcase", 2): 1,  # 60 of 200, written 1:40 to 2:40 of 3:20
        ("Pitch", 5): 1,  # 140 % is the end, not more
    }  # and no band for a length of 0, nor for minutes without a share


def test_what_is_watched_twice_is_engagement_and_platforms_stay_apart(store: Path) -> None:
    rows = {(row["title"], row["platform"]): row for row in ask(store, "video_watched")}
    pitch = rows["Pitch", "vidyard"]
    assert pitch["engagement"] == pytest.approx(1.4) and pitch["coverage"] == 1
    film = rows["Channel film", "youtube"]
    assert film["platform_average"] == pytest.approx(1.025)  # YouTube's own number, uncapped and uncombined
    assert film["engagement"] == pytest.approx(20 * 3600 / (1000 * 120))
    assert rows["Talk", "brightcove"]["platform_average"] == pytest.approx(0.625)
    assert rows["Series", "vimeo"]["lengthless_plays"] == 1


def test_totals_fill_the_top_and_join_nobody(store: Path) -> None:
    steps = {row["step"]: row["people"] for row in ask(store, "video_funnel", "--depth", "0.5")}
    assert steps["Loaded"] == 9400
    # Ana, Bo, Eve and the viewer without an address; Eve is known and not in the CRM.
    assert (steps["Played"], steps["Known viewer"], steps["Lead"]) == (4, 2, 2)
    summary = ask(store, "video_summary")[0]
    assert (summary["viewers"], summary["identified_viewers"], summary["joined_viewers"]) == (4, 3, 2)
    assert summary["known_later"] == 1


def test_a_curve_of_youtube_comes_by_second_of_the_length_its_table_gives(store: Path) -> None:
    points = [(row["video_id"], row["second"], row["share"]) for row in ask(store, "video_retention")]
    assert points == [("yt1", 0, 1.042), ("yt1", 60, 0.61), ("yt1", 120, 0.2)]
