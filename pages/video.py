"""Video: who is known, how deep they watch, whether it sells, whom to call, and what came of it."""

from scorecard import ui

filters = ui.open_page("From watching to won: who is known, where people stop, who buys")
VIEWS = {
    "Funnel": ui.video_funnel,
    "Depth": ui.video_depth,
    "Does it sell?": ui.lift,
    "Who to call": ui.video_calls,
    "Revenue": ui.video_revenue,
}
VIEWS[ui.views(*VIEWS, key="part")](filters)
