"""Familiarity: counted visits, and how readily a person tries a new place."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mesa_llm_city.mobility import Familiarity
from mesa_llm_city.parameters import CityParameters


def been_to(*places: int, parameters: CityParameters | None = None) -> Familiarity:
    familiarity = Familiarity(parameters)
    for place in places:
        familiarity.visited(place)
    return familiarity


def test_the_history_of_places_is_in_their_order() -> None:
    history = been_to(4, 9, 4).history(np.array([9, 11, 4]))
    assert history.visits.tolist() == [1, 0, 2]
    assert been_to(9, 4, 9).places.tolist() == [9, 4]


def test_all_known_places_count_whatever_is_asked_about() -> None:
    history = been_to(*range(16)).history(np.array([99]))
    assert history.explores == pytest.approx(0.53 * 16**-0.21)


def test_people_differ_in_how_readily_they_explore() -> None:
    one = been_to(4)
    shares = [one.history(np.array([4]), curiosity).explores for curiosity in (-1.0, 0.0, 1.0)]
    assert shares == pytest.approx([0.43, 0.53, 0.63])


def test_a_stranger_explores_always() -> None:
    assert Familiarity().history(np.array([4])).explores == 1.0


def test_the_state_survives_json() -> None:
    one, other = been_to(4, 9, 4), Familiarity()
    other.restore(json.loads(json.dumps(one.state())))
    assert other.state() == one.state()
    assert other.history(np.array([4])).visits.tolist() == [2]
