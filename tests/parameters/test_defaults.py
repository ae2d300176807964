"""Defaults: some by hand, from the papers and from what the first version had."""

from __future__ import annotations

import pytest

from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.parameters.population import day_mask

DEFAULT = CityParameters()

BY_HAND = {
    # CitySim, appendix A
    "mobility.gravity.gamma": 2.0,
    "mobility.gravity.epsilon": 1e-3,
    "mobility.gravity.areas": 10,
    "mobility.gravity.most_places": 200,
    "mobility.free_time.candidates": 3,
    "mind.beliefs.prior_variance": 0.25,
    "mind.beliefs.observation_variance": 0.2,
    "mind.beliefs.decay_per_day": 0.03,
    "mind.beliefs.similar": 10,
    "mind.memory.recall": 5,
    "mind.memory.window_min": 1440,
    "mind.goals.stress_below": 0.9,
    "mind.goals.few_contacts": 3,
    "social.contact.gap_min": 30,
    "needs.hunger.threshold": 0.3,
    "needs.safety.threshold": 0.2,
    # AgentSociety
    "needs.hunger.decay_per_h": 0.15,
    "needs.energy.decay_per_h": 0.08,
    # assumptions of the first version
    "mobility.free_time.outing_cost": 0.25,
    "mobility.planner.chores.housework_homemaker_min": 200.0,
    "mobility.mode_choice.cost": -0.35,
    "mobility.reach.wet_factor": 0.67,
    "modes.train.detour": 1.2,
    "modes.car.cost_per_trip": 0.5,
    "modes.walk.constant": 0.6,
    "purposes.shopping.planned_per_day": 0.6,
    "purposes.leisure.hours": "09:00-23:00",
    "social.ties.start.friend.trust": 0.7,
    "social.ties.steps.negative.trust": -0.06,
    "social.conversation.company_positive": 0.3,
    "social.acquaintances.friends": 6,
    "population.schedules.sleep.wake_min.20": 475,
    "population.schedules.work.start_min.shift_worker": (360, 360, 840, 840, 1320),
    "population.hobbies.seeing friends.young": 2.0,
    "population.joint_distribution.age_of_child.75+": 0,
    "population.traits.female_minus_male.neuroticism": 0.40,
    "population.households.share_of_size.couple": 0.71,
    "population.commuting.beta_per_km": 0.2,
    "city.weather.temperature_c.8": 27,
    "city.streets.speed_km_h.motorway": 90.0,
    "city.town.kinds.amenity=hospital.size": 450.0,
    "city.travel.detour": 1.3,
    "city.events.boost": 3.0,
    "migration.push_pull.agricultural_hukou": 0.8,
    "migration.decision.years_at_risk": 10.0,
}


@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_a_default_is_what_its_source_says(name: str, value: object) -> None:
    assert DEFAULT.get(name) == value


def test_days_of_work_are_bits_from_monday() -> None:
    days = DEFAULT.population.schedules.work.days
    assert {day_mask(one) for one in days["office_worker"]} == {0b0011111, 0b0111111}
    assert day_mask("Mo,Th-Su") == 0b1111001
    assert [day_mask(one).bit_count() for one in days["shift_worker"]] == [5] * 7


def test_shares_of_households_of_a_size_add_up_to_one() -> None:
    with pytest.raises(ParameterError, match=r"households of 2 .* add up to 0.79"):
        DEFAULT.with_("population.households.share_of_size.couple", 0.5)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"social.conversation.negative_below": 0.5}, "not below positive_above"),
        ({"social.acquaintances.friends": 5}, "accepted is an even number"),
        ({"social.ties.start.friend.trust": -0.1}, "accepted is a number from 0 to 1"),
        ({"mobility.mode_choice.coldest_c": 30}, "above warmest_c of 28"),
        ({"mobility.reach.least_m": 2000}, "below least_m of 2000"),
        ({"mobility.planner.chores.housework_low": 2}, "above housework_high"),
        ({"mind.reflection.slot_min": 50}, "it must divide 1440"),
        ({"mind.goals.by_level.body.favours.prayer": 0.1}, "there is no purpose 'prayer'"),
        ({"population.hobbies.chess": {"purpose": "games"}}, "there is no purpose 'games'"),
        ({"population.ages.feasible.pupil.low": 30}, "above high of 19"),
        ({"population.schedules.work.days.pupil": ["Monday"]}, "days like 'Mo-Fr'"),
        ({"population.schedules.work.minutes.pupil": []}, "some minutes from 0 to 1440"),
        ({"population.schedules.sleep.longest_night_min": 200}, "above longest_night_min"),
        ({"population.drawing.retired_rare_to": 70}, "not below retired_full_from"),
        ({"city.weather.rain_mm.13": 20}, "accepted are 1 to 12"),
        ({"city.town.least_step_m": 30}, "above most_step_m"),
        ({"city.streets.speed_km_h.primary": 0}, "a number > 0 and <= 200"),
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(
    changes: dict[str, object], problem: str
) -> None:
    with pytest.raises(ParameterError, match=problem) as told:
        CityParameters.from_dotted(changes)
    assert all("." in one.name for one in told.value.defects)


def test_a_hobby_can_be_added() -> None:
    chess = CityParameters.from_dotted({"population.hobbies.chess": {"purpose": "social"}})
    assert chess.population.hobbies["chess"].from_age == 6
    assert list(chess.population.hobbies)[-1] == "chess"
    assert chess.changed() == {
        "population.hobbies.chess": {},
        "population.hobbies.chess.purpose": "social",
    }
    assert CityParameters.from_dotted(chess.changed()) == chess


@pytest.mark.slow
def test_the_tree_is_made_without_heavy_libraries() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from mesa_llm_city.parameters import CityParameters; CityParameters();"
        "print([name for name in ('numpy', 'pandas', 'mesa', 'scipy') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
