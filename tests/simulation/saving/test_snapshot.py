"""A model in memory goes on as the model itself, and the two do not touch each other."""

from __future__ import annotations

import pickle
from functools import cache
from threading import Lock

import mesa
import pytest

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.saving import Snapshot, restored, snapshot
from tests.town import small_town, townspeople


def _model(**options: object) -> CityModel:
    return CityModel(small_town(), townspeople(8), rng=7, **options)  # type: ignore[arg-type]


def _lived(model: CityModel, hours: int = 5) -> CityModel:
    for _ in range(hours * 12):
        model.step()
    return model


@cache
def _morning() -> tuple[Snapshot, str]:
    """Return the moment of 9:00, and the digest at 14:00 of the model that it was taken of."""
    model = _lived(_model(), hours=9)
    kept = snapshot(model)
    return kept, _lived(model).digest()


def test_a_copy_goes_on_as_the_model_does() -> None:
    kept, afternoon = _morning()
    assert kept.minute == 540
    assert _lived(restored(kept)).digest() == afternoon


def test_copies_of_a_moment_do_not_touch_each_other() -> None:
    kept, _ = _morning()
    first, second = restored(kept), restored(kept)
    before = first.digest()
    for agent in _lived(first).citizens[:4]:
        agent.remove()
    assert second.digest() == before
    assert (len(first.citizens), len(second.citizens)) == (4, 8)


def test_a_copy_shares_the_city_and_the_personas() -> None:
    model = _model()
    copied = restored(snapshot(model))
    assert copied.city is model.city
    assert copied.parameters is model.parameters
    assert all(a.persona is b.persona for a, b in zip(copied.citizens, model.citizens, strict=True))
    assert copied.citizens[0] is not model.citizens[0]


def test_functions_and_classes_of_a_notebook_are_shared() -> None:
    class Quiet(CityAgent):
        """Defined where it cannot be imported from."""

    model = _model(agent_class=Quiet, model_reporters={"asleep": lambda one: one.doing["sleep"]})
    copied = restored(snapshot(model))
    copied.step()
    assert type(copied.citizens[0]) is Quiet
    assert copied.datacollector.get_model_vars_dataframe()["asleep"].iloc[-1] > 0


def test_another_seed_changes_what_is_drawn_from_then_on_only() -> None:
    kept, afternoon = _morning()
    first, second = restored(kept, seed=8), restored(kept, seed=8)
    assert first.run_seed == 8
    assert first.digest() == restored(kept).digest()
    assert {_lived(first).digest()} == {_lived(second).digest()} != {afternoon}


def test_a_moment_can_be_sent_to_another_process() -> None:
    kept, afternoon = _morning()
    sent: Snapshot = pickle.loads(pickle.dumps(kept))
    assert repr(sent).startswith("Snapshot(minute=540, ")
    assert _lived(restored(sent)).digest() == afternoon


def test_what_cannot_be_copied_is_named() -> None:
    class Logger(mesa.Agent):
        """Holds something that belongs to one process."""

    model = _model()
    Logger(model).lock = Lock()  # type: ignore[attr-defined]
    with pytest.raises(CityError, match=r"cannot be copied: .*lock"):
        snapshot(model)


def test_a_model_cannot_be_copied_inside_a_step() -> None:
    class Curious(mesa.Agent):
        """Tries it."""

        def step(self) -> None:
            """Copy."""
            snapshot(self.model)  # type: ignore[arg-type]

    model = _model()
    Curious(model)
    with pytest.raises(CityError, match=r"in the middle of step 1 and cannot be copied"):
        model.step()
    snapshot(model)
