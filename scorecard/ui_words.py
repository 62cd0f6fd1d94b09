"""What the words of exports mean: stages, sources, owners and currencies, answered where they are met."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import loading
from scorecard.book_tables import STATUSES, normal
from scorecard.charts import formats
from scorecard.charts.frames import blank, each
from scorecard.errors import ScorecardError
from scorecard.loading_trial import Word, meanings_of
from scorecard.schema import SIDES
from scorecard.store import Store
from scorecard.ui_frame import escape
from scorecard.ui_state import ask, shown

MAPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "source_map": (("source_raw_norm", "channel", "side"), ("source_raw_norm",)),
    "stage_map": (
        ("pipeline", "stage_raw_norm", "stage", "status", "stage_order"),
        ("pipeline", "stage_raw_norm"),
    ),
    "owner_map": (("owner_raw_norm", "owner", "team", "region"), ("owner_raw_norm",)),
    "currency_rates": (("currency", "from_on", "rate"), ("currency", "from_on")),
    "calendars": (("name", "hours", "time_zone", "holidays"), ("name",)),
}
LEAD_STAGES = (
    "What a stage of a pipeline means. An empty pipeline means all of them. The pipeline “leads” names a lead's own:"
    " place 1 is the inquiry, 2 MQL, 3 SAL, 4 SQL, 5 opportunity, 6 won."
)
TITLES = {
    "source_map": ("Lead sources", "Which channel and which side a source belongs to."),
    "stage_map": (
        "Stages",
        LEAD_STAGES,
    ),
    "owner_map": ("Owners", "Names of one person that exports write differently, and their team."),
    "currency_rates": ("Currencies", "What one unit is worth in the reporting currency, from a day on."),
    "calendars": (
        "Calendars",
        "Business hours of an owner or a team that differ, in their time zone, with their holidays.",
    ),
}
WORD = {"source_map": "source_raw_norm", "stage_map": "stage_raw_norm", "owner_map": "owner_raw_norm"}
NAMED = {
    "source_map": "channel",
    "stage_map": "stage",
    "owner_map": "owner",
    "currency_rates": "currency",
    "calendars": "hours",
}
OF = {"source": "source_map", "stage": "stage_map", "owner": "owner_map"}
CHECKS = {"source_unmapped": "source", "stage_unmapped": "stage", "owner_unmapped": "owner"}
LABELS = {
    "source_raw_norm": "Lead source as exported",
    "stage_raw_norm": "Stage as exported",
    "owner_raw_norm": "Owner as exported",
    "stage_order": "Place in the row of stages",
    "from_on": "From day",
    "cases": "Records",
    "name": "Owner or team",
    "hours": "Business hours",
    "time_zone": "Time zone",
}
Meanings = Sequence[Mapping[str, Any]]
Known = dict[str, dict[str, dict[str, Any]]]
NO_WORD = "(none)"
ALIKE = 0.8  # a word spelt nearly like a known one is proposed to mean the same


def maps(who: str) -> None:
    """Every map as a table to type in."""
    for name, (title, what) in TITLES.items():
        _map(name, title, what, who)


def open_words() -> list[Word]:
    """Words of the loaded exports that nobody has explained."""
    return [
        Word(what, str(row.entity_id), str(row.label or ""), int(row.cases))
        for check, what in CHECKS.items()
        for row in each(ask(check))
        if row.entity_id != NO_WORD
    ]


def answer_words(
    words: Sequence[Word], key: str, who: str, own: Store, publish: bool, meanings: Meanings | None = None
) -> bool:
    """A table for each sort of word with the likely answer filled in; True when answers were saved.

    publish: the loaded numbers are computed again with them; else they take effect with the next publishing.
    """
    saved = False
    known = known_words(meanings)
    for what, name in OF.items():
        rows = [word for word in words if word.what == what]
        if not rows:
            continue
        columns, map_key = MAPS[name]
        others = [column for column in columns if column != WORD[name]]
        proposed = pd.DataFrame([_proposal(word, name, known) for word in rows], columns=[WORD[name], "cases", *others])
        after = st.data_editor(
            proposed.astype(object),
            key=f"answer_{key}_{name}_{len(rows)}",
            hide_index=True,
            disabled=[WORD[name], "cases", "pipeline"],
            placeholder="",
            column_config=_map_columns((*columns, "cases")),
        )
        if st.button(f"Save {what}s", key=f"save_{key}_{name}", type="primary", disabled=not who):
            saved |= _save(own, name, after.drop(columns="cases"), (), map_key, who)
    if not who:
        st.caption("Give your name to save: every change is kept with who and when.")
    if saved and publish:
        republish(who, datetime.now())
    return saved


def _proposal(word: Word, name: str, known: Known) -> dict[str, Any]:
    """A row to complete; what a word spelt alike means is filled in."""
    row: dict[str, Any] = {WORD[name]: word.word, "cases": word.cases, "pipeline": word.pipeline}
    near = difflib.get_close_matches(normal(word.word), known.get(name, {}), 1, ALIKE)
    return row | (known[name][near[0]] if near else {})


def known_words(meanings: Meanings | None = None) -> Known:
    """What words mean already, by map: in what a trial found, else in the numbers shown."""
    if meanings is None:
        info = shown().info
        meanings = meanings_of(info) if info else ()
    known: Known = {"source_map": {}, "stage_map": {}}
    for row in meanings:
        if row["what"] == "source":
            known["source_map"][row["word"]] = {"channel": row["meaning"], "side": row["side"]}
        else:
            stage = {"stage": row["meaning"], "status": row["side"], "stage_order": row["stage_order"]}
            known["stage_map"][row["word"]] = stage
    return known


def _map(name: str, title: str, what: str, who: str) -> None:
    """One map as a table to type in."""
    waiting = [word for word in open_words() if OF[word.what] == name] if name in WORD else []
    label = f"{title}: {formats.count(len(waiting))} to map" if waiting else title
    panel = st.expander(label, icon=":material/edit_note:", key=f"map_{name}", on_change="rerun")
    if not panel.open:
        return
    with panel:
        st.caption(what)
        columns, key = MAPS[name]
        before = pd.DataFrame(shown().store.book.rows(name), columns=list(columns)).astype(object)
        known = known_words() if waiting else {}
        proposed = [_proposal(word, name, known) for word in waiting]
        proposed = pd.DataFrame([*proposed, *before.to_dict("records")], columns=list(columns)).astype(object)
        after = st.data_editor(
            proposed,
            key=f"edit_{name}",
            num_rows="dynamic",
            hide_index=True,
            placeholder="",
            column_config=_map_columns(columns),
        )
        if st.button("Save", key=f"save_{name}", type="primary", disabled=not who):
            held = tuple(tuple(row[column] for column in key) for row in before.to_dict("records"))
            if _save(shown().store, name, after, held, key, who):
                republish(who, datetime.now())


def _map_columns(columns: Sequence[str]) -> dict[str, Any]:
    config: dict[str, Any] = {name: LABELS.get(name, name.capitalize()) for name in columns}
    if "side" in columns:
        config["side"] = st.column_config.SelectboxColumn("Side", options=list(SIDES), required=True)
    if "status" in columns:
        config["status"] = st.column_config.SelectboxColumn("Status", options=list(STATUSES), required=True)
    if "stage_order" in columns:
        config["stage_order"] = st.column_config.NumberColumn("Place in the row", step=1, required=True)
    return config


def _save(
    own: Store, name: str, after: pd.DataFrame, held: Sequence[tuple[Any, ...]], key: tuple[str, ...], who: str
) -> bool:
    """Keep the completed rows, take out those that are gone; True when it worked."""
    book, now = own.book, datetime.now()
    rows = [
        {str(column): "" if blank(value) else value for column, value in row.items()}
        for row in after.to_dict("records")
        if not blank(row[NAMED[name]])  # a proposed row that nobody completed stays a proposal
    ]
    kept = {tuple(str(row[column]) for column in key) for row in rows}
    gone = [one for one in held if tuple(str(part) for part in one) not in kept]
    if not rows and not gone:
        st.info("Fill in what the words mean, then save.", icon=":material/info:")
        return False
    try:
        book.put_many(name, rows, who, now)
        for one in gone:
            book.remove(name, one, who, now)
    except ScorecardError as error:
        st.error(escape(str(error)), icon=":material/cancel:")
        return False
    return True


def republish(who: str, now: datetime) -> None:
    """The same files with the book as it is now."""
    try:
        with st.spinner("Publishing the numbers with the change…"):
            loading.refresh(shown().store, now, who)
    except ScorecardError as error:
        st.error(escape(str(error)), icon=":material/cancel:")
        return
    st.toast("Saved.", icon=":material/check:")
    st.rerun()
