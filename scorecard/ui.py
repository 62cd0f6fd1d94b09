"""Everything a page draws with: `from scorecard import ui`."""

from scorecard.ui_against import channels_against_target
from scorecard.ui_attribution import attribution
from scorecard.ui_business import business
from scorecard.ui_cards import metric_cards, plan_for, weekly
from scorecard.ui_close import open_deals
from scorecard.ui_close_quality import how_good
from scorecard.ui_curves import win_curves
from scorecard.ui_data import commit_panel, export_guides, templates, upload_panel
from scorecard.ui_drivers import why_revenue_moved
from scorecard.ui_flow import compared, leads_and_stages
from scorecard.ui_flow import pipeline as pipeline_flow
from scorecard.ui_forecast import quarter
from scorecard.ui_frame import PAGES, escape, frame, navigation
from scorecard.ui_goal import goal_view as goal_tree
from scorecard.ui_growth import acquisition
from scorecard.ui_growth_retention import retention
from scorecard.ui_growth_voice import claims, friction, voice
from scorecard.ui_handoff import follow_up_view as follow_up
from scorecard.ui_handoff_call import to_call_view as to_call
from scorecard.ui_handoff_quality import quality_view as quality_loop
from scorecard.ui_handoff_stages import stages_view as lead_stages
from scorecard.ui_handoff_verdict import verdict_view as verdict
from scorecard.ui_header import as_of, first_missing, nothing_here, too_little
from scorecard.ui_joint import joint_scorecard, kpis
from scorecard.ui_lift import lift
from scorecard.ui_meeting import agenda
from scorecard.ui_meeting import start_screen as meeting_start
from scorecard.ui_meeting_actions import actions_screen as meeting_actions
from scorecard.ui_meeting_actions import decisions_screen as meeting_decisions
from scorecard.ui_meeting_screens import call_screen as meeting_calls
from scorecard.ui_meeting_screens import changes_screen as meeting_changes
from scorecard.ui_meeting_screens import quarter_screen as meeting_quarter
from scorecard.ui_meeting_screens import signals_screen as meeting_signals
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
    views,
)
from scorecard.ui_quarantine import quarantine
from scorecard.ui_settings import checks, history, loaded_sources, settings
from scorecard.ui_signals import signals
from scorecard.ui_sourced import sourced
from scorecard.ui_spend import return_on_spend
from scorecard.ui_state import ask, missing, rollup, shown
from scorecard.ui_take import open_page
from scorecard.ui_targets import target_editor
from scorecard.ui_timeline import customer, deal_address, open_deal, opens_deal
from scorecard.ui_upload import turn_to
from scorecard.ui_video import funnel_view as video_funnel
from scorecard.ui_video_depth import depth_view as video_depth
from scorecard.ui_video_hot import call_view as video_calls
from scorecard.ui_video_money import money_view as video_revenue

__all__ = [
    "PAGES",
    "acquisition",
    "agenda",
    "as_of",
    "ask",
    "attribution",
    "business",
    "channels_against_target",
    "chart",
    "checks",
    "claims",
    "commit_panel",
    "compared",
    "coverage_line",
    "customer",
    "deal_address",
    "definition",
    "download",
    "escape",
    "export_guides",
    "first_missing",
    "follow_up",
    "frame",
    "friction",
    "goal_tree",
    "headline",
    "help_of",
    "history",
    "how_good",
    "joint_scorecard",
    "kpis",
    "lead_stages",
    "leads_and_stages",
    "lift",
    "loaded_sources",
    "matured",
    "meeting_actions",
    "meeting_calls",
    "meeting_changes",
    "meeting_decisions",
    "meeting_quarter",
    "meeting_signals",
    "meeting_start",
    "metric_cards",
    "missing",
    "navigation",
    "nothing_here",
    "open_deal",
    "open_deals",
    "open_page",
    "opens_deal",
    "period_of",
    "pipeline_flow",
    "plan_for",
    "quality_loop",
    "quarantine",
    "quarter",
    "records_dialog",
    "retention",
    "return_on_spend",
    "rollup",
    "rows_behind",
    "settings",
    "shown",
    "signals",
    "sourced",
    "table",
    "target_editor",
    "templates",
    "to_call",
    "too_little",
    "turn_to",
    "upload_panel",
    "verdict",
    "video_calls",
    "video_depth",
    "video_funnel",
    "video_revenue",
    "views",
    "voice",
    "weekly",
    "why_revenue_moved",
    "win_curves",
]
