"""The address of a view: as it stands in the browser, and pinned to the numbers and definitions on the screen."""

from urllib.parse import urlencode

import streamlit as st

from scorecard import DEFINITIONS_VERSION
from scorecard.ui_frame import PAGES, PageInfo
from scorecard.ui_state import PINNED, Shown

DEFINED = "definitions"  # the version of the definitions, in a pinned address
Query = list[tuple[str, str]]


def query_here() -> Query:
    """Everything the address says after its question mark, in order."""
    return [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]


def pinned(query: Query, view: Shown, period: str) -> Query:
    """The same, kept to this snapshot for ever: what is newest today is not newest next week."""
    if view.info is None:
        return query
    kept = [(name, value) for name, value in query if name not in (PINNED, DEFINED)]
    if not any(name == "period" for name, _ in kept):
        kept.append(("period", period))  # left out of an address while it is the default
    version = str(view.info.manifest.get("definitions_version") or "")
    return [*kept, (PINNED, view.info.id), (DEFINED, version)]


def path_of(page: PageInfo, query: Query) -> str:
    """The address without its host, safe in a link."""
    place = "/" if page is PAGES[0] else f"/{page.file}"
    return f"{place}?{urlencode(query)}" if query else place


def full(path: str) -> str:
    """The address to send to somebody else."""
    url = str(st.context.url or "")
    host = "/".join(url.split("/")[:3]) if "://" in url else ""
    return host + path


def computed_under(view: Shown) -> str | None:
    """A sentence where the numbers kept by a link were worked out under other definitions than today's."""
    if view.info is None or not view.pinned:
        return None
    then = str(view.info.manifest.get("definitions_version") or "unknown")
    said = str(st.query_params.get(DEFINED) or then)
    if said != then:
        return f"This link was made under definitions {said}; the numbers it finds here follow definitions {then}."
    if then != DEFINITIONS_VERSION:
        return (
            f"These numbers were computed under definitions {then}; today's are {DEFINITIONS_VERSION}. What is stored"
            " stays as it was; curves, forecasts and models are worked out anew when they are asked for."
        )
    return None
