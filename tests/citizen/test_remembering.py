"""What a stay leaves in memory, and what of it is told again."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import datetime

import pytest

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.names import PlaceNames
from mesa_llm_city.citizen.remembering import LazyLines, memories_of, remembered_stay
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import Environment, Event
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Weather
from mesa_llm_city.mind import MemoryEntry, Ratings
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social import Relation
from tests.town import small_town, townspeople

NOON = 12 * 60
GOOD = Ratings(0.2, 0.9, 0.6, 0.5, "way 8 min, taste +0.30")


class Steady:
    """Weather that is always the same."""

    def __init__(self, temperature_c: float, rain_mm_h: float) -> None:
        self.now = Weather(temperature_c=temperature_c, rain_mm_h=rain_mm_h)

    def at(self, _: datetime) -> Weather:
        return self.now


def town(temperature_c: float = 15.0, rain_mm_h: float = 0.0, *events: Event) -> World:
    environment = Environment(weather=Steady(temperature_c, rain_mm_h), events=events)
    names = {one.id: one.name for one in townspeople()}
    city = copy.copy(small_town())
    city.environment = environment
    return World(city, Clock(), names)


def somebody(parameters: CityParameters | None = None) -> Citizen:
    return Citizen(townspeople()[0], seed=7, parameters=parameters)


def out(someone: Citizen, world: World) -> Activity:
    """Return an hour of leisure at a place that is neither home nor work."""
    own = {someone.persona.home, someone.persona.work}
    place = next(one for one in range(len(world.city.places.name)) if one not in own)
    return Activity(purpose=Purpose.LEISURE, start_min=NOON, end_min=NOON + 60, place=place)


def remembered(
    someone: Citizen, world: World, ratings: Ratings | None = GOOD, seen: tuple[int, ...] = ()
) -> MemoryEntry:
    return remembered_stay(someone, out(someone, world), ratings, seen, world)


def test_a_visit_by_rule_is_kept_as_numbers_without_a_text() -> None:
    entry = remembered(somebody(), town())
    assert (entry.minute, entry.key, entry.observation, entry.score) == (NOON, "leisure", "", 0.6)
    how = entry.circumstances
    assert (how.minutes, how.price, how.atmosphere, how.convenience) == (60, 0.2, 0.9, 0.5)


def test_the_reason_of_a_language_model_is_kept_in_its_words() -> None:
    asked = GOOD._replace(reason="a lively market", source=DecisionSource.PROMPT)
    assert remembered(somebody(), town(), asked).observation == "a lively market"


def test_those_who_are_known_are_named_the_closest_first_and_the_others_counted() -> None:
    someone = somebody()
    assert someone.components.ties is not None
    someone.components.ties.relate([3, 4], Relation.COLLEAGUE)
    someone.components.ties.relate([9], Relation.FRIEND)
    how = remembered(someone, town(), seen=(3, 4, 9, 20, 21)).circumstances
    assert how.company[0] == 9
    assert how.company[1] in {3, 4}
    assert how.others == 3


@pytest.mark.parametrize(
    ("temperature_c", "rain_mm_h", "told"),
    [
        (15.0, 0.0, ""),
        (15.0, 2.0, "rain"),
        (-3.0, 0.0, "cold"),
        (-3.0, 2.0, "rain and cold"),
        (34.0, 0.0, "heat"),
        (34.0, 2.0, "rain"),
    ],
)
def test_weather_is_kept_where_it_mattered(
    temperature_c: float, rain_mm_h: float, told: str
) -> None:
    someone, world = somebody(), town(temperature_c, rain_mm_h)
    assert remembered(someone, world).circumstances.weather == told
    at_home = replace(out(someone, world), place=someone.persona.home)
    assert remembered_stay(someone, at_home, None, (), world).circumstances.weather == ""


def test_an_event_at_the_place_is_named() -> None:
    someone = somebody()
    place = out(someone, town()).place or 0
    fair = Event(name="spring fair", place=place, start_min=NOON - 60, end_min=NOON + 5)
    over = Event(name="market", place=place, start_min=NOON - 60, end_min=NOON)
    assert remembered(someone, town(15.0, 0.0, fair, over)).observation == "spring fair"


def test_without_details_only_what_where_and_how_long_is_kept() -> None:
    plain = somebody(CityParameters().with_("mind.memory.detailed", value=False))
    how = remembered(plain, town(-3.0), seen=(3, 4)).circumstances
    assert how == type(how)(60)


def test_memories_are_told_with_names_the_latest_first() -> None:
    someone, world = somebody(), town()
    memory = someone.components.memory
    assert memory is not None
    memory.add(remembered(someone, world))
    home = someone.persona.home
    memory.add(MemoryEntry(NOON + 70, home, "talk", "about rain; positive", 0.9))
    place = PlaceNames(world.city)[out(someone, world).place or 0]
    assert list(memories_of(someone, world, NOON + 100)) == [
        "13:10 talk: about rain; positive",
        f"12:00 leisure at {place}, 60 min; good: pleasant, expensive",
    ]


def test_nothing_is_worded_before_it_is_read() -> None:
    made: list[int] = []

    def make() -> list[str]:
        made.append(1)
        return ["one", "two"]

    lines = LazyLines(make)
    assert made == []
    assert (lines[0], lines[1:], len(lines), made) == ("one", ("two",), 2, [1])


class TestPlaceNames:
    def test_they_say_the_kind_and_call_home_home(self) -> None:
        someone, city = townspeople()[0], small_town()
        names = PlaceNames(city, someone)
        assert names[someone.home] == "home"
        assert PlaceNames(city)[0] == "60 Thorn Road (apartments)"

    def test_a_place_without_a_name_is_called_by_kind_and_id(self) -> None:
        city = copy.copy(small_town())
        city.places = replace(city.places, name=("", *city.places.name[1:]))
        assert PlaceNames(city)[0] == "apartments 0"

    def test_there_is_none_for_an_unknown_place(self) -> None:
        names = PlaceNames(small_town())
        assert names.get(-1) is None
        assert names.get(len(names)) is None
