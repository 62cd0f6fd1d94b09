"""What people's addresses and names look like on a screen that others see."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_EMAIL = re.compile(r"([\w.+'-])[\w.+'%-]*@([\w-]+(?:\.[\w-]+)+)")
NAME_COLUMNS = frozenset({"name", "person", "person_name", "first_name", "last_name", "contact", "full_name", "viewer"})
COMPANY_COLUMNS = frozenset({"company", "company_name", "account", "account_name"})
DEAL_COLUMNS = frozenset({"deal", "deal_name"})  # most deals are called by their customer
HIDDEN = NAME_COLUMNS | COMPANY_COLUMNS | DEAL_COLUMNS
ADDRESS_COLUMNS = frozenset({"email", "person_email", "address"})


def mask_email(text: str) -> str:
    """Every address in the text as a•••@example.com."""
    return _EMAIL.sub(r"\1•••@\2", text)


def mask_whole(text: str) -> str:
    """Every address in the text as a•••@•••: the domain is the company's name."""
    return _EMAIL.sub(r"\1•••@•••", text)


def mask_name(text: str) -> str:
    """Anna Maria Bell as A. M. B., and a dash between words as it is."""
    return " ".join(_initial(word) for word in text.split())


def _initial(word: str) -> str:
    letter = next((one for one in word if one.isalnum()), "")
    return f"{letter.upper()}." if letter else word


def masked(frame: "pd.DataFrame", names_too: bool = False) -> "pd.DataFrame":
    """The table with addresses masked wherever they stand; on a shared screen the names of customers too.

    These are people, companies and deals; the names of the team's own people stay.
    """
    import pandas as pd  # a load masks single words, and starts sooner without it

    shown: Any = frame.copy()
    if names_too and {"entity", "label"} <= set(shown.columns):
        named = shown["entity"].isin(["person", "deal"]) & shown["label"].notna()
        shown.loc[named, "label"] = [mask_name(str(text)) for text in shown.loc[named, "label"]]
    for name in shown.columns:
        column = shown[name]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
            continue
        hide = names_too and str(name).lower() in HIDDEN
        address = mask_whole if names_too else mask_email
        shown[name] = [
            value if not isinstance(value, str) else mask_name(value) if hide and "@" not in value else address(value)
            for value in column
        ]
    return shown
