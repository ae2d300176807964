"""Leanings, usual times and liked places, from insights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mind import (
    Insight,
    InsightKind,
    InsightMemory,
    Memory,
    MemoryEntry,
    habit_place,
    leanings,
    place_opinions,
    usual_times,
)
from mesa_llm_city.parameters import CityParameters

PURPOSES = CityParameters().purposes
KINDS = st.sampled_from(list(InsightKind))
SUBJECTS = st.sampled_from(["sport", "meal", "train", "place:3", "self"])
INSIGHTS = st.builds(
    Insight,
    minute=st.integers(0, 9999),
    kind=KINDS,
    subject=SUBJECTS,
    text=st.just("-"),
    strength=st.floats(0.0, 1.0),
    liking=st.floats(-1.0, 1.0),
    usual_min=st.none() | st.integers(0, 1439),
    evidence=st.just((1,)),
    earlier=st.just(()),
)


def keeping(*insights: Insight) -> InsightMemory:
    kept = InsightMemory()
    kept.keep(insights)
    return kept


def liking(subject: str, strength: float, liking: float, kind: str = "preference") -> Insight:
    return Insight(0, InsightKind(kind), subject, "-", strength, liking, evidence=(1,))


def habit(subject: str, strength: float, usual_min: int | None) -> Insight:
    return Insight(0, InsightKind.HABIT, subject, "-", strength, usual_min=usual_min, evidence=(1,))


class TestLeanings:
    def test_they_are_strength_times_liking(self) -> None:
        found = leanings(
            keeping(liking("sport", 0.6, 0.5), liking("shopping", 0.5, -0.4)), PURPOSES
        )
        assert found == {Purpose.SHOPPING: pytest.approx(-0.2), Purpose.SPORT: pytest.approx(0.3)}

    def test_preference_and_opinion_add_up_to_at_most_one(self) -> None:
        found = leanings(
            keeping(liking("sport", 0.9, 1.0), liking("sport", 0.9, 1.0, "opinion")), PURPOSES
        )
        assert found == {Purpose.SPORT: 1.0}

    def test_habits_modes_places_and_notes_give_no_leanings(self) -> None:
        kept = keeping(
            habit("meal", 0.8, 750), liking("train", 0.8, 1.0), liking("place:3", 0.8, 1.0)
        )
        kept.note("because", subject="sport", minute=0)
        assert leanings(kept, PURPOSES) == {}

    def test_activities_of_a_user_have_leanings_too(self) -> None:
        told = leanings(keeping(liking("worship", 0.5, 0.4)), [*PURPOSES, "worship"])
        assert told == {"worship": pytest.approx(0.2)}

    def test_they_fade(self) -> None:
        kept = keeping(liking("sport", 0.8, 0.5))
        assert leanings(kept, PURPOSES, at_min=30 * 1440)[Purpose.SPORT] == pytest.approx(0.2)

    @pytest.mark.slow
    @given(st.lists(INSIGHTS, max_size=9))
    def test_they_are_between_minus_one_and_one(self, insights: list[Insight]) -> None:
        kept = keeping(*insights)
        assert all(-1.0 <= one <= 1.0 for one in leanings(kept, PURPOSES).values())
        assert all(-1.0 <= one <= 1.0 for one in place_opinions(kept).values())
        assert all(0 <= one < 1440 for one in usual_times(kept, PURPOSES).values())


class TestUsualTimes:
    def test_the_strongest_habit_counts_then_the_first_of_the_day(self) -> None:
        kept = keeping(habit("meal", 0.6, 430), habit("meal", 0.8, 1140), habit("meal", 0.8, 750))
        assert usual_times(kept, PURPOSES) == {Purpose.MEAL: 750}

    def test_habits_without_a_time_and_of_other_things_are_left_out(self) -> None:
        assert (
            usual_times(keeping(habit("train", 0.8, None), habit("yoga", 0.8, 600)), PURPOSES) == {}
        )


class TestHabitPlace:
    def place(self, *places: int, at_min: int = 1090, usual: int | None = 1110) -> int | None:
        memory, kept = Memory(), InsightMemory()
        numbers = [memory.add(MemoryEntry(row, one, "sport")) for row, one in enumerate(places)]
        kept.keep([habit("sport", 0.6, usual)._replace(evidence=tuple(numbers) or (9,))])
        return habit_place(kept, memory, "sport", at_min=at_min, within_min=60, least=3)

    def test_it_is_the_place_of_most_of_the_memories_of_a_habit(self) -> None:
        assert self.place(12, 31, 12) == 12
        assert self.place(12, 31, 31, 12) is None

    def test_it_needs_memories_that_are_not_forgotten_and_a_habit_at_that_time(self) -> None:
        assert self.place(12, 12) is None
        assert self.place() is None
        assert self.place(12, 12, 12, at_min=1171) is None
        assert self.place(12, 12, 12, at_min=1170 + 1440) == 12
        assert self.place(12, 12, 12, usual=None) is None

    def test_times_are_compared_across_midnight(self) -> None:
        assert self.place(12, 12, 12, at_min=5, usual=1430) == 12


def test_opinions_of_places_are_ordered_by_id() -> None:
    kept = keeping(
        liking("place:31", 0.5, -0.5, "opinion"),
        liking("place:4", 0.5, 1.0),
        habit("place:5", 1, 0),
    )
    assert list(place_opinions(kept).items()) == [(4, 0.5), (31, -0.25)]
