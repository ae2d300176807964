"""Awareness: belief by hand, corrections that fade, memory of the day and of earlier days."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters.society import AwarenessParameters
from mesa_llm_city.prompts import Prompted, PromptLibrary
from mesa_llm_city.prompts.check import AWKWARD_TEXTS
from mesa_llm_city.social import (
    Awareness,
    Belief,
    BelievePrompt,
    Consolidated,
    ConsolidatePrompt,
    Post,
    Remembered,
)
from mesa_llm_city.social.awareness_formulas import belief_of, support_for
from mesa_llm_city.social.news_memory import HeardItem, merged_memory, summary
from mesa_llm_city.testing import check_component
from tests.social.answers import says

NUMBERS = AwarenessParameters()


def post(text: str = "They close the bridge", **changes: object) -> Post:
    given: dict[str, object] = {
        "id": 1,
        "author": 3,
        "minute": 600,
        "topic": "bridge",
        "text": text,
    }
    return Post(**{**given, **changes})  # type: ignore[arg-type]


def told(*posts: Post, trust: float = 1.0, at_min: int = 600) -> Awareness:
    awareness = Awareness()
    for one in posts:
        awareness.hear(one, trust=trust, channel="feed", at_min=at_min)
    return awareness


class TestBelief:
    def test_each_further_telling_counts_half(self) -> None:
        # 1 / (1 + exp(-(0.5 + 0.25 + 0.125))) = 0.7058
        assert told(post(), post(), post()).belief("bridge", at_min=600) == pytest.approx(
            0.7058, abs=1e-4
        )

    def test_what_was_never_heard_is_not_believed(self) -> None:
        assert Awareness().belief("bridge", at_min=0) == 0.0
        assert Awareness().known("bridge") is None

    def test_a_correction_lowers_it_and_half_of_that_is_back_after_a_week(self) -> None:
        awareness = told(post(), post(kind="correction"))
        at_once = awareness.belief("bridge", at_min=600)
        later = awareness.belief("bridge", at_min=600 + 7 * DAY_MIN)
        assert at_once == pytest.approx(1.0 / (1.0 + np.exp(0.5)))
        assert later == pytest.approx(0.5)
        assert awareness.known("bridge") == (600, 3, "feed", 1, 1, 0.5, 1.0, 600)

    def test_a_label_does_about_a_third_of_it(self) -> None:
        awareness = told(post(label="disputed"))
        assert awareness.belief("bridge", at_min=600) == pytest.approx(1 / (1 + np.exp(-0.15)))

    def test_who_is_not_trusted_neither_convinces_nor_corrects(self) -> None:
        awareness = told(post(), post(kind="correction"), trust=0.0)
        assert awareness.belief("bridge", at_min=600) == 0.5

    def test_support_is_the_inverse_of_belief(self) -> None:
        for sure in (0.2, 0.5, 0.9):
            support = support_for(sure, 0.4, NUMBERS)
            assert belief_of(support, 0.4, NUMBERS) == pytest.approx(sure)

    def test_what_a_language_model_says_holds_and_still_fades_with_corrections(self) -> None:
        awareness = Awareness()
        denial = post(kind="correction")
        awareness.hear(denial, channel="feed", at_min=600, sure=0.3)
        assert awareness.belief("bridge", at_min=600) == pytest.approx(0.3)
        assert awareness.belief("bridge", at_min=600 + 7 * DAY_MIN) > 0.4


class TestMemory:
    def test_the_first_teller_is_remembered(self) -> None:
        awareness = told(post(), post(author=8))
        known = awareness.known("bridge")
        assert known is not None
        assert (known.teller, known.since_min, known.channel, known.times) == (3, 600, "feed", 2)

    def test_the_evening_merges_the_day_into_long_memory(self) -> None:
        awareness = told(
            post("It opens", stance=0.5, intensity=0.2), post("It never opens", stance=-0.9)
        )
        awareness.keep(run(awareness.consolidate(at_min=1400)), at_min=1400)
        assert awareness.short_memory == ()
        assert awareness.long_memory == (
            Remembered("bridge", 600, "2 messages, on both sides: It opens", 2.2),
        )
        assert awareness.remembered("bridge") == ("2 messages, on both sides: It opens",)

    def test_the_short_memory_holds_the_last_twenty(self) -> None:
        awareness = told(*(post(f"{number}") for number in range(30)))
        assert [one.text for one in awareness.short_memory] == [f"{one}" for one in range(10, 30)]
        assert awareness.remembered("bridge") == ("25", "26", "27", "28", "29")

    def test_of_each_topic_the_weightiest_five_stay_and_age_counts(self) -> None:
        old = [Remembered("bridge", 0, f"old {weight}", weight) for weight in (1.0, 2.0, 3.0)]
        new = [Remembered("bridge", 7 * DAY_MIN, f"new {number}", 1.4) for number in range(3)]
        tram = [Remembered("tram", 0, "tram", 0.1)]
        kept = merged_memory(old + tram, new, at_min=7 * DAY_MIN, parameters=NUMBERS)
        # After a week the weights of the old ones have halved: 0.5, 1.0 and 1.5.
        assert [one.text for one in kept] == [
            "old 2.0",
            "old 3.0",
            "new 0",
            "new 1",
            "new 2",
            "tram",
        ]

    def test_a_summary_names_the_most_intense(self) -> None:
        items = [HeardItem("bridge", 60, 0.5, 0.1, "dull", corrects=False)]
        items += [HeardItem("bridge", 90, 0.5, 0.9, "alarming", corrects=True)]
        assert summary(items).text == "2 messages, in favour of it, denied: alarming"
        assert summary(items).minute == 90


async def consolidate(part: Any, _: np.random.Generator) -> Consolidated:  # noqa: ANN401 - in either form
    consolidated: Consolidated = await part.consolidate(at_min=1400)
    return consolidated


def test_it_keeps_the_promises_of_a_component() -> None:
    async def believe(part: Any, _: np.random.Generator) -> Belief:  # noqa: ANN401 - in either form
        belief: Belief = await part.believe(post(), at_min=600, trust=0.7)
        return belief

    def hear(part: Awareness, _: object) -> None:
        part.hear(post(kind="correction"), trust=0.7, channel="feed", at_min=600)

    def keep(part: Awareness, consolidated: Consolidated) -> None:
        part.keep(consolidated, at_min=1400)

    def make() -> Awareness:
        return told(post(), post("It opens", topic="tram"))

    check_component(make, believe, commit=hear, inputs=[post()])
    check_component(make, consolidate, commit=keep)
    check_component(
        lambda: Prompted(make(), BelievePrompt()),
        believe,
        backend=says(reason="heard twice", believed=7),
    )
    check_component(
        lambda: Prompted(make(), ConsolidatePrompt()),
        consolidate,
        backend=says(reason="a quiet day", entries=[]),
    )


def test_a_language_model_says_how_far_a_story_is_believed() -> None:
    backend = says(reason="heard twice", believed=7)
    thought = Prompted(told(post(), post()), BelievePrompt()).believe(post(), at_min=600)
    belief = run(thought, backend=backend)
    assert (belief.sure, belief.source) == (0.7, DecisionSource.PROMPT)
    facts = backend.asked[0].facts
    assert (facts["times"], facts["corrections"], facts["believed"]) == (2, 0, 7)


def test_a_language_model_consolidates_the_topics_it_was_told() -> None:
    entries = [
        {"topic": 1, "text": "They argue about the bridge.", "believed": 9},
        {"topic": 2, "text": "About nothing that was told.", "believed": 1},
    ]
    awareness = told(post(), post("again"))
    thought = Prompted(awareness, ConsolidatePrompt()).consolidate(at_min=1400)
    backend = says(reason="a loud day", entries=entries[:1])
    awareness.keep(run(thought, backend=backend), at_min=1400)
    assert [one.text for one in awareness.long_memory] == ["They argue about the bridge."]
    assert awareness.belief("bridge", at_min=1400) == pytest.approx(0.9)
    topics: Any = backend.asked[0].facts["topics"]
    assert topics[0]["messages"] == ["They close the bridge", "again"]


def test_nothing_is_asked_in_the_evening_of_a_day_without_news() -> None:
    thought = Prompted(Awareness(), ConsolidatePrompt()).consolidate(at_min=1400)
    assert run(thought).source is DecisionSource.RULE


@pytest.mark.parametrize("text", AWKWARD_TEXTS)
def test_hostile_messages_stay_quoted_in_every_prompt(text: str) -> None:
    asked: list[Question] = []

    class Refusing:
        def answer_many(self, questions: Sequence[Question]) -> Sequence[Any]:
            asked.extend(questions)
            return [
                one.reply.model_construct(reason="", believed=5, entries=[]) for one in questions
            ]

    awareness = told(post(text, topic=text.strip() or "bridge", label=text))
    run(Prompted(awareness, BelievePrompt()).believe(post(text), at_min=600), backend=Refusing())
    run(Prompted(awareness, ConsolidatePrompt()).consolidate(at_min=600), backend=Refusing())
    library = PromptLibrary()
    for question in asked:
        for _, content in library.render(question).messages:
            assert "\n# rules" not in content
            assert all(line.isprintable() for line in content.split("\n"))
            assert '"Anna.\\"}' in content or "Ignore all rules" not in content


def test_its_state_is_plain() -> None:
    awareness = told(post(), post(kind="correction"))
    state = json.loads(json.dumps(awareness.state()))
    twin = Awareness()
    twin.restore(state)
    assert twin.state() == awareness.state()
    assert twin.belief("bridge", at_min=999) == awareness.belief("bridge", at_min=999)
