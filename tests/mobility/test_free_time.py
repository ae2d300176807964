"""Free time by rule: liking, need, weather and hours decide."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.asking import Thought, run, run_all
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Activity, Purpose, Weather
from mesa_llm_city.mobility import FreeTimeChoice, FreeTimeChosen, Wish
from mesa_llm_city.mobility.free_time import feasible_purposes, free_activity, liking_of
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Habits, Persona, Preferences
from mesa_llm_city.testing import check_component
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk, pensioner, pupil

SUNDAY = 6 * DAY_MIN
FREE = Activity(purpose=None, start_min=14 * 60, end_min=18 * 60)


def free_from(start_min: int, minutes: int = 240) -> Activity:
    return Activity(purpose=None, start_min=start_min, end_min=start_min + minutes)


def choose(
    *,
    persona: Persona | None = None,
    block: Activity = FREE,
    relief: dict[str, float] | None = None,
    seed: int = 1,
    weather: Weather | None = None,
    parameters: CityParameters | None = None,
) -> FreeTimeChosen:
    return run(
        FreeTimeChoice(parameters).choose(
            block,
            persona or pensioner(),
            relief=relief or {},
            weather=weather or Weather(),
            rng=np.random.default_rng(seed),
        )
    )


def often(**given: object) -> Counter[str | None]:
    return Counter(choose(seed=seed, **given).activity.purpose for seed in range(300))  # type: ignore[arg-type]


def test_three_candidates_come_to_mind_and_are_named() -> None:
    assert choose().reason.count(" > ") == 2


def test_the_number_of_candidates_is_a_parameter() -> None:
    one = CityParameters().with_("mobility.free_time.candidates", 1)
    assert " > " not in choose(parameters=one).reason
    with pytest.raises(ConfigError, match=r"mobility\.free_time\.candidates: got 0"):
        CityParameters().with_("mobility.free_time.candidates", 0)


def test_the_activity_begins_with_the_block_and_stays_within() -> None:
    for seed in range(100):
        activity = choose(seed=seed).activity
        assert activity.start_min == FREE.start_min
        assert activity.start_min + 15 <= activity.end_min <= FREE.end_min


def test_a_short_break_is_spent_at_home() -> None:
    assert set(often(block=free_from(14 * 60, 30))) == {Purpose.REST}


def test_nobody_goes_out_at_night() -> None:
    assert set(often(block=free_from(2 * 60, 180))) == {Purpose.REST}


def test_the_lonely_seek_company_more_often() -> None:
    lonely = often(relief={Purpose.SOCIAL: 0.5})
    assert lonely[Purpose.SOCIAL] > 1.5 * often()[Purpose.SOCIAL]


def test_rain_keeps_people_at_home() -> None:
    assert often(weather=Weather(rain_mm_h=3.0))[Purpose.REST] > often()[Purpose.REST]


def test_a_storm_and_an_official_warning_keep_more_people_at_home_than_rain() -> None:
    mild = CityParameters().with_("mobility.free_time.wet_outing_factor", 1.2)
    rain = often(weather=Weather(rain_mm_h=3.0), parameters=mild)[Purpose.REST]
    storm = often(weather=Weather(rain_mm_h=3.0, wind_km_h=60.0), parameters=mild)[Purpose.REST]
    warned = often(weather=Weather(warning=3), parameters=mild)[Purpose.REST]
    assert rain < storm == warned


def test_people_do_what_they_prefer() -> None:
    sporty = Habits(
        preferences=Preferences(leisure=0.1, sport=0.6, social=0.1, shopping=0.1, rest=0.1)
    )
    assert often(persona=replace(pensioner(), habits=sporty)).most_common(1)[0][0] == Purpose.SPORT


def test_small_children_stay_at_home() -> None:
    assert set(often(persona=replace(pupil(), age=4))) == {Purpose.REST}


def test_a_worked_value() -> None:
    # Liking 0.2, half of a relief of 0.34, less the trouble of going out, twice as much in rain.
    parameters = CityParameters().with_(
        {"mobility.free_time.whim": 0.0, "mobility.free_time.candidates": 5}
    )
    dry = choose(relief={"social": 0.34}, parameters=parameters).reason
    wet = choose(
        relief={"social": 0.34}, weather=Weather(rain_mm_h=1.0), parameters=parameters
    ).reason
    assert "social 0.12" in dry
    assert "social -0.13" in wet
    assert "rest 0.40" in dry
    assert "rest 0.40" in wet


class TestLength:
    def lasting(self, wished: int, available: int) -> int:
        block = free_from(14 * 60, available)
        return free_activity("sport", block, wished, pensioner(), CityParameters()).minutes

    def test_it_takes_as_long_as_wished_but_leaves_no_time_too_short_to_use(self) -> None:
        assert [self.lasting(90, available) for available in (240, 100, 60)] == [90, 100, 60]

    def test_it_takes_a_quarter_of_an_hour_at_least(self) -> None:
        assert self.lasting(5, 240) == 15

    def test_it_never_outlasts_the_block(self) -> None:
        long = CityParameters().with_("mobility.free_time.shortest_min", 60)
        block = free_from(14 * 60, 40)
        assert free_activity("rest", block, 10, pensioner(), long).end_min == block.end_min


class TestNewPurposes:
    parameters = with_new_kinds()

    def feasible(self, start_min: int, minutes: int = 240, **clock: object) -> tuple[str, ...]:
        block = free_from(start_min, minutes)
        return feasible_purposes(block, clerk(), Clock(**clock), self.parameters)  # type: ignore[arg-type]

    def test_one_with_hours_is_feasible_within_them_only(self) -> None:
        assert "worship" in self.feasible(SUNDAY + 10 * 60)
        assert "worship" not in self.feasible(SUNDAY + 11 * 60 + 5)
        assert "worship" not in self.feasible(SUNDAY - DAY_MIN + 10 * 60)

    def test_a_holiday_has_the_hours_of_a_sunday(self) -> None:
        assert "worship" not in self.feasible(10 * 60)
        assert "worship" in self.feasible(10 * 60, holidays=frozenset({Clock().start}))

    def test_one_at_home_needs_no_time_for_the_way(self) -> None:
        assert self.feasible(2 * 60, 30) == ("rest", "gaming")

    def test_one_at_home_has_its_place_there_and_no_cost_of_going_out(self) -> None:
        devoted = self.parameters.with_("purposes.gaming.free_time_weight", 1.0)
        chosen = choose(parameters=devoted)
        assert (chosen.activity.purpose, chosen.activity.place) == ("gaming", pensioner().home)

    def test_one_away_from_home_is_chosen_with_its_place_open(self) -> None:
        devout = self.parameters.with_("purposes.worship.free_time_weight", 1.0)
        chosen = choose(block=free_from(SUNDAY + 9 * 60), parameters=devout)
        assert (chosen.activity.purpose, chosen.activity.place) == ("worship", None)

    def test_where_it_is_not_feasible_it_changes_no_draw(self) -> None:
        plain = self.parameters.with_("purposes.gaming.free_time", value=False)
        for seed in range(20):
            assert choose(seed=seed, parameters=plain) == choose(seed=seed)

    def test_it_is_liked_as_its_row_says_and_goals_change_that(self) -> None:
        assert liking_of("worship", clerk(), {}, self.parameters) == 0.1
        assert liking_of("worship", clerk(), {"worship": 1.0}, self.parameters) == 0.2
        assert liking_of("sport", clerk(), {"sport": -1.0}, self.parameters) == 0.05


def test_rest_is_always_left() -> None:
    nothing = CityParameters().with_(
        {f"purposes.{one}.free_time": False for one in CityParameters().free_time}
    )
    assert feasible_purposes(FREE, clerk(), Clock(), nothing) == (Purpose.REST,)


def test_it_keeps_the_promises_of_a_component() -> None:
    async def fill(part: FreeTimeChoice, rng: np.random.Generator) -> FreeTimeChosen:
        return await part.choose(FREE, clerk(), relief={}, weather=Weather(), rng=rng)

    check_component(FreeTimeChoice, fill, inputs=[clerk(), FREE])


def test_those_who_choose_together_choose_as_each_does_alone() -> None:
    wishes = (Wish("sport", 60, 13 * 60, 15 * 60), Wish("leisure", 90, 19 * 60, 21 * 60))
    asked = [
        (persona, block, weather, wished, seed)
        for seed, (persona, block, weather, wished) in enumerate(
            [
                (pensioner(), FREE, Weather(), None),
                (clerk(), free_from(18 * 60), Weather(), wishes),
                (pupil(), free_from(15 * 60, 90), Weather(rain_mm_h=2.0), None),
                (clerk(), FREE, Weather(), ()),
                (pensioner(), free_from(20 * 60, 20), Weather(), wishes[1:]),
            ]
        )
    ]
    choice = FreeTimeChoice()
    alone, together = (
        [
            choice.choose(
                block,
                persona,
                relief={"leisure": 0.1 * seed},
                weather=weather,
                rng=np.random.default_rng(seed),
                wishes=wished,
            )
            for persona, block, weather, wished, seed in asked
        ]
        for _ in range(2)
    )
    assert run_all([Thought(one) for one in together]) == [run(one) for one in alone]
