"""Take it with you: the menu in the header, and what it makes - slides, a report, paper, a digest, a link."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from scorecard import loading_back
from scorecard.errors import ScorecardError
from scorecard.export import blocks, digest, pdf, report, slides
from scorecard.export.stamp import Stamp
from scorecard.filters import Filters
from scorecard.ui_address import full, path_of, pinned, query_here
from scorecard.ui_cards import numbers_of
from scorecard.ui_download import stamp
from scorecard.ui_frame import PAGES, PageInfo, escape, require_frame, this_run
from scorecard.ui_header import open_page as open_head
from scorecard.ui_state import Shown, mask_names, masks_names, shown
from scorecard.ui_views import views_menu

T = TypeVar("T")
HEADING = "Joint revenue scorecard"
SLIDES, REPORT, PAPER, DIGEST, LINK = "slides", "report", "paper", "digest", "link"
OPTIONS = {
    SLIDES: ":material/slideshow: Slides (PowerPoint, charts can be edited)",
    REPORT: ":material/description: Report (one HTML file)",
    PAPER: ":material/picture_as_pdf: Report as PDF",
    DIGEST: ":material/forum: Digest for a chat or a mail",
    LINK: ":material/link: Link to these numbers",
}
TITLES = {SLIDES: "Slides", REPORT: "Report", PAPER: "PDF", DIGEST: "Digest", LINK: "Link to these numbers"}


def open_page(sentence: str = "", *, data: bool = True) -> Filters:
    """The head of the page with its menus of views and exports; what the viewer looks at."""
    page = require_frame()
    filters = open_head(sentence, data=data)
    with st.container(horizontal=True, gap="small", width="content", key="take_bar"):
        _names()
        views_menu(page)
        if shown().info is not None and data:
            _menu(page, filters)
    return filters


def _names() -> None:
    """The switch for a screen that others see; in meeting mode names are hidden until somebody shows them."""
    hidden = masks_names()
    what = "Names of customers are hidden" if hidden else "Names of customers are shown"
    st.button(
        "Names",
        key="names_switch",
        icon=":material/visibility_off:" if hidden else ":material/visibility:",
        type="tertiary",
        help=f"{what}: people, companies and deals, in every table, chart and download. Click to change.",
        on_click=mask_names,
        args=(not hidden,),
    )


def _menu(page: PageInfo, filters: Filters) -> None:
    chosen = st.menu_button(
        "Export",
        list(OPTIONS),
        format_func=lambda name: OPTIONS[name],
        key="export_menu",
        icon=":material/ios_share:",
        type="tertiary",
    )
    if chosen:
        st.dialog(TITLES[chosen], width="medium")(_dialog)(chosen, page, filters)


def _dialog(kind: str, page: PageInfo, filters: Filters) -> None:
    where = stamp(filters)
    if where is None:
        st.text("Nothing is loaded yet.")
        return
    if kind == LINK:
        _links(page)
    elif kind == DIGEST:
        _digest(page, filters, where)
    else:
        _file(kind, filters, where)
    st.caption(escape(where.line()))


def _links(page: PageInfo) -> None:
    query, view = query_here(), shown()
    st.text("These numbers, for ever: whatever is loaded later, the link shows this snapshot under these definitions.")
    st.code(full(_pinned(page, view)), language=None, wrap_lines=True)
    st.text("This view with the newest numbers of the day it is opened:")
    newest = [(name, value) for name, value in query if name not in ("snapshot", "definitions")]
    st.code(full(path_of(page, newest)), language=None, wrap_lines=True)


def _pinned(page: PageInfo, view: Shown) -> str:
    return path_of(page, pinned(query_here(), view, str(st.session_state.get("period") or "13w")))


def _digest(page: PageInfo, filters: Filters, where: Stamp) -> None:
    names = st.toggle("Names of deals in full", key="digest_names") and not masks_names()
    view = shown()
    earlier = loading_back.day_before(view.store, view.info) if view.info else None
    with st.spinner("Asking for the numbers…"):
        actions = blocks.actions_of(view.store.book)
        found = _quietly(lambda: digest.sections(numbers_of(filters), earlier=earlier, names=names, actions=actions))
    link = full(_pinned(PAGES[0], shown()))
    text = digest.markdown(HEADING, found, where, link)
    st.code(text, language="markdown", wrap_lines=True, height=360)
    with st.container(horizontal=True, gap="small"):
        _button("Download Markdown", text.encode(), "scorecard-digest", "md", "text/markdown")
        _button("HTML", digest.html(HEADING, found, where, link).encode(), "scorecard-digest", "html", "text/html")


def _file(kind: str, filters: Filters, where: Stamp) -> None:
    """Built now, with its steps shown; then one button takes it."""
    if kind == PAPER and pdf.find_browser() is None:
        st.info(pdf.NO_BROWSER, icon=":material/print:")
        kind = REPORT
    bar = st.progress(0.0, text="Asking for the numbers…")

    def step(name: str, share: float) -> None:
        bar.progress(share * 0.8, text=f"{name}…")

    try:
        view = shown()
        found = _quietly(lambda: blocks.board(numbers_of(filters), blocks.actions_of(view.store.book), step))
        bar.progress(0.85, text="Drawing…")
        content, ending, mime = _drawn(kind, found, where, view.look.currency)
    except ScorecardError as error:
        bar.empty()
        st.error(escape(str(error)), icon=":material/error:")
        return
    bar.empty()
    st.text("\n".join(f"{at}. {block.title}" for at, block in enumerate(found, start=1)))
    name = f"scorecard-{where.as_of.isoformat()}"
    _button(f"Download {TITLES[kind]} ({_size(content)})", content, name, ending, mime, primary=True)


def _drawn(kind: str, found: list[blocks.Block], where: Stamp, currency: str) -> tuple[bytes, str, str]:
    if kind == SLIDES:
        return slides.slides(found, where, HEADING, currency), "pptx", slides.MIME
    page = report.report(found, where, HEADING)
    if kind == PAPER:
        return pdf.printed(page), "pdf", "application/pdf"
    return page.encode(), "html", "text/html"


def _quietly(make: Callable[[], T]) -> T:
    """What a file asks for leaves no remark on the page behind it."""
    run = this_run()
    kept, missing = set(run.unapplied), list(run.missing)
    try:
        return make()
    finally:
        run.unapplied, run.missing = kept, missing


def _size(content: bytes) -> str:
    return f"{len(content) / 1e6:.1f} MB" if len(content) > 999_999 else f"{len(content) / 1e3:.0f} KB"


def _button(label: str, content: bytes, name: str, ending: str, mime: str, primary: bool = False) -> None:
    st.download_button(
        label,
        content,
        f"{name}.{ending}",
        mime,
        key=f"take_{name}_{ending}",
        icon=":material/download:",
        on_click="ignore",
        type="primary" if primary else "secondary",
    )
