"""What one person expects of kinds of place, worked out one at a time, is that of columns."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.mind import BeliefSlots, expected_by_kind
from mesa_llm_city.mind.opinion_loops import (
    Ratings,
    expected_at,
    faded_at,
    guessing_by,
    rate_known,
    said_of_each_other,
)
from mesa_llm_city.parameters.mind import BeliefParameters

KINDS, PLACES, SLOTS, PERSONS, NOW = 5, 40, 8, 30, 30 * 1440


def some_beliefs(numbers: BeliefParameters) -> BeliefSlots:
    """Return persons who know from no to all of the places that they can know."""
    rng, beliefs = np.random.default_rng(6), BeliefSlots.empty(PERSONS, SLOTS)
    for visit in range(12):
        rows = np.flatnonzero(np.arange(PERSONS) % 13 > visit)
        # Some visits are at the same minute, and some lie ahead.
        at = np.minimum(rng.integers(0, 3, len(rows)) + 3 * visit, 31) * 1440
        place = rng.integers(0, PLACES, len(rows))
        beliefs.learn(rows, place, rng.random(len(rows)), at, numbers)
    return beliefs


@pytest.mark.parametrize(
    ("similar", "alike_from", "growth_per_day"),
    [(10, 0.4, 0.0), (3, 0.4, 0.01), (3, -1.0, 0.0), (0, 0.0, 0.0)],
)
def test_opinions_are_those_of_columns(
    similar: int, alike_from: float, growth_per_day: float
) -> None:
    numbers = BeliefParameters(
        similar=similar, alike_from=alike_from, variance_growth_per_day=growth_per_day
    )
    rng, beliefs = np.random.default_rng(1), some_beliefs(numbers)
    likeness = rng.uniform(-1.0, 1.0, (KINDS, KINDS)).round(1)
    category = rng.integers(0, KINDS, PLACES)
    expected = expected_by_kind(
        beliefs,
        category[beliefs.place],
        np.arange(KINDS),
        NOW,
        likeness=likeness,
        parameters=numbers,
    )
    guessing = guessing_by(numbers, said_of_each_other(likeness, numbers), NOW)
    ratings = Ratings(*np.empty((2, SLOTS), dtype=np.int64), *np.empty((2, SLOTS)))
    for row in range(PERSONS):
        place, overall, deviation, seen, _ = beliefs.columns
        own = place[row], overall[row], deviation[row], seen[row]
        known, mean = rate_known(*own, NOW, category, guessing, ratings)
        assert known == np.count_nonzero(beliefs.visits[row])
        found = [
            expected_at(guessing.alike[kind], mean, known, SLOTS, guessing, ratings)
            for kind in range(KINDS)
        ]
        assert found == expected[row].tolist()
        faded = [
            faded_at(beliefs.overall[row, slot], NOW - beliefs.minute[row, slot], guessing)
            for slot in range(known)
        ]
        assert faded == beliefs.faded(NOW, numbers)[row, :known].tolist()
