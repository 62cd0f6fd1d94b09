"""The palette stays readable for every kind of colour vision, and figures carry the house template."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from scorecard.charts import theme

# Severity 1.0 matrices of Machado, Oliveira and Fernandes (2009), on linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
COLOURS = (*theme.PALETTE, theme.GREY)


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson (2020), from linear sRGB."""
    to_lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return to_lab @ np.cbrt(to_lms @ np.clip(rgb, 0, 1))


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    high, low = sorted((float(weights @ linear(one)), float(weights @ linear(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("vision", VISIONS)
def test_every_pair_of_colours_stays_apart(vision: str) -> None:
    seen = [oklab(VISIONS[vision] @ linear(colour)) for colour in COLOURS]
    worst = min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(seen, 2))
    assert worst * 100 >= 8


@pytest.mark.parametrize("background", ["#FFFFFF", "#0F1720"])
def test_every_colour_stands_out_from_both_backgrounds(background: str) -> None:
    assert min(contrast(colour, background) for colour in (*COLOURS, theme.STROKE)) >= 3


def config() -> dict:
    return tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())["theme"]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_status_words_are_readable_on_their_badges(mode: str) -> None:
    colours = config()[mode]
    for name in ("green", "orange", "red"):
        assert contrast(colours[f"{name}TextColor"], colours[f"{name}BackgroundColor"]) >= 4.5


def test_streamlit_and_plotly_share_one_palette() -> None:
    assert tuple(config()["chartCategoricalColors"]) == COLOURS


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
