"""What comes about topics: felt, thought, believed, passed on, talked about and remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.components import ComponentOption, opinion_components
from mesa_llm_city.citizen.intention import Intention
from mesa_llm_city.citizen.new_parameters import use_parameters
from mesa_llm_city.citizen.opinion import UNNUMBERED, Delivered, post_of
from mesa_llm_city.citizen.opinion_words import opinion_lines
from mesa_llm_city.citizen.presets import PROMPTS
from mesa_llm_city.citizen.slots import check_slot
from mesa_llm_city.citizen.state import CitizenState
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.message import Heard, Message
from mesa_llm_city.core.values import Observation, Purpose, ReactionKind
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Occupation
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.social import Emotion, Post, Relation
from tests.mobility.scripted import Scripted
from tests.town import small_town, townspeople

OPINIONS = ("feel", "consider", "believe", "consolidate", "share")
LOUD = (
    CityParameters()
    .with_(
        {
            "social.sharing.broadcast": 1.0,
            "social.sharing.forward": 1.0,
            "social.sharing.reply": 0.0,
        }
    )
    .with_("social.sharing.distance", 0.0)
)
SURE = LOUD.with_(
    {
        "social.sharing.unbelieved": 1.0,
        "social.stance.noise": 0.0,
        "social.sharing.activity_shape": 1e6,
    }
)


@pytest.fixture
def world() -> World:
    return World(small_town(), Clock())


def person(
    parameters: CityParameters = SURE,
    components: Mapping[str, ComponentOption] | None = None,
    prompts: Sequence[str] | str = (),
) -> Citizen:
    persona = next(
        one
        for one in townspeople()
        if one.occupation is Occupation.OFFICE_WORKER and one.work != one.home and one.age > 20
    )
    given = opinion_components() if components is None else components
    return Citizen(persona, seed=7, parameters=parameters, components=given, prompts=prompts)


def think(someone: Citizen, world: World, backend: Scripted | None = None) -> Intention:
    minute = someone.now.next_due
    seen = Observation(minute=minute, place=someone.place, weather=world.weather(minute))
    return run(someone.think(seen, world), backend=backend)


def awake(someone: Citizen, world: World) -> Citizen:
    while someone.now.activity is None or someone.now.activity.purpose == Purpose.SLEEP:
        someone.commit(think(someone, world), world)
    return someone


def hear(someone: Citizen, world: World, **changes: object) -> Intention:
    """Let a person hear a message in the middle of what it does, think of it and learn."""
    activity = someone.now.activity
    assert activity is not None
    minute = (activity.start_min + activity.end_min) // 2
    message = Message(
        id=0,
        text="They close the bridge",
        source="media",
        channel="phone",
        minute=minute,
        topic="bridge",
        stance=-0.9,
        intensity=0.8,
    )
    assert someone.hear(replace(message, **changes), at_min=minute)  # type: ignore[arg-type]
    intention = think(someone, world)
    someone.commit(intention, world)
    return intention


def bridge(author: int = 999, **changes: object) -> Delivered:
    given: dict[str, object] = {"id": 5, "minute": 0, "topic": "bridge", "text": "It is closed"}
    given |= {"stance": -0.9, "intensity": 0.8}
    post = Post(author=author, **{**given, **changes})  # type: ignore[arg-type]
    return Delivered(post, "feed", "media")


def test_the_slots_are_empty_by_default_and_posts_then_pass_by(world: World) -> None:
    someone = awake(person(components={}), world)
    someone.receive(bridge())
    assert someone.now.posts == ()
    assert hear(someone, world).opinions == ()


@pytest.mark.parametrize("slot", ["emotion", "stance", "awareness", "sharing"])
def test_the_components_fit_their_slots(slot: str) -> None:
    check_slot(slot, getattr(person().components, slot))


def test_new_parameters_reach_them_and_they_keep_what_they_know(world: World) -> None:
    someone = awake(person(), world)
    hear(someone, world)
    before = someone.state()["components"]
    given = opinion_components()
    tree = SURE.with_("social.emotion.gain", 0.0)
    use_parameters(
        someone, tree, prompts=frozenset(), without=(), given=given, minute=someone.now.next_due
    )
    assert someone.components.emotion.parameters.gain == 0.0  # type: ignore[union-attr]
    assert someone.state()["components"] == before


def test_a_message_is_felt_thought_of_and_known(world: World) -> None:
    someone = awake(person(), world)
    (opinion,) = hear(someone, world).opinions
    parts, minute = someone.components, someone.now.next_due
    assert opinion.felt is not None
    assert opinion.felt.level == pytest.approx(0.6 * 0.8 * opinion.trust)
    assert parts.emotion.level("bridge", at_min=minute) > 0.1  # type: ignore[union-attr]
    assert parts.stance.value("bridge") != 0.0  # type: ignore[union-attr]
    known = parts.awareness.known("bridge")  # type: ignore[union-attr]
    assert known is not None
    assert (known.channel, known.times) == ("phone", 1)


def test_thinking_changes_nothing(world: World) -> None:
    someone = awake(person(), world)
    someone.receive(bridge())
    before = json.dumps(someone.state())
    think(someone, world)
    assert json.dumps(someone.state()) == before


def test_of_two_posts_the_second_meets_what_the_first_has_left(world: World) -> None:
    someone = awake(person(), world)
    someone.receive(bridge())
    someone.receive(bridge(id=6))
    first, second = think(someone, world).opinions
    assert first.felt is not None
    assert second.felt is not None
    gain = 0.6 * 0.8 * second.trust
    assert second.felt.level == pytest.approx(first.felt.level + gain * (1 - first.felt.level))
    someone.commit(think(someone, world), world)
    assert someone.now.posts == ()
    assert someone.components.awareness.known("bridge").times == 2  # type: ignore[union-attr]


def test_any_of_the_components_may_be_missing(world: World) -> None:
    someone = awake(person(components={"emotion": Emotion()}), world)
    (opinion,) = hear(someone, world).opinions
    assert opinion.felt is not None
    assert (opinion.considered, opinion.belief, opinion.shared) == (None, None, None)


def test_trust_in_who_says_it_is_that_of_the_tie(world: World) -> None:
    someone = awake(person(), world)
    ties = someone.components.ties
    assert ties is not None
    ties.relate([41], Relation.HOUSEHOLD)
    someone.receive(bridge(author=41))
    someone.receive(bridge(author=42))
    close, far = think(someone, world).opinions
    assert close.trust > far.trust + 0.3


def test_who_decides_about_sharing_passes_news_on_by_it(world: World) -> None:
    quiet = SURE.with_("social.sharing.broadcast", 0.0)
    for parameters, informs in ((SURE, True), (quiet, False)):
        heard: Heard = hear(awake(person(parameters), world), world).heard[0]
        assert heard.response.informs is informs
        assert (heard.tells_min is not None) is informs
        assert (heard.response.kind is ReactionKind.INFORM) is informs
    assert Heard.from_json(json.loads(json.dumps(heard.to_json()))) == heard


def test_warnings_of_danger_are_passed_on_as_before(world: World) -> None:
    quiet = SURE.with_("social.sharing.broadcast", 0.0)
    told = quiet.with_(
        {"social.messages.inform_danger": 1.0, "mind.warnings.belief_constant": 50.0}
    )
    heard = hear(awake(person(told), world), world, danger=1.0).heard[0]
    assert heard.response.informs
    assert heard.tells_min is None


def test_the_news_of_a_day_are_consolidated_before_the_next(world: World) -> None:
    someone = awake(person(), world)
    hear(someone, world)
    awareness = someone.components.awareness
    assert awareness is not None
    while someone.now.next_due < DAY_MIN + 18 * 60:
        someone.commit(think(someone, world), world)
    assert awareness.short_memory == ()
    assert [one.text for one in awareness.long_memory] == [
        "1 message, against it: They close the bridge"
    ]


def test_who_feels_strongly_speaks_of_it_and_the_other_hears(world: World) -> None:
    someone = awake(person(), world)
    assert someone.speaks_of(at_min=600) is None
    parts = someone.components
    parts.emotion.feel("bridge", 1.0, at_min=600)  # type: ignore[union-attr]
    parts.stance.begin("bridge", 0.7)  # type: ignore[union-attr]
    said = someone.speaks_of(at_min=600)
    assert said is not None
    assert said.post.text == "About bridge: strongly in favour of it, intense"
    assert (said.post.id, said.post.author) == (UNNUMBERED, someone.persona.id)
    other = awake(person(), world)
    other.receive(said)
    (opinion,) = think(other, world).opinions
    assert opinion.shared is None
    assert opinion.considered is not None
    assert opinion.considered.stance > 0.0


def test_what_somebody_thinks_can_be_told_in_a_line(world: World) -> None:
    someone = awake(person(), world)
    assert opinion_lines(someone, at_min=600) == ()
    hear(someone, world, intensity=1.0)
    told = "About bridge: undecided; moderate; believes it 6 of 10; They close the bridge"
    assert opinion_lines(someone, at_min=someone.now.next_due) == (told,)


def test_a_correction_by_message_corrects(world: World) -> None:
    someone = awake(person(), world)
    hear(someone, world)
    minute = someone.now.next_due
    awareness = someone.components.awareness
    assert awareness is not None
    believed = awareness.belief("bridge", at_min=minute)
    hear(someone, world, id=1, corrects=True, source="experts")
    assert awareness.belief("bridge", at_min=minute) < believed - 0.1


def test_a_message_without_an_intensity_has_that_of_its_danger() -> None:
    told = Message(id=4, text="x", source="media", channel="radio", minute=0, topic="t", danger=0.9)
    passed = told.passed_on(3, "phone", minute=9)
    numbers = CityParameters().social.emotion
    assert post_of(told, numbers).post.intensity == 0.9
    delivered = post_of(passed, numbers)
    assert (delivered.post.depth, delivered.is_broadcaster, delivered.post.author) == (1, False, 3)


def test_posts_that_wait_are_saved(world: World) -> None:
    someone = awake(person(), world)
    hear(someone, world)
    someone.receive(bridge())
    twin = person()
    twin.restore(json.loads(json.dumps(someone.state())))
    assert twin.now == someone.now
    assert twin.state() == someone.state()
    assert CitizenState.from_json(someone.now.to_json()) == someone.now
    assert think(twin, world).opinions == think(someone, world).opinions


def test_all_may_be_asked_about_in_words(world: World) -> None:
    def answer(question: Question) -> dict[str, object]:
        options: Any = question.facts.get("options", ["write a message of their own about it"])
        number = options.index("write a message of their own about it") + 1
        given: dict[str, object] = {
            "emotion": 8,
            "stance": 6,
            "certainty": 3,
            "believed": 2,
            "intensity": 9,
        }
        given |= {"choice": number, "entries": [], "reason": "says so", "text": "Listen to this"}
        return {name: given[name] for name in question.reply.model_fields}

    someone = person(prompts=OPINIONS)
    backend = Scripted(answer)
    assert isinstance(someone.components.awareness, Prompted)
    awake(someone, world).receive(bridge())
    intention = think(someone, world, backend)
    assert [one.purpose for one in backend.asked] == ["feel", "consider", "believe", "share"]
    someone.commit(intention, world)
    parts = someone.components
    assert parts.emotion.level("bridge", at_min=intention.minute) == 0.8
    assert parts.stance.value("bridge") == 0.6
    assert parts.awareness.belief("bridge", at_min=intention.minute) == pytest.approx(0.2)
    assert intention.opinions[0].shared is not None
    assert intention.opinions[0].shared.text == "Listen to this"
    noted = {one.component for one in intention.decisions}
    assert noted >= {"emotion", "stance", "awareness", "sharing"}


def test_prompts_of_empty_slots_ask_nothing() -> None:
    someone = person(components={}, prompts="full")
    assert set(OPINIONS) <= set(PROMPTS)
    assert someone.components.emotion is None
