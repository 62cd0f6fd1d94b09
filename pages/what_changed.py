"""What changed: the open pipeline since an earlier snapshot, its deals, leads and stages, and why won revenue moved."""

import streamlit as st

from scorecard import ui

filters = ui.open_page("What came and what went since an earlier state of the numbers, and why")
two = ui.compared(filters)
if two:
    ui.pipeline_flow(two)
    st.space("small")
    ui.leads_and_stages(two)
    st.space("small")
st.divider()
ui.why_revenue_moved(filters)
