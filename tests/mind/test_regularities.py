"""Regularities, counted by hand on a few days with a few entries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.mind import (
    Circumstances,
    Insight,
    InsightKind,
    InsightMemory,
    Memory,
    MemoryEntry,
    MemoryWords,
    evidence_weight,
    recurring_hours,
)
from mesa_llm_city.mind.regularities import habits_of, likings_of, regular_life, usual_place
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import ReflectionParameters

DAY = 1440
MODES = frozenset(CityParameters().modes)
SLOTS = {"slot_min": 30, "apart_min": 120}


def remembered(*entries: tuple[int, int, str]) -> Memory:
    """Enter day, minute of the day and key, at place 7."""
    memory = Memory()
    for day, minute, key in entries:
        memory.add(MemoryEntry(day * DAY + minute, 7, key, "-"))
    return memory


def habits(memory: Memory, *, last_day: int, least_days: int = 3) -> list[Insight]:
    at_min = last_day * DAY + 1439
    parameters = ReflectionParameters(least_days=least_days)
    return list(habits_of(memory.columns(), parameters, at_min=at_min, modes=MODES))


class TestRecurringHours:
    def test_beginnings_before_and_after_a_full_hour_are_one_habit(self) -> None:
        minute = np.array([775, DAY + 785, 2 * DAY + 790])
        found = recurring_hours(np.zeros(3, dtype=np.int64), minute, least_days=3, **SLOTS)
        assert found.tolist() == [[0, 750, 3]]

    def test_beginnings_before_and_after_midnight_are_one_habit(self) -> None:
        minute = np.array([1435, DAY + 1430, 3 * DAY + 5])
        found = recurring_hours(np.zeros(3, dtype=np.int64), minute, least_days=3, **SLOTS)
        assert found.tolist() == [[0, 1410, 3]]

    def test_several_times_on_one_day_are_no_habit(self) -> None:
        minute = np.array([600, 605, 610, 615])
        assert not len(recurring_hours(np.zeros(4, dtype=np.int64), minute, least_days=2, **SLOTS))

    def test_no_entries_give_no_hours(self) -> None:
        empty = np.empty(0, dtype=np.int64)
        assert recurring_hours(empty, empty, least_days=1, **SLOTS).shape == (0, 3)

    def test_least_distance_zero_still_ends(self) -> None:
        minute = np.array([600, DAY + 600, 2 * DAY + 600])
        code = np.zeros(3, dtype=np.int64)
        found = recurring_hours(code, minute, least_days=3, slot_min=60, apart_min=0)
        assert found.tolist() == [[0, 540, 3], [0, 600, 3]]

    @given(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9 * DAY)), max_size=60),
        st.integers(1, 4),
    )
    def test_windows_of_a_code_are_apart_and_hold_the_number_of_days(
        self, begun: list[tuple[int, int]], least: int
    ) -> None:
        code, minute = np.array(begun, dtype=np.int64).reshape(-1, 2).T
        found = recurring_hours(code, minute, least_days=least, **SLOTS)
        for one, begin, days in found.tolist():
            there = (code == one) & ((minute - begin) % DAY < 60)
            # A window over midnight ends on the day on which it began to be counted.
            assert least <= days <= len(np.unique(minute[there] // DAY))
            others = found[(found[:, 0] == one) & (found[:, 1] != begin), 1]
            apart = np.minimum((others - begin) % DAY, (begin - others) % DAY)
            assert (apart >= 120).all()


class TestHabits:
    def test_an_activity_at_the_same_hour_on_three_days_is_a_habit(self) -> None:
        memory = remembered((0, 745, "meal"), (1, 755, "meal"), (1, 900, "sport"), (3, 765, "meal"))
        (lunch,) = habits(memory, last_day=3)
        # Three of four days: (3 + 1) / (4 + 2).
        assert lunch.strength == pytest.approx(4 / 6)
        assert (lunch.kind, lunch.subject, lunch.usual_min) == (InsightKind.HABIT, "meal", 755)
        assert lunch.evidence == (1, 2, 4)
        assert lunch.text == "meal at about 12:35 on most days"

    def test_three_meals_a_day_are_three_habits(self) -> None:
        meals = [(day, minute, "meal") for day in range(3) for minute in (450, 750, 1140)]
        usual = [one.usual_min for one in habits(remembered(*meals), last_day=2)]
        assert sorted(one for one in usual if one is not None) == [450, 750, 1140]

    def test_a_mode_is_a_habit_at_any_hour(self) -> None:
        memory = remembered(
            (0, 500, "train"), (1, 700, "train"), (1, 900, "train"), (2, 99, "train")
        )
        (by_train,) = habits(memory, last_day=5)
        assert (by_train.subject, by_train.usual_min) == ("train", None)
        assert by_train.strength == pytest.approx(4 / 8)
        assert by_train.evidence == (1, 2, 3, 4)

    def test_slots_and_rounding_are_parameters(self) -> None:
        memory = remembered((0, 602, "meal"), (1, 611, "meal"), (2, 707, "meal"))
        wide = ReflectionParameters(slot_min=60, round_min=30)
        (habit,) = habits_of(memory.columns(), wide, at_min=3 * DAY, modes=MODES)
        assert habit.usual_min == 600  # the median is 611
        assert habits(memory, last_day=2) == []

    def test_the_number_of_days_is_a_parameter(self) -> None:
        memory = remembered((0, 750, "meal"), (1, 750, "meal"))
        assert habits(memory, last_day=1) == []
        assert len(habits(memory, last_day=1, least_days=2)) == 1

    def test_an_empty_memory_has_no_habits(self) -> None:
        assert habits(Memory(), last_day=3) == []

    def test_the_usual_place_is_named_unless_it_is_home(self) -> None:
        memory = remembered((0, 1090, "sport"), (1, 1090, "sport"), (2, 1090, "sport"))
        for name, told in (("Lake Bath", " at Lake Bath"), ("home", "")):
            (sport,) = habits_of(
                memory.columns(), ReflectionParameters(), at_min=3 * DAY, modes=(), names={7: name}
            )
            assert sport.text == f"sport at about 18:10{told} on most days"

    def test_the_usual_place_is_that_of_more_than_half(self) -> None:
        assert usual_place([3, 8, 8]) == 8
        assert usual_place([3, 8, 8, 3]) is None
        assert usual_place([]) is None


class TestLikings:
    def likings(self, *scores: float | None, key: str = "sport") -> list[Insight]:
        memory = Memory()
        for row, score in enumerate(scores):
            memory.add(MemoryEntry(row, 7, key, "-", score))
        return list(
            likings_of(
                memory.columns(),
                ReflectionParameters(least_ratings=3, least_liking=0.2),
                at_min=99,
                words=MemoryWords(places={7: "Lake Bath"}),
            )
        )

    def test_three_good_scores_make_a_preference_and_an_opinion(self) -> None:
        sport, bath = self.likings(0.7, None, 0.8, 0.9)
        assert (sport.kind, sport.subject, sport.text) == ("preference", "sport", "likes sport")
        assert (bath.kind, bath.subject, bath.text) == ("opinion", "place:7", "likes Lake Bath")
        for one in (sport, bath):
            assert one.liking == pytest.approx(0.6)
            assert one.strength == pytest.approx(0.6)
            assert one.evidence == (1, 3, 4)

    def test_the_text_names_the_ratings_that_speak_for_it(self) -> None:
        memory = Memory()
        how = Circumstances(60, price=0.2, atmosphere=0.9, convenience=0.5)
        for day in range(3):
            memory.add(MemoryEntry(day, 7, "sport", score=0.8, circumstances=how))
        found = likings_of(memory.columns(), ReflectionParameters(), at_min=99, words=MemoryWords())
        assert [one.text for one in found] == ["likes sport: pleasant", "likes place 7: pleasant"]

    def test_three_bad_scores_make_a_dislike(self) -> None:
        sport, bath = self.likings(0.1, 0.2, 0.3)
        assert (sport.text, bath.text) == ("does not like sport", "does not like Lake Bath")
        assert sport.liking == pytest.approx(-0.6)

    @pytest.mark.parametrize("scores", [(0.9, 0.9), (0.5, 0.6, 0.55), (None, None, None), ()])
    def test_few_or_neutral_scores_give_no_liking(self, scores: tuple[float | None, ...]) -> None:
        assert self.likings(*scores) == []

    def test_more_ratings_weigh_more(self) -> None:
        assert evidence_weight(3, prior=2.0) == 0.6
        assert evidence_weight(6, prior=2.0) == 0.75


class TestRegularLife:
    def belief(self, strengths: list[float]) -> list[Insight]:
        thoughts = InsightMemory()
        thoughts.keep(
            Insight(0, InsightKind.HABIT, f"{row}", "-", one, usual_min=600, evidence=(1,))
            for row, one in enumerate(strengths)
        )
        held = thoughts.held(at_min=0)
        parameters = ReflectionParameters(regular_habits=3, regular_strength=0.6)
        return list(regular_life(held, parameters, at_min=0))

    def test_many_strong_habits_make_a_belief_with_them_as_evidence(self) -> None:
        (regular,) = self.belief([0.6, 0.9, 0.7, 0.8])
        assert regular.earlier == (2, 4, 3, 1)
        assert regular.evidence == ()
        assert regular.strength == pytest.approx(0.75)

    @pytest.mark.parametrize("strengths", [[], [0.9, 0.9], [0.5, 0.5, 0.6]])
    def test_few_or_weak_habits_do_not(self, strengths: list[float]) -> None:
        assert self.belief(strengths) == []
