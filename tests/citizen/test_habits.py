"""Habits in a day that is lived: what free time is spent on waits for its time, at its place."""

from __future__ import annotations

from itertools import pairwise

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import Activity, DecisionSource, Observation, Purpose
from mesa_llm_city.mind import Insight, InsightKind, MemoryEntry
from mesa_llm_city.mobility import FreeTimeChosen, GravityChoice
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.prompts import Prompted
from tests.town import small_town, townspeople

FIXED = CityParameters().with_("population.time_use.table", "none")
ALWAYS = FIXED.with_(
    {
        "mobility.planner.habit_share": 1.0,
        # Nobody tries new places.
        "mobility.exploration.rho": 0.0,
        "mobility.exploration.rho_sd": 0.0,
    }
)
USUAL = 17 * HOUR_MIN
# How far a retired person goes for an hour.
_REACH_M = 1800.0


class Sporty(Stateless):
    """Chooses an hour of sport for all free time by day, and rest for the evening."""

    async def choose(self, block: Activity, persona: Persona, **_: object) -> FreeTimeChosen:
        by_day = 9 * HOUR_MIN <= block.start_min % DAY_MIN < 20 * HOUR_MIN
        minutes = min(block.minutes, 60) if by_day else block.minutes
        activity = Activity(
            purpose=Purpose.SPORT if by_day else Purpose.REST,
            start_min=block.start_min,
            end_min=block.start_min + minutes,
            place=None if by_day else persona.home,
        )
        return FreeTimeChosen(activity, DecisionSource.RULE, "as ever")


class NoPrompt:
    """A prompt form that never answers."""

    verb = "choose"

    async def ask(self, *_: object, **__: object) -> None:
        return None


def senior() -> Persona:
    return next(one for one in townspeople() if one.occupation is Occupation.RETIRED)


def sporty(place: int, parameters: CityParameters = ALWAYS, **named: ComponentOption) -> Citizen:
    """Return somebody without duties who has done sport at five in one place for three days."""
    someone = Citizen(
        senior(),
        seed=7,
        parameters=parameters,
        free_time=Sporty(),
        perception=None,
        reflection=None,
        components=named,
    )
    memory, insights = someone.components.memory, someone.components.insights
    familiarity = someone.components.familiarity
    assert memory is not None
    assert insights is not None
    if familiarity is not None:
        for _ in range(3):
            familiarity.visited(place)
    numbers = [memory.add(MemoryEntry(USUAL, place, "sport")) for _ in range(3)]
    sport = Insight(0, InsightKind.HABIT, "sport", "-", 0.9, usual_min=USUAL)
    insights.keep([sport._replace(evidence=tuple(numbers))])
    return someone


def lived(someone: Citizen) -> list[Activity]:
    world, stays = World(small_town(), Clock()), []
    while (minute := someone.now.next_due) < DAY_MIN:
        seen = Observation(minute=minute, place=someone.place, weather=world.weather(minute))
        done = someone.commit(run(someone.think(seen, world)), world)
        stays += [one for one in (done.activity, done.trip) if one is not None]
    assert all(one.end_min == other.start_min for one, other in pairwise(stays))
    return [one for one in stays if isinstance(one, Activity)]


def sports_places() -> list[int]:
    """Return two places for sport near the person's home that are open in the afternoon."""
    city, world = small_town(), World(small_town(), Clock())
    near = city.nearby(city.position(senior().home), Purpose.SPORT, radius_m=1e4, k=9)
    is_open = world.is_open(near.places, USUAL, USUAL + 120) & (near.distance_m < _REACH_M)
    first, second, *_ = near.places[is_open].tolist()
    return [first, second]


def sports(stays: list[Activity]) -> list[Activity]:
    return [one for one in stays if one.purpose == Purpose.SPORT]


def test_sport_of_the_afternoon_waits_for_its_usual_time_and_is_done_at_its_usual_place() -> None:
    for place in sports_places():
        afternoon = sports(lived(sporty(place)))
        at_five = [one for one in afternoon if abs(one.start_min - USUAL) <= 60]
        assert place in {one.place for one in at_five}


def test_there_is_no_more_sport_than_without_the_habit() -> None:
    place = sports_places()[0]
    never = FIXED.with_("mobility.planner.habit_share", 0.0)
    with_habit, without = lived(sporty(place)), lived(sporty(place, never))
    assert len(sports(with_habit)) <= len(sports(without))


def test_a_prompt_that_chooses_places_is_not_overruled() -> None:
    places = sports_places()
    asked = Prompted(GravityChoice(ALWAYS), NoPrompt())
    plain = {
        one.place
        for one in sports(lived(sporty(places[0], place_choice=asked, familiarity=None)))
        if abs(one.start_min - USUAL) <= 60
    }
    other = {
        one.place
        for one in sports(lived(sporty(places[1], place_choice=asked, familiarity=None)))
        if abs(one.start_min - USUAL) <= 60
    }
    assert plain == other
