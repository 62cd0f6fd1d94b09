"""Win rates side by side and Marketing against the others, checked by hand and against the curve's own statement."""

import math
from datetime import timedelta

import pytest

from scorecard.errors import QueryError
from tests.sql.model import AS_OF, Snapshot, write_import
from tests.sql.test_close_probability import made_deals

MARKETING, SALES = "Paid Search", "Outbound"


def deals(source: str | None, *groups: tuple[int, str, int], age: int = 300, **more) -> list[dict]:
    """(how many, status, days until the end) of that age; money 100 each unless said."""
    rows = []
    for count, status, day in groups:
        for _ in range(count):
            created = AS_OF - timedelta(days=age)
            rows.append(
                {
                    "deal_id": f"{source}-{age}-{len(rows)}-{more.get('loss_reason', '')}",
                    "status": status,
                    "created_at": created,
                    "closed_at": None if status == "open" else created + timedelta(days=day),
                    "source_raw": source,
                    "amount": 100,
                }
                | more
            )
    return rows


TWO_ARMS = [
    *deals(MARKETING, (40, "won", 20), (60, "lost", 100)),
    *deals(SALES, (30, "won", 50), (70, "lost", 100)),
]


def only(rows: list[dict], **wanted) -> dict:
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def test_the_ratio_and_its_interval_by_hand(snapshot) -> None:
    row = only(snapshot(deals=TWO_ARMS).ask("close_ratio"), day=90, against="others")
    # Nobody is censored, so each curve is a plain share: 40 of 100 and 30 of 100, Var ln F = (1 - F) / (n F).
    assert row["ratio"] == pytest.approx(0.4 / 0.3)
    away = math.exp(1.959963984540054 * math.sqrt(0.6 / 40 + 0.7 / 30))
    assert row["low"] == pytest.approx(0.4 / 0.3 / away)
    assert row["high"] == pytest.approx(0.4 / 0.3 * away)
    assert (row["marketing_n"], row["marketing_wins"], row["others_n"], row["others_wins"]) == (100, 40, 100, 30)


def test_unknown_side_is_in_neither_arm_and_shown_apart(snapshot) -> None:
    rows = snapshot(deals=[*TWO_ARMS, *deals(None, (50, "won", 10))]).ask("close_ratio", days="90")
    assert only(rows, against="others")["others_n"] == 100
    mixed = only(rows, against="others and unknown")
    assert (mixed["others_n"], mixed["others_wins"]) == (150, 80)
    assert mixed["ratio"] == pytest.approx(0.4 / (80 / 150))
    assert any("50 deals of unknown side are in neither arm" in note for note in rows.notes)


def test_below_thirty_wins_there_is_no_ratio_and_it_says_how_many(snapshot) -> None:
    rows = snapshot(deals=TWO_ARMS).ask("close_ratio", days="30,90")
    row = only(rows, day=30, against="others")  # Sales' wins come on day 50
    assert row["ratio"] is row["low"] is row["high"] is None
    assert row["marketing"] == pytest.approx(0.4) and row["others_wins"] == 0
    assert any("by day 30" in note and "the others 0 of 100" in note for note in rows.notes)
    one_short = snapshot(deals=[*TWO_ARMS[:-100], *deals(SALES, (29, "won", 50), (71, "lost", 100))])
    assert only(one_short.ask("close_ratio", days="90"), against="others")["ratio"] is None
    assert only(one_short.ask("close_ratio", days="90", min_wins=29), against="others")["ratio"] is not None


def test_nothing_is_compared_beyond_the_younger_arm(snapshot) -> None:
    young = deals(SALES, (30, "won", 50), (40, "open", 0), age=60)
    rows = snapshot(deals=[*deals(MARKETING, (40, "won", 20), (60, "lost", 200)), *young]).ask("close_ratio")
    assert only(rows, day=30, against="others")["ratio"] is None
    assert [row["others"] for row in rows if row["day"] >= 90] == [None] * 6
    assert any("the others have been watched for 90 days" in note for note in rows.notes)
    at = only(snapshot(deals=[*TWO_ARMS[:100], *young]).ask("close_ratio", days="60"), against="others")
    assert at["ratio"] == pytest.approx(0.4 / (30 / 70))


def test_a_filter_and_a_period_choose_the_cases(snapshot) -> None:
    shot = snapshot(deals=[*TWO_ARMS, *deals(SALES, (30, "won", 5), age=400, segment="Big")])
    assert only(shot.ask("close_ratio", days="90"), against="others")["others_n"] == 130
    assert only(shot.ask("close_ratio", days="90", segments=["Big"]), against="others")["marketing"] is None
    since = (AS_OF - timedelta(days=350)).date()
    assert only(shot.ask("close_ratio", days="90", period_start=since), against="others")["others_n"] == 100
    with pytest.raises(QueryError, match="number of days"):
        shot.ask("close_ratio", days="ninety")


def test_the_rates_by_hand(snapshot) -> None:
    rows = snapshot(
        deals=[
            *deals(MARKETING, (1, "won", 20), (1, "won", 150), (1, "lost", 10)),
            *deals(MARKETING, (1, "lost", 40), loss_reason="No decision", amount=300),
            *deals(MARKETING, (2, "open", 0), age=50, amount=None),
        ]
    ).ask("win_rates", day=100)
    found = {row["name"]: row for row in rows}
    assert list(found) == ["win_curve", "win_rate_mature", "win_rate_created", "win_rate_closed", "win_rate_decided"]
    parts = {name: (row["numerator"], row["denominator"]) for name, row in found.items()}
    assert parts == {
        "win_curve": (1, 6),
        "win_rate_mature": (1, 4),  # the win on day 150 came after the 100 days, and the open ones are younger
        "win_rate_created": (2, 6),
        "win_rate_closed": (2, 4),
        "win_rate_decided": (2, 3),  # without the one lost to no decision
    }
    # At risk: 6 on day 10 (one lost), 5 on day 20 (one won).
    assert found["win_curve"]["value"] == pytest.approx(5 / 6 * 1 / 5)
    assert found["win_rate_closed"]["low"] == pytest.approx(0.1500, abs=5e-5)  # Wilson, 2 of 4
    assert found["win_rate_closed"]["amount_value"] == pytest.approx(200 / 600)
    assert found["win_rate_mature"]["amount_value"] == pytest.approx(100 / 600)
    # Weighing as money: 100 of 600 lost on day 10, then 100 of 500 won.
    assert found["win_curve"]["amount_value"] == pytest.approx(5 / 6 * 1 / 5)
    assert found["win_rate_created"]["amount_missing"] == 2
    assert any("2 deals without an amount" in note for note in rows.notes)


@pytest.mark.parametrize("nothing", [0, None])
def test_lost_deals_without_money_leave_no_rate_by_amount(snapshot, nothing) -> None:
    rows = snapshot(deals=[*deals(MARKETING, (30, "won", 20)), *deals(SALES, (20, "lost", 30), amount=nothing)]).ask(
        "win_rates", by=""
    )
    assert all(row["amount_value"] is None and row["amount_won"] is None for row in rows)
    assert {row["name"]: row["value"] for row in rows}["win_rate_closed"] == pytest.approx(0.6)
    assert "0% of the lost deals and on 100% of the won ones" in rows.notes[0]


def test_no_decision_is_a_rate_of_its_own_only_where_the_export_tells(snapshot) -> None:
    names = [row["name"] for row in snapshot(deals=TWO_ARMS).ask("win_rates")]
    assert "win_rate_decided" not in names


def test_money_counts_as_fewer_deals_the_more_it_differs(snapshot) -> None:
    one_large = [*deals(MARKETING, (10, "won", 20), (9, "lost", 30)), *deals(MARKETING, (1, "lost", 31), amount=9000)]
    row = only(snapshot(deals=one_large).ask("win_rates", day=100), name="win_rate_closed")
    assert row["amount_value"] == pytest.approx(1000 / 10900)
    n = 10900**2 / (19 * 100**2 + 9000**2)  # 1.46 deals
    p, z = 1000 / 10900, 1.959963984540054
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert row["amount_high"] == pytest.approx((centre + half) / (1 + z * z / n))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("made")
    shot = Snapshot(folder / "made.duckdb", [write_import(folder, "deals", made_deals(1500, 4))])
    yield shot
    shot.reader.close()


def test_the_curve_among_the_rates_is_the_win_curve(made: Snapshot) -> None:
    for by in ("channel", "segment", "cohort"):
        curve = made.ask("win_curve", by=by)
        rates = [row for row in made.ask("win_rates", by=by, day=90) if row["name"] == "win_curve"]
        assert len(rates) > 2
        for row in rates:
            own = [one for one in curve if one["group_value"] == row["group_value"]]
            if own[-1]["day"] < 90:
                assert row["value"] is None and row["amount_value"] is None
                continue
            at = [one for one in own if one["day"] <= 90][-1]
            for name, other in (("value", "won_probability"), ("low", "won_low"), ("high", "won_high")):
                assert (row[name] is None) == (at[other] is None)
                assert row[name] is None or row[name] == pytest.approx(at[other], abs=1e-9)


def test_a_cohort_is_the_quarter_of_creation(snapshot) -> None:
    born = [{"deal_id": day, "status": "open", "created_at": AS_OF.replace(month=month, day=1)}
            for day, month in (("a", 1), ("b", 3), ("c", 4), ("d", 11))]  # fmt: skip
    shot = snapshot(deals=born)
    assert sorted({row["group_value"] for row in shot.ask("win_curve", by="cohort")}) == [
        "2026-01",
        "2026-04",
        "2026-10",
    ]
    rates = shot.ask("win_rates", by="cohort")
    assert {row["group_value"]: row["denominator"] for row in rates if row["name"] == "win_rate_created"} == {
        "2026-01": 2, "2026-04": 1, "2026-10": 1,
    }  # fmt: skip


def test_velocity_is_four_levers_of_one_population_by_hand(snapshot) -> None:
    mature = [*deals(MARKETING, (30, "won", 20), (10, "won", 40), (60, "lost", 50)),
              *deals(MARKETING, (5, "won", 190), amount=7000)]  # fmt: skip
    alive = [*deals(MARKETING, (8, "open", 0), age=10), *deals(MARKETING, (3, "open", 0), age=250)]
    young = deals(MARKETING, (50, "won", 1), age=100)  # not yet watched for 180 days
    old = deals(MARKETING, (50, "won", 1), age=180 + 365)  # before the twelve months
    rows = {row["lever"]: row for row in snapshot(deals=[*mature, *alive, *young, *old]).ask("velocity")}
    # 8 open: three are older than 95 % of all won ones; 40 of 108 won within 180 days; 100 each; half by day 20.
    values = {name: row["value"] for name, row in rows.items()}
    assert values["open deals"] == 8
    assert values["win rate"] == pytest.approx(40 / 108)
    assert values["mean won amount"] == pytest.approx(100)
    assert values["median days to win"] == 20
    assert values["velocity a day"] == pytest.approx(8 * 40 / 108 * 100 / 20)
    assert rows["win rate"]["effect_of_10_percent"] == pytest.approx(values["velocity a day"] * 0.1)
    assert rows["median days to win"]["effect_of_10_percent"] == pytest.approx(values["velocity a day"] * (1 / 0.9 - 1))
    assert rows["win rate"]["n"] == 108


def test_velocity_without_enough_wins_says_which_part_is_missing(snapshot) -> None:
    rows = snapshot(deals=deals(MARKETING, (29, "won", 20), (20, "lost", 50))).ask("velocity")
    assert [row["value"] for row in rows] == [0, None, None, None, None]
    assert (
        rows[-1]["missing"].startswith("win rate, amount and days: 29 wins")
        and rows[-1]["effect_of_10_percent"] is None
    )
    unpriced = snapshot(deals=deals(MARKETING, (30, "won", 20), amount=None)).ask("velocity")[-1]
    assert unpriced["value"] is None and unpriced["missing"] == "amount: no won deal has one"
