"""Tables of edges and GraphML as OSMnx and others write them; islands without a bridge."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from mesa_llm_city.city import City
from mesa_llm_city.city.network import Network
from mesa_llm_city.core.errors import DataError
from tests.maps import LAT, LON, STEP, boxes, cafes, saved, street_grid

ENDS = [(0, 1), (1, 2), (2, 3), (3, 0)]
CORNERS = [(LON, LAT), (LON + STEP, LAT), (LON + STEP, LAT + STEP), (LON, LAT + STEP)]
ACROSS_M, ALONG_M = 271.6, 332.9
"""Sides of a block in metres."""


def tables(folder: Path, length: list[float], *extra: tuple[object, float, float]) -> Path:
    """Write tables as OSMnx does: osmid, x and y; u, v, key, osmid, highway and length."""
    rows = [*((row, *at) for row, at in enumerate(CORNERS)), *extra]
    nodes = pd.DataFrame(rows, columns=["osmid", "x", "y"])
    nodes.to_csv(folder / "nodes.csv", index=False)
    edges = pd.DataFrame(ENDS, columns=["u", "v"])
    kinds = ["['residential', 'tertiary']", "residential", "footway", "primary"]
    edges = edges.assign(key=0, osmid="[1, 2]", highway=kinds, length=length)
    edges.to_csv(folder / "edges.csv", index=False)
    return folder / "edges.csv"


def network_of(path: Path, folder: Path) -> tuple[Network, tuple[str, ...]]:
    city = City.from_files(cafes(folder), network=path, residences=60)
    assert city.network is not None
    return city.network, city.notes


def test_tables_of_osmnx_are_read_without_an_option(tmp_path: Path) -> None:
    path = tables(tmp_path, [280.0, 340.0, 280.0, 340.0])
    network, _ = network_of(path, tmp_path)
    assert network.length_m.tolist() == [280.0, 340.0, 280.0, 340.0]
    assert network.speed_km_h.tolist() == [35.0, 30.0, 5.0, 50.0]


@pytest.mark.parametrize(("unit_m", "unit"), [(1000.0, "kilometres"), (1609.344, "miles")])
def test_lengths_in_another_unit_are_recognised_and_noted(
    tmp_path: Path, unit_m: float, unit: str
) -> None:
    metres = np.array([280.0, 340.0, 280.0, 340.0])
    path = tables(tmp_path, (metres / unit_m).tolist())
    network, notes = network_of(path, tmp_path)
    assert network.length_m.tolist() == pytest.approx(metres.tolist())
    assert any(f"length is taken for {unit}" in note for note in notes)


def test_a_length_below_the_straight_line_is_replaced_and_noted(tmp_path: Path) -> None:
    path = tables(tmp_path, [280.0, 340.0, 7.0, 340.0])
    network, notes = network_of(path, tmp_path)
    assert network.length_m[2] == pytest.approx(ACROSS_M, abs=0.5)
    assert any("shorter than a straight line in 1 rows" in note for note in notes)


def test_a_junction_given_twice_has_its_first_position_and_is_noted(tmp_path: Path) -> None:
    path = tables(tmp_path, [280.0, 340.0, 280.0, 340.0], ("1.0", LON + 1.0, LAT))
    network, notes = network_of(path, tmp_path)
    assert len(network) == 4
    assert any("1 rows give a junction again at another position" in note for note in notes)


def graphml(folder: Path, crs: str = "epsg:4326") -> Path:
    graph = nx.MultiDiGraph(crs=crs, created_with="OSMnx 2.0.6")
    for node, (lon, lat) in enumerate(CORNERS):
        graph.add_node(node, x=str(lon), y=str(lat), street_count="2")
    for start, end in ENDS:
        graph.add_edge(start, end, osmid="[1, 2]", highway="['primary', 'path']", length="340.5")
    nx.write_graphml(graph, folder / "town.graphml")
    return folder / "town.graphml"


def test_graphml_of_osmnx_is_read(tmp_path: Path) -> None:
    network, _ = network_of(graphml(tmp_path), tmp_path)
    assert network.length_m.tolist() == [340.5] * 4
    assert network.speed_km_h.tolist() == [27.5] * 4


@pytest.mark.parametrize("text", ["<graphml", "<graphml></graphml>", "hello"])
def test_graphml_that_is_none_is_a_defect(tmp_path: Path, text: str) -> None:
    (tmp_path / "town.graphml").write_text(text)
    with pytest.raises(DataError, match=r"town\.graphml: (cannot be read|lacks junctions)"):
        City.from_files(cafes(tmp_path), network=tmp_path / "town.graphml")


class TestIslands:
    """Two towns of streets, 1.4 km apart; the larger one has fewer streets."""

    WEST = LON + 0.02

    def city(self, folder: Path, **inputs: object) -> City:
        streets = [*street_grid(), *street_grid(self.WEST, side=2)]
        network = saved(folder, "s.geojson", streets, highway=["residential"] * len(streets))
        corners = [(LON + i * STEP, LAT + j * STEP) for i in range(3) for j in range(3)]
        places = cafes(folder, *corners, (self.WEST, LAT), (self.WEST + STEP, LAT))
        return City.from_files(places, network=network, **inputs)  # type: ignore[arg-type]

    def test_places_behind_water_are_left_out_and_noted(self, tmp_path: Path) -> None:
        city = self.city(tmp_path, residences=60)
        assert len(city.supply("meal").places) == 9
        assert any("2 places left out: they lie on islands" in note for note in city.notes)
        assert float(np.ptp(city.places.x)) < 1400.0

    def test_no_home_is_drawn_behind_water(self, tmp_path: Path) -> None:
        outlines = [*boxes(1), shapely.box(self.WEST, LAT, self.WEST + STEP, LAT + STEP)]
        people = [100.0, 100.0]
        zones = saved(tmp_path, "z.geojson", outlines, name=["main", "island"], population=people)
        city = self.city(tmp_path, zones=zones, residences=200, bad_rows="drop")
        homes = city.supply("sleep").places
        assert set(city.places.zone[homes].tolist()) == {0}
        assert 150 <= len(homes) <= 250

    def test_a_gap_in_the_map_is_no_island(self, tmp_path: Path) -> None:
        apart = [*street_grid(), *street_grid(LON + 2 * STEP + 0.001, side=2)]
        network = saved(tmp_path, "s.geojson", apart, highway=["residential"] * len(apart))
        places = cafes(tmp_path, (LON, LAT), (LON + 3 * STEP, LAT))
        assert len(City.from_files(places, network=network).supply("meal").places) == 2

    def test_the_streets_of_most_places_are_kept_not_the_longest(self) -> None:
        x, y = np.array([0.0, 100.0, 0.0, 5000.0]), np.array([0.0, 0.0, 900.0, 900.0])
        start, end = np.array([0, 2]), np.array([1, 3])
        near = np.array([0.0, 50.0, 10.0]), np.array([0.0, 5.0, 890.0])
        net = Network.of_edges(x, y, start=start, end=end, near=near)
        assert net.length_m.tolist() == [100.0]
        assert net.unjoined.shape == (1, 2, 2)


def test_a_table_without_a_known_class_of_street_is_told_so(tmp_path: Path) -> None:
    path = tables(tmp_path, [280.0, 340.0, 280.0, 340.0])
    edges = pd.read_csv(path).assign(highway="Wohnstrasse")
    edges.to_csv(path, index=False)
    message = "no street, that is no row with a known highway; such as 'Wohnstrasse'"
    with pytest.raises(DataError, match=message):
        network_of(path, tmp_path)
