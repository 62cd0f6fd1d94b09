"""Values and file names that try to run as code, SQL, markup, a link or a formula; and exports full of them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from scorecard.schema import KINDS

EVIL = "evil.example"
XSS = "window.__xss=1"
VALUES = (
    f"<script>{XSS}</script>",
    f"<img src=x onerror={XSS}>",
    f"<svg onload={XSS}></svg>",
    f'"><script>{XSS}</script>',
    f"</script><script>{XSS}</script>",
    f"</style></title><img src=http://{EVIL}/i.png onerror={XSS}>",
    f"<iframe srcdoc='<script>parent.{XSS}</script>'></iframe>",
    f"<style>@import url(http://{EVIL}/c.css)</style>",
    f"<b>bold</b><a href='http://{EVIL}/a'>anchor</a>",
    f"<a href='javascript:{XSS}'>anchor</a>",
    f"&lt;script&gt;{XSS}&lt;/script&gt;",
    f"[click](http://{EVIL}/md)",
    f"![image](http://{EVIL}/md.png)",
    f"[click](javascript:{XSS})",
    f"http://{EVIL}/auto www.{EVIL}",
    f"<http://{EVIL}/angle>",
    f"$\\href{{http://{EVIL}/tex}}{{x}}$ :material/delete: :red[red]",
    "# heading\n* item\n```code",
    f"{{{{constructor.constructor('{XSS}')()}}}}",
    f"${{{XSS}}} {{0.__class__}} %(name)s %n",
    "%{x} %{customdata} {% raw %}",
    "=cmd|' /C calc'!A0",
    f'=HYPERLINK("http://{EVIL}/f","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "'; drop table deals; --",
    "\" or 1=1; copy deals to 'x'; --",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "\u202etxt.exe\u202c \u2066left\u2069 \u200b\ufeffhidden",
    "long " + "x" * 5000,
    "\x1b[31mred\x1b[0m \x07bell",
)
# What a disk allows as a file name; the slash comes with an upload only.
FILE_NAMES = (
    f"deals <img src=x onerror={XSS}>.csv",
    f"people [click](http:{EVIL}).csv",
    "=cmd|' companies!A0.csv",
    f"videos <script>{XSS}<script>.csv",
    "campaigns '; drop table deals; --.csv",
    "views {{7*7}} ${7*7} $(touch x) `touch x`.csv",
    "spend \u202evsc.\u202c.csv",
    "touches ..%2f..%2f&lt;b&gt;.csv",
)
UPLOAD_NAME = f"../../../evil <img src=x onerror={XSS}> [a](http://{EVIL}).csv"
PLAIN = {"status", "currency", "kind", "side", "level", "context", "arm", "type"}  # words that decide if a row counts
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _row(kind: str, number: int, fixed: dict[str, str]) -> dict[str, str]:
    """Every text column holds a hostile value, another one in each column; over the rows each column meets them all."""
    texts = [column.name for column in KINDS[kind].columns if column.type == "text" and column.name not in PLAIN]
    return {**{name: VALUES[(number + place) % len(VALUES)] for place, name in enumerate(texts)}, **fixed}


def _rows(kind: str) -> Iterator[dict[str, str]]:
    for number in range(3 * len(VALUES)):
        day = f"2026-{9 + number % 3:02d}-{1 + number % 12:02d}"
        status = ("won", "won", "lost", "open")[number % 4]
        fixed = {
            "deals": {
                "deal_id": f"d{number}", "status": status, "amount": str(1000 + number), "created_at": "2026-08-01",
                "closed_at": "" if status == "open" else day, "primary_person_id": f"p{number}",
            },
            "people": {"person_id": f"p{number}", "created_at": "2026-07-01", "email": f"p{number}@example.com"},
            "companies": {"company_id": f"c{number}", "created_at": "2026-07-01"},
            "videos": {"video_id": f"v{number}", "duration_s": "60"},
            "video_views": {"at": f"{day} 10:00", "video_id": f"v{number}", "person_id": f"p{number}", "pct": "80%"},
            "campaigns": {"campaign_id": f"k{number}", "start_at": "2026-08-01", "budget": "10"},
            "spend": {"period_start": day, "period_end": day, "cost": "10.50"},
            "touches": {"at": "2026-08-02 10:00", "person_id": f"p{number}"},
        }[kind]  # fmt: skip
        row = _row(kind, number, fixed)
        if kind == "touches" and number % 3:
            row["channel"] = ("", "Email", "Paid Search")[number % 3]
        if "source_raw" in row and number % 3:  # else every deal is of unknown source, and the charts stay empty
            row["source_raw"] = ("", "Organic Search", "Paid Search")[number % 3]
        if "segment" in row and number >= len(VALUES):  # groups large enough to be drawn: curves and legends
            row["segment"] = VALUES[(1, 8)[number % 2]]
        yield row


def write_exports(folder: Path) -> list[Path]:
    """One hostile export of each kind under a hostile name, and one deal whose amount is no amount."""
    kinds = ("deals", "people", "companies", "videos", "campaigns", "video_views", "spend", "touches")
    paths = []
    for kind, name in zip(kinds, FILE_NAMES, strict=True):
        rows = list(_rows(kind))
        if kind == "deals":
            rows += [{**rows[0], "deal_id": f"q{place}", "amount": value} for place, value in enumerate(VALUES)]
            assert {row["source_raw"] for row in rows} > {*VALUES}
        path = folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    return paths


def raw_formulas(text: str) -> list[str]:
    """Cells of a CSV text that a spreadsheet program would run; plain negative numbers are none."""
    cells = [cell for row in csv.reader(text.lstrip("\ufeff").splitlines(keepends=True)) for cell in row]
    return [cell for cell in cells if cell.lstrip(" ").startswith(FORMULA_STARTS) and not _is_number(cell)]


def formulas_of(content: bytes) -> list[object]:
    """Cells of a workbook that are formulas or links."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
