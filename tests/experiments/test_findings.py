"""The key figures of a run."""

from __future__ import annotations

import pandas as pd
import pytest

from mesa_llm_city.experiments.findings import findings
from mesa_llm_city.parameters import CityParameters


def _frames(modes: list[str], minutes: list[float]) -> dict[str, pd.DataFrame]:
    times = pd.to_datetime(["2024-04-01 00:00", "2024-04-01 18:00", "2024-04-02 00:00"])
    activities = pd.DataFrame(
        {"start": times[:2], "end": times[1:], "purpose": ["sleep", "work"]},
    )
    trips = pd.DataFrame({"mode": modes, "travel_min": minutes})
    return {"activities": activities, "trips": trips.astype({"travel_min": float})}


def test_figures_of_a_small_run_by_hand() -> None:
    found = findings(_frames(["walk", "car", "walk"], [5.0, 30.0, 10.0]), people=2, days=3)
    assert found["trips_per_person_day"] == 0.5
    assert found["median_trip_min"] == 10.0
    assert found["time_shares"] == {"sleep": 0.75, "work": 0.25}
    assert found["mode_shares"] == {"walk": pytest.approx(0.6667), "car": pytest.approx(0.3333)}


def test_kinds_come_in_the_order_of_the_parameters_and_unknown_ones_last() -> None:
    frames = _frames(["hoverboard", "scooter", "walk"], [1.0, 1.0, 1.0])
    parameters = CityParameters(modes={"scooter": {}})
    found = findings(frames, people=1, days=1, parameters=parameters)
    assert list(found["mode_shares"]) == ["walk", "scooter", "hoverboard"]


def test_without_trips_there_is_no_median_and_no_share() -> None:
    found = findings(_frames([], []), people=2, days=3)
    assert found["median_trip_min"] is None
    assert found["mode_shares"] == {}
    assert found["trips_per_person_day"] == 0.0
