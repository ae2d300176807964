"""The models are found by name."""

from __future__ import annotations

from datetime import date
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city import City, CityModel, Clock, ConfigError, Population
from mesa_llm_city.experiments import RunOptions, list_models, load_model
from mesa_llm_city.experiments.catalogue import model_names
from mesa_llm_city.parameters import CityParameters


@pytest.fixture(scope="module")
def city() -> City:
    return City.synthetic(rng=3, places=300)


def few_rows(name: str) -> dict[str, int]:
    """Return an argument that keeps a crowd small, for models that have one."""
    return {"crowd": 20} if "crowd" in signature(load_model(name)).parameters else {}


@pytest.mark.parametrize("name", model_names())
def test_a_runnable_model_is_made_from_city_people_and_parameters(name: str, city: City) -> None:
    people = Population.synthesize(3, city=city, rng=1)
    slow = CityParameters().with_("mobility.gravity.gamma", 1.5)
    model = load_model(name)(
        city=city,
        people=people,
        rng=1,
        clock=Clock(step_min=15),
        parameters=slow,
        **few_rows(name),  # type: ignore[arg-type]
    )
    model.step()
    assert isinstance(model, CityModel)
    assert (model.run_seed, model.minute, len(model.citizens)) == (1, 15, 3)
    assert model.parameters == slow


@pytest.mark.parametrize("name", model_names())
def test_a_runnable_model_takes_parameters_by_dotted_name(name: str, city: City) -> None:
    given: dict[str, Any] = {"people": 2, "mobility.gravity.gamma": 1.5, **few_rows(name)}
    model = load_model(name)(city=city, rng=1, **given)
    assert model.parameters.changed() == {"mobility.gravity.gamma": 1.5}


@pytest.mark.parametrize("name", model_names())
def test_an_argument_that_a_model_lacks_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="no argument 'citizns'; names of parameters have dots"):
        load_model(name)(citizns=3)  # type: ignore[call-arg]


def test_a_run_is_as_long_as_its_model_takes_unless_days_are_given() -> None:
    assert RunOptions.load(model="evacuation").days == 3
    assert RunOptions.load(model="evacuation", days="1").days == 1
    assert RunOptions.load(model="town_day").days == 1


def test_a_run_has_the_people_and_the_first_day_that_its_model_takes(tmp_path: Path) -> None:
    storm = RunOptions.load(model="hurricane")
    assert (storm.citizens, storm.days, storm.start) == (100, 16, date(2019, 8, 21))
    assert RunOptions.load(model="hurricane", citizens="60").citizens == 60
    (people := tmp_path / "people.csv").touch()
    assert RunOptions.load(model="hurricane", people=people).citizens == 500
    assert RunOptions.load(model="town_day").citizens == 500


def test_every_model_has_a_line_and_a_description() -> None:
    models = list_models()
    assert {"town_day", "return_migration", "opinion_grid"} <= {one.name for one in models}
    assert all(one.summary.endswith(".") for one in models)
    assert all(one.readme.is_file() for one in models)


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        ConfigError,
        match="no model 'zoo'; the models are city_and_village, corner_shop, evacuation",
    ):
        load_model("zoo")
