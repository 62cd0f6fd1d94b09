"""The definitions side by side: ranges, sentences and bars follow from the rows."""

import pandas as pd
import pytest

from scorecard.charts import definitions
from scorecard.charts.theme import SIDE_COLOURS, Look

NAMES = {"field": "Source field", "origin": "Origin", "presales": "Before Sales"}
AMOUNTS = {"field": (100, 50, 0, 0, 50), "origin": (150, 50, 0, 0, 0), "presales": (100, 99, 0, 0, 1)}
ROWS = pd.DataFrame(
    [
        {"rule": rule, "side": side, "won_deals": amount // 50, "won_amount": float(amount)}
        for rule, amounts in AMOUNTS.items()
        for side, amount in zip(SIDE_COLOURS, amounts, strict=True)
    ]
)


def test_a_range_goes_from_what_is_known_to_that_and_all_unknown() -> None:
    texts = [one.text("USD") for one in definitions.ranges(ROWS, "won_amount")]
    assert texts == ["$100 to $150 (50% to 75%)", "$150 (75%)", "$100 to $101 (50%)"]


def test_the_bars_of_all_rules_are_equally_long_and_the_range_is_printed() -> None:
    figure = definitions.side_by_side(ROWS, NAMES, "won_amount", "won_deals", Look())
    lengths = [sum(trace["x"][at] for trace in figure["data"]) for at in range(3)]
    assert lengths == [200, 200, 200]
    said = [note["text"] for note in figure["layout"]["annotations"]]
    assert said[0] == "<b>Source field</b>  $100 to $150 (50% to 75%)"
    assert [text.split("<")[1].split(">")[1] for text in said] == list(NAMES.values())


def test_every_number_of_the_bars_stands_in_the_table() -> None:
    found = definitions.wide_table(ROWS, NAMES, "won_amount", "won_deals", "USD")
    assert list(found.columns) == ["Definition", "Marketing", "Sales", "Partner", "Customer", "Unknown"]
    assert found.iloc[0].tolist() == ["Source field", "$100 · 2", "$50 · 1", "$0 · 0", "$0 · 0", "$50 · 1"]


def test_the_gap_is_priced_and_said_to_be_none_where_there_is_none() -> None:
    assert definitions.gap(23, 412_000.0, "USD") == "The three definitions differ by $412K on 23 deals"
    assert definitions.gap(1, 0.0, "USD") == "The three definitions differ by $0 on 1 deal"
    assert definitions.gap(0, 0.0, "USD") == "The three definitions agree on all deals"


def test_the_spread_names_the_lowest_and_the_highest_rule() -> None:
    found = definitions.ranges(ROWS, "won_amount")
    assert definitions.spread(found, NAMES, "USD") == (
        "Marketing's own is $100 by “Source field” and $150 by “Origin”."
    )
    assert "under each" in definitions.spread(found[::2], NAMES, "USD")


def test_influenced_is_counted_once_and_without_a_share() -> None:
    rows = pd.DataFrame(
        [("pre-opp", 2, 200.0), ("in-opp", 1, 50.0), ("both", 0, 0.0), ("none", 4, 900.0), ("unknown", 1, 7.0)],
        columns=["tier", "deals", "amount"],
    )
    assert definitions.influence(rows, "USD") == "Marketing touched 3 of 8 won deals before the close, $250"


def agreement(both: int, same: int, touched: int, low: float, high: float) -> pd.DataFrame:
    found = {
        ("", "both sources known"): (both, 100),
        ("", "same source"): (same, both),
        ("field", "side known"): (90, 100),
        ("origin", "decided by touches"): (touched, 100),
        ("origin", "decided by fields"): (100 - touched, 100),
        ("presales", "touches of Marketing known"): (touched, 100),
        ("presales", "contact by Sales known"): (20, 100),
    }
    return pd.DataFrame(
        [
            {
                "rule": rule,
                "measure": measure,
                "deals": deals,
                "of_deals": of_deals,
                "share": deals / of_deals if of_deals else None,
                "low": low,
                "high": high,
            }
            for (rule, measure), (deals, of_deals) in found.items()
        ]
    )


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        (agreement(80, 70, 60, 0.78, 0.93), "Trust the origin here"),
        (agreement(80, 8, 0, 0.05, 0.19), "no touch stands behind the origin"),
        (agreement(80, 8, 30, 0.05, 0.19), "touches decide few deals"),
        (agreement(80, 75, 10, 0.86, 0.97), "Trust the source field here"),
        (agreement(9, 1, 10, 0.02, 0.43), "Read the definitions as a range"),  # nine cases prove nothing
        (agreement(0, 0, 10, 0.0, 1.0), "Read the definitions as a range"),
    ],
)
def test_the_rule_to_trust_follows_from_what_it_rests_on(rows: pd.DataFrame, verdict: str) -> None:
    said, reasons = definitions.trusted(rows)
    assert verdict in said
    assert len(reasons) == 4
    if rows["of_deals"].iloc[1] == 9:
        assert "Fewer than 30 cases" in reasons[0]
