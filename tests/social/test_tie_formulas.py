"""Ties begin by relation and similarity, change by outcomes, and give weights to partners."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.parameters.social import TieParameters
from mesa_llm_city.social import (
    DIMENSIONS,
    Outcome,
    belief_score,
    faded_familiarity,
    initial_tie,
    partner_probabilities,
    updated_tie,
)

SHARE = st.floats(0.0, 1.0)
TIE = arrays(np.float64, 3, elements=SHARE)
STEP = arrays(np.float64, 3, elements=st.floats(-1.0, 1.0))


def levels(branch: object) -> list[float]:
    return [getattr(branch, name) for name in DIMENSIONS]


STEPS = {one: levels(getattr(TieParameters().steps, one)) for one in Outcome}
HOMOPHILY = levels(TieParameters().homophily)


class TestInitialTie:
    def test_a_case_worked_by_hand(self) -> None:
        # .45 + .3 (.9 - .5), .45 + .15 (.9 - .5), .5.
        begun = initial_tie([0.45, 0.45, 0.5], 0.9, [0.3, 0.15, 0.0])
        np.testing.assert_allclose(begun, [0.57, 0.51, 0.5])

    @given(TIE, SHARE, SHARE)
    def test_similar_people_do_not_begin_with_a_weaker_tie(
        self, start: np.ndarray, one: float, other: float
    ) -> None:
        less, more = sorted((one, other))
        assert (initial_tie(start, more, HOMOPHILY) >= initial_tie(start, less, HOMOPHILY)).all()

    @given(TIE, SHARE)
    def test_beliefs_are_between_0_and_1(self, start: np.ndarray, similarity: float) -> None:
        begun = initial_tie(start, similarity, [1.0, 1.0, -1.0])
        assert ((begun >= 0.0) & (begun <= 1.0)).all()

    def test_many_ties_begin_as_each_would_alone(self) -> None:
        together = initial_tie([0.4, 0.4, 0.3], np.array([[0.1], [0.9]]), [0.3, 0.15, 0.0])
        assert together.shape == (2, 3)
        np.testing.assert_array_equal(
            together[1], initial_tie([0.4, 0.4, 0.3], 0.9, [0.3, 0.15, 0.0])
        )


class TestUpdatedTie:
    def test_a_positive_outcome_moves_beliefs_towards_1(self) -> None:
        np.testing.assert_allclose(
            updated_tie([0.5, 0.4, 0.2], STEPS[Outcome.POSITIVE]), [0.515, 0.412, 0.224]
        )

    def test_a_negative_outcome_moves_beliefs_towards_0_but_adds_familiarity(self) -> None:
        np.testing.assert_allclose(
            updated_tie([0.5, 0.4, 0.2], STEPS[Outcome.NEGATIVE]), [0.47, 0.376, 0.224]
        )

    def test_a_neutral_outcome_adds_familiarity_only(self) -> None:
        np.testing.assert_allclose(
            updated_tie([0.5, 0.4, 0.2], STEPS[Outcome.NEUTRAL]), [0.5, 0.4, 0.224]
        )

    @given(TIE, STEP)
    def test_beliefs_stay_between_0_and_1(self, tie: np.ndarray, step: np.ndarray) -> None:
        changed = updated_tie(tie, step)
        assert ((changed >= 0.0) & (changed <= 1.0)).all()

    @given(TIE)
    def test_a_better_outcome_does_not_leave_a_worse_tie(self, tie: np.ndarray) -> None:
        good, even, bad = (updated_tie(tie, STEPS[one]) for one in Outcome)
        assert (good >= even).all()
        assert (even >= bad).all()


class TestFading:
    def test_a_third_of_the_part_above_the_relation_is_lost(self) -> None:
        np.testing.assert_allclose(faded_familiarity(0.8, 0.5, 1.0 / 3.0), 0.7)

    @given(SHARE, SHARE, SHARE)
    def test_familiarity_ends_between_its_level_and_that_of_the_relation(
        self, familiarity: float, floor: float, share: float
    ) -> None:
        faded = float(faded_familiarity(familiarity, floor, share))
        low, high = sorted((familiarity, floor))
        assert low - 1e-12 <= faded <= high + 1e-12


class TestPartner:
    def test_the_score_is_the_mean_of_the_three_beliefs(self) -> None:
        assert float(belief_score([0.9, 0.6, 0.3])) == pytest.approx(0.6)

    def test_probability_is_proportional_to_belief(self) -> None:
        # CitySim, sec. 3.3: .6 / 1.2, .4 / 1.2, .2 / 1.2.
        likely = partner_probabilities([0.6, 0.4, 0.2])
        np.testing.assert_allclose(likely, [1.0 / 2.0, 1.0 / 3.0, 1.0 / 6.0])

    @given(arrays(np.float64, st.integers(1, 30), elements=st.floats(1e-6, 1.0)))
    def test_probabilities_sum_to_1_and_increase_with_belief(self, belief: np.ndarray) -> None:
        likely = partner_probabilities(belief)
        assert likely.sum() == pytest.approx(1.0)
        order = np.argsort(belief)
        assert (np.diff(likely[order]) >= 0.0).all()

    def test_each_row_is_the_choice_of_another_person(self) -> None:
        belief = np.random.default_rng(1).random((4, 6))
        together = partner_probabilities(belief)
        for row in range(4):
            np.testing.assert_allclose(together[row], partner_probabilities(belief[row]))

    @pytest.mark.parametrize("belief", [[], [0.0, 0.0]])
    def test_it_is_an_error_if_nobody_can_be_drawn(self, belief: list[float]) -> None:
        with pytest.raises(ChoiceError, match="nobody can be drawn"):
            partner_probabilities(belief)
