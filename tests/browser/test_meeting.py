"""The weekly meeting in a real browser: numbers that stand still, an action measured again, screens by keyboard."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from scorecard import book_meetings
from scorecard.store import Store
from tests.browser.conftest import ROOT, SLOW_MS, App, running, settle
from tests.command_line import ask, load, scorecard

NewPage = Callable[..., Page]
BEGUN_MS = 100  # after the address has changed
SCREENS = ("Start", "Actions", "Signals", "What changed", "The quarter", "To call", "Decisions")
HEIGHTS = """() => ['stMain', 'stAppViewContainer'].map(name => {
  const box = document.querySelector(`[data-testid="${name}"]`); return box ? box.scrollHeight : 0; })"""
# Texts of a screen that lie on each other.
OVERLAPS = """() => {
  const inside = one => { const all = document.createRange(); all.selectNodeContents(one);
    return all.getBoundingClientRect(); };
  const all = [...document.querySelectorAll('.st-key-meeting_screen p, .st-key-meeting_screen h3')]
    .filter(one => one.checkVisibility({opacityProperty: true, visibilityProperty: true}) && one.innerText.trim());
  const boxes = all.map(one => [one.innerText, inside(one)]).filter(([, box]) => box.width);
  return boxes.flatMap(([text, a], i) => boxes.slice(i + 1).filter(([, b]) =>
    a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
    .map(([other]) => [text, other])); }"""


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app whose store has the first two weeks; the third is loaded by the test."""
    folder = tmp_path_factory.mktemp("meeting")
    load(folder / "store", ROOT / "data" / "sample" / "week-1", ROOT / "data" / "sample" / "week-2")
    with running(folder, None) as app:
        yield app


def open_at(new_page: NewPage, address: str) -> Page:
    page = new_page(1920, 1080)
    page.goto(address)
    settle(page)
    return page


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=False).first.click()
    settle(page)


def start(page: Page) -> None:
    page.get_by_label("Your name").first.fill("Kim")
    page.get_by_label("Your name").first.press("Enter")
    settle(page)
    page.get_by_role("button", name="Start the meeting").first.click()
    page.wait_for_url("**meet=*")
    settle(page, BEGUN_MS)


def screen(page: Page) -> str:
    """The screen that is open, as the row of screens and the address say."""
    chosen = page.locator('.st-key-agenda [class*="st-key-screen_"] [data-testid=stBaseButton-primary]')
    name = chosen.inner_text().strip()
    assert parse_qs(urlsplit(page.url).query).get("screen") == [name]
    return name


def turn_to(page: Page, name: str) -> None:
    page.locator(".st-key-agenda").get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(f"**screen={name.replace(' ', '+')}*")
    settle(page, BEGUN_MS)


def in_weeks(store: Path, action: book_meetings.Action, until: date) -> dict[str, Any]:
    """The action's metric as the command line tells it, over as many whole weeks."""
    start = until - timedelta(weeks=action.weeks)
    return ask(store, action.metric, "--from", start.isoformat(), "--to", until.isoformat())[0]


def upload(page: Page, folder: Path) -> None:
    page.locator('input[type="file"]').first.set_input_files(sorted(folder.glob("*.csv")))
    settle(page)
    page.get_by_label("Your name").first.fill("Nia")
    page.get_by_label("Your name").first.press("Enter")
    settle(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published.", exact=False).first).to_be_visible(timeout=SLOW_MS)


def test_a_meeting_keeps_its_numbers_and_the_next_one_measures_its_action_again(
    two_weeks: App, new_page: NewPage
) -> None:
    app, book = two_weeks, Store(two_weeks.store).book
    page = open_at(new_page, f"{app.url}/meeting")
    start(page)
    first = book_meetings.meetings(book)[0]
    assert first.who == "Kim" and first.is_running
    assert screen(page) == "Actions"
    expect(page.get_by_text("No action of an earlier meeting is open")).to_be_visible()

    # an action in one line: type, Enter
    turn_to(page, "Decisions")
    page.get_by_label("Action", exact=True).fill("Call every demo request within a day")
    page.get_by_label("Action", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="1 action written in this meeting")).to_be_visible()
    written = book_meetings.actions(book)[0]
    then = in_weeks(app.store, written, date(2026, 11, 9))
    assert (written.metric, written.by, written.meeting) == ("follow_up_in_sla", "Kim", first.id)
    assert float(written.value or 0) == pytest.approx(then["value"]) and written.cases == then["denominator"]

    # somebody else joins by the address; a load meanwhile moves nothing for the two
    other = open_at(new_page, page.url.replace("screen=Decisions", "screen=The+quarter"))
    lands = other.locator("h3").first.inner_text()
    desk = page.context.new_page()  # the same browser: what it has fetched once it has
    desk.goto(f"{app.url}/data")
    settle(desk)
    upload(desk, ROOT / "data" / "sample" / "week-3")
    desk.close()
    newest = Store(app.store).current()
    assert newest and newest.id != first.snapshot
    turn_to(page, "The quarter")
    expect(page.get_by_text("Data to Sun 8 Nov · newer numbers wait").first).to_be_visible()
    assert page.locator("h3").first.inner_text() == lands
    turn_to(page, "Decisions")
    click(page, "Close the meeting")
    expect(page.get_by_text("Data to Sun 15 Nov").first).to_be_visible()
    expect(page.get_by_text("Compared with the last meeting, on numbers to Sun 8 Nov.")).to_be_visible()

    # who stayed still sees the numbers of the meeting, and is told that it is over
    other.reload()
    settle(other)
    expect(other.get_by_text("You see the numbers of the meeting of")).to_be_visible()
    assert other.locator("h3").first.inner_text() == lands

    start(page)
    now = in_weeks(app.store, written, date(2026, 11, 16))
    assert screen(page) == "Actions"
    expect(page.get_by_text("Call every demo request within a day")).to_be_visible()
    expect(page.get_by_text(f"{then['value']:.1%} → {now['value']:.1%}")).to_be_visible()
    said = scorecard("actions", "--format", "json", store=app.store).json[0]
    expect(page.get_by_text(said["verdict"]).first).to_be_visible()
    assert book_meetings.meetings(book)[0].snapshot == newest.id
    walk(page)


def walk(page: Page) -> None:
    """Every screen by the arrow keys: each fits 1920 x 1080 and says its finding without a pointer."""
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**screen=Start*")
    for name in SCREENS:
        settle(page, BEGUN_MS)
        assert screen(page) == name
        heights = page.evaluate(HEIGHTS)
        assert min(heights) > 0 and max(heights) <= 1080, (name, heights)
        assert page.evaluate(OVERLAPS) == [], name
        assert len(page.locator(".st-key-meeting_screen h3").first.inner_text()) > 10
        expect(page.get_by_test_id("stException")).to_have_count(0)
        if name != SCREENS[-1]:
            page.keyboard.press("ArrowRight")
            wanted = SCREENS[SCREENS.index(name) + 1].replace(" ", "+")
            page.wait_for_url(lambda url, wanted=wanted: f"screen={wanted}" in url.replace("%20", "+"))
    page.keyboard.press("ArrowRight")  # after the last there is none
    settle(page)
    assert screen(page) == SCREENS[-1]
    # a key pressed while somebody types moves the cursor, not the screen
    page.get_by_label("Action", exact=True).fill("Half a sentence")
    page.get_by_label("Action", exact=True).press("ArrowLeft")
    page.wait_for_timeout(600)
    assert screen(page) == SCREENS[-1]
