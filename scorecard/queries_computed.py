"""Reports that go through a calculation after their statement: which function works on the rows of which report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

import pandas as pd

from scorecard import queries_attribution as attribution
from scorecard import queries_claims as claims
from scorecard import queries_close as close
from scorecard import queries_coverage as coverage
from scorecard import queries_flow as flow
from scorecard import queries_forecast as forecast
from scorecard import queries_friction as friction
from scorecard import queries_goal as goal
from scorecard import queries_growth as growth
from scorecard import queries_handoff as handoff
from scorecard import queries_lift as lift
from scorecard import queries_rates as rates
from scorecard import queries_signals as signals
from scorecard import queries_video as video
from scorecard import queries_voice as voice
from scorecard import queries_worklist as worklist
from scorecard.queries_rows import Rows

Given = Mapping[str, Any]


class Ask(Protocol):
    """The rows of another statement under the same filters; a keyword changes a parameter, `columns` gives a frame."""

    def __call__(self, other: str, *, columns: bool = False, **chosen: Any) -> Any: ...


# Given the rows of the statement, or a frame of its columns where the header says `computed: columns`.
Calculation = Callable[[Any, Given, Ask], Rows]

CALCULATIONS: Mapping[str, Calculation] = {
    "acquisition": growth.acquisition,
    "attribution": attribution.board,
    "attribution_intervals": attribution.intervals,
    "attribution_spread": attribution.spread,
    "calibration": close.calibration,
    "channel_deals": attribution.path_models_only,
    "claims": claims.claims,
    "close_probability": close.close_probability,
    "close_ratio": rates.close_ratio,
    "coverage": coverage.coverage,
    "credited_campaigns": attribution.path_models_only,
    "driver_split": flow.driver_split,
    "driver_values": flow.driver_values,
    "forecast": forecast.forecast,
    "forecast_backtest": forecast.forecast_backtest,
    "forecast_deals": forecast.forecast_deals,
    "forecast_largest": forecast.forecast_largest,
    "goal_tree": goal.goal_tree,
    "friction": friction.friction,
    "pipeline_flow": flow.pipeline_flow,
    "removal_effect": attribution.removal_effect,
    "score_quality": close.score_quality,
    "renewals": growth.renewals,
    "signals": signals.signals,
    "speed_to_lead": handoff.speed_to_lead,
    "retention": growth.retention,
    "sourced_definitions": attribution.sourced_definitions,
    "to_call_today": worklist.to_call_today,
    "unit_economics": growth.unit_economics,
    "win_rates": rates.win_rates,
    "video_funnel": video.funnel,
    "video_funnel_by": video.funnel_by,
    "video_hot_unworked": video.hot_unworked,
    "video_retention": video.retention,
    "video_sent_ratio": video.sent_ratio,
    "video_dose": lift.video_dose,
    "video_lift": lift.video_lift,
    "voice": voice.voice,
}


def finish(name: str, rows: Any, given: Given, ask: Ask) -> Rows:
    """The rows of the report, worked out of those its statement returned."""
    return CALCULATIONS[name](rows, given, ask)


def as_frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """The same for charts: decimals as floats; the notes in `attrs`."""
    found = list(rows)
    frame = pd.DataFrame(found, columns=list(columns))
    for name in frame.columns:
        if any(isinstance(value, Decimal) for value in frame[name]):
            frame[name] = frame[name].astype(float)
    frame.attrs["notes"] = list(getattr(rows, "notes", ()))
    return frame
