"""A name keeps its colour, data carries no markup, and every figure wears the house template."""

import plotly.graph_objects as go

from scorecard.charts import theme


def test_a_channel_keeps_its_colour_when_others_are_filtered_away() -> None:
    everyone = theme.colours_for(["Paid search", "Email", "Partner"])
    assert theme.colours_for(["Email"])["Email"] == everyone["Email"] == theme.VIOLET


def test_unknown_is_grey_and_a_new_channel_takes_a_free_colour() -> None:
    chosen = theme.colours_for(["Unknown", "Podcast", "Paid search"])
    assert chosen["Unknown"] == theme.GREY
    assert chosen["Podcast"] in set(theme.PALETTE) - {theme.BLUE}


def test_labels_from_data_cannot_carry_markup() -> None:
    assert theme.short('<a href="http://x">x</a>', 60) == '&lt;a href="http://x"&gt;x&lt;/a&gt;'


def test_a_figure_names_no_text_colour_and_grows_in_the_meeting_room() -> None:
    small = theme.figure([{"type": "bar", "x": [1], "y": [1]}], theme.Look(), 100)
    large = theme.figure([{"type": "bar", "x": [1], "y": [1]}], theme.Look(meeting=True), 100)
    assert (small["layout"]["height"], large["layout"]["height"]) == (100, 120)
    assert "color" not in large["layout"]["template"]["layout"]["font"]
    assert go.Figure(large).layout.template.layout.font.size == 18
