"""Insights: strength, subject, and which are about the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.mind import (
    MYSELF,
    Insight,
    InsightKind,
    faded_strength,
    is_about_the_same,
    place_subject,
    subject_place,
    succession,
)


class TestSuccession:
    def test_three_of_three_days_make_four_fifths(self) -> None:
        assert succession([0, 3, 5], [0, 3, 9]).tolist() == pytest.approx([0.5, 0.8, 6 / 11])

    @given(st.integers(0, 99), st.integers(0, 99))
    def test_it_is_between_zero_and_one_and_rises(self, times: int, more: int) -> None:
        low, high = succession([times, times + 1], times + more + 1)
        assert 0.0 < low < high < 1.0


class TestFadedStrength:
    def test_it_halves_with_every_half_life(self) -> None:
        days = np.array([0, 7, 14]) * 1440
        assert faded_strength(0.8, days, half_life_days=7.0).tolist() == [0.8, 0.4, 0.2]

    def test_it_broadcasts(self) -> None:
        assert faded_strength(np.full((5, 1), 0.5), np.zeros(3), half_life_days=7.0).shape == (5, 3)


class TestSubject:
    @given(st.integers(0, 10**9))
    def test_a_place_is_found_again(self, place: int) -> None:
        assert subject_place(place_subject(place)) == place

    @pytest.mark.parametrize("subject", ["meal", "place:", "place:x", "12", ""])
    def test_other_subjects_are_not_places(self, subject: str) -> None:
        assert subject_place(subject) is None


def habit(usual_min: int | None, subject: str = "meal", text: str = "-") -> Insight:
    return Insight(0, InsightKind.HABIT, subject, text, 0.8, usual_min=usual_min)


def same_insight(one: Insight, other: Insight) -> bool:
    return is_about_the_same(one, other, same_habit_min=60)


class TestSameness:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            (750, 800, True),
            (750, 811, False),
            (1430, 40, True),
            (None, None, True),
            (None, 750, False),
        ],
    )
    def test_habits_at_other_hours_are_different(
        self, one: int | None, other: int | None, *, same: bool
    ) -> None:
        assert same_insight(habit(one), habit(other)) is same

    def test_the_time_between_equal_habits_is_a_parameter(self) -> None:
        assert is_about_the_same(habit(750), habit(840), same_habit_min=90)
        assert not is_about_the_same(habit(750), habit(840), same_habit_min=89)

    def test_kind_and_subject_must_agree(self) -> None:
        assert not same_insight(habit(None), habit(None, "sport"))
        assert not same_insight(habit(None), habit(None)._replace(kind=InsightKind.OPINION))

    def test_beliefs_about_oneself_with_other_texts_are_different(self) -> None:
        early = habit(None, MYSELF, "is an early riser")
        assert same_insight(early, early._replace(minute=9))
        assert not same_insight(early, early._replace(text="is lonely"))


def test_the_weight_of_a_preference_includes_the_liking() -> None:
    liked = Insight(0, InsightKind.PREFERENCE, "sport", "-", 0.5, -0.4)
    assert liked.weight == pytest.approx(-0.2)
    assert habit(750).weight == 0.8
