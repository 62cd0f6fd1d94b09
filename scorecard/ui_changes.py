"""What publishing would do: records, money, metrics, joins and words, before and after, each with its rows."""

from datetime import datetime

import pandas as pd
import streamlit as st

from scorecard import loading, loading_trial
from scorecard.charts import formats
from scorecard.errors import ScorecardError
from scorecard.loading_trial import Trial
from scorecard.schema import KINDS
from scorecard.store import Store
from scorecard.ui_contract import money_difference
from scorecard.ui_frame import escape
from scorecard.ui_parts import download, fit, table
from scorecard.ui_upload import Upload
from scorecard.ui_words import answer_words

WORDS = {"added": "new", "changed": "changed", "gone": "gone"}


def what_changes(state: Upload, preview: loading.Preview, own: Store, who: str) -> None:
    """The difference in records and money, and what the numbers would become."""
    if preview.changes:
        rows = pd.DataFrame(preview.changes)
        rows["kind"] = [KINDS[kind].title if kind in KINDS else kind for kind in rows["kind"]]
        totals = rows.groupby("kind", as_index=False)[["added", "changed", "same", "gone"]].sum()
        titles = {"added": "New", "changed": "Changed", "same": "The same", "gone": "Gone from the list"}
        counts = {name: st.column_config.NumberColumn(title, format="localized") for name, title in titles.items()}
        table(totals, "changes", {"kind": "Table", **counts})
        for place, change in enumerate(preview.changes):
            _records(preview, change, own, place)
    money_difference(preview.money)
    if found := _trial(state, preview, own, who):
        _totals(found, own)
        _joins(found)
        _words(state, found, own, who)


def _records(preview: loading.Preview, change: loading.Change, own: Store, place: int) -> None:
    """The records behind the counts of one file, asked for when opened."""
    parts = [f"{formats.count(getattr(change, name))} {word}" for name, word in WORDS.items() if getattr(change, name)]
    if not parts:
        return
    title = KINDS[change.kind].title if change.kind in KINDS else change.kind
    label = f"{escape(title)} in {escape(change.file)}: {', '.join(parts)}"
    panel = st.expander(label, icon=":material/list_alt:", key=f"records_{place}", on_change="rerun")
    if not panel.open:
        return
    with panel:
        found = loading_trial.listed(own, preview, change, datetime.now())
        rows = pd.DataFrame(found, columns=["what", "record", "label", "change"])
        total = change.added + change.changed + change.gone
        if len(rows) < total:
            st.caption(f"The first {loading_trial.LISTED} of each sort.")
        table(rows, f"records_rows_{place}", {"label": "What it is", "change": "What changes"}, height=fit(len(rows)))
        download(rows, f"changes {change.kind}", f"records_csv_{place}", published=False)


def _trial(state: Upload, preview: loading.Preview, own: Store, who: str) -> Trial | None:
    """The load tried out aside: at once where it takes a moment, on a click where it takes longer."""
    if not loading_trial.readable(preview):
        return None
    if state.tried == state.asked:
        return state.trial
    if not loading_trial.is_quick(own.current(), preview) and not st.button(
        "Try it out: what every number and every join would become", key="try_out", icon=":material/science:"
    ):
        return None
    try:
        with st.spinner("Trying it out…"):
            state.trial = loading_trial.trial(own, preview, datetime.now(), who)
    except ScorecardError as error:
        st.warning(escape(str(error)), icon=":material/warning:")
        return None
    state.tried = state.asked
    return state.trial


def _totals(found: Trial, own: Store) -> None:
    currency = own.book.settings()["reporting_currency"]
    moved = [total for total in found.totals if total.before != total.after]
    label = f"Numbers over all time: {len(moved)} of {len(found.totals)} would move"
    with st.expander(label, icon=":material/functions:", key="trial_totals_panel"):
        rows = pd.DataFrame(
            [
                (
                    total.title,
                    formats.number(total.before, total.unit, currency),
                    formats.number(total.after, total.unit, currency),
                    _difference(total, currency),
                )
                for total in sorted(found.totals, key=lambda total: total.before == total.after)
            ],
            columns=["number", "now", "after", "difference"],
        )
        table(rows, "trial_totals", height=fit(len(rows), 520))


def _difference(total: loading_trial.Total, currency: str) -> str:
    if total.before is None or total.after is None:
        return "" if total.before == total.after else "new" if total.before is None else "gone"
    step = total.after - total.before
    if not step:
        return "unchanged"
    sign = "+" if step > 0 else "−"
    if total.unit == "percent":
        return f"{sign}{abs(step) * 100:.1f} pp"
    return sign + formats.number(abs(step), total.unit, currency)


def _joins(found: Trial) -> None:
    worse = [join for join in found.joins if (join.before or 0) - (join.after or 0) > 0.005]
    label = "How the tables join" + (f": {len(worse)} worse than now" if worse else "")
    with st.expander(label, icon=":material/account_tree:", expanded=bool(worse), key="trial_joins_panel"):
        rows = pd.DataFrame(
            [
                (join.link.replace(" to ", " → "), join.before, join.after, join.joined_after, join.records_after)
                for join in found.joins
            ],
            columns=["link", "now", "after", "joined", "of"],
        )
        shares = {
            name: st.column_config.ProgressColumn(title, min_value=0.0, max_value=1.0, format="percent")
            for name, title in (("now", "Joined now"), ("after", "Joined after"))
        }
        table(rows, "trial_joins", {**shares, "joined": "Records joined", "of": "Of"})


def _words(state: Upload, found: Trial, own: Store, who: str) -> None:
    """Words nobody has explained: answered here, before the numbers are published."""
    words = [word for word in found.words if word.word != "(none)"]
    if not words:
        return
    label = f"{formats.counted(len(words), 'word')} to explain: unknown until somebody says what they mean"
    with st.expander(label, icon=":material/edit_note:", key="trial_words_panel"):
        st.caption("They do not stop the publishing. What you say here is kept and used from now on.")
        if answer_words(words, "preview", who, own, publish=False, meanings=found.meanings):
            state.asked, state.tried = (), ()
            st.rerun()
