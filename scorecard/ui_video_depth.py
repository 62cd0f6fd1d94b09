"""Video, second view: how deep each video is watched, where viewers leave, and which stage has video."""

from typing import Any

import pandas as pd
import streamlit as st

from scorecard.charts import formats, headlines, watching
from scorecard.charts.bars import ranked
from scorecard.charts.forest import Rate, forest
from scorecard.charts.frames import each
from scorecard.filters import Filters
from scorecard.ui_frame import escape
from scorecard.ui_header import nothing_here, too_little
from scorecard.ui_parts import chart, download, fit, headline, period_of, table
from scorecard.ui_state import ask, missing, shown
from scorecard.ui_video import counted

LONG_NAME = 18  # beside its interval it would be cut on a phone
BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
DRAWN = 10
LAST_BAND = 5
PERCENT = "%.0f%%"


def depth_view(filters: Filters) -> None:
    """Depth and ranking above, the curve and the stages below, the two averages as a table."""
    rows = ask("video_depth", filters)
    if rows.empty:
        nothing_here(
            "No view says how much was watched",
            "Widen the dates, or upload a video views export with the share watched.",
            why=missing(rows),
        )
    else:
        left, right = st.columns((1.2, 1), gap="large")
        with left:
            _bands(rows, filters)
        with right:
            _ranking(rows)
    left, right = st.columns((1.2, 1), gap="large")
    with left:
        _curve()
    with right:
        _stages(filters)
    _averages(filters)
    counted("video_depth", "video_retention", "video_stages", "video_watched")


def _first_videos(rows: pd.DataFrame) -> pd.DataFrame:
    kept = list(dict.fromkeys(rows["video_id"]))[:DRAWN]
    return rows[rows["video_id"].isin(kept)]


def _bands(rows: pd.DataFrame, filters: Filters) -> None:
    title = watching.depth_sentence(rows)
    viewers = float(rows["viewers"].sum())
    headline(title, f"The deepest point of each viewer of each video, first viewed {period_of(filters)}.", of=rows)
    if viewers < formats.FEW:
        too_little(viewers, "viewers")
    drawn = _first_videos(rows)
    chart(
        watching.depth_bars(drawn, shown().look),
        key="depth_bars",
        alt=title,
        caption=f"n={formats.count(viewers)} viewers of videos. A part watched twice does not make anybody go deeper."
        + (f" The {DRAWN} most viewed." if rows["video_id"].nunique() > DRAWN else ""),
    )
    download(rows, "video_depth", "video_depth_csv")


def _ranking(rows: pd.DataFrame) -> None:
    """Watched to the end with intervals, best first; few viewers are shown in grey and not ranked."""
    totals = rows.groupby("video_id")["viewers"].sum()
    ends = _first_videos(rows[rows["band_order"] == LAST_BAND])
    lengths = {str(row.title): row.duration_s for row in each(ends)}
    rates = [
        Rate(str(row.title), float(row.of_video), float(row.low), float(row.high), float(totals[row.video_id]))
        for row in each(ends)
    ]
    rates.sort(key=lambda rate: (rate.few, -(rate.value or 0.0)))
    headline(
        headlines.apart(rates, "Watched to the end:", "Watched to the end"),
        "Viewers who reached 90% or more, with 95% intervals.",
        of=rows,
    )
    chart(
        forest(
            rates,
            shown().look,
            row_height=50,
            names_above=any(len(rate.name) > LONG_NAME for rate in rates),
            say=lambda rate: watching.finished_text(rate.value, lengths.get(rate.name)),
        ),
        key="depth_ranking",
        alt="; ".join(f"{rate.name} {formats.percent(rate.value or 0, 0)}, n={rate.n:.0f}" for rate in rates),
        caption=f"{watching.NORM_SENTENCE} Under {formats.FEW} viewers: grey, below, not ranked.",
    )


def _curve() -> None:
    rows = ask("video_retention")
    if rows.empty:
        headline("Where viewers leave", of=rows)
        st.caption(escape(missing(rows) or "No retention curve is loaded."))
        return
    titles = dict(zip(rows["video_id"].astype(str), rows["title"].astype(str), strict=True))
    place = st.container()
    video = st.segmented_control(
        "Curve of",
        list(titles)[:DRAWN],
        default=next(iter(titles)),
        required=True,
        key="curve_of",
        format_func=lambda name: titles.get(str(name), str(name)),
        label_visibility="collapsed",
        **BOUND,
    )
    points = rows[rows["video_id"].astype(str) == str(video or next(iter(titles)))]
    with place:
        headline(
            watching.half_sentence(points),
            "Share of plays still running at each second, as the platform gives it, of all viewers and all time.",
            of=rows,
        )
    chart(
        watching.retention(points, shown().look),
        key="retention",
        alt=watching.half_sentence(points),
        caption=("Above 100%: a part is watched twice. " if points["share"].max() > 1 else "")
        + "Dotted: half have left. n is not in the export of a curve.",
    )
    for sentence in rows.attrs.get("notes", ()):
        st.caption(escape(sentence))
    download(rows, "video_retention", "retention_csv")


def _stages(filters: Filters) -> None:
    rows = ask("video_stages", filters)
    if rows.empty:
        headline("Which stage of the journey has video", of=rows)
        st.caption(escape(missing(rows) or "No known viewer in this period: who watched at which stage is not known."))
        return
    stages = watching.stage_rows(rows)
    title = watching.stages_sentence(stages)
    headline(title, "Views of known people by how far they were when they watched.", of=rows)
    texts = [
        f"<b>{formats.count(row.plays)}</b>  {row.videos} of {row.of} videos" if row.plays else watching.NO_VIDEO
        for row in each(stages)
    ]
    chart(
        ranked(
            [str(stage) for stage in stages["stage"]],
            list(stages["plays"]),
            texts,
            shown().look,
            colours=watching.stage_colours(stages),
            row_height=46,
        ),
        key="video_stages",
        alt=f"{title}. " + "; ".join(f"{row.stage} {row.plays:.0f}" for row in each(stages)),
        caption=f"n={formats.count(float(stages['plays'].sum()))} views. Anonymous viewers have no stage.",
    )
    download(rows, "video_stages", "video_stages_csv")


def _averages(filters: Filters) -> None:
    rows = ask("video_watched", filters)
    if rows.empty:
        return
    headline("Average share watched, by what it measures", _pooled(rows), of=rows)
    if lengthless := int(rows["lengthless_plays"].sum()):
        st.caption(f"{formats.counted(lengthless, 'play')} of live or unmeasured videos have no engagement: no length.")
    rows = rows.sort_values(["title", "video_id", "level"], kind="stable")
    listed = pd.DataFrame({
        "title": rows["title"],
        "length": [watching.clock(value) for value in rows["duration_s"]],
        "level": rows["level"],
        "platform": rows["platform"],
        "plays": rows["plays"],
        "engagement": rows["engagement"].astype(float) * 100,
        "coverage": rows["coverage"].astype(float) * 100,
        "platform_average": rows["platform_average"].astype(float) * 100,
    })  # fmt: skip
    table(
        listed,
        "video_averages",
        {
            "title": st.column_config.TextColumn("Video", pinned=True),
            "level": "From",
            "plays": st.column_config.NumberColumn("Plays", format="localized"),
            "engagement": st.column_config.NumberColumn(
                "Engagement",
                help="Seconds played ÷ (plays × length). Repeats count: 100% can be passed.",
                format=PERCENT,
            ),
            "coverage": st.column_config.NumberColumn(
                "Coverage", help="Share seen at least once, at most 100%, mean over plays.", format=PERCENT
            ),
            "platform_average": st.column_config.NumberColumn(
                "Platform's own", help="The platform's average as it defines it, weighted by plays.", format=PERCENT
            ),
        },
        height=fit(len(listed), 600),
    )
    download(rows, "video_watched", "video_watched_csv")


def _pooled(rows: pd.DataFrame) -> str:
    """Each kind pooled by plays, one platform at a time; kinds and platforms are never mixed."""
    said = []
    for (level, platform), part in rows.groupby(["level", "platform"], dropna=False):
        for kind, plays in (("engagement", "engagement_plays"), ("coverage", "coverage_plays")):
            known = part[part[kind].notna() & (part[plays] > 0)]
            total = float(known[plays].sum())
            if total:
                mean = float((known[kind].astype(float) * known[plays].astype(float)).sum()) / total
                said.append(f"{platform}, {level}: {kind} {formats.percent(mean, 0)} of {formats.count(total)} plays")
    return "; ".join(said) + "."
