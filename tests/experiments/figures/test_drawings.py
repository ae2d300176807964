"""What is drawn: numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text
from shapely import box

from mesa_llm_city.city.land import Land
from mesa_llm_city.experiments.figures.distances import draw_lengths, draw_mode_shares
from mesa_llm_city.experiments.figures.flow_map import MOST_FLOWS, draw_flows
from mesa_llm_city.experiments.figures.place_ranks import draw_place_ranks
from mesa_llm_city.experiments.figures.town import (
    SavedPlaces,
    SavedStations,
    SavedTown,
    SavedZones,
)
from mesa_llm_city.experiments.key_layout import key_columns
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.parameters import CityParameters

PALETTE = palette_of(CityParameters())


def _figure() -> Figure:
    return Figure(figsize=(3.5, 3.0), layout="constrained")


def _town(zones: int) -> SavedTown:
    polygons = np.array([box(k * 1000.0, 0.0, k * 1000.0 + 900.0, 900.0) for k in range(zones)])
    at = np.arange(zones, dtype=np.float64) * 1000.0 + 450.0
    return SavedTown(
        name="town",
        places=SavedPlaces(x=at, y=np.full(zones, 450.0), is_residence=np.zeros(zones, dtype=bool)),
        stations=SavedStations(x=np.empty(0), y=np.empty(0), names=()),
        zones=SavedZones(polygons=polygons, names=tuple(f"zone {k}" for k in range(zones))),
        streets=np.empty((0, 2, 2)),
        land=Land.of(),
    )


def _flows(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["origin", "destination", "trips"])


def _texts(figure: Figure) -> list[str]:
    figure.canvas.draw()
    return [one.get_text() for one in figure.findobj(Text)]


def test_a_flow_is_an_arrow_and_both_directions_are_drawn() -> None:
    figure = _figure()
    axes = figure.add_subplot()
    draw_flows(axes, _town(3), _flows([(0, 1, 8), (1, 0, 4), (2, 2, 5), (0, 1, 2)]))
    arrows = [one for one in axes.patches if isinstance(one, FancyArrowPatch)]
    assert len(arrows) == 2
    assert arrows[1].get_linewidth() == pytest.approx(2.5 * arrows[0].get_linewidth())
    assert "2 flows with 100% of the trips between zones" in _texts(figure)
    assert "10 trips" in _texts(figure)


def test_only_the_largest_flows_are_drawn_and_the_key_tells_their_share() -> None:
    figure = _figure()
    rows = [(a, b, 1 + (a == 0)) for a in range(9) for b in range(9) if a != b]
    axes = figure.add_subplot()
    draw_flows(axes, _town(9), _flows(rows))
    drawn = 2 * 8 + (MOST_FLOWS - 8)
    assert len([one for one in axes.patches if isinstance(one, FancyArrowPatch)]) == MOST_FLOWS
    expected = f"{MOST_FLOWS} flows with {drawn / 80:.0%} of the trips between zones"
    assert expected in _texts(figure)


def test_a_run_without_trips_between_zones_has_a_map_all_the_same() -> None:
    figure = _figure()
    draw_flows(figure.add_subplot(), _town(2), _flows([]))
    assert not [one for one in _texts(figure) if "flows" in one]


def test_shares_of_modes_stand_above_their_class_with_the_number_of_trips() -> None:
    figure = _figure()
    trips = pd.DataFrame(
        {"mode": ["walk", "car", "walk", "hovercraft"], "distance_m": [100.0, 200.0, 300.0, 9000.0]}
    )
    axes = figure.add_subplot()
    draw_mode_shares(axes, trips, PALETTE, key_below=True)
    bars = [one.get_height() for one in axes.patches if isinstance(one, Rectangle)]
    heights = {round(one, 1) for one in bars if one}
    assert heights == {66.7, 33.3, 100.0}
    told = _texts(figure)
    assert {"3", "1", "0", "5-10", "20+", "other"} <= {*told}


def test_a_run_without_trips_has_empty_figures_of_modes() -> None:
    figure = _figure()
    trips = pd.DataFrame({"mode": ["walk"], "distance_m": [100.0]}).iloc[:0]
    draw_mode_shares(figure.add_subplot(), trips, PALETTE)
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["0"] * 7


def test_modes_with_few_trips_have_no_line_of_their_own() -> None:
    figure = _figure()
    trips = pd.DataFrame(
        {"mode": ["walk"] * 20 + ["car"] * 19, "distance_m": np.arange(1.0, 40.0) * 100.0}
    )
    axes = figure.add_subplot()
    draw_lengths(axes, trips, PALETTE)
    assert [line.get_label() for line in axes.lines] == ["all", "walk"]
    longer = np.asarray(axes.lines[0].get_ydata()).tolist()
    assert (longer[0], longer[-1]) == pytest.approx((1.0, 1.0 / 39.0))


def test_places_are_ranked_by_visits_within_and_over_all_purposes() -> None:
    figure = _figure()
    visits = pd.DataFrame(
        {"place": [5, 5, 5, 6, 6, 7, 8], "purpose": ["shopping"] * 6 + ["leisure"]}
    )
    axes = figure.add_subplot()
    draw_place_ranks(axes, visits, PALETTE)
    shops, everything = axes.lines
    assert np.asarray(shops.get_ydata()).tolist() == [3, 2, 1]
    assert np.asarray(everything.get_ydata()).tolist() == [3, 2, 1, 1]


def test_a_key_has_as_many_columns_as_its_words_have_room() -> None:
    words = ["shops, errands, health"] * 6
    assert [key_columns(words, size_pt=7.0, width_in=one) for one in (1.0, 3.5, 7.2)] == [1, 2, 4]
