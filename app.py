"""The frame around every page: start with `streamlit run app.py`."""

from scorecard import ui

page = ui.navigation()
with ui.frame(page):
    page.run()
