"""Contact by rule: who is drawn as partner, and when people talk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import Thought, run, run_all
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.parameters.social import ContactParameters
from mesa_llm_city.social import (
    Channel,
    Contact,
    ContactChoice,
    ContactOpportunity,
    Outcome,
    Relation,
    Ties,
    contact_probability,
)
from mesa_llm_city.social.contact_columns import may_talk_again
from mesa_llm_city.social.contact_reach import beliefs_of_all, minutes_since_contact
from mesa_llm_city.social.tie_slots import NEVER
from mesa_llm_city.testing import check_component
from tests.social.people import aya

NUMBERS = ContactParameters()
SHARE = st.floats(0.0, 1.0)
DEFAULT = CityParameters()
TALKATIVE = DEFAULT.with_("social.contact.constant", 50.0)
SILENT = DEFAULT.with_("social.contact.constant", -50.0)


def known() -> Ties:
    ties = Ties()
    ties.relate([1], Relation.HOUSEHOLD)
    ties.relate([2, 3], Relation.COLLEAGUE)
    return ties


def opportunity(*here: int, social: float = 0.5, free_min: int = 60) -> ContactOpportunity:
    people = np.array(here, dtype=np.int64)
    return ContactOpportunity(minute=1000, social=social, free_min=free_min, here=people)


def decide(
    at: ContactOpportunity,
    *,
    ties: Ties | None = None,
    parameters: CityParameters = DEFAULT,
    seed: int = 1,
) -> Contact:
    contacts = ContactChoice(parameters)
    ties = known() if ties is None else ties
    return run(contacts.decide(at, ties, rng=np.random.default_rng(seed)))


class TestProbability:
    def test_a_case_worked_by_hand(self) -> None:
        # v = -2 + 3 (.8) + .5 (1) + 4 (.2) + 1 (.5 - 1) + .5 (.2) = 1.3.
        likely = contact_probability(0.2, 3, 0.7, 15, 0.2, parameters=NUMBERS)
        assert float(likely) == pytest.approx(1.0 / (1.0 + np.exp(-1.3)))

    def test_more_free_time_than_ample_makes_no_difference(self) -> None:
        assert contact_probability(0.5, 2, 0.5, 30, 0.0, parameters=NUMBERS) == contact_probability(
            0.5, 2, 0.5, 300, 0.0, parameters=NUMBERS
        )

    @given(SHARE, SHARE, st.sampled_from([1, 2, 3]), SHARE, st.integers(0, 600))
    def test_it_increases_with_loneliness_belief_and_extraversion(
        self, social: float, lonelier: float, level: int, belief: float, free_min: int
    ) -> None:
        low, high = sorted((social, lonelier))
        needs = contact_probability([high, low], level, belief, free_min, 0.0, parameters=NUMBERS)
        beliefs = contact_probability(social, level, [low, high], free_min, 0.0, parameters=NUMBERS)
        levels = contact_probability(social, [1, 2, 3], belief, free_min, 0.0, parameters=NUMBERS)
        for likely in (needs, beliefs, levels):
            assert (np.diff(likely) >= 0.0).all()
            assert ((likely > 0.0) & (likely < 1.0)).all()


class TestPartner:
    @pytest.mark.slow
    def test_a_partner_is_drawn_in_proportion_to_belief(self) -> None:
        ties, people = known(), (1, 2, 9)
        drawn = [
            decide(opportunity(*people), parameters=TALKATIVE, seed=seed) for seed in range(3000)
        ]
        share = [float(np.mean([one.other == person for one in drawn])) for person in people]
        score = ties.belief(people, at_min=1000)
        np.testing.assert_allclose(share, score / score.sum(), atol=0.03)

    def test_people_in_the_same_place_are_talked_to_face_to_face(self) -> None:
        contact = decide(opportunity(2), parameters=TALKATIVE)
        assert (contact.other, contact.channel, contact.source) == (
            2,
            Channel.FACE,
            DecisionSource.RULE,
        )

    def test_lonely_people_contact_others_online_in_free_time(self) -> None:
        contact = decide(opportunity(social=0.1), parameters=TALKATIVE)
        assert contact.other in {1, 2, 3}
        assert contact.channel is Channel.ONLINE

    @pytest.mark.parametrize(("social", "free_min"), [(0.3, 60), (0.1, 10)])
    def test_nobody_is_contacted_online_without_loneliness_or_free_time(
        self, social: float, free_min: int
    ) -> None:
        contact = decide(opportunity(social=social, free_min=free_min), parameters=TALKATIVE)
        assert contact == Contact(None, None, DecisionSource.RULE, "nobody is in reach")

    def test_only_people_given_as_reachable_are_contacted_online(self) -> None:
        at = replace(opportunity(social=0.1), online=np.array([3]))
        assert {decide(at, parameters=TALKATIVE, seed=seed).other for seed in range(20)} == {3}

    def test_people_in_the_same_place_are_not_contacted_online(self) -> None:
        found = [decide(opportunity(1, 2, social=0.1), seed=seed) for seed in range(200)]
        assert {one.other for one in found if one.channel is Channel.ONLINE} == {3}
        assert {one.other for one in found if one.channel is Channel.FACE} == {1, 2}

    def test_a_person_with_a_belief_score_of_0_is_never_talked_to(self) -> None:
        none = {"affinity": 0.0, "trust": 0.0, "familiarity": 0.0}
        nothing = DEFAULT.with_({"social.ties.start.stranger": none, "social.ties.homophily": none})
        assert decide(opportunity(1), ties=Ties(nothing), parameters=TALKATIVE).other is None


class TestTalking:
    def test_the_reason_gives_the_terms_where_nobody_is_talked_to(self) -> None:
        contact = decide(opportunity(2), parameters=SILENT)
        assert (contact.other, contact.channel) == (None, None)
        reason = "face to face: social need met 0.50, belief 0.47, 60 min free: p 0.00"
        assert contact.reason == reason
        assert contact.probability == pytest.approx(0.0, abs=1e-12)

    def test_the_decision_has_the_probability_of_talking(self) -> None:
        # v = -2 + 3 (.5) + 4 (.4667 - .5) = -.6333, of a tie to a colleague.
        contact = decide(opportunity(2))
        assert contact.probability == pytest.approx(1.0 / (1.0 + np.exp(0.6333)), abs=1e-4)

    @pytest.mark.parametrize(("minute", "talks"), [(970, True), (971, False), (1000, False)])
    def test_there_is_at_most_one_contact_in_30_minutes(self, minute: int, *, talks: bool) -> None:
        ties = known()
        ties.meet(3, Outcome.NEUTRAL, at_min=minute)
        contact = decide(opportunity(2), ties=ties, parameters=TALKATIVE)
        assert (contact.other == 2) is talks
        assert talks or contact.reason == f"talked {1000 - minute} min ago"

    def test_lonely_people_talk_more_often(self) -> None:
        talks = [
            sum(decide(opportunity(2, social=level), seed=seed).other == 2 for seed in range(300))
            for level in (0.9, 0.3)
        ]
        assert talks[1] > 2 * talks[0]

    def test_outgoing_people_talk_more_often(self) -> None:
        contacts = ContactChoice()
        shy = replace(aya(), big_five=aya().big_five._replace(extraversion=1))
        talks = [
            sum(
                run(
                    contacts.decide(
                        opportunity(2), known(), persona=one, rng=np.random.default_rng(seed)
                    )
                ).other
                == 2
                for seed in range(300)
            )
            for one in (shy, aya())
        ]
        assert talks[1] > 1.5 * talks[0]


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("online_below", 1.5, "a number from 0 to 1"),
        ("ask_above", -0.1, "a number from 0 to 1"),
        ("gap_min", -1, "a whole number of at least 0"),
        ("prompt_people", 0, "a whole number of at least 1"),
    ],
)
def test_parameters_have_bounds(name: str, value: float, accepted: str) -> None:
    with pytest.raises(ParameterError, match=f"{name}: got {value}; accepted is {accepted}"):
        DEFAULT.with_(f"social.contact.{name}", value)


def test_the_gap_between_contacts_is_a_parameter() -> None:
    ties = known()
    ties.meet(3, Outcome.NEUTRAL, at_min=980)
    often = TALKATIVE.with_("social.contact.gap_min", 20)
    assert decide(opportunity(2), ties=ties, parameters=often).other == 2


def test_it_is_a_valid_component() -> None:
    at, ties = opportunity(1, 2, 9, social=0.1), known()

    async def decide(contacts: ContactChoice, rng: np.random.Generator) -> Contact:
        return await contacts.decide(at, ties, persona=aya(), rng=rng)

    check_component(ContactChoice, decide, inputs=[at, ties.state()])


class Fond(Ties):
    """Ties of a class of the user's own."""

    __slots__ = ()


def some_ties(kind: int) -> Ties:
    """Return the ties of somebody who knows few, many, or has a class of ties of their own."""
    if kind == 0:
        return known()
    ties = Fond() if kind == 1 else Ties(DEFAULT.with_("social.ties.slots", 12))
    ties.relate(np.arange(2, 9), Relation.FRIEND)
    ties.meet(5, Outcome.NEGATIVE, at_min=100)
    return ties


@given(
    st.lists(
        st.tuples(
            st.sets(st.integers(1, 12), max_size=5),
            st.sampled_from([0.1, 0.5]),
            st.sampled_from([0, 60]),
            st.integers(0, 2),
            st.integers(0, 99),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_those_who_decide_together_decide_as_each_does_alone(
    people: list[tuple[set[int], float, int, int, int]],
) -> None:
    asked = [
        (opportunity(*sorted(here), social=social, free_min=free_min), some_ties(kind), seed)
        for here, social, free_min, kind, seed in people
    ]
    choice = ContactChoice()
    alone = [decide(at, ties=ties, seed=seed) for at, ties, seed in asked]
    thoughts = [
        Thought(choice.decide(at, ties, rng=np.random.default_rng(seed)))
        for at, ties, seed in asked
    ]
    assert str(run_all(thoughts)) == str(alone)


def test_beliefs_of_several_persons_are_those_of_each() -> None:
    ties = [known(), known()]
    ties[1].meet(7, Outcome.POSITIVE, at_min=10)
    others = [np.array([1, 7]), np.array([7, 2, 9])]
    each = [one.belief(some, at_min=20) for one, some in zip(ties, others, strict=True)]
    assert beliefs_of_all(ties, others, [20, 20]).tolist() == np.concatenate(each).tolist()


@given(st.none() | st.integers(0, 200), st.integers(200, 260))
def test_one_person_may_talk_again_when_columns_say_so(last: int | None, minute: int) -> None:
    ties = Ties()
    if last is not None:
        ties.slots.talked_min[0] = last
    waits = minutes_since_contact(minute, ties, NUMBERS)
    assert (waits is None) == bool(may_talk_again(ties.slots.talked_min[0], minute, NUMBERS))
    assert waits is None or (last is not None and waits == minute - last)
    assert (ties.last_min is None) == (ties.slots.talked_min[0] == NEVER)
