"""Rows and citizens make the same of warnings."""

from __future__ import annotations

from mesa_llm_city import CityModel
from tests.crowd.side_by_side import same_tables, side_by_side

MORNING = 100


def storm(model: CityModel) -> None:
    model.tell(None, "A storm is coming. Stay in.", danger=0.9, topic="storm", until_min=700)


def test_rows_heed_a_storm_as_citizens_do() -> None:
    models = side_by_side(storm, steps=MORNING + 50, at_step=MORNING, people=40)
    same_tables(models, "messages", "activities", "trips")
    assert (models[0].messages()["reaction"] == "stay_in").any()


def flood(model: CityModel) -> None:
    zones = [0, 1]
    model.tell(
        None,
        "The river rises. Leave.",
        danger=0.9,
        zone=zones,
        topic="flood",
        channel="phone",
        until_min=700,
    )


def test_rows_flee_from_a_flood_as_citizens_do() -> None:
    models = side_by_side(flood, steps=MORNING + 50, at_step=MORNING, people=40)
    same_tables(models, "messages", "activities", "trips")
    assert (models[0].messages()["reaction"] == "flee").any()
