"""Hand-off: what became of the leads Marketing gave to Sales, by both teams' promises."""

from scorecard import ui

filters = ui.open_page("What both teams promised each other about a lead, and what became of it")
VIEWS = {
    "Follow-up": ui.follow_up,
    "To call": ui.to_call,
    "Who dropped what": ui.verdict,
    "Quality loop": ui.quality_loop,
    "Stages": ui.lead_stages,
}
VIEWS[ui.views(*VIEWS)](filters)
