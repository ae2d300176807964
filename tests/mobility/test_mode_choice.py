"""Mode choice by logit: time, money and weather count as they should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.asking import Thought, run, run_all
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.values import Mode, TravelOption, Weather
from mesa_llm_city.mobility import (
    LogitModeChoice,
    ModeChosen,
    in_service,
    logit_probabilities,
    mode_utilities,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.testing import check_component
from tests.mobility.new_kinds import with_new_kinds

DEFAULT = CityParameters()


def way(mode: str, minutes: float, access: float = 0.0, cost: float = 0.0) -> TravelOption:
    return TravelOption(mode=mode, distance_m=3000.0, minutes=minutes, access_min=access, cost=cost)


def utilities(
    *options: TravelOption,
    income: float = 1.0,
    parameters: CityParameters = DEFAULT,
    **weather: Any,  # noqa: ANN401 - as Weather takes them
) -> list[float]:
    values = mode_utilities(
        options, income=income, weather=Weather(**weather), parameters=parameters
    )
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


def test_each_ten_km_h_of_wind_count_for_cycling_and_half_for_walking() -> None:
    options = [way(mode, 15.0) for mode in (Mode.BICYCLE, Mode.WALK, Mode.TRAIN)]
    calm, windy = utilities(*options, wind_km_h=20.0), utilities(*options, wind_km_h=40.0)
    lost = [after - before for before, after in zip(calm, windy, strict=True)]
    assert lost == pytest.approx([-0.6, -0.3, 0.0])


def test_in_strong_wind_buses_stop_before_bicycles_and_trains() -> None:
    options = [way(one, 15.0) for one in ("walk", "bicycle", "bus", "train")]
    found = {
        wind: [one.mode for one in in_service(options, Weather(wind_km_h=wind), DEFAULT)]
        for wind in (0.0, 62.9, 63.0, 80.0, 120.0)
    }
    assert found[0.0] == found[62.9] == ["walk", "bicycle", "bus", "train"]
    assert found[63.0] == ["walk", "bicycle", "train"]
    assert found[80.0] == ["walk", "train"]
    assert found[120.0] == ["walk"]


def test_who_has_no_other_way_goes_in_any_wind() -> None:
    only = [way("bus", 15.0)]
    assert in_service(only, Weather(wind_km_h=200.0), DEFAULT) == only


def test_rain_counts_for_cycling_twice_as_much_as_for_walking_and_not_for_trains() -> None:
    options = [way(mode, 15.0) for mode in (Mode.BICYCLE, Mode.WALK, Mode.TRAIN)]
    lost = np.subtract(utilities(*options), utilities(*options, rain_mm_h=2.0))
    assert lost.tolist() == pytest.approx([1.0, 0.5, 0.0])


def test_frost_and_heat_make_walking_worse() -> None:
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


def test_a_trip_without_any_way_is_an_error() -> None:
    with pytest.raises(ChoiceError, match="there is no way to make the trip"):
        run(LogitModeChoice().choose([], rng=np.random.default_rng(1)))


class TestNewModes:
    def test_a_worked_utility_of_a_scooter(self) -> None:
        # Two minutes of access, ten of riding, and the fee of 2.5 km at half the median income.
        scooter = way("scooter", 12.0, access=2.0, cost=0.9 * 2.5)
        (value,) = utilities(scooter, income=0.5, parameters=with_new_kinds())
        assert value == pytest.approx(-0.05 * (10.0 + 1.8 * 2.0) - 0.35 * 2.25 / 0.5**0.5)

    def test_it_is_drawn_as_often_as_its_probability_says(self) -> None:
        options, parameters = [way("walk", 30.0), way("scooter", 12.0, 2.0)], with_new_kinds()
        share = logit_probabilities(utilities(*options, parameters=parameters))[1]
        rng, part = np.random.default_rng(5), LogitModeChoice(parameters)
        drawn = [run(part.choose(options, rng=rng)).option.mode for _ in range(2000)]
        assert drawn.count("scooter") / 2000 == pytest.approx(share, abs=0.03)
        assert 0.3 < share < 0.9

    def test_a_mode_that_the_parameters_do_not_name_has_the_defaults_of_a_row(self) -> None:
        scooter = way("scooter", 12.0, access=2.0)
        assert utilities(scooter) == utilities(scooter, parameters=with_new_kinds())

    def test_rain_counts_as_its_row_says(self) -> None:
        wet = with_new_kinds().with_("modes.scooter.wet_weight", 0.8)
        scooter = way("scooter", 12.0)
        (dry,), (rain,) = (
            utilities(scooter, parameters=wet, rain_mm_h=amount) for amount in (0.0, 2.0)
        )
        assert dry - rain == pytest.approx(0.8)


def test_the_constant_of_a_mode_is_a_parameter() -> None:
    bus = way("bus", 20.0)
    (changed,) = utilities(bus, parameters=DEFAULT.with_("modes.bus.constant", 0.1))
    assert changed - utilities(bus)[0] == pytest.approx(1.0)


def test_it_keeps_the_promises_of_a_component() -> None:
    options = [way(Mode.WALK, 20.0), way(Mode.BUS, 18.0)]

    async def choose(part: LogitModeChoice, rng: np.random.Generator) -> ModeChosen:
        return await part.choose(options, rng=rng)

    check_component(LogitModeChoice, choose, inputs=[options])


def test_those_who_choose_together_go_as_each_does_alone() -> None:
    walk, bus = way(Mode.WALK, 30.0), way(Mode.BUS, 18.0, access=7.0, cost=0.6)
    train = way(Mode.TRAIN, 21.0, access=11.0, cost=1.0)
    asked = [((walk, bus), 1.0), ((walk,), 0.5), ((train, walk), 2.0), ((walk, bus, train), 0.2)]
    choice = LogitModeChoice()
    alone, together = (
        [
            choice.choose(ways, income=income, rng=np.random.default_rng(seed))
            for seed, (ways, income) in enumerate(asked)
        ]
        for _ in range(2)
    )
    for one, other in zip(run_all([Thought(one) for one in together]), alone, strict=True):
        expected = run(other)
        assert (one.option, one.reason) == (expected.option, expected.reason)
        assert one.probabilities.tolist() == expected.probabilities.tolist()
