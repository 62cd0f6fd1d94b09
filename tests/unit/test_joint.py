"""The joint scorecard: one target a number, both sides beside it, and a pace said in words."""

from datetime import date

import pandas as pd
import pytest

from scorecard.charts import goal, xmr
from scorecard.charts.theme import Look
from scorecard.errors import ScorecardError
from scorecard.export import joint
from scorecard.export.numbers import Numbers
from scorecard.filters import Filters
from scorecard.queries import find
from scorecard.ui_joint import _table as drawn_table
from scorecard.ui_joint import rows_of

PLAN_COLUMNS = ["metric", "period", "grain", "side", "channel", "segment", "value"]
PLANS = {"won_revenue": [(None, 9200.0), ("marketing", 4600.0)], "win_rate_closed": [(None, 0.5)]}
VALUES = {"won_revenue": {"": 4000.0, "marketing": 3000.0, "sales": 1000.0}, "win_rate_closed": {"": 0.46}}


def ask(name: str, filters: Filters | None = None, **params) -> pd.DataFrame:
    """Won revenue of 4,000 half way through a quarter planned at 9,200; a win rate of 46 of 100; nothing of spend."""
    metric = params.get("metric", "")
    if name == "metric_target":
        rows = [
            (metric, date(2026, 10, 1), "quarter", side, None, None, value) for side, value in PLANS.get(metric, [])
        ]
        return pd.DataFrame(rows, columns=PLAN_COLUMNS)
    if name == "metric_rollup":
        if metric == "spend":
            empty = pd.DataFrame(columns=["value"])
            empty.attrs["missing"] = "no cost is loaded."
            return empty
        side = "".join(filters.sides) if filters else ""
        value = VALUES[metric].get(side)
        if value is None:
            return pd.DataFrame(columns=["value", "numerator", "denominator", "entities"])
        return pd.DataFrame({"value": [value], "numerator": [46.0], "denominator": [100.0], "entities": [100]})
    return pd.DataFrame(columns=list(find(name).returns))


# 46 of the 92 days are over.
NUMBERS = Numbers(ask, find, Filters(date(2026, 8, 16), date(2026, 11, 16)), date(2026, 11, 15))


def line(*kpi: str) -> joint.Line:
    return joint.lines(NUMBERS, [joint.Kpi(*kpi)])[0]


def test_a_sum_is_judged_by_what_the_target_expected_by_today() -> None:
    found = line("won_revenue", "Ann")
    assert (found.value, found.target, found.badge) == ("$4.00K", "$9.20K", "Off plan")
    assert found.pace == "$4.60K expected by today; at this pace $8.00K"
    assert found.owner == "Ann"


def test_both_sides_stand_beside_it_with_their_own_targets() -> None:
    found = line("won_revenue")
    assert found.marketing == joint.Input("Marketing's part", "$3.00K", "of $2.30K by today", "on")
    assert found.sales == joint.Input("Sales' part", "$1.00K")
    other = line("won_revenue", "", "win_rate_closed", "")
    assert other.marketing is not None and other.sales is None
    assert (other.marketing.name, other.marketing.n) == (find("win_rate_closed").title, "n=100")
    assert other.marketing.standing == "near"


def test_a_rate_is_compared_as_it_is_and_an_unknown_is_no_zero() -> None:
    found = line("win_rate_closed")
    assert (found.badge, found.pace) == ("Near plan", "a rate: its target holds every day")
    lacking = line("spend")
    assert (lacking.value, lacking.badge, lacking.why) == ("—", "No data", "no cost is loaded.")
    assert joint.headline([found, lacking]) == "None of one numbers with a target are on plan"


def test_a_period_that_is_over_has_no_pace() -> None:
    looked_back = Filters(date(2026, 7, 1), date(2026, 10, 1))
    span = joint.span_of(Numbers(ask, find, looked_back, date(2026, 11, 15)))
    assert span.is_over and span.start == date(2026, 7, 1)
    assert joint.within(looked_back, span) == looked_back


def picked(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["place", "metric", "owner", "marketing_input", "sales_input"])


def test_the_choice_is_kept_in_its_order_and_checked() -> None:
    rows = [(2, "spend", None, "", "part"), (None, "won_deals", "", "", ""), (None, None, None, None, None)]
    found = rows_of(picked(*rows, (1, "new_leads", " Ann ", "spend", None)))
    assert [(row["metric"], row["position"], row["owner"], row["sales_input"]) for row in found] == [
        ("new_leads", 1, "Ann", ""),
        ("spend", 2, "", "part"),
        ("won_deals", 3, "", ""),
    ]
    with pytest.raises(ScorecardError, match="stands there twice"):
        rows_of(picked((1, "spend", "", "", ""), (2, "spend", "", "", "")))
    with pytest.raises(ScorecardError, match="holds 12"):
        rows_of(picked(*[(at, f"m{at}", "", "", "") for at in range(13)]))
    with pytest.raises(ScorecardError, match="at least one"):
        rows_of(picked((1, None, "", "", "")))
    assert joint.chosen(pd.DataFrame(columns=["metric", "owner", "marketing_input", "sales_input"])) == joint.DEFAULT


def test_words_of_data_are_never_read_as_markup() -> None:
    bad = "![x](https://host/x.png) **b** :red[r] <b>"
    hostile = joint.Line("m", bad, bad, bad, bad, bad, None, "No target", bad, "", joint.Input(bad, bad, bad), None)
    for column in drawn_table([hostile]).reset_index():
        cell = str(drawn_table([hostile]).reset_index()[column].iloc[0])
        for markup in ("![x]", "](", "**b**", ":red[", "<b>"):
            assert markup not in cell, (column, cell)


def weeks(*told: tuple[float, bool | None, int | None]) -> pd.DataFrame:
    return pd.DataFrame([
        {"metric": "new_leads", "week": date(2026, 10, 5 + at), "value": value, "center": 40.0, "low": 30.0,
         "high": 50.0, "signal": signal, "rule": rule}
        for at, (value, signal, rule) in enumerate(told)
    ])  # fmt: skip


def test_only_a_signal_has_an_arrow_and_a_word() -> None:
    calm = xmr.judged(weeks((20.0, True, 1), (49.0, False, None)))["new_leads"]
    assert (calm.badge, calm.words) == ("", "within its usual range")
    up = xmr.judged(weeks((49.0, False, None), (61.0, True, 1)))["new_leads"]
    assert (up.badge, up.words) == ("▲ Signal 1w", "above its limits")
    down = xmr.judged(weeks((35.0, True, 2)))["new_leads"]
    assert (down.badge, down.words) == ("▼ Signal 8w", "8+ weeks below centre")
    early = xmr.judged(weeks((35.0, None, None)))["new_leads"]
    assert (early.badge, early.words) == ("", "too few weeks to tell")
    assert xmr.headline([("A", calm), ("B", up)]) == "One of two numbers signals: B (above)"
    assert xmr.headline([("A", calm)]) == "No signal: all of one numbers are within their usual range"
    assert "Not enough" in xmr.headline([("A", early)])


def test_a_panel_has_a_band_for_each_set_of_limits_and_a_dot_for_each_signal() -> None:
    rows = weeks((41.0, False, None), (61.0, True, 1), (60.0, False, None))
    rows.loc[2, ["center", "low", "high"]] = [60.0, 50.0, 70.0]
    figure = xmr.panel(rows, "count", Look())
    assert [shape["type"] for shape in figure["layout"]["shapes"]] == ["rect", "line"] * 2
    assert figure["data"][1]["y"] == [61.0]


def test_the_goal_tree_prints_needed_so_far_and_the_rate_between() -> None:
    rows = pd.DataFrame(
        [("revenue", 100.0, 40.0, None, None, None, None), ("deals", 10.0, 6.0, 10.0, 8.0, 12.0, 50),
         ("opportunities", None, 3.0, None, None, None, 4)],
        columns=["step", "needed", "so_far", "rate", "low", "high", "n"],
    )  # fmt: skip
    texts = " ".join(note["text"] for note in goal.goal_tree(rows, 0.5, Look())["layout"]["annotations"])
    assert "<b>$40</b> of $100 needed · 40%" in texts
    assert "↑ $10 a won deal<br>($8.00 to $12.0, n=50)" in texts.replace("$8 ", "$8.00 ").replace("$12,", "$12.0,")
    assert "not enough data yet for this rate, n=4" in texts
    assert (
        goal.headline(rows, 0.5) == "Won revenue lags most: 40% of what the target needs, with 50% of the period over"
    )
    assert goal.headline(rows, 0.3).startswith("Every step keeps up")
