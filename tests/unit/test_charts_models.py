"""The board of attribution models: what it prints, what it concludes, and what it does not conclude."""

import pandas as pd

from scorecard.charts import models, theme

LOOK = theme.Look()


def board(**revenue: dict[str, float]) -> pd.DataFrame:
    """`board(first={"Email": 3}, last={"Email": 1})`: the rows of `attribution`."""
    rows = [
        {"model": model, "channel": channel, "deals": 1.0, "revenue": value}
        for model, by in revenue.items()
        for channel, value in by.items()
    ]
    return pd.DataFrame(rows)


def spread(channel: str, low: float, high: float, places: tuple[int, int], over: tuple[str, ...] = ()) -> models.Spread:
    return models.Spread(channel, low, "first", high, "last", *places, 2, over)


EMAIL = spread("Email", 50_000, 90_000, (1, 2), ("Events",))
WEBINAR = spread("Webinar", 40_000, 100_000, (1, 2), ("Events",))
EVENTS = spread("Events", 10_000, 10_000, (3, 3))


def test_the_headline_names_a_leader_only_where_every_model_has_the_same() -> None:
    leader = spread("Email", 110_000, 120_000, (1, 1), ("Events", "Webinar"))
    assert models.headline([leader, WEBINAR, EVENTS], "USD") == (
        "Email leads under all two models; Webinar depends most on the model ($40.0K to $100K)"
    )
    assert (
        models.headline([EMAIL, WEBINAR, EVENTS], "USD") == "Which channel leads depends on the model: Email or Webinar"
    )
    assert models.headline([EVENTS], "USD") == "Revenue by channel under each model"
    equal = [spread("Email", 5, 5, (1, 1)), spread("Events", 4, 4, (2, 2))]
    assert models.headline(equal, "USD") == "All models agree"


def test_what_holds_is_told_from_what_the_model_decides() -> None:
    holds, depends = models.what_holds([EMAIL, WEBINAR, EVENTS])
    assert holds == ["Email earns more than Events.", "Webinar earns more than Events."]
    assert depends == ["Email or Webinar: places 1–2 against 1–2."]


def test_the_table_prints_every_cell_and_its_spread_and_shades_no_unattributed() -> None:
    rows = board(
        first={"Email": 900_000, "Events": 100_000, "Unattributed": 50_000},
        last={"Email": 400_000, "Events": 600_000, "Unattributed": 50_000},
    )
    figure = models.heat(rows, LOOK)
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    assert sorted(texts) == sorted(["$900K", "$400K", "$500K", "$100K", "$600K", "$500K", "$50.0K", "$50.0K"])
    assert figure["data"][0]["z"] == [[900_000, 400_000], [100_000, 600_000], [None, None]]


def test_a_range_prints_its_ends_and_a_dot_for_every_model() -> None:
    rows = board(first={"Email": 90_000, "Webinar": 40_000}, last={"Email": 50_000, "Webinar": 100_000})
    figure = models.ranges(rows, [EMAIL, WEBINAR], LOOK)
    assert [note["text"] for note in figure["layout"]["annotations"]] == [
        "<b>$50.0K</b> to <b>$90.0K</b>",
        "<b>$40.0K</b> to <b>$100K</b>",
    ]
    assert figure["data"][1]["x"] == [90_000, 50_000, 40_000, 100_000]


def test_a_channel_of_data_runs_as_no_markup() -> None:
    name = '<a href="http://evil">x</a>'
    rows = board(first={name: 2, "Email": 1}, last={name: 2, "Email": 1})
    figure = models.heat(rows, LOOK)
    assert "<a" not in str(figure["layout"]["yaxis"]["ticktext"])
    assert "<a" not in str(figure["data"][0]["text"])
