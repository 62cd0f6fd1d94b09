"""What changed: the bars, the deals behind them, one state alone, and another day to compare with."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scorecard import loading
from scorecard.ingest.report import LoadOptions
from scorecard.store import Store
from tests.pages.conftest import words

PAGE = "what_changed"
HEAD = "deal_id,name,status,amount,created_at,closed_at,expected_close_at,owner\n"
WEEKS = (
    "1,Alder,open,1000000,2026-09-01,,2026-12-01,Ann\n2,Birch,open,300000,2026-09-02,,2026-12-05,Ann\n",
    (
        "1,Alder,won,1000000,2026-09-01,2026-11-04,,Ann\n2,Birch,open,300000,2026-09-02,,2026-12-05,Ann\n"
        "3,Cedar,open,50000,2026-11-03,,2026-12-20,Tom\n"
    ),
    (
        "1,Alder,won,1000000,2026-09-01,2026-11-04,,Ann\n2,Birch,open,300000,2026-09-02,,2027-02-01,Ann\n"
        "3,<b>Cedar</b>,open,80000,2026-11-03,,2026-12-20,Tom\n4,Dogwood,open,200000,2026-11-12,,2026-12-24,Tom\n"
    ),
)


@pytest.fixture(scope="module")
def weeks_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weeks")
    store = Store(folder / "store")
    for number, lines in enumerate(WEEKS):
        on = datetime(2026, 11, 1 + 7 * number)
        path = folder / f"deals-{on:%Y-%m-%d}.csv"
        path.write_text(HEAD + lines, encoding="utf-8")
        now = datetime(2026, 11, 2 + 7 * number, 9)
        preview = loading.preview(store, [path], LoadOptions(as_of=on.date()), now)
        assert not preview.blocked, [report.questions or report.error for report in preview.reports]
        loading.commit(store, preview, now, "test")
    return folder / "store"


def said(app: AppTest) -> str:
    assert not app.exception
    return words(app).replace("\\", "")  # as read, not as escaped


def deals(app: AppTest):
    return next(one.value for one in app.dataframe if "amount_before" in one.value.columns)


def test_the_headline_names_what_moved_most_and_the_deals_add_up(
    open_app: Callable[..., AppTest], weeks_store: Path
) -> None:
    app = open_app(weeks_store, PAGE)
    text = said(app)
    assert "Open pipeline for this quarter fell $70.0K since Sun 8 Nov: $300K pushed out, $200K created" in text
    assert "open deals expected to close 1 Oct – 31 Dec 2026" in text and "One week apart" in text
    assert "3 deals add up to the bars: −$70.0K" in text
    rows = deals(app)
    assert list(rows["deal_name"]) == ["Birch", "Dogwood", "<b>Cedar</b>"]
    assert list(rows["amount"]) == [-300000, 200000, 30000]


def test_another_day_another_scope_and_one_bar_from_the_address(
    open_app: Callable[..., AppTest], weeks_store: Path
) -> None:
    app = open_app(weeks_store, PAGE, since="Sun 1 Nov 2026", closing="Any time", bucket="Won")
    text = said(app)
    assert "Open pipeline fell $720K since Sun 1 Nov: $1.00M won, $280K created" in text
    assert "whatever their close date" in text
    assert list(deals(app)["deal_name"]) == ["Alder"]
    assert "1 deal adds up to the bar: −$1.00M" in text


def test_an_owner_filter_is_applied_to_both_sides(open_app: Callable[..., AppTest], weeks_store: Path) -> None:
    app = open_app(weeks_store, PAGE)
    text = said(app.multiselect(key="owner").set_value(["Tom"]).run())
    assert "grew $230K since Sun 8 Nov: $200K created, $30.0K added to amounts" in text


def test_one_state_alone_says_what_to_load(open_app: Callable[..., AppTest], deals_store: Path) -> None:
    text = said(open_app(deals_store, PAGE))
    assert "Nothing to compare with yet" in text and "Load next week's export" in text
    assert "Won revenue" in text  # two periods of one state can be compared


def test_why_revenue_moved_can_be_split_by_channel(open_app: Callable[..., AppTest], deals_store: Path) -> None:
    text = said(open_app(deals_store, PAGE, split="Mix of channels", period="13w"))
    assert "no mix to compare" in text or "Volume" in text


def test_deals_without_an_expected_close_are_not_hidden_behind_a_quarter(
    open_app: Callable[..., AppTest], tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    for number, amount in enumerate((100, 150)):
        on = datetime(2026, 11, 8 + 7 * number)
        path = tmp_path / f"deals-{on:%Y-%m-%d}.csv"
        path.write_text(f"deal_id,name,status,amount,created_at\n1,Alder,open,{amount},2026-09-01\n", encoding="utf-8")
        now = datetime(2026, 11, 9 + 7 * number, 9)
        preview = loading.preview(store, [path], LoadOptions(as_of=on.date()), now)
        loading.commit(store, preview, now, "test")
    assert "Open pipeline grew $50 since Sun 8 Nov: $50 added to amounts" in said(open_app(store.root, PAGE))
