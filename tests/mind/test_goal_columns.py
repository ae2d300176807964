"""Goals of many persons: each has those that the rule sets for it alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.mind import (
    GoalColumns,
    GoalFacts,
    Goals,
    expected_contacts,
    financial_stress,
    interests,
    isolated,
    living_expenses,
)
from mesa_llm_city.mind.goal_columns import RowFacts
from mesa_llm_city.parameters import CityParameters

TREE = CityParameters()
NUMBERS = TREE.mind.goals
share = st.floats(0.0, 1.0)
facts = st.builds(
    GoalFacts,
    fulfilment=share,
    income=st.floats(0.0, 3.0),
    expenses=st.floats(0.0, 3.0),
    contacts=st.integers(0, 9),
    interest=share | st.just(float("nan")),
)


def rows(many: list[GoalFacts]) -> RowFacts:
    return RowFacts(*(np.array(one) for one in zip(*many, strict=True)))


class TestFormulas:
    def test_stress_begins_below_nine_tenths_of_the_expenses(self) -> None:
        assert financial_stress([0.89, 0.9, 0.91], 1.0, share=0.9).tolist() == [True, False, False]

    def test_fewer_than_three_contacts_are_isolation(self) -> None:
        assert isolated([2, 3], fewest=3).tolist() == [True, False]

    def test_interest_is_the_share_of_places_believed_better_than_neutral(self) -> None:
        believed = np.array([[0.51, 0.5, 0.9, 0.2], [0.9, 0.9, 0.9, 0.9]])
        visited = np.array([[True] * 4, [False] * 4])
        first, second = interests(believed, visited, liked_above=0.5)
        assert first == 0.5
        assert np.isnan(second)

    def test_living_together_costs_less_and_nobody_without_income_pays(self) -> None:
        costs = living_expenses([1.0, 0.1, 0.1, 0.0], [1, 1, 3, 2], NUMBERS)
        assert costs.tolist() == [0.75, 0.75, 0.375, 0.0]

    def test_contacts_of_some_days_are_carried_on_to_a_week(self) -> None:
        minute = np.array([2, 7, 30]) * DAY_MIN
        assert expected_contacts([2, 2, 2], minute, NUMBERS).tolist() == [7, 2, 2]
        assert expected_contacts(0, 0, NUMBERS).tolist() == 0


@given(many=st.lists(facts, min_size=1, max_size=6))
def test_everybody_leans_as_the_rule_has_one_person_lean(many: list[GoalFacts]) -> None:
    columns, everybody = GoalColumns.begin(len(many)), np.arange(len(many))
    columns.revise(everybody, rows(many), np.full(len(many), 10), TREE)
    leanings, names = columns.leanings(everybody, TREE), tuple(TREE.purposes)
    for row, one in enumerate(many):
        goals = Goals(TREE)
        goals.adopt(run(goals.revise(one)), at_min=10)
        own = dict(zip(names, leanings[row].tolist(), strict=True))
        assert {name: value for name, value in own.items() if value} == {
            name: value for name, value in goals.leanings().items() if value
        }


def test_goals_are_set_after_two_days_and_last_a_month() -> None:
    columns, everybody = GoalColumns.begin(2), np.arange(2)
    minute = np.array([2 * DAY_MIN - 1, 2 * DAY_MIN])
    assert columns.due(everybody, minute, NUMBERS).tolist() == [False, True]
    well = rows([GoalFacts(1.0, 1.0, 1.0, 9, 1.0)])
    columns.revise(np.array([1]), well, minute[1:], TREE)
    month = np.full(2, 32 * DAY_MIN)
    assert columns.due(everybody, month - 1, NUMBERS).tolist() == [True, False]
    assert columns.due(everybody, month, NUMBERS).tolist() == [True, True]


def test_without_goals_nothing_is_favoured() -> None:
    assert not GoalColumns.begin(3).leanings(np.arange(3), TREE).any()
