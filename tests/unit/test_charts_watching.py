"""Depth and retention as figures and sentences, on curves and counts one can read off."""

import pandas as pd
import pytest

from scorecard.charts import watching
from scorecard.charts.theme import Look

LOOK = Look()


def curve(*points: tuple[float, float], length: float | None = 100) -> pd.DataFrame:
    return pd.DataFrame({
        "title": "Tour",
        "position": [at / 100 for at, _ in points],
        "second": [at if length else None for at, _ in points],
        "share": [share for _, share in points],
    })  # fmt: skip


def depths(*counts: int) -> pd.DataFrame:
    total = sum(counts) or 1
    return pd.DataFrame({
        "title": "<b>Tour</b>",
        "band": ["under 25%", "25 to 50%", "50 to 75%", "75 to 90%", "90% and more"],
        "band_order": range(1, 6),
        "viewers": counts,
        "of_video": [count / total for count in counts],
    })  # fmt: skip


def test_half_left_lies_between_two_points() -> None:
    assert watching.half_left(curve((0, 1), (50, 0.6), (60, 0.4))) == pytest.approx(55)
    assert watching.half_left(curve((0, 1), (100, 0.5))) is None
    assert watching.half_left(curve((0, 0.4), (10, 0.9))) == 0


def test_the_sentence_of_a_curve_names_the_moment_or_who_stays() -> None:
    assert (
        watching.half_sentence(curve((0, 1), (50, 0.6), (60, 0.4))) == "Half of the viewers of Tour have left by 0:55"
    )
    assert watching.half_sentence(curve((0, 1), (100, 0.62))) == "62% stay to the end of Tour"
    said = watching.half_sentence(curve((0, 1), (50, 0.6), (60, 0.4), length=None))
    assert said == "Half of the viewers of Tour have left by 55%"  # no length: by position


def test_a_curve_is_drawn_above_a_hundred_percent_where_parts_are_repeated() -> None:
    drawn = watching.retention(curve((0, 1.04), (100, 0.2)), LOOK)
    assert drawn["data"][0]["y"] == [1.04, 0.2]
    assert drawn["layout"]["yaxis"]["range"][1] > 1.04
    assert drawn["layout"]["xaxis"]["ticktext"][-1] == "1:40"


def test_depth_bars_print_every_share_with_room_and_escape_titles() -> None:
    drawn = watching.depth_bars(depths(10, 20, 30, 35, 5), LOOK)
    assert [note["text"] for note in drawn["layout"]["annotations"]] == ["n=100"]
    inside = [trace["texttemplate"][0] for trace in drawn["data"]]
    assert inside[0] == "10%" and ">35%<" in inside[3]
    assert drawn["layout"]["uniformtext"]["mode"] == "hide"  # a share without room is left out, never squeezed
    assert drawn["layout"]["yaxis"]["ticktext"] == ["&lt;b&gt;Tour&lt;/b&gt;"]
    assert watching.depth_sentence(depths(10, 20, 30, 35, 5)) == (
        "40% of viewers watch three quarters or more; 10% leave in the first quarter"
    )


def test_norms_are_cited_only_for_lengths_that_have_one() -> None:
    assert (watching.norm(30), watching.norm(300), watching.norm(1500)) == ("66%", "22 to 66%", "22%")
    assert watching.norm(0) == watching.norm(None) == "—"
    assert "norm" not in watching.finished_text(0.2, 300) and "norm 22%" in watching.finished_text(0.1, 2700)


def test_a_stage_without_video_is_the_finding() -> None:
    stages = pd.DataFrame({"stage": ["Before the lead", "Lead to MQL", "After the win"], "plays": [0, 5, 0]})
    said = watching.stages_sentence(stages)
    assert said == "No video is watched in two of three stages: before the lead and after the win"
    full = stages.assign(plays=[3, 5, 1])
    assert watching.stages_sentence(full) == "Every stage has video; least is watched “After the win”"
