"""Stance: what a person holds, how sure, and what a language model may say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.social import Considered, Post, Stance, StancePrompt, stance_side
from mesa_llm_city.testing import check_component
from tests.social.answers import says


def post(stance: float = 0.8) -> Post:
    text = "The bridge will be fine"
    return Post(id=1, author=3, minute=600, topic="bridge", stance=stance, text=text)


async def think(part: Any, rng: np.random.Generator) -> Considered:  # noqa: ANN401 - in either form
    considered: Considered = await part.consider(post(), at_min=600, trust=0.7, rng=rng)
    return considered


def test_sides_begin_beyond_a_tenth() -> None:
    sides = stance_side([-0.5, -0.1, 0.0, 0.11], CityParameters().social.stance)
    assert sides.tolist() == [-1, 0, 0, 1]


def test_agreement_makes_sure_and_contradiction_unsure() -> None:
    stance = Stance(first={"bridge": 0.5})
    agreed = run(stance.consider(post(0.8), at_min=0, trust=0.5))
    assert agreed.certainty == pytest.approx(0.01)
    stance.adopt("bridge", agreed._replace(certainty=0.5))
    assert run(stance.consider(post(-0.8), at_min=0)).certainty == pytest.approx(0.48)


def test_who_is_sure_is_moved_less() -> None:
    moves = []
    for certainty in (0.0, 0.8):
        stance = Stance()
        stance.begin("bridge", -0.4, certainty=certainty)
        moves.append(run(stance.consider(post(), at_min=0)).stance + 0.4)
    assert moves[0] > 3.0 * moves[1] > 0.0


def test_topics_are_apart_and_begin_as_parameters_say() -> None:
    stance = Stance(CityParameters().with_("social.stance.first", -0.3), first={"bridge": 5.0})
    assert (stance.value("bridge"), stance.value("tram"), stance.topics) == (1.0, -0.3, ("bridge",))


def test_the_first_stance_stays_the_anchor() -> None:
    parameters = CityParameters().with_("social.stance.rule", "friedkin_johnsen")
    stance = Stance(parameters, first={"bridge": -0.6})
    for _ in range(200):
        stance.adopt("bridge", run(stance.consider(post(1.0), at_min=0)))
    # The fixed point of x = 0.8 (5 x + 1) / 6 - 0.12.
    assert stance.value("bridge") == pytest.approx((0.8 / 6 - 0.12) / (1 - 4.0 / 6))


def test_a_rule_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match="no stance rule 'hard'"):
        Stance(CityParameters().with_("social.stance.rule", "hard"))


def test_it_keeps_the_promises_of_a_component() -> None:
    def commit(part: Stance, considered: Considered) -> None:
        part.adopt("bridge", considered)

    check_component(lambda: Stance(first={"bridge": 0.2}), think, commit=commit, inputs=[post()])
    check_component(
        lambda: Prompted(Stance(), StancePrompt()),
        think,
        backend=says(reason="an argument", stance=3, certainty=2),
    )


def test_a_language_model_is_told_what_the_person_thinks_and_remembers() -> None:
    stance = Stance(first={"bridge": -0.32})
    backend = says(reason="an argument", stance=-1, certainty=5)
    thought = Prompted(stance, StancePrompt()).consider(
        post(), at_min=600, emotion="calm", known=("it was closed before",)
    )
    considered = run(thought, backend=backend)
    assert considered == Considered(-0.1, 0.5, "an argument", DecisionSource.PROMPT)
    facts = backend.asked[0].facts
    assert (facts["stance"], facts["known"]) == (-3, ["it was closed before"])


def test_a_stance_that_is_no_number_is_refused() -> None:
    for given in ({"stance": float("nan")}, {"stance": 0.0, "certainty": float("nan")}):
        with pytest.raises(ConfigError, match="stance and certainty about 'bridge'"):
            Stance().begin("bridge", **given)
