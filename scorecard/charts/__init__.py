"""Rows in, Plotly figure out: one module per family of charts."""
