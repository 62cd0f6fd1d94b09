"""Close probability: how likely a deal is won by each day of its life, with open deals counted fairly."""

from scorecard import ui

filters = ui.open_page("How likely a win is, by when, and whether past probabilities came true")
VIEWS = {
    "Win curves": ui.win_curves,
    "Open deals": ui.open_deals,
    "The quarter": ui.quarter,
    "How good were we?": ui.how_good,
}
VIEWS[ui.views(*VIEWS, key="part")](filters)
