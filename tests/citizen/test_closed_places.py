"""Closed places: who would have gone elsewhere goes there all the same."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.closing import stays_where
from mesa_llm_city.citizen.closures import Closure
from mesa_llm_city.citizen.draft import Draft
from mesa_llm_city.citizen.situation import Situation
from mesa_llm_city.citizen.travel import _choose_open
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import ChoiceSet, Observation
from mesa_llm_city.mobility import PlaceChosen
from mesa_llm_city.parameters import CityParameters
from tests.town import small_town, townspeople

NOON, DRAWS = 12 * 60, 1500
PARAMETERS = CityParameters().with_("mobility.gravity.unit_m", 500.0)
ALL = ChoiceSet(
    places=np.array([280, 290, 300, 310]),
    distance_m=np.array([300.0, 500.0, 700.0, 900.0]),
    category=np.zeros(4, dtype=np.int64),
    boost=np.ones(4),
)
OPEN = ALL.only(ALL.places != 280)


def _chosen(places: ChoiceSet, everything: ChoiceSet, seed: int) -> PlaceChosen:
    world = World(small_town(), Clock())
    seen = Observation(minute=NOON, place=5, weather=world.weather(NOON), people=())
    citizen = Citizen(
        townspeople()[0], seed=seed, parameters=PARAMETERS, without=("beliefs",), familiarity=None
    )
    situation = Situation(seen, world, Draft([], 0, None, resting=False))
    return run(_choose_open(citizen, "leisure", places, everything, situation))


def test_who_would_have_gone_elsewhere_goes_there_all_the_same() -> None:
    for seed in range(60):
        usual = _chosen(ALL, ALL, seed)
        now = _chosen(OPEN, ALL, seed)
        if usual.place == 280:
            assert now.place != 280
            name = small_town().places.name[280]
            assert name
            assert now.reason.startswith(f"{name} is closed or in danger; ")
        else:
            assert (now.place, now.reason) == (usual.place, usual.reason)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is closed"),
        ("{home} is closed", "is closed"),
        ("a flood", "is closed: a flood"),
    ],
)
def test_the_reason_for_a_refuge_names_the_home_that_is_closed(text: str, why: str) -> None:
    world = World(small_town(), Clock())
    citizen = Citizen(townspeople()[0], seed=0, parameters=PARAMETERS)
    home, refuge = citizen.persona.home, citizen.persona.home + 1
    name = world.city.places.name[home]
    citizen.now.place, citizen.now.refuge = 280, refuge
    world.closures.close(0, Closure(places=(home,), text=text.format(home=name)))
    seen = Observation(minute=NOON, place=280, weather=world.weather(NOON), people=())
    situation = Situation(seen, world, Draft([], 0, None, resting=False))
    assert stays_where(citizen, home, situation) == refuge
    assert [one.reason for one in situation.draft.decisions] == [f"refuge, since {name} {why}"]


def test_open_places_are_as_likely_as_without_the_closed_one() -> None:
    citizen = Citizen(
        townspeople()[0], seed=0, parameters=PARAMETERS, without=("beliefs",), familiarity=None
    )
    expected = dict(
        zip(OPEN.places.tolist(), _chosen(OPEN, OPEN, 0).probabilities.tolist(), strict=True)
    )
    world = World(small_town(), Clock())
    seen = Observation(minute=NOON, place=5, weather=world.weather(NOON), people=())
    situation = Situation(seen, world, Draft([], 0, None, resting=False))
    counts: Counter[int] = Counter()
    for seed in range(DRAWS):
        citizen.streams = RandomStreams(seed, 0)
        counts[run(_choose_open(citizen, "leisure", OPEN, ALL, situation)).place] += 1
    assert 280 not in counts
    for place, share in expected.items():
        # Five standard errors.
        error = 5 * np.sqrt(share * (1 - share) / DRAWS)
        assert counts[place] / DRAWS == pytest.approx(share, abs=error)
