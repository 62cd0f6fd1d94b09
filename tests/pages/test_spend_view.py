"""The return on spend: said with its model and its clock, useful without any cost file, and honest under filters."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import load, words

Open = Callable[..., AppTest]
VIEW = "Return on spend"
PEOPLE = "person_id,email,created_at,segment\n1,a@x.example,2026-09-01,Small\n2,b@y.example,2026-09-02,Large\n"
DEALS = """deal_id,name,status,amount,created_at,closed_at,primary_person_id
1,Alder,won,30000,2026-09-10,2026-10-10,1
2,Birch,won,12000,2026-09-12,2026-10-20,2
3,Cedar,won,8000,2026-09-14,2026-11-02,
"""
TOUCHES = """at,person_id,channel,campaign_name
2026-09-01 00:00,1,Paid Search,Brand
2026-09-02 00:00,2,Events,Forum
"""
SPEND = """period_start,period_end,channel,cost,budget,kind
2026-09-01,2026-10-31,Paid Search,6000,5000,media
2026-09-01,2026-10-31,Paid Search,1000,,tool
2026-08-01,2026-08-31,Direct mail,10,,media
,,Events,70,,media
"""


@pytest.fixture(scope="session")
def spend_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spend")
    for name, text in {"people": PEOPLE, "deals": DEALS, "touches": TOUCHES, "spend": SPEND}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    load(folder / "store", *sorted(folder.glob("*.csv")))
    return folder / "store"


@pytest.fixture
def open_view(started: None, open_fresh: Open) -> Open:
    """The view at once: a filter in the address goes to the first page that is opened."""
    return partial(open_fresh, page="sourced_revenue", view=VIEW)


def said(app: AppTest) -> str:
    assert not app.exception
    assert not app.error
    return words(app).replace("\\", "")


def test_the_view_names_its_model_its_business_and_its_clock(open_view: Open, spend_store: Path) -> None:
    app = open_view(spend_store, period="All")
    assert "Credit by the model Linear, new business, counted when the deal closed" in said(app)
    app = open_view(spend_store, period="All", model="Agreed origin", cohort="At the touch")
    assert "Credit to the deal's agreed origin, new business, counted when the deal was created" in said(app)


def test_few_wins_are_said_and_get_no_headline(open_view: Open, spend_store: Path) -> None:
    text = said(open_view(spend_store, period="All"))
    assert "Only 3 credited wins" in text
    assert "Return on spend by channel" in text


def test_what_is_missing_is_named(open_view: Open, spend_store: Path) -> None:
    text = said(open_view(spend_store, period="YTD"))
    assert "Unattributed: $8.00K won by 1 deal without any known touch" in text
    assert "Cost lines without a period: 1" in text


def test_the_table_has_the_costs_of_each_step(open_view: Open, spend_store: Path) -> None:
    app = open_view(spend_store, period="All")
    table = app.dataframe[0].value.set_index("group_value")
    row = dict(table.loc["Paid search"])
    assert [row[name] for name in ("spend", "won_revenue", "cost_per_lead", "cost_per_won")] == [
        7000,
        30000,
        7000,
        7000,
    ]
    media = open_view(spend_store, period="All", costs="Media only")
    assert media.dataframe[0].value.set_index("group_value").loc["Paid search", "spend"] == 6000


def test_spend_stands_against_its_budget(open_view: Open, spend_store: Path) -> None:
    assert "Paid search spent more than its budget" in said(open_view(spend_store, period="All"))


def test_a_filter_spend_cannot_follow_takes_the_return_and_says_why(open_view: Open, spend_store: Path) -> None:
    app = open_view(spend_store, period="All", segment=["Small"])
    assert "Spend is not known by segment" in said(app)
    table = app.dataframe[0].value
    assert "roas" not in table.columns
    assert table["won_revenue"].sum() == 30000


def test_without_touches_the_agreed_origin_is_proposed_and_a_model_says_what_is_missing(
    open_view: Open, deals_store: Path
) -> None:
    assert "Credit to the deal's agreed origin" in said(open_view(deals_store, period="All"))


def test_without_a_cost_file_revenue_and_counts_are_still_there(open_view: Open, deals_store: Path) -> None:
    app = open_view(deals_store, period="All")
    text = said(app)
    assert "no cost is loaded. Load a spend file, or an ad platform's campaign report" in text
    assert app.dataframe[0].value["won_revenue"].sum() == 60000
    assert not {"spend", "roas", "cost_per_won"} & set(app.dataframe[0].value.columns)
    assert "What each channel brought" in text


def test_the_deals_behind_a_channel_add_up_to_its_row(open_view: Open, sample_store: Path) -> None:
    app = open_view(sample_store, period="YTD", spend_channel="Paid social")
    assert not app.exception
    table = app.dataframe[0].value.set_index("group_value")
    deals = next(frame.value for frame in app.dataframe if "credited_amount" in frame.value.columns)
    assert len(deals) > 1
    assert round(deals["credited_amount"].sum()) == table.loc["Paid social", "won_revenue"]


def test_another_model_gives_another_credit(open_view: Open, sample_store: Path) -> None:
    found = set()
    for model in ("First", "Last touch"):
        table = open_view(sample_store, period="YTD", model=model).dataframe[0].value
        found.add(float(table.set_index("group_value")["won_revenue"]["Email"]))
    assert len(found) == 2


def test_the_assumptions_are_those_of_the_attribution_and_are_said(open_view: Open, sample_store: Path) -> None:
    agreed = open_view(sample_store, period="YTD")
    other = open_view(sample_store, period="YTD", lookback="30")
    assert "Lookback 365 days" in said(agreed)
    assert "Lookback 30 days" in said(other)
    unattributed = [
        float(app.dataframe[0].value.set_index("group_value")["won_revenue"]["Unattributed"]) for app in (agreed, other)
    ]
    assert unattributed[0] < unattributed[1]


def test_a_period_without_costs_says_for_which_days_they_are_known(open_view: Open, spend_store: Path) -> None:
    text = said(open_view(spend_store, period="Custom", range=["2026-11-01", "2026-11-15"]))
    assert "No channel here has spend in this period" in text
    assert "Costs are known from 1 Aug 2026 to 31 Oct 2026" in text


def test_costs_that_end_before_the_period_does_are_named(open_view: Open, spend_store: Path) -> None:
    assert "Costs end before the period does: Email (31 Aug 2026)." in said(open_view(spend_store, period="YTD"))


def test_an_empty_period_says_so(open_view: Open, deals_store: Path) -> None:
    app = open_view(deals_store, period="Custom", range=["2020-01-01", "2020-01-31"])
    assert "No spend and no credit here" in said(app)


def test_a_part_of_the_business_without_targets_is_not_held_against_the_whole_plan(
    open_view: Open, sample_store: Path
) -> None:
    whole = said(open_view(sample_store, period="YTD"))
    part = said(open_view(sample_store, period="YTD", region=["EMEA"]))
    assert "channels reached their target" in whole
    assert "reached" not in part
    assert "Targets are not agreed by region, so none is shown" in part
