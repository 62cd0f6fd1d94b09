"""The report as PDF, printed by a browser found on this machine; nothing is fetched and nothing is installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from scorecard.errors import ScorecardError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
QUIET = (
    "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-extensions", "--disable-sync", "--no-first-run",
    "--no-pdf-header-footer", "--window-size=1123,794", "--virtual-time-budget=15000",
)  # fmt: skip
LONGEST_S = 90
NO_BROWSER = (
    "No Chrome, Chromium or Edge was found on the machine that runs the scorecard. Take the report as HTML instead,"
    " open it and print it (Ctrl+P): it is made for paper."
)


def find_browser() -> str | None:
    """A browser that can print, or None."""
    named = next((path for name in NAMES if (path := shutil.which(name))), None)
    return named or next((path for path in PLACES if Path(path).exists()), None)


def printed(report: str, browser: str | None = None) -> bytes:
    """The HTML report as PDF; ScorecardError says what to do where it cannot be made."""
    program = browser or find_browser()
    if program is None:
        raise ScorecardError(NO_BROWSER)
    with tempfile.TemporaryDirectory(prefix="scorecard-print-", ignore_cleanup_errors=True) as folder:
        page, out = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(report, encoding="utf-8")
        # A browser refuses its own sandbox to root, as in a container; the page is ours and may load nothing.
        root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        command = [program, *QUIET, *root, f"--user-data-dir={folder}/profile", f"--print-to-pdf={out}", page.as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScorecardError(_failed()) from error
        content = out.read_bytes() if out.exists() else b""
    if not content.startswith(b"%PDF"):
        raise ScorecardError(_failed())
    return content


def _failed() -> str:
    return "The browser of this machine did not print the report. Take it as HTML, open it and print it (Ctrl+P)."
