"""Needs and moods of many rows are those of each person."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesa_llm_city.mind import Mood, Needs
from mesa_llm_city.mind.mood_columns import MoodColumns
from mesa_llm_city.mind.need_columns import NeedColumns
from mesa_llm_city.parameters import CityParameters, FrozenMap, NeedSpec
from mesa_llm_city.population import BigFive

TREE = CityParameters()
FIVE = TREE.model_copy(
    update={
        "needs": type(TREE.needs)(
            {**TREE.needs, "play": NeedSpec(decay_per_h=0.3, gains_per_h=FrozenMap(sport=0.9))}
        )
    }
)


@pytest.mark.parametrize("tree", [TREE, FIVE])
def test_rows_live_through_the_same_levels_as_persons(tree: CityParameters) -> None:
    count, purposes = 40, tuple(tree.purposes)
    drawn = np.random.default_rng(4)
    columns, persons = NeedColumns.begin(count, tree), [Needs(tree) for _ in range(count)]
    rows, minute = np.arange(count), np.zeros(count, dtype=np.int64)
    for turn in range(12):
        minute = minute + drawn.integers(1, 400, size=count)
        levels, social = columns.at(rows, minute), columns.one_at("social", rows, minute)
        dominant, noticed = columns.dominant(levels), columns.noticed(rows, levels, minute)
        relief = columns.relief(levels, list(range(len(purposes))))
        for row, needs in enumerate(persons):
            at = int(minute[row]) / 60
            assert levels[row].tolist() == needs.levels_at(at).tolist()
            assert social[row] == needs.level("social", at=at)
            found = needs.dominant(at=at)
            assert dominant[row] == (-1 if found is None else needs.names.index(found))
            crossing = needs.next_crossing(at=at)
            assert noticed[row] == (math.inf if crossing is None else math.ceil(crossing.at * 60))
            given = needs.relief(purposes, at=at)
            assert relief[row].tolist() == [given.get(one, 0.0) for one in purposes]
        purpose = drawn.integers(len(purposes), size=count)
        columns.engage(rows, purpose, minute)
        for row, needs in enumerate(persons):
            needs.engage(purposes[purpose[row]], at=int(minute[row]) / 60)
        if turn % 3 == 0:
            columns.satisfy(rows, "social", np.full(count, 0.3), minute + 2)
            for row, needs in enumerate(persons):
                needs.satisfy("social", 0.3, at=int(minute[row] + 2) / 60)
        assert columns.fulfilment(rows).tolist() == [one.fulfilment() for one in persons]
        if turn == 6:
            columns.recount(rows[::2])
            for one in persons[::2]:
                one.recount()
            assert (columns.fulfilment(rows[::2]) == 1.0).all()
    assert 0.0 <= columns.fulfilment(rows).min() < columns.fulfilment(rows).max() < 1.0


def test_time_in_which_a_need_presses_is_counted_in_seconds() -> None:
    columns, row = NeedColumns.begin(2, TREE, minute=60), np.array([1])
    assert columns.fulfilment(row).tolist() == [1.0]
    # Hunger falls from 1 to 0.3 in 4 h 40 min, and presses then.
    columns.engage(row, np.array([-1]), np.array([60 + 320]))
    assert columns.unmet.tolist() == [0, 40 * 60]
    assert columns.fulfilment(row).tolist() == [pytest.approx(1.0 - 40 / 320)]


def test_rows_feel_as_persons_of_their_personality_do() -> None:
    traits = [BigFive(extraversion=a, neuroticism=b) for a in (1, 2, 3) for b in (1, 2, 3)]
    moods = [Mood(traits=one) for one in traits]
    columns = MoodColumns.begin(np.array(traits, dtype=np.int8), TREE.mind.mood)
    rows, drawn = np.arange(len(traits)), np.random.default_rng(2)
    minute = np.zeros(len(traits), dtype=np.int64)
    for _ in range(8):
        minute = minute + drawn.integers(1, 300, size=len(traits))
        change = drawn.uniform(-0.8, 0.8, size=len(traits))
        columns.feel(rows, change, minute)
        for row, mood in enumerate(moods):
            mood.feel(float(change[row]), at_min=int(minute[row]))
        later = columns.at(rows, minute + 77).tolist()
        assert later == [
            one.valence(at_min=int(at) + 77) for one, at in zip(moods, minute, strict=True)
        ]
