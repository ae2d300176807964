"""A purpose and a mode that are not built in are lived: by rule, and by prompt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from mesa_llm_city import City, CityModel, CityParameters, Clock
from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.values import DecisionSource
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.scripted import Scripted

SCOOTER = "scooter (a shared electric scooter)"


def weekend(parameters: CityParameters, people: int, **options: Any) -> CityModel:  # noqa: ANN401 - options of the model
    city = City.synthetic(places=300, rng=1, parameters=parameters)
    clock = Clock(start=date(2024, 4, 6))
    model = CityModel(city, people, rng=1, parameters=parameters, clock=clock, **options)
    model.run_days(2)
    return model


@pytest.fixture(scope="module")
def lived() -> CityModel:
    return weekend(with_new_kinds().with_("purposes.worship.free_time_weight", 0.5), 40)


class TestByRule:
    @pytest.mark.slow
    def test_people_go_to_places_of_the_kind_within_its_hours(self, lived: CityModel) -> None:
        activities = lived.activities()
        worship = activities[activities["purpose"] == "worship"]
        assert len(worship) > 2
        assert set(worship["start"].dt.day_name()) == {"Sunday"}
        assert worship["start"].dt.hour.between(9, 11).all()
        places = lived.city.places
        kinds = {places.category_names[places.category[one]] for one in worship["place"]}
        assert kinds == {"amenity=place_of_worship"}

    def test_what_is_done_at_home_is_done_at_home(self, lived: CityModel) -> None:
        activities = lived.activities()
        gaming = activities[activities["purpose"] == "gaming"]
        homes = {agent.person: agent.citizen.persona.home for agent in lived.citizens}
        assert len(gaming) > 2
        assert (gaming["person"].map(homes) == gaming["place"]).all()

    def test_people_travel_by_the_new_mode(self, lived: CityModel) -> None:
        modes = lived.trips()["mode"].value_counts(normalize=True)
        assert 0.05 < modes["scooter"] < 0.7


def _answer(question: Question) -> dict[str, Any]:
    reason = {"reason": "so"}
    if question.purpose == "plan":
        block = {"purpose": "worship", "start": "10:00", "minutes": 90, "out": False}
        return reason | {"blocks": [block]}
    if question.purpose == "leisure":
        told = _names(question, "activities", "purpose")
        wanted = next((one for one in told if one.startswith("gaming")), told[0])
        best = {"activity": 1 + told.index(wanted), "minutes": 60, "score": 9}
        return reason | {"candidates": [best]}
    told = _names(question, "options", "mode")
    return reason | {"choice": 1 + told.index(SCOOTER if SCOOTER in told else told[0])}


def _names(question: Question, fact: str, name: str) -> list[str]:
    rows = question.facts[fact]
    assert isinstance(rows, Sequence)
    return [one[name] for one in rows]


def test_a_language_model_is_told_the_new_kinds_and_can_answer_them() -> None:
    backend = Scripted(_answer)
    model = weekend(with_new_kinds(), 6, llm=backend, prompts={"plan", "leisure", "mode"})
    decisions = model.decisions()
    by_prompt = decisions[decisions.isin([str(DecisionSource.PROMPT)]).any(axis=1)]
    assert {"gaming", "scooter"} <= set(by_prompt["choice"])
    assert set(model.trips()["mode"]) == {"scooter"}
    assert "worship" in set(model.activities()["purpose"])
    told = {one.name: one.messages[0][1] for one in backend.worded}
    assert '"worship": "a service in a place of worship; away from home;' in told["plan"]


def test_a_mode_that_is_switched_off_is_never_used() -> None:
    parameters = with_new_kinds().with_(
        {"modes.bus.enabled": False, "modes.scooter.enabled": False}
    )
    modes = set(weekend(parameters, 10).trips()["mode"])
    assert modes
    assert modes.isdisjoint({"bus", "scooter"})
