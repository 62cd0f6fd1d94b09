"""The frame around every page: start with `streamlit run app.py`."""

import streamlit as st

from scorecard import ui

page = ui.navigation()
# After the menu: the icon of a menu entry would else become the favicon, and browsers fetch that from a font host.
st.set_page_config(page_title="Joint revenue scorecard", page_icon="static/favicon.png", layout="wide")
with ui.frame(page):
    page.run()
