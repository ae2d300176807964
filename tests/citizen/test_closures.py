"""What is closed is known with its end, by all closures together."""

from __future__ import annotations

import json

import numpy as np

from mesa_llm_city import Clock
from mesa_llm_city.citizen.closures import Closure, Closures


def test_of_two_closures_of_a_place_the_later_end_counts() -> None:
    closures = Closures()
    closures.close(0, Closure(places=(3,), until_min=600))
    closures.close(1, Closure(places=(3, 5), until_min=900, modes=("car",)))
    assert (closures.until(3), closures.until(5), closures.until(4)) == (900, 900, 0)
    closures.open(1)
    assert (closures.until(3), closures.until(5), closures.modes) == (600, 0, frozenset())
    closures.open(0)
    assert not closures.active


def test_places_that_came_later_are_open() -> None:
    closures = Closures()
    closures.close(0, Closure(places=(3,)))
    assert closures.is_open(np.array([3, 2, 99]), 0).tolist() == [False, True, True]


def test_people_are_told_the_end_and_another_day_by_its_name() -> None:
    closures, clock = Closures(), Clock(start="2024-04-01")
    closures.close(0, Closure(places=(3,), until_min=1200, text="flood"))
    closures.close(1, Closure(places=(4,), until_min=1440 + 540, text="fire"))
    closures.close(2, Closure(places=(5,), text="works"))
    assert closures.told(600, clock) == ("flood until 20:00", "fire until Tuesday 09:00", "works")
    assert closures.told(1300, clock) == ("fire until Tuesday 09:00", "works")
    assert closures.text_of(4) == "fire"


def test_the_state_survives_json() -> None:
    closures, other = Closures(), Closures()
    closures.close(4, Closure(places=(3,), modes=("bus",), links=(2,), until_min=60, text="x"))
    other.restore(json.loads(json.dumps(closures.state())))
    assert other.state() == closures.state()
    assert (other.active, other.links, other.until(3)) == (True, frozenset({2}), 60)
