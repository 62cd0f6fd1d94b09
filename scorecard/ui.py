"""Everything a page draws with: `from scorecard import ui`."""

from scorecard.ui_cards import metric_cards, plan_for, weekly
from scorecard.ui_data import commit_panel, export_guides, templates, upload_panel
from scorecard.ui_frame import PAGES, escape, frame, navigation
from scorecard.ui_header import as_of, first_missing, nothing_here, open_page, too_little
from scorecard.ui_parts import (
    chart,
    coverage_line,
    definition,
    download,
    headline,
    help_of,
    matured,
    period_of,
    records_dialog,
    rows_behind,
    table,
)
from scorecard.ui_quarantine import quarantine
from scorecard.ui_settings import checks, history, loaded_sources, settings
from scorecard.ui_state import ask, missing, rollup, shown
from scorecard.ui_targets import target_editor
from scorecard.ui_upload import turn_to

__all__ = [
    "PAGES",
    "as_of",
    "ask",
    "chart",
    "checks",
    "commit_panel",
    "coverage_line",
    "definition",
    "download",
    "escape",
    "export_guides",
    "first_missing",
    "frame",
    "headline",
    "help_of",
    "history",
    "loaded_sources",
    "matured",
    "metric_cards",
    "missing",
    "navigation",
    "nothing_here",
    "open_page",
    "period_of",
    "plan_for",
    "quarantine",
    "records_dialog",
    "rollup",
    "rows_behind",
    "settings",
    "shown",
    "table",
    "target_editor",
    "templates",
    "too_little",
    "turn_to",
    "upload_panel",
    "weekly",
]
