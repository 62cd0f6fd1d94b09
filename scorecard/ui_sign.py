"""The definition under the headline: its version and signatures, the panel to sign it, and the one to change it."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import book_definitions as definitions
from scorecard.book import Book
from scorecard.book_definitions import BUSINESS_NAMES, RULE_NAMES, SIDES, Choice
from scorecard.book_tables import BUSINESS, RULES
from scorecard.charts import formats
from scorecard.errors import ScorecardError
from scorecard.filters import Filters, named_period, period_text
from scorecard.loading_whatif import under
from scorecard.queries import run
from scorecard.ui_frame import escape
from scorecard.ui_header import as_of
from scorecard.ui_parts import table
from scorecard.ui_people import SIDE, who_are_you
from scorecard.ui_signature import InForce, in_force, signature
from scorecard.ui_state import ask, shown
from scorecard.ui_words import republish

ICONS = {"signed": ":material/verified:", "half": ":material/pending:", "unsigned": ":material/edit_off:"}


def signature_line(filters: Filters) -> None:
    """Which definition the page follows and who signed it; on demand, to sign or change it."""
    found, view = in_force(), shown()
    rule = RULE_NAMES[definitions.choice_of(found.shown).rule]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="signature"):
        icon = ICONS[definitions.state(found.shown)]
        st.caption(f"{icon} {escape(signature())}. Rule: {rule}.")
        if not found.is_newest and view.pinned:
            st.caption(f"Version {found.newest.version} was chosen since.")
    if view.look.meeting or view.pinned:
        return
    panel = st.expander("Sign or change the definition", icon=":material/signature:", key="sign", on_change="rerun")
    if panel.open:
        with panel:
            _panel(found, filters)


def _panel(found: InForce, filters: Filters) -> None:
    book = shown().store.book
    st.text(f"Version {found.newest.version}: {definitions.choice_of(found.newest).text}")
    who = who_are_you(book, "sign")
    if not found.is_newest:
        st.warning(
            f"The numbers still follow version {found.shown.version}; version {found.newest.version} takes effect when"
            " they are published again.",
            icon=":material/warning:",
        )
        if st.button("Publish now", key="publish_definition", type="primary", disabled=not who):
            republish(who, datetime.now())
    _sign(book, found, who)
    _change(book, found, who, filters)


def _sign(book: Book, found: InForce, who: str) -> None:
    """A button for the side the viewer speaks for."""
    if definitions.state(found.newest) == "signed":
        st.caption(escape(definitions.signature(found.newest)))
        return
    side = str(st.session_state.get(SIDE) or SIDES[0])
    words = "both Marketing and Sales" if side == "both" else side.capitalize()
    has_signed = side != "both" and bool(getattr(found.newest, f"{side}_by"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        signing = st.button(f"Sign for {words}", key="sign_now", type="primary", disabled=not who or has_signed)
        if has_signed:
            st.caption(f"{side.capitalize()} has signed this version. Choose for whom you speak.")
        elif who:
            st.caption("Your name and today's date are kept with it. Speak for both only where one person really does.")
        else:
            st.caption("Give your name to sign.")
    if signing:
        try:
            definitions.sign(book, who, side, datetime.now(), found.newest.version)
        except ScorecardError as error:
            st.error(escape(str(error)), icon=":material/cancel:")
            return
        st.toast("Signed.", icon=":material/check:")
        st.rerun()


def _change(book: Book, found: InForce, who: str, filters: Filters) -> None:
    """Another choice, with what it would have made of last quarter and this period, before it is taken."""
    before = definitions.choice_of(found.newest)
    st.markdown("**Change it**")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        rule = st.selectbox(
            "Rule", RULES, index=RULES.index(before.rule), format_func=lambda name: RULE_NAMES[name], key="new_rule"
        )
        business = st.selectbox(
            "Counts",
            BUSINESS,
            index=BUSINESS.index(before.business),
            format_func=lambda name: BUSINESS_NAMES[name],
            key="new_business",
        )
        days = st.number_input("Lookback, days", 1, 3650, before.lookback_days, key="new_lookback")
    choice = Choice(str(rule), str(business), int(days))
    if choice == before:
        st.caption("Choose another rule, other deals or another lookback to see what it would change.")
        return
    st.text(choice.text)
    seen = _preview(choice, definitions.choice_of(found.shown), filters)
    st.caption(f"It becomes version {found.newest.version + 1}, which both sides have to sign.")
    if st.button("Make this the definition", key="choose", type="primary", disabled=not (who and seen)):
        try:
            definitions.choose(book, choice, who, datetime.now(), found.newest.version)
        except ScorecardError as error:
            st.error(escape(str(error)), icon=":material/cancel:")
            return
        republish(who, datetime.now())


def _preview(choice: Choice, present: Choice, filters: Filters) -> bool:
    """Marketing's won revenue now and as it would have been; False while it is not worked out."""
    view = shown()
    start, end = named_period("last_quarter", as_of(view), view.fiscal_start)
    periods = {
        f"Last quarter, {period_text(start, end)}": Filters(start, end),
        f"This period, {period_text(filters.period_start, filters.period_end)}": Filters(
            filters.period_start, filters.period_end
        ),
    }
    looked = list(periods.values())
    now = _asked(present, looked)
    if choice.lookback_days == present.lookback_days:
        then = _asked(choice, looked)
    else:
        key = ("whatif", view.info.id if view.info else "", choice, filters.period_start, filters.period_end)
        if st.button("Work out the other lookback", key="whatif", help="Takes as long as publishing the numbers."):
            st.session_state["whatif_answer"] = (key, _built_aside(choice, looked))
        known, answers = st.session_state.get("whatif_answer", (None, []))
        if known != key:
            st.caption("Touches of another lookback are not in these numbers: they are worked out aside first.")
            return False
        then = answers
    _compare(list(periods), now, then)
    return True


def _built_aside(choice: Choice, periods: list[Filters]) -> list[float]:
    view = shown()
    if view.info is None:
        return []
    found = []
    with (
        st.spinner("Working out the numbers under the other definition…"),
        under(view.store, view.info, choice.settings, datetime.now()) as reader,
    ):
        for period in periods:
            params = {"period_start": period.period_start, "period_end": period.period_end}
            rows = run(reader, "sourced_definitions", {**params, "business": choice.business})
            found.append(_marketing(rows, choice))
    return found


def _asked(choice: Choice, periods: list[Filters]) -> list[float]:
    return [_marketing(ask("sourced_definitions", one, business=choice.business), choice) for one in periods]


def _marketing(rows: pd.DataFrame, choice: Choice) -> float:
    mine = rows[(rows["rule"] == choice.rule) & (rows["side"] == "marketing")]
    return float(mine["won_amount"].astype(float).sum())


def _compare(periods: list[str], now: list[float], then: list[float]) -> None:
    currency = shown().look.currency
    rows: list[dict[str, Any]] = [
        {
            "Marketing-sourced revenue": period,
            "As it is": formats.money(old, currency),
            "Would have been": formats.money(new, currency),
            "Difference": formats.signed(formats.money(new - old, currency)),
        }
        for period, old, new in zip(periods, now, then, strict=True)
    ]
    table(pd.DataFrame(rows), "whatif_table")
