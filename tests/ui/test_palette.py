"""Colours of the page."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.palette import GROUPS, group_of
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.ui.palette import LEVELS, THEMES, Colouring, colouring
from mesa_llm_city.ui.views.kinds import colourings

COLOURINGS = colourings(default_parameters())

# Severe loss of one kind of cone, on linear RGB: Machado, Oliveira and Fernandes (2009),
# A physiologically-based model for simulation of color vision deficiency. IEEE Transactions
# on Visualization and Computer Graphics 15(6), 1291-1298.
CONES = {
    "all": np.eye(3),
    "no red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def _linear(colour: str) -> Float:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255.0
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(_linear(colour) @ [0.2126, 0.7152, 0.0722])


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _lab(colour: str, cones: str) -> Float:
    """Return a colour as an eye with these cones sees it, in CIELAB."""
    seen = np.clip(CONES[cones] @ _linear(colour), 0.0, 1.0)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    white = np.array([0.9505, 1.0, 1.089])
    cube = np.cbrt(np.maximum(to_xyz @ seen / white, 0.008856))
    return np.array([116 * cube[1] - 16, 500 * (cube[0] - cube[1]), 200 * (cube[1] - cube[2])])


def _shades(shown: Colouring, theme: str) -> tuple[str, ...]:
    return shown.light if theme == "light" else shown.dark


@pytest.mark.parametrize("by", COLOURINGS)
def test_every_colouring_has_a_colour_for_each_class_or_step(by: str) -> None:
    shown = colouring(by)
    count = len(shown.labels) or LEVELS
    assert len(shown.light) == len(shown.dark) == count <= LEVELS


def test_activities_are_coloured_as_in_the_pictures_of_a_run() -> None:
    purposes = default_parameters().purposes
    codes = colouring("activity").codes(np.arange(len(purposes), dtype=np.float64))
    assert codes.tolist() == [group_of(purpose) for purpose in purposes]
    assert colouring("activity").light == tuple(group.colour for group in GROUPS)


def test_codes_rise_with_the_value_and_end_at_the_ends() -> None:
    shown = colouring("income")
    codes = shown.codes(np.array([-1.0, 0.0, 0.5, 1.0, 9.0, np.nan]))
    assert codes.tolist() == [0, 0, 3, 6, LEVELS - 1, LEVELS]


def test_an_unknown_colouring_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="choose one of activity"):
        colouring("shoe size")


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_text_is_legible_on_its_panel(theme: str) -> None:
    look = THEMES[theme]
    assert _contrast(look.text, look.panel) >= 7.0
    assert _contrast(look.faint, look.panel) >= 4.5


@pytest.mark.parametrize("cones", sorted(CONES))
@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("by", ["activity", "mode"])
def test_classes_can_be_distinguished_with_any_colour_vision(
    by: str, theme: str, cones: str
) -> None:
    seen = [_lab(one, cones) for one in _shades(colouring(by), theme)]
    apart = [
        float(np.linalg.norm(one - other)) for at, one in enumerate(seen) for other in seen[:at]
    ]
    assert min(apart) > 12.0


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("by", COLOURINGS)
def test_every_colour_is_seen_on_its_ground(by: str, theme: str) -> None:
    land = THEMES[theme].land
    assert all(_contrast(one, land) >= 1.3 for one in _shades(colouring(by), theme))
