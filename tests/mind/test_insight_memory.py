"""Reflective memory: bounded, renewed rather than repeated, linked by numbers."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.mind import Insight, InsightKind, InsightMemory, InsightMemoryConfig
from mesa_llm_city.testing import check_component

HABIT, PREFERENCE = InsightKind.HABIT, InsightKind.PREFERENCE
DAY = 1440


def habit(
    subject: str, strength: float = 0.8, minute: int = 0, usual_min: int | None = None
) -> Insight:
    return Insight(
        minute, HABIT, subject, f"{subject} often", strength, usual_min=usual_min, evidence=(1, 4)
    )


def keeping(*insights: Insight, capacity: int = 60) -> InsightMemory:
    thoughts = InsightMemory(InsightMemoryConfig(capacity=capacity))
    thoughts.keep(insights)
    return thoughts


def subjects(thoughts: InsightMemory) -> list[str]:
    return [one.subject for one in thoughts]


class TestKeep:
    def test_what_is_kept_is_what_was_thought(self) -> None:
        liked = Insight(
            3 * DAY, PREFERENCE, "sport", "likes sport", 0.67, -0.43, None, (8, 13, 22), (2, 5)
        )
        lunch = habit("meal", usual_min=750)
        assert list(keeping(liked, lunch)) == [liked, lunch]

    def test_an_insight_without_evidence_is_not_kept(self) -> None:
        bare = habit("meal")._replace(evidence=())
        assert len(keeping(bare)) == 0
        assert len(keeping(bare._replace(earlier=(3,)))) == 1

    def test_an_insight_about_the_same_takes_place_and_number_of_the_earlier(self) -> None:
        thoughts = keeping(habit("meal"), habit("sport"))
        thoughts.keep([habit("meal", 0.9, minute=DAY)._replace(text="ever more often")])
        assert thoughts.numbers == (1, 2)
        renewed = thoughts.insight(1)
        assert renewed is not None
        assert (renewed.minute, renewed.strength, renewed.text) == (DAY, 0.9, "ever more often")

    def test_lunch_and_dinner_are_two_habits(self) -> None:
        thoughts = keeping(habit("meal", usual_min=750), habit("meal", usual_min=1140))
        thoughts.keep([habit("meal", usual_min=1120)])
        assert [one.usual_min for one in thoughts] == [750, 1120]

    def test_of_evidence_the_latest_six_numbers_are_kept(self) -> None:
        many = habit("meal")._replace(evidence=tuple(range(1, 10)))
        (kept,) = keeping(many)
        assert kept.evidence == (4, 5, 6, 7, 8, 9)

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"strength": 1.2}, r"a strength in \[0, 1\], got Insight"),
            ({"liking": -2.0, "usual_min": 1440}, r"a liking in .* and a usual_min in"),
            ({"evidence": (0, 3)}, "numbers of evidence from 1"),
            ({"earlier": (-4,)}, "numbers of evidence from 1"),
        ],
    )
    def test_what_is_out_of_range_is_refused(self, changes: dict[str, Any], told: str) -> None:
        with pytest.raises(DataError, match=f"an insight needs {told}"):
            keeping(habit("meal")._replace(**changes))


class TestForgetting:
    def test_the_weakest_is_forgotten_first(self) -> None:
        thoughts = keeping(habit("a", 0.9), habit("b", 0.3), habit("c", 0.6), capacity=2)
        assert subjects(thoughts) == ["a", "c"]
        assert thoughts.insight(2) is None

    def test_of_equally_weak_ones_the_oldest_is(self) -> None:
        never_fading = InsightMemory(InsightMemoryConfig(capacity=2, half_life_days=1e12))
        never_fading.keep([habit("a", minute=5), habit("b", minute=3), habit("c", minute=9)])
        assert subjects(never_fading) == ["a", "c"]

    def test_what_has_faded_is_weak(self) -> None:
        # After 30 days .8 has fallen to .4.
        thoughts = keeping(habit("old", 0.8), habit("new", 0.5, minute=30 * DAY), capacity=2)
        thoughts.keep([habit("newer", 0.45, minute=30 * DAY)])
        assert subjects(thoughts) == ["new", "newer"]

    def test_numbers_are_not_given_again(self) -> None:
        thoughts = keeping(*(habit(name) for name in "abcdef"), capacity=2)
        assert thoughts.numbers == (5, 6)


class TestNote:
    def test_a_justification_needs_no_evidence_and_the_latest_of_a_subject_counts(self) -> None:
        thoughts = InsightMemory()
        thoughts.note("it rains", subject="train", minute=10)
        thoughts.note("no time", subject="train", minute=20, evidence=(7,))
        (note,) = thoughts
        assert note == Insight(
            20, InsightKind.JUSTIFICATION, "train", "no time", 0.3, evidence=(7,)
        )

    def test_it_yields_to_what_has_been_reflected_on(self) -> None:
        thoughts = keeping(habit("a"), habit("b"), capacity=2)
        thoughts.note("it rains", subject="train", minute=10)
        assert subjects(thoughts) == ["a", "b"]


class TestRecall:
    thoughts = keeping(
        habit("meal", 0.6, usual_min=750),
        habit("sport", 0.9),
        Insight(0, PREFERENCE, "sport", "likes sport", 0.7, 0.5, evidence=(2,)),
    )

    def test_the_surest_come_first(self) -> None:
        recalled = self.thoughts.recall(at_min=0)
        assert [one.strength for one in recalled] == [0.9, 0.7, 0.6]

    def test_kind_subject_and_count_filter(self) -> None:
        assert self.thoughts.recall_numbers(at_min=0, kind=HABIT) == (2, 1)
        assert self.thoughts.recall_numbers(at_min=0, kind=(HABIT, PREFERENCE), count=2) == (2, 3)
        assert self.thoughts.recall_numbers(at_min=0, subject="sport", kind=PREFERENCE) == (3,)
        assert self.thoughts.recall(at_min=0, subject="work") == ()

    def test_a_query_ranks_by_likeness(self) -> None:
        assert self.thoughts.recall(at_min=0, query="meals")[0].subject == "meal"
        assert self.thoughts.recall_numbers(at_min=0, query="likes sport")[0] == 3

    def test_strengths_fade_with_time_since_the_last_thought(self) -> None:
        assert self.thoughts.strengths(30 * DAY).tolist() == pytest.approx([0.3, 0.45, 0.35])

    def test_nothing_gains_strength_before_it_was_thought(self) -> None:
        assert keeping(habit("a", 0.5, minute=99)).strengths(0).tolist() == [0.5]

    def test_held_are_numbered_and_faded(self) -> None:
        (held,) = self.thoughts.held(at_min=30 * DAY, kind=PREFERENCE)
        assert (held.number, held.insight.subject) == (3, "sport")
        assert held.strength == pytest.approx(0.35)
        assert [one.strength for one in self.thoughts.held()] == [0.6, 0.9, 0.7]


def test_it_keeps_the_promises_of_a_component() -> None:
    async def look(thoughts: InsightMemory, _: np.random.Generator) -> tuple[Insight, ...]:
        return thoughts.recall(at_min=2 * DAY, query="a habit")

    def go_on(thoughts: InsightMemory, _: tuple[Insight, ...]) -> None:
        thoughts.note("it rains", subject="train", minute=DAY)

    def three_of_four() -> InsightMemory:
        return keeping(*(habit(name, usual_min=600) for name in "abcd"), capacity=3)

    check_component(three_of_four, look, commit=go_on)


def test_state_travels_through_json_with_numbers_and_count() -> None:
    thoughts, twin = keeping(*(habit(name) for name in "abcd"), capacity=2), InsightMemory()
    twin.restore(json.loads(json.dumps(thoughts.state())))
    assert list(twin) == list(thoughts)
    twin.keep([habit("e")])
    assert twin.numbers == (3, 4, 5)


def test_copies_do_not_share_what_they_keep() -> None:
    thoughts = keeping(habit("a"))
    for other in (copy.deepcopy(thoughts), pickle.loads(pickle.dumps(thoughts))):
        other.keep([habit("b"), habit("a", 0.1)])
        assert list(thoughts) == [habit("a")]


def test_a_half_life_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"half_life_days must be positive, got 0"):
        InsightMemoryConfig(half_life_days=0)
