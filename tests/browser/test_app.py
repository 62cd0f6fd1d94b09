"""The app as people meet it: a link opened first, a filter sent on, an upload, the shared screen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Visits, running, settle
from tests.command_line import ask

MENU = ("Scorecard", "Sourced revenue", "Close probability", "Video", "Definitions", "Data")
HEADINGS = {
    "": "Joint revenue scorecard",
    "sourced_revenue": "Sourced revenue",
    "close_probability": "Close probability",
    "video": "Video to revenue",
    "meeting": "Meeting",
    "definitions": "Definitions",
    "data": "Data",
}
NewPage = Callable[..., Page]

DEALS = """Record ID,Deal Name,Deal Stage,Pipeline,Amount,Currency,Create Date,Close Date,Deal owner,Original Source
9001,Alder Works,Closed Won,Sales,"30,000.00",USD,2026-01-05 09:00,2026-02-10 15:30,Ann Lee,Organic Search
9002,Birch & Co,Closed Won,Sales,"12,000.00",USD,2026-01-12 10:00,2026-02-16 11:00,Ann Lee,Organic Search
9003,Cedar Ltd,Closed Lost,Sales,"8,000.00",USD,2026-01-15 10:00,2026-02-20 12:00,Tom Ray,Paid Search
9004,Dogwood,Proposal,Sales,"5,000.00",USD,2026-02-01 10:00,2026-04-01 12:00,Tom Ray,Paid Search
"""


@pytest.fixture(scope="module")
def empty_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app without any data, for the two uploads below: one that is refused, then one that is published."""
    with running(tmp_path_factory.mktemp("empty"), None) as app:
        yield app


def framed(page: Page, heading: str) -> None:
    """The page stands inside the frame: its heading, the whole menu, no error and no false 'not found'."""
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    for name in MENU:
        expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def open_at(new_page: NewPage, app: App, place: str, **size: int) -> Page:
    page = new_page(**size)
    page.goto(f"{app.url}/{place}")
    settle(page)
    return page


def headline_numbers(page: Page) -> list[str]:
    """The figures of the cards."""
    return page.get_by_test_id("stMetricValue").all_inner_texts()


@pytest.mark.parametrize("place", ["video", "data"])
def test_a_link_to_a_page_is_the_first_thing_opened_after_a_restart(
    place: str, new_page: NewPage, sample_store: Path, tmp_path: Path
) -> None:
    with running(tmp_path, sample_store) as fresh:
        page = open_at(new_page, fresh, place)
        framed(page, HEADINGS[place])
        page.reload()
        settle(page)
        framed(page, HEADINGS[place])


@pytest.mark.parametrize("place", HEADINGS)
def test_every_page_opens_and_nothing_leaves_the_machine(
    place: str, new_tab: NewPage, sample_app: App, visits: Visits
) -> None:
    page = open_at(new_tab, sample_app, place)
    framed(page, HEADINGS[place])
    assert visits.urls
    assert visits.foreign == []
    # The browser fetches these when it likes, perhaps after the test.
    linked = page.eval_on_selector_all(
        "link[href], img[src], script[src]", "all => all.map(one => one.href || one.src)"
    )
    assert [url for url in linked if not url.startswith((sample_app.url, "data:"))] == []


def test_the_guard_sees_a_request_that_leaves(new_page: NewPage, visits: Visits) -> None:
    page = new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content("<img src='http://example.com/pixel.png'>", wait_until="load")
    assert visits.foreign == ["http://example.com/pixel.png"]


def test_a_filter_is_in_the_address_and_the_link_restores_the_view(new_page: NewPage, sample_app: App) -> None:
    page = open_at(new_page, sample_app, "sourced_revenue")
    page.get_by_role("radio", name="All", exact=True).click()
    page.wait_for_url("**period=All*")
    settle(page)
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Side", exact=True).click()
    page.get_by_role("option").first.click()
    page.wait_for_url("**side=*")
    page.keyboard.press("Escape")
    settle(page)
    chosen = parse_qs(urlsplit(page.url).query)["side"][0]
    chip = re.compile(rf"Side: {re.escape(chosen)}")
    expect(page.get_by_role("button", name=chip)).to_be_visible()

    other = new_page()
    other.goto(page.url)
    settle(other)
    expect(other.get_by_role("button", name=chip)).to_be_visible()
    expect(other.get_by_role("radio", name="All", exact=True)).to_be_checked()
    assert other.get_by_test_id("stCaptionContainer").all_inner_texts() == (
        page.get_by_test_id("stCaptionContainer").all_inner_texts()
    )


def test_a_period_changes_the_numbers(new_tab: NewPage, sample_app: App) -> None:
    page = open_at(new_tab, sample_app, "")
    before = headline_numbers(page)
    assert len(before) == 6
    page.get_by_role("radio", name="All", exact=True).click()
    page.wait_for_url("**period=All*")
    settle(page)
    assert headline_numbers(page) != before


def test_a_click_on_a_return_opens_its_channel_and_the_address_says_so(new_tab: NewPage, sample_app: App) -> None:
    page = open_at(new_tab, sample_app, "sourced_revenue?view=Return+on+spend&period=YTD")
    bars = page.locator(".st-key-returns .barlayer .point path")
    expect(bars.first).to_be_visible()
    bars.nth(1).click(force=True)
    page.wait_for_url("**spend_channel=*")
    settle(page)
    channel = parse_qs(urlsplit(page.url).query)["spend_channel"][0]
    expect(page.get_by_text(f"Deals credited: {channel}")).to_be_visible()
    expect(page.get_by_text("they add up to the channel's row")).to_be_visible()


def test_the_meeting_screen_fits_without_scrolling(new_tab: NewPage, sample_app: App) -> None:
    page = open_at(new_tab, sample_app, "?meeting=true", width=1920, height=1080)
    expect(page.locator(".js-plotly-plot")).not_to_have_count(0)
    page.wait_for_timeout(800)
    heights = page.evaluate(
        "() => ['stMain', 'stAppViewContainer'].map(name => {"
        ' const box = document.querySelector(`[data-testid="${name}"]`);'
        " return box ? box.scrollHeight : 0; })"
    )
    assert max(heights) <= 1080, heights
    assert min(heights) > 0, heights
    assert page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") == 20


def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(new_tab: NewPage, empty_app: App, tmp_path: Path) -> None:
    bad = tmp_path / "deals.csv"
    bad.write_text("<!DOCTYPE html><html><title>Sign in</title><body>Please sign in</body></html>", encoding="utf-8")
    page = open_at(new_tab, empty_app, "data")
    page.locator('input[type="file"]').set_input_files(bad)
    alert = page.get_by_test_id("stAlert").filter(has_text="deals.csv").first
    expect(alert).to_be_visible()
    assert 20 < len(alert.inner_text()) < 600
    assert "Traceback" not in page.content()
    assert not (empty_app.store / "CURRENT").exists()
    publish = page.get_by_role("button", name="Publish")
    assert publish.count() == 0 or publish.is_disabled()


def test_an_upload_ends_in_its_total_on_the_page(new_tab: NewPage, empty_app: App, tmp_path: Path) -> None:
    export = tmp_path / "hubspot-crm-exports-all-deals-2026-03-01.csv"
    export.write_text(DEALS, encoding="utf-8")
    page = open_at(new_tab, empty_app, "data")
    page.locator('input[type="file"]').set_input_files(export)
    settle(page)
    expect(page.get_by_text(export.name).first).to_be_visible()
    page.get_by_label("Your name").first.fill("Kim")
    page.get_by_label("Your name").first.press("Enter")
    settle(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published.", exact=False).first).to_be_visible()

    assert ask(empty_app.store, "won_revenue", "--grain", "total")[0]["value"] == 42_000
    page.goto(f"{empty_app.url}/sourced_revenue?period=All")
    settle(page)
    framed(page, HEADINGS["sourced_revenue"])
    expect(page.get_by_text("$42K", exact=False).or_(page.get_by_text("$42.0K", exact=False)).first).to_be_visible()
