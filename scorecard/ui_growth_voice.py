"""What customers say, what friction costs, and the claims of the field on the team's own data."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.frames import blank, each
from scorecard.charts.growth import Dot, dots
from scorecard.filters import Filters
from scorecard.ui_alignment import agree_form, agreement, baseline, looked_at
from scorecard.ui_alignment import said as alignment_said
from scorecard.ui_frame import escape
from scorecard.ui_handoff import unmatched
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, fit, headline, period_of, rows_behind, table
from scorecard.ui_state import ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
KINDS = {"NPS": "nps", "CSAT": "csat"}
CUTS = {
    "Source": "source",
    "Channel": "channel",
    "Follow-up promise": "sla",
    "First owner": "owner",
    "Quarter": "quarter",
}
PART_WORDS = {
    "delay": "waiting beyond the promise",
    "untouched": "leads nobody tried",
    "rejected": "rejected or recycled leads",
    "rework": "rework",
    "stalled": "leads waiting for a decision",
}
CLAIM_SHORT = {
    "contribution": "Marketing’s share",
    "close": "Leads won",
    "friction": "Friction",
    "satisfaction": "Satisfied",
    "video": "Viewers won",
}
CLAIM_WORDS = {
    "contribution": (
        "Share of won new business from Marketing",
        "It says nothing of what would have been won without.",
    ),
    "close": ("Marketing's leads won within the horizon", "Sources, prices and seasons change the mix of leads too."),
    "friction": ("Friction index at the hand-over", "An index cannot fall by 108%: nothing is below 0."),
    "satisfaction": ("Satisfied customers", "Only those who answered are heard."),
    "video": ("Viewers' wins over those of others like them", "Who watches may have been keener to begin with."),
}


def voice(filters: Filters) -> None:
    """NPS or CSAT in one sentence, by a cut as dots, over the quarters, and who did not answer."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="voice_choices"):
        kind = str(st.segmented_control("Score", list(KINDS), default="NPS", required=True, key="voice_of", **BOUND))
        cut = str(st.segmented_control("By", list(CUTS), default="Source", required=True, key="voice_by", **BOUND))
    rows = ask("voice", filters, kind=KINDS[kind])
    if rows.empty:
        nothing_here(
            f"No {kind} answers here",
            "Widen the dates, or upload survey answers: at, score, kind (nps or csat), scale_max and e-mail.",
            why=missing(rows),
        )
        return
    row = each(rows)[0]
    headline(_voice_said(row, kind), _voice_basis(row, filters), of=rows)
    if row.answers < formats.FEW:
        too_little(row.answers, "answers")
    for sentence in rows.attrs.get("notes", ()):
        st.caption(escape(sentence))
    found = ask("voice", filters if cut != "Quarter" else filters.at_any_time(), kind=KINDS[kind], by=CUTS[cut])
    shown_rows = list(each(found)[-8:] if cut == "Quarter" else each(found)[:14])
    left, right = st.columns((1.15, 1), gap="large")
    with left:
        headline(f"{kind} by {cut.lower()}", _firm(shown_rows, cut), of=found)
        unit = "count" if kind == "NPS" else "percent"
        chart(
            dots([_answer_dot(one, kind) for one in shown_rows], shown().look, unit, mark=float(row.value)),
            key="voice_by_cut",
            alt=f"{kind}: " + "; ".join(f"{one.group_value} {_score(one.value, kind)}" for one in shown_rows),
            caption=f"Bar: 95% interval. Grey: fewer than {formats.FEW} answers, no rank. Dotted: all together.",
        )
    with right:
        headline("All numbers", "One answer per customer in a period, the latest.", of=found)
        _voice_table(found, kind, cut)
    rows_behind(KINDS[kind], filters)


def _score(value: Any, kind: str) -> str:
    return formats.signed(formats.count(value)) if kind == "NPS" else formats.percent(value)


def _voice_said(row: Any, kind: str) -> str:
    return f"{kind} {_score(row.value, kind)} ({_score(row.low, kind)} to {_score(row.high, kind)})"


def _voice_basis(row: Any, filters: Filters) -> str:
    said = f"n={formats.count(row.answers)} answers, {period_of(filters)}: {formats.count(row.best)} best, "
    said += f"{formats.count(row.middle)} middle, {formats.count(row.worst)} worst."
    if formats.known(row.answered_share):
        said += (
            f" {formats.percent(row.answered_share)} of {formats.count(row.customers)} people who had bought by then"
            " answered; how many were asked is not in the export."
        )
    return said


def _firm(rows: list[Any], cut: str) -> str:
    """Whether anybody stands apart, among those with enough answers."""
    firm = [row for row in rows if row.answers >= formats.FEW]
    if len(firm) < 2:
        return "Too few answers to tell groups apart."
    top, low = max(firm, key=lambda row: row.value), min(firm, key=lambda row: row.value)
    if top.low > low.high:
        return f"{top.group_value} is above {low.group_value}; their intervals do not meet."
    return "The intervals of the highest and the lowest meet: none stands out."


def _answer_dot(row: Any, kind: str) -> Dot:
    text = f"<b>{_score(row.value, kind)}</b>  n={formats.count(row.answers)}"
    return Dot(str(row.group_value), float(row.value), float(row.low), float(row.high), text, row.answers < formats.FEW)


def _voice_table(rows: pd.DataFrame, kind: str, cut: str) -> None:
    number = st.column_config.NumberColumn
    form = "%.1f" if kind == "NPS" else "%.1f%%"
    scaled = ("answered_share",) if kind == "NPS" else ("answered_share", "value", "low", "high")
    listed = rows.assign(**{name: rows[name].astype(float) * 100 for name in scaled})
    heads = {
        "group_value": st.column_config.TextColumn(cut, pinned=True),
        "rank": number("Rank"),
        "value": number(kind, format=form),
        "low": number("From", format=form),
        "high": number("To", format=form),
        "answers": number("Answers"),
        "customers": number("Customers"),
        "answered_share": number("Answered", format="%.1f%%"),
    }
    kept = [name for name in heads if rows[name].notna().any()]
    table(listed[kept], "voice_table", heads, height=fit(len(rows), 420))
    download(rows, "voice", "voice_csv")


def friction(filters: Filters) -> None:
    """The index, its five parts in points, and what each part costs in hours and money."""
    held = agreement()
    since = looked_at(held)
    window = baseline(held, since)
    params: dict[str, Any] = {"baseline_start": window[0], "baseline_end": window[1]} if window else {}
    rows = ask("friction", filters, **params)
    if rows.empty:
        nothing_here("No leads were handed over here", "Widen the dates, or upload a CRM export.", why=missing(rows))
        return
    parts, (whole,) = [row for row in each(rows) if row.part != "index"], [r for r in each(rows) if r.part == "index"]
    headline(_friction_said(whole, parts), _friction_basis(whole, window), of=rows)
    alignment_said(held, since, rows.attrs.get("notes", ()))
    unmatched()
    if whole.leads < formats.FEW:
        too_little(whole.leads, "leads handed over")
    left, right = st.columns((1.15, 1), gap="large")
    known = [row for row in parts if formats.known(row.points)]
    with left:
        headline("Points of each part", "100 × weight × mean loss; the parts add up to the index.", of=rows)
        chart(
            dots([_part_dot(row) for row in known], shown().look, "count"),
            key="friction_parts",
            alt="; ".join(f"{row.part} {row.points:.1f} points" for row in known),
            caption=f"Bar: 95% interval, drawn by account. {_weights_said(known)} Hours and money beside.",
        )
        st.caption(escape(_remarks(parts)))
    with right:
        headline(
            "What each part costs",
            "Hours beyond the promise; money as if they had won as often as the others.",
            of=rows,
        )
        _friction_table(rows)
    agree_form(held, norms=True)


def _friction_said(whole: Any, parts: list[Any]) -> str:
    said = f"Friction index {whole.points:.1f} of 100"
    first = next((row for row in parts if formats.known(row.points) and row.points > 0), None)
    return said if first is None else f"{said}; the largest part is {PART_WORDS[first.part]}"


def _weights_said(parts: list[Any]) -> str:
    if len({round(float(row.weight), 6) for row in parts}) < 2:
        return "Equal weights."
    return "Agreed weights: " + ", ".join(f"{row.part} {formats.percent(row.weight, 0)}" for row in parts) + "."


def _friction_basis(whole: Any, window: tuple[date, date] | None) -> str:
    said = f"n={formats.count(whole.leads)} leads handed over."
    if formats.known(whole.low):
        said += f" 95% interval {whole.low:.1f} to {whole.high:.1f}."
    if window and formats.known(whole.ratio):
        span = f" ({whole.ratio_low:.2f} to {whole.ratio_high:.2f})" if formats.known(whole.ratio_low) else ""
        said += f" {whole.ratio:.2f} times the locked baseline of {formats.span(*window)}{span}."
    elif window is None:
        said += " Agree on a day to compare with the year before it."
    return said


def _part_dot(row: Any) -> Dot:
    text = f"<b>{row.points:.1f}</b>  {formats.count(row.affected)} of {formats.count(row.leads)} leads"
    known = formats.known(row.low)
    return Dot(
        str(row.part).capitalize(),
        float(row.points),
        float(row.low) if known else None,
        float(row.high) if known else None,
        text,
        row.leads < formats.FEW,
    )


def _friction_table(rows: pd.DataFrame) -> None:
    number = st.column_config.NumberColumn
    heads = {
        "part": st.column_config.TextColumn("Part", pinned=True),
        "hours": number("Hours", format="localized"),
        "money": number(f"Money, {shown().look.currency}", format="compact"),
        "ratio": number("× baseline", format="%.2f"),
        "win_rate_with": number("Won with it", format="%.1f%%"),
        "win_rate_without": number("without", format="%.1f%%"),
        "place": "Rank",
    }
    listed = rows.assign(
        hours=rows["hours"].astype(float).round(0),
        win_rate_with=rows["win_rate_with"].astype(float) * 100,
        win_rate_without=rows["win_rate_without"].astype(float) * 100,
        place=pd.Series([_place(row) for row in each(rows)], index=rows.index),
    )
    kept = [name for name in heads if listed[name].notna().any()]
    table(listed[kept], "friction_table", heads, height=fit(len(listed)))
    st.caption(
        "Rank by points; in brackets where it would stand if each weight were anything from half to twice its own."
    )
    download(rows, "friction", "friction_csv")


def _remarks(parts: list[Any]) -> str:
    """What the money of the parts cannot say, each remark once."""
    found: dict[str, list[str]] = {}
    for row in parts:
        if not blank(row.remark):
            found.setdefault(str(row.remark), []).append(str(row.part))
    return " ".join(f"{', '.join(names).capitalize()}: {remark}." for remark, names in found.items())


def _place(row: Any) -> str | None:
    """2 (1 to 4); 1 where no weight changes it."""
    if not formats.known(row.rank):
        return None
    best, worst = int(row.best_rank), int(row.worst_rank)
    return f"{int(row.rank)}" if best == worst else f"{int(row.rank)} ({best} to {worst})"


def claims(filters: Filters) -> None:
    """Each claim, what was said and what is measured here, or in words why nothing is."""
    held = agreement()
    day = looked_at(held)
    if day is None:
        headline(
            "From which day do both teams work together?",
            "Choose the day above: what articles claim of aligned teams is then measured before and after it.",
        )
        agree_form(held, norms=False)
        return
    rows = ask("claims", filters.at_any_time(), aligned_on=day)
    if rows.empty:
        nothing_here("Nothing to compare yet", "Upload a CRM export.", why=missing(rows))
        return
    found = each(rows)
    firm = [row for row in found if formats.known(row.low) and (row.low > 0 or row.high < 0) and row.claim != "video"]
    first = found[0]
    headline(
        f"{formats.words(len(firm)).capitalize()} of the claims moved beyond chance here",
        f"{formats.span(_day(first.before_from), _day(first.before_until))} against"
        f" {formats.span(_day(first.after_from), _day(first.after_until))}. Other things changed too.",
        of=rows,
    )
    alignment_said(held, day)
    known = [row for row in found if formats.known(row.change)]
    left, right = st.columns((1.15, 1), gap="large") if known else (st.container(), st.container())
    if known:
        with left:
            chart(
                dots([_claim_dot(row) for row in known], shown().look, "percent", mark=0.0, row_height=72),
                key="claims_chart",
                alt="; ".join(f"{CLAIM_WORDS[row.claim][0]} {formats.percent(row.change)}" for row in known),
                caption="Dot: change here; bar: 95% interval, drawn by account. Video: viewers over others, after the"
                " day.",
            )
    with right:
        for row in found:
            _claim(row)
    download(rows, "claims", "claims_csv")
    agree_form(held, norms=False)


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _claim_dot(row: Any) -> Dot:
    said = formats.signed(formats.percent(row.said, 0))
    text = f"<b>{formats.signed(formats.percent(row.change))}</b><br>said {said}"
    known = formats.known(row.low)
    return Dot(
        CLAIM_SHORT[row.claim],
        float(row.change),
        float(row.low) if known else None,
        float(row.high) if known else None,
        text,
        min(row.n_before or 0, row.n_after or 0) < formats.FEW,
    )


def _claim(row: Any) -> None:
    """One claim in a line: the article's figure, ours, on what, and what it cannot prove."""
    words, cannot = CLAIM_WORDS[row.claim]
    said = formats.signed(formats.percent(row.said, 0))
    if formats.known(row.change):
        span = f" ({formats.percent(row.low)} to {formats.percent(row.high)})" if formats.known(row.low) else ""
        say = (lambda value: f"{100 * value:.1f} points") if row.claim == "friction" else formats.percent
        pair = f"{say(row.before)} before, {say(row.after)} after; " if formats.known(row.before) else ""
        ours = f"{pair}{formats.signed(formats.percent(row.change))}{span}"
        if row.claim == "video":
            earlier = f"; before it {formats.signed(formats.percent(row.before))}" if formats.known(row.before) else ""
            ours = f"{formats.signed(formats.percent(row.change))}{span} after the day{earlier}"
    else:
        ours = str(row.remark)
    basis = f"n={formats.count(row.n_before)} before, {formats.count(row.n_after)} after"
    with st.container(gap=None):
        st.markdown(f"**{escape(words)}**: {escape(ours)}")
        st.caption(escape(f"Articles say {said}. {basis}. {cannot}"))
