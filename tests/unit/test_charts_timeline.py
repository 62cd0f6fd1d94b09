"""The timeline draws every event in its lane, tells kinds apart without colour, and its tables add up."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from scorecard.charts import journey, theme, timeline

LOOK = theme.Look()
BEGAN, CLOSED = datetime(2026, 6, 1, 9), datetime(2026, 6, 30, 12)
HOSTILE = '<a href="http://evil">x</a>'
COLUMNS = (
    *("at", "kind", "what", "person", "channel", "campaign", "side", "detail", "days_before", "is_after_close"),
    *("touch_key", "milestones", "is_counted", "reason", "person_key"),
)


def event(day: float, kind: str = "touch", person: int | None = 1, **more: Any) -> dict[str, Any]:
    at = BEGAN + timedelta(days=day)
    found: dict[str, Any] = dict.fromkeys(COLUMNS)
    found |= {
        "at": at,
        "kind": kind,
        "what": kind,
        "person_key": person,
        "person": f"Person {person}" if person else None,
    }
    found |= {"days_before": (CLOSED - at).total_seconds() / 86400, "is_after_close": at > CLOSED}
    return found | ({"is_counted": True, "touch_key": round(day * 100)} if kind == "touch" else {}) | more


def frame(*events: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(events), columns=list(COLUMNS))


def span(**more: Any) -> timeline.Span:
    given: dict[str, Any] = {
        "status": "won",
        "created_at": BEGAN,
        "ends_at": CLOSED,
        "lookback_days": 10,
        "is_closed": True,
    }
    return timeline.Span(**(given | more))


def draw(events: pd.DataFrame, **more: Any) -> dict[str, Any]:
    figure = timeline.timeline(events, span(**more), LOOK)
    go.Figure(figure)  # Plotly accepts every property
    return figure


def test_every_dated_event_is_drawn_once_in_the_lane_of_its_person() -> None:
    rows = frame(event(0), event(1, "view", 2), event(2, "stage", None), event(40, "survey"), event(3, at=pd.NaT))
    figure = draw(rows)
    assert sum(len(trace["x"]) for trace in figure["data"]) == 4
    assert figure["layout"]["yaxis"]["ticktext"] == ["The deal", "Person 1", "Person 2"]
    lanes = {trace["name"]: [round(place) for place in trace["y"]] for trace in figure["data"]}
    assert lanes == {"Touch": [1], "Video view": [2], "Survey": [1], "Stage": [0]}


def test_each_kind_has_a_shape_of_its_own() -> None:
    for place in (2, 3):
        marks = [kind[place] for kind in timeline.KINDS.values()]
        assert len(set(marks)) == len(marks)


def test_a_touch_that_earns_nothing_looks_otherwise_and_says_why() -> None:
    figure = draw(frame(event(0), event(1, is_counted=False, reason="same session")))
    open_ = next(trace for trace in figure["data"] if trace["name"] == "Touch that earns nothing")
    assert open_["marker"]["symbol"] == "circle-open"
    assert "earns nothing: same session" in open_["text"][0]


def test_events_at_one_moment_do_not_hide_each_other() -> None:
    figure = draw(frame(*(event(5 + step / 1e4) for step in range(4)), event(20)))
    heights = [place for trace in figure["data"] for place in trace["y"]]
    assert len(set(heights[:4])) == 4
    assert heights[4] == 1


def test_the_close_is_said_and_the_lookback_shaded() -> None:
    layout = draw(frame(event(0)))["layout"]
    assert [note["text"] for note in layout["annotations"]] == ["<b>Won 30 Jun 2026</b>"]
    shade = next(shape for shape in layout["shapes"] if shape["type"] == "rect")
    assert (shade["x0"], shade["x1"]) == ((CLOSED - timedelta(days=10)).isoformat(), CLOSED.isoformat())
    still = draw(frame(event(0)), status="open", is_closed=False)["layout"]["annotations"]
    assert still[0]["text"] == "<b>Data to 30 Jun 2026</b>"


def test_marks_are_printed_and_neighbours_stand_apart() -> None:
    rows = frame(event(0, milestones="FT LC"), event(20, milestones="OC"), event(20.2, milestones="CW"))
    notes = draw(rows)["layout"]["annotations"][1:]
    assert [note["text"] for note in notes] == ["<b>FT LC</b>", "<b>OC</b>", "<b>CW</b>"]
    tips = [note["ay"] for note in notes]
    assert abs(tips[1] - tips[2]) >= LOOK.font


def test_many_people_share_the_last_lane() -> None:
    rows = frame(*(event(day, person=day % 12 + 1) for day in range(25)))
    names, lane_of = timeline.lanes(rows)
    assert len(names) == timeline.MOST_LANES + 1
    assert names[-1] == "6 others"
    assert len(set(lane_of.values())) == len(names)
    assert draw(rows)["layout"]["height"] < 700


def test_a_timeline_of_one_moment_has_a_width() -> None:
    figure = draw(frame(event(0)), ends_at=BEGAN, created_at=None)
    first, last = figure["layout"]["xaxis"]["range"]
    assert first < BEGAN.isoformat() < last


def test_data_is_never_markup() -> None:
    figure = draw(frame(event(0, person=1, what=HOSTILE, campaign=HOSTILE, milestones="FT") | {"person": HOSTILE}))
    assert "<a" not in str(figure).replace("<b>", "")


def credit(**given: list[float]) -> pd.DataFrame:
    rows = [
        (key, model, weight, round(weight * 100, 2))
        for model, weights in given.items()
        for key, weight in enumerate(weights)
        if weight
    ]
    return pd.DataFrame(rows, columns=["touch_key", "model", "weight", "amount"])


def test_the_credit_of_touches_adds_up_in_a_printed_total() -> None:
    events = frame(*(event(day, touch_key=day, channel="Email", campaign="News") for day in range(3)))
    rows = journey.credit_rows(events, credit(first=[1, 0, 0], linear=[0.25, 0.25, 0.5]), "USD", 40)
    assert list(rows["mark"]) == ["Total", "", "", ""]
    assert list(rows["First"]) == ["100% $100", "100% $100", "—", "—"]
    assert list(rows["Linear"]) == ["100% $100", "25.0% $25", "25.0% $25", "50.0% $50"]
    assert rows["touch"][1] == "Email · News"


def test_touches_beyond_what_fits_share_a_row() -> None:
    events = frame(*(event(day / 10, touch_key=day) for day in range(200)))
    rows = journey.credit_rows(events, credit(linear=[0.005] * 200), "USD", 40)
    assert len(rows) == 42
    assert (rows["touch"].iloc[-1], rows["Linear"].iloc[-1]) == ("160 more touches", "80.0% $80")


def test_the_touches_with_most_credit_are_listed_in_time() -> None:
    events = frame(*(event(day, touch_key=day, channel=f"c{day}") for day in range(5)))
    rows = journey.credit_rows(events, credit(last=[0, 0, 0, 0, 1], linear=[0.1, 0.3, 0.1, 0.2, 0.3]), "USD", 2)
    assert list(rows["touch"]) == ["All touches", "c1", "c4", "3 more touches"]
    assert list(rows["Linear"]) == ["100% $100", "30.0% $30", "30.0% $30", "40.0% $40"]
    assert journey.given(0.0001, 0.5, "USD") == "<0.1% $0.50"


def test_an_amount_nobody_knows_is_no_amount() -> None:
    events = frame(event(0, touch_key=0))
    unknown = credit(linear=[1]).assign(amount=None)
    assert list(journey.credit_rows(events, unknown, "USD", 40)["Linear"]) == ["100%", "100%"]
    assert list(journey.event_rows(events, unknown, "Linear", "USD")["credit"]) == ["100%"]


def test_the_file_has_share_and_money_of_every_model() -> None:
    events = frame(event(0, touch_key=0), event(1, touch_key=1), event(2, "view"))
    found = journey.all_columns(events, credit(first=[1, 0], linear=[0.5, 0.5]))
    assert found["first_share"].sum() == found["linear_share"].sum() == 1
    assert found["first_amount"].sum() == found["linear_amount"].sum() == 100
    assert len(found) == 3


@pytest.mark.parametrize(
    ("days", "text"),
    [(0.01, "14 min"), (0.2, "4 h"), (1.9, "45 h"), (40.2, "40 d"), (-3.2, "3 d after"), (0, "0 min"), (None, "")],
)
def test_the_time_before_the_close_reads_aloud(days: float | None, text: str) -> None:
    assert journey.before(days) == text


def a_deal(**more: Any) -> Any:
    return SimpleNamespace(
        **({"deal_id": "1", "deal_name": "Alder", "status": "won", "amount": 100, "why": None} | more)
    )


def test_the_sentence_is_computed_from_the_touches_that_count() -> None:
    events = frame(event(0), event(9, person=2), event(20, is_counted=False), event(25, "view"))
    assert (
        journey.sentence(a_deal(), events, "USD")
        == "Alder, won for $100: 2 of 3 touches count, of 2 people over 9 days"
    )
    assert journey.sentence(a_deal(), events[:2], "USD") == "Alder, won for $100: 2 touches of 2 people over 9 days"
    assert journey.sentence(a_deal(status="open"), frame(event(0)), "USD") == "Alder, open: 1 touch of 1 person"
    assert journey.sentence(a_deal(amount=None), frame(), "USD") == "Alder, won: Unattributed"


def test_why_there_is_no_credit_is_said_in_words() -> None:
    assert journey.why_not(a_deal()) is None
    assert str(journey.why_not(a_deal(why="no people"))).startswith("Unattributed: it names no person")
    for why, words in journey.WHY.items():
        assert journey.why_not(a_deal(why=why, status="lost")) == f"No credit: {words}."
    assert journey.why_not(a_deal(why="lost", status="lost")) == "No credit: a lost deal has no revenue to credit."


def test_rows_that_do_not_add_up_are_said_so() -> None:
    above = SimpleNamespace(deals=2.5, revenue=100.0)
    assert journey.re_adds(2.5, 100.0, above, "Email", "USD") == "2.5 deals and $100: the rows add up to Email."
    assert "do NOT add up" in journey.re_adds(2.5, 99.99, above, "Email", "USD")
    assert "do NOT add up" in journey.re_adds(2.4, 100.0, above, "Email", "USD")


def test_the_channel_with_most_credit_is_named_where_there_are_enough_deals() -> None:
    rows = pd.DataFrame({"channel": ["Email", "Events", "Unattributed"], "deals": [20, 9, 4], "revenue": [60, 90, 150]})
    assert journey.most_credit(rows, "Linear", "USD") == "Events has most credit under Linear: $90 of $300"
    for few in (rows.assign(deals=1), rows.assign(revenue=50), rows[2:].assign(deals=50), rows.assign(revenue=None)):
        assert journey.most_credit(few, "Linear", "USD").startswith("Follow the credit")
