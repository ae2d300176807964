"""A morning of a small town, and what a future may change at noon."""

from __future__ import annotations

from functools import cache

from mesa_llm_city import CityModel
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.experiments import Futures, fork
from mesa_llm_city.simulation.saving import Snapshot, restored, snapshot
from tests.town import small_town, townspeople

NOON = 12 * 60
PATIENT = 5
"""Who falls ill."""


@cache
def _noon(people: int) -> Snapshot:
    model = CityModel(small_town(), townspeople(people), rng=7)
    for _ in range(NOON // 5):
        model.step()
    return snapshot(model)


def at_noon(people: int = 10) -> CityModel:
    """Return a town at noon of the first day."""
    return restored(_noon(people))


def fall_ill(model: CityModel) -> None:
    """Let one person stay at home, when what it does now has ended, for the rest of the day."""
    citizen = model.residents.by_id[PATIENT].citizen
    plan = citizen.now.plan
    citizen.now.plan = (
        Activity(
            purpose=Purpose.REST,
            start_min=plan[0].start_min,
            end_min=plan[-1].end_min,
            place=citizen.persona.home,
            fixed=True,
        ),
    )


@cache
def ill_or_not() -> Futures:
    """Return two futures of ten people in two replicates: nothing happens, and one falls ill."""
    return fork(at_noon(), {"control": [], "ill": [fall_ill]}, seeds=2)


def leave(model: CityModel) -> None:
    """Let one person leave for good."""
    model.residents.by_id[PATIENT].remove()
