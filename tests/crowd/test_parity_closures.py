"""Rows and citizens live the same where places close and parameters change."""

from __future__ import annotations

import numpy as np

from mesa_llm_city import CityModel
from mesa_llm_city.population import Persona
from tests.crowd.side_by_side import same_tables, side_by_side

MORNING = 100


def closing(model: CityModel) -> None:
    """Close the two places where most people of the town work, for four hours."""
    work = [one.work for one in _people(model) if one.work is not None and one.work != one.home]
    busiest = np.argsort(-np.bincount(work), kind="stable")[:2]
    model.close(place=busiest.tolist(), minutes=180, text="a power cut")


def change(model: CityModel) -> None:
    values = {"mobility.gravity.gamma": 0.5, "needs.hunger.decay_per_h": 0.3}
    model.intervene({"kind": "set", "parameters": values, "minutes": 180})


def _people(model: CityModel) -> list[Persona]:
    crowd = model.crowd_or_none
    if crowd is None:
        return [agent.persona for agent in model.citizens]
    return [crowd.persona(row) for row in crowd.rows.tolist()]


def close_and_change(model: CityModel) -> None:
    closing(model)
    change(model)


def test_rows_leave_closed_places_and_live_by_changed_parameters_as_citizens_do() -> None:
    models = side_by_side(close_and_change, steps=MORNING + 48, at_step=MORNING, people=20)
    same_tables(models, "activities", "trips", "visits")
    concerned = [one.interventions()["people"].tolist() for one in models]
    assert concerned[0] == concerned[1]
    assert concerned[0][1] == 20
