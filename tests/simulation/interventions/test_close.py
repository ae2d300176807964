"""Nobody is inside a closed place after the grace time, and no day has a gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city import City, CityModel
from mesa_llm_city.city.environment import Environment, Event
from mesa_llm_city.mobility import Planned, Planner
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.interventions import Intervention, close, reopen
from tests.town import small_town, townspeople

START, END, GRACE = 12 * 60, 20 * 60, 15
NIGHT = 27 * 60


def run_to_noon(model: CityModel) -> None:
    for _ in range(START // 5):
        model.step()


class Flooded(CityModel):
    """A town in which two zones are closed from noon to the evening of the first day."""

    def __init__(self) -> None:
        zones = ["Old Town", "Southbank"]
        flood = close(zone=zones, start=START, end=END, grace_min=GRACE, text="flood")
        super().__init__(small_town(), townspeople(30), rng=7, interventions=[flood])
        self.refuges: dict[int, int | None] = {}

    def step(self) -> None:
        super().step()
        if self.minute == END:
            self.refuges = {one.person: one.citizen.now.refuge for one in self.citizens}


@pytest.fixture(scope="module")
def flood() -> Flooded:
    model = Flooded()
    for _ in range(NIGHT // 5):
        model.step()
    return model


def stays_in(model: CityModel, places: set[int], begin: int, end: int) -> pd.DataFrame:
    """Return the activities at some places that go on between two minutes."""
    frame = model.records.activities.to_frame()
    inside = frame["place"].isin(list(places))
    return frame[inside & (frame["end"] > begin) & (frame["start"] < end)]


def zone_places(model: CityModel, *names: str) -> set[int]:
    zones = [model.city.zones.names.index(name) for name in names]
    return set(np.flatnonzero(np.isin(model.city.places.zone, zones)).tolist())


def gaps(model: CityModel) -> list[tuple[int, int, int]]:
    """Return where the activities of a person do not follow one another."""
    frame = model.records.activities.to_frame(model.going_on())
    wrong = []
    for person, rows in frame.groupby("person"):
        ends = [0, *rows["end"].tolist()]
        starts = [*rows["start"].tolist(), model.minute]
        wrong += [(int(str(person)), a, b) for a, b in zip(ends, starts, strict=True) if a != b]
    return wrong


def test_nobody_works_learns_or_sleeps_in_the_closed_zone_after_the_grace_time(
    flood: CityModel,
) -> None:
    inside = stays_in(flood, zone_places(flood, "Old Town", "Southbank"), START + GRACE, END)
    # Those who come to a closed place stand before it for a minute.
    assert set(inside["purpose"]) <= {"rest"}
    assert ((inside["end"] - inside["start"]) == 1).all()
    at_noon = stays_in(flood, zone_places(flood, "Old Town", "Southbank"), START - 1, START)
    assert len(at_noon) > 5


def test_no_day_has_a_gap_or_an_overlap(flood: CityModel) -> None:
    assert gaps(flood) == []


def test_people_leave_at_different_minutes_of_the_grace_time(flood: CityModel) -> None:
    left = flood.decisions().query("choice == 'leave' and reason == 'it is closed: flood'")
    minutes = (left["time"] - pd.Timestamp(flood.clock.at(START))).dt.total_seconds() / 60
    assert minutes.min() >= 0
    assert minutes.max() <= GRACE
    assert len(set(minutes)) > 3


def test_a_household_whose_home_is_closed_stays_together_outside_the_zone(
    flood: Flooded,
) -> None:
    closed = zone_places(flood, "Old Town", "Southbank")
    by_household: dict[int, set[int | None]] = {}
    for agent in flood.citizens:
        if agent.persona.home in closed:
            refuge = flood.refuges[agent.person]
            by_household.setdefault(agent.persona.household.id, set()).add(refuge)
    assert len(by_household) > 3
    for refuges in by_household.values():
        assert len(refuges) == 1
        assert not refuges & closed
        assert None not in refuges


def test_a_refuge_is_no_visit_and_people_are_home_again_the_next_night(flood: Flooded) -> None:
    in_flood = flood.records.visits.to_frame().query("start > @START and end < @END")
    for visit in in_flood.itertuples():
        assert visit.place != flood.refuges[int(str(visit.person))]
    asleep = [agent for agent in flood.citizens if agent.purpose == "sleep"]
    assert len(asleep) > 10
    assert all(agent.place == agent.persona.home for agent in asleep)


def test_until_noon_the_day_is_that_of_a_run_without_the_flood(flood: CityModel) -> None:
    control = CityModel(small_town(), townspeople(30), rng=7)
    run_to_noon(control)
    before = [
        model.records.activities.to_frame().query("end < @START").reset_index(drop=True)
        for model in (flood, control)
    ]
    assert before[0].to_csv() == before[1].to_csv()


def test_who_can_works_at_home_and_others_have_free_time() -> None:
    model = CityModel(
        small_town(),
        townspeople(50),
        rng=7,
        interventions=[close(place_kind="office", start=0, text="strike")],
        parameters=small_town().parameters.with_(
            {
                "mobility.closing.works_at_home.office_worker": 1.0,
                "mobility.closing.works_at_home.self_employed": 0.0,
            }
        ),
    )
    run_to_noon(model)
    work = model.activities().query("purpose == 'work'")
    agents = {agent.person: agent.persona for agent in model.citizens}
    chosen = model.decisions().query("component == 'planner'")
    at_home = chosen.loc[chosen["choice"] == "work at home", "person"]
    assert {str(agents[person].occupation) for person in at_home} == {"office_worker"}
    for person in set(at_home):
        assert agents[person].home in set(work.loc[work["person"] == person, "place"])
    kinds = model.city.places.category_names
    others = [kinds[model.city.places.category[place]] for place in work["place"]]
    assert "office=company" not in others
    assert "free time" in set(model.decisions()["choice"])


def test_pupils_of_a_closed_school_have_a_free_day() -> None:
    schools = close(place_kind=["amenity=school", "amenity=kindergarten"], start=0)
    model = CityModel(small_town(), townspeople(30), rng=7, interventions=[schools])
    run_to_noon(model)
    learnt = model.records.activities.to_frame().query("purpose == 'school'")
    kinds = {
        model.city.places.category_names[model.city.places.category[place]]
        for place in learnt["place"]
    }
    assert "amenity=school" not in kinds
    assert gaps(model) == []


def test_a_closed_mode_is_not_offered() -> None:
    model = CityModel(
        small_town(), townspeople(30), rng=7, interventions=[close(mode=["car", "bus"], start=0)]
    )
    run_to_noon(model)
    assert set(model.trips()["mode"]) <= {"walk", "bicycle", "train"}
    assert len(model.trips()) > 15


def test_closed_streets_change_the_ways_until_they_open() -> None:
    city = small_town()
    assert city.network is not None
    some = list(range(0, len(city.network), 3))
    model = CityModel(city, townspeople(20), rng=7, interventions=[close(link=some, start=0)])
    before = model.world.ways(3, 200)[0].distance_m
    model.step()
    assert model.world.ways(3, 200)[0].distance_m != before
    model.intervene(reopen())
    model.step()
    assert model.world.ways(3, 200)[0].distance_m == before


def test_an_event_of_the_city_that_closes_its_place_is_a_closing() -> None:
    city = small_town()
    works = sorted(
        {one.work for one in townspeople() if one.work is not None},
        key=lambda place: -sum(one.work == place for one in townspeople()),
    )
    fire = Event(name="fire", place=works[0], start_min=600, end_min=1400, closes=True)
    burnt = with_environment(city, Environment(events=(fire,)))
    model = CityModel(burnt, townspeople(), rng=7)
    model.run_days(1)
    inside = stays_in(model, {works[0]}, 615, 1400)
    assert set(inside["purpose"]) <= {"rest"}
    assert model.interventions()["text"].tolist() == ["fire", "open again"]


def with_environment(city: City, environment: Environment) -> City:
    return City(
        places=city.places,
        zones=city.zones,
        crs=city.crs,
        stations=city.stations,
        network=city.network,
        environment=environment,
        parameters=city.parameters,
    )


def test_if_everything_is_closed_people_stay_at_home() -> None:
    model = CityModel(
        small_town(),
        townspeople(10),
        rng=7,
        interventions=[close(zone=list(small_town().zones.names), start=600)],
    )
    model.run_days(1)
    assert gaps(model) == []
    assert all(agent.place == agent.persona.home for agent in model.citizens)


def closings() -> Iterator[st.SearchStrategy[Intervention]]:
    minutes = st.integers(0, 1300)
    zone = st.sampled_from(small_town().zones.names)
    kind = st.sampled_from(["building", "office", "amenity", "shop"])
    yield st.builds(close, zone=zone, start=minutes, minutes=st.integers(5, 1500))
    yield st.builds(close, place_kind=kind, start=minutes, grace_min=st.integers(0, 60))
    yield st.builds(close, mode=st.sampled_from(["car", "train"]), start=minutes)
    yield st.builds(reopen, zone=zone, at=minutes)
    yield st.builds(reopen, at=minutes)


@settings(max_examples=4)
@given(st.lists(st.one_of(*closings()), min_size=1, max_size=5))
def test_days_stay_whole_whatever_closes_and_opens(shocks: list[Intervention]) -> None:
    model = CityModel(small_town(), townspeople(10), rng=7, interventions=shocks)
    model.run_days(1)
    assert gaps(model) == []
    for agent in model.citizens:
        assert agent.citizen.now.next_due >= model.minute


class Listening(Planner):
    """A planner that keeps what it was told, as a prompt form would be told."""

    told: ClassVar[list[str]] = []

    async def plan_day(self, persona: Persona, day: int, **facts: Any) -> Planned:  # noqa: ANN401
        Listening.told += list(facts["memories"])[:1] if day == 0 else []
        return await super().plan_day(persona, day, **facts)


def test_a_planner_is_told_what_is_closed() -> None:
    flood = close(zone=0, start=0, end="day 1 20:00", text="flood in Old Town")
    model = CityModel(
        small_town(),
        townspeople(10),
        rng=7,
        interventions=[flood],
        components={"planner": Listening(small_town().parameters)},
    )
    for _ in range(130):
        model.step()
    assert len(Listening.told) > 5
    assert all(line.endswith("flood in Old Town until 20:00") for line in Listening.told)


def test_who_found_no_refuge_leaves_when_something_opens() -> None:
    everything = list(range(len(small_town().places)))
    model = CityModel(small_town(), townspeople(6), rng=7)
    model.intervene(close(place=everything, text="siege"))
    for _ in range(6):
        model.step()
    homes = {one.persona.home for one in model.citizens}
    assert {one.citizen.now.refuge for one in model.citizens} == {None}
    model.intervene(reopen(place=sorted(set(everything) - homes)))
    for _ in range(24):
        model.step()
    assert all(one.citizen.now.refuge not in {None, *homes} for one in model.citizens)
    assert not {one.place for one in model.citizens} & homes
