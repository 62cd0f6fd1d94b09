"""The customer view in a real browser: clicks lead from channel to timeline, and its link shows the same elsewhere."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, settle

NewPage = Callable[..., Page]


def told(page: Page) -> list[str]:
    """The sentence over the timeline, its facts, and the lanes of the chart."""
    lanes = page.locator(".st-key-timeline .ytick text").all_inner_texts()
    assert lanes
    return [*page.get_by_role("heading").all_inner_texts(), *page.locator(".stCaption").all_inner_texts(), *lanes]


def click_row(page: Page, key: str, number: int = 0) -> None:
    """Tick a row of a table: the box stands at the left edge."""
    box = page.locator(f".st-key-{key} canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 18, box["y"] + 35 * (number + 1) + 18)
    settle(page)


def test_clicks_lead_from_a_channel_to_a_timeline_whose_link_shows_the_same(
    new_page: NewPage, new_tab: NewPage, sample_app: App
) -> None:
    page = new_tab()
    page.goto(f"{sample_app.url}/sourced_revenue?view=Customer&period=All")
    settle(page)
    bar = page.locator(".st-key-credit_channels .bars path").nth(2).bounding_box()
    assert bar
    page.mouse.click(bar["x"] + 40, bar["y"] + bar["height"] / 2)
    expect(page.get_by_role("heading", name=re.compile("^Campaigns of "))).to_be_visible()
    settle(page)
    click_row(page, "credit_campaigns")
    expect(page.get_by_role("heading", name=re.compile("^Campaigns of "))).to_have_count(0)
    settle(page)
    click_row(page, "credit_deals", 1)
    expect(page.get_by_role("heading", name="Everything that happened")).to_be_visible()
    settle(page)
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["view"] == ["Customer"]
    assert asked["deal"] and asked["credit_channel"] and asked["credit_campaign"]

    other = new_page()
    other.goto(page.url)
    settle(other)
    assert told(other) == told(page)

    other.goto(f"{sample_app.url}/sourced_revenue?view=Customer&deal={asked['deal'][0]}")
    settle(other)
    assert told(other)[1:3] == told(page)[1:3]

    page.locator(".st-key-crumbs button").last.click()
    expect(page.get_by_role("heading", name="Everything that happened")).to_have_count(0)
    settle(page)
    assert "deal" not in parse_qs(urlsplit(page.url).query)
    expect(page.get_by_role("heading", name=f"Deals of {asked['credit_campaign'][0]}")).to_be_visible()


def test_a_deal_of_another_view_opens_its_timeline(new_tab: NewPage, sample_app: App) -> None:
    page = new_tab()
    page.goto(f"{sample_app.url}/sourced_revenue?period=All")
    settle(page)
    page.locator(".st-key-deals_behind").scroll_into_view_if_needed()
    click_row(page, "deals_behind")
    expect(page.get_by_role("heading", name="Everything that happened")).to_be_visible()
    expect(page.get_by_role("radio", name="Customer", exact=True)).to_be_checked()
    page.wait_for_url("**view=Customer*", timeout=10_000)
    page.wait_for_url("**deal=*", timeout=10_000)
