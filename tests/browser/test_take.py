"""Taken along in a real browser: a pinned link keeps its numbers, a saved view opens the same screen, files."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from scorecard.export.pdf import find_browser, printed
from scorecard.store import Store
from tests.browser.conftest import ROOT, App, Visits, running, settle
from tests.command_line import ask, command, load

NewPage = Callable[..., Page]
REGION = "EMEA"


@pytest.fixture(scope="module")
def weeks_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app whose store has its first week; later weeks are loaded by the test."""
    folder = tmp_path_factory.mktemp("weeks")
    load(folder / "store", ROOT / "data" / "sample" / "week-1")
    with running(folder, None) as app:
        yield app


def open_at(new_page: NewPage, address: str) -> Page:
    page = new_page()
    page.goto(address)
    settle(page)
    return page


def screen(page: Page) -> dict[str, list[str]]:
    """What a leader reads: cards, headlines, chips."""
    chips = page.locator(".st-key-chips button").all_inner_texts()
    return {
        "cards": page.get_by_test_id("stMetricValue").all_inner_texts(),
        "headlines": page.locator("h1, h3").all_inner_texts(),
        "chips": [text.strip() for text in chips],
    }


def exported(page: Page, what: str) -> None:
    page.get_by_role("button", name="Export", exact=False).first.click()
    page.get_by_role("menuitem", name=re.compile(what)).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settle(page)


def test_a_pinned_link_shows_its_numbers_for_ever(weeks_app: App, new_page: NewPage, new_tab: NewPage) -> None:
    store = weeks_app.store
    first = Store(store).current()
    assert first
    page = open_at(new_tab, f"{weeks_app.url}/?period=YTD&region={REGION}")
    then = screen(page)
    exported(page, "Link to these numbers")
    link = page.get_by_role("dialog").get_by_test_id("stCode").first.inner_text().strip()
    assert f"snapshot={first.id}" in link and "definitions=" in link and f"region={REGION}" in link
    load(store, ROOT / "data" / "sample" / "week-2")
    load(store, ROOT / "data" / "sample" / "week-3")
    newest = screen(open_at(new_tab, f"{weeks_app.url}/?period=YTD&region={REGION}"))
    assert newest["cards"] != then["cards"], "the later weeks moved the numbers"
    assert command("snapshots", "--prune", "1", store=store).code == 0  # the file of week 1 is gone: built again
    assert not first.path.exists()
    other = open_at(new_page, link)
    assert screen(other) == then
    expect(other.get_by_text("You see the numbers published on")).to_be_visible()
    one = ask(store, "new_leads", "--from", "2026-01-01", "--region", REGION, "--snapshot", first.id)
    assert then["cards"][1] == f"{one[0]['value']:,.0f}"


def test_a_link_says_under_which_definitions_its_numbers_were_computed(weeks_app: App, new_tab: NewPage) -> None:
    info = Store(weeks_app.store).current()
    assert info
    page = open_at(new_tab, f"{weeks_app.url}/?snapshot={info.id}&definitions=2025-01-01")
    expect(page.get_by_text("This link was made under definitions 2025-01-01")).to_be_visible()


def test_a_saved_view_opens_the_same_screen_in_a_fresh_browser(
    weeks_app: App, new_page: NewPage, new_tab: NewPage
) -> None:
    page = open_at(new_tab, f"{weeks_app.url}/sourced_revenue?period=YTD&region={REGION}")
    page.get_by_role("radio", name="Attribution", exact=True).click()
    page.wait_for_url("**view=Attribution*")
    settle(page)
    here = screen(page)
    assert here["chips"]
    page.get_by_role("button", name="Views").first.click()
    page.get_by_role("button", name="Save this view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the view").fill("Europe <b>so far</b>")
    dialog.get_by_label("Your name").fill("Kim")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("Saved as")).to_be_visible()
    link = dialog.get_by_test_id("stCode").first.inner_text().strip()
    assert Store(weeks_app.store).book.rows("views")[0]["by"] == "Kim"
    other = open_at(new_page, link)
    assert screen(other) == here

    # by one click in the menu of that browser, from another page with another filter
    other.goto(f"{weeks_app.url}/?side=sales&period=4w")
    settle(other)
    other.get_by_role("button", name="Views").first.click()
    other.locator(".saved-views a").filter(has_text="Europe <b>so far</b>").click()
    other.wait_for_url("**/sourced_revenue*")
    settle(other)
    assert screen(other) == here


def test_a_saved_view_is_removed_for_everybody(weeks_app: App, new_tab: NewPage) -> None:
    row = {"name": "Gone soon", "page": "video", "query": "", "by": "Kim", "at": "2026-11-16"}
    Store(weeks_app.store).book.put("views", row, "Kim", Store(weeks_app.store).snapshots()[0].published_at)
    page = open_at(new_tab, f"{weeks_app.url}/video")
    page.get_by_role("button", name="Views").first.click()
    page.get_by_role("button", name="Remove a view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="View").click()
    page.get_by_role("option", name="Gone soon").click()
    dialog.get_by_label("Your name").fill("Ann")
    dialog.get_by_role("button", name="Remove for everybody").click()
    settle(page)
    assert "Gone soon" not in [row["name"] for row in Store(weeks_app.store).book.rows("views")]


def test_slides_are_made_on_a_click(weeks_app: App, new_tab: NewPage) -> None:
    page = open_at(new_tab, weeks_app.url)
    exported(page, "Slides")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download Slides").click()
    show = Presentation(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert len(show.slides) >= 7


def test_the_report_asks_no_host_and_follows_the_theme(
    weeks_app: App, new_page: NewPage, visits: Visits, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    assert command("export", file, store=weeks_app.store).code == 0
    page = new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-drawn=yes]")
    assert {url.split(":")[0] for url in visits.urls} <= {"file", "data", "blob"}
    assert page.locator(".js-plotly-plot").count() >= 5
    assert page.locator(".kpis tbody tr").count() == 6
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(255, 255, 255)", "rgb(15, 23, 32)"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if find_browser():
        paper = printed(file.read_text(encoding="utf-8"))
        assert paper.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", paper)) >= 5


def test_the_digest_says_what_changed_since_the_snapshot_before(weeks_app: App) -> None:
    said = command("digest", store=weeks_app.store).out
    flow = {row["bucket"]: row for row in ask(weeks_app.store, "pipeline_flow")}
    assert "What changed since Sun 8 Nov" in said
    assert f"({flow['end']['deals']} deals)" in said.partition("**End**")[2].splitlines()[0]
