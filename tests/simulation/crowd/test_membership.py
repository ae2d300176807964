"""People come to a crowd, leave it, and change between rows and citizens."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city import City, CityModel, Crowd, Population
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.social import Outcome, Relation

ALONE = ("memory", "outsiders", "social")
# Goals are set as the run begins.
EARLY = CityParameters().with_("mind.goals.first_days", 0)


@cache
def town() -> City:
    return City.synthetic(rng=3, places=300)


def model_with(count: int, *, steps: int) -> CityModel:
    crowd = Crowd(count, tables=True, meets=False)
    model = CityModel(town(), [], rng=7, crowd=crowd, parameters=EARLY, without=ALONE)
    for _ in range(steps):
        model.step()
    return model


def trips_of(model: CityModel) -> pd.DataFrame:
    names = ["person", "start", "end", "destination", "mode"]
    both: pd.DataFrame = pd.concat([model.crowd.trips()[names], model.trips()[names]])
    ordered: pd.DataFrame = both.astype(str).sort_values(names, ignore_index=True)
    return ordered


def test_life_goes_on_for_rows_that_become_citizens_and_rows_again() -> None:
    stayed, changed = model_with(40, steps=288), model_with(40, steps=140)
    agents = [changed.promote(row) for row in changed.crowd.rows[:15].tolist()]
    assert (len(changed.crowd), len(changed.citizens)) == (25, 15)
    for _ in range(70):
        changed.step()
    for agent in agents:
        changed.demote(agent)
    assert (len(changed.crowd), len(changed.citizens)) == (40, 0)
    for _ in range(78):
        changed.step()
    pd.testing.assert_frame_equal(trips_of(changed), trips_of(stayed))


def test_a_row_becomes_the_citizen_that_it_was() -> None:
    model = model_with(20, steps=140)
    row = model.crowd[3]
    before = row.person, row.persona, row.place, row.purpose, row.hunger
    goals = row.goals
    agent = model.promote(3)
    assert (agent.person, agent.persona, agent.place, agent.purpose, agent.hunger) == before
    own = agent.citizen.components.goals
    assert own is not None
    assert tuple(one.text for one in own.goals) == goals == ("see more of other people",)
    with pytest.raises(IndexError, match="nobody in row 3"):
        model.crowd[3]


def test_a_citizen_becomes_a_row_with_the_same_goals() -> None:
    model = model_with(20, steps=140)
    agent = model.promote(3)
    needs, goals = agent.citizen.components.needs, agent.citizen.components.goals
    assert needs is not None
    assert goals is not None
    lonely = needs.fulfilment(), tuple(one.text for one in goals.goals)
    row = model.demote(agent)
    state = model.crowd.state
    assert (state.needs.fulfilment(np.array([row])).item(), model.crowd[row].goals) == lonely
    assert state.goals.revised[row] == 0
    assert model.crowd.values("goals", np.array([row])).tolist() == ["see more of other people"]


def test_newcomers_live_from_the_moment_they_come() -> None:
    model = model_with(20, steps=140)
    rows = model.crowd.add(PopulationColumns.synthesize(5, city=town(), rng=11))
    assert len(model.crowd) == 25
    for _ in range(20):
        model.step()
    assert all(model.crowd[row].purpose for row in rows.tolist())
    assert model.crowd.doing.total() == 25


def test_ids_that_are_taken_are_refused() -> None:
    model = model_with(20, steps=0)
    with pytest.raises(DataError, match="belong to people who live here already"):
        model.crowd.add(model.crowd.people)


def test_those_who_leave_do_nothing_any_more() -> None:
    model = model_with(20, steps=140)
    model.crowd.remove_rows(model.crowd.rows[:6])
    so_far = model.crowd.activities()
    gone = set(model.crowd.people.ids[:6].tolist())
    for _ in range(60):
        model.step()
    later = model.crowd.activities()
    assert len(model.crowd) == model.crowd.doing.total() == 14
    assert (later["person"].isin(gone)).sum() == (so_far["person"].isin(gone)).sum()


def test_a_citizen_who_has_left_cannot_become_a_row() -> None:
    crowd = Crowd(10, meets=False)
    people = Population.synthesize(3, city=town(), rng=7)
    model = CityModel(town(), people, rng=7, crowd=crowd)
    agent = model.citizens[0]
    agent.remove()
    with pytest.raises(ConfigError, match="has left and cannot become a row"):
        model.demote(agent)


def test_citizens_and_rows_talk_to_each_other() -> None:
    people = Population.synthesize(40, city=town(), rng=7)
    model = CityModel(town(), people, rng=7, crowd=Crowd(200))
    model.run_days(1)
    talks = model.conversations()
    with_rows = talks[talks["other"] >= Crowd(1).first_id]
    assert len(with_rows) > 0
    first = with_rows.iloc[0]
    ties = model.crowd.meetings.known.ties  # type: ignore[union-attr]
    row = model.crowd.row_of(int(first["other"]))
    assert int(first["person"]) in ties.other[row].tolist()


def test_a_save_in_which_somebody_came_back_as_a_row_is_loaded(tmp_path: Path) -> None:
    model = CityModel(town(), [], rng=7, crowd=Crowd(20))
    model.step()
    model.demote(model.promote(3))
    model.save(tmp_path / "saved")
    loaded = CityModel.load(tmp_path / "saved")
    for one in (model, loaded):
        one.step()
    assert len(loaded.crowd) == 20
    assert loaded.crowd.digest() == model.crowd.digest()


def test_a_row_keeps_the_closest_of_those_that_a_citizen_knows() -> None:
    model = CityModel(town(), Population.synthesize(1, city=town(), rng=7), rng=7, crowd=Crowd(3))
    agent = model.citizens[0]
    ties = agent.citizen.components.ties
    assert ties is not None
    for other in range(100, 112):
        ties.meet(other, Outcome.NEUTRAL, at_min=other)
    ties.relate([201, 202], Relation.FRIEND)
    row = model.demote(agent)
    known = model.crowd.meetings.known.ties  # type: ignore[union-attr]
    assert known.other[row].tolist() == [106, 107, 108, 109, 110, 111, 201, 202]
    assert known.relation[row].tolist() == [5, 5, 5, 5, 5, 5, 1, 1]
    assert known.met_min[row, :6].tolist() == [106, 107, 108, 109, 110, 111]
