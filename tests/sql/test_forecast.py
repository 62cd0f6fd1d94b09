"""The forecast through the front door: parts that add up, and earlier quarters that really brought what is said."""

from pathlib import Path

import pytest

from tests.command_line import ROOT, ask, command, load

FILES = sorted((ROOT / "data" / "sample").glob("week-1/*.csv"))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("forecast") / "store"
    load(store, *FILES)
    return store


def test_the_parts_add_up_and_booked_is_won_revenue(sample: Path) -> None:
    rows = {row["component"]: row for row in ask(sample, "forecast")}
    assert list(rows) == ["booked", "open", "not_yet_created", "total"]
    parts = sum(rows[name]["expected"] for name in ("booked", "open", "not_yet_created"))
    assert rows["total"]["expected"] == pytest.approx(parts)
    won = ask(sample, "won_revenue", "--from", "2026-10-01", "--to", "2026-11-02")[0]["value"]
    assert rows["booked"]["expected"] == pytest.approx(won)
    for row in rows.values():
        assert row["low80"] <= row["low50"] <= row["expected"] <= row["high50"] <= row["high80"]


def test_a_filter_forecasts_its_part_with_what_all_deals_teach(sample: Path) -> None:
    whole = ask(sample, "forecast")[-1]["expected"]
    parts = [ask(sample, "forecast", "--segment", name)[-1]["expected"] for name in ("SMB", "Mid-market", "Enterprise")]
    assert 0 < max(parts) < whole
    assert sum(parts) == pytest.approx(whole, rel=0.15)  # deals without a segment, and means by part


def test_earlier_quarters_are_what_was_won_in_them(sample: Path) -> None:
    rows = ask(sample, "forecast_backtest")
    assert len(rows) > 20
    actual = {row["quarter_start"]: row["actual"] for row in rows}
    won = ask(sample, "won_revenue", "--from", "2026-04-01", "--to", "2026-07-01")[0]["value"]
    assert actual["2026-04-01"] == pytest.approx(won)
    assert all(row["booked"] <= row["actual"] + 1e-6 for row in rows)


def test_too_few_wins_are_said(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(
        "deal_id,status,amount,created_at,closed_at\nd1,won,10,2026-01-01,2026-02-01\nd2,open,10,2026-02-01,\n"
    )
    load(tmp_path / "store", tmp_path / "deals.csv", "--as-of", "2026-03-01")
    asked = command("ask", "forecast", "--format", "json", store=tmp_path / "store")
    assert asked.json == []
    assert "needs 30 won deals to learn from; here are 1" in asked.sentence
