"""Video: how many viewers are known, where they stop, and whether they go on to buy."""

import streamlit as st

from scorecard import ui
from scorecard.charts import formats, headlines
from scorecard.charts.bars import ranked
from scorecard.charts.frames import each
from scorecard.charts.funnel import funnel

filters = ui.open_page("From watching to won: who is known, where people stop, who buys")
look = ui.shown().look
if ui.views("Watching", "Does it sell?", key="part") == "Does it sell?":
    ui.lift(filters)
    st.stop()
summary = ui.ask("video_summary", filters)
viewers = float(summary["viewers"].iloc[0]) if len(summary) else 0.0
if not viewers:
    ui.nothing_here(
        "No video views here",
        "Widen the dates, or upload a Wistia, Vidyard or YouTube export with viewers' e-mail addresses.",
        why=ui.missing(summary),
    )
    st.stop()

# Everything below speaks of known viewers only, so their share comes first.
people = summary.iloc[0]
share = float(people["identified_viewers"]) / viewers
ui.headline(
    headlines.identified(share, viewers),
    f"{formats.count(people['identified_viewers'])} of {formats.count(viewers)} viewers are identified,"
    f" {formats.count(people['joined_viewers'])} of them are in the CRM. First viewed {ui.period_of(filters)}."
    " Steps after “Known viewer” speak of these alone.",
)
if viewers < formats.FEW:
    ui.too_little(viewers, "viewers")

steps = ui.ask("video_funnel", filters)
loads = steps.loc[steps["step_order"] == 0, "people"].sum()  # players shown, not people: said, not drawn
steps = steps[steps["step_order"] > 0]
steps = steps.assign(of_first=steps["people"] / steps["people"].iloc[0])
videos = ui.ask("video_table", filters)
left, right = st.columns((1.25, 1), gap="large")
with left:
    title = headlines.biggest_loss(steps)
    ui.headline(title)
    shown = f" The player was shown {formats.count(loads)} times." if loads else ""
    ui.chart(
        funnel(steps, look),
        key="video_funnel",
        alt=f"{title}. " + "; ".join(f"{row.step} {row.people}" for row in each(steps)),
        caption="People, each once. Blue: watching; green: in the CRM, after the first view." + shown,
    )
with right:
    ui.headline("Which video brings known viewers")
    known = videos[videos["viewers"] > 0].fillna({"won_after": 0, "identified_viewers": 0}).head(8)
    texts = [
        f"<b>{formats.count(row.viewers)}</b>  {formats.percent(row.identified_viewers / row.viewers, 0)} known"
        f" · {formats.count(row.won_after)} won after"
        for row in each(known)
    ]
    ui.chart(
        ranked([str(title) for title in known["title"]], list(known["viewers"].astype(float)), texts, look),
        key="videos",
        alt="Viewers of each video, the share that is known, and how many won afterwards.",
        caption="People may watch several videos, so these do not add up.",
    )

ui.headline("Video by video")
videos["average_deepest"] = videos["average_deepest"].astype(float) * 100
ui.table(
    videos.drop(columns=["video_id"]),
    "video_table",
    {
        "title": "Video",
        "duration_s": st.column_config.NumberColumn("Seconds", format="%.0f"),
        "loads": "Loads",
        "platform_plays": st.column_config.NumberColumn("Plays (platform)"),
        "plays": "Plays",
        "viewers": "Viewers",
        "identified_viewers": "Known",
        "average_deepest": st.column_config.ProgressColumn(
            "Mean deepest point", min_value=0, max_value=100, format="%.0f%%"
        ),
        "watched_75": "Watched 75%",
        "finished": "Finished",
        "won_after": "Won after",
    },
)
ui.download(videos, "videos", "videos_csv")
ui.rows_behind("viewer_win_rate", filters)
