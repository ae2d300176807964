"""Ties: begun by relation, changed by encounters, bounded, and small in memory."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.social import (
    DIMENSIONS,
    Outcome,
    Relation,
    Tie,
    Ties,
    partner_probabilities,
)
from mesa_llm_city.testing import check_component

DAY = DAY_MIN
ENCOUNTERS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(Outcome), st.integers(0, 9 * DAY)), max_size=30
)


def with_numbers(**numbers: float) -> CityParameters:
    return CityParameters().with_({f"social.ties.{name}": one for name, one in numbers.items()})


def acquainted(**numbers: float) -> Ties:
    ties = Ties(with_numbers(**numbers))
    ties.relate([7, 3], Relation.HOUSEHOLD)
    ties.relate([9, 3], Relation.COLLEAGUE, similarity=[0.9, 0.9])
    return ties


def beliefs(tie: Tie) -> list[float]:
    return [tie.affinity, tie.trust, tie.familiarity]


class TestBeginning:
    def test_a_relation_gives_the_level_and_similarity_shifts_it(self) -> None:
        tie = acquainted().tie(9, at_min=0)
        assert tie.relation is Relation.COLLEAGUE
        assert beliefs(tie) == pytest.approx([0.57, 0.51, 0.5])
        assert tie.met_min is None

    def test_an_existing_relation_does_not_change(self) -> None:
        assert acquainted().tie(3, at_min=0).relation is Relation.HOUSEHOLD

    def test_an_id_given_twice_is_stored_once(self) -> None:
        ties = Ties()
        ties.relate([4, 4], Relation.FRIEND)
        assert ties.others.tolist() == [4]

    def test_others_are_sorted_by_id(self) -> None:
        assert acquainted().others.tolist() == [3, 7, 9]

    def test_everybody_else_is_a_stranger(self) -> None:
        assert acquainted().tie(1, at_min=0) == Tie(Relation.STRANGER, 0.3, 0.2, 0.0)
        assert len(acquainted()) == 3

    def test_closer_relations_begin_with_stronger_ties(self) -> None:
        ties = Ties()
        for person, relation in enumerate(Relation):
            ties.relate([person], relation)
        scores = ties.belief(range(len(Relation)), at_min=0)
        assert (np.diff(scores) <= 0.0).all()


class TestMeeting:
    def test_two_encounters_worked_by_hand(self) -> None:
        # Affinity .3, then .3 + .03 (.7) = .321, then .321 (1 - .06) = .30174.
        ties = Ties()
        ties.meet(5, Outcome.POSITIVE, at_min=100)
        assert beliefs(ties.tie(5, at_min=100)) == pytest.approx([0.321, 0.216, 0.03])
        ties.meet(5, Outcome.NEGATIVE, at_min=DAY)
        assert beliefs(ties.tie(5, at_min=DAY)) == pytest.approx(
            [0.30174, 0.20304, 0.0591], abs=2e-5
        )
        assert ties.tie(5, at_min=DAY).met_min == DAY

    def test_a_stranger_becomes_an_acquaintance(self) -> None:
        ties = Ties()
        ties.meet(5, Outcome.NEUTRAL, at_min=100, similarity=0.9)
        assert ties.tie(5, at_min=100).relation is Relation.ACQUAINTANCE
        assert beliefs(ties.tie(5, at_min=100)) == pytest.approx([0.42, 0.26, 0.03])

    def test_only_the_tie_to_the_person_met_changes(self) -> None:
        ties, before = acquainted(), acquainted().belief([3, 7, 9, 11], at_min=0)
        ties.meet(7, Outcome.POSITIVE, at_min=0)
        changed = ties.belief([3, 7, 9, 11], at_min=0) != before
        assert changed.tolist() == [False, True, False, False]

    def test_a_better_liked_person_is_more_likely_to_be_drawn(self) -> None:
        ties = acquainted()
        before = partner_probabilities(ties.belief([3, 9], at_min=0))[1]
        ties.meet(9, Outcome.POSITIVE, at_min=0)
        assert partner_probabilities(ties.belief([3, 9], at_min=0))[1] > before

    @pytest.mark.slow
    @given(ENCOUNTERS)
    def test_beliefs_stay_between_0_and_1(self, encounters: list[tuple[int, Outcome, int]]) -> None:
        ties = acquainted(fade_per_day=0.05)
        for other, outcome, minute in encounters:
            ties.meet(other, outcome, at_min=minute)
        scores = np.array([beliefs(ties.tie(one, at_min=10 * DAY)) for one in range(14)])
        assert ((scores >= 0.0) & (scores <= 1.0)).all()

    def test_scores_are_in_the_order_of_the_ids(self) -> None:
        ties = acquainted()
        asked = [9, 1, 3, 7, 3]
        alone = [float(ties.belief([one], at_min=0)[0]) for one in asked]
        assert ties.belief(asked, at_min=0).tolist() == alone

    def test_similarity_is_used_for_strangers_only(self) -> None:
        ties = acquainted()
        alike = ties.belief([1, 9], at_min=0, similarity=[1.0, 1.0])
        even = ties.belief([1, 9], at_min=0)
        assert alike[0] > even[0]
        assert alike[1] == even[1]


class TestContacts:
    def test_each_person_met_is_counted_once(self) -> None:
        ties = acquainted()
        for other, minute in ((3, 10), (9, 500), (9, 600), (5, 7 * DAY)):
            ties.meet(other, Outcome.NEUTRAL, at_min=minute)
        assert ties.contacts_since(0) == 3
        assert ties.contacts_since(11) == 2
        assert ties.contacts_since(601) == 1

    def test_people_with_a_relation_do_not_count_before_an_encounter(self) -> None:
        # Early in a run seven days back is before its beginning.
        assert acquainted().contacts_since(-7 * DAY) == 0
        assert acquainted().last_min is None

    def test_the_last_contact_is_the_latest_of_all(self) -> None:
        ties = acquainted()
        ties.meet(9, Outcome.NEUTRAL, at_min=50)
        ties.meet(3, Outcome.NEUTRAL, at_min=20)
        assert ties.last_min == 50


class TestFading:
    def test_by_default_ties_do_not_fade(self) -> None:
        ties = acquainted()
        ties.meet(9, Outcome.POSITIVE, at_min=0)
        assert ties.tie(9, at_min=0) == ties.tie(9, at_min=900 * DAY)

    def test_familiarity_returns_to_the_level_of_the_relation(self) -> None:
        # .515, of which .015 (1 - .5)^2 remain beyond .5 after two days.
        ties = acquainted(fade_per_day=0.5)
        ties.meet(9, Outcome.NEUTRAL, at_min=0)
        assert ties.tie(9, at_min=DAY - 1).familiarity == pytest.approx(0.515)
        assert ties.tie(9, at_min=2 * DAY).familiarity == pytest.approx(0.50375)
        assert ties.tie(9, at_min=2 * DAY).affinity == pytest.approx(0.57)

    def test_a_new_encounter_starts_from_what_is_left(self) -> None:
        ties = acquainted(fade_per_day=0.5)
        for minute in (0, 2 * DAY):
            ties.meet(9, Outcome.NEUTRAL, at_min=minute)
        expected = 0.50375 + 0.03 * (1.0 - 0.50375)
        assert ties.tie(9, at_min=2 * DAY).familiarity == pytest.approx(expected, abs=2e-5)


class TestSize:
    def test_the_acquaintance_met_longest_ago_is_forgotten_first(self) -> None:
        ties = acquainted(acquaintances=2)
        for other in (20, 21, 22):
            ties.meet(other, Outcome.NEUTRAL, at_min=other)
        ties.meet(21, Outcome.NEUTRAL, at_min=30)
        ties.meet(23, Outcome.NEUTRAL, at_min=31)
        assert ties.others.tolist() == [3, 7, 9, 21, 23]

    def test_150_ties_take_less_than_4_kilobytes(self) -> None:
        ties = Ties(with_numbers(slots=150))
        ties.relate(range(150), Relation.NEIGHBOUR)
        columns = (getattr(ties.slots, one.name) for one in fields(ties.slots))
        assert sum(column.nbytes for column in columns) < 4_000
        assert len(ties) == 150
        assert not hasattr(ties, "__dict__")


class TestParameters:
    @pytest.mark.parametrize(
        ("name", "value", "accepted"),
        [
            ("start.friend.trust", -0.1, "a number from 0 to 1"),
            ("steps.negative.trust", -2.0, "a number from -1 to 1"),
            ("fade_per_day", 2.0, "a number from 0 to 1"),
            ("acquaintances", 0, "a whole number of at least 1"),
        ],
    )
    def test_parameters_have_bounds(self, name: str, value: float, accepted: str) -> None:
        with pytest.raises(ParameterError, match=f"{name}.*accepted is {accepted}"):
            with_numbers(**{name: value})

    def test_levels_and_steps_are_parameters(self) -> None:
        ties = Ties(with_numbers(**{"start.stranger.trust": 0.5, "steps.neutral.trust": 0.2}))
        assert ties.tie(5, at_min=0).trust == 0.5
        ties.meet(5, Outcome.NEUTRAL, at_min=0)
        # An acquaintance begins at .2: .2 + .2 (.8).
        assert ties.tie(5, at_min=0).trust == pytest.approx(0.36)

    def test_there_are_three_dimensions(self) -> None:
        assert Tie._fields[1:4] == DIMENSIONS


def test_it_is_a_valid_component() -> None:
    async def look(ties: Ties, rng: np.random.Generator) -> np.ndarray:
        return ties.belief(rng.integers(0, 12, 5), at_min=DAY)

    def go_on(ties: Ties, _: np.ndarray) -> None:
        ties.meet(9, Outcome.POSITIVE, at_min=40)
        ties.meet(11, Outcome.NEGATIVE, at_min=80)

    check_component(lambda: acquainted(fade_per_day=0.02), look, commit=go_on)
    check_component(Ties, look)


def test_the_last_talk_is_the_latest_of_all_until_there_is_a_later_one() -> None:
    ties = Ties()
    assert ties.last_min is None
    ties.relate([4, 9], Relation.FRIEND)
    assert ties.last_min is None
    ties.meet(9, Outcome.POSITIVE, at_min=600)
    assert ties.last_min == 600
    ties.meet(4, Outcome.NEGATIVE, at_min=720)
    assert ties.last_min == 720
    again = Ties()
    again.restore(ties.state())
    assert again.last_min == 720


def test_those_known_among_some_people_keep_their_order() -> None:
    ties = Ties()
    ties.relate([9, 4], Relation.FRIEND)
    assert ties.known_among((4, 7, 9)) == [4, 9]
    assert ties.known_among(()) == []
    assert [ties.knows(one) for one in (4, 7)] == [True, False]
