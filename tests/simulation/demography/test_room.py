"""Homes and workplaces of those who come later: where there is room, near home."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters.population import CommutingParameters
from mesa_llm_city.population import Occupation
from mesa_llm_city.simulation.demography.room import RoomSupply, draw_home, draw_work
from tests.motion import few_people, tiny_city


def crowded(home: int, count: int) -> RoomSupply:
    """Return the town with so many people in one home."""
    one = replace(few_people()[0], home=home, work=None)
    return RoomSupply(tiny_city(), [one] * count)


def test_a_home_offers_what_is_not_taken() -> None:
    homes = tiny_city().supply(Purpose.SLEEP)
    home, room = int(homes.places[0]), float(homes.weight[0])
    left = crowded(home, 3).supply(Purpose.SLEEP).weight
    assert left[0] == room - 3.0
    assert left[1:].tolist() == homes.weight[1:].tolist()
    assert crowded(home, 10**4).supply(Purpose.SLEEP).weight[0] == 0.0


def test_closed_places_and_the_present_home_are_not_drawn() -> None:
    homes = tiny_city().supply(Purpose.SLEEP).places
    few = RoomSupply(tiny_city(), [], is_open=lambda places: np.isin(places, homes[:2]))
    drawn = {draw_home(few, rng(1, number, "home", 0)) for number in range(40)}
    assert drawn == set(homes[:2].tolist())
    first = int(homes[0])
    drawn = {draw_home(few, rng(1, number, "home", 0), but=first) for number in range(40)}
    assert drawn == {int(homes[1])}


def test_homes_are_drawn_in_proportion_to_their_room() -> None:
    supply = RoomSupply(tiny_city(), [])
    homes = supply.supply(Purpose.SLEEP)
    drawn = [draw_home(supply, rng(1, number, "home", 0)) for number in range(4000)]
    largest = int(homes.places[homes.weight.argmax()])
    share = float(homes.weight.max() / homes.weight.sum())
    assert drawn.count(largest) / 4000 == pytest.approx(share, rel=0.25)


def test_pupils_go_to_school_nearer_than_workers_to_work() -> None:
    supply, numbers = RoomSupply(tiny_city(), []), CommutingParameters()
    pupil = replace(few_people()[0], occupation=Occupation.PUPIL)
    schools = set(tiny_city().supply(Purpose.SCHOOL).places.tolist())
    drawn = {
        draw_work(pupil, supply, rng(1, number, "work", 0), parameters=numbers)
        for number in range(50)
    }
    assert drawn <= schools
    retired = replace(pupil, occupation=Occupation.RETIRED)
    assert draw_work(retired, supply, rng(1, 0, "work", 0), parameters=numbers) is None


def test_one_worker_more_changes_the_draws_of_few() -> None:
    worker = replace(few_people()[0], occupation=Occupation.OFFICE_WORKER)
    numbers = CommutingParameters()
    jobs = tiny_city().supply(Purpose.WORK).places
    taken = replace(worker, work=int(jobs[0]))
    before, after = RoomSupply(tiny_city(), []), RoomSupply(tiny_city(), [taken])
    drawn = [
        [
            draw_work(worker, supply, rng(1, number, "work", 0), parameters=numbers)
            for number in range(200)
        ]
        for supply in (before, after)
    ]
    changed = [one for one, other in zip(*drawn, strict=True) if one != other]
    assert set(changed) <= {int(jobs[0])}
