"""An audience: a row of it is one person with the same messages and the same random numbers."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import streams
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social import (
    SHARED_KINDS,
    STANCE_RULES,
    Audience,
    Awareness,
    Emotion,
    Post,
    Reader,
    Sharing,
    Stance,
)

TOPICS = ("bridge", "tram")
SHARED = CityParameters().with_("social.sharing.later", 0.4)


def near(value: object) -> object:
    """Return what equals a value but for the last bits, which processors may compute otherwise."""
    return pytest.approx(value, rel=1e-12, abs=1e-15)


def posts(count: int, seed: int = 3) -> list[Post]:
    draws = np.random.default_rng(seed)
    kinds = ("post", "forward", "correction")
    return [
        Post(
            id=number,
            author=int(draws.integers(50)),
            minute=600 + 90 * number,
            topic=TOPICS[int(draws.integers(2))],
            stance=float(draws.uniform(-1, 1)),
            intensity=float(draws.random()),
            kind=kinds[int(draws.integers(3))],  # type: ignore[arg-type]
            depth=int(draws.integers(4)),
            label="disputed" if draws.random() < 0.3 else "",
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("rule", STANCE_RULES)
def test_a_row_is_a_person(rule: str) -> None:
    parameters = SHARED.with_("social.stance.rule", rule)
    n, rows = 5, np.arange(5)
    people = Audience(n, TOPICS, parameters)
    firsts = np.linspace(-0.8, 0.8, n)
    people.begin("bridge", firsts, certainty=0.2)
    persons = [(Emotion(parameters), Stance(parameters), Awareness(parameters)) for _ in range(n)]
    for first, (_, stance, _) in zip(firsts, persons, strict=True):
        stance.begin("bridge", first, certainty=0.2)
    sharing, trust = Sharing(parameters), np.linspace(0.2, 1.0, n)
    for post in posts(8):
        minute = post.minute
        about = streams.uniforms(1, rows, "stance", minute, 1)[:, 0]
        people.hear_post(rows, post, at_min=minute, trust=trust, uniforms=about)
        shared = people.share(
            rows,
            post.topic,
            streams.uniforms(1, rows, "share", minute, 3),
            at_min=minute,
            stance=post.stance,
            intensity=post.intensity,
            depth=post.depth,
            queue=25,
            labelled=post.is_labelled,
        )
        for row, (emotion, stance, awareness) in enumerate(persons):
            trusts = float(trust[row])
            felt = run(emotion.react(post, at_min=minute, trust=trusts))
            draw = streams.rng(1, row, "stance", minute)
            thought = stance.consider(post, at_min=minute, trust=trusts, rng=draw)
            stance.adopt(post.topic, run(thought))
            emotion.feel(post.topic, felt.level, at_min=minute)
            awareness.hear(post, trust=trusts, channel="feed", at_min=minute)
            reader = Reader(
                felt.level,
                stance.value(post.topic),
                awareness.belief(post.topic, at_min=minute),
                queue=25,
            )
            draw = streams.rng(1, row, "share", minute)
            one = run(sharing.decide(post, at_min=minute, reader=reader, rng=draw))
            code = -1 if one.kind is None else SHARED_KINDS.index(one.kind)
            assert (code, one.minute) == (shared.kind[row], shared.minute[row])
            assert one.probability == near(shared.probability[row])
            if one.kind is not None:
                assert (one.stance, one.intensity) == near(
                    (shared.stance[row], shared.intensity[row])
                )
    for topic in TOPICS:
        columns = zip(
            people.emotion(topic, at_min=2000),
            people.stance(topic),
            people.belief(topic, at_min=2000),
            people.certainties[:, people.code(topic)],
            strict=True,
        )
        for (emotion, stance, awareness), column in zip(persons, columns, strict=True):
            assert column == near(
                (
                    emotion.level(topic, at_min=2000),
                    stance.value(topic),
                    awareness.belief(topic, at_min=2000),
                    stance.certainty(topic),
                )
            )
            known = awareness.known(topic)
            assert known is not None
            row = people.code(topic)
            assert people.tellers[0, row] == known.teller
            assert (people.times[0, row], people.since_min[0, row]) == (
                known.times,
                known.since_min,
            )


def test_events_of_one_call_are_heard_in_their_order() -> None:
    together, apart = Audience(4, TOPICS), Audience(4, TOPICS)
    draws = np.random.default_rng(2)
    rows, codes = draws.integers(4, size=40), draws.integers(2, size=40)
    said, strength, noise = draws.uniform(-1, 1, 40), draws.random(40), draws.random(40)
    together.hear(rows, codes, at_min=600, stance=said, intensity=strength, uniforms=noise)
    for number in range(40):
        apart.hear(
            [rows[number]],
            codes[number],
            at_min=600,
            stance=said[number],
            intensity=strength[number],
            uniforms=noise[number : number + 1],
        )
    for name, column in together.state().items():
        assert np.array_equal(column, apart.state()[name]), name


def test_nobody_else_changes() -> None:
    people = Audience(5, TOPICS)
    people.hear([1, 3], "tram", at_min=60, intensity=0.9, stance=1.0, teller=4)
    assert people.aware("tram").tolist() == [False, True, False, True, False]
    assert not people.aware("bridge").any()
    assert np.count_nonzero(people.stances) == 2
    assert people.tellers[:, 1].tolist() == [-1, 4, -1, 4, -1]
    assert people.belief("tram", at_min=60)[[0, 2, 4]].tolist() == [0.0, 0.0, 0.0]
    assert people.density("tram", at_min=60) == 0.4


def test_messages_may_be_heard_together() -> None:
    people = Audience(
        2, ["bridge"], CityParameters().with_("social.stance.rule", "hegselmann_krause")
    )
    people.begin("bridge", [0.0, 0.5])
    people.discuss(
        [0, 1], "bridge", [[0.3, -0.3, 0.9], [0.6, 0.7, 0.0]], trust=[[1, 1, 1], [1, 1, 0]]
    )
    assert people.stance("bridge") == pytest.approx([0.0, 0.6])
    assert not people.aware("bridge").any()


def test_sides_codes_and_first_stances() -> None:
    people = Audience(3, TOPICS, CityParameters().with_("social.stance.first", 0.4))
    people.begin("tram", -0.9, rows=[2])
    assert people.sides("tram").tolist() == [1, 1, -1]
    people.hear([0], "tram", at_min=0, intensity=1.0)
    assert people.emotion_codes("tram", at_min=0).tolist() == [1, 0, 0]


def test_a_saved_audience_goes_on_the_same() -> None:
    people, twin = Audience(3, TOPICS), Audience(3, TOPICS)
    people.hear([0, 1, 1], "bridge", at_min=60, intensity=0.9, stance=-1.0)
    twin.restore({name: column.tolist() for name, column in people.state().items()})
    for one in (people, twin):
        one.hear([1, 2], "bridge", at_min=90, correction=True)
    for name, column in people.state().items():
        assert np.array_equal(column, twin.state()[name])


def test_what_is_not_there_is_refused() -> None:
    people = Audience(3, TOPICS)
    with pytest.raises(ConfigError, match="no topic 'brigde'; topics are bridge, tram"):
        people.hear([0], "brigde", at_min=0)
    with pytest.raises(ConfigError, match="rows are 0 to 2, got -1 to 3"):
        people.hear([-1, 3], "tram", at_min=0)
    with pytest.raises(ConfigError, match="codes of topics are 0 to 1, got 2"):
        people.hear([0], 2, at_min=0)
    with pytest.raises(ConfigError, match="at least one person and topics that differ"):
        Audience(3, ["a", "a"])


def test_stances_at_first_that_are_no_numbers_are_refused() -> None:
    people = Audience(2, ["bridge"])
    with pytest.raises(ConfigError, match="a stance about bridge is no number"):
        people.begin("bridge", [0.0, float("nan")])
    assert np.isfinite(people.stance("bridge")).all()
