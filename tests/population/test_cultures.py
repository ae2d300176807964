"""Cultures: what is usual in a country, for people and for the model they live in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city import City, CityModel, CityParameters, ConfigError, Population
from mesa_llm_city.population.cultures import culture_of


@pytest.fixture(scope="module")
def town() -> City:
    return City.synthetic(rng=7, places=300)


def test_people_of_a_culture_bring_its_time_use_into_the_model(town: City) -> None:
    people = Population.synthesize(30, city=town, rng=7, culture="us")
    model = CityModel(town, people, rng=7)
    assert model.parameters.population.time_use.table == "us"
    assert town.parameters.population.time_use.table == "neutral"
    assert people.marginals is not None
    assert people.marginals.household_size["1"] == 0.28


def test_parameters_that_are_given_hold_against_the_culture(town: City) -> None:
    mine = CityParameters().with_("population.schedules.work.part_time_men", 0.5)
    people = Population.synthesize(20, city=town, rng=7, parameters=mine, culture="us")
    assert people.parameters is not None
    work = people.parameters.population.schedules.work
    assert work.part_time_men == 0.5
    assert work.part_time_women_more == 0.22


def test_a_culture_can_be_a_file_with_marginals_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "spain.toml"
    file.write_text("[mobility.planner]\ndinner_min = 60\n", encoding="utf-8")
    (tmp_path / "spain_marginals.csv").write_text(
        "dimension,category,share\nownership,car,0.5\nownership,bicycle,0.4\nownership,licence,0.8\n",
        encoding="utf-8",
    )
    culture = culture_of(str(file))
    assert culture.applied().mobility.planner.dinner_min == 60
    assert culture.marginals is not None
    assert culture.marginals.ownership["car"] == 0.5
    assert np.isclose(sum(culture.marginals.household_size.values()), 1.0)


def test_a_culture_that_does_not_exist_is_refused(town: City) -> None:
    with pytest.raises(ConfigError, match="neither a built-in one nor a file 'atlantis'"):
        Population.synthesize(3, city=town, culture="atlantis")
