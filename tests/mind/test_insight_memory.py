"""Reflective memory: bounded, numbered, with insights replaced rather than repeated."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.mind import Insight, InsightKind, InsightMemory
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.testing import check_component

HABIT, PREFERENCE = InsightKind.HABIT, InsightKind.PREFERENCE
DAY = 1440


def habit(
    subject: str, strength: float = 0.8, minute: int = 0, usual_min: int | None = None
) -> Insight:
    return Insight(
        minute, HABIT, subject, f"{subject} often", strength, usual_min=usual_min, evidence=(1, 4)
    )


def memory(**changes: float) -> InsightMemory:
    return InsightMemory(CityParameters(mind={"insights": changes}))


def keeping(*insights: Insight, capacity: int = 60) -> InsightMemory:
    kept = memory(capacity=capacity)
    kept.keep(insights)
    return kept


def subjects(insights: InsightMemory) -> list[str]:
    return [one.subject for one in insights]


class TestKeep:
    def test_insights_are_returned_as_they_were_kept(self) -> None:
        liked = Insight(
            3 * DAY, PREFERENCE, "sport", "likes sport", 0.67, -0.43, None, (8, 13, 22), (2, 5)
        )
        lunch = habit("meal", usual_min=750)
        assert list(keeping(liked, lunch)) == [liked, lunch]

    def test_an_insight_without_evidence_is_not_kept(self) -> None:
        bare = habit("meal")._replace(evidence=())
        assert len(keeping(bare)) == 0
        assert len(keeping(bare._replace(earlier=(3,)))) == 1

    def test_an_insight_about_the_same_replaces_the_earlier_and_takes_its_number(self) -> None:
        insights = keeping(habit("meal"), habit("sport"))
        insights.keep([habit("meal", 0.9, minute=DAY)._replace(text="ever more often")])
        assert insights.numbers == (1, 2)
        renewed = insights.insight(1)
        assert renewed is not None
        assert (renewed.minute, renewed.strength, renewed.text) == (DAY, 0.9, "ever more often")

    def test_lunch_and_dinner_are_two_habits(self) -> None:
        insights = keeping(habit("meal", usual_min=750), habit("meal", usual_min=1140))
        insights.keep([habit("meal", usual_min=1120)])
        assert [one.usual_min for one in insights] == [750, 1120]

    def test_the_latest_six_numbers_of_evidence_are_kept(self) -> None:
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
    def test_values_out_of_range_are_refused(self, changes: dict[str, Any], told: str) -> None:
        with pytest.raises(DataError, match=f"an insight needs {told}"):
            keeping(habit("meal")._replace(**changes))


class TestForgetting:
    def test_the_weakest_is_forgotten_first(self) -> None:
        insights = keeping(habit("a", 0.9), habit("b", 0.3), habit("c", 0.6), capacity=2)
        assert subjects(insights) == ["a", "c"]
        assert insights.insight(2) is None

    def test_of_equally_weak_insights_the_oldest_is_forgotten(self) -> None:
        never_fading = memory(capacity=2, half_life_days=1e12)
        never_fading.keep([habit("a", minute=5), habit("b", minute=3), habit("c", minute=9)])
        assert subjects(never_fading) == ["a", "c"]

    def test_strengths_have_faded_when_the_weakest_is_chosen(self) -> None:
        # After 30 days .8 has fallen to .4.
        insights = keeping(habit("old", 0.8), habit("new", 0.5, minute=30 * DAY), capacity=2)
        insights.keep([habit("newer", 0.45, minute=30 * DAY)])
        assert subjects(insights) == ["new", "newer"]

    def test_numbers_are_not_used_again(self) -> None:
        insights = keeping(*(habit(name) for name in "abcdef"), capacity=2)
        assert insights.numbers == (5, 6)


class TestNote:
    def test_a_justification_needs_no_evidence_and_the_latest_of_a_subject_counts(self) -> None:
        insights = InsightMemory()
        insights.note("it rains", subject="train", minute=10)
        insights.note("no time", subject="train", minute=20, evidence=(7,))
        (note,) = insights
        assert note == Insight(
            20, InsightKind.JUSTIFICATION, "train", "no time", 0.3, evidence=(7,)
        )

    def test_insights_of_reflection_outlast_notes(self) -> None:
        insights = keeping(habit("a"), habit("b"), capacity=2)
        insights.note("it rains", subject="train", minute=10)
        assert subjects(insights) == ["a", "b"]


class TestRecall:
    insights = keeping(
        habit("meal", 0.6, usual_min=750),
        habit("sport", 0.9),
        Insight(0, PREFERENCE, "sport", "likes sport", 0.7, 0.5, evidence=(2,)),
    )

    def test_the_strongest_come_first(self) -> None:
        recalled = self.insights.recall(at_min=0)
        assert [one.strength for one in recalled] == [0.9, 0.7, 0.6]

    def test_kind_subject_and_count_filter(self) -> None:
        assert self.insights.recall_numbers(at_min=0, kind=HABIT) == (2, 1)
        assert self.insights.recall_numbers(at_min=0, kind=(HABIT, PREFERENCE), count=2) == (2, 3)
        assert self.insights.recall_numbers(at_min=0, subject="sport", kind=PREFERENCE) == (3,)
        assert self.insights.recall(at_min=0, subject="work") == ()

    def test_a_query_ranks_by_similarity(self) -> None:
        assert self.insights.recall(at_min=0, query="meals")[0].subject == "meal"
        assert self.insights.recall_numbers(at_min=0, query="likes sport")[0] == 3

    def test_strengths_fade_with_time(self) -> None:
        assert self.insights.strengths(30 * DAY).tolist() == pytest.approx([0.3, 0.45, 0.35])

    def test_strengths_do_not_rise_before_the_time_of_an_insight(self) -> None:
        assert keeping(habit("a", 0.5, minute=99)).strengths(0).tolist() == [0.5]

    def test_held_insights_have_numbers_and_faded_strengths(self) -> None:
        (held,) = self.insights.held(at_min=30 * DAY, kind=PREFERENCE)
        assert (held.number, held.insight.subject) == (3, "sport")
        assert held.strength == pytest.approx(0.35)
        assert [one.strength for one in self.insights.held()] == [0.6, 0.9, 0.7]


def test_it_keeps_the_promises_of_a_component() -> None:
    async def look(insights: InsightMemory, _: np.random.Generator) -> tuple[Insight, ...]:
        return insights.recall(at_min=2 * DAY, query="a habit")

    def add_note(insights: InsightMemory, _: tuple[Insight, ...]) -> None:
        insights.note("it rains", subject="train", minute=DAY)

    def three_of_four() -> InsightMemory:
        return keeping(*(habit(name, usual_min=600) for name in "abcd"), capacity=3)

    check_component(three_of_four, look, commit=add_note)


def test_numbers_continue_after_a_state_was_restored_from_json() -> None:
    insights, twin = keeping(*(habit(name) for name in "abcd"), capacity=2), InsightMemory()
    twin.restore(json.loads(json.dumps(insights.state())))
    assert list(twin) == list(insights)
    twin.keep([habit("e")])
    assert twin.numbers == (3, 4, 5)


def test_copies_do_not_share_insights() -> None:
    insights = keeping(habit("a"))
    for other in (copy.deepcopy(insights), pickle.loads(pickle.dumps(insights))):
        other.keep([habit("b"), habit("a", 0.1)])
        assert list(insights) == [habit("a")]


def test_a_half_life_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="half_life_days: got 0; accepted is a number above 0"):
        memory(half_life_days=0)
