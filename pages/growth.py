"""Growth: what customers cost, whether they stay, what they say, and whether working together pays."""

from scorecard import ui

filters = ui.open_page("Acquire, keep and listen, compared against spend where it is known")
VIEWS = {
    "Acquisition": ui.acquisition,
    "Retention": ui.retention,
    "Voice": ui.voice,
    "Friction": ui.friction,
    "Claims": ui.claims,
}
VIEWS[ui.views(*VIEWS)](filters)
