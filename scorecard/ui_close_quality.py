"""How good were we: what was said on past dates beside what happened, and our score against others."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines_close
from scorecard.charts.frames import day_of, each
from scorecard.charts.reliability import pooled, reliability, said_and_happened
from scorecard.filters import Filters, day_text
from scorecard.ui_close import say_notes
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, headline, table
from scorecard.ui_state import ask, missing, shown

NOUNS = {"deals": "deal", "people": "lead"}
SCORERS = {
    "ours": "Ours",
    "ours, on the dates of the recalibrated": "Ours, on later dates only",
    "ours, recalibrated": "The same, moved by earlier dates",
    "win curves": "Win curves",
    "win curves with video": "Win curves with video as a step",
    "piecewise hazard model": "Piecewise hazard model",
    "won of closed, by channel": "Won of closed, by channel",
    "the CRM's probability": "The CRM's own",
}


def how_good(filters: Filters) -> None:
    """The back-test: one sentence, the reliability of our score, the scores side by side, date by date."""
    entity = str(
        st.segmented_control(
            "Of", list(NOUNS), default="deals", required=True, key="tested_of", format_func=str.capitalize,
            bind="query-params", persist_state="session",
        )
        or "deals"
    )  # fmt: skip
    filters = filters.at_any_time()  # past dates of its own
    rows = ask("calibration", filters, entity=entity)
    scores = ask("score_quality", filters, entity=entity)
    if rows.empty or scores.empty:
        why = missing(rows) or missing(scores)
        nothing_here("The score has not been tested here", "Load a CRM export with a longer history.", why=why)
        return
    ours, days = each(scores[scores["scorer"] == "ours"])[0], int(shown().settings["horizon_days"])
    noun = NOUNS[entity]
    said = " ".join(part for part in (headlines_close.skill(ours), headlines_close.slope(ours)) if part)
    headline(headlines_close.came_true(ours, noun, days), said, of=(rows, scores))
    notes = rows.attrs.get("notes", ())
    say_notes(notes)
    cases = float(rows.groupby("as_of")["n"].sum().max())
    if cases < formats.FEW:
        too_little(cases, f"{noun}s on any one date")
    left, right = st.columns((1, 1.15), gap="large")
    with left:
        _reliability(rows)
    with right:
        _scores(scores, set(notes))
    _dates(rows, noun, days)


def _reliability(rows: pd.DataFrame) -> None:
    bins = pooled(rows, "bin")
    headline("Of those given a chance, how many were won", "Ten bins of about equally many, low to high.", of=rows)
    chart(
        reliability(bins, shown().look),
        key="reliability",
        alt="Share won against probability said. "
        + "; ".join(
            f"said {formats.percent(row.predicted)}, won {formats.percent(row.observed)}" for row in each(bins)
        ),
        caption=f"Bar: 95% interval (Wilson), a little too narrow as the same deal counts on several dates."
        f" n={formats.count(bins['n'].sum())}",
    )


def _scores(scores: pd.DataFrame, said: set[str]) -> None:
    """Ours against what people do by hand and what the CRM says, with the sentences that belong to them."""
    headline(
        headlines_close.against_others(each(scores)),
        "Skill above 0: better than always saying the base rate of the same cases.",
        of=scores,
    )
    wide = pd.DataFrame({
        "score": [SCORERS.get(str(name), str(name)) for name in scores["scorer"]],
        "n": scores["n"],
        "said": [formats.percent(value) for value in scores["predicted_mean"]],
        "happened": [formats.percent(value) for value in scores["base_rate"]],
        "skill": [_signed(value) for value in scores["skill"]],
        "slope": [_plain(value) for value in scores["slope"]],
        "off by": [formats.percent(value) for value in scores["ece"]],
    })  # fmt: skip
    help_of: dict[str, Any] = {
        "n": st.column_config.NumberColumn("n", format="localized"),
        "skill": st.column_config.TextColumn("Skill", help="1 − Brier ÷ Brier of the base rate; 0 = no better"),
        "slope": st.column_config.TextColumn("Slope", help="1 = chances as far apart as said; 0 = they say nothing"),
        "off by": st.column_config.TextColumn("Off by", help="Mean distance of said and happened over ten bins (ECE)"),
    }
    table(wide, "scores", help_of)
    say_notes([sentence for sentence in scores.attrs.get("notes", ()) if sentence not in said])
    download(scores, "score_quality", "scores_csv")


def _dates(rows: pd.DataFrame, noun: str, days: int) -> None:
    dates = pooled(rows, "as_of")
    inside = int(((dates["low"] <= dates["predicted"]) & (dates["predicted"] <= dates["high"])).sum())
    headline(
        "We said, it happened",
        f"On {inside} of {formats.counted(len(dates), 'past date')} what we said lies within the interval of what"
        " happened.",
        of=rows,
    )
    chart(
        said_and_happened(dates, shown().look),
        key="said_and_happened",
        alt="; ".join(
            f"{day_text(day_of(row.as_of))}: said {formats.percent(row.predicted)}, won {formats.percent(row.observed)}"
            for row in each(dates)
        ),
        caption=f"Dash: what we said of the {noun}s open that day. Dot: share won in the {days} days after, with its"
        f" 95% interval. n={formats.count(dates['n'].min())} to {formats.count(dates['n'].max())} a date",
    )
    with st.expander("The same as a table", icon=":material/table:", key="tested_table"):
        said = pd.DataFrame({
            "date": [day_text(day_of(one)) for one in dates["as_of"]],
            "n": dates["n"],
            "we said": [formats.percent(value) for value in dates["predicted"]],
            "it happened": [formats.percent(value) for value in dates["observed"]],
            "interval": [f"{formats.percent(row.low)} to {formats.percent(row.high)}" for row in each(dates)],
        })  # fmt: skip
        table(said, "dates_table", height=38 + 35 * len(said))
        download(rows, "calibration", "calibration_csv")


def _signed(value: Any) -> str:
    return formats.signed(formats.percent(value)) if formats.known(value) else formats.MISSING


def _plain(value: Any) -> str:
    return f"{value:.2f}".replace("-", formats.MINUS) if formats.known(value) else formats.MISSING
