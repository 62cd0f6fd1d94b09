"""Thursday morning in a real browser: a likely column, a column left unused, a bad row mended in place, the total."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import SLOW_MS, App, settle
from tests.command_line import ask

NewPage = Callable[..., Page]
ROW = 35  # pixels of a row and of the header of a table
DEALS = """deal_id,name,status,amonut,closed_at,margin
1,Alder,won,1000,2026-02-10,10
2,Birch,won,2000,2026-02-11,20
3,Cedar,won,about 900,2026-02-12,30
"""


def named(page: Page) -> None:
    page.get_by_label("Your name").first.fill("Kim")
    page.get_by_label("Your name").first.press("Enter")
    settle(page)


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published.", exact=False).first).to_be_visible(timeout=SLOW_MS)
    settle(page)


def appears(what: Locator) -> bool:
    """It is there within ten seconds: a busy machine runs the script late."""
    try:
        what.first.wait_for(timeout=10_000)
    except Error:
        return False
    return True


def choose(page: Page, table: Locator, column: float, row: int, text: str, shown: str) -> None:
    """Choose in a cell of a table drawn on a canvas (`column` as a share of its width) until the page shows it."""
    for _ in range(4):  # a canvas has nothing to wait for: a click may come before it is drawn
        table.scroll_into_view_if_needed()
        page.wait_for_timeout(700)
        box = table.bounding_box()
        assert box
        page.mouse.dblclick(box["x"] + column * box["width"], box["y"] + ROW * (row + 1.5))
        page.wait_for_timeout(700)
        page.keyboard.type(text, delay=40)
        page.wait_for_timeout(700)
        page.keyboard.press("Enter")
        if appears(page.get_by_text(shown)):
            return
    raise AssertionError(f"the table never took {text}")


def mend(page: Page, cells: Locator, text: str) -> None:
    """Type into the sixth cell of the first row, by keyboard from the first."""
    for _ in range(4):
        if not cells.is_visible():  # a click beside the table leaves the arrow keys with the tabs
            page.get_by_role("tab", name="Quarantine").click()
            settle(page)
        cells.scroll_into_view_if_needed()
        page.wait_for_timeout(700)
        box = cells.bounding_box()
        assert box
        page.mouse.click(box["x"] + 20, box["y"] + ROW * 1.5)
        for _ in range(5):  # line, reason, deal_id, name, status, then the amount
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.wait_for_timeout(700)
        page.keyboard.press("Control+A")
        page.keyboard.type(text, delay=40)
        page.wait_for_timeout(700)
        page.keyboard.press("Enter")
        if appears(page.get_by_role("button", name="Check 1 mended row")):
            return
    raise AssertionError(f"the table never took {text}")


def test_from_a_doubtful_file_to_the_total_without_a_spreadsheet(
    new_page: NewPage, empty_app: App, tmp_path: Path
) -> None:
    export = tmp_path / "deals-2026-03-01.csv"
    export.write_text(DEALS, encoding="utf-8")
    page = new_page()
    page.goto(f"{empty_app.url}/data")
    settle(page)
    page.locator('input[type="file"]').set_input_files(export)
    settle(page)
    # the likely column, by keyboard
    page.get_by_role("button", name="Yes, use it").focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_text("1 to quarantine")).to_be_visible()
    # a column nobody wants, in the table
    page.locator("summary", has_text="columns used").click()
    settle(page)
    columns = page.locator('[class*="st-key-columns_0"] [data-testid="stDataFrame"]')
    choose(page, columns, 0.7, 5, "not used", "5 of 6 columns used")
    expect(page.get_by_text("5 of 6 columns used")).to_be_visible()
    named(page)
    publish(page)
    assert ask(empty_app.store, "won_revenue", "--from", "2026-01-01")[0]["value"] == 3000
    # the bad row, mended where it is listed
    page.get_by_role("tab", name="Quarantine").click()
    settle(page)
    cells = page.locator('[class*="st-key-mend_"] [data-testid="stDataFrame"]').first
    expect(cells).to_be_visible()
    mend(page, cells, "900")
    page.get_by_role("button", name="Check 1 mended row").click()
    expect(page.get_by_text("mended rows").first).to_be_visible(timeout=SLOW_MS)
    settle(page)
    publish(page)
    assert ask(empty_app.store, "won_revenue", "--from", "2026-01-01")[0]["value"] == 3900
    page.get_by_role("tab", name="Quarantine").click()
    expect(page.get_by_text("No row is in quarantine")).to_be_visible()
