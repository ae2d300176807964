"""A Friday and a Saturday of forty people: what must hold of every life that has been lived."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from math import ceil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city import City, CityModel, Clock, Population
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Mode, Purpose

DAYS = 2
FRIDAY = date(2024, 4, 5)
TABLES = ("activities", "trips", "visits", "decisions", "needs")

FRESH = """
from datetime import date
from mesa_llm_city import City, CityModel, Clock, Population
city = City.synthetic(rng=3, places=600)
people = Population.synthesize(40, city=city, rng=1)
model = CityModel(city, people, rng=1, clock=Clock(start=date(2024, 4, 5)))
model.run_days(2)
print(model.digest())
"""


@pytest.fixture(scope="module")
def city() -> City:
    return City.synthetic(rng=3, places=600)


@pytest.fixture(scope="module", params=[1, 2])
def lived(request: pytest.FixtureRequest, city: City) -> CityModel:
    """Return a model after two days."""
    people = Population.synthesize(40, city=city, rng=request.param)
    return _live(city, people, seed=request.param)


def _live(city: City, people: Population, *, seed: int) -> CityModel:
    model = CityModel(city, people, rng=seed, clock=Clock(start=FRIDAY))
    model.run_days(DAYS)
    return model


def _minutes(model: CityModel, table: str) -> pd.DataFrame:
    """Return a table with its times as minutes since the start."""
    frame = pd.DataFrame(getattr(model, table)())
    start = pd.Timestamp(model.clock.at(0))
    for name in ("start", "end", "time"):
        if name in frame:
            frame[name] = ((frame[name] - start).dt.total_seconds() / 60).astype(int)
    return frame


def _rows(frame: pd.DataFrame) -> list[SimpleNamespace]:
    columns = {str(name): frame[name] for name in frame}
    rows = zip(*columns.values(), strict=True)
    return [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in rows]


def _lives(model: CityModel) -> Iterator[pd.DataFrame]:
    """Yield the activities of each person, in order of time."""
    for _, life in _minutes(model, "activities").groupby("person"):
        yield life.sort_values("start", kind="stable")


@pytest.mark.slow
def test_everybody_has_a_life(lived: CityModel) -> None:
    assert [life["person"].iloc[0] for life in _lives(lived)] == list(range(40))


def test_activities_cover_the_days_without_gap_or_overlap(lived: CityModel) -> None:
    for life in _lives(lived):
        assert life["start"].iloc[0] == 0
        assert life["end"].iloc[-1] == DAYS * DAY_MIN
        assert life["start"].tolist()[1:] == life["end"].tolist()[:-1]
        assert (life["end"] > life["start"]).all()


def test_under_way_one_is_nowhere_and_otherwise_somewhere(lived: CityModel) -> None:
    frame = lived.activities()
    assert (frame["place"].isna() == (frame["purpose"] == Purpose.TRAVEL)).all()
    assert frame["place"].dropna().between(0, len(lived.city.places) - 1).all()


def test_one_changes_places_only_by_the_trip_between_them(lived: CityModel) -> None:
    trips = {(one.person, one.start): one for one in _rows(_minutes(lived, "trips"))}
    for life in _lives(lived):
        rows = _rows(life)
        for before, now, after in zip(rows, rows[1:], rows[2:], strict=False):
            if now.purpose == Purpose.TRAVEL:
                trip = trips[now.person, now.start]
                assert (trip.origin, trip.destination) == (before.place, after.place)
                assert (trip.end, trip.purpose) == (now.end, after.purpose)
            elif Purpose.TRAVEL not in {before.purpose, after.purpose}:
                assert before.place == now.place == after.place


def test_no_trip_leads_where_one_is(lived: CityModel) -> None:
    trips = lived.trips()
    assert len(trips) > 40
    assert (trips["origin"] != trips["destination"]).all()


def test_nobody_is_faster_than_the_mode(lived: CityModel) -> None:
    modes, pace = lived.city.parameters.modes, float(lived.city.skims.pace.min())
    fastest = {
        name: mode.speed_km_h / (min(pace, 1.0) if mode.in_traffic else 1.0)
        for name, mode in modes.items()
    }
    for trip in _rows(lived.trips()):
        km_h = trip.distance_m / 1000 / (trip.travel_min / 60)
        assert km_h <= fastest[trip.mode] * (1 + 1e-5)


def test_arrival_is_departure_plus_travel_time_rounded_up(lived: CityModel) -> None:
    for trip in _rows(_minutes(lived, "trips")):
        # The table keeps 32 bits of the time.
        lasted = trip.end - trip.start
        assert lasted in {
            max(1, ceil(trip.travel_min - 1e-4)),
            max(1, ceil(trip.travel_min + 1e-4)),
        }


def test_no_way_is_shorter_than_the_straight_line(lived: CityModel) -> None:
    trips = lived.trips()
    walked = trips[trips["mode"] == "walk"]
    assert (walked["distance_m"] >= walked.length * (1 - 1e-6)).all()


def test_visits_lie_within_opening_hours(lived: CityModel) -> None:
    visits = _minutes(lived, "visits")
    assert len(visits) > 40
    closed = [
        visit
        for visit in _rows(visits)
        if not lived.world.is_open(np.array([visit.place]), visit.start, visit.end)[0]
    ]
    assert closed == []


def test_a_visit_is_an_activity_away_from_home_and_work(lived: CityModel) -> None:
    anchors = {one.id: (one.home, one.work) for one in lived.population}
    keys = ["person", "start", "end", "place"]
    stays = set(lived.activities()[keys].itertuples(index=False, name=None))
    for visit in lived.visits()[keys].itertuples(index=False, name=None):
        assert visit in stays
        assert visit[3] not in anchors[visit[0]]


def test_ratings_lie_between_0_and_1(lived: CityModel) -> None:
    rated = lived.visits()[["price", "atmosphere", "satisfaction", "convenience"]]
    assert rated.notna().to_numpy().all()
    assert rated.to_numpy().min() >= 0
    assert rated.to_numpy().max() <= 1


@pytest.mark.parametrize("mode", [Mode.CAR, Mode.BICYCLE])
def test_a_vehicle_is_taken_only_where_it_stands(lived: CityModel, mode: Mode) -> None:
    stands = {one.id: one.home for one in lived.population}
    owners = {one.id for one in lived.population if getattr(one, f"has_{mode}")}
    trips = lived.trips()
    taken = trips[trips["mode"] == str(mode)].sort_values(["person", "start"])
    for trip in _rows(taken):
        assert trip.person in owners
        assert trip.origin == stands[trip.person]
        stands[trip.person] = trip.destination


def test_needs_are_written_down_every_hour_and_lie_between_0_and_1(lived: CityModel) -> None:
    needs = _minutes(lived, "needs")
    assert needs["time"].tolist() == list(range(0, DAYS * DAY_MIN, 60)) * 40
    levels = needs[["hunger", "energy", "safety", "social"]].to_numpy()
    assert levels.min() >= 0
    assert levels.max() <= 1


def test_every_decision_was_made_by_a_rule_and_has_a_reason(lived: CityModel) -> None:
    decisions = lived.decisions()
    assert set(decisions["source"]) == {"rule"}
    assert (decisions["reason"].str.len() > 0).all()
    assert set(decisions["component"]) >= {"planner", "place_choice", "mode_choice"}


def test_every_trip_was_decided_on_as_it_began(lived: CityModel) -> None:
    decided = lived.decisions().query("component == 'mode_choice'")
    keys = set(decided[["person", "time", "choice"]].itertuples(index=False, name=None))
    trips = lived.trips()[["person", "start", "mode"]]
    assert set(trips.itertuples(index=False, name=None)) <= keys


def test_what_people_do_adds_up_to_all_of_them(lived: CityModel) -> None:
    doing = lived.datacollector.get_model_vars_dataframe().filter(like="doing_")
    assert (doing.sum(axis=1) == 40).all()


def test_who_is_where_agrees_with_who_is_at_a_place(lived: CityModel) -> None:
    for place in range(len(lived.city.places)):
        for agent in lived.people_at(place):
            assert agent.place == place
            assert agent.purpose is not Purpose.TRAVEL


@pytest.mark.slow
def test_a_fresh_process_lives_the_same_lives(city: City) -> None:
    told = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    model = _live(city, Population.synthesize(40, city=city, rng=1), seed=1)
    assert told.stdout.strip() == model.digest()


@pytest.mark.slow
def test_another_seed_leads_to_other_lives(city: City) -> None:
    people = Population.synthesize(10, city=city, rng=1)
    assert _live(city, people, seed=1).digest() != _live(city, people, seed=2).digest()


@pytest.mark.slow
def test_another_person_changes_nobody_elses_rows(city: City) -> None:
    # The eleventh meets none of the others; with talk both would change.
    everybody = Population.synthesize(11, city=city, rng=1)
    fewer, more = (_live(city, Population(everybody[:n]), seed=1) for n in (10, 11))
    for name in TABLES:
        alone, beside = pd.DataFrame(getattr(fewer, name)()), pd.DataFrame(getattr(more, name)())
        others = beside[beside["person"] != everybody[10].id].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, others, check_categorical=False)
