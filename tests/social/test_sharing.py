"""Sharing: probabilities by hand, signs, delays in waking time, and the prompt form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.defects import ParameterError
from mesa_llm_city.parameters.society import SharingParameters
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.social import (
    Post,
    PostKind,
    Reader,
    Shared,
    Sharing,
    SharingPrompt,
    activity_of,
    after_waking,
    base_probability,
    broadcasters,
    share_delay_min,
    share_probability,
)
from mesa_llm_city.testing import check_component
from tests.mobility.scripted import Scripted
from tests.social.answers import chooses, says

NUMBERS = SharingParameters()
MOVED = Reader(emotion=0.9, stance=-0.6, belief=0.8, known=("it was closed before",))
SURE = CityParameters().with_("social.sharing.broadcast", 1.0)


def post(**changes: object) -> Post:
    given: dict[str, object] = {"id": 1, "author": 3, "minute": 600, "topic": "bridge"}
    given |= {"text": "They close the bridge", "stance": -0.8, "intensity": 0.7}
    return Post(**{**given, **changes})  # type: ignore[arg-type]


def decide(sharing: Sharing, seed: int = 1, reader: Reader = MOVED) -> Shared:
    draws = rng(seed, 2, "share", 0)
    return run(sharing.decide(post(), at_min=600, reader=reader, is_broadcaster=True, rng=draws))


class TestFormulas:
    def test_only_the_original_of_a_broadcaster_is_passed_on_often(self) -> None:
        base = base_probability([0, 0, 1, 2, 3], [True, False, True, False, True], NUMBERS)
        assert base == pytest.approx([0.3, 0.01, 0.01, 0.0075, 0.005625])

    def test_all_terms_by_hand(self) -> None:
        expected = 0.1 * 2.0 * np.exp(0.43) * 0.5 * 0.9 * 0.55
        likely = share_probability(
            0.1,
            intensity=0.7,
            emotion=0.9,
            distance=0.2,
            queue=40,
            activity=2.0,
            belief=0.8,
            labelled=True,
            parameters=NUMBERS,
        )
        assert likely == pytest.approx(expected)
        assert share_probability(0.9, activity=9.0, parameters=NUMBERS) == 1.0

    def test_the_few_with_most_followers_are_broadcasters(self) -> None:
        followers = np.arange(4000)
        assert np.flatnonzero(broadcasters(followers, NUMBERS)).tolist() == list(range(3990, 4000))
        assert broadcasters([1, 2], NUMBERS).tolist() == [False, True]
        nobody = SharingParameters(broadcaster_share=0.0)
        assert not broadcasters([1, 2], nobody).any()

    def test_delays_are_lognormal(self) -> None:
        delays = share_delay_min(np.random.default_rng(1).random(20_000), NUMBERS)
        assert np.median(delays) == pytest.approx(150.0, rel=0.05)
        assert np.log(delays).std() == pytest.approx(1.5, rel=0.02)

    def test_a_delay_over_night_goes_on_in_the_morning(self) -> None:
        # 22:00 and an hour awake, then two hours from 7:00.
        assert after_waking(22 * 60, 180, NUMBERS) == (24 + 9) * 60
        # Two days of 16 waking hours and an hour more.
        assert after_waking(8 * 60, 33 * 60, NUMBERS) == (48 + 9) * 60
        always = SharingParameters(wakes_h=0.0, sleeps_h=24.0)
        assert after_waking([0, 1439], [10, 10], always).tolist() == [10, 1449]

    def test_activity_has_a_mean_of_one_but_for_the_cut(self) -> None:
        active = activity_of(np.random.default_rng(1).random(100_000), NUMBERS)
        assert 0.9 < active.mean() < 1.0
        assert (active.min() >= 0.5, active.max()) == (True, 10.0)

    def test_shares_beyond_all_are_refused(self) -> None:
        with pytest.raises(ParameterError, match=r"reply: 0.6 and forward 0.7 are more than 1"):
            SharingParameters(reply=0.6)
        with pytest.raises(ParameterError, match=r"sleeps_h: is 6, not after wakes_h 7"):
            SharingParameters(sleeps_h=6.0)


class TestSharing:
    def test_forms_have_their_shares_and_content(self) -> None:
        shared = [decide(Sharing(SURE), seed) for seed in range(400)]
        kinds = [one.kind for one in shared]
        assert None not in kinds
        assert kinds.count(PostKind.FORWARD) == pytest.approx(280, abs=30)
        assert kinds.count(PostKind.REPLY) == pytest.approx(80, abs=25)
        forward = next(one for one in shared if one.kind is PostKind.FORWARD)
        reply = next(one for one in shared if one.kind is PostKind.REPLY)
        assert (forward.stance, forward.text) == (-0.8, "They close the bridge")
        assert (reply.stance, reply.intensity) == (-0.6, 0.9)
        assert reply.text == "About bridge: strongly against it, intense"
        assert reply.post(post(), 5, author=2).parent == 1

    def test_what_moves_is_shared_more_and_what_is_far_off_less(self) -> None:
        sharing = Sharing()
        moved = sharing.probability(post(), MOVED)
        assert moved > sharing.probability(post(), MOVED._replace(emotion=0.0))
        assert moved > sharing.probability(post(), MOVED._replace(stance=0.9))
        assert moved > sharing.probability(post(label="disputed"), MOVED)
        assert moved > sharing.probability(post(), MOVED._replace(belief=0.1))
        assert moved > sharing.probability(post(), MOVED._replace(queue=100))

    def test_nothing_cannot_be_made_into_a_post(self) -> None:
        none = CityParameters().with_("social.sharing.broadcast", 0.0)
        nothing = decide(Sharing(none))
        assert nothing.kind is None
        with pytest.raises(ValueError, match="nothing is made of post 1"):
            nothing.post(post(), 5, author=2)

    def test_it_keeps_the_promises_of_a_component(self) -> None:
        async def think(part: Any, draws: np.random.Generator) -> Shared:  # noqa: ANN401 - in either form
            shared: Shared = await part.decide(post(), at_min=600, reader=MOVED, rng=draws)
            return shared

        check_component(Sharing, think, inputs=[post(), MOVED])
        check_component(
            lambda: Prompted(Sharing(), SharingPrompt()),
            think,
            backend=says(reason="no", choice=1, text="", stance=0, intensity=0),
        )


class TestPrompt:
    def ask(self, wanted: str, text: str = "") -> tuple[Shared, Scripted]:
        backend = chooses(wanted, reason="people should know", text=text, stance=-9, intensity=8)
        return run(_thought(Prompted(Sharing(), SharingPrompt())), backend=backend), backend

    def test_a_language_model_answers_in_words_of_its_own(self) -> None:
        shared, backend = self.ask("answer it", "Where shall we go?")
        assert (shared.kind, shared.text) == (PostKind.REPLY, "Where shall we go?")
        assert (shared.stance, shared.intensity) == (-0.9, 0.8)
        assert shared.source is DecisionSource.PROMPT
        facts = backend.asked[0].facts
        assert (facts["emotion"], facts["believed"]) == ("intense", 8)
        assert facts["known"] == ["it was closed before"]

    def test_an_answer_without_words_has_those_of_the_rule(self) -> None:
        shared, _ = self.ask("answer it", "  ")
        assert shared.text == "About bridge: strongly against it, intense"

    def test_a_forward_says_what_was_read_whatever_the_model_adds(self) -> None:
        shared, _ = self.ask("forward it as it is", "something else")
        assert (shared.text, shared.stance) == ("They close the bridge", -0.8)

    def test_it_may_do_nothing(self) -> None:
        assert self.ask("do nothing")[0].kind is None

    def test_it_is_asked_only_where_sharing_is_likely_enough(self) -> None:
        parameters = CityParameters().with_("social.sharing.ask_above", 0.99)
        silent = run(_thought(Prompted(Sharing(), SharingPrompt(parameters))))
        assert silent.source is DecisionSource.RULE


async def _thought(sharing: Prompted[Sharing]) -> Shared:
    draws = rng(1, 2, "share", 0)
    shared: Shared = await sharing.decide(
        post(), at_min=600, reader=MOVED, is_broadcaster=True, rng=draws
    )
    return shared
