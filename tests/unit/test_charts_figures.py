"""Every chart draws the numbers it was given, prints them, and lets no data run as markup."""

from datetime import date
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest

from scorecard.charts import (
    bars,
    cards,
    curves,
    forest,
    funnel,
    headlines_close,
    multiples,
    ratio,
    stack,
    theme,
    trend,
)

LOOK = theme.Look()
HOSTILE = '<a href="http://evil">x</a>'


def texts(figure: dict) -> list[str]:
    return [note["text"] for note in figure["layout"].get("annotations", [])]


def rollup(value, numerator, denominator, entities) -> pd.DataFrame:
    return pd.DataFrame([{"value": value, "numerator": numerator, "denominator": denominator, "entities": entities}])


def weeks(*values, complete=True) -> pd.DataFrame:
    days = pd.date_range("2026-08-03", periods=len(values), freq="7D")
    found = pd.DataFrame({"period": days, "value": values, "is_complete": True})
    found.loc[len(found) - 1, "is_complete"] = complete
    return found


RATE = cards.Meaning("percent", "up", "ratio")
SUM = cards.Meaning("money", "up", "sum")


def test_a_card_compares_complete_weeks_only() -> None:
    card = cards.card(
        "Revenue", SUM, rollup(976_000, 976_000, None, 41), weeks(100, 200, 150, 3, complete=False), 1.05e6, "USD"
    )
    assert (card.value, card.change, card.badge, card.of) == ("$976K", "−25.0%", "Near plan", "of $1.05M")
    assert card.spark == (100, 200, 150)
    assert card.n == "n=41"


def test_a_rate_of_few_cases_gets_no_colour() -> None:
    card = cards.card("Win rate", RATE, rollup(0.5, 5, 10, 10), weeks(0.4, 0.5), 0.9, "USD")
    assert card.standing is None
    assert card.badge == "Too few"


def test_a_card_without_rows_says_unknown_not_zero() -> None:
    nothing = pd.DataFrame(columns=["value", "numerator", "denominator", "entities"])
    card = cards.card("Revenue", SUM, nothing, pd.DataFrame(columns=["period", "value", "is_complete"]), None, "USD")
    assert (card.value, card.change, card.badge, card.of) == ("—", "—", "No plan", "")


def test_the_sum_so_far_ends_at_the_total_and_stops_at_the_data() -> None:
    daily = pd.DataFrame({"period": pd.to_datetime(["2026-10-02", "2026-10-20"]), "value": [100.0, 50.0]})
    figure = trend.cumulative_against_plan(
        daily,
        date(2026, 10, 1),
        date(2027, 1, 1),
        date(2026, 11, 15),
        lambda day: float((day - date(2026, 10, 1)).days),
        LOOK,
    )
    line = go.Figure(figure).data[1]
    assert line.x[-1] == date(2026, 11, 15)
    assert (line.y[0], line.y[1], line.y[-1]) == (0, 100, 150)
    assert go.Figure(figure).data[0].y[-1] == 92
    assert any("$150" in text for text in texts(figure))


def test_bullets_are_sorted_and_a_miss_is_grey() -> None:
    values = pd.DataFrame({"dimension": ["Email", "Organic"], "value": [437_000.0, 2_630_000.0]})
    rows = bars.bullets(values, {"Email": 491_000.0, "Organic": 2_435_000.0, "Events": 10_000.0})
    assert [row.name for row in rows] == ["Organic", "Email", "Events"]
    figure = bars.bullet_chart(rows, LOOK)
    assert go.Figure(figure).data[1].marker.color == (theme.BLUE, theme.GREY, theme.GREY)
    assert "+8%" in texts(figure)[0]
    assert "−11%" in texts(figure)[1]


def test_small_multiples_share_one_scale_and_add_up() -> None:
    rows = pd.DataFrame(
        [
            (f"c{name}", month, float(name))
            for name in range(1, 9)
            for month in pd.date_range("2026-01-01", periods=3, freq="MS")
        ],
        columns=["dimension", "period", "value"],
    )
    found = multiples.panels(rows, LOOK)
    assert [panel.name for panel in found] == ["c8", "c7", "c6", "c5", "c4", "Other"]
    assert len({tuple(panel.figure["layout"]["yaxis"]["range"]) for panel in found}) == 1
    assert found[0].recent == "$8/month, last 3"
    assert sum(sum(go.Figure(panel.figure).data[1].y) for panel in found) == rows["value"].sum()


def curve(name: str, *won: float) -> list[dict]:
    return [
        {
            "group_value": name,
            "day": day,
            "at_risk": 100,
            "won_probability": value,
            "won_low": value - 0.01,
            "won_high": value + 0.01,
        }
        for day, value in zip((0, 30, 90, 400), (*won, won[-1]), strict=True)
    ]


def test_a_win_curve_is_a_step_line_held_to_the_end() -> None:
    figure = curves.win_curves(pd.DataFrame(curve("Yes", 0, 0.1, 0.2)), LOOK)
    line = go.Figure(figure).data[1]
    assert line.line.shape == "hv"
    assert (line.x[-1], line.y[-1]) == (365, 0.2)
    assert figure["layout"]["xaxis"]["range"] == [0, 365]
    assert "20.0%" in texts(figure)[0]


def test_a_curve_says_nothing_beyond_its_oldest_deal() -> None:
    rows = pd.DataFrame(curve("Yes", 0, 0.1, 0.2)[:3])
    figure = curves.win_curves(rows, LOOK, last_day=365)
    assert go.Figure(figure).data[1].x[-1] == 90
    assert "<br>to day 90" in texts(figure)[0]
    table = curves.at_days(rows.assign(lost_probability=0.3, open_probability=0.5))
    assert table["won"].notna().tolist() == [True, True, False, False]
    assert table["n"].tolist() == [100] * 4
    assert curves.win_curves(rows, LOOK)["layout"]["xaxis"]["range"] == [0, 90]
    assert [(rate.name, rate.value) for rate in curves.rates_at(table, 90)] == [("Yes", 0.2)]


def test_groups_are_compared_at_an_age_all_of_them_have_reached():
    rows = pd.DataFrame([{"group_value": name, "day": day} for name, ages in
                         (("old", (0, 400)), ("older", (0, 500)), ("new", (0, 45))) for day in ages])  # fmt: skip
    found = curves.at_equal_age(rows, 90)
    assert found == curves.EqualAge(90, ("old", "older"), (("new", 45),), 400)
    assert curves.at_equal_age(rows, 45) == curves.EqualAge(45, ("new", "old", "older"), (), 45)
    # Nobody is old enough for day 180: the latest agreed day somebody has reached.
    young = curves.at_equal_age(rows[rows["group_value"] == "new"], 180)
    assert young == curves.EqualAge(30, ("new",), (), 45)
    assert curves.at_equal_age(rows[rows["day"] == 0], 180) is None


def test_the_compared_day_is_marked_and_no_two_day_labels_touch():
    rows = pd.DataFrame(curve("Yes", 0, 0.1, 0.2))
    figure = curves.win_curves(rows, LOOK, last_day=365, mark=46)
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [46]
    assert figure["layout"]["xaxis"]["tickvals"] == [0, 46, 90, 180, 365]
    assert curves.win_curves(rows, LOOK, last_day=137, mark=90)["layout"]["xaxis"]["tickvals"] == [0, 30, 90, 137]
    assert curves.win_curves(rows, LOOK, last_day=92, mark=90)["layout"]["xaxis"]["tickvals"] == [0, 30, 90]


def test_bands_are_drawn_only_while_they_can_be_told_apart() -> None:
    rows = [row for at in range(4) for row in curve(f"g{at}", 0, 0.1, 0.2)]
    assert len(curves.win_curves(pd.DataFrame(rows), LOOK)["data"]) == 4
    assert len(curves.win_curves(pd.DataFrame(rows[:9]), LOOK)["data"]) == 6


def test_end_labels_never_overlap() -> None:
    placed = sorted(curves.spread([0.20, 0.21, 0.20, 0.5, 0.0], 0.05))
    assert all(high - low >= 0.0499 for low, high in pairwise(placed))
    assert curves.spread([0.1, 0.9], 0.05) == [0.1, 0.9]


def test_outcomes_print_all_three_shares_with_n() -> None:
    row = {"group_value": HOSTILE, "won_probability": 0.25, "open_probability": 0.35, "lost_probability": 0.4, "n": 204}
    text = texts(curves.outcomes(pd.DataFrame([row]), LOOK))[0]
    assert "25.0% won" in text and "35% open" in text and "40% lost" in text and "n=204" in text
    assert "<a" not in text


def test_the_funnel_says_how_many_stop() -> None:
    rows = pd.DataFrame(
        {
            "step": ["Played", "Won"],
            "step_order": [1, 2],
            "people": [18_400, 96],
            "of_previous": [None, 0.0052],
            "of_first": [1, 0.0052],
        }
    )
    figure = funnel.funnel(rows, LOOK)
    assert texts(figure) == ["<b>18,400</b>", "<b>96</b>  0.5% of played", "↓ 1% go on · 18,304 stop"]
    assert go.Figure(figure).data[0].marker.color == (theme.BLUE, theme.TEAL)


def test_a_step_that_gains_never_shows_more_than_all() -> None:
    assert funnel.drop_off(10, 15) == "↓ 5 more than the step before"


def test_rates_of_few_cases_are_grey_and_unknown_ones_left_out() -> None:
    rates = [forest.Rate("a", 0.1, 0.05, 0.2, 100), forest.Rate("b", 0.5, 0.1, 0.9, 8), forest.Rate("c", None, 0, 0, 0)]
    figure = go.Figure(forest.forest(rates, LOOK, baseline=0.1))
    assert figure.data[1].marker.color == (theme.BLUE, theme.GREY)
    assert figure.layout.xaxis.range[1] >= 0.9


def test_the_text_behind_the_longest_bar_has_room_beside_it() -> None:
    text = "112  71% known · 4 won after"
    figure = bars.ranked(["a", "b"], [10.0, 1.0], [text, "x"], LOOK)
    assert figure["layout"]["margin"]["r"] > 0.5 * 14 * len(text)


def test_stacked_columns_keep_the_order_of_the_colours() -> None:
    rows = pd.DataFrame(
        {"period": ["2026-01-01"] * 3, "name": ["unknown", "sales", "marketing"], "value": [1.0, 2.0, 3.0]}
    )
    figure = go.Figure(stack.stacked(rows, theme.SIDE_COLOURS, LOOK))
    assert [trace.name for trace in figure.data] == ["marketing", "sales", "unknown"]
    assert sum(sum(trace.y) for trace in figure.data) == 6


@pytest.mark.parametrize(
    "figure",
    [
        bars.bullet_chart([bars.Bullet(HOSTILE, 1.0, 2.0)], LOOK),
        bars.ranked([HOSTILE], [1.0], ["1"], LOOK),
        curves.win_curves(pd.DataFrame(curve(HOSTILE, 0, 0.1, 0.2)), LOOK),
        forest.forest([forest.Rate(HOSTILE, 0.1, 0.0, 0.2, 50)], LOOK),
        stack.stacked(pd.DataFrame({"period": ["2026-01-01"], "name": [HOSTILE], "value": [1.0]}), {}, LOOK),
    ],
)
def test_no_data_runs_as_markup_in_a_chart(figure: dict) -> None:
    drawn = figure["data"]
    seen = [value for trace in drawn for key in ("name", "text", "hovertemplate") for value in _flat(trace.get(key))]
    seen += texts(figure) + list(figure["layout"].get("yaxis", {}).get("ticktext", []))
    assert any("&lt;a" in value for value in seen)
    assert not [value for value in seen if "<a" in value]


def _flat(value) -> list[str]:
    return [] if value is None else ([value] if isinstance(value, str) else [str(part) for part in value])


def test_the_ratio_stands_beside_alike_and_the_claim_and_its_sentence_follows_the_interval() -> None:
    rows = [ratio.Against("Known", 1.1, 0.9, 1.3), ratio.Against("All", 1.0, 0.8, 1.2, False)]
    figure = ratio.strip(rows, LOOK)
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [1.0, 1.0, 1.67, 1.67]
    assert "1.10×" in texts(figure)[0] and "(0.90 to 1.30)" in texts(figure)[0]
    assert go.Figure(figure).data[1].x == (1.1, 1.0)
    said = {
        (0.9, 1.3): "No clear difference between deals from Marketing and the others by day 90 (1.10×); the claimed 67%"
        " more is above our interval",
        (
            1.01,
            1.3,
        ): "Deals from Marketing are won 1.10× as often as the others by day 90; the claimed 67% more is above"
        " our interval",
        (0.9, 1.7): "No clear difference between deals from Marketing and the others by day 90 (1.10×); the claimed 67%"
        " more lies within our interval",
    }
    for (low, high), sentence in said.items():
        assert ratio.sentence(ratio.Against("Known", 1.1, low, high), "deals", 90) == sentence
    assert ratio.sentence(ratio.Against("Known", 2.2, 1.8, 2.6), "leads", 30).endswith("is below our interval")
    assert ratio.strip([ratio.Against("Known", 2.2, 1.8, 4.1)], LOOK)["layout"]["xaxis"]["range"][1] > 4.1


def test_the_named_rates_say_where_won_of_closed_is_away_from_the_curve() -> None:
    rows = pd.DataFrame(
        [("A", "win_curve", 0.3, 100), ("A", "win_rate_closed", 0.4, 90), ("B", "win_curve", 0.1, 40),
         ("B", "win_rate_closed", 0.2, 30), ("C", "win_curve", None, 500), ("C", "win_rate_closed", 0.2, 30)],
        columns=["group_value", "name", "value", "denominator"],
    )  # fmt: skip
    said = headlines_close.named_rates(rows, 90)
    assert said == "Won of closed says 40.0% for A where the win curve says 30.0% by day 90"
    assert headlines_close.named_rates(rows[rows["group_value"] == "C"], 90) == "Win rates by their names"
