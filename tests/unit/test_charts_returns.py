"""Return on spend: bars, months and budgets draw the numbers they were given and judge only where there is enough."""

from datetime import date

import pandas as pd
import pytest

from scorecard.charts import headlines, returns, theme
from scorecard.charts.bars import bullet_chart

LOOK = theme.Look()


def row(name, spend, revenue, won, roas="by hand", **more):
    if roas == "by hand":
        roas = revenue / spend if spend else None
    return {"group_value": name, "spend": spend, "won_revenue": revenue, "won_deals": won, "roas": roas, **more}


def channels(*rows):
    return returns.returns(pd.DataFrame(list(rows)))


SURE = (
    row("Paid search", 226_000, 1_880_000, 60),
    row("Paid social", 312_000, 187_200, 31),
    row("Direct", None, 500_000, 40),
    row("Events", 100_000, 900_000, 12),
)


def texts(figure):
    return [note["text"] for note in figure["layout"]["annotations"]]


def test_bars_print_the_return_the_money_and_the_wins_highest_first() -> None:
    figure = returns.return_bars(channels(*SURE), LOOK)
    assert figure["data"][0]["customdata"] == ["Events", "Paid search", "Paid social"]
    assert texts(figure)[1] == "<b>8.3×</b>  $1.88M on $226K<br>60 wins"


def test_a_channel_without_a_return_has_no_bar_and_stays_in_the_list() -> None:
    found = channels(*SURE)
    assert [row.name for row in found] == ["Events", "Paid search", "Paid social", "Direct"]
    assert len(returns.return_bars(found, LOOK)["data"][0]["x"]) == 3


def test_few_wins_get_no_colour_and_only_a_sure_loss_is_marked() -> None:
    figure = returns.return_bars(channels(*SURE, row("Fairs", 10_000, 1_000, 3)), LOOK)
    assert figure["data"][0]["marker"]["color"] == [theme.GREY, theme.BLUE, theme.BLUE, theme.GREY]
    assert [theme.OFF in text for text in texts(figure)] == [False, False, True, False]


def test_a_channel_name_is_never_markup() -> None:
    figure = returns.return_bars(channels(row("<b>x</b>", 1, 2, 3)), LOOK)
    assert figure["layout"]["yaxis"]["ticktext"] == ["&lt;b&gt;x&lt;/b&gt;"]


def test_the_headline_names_the_best_and_the_worst_that_have_enough_wins() -> None:
    assert headlines.returned(channels(*SURE), "USD") == (
        "Paid search returned 8.3×; Paid social returned 0.6× and cost $312K"
    )


def test_with_few_wins_each_the_headline_speaks_of_all_together_or_of_nothing() -> None:
    some = channels(row("A", 100, 300, 20), row("B", 100, 100, 15), row("Unattributed", None, 5000, 90))
    assert headlines.returned(some, "USD") == "Channels with known spend returned 2.0× together: $400 on $200"
    assert headlines.returned(channels(row("A", 100, 300, 20)), "USD") == "Return on spend by channel"
    assert headlines.returned([], "USD") == "Return on spend by channel"


MONTHS = [date(2026, month, 1) for month in range(1, 7)]


def monthly(name, *pairs):
    return [
        {"channel": name, "month": pd.Timestamp(month), "spend": spend, "won_revenue": revenue}
        for month, (spend, revenue) in zip(MONTHS, pairs, strict=True)
    ]


def test_months_are_three_together_and_unknown_ones_stay_empty() -> None:
    rows = [
        *monthly("Events", (10, 10), (10, 20), (10, 30), (10, 40), (10, 0), (10, 20)),
        *monthly("Email", (None, 5), (2, 6), (2, 6), (2, 6), (2, 6), (2, 9)),
        *monthly("Direct", *[(None, 7)] * 6),
    ]
    panels = {panel.name: panel for panel in returns.return_panels(pd.DataFrame(rows), MONTHS, LOOK)}
    assert list(panels) == ["Events", "Email"]  # most spend first; what costs nothing has no return
    assert panels["Events"].figure["data"][0]["y"] == [2.0, 3.0, pytest.approx(7 / 3), 2.0]
    assert panels["Email"].figure["data"][0]["y"] == [None, 3.0, 3.0, 3.5]
    assert panels["Email"].figure["data"][0]["connectgaps"] is False
    assert (panels["Events"].recent, panels["Email"].recent) == ("2.0×", "3.5×")


def test_a_course_that_is_not_known_at_the_end_says_so() -> None:
    rows = monthly("Events", (10, 10), (10, 20), (10, 30), (10, 40), (None, 0), (None, 20))
    panel = returns.return_panels(pd.DataFrame(rows), MONTHS, LOOK)[0]
    assert (panel.recent, panel.figure["data"][0]["y"]) == ("3.0× to Apr 2026, not known since", [2.0, 3.0, None, None])


def test_over_budget_is_the_miss_and_unknown_spend_is_left_out() -> None:
    rows = pd.DataFrame(
        [
            row("Events", 130.0, 0, 0, budget=100.0),
            row("Email", 90.0, 0, 0, budget=100.0),
            row("Fairs", None, 0, 0, budget=100.0),
            row("Direct", 5.0, 0, 0, budget=None),
        ]
    )
    found = returns.budgets(rows)
    assert [(bullet.name, bullet.standing) for bullet in found] == [("Email", "on"), ("Events", "off")]
    drawn = texts(bullet_chart(found, LOOK))
    assert theme.GOOD in drawn[0]
    assert theme.OFF in drawn[1]
    assert headlines.budgets(found) == "One of two channels spent more than its budget"
    assert headlines.budgets(found[:1]) == "Email spent within its budget"
    assert headlines.budgets([found[1], found[1]]) == "All two channels spent more than their budget"
    assert headlines.budgets([found[0], found[0]]) == "All two channels stayed within their budget"
