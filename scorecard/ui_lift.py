"""Does it sell: from the naive ratio of viewers to others down to the fair one, and what still stands in its way."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats
from scorecard.charts.frames import each
from scorecard.charts.lift import NOT_YET, Step, ladder, ratio_text
from scorecard.filters import Filters
from scorecard.queries_lift import HEADLINE, NOUNS, RANDOMISED, percent, remains
from scorecard.stats.mantel_haenszel import e_value, e_value_of_interval
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here
from scorecard.ui_parts import chart, download, headline, period_of, table
from scorecard.ui_state import ask, missing, shown

CLAIM = 1.85  # "85% more likely to convert": the articles' number, never ours
DEPTHS = {"any of it": None, "half of it": 0.5, "nearly all (90%)": 0.9}
BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
BANDS = {"0": "Not watched", "0-<25": "Under 25%", "25-<50": "25 to 50%", "50-<75": "50 to 75%", "75-<90": "75 to 90%",
         ">=90": "90% or more"}  # fmt: skip
METHOD = """
**Any view, ever.** All who ever watched a video against all who never did. Customers watch onboarding videos
*because* they bought, so this number would be high even if no video ever sold anything.

**Before the end.** The same, but a view at or after the win (or the loss) does not count. Still careless: who
stays in talks for long has more time to watch, and some sources both watch more and buy more.

**Closed only.** The same, without those still undecided.

**From day {landmark}.** Everybody still undecided on day {landmark} of their life, by whether they had watched by
then, and who won in the {horizon} days after it. Both sides start together.

**Day {landmark}, alike.** The same among {noun}s of one source and one segment, put together again with the
weights of Mantel and Haenszel. Who watches only later counts as "had not", so it is nearer to 1 than the truth.

**Day by day, alike** (the headline). Each day of a {noun}'s life counts where it belongs: before the first view
as not watched, after it as watched. Wins a day are compared among {noun}s of one source, one segment and one age
(seventeen steps up to a year, short ones at first).

At least five wins on both sides and two groups that hold both, else no number.
"""
SEND = """
Let chance decide who is sent the video: half of a list gets mail **a** with it, the other half mail **b**
without. Then interest in buying is the same on both sides, and the difference is the effect.

1. Keep a file of the sends with a row per person: `email`, `at` and `sent_at` (when it was sent), `arm` (`a` with
   the video, `b` without), `video_id`, and `pct` for those who watched. Where videos were played beside one letter
   alone, that letter is the one with the video, even if it is `b`, and this page says so.
2. Load it: `python -m scorecard load sends.csv --as video_views`, or drop it on the Data page as video views.
3. Once both mails have five wins within the horizon, the line *Random send* leads this page.
"""


def lift(filters: Filters) -> None:
    """The ladder from naive to honest with its sentence, the depths beside it, and what no method removes."""
    entity, depth = _choose()
    noun = NOUNS[entity]
    cohorts = replace(filters, period_start=None)  # of any age: those of the last weeks have not had their time
    rows = ask("video_lift", cohorts, entity=entity, depth=DEPTHS[depth])
    if rows.empty or not rows["viewers"].max():
        why = missing(rows) or next(iter(rows.attrs.get("notes", ())), None)
        nothing_here("Nobody is known to have watched", "Load video views with the viewers' e-mail addresses.", why=why)
        return
    found = {row.method: row for row in each(rows)}
    best = found.get(RANDOMISED) or found[HEADLINE]
    headline(*_headline(found["naive_all"], best, noun, period_of(cohorts)), of=rows)
    left, right = st.columns((1.25, 1), gap="large")
    with left:
        _ladder(rows, best, cohorts, entity, depth)
    with right:
        _doses(cohorts, entity, noun)
    _limits(best, noun, [str(note) for note in rows.attrs.get("notes", ())])
    _behind(rows, cohorts, entity, depth, noun)


def _choose() -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="lift_choices"):
        entity = st.segmented_control(
            "Of", list(NOUNS), default="people", required=True, key="lift_of", format_func=_plural, **BOUND
        )
        depth = st.segmented_control(
            "Watched means", list(DEPTHS), default="any of it", required=True, key="lift_depth", **BOUND
        )
    return str(entity or "people"), str(depth or "any of it")


def _plural(entity: str) -> str:
    return f"{NOUNS[entity].capitalize()}s"


def _headline(naive: Any, best: Any, noun: str, created: str) -> tuple[str, str]:
    everybody = f"{noun.capitalize()}s created {created}; n={formats.count(best.viewers + best.non_viewers)}."
    if not formats.known(best.ratio):
        return f"Whether watching goes with winning cannot be said here: {NOT_YET}", everybody
    interval = f"95% interval {best.low:.2f} to {best.high:.2f}"
    if best.method == RANDOMISED:
        change = percent(best.ratio)
        fits = "no effect at all fits the data" if best.low <= 1 <= best.high else "chance alone does not explain that"
        return f"Sent with the video, {change} wins in a random send; {fits}", f"{interval}. {everybody}"
    said = (
        f"On any day, {noun}s that have watched are {best.ratio:.2f} times as likely to be won as those alike without"
    )
    if not formats.known(naive.ratio):
        return f"Viewers win {percent(best.ratio)}, fairly compared", f"{said} ({interval}). {everybody}"
    return remains(naive.ratio, best.ratio, best.low, best.high), f"{said} ({interval}). {everybody}"


def _ladder(rows: pd.DataFrame, best: Any, filters: Filters, entity: str, depth: str) -> None:
    found = {row.method: row for row in each(rows)}
    ever = ask("video_lift", filters, entity=entity, depth=DEPTHS[depth], views="any_time")
    landmark = shown().settings["landmark_days"]
    names = {
        "naive_all": "Before the end",
        "naive_closed": "Closed only",
        "landmark_crude": f"From day {landmark}",
        "landmark_mh": f"Day {landmark}, alike",
        HEADLINE: "Day by day, alike",
        RANDOMISED: "Random send",
    }
    steps = [_step("Any view, ever", next(row for row in each(ever) if row.method == "naive_all"), False)]
    steps += [_step(names[method], row, row is best) for method, row in found.items()]
    headline(
        "From the naive ratio to the fair one",
        "How many times as likely to be won as those who have not watched.",
        of=(rows, ever),
    )
    chart(
        ladder(steps, shown().look, claim=CLAIM),
        key="lift_ladder",
        alt="; ".join(f"{step.name}: {ratio_text(step)}" for step in steps),
        caption=_claim(best),
    )


def _step(name: str, row: Any, is_headline: bool) -> Step:
    cases = f"n={formats.count(row.viewers + row.non_viewers)}, {formats.count(row.wins)} won"
    return Step(name, row.ratio, row.low, row.high, cases, is_headline)


def _claim(best: Any) -> str:
    """What our interval says about the article's number, by rule."""
    begin = "Line: 95% interval; n and wins of both sides. Dashed: “85% more likely to convert”, as an article says. "
    if not formats.known(best.ratio):
        return begin + "These data cannot say yet."
    if best.high < CLAIM:
        return begin + "These data speak against it: the whole interval of the headline is lower."
    if best.low > CLAIM:
        return begin + "The whole interval of the headline is higher."
    return begin + "It lies inside the interval of the headline: these data neither bear it out nor rule it out."


def _doses(filters: Filters, entity: str, noun: str) -> None:
    rows = ask("video_dose", filters, entity=entity)
    notes = rows.attrs.get("notes", ())
    told = str(notes[0]) if notes else "Does watching more go with winning more?"
    sentence, _, test = told.partition(" (")
    days = shown().settings
    headline(sentence if notes else told, f"Deepest view by day {days['landmark_days']}, against not watched, among"
             f" {noun}s of one source and segment.", of=rows)  # fmt: skip
    if rows.empty:
        st.text(missing(rows) or "No video view tells how far it was watched.")
        return
    steps = [
        Step(BANDS[row.depth_band], row.ratio, row.low, row.high,
             f"n={formats.count(row.people)}, {formats.count(row.wins)} won")
        for row in each(rows)
    ]  # fmt: skip
    tested = f" {test.rstrip('.)').capitalize()}." if test else ""
    chart(
        ladder(steps, shown().look),
        key="lift_dose",
        alt="; ".join(f"{step.name}: {ratio_text(step)}" for step in steps),
        caption=f"Won in the {days['horizon_days']} days after day {days['landmark_days']}. Line: 95% interval."
        + tested,
    )


def _limits(best: Any, noun: str, notes: list[str]) -> None:
    """What no method removes from data nobody randomised; of a random send, which mail had the video."""
    if best.method == RANDOMISED:
        which = next((note for note in notes if note.startswith("Mail ")), "")
        st.success(f"Chance decided who was sent the video, so this difference is the effect of sending it. {which}")
        return
    text = (
        f"This is not yet proof that video sells: a {noun} that already wants to buy watches more, and nobody measured"
        " the wish."
    )
    if formats.known(best.ratio):
        whole, bound = e_value(best.ratio), e_value_of_interval(best.low, best.high)
        text += (
            f" To explain the ratio away, that wish would have to go with watching and with winning {whole:.1f}-fold"
        )
        text += f"; {bound:.1f}-fold already brings the interval to no effect" if bound > 1 else (
            "; no effect at all lies inside the interval anyway")  # fmt: skip
        text += f" (E-value {whole:.2f}, interval {bound:.2f})."
    st.info(text + " Only a random send answers it; how is below.", icon=":material/balance:")


def _behind(rows: pd.DataFrame, filters: Filters, entity: str, depth: str, noun: str) -> None:
    """How it is worked out, the random send, and the numbers with the groups they come from."""
    days = shown().settings
    with st.expander("How each line is worked out", icon=":material/menu_book:", key="lift_method"):
        st.markdown(METHOD.format(landmark=days["landmark_days"], horizon=days["horizon_days"], noun=noun))
        for sentence in rows.attrs.get("notes", ()):
            st.caption(escape(str(sentence)))
    with st.expander("Answer it for good: a random send", icon=":material/casino:", key="lift_send"):
        st.markdown(SEND)
    panel = st.expander(
        "The numbers and the groups behind them", icon=":material/list_alt:", key="lift_cells", on_change="rerun"
    )
    if not panel.open:
        return
    with panel:
        table(rows, "lift_table")
        download(rows, "video_lift", "lift_csv")
        cells = ask("video_cells", filters, entity=entity, depth=DEPTHS[depth])
        of_headline = cells[cells["kind"] == "person_time"].drop(columns=["kind", "month"])
        st.caption("Wins and days at risk of the headline, by source, segment and step of age; they add up to it.")
        table(of_headline, "lift_cells_table", height=320)
        download(cells, "video_cells", "lift_cells_csv", "Download all groups")
