"""Reseeding: the past stays, people stay who they are, what is to come is drawn anew."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from mesa_llm_city import CityModel, ConfigError
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.mobility import Planned, Planner
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.reseeding import reseed
from mesa_llm_city.simulation.saving import restored, snapshot
from tests.town import small_town, townspeople

NOON = 12 * 60


def _lived(minutes: int, *, seed: int | None = None, more: int = 0) -> CityModel:
    """Return a model that is reseeded after some minutes, and lives `more`."""
    model = CityModel(small_town(), townspeople(12), rng=7)
    for step in range((minutes + more) // 5):
        if seed is not None and step == minutes // 5:
            reseed(model, seed)
        model.step()
    return model


def test_the_past_stays_and_the_future_differs() -> None:
    control, other, third = (_lived(NOON, seed=seed, more=300) for seed in (None, 8, 9))
    assert control.digest(until=NOON) == other.digest(until=NOON) == third.digest(until=NOON)
    assert len({one.digest() for one in (control, other, third)}) == 3


def test_the_same_seed_leads_to_the_same_future() -> None:
    assert _lived(NOON, seed=8, more=120).digest() == _lived(NOON, seed=8, more=120).digest()


def test_a_day_that_has_been_planned_stays_and_the_next_is_planned_anew() -> None:
    model = _lived(NOON)
    before = {one.person: one.citizen.now.plan for one in model.citizens}
    other = restored(snapshot(model), seed=8)
    assert {one.person: one.citizen.now.plan for one in other.citizens} == before
    for one, twin in zip(model.citizens, other.citizens, strict=True):
        today = one.citizen.now.day
        drawn = [
            [
                person.streams.on("time_use", day=day).random()
                for person in (one.citizen, twin.citizen)
            ]
            for day in (today, today + 1)
        ]
        assert drawn[0][0] == drawn[0][1]
        assert drawn[1][0] != drawn[1][1]


def test_nobody_has_a_gap_in_the_days_after() -> None:
    model = _lived(NOON, seed=8, more=DAY_MIN + NOON)
    activities = model.activities()
    for _, rows in activities.groupby("person"):
        ends, starts = rows["end"].to_numpy()[:-1], rows["start"].to_numpy()[1:]
        assert (ends == starts).all()
    lived = activities["end"].to_numpy() - activities["start"].to_numpy()
    assert lived.sum() == np.timedelta64(12 * 2 * DAY_MIN, "m")


def test_who_would_get_up_before_the_reseeded_day_begins_sleeps_on() -> None:
    begins: dict[int, int] = {}

    class Noted(Planner):
        """Keeps when the second day begins."""

        async def plan_day(self, persona: Persona, day: int, **known: Any) -> Planned:  # noqa: ANN401
            planned = await super().plan_day(persona, day, **known)
            if day == 1:
                begins[persona.id] = planned.plan[0].start_min
            return planned

    model = CityModel(small_town(), townspeople(12), rng=7, components={"planner": Noted()})
    for step in range(36 * 12):
        if step == 23 * 12:
            reseed(model, 8)
        model.step()
    activities = model.activities()
    nights = activities[
        (activities["purpose"] == "sleep") & (activities["end"] > "2024-04-02 02:00")
    ]
    up = nights.groupby("person")["end"].first()
    late = {
        person: (at - np.datetime64("2024-04-01")) / np.timedelta64(1, "m")
        for person, at in up.items()
    }
    assert len(begins) == 12
    assert all(late[person] >= begin for person, begin in begins.items())
    assert any(late[person] == begin for person, begin in begins.items())


def test_a_reseeding_is_part_of_the_state_of_a_person() -> None:
    model = _lived(NOON)
    reseed(model, 8)
    citizen, twin = model.citizens[0].citizen, _lived(0).citizens[0].citizen
    twin.restore(json.loads(json.dumps(citizen.state())))
    assert twin.streams == citizen.streams
    assert "reseedings" not in _lived(0).citizens[0].citizen.state()


def test_the_random_numbers_of_mesa_are_reseeded_in_place() -> None:
    model = _lived(0)
    held, other = (model.random, model.rng), _lived(0)
    reseed(model, 8)
    reseed(other, 8)
    assert held == (model.random, model.rng)
    assert model.random.random() == other.random.random()
    assert model.rng.random() == other.rng.random()


@pytest.mark.parametrize("seed", [-1, 1.5, True, None, 2**64])
def test_a_seed_that_is_none_is_refused_before_anything_changes(seed: object) -> None:
    model = _lived(0)
    with pytest.raises(ConfigError, match="seed must be a whole number"):
        reseed(model, seed)  # type: ignore[arg-type]
    assert model.run_seed == 7
    assert not model.citizens[0].citizen.streams.later
