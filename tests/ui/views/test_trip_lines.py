"""The lines of trips, and finding them as they begin."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.ui.views.trip_lines import Going, MovingLines, TripLines

MODES = default_parameters().modes
WALK, TRAIN = (list(MODES).index(name) for name in ("walk", "train"))


def _finder(stations: list[list[float]]) -> TripLines:
    return TripLines(np.array(STREET), np.array(stations, dtype=float).reshape(-1, 2), MODES)


STREET = [[x, 0.0, x + 100.0, 0.0] for x in 100.0 * np.arange(10)]
ACROSS: Float = np.array([[0.0, 0.0, 1000.0, 0.0]])


def test_a_train_leads_from_station_to_station() -> None:
    finder = _finder([[200.0, 90.0], [900.0, 90.0]])
    both = np.vstack([ACROSS, ACROSS])
    lines, found = finder.of(both, np.array([TRAIN, WALK]))
    assert found.all()
    train, walk = (lines.take(np.array([row])) for row in (0, 1))
    assert walk.length.tolist() == [1000.0]
    assert [[200.0, 90.0], [900.0, 90.0]] in [
        train.points[row : row + 2].tolist() for row in range(len(train.points) - 1)
    ]
    assert train.length[0] == pytest.approx(200.0 + 90.0 + 700.0 + 90.0 + 100.0)


@pytest.mark.parametrize("stations", [[], [[500.0, 0.0]]])
def test_a_train_without_two_stations_leads_along_the_streets(stations: list[list[float]]) -> None:
    lines, found = _finder(stations).of(ACROSS, np.array([TRAIN]))
    assert (lines.length.tolist(), found.tolist()) == ([1000.0], [True])


def test_an_unknown_mode_leads_along_the_streets() -> None:
    lines, _ = _finder([]).of(ACROSS, np.array([len(MODES)]))
    assert lines.length.tolist() == [1000.0]


def test_only_lines_of_new_trips_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    finder, moving, asked = _finder([]), MovingLines(), []
    find = finder.of

    def count(ends: Float, *given: object, **named: object) -> object:
        asked.append(len(ends))
        return find(ends, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(finder, "of", count)
    walk = np.array([WALK, WALK])
    ends = np.vstack([ACROSS, ACROSS / 2.0])
    moving.at(480, Going(np.array([3, 7]), ends, walk), finder)
    moving.at(485, Going(np.array([3, 7]), ends, walk), finder)
    lines, found = moving.at(490, Going(np.array([5, 7]), ends, walk), finder)
    assert asked == [2, 1]
    assert (lines.length.tolist(), found.tolist()) == ([1000.0, 500.0], [True, True])
    lines, _ = moving.at(495, Going(np.array([7]), ends[1:], walk[1:]), finder)
    assert lines.length.tolist() == [500.0]


def test_ways_from_places_are_known_once_all_are_prepared() -> None:
    # Two trips from either end, of which one reading with one step finds a single way.
    ends: Float = np.array([[0.0, 0.0, 500.0, 0.0], [1000.0, 0.0, 600.0, 0.0]])
    walks, places = np.array([WALK, WALK]), ends[:, :2]
    unprepared, prepared = (
        TripLines(np.array(STREET), np.empty((0, 2)), MODES, places) for _ in range(2)
    )
    prepared.prepare_all()
    assert unprepared.of(ends, walks, most_steps=1)[1].tolist() == [True, False]
    lines, found = prepared.of(ends, walks, most_steps=1)
    assert found.tolist() == [True, True]
    assert lines.length.tolist() == [500.0, 400.0]
