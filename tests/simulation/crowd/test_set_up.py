"""What a crowd needs of its city is worked out when it is made."""

from __future__ import annotations

import numpy as np

from mesa_llm_city import City, CityModel, Crowd
from mesa_llm_city.city.candidates import Candidates


def worked_out(candidates: Candidates) -> dict[str, int]:
    """Return from how many squares the places are known that are gone to for each purpose."""
    code = candidates.code_of("leisure")
    every = candidates.lists(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    return {
        "leisure": int(np.count_nonzero(every.begin[code] >= 0)),
        "sleep": int(np.count_nonzero(every.begin[candidates.code_of("sleep")] >= 0)),
    }


def test_the_places_in_reach_from_everywhere_are_found_before_the_first_step() -> None:
    city = City.synthetic(places=300)
    squares = city.candidates.squares
    model = CityModel(city, [], rng=7, crowd=Crowd(squares))
    assert worked_out(city.candidates) == {"leisure": squares, "sleep": 0}
    model.step()
    assert worked_out(city.candidates) == {"leisure": squares, "sleep": 0}


def test_for_few_people_they_are_found_when_these_go_out() -> None:
    city = City.synthetic(places=300)
    CityModel(city, [], rng=7, crowd=Crowd(city.candidates.squares - 1))
    assert worked_out(city.candidates) == {"leisure": 0, "sleep": 0}


def test_it_does_not_matter_when_they_are_found() -> None:
    late, early = City.synthetic(places=300), City.synthetic(places=300)
    for name in ("leisure", "meal", "shopping", "errand", "health", "sport", "social"):
        early.candidates.prepare(name)
    few = late.candidates.squares - 1
    models = [CityModel(city, [], rng=7, crowd=Crowd(few)) for city in (late, early)]
    for model in models:
        for _ in range(150):
            model.step()
    assert models[0].crowd.digest() == models[1].crowd.digest()
