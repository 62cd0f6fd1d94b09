"""Customer: a deal by link, by search or by its channel; one timeline, and credit that adds up."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from scorecard import ui
from tests.pages.conftest import load, words

Open = Callable[..., AppTest]
PEOPLE = """person_id,name,email,created_at
p1,Anna Bell,anna@alder.example,2026-09-01 09:00
p2,,tom@alder.example,2026-09-05 09:00
p3,<img src=x onerror=alert(1)>,eve@x.example,2026-09-05 09:00
p4,Old Touch,old@x.example,2026-09-05 09:00
"""
DEALS = """deal_id,name,status,amount,created_at,closed_at,primary_person_id,person_ids,type
1,Alder,won,30000.01,2026-09-10,2026-10-10,p1,p2,newbusiness
2,**Birch** [x](http://evil.example),won,12000,2026-09-12,2026-10-20,p3,,newbusiness
3,Cedar,lost,8000,2026-09-12,2026-11-02,p1,,newbusiness
4,Dogwood,won,10000,2026-09-12,2026-11-03,,,newbusiness
5,Elm,open,7000,2026-09-12,,p1,,newbusiness
6,Fir,won,500,2026-09-12,2026-10-12,p4,,newbusiness
"""
TOUCHES = """at,person_id,channel,campaign_name,kind
2026-08-31 10:00,p1,Email,Nurture,email
2026-08-31 10:10,p1,Email,Nurture,email
2026-09-06 10:00,p2,Paid Search,Brand,ad_click
2026-09-20 10:00,p2,Email,,email
2026-12-01 10:00,p2,Email,,email
2026-09-06 10:00,p3,Events,# <b>Expo</b> ![i](http://evil.example/i.png),event
2024-09-06 10:00,p4,Events,Old,event
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("customers")
    for name, text in (("people", PEOPLE), ("deals", DEALS), ("touches", TOUCHES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    load(folder / "store", *(folder / f"{name}.csv" for name in ("people", "deals", "touches")))
    return folder / "store"


@pytest.fixture
def customer(open_app: Open, store: Path) -> Open:
    """`customer(deal="1")` -> the view with that address."""

    def run(**query: str) -> AppTest:
        app = open_app(store, "sourced_revenue", view="Customer", **{"period": "All", **query})
        assert not app.exception
        assert not app.error
        return app

    return run


def said(app: AppTest) -> str:
    return words(app).replace("\\", "")


def frame(app: AppTest, column: str) -> pd.DataFrame:
    return next(found.value for found in app.dataframe if column in found.value)


def listed(app: AppTest) -> str:
    """All rows of all tables."""
    return "".join(found.value.to_csv() for found in app.dataframe)


def test_a_link_opens_the_timeline_with_credit_that_adds_up(customer: Open) -> None:
    app = customer(deal="1")
    assert "Alder, won for $30.0K: 3 of 5 touches count, of 2 people over 20 days" in said(app)
    credit = frame(app, "Linear")
    assert list(credit["mark"]) == ["Total", "FT LC", "OC", "CW"]
    assert set(credit.iloc[0, 3:-1]) == {"100% $30.0K"}
    assert list(credit["Linear"]) == ["100% $30.0K", *["33.3% $10.0K"] * 3]
    events = frame(app, "why_no_credit")
    touches = events[events["kind"] == "Touch"]
    assert list(touches["why_no_credit"].dropna()) == ["same session", "after the close"]
    assert "Markov and Shapley speak of channels only" in said(app)


def test_the_model_chosen_stands_beside_the_events(customer: Open) -> None:
    events = frame(customer(deal="1", model="First"), "why_no_credit")
    assert list(events["credit"].dropna()) == ["100% $30.0K"]


def test_a_channel_leads_to_campaigns_and_deals_that_add_up(customer: Open) -> None:
    app = customer()
    text = said(app)
    assert "The bars add up to 4 deals won and $52.5K" in text
    app.selectbox(key="credit_channel").set_value("Email").run()
    assert list(frame(app, "revenue")["campaign"]) == ["(none)", "Nurture"]
    assert said(app).count("the rows add up to Email") == 2
    app.selectbox(key="credit_campaign").set_value("Nurture").run()
    assert list(frame(app, "credited_amount")["deal_name"]) == ["Alder"]
    assert "0.3 deals and $10.0K: the rows add up to Nurture" in said(app)
    assert "do NOT" not in said(app)


def test_other_assumptions_are_followed_to_the_touch(customer: Open) -> None:
    short = customer(deal="1", lookback="30")
    assert "1 of 5 touches count" in said(short)
    assert "the 30 days in which touches count" in said(short)
    assert list(frame(short, "Linear")["Linear"]) == ["100% $30.0K", "100% $30.0K"]
    assert not [name for name in frame(short, "Linear") if name == "Own"]
    own = frame(customer(deal="1", weights="1,0,0,0,0"), "Linear")
    assert list(own["Own"]) == ["100% $30.0K", "100% $30.0K", "—", "—"]


def test_unattributed_is_followed_like_a_channel(customer: Open) -> None:
    app = customer(credit_channel="Unattributed")
    assert sorted(frame(app, "credited_amount")["deal_id"]) == ["4", "6"]


def test_the_way_back_goes_one_level_up(customer: Open) -> None:
    app = customer(deal="1", credit_channel="Email", credit_campaign="Nurture")
    assert [button.label for button in app.button if str(button.key).startswith("crumb_")] == [
        "All channels",
        "Email",
        "Nurture",
    ]
    app.button(key="crumb_1").click().run()
    assert app.text_input(key="deal").value == ""
    assert app.selectbox(key="credit_channel").value == "Email"
    assert app.selectbox(key="credit_campaign").value is None
    app.button(key="crumb_0").click().run()
    assert app.selectbox(key="credit_channel").value is None
    assert "Follow the credit" in said(app)


def test_a_search_lists_the_deals_it_found(customer: Open) -> None:
    assert list(frame(customer(deal="ALD"), "status")["deal_id"]) == ["1"]
    assert "No deal has “zzz”" in said(customer(deal="zzz"))


@pytest.mark.parametrize(
    ("deal", "sentence"),
    [
        ("4", "Unattributed: it names no person"),
        ("6", "Unattributed: all touches of its people are older than the lookback"),
        ("3", "No credit: a lost deal has no revenue to credit"),
        ("5", "No credit: credit is given when it is won"),
    ],
)
def test_a_deal_without_credit_says_why(customer: Open, deal: str, sentence: str) -> None:
    app = customer(deal=deal)
    assert sentence in said(app)
    assert frame(app, "before_close") is not None
    assert not [found for found in app.dataframe if "Linear" in found.value]


def test_without_touches_the_file_is_named_and_a_deal_is_still_found(open_app: Open, deals_store: Path) -> None:
    app = open_app(deals_store, "sourced_revenue", view="Customer", period="All")
    assert not app.exception
    assert "no touch is loaded" in words(app)
    app.text_input(key="deal").set_value("Alder").run()
    assert list(frame(app, "status")["deal_id"]) == ["1"]
    app.text_input(key="deal").set_value("1").run()
    assert not app.exception
    assert "Unattributed" in said(app)


def test_names_and_addresses_are_masked(customer: Open) -> None:
    quiet = listed(customer(deal="1"))
    assert "Anna Bell" in quiet
    assert "t•••@alder.example" in quiet
    assert "tom@" not in quiet
    meeting = customer(deal="1").toggle(key="meeting").set_value(True).run()
    shown = listed(meeting)
    assert "A. B." in shown
    assert "Anna" not in shown
    assert "Anna" not in words(meeting)
    assert "Anna" not in str([chart.proto for chart in meeting.get("plotly_chart")])


def test_hostile_names_stay_text(customer: Open) -> None:
    for app in (customer(deal="2"), customer(credit_channel="Events"), customer(deal="birch")):
        for part in (app.subheader, app.caption, app.info):
            assert "](http" not in "".join(str(element.value) for element in part)
        assert all("](http" not in button.label for button in app.button)


def test_a_model_of_another_view_is_no_model_here(open_app: Open, store: Path) -> None:
    app = open_app(store, "sourced_revenue", period="All")
    app.session_state["model"], app.session_state["view"] = "Agreed origin", "Customer"
    app.run()
    assert not app.exception
    assert app.selectbox(key="model").value == "Linear"


def elsewhere() -> None:
    """A page with the widgets of the address and a link to a deal."""
    import streamlit as st

    from scorecard import ui

    view = st.segmented_control("View", ["Attribution", "Customer"], key="view", default="Attribution")
    deal = st.text_input("Deal", key="deal")
    st.button("Open", on_click=ui.open_deal, args=("7/8",))
    st.text(f"{view}: {deal}")


def test_other_views_open_a_deal_with_one_call() -> None:
    app = AppTest.from_function(elsewhere).run()
    assert app.text[0].value == "Attribution:"
    app.button[0].click().run()
    assert not app.exception
    assert app.text[0].value == "Customer: 7/8"


def test_the_address_of_a_deal_holds_any_id() -> None:
    assert ui.deal_address("7/8 & #?") == "/sourced_revenue?view=Customer&deal=7%2F8%20%26%20%23%3F"
