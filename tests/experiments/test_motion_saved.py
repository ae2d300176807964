"""A run in which people come, go and change keeps who lived there, and can be watched again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.saved_tables import read_table
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.ui.views.replay import Replay
from tests.motion import tiny_town_at


def test_a_replay_shows_those_who_lived_there_at_its_minute() -> None:
    model = tiny_town_at(9)
    agents = model.move_in(model.demography.newcomers())
    first = model.citizens[0].person
    model.step()
    model.residents.by_id[first].remove()
    model.step()
    replay = Replay.of(model)
    there = {}
    for minute in (8 * 60, 10 * 60, 11 * 60):
        replay.go_to(minute)
        there[minute] = set(replay.crowd().person.tolist())
        assert replay.people == len(replay.names()) == len(replay.values("hunger"))
    ids = {agent.person for agent in agents}
    assert there[480] == set(range(20))
    assert there[600] == {*range(20), *ids}
    assert there[660] == {*range(20), *ids} - {first}


@pytest.mark.slow
def test_the_folder_of_a_run_says_who_lived_there_until_when(tmp_path: Path) -> None:
    """With a risk of dying that is certain from some age on, the old die on the first day."""
    changes = {"deaths.factor": 1.0, "deaths.modal_age": 40.0, "deaths.growth": 1.0}
    named = {f"population.demography.{name}": value for name, value in changes.items()}
    parameters = CityParameters.from_dotted(named)
    folder = run(
        RunOptions(citizens=15, days=1, seed=5, parameters=parameters, out=tmp_path / "run")
    )
    spells, events = read_table(folder, "spells"), read_table(folder, "events")
    dead = events[events["event"] == "death"]
    assert len(dead)
    assert len(read_table(folder, "people")) == 15
    left = spells[spells["until"].notna() & spells["person"].isin(dead["person"])]
    assert set(left["until"].dt.hour) == {10}
    counts = json.loads((folder / "manifest.json").read_text())["counts"]
    assert counts["spells"] == len(spells)
    assert Replay.read(folder).people == 15
