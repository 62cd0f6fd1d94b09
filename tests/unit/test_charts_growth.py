"""Charts and sentences of growth: what is printed is what is drawn."""

from datetime import date
from types import SimpleNamespace

import pytest

from scorecard.charts import headlines_growth
from scorecard.charts.growth import Dot, Series, bridge, dots, rates_over_time, value_against_cost
from scorecard.charts.theme import GREY, Look

LOOK = Look()


@pytest.mark.parametrize("unit", ["percent", "count"])
def test_marks_below_nothing_say_where_they_stand(unit: str) -> None:
    scale = 1 if unit == "percent" else 100
    rows = [Dot("a", 0.2 * scale, -0.55 * scale, 0.7 * scale, "a"), Dot("b", -0.1 * scale, None, None, "b", few=True)]
    axis = dots(rows, LOOK, unit)["layout"]["xaxis"]
    assert axis["tickvals"] == sorted(axis["tickvals"]) and axis["tickvals"][0] < 0
    pairs = list(zip(axis["tickvals"], axis["ticktext"], strict=True))
    assert [text for value, text in pairs if value == 0] in (["0%"], ["0"]), "nothing is always named"
    assert 2 <= sum(bool(text) for _, text in pairs) <= 4, "a phone has no room for more"
    for value, text in ((value, text) for value, text in pairs if text):
        said = float(text.replace("\u2212", "-").rstrip("%"))
        assert said == pytest.approx(value * (100 if unit == "percent" else 1))


def test_few_cases_are_grey_and_a_far_end_is_cut_at_the_edge() -> None:
    found = dots([Dot("a", 10, 5, 900, "a", few=True), Dot("b", 20, 15, 25, "b")], LOOK, "money")
    spans, points = found["data"]
    assert points["marker"]["color"][0] == GREY and points["marker"]["color"][1] != GREY
    assert spans["x"][1] < 900


def test_the_bars_of_a_bridge_add_up_to_its_end() -> None:
    (bars,) = bridge(10, 1.8, 0.6, 0.9, LOOK, ("then", "now"))["data"]
    assert bars["x"][-1] == pytest.approx(10.3)
    assert bars["base"][3] == pytest.approx(bars["x"][-1])  # churn ends where the last bar does
    assert bars["base"][2] + bars["x"][2] == pytest.approx(11.8)


def test_lines_print_their_last_value() -> None:
    days = [date(2026, 1, 1), date(2026, 2, 1)]
    found = rates_over_time([Series("NRR", days, [1.0, 1.03], [None, 0.98], [None, 1.08], "#000000")], LOOK)
    assert found["layout"]["annotations"][0]["text"] == "<b>NRR 103.0%</b>"
    worth = value_against_cost([1, 2], [100.0, 200.0], 150.0, "Margin", LOOK)
    assert "CAC $150" in worth["layout"]["annotations"][1]["text"]


def group(name: str, cac: float, low: float, high: float, n: int) -> SimpleNamespace:
    return SimpleNamespace(group_value=name, cac=cac, cac_low=low, cac_high=high, new_customers=n)


def test_a_channel_stands_out_only_with_enough_customers_and_apart_intervals() -> None:
    apart = [group("A", 10, 8, 12, 40), group("B", 30, 25, 36, 50)]
    assert headlines_growth.spread(apart, "USD") == "A customer from B costs 3.0× one from A"
    assert "no channel stands out" in headlines_growth.spread([apart[0], group("C", 12, 9, 15, 60)], "USD")
    assert headlines_growth.spread([apart[0], group("D", 90, 80, 99, 5)], "USD") == "Cost of a new customer by channel"
