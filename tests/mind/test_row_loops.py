"""The mind of one row, as loops over rows have it, is that of columns."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.place_slots import MOST_VISITS
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.values import Float
from mesa_llm_city.mind.appraisal import rate_visits, rating_numbers
from mesa_llm_city.mind.appraisal_loops import rate_visit
from mesa_llm_city.mind.belief_loops import learn_visit
from mesa_llm_city.mind.belief_slots import BeliefSlots, learning_numbers, seen_by
from mesa_llm_city.mind.mood_columns import MoodColumns
from mesa_llm_city.mind.mood_loops import set_mood, valence_of
from mesa_llm_city.mind.need_columns import NeedColumns
from mesa_llm_city.mind.need_row_loops import (
    engage_row,
    noticed_at,
    noticed_from,
    pressing_need,
)
from mesa_llm_city.mind.perception_columns import need_rules, react_rows
from mesa_llm_city.mind.perception_loops import NO_REACTION, reaction_to
from mesa_llm_city.parameters import CityParameters

TREE = CityParameters(
    mind={"beliefs": {"slots": 5, "variance_growth_per_day": 0.01, "neutral": 0.6}}
)
BELIEFS = TREE.mind.beliefs
GROWTH = "mind.beliefs.variance_growth_per_day"
ROWS = np.arange(40)


def random_needs(seed: int) -> NeedColumns:
    drawn, needs = np.random.default_rng(seed), NeedColumns.begin(len(ROWS), TREE)
    needs.level_code[:] = coded_shares(drawn.random(needs.level_code.shape))
    needs.purpose[:] = drawn.integers(-1, len(TREE.purposes), len(ROWS))
    needs.since[:] = drawn.integers(0, 300, len(ROWS))
    return needs


def test_needs_press_and_are_noticed_as_in_columns() -> None:
    needs, minute = random_needs(1), 300 + 7 * ROWS
    levels = needs.at(ROWS, minute)
    for row, pressing, noticed in zip(
        ROWS.tolist(), needs.dominant(levels), needs.noticed(ROWS, levels, minute), strict=True
    ):
        assert pressing_need(needs.columns, row, int(minute[row])) == pressing
        assert noticed_at(needs.columns, row, int(minute[row])) == noticed


def test_a_need_that_never_presses_is_noticed_at_no_time() -> None:
    needs = random_needs(1)
    needs.level_code[0], needs.purpose[0] = 0, -1
    assert noticed_at(needs.columns, 0, 400) == np.inf


def test_what_begins_changes_needs_as_in_columns() -> None:
    one, other, minute, purpose = random_needs(2), random_needs(2), 320 + ROWS, ROWS % 7
    one.engage(ROWS, purpose, minute)
    for row in ROWS.tolist():
        now = int(minute[row])
        engage_row(other.columns, row, int(purpose[row]), now)
        assert noticed_from(other.columns, row, now) == noticed_at(other.columns, row, now)
    assert one.unmet.any()
    for name in ("level_code", "purpose", "since", "unmet"):
        assert (getattr(one, name) == getattr(other, name)).all()


def test_moods_relax_and_change_as_in_columns() -> None:
    traits = np.random.default_rng(3).integers(1, 4, (len(ROWS), 5)).astype(np.int8)
    one, other = (MoodColumns.begin(traits, TREE.mind.mood) for _ in range(2))
    for minute in (10, 200, 150, 900):
        felt = np.random.default_rng(minute).normal(0.0, 0.8, len(ROWS))
        expected = one.at(ROWS, minute + ROWS)
        one.feel(ROWS, felt, minute + ROWS)
        for row in ROWS.tolist():
            assert valence_of(other.columns, row, minute + row) == expected[row]
            changed = valence_of(other.columns, row, minute + row) + felt[row]
            set_mood(other.columns, row, changed, minute + row)
    assert (one.level_code == other.level_code).all()
    assert (one.minute == other.minute).all()


def some_unknown(values: Float, drawn: np.random.Generator) -> Float:
    return np.where(drawn.random(len(values)) < 0.3, np.nan, values)


def test_a_visit_is_rated_as_in_columns() -> None:
    drawn, count = np.random.default_rng(4), 50
    price, rating = (some_unknown(drawn.random(count), drawn) for _ in range(2))
    way, income = 60.0 * drawn.random(count), 2.0 * drawn.random(count)
    taste, mood, noise = drawn.normal(size=count), drawn.normal(size=count), drawn.normal(size=4)
    numbers, four = rating_numbers(BELIEFS), (noise[0], noise[1], noise[2], noise[3])
    expected = rate_visits(
        price,
        rating,
        way,
        income=income,
        taste=taste,
        mood=mood,
        noise=np.tile(noise, (count, 1)),
        parameters=BELIEFS,
    )
    for visit in range(count):
        said, found = (price[visit], rating[visit], way[visit]), (income[visit], taste[visit])
        rated = rate_visit(*said, *found, mood[visit], four, numbers)
        assert list(rated) == expected[visit].tolist()


@pytest.mark.parametrize("growth_per_day", [0.0, 0.01])
def test_a_row_learns_from_visits_as_in_columns(growth_per_day: float) -> None:
    drawn, tree = np.random.default_rng(5), TREE.with_(GROWTH, growth_per_day)
    beliefs, keeps = tree.mind.beliefs, growth_per_day > 0.0
    one, other = (BeliefSlots.empty(len(ROWS), 5, deviations=keeps) for _ in range(2))
    for visit in range(30):
        rows = ROWS[drawn.random(len(ROWS)) < 0.7]
        place = np.minimum(drawn.geometric(0.2, len(rows)), 9)
        seen, at_min = drawn.random(len(rows)), 800 * visit + drawn.integers(0, 600, len(rows))
        one.learn(rows, place, seen, at_min, beliefs)
        numbers = learning_numbers(beliefs, int(at_min.max()))
        for each in range(len(rows)):
            learnt = int(rows[each]), int(place[each]), seen[each], int(at_min[each])
            learn_visit(other.columns, *learnt, numbers)
    for field in fields(one):
        assert (getattr(one, field.name) == getattr(other, field.name)).all()
    assert one.deviation_code.shape[1] == 5 * keeps


def test_visits_beyond_those_that_can_be_counted_leave_the_number_as_it_is() -> None:
    slots = BeliefSlots.empty(1, BELIEFS.slots)
    slots.place[0, 0], slots.seen[0, 0] = 7, seen_by(5, MOST_VISITS)
    learn_visit(slots.columns, 0, 7, 0.5, 3 * DAY_MIN, learning_numbers(BELIEFS, 3 * DAY_MIN))
    assert (slots.minute[0, 0], slots.visits[0, 0]) == (3 * DAY_MIN, MOST_VISITS)


def test_a_need_is_reacted_to_as_in_columns() -> None:
    needs, purposes = range(-1, len(TREE.needs)), range(-1, len(TREE.purposes))
    cases = [(one, other, fixed) for one in needs for other in purposes for fixed in (False, True)]
    need, purpose, fixed = (np.array(one) for one in zip(*cases, strict=True))
    later = np.full(len(cases), 10**6)
    expected = react_rows(
        need, purpose, fixed, night_in=later, planned_in=later, parameters=TREE
    ).purpose
    found = [reaction_to(need_rules(TREE), *one) for one in cases]
    assert found == expected.tolist()
    assert NO_REACTION in found
    assert len(set(found)) >= 3
