"""Marketing against the others as one ratio, and the win rates people quote, each by its name."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines_close, ratio
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_parts import chart, download, fit, headline, table
from scorecard.ui_state import ask, missing, shown

FAIR = "win_curve"
NAIVE = ("win_rate_created", "win_rate_closed", "win_rate_decided")
WHY = {
    "win_rate_created": "Won of created counts young ones, which have not had their time, as not won.",
    "win_rate_closed": "Won of closed leaves out what is still open; losses close sooner than wins, and it rises when"
    " nobody closes the lost.",
    "win_rate_decided": "Won of decided also leaves out those lost to no decision.",
}


def against_others(filters: Filters, entity: str, day: int) -> None:
    """Our ratio with its interval beside the claim of the articles; refused in words below the floor."""
    rows = ask("close_ratio", filters, entity=entity, days=str(day))
    if rows.empty:
        headline("Marketing against the others", missing(rows) or "Nothing to compare.", of=rows)
        return
    noun = "leads" if entity == "people" else "deals"
    known = [
        ratio.Against(name, float(row.ratio), float(row.low), float(row.high), at == 0)
        for at, (name, row) in enumerate(zip(("Against the others", "Unknown side included"), each(rows), strict=True))
        if formats.known(row.ratio)
    ]
    notes = rows.attrs.get("notes", ())
    main = each(rows)[0]
    if not formats.known(main.ratio):
        headline("Marketing against the others: not enough data yet", " ".join(notes), of=rows)
        return
    if main.others_n == each(rows)[1].others_n:
        known = known[:1]  # nobody's side is unknown
    said = ratio.sentence(known[0], noun, day)
    headline(said, f"Won by day {day}: {ratio.arms(main, noun)}. It compares; it shows no cause.", of=rows)
    left, right = st.columns((1.25, 1), gap="large")
    with left:
        chart(
            ratio.strip(known, shown().look),
            key="close_ratio",
            alt=f"{said}. " + "; ".join(f"{row.name} {row.said}" for row in known),
        )
    with right:
        st.caption(
            "Dot and bar: the ratio of our two win curves and its 95% interval. Dashed: “67% higher probability that"
            " marketing-generated leads will close”, as an article claims without data. The others: Sales, partners"
            " and customers."
        )
        for sentence in notes:
            st.caption(escape(sentence))
    download(rows, "close_ratio", "ratio_csv")


def side_by_side(filters: Filters, by: str, entity: str, day: int, name_of: Callable[[str], str]) -> None:
    """Every named rate of every group; those that mislead are grey, and a line says why."""
    rows = ask("win_rates", filters, by=by, entity=entity, day=day)
    if rows.empty:
        return
    rows = rows.assign(group_value=[name_of(str(name)) for name in rows["group_value"]])
    names = [name for name in (FAIR, "win_rate_mature", *NAIVE) if name in set(rows["name"])]
    headline(headlines_close.named_rates(rows, day), "Grey is to be recognised, not compared. " + _why(names), of=rows)
    labels = _labels(day)
    grey = [labels[name] for name in names if name in NAIVE]
    by_number = _wide(rows, names, labels, "value", "low", "high", ("numerator", "denominator"))
    table(by_number, "rates_table", quiet=grey, height=fit(len(by_number), 430))
    if rows["amount_value"].notna().any():
        st.caption(
            "By amount: each deal weighs as its money, so a few large ones decide; the interval counts them as such."
        )
        by_money = _wide(rows, names, labels, "amount_value", "amount_low", "amount_high", None)
        table(by_money, "rates_money_table", quiet=grey, height=fit(len(by_money), 430))
    for sentence in rows.attrs.get("notes", ()):
        st.caption(escape(sentence))
    download(rows, "win_rates", "rates_csv")


def _labels(day: int) -> dict[str, str]:
    return {
        "win_curve": f"Win curve, day {day}",
        "win_rate_mature": f"Watched {day} days",
        "win_rate_created": "Won of created",
        "win_rate_closed": "Won of closed",
        "win_rate_decided": "Won of decided",
    }


def _why(names: list[str]) -> str:
    return " ".join(WHY[name] for name in names if name in WHY)


def _wide(
    rows: pd.DataFrame,
    names: list[str],
    labels: dict[str, str],
    value: str,
    low: str,
    high: str,
    counts: tuple[str, str] | None,
) -> pd.DataFrame:
    """A row a group, a column a rate: 36.3% (33.1–39.6), 329 of 906."""
    found = []
    for group, part in rows.groupby("group_value", sort=False):
        by = {str(row.name): row for row in each(part)}
        cells = {labels[name]: _cell(by.get(name), value, low, high, counts) for name in names}
        found.append({"group": group, "n": by[FAIR].denominator, **cells})
    return pd.DataFrame(found)


def _cell(row: object, value: str, low: str, high: str, counts: tuple[str, str] | None) -> str:
    if row is None or not formats.known(getattr(row, value)):
        return formats.MISSING
    text = formats.percent(getattr(row, value))
    if formats.known(getattr(row, low)):
        ends = (formats.percent(getattr(row, name)).rstrip("%") for name in (low, high))
        text += f" ({'–'.join(ends)})"
    if counts and getattr(row, "name", "") != FAIR:
        text += f" · {formats.count(getattr(row, counts[0]))} of {formats.count(getattr(row, counts[1]))}"
    return text
