"""Ties in columns: bounded, the same for many rows as for each, and who is replaced by whom."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.social import TieParameters
from mesa_llm_city.social import Outcome, Relation, Ties
from mesa_llm_city.social.tie_slots import (
    NEVER,
    NOBODY,
    RELATION_CODES,
    TieSlots,
    contacts_since,
    draw_people_closer,
    find_slots,
    meet_people,
    relate_people,
    tie_beliefs,
    tie_levels,
)

FADING = CityParameters().with_("social.ties.fade_per_day", 0.05).social.ties
NUMBERS = CityParameters().social.ties
ROWS, SLOTS = 60, 6
EVERYBODY = np.arange(ROWS)


def code(relation: Relation) -> int:
    return RELATION_CODES[relation]


def lived(rows: Int, numbers: TieParameters = FADING) -> TieSlots:
    """Return ties after many relations and encounters, of some of sixty people."""
    rng = np.random.default_rng(5)
    ties = TieSlots.empty(len(rows), slots=SLOTS)
    at = np.full(ROWS, -1)
    at[rows] = np.arange(len(rows))
    for relation in range(4):
        people, others = rng.integers(ROWS, size=150), rng.integers(100, 112, size=150)
        alike, here = rng.random(150), np.isin(people, rows)
        relate_people(
            ties,
            at[people[here]],
            others[here],
            relation,
            similarity=alike[here],
            parameters=numbers,
        )
    for minute in range(0, 9 * DAY_MIN, 600):
        people = rng.permutation(ROWS)[:40]
        others, outcome = rng.integers(100, 130, size=40), rng.integers(3, size=40)
        alike, here = rng.random(40), np.isin(people, rows)
        meet_people(
            ties,
            at[people[here]],
            others[here],
            outcome[here],
            at_min=minute,
            similarity=alike[here],
            parameters=numbers,
        )
    return ties


def assert_equal(one: TieSlots, other: TieSlots) -> None:
    for column in fields(one):
        np.testing.assert_array_equal(getattr(one, column.name), getattr(other, column.name))


def test_many_rows_live_as_each_row_alone_and_in_any_order() -> None:
    together = lived(EVERYBODY)
    assert (together.other != NOBODY).all(axis=1).any()
    order = np.random.default_rng(6).permutation(ROWS)
    assert_equal(lived(order), together.take(order))
    for row in range(0, ROWS, 5):
        assert_equal(lived(np.array([row])), together.take(np.array([row])))


def test_slots_in_use_come_first_and_nobody_has_two() -> None:
    other = lived(EVERYBODY).other
    used = other != NOBODY
    assert (np.diff(used.astype(int), axis=1) <= 0).all()
    for row in other:
        known = row[row != NOBODY]
        assert len(set(known.tolist())) == len(known)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(Outcome), st.integers(0, 5000)), max_size=25
    )
)
def test_a_person_has_the_ties_of_their_row(
    encounters: list[tuple[int, Outcome, int]],
) -> None:
    ties = Ties(CityParameters().with_("social.ties.slots", 4))
    table = TieSlots.empty(2, slots=4)
    row = np.array([1])
    ties.relate([3, 5], Relation.FRIEND)
    relate_people(
        table, np.array([1, 1]), [3, 5], code(Relation.FRIEND), parameters=ties.parameters
    )
    for other, outcome, minute in encounters:
        ties.meet(other, outcome, at_min=minute, similarity=0.3)
        meet_people(
            table,
            row,
            [other],
            [tuple(Outcome).index(outcome)],
            at_min=minute,
            similarity=0.3,
            parameters=ties.parameters,
        )
    assert_equal(table.take(row), ties.slots)
    ids = np.arange(10)
    np.testing.assert_array_equal(
        tie_beliefs(table, np.ones(10, dtype=int), ids, at_min=9000, parameters=ties.parameters),
        ties.belief(ids, at_min=9000),
    )
    assert contacts_since(table, row, 100)[0] == ties.contacts_since(100)


class TestLevels:
    def test_those_of_a_relation_and_of_a_stranger_by_hand(self) -> None:
        ties = TieSlots.empty(2, slots=3)
        kind = [code(Relation.COLLEAGUE), code(Relation.FRIEND)]
        relate_people(ties, np.array([0, 1]), [9, 9], kind, similarity=0.9, parameters=NUMBERS)
        found = tie_levels(
            ties,
            np.array([0, 1, 1]),
            [9, 9, 4],
            at_min=0,
            similarity=[0.1, 0.1, 1.0],
            parameters=NUMBERS,
        )
        expected = [[0.57, 0.51, 0.5], [0.82, 0.76, 0.7], [0.45, 0.275, 0.0]]
        np.testing.assert_allclose(found, expected, rtol=1e-6)

    def test_two_encounters_by_hand(self) -> None:
        ties, row = TieSlots.empty(1, slots=3), np.array([0])
        for outcome, minute in ((0, 100), (2, DAY_MIN)):
            meet_people(ties, row, [5], [outcome], at_min=minute, parameters=NUMBERS)
        found = tie_levels(ties, row, [5], at_min=DAY_MIN, parameters=NUMBERS)
        np.testing.assert_allclose(found, [[0.30174, 0.20304, 0.0591]], atol=2e-5)
        assert ties.talked_min[0] == DAY_MIN


class TestReplacing:
    def related(self, **slots: Relation) -> TieSlots:
        """Return the ties of one person; each slot is named ``p`` and the id."""
        ties = TieSlots.empty(1, slots=len(slots))
        for name, relation in slots.items():
            self.relate(ties, int(name[1:]), relation)
        return ties

    def relate(self, ties: TieSlots, other: int, relation: Relation) -> None:
        relate_people(ties, np.array([0]), [other], code(relation), parameters=NUMBERS)

    def meet(self, ties: TieSlots, other: int, minute: int) -> None:
        meet_people(ties, np.array([0]), [other], [1], at_min=minute, parameters=NUMBERS)

    def known(self, ties: TieSlots) -> set[int]:
        return set(ties.other[0].tolist()) - {NOBODY}

    def test_a_new_acquaintance_replaces_the_one_met_longest_ago(self) -> None:
        ties = self.related(p1=Relation.FRIEND, p2=Relation.NEIGHBOUR, p3=Relation.ACQUAINTANCE)
        self.meet(ties, 3, 10)
        self.meet(ties, 4, 20)
        assert self.known(ties) == {1, 2, 4}
        assert ties.relation[0, 2] == code(Relation.ACQUAINTANCE)

    def test_no_relation_gives_way_to_an_acquaintance_but_the_talk_counts(self) -> None:
        ties = self.related(p1=Relation.FRIEND, p2=Relation.NEIGHBOUR)
        self.meet(ties, 4, 20)
        assert self.known(ties) == {1, 2}
        assert ties.talked_min.tolist() == [20]

    def test_a_closer_relation_replaces_the_most_distant(self) -> None:
        ties = self.related(p1=Relation.COLLEAGUE, p2=Relation.NEIGHBOUR, p3=Relation.CLASSMATE)
        self.relate(ties, 4, Relation.HOUSEHOLD)
        assert self.known(ties) == {1, 3, 4}

    def test_new_colleagues_replace_those_met_longest_ago(self) -> None:
        ties = self.related(p1=Relation.COLLEAGUE, p2=Relation.COLLEAGUE)
        self.meet(ties, 1, 30)
        self.relate(ties, 3, Relation.COLLEAGUE)
        assert self.known(ties) == {1, 3}
        self.relate(ties, 4, Relation.NEIGHBOUR)
        assert self.known(ties) == {1, 3}

    def test_family_and_friends_are_not_replaced_by_more_of_them(self) -> None:
        ties = self.related(p1=Relation.HOUSEHOLD, p2=Relation.FRIEND)
        self.relate(ties, 3, Relation.FRIEND)
        assert self.known(ties) == {1, 2}
        self.relate(ties, 4, Relation.HOUSEHOLD)
        self.relate(ties, 5, Relation.HOUSEHOLD)
        assert self.known(ties) == {1, 4}

    def test_those_named_together_do_not_replace_each_other(self) -> None:
        ties = TieSlots.empty(1, slots=3)
        rows = np.zeros(5, dtype=np.int64)
        neighbours = [1, 2, 2, 3, 4]
        relate_people(ties, rows, neighbours, code(Relation.NEIGHBOUR), parameters=NUMBERS)
        assert ties.other[0].tolist() == [1, 2, 3]

    def test_only_so_many_acquaintances_are_remembered(self) -> None:
        numbers = CityParameters().with_("social.ties.acquaintances", 2).social.ties
        ties = TieSlots.empty(1, slots=5)
        for minute, other in enumerate((7, 8, 9)):
            meet_people(ties, np.array([0]), [other], [1], at_min=minute, parameters=numbers)
        assert self.known(ties) == {8, 9}


def test_those_who_marry_are_as_close_as_a_household_at_least() -> None:
    ties, rows = TieSlots.empty(2, slots=2), np.array([0, 1])
    relate_people(ties, rows, [5, 5], code(Relation.FRIEND), similarity=1.0, parameters=NUMBERS)
    both = np.array([5, 6])
    draw_people_closer(ties, rows, both, code(Relation.HOUSEHOLD), parameters=NUMBERS)
    assert ties.relation.tolist() == [[0, 6], [1, 0]]
    found = tie_levels(ties, rows, both, at_min=0, parameters=NUMBERS)
    # The friend is liked more already than a member of the household begins to be.
    np.testing.assert_allclose(found, [[0.85, 0.85, 0.95], [0.8, 0.85, 0.95]], rtol=1e-6)
    draw_people_closer(ties, rows, both, code(Relation.NEIGHBOUR), parameters=NUMBERS)
    assert ties.relation[[0, 1], find_slots(ties, rows, both)].tolist() == [0, 0]


def test_rows_are_taken_as_copies_and_put_back() -> None:
    ties = lived(EVERYBODY)
    part = ties.take(np.array([4, 9]))
    part.other[:] = NOBODY
    part.talked_min[:] = NEVER
    assert (ties.other[[4, 9]] != NOBODY).any()
    ties.put(np.array([4, 9]), part)
    assert (ties.other[[4, 9]] == NOBODY).all()
    assert ties.talked_min[[4, 9]].tolist() == [NEVER, NEVER]
    assert len(ties) == ROWS


def test_tables_are_joined_row_after_row() -> None:
    one, other = TieSlots.empty(1, slots=SLOTS), TieSlots.empty(2, slots=SLOTS)
    relate_people(one, np.array([0]), [5], code(Relation.FRIEND), parameters=NUMBERS)
    relate_people(other, np.array([1]), [8], code(Relation.COLLEAGUE), parameters=NUMBERS)
    both = TieSlots.joined([one, other])
    assert both.other[:, 0].tolist() == [5, NOBODY, 8]
    assert both.take(np.array([1, 2])).level_codes.tolist() == other.level_codes.tolist()
