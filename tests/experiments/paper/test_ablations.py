"""Changes against a run with all components, by hand."""

from __future__ import annotations

import math

import pytest

from mesa_llm_city.experiments.paper.ablations import changes
from mesa_llm_city.experiments.validation.measure import Family, Measure, Reference


def _measure(value: float, half: float, *, goal: float | None = None) -> Measure:
    return Measure(
        name="trips a day",
        value=value,
        interval=(value - half, value + half),
        better="nearer",
        reference=None if goal is None else Reference(goal, "people"),
        n=10,
        units="person-days",
    )


def _families(measure: Measure, name: str = "trips and drift") -> list[Family]:
    return [Family(name=name, measures=(measure,))]


def test_a_change_is_clear_beyond_the_intervals_of_both_runs() -> None:
    (small,) = changes(_families(_measure(3.0, 0.3)), _families(_measure(3.4, 0.4)))
    assert small.half == pytest.approx(0.5)
    assert not small.is_clear
    (great,) = changes(_families(_measure(3.0, 0.3)), _families(_measure(3.6, 0.4)))
    assert great.is_clear
    assert great.domain == "mobility"


def test_a_change_without_an_interval_is_not_clear() -> None:
    (change,) = changes(_families(_measure(1.0, 0.0)), _families(_measure(0.99, 0.0)))
    assert not change.is_clear


def test_further_from_people_is_worse_and_nearer_is_not() -> None:
    whole = _families(_measure(3.0, 0.1, goal=2.4))
    (further,) = changes(whole, _families(_measure(3.5, 0.1, goal=2.4)))
    (nearer,) = changes(whole, _families(_measure(2.5, 0.1, goal=2.4)))
    assert (further.is_worse, nearer.is_worse) == (True, False)
    assert nearer.is_clear


def test_a_measure_that_one_run_lacks_is_left_out() -> None:
    whole = _families(_measure(3.0, 0.1))
    assert changes(whole, _families(_measure(math.nan, math.nan))) == []
    assert changes(whole, _families(_measure(3.0, 0.1), "another family")) == []
