"""A table as an Excel file: numbers, money and dates as what they are, text as text whatever it says, and whence."""

import io
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from scorecard.export.tables import is_risky

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # what a sheet holds below its header
MOST_LETTERS = 32_767  # what a cell holds
WIDEST = 60
MONEY = ("amount", "revenue", "spend", "cost", "budget", "expected_value", "median_amount")
SHARES = ("share", "rate", "probability", "of_previous", "of_first", "won_low", "won_high")
# No text is ever read as a formula, a number or a link.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def workbook(frame: pd.DataFrame, about: Sequence[tuple[str, str]], title: str = "Table") -> bytes:
    """The table on the first sheet, where it comes from on the second, `About`."""
    out = io.BytesIO()
    book = Workbook(out, OPTIONS)
    formats = {name: book.add_format(style) for name, style in STYLES.items()}
    sheet = book.add_worksheet(_sheet_name(title))
    widths = [_write(sheet, 0, at, str(name), formats, "header") for at, name in enumerate(frame.columns)]
    columns = [frame.iloc[:MOST_ROWS, at].tolist() for at in range(len(frame.columns))]
    kinds = [_kind(str(name), values) for name, values in zip(frame.columns, columns, strict=True)]
    for at, (values, kind) in enumerate(zip(columns, kinds, strict=True)):
        for row, value in enumerate(values, start=1):
            widths[at] = max(widths[at], _write(sheet, row, at, value, formats, kind))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(width + 2, WIDEST))
    sheet.freeze_panes(1, 0)
    if len(frame) and len(frame.columns):
        sheet.autofilter(0, 0, min(len(frame), MOST_ROWS), len(frame.columns) - 1)
    _about(book.add_worksheet("About"), [*about, *_cut(frame)], formats)
    book.close()
    return out.getvalue()


STYLES: dict[str, dict[str, Any]] = {
    "header": {"bold": True, "bottom": 1, "text_wrap": False, "quote_prefix": True},
    "text": {},
    "risky": {"quote_prefix": True},  # stays text when somebody edits the cell, too
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.######"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}


def _write(sheet: Worksheet, row: int, column: int, value: Any, formats: dict[str, Any], kind: str) -> int:
    """One cell in its own type; how many letters wide it is."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
        return 5
    if isinstance(value, (int, float, Decimal)):
        return _write_number(sheet, row, column, value, formats, kind)
    if isinstance(value, (datetime, date)) and value.year >= 1900:
        is_day = not isinstance(value, datetime) or (value.hour, value.minute, value.second) == (0, 0, 0)
        plain: Any = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(row, column, plain, formats["day" if is_day else "moment"])
        return 10 if is_day else 16
    text = str(value)[:MOST_LETTERS]
    style = "header" if kind == "header" else ("risky" if is_risky(text) else "text")
    sheet.write_string(row, column, text, formats[style])
    return len(text)


def _write_number(
    sheet: Worksheet, row: int, column: int, value: int | float | Decimal, formats: dict[str, Any], kind: str
) -> int:
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= 10**15):
        sheet.write_string(row, column, str(value))  # a number a sheet cannot hold exactly
        return len(str(value))
    whole = kind == "number" and value == round(value)
    style = "whole" if whole else kind
    sheet.write_number(row, column, float(value), formats[style])
    return len(f"{float(value):,.2f}")


def _kind(name: str, values: Sequence[Any]) -> str:
    """How the numbers of a column are shown, told by its name; a share is never more than one."""
    word = name.lower()
    if word.endswith(SHARES):
        numbers = [value for value in values if isinstance(value, (int, float)) and not math.isnan(value)]
        return "share" if max(map(abs, numbers), default=0.0) <= 1 else "number"
    return "money" if word.endswith(MONEY) or word.startswith(("amount", "revenue")) else "number"


def _sheet_name(title: str) -> str:
    """A name that a workbook takes."""
    kept = "".join(" " if letter in "[]:*?/\\'" or not letter.isprintable() else letter for letter in title)
    name = " ".join(kept.split())[:31].strip() or "Table"
    return name if name.lower() not in ("about", "history") else f"{name} 1"


def _cut(frame: pd.DataFrame) -> Iterable[tuple[str, str]]:
    if len(frame) > MOST_ROWS:
        yield "Rows", f"the first {MOST_ROWS:,} of {len(frame):,}; a sheet holds no more, the CSV file has all"


def _about(sheet: Worksheet, pairs: Sequence[tuple[str, str]], formats: dict[str, Any]) -> None:
    for row, (word, value) in enumerate(pairs):
        _write(sheet, row, 0, word, formats, "header")
        _write(sheet, row, 1, value, formats, "text")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
