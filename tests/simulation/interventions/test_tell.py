"""Telling as an intervention: as an object or as data, at a time or under a condition."""

from __future__ import annotations

from functools import cache

import pytest

from mesa_llm_city import City, CityModel
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.interventions import Intervention, read_interventions, tell


@cache
def town() -> City:
    return City.synthetic(rng=1, places=300)


def lived(steps: int, *interventions: Intervention) -> CityModel:
    model = CityModel(town(), 20, rng=7, interventions=interventions)
    for _ in range(steps):
        model.step()
    return model


def test_people_hear_at_its_minute_what_it_says() -> None:
    model = lived(2, tell(at=5, text="The bridge is closed", channel="in_person"))
    heard = model.messages()
    assert set(heard.text) == {"The bridge is closed"}
    (row,) = model.interventions().itertuples()
    assert (row.kind, row.target, row.text) == ("tell", "everybody", "The bridge is closed")
    assert row.people == 20


def test_data_make_the_same_intervention_as_the_function() -> None:
    made = tell(at="day 1 8:00", text="A storm", danger=0.8, agents={"age": [65, 120]})
    assert read_interventions([made.to_dict()]) == (made,)


def test_a_run_repeats_with_it() -> None:
    storm = tell(at=0, text="A storm", danger=0.8, channel="in_person", topic="storm")
    assert lived(12, storm).digest() == lived(12, storm).digest()


def test_it_can_wait_for_a_condition() -> None:
    model = lived(3, tell(when="sleep > 10", text="Good night", channel="in_person"))
    assert model.messages().time.min() == model.clock.at(5)  # looked at after the first step


def test_all_that_is_wrong_with_it_is_listed() -> None:
    wrong = tell(at=0, channel="pigeon", danger=2.0, zone="Atlantis", agents={"colour": "red"})
    with pytest.raises(DataError) as caught:
        lived(0, wrong)
    told = str(caught.value)
    for part in ("text must be words", "pigeon", "danger must be", "Atlantis", "colour"):
        assert part in told
