"""What is done to a running model by hand is noted, and a file of it repeats the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city import City, CityModel, Crowd
from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.simulation.interventions import (
    change,
    close,
    intervention_toml,
    interventions_of,
    read_intervention_file,
    reopen,
    wake,
)
from mesa_llm_city.simulation.records import digest
from tests.town import small_town, townspeople

# In metres, in the middle of the town.
AREA = [[499600.5, 5369600.0], [500400.0, 5369600.0], [500000.0, 5370500.25]]
ACTS: tuple[dict[str, Any], ...] = (
    {"kind": "close", "zone": 1, "minutes": 180, "text": "flood"},
    {"kind": "tell", "text": "Stay away.", "agents": {"age": [30, 60]}, "danger": 0.8, "zone": 1},
    {"kind": "set", "parameters": {"modes.bus.cost_per_trip": 0.0}},
    {"kind": "add", "households": 3, "zone": 0},
    {"kind": "close", "polygon": AREA, "minutes": 60},
)
DRY = {"rain_mm_h": 0.0}


def lived(model: CityModel, *, until: int) -> CityModel:
    while model.minute < until:
        model.step()
    return model


def fingerprint(model: CityModel) -> str:
    tables = ("activities", "trips", "visits", "decisions", "conversations", "messages", "events")
    return digest({name: getattr(model, name)() for name in (*tables, "interventions")})


def as_file(model: CityModel, folder: Path) -> Path:
    file = folder / "acts.toml"
    file.write_text(intervention_toml(interventions_of(model)), encoding="utf-8")
    return file


def test_a_file_of_what_was_done_repeats_the_run(tmp_path: Path) -> None:
    done = lived(CityModel(small_town(), townspeople(), rng=7), until=480)
    done.act(*ACTS, who="a test")
    lived(done, until=600).act({"kind": "open"}, who="a test")
    lived(done, until=720)
    given = read_intervention_file(as_file(done, tmp_path))
    again = CityModel(small_town(), townspeople(), rng=7, interventions=given)
    assert fingerprint(lived(again, until=720)) == fingerprint(done)
    untouched = lived(CityModel(small_town(), townspeople(), rng=7), until=720)
    assert fingerprint(untouched) != fingerprint(done)


def test_a_file_repeats_what_was_done_to_a_crowd(tmp_path: Path) -> None:
    city = City.synthetic(places=300, rng=1)

    def made(given: object = None) -> CityModel:
        return CityModel(city, [], rng=7, crowd=Crowd(60), interventions=given)  # type: ignore[arg-type]

    done = lived(made(), until=480)
    acts: list[dict[str, Any]] = [*ACTS[:3], {"kind": "add", "households": 3, "as_rows": True}]
    done.act(*acts, who="a test")
    lived(done, until=660)
    again = lived(made(read_intervention_file(as_file(done, tmp_path))), until=660)
    assert digest({"trips": again.trips()}) == digest({"trips": done.trips()})
    assert len(again.crowd.rows) == len(done.crowd.rows) > 60


def test_each_act_is_noted_with_minute_and_who(tmp_path: Path) -> None:
    model = lived(CityModel(small_town(), townspeople(), rng=7), until=60)
    model.act(close(zone=1), reopen(), who="Ada")
    model.note_act("survey", {"answers": 3}, who="Ada")
    assert [(one.minute, one.who, one.kind) for one in model.acts] == [
        (60, "Ada", "close"),
        (60, "Ada", "open"),
        (60, "Ada", "survey"),
    ]
    assert model.acts[0].what == {"kind": "close", "zone": 1, "start": 60}
    model.step()
    model.save(tmp_path / "save")
    assert CityModel.load(tmp_path / "save").acts == model.acts
    assert len(interventions_of(model)) == 2


def test_what_is_not_valid_is_refused_and_not_noted() -> None:
    model = lived(CityModel(small_town(), townspeople(), rng=7), until=5)
    with pytest.raises(DataError, match="there is no zone 'Atlantis'"):
        model.act(reopen(), close(zone="Atlantis"), who="a test")
    assert not model.acts
    assert not len(model.intervention_schedule)


def test_nothing_is_done_in_the_middle_of_a_step() -> None:
    class Meddling(CityModel):
        """A model that is acted upon while it steps."""

        def migrate(self) -> None:
            self.act(reopen(), who="a test")

    with pytest.raises(CityError, match="in the middle of step 1"):
        Meddling(small_town(), townspeople(), rng=7).step()


def test_one_without_a_time_stands_in_the_list_with_its_minute() -> None:
    model = CityModel(small_town(), townspeople(), rng=7, interventions=[wake()])
    lived(model, until=30).intervene(wake(), wake(when="trips > 3"), change(minutes=5, weather=DRY))
    times = [one.time for one in model.intervention_schedule.items]
    assert times == [None, 30, None, 30]


def test_times_are_written_as_days_and_hours(tmp_path: Path) -> None:
    tables: list[dict[str, Any]] = [
        {"kind": "close", "zone": 'the "Old" Town', "start": 2130, "minutes": 90},
        {"kind": "add", "at": 0, "people": [{"id": 1, "name": "Ada", "work_place": None}]},
        {"kind": "wake", "when": "travel > 50", "agents": {"share": 0.5}},
    ]
    file = tmp_path / "some.toml"
    file.write_text(intervention_toml(tables), encoding="utf-8")
    read = read_intervention_file(file)
    assert read[0] == {**tables[0], "start": "day 2 11:30"}
    assert read[1] == {"kind": "add", "at": "day 1 00:00", "people": [{"id": 1, "name": "Ada"}]}
    assert read[2] == tables[2]


def test_there_is_nothing_to_write_without_interventions() -> None:
    with pytest.raises(DataError, match="there are no interventions to write"):
        intervention_toml([])


def test_households_find_homes_in_the_zone_that_is_given() -> None:
    model = lived(CityModel(small_town(), townspeople(), rng=7), until=5)
    known = {agent.person for agent in model.citizens}
    model.act({"kind": "add", "households": 5, "zone": 0}, who="a test")
    model.step()
    homes = [agent.persona.home for agent in model.citizens if agent.person not in known]
    assert len(homes) >= 5
    assert {int(model.city.places.zone[home]) for home in homes} == {0}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"households": 2, "zone": "Atlantis"}, "zone: there is no zone 'Atlantis'"),
        ({"people": [{"id": 1}], "zone": 0}, "zone belongs to households"),
    ],
)
def test_a_zone_that_cannot_be_is_told(wrong: dict[str, object], told: str) -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    with pytest.raises(DataError, match=told):
        model.intervene({"kind": "add", **wrong})
