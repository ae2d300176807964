"""Mode choice by logit: time, money and weather count as they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.values import Mode, TravelOption, Weather
from mesa_llm_city.mobility import (
    LogitModeChoice,
    ModeChosen,
    ModeConfig,
    logit_probabilities,
    mode_utilities,
)
from mesa_llm_city.testing import check_component


def way(mode: Mode, minutes: float, access: float = 0.0, cost: float = 0.0) -> TravelOption:
    return TravelOption(mode=mode, distance_m=3000.0, minutes=minutes, access_min=access, cost=cost)


def utilities(*options: TravelOption, income: float = 1.0, **weather: float) -> list[float]:
    values = mode_utilities(options, income=income, weather=Weather(**weather), config=ModeConfig())
    return [float(value) for value in values]


def test_a_worked_utility() -> None:
    # The constant, ten minutes of riding, eleven of access, and the fare.
    (value,) = utilities(way(Mode.TRAIN, 21.0, access=11.0, cost=1.0))
    assert value == pytest.approx(0.2 - 0.05 * (9.0 + 19.8) - 0.35)


@given(st.sampled_from(list(Mode)), st.floats(1.0, 90.0), st.floats(0.1, 30.0))
def test_a_longer_way_is_worth_less(mode: Mode, minutes: float, more: float) -> None:
    quick, slow = utilities(way(mode, minutes), way(mode, minutes + more))
    assert slow < quick


def test_a_fare_weighs_more_on_the_poor() -> None:
    fare = way(Mode.TRAIN, 20.0, cost=2.0)
    assert utilities(fare, income=0.3) < utilities(fare, income=3.0)


def test_rain_counts_for_cycling_twice_as_much_as_for_walking_and_not_for_trains() -> None:
    options = [way(mode, 15.0) for mode in (Mode.BICYCLE, Mode.WALK, Mode.TRAIN)]
    lost = np.subtract(utilities(*options), utilities(*options, rain_mm_h=2.0))
    assert lost.tolist() == pytest.approx([1.0, 0.5, 0.0])


def test_frost_and_heat_keep_from_walking() -> None:
    walk = way(Mode.WALK, 10.0)
    mild, cold, hot = (utilities(walk, temperature_c=degrees)[0] for degrees in (20.0, -5.0, 38.0))
    assert cold == hot < mild


def test_the_reason_names_the_times_with_the_chosen_mode_first() -> None:
    options = [way(Mode.WALK, 62.0), way(Mode.TRAIN, 21.0)]
    chosen = run(LogitModeChoice().choose(options, rng=np.random.default_rng(1)))
    assert chosen.reason == "train 21 min, walk 62 min"


def test_modes_are_drawn_as_often_as_their_probability_says() -> None:
    options = [way(Mode.WALK, 20.0), way(Mode.BUS, 18.0, access=8.0, cost=1.0)]
    share = logit_probabilities(utilities(*options))[0]
    rng = np.random.default_rng(2)
    drawn = [run(LogitModeChoice().choose(options, rng=rng)).option.mode for _ in range(2000)]
    assert drawn.count(Mode.WALK) / 2000 == pytest.approx(share, abs=0.03)


def test_the_expected_time_lies_between_those_of_the_ways_and_near_the_likely_one() -> None:
    options = [way(Mode.CAR, 10.0), way(Mode.WALK, 60.0)]
    assert 10.0 < LogitModeChoice().expected_min(options) < 15.0
    assert LogitModeChoice().expected_min(options[:1]) == 10.0


def test_no_way_at_all_is_an_error() -> None:
    with pytest.raises(ChoiceError, match="there is no way to make the trip"):
        run(LogitModeChoice().choose([], rng=np.random.default_rng(1)))


def test_it_keeps_the_promises_of_a_component() -> None:
    options = [way(Mode.WALK, 20.0), way(Mode.BUS, 18.0)]

    async def choose(part: LogitModeChoice, rng: np.random.Generator) -> ModeChosen:
        return await part.choose(options, rng=rng)

    check_component(LogitModeChoice, choose, inputs=[options])
