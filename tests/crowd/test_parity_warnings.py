"""Rows and citizens make the same of warnings."""

from __future__ import annotations

from mesa_llm_city import CityModel
from mesa_llm_city.parameters import CityParameters
from tests.crowd.side_by_side import same_tables, side_by_side

MORNING = 100

# So that it makes no difference whether somebody is told face to face or called.
ALIKE = CityParameters().with_(
    {
        "social.messages.channels.in_person.trust": 0.0,
        "social.messages.channels.in_person.asleep": 0.8,
    }
)


def storm(model: CityModel) -> None:
    weather = {"wind_km_h": 90.0, "rain_mm_h": 12.0, "temperature_c": 9.0}
    model.intervene({"kind": "set", "weather": weather, "minutes": 120})
    model.tell(None, "A storm is coming. Stay in.", danger=0.9, topic="storm", until_min=650)


def test_rows_heed_a_storm_and_live_through_a_gale_as_citizens_do() -> None:
    models = side_by_side(storm, steps=MORNING + 40, at_step=MORNING, people=20, parameters=ALIKE)
    same_tables(models, "messages", "activities", "trips", "visits")
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
        until_min=650,
    )


def test_rows_flee_from_a_flood_as_citizens_do() -> None:
    models = side_by_side(flood, steps=MORNING + 40, at_step=MORNING, people=20, parameters=ALIKE)
    same_tables(models, "messages", "activities", "trips")
    assert (models[0].messages()["reaction"] == "flee").any()
