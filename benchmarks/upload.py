"""What a large upload through the page costs the server in memory, and whether it gives it back."""

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.proof_page import Figure, put, section  # noqa: E402

MB = 1 << 20
HEADER = "activity_id,at,type,email,deal_id,owner,direction,outcome,subject\n"
WORDS = ("pricing", "rollout", "renewal", "security", "review", "training", "quarter", "budget", "legal", "pilot")
WAIT_MS = 900_000


def export(path: Path, size: int, first: int) -> int:
    """A file of activities of about that size; its number of rows."""
    chance = random.Random(first)
    rows = 0
    with path.open("w", encoding="utf-8") as out:
        written = out.write(HEADER)
        while written < size:
            number = first + rows
            day, subject = 1 + number % 28, " ".join(chance.choices(WORDS, k=10))
            written += out.write(
                f"a{number},2026-0{1 + number % 6}-{day:02d} {number % 24:02d}:15:00,{('call', 'email')[number % 2]},"
                f"person{number % 90_000}@company{number % 900}.example,d{number % 20_000},Owner {number % 40},"
                f"outbound,connected,{subject}\n"
            )
            rows += 1
    return rows


class Watch:
    """Samples the memory of the server, and of the processes it starts for a large load."""

    def __init__(self, pid: int) -> None:
        self._pid, self._stop = pid, threading.Event()
        self.most = self.most_aside = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def now(self) -> int:
        return _resident(self._pid)

    def _run(self) -> None:
        while not self._stop.wait(0.05):
            self.most = max(self.most, self.now)
            self.most_aside = max(self.most_aside, sum(_resident(pid) for pid in _children(self._pid)))

    def settled(self, seconds: float = 12) -> int:
        """The least it holds within the next seconds."""
        found = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found.append(self.now)
            time.sleep(0.2)
        return min(found)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def _resident(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children = [int(child) for child in (task / "children").read_text().split()]
            found += [*children, *(grand for child in children for grand in _children(child))]
    return found


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The real server on an empty store."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SCORECARD_STORE": str(folder / "store"), "SCORECARD_SAMPLE_STORE": ""}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (folder / "app.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        with suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
            return process, url
        time.sleep(0.2)
    process.kill()
    raise SystemExit("The server did not start.")


def publish(page: Page, path: Path) -> float:
    """Drop the file, look, publish; the seconds it took."""
    started = time.monotonic()
    page.locator("input[type=file]").first.set_input_files(str(path))
    button = page.locator(".st-key-publish button")
    button.wait_for(timeout=WAIT_MS)
    name = page.get_by_label("Your name")
    if not name.input_value():
        name.fill("Kim")
        name.press("Enter")
    page.wait_for_function("() => !document.querySelector('.st-key-publish button').disabled", timeout=WAIT_MS)
    button.click()
    page.get_by_text("Every page shows the new numbers now").wait_for(timeout=WAIT_MS)
    return time.monotonic() - started


def measure(size: int, folder: Path) -> tuple[list[Figure], bool]:
    """Upload a small file, then one of `size` bytes, and see what the server held."""
    small, large = folder / "activities-2026-07-01.csv", folder / "activities-2026-07-02.csv"
    export(small, MB // 4, 1)
    rows = export(large, size, 1_000_000)
    size = large.stat().st_size
    process, url = start(folder)
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        with sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(f"{url}/data")
            page.locator("input[type=file]").first.wait_for(state="attached", timeout=WAIT_MS)
            publish(page, small)
            watch = Watch(process.pid)
            before = watch.settled(4)
            watch.most = before
            took = publish(page, large)
            after = watch.settled()
            page.goto(f"{url}/")
            page.wait_for_timeout(3000)
            watch.stop()
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=20)
    grown, kept = watch.most - before, after - before
    figures = [
        Figure("file", f"{size / MB:,.0f} MB", f"{rows:,} rows"),
        Figure("server before", f"{before / MB:,.0f} MB", "after a small upload"),
        Figure("server at most", f"{watch.most / MB:,.0f} MB", "while uploading, looking and publishing"),
        Figure("grown by / size of the file", f"{grown / size:.2f} ×", "at most 2.2"),
        Figure("server after the load", f"{after / MB:,.0f} MB", f"{kept / before:+.1%}; within 10 %"),
        Figure("the process that reads and builds, at most", f"{watch.most_aside / MB:,.0f} MB", "gone after the load"),
        Figure("drop to published", f"{took:,.0f} s"),
    ]
    return figures, grown <= 2.2 * size and kept <= 0.1 * before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/proof.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures, passed = measure(options.megabytes * MB, Path(folder))
    says = "A CSV dropped in the browser, looked at and published; the memory of the real server process."
    text = section("A large upload", says, figures, "make prove ONLY=upload", datetime.now().date())
    print(text)
    if options.write:
        put(text)
    if not passed:
        raise SystemExit("The server held more than it may.")


if __name__ == "__main__":
    main()
