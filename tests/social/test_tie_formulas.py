"""Ties begin by relation and likeness, move by outcomes, and weigh who is talked to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.social import (
    Outcome,
    TieConfig,
    belief_score,
    faded_familiarity,
    initial_tie,
    moved_tie,
    partner_probabilities,
)

SHARE = st.floats(0.0, 1.0)
TIE = arrays(np.float64, 3, elements=SHARE)
STEP = arrays(np.float64, 3, elements=st.floats(-1.0, 1.0))
STEPS = dict(zip(Outcome, TieConfig().steps, strict=True))


class TestInitialTie:
    def test_a_worked_case(self) -> None:
        # .45 + .3 (.9 - .5), .45 + .15 (.9 - .5), .5.
        begun = initial_tie([0.45, 0.45, 0.5], 0.9, [0.3, 0.15, 0.0])
        np.testing.assert_allclose(begun, [0.57, 0.51, 0.5])

    @given(TIE, SHARE, SHARE)
    def test_who_is_more_alike_begins_with_no_weaker_tie(
        self, start: np.ndarray, one: float, other: float
    ) -> None:
        less, more = sorted((one, other))
        homophily = TieConfig().homophily
        assert (initial_tie(start, more, homophily) >= initial_tie(start, less, homophily)).all()

    @given(TIE, SHARE)
    def test_it_lies_within_nought_and_one(self, start: np.ndarray, similarity: float) -> None:
        begun = initial_tie(start, similarity, [1.0, 1.0, -1.0])
        assert ((begun >= 0.0) & (begun <= 1.0)).all()

    def test_many_begin_as_each_would_alone(self) -> None:
        together = initial_tie([0.4, 0.4, 0.3], np.array([[0.1], [0.9]]), [0.3, 0.15, 0.0])
        assert together.shape == (2, 3)
        np.testing.assert_array_equal(
            together[1], initial_tie([0.4, 0.4, 0.3], 0.9, [0.3, 0.15, 0.0])
        )


class TestMovedTie:
    def test_a_positive_outcome_goes_its_share_of_the_way_to_one(self) -> None:
        np.testing.assert_allclose(
            moved_tie([0.5, 0.4, 0.2], STEPS[Outcome.POSITIVE]), [0.515, 0.412, 0.224]
        )

    def test_a_negative_one_to_nought_but_makes_familiar_all_the_same(self) -> None:
        np.testing.assert_allclose(
            moved_tie([0.5, 0.4, 0.2], STEPS[Outcome.NEGATIVE]), [0.47, 0.376, 0.224]
        )

    def test_a_neutral_one_makes_familiar_only(self) -> None:
        np.testing.assert_allclose(
            moved_tie([0.5, 0.4, 0.2], STEPS[Outcome.NEUTRAL]), [0.5, 0.4, 0.224]
        )

    @given(TIE, STEP)
    def test_it_stays_within_nought_and_one(self, tie: np.ndarray, step: np.ndarray) -> None:
        moved = moved_tie(tie, step)
        assert ((moved >= 0.0) & (moved <= 1.0)).all()

    @given(TIE)
    def test_better_outcomes_leave_no_worse_a_tie(self, tie: np.ndarray) -> None:
        good, even, bad = (moved_tie(tie, STEPS[one]) for one in Outcome)
        assert (good >= even).all()
        assert (even >= bad).all()


class TestFading:
    def test_a_third_of_what_goes_beyond_the_relation_is_lost(self) -> None:
        np.testing.assert_allclose(faded_familiarity(0.8, 0.5, 1.0 / 3.0), 0.7)

    @given(SHARE, SHARE, SHARE)
    def test_it_ends_between_where_it_was_and_the_relation(
        self, familiarity: float, floor: float, share: float
    ) -> None:
        faded = float(faded_familiarity(familiarity, floor, share))
        low, high = sorted((familiarity, floor))
        assert low - 1e-12 <= faded <= high + 1e-12


class TestPartner:
    def test_the_score_is_the_mean_of_the_three(self) -> None:
        assert float(belief_score([0.9, 0.6, 0.3])) == pytest.approx(0.6)

    def test_probability_is_in_proportion_to_belief(self) -> None:
        # CitySim, sec. 3.3: .6 / 1.2, .4 / 1.2, .2 / 1.2.
        likely = partner_probabilities([0.6, 0.4, 0.2])
        np.testing.assert_allclose(likely, [1.0 / 2.0, 1.0 / 3.0, 1.0 / 6.0])

    @given(arrays(np.float64, st.integers(1, 30), elements=st.floats(1e-6, 1.0)))
    def test_probabilities_sum_to_one_and_rise_with_belief(self, belief: np.ndarray) -> None:
        likely = partner_probabilities(belief)
        assert likely.sum() == pytest.approx(1.0)
        order = np.argsort(belief)
        assert (np.diff(likely[order]) >= 0.0).all()

    def test_rows_are_choices_of_different_people(self) -> None:
        belief = np.random.default_rng(1).random((4, 6))
        together = partner_probabilities(belief)
        for row in range(4):
            np.testing.assert_allclose(together[row], partner_probabilities(belief[row]))

    @pytest.mark.parametrize("belief", [[], [0.0, 0.0]])
    def test_where_there_is_nobody_to_draw_it_is_an_error(self, belief: list[float]) -> None:
        with pytest.raises(ChoiceError, match="nobody can be drawn"):
            partner_probabilities(belief)
