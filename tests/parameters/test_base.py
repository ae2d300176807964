"""Branches: frozen, complete from a part, exact about what is wrong."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from pydantic import ValidationError

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import Branch, Curve, FrozenMap, ParameterError, parameter


class Leaf(Branch):
    share: float = parameter(0.5, "A share", ge=0, le=1)
    count: int = parameter(3, "A count", unit="persons", ge=1)
    limit: float | None = parameter(None, "A limit", unit="m", gt=0)
    days: tuple[str, ...] = parameter(("Mo", "Tu"), "Days", unit="")
    weights: FrozenMap[str, float] = parameter(FrozenMap({"a": 1.0, "b": 2.0}), "Weights", ge=0)
    curve: Curve = parameter(Curve({20: 9.0, 40: 7.0}), "Hours by age", unit="h", ge=0)


class Tree(Branch):
    first: Leaf = Leaf()
    second: Leaf = Leaf(share=0.9, count=7)


def leaf(**given: Any) -> Leaf:  # noqa: ANN401 - also what is refused
    return Leaf(**given)


def tree(**given: Any) -> Tree:  # noqa: ANN401 - also what is refused
    return Tree(**given)


def test_a_branch_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Leaf().share = 0.2
    with pytest.raises(TypeError, match="cannot be changed"):
        Leaf().weights["a"] = 3.0
    with pytest.raises(TypeError, match="cannot be changed"):
        Leaf().weights.update(a=3.0)


def test_what_is_given_to_a_branch_within_keeps_its_other_defaults() -> None:
    second = tree(second={"share": 0.1}).second
    assert (second.share, second.count) == (0.1, 7)


def test_an_entry_of_a_table_changes_alone() -> None:
    assert leaf(weights={"b": 5}).weights == {"a": 1.0, "b": 5.0}


def test_a_curve_takes_further_points_and_sorts_them() -> None:
    curve = leaf(curve={"30": 7.5}).curve
    assert curve.knots == ((20, 30, 40), (9.0, 7.5, 7.0))
    assert [curve.at(age) for age in (10, 25, 30, 90)] == [9.0, 8.25, 7.5, 7.0]


def test_text_stands_for_numbers_lists_and_none() -> None:
    one = leaf(share="0.25", count="4", limit="none", days="['We']", weights="{ a = 2 }")
    assert (one.share, one.count, one.limit, one.days) == (0.25, 4, None, ("We",))
    assert one.weights["a"] == 2.0


def test_every_defect_is_told_with_value_and_range() -> None:
    with pytest.raises(ConfigError) as told:
        tree(
            first={"share": 1.5, "count": 2.5, "weights": {"a": -1, "c": 1}},
            second={"shore": 1, "limit": 0},
        )
    error = told.value
    assert isinstance(error, ParameterError)
    assert {one.name: one.problem for one in error.defects} == {
        "first.share": "got 1.5; accepted is a number from 0 to 1",
        "first.count": "got 2.5; accepted is a whole number of at least 1",
        "second.limit": "got 0; accepted is a number above 0 or none",
        "second.shore": "there is no such parameter",
    }
    assert pickle.loads(pickle.dumps(error)).defects == error.defects


def test_entries_of_tables_are_checked_one_by_one() -> None:
    with pytest.raises(ParameterError) as told:
        leaf(weights={"a": -1, "c": 1})
    assert [one.name for one in told.value.defects] == ["weights.a", "weights.c"]
    assert "accepted are a, b" in str(told.value)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "much", None])
def test_a_number_is_finite(bad: object) -> None:
    with pytest.raises(ParameterError, match="accepted is a number from 0 to 1"):
        leaf(share=bad)


def test_a_branch_survives_pickling_and_copying() -> None:
    made = tree(first={"weights": {"a": 9}})
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    assert hash(again) == hash(made)
    assert copy.deepcopy(made) is made
    assert made != Tree()
    with pytest.raises(TypeError, match="cannot be changed"):
        again.first.weights["a"] = 1.0


def test_a_copy_with_other_values_leaves_the_branch_as_it_is_and_is_checked() -> None:
    leaf = Leaf()
    before = leaf.share
    assert leaf.model_copy(update={"share": 0.75}).share == 0.75
    assert leaf.share == before
    assert leaf.model_copy() is leaf
    with pytest.raises(ParameterError):
        leaf.model_copy(update={"share": "much"})
