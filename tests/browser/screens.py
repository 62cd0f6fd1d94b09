"""Take pictures of every page at the sizes of three rooms: `python tests/browser/screens.py URL FOLDER [page...]`."""

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGES = ("", "what_changed", "sourced_revenue", "close_probability", "video", "hand_off", "definitions", "data")


@dataclass(frozen=True)
class Screen:
    """A room: its size, its theme, and whether the meeting mode is on."""

    name: str
    width: int
    height: int
    dark: bool = False
    meeting: bool = False


SCREENS = (
    Screen("tv_light_meet", 1920, 1080, meeting=True),
    Screen("tv_dark_meet", 1920, 1080, dark=True, meeting=True),
    Screen("lap_light", 1440, 900),
    Screen("lap_dark", 1440, 900, dark=True),
    Screen("ph_light", 390, 844),
)


def settle(page: Page) -> None:
    """Wait until the script has run and nothing moves any more."""
    page.wait_for_selector("[data-testid=stApp]", timeout=60_000)
    page.wait_for_selector("h1", timeout=60_000)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stStatusWidget]') && !document.querySelector('.stSkeleton')",
        timeout=60_000,
    )
    page.wait_for_timeout(2500)  # sparklines are drawn by another library, later than the charts


def content_height(page: Page) -> int:
    """How high the page's content is, header included."""
    return int(
        page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('[data-testid=stMain]')].map(m => m.scrollHeight))"
        )
    )


def take(
    url: str, folder: Path, pages: tuple[str, ...], screens: tuple[Screen, ...] = SCREENS, query: str = ""
) -> None:
    """One PNG per page and screen; phones and laptops are shown to their full length."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for screen in screens:
            context = browser.new_context(
                viewport={"width": screen.width, "height": screen.height},
                color_scheme="dark" if screen.dark else "light",
            )
            for name in pages:
                page = context.new_page()
                extra = "&".join(part for part in ("meeting=true" if screen.meeting else "", query) if part)
                page.goto(f"{url}/{name}" + (f"?{extra}" if extra else ""))
                settle(page)
                height = content_height(page)
                if not screen.meeting:
                    page.set_viewport_size({"width": screen.width, "height": min(height + 20, 6000)})
                    page.wait_for_timeout(800)
                target = folder / f"{name or 'scorecard'}_{screen.name}.png"
                page.screenshot(path=str(target))
                print(target.name, f"content {height} px")
                page.close()
            context.close()
        browser.close()


if __name__ == "__main__":
    only = tuple("" if name == "scorecard" else name for name in sys.argv[3:])
    take(sys.argv[1].rstrip("/"), Path(sys.argv[2]), only or PAGES)
