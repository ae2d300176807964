"""Rows and citizens live the same where places close, parameters change, and storms rage."""

from __future__ import annotations

import numpy as np

from mesa_llm_city import CityModel
from tests.crowd.side_by_side import same_tables, side_by_side

MORNING = 100


def closing(model: CityModel) -> None:
    """Close the two places where most people of the town work, for four hours."""
    work = [one.work for one in _people(model) if one.work is not None and one.work != one.home]
    busiest = np.argsort(-np.bincount(work), kind="stable")[:2]
    model.close(place=busiest.tolist(), minutes=240, text="a power cut")


def change(model: CityModel) -> None:
    values = {"mobility.gravity.gamma": 0.5, "needs.hunger.decay_per_h": 0.3}
    model.intervene({"kind": "set", "parameters": values, "minutes": 240})


def gale(model: CityModel) -> None:
    weather = {"wind_km_h": 90.0, "rain_mm_h": 12.0, "temperature_c": 9.0}
    model.intervene({"kind": "set", "weather": weather, "minutes": 240})


def _people(model: CityModel) -> list:
    crowd = model.crowd_or_none
    if crowd is None:
        return [agent.persona for agent in model.citizens]
    return [crowd.persona(row) for row in crowd.rows.tolist()]


def test_rows_leave_closed_places_as_citizens_do() -> None:
    models = side_by_side(closing, steps=MORNING + 60, at_step=MORNING, people=40)
    same_tables(models, "activities", "trips")


def test_rows_live_by_changed_parameters_as_citizens_do() -> None:
    models = side_by_side(change, steps=MORNING + 60, at_step=MORNING, people=40)
    same_tables(models, "activities", "trips", "visits")


def test_rows_live_through_a_gale_as_citizens_do() -> None:
    models = side_by_side(gale, steps=MORNING + 60, at_step=MORNING, people=40)
    same_tables(models, "activities", "trips", "visits")
