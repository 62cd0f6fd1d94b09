"""The frame around a page: the menu, the style sheet, and the cure for pages opened without the frame."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from scorecard import faults
from scorecard.charts.theme import GOOD, OFF
from scorecard.errors import ScorecardError
from scorecard.filters import LISTS
from scorecard.queries import Query, catalogue

FAVICON = str(Path(__file__).resolve().parent.parent / "static" / "favicon.png")
FRAME = "frame"
RUN = "run"


@dataclass(frozen=True)
class PageInfo:
    """One page: its file in pages/, its word in the menu, its heading and its icon."""

    file: str
    menu: str
    heading: str
    icon: str

    @property
    def path(self) -> str:
        return f"pages/{self.file}.py"


# In the order of the meeting. The first one lives at `/`.
PAGES = (
    PageInfo("scorecard", "Scorecard", "Joint revenue scorecard", ":material/monitoring:"),
    PageInfo("what_changed", "What changed", "What changed", ":material/compare_arrows:"),
    PageInfo("sourced_revenue", "Sourced revenue", "Sourced revenue", ":material/payments:"),
    PageInfo("close_probability", "Close probability", "Close probability", ":material/show_chart:"),
    PageInfo("video", "Video", "Video to revenue", ":material/smart_display:"),
    PageInfo("hand_off", "Hand-off", "Hand-off", ":material/handshake:"),
    PageInfo("growth", "Growth", "Growth", ":material/trending_up:"),
    PageInfo("meeting", "Meeting", "Meeting", ":material/groups:"),
    PageInfo("definitions", "Definitions", "Definitions", ":material/menu_book:"),
    PageInfo("data", "Data", "Data", ":material/upload_file:"),
)

# Text and grid of charts follow the theme without a rerun; status colours inside chart text do so by light-dark().
STYLE = f"""
.js-plotly-plot text{{fill:currentColor!important}}
.js-plotly-plot .xtick text,.js-plotly-plot .ytick text{{fill-opacity:.78!important}}
.js-plotly-plot .gridlayer path{{stroke:currentColor!important;stroke-opacity:.14!important}}
.js-plotly-plot .hoverlayer path,.js-plotly-plot .hoverlayer .bg{{fill:#101828!important;stroke:#7A8494!important;
  fill-opacity:1!important}}
.js-plotly-plot .hoverlayer .legendlines path{{fill:none!important}}
.js-plotly-plot .hoverlayer line{{stroke:#7A8494!important;stroke-width:1px!important}}
.js-plotly-plot .hoverlayer text{{fill:#FFFFFF!important}}
.js-plotly-plot tspan[style*="{GOOD}" i]{{fill:light-dark({GOOD},#5FDDD1)!important}}
.js-plotly-plot tspan[style*="{OFF}" i]{{fill:light-dark({OFF},#FF9C8F)!important}}
"""
MEETING_STYLE = "html{font-size:20px}"
# Six cards across on a laptop and a projector, three on a tablet, one on a phone; never five and one.
STYLE += """
.stMainBlockContainer{padding-left:clamp(1rem,4vw,5rem);padding-right:clamp(1rem,4vw,5rem)}
@media (min-width:640px) and (max-width:1180px){.st-key-kpis{grid-template-columns:repeat(3,minmax(0,1fr))!important}}
@media (min-width:1400px){.st-key-page_title h1,.st-key-page_title p{white-space:nowrap}}
.st-key-page_head{margin-bottom:.25rem}
@media (max-width:520px){.st-key-kpis{grid-template-columns:minmax(0,1fr)!important}}
@media (max-width:640px){.st-key-period button{padding-left:.6rem;padding-right:.6rem}}
.st-key-heat{overflow-x:auto}
.st-key-heat>*{min-width:62rem}
@media (max-width:640px){.st-key-board_head{flex-wrap:wrap!important}
  .st-key-board_head>*:first-child{min-width:100%}}
[data-testid="stLayoutWrapper"]:has(>.st-key-take_bar){position:fixed;top:.8rem;right:3.4rem;z-index:999991;width:auto}
.st-key-take_bar button{min-height:2rem;padding:.25rem .5rem}
/* Icons only on a laptop; the words stay for screen readers. */
@media (max-width:1560px){.st-key-take_bar button p{position:absolute;width:1px;height:1px;overflow:hidden;
  clip-path:inset(50%);white-space:nowrap}}
.saved-views{display:grid;gap:.15rem;min-width:16rem;max-height:60vh;overflow:auto}
.saved-views a{display:grid;padding:.35rem .5rem;border-radius:.4rem;color:inherit;text-decoration:none}
.saved-views a:hover,.saved-views a:focus{background:light-dark(#F5F7FA,#18222E)}
.saved-views span{opacity:.72;font-size:.8rem}
[class*="st-key-open_"] button{min-height:0;padding:0;opacity:.78}
[class*="st-key-open_"] button p{font-size:.875rem}
[class*="st-key-proof_"] button{min-height:0;padding:.55rem .1rem 0;opacity:.72}
[class*="st-key-proof_"] button p{font-size:.8rem}
"""


@dataclass
class Run:
    """What one run of a page collects for its header."""

    notes: Any = None  # the empty place under the header
    filters: Any = None
    has_who: bool = False  # the fields for the viewer's name are on the page
    unapplied: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    proofs: list[Any] = field(default_factory=list)  # the answers whose proof the page offers, in order
    queries: Mapping[str, Query] = field(default_factory=catalogue)  # the files are looked at once a run


def navigation() -> StreamlitPage:
    """The page to run, with the menu on top. `url_path` is never given: it breaks links after a restart.

    The page config comes first: without it the icon of a menu entry becomes the favicon, which browsers fetch from
    a font host.
    """
    st.set_page_config(page_title="Joint revenue scorecard", page_icon=FAVICON, layout="wide")
    pages = [st.Page(page.path, title=page.menu, icon=page.icon, default=page is PAGES[0]) for page in PAGES]
    return st.navigation(pages, position="top")


@contextmanager
def frame(page: StreamlitPage) -> Iterator[None]:
    """Run a page inside: pages see that the frame is there, and an error becomes a sentence."""
    st.session_state[FRAME] = page.title
    st.session_state[RUN] = Run()
    st.html(f"<style>{STYLE}</style>")
    try:
        with faults.said():
            yield
    except ScorecardError as error:
        st.error(escape(str(error)), icon=":material/error:")
    finally:
        _write_notes(st.session_state[RUN])
        del st.session_state[FRAME]


def require_frame() -> PageInfo:
    """The page that runs. A page run without app.py (first link after a restart) is sent through the frame."""
    if FRAME not in st.session_state:
        navigation()
        st.rerun()
    menu = st.session_state[FRAME]
    return next(page for page in PAGES if page.menu == menu)


def this_run() -> Run:
    """What the page that runs now collects."""
    return st.session_state[RUN]


def query_of(name: str) -> Query:
    """The header and statement of a metric or report."""
    return this_run().queries[name]


def _write_notes(run: Run) -> None:
    """A word where a chosen filter does not apply to some numbers of the page."""
    if run.notes is None or not run.unapplied:
        return
    words = dict.fromkeys(LISTS[name][1] if name in LISTS else "Period" for name in sorted(run.unapplied))
    said = escape(", ".join(words))
    run.notes.caption(f":material/filter_alt_off: Not every number here can be filtered by: {said}.")


# Markdown makes a link of an address even where every mark is escaped; a joiner nobody sees keeps it text.
_ADDRESSES = re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()<>#+-.!|~$:&@"})


def escape(text: object) -> str:
    """Text from data inside a label of ours: shown letter by letter, never as Markdown."""
    return _ADDRESSES.sub("\u2060", " ".join(str(text).split())).translate(_MARKS)
