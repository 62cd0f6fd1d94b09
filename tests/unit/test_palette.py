"""The palette stays apart for every kind of colour vision and readable on both backgrounds."""

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from scorecard.charts import theme

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
COLOURS = (*theme.PALETTE, theme.GREY)
WHITE, DARK = "#FFFFFF", "#0F1720"

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISION = {
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
# The least OKLab distance (x 100) between any two colours, as designed; Okabe-Ito has 15.6, 9.6, 7.6 and 8.5.
LEAST_DISTANCE = {"normal": 13.8, "protan": 9.8, "deutan": 9.7, "tritan": 8.3}

# Ottosson's OKLab: linear RGB to cone response, its cube root to L, a, b.
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    """Linear RGB of `#RRGGBB`."""
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def oklab(colour: str, vision: str = "normal") -> np.ndarray:
    return LAB @ np.cbrt(CONES @ np.clip(VISION[vision] @ linear(colour), 0, 1))


def least_distance(colours: tuple[str, ...], vision: str) -> float:
    labs = [oklab(colour, vision) for colour in colours]
    return 100 * min(float(np.linalg.norm(one - other)) for one, other in combinations(labs, 2))


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    dark, light = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", VISION)
def test_every_two_colours_stay_apart(vision: str) -> None:
    assert least_distance(COLOURS, vision) >= LEAST_DISTANCE[vision]


def test_the_measure_condemns_a_palette_that_fails_for_red_blind_viewers() -> None:
    plotly_default = ("#636EFA", "#EF553B", "#00CC96", "#AB63FA", "#FFA15A", "#19D3F3")
    assert least_distance(plotly_default, "protan") < 1


@pytest.mark.parametrize("background", [WHITE, DARK])
@pytest.mark.parametrize("colour", [*COLOURS, theme.STROKE])
def test_shapes_are_seen_on_both_backgrounds(colour: str, background: str) -> None:
    assert contrast(colour, background) >= 3.1


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_the_app_draws_with_the_same_palette() -> None:
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    assert tuple(config["chartCategoricalColors"]) == COLOURS
    assert config["light"]["backgroundColor"] == WHITE
    assert config["dark"]["backgroundColor"] == DARK


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_status_and_body_text_are_readable(mode: str) -> None:
    look = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][mode]
    for name in ("green", "orange", "red"):
        assert contrast(look[f"{name}TextColor"], look[f"{name}BackgroundColor"]) >= 5.5, name
    for background in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(look["textColor"], look[background]) >= 7
