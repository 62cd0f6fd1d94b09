"""Open deals by their chance of a win: who is likely, by when and why; which are older than nearly all won ones."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines_close
from scorecard.charts.forest import Rate, forest, with_interval
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.masking import masked
from scorecard.queries_close import OLDER
from scorecard.queries_close_words import NO_SKILL
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, headline, table
from scorecard.ui_state import ask, masks_names, missing, shown
from scorecard.ui_timeline import deal_address

NOUNS = {"deals": "deal", "people": "lead"}
HORIZONS = {"Agreed": "", "Quarter end": "quarter", "Ever": "ever"}
LISTED, DRAWN, EXPLAINED = 1000, 8, 4
BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}


def open_deals(filters: Filters) -> None:
    """The list, largest expected amount first; the first ones drawn with their intervals and reasons."""
    entity, horizon = _choose()
    noun = NOUNS[entity]
    rows = ask("close_probability", filters.at_any_time(), entity=entity, horizon=HORIZONS[horizon])
    if rows.empty:
        nothing_here(f"No open {noun}s here", "Clear the filters, or upload a newer CRM export.", why=missing(rows))
        return
    answer, notes = rows, rows.attrs.get("notes", ())
    rows = rows.merge(ask("open_names", entity=entity).drop_duplicates("deal_id"), on="deal_id", how="left")
    rows = rows.assign(is_old=rows["reasons"].str.contains(OLDER, regex=False))
    rows.attrs = dict(answer.attrs)  # how it was asked, which joining names forgets
    until = _until(rows, horizon)
    headline(headlines_close.expected(rows, noun, until, shown().look.currency), _coverage(rows, noun), of=answer)
    if len(rows) < formats.FEW:
        too_little(len(rows), f"open {noun}" + "s" * (len(rows) != 1))
    say_notes(notes)
    known = rows[rows["probability"].notna()]
    if len(known):
        _first(known, noun, until)
    _table(rows, noun, until)


def say_notes(notes: Sequence[str]) -> None:
    """What belongs to the scores in small print; first and in full size that they have no skill, and why."""
    at = next((place for place, one in enumerate(notes) if one.startswith(NO_SKILL)), len(notes))
    for sentence in notes[at : at + 1]:
        st.markdown(f"**{escape(sentence)}**")
    for quiet in (" ".join(notes[at + 1 :]), " ".join(notes[:at])):
        if quiet:
            st.caption(escape(quiet))


def _choose() -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="chance_choices"):
        entity = st.segmented_control(
            "Of", list(NOUNS), default="deals", required=True, key="chance_of", format_func=str.capitalize, **BOUND
        )
        horizon = st.segmented_control(
            "Won by", list(HORIZONS), default="Agreed", required=True, key="chance_by", format_func=_horizon, **BOUND
        )
    return str(entity or "deals"), str(horizon or "Agreed")


def _horizon(name: str) -> str:
    return f"{shown().settings['horizon_days']} days" if name == "Agreed" else name


def _until(rows: pd.DataFrame, horizon: str) -> str:
    """The end of a sentence: within 90 days."""
    if horizon == "Ever":
        return "at some time"
    days = formats.counted(float(rows["horizon_days"].iloc[0]), "day")
    return f"by the end of the quarter, in {days}" if horizon == "Quarter end" else f"within {days}"


def _coverage(rows: pd.DataFrame, noun: str) -> str:
    """What the list holds, what it cannot say, and how much sits with the oldest."""
    parts = [f"Open at the date of the data, whatever the period; n={formats.count(len(rows))} {noun}s."]
    if unknown := int(rows["probability"].isna().sum()):
        parts.append(f"{formats.count(unknown)} without a probability: the list says why.")
    old = rows[rows["is_old"]]
    if len(old):
        amount = float(old["amount"].sum())
        worth = f", {formats.money(amount, shown().look.currency)} of open amount" if amount > 0 else ""
        verb = "is" if len(old) == 1 else "are"
        parts.append(f"{formats.count(len(old))} {verb} older than nearly all won {noun}s were at their close{worth}.")
    return " ".join(parts)


def _first(known: pd.DataFrame, noun: str, until: str) -> None:
    """The largest expected amounts as dots with intervals, and why the first ones stand where they do."""
    first = known.head(DRAWN)
    has_money = bool((first["amount"].fillna(0) > 0).any())
    # A lead's name is a person's, which a shared screen does not show; a deal's is not.
    safe = masked(first[["name"]], names_too=masks_names())
    names = [str(name) for name in safe["name"]]
    rates = [
        Rate(name, float(row.probability), float(row.low), float(row.high), float(row.similar_deals))
        for name, row in zip(names, each(first), strict=True)
    ]
    left, right = st.columns((1.15, 1), gap="large")
    with left:
        headline(
            "Most expected amount first" if has_money else "Most likely first", f"Chance of a win {until}.", of=known
        )
        chart(
            forest(rates, shown().look, row_height=46, say=with_interval, names_above=True),
            key="likely",
            alt=f"Chance of a win {until}: "
            + "; ".join(f"{rate.name} {formats.percent(rate.value)}" for rate in rates),
            caption=f"Bar: 95% interval. Grey: fewer than {formats.FEW} {noun}s like it were ever seen at that age.",
        )
    with right:
        headline("Why", f"Steps from the chance of every new {noun}; they add up.", of=known)
        for name, row in list(zip(names, each(first), strict=True))[:EXPLAINED]:
            st.markdown(f"**{escape(name)}**: {formats.percent(row.probability)}, {escape(_like(row, noun))}")
            st.caption(escape(str(row.reasons)))


def _like(row: Any, noun: str) -> str:
    """Deals like this: 104, 48 won."""
    if not formats.known(row.similar_deals):
        return ""
    return f"{noun}s like this: {formats.count(row.similar_deals)}, {formats.count(row.similar_wins)} won"


def _table(rows: pd.DataFrame, noun: str, until: str) -> None:
    headline(f"All open {noun}s", f"Chance of a win {until}, with its 95% interval.", of=rows)
    if len(rows) > LISTED:
        st.caption(f"The first {formats.count(LISTED)} of {formats.count(len(rows))}; the file has all.")
    first = rows.head(LISTED)
    if noun == "deal":
        first = first.assign(link=[deal_address(str(one)) for one in first["deal_id"]])
    said = [
        formats.MISSING
        if not formats.known(row.probability)
        else f"{formats.percent(row.low, 0)} to {formats.percent(row.high, 0)}"
        for row in each(first)
    ]
    listed = pd.DataFrame({
        "deal" if noun == "deal" else "name": first["name"],
        "chance": first["probability"] * 100,
        "interval": said,
        "amount": first["amount"],
        "expected": first["probability"] * first["amount"],
        "age": first["age_days"],
        "flag": ["older than nearly all wins" if old else "" for old in first["is_old"]],
        "like": [_like(row, noun).partition(": ")[2] for row in each(first)],
        "why": first["reasons"],
        "stage": first["stage"],
        "owner": first["owner"],
        "crm_says": first["crm_probability"] * 100,
    })  # fmt: skip
    if "link" in first:
        listed.insert(list(listed.columns).index("why"), "customer", first["link"])
    kept = [name for name in listed.columns if name in ("deal", "name", "chance", "why") or _says(listed[name])]
    table(listed[kept], "chances", _columns(noun), height=min(420, 38 + 35 * len(listed)))
    download(rows.drop(columns="is_old"), "close_probability", "chances_csv")


def _says(column: pd.Series) -> bool:
    return bool((column.notna() & (column != "")).any())


def _columns(noun: str) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "deal" if noun == "deal" else "name": st.column_config.TextColumn(noun.capitalize(), pinned=True),
        "customer": st.column_config.LinkColumn("Customer", display_text="timeline"),
        "chance": st.column_config.ProgressColumn("Chance", format="%.1f%%", min_value=0, max_value=100),
        "interval": "95% interval",
        "amount": number("Amount", format="localized"),
        "expected": number("Chance × amount", format="compact"),
        "age": number("Days open", format="localized"),
        "flag": "Flag",
        "like": f"{noun.capitalize()}s like this",
        "why": st.column_config.TextColumn("Why", width="large"),
        "crm_says": number("CRM says", format="%.0f%%"),
    }
