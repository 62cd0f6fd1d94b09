"""Definitions: what every number means, read from the query that computes it."""

import pandas as pd
import streamlit as st

from scorecard import ui
from scorecard.queries import catalogue

FOLDERS = {"metric": "Metrics", "report": "Reports", "model": "The unified customer", "check": "Checks"}
ACRONYMS = {
    "ACV": "annual contract value",
    "CAC": "customer acquisition cost: what it costs to win one customer",
    "CPL": "cost per lead",
    "CRM": "customer relationship management: where Sales keeps leads and deals",
    "CSAT": "customer satisfaction: the share of answers that are 4 or 5 of 5",
    "GRR": "gross revenue retention: what is left of last year's revenue, without expansion",
    "LTV": "lifetime value of a customer",
    "MQL": "marketing qualified lead: Marketing's criteria are met and the lead is handed over",
    "NPS": "net promoter score: share of 9 and 10 less share of 0 to 6",
    "NRR": "net revenue retention: what is left of last year's revenue, with expansion",
    "pp": "percentage points: the difference of two rates",
    "QTD": "quarter to date",
    "ROAS": "return on advertising spend",
    "SAL": "sales accepted lead: Sales took it on",
    "SLA": "service level agreement: how fast a lead is followed up, as both teams agreed",
    "SQL": "sales qualified lead; also the language the definitions below are written in",
    "YTD": "year to date",
    "Known viewer": "somebody who watched and whose name is known; only these can be followed to a deal",
    "Lift": "how many times as often viewers are won as leads alike without a view; no proof unless sent at random",
    "Watched, not called": "an open lead who watched most of a video lately and whom Sales has not contacted since",
}

ui.open_page("One definition for both teams, each with the statement that computes it", data=False)
wanted = st.text_input(
    "Search", key="search", type="search", placeholder="win rate, spend, source …", bind="query-params", live=True
)
words = (wanted or "").lower().split()


def matches(*texts: str) -> bool:
    """Every word is somewhere in the texts."""
    return all(word in " ".join(texts).lower() for word in words)


found = 0
for folder, title in FOLDERS.items():
    queries = [
        query
        for query in catalogue().values()
        if query.folder == folder and matches(query.name, query.title, query.definition)
    ]
    if not queries:
        continue
    found += len(queries)
    # The metrics are what both teams speak of; the rest is there for whoever checks.
    with st.expander(f"{title} ({len(queries)})", expanded=folder == "metric" or bool(words), key=f"folder_{folder}"):
        grid = st.grid(2, min_column_width=420, gap="small", key=f"definitions_{folder}")
        for query in sorted(queries, key=lambda one: one.title):
            with grid.cell(), st.container(border=True, gap="xsmall"):
                ui.definition(query)

acronyms = {short: meaning for short, meaning in ACRONYMS.items() if matches(short, meaning)}
if acronyms:
    ui.headline("Short words")
    ui.table(pd.DataFrame(acronyms.items(), columns=["word", "meaning"]), "acronyms")
if not found and not acronyms:
    st.info("No definition has all these words.", icon=":material/search_off:")
