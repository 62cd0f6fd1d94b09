"""The sentence for a number the loaded files cannot give: what is missing and which file would bring it."""

from collections.abc import Mapping

from scorecard.queries_catalogue import Need, Query
from scorecard.schema import KINDS

# What one row is called, and the export it comes from.
_ROWS = {
    "people": ("person", "leads or contacts export"),
    "companies": ("company", "companies (accounts) export"),
    "deals": ("deal", "deals (opportunities) export"),
    "deal_people": ("deal", "deals export with associated contacts, or a contact roles export"),
    "stage_events": ("stage change", "stage history export"),
    "activities": ("activity", "activities (calls, mails, meetings) export"),
    "touches": ("touch", "touches export (web sessions, campaign members, event visits)"),
    "campaigns": ("campaign", "campaigns export"),
    "spend": ("cost", "spend file, or an ad platform's campaign report"),
    "videos": ("video", "list of videos"),
    "video_views": ("video view", "video views export with the viewer's e-mail"),
    "video_period": ("video total", "video totals export"),
    "surveys": ("survey answer", "survey answers export"),
    "revenue": ("revenue row", "recurring revenue file"),
    "users": ("user", "users (owners and teams) file"),
    "products": ("product", "price list"),
    "targets": ("target", "targets file"),
}

# (table, column) -> what no row has, and the column that would bring it.
_COLUMNS = {
    ("deals", "source_raw"): ("a lead source", "a source column (for example HubSpot 'Original Source')"),
    ("people", "source_raw"): ("a lead source", "a source column (for example HubSpot 'Original Source')"),
    ("deals", "status"): ("a known outcome", "its stage or status (for example 'Deal Stage')"),
    ("deals", "stage_raw"): ("a stage", "its stage (for example 'Deal Stage')"),
    ("deals", "amount"): ("an amount", "its amount (for example 'Amount')"),
    ("deals", "closed_at"): ("a close date", "its close date (for example 'Close Date')"),
    ("deals", "created_at"): ("a creation date", "its creation date (for example 'Create Date')"),
    ("deals", "owner"): ("an owner", "its owner (for example 'Deal owner')"),
    ("deals", "margin"): ("a margin", "a gross margin column"),
    ("people", "created_at"): ("a creation date", "its creation date (for example 'Create Date')"),
    ("people", "first_response_at"): ("a first response", "the time of the first response"),
    ("people", "mql_at"): ("an MQL date", "'Became a marketing qualified lead date'"),
    ("spend", "cost"): ("an amount", "its cost (for example 'Cost' or 'Amount spent')"),
    ("video_views", "at"): ("a time of viewing", "the time each video was watched"),
    ("video_views", "pct"): ("a share watched", "the share watched (for example 'Percent Watched')"),
    ("video_views", "sent_at"): (
        "a time of sending",
        "the time each video was sent ('sent_at', and where known 'owner', 'opened_at' and 'replied_at')",
    ),
    ("video_period", "retention"): ("a retention curve", "the share still watching at each second"),
    ("video_views", "person_id"): ("a known viewer", "the viewer's e-mail"),
    ("video_views", "email"): ("a known viewer", "the viewer's e-mail"),
}


Coverage = Mapping[tuple[str, str], tuple[int, int]]  # (table, column) -> rows, and those that say anything


def lacking(query: Query, coverage: Coverage) -> str:
    """Why the loaded files cannot give this number; '' where they can."""
    for need in query.needs:
        if not any(coverage.get(column, (0, 0))[1] > 0 for column in need.any_of):
            return missing_sentence(query.title, need, coverage)
    return ""


def missing_sentence(title: str, need: Need, coverage: Coverage) -> str:
    """Why the number is not computable and what to load, in two sentences."""
    loaded = [
        pair for pair in need.any_of if any(table == pair[0] and rows for (table, _), (rows, _) in coverage.items())
    ]
    table, column = (loaded or need.any_of)[0]
    row, _ = _ROWS.get(table, (table.replace("_", " "), ""))
    exports = " or ".join(dict.fromkeys(_export(other) for other, _ in need.any_of))
    if not loaded:
        return f"{title} is not computable from these files: no {row} is loaded. Load a {exports}."
    lack, with_column = _COLUMNS.get((table, column)) or _by_schema(table, column)
    return f"{title} is not computable from these files: no {row} has {lack}. Load a {exports} with {with_column}."


def _export(table: str) -> str:
    return _ROWS.get(table, ("", f"file with {table.replace('_', ' ')}"))[1]


def _by_schema(table: str, column: str) -> tuple[str, str]:
    """What the schema says about a column no phrase was written for."""
    words = column.replace("_", " ")
    if table in KINDS and column in KINDS[table].column_names:
        return f"its {words}", f"a {words} column ({KINDS[table].column(column).doc})"
    return f"its {words}", f"a {words} column"
