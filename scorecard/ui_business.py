"""Which deals a page speaks of: new business, as the shares of Marketing do, or everything that was won."""

from collections.abc import Sequence

import streamlit as st

from scorecard.book_definitions import BUSINESS_NAMES
from scorecard.book_tables import BUSINESS
from scorecard.ui_state import shown


def business() -> str:
    """`new` or `all`, for a report's `$business`: what both sides chose until the viewer says otherwise.

    The address keeps it. Once a run: the views of a page share it.
    """
    agreed = shown().settings["sourced_business"]
    take_address("business", BUSINESS)
    chosen = st.segmented_control(
        "Business",
        BUSINESS,
        default=agreed,
        required=True,
        format_func=lambda name: BUSINESS_NAMES[name],
        key="business",
        label_visibility="collapsed",
        help="New business: deals of a new customer; a deal of unknown type counts as new. All won: every type.",
        bind="query-params",
        persist_state="session",
    )
    return str(chosen or agreed)


def take_address(key: str, options: Sequence[str]) -> None:
    """An address made by hand says the short name of an option; the widget itself writes the label."""
    said = st.query_params.get(key)
    if said in options and key not in st.session_state:
        st.session_state[key] = said
