"""Meeting: the agenda of the weekly meeting, screen by screen, on numbers that stand still."""

from scorecard import ui

filters = ui.open_page("Seven screens, thirty minutes. Next and back with the arrow keys")
SCREENS = {
    "Start": ui.meeting_start,
    "Actions": ui.meeting_actions,
    "Signals": ui.meeting_signals,
    "What changed": ui.meeting_changes,
    "The quarter": ui.meeting_quarter,
    "To call": ui.meeting_calls,
    "Decisions": ui.meeting_decisions,
}
with ui.agenda(*SCREENS) as screen:
    SCREENS[screen](filters)
