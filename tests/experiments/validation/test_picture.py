"""The picture of a validation."""

from __future__ import annotations

from typing import Any

from matplotlib.text import Text

from mesa_llm_city.experiments.validation.measure import Family
from mesa_llm_city.experiments.validation.picture import draw_validation
from mesa_llm_city.experiments.validation.provenance import Provenance

RUN = Provenance(
    run="small",
    city="a town",
    people=8,
    days=2,
    seed=1,
    start="2024-04-01",
    decided="every choice by rules",
    decision_sources={},
    digest="0",
    changed={"modes.bus.wait_min": 4},
    fitted=(),
    inputs=(),
    observed=(),
)
CELL = {"who": "15-24", "people": 5, "run_min": [700.0, 740.0], "survey_min": [600.0, 840.0]}
DETAILS: dict[str, dict[str, Any]] = {
    "time use": {"groups": ["sleep and care", "other"], "cells": [CELL]},
    "departures": {"weekday": {"run": [1 / 24] * 24, "observed": [1 / 24] * 24}},
    "modes": {
        "modes": ["walk", "car"],
        "bands": [{"trips": "0-2 km", "n": 4, "run": [0.5, 0.5], "observed": [0.8, 0.2]}],
    },
    "popularity": {"users": [3.0, 1.0], "visits": [0, 7]},
    "density": {
        "cell_m": 500.0,
        "columns": 2,
        "rows": 1,
        "arrivals": {"run": [3.0, 0.0], "observed": [1.0, 2.0]},
    },
    "trips and drift": {"trips_a_day_by_week": [2.5, 2.6]},
}


def test_it_has_a_panel_for_each_curve_and_tells_what_was_changed() -> None:
    families = tuple(Family(name=name, measures=(), details=one) for name, one in DETAILS.items())
    figure = draw_validation(RUN, families)
    figure.canvas.draw()
    told = "\n".join(one.get_text() for one in figure.findobj(Text))
    assert "Time use: run minus survey" in told
    assert "Density, log scale, arrivals" in told
    assert "parameters that were changed: modes.bus.wait_min=4" in told
    assert len([one for one in figure.axes if one.get_title(loc="left")]) == len(DETAILS)


def test_a_run_without_curves_is_drawn_too() -> None:
    families = (Family(name="variation", measures=()), Family(name="density", measures=()))
    figure = draw_validation(RUN, families)
    assert not [one for one in figure.axes if one.get_title(loc="left")]
