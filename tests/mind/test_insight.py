"""Insights: how sure, about what, and which are about the same."""

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
    def test_it_lies_between_zero_and_one_and_rises(self, times: int, more: int) -> None:
        low, high = succession([times, times + 1], times + more + 1)
        assert 0.0 < low < high < 1.0


class TestFadedStrength:
    def test_it_halves_with_every_half_life(self) -> None:
        days = np.array([0, 7, 14]) * 1440
        assert faded_strength(0.8, days, half_life_days=7.0).tolist() == [0.8, 0.4, 0.2]

    def test_it_broadcasts(self) -> None:
        assert faded_strength(np.full((5, 1), 0.5), np.zeros(3)).shape == (5, 3)


class TestSubject:
    @given(st.integers(0, 10**9))
    def test_a_place_is_found_again(self, place: int) -> None:
        assert subject_place(place_subject(place)) == place

    @pytest.mark.parametrize("subject", ["meal", "place:", "place:x", "12", ""])
    def test_other_subjects_are_no_places(self, subject: str) -> None:
        assert subject_place(subject) is None


def habit(usual_min: int | None, subject: str = "meal", text: str = "-") -> Insight:
    return Insight(0, InsightKind.HABIT, subject, text, 0.8, usual_min=usual_min)


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
    def test_habits_are_told_apart_by_the_hour(
        self, one: int | None, other: int | None, *, same: bool
    ) -> None:
        assert is_about_the_same(habit(one), habit(other)) is same

    def test_kind_and_subject_must_agree(self) -> None:
        assert not is_about_the_same(habit(None), habit(None, "sport"))
        assert not is_about_the_same(habit(None), habit(None)._replace(kind=InsightKind.OPINION))

    def test_thoughts_about_oneself_are_told_apart_by_their_words(self) -> None:
        early = habit(None, MYSELF, "is an early riser")
        assert is_about_the_same(early, early._replace(minute=9))
        assert not is_about_the_same(early, early._replace(text="is lonely"))


def test_weight_counts_liking_where_there_is_one() -> None:
    liked = Insight(0, InsightKind.PREFERENCE, "sport", "-", 0.5, -0.4)
    assert liked.weight == pytest.approx(-0.2)
    assert habit(750).weight == 0.8
