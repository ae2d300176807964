"""Contact by rule: who is drawn, when people talk, and when they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.social import (
    Channel,
    Contact,
    ContactChance,
    ContactChoice,
    ContactConfig,
    Outcome,
    Relation,
    TieConfig,
    Ties,
    contact_probability,
)
from mesa_llm_city.testing import check_component
from tests.social.people import aya

CONFIG = ContactConfig()
SHARE = st.floats(0.0, 1.0)
TALKATIVE = ContactConfig(constant=50.0)
SILENT = ContactConfig(constant=-50.0)


def known() -> Ties:
    ties = Ties()
    ties.relate([1], Relation.HOUSEHOLD)
    ties.relate([2, 3], Relation.COLLEAGUE)
    return ties


def chance(*here: int, social: float = 0.5, free_min: int = 60) -> ContactChance:
    people = np.array(here, dtype=np.int64)
    return ContactChance(minute=1000, social=social, free_min=free_min, here=people)


def decide(
    at: ContactChance, *, ties: Ties | None = None, config: ContactConfig = CONFIG, seed: int = 1
) -> Contact:
    part = ContactChoice(config)
    return run(part.decide(at, known() if ties is None else ties, rng=np.random.default_rng(seed)))


class TestProbability:
    def test_a_worked_case(self) -> None:
        # v = -2 + 3 (.8) + .5 (1) + 4 (.2) + 1 (.5 - 1) + .5 (.2) = 1.3.
        likely = contact_probability(0.2, 3, 0.7, 15, 0.2, config=CONFIG)
        assert float(likely) == pytest.approx(1.0 / (1.0 + np.exp(-1.3)))

    def test_more_free_time_than_ample_makes_no_difference(self) -> None:
        assert contact_probability(0.5, 2, 0.5, 30, 0.0, config=CONFIG) == contact_probability(
            0.5, 2, 0.5, 300, 0.0, config=CONFIG
        )

    @given(SHARE, SHARE, st.sampled_from([1, 2, 3]), SHARE, st.integers(0, 600))
    def test_it_rises_with_loneliness_belief_and_extraversion(
        self, social: float, lonelier: float, level: int, belief: float, free_min: int
    ) -> None:
        low, high = sorted((social, lonelier))
        needs = contact_probability([high, low], level, belief, free_min, 0.0, config=CONFIG)
        beliefs = contact_probability(social, level, [low, high], free_min, 0.0, config=CONFIG)
        levels = contact_probability(social, [1, 2, 3], belief, free_min, 0.0, config=CONFIG)
        for likely in (needs, beliefs, levels):
            assert (np.diff(likely) >= 0.0).all()
            assert ((likely > 0.0) & (likely < 1.0)).all()


class TestWhom:
    def test_a_partner_is_drawn_in_proportion_to_belief(self) -> None:
        ties, people = known(), (1, 2, 9)
        drawn = [decide(chance(*people), config=TALKATIVE, seed=seed) for seed in range(3000)]
        share = [float(np.mean([one.other == person for one in drawn])) for person in people]
        score = ties.belief(people, at_min=1000)
        np.testing.assert_allclose(share, score / score.sum(), atol=0.03)

    def test_who_is_in_the_same_place_is_talked_to_face_to_face(self) -> None:
        contact = decide(chance(2), config=TALKATIVE)
        assert (contact.other, contact.channel, contact.source) == (
            2,
            Channel.FACE,
            DecisionSource.RULE,
        )

    def test_the_lonely_in_free_time_contact_people_far_away(self) -> None:
        contact = decide(chance(social=0.1), config=TALKATIVE)
        assert contact.other in {1, 2, 3}
        assert contact.channel is Channel.ONLINE

    @pytest.mark.parametrize(("social", "free_min"), [(0.3, 60), (0.1, 10)])
    def test_others_do_not(self, social: float, free_min: int) -> None:
        contact = decide(chance(social=social, free_min=free_min), config=TALKATIVE)
        assert contact == Contact(None, None, DecisionSource.RULE, "nobody is in reach")

    def test_only_those_said_to_be_reachable_are_contacted_online(self) -> None:
        at = replace(chance(social=0.1), afar=np.array([3]))
        assert {decide(at, config=TALKATIVE, seed=seed).other for seed in range(20)} == {3}

    def test_nobody_here_is_contacted_online(self) -> None:
        found = [decide(chance(1, 2, social=0.1), seed=seed) for seed in range(200)]
        assert {one.other for one in found if one.channel is Channel.ONLINE} == {3}
        assert {one.other for one in found if one.channel is Channel.FACE} == {1, 2}

    def test_who_is_not_believed_in_at_all_is_never_talked_to(self) -> None:
        nothing = TieConfig(start=((0.0, 0.0, 0.0),) * 7, homophily=(0.0, 0.0, 0.0))
        assert decide(chance(1), ties=Ties(nothing), config=TALKATIVE).other is None


class TestWhether:
    def test_the_silent_do_not_talk_and_the_terms_say_why(self) -> None:
        contact = decide(chance(2), config=SILENT)
        assert (contact.other, contact.channel) == (None, None)
        told = "face to face: social need met 0.50, belief 0.47, 60 min free: p 0.00"
        assert contact.reason == told

    @pytest.mark.parametrize(("minute", "talks"), [(970, True), (971, False), (1000, False)])
    def test_there_is_one_contact_in_thirty_minutes(self, minute: int, *, talks: bool) -> None:
        ties = known()
        ties.meet(3, Outcome.NEUTRAL, at_min=minute)
        contact = decide(chance(2), ties=ties, config=TALKATIVE)
        assert (contact.other == 2) is talks
        assert talks or contact.reason == f"talked {1000 - minute} min ago"

    def test_the_lonely_talk_more_often(self) -> None:
        talks = [
            sum(decide(chance(2, social=level), seed=seed).other == 2 for seed in range(300))
            for level in (0.9, 0.3)
        ]
        assert talks[1] > 2 * talks[0]

    def test_the_outgoing_talk_more_often(self) -> None:
        part, shy = (
            ContactChoice(),
            replace(aya(), big_five=aya().big_five._replace(extraversion=1)),
        )
        talks = [
            sum(
                run(
                    part.decide(chance(2), known(), persona=one, rng=np.random.default_rng(seed))
                ).other
                == 2
                for seed in range(300)
            )
            for one in (shy, aya())
        ]
        assert talks[1] > 1.5 * talks[0]


class TestConfig:
    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"online_below": 1.5}, r"online_below must lie in \[0, 1\], got 1\.5"),
            ({"ask_above": -0.1}, r"ask_above must lie in \[0, 1\], got -0\.1"),
            ({"gap_min": -1}, "gap_min must be at least 0, got -1"),
            ({"told": 0}, "told must be at least 1, got 0"),
        ],
    )
    def test_values_have_bounds(self, options: dict[str, float], told: str) -> None:
        with pytest.raises(ConfigError, match=told):
            ContactConfig(**options)  # type: ignore[arg-type]


def test_it_keeps_the_promises_of_a_component() -> None:
    at, ties = chance(1, 2, 9, social=0.1), known()

    async def one(part: ContactChoice, rng: np.random.Generator) -> Contact:
        return await part.decide(at, ties, persona=aya(), rng=rng)

    check_component(ContactChoice, one, inputs=[at, ties.state()])
