"""The model of a day in a town, alone and in sweeps."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import mesa
import pytest
from mesa_llm_city.models.town_day.model import TownDay

from mesa_llm_city import City, ConfigError, Population
from mesa_llm_city.core.values import Mode


@pytest.fixture(scope="module")
def lived() -> TownDay:
    model = TownDay(citizens=30, places=400, rng=7)
    while model.running:
        model.step()
    return model


def _sweep(processes: int) -> list[dict[str, Any]]:
    """Run two fares with two seeds each, as either line of Mesa wants to be asked."""
    varied: dict[str, Any] = {"citizens": 2, "places": 300, "train_fare": [0.5, 2.0]}
    common: dict[str, Any] = {"number_processes": processes, "display_progress": False}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        common["rng"] = [1, 2]
    else:
        varied["rng"] = [1, 2]
    rows = mesa.batch_run(TownDay, varied, max_steps=400, **common)
    return sorted(rows, key=lambda row: row["RunId"])


class TestRun:
    def test_it_runs_ten_steps(self) -> None:
        model = TownDay(citizens=5, places=300, rng=1)
        for _ in range(10):
            model.step()
        assert (model.minute, model.running) == (50, True)

    @pytest.mark.slow
    def test_it_stops_after_its_days(self, lived: TownDay) -> None:
        assert lived.minute == 1440
        assert not lived.running

    def test_trips_are_counted_by_mode(self, lived: TownDay) -> None:
        assert lived.trips_by_mode.total() == len(lived.trips()) > 30
        counts = lived.trips()["mode"].astype(str).value_counts()
        assert {str(mode): count for mode, count in lived.trips_by_mode.items()} == dict(counts)

    def test_reporters_tell_minute_activities_and_trips(self, lived: TownDay) -> None:
        frame = lived.datacollector.get_model_vars_dataframe()
        assert len(frame) == 288
        assert frame["minute"].iloc[-1] == 1440
        assert frame.filter(like="doing_").sum(axis=1).eq(30).all()
        by_mode = frame[[f"trips_by_{mode}" for mode in Mode]]
        assert (by_mode.sum(axis=1) == frame["trips"]).all()
        assert by_mode.diff().min().min() >= 0

    def test_the_town_is_the_same_for_all_seeds_but_the_people_are_not(self) -> None:
        one, other = (TownDay(citizens=5, places=300, rng=seed) for seed in (1, 2))
        assert one.city.places.name == other.city.places.name
        assert list(one.population) != list(other.population)

    def test_a_model_halfway_pickles_and_goes_on_alike(self) -> None:
        model = TownDay(citizens=8, places=300, rng=1)
        for _ in range(120):
            model.step()
        copied = pickle.loads(pickle.dumps(model))
        for one in (model, copied):
            while one.running:
                one.step()
        assert copied.digest() == model.digest()


class TestTrainFare:
    @pytest.mark.slow
    def test_dearer_trains_are_taken_less(self) -> None:
        city = City.synthetic()
        people = Population.synthesize(30, city=city, rng=3)
        trains = []
        for fare in (0.0, 1.0, 20.0):
            model = TownDay(city=city, people=people, train_fare=fare, rng=3)
            while model.running:
                model.step()
            trains.append(model.trips_by_mode[Mode.TRAIN])
        assert trains[0] > trains[2]
        assert trains[0] >= trains[1] >= trains[2]

    def test_the_city_that_was_given_keeps_its_fare(self) -> None:
        city = City.synthetic(places=300)
        model = TownDay(citizens=3, city=city, train_fare=3.0, rng=1)
        assert city.parameters.modes["train"].cost_per_trip == 1.0
        assert model.city.parameters.modes["train"].cost_per_trip == 3.0


class TestOptions:
    def test_every_impossible_one_is_told(self) -> None:
        told = r"citizens .* got 0; days .* got -1; train_fare must be at least 0, got -0.5"
        with pytest.raises(ConfigError, match=told):
            TownDay(citizens=0, days=-1, train_fare=-0.5)


class TestSweep:
    @pytest.mark.slow
    @pytest.mark.each_line
    def test_two_processes_give_the_rows_of_one(self) -> None:
        serial, parallel = _sweep(1), _sweep(2)
        assert len(serial) == 4
        assert {(row["train_fare"], row["rng"]) for row in serial} == {
            (0.5, 1),
            (0.5, 2),
            (2.0, 1),
            (2.0, 2),
        }
        assert all(row["minute"] == 1440 for row in serial)
        assert parallel == serial
