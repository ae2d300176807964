"""The values that travel between the parts."""

from __future__ import annotations

import dataclasses
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core import values
from mesa_llm_city.core.values import (
    Activity,
    ChoiceSet,
    Decision,
    DecisionSource,
    Mode,
    Observation,
    Purpose,
    Reaction,
    ReactionKind,
    Supply,
    TravelOption,
    Trip,
    Weather,
)

DATACLASSES = [
    value
    for value in (getattr(values, name) for name in values.__all__)
    if dataclasses.is_dataclass(value)
]


def _choices(k: int) -> ChoiceSet:
    return ChoiceSet(
        places=np.arange(k) + 100,
        distance_m=np.linspace(0, 900, k),
        category=np.arange(k) % 3,
        boost=np.ones(k),
        area=np.arange(k) // 2,
        attraction=np.arange(k, dtype=np.float64) + 0.5,
        correction=np.arange(k, dtype=np.float64) + 1.0,
    )


@pytest.mark.parametrize("kind", DATACLASSES)
def test_values_are_frozen_slotted_and_keyword_only(kind: type) -> None:
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(kind)
    assert all(field.kw_only for field in dataclasses.fields(kind))


@pytest.mark.parametrize("kind", [Purpose, Mode, DecisionSource, ReactionKind])
def test_enumerations_are_written_as_the_lower_case_of_their_names(kind: type[Purpose]) -> None:
    assert [str(member) for member in kind] == [member.name.lower() for member in kind]
    assert json.dumps(list(kind)) == json.dumps([member.name.lower() for member in kind])


def test_an_activity_ends_where_it_ends() -> None:
    block = Activity(purpose=Purpose.WORK, start_min=540, end_min=1020)
    assert block.minutes == 480
    assert block.place is None
    assert not block.fixed


@pytest.mark.parametrize(("rain", "wet"), [(0.0, False), (0.1, False), (0.2, True)])
def test_weather_is_wet_above_a_drizzle(rain: float, *, wet: bool) -> None:
    assert Weather(rain_mm_h=rain).is_wet is wet


def test_an_observation_defaults_to_mild_dry_weather() -> None:
    assert Observation(minute=480, place=4).weather == Weather(temperature_c=15.0, rain_mm_h=0.0)


class TestChoiceSet:
    def test_its_length_is_the_number_of_places(self) -> None:
        assert len(_choices(0)) == 0
        assert len(_choices(7)) == 7

    @given(st.lists(st.booleans(), max_size=12))
    def test_only_keeps_the_marked_rows_of_every_column(self, marks: list[bool]) -> None:
        keep = np.array(marks, dtype=bool)
        every = _choices(len(marks))
        kept = every.only(keep)
        assert len(kept) == keep.sum()
        for column in dataclasses.fields(ChoiceSet):
            before, after = getattr(every, column.name), getattr(kept, column.name)
            assert after.tolist() == before[keep].tolist()

    def test_only_leaves_out_what_was_not_given(self) -> None:
        whole = dataclasses.replace(_choices(3), area=None, attraction=None, correction=None)
        kept = whole.only(np.array([True, False, True]))
        assert (kept.area, kept.attraction, kept.correction) == (None, None, None)
        assert kept.places.tolist() == [100, 102]

    def test_only_leaves_its_source_as_it_was(self) -> None:
        every = _choices(3)
        every.only(np.array([True, False, False]))
        assert every.places.tolist() == [100, 101, 102]


BY_TRAIN = TravelOption(mode=Mode.TRAIN, distance_m=5000.0, minutes=21.5, access_min=9.0, cost=1.0)


@pytest.mark.parametrize(
    "value",
    [
        Activity(purpose=None, start_min=0, end_min=60),
        BY_TRAIN,
        Trip(
            origin=1, destination=2, purpose=Purpose.MEAL, option=BY_TRAIN, start_min=0, end_min=22
        ),
        Weather(temperature_c=-2.5, rain_mm_h=1.0),
        Observation(minute=480, place=4, weather=Weather(rain_mm_h=1.0)),
        Reaction(ReactionKind.SATISFY, Purpose.MEAL, "hunger 0.81"),
        Decision("mode_choice", DecisionSource.RULE, "walk", "train 31 min, walk 14 min"),
    ],
)
def test_values_pickle(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value


def test_arrays_pickle_within_their_value() -> None:
    numbers = np.array([1.0, 2.0])
    whole = np.array([3, 4])
    supply = Supply(places=whole, x=numbers, y=numbers, zone=whole, weight=numbers)
    copied = pickle.loads(pickle.dumps(supply))
    assert copied.places.tolist() == [3, 4]
    assert copied.weight.tolist() == [1.0, 2.0]
