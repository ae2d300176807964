"""A live model as a view."""

from __future__ import annotations

import gc
import pickle
from itertools import pairwise
from weakref import ref

import mesa
import numpy as np
import pytest

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.views.kinds import colourings
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import TABLES, Crowd
from tests.town import small_town, townspeople


def _model(*, hours: int = 0, **options: object) -> CityModel:
    model = CityModel(small_town(), townspeople(), rng=5, **options)  # type: ignore[arg-type]
    while model.minute < 60 * hours:
        model.step()
    return model


def _agrees(crowd: Crowd, model: CityModel) -> bool:
    agents = sorted(model.citizens, key=lambda agent: agent.person)
    where = np.array([agent.pos for agent in agents])
    purposes, names = list(model.parameters.purposes), list(model.parameters.modes)
    modes = [
        -1 if (t := a.citizen.now.trip) is None else names.index(t.option.mode) for a in agents
    ]
    stays = crowd.mode < 0
    return (
        crowd.person.tolist() == [agent.person for agent in agents]
        and np.allclose(np.column_stack([crowd.x, crowd.y])[stays], where[stays])
        and [purposes[code] for code in crowd.doing] == [agent.purpose for agent in agents]
        and crowd.mode.tolist() == modes
    )


def test_the_crowd_is_where_the_citizens_are_at_every_step() -> None:
    model = _model()
    view = LiveView(model)
    for _ in range(150):
        model.step()
        assert _agrees(view.crowd(), model)


def test_people_under_way_are_on_the_lines_of_their_trips() -> None:
    model = _model(hours=7)
    view, seen = LiveView(model), 0
    for _ in range(40):
        model.step()
        crowd, trips = view.crowd(), view.under_way()
        goes = np.flatnonzero(crowd.mode >= 0)
        assert crowd.person[goes].tolist() == trips.person.tolist()
        assert crowd.mode[goes].tolist() == trips.mode.tolist()
        start, end = trips.times.T
        here = trips.lines.at(np.clip((model.minute - start) / (end - start), 0.0, 1.0))
        assert np.allclose(np.column_stack([crowd.x, crowd.y])[goes], here)
        going = {one.person: one.citizen.now.trip for one in model.citizens}
        for row, person in enumerate(trips.person.tolist()):
            trip, line = going[person], trips.lines.take(np.array([row])).points
            assert trip is not None
            assert line[0].tolist() == list(model.city.position(trip.origin))
            assert line[-1].tolist() == list(model.city.position(trip.destination))
            seen += len(line) > 2
    assert seen > 0


def test_the_crowd_follows_people_who_leave_and_arrive() -> None:
    model = _model(hours=8)
    view = LiveView(model)
    view.crowd()
    gone = model.citizens[3]
    gone.remove()
    assert _agrees(view.crowd(), model)
    model.add(gone.citizen.persona)
    assert _agrees(view.crowd(), model)
    model.step()
    assert _agrees(view.crowd(), model)


def test_an_empty_city_has_an_empty_crowd() -> None:
    view = LiveView(CityModel(small_town(), [], rng=1))
    assert len(view.crowd()) == 0
    assert all(len(view.values(by)) == 0 for by in view.colours())


@pytest.mark.slow
def test_looking_changes_nothing() -> None:
    one, other = _model(hours=9), _model(hours=9)
    view = LiveView(one)
    for _ in range(12):
        view.crowd()
        for by in view.colours():
            view.values(by)
        for name in TABLES:
            view.table(name)
        view.person(one.citizens[0].person)
        one.step()
        other.step()
    assert one.digest() == other.digest()
    assert pickle.dumps(one.citizens[0].citizen.components.needs) == pickle.dumps(
        other.citizens[0].citizen.components.needs
    )


def test_needs_and_moods_are_those_of_each_citizen_whatever_happens() -> None:
    model = _model(hours=6)
    view = LiveView(model)
    for _ in range(60):
        model.step()
        agents = sorted(model.citizens, key=lambda agent: agent.person)
        for need in model.parameters.needs:
            wanted = [agent.citizen.needs_at(model.minute)[need] for agent in agents]
            assert np.allclose(view.values(need), wanted)
        moods = [agent.citizen.mood_at(model.minute) for agent in agents]
        assert np.allclose(view.values("mood"), moods)


@pytest.mark.slow
def test_beliefs_are_the_means_over_the_places_each_knows() -> None:
    model = _model(hours=20)
    view = LiveView(model)
    view.values("belief")
    while model.minute < DAY_MIN + 600:
        model.step()
        view.values("belief")
    agents = sorted(model.citizens, key=lambda agent: agent.person)
    wanted = [
        float(beliefs.faded(model.minute).mean()) if len(beliefs.places) else np.nan
        for agent in agents
        if (beliefs := agent.citizen.components.beliefs) is not None
    ]
    assert np.allclose(view.values("belief"), wanted, equal_nan=True)
    assert np.isfinite(view.values("belief")).any()


def test_components_left_out_give_no_colours() -> None:
    view = LiveView(_model(without=["needs", "mood", "beliefs", "persona"]))
    assert view.colours() == ("activity", "mode")
    assert np.isnan(view.values("hunger")).all()
    assert np.isnan(view.values("mood")).all()
    assert LiveView(_model()).colours() == colourings(default_parameters())


def test_an_unknown_colour_and_an_unknown_table_name_those_there_are() -> None:
    view = LiveView(_model())
    with pytest.raises(ConfigError, match="choose one of activity"):
        view.values("shoe size")
    with pytest.raises(ConfigError, match="the tables are activities"):
        view.table("chairs")


def test_tables_are_those_of_the_model_and_grow_with_it() -> None:
    model = _model(hours=9)
    view = LiveView(model)
    before = {name: len(view.table(name)) for name in TABLES}
    assert before["activities"] == len(model.activities())
    assert before["trips"] == len(model.trips())
    assert before["needs"] == len(model.needs())
    assert before["calls"] == 0
    for _ in range(24):
        model.step()
    after = {name: len(view.table(name)) for name in TABLES}
    assert all(after[name] >= before[name] for name in TABLES)
    assert after["needs"] == len(model.needs()) > before["needs"]


@pytest.mark.slow
def test_the_plan_of_a_person_has_blocks_done_now_and_next() -> None:
    model = _model(hours=12)
    view = LiveView(model)
    for agent in model.citizens:
        plan = view.person(agent.person).plan
        assert plan[0].start <= 0
        assert [row.status for row in plan].count("now") == 1
        order = [("done", "now", "next").index(row.status) for row in plan]
        assert order == sorted(order)
        for row, later in pairwise(plan):
            assert row.end <= later.start or later.status == "next"
        assert plan[order.index(1)].purpose == str(agent.purpose)


def test_a_person_is_shown_from_the_components() -> None:
    model = _model(hours=14)
    agent = model.citizens[4]
    seen = LiveView(model).person(agent.person)
    components = agent.citizen.components
    assert seen.name == agent.citizen.persona.name
    assert seen.needs == agent.citizen.needs_at(model.minute)
    assert components.memory is not None
    assert len(seen.memories) == len(components.memory)
    assert seen.memories[0].number > seen.memories[-1].number
    assert components.ties is not None
    assert sorted(seen.ties["other"]) == components.ties.others.tolist()
    decided = model.decisions()
    assert len(seen.decisions) == (decided["person"] == agent.person).sum()
    assert seen.decisions["time"].is_monotonic_decreasing
    assert seen.missing == ()


def test_a_person_without_components_has_empty_fields() -> None:
    left_out = ["needs", "mood", "beliefs", "memory", "social", "goals"]
    model = _model(hours=3, without=left_out)
    seen = LiveView(model).person(model.citizens[0].person)
    assert (seen.needs, seen.mood, seen.memories, seen.insights, seen.goals) == ({}, "", (), (), ())
    assert len(seen.beliefs) == len(seen.ties) == 0
    assert seen.beliefs.columns[0] == "place"


def test_nobody_has_an_unknown_id() -> None:
    with pytest.raises(ConfigError, match="no person has the id 999"):
        LiveView(_model()).person(999)


def test_people_are_found_by_a_piece_of_their_name_or_by_their_id() -> None:
    model = _model()
    view, persona = LiveView(model), model.citizens[2].citizen.persona
    assert (persona.id, persona.name) in view.find(persona.name[1:5].upper())
    assert (persona.id, persona.name) in view.find(f" {persona.id} ")
    assert view.find("  ") == []
    assert view.find("nobody is called so") == []


def test_names_are_in_the_order_of_the_crowd() -> None:
    model = _model()
    view = LiveView(model)
    wanted = [model.world.names[person] for person in view.crowd().person.tolist()]
    assert list(view.names()) == wanted


def test_the_basemap_is_kept_until_homes_are_added() -> None:
    model = pickle.loads(pickle.dumps(_model()))
    view = LiveView(model)
    base_map = view.basemap()
    assert LiveView(model).basemap() is base_map
    x, y = model.city.position(0)
    model.city.add_residences(np.array([x]), np.array([y]))
    assert len(view.basemap().places) == len(base_map.places) + 1


@pytest.mark.slow
def test_views_do_not_keep_a_model_alive() -> None:
    model = _model()
    for by in LiveView(model).colours():
        LiveView(model).values(by)
    gone = ref(model)
    getattr(mesa.Agent, "_ids", {}).pop(model, None)  # Mesa 3.3 counts agents by model
    del model
    gc.collect()
    assert gone() is None
