"""Rows set goals by what they have lived through."""

from __future__ import annotations

from typing import cast

import numpy as np

from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.values import Weather
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.goals import leanings_of, revise_goals
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind.goal_columns import LEVELS, NEVER
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.tie_slots import TieSlots
from tests.population.random_people import random_people

TREE = CityParameters().with_(
    {"mind.goals.most": 4, "mind.goals.every_days": 10, "mind.goals.interest_days": 3}
)
ROWS, NOW = 4, 5 * DAY_MIN
NOWHERE = cast("World", None)  # goals do not depend on the city
BODY, SECURITY, BELONGING, INTEREST, GROWTH = (1 << bit for bit in range(len(LEVELS)))


def crowd() -> CrowdState:
    """Return rows who earn enough, and whose needs press at no time until now."""
    people = random_people(ROWS, seed=5)
    people.income[:] = 2.0
    state = CrowdState.begin(people, np.zeros(ROWS), TREE)
    state.needs.since[:] = NOW
    return state


def many_contacts() -> TieSlots:
    ties = TieSlots.empty(ROWS, slots=8)
    ties.other[:], ties.met_min[:] = np.arange(8) + 100, NOW - DAY_MIN
    return ties


def due_at(minute: int) -> Due:
    rows, streams = np.arange(ROWS), ColumnStreams(7, np.arange(ROWS))
    return Due(rows, np.full(ROWS, minute), streams, NOWHERE, Weather())


def test_who_lacks_nothing_has_the_goal_of_growth() -> None:
    state = crowd()
    revise_goals(state, due_at(NOW), many_contacts(), TREE)
    assert state.goals.unmet.tolist() == [GROWTH] * ROWS
    assert state.goals.revised.tolist() == [NOW] * ROWS


def test_goals_follow_from_needs_money_contacts_and_places() -> None:
    state, ties = crowd(), many_contacts()
    # Needs of the first have been pressing for 25 of 120 hours, of the last for 23: .2 is too much.
    state.needs.unmet[:] = [25 * 3600, 0, 0, 23 * 3600]
    # Living takes at least .75 / (1 + .5 * (size - 1)) median incomes.
    state.people.income[1], state.people.household_size[1] = 0.3, 1
    # Two in five days are 3 in a week, and one is 1.
    ties.met_min[2, 1:], ties.met_min[3, 2:] = -1, -1
    # One of three places visited in the last three days is liked.
    known, first = state.beliefs, np.array([0])
    for place, days in enumerate((1, 2, 3, 4)):
        visited = np.array([place]), [0.5], np.array([NOW - days * DAY_MIN])
        known.learn(first, *visited, TREE.mind.beliefs)
    known.overall_code[0, :4] = [20_000, 40_000, 10_000, 50_000]
    revise_goals(state, due_at(NOW), ties, TREE)
    assert state.goals.unmet.tolist() == [BODY | INTEREST, SECURITY, BELONGING, GROWTH]


def test_without_meetings_everybody_is_lonely() -> None:
    state = crowd()
    revise_goals(state, due_at(NOW), None, TREE)
    assert state.goals.unmet.tolist() == [BELONGING] * ROWS


def test_needs_are_counted_anew_from_goal_to_goal() -> None:
    state, ties = crowd(), many_contacts()
    state.needs.unmet[:] = 100 * 3600
    revise_goals(state, due_at(NOW), ties, TREE)
    assert state.goals.unmet.tolist() == [BODY] * ROWS
    assert (state.needs.counted == state.needs.since).all()
    assert state.needs.unmet.tolist() == [0] * ROWS
    state.needs.unmet[:] = 60
    revise_goals(state, due_at(NOW + 10 * DAY_MIN - 1), ties, TREE)
    assert state.needs.unmet.tolist() == [60] * ROWS
    assert state.goals.revised.tolist() == [NOW] * ROWS


def test_before_the_first_goals_nothing_is_favoured() -> None:
    state = crowd()
    revise_goals(state, due_at(2 * DAY_MIN - 1), None, TREE)
    assert state.goals.revised.tolist() == [NEVER] * ROWS
    assert leanings_of(state, np.arange(ROWS), TREE) is None
    revise_goals(state, due_at(2 * DAY_MIN), None, TREE)
    leanings = leanings_of(state, np.arange(ROWS), TREE)
    assert leanings is not None
    assert leanings[:, tuple(TREE.purposes).index("social")].tolist() == [0.5] * ROWS
