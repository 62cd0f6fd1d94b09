"""The week in a message: the numbers with plan and status word, the forecast with its band, the deals to talk about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

import pandas as pd

from scorecard.book_meetings import Action
from scorecard.charts import fan, formats
from scorecard.charts.frames import each
from scorecard.errors import QueryError
from scorecard.export.actions import Measured, measure, sentence, summary
from scorecard.export.blocks import forecast, kpis
from scorecard.export.numbers import Numbers
from scorecard.export.stamp import Stamp
from scorecard.masking import mask_email, mask_name

TOP = 5  # deals a chat has room for
FLOW = "pipeline_flow"
# Letters a chat reads as markup when they come from data.
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|~"})


@dataclass(frozen=True)
class Section:
    """A heading and its lines; what stands before the first colon of a line is set bold."""

    title: str
    lines: tuple[str, ...]


def sections(
    numbers: Numbers, *, earlier: date | None = None, names: bool = False, actions: Sequence[Action] = ()
) -> list[Section]:
    """What the message says. `earlier`: the day of the snapshot to compare with, None where there is none.

    `actions`: the open ones, each with whether its metric moved.
    """
    board = kpis(numbers)
    found = [Section(board.title, tuple(_kpi(row) for row in each(board.rows.fillna(""))))]
    if earlier is not None:
        found.append(_changes(numbers, earlier))
    ahead = forecast(numbers)
    if ahead.missing:
        found.append(Section("The quarter", (ahead.missing,)))
    else:
        found.append(Section(ahead.title, (fan.parts_line(ahead.rows, numbers.currency) + ".",)))
    found.append(_deals(numbers, names))
    if actions:
        measured = [measure(numbers, one) for one in actions]
        found.append(Section(summary(measured), tuple(_action(one, numbers.currency) for one in measured)))
    return found


def _action(found: Measured, currency: str) -> str:
    """Call within a day: Follow-up in SLA 46.9% → 68.0%, n=25 – moved as expected. Ann, due Fri 20 Nov."""
    who = [found.action.owner] if found.action.owner else []
    when = [f"due {formats.day(found.action.due)}"] if found.action.due else []
    last = f" {', '.join([*who, *when])}." if who or when else ""
    said = found.why if found.before is None else f"{sentence(found, currency)} – {found.word.lower()}."
    return f"{found.action.text}: {said}{last}"


def _kpi(row) -> str:
    plan = f", plan {row.plan_text}" if row.plan_text else ""
    n = f" ({row.n})" if row.n else ""
    change = f"; last week {row.change}" if row.change and row.change != formats.MISSING else ""
    why = f". {row.why}" if row.status == "No data" else ""
    return f"{row.name}: {row.text}{plan} – {row.status}{n}{change}{why}"


def _changes(numbers: Numbers, earlier: date) -> Section:
    """What moved the pipeline since the snapshot before; the parts add up from start to end."""
    title = f"What changed since {formats.day(earlier)}"
    try:
        # The whole open pipeline: the period of the digest lies in the past, where nothing is expected to close.
        everything = replace(numbers.filters, period_start=None, period_end=None)
        rows = numbers.ask(FLOW, everything)
    except QueryError as error:
        return Section(title, (str(error),))
    if rows.empty:
        return Section(title, (str(rows.attrs.get("missing") or "Nothing changed in the pipeline."),))
    moved = [row for row in each(rows) if float(row.deals or 0) or float(row.amount or 0)]
    lines = tuple(
        f"{str(row.bucket).replace('_', ' ').capitalize()}: {formats.money(float(row.amount), numbers.currency)}"
        f" ({formats.counted(float(row.deals), 'deal')})"
        for row in moved
    )
    return Section(f"{title}, open pipeline", lines or ("Nothing changed in the pipeline.",))


def _deals(numbers: Numbers, names: bool) -> Section:
    """The open deals worth most by chance × amount."""
    rows = numbers.ask("close_probability", numbers.filters, entity="deals")
    if rows.empty:
        return Section("Open deals", (str(rows.attrs.get("missing") or "No deal is open with these filters."),))
    known = rows[rows["probability"].notna() & rows["amount"].notna()]
    known = known.assign(expected=known["probability"] * known["amount"].astype(float))
    called = numbers.ask("open_names", None, entity="deals").drop_duplicates("deal_id")
    first = known.sort_values("expected", ascending=False).head(TOP).merge(called, on="deal_id", how="left")
    days = formats.counted(float(rows["horizon_days"].iloc[0]), "day")
    lines = tuple(
        f"{_called(row, names)}: {formats.money(row.expected, numbers.currency)} ="
        f" {formats.percent(row.probability, 0)} ({formats.percent(row.low, 0)} to {formats.percent(row.high, 0)})"
        f" of {formats.money(row.amount, numbers.currency)}, open {formats.counted(float(row.age_days), 'day')}"
        for row in each(first)
    )
    return Section(f"Open deals by chance of a win within {days} × amount", lines or ("No amount is known.",))


def _called(row, names: bool) -> str:
    name = str(row.name) if pd.notna(row.name) else ""
    shown = mask_email(name) if names else mask_name(name)
    return f"{shown or 'Deal'} (deal {row.deal_id})"


def markdown(heading: str, found: Sequence[Section], stamp: Stamp, link: str = "") -> str:
    """For a chat or a mail that reads Markdown."""
    lines = [f"**{heading}** – data to {formats.day(stamp.as_of)} {stamp.as_of.year}", ""]
    for section in found:
        lines += [f"**{section.title.translate(_MARKS)}**", *(f"- {_bold(line)}" for line in section.lines), ""]
    lines.append(f"_{stamp.line().translate(_MARKS)}_")
    lines.append(f"_{stamp.signature.translate(_MARKS)}_")
    return "\n".join([*lines, *([f"<{link}>"] if link else [])]) + "\n"


def _bold(line: str) -> str:
    word, colon, rest = line.partition(": ")
    return f"**{word.translate(_MARKS)}**: {rest.translate(_MARKS)}" if colon else line.translate(_MARKS)


def html(heading: str, found: Sequence[Section], stamp: Stamp, link: str = "") -> str:
    """For a mail: plain tags, nothing that has to be fetched."""
    parts = [f"<h2>{escape(heading)}</h2>", f"<p>Data to {formats.day(stamp.as_of)} {stamp.as_of.year}</p>"]
    for section in found:
        items = "".join(f"<li>{_strong(line)}</li>" for line in section.lines)
        parts.append(f"<h3>{escape(section.title)}</h3><ul>{items}</ul>")
    parts.append(f"<p><small>{escape(stamp.line())}<br>{escape(stamp.signature)}</small></p>")
    if link:
        parts.append(f'<p><a href="{escape(link)}">The same numbers in the scorecard</a></p>')
    return "\n".join(parts) + "\n"


def _strong(line: str) -> str:
    word, colon, rest = line.partition(": ")
    return f"<b>{escape(word)}</b>: {escape(rest)}" if colon else escape(line)
