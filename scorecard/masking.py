"""What people's addresses and names look like on a screen that others see."""

import re
from typing import Any

import pandas as pd

_EMAIL = re.compile(r"([\w.+'-])[\w.+'%-]*@([\w-]+(?:\.[\w-]+)+)")
NAME_COLUMNS = frozenset({"name", "person", "person_name", "first_name", "last_name", "contact", "full_name", "viewer"})
ADDRESS_COLUMNS = frozenset({"email", "person_email", "address"})


def mask_email(text: str) -> str:
    """Every address in the text as a•••@example.com."""
    return _EMAIL.sub(r"\1•••@\2", text)


def mask_name(text: str) -> str:
    """Anna Maria Bell as A. M. B."""
    return " ".join(f"{word[0].upper()}." for word in text.split() if word)


def masked(frame: pd.DataFrame, names_too: bool = False) -> pd.DataFrame:
    """The table with addresses masked wherever they stand, and people's names too on a shared screen."""
    shown: Any = frame.copy()
    if names_too and {"entity", "label"} <= set(shown.columns):
        is_person = shown["entity"] == "person"  # the label of a person is a name, of a deal it is not
        shown.loc[is_person, "label"] = [mask_name(str(text)) for text in shown.loc[is_person, "label"]]
    for name in shown.columns:
        column = shown[name]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
            continue
        hide = names_too and str(name).lower() in NAME_COLUMNS
        shown[name] = [_masked(value, hide) for value in column]
    return shown


def _masked(value: object, hide: bool) -> object:
    if not isinstance(value, str):
        return value
    return mask_name(value) if hide and "@" not in value else mask_email(value)
