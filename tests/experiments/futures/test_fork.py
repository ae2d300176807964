"""Fork: futures of one past, of which only what a change touches differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from operator import methodcaller
from typing import Any

import pytest

from mesa_llm_city import CityModel, ConfigError
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments import fork
from mesa_llm_city.simulation.interventions import close
from tests.experiments.futures.lives import NOON, PATIENT, at_noon, fall_ill, ill_or_not, leave


def test_futures_without_changes_are_equal_and_the_first_goes_on_as_the_run() -> None:
    model = at_noon()
    futures = fork(model, {"control": [], "same": [len_of_citizens]}, seeds=2)
    control, same = ([one.digest() for one in futures.models[name]] for name in futures.models)
    assert control == same
    assert control[0] != control[1]
    assert [len(futures.touched(replicate=number)) for number in (1, 2)] == [0, 0]
    assert model.minute == NOON
    assert control == [one.digest() for one in ill_or_not().models["control"]]
    model.run_days(1)
    assert control[0] == model.digest()


def len_of_citizens(model: CityModel) -> int:
    """Look at the model, which changes nothing."""
    return len(model.citizens)


def test_futures_have_the_past_in_common_up_to_the_fork() -> None:
    model = at_noon()
    futures, past = ill_or_not(), model.digest()
    lived = [one for models in futures.models.values() for one in models]
    assert [one.digest(until="day 1 12:00") for one in lived] == [past] * 4
    assert len({one.digest() for one in lived}) == 4


def test_a_change_is_a_function_or_several_and_is_made_in_every_replicate() -> None:
    seen: list[tuple[int, int]] = []

    def noted(model: CityModel) -> None:
        seen.append((model.run_seed, model.minute))

    futures = fork(at_noon(), {"control": (), "one": noted, "two": [noted, leave]}, seeds=[7, 8])
    assert seen == [(7, NOON), (7, NOON), (8, NOON), (8, NOON)]
    assert futures.changes["two"][1] == "leave"
    assert [len(one.citizens) for one in futures.models["two"]] == [9, 9]
    assert [len(one.citizens) for one in futures.models["one"]] == [10, 10]


def test_the_city_is_shared_and_no_future_touches_another() -> None:
    model = at_noon()
    futures = fork(model, {"control": [], "policy": [leave]}, seeds=1)
    control, policy = (futures.models[name][0] for name in ("control", "policy"))
    assert control.city is policy.city is model.city
    assert PATIENT in control.residents.by_id
    assert PATIENT in model.residents.by_id
    assert PATIENT not in policy.residents.by_id


def test_seeds_may_be_given_and_decide_what_is_to_come() -> None:
    first = fork(at_noon(), {"a": [], "b": []}, seeds=[8, 9]).models["a"]
    second = fork(at_noon(), {"a": [], "b": []}, seeds=[8]).models["a"]
    assert first[0].digest() == second[0].digest() != first[1].digest()


@pytest.mark.slow
def test_several_processes_lead_to_the_same_futures() -> None:
    # Tests cannot be imported by other processes, so the change is a function of Python.
    newcomer = replace(at_noon().citizens[0].persona, id=99)
    changes = {"control": [], "one more": [methodcaller("add", newcomer)]}
    here = fork(at_noon(), changes, seeds=2)
    there = fork(at_noon(), changes, seeds=2, processes=2)
    assert there.seeds == here.seeds
    for name, models in here.models.items():
        assert [one.digest() for one in models] == [one.digest() for one in there.models[name]]
    models = [one for several in there.models.values() for one in several]
    assert len({id(one.city) for one in models}) == 1


def test_what_cannot_be_sent_to_another_process_is_refused() -> None:
    changes: dict[str, Callable[[CityModel], object]] = {"a": fall_ill, "b": lambda _: None}
    with pytest.raises(ConfigError, match="cannot be sent to other processes"):
        fork(at_noon(), changes, seeds=2, processes=2)


@pytest.mark.parametrize(
    ("futures", "options", "message"),
    [
        ({"control": []}, {}, "at least two names"),
        ([fall_ill], {}, "at least two names"),
        ({"low": [], "high": []}, {}, "no future can be called"),
        ({"": [], "policy": []}, {}, "the name of a future must be a word"),
        ({"control": [], "policy": ["ill"]}, {}, "future policy: a change must be an intervention"),
        ({"control": [], "policy": []}, {"days": 0}, "days must be a whole number"),
        ({"control": [], "policy": []}, {"seeds": 0}, "seeds must be a whole number"),
        ({"control": [], "policy": []}, {"seeds": [8, 8]}, "all different"),
        ({"control": [], "policy": []}, {"seeds": [-1]}, "seed must be a whole number"),
        ({"control": [], "policy": []}, {"processes": True}, "processes must be a whole number"),
    ],
)
def test_what_makes_no_fork_is_refused(
    futures: object, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        fork(at_noon(), futures, **options)  # type: ignore[arg-type]


def test_interventions_are_changes_as_objects_and_as_data() -> None:
    model = at_noon()
    place = next(one.place for one in model.citizens if one.place != one.persona.home)
    changes: dict[str, Any] = {
        "control": [],
        "object": close(place=place, minutes=60),
        "data": [{"kind": "close", "place": place, "minutes": 60}],
    }
    futures = fork(model, changes, seeds=1)
    control, one, other = (futures.models[name][0] for name in changes)
    assert one.digest() == other.digest() != control.digest()
    assert control.digest(until=NOON) == one.digest(until="day 1 12:00") == model.digest()
    assert json.loads(futures.changes["object"][0])["kind"] == "close"
    inside = {agent.person for agent in model.citizens if agent.place == place}
    assert inside & set(futures.touched("object")["person"])


def test_interventions_that_do_not_fit_are_refused_before_anybody_lives() -> None:
    model = at_noon()
    changes: dict[str, Any] = {
        "control": [],
        "policy": [{"kind": "close", "place": -1}, {"kind": "shut"}],
    }
    with pytest.raises(DataError, match="there is no kind 'shut'") as raised:
        fork(model, changes, seeds=1)
    assert raised.value.__notes__[-1] == "in the future 'policy'"
