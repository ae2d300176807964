"""The runnable models are found by name."""

from __future__ import annotations

import pytest

from mesa_llm_city import City, CityModel, Clock, ConfigError, Population
from mesa_llm_city.experiments import load_model, model_lines
from mesa_llm_city.experiments.catalogue import model_names


@pytest.mark.parametrize("name", model_names())
def test_every_model_is_made_from_a_city_and_its_people(name: str) -> None:
    city = City.synthetic(rng=3, places=300)
    people = Population.synthesize(3, city=city, rng=1)
    model = load_model(name)(city=city, people=people, rng=1, clock=Clock(step_min=15))
    model.step()
    assert isinstance(model, CityModel)
    assert (model.run_seed, model.minute, len(model.citizens)) == (1, 15, 3)


def test_every_model_says_what_it_is() -> None:
    assert all(line.endswith(".") for line in model_lines().values())


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match="no model 'zoo'; the models are corner_shop, shibuya_week, town_day"
    ):
        load_model("zoo")
