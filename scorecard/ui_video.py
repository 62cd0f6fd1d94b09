"""Video, first view: who is known, and where people stop between watching and winning."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines
from scorecard.charts.bars import ranked
from scorecard.charts.frames import day_of, each
from scorecard.charts.funnel import funnel
from scorecard.charts.watching import clock
from scorecard.filters import Filters
from scorecard.ui_frame import escape, query_of
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, definition, download, fit, headline, period_of, table
from scorecard.ui_state import ask, missing, shown

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
DEPTHS = {"Any": 0, "25%": 0.25, "50%": 0.5, "75%": 0.75, "90%": 0.9}
READINGS = {"After that view": "after", "Watched any time before": "any"}
DEPTH_HELP = "Only who watched so much of a video goes on to “Known viewer”. Any: one play is enough."
READING_HELP = (
    "After that view: the step came after the view that reached the depth. Watched any time before: the step came after"
    " anything was watched, however little."
)
GROUPS = {
    "video": "Video",
    "campaign": "Campaign",
    "source": "Source",
    "segment": "Segment",
    "channel": "Channel",
    "side": "Side",
    "team": "Page or sent by Sales",
    "week": "Week of first view",
}
DRAWN = 8


def funnel_view(filters: Filters) -> None:
    """The share of known viewers, the funnel, and the same compared by a dimension."""
    summary = ask("video_summary", filters)
    people = summary.iloc[0] if len(summary) else None
    if people is None or not float(people["viewers"]):
        _only_totals(filters)
        nothing_here(
            "No video views here",
            "Widen the dates, or upload the views by person of Wistia, Vidyard or Vimeo, with e-mail addresses.",
            why=missing(summary),
        )
        return
    _known(people, filters, summary)
    chosen = _choose(ask("video_table", filters))
    left, right = st.columns((1.2, 1), gap="large")
    with left:
        _funnel(filters, chosen)
    groups = _groups(filters, chosen)
    if len(groups):
        with right:
            _compared(groups, chosen)
        _table(groups, chosen)
    counted("video_funnel", "video_summary", "video_funnel_by")


def _known(people: Any, filters: Filters, summary: pd.DataFrame) -> None:
    """The first number of the page: everything after it speaks of known viewers only."""
    viewers = float(people["viewers"])
    known = float(people["identified_viewers"])
    first = (
        f"{formats.count(known)} of {formats.count(viewers)} viewers gave a name or came by a link that names them;"
        f" {formats.count(people['joined_viewers'])} are in the CRM. First viewed {period_of(filters)}."
        " Steps after “Known viewer” speak of these alone: nobody can say what the others did."
    )
    parts = [first]
    if people["known_later"]:
        parts.append(
            f"{formats.count(people['known_later'])} became known after they had watched; the platform gave them their"
            " earlier views, so earlier weeks may show more today than then."
        )
    if people["undated_views"]:
        parts.append(f"{formats.counted(people['undated_views'], 'view')} without a date count nowhere.")
    if people["depthless_viewers"]:
        nameless = formats.counted(people["depthless_viewers"], "viewer")
        parts.append(f"{nameless} without a share watched: depth unknown.")
    headline(headlines.identified(known / viewers, viewers), " ".join(parts), of=summary)
    if viewers < formats.FEW:
        too_little(viewers, "viewers")


def _choose(videos: pd.DataFrame) -> dict[str, Any]:
    """What the funnel counts: which video, how deep, which reading, people or accounts."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="funnel_choices"):
        video = _video(videos)
        depth = st.segmented_control(
            "Watched at least",
            list(DEPTHS),
            default="75%",
            required=True,
            key="depth",
            help=DEPTH_HELP,
            **BOUND,
        )
        reading = st.segmented_control(
            "Steps count",
            list(READINGS),
            default="After that view",
            required=True,
            key="reading",
            help=READING_HELP,
            **BOUND,
        )
        entity = st.segmented_control(
            "Of",
            ("people", "accounts"),
            default="people",
            required=True,
            key="viewers_as",
            format_func=str.capitalize,
            **BOUND,
        )
        by = st.selectbox(
            "Compare", list(GROUPS), format_func=lambda name: GROUPS[name], key="video_by", width=185, **BOUND
        )
    return {
        "videos": [str(video)] if video else [],
        "depth": DEPTHS[str(depth or "75%")],
        "reading": READINGS[str(reading or "After that view")],
        "entity": str(entity or "people"),
        "by": str(by or "video"),
        "words": str(depth or "75%"),
    }


def _video(videos: pd.DataFrame) -> str | None:
    """One video, or None for all."""
    titles = dict(zip(videos["video_id"].astype(str), videos["title"].astype(str), strict=True))
    return st.selectbox(
        "Video",
        list(titles),
        index=None,
        key="video",
        placeholder="All videos",
        format_func=lambda name: titles.get(str(name), str(name)),
        width=185,
        **BOUND,
    )


def _funnel(filters: Filters, chosen: dict[str, Any]) -> None:
    given = {name: chosen[name] for name in ("videos", "depth", "reading", "entity")}
    rows = ask("video_funnel", filters, **given)
    steps = rows[rows["step_order"] > 0]
    if steps.empty or not float(steps["people"].iloc[0]):
        st.text("Nobody watched this video in this period with these filters.")
        return
    steps = steps.assign(
        step=[str(step).replace(" %", "%") for step in steps["step"]],
        of_first=steps["people"] / steps["people"].iloc[0],
    )
    title = headlines.biggest_loss(steps)
    headline(title, _counted(chosen), of=rows)
    chart(
        funnel(steps, shown().look, row_height=46),
        key="video_funnel",
        alt=f"{title}. " + "; ".join(f"{row.step} {row.people}" for row in each(steps)),
        caption=_top(rows, filters),
    )
    download(rows, "video_funnel", "video_funnel_csv")


def _counted(chosen: dict[str, Any]) -> str:
    """What a bar counts, in a line."""
    who = "People" if chosen["entity"] == "people" else "Accounts (a viewer of no known company counts as one)"
    gate = "" if chosen["words"] == "Any" else f" From “Known viewer” on only who watched {chosen['words']} of a video."
    after = (
        "green: steps after the view that reached it"
        if chosen["reading"] == "after"
        else "green: steps with anything watched before"
    )
    return f"{who}, each once. Blue: watching; {after}.{gate}"


def _top(rows: pd.DataFrame, filters: Filters) -> str:
    """Loads and the platforms' own plays: counts of players and not of people, so never a bar."""
    loads = float(rows.loc[rows["step_order"] == 0, "people"].sum())
    totals = ask("video_watched", filters)
    totals = totals[totals["level"] == "video totals"] if len(totals) else totals
    if not loads:
        return "Loads are in video totals only; none apply to this choice." if totals.empty else ""
    plays = "; ".join(
        f"{str(name).capitalize()} counted {formats.count(float(part['plays'].sum()))} plays"
        for name, part in totals.groupby("platform")
    )
    return (
        f"Above the funnel: players were shown {formats.count(loads)} times. {plays}."
        " These count players, not people, and are never added to the steps."
    )


def _groups(filters: Filters, chosen: dict[str, Any]) -> pd.DataFrame:
    """The same steps for each group, one row a group."""
    given = {name: chosen[name] for name in ("videos", "depth", "reading", "by")}
    wide = compared(ask("video_funnel_by", filters, **given))
    if chosen["by"] == "week" and len(wide):
        wide = wide.sort_values("group", ascending=False)
        wide["group"] = [f"{day_of(week).day} {day_of(week):%b %Y}" for week in wide["group"]]
    return wide


def _compared(wide: pd.DataFrame, chosen: dict[str, Any]) -> None:
    """Viewers of each group, with those who went on to be known and to win printed behind."""
    name, first = GROUPS[chosen["by"]], wide.head(DRAWN)
    gate = "" if chosen["words"] == "Any" else f" who watched {chosen['words']}"
    headline(
        _most_known(wide, name, chosen["by"], gate),
        "People count once in each group; who watched several is in several.",
        of=wide,
    )
    texts = [f"<b>{formats.count(row.Played)}</b>  {formats.count(row.known)} known" for row in each(first)]
    chart(
        ranked([str(group) for group in first["group"]], list(first["Played"]), texts, shown().look, row_height=42),
        key="video_groups",
        alt=f"Viewers by {name.lower()}: " + "; ".join(f"{row.group} {row.Played:.0f}" for row in each(first)),
        caption=f"Bar: played. Known{gate}, as in the funnel; who won stands below."
        + (f" The first {DRAWN} of {len(wide)}; the table has all." if len(wide) > DRAWN else ""),
    )


def _table(wide: pd.DataFrame, chosen: dict[str, Any]) -> None:
    name = GROUPS[chosen["by"]]
    listed = wide.drop(columns=["known", "won"])
    headline(f"All steps by {name[0].lower()}{name[1:]}", "Counts of people, with the choices above.", of=wide)
    table(
        listed,
        "video_groups_table",
        {"group": st.column_config.TextColumn(name, pinned=True)}
        | {step: st.column_config.NumberColumn(step, format="localized") for step in listed.columns[1:]},
        height=fit(len(listed), 420),
    )
    download(listed, "video_funnel_by", "video_by_csv")


def compared(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a group and a column a step, most viewers first. `rows`: group_value, step, step_order, people."""
    if rows.empty:
        return pd.DataFrame()
    rows = rows.assign(step=[str(step).replace(" %", "%") for step in rows["step"]])
    order = list(dict.fromkeys(rows.sort_values("step_order")["step"]))
    wide = rows.pivot(index="group_value", columns="step", values="people")[order]
    wide = wide.sort_values("Played", ascending=False).reset_index(names="group")
    wide.columns.name = None
    wide.attrs = dict(rows.attrs)  # how it was asked, which turning forgets
    return wide.assign(known=wide["Known viewer"], won=wide["Won after"])


def _most_known(wide: pd.DataFrame, name: str, by: str, gate: str) -> str:
    """Product tour brings the most known viewers who watched 75%: 212 of 745."""
    named = wide[wide["group"] != "Not known"]
    if len(named) < 2 or by == "week":
        return f"Viewers by {name[0].lower()}{name[1:]}"
    most = named.sort_values("known", ascending=False).iloc[0]
    return (
        f"{brief(str(most['group']))} brings the most known viewers{gate}: {formats.count(most['known'])} of"
        f" {formats.count(most['Played'])}"
    )


def brief(text: str) -> str:
    """A value from data, short enough for a sentence; the headline escapes it."""
    return text if len(text) <= 40 else text[:39].rstrip() + "…"


def counted(*names: str) -> None:
    """What the numbers of a view mean, with their SQL, when somebody opens it; the shared screen is full."""
    if shown().look.meeting:
        return
    panel = st.expander(
        "What is counted here", icon=":material/menu_book:", key=f"counted_{names[0]}", on_change="rerun"
    )
    if panel.open:
        with panel:
            for name in names:
                definition(query_of(name))


def _only_totals(filters: Filters) -> None:
    """What video totals tell where nobody is known: the top of the funnel."""
    videos = ask("video_table", filters)
    totals = videos[videos["platform_plays"].notna() | videos["loads"].notna()] if len(videos) else videos
    if totals.empty:
        return
    headline(
        f"Only video totals here: {formats.count(float(totals['platform_plays'].sum()))} plays, nobody is known",
        "Totals count players and not people: they fill the top of the funnel and are never joined to anybody.",
        of=videos,
    )
    listed = totals[["title", "duration_s", "loads", "platform_plays"]]
    listed = listed.assign(duration_s=[clock(value) for value in listed["duration_s"]])
    table(
        listed,
        "video_totals",
        {"title": "Video", "duration_s": "Length", "loads": "Loads", "platform_plays": "Plays (platform)"},
        height=fit(len(listed)),
    )
    st.caption(escape("Load views by person to see who goes on."))
