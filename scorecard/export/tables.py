"""A table as a CSV file that no spreadsheet program runs as formulas."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_risky(text: str) -> bool:
    """Whether a spreadsheet program would run the text as a formula."""
    return text.lstrip(" ").startswith(_STARTS)


def safe_cell(value: object) -> object:
    """The value; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and is_risky(value):
        return "'" + value
    return value


def safe_csv(frame: "pd.DataFrame") -> bytes:
    """The table as UTF-8 CSV with a byte order mark, so that spreadsheet programs read the letters right."""
    import pandas as pd  # the command line only writes single cells, and starts sooner without it

    safe: Any = frame.copy()
    safe.columns = [str(safe_cell(str(name))) for name in frame.columns]
    for position, name in enumerate(safe.columns):
        column = frame.iloc[:, position]
        if not pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_datetime64_any_dtype(column):
            safe[name] = [safe_cell(value) for value in column]
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
