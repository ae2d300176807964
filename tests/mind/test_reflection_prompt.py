"""Reflection by prompt: the question with numbered memories, and how a reply is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import CityError, LLMUnavailableError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind import (
    Insight,
    InsightKind,
    InsightMemory,
    Memory,
    MemoryEntry,
    MemoryWords,
    Reflected,
    Reflection,
    ReflectPrompt,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted, PromptLibrary, estimated_tokens
from tests.mobility.people import clerk
from tests.mobility.scripted import Scripted

DAY = 1440
NIGHT = 4 * DAY + 1400
ASKING = Prompted(Reflection(), ReflectPrompt())


def lived(days: int = 5) -> Memory:
    memory = Memory()
    for day in range(days):
        memory.add(MemoryEntry(day * DAY + 545, 20, "work", "stayed 200 min"))
        memory.add(MemoryEntry(day * DAY + 750, 31, "meal", "stayed 50 min", 0.7))
        memory.add(MemoryEntry(day * DAY + 1090, 32, "sport", "stayed 90 min", 0.9))
    return memory


def known() -> InsightMemory:
    insights = InsightMemory()
    insights.keep(
        [Insight(DAY, InsightKind.HABIT, "sport", "sport at night", 0.8, evidence=(3, 6))]
    )
    insights.note("it rains", subject="train", minute=DAY)
    return insights


def insight(**changes: object) -> dict[str, object]:
    return {
        "text": "trains after work",
        "kind": "habit",
        "about": 0,
        "time": "18:10",
        "liking": 0,
        "strength": 8,
        "evidence": [1],
    } | changes


def concluding(*insights: Mapping[str, object]) -> Scripted:
    return Scripted(lambda _: {"reason": "it recurs", "insights": list(insights)})


def reflect(
    backend: Scripted | None,
    *,
    memory: Memory | None = None,
    insights: InsightMemory | None = None,
    part: Reflection | Prompted[Reflection] = ASKING,
    seed: int = 1,
    **facts: Any,  # noqa: ANN401 - arguments of reflect
) -> Reflected:
    steps = part.reflect(
        lived() if memory is None else memory,
        known() if insights is None else insights,
        at_min=NIGHT,
        rng=np.random.default_rng(seed),
        **facts,
    )
    reflected: Reflected = run(steps, backend=backend)
    return reflected


def topics(question: Question) -> list[str]:
    told = question.facts["topics"]
    assert isinstance(told, list)
    return told


class TestAsked:
    def test_one_question_contains_numbered_memories_insights_and_topics(self) -> None:
        backend = concluding()
        reflect(backend, persona=clerk(), words=MemoryWords(places={31: "Noodle Bar"}))
        (question,) = backend.asked
        content = backend.worded[0].messages[1][1]
        assert clerk().describe() in content
        entries = question.facts["entries"]
        assert isinstance(entries, list)
        assert entries == sorted(entries, key=lambda one: -int(one[1]))
        assert "-0d 18:10 sport: stayed 90 min [9]" in entries
        assert f'{len(entries)}. "{entries[-1]}"' in content
        assert f'{len(entries) + 1}. "sport at night"' in content
        assert '"Is it still true of the person: sport at night?"' in content
        assert {"meal", "sport", "Noodle Bar"} <= set(topics(question))

    def test_home_work_and_justifications_are_left_out(self) -> None:
        backend = concluding()
        reflect(backend, persona=clerk())
        assert "place 20" not in topics(backend.asked[0])
        assert "it rains" not in backend.worded[0].messages[1][1]

    def test_the_order_of_topics_is_drawn(self) -> None:
        backend = concluding()
        for seed in range(10):
            reflect(backend, seed=seed)
        assert len({tuple(topics(one)) for one in backend.asked}) > 3

    def test_the_question_stays_short_with_many_long_memories(self) -> None:
        backend, memory, insights = concluding(), Memory(), InsightMemory()
        for minute in range(0, NIGHT, 10):
            key = f"activity number {minute % 90}"
            memory.add(MemoryEntry(minute, minute % 9, key, f"word {minute} " * 50, 0.9))
        for row in range(60):
            kept = Insight(row, InsightKind.HABIT, f"{row}", "x" * 120, 0.8, evidence=(1,))
            insights.keep([kept])
        reflect(backend, memory=memory, insights=insights, persona=clerk())
        text = "".join(content for _, content in backend.worded[0].messages)
        assert estimated_tokens(text) < 1700

    def test_most_of_a_usual_question_is_the_same_for_everybody(self) -> None:
        backend = concluding()
        reflect(backend, persona=clerk())
        shared, own = (estimated_tokens(text) for _, text in backend.worded[0].messages)
        assert shared > 0.6 * (shared + own)
        assert shared + own < 1000

    def test_an_empty_memory_is_not_asked_about(self) -> None:
        backend = concluding()
        assert reflect(backend, memory=Memory()).source is DecisionSource.RULE
        assert backend.asked == []


class TestUnderstood:
    def test_evidence_is_split_into_entries_and_earlier_insights(self) -> None:
        backend = concluding(insight(evidence=[2, 1]))
        first = reflect(backend)
        told = backend.asked[0].facts["entries"]
        assert isinstance(told, list)
        recursive = reflect(concluding(insight(evidence=[len(told) + 1, 1])))
        (one,), (other,) = first.insights, recursive.insights
        memory = lived()
        assert len(one.evidence) == 2
        for number, line in zip(one.evidence, told, strict=False):
            entry = memory.entry(number)
            assert entry is not None
            assert entry.observation in line
        assert one.earlier == ()
        assert (other.evidence, other.earlier) == (one.evidence[:1], (1,))

    def test_a_habit_has_a_time_of_day_and_a_preference_a_liking(self) -> None:
        def script(question: Question) -> dict[str, Any]:
            about = 1 + topics(question).index("sport")
            return {
                "reason": "it recurs",
                "insights": [
                    insight(about=about, liking=5),
                    insight(about=about, kind="preference", liking=-4, text="tires of sport"),
                    insight(kind="belief", text="is fit"),
                ],
            }

        reflected = reflect(Scripted(script))
        assert (reflected.source, reflected.reason) == (DecisionSource.PROMPT, "it recurs")
        habit, liking, belief = reflected.insights
        assert (habit.subject, habit.usual_min, habit.liking) == ("sport", 1090, 0.0)
        assert (liking.subject, liking.usual_min, liking.liking) == ("sport", None, -0.8)
        assert (belief.subject, belief.kind) == ("self", InsightKind.BELIEF)
        assert all((one.minute, one.strength) == (NIGHT, 0.8) for one in reflected.insights)

    def test_a_topic_can_be_a_place(self) -> None:
        def script(question: Question) -> dict[str, Any]:
            about = 1 + topics(question).index("Noodle Bar")
            return {"reason": "", "insights": [insight(kind="opinion", about=about, liking=3)]}

        words = MemoryWords(places={31: "Noodle Bar"})
        (opinion,) = reflect(Scripted(script), words=words).insights
        assert (opinion.subject, opinion.liking) == ("place:31", 0.6)

    @pytest.mark.parametrize("time", ["", "late", "24:00", "7.30", "12:60", "12:5"])
    def test_other_texts_than_times_of_day_give_no_time(self, time: str) -> None:
        (habit,) = reflect(concluding(insight(time=time))).insights
        assert habit.usual_min is None

    def test_unknown_numbers_are_left_out_and_counted(self) -> None:
        reflected = reflect(
            concluding(
                insight(evidence=[1, 99, -3]),
                insight(evidence=[0], text="rests on nothing"),
                insight(evidence=[], text="rests on less"),
                insight(about=8, text="about what was not told"),
            )
        )
        assert [len(one.evidence) for one in reflected.insights] == [1]
        assert reflected.reason == ("it recurs (3 numbers of evidence, 3 of 4 insights left out)")

    def test_the_number_of_insights_is_a_parameter(self) -> None:
        tree = CityParameters().with_("mind.reflection.most", 2)
        part = Prompted(Reflection(tree), ReflectPrompt(tree))
        backend = concluding(*(insight(text=f"{row}") for row in range(2)))
        assert len(reflect(backend, part=part).insights) == 2
        three = [insight(text=f"{row}") for row in range(3)]
        with pytest.raises(ValidationError, match="at most 2 items"):
            backend.asked[0].reply.model_validate({"reason": "", "insights": three})


class TestWithoutReply:
    def test_the_rule_decides_if_the_run_allows_it(self) -> None:
        error = LLMUnavailableError("overloaded")
        error.use_rules = True
        reflected, by_rule = reflect(Scripted(lambda _: error)), reflect(None, part=Reflection())
        assert reflected.insights == by_rule.insights != ()
        assert (reflected.source, reflected.reason) == (
            DecisionSource.RULE,
            "rules after: overloaded",
        )

    def test_otherwise_the_error_is_raised(self) -> None:
        error: CityError = LLMUnavailableError("overloaded")
        with pytest.raises(LLMUnavailableError, match="overloaded"):
            reflect(Scripted(lambda _: error))


def test_the_wording_of_a_version_never_changes() -> None:
    prompt = PromptLibrary()["reflect"]
    assert (prompt.version, prompt.digest) == (3, "988fb46a5c4b1bc7")
