"""The United States: distances of its towns, and who may be driven."""

import numpy as np

from mesa_llm_city import City
from mesa_llm_city.population import Population, culture_of


def test_the_way_to_work_is_about_as_long_as_in_the_travel_survey() -> None:
    usual = culture_of("us").applied()
    city = City.synthetic(rng=7, places=600, parameters=usual)
    people = Population.synthesize(200, city=city, rng=7, culture="us")
    apart = [
        np.subtract(city.position(one.home), city.position(one.work))
        for one in people
        if one.is_employed and one.work not in {None, one.home}
    ]
    km = np.hypot(*np.array(apart).T) / 1000.0
    assert 8.0 < km.mean() < 20.0


def test_those_without_a_licence_can_be_driven() -> None:
    modes = culture_of("us").applied().modes
    assert not modes["passenger"].needs_vehicle
    assert not modes["passenger"].needs_licence
