"""Digests of what had happened up to a moment."""

from __future__ import annotations

import pytest

from mesa_llm_city import CityModel, ConfigError
from tests.town import small_town, townspeople


def test_a_digest_until_a_moment_is_the_digest_that_the_model_had_then() -> None:
    model = CityModel(small_town(), townspeople(12), rng=7)
    then = {}
    for _ in range(12 * 16):
        model.step()
        if model.minute % 95 == 0 or model.minute == 12 * 60:
            then[model.minute] = model.digest()
    assert len(then) == 11
    assert {minute: model.digest(until=minute) for minute in then} == then
    assert model.digest(until="day 1 12:00") == then[720]
    assert model.digest(until="2024-04-01 12:00") == then[720]


def test_until_now_is_the_digest_of_everything_and_until_the_start_of_nothing() -> None:
    model = CityModel(small_town(), townspeople(12), rng=7)
    nothing = model.digest()
    for _ in range(12 * 9):
        model.step()
    assert model.digest(until=model.minute) == model.digest() != nothing
    assert model.digest(until=0) == nothing


def test_a_digest_of_what_lies_ahead_is_refused() -> None:
    model = CityModel(small_town(), townspeople(12), rng=7)
    with pytest.raises(ConfigError, match="until must not lie ahead of minute 0"):
        model.digest(until=5)


def test_interventions_after_the_moment_leave_no_trace_in_its_digest() -> None:
    model, other = (CityModel(small_town(), townspeople(12), rng=7) for _ in range(2))
    other.intervene({"kind": "close", "place": 3, "start": 30})
    for _ in range(12):
        model.step()
        other.step()
    assert len(other.interventions()) == 1
    assert other.digest(until=30) == model.digest(until=30)
    assert other.digest(until=60) == other.digest() != model.digest()
