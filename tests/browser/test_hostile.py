"""Hostile values in every text column and file name, in a real browser: nothing runs, links, loads or breaks."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from scorecard.book import Book
from scorecard.ui_frame import PAGES
from tests.browser.conftest import App, Visits, running, settle
from tests.command_line import load
from tests.hostile import EVIL, FILE_NAMES, UPLOAD_NAME, VALUES, formulas_of, raw_formulas, write_exports

NewTab = Callable[..., Page]
ADDRESSES = ["" if page is PAGES[0] else page.file for page in PAGES]
# Charts whose curves and legends are named by data.
ADDRESSES += ["close_probability?by=Segment", "close_probability?by=Segment&entity=people"]
ADDRESSES += ["sourced_revenue?view=Attribution", "sourced_revenue?view=Customer"]
# What people type, and lists of names.
ADDRESSES += ["?show=Joint scorecard", "meeting?screen=Actions", "meeting?screen=Decisions"]
ADDRESSES += ["hand_off?view=Who dropped what", "hand_off?view=Quality loop"]
TYPED_AT = datetime(2026, 11, 14, 9)
DATA_TABS = ("Checks", "Quarantine", "History", "Settings", "Which report to export")
# Elements that only data could have brought in.
BROUGHT_IN = f"""() => [...document.querySelectorAll('*')].filter(one =>
  ['href', 'src', 'srcdoc', 'xlink:href', 'action', 'style'].some(
    name => /{EVIL.replace(".", "[.]")}|javascript:|__xss/.test(one.getAttribute(name) || ''))
  || [...one.attributes].some(attribute => attribute.name.startsWith('on') && /__xss/.test(attribute.value))
  || (one.tagName === 'SCRIPT' && /__xss/.test(one.textContent))
).map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app whose every text is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "exports").mkdir()
    paths = write_exports(folder / "exports")
    answer = f"{FILE_NAMES[0]}.amount.unreadable=quarantine"
    type_in(Book(folder / "store" / "book.sqlite"))
    load(folder / "store", *paths, "--as-of", "2026-11-15", "--answer", answer)
    with running(folder, None) as app:
        yield app


def type_in(book: Book) -> None:
    """The same values as people could type them: owners of numbers, actions, notes on dates, and who wrote them."""
    for number, value in enumerate(VALUES):
        text = "".join(letter for letter in value if letter.isprintable())
        action = {"id": number, "text": text, "owner": text, "side": "both", "status": "open", "by": text}
        book.put("actions", action | {"at": TYPED_AT.isoformat()}, text, TYPED_AT)
        note = {"id": number, "day": f"2026-10-{1 + number % 28:02d}", "text": text, "side": "both", "by": text}
        book.put("annotations", note | {"at": TYPED_AT.isoformat()}, text, TYPED_AT)
    for number, metric in enumerate(("won_revenue", "won_deals", "new_leads", "pipeline_created")):
        kpi = {"metric": metric, "position": number, "owner": VALUES[4 * number + 1]}
        book.put("scorecard_kpis", kpi | {"marketing_input": "part", "sales_input": "part"}, "test", TYPED_AT)


def harmless(page: Page, visits: Visits) -> None:
    """Nothing ran, nothing links or loads from data, nothing left the machine, nothing broke; of a settled page."""
    assert page.evaluate("window.__xss") is None
    assert page.evaluate(BROUGHT_IN) == []
    assert visits.foreign == []
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())")
    settle(page)


def open_at(new_tab: NewTab, app: App, place: str) -> Page:
    page = new_tab()
    page.goto(f"{app.url}/{place}")
    settle(page)
    expect(page.locator("h1").first).to_be_visible()
    return page


def test_the_guard_sees_code_links_and_images(new_tab: NewTab) -> None:
    page = new_tab()
    page.route("**/*", lambda route: route.abort())
    bad = [f"<a href='http://{EVIL}/a'>x</a>", f"<img src='http://{EVIL}/i.png'>", "<b onclick='window.__xss=1'>x</b>"]
    for markup in bad:
        page.set_content(markup)
        assert len(page.evaluate(BROUGHT_IN)) == 1
    page.set_content("<p></p>")
    assert page.evaluate(BROUGHT_IN) == []
    page.set_content("<img src=x onerror='window.__xss=1'>")
    page.wait_for_function("window.__xss === 1")


@pytest.mark.parametrize("place", ADDRESSES)
def test_a_page_full_of_hostile_values_is_harmless(
    place: str, new_tab: NewTab, hostile_app: App, visits: Visits
) -> None:
    page = open_at(new_tab, hostile_app, place + ("&" if "?" in place else "?") + "period=All")
    harmless(page, visits)
    unfold(page)
    harmless(page, visits)
    # The records behind a number open in a dialog or stand below it.
    for button in page.locator("[class*=st-key-open_] button").all()[:2]:
        button.click()
        settle(page)
        harmless(page, visits)
        page.keyboard.press("Escape")
        settle(page)
    for chart in page.locator(".js-plotly-plot").all():
        chart.hover()
    settle(page)
    harmless(page, visits)
    if "by=Segment" in place:
        expect(page.locator(".js-plotly-plot").filter(has_text="<b>bold</b>").first).to_be_visible()


@pytest.mark.parametrize("number", range(0, len(VALUES), 6))
def test_a_timeline_of_hostile_names_is_harmless(
    number: int, new_tab: NewTab, hostile_app: App, visits: Visits
) -> None:
    channel = quote(VALUES[number].strip())
    address = f"sourced_revenue?view=Customer&period=All&deal=d{number}&credit_channel={channel}"
    page = open_at(new_tab, hostile_app, address)
    expect(page.get_by_role("heading", name="Everything that happened")).to_be_visible()
    harmless(page, visits)
    page.goto(f"{hostile_app.url}/sourced_revenue?view=Customer&period=All&deal={channel}")
    settle(page)
    harmless(page, visits)


@pytest.mark.parametrize("tab", DATA_TABS)
def test_every_tab_of_the_data_page_is_harmless(tab: str, new_tab: NewTab, hostile_app: App, visits: Visits) -> None:
    page = open_at(new_tab, hostile_app, f"data?data_tab={quote(tab)}")
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    harmless(page, visits)


def test_hostile_choices_of_a_filter_are_harmless_as_options_chips_and_addresses(
    new_tab: NewTab, hostile_app: App, visits: Visits
) -> None:
    page = open_at(new_tab, hostile_app, "sourced_revenue?period=All")
    page.get_by_role("button", name="Filters").click()
    for box in page.get_by_role("combobox").all()[:8]:
        box.click()
        page.wait_for_timeout(150)
        assert page.evaluate(BROUGHT_IN) == []
        page.keyboard.press("Escape")
        if not box.is_visible():
            page.get_by_role("button", name="Filters").click()
    settle(page)
    harmless(page, visits)
    alone = [[value] for value in VALUES[:32:6]]
    shown = set()
    for values in (*alone, *(VALUES[first : first + 8] for first in range(0, 32, 8))):
        chosen = "&".join(f"owner={quote(value.strip())}" for value in values)
        page.goto(f"{hostile_app.url}/sourced_revenue?period=All&{chosen}")
        settle(page)
        harmless(page, visits)
        chips = page.get_by_role("button").filter(has_text="Owner: ")
        shown |= {value for value in values if chips.filter(has_text=value[:12].strip()).count()}
    assert len(shown) >= 25, "the chips show the values letter by letter"
    page.goto(f"{hostile_app.url}/definitions?search={quote(VALUES[1] + VALUES[12])}")
    settle(page)
    harmless(page, visits)


def test_what_a_page_downloads_holds_no_formula(new_tab: NewTab, hostile_app: App) -> None:
    seen = {"csv": 0, "xlsx": 0}
    for place in ("", "sourced_revenue", "data?data_tab=Quarantine"):
        page = open_at(new_tab, hostile_app, place + ("&" if "?" in place else "?") + "period=All")
        unfold(page)
        for button in page.get_by_test_id("stDownloadButton").get_by_role("button").all():
            if not button.is_visible():
                continue
            with page.expect_download() as download:
                button.click()
            content = Path(download.value.path()).read_bytes()
            if download.value.suggested_filename.endswith(".xlsx"):
                assert formulas_of(content) == []
                seen["xlsx"] += 1
            else:
                assert raw_formulas(content.decode("utf-8")) == []
                seen["csv"] += 1
    assert min(seen.values()) >= 2, seen


def test_an_upload_with_a_hostile_name_stays_in_its_place(new_tab: NewTab, hostile_app: App, visits: Visits) -> None:
    outside = sorted(hostile_app.store.parent.parent.iterdir())
    page = open_at(new_tab, hostile_app, "data")
    rows = "\n".join(f'u{place},"{value.replace(chr(34), "")}",won,5' for place, value in enumerate(VALUES[:20]))
    content = f"deal_id,=cmd|<img src=x onerror=window.__xss=1>,status,amount\n{rows}\n"
    page.locator('input[type="file"]').first.set_input_files(
        {"name": UPLOAD_NAME, "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_text("rows read").first.wait_for()
    settle(page)
    unfold(page)
    harmless(page, visits)
    assert sorted(hostile_app.store.parent.parent.iterdir()) == outside


def test_the_log_of_the_app_holds_no_value(hostile_app: App) -> None:
    log = (hostile_app.store.parent / "app.log").read_text(encoding="utf-8", errors="replace")
    assert "You can now view" in log or "URL" in log
    assert [value for value in (EVIL, "__xss", "cmd|", "xxxxxxxxxx") if value in log] == []
