"""Touches, activities, video views and survey answers of a block as files list them."""

import numpy as np

from scorecard.sample import world
from scorecard.sample.clock import Clock, Ints
from scorecard.sample.crm_rows import FIRST_COMPANY, Names, as_text, labels, owner_names
from scorecard.sample.people import People
from scorecard.sample.sends import Sends, changed
from scorecard.sample.surveys import Answers
from scorecard.sample.touches import ATTEMPT, AUTOMATED, REPLY, Activities, Touches
from scorecard.sample.video import Views

Columns = list[list[object]]
TOUCHES_FILE = "touches-{as_of}.csv"
TOUCHES_HEADER = ("at", "email", "channel", "kind", "campaign_name", "team")
ACTIVITIES_FILE = "activities-{as_of}.csv"
ACTIVITIES_HEADER = ("at", "type", "email", "owner", "direction", "outcome", "is_automated")
NPS_FILE = "delighted-nps-{as_of}.csv"
NPS_HEADER = (
    "id",
    "person",
    "email",
    "survey_type",
    "score",
    "comment",
    "created_at",
    "person_properties[customer_id]",
)
VIEWS_HEADER = (
    *("Date", "IP Address", "Country", "Region (State)", "City", "Latitude", "Longitude", "Organization"),
    *("Email (if passed through)", "Percent of Video Viewed"),
)
SENDS_FILE = "sent-videos-{as_of}.csv"
SENDS_HEADER = (
    *("view_id", "video_id", "email", "owner", "context", "sent_at", "opened_at", "at", "pct", "replied_at"),
    "platform",
)
_COORDINATES = (
    ("42.3", "-71.0", "37.8", "-122.2", "43.6", "-79.3"),
    ("52.5", "13.4", "53.8", "-1.5", "59.3", "18.0"),
    ("35.6", "139.6", "-37.8", "144.9", "1.3", "103.8"),
)


def between(at: Ints, start: int, end: int) -> Ints:
    """Indexes of what happened from `start` up to `end`."""
    return np.flatnonzero((at >= start) & (at < end))


def touch_columns(clock: Clock, touches: Touches, names: Names, start: int, end: int) -> Columns:
    rows = between(touches.at, start, end)
    channel, campaign = touches.channel[rows], touches.campaign[rows]
    campaigns = labels(tuple(name for pair in world.TOUCH_CAMPAIGNS for name in pair))
    team = np.where(channel == world.OUTBOUND, "sales", "marketing")
    columns = [
        clock.stamps(touches.at[rows]),
        names.email[touches.person[rows]],
        labels(world.CHANNELS)[channel],
        labels(world.TOUCH_KINDS)[channel],
        campaigns[channel * 2 + campaign],
        team,
    ]
    return [column.tolist() for column in columns]


def activity_columns(clock: Clock, activities: Activities, names: Names, start: int, end: int) -> Columns:
    rows = between(activities.at, start, end)
    what, variant = activities.what[rows], activities.variant[rows]
    mail = (what == AUTOMATED) | (what == REPLY) | ((what == ATTEMPT) & (variant < 0.4))
    call = ~mail & ((what != 3) | (variant < 0.25))
    kind = np.select([mail, call], ["email", "call"], "meeting")
    talked = np.where(variant > 0.62, "connected", "no answer")
    outcome = np.select([kind == "call", kind == "meeting"], [talked, "held"], "")
    columns = [
        clock.stamps(activities.at[rows]),
        kind,
        names.email[activities.person[rows]],
        owner_names(activities.team[rows], activities.seller[rows]),
        np.where(what == REPLY, "inbound", "outbound"),
        outcome,
        np.where(what == AUTOMATED, "true", "false"),
    ]
    return [column.tolist() for column in columns]


def view_columns(clock: Clock, views: Views, video: int, people: People, names: Names, start: int, end: int) -> Columns:
    """The views of one video, as its event export lists them."""
    rows = between(views.at, start, end)
    rows = rows[views.video[rows] == video]
    person, place = views.person[rows], views.place[rows]
    known = person >= 0
    region = np.where(known, people.region[person], rows % 3)
    cell = region * 3 + place
    places = [place for region_places in world.PLACES for place in region_places]
    spots = [spot for row in _COORDINATES for spot in zip(row[::2], row[1::2], strict=True)]
    network = labels(("192.0.2.", "198.51.100.", "203.0.113."))[region]
    seconds = labels(tuple(f":{second:02d}" for second in range(60)))[views.second[rows]]
    columns = [
        clock.stamps(views.at[rows]) + seconds,
        network + as_text(1 + (person + rows * (person < 0)) % 250),
        *(labels(tuple(place[part] for place in places))[cell] for part in range(3)),
        *(labels(tuple(spot[part] for spot in spots))[cell] for part in range(2)),
        np.where(known, names.company_name[people.company[person]], ""),
        np.where(known, names.email[person], ""),
        views.percent[rows],
    ]
    return [column.tolist() for column in columns]


def send_columns(clock: Clock, sends: Sends, people: People, names: Names, start: int, end: int) -> Columns:
    """Videos sent by Sales of which the week has news, as the sending platform knows them at its end."""
    rows = np.flatnonzero(changed(sends, start, end))
    person, viewed = sends.person[rows], sends.viewed[rows]
    has_played = viewed < end
    columns = [
        as_text(people.number[person]) + "-" + as_text(sends.number[rows] + 1),
        labels(tuple(video.key for video in world.SENT_VIDEOS))[sends.video[rows]],
        names.email[person],
        owner_names(people.team[person], people.seller[person]),
        np.full(rows.size, "sales", dtype=object),
        clock.stamps(sends.at[rows]),
        *(clock.stamps(moment[rows], moment[rows] < end) for moment in (sends.opened, sends.viewed)),
        np.where(has_played, as_text(sends.percent[rows]) + "%", ""),
        clock.stamps(sends.replied[rows], sends.replied[rows] < end),
        np.full(rows.size, "vidyard", dtype=object),
    ]
    return [column.tolist() for column in columns]


def answer_columns(answers: Answers, people: People, names: Names, start: int, end: int) -> Columns:
    rows = between(answers.at, start, end)
    person = answers.person[rows]
    number = people.number[person]
    columns = [
        as_text(2 * number + answers.wave[rows] + 1),
        as_text(number + 10),
        names.email[person],
        np.full(rows.size, "nps", dtype=object),
        answers.score[rows],
        labels(world.COMMENTS)[answers.comment[rows]],
        answers.at[rows] * 60,
        as_text(people.company[person] + people.number[0] + FIRST_COMPANY),
    ]
    return [column.tolist() for column in columns]
