"""Sourced revenue: who brought the money that was won, what each model credits, what it cost, and one customer."""

import streamlit as st

from scorecard import ui

filters = ui.open_page("Who brought the revenue that was won, and how much of it is known")
with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="view_and_business"):
    view = ui.views("Who sourced it", "Attribution", "Return on spend", "Customer")
    business = ui.business()
match view:
    case "Who sourced it":
        ui.sourced(filters, business)
    case "Attribution":
        ui.attribution(filters, business)
    case "Return on spend":
        ui.return_on_spend(filters, business)
    case "Customer":
        ui.customer(filters, business)
