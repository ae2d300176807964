"""Opinions in a city model: told, talked about, saved, and nothing else by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesa_llm_city import City, CityModel
from mesa_llm_city.citizen.components import opinion_components
from mesa_llm_city.core.errors import ConfigError

PARTS = opinion_components()


def model(**named: object) -> CityModel:
    city = City.synthetic(rng=1, places=300)
    return CityModel(city, 12, rng=7, **named)  # type: ignore[arg-type]


def levels(one: CityModel) -> list[tuple[float, float, int]]:
    parts = [agent.citizen.components for agent in one.citizens]
    return [
        (
            part.emotion.level("bridge", at_min=one.minute),  # type: ignore[union-attr]
            part.stance.value("bridge"),  # type: ignore[union-attr]
            part.awareness.known("bridge").times,  # type: ignore[union-attr]
        )
        for part in parts
    ]


@pytest.fixture(scope="module")
def told() -> CityModel:
    """Return a model a day after everybody was told of the bridge."""
    one = model(components=PARTS)
    while one.minute < 12 * 60:
        one.step()
    one.tell(
        None,
        "They close it",
        source="media",
        channel="phone",
        topic="bridge",
        stance=-1,
        intensity=1,
    )
    one.run_days(1)
    return one


def test_what_is_told_is_felt_and_talked_about(told: CityModel) -> None:
    found = levels(told)
    assert min(level for level, *_ in found) > 0.1
    assert sum(stance for _, stance, _ in found) < 0.0
    assert max(times for *_, times in found) > 1


def test_a_saved_model_goes_on_the_same(told: CityModel, tmp_path: Path) -> None:
    told.save(tmp_path / "saved")
    again = CityModel.load(tmp_path / "saved", components=PARTS)
    assert levels(again) == levels(told)
    assert [agent.citizen.state() for agent in again.citizens] == [
        agent.citizen.state() for agent in told.citizens
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stance": 2}, r"stance must be a number from -1 \(against\) to 1"),
        ({"intensity": -0.1}, "intensity must be a number from 0 to 1, or nothing"),
        ({"corrects": 1}, "corrects must be true or false"),
    ],
)
def test_views_out_of_range_are_refused(
    told: CityModel, given: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        told.tell(None, "They close it", **given)  # type: ignore[arg-type]
