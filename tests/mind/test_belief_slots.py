"""Belief slots: many persons learn at once, each as a person alone."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.mind import BeliefSlots, PlaceBeliefs, doubt_by_kind, expected_by_kind
from mesa_llm_city.mind.belief_slots import (
    coded_deviations,
    kalman_update,
    learning_numbers,
    variance_after,
)
from mesa_llm_city.mobility import Familiarity, exploration_probability
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import BeliefParameters

TREE = CityParameters(
    mind={"beliefs": {"slots": 12, "similar": 4, "variance_growth_per_day": 0.01, "neutral": 0.6}}
)
NUMBERS = TREE.mind.beliefs
PERSONS, VISITS, KINDS = 40, 60, 5
KIND_OF = np.random.default_rng(0).integers(0, KINDS, 30)
LIKENESS = np.array(
    [
        [1.0 if one == other else 0.9 - 0.2 * abs(one - other) for one in range(5)]
        for other in range(5)
    ]
)


def lived() -> tuple[BeliefSlots, list[PlaceBeliefs], list[Familiarity]]:
    """Return the slots of persons after many visits, and the components of each alone."""
    rng = np.random.default_rng(1)
    slots = BeliefSlots.empty(PERSONS, NUMBERS.slots)
    alone = [PlaceBeliefs(TREE) for _ in range(PERSONS)]
    counted = [Familiarity(TREE) for _ in range(PERSONS)]
    for visit in range(VISITS):
        rows = np.flatnonzero(rng.random(PERSONS) < 0.8)
        place = np.minimum(rng.geometric(0.06, len(rows)), 29)
        ratings = rng.random((len(rows), 4))
        at_min = 700 * visit + rng.integers(0, 600, len(rows))
        means = (ratings[:, 0] + ratings[:, 1] + ratings[:, 2] + ratings[:, 3]) / 4.0
        slots.learn(rows, place, means, at_min, NUMBERS)
        for row, one, rated, minute in zip(rows, place, ratings, at_min, strict=True):
            category = int(KIND_OF[one])
            alone[row].update(int(one), rated, category=category, at_min=int(minute))
            counted[row].visited(int(one))
    return slots, alone, counted


SLOTS, ALONE, COUNTED = lived()
NOW = 700 * VISITS + 3 * DAY_MIN + 100


def test_many_persons_learn_what_each_would_learn_alone() -> None:
    assert (SLOTS.visits > 0).all(axis=1).any()
    for row, beliefs in enumerate(ALONE):
        one = beliefs.slots()
        for column in fields(BeliefSlots):
            assert (getattr(one, column.name)[0] == getattr(SLOTS, column.name)[row]).all()


def test_the_slots_hold_the_visits_that_familiarity_counts() -> None:
    rho = TREE.mobility.exploration.rho
    explores = exploration_probability(SLOTS.different, rho, TREE.mobility.exploration.gamma)
    for row, counted in enumerate(COUNTED):
        known = SLOTS.place[row, : len(counted.places)].astype(np.int64)
        assert counted.places.tolist() == known.tolist()
        history = counted.history(known)
        assert history.visits.tolist() == SLOTS.visits[row, : len(known)].tolist()
        assert history.explores == explores[row]


def test_what_is_expected_of_kinds_is_what_each_expects_alone() -> None:
    kinds, category = np.arange(KINDS), KIND_OF[SLOTS.place]
    for likeness in (None, LIKENESS):
        expected = expected_by_kind(
            SLOTS, category, kinds, NOW, likeness=likeness, parameters=NUMBERS
        )
        doubt = doubt_by_kind(SLOTS, category, kinds, likeness=likeness, parameters=NUMBERS)
        for row in range(PERSONS):
            own, kind = SLOTS.take(np.array([row])), category[[row]]
            alone = expected_by_kind(
                own, kind, kinds[2:4], NOW, likeness=likeness, parameters=NUMBERS
            )
            assert (alone[0] == expected[row, 2:4]).all()
            unsure = doubt_by_kind(own, kind, kinds, likeness=likeness, parameters=NUMBERS)
            assert (unsure[0] == doubt[row]).all()


def test_the_overall_belief_is_the_mean_of_the_four_aspects() -> None:
    for row, beliefs in enumerate(ALONE):
        known = len(beliefs.places)
        overall = SLOTS.faded(NOW, NUMBERS)[row, :known]
        assert beliefs.faded(NOW).mean(axis=1) == pytest.approx(overall, abs=2e-5)
        variances = SLOTS.variances(NOW, NUMBERS)[row, :known]
        assert beliefs.variances(NOW).tolist() == variances.tolist()


def test_a_new_place_replaces_the_one_with_the_fewest_visits_longest_ago() -> None:
    beliefs = PlaceBeliefs(CityParameters().with_("mind.beliefs.slots", 2))
    for at_min, place in enumerate((4, 9, 4, 7)):
        beliefs.update(place, [0.9] * 4, category=0, at_min=at_min)
    assert beliefs.places.tolist() == [4, 7]
    assert beliefs.belief(9, at_min=5).tolist() == [0.5] * 4
    # What is known of 7 comes from its own visit alone.
    assert beliefs.belief(7, at_min=5)[0] == pytest.approx(0.5 + 0.4 * 0.5556, abs=1e-4)
    assert beliefs.slots().different.tolist() == [3]


@pytest.mark.parametrize(("keeps", "takes"), [(True, 12), (False, 10)])
def test_a_slot_takes_few_bytes(*, keeps: bool, takes: int) -> None:
    slots = BeliefSlots.empty(1, 16, deviations=keeps)
    columns = [getattr(slots, one.name) for one in fields(slots)]
    assert sum(one.nbytes for one in columns if one.ndim == 2) == 16 * takes


def test_every_code_of_a_deviation_stands_for_one_variance_above_0() -> None:
    codes = np.arange(1, 60_001).astype(np.uint16)
    assert (coded_deviations((codes / 60_000) ** 2) == codes).all()
    assert coded_deviations([1e-12]).tolist() == [1]


def test_what_slots_say_of_beliefs_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        SLOTS.overall[0, 0] = 0.5


def test_visits_of_31_years_can_be_kept_and_no_later_ones() -> None:
    slots, latest = BeliefSlots.empty(1, 2), np.array([2**24 - 1])
    slots.learn(np.array([0]), np.array([4]), [0.9], latest, NUMBERS)
    assert (slots.minute[0, 0], slots.visits[0, 0]) == (latest[0], 1)
    with pytest.raises(DataError, match="until minute 16777215 of a run"):
        slots.learn(np.array([0]), np.array([4]), [0.9], latest + 1, NUMBERS)
    with pytest.raises(DataError, match="begin another run"):
        learning_numbers(NUMBERS, 2**24)


def test_each_visit_adds_the_same_certainty() -> None:
    numbers = BeliefParameters(prior_variance=0.25, observation_variance=0.5)
    assert variance_after([0, 1, 2, 4], numbers).tolist() == [0.25, 1 / 6, 1 / 8, 1 / 12]


def test_a_variance_that_follows_from_visits_is_that_of_learning_step_by_step() -> None:
    numbers, slots = BeliefParameters(), BeliefSlots.empty(1, 3, deviations=False)
    mean, variance = numbers.neutral, numbers.prior_variance
    for visit in range(12):
        slots.learn(np.array([0]), np.array([4]), [0.9], np.array([visit]), numbers)
        learnt = kalman_update(mean, variance, 0.9, numbers.observation_variance)
        mean, variance = (float(one) for one in learnt)
        assert slots.variance(numbers)[0, 0] == pytest.approx(variance)
        assert slots.overall[0, 0] == pytest.approx(mean, abs=2e-4)


def test_deviations_are_kept_from_when_uncertainty_grows_on_and_no_longer() -> None:
    numbers, slots = BeliefParameters(), BeliefSlots.empty(2, 3, deviations=False)
    growing = BeliefParameters(variance_growth_per_day=0.01)
    slots.learn(np.array([0, 1]), np.array([4, 5]), [0.9, 0.1], np.array([10, 20]), numbers)
    before = slots.variance(numbers)[:, 0]
    slots.use(growing)
    assert slots.variance(growing)[:, 0] == pytest.approx(before, abs=2e-5)
    assert slots.variances(10 + 2 * DAY_MIN, growing)[0, 0] == pytest.approx(
        before[0] + 0.02, abs=2e-5
    )
    slots.use(numbers)
    assert slots.deviation_code.shape == (2, 0)


def test_rows_can_be_taken_and_put_back() -> None:
    rows = np.array([3, 1])
    some = SLOTS.take(rows)
    other = BeliefSlots.empty(PERSONS, NUMBERS.slots)
    other.put(rows, some)
    assert (other.place[rows] == SLOTS.place[rows]).all()
    assert other.different[3] == SLOTS.different[3]
    assert not other.visits[0].any()


def test_slots_that_are_empty_for_all_can_be_left_out() -> None:
    some = BeliefSlots.empty(3, NUMBERS.slots)
    assert some.trimmed().place.shape == (3, 1)
    for place in (4, 9):
        some.learn(np.array([1]), np.array([place]), [0.8], np.array([600]), NUMBERS)
    trimmed = some.trimmed()
    assert trimmed.place.tolist() == [[-1, -1], [4, 9], [-1, -1]]
    kinds = np.arange(KINDS)
    expected = [
        expected_by_kind(one, KIND_OF[one.place], kinds, NOW, likeness=LIKENESS, parameters=NUMBERS)
        for one in (some, trimmed)
    ]
    assert expected[0].tolist() == expected[1].tolist()
    assert SLOTS.trimmed() is SLOTS


def test_beliefs_restored_from_their_state_go_on_as_before() -> None:
    one, other = ALONE[0], PlaceBeliefs(TREE)
    other.restore(one.state())
    assert other.state() == one.state()
    for beliefs in (one, other):
        beliefs.update(3, [0.1, 0.9, 0.4, 0.2], category=1, at_min=NOW)
    assert other.state() == one.state()
