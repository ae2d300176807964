"""Places, zones and stations of one city, and of two."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
import shapely

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import DataError
from tests.maps import LAT, LON, STEP, boxes, cafes, saved


@pytest.mark.parametrize("bad_rows", ["error", "drop"])
def test_places_and_zones_that_do_not_overlap_are_one_message(
    tmp_path: Path, bad_rows: str
) -> None:
    zones = saved(tmp_path, "zones.geojson", boxes(), name=["a", "b"])
    places = cafes(tmp_path, (-51.2, -30.05), (-51.19, -30.05))
    with pytest.raises(DataError, match="no place lies within 250 m of a zone") as caught:
        City.from_files(places, zones=zones, bad_rows=bad_rows)  # type: ignore[arg-type]
    assert len(caught.value.defects) == 1
    assert "around -51.1950 E -30.0500 N" in str(caught.value)


def test_exchanged_coordinates_of_a_table_are_recognised_by_the_zones(tmp_path: Path) -> None:
    zones = saved(tmp_path, "zones.geojson", [shapely.box(24.9, 60.1, 25.0, 60.2)], name=["a"])
    with pytest.raises(DataError, match="with longitude and latitude exchanged"):
        City.from_files(cafes(tmp_path, (60.15, 24.95), (60.16, 24.96)), zones=zones)


def stations(folder: Path, *lon: float) -> Path:
    frame = pd.DataFrame({"name": [f"S{row}" for row in range(len(lon))], "lon": lon, "lat": LAT})
    frame.to_csv(folder / "stations.csv", index=False)
    return folder / "stations.csv"


@pytest.mark.parametrize(
    ("points", "cause"),
    [
        ([(LAT, LON)] * 3, "are longitude and latitude exchanged?"),
        ([(386_000.0, 3_950_000.0)] * 3, "convert projected coordinates to longitude and latitude"),
    ],
)
@pytest.mark.parametrize("bad_rows", ["error", "drop"])
def test_a_table_without_any_degrees_is_refused_with_the_cause_alone(
    tmp_path: Path,
    points: list[tuple[float, float]],
    cause: str,
    bad_rows: Literal["error", "drop"],
) -> None:
    with pytest.raises(DataError) as caught:
        City.from_files(cafes(tmp_path, *points), bad_rows=bad_rows)
    assert cause in str(caught.value)
    assert "row" not in str(caught.value)


def test_shapes_as_text_in_metres_are_refused_with_the_cause_alone(tmp_path: Path) -> None:
    shapes = [f"POINT ({386_000 + row} 3950000)" for row in range(3)]
    pd.DataFrame({"geometry": shapes, "category": "Bar"}).to_csv(tmp_path / "bars.csv")
    with pytest.raises(DataError, match=r"bars\.csv: geometry: .*convert projected") as caught:
        City.from_files(tmp_path / "bars.csv")
    assert "row" not in str(caught.value)


def test_stations_of_another_city_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the nearest lies 9\d km from any place"):
        City.from_files(cafes(tmp_path), stations=stations(tmp_path, LON + 1.05, LON + 2.0))


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (24.94, 60.17, r"the nearest lies \d+ km from any place.*; are longitude and latitude"),
        (LON, LAT, r"row 2, lat: .* degrees \(WGS 84\); are longitude and latitude exchanged\?"),
    ],
)
def test_exchanged_coordinates_of_stations_are_recognised_by_the_places(
    tmp_path: Path, lon: float, lat: float, message: str
) -> None:
    places = cafes(tmp_path, (lon, lat), (lon + STEP, lat))
    frame = pd.DataFrame({"name": ["A", "B"], "lon": lat, "lat": lon})
    frame.to_csv(tmp_path / "stations.csv", index=False)
    with pytest.raises(DataError, match=message):
        City.from_files(places, stations=tmp_path / "stations.csv")


def test_a_few_places_with_exchanged_coordinates_are_recognised_by_the_others(
    tmp_path: Path,
) -> None:
    places = cafes(tmp_path, *[(24.94, 60.17)] * 4, (60.17, 24.94), (0.0, 0.0))
    with pytest.raises(DataError) as caught:
        City.from_files(places)
    exchanged, elsewhere = caught.value.defects
    assert exchanged.endswith("; are longitude and latitude exchanged?")
    assert elsewhere.endswith("from the middle of all places")


def test_exchanged_coordinates_of_streets_are_recognised_by_the_places(tmp_path: Path) -> None:
    places = cafes(tmp_path, (24.94, 60.17), (24.95, 60.17))
    edges, nodes = tmp_path / "edges.csv", tmp_path / "edges_nodes.csv"
    pd.DataFrame({"u": [1], "v": [2], "highway": ["residential"]}).to_csv(edges, index=False)
    junctions = {"id": [1, 2], "lon": [60.17, 60.17], "lat": [24.94, 24.95]}
    pd.DataFrame(junctions).to_csv(nodes, index=False)
    line = shapely.LineString([(60.17, 24.94), (60.17, 24.95)])
    lines = saved(tmp_path, "lines.geojson", [line], highway=["residential"])
    for network in (edges, lines):
        with pytest.raises(DataError, match="of the places; are longitude and latitude exchanged"):
            City.from_files(places, network=network)


def test_stations_far_from_every_place_are_left_out_and_noted(tmp_path: Path) -> None:
    city = City.from_files(cafes(tmp_path), stations=stations(tmp_path, LON, LON + 1.0, LON + STEP))
    assert city.stations.names == ("S0", "S2")
    assert "1 stations left out: farther than 20 km from any place" in city.notes


def test_half_a_city_on_each_side_of_180_degrees_is_one_city(tmp_path: Path) -> None:
    east = [(179.996 + row * STEP / 3, 51.9) for row in range(4)]
    west = [(-180.0 + row * STEP / 3, 51.9) for row in range(4)]
    city = City.from_files(cafes(tmp_path, *east, *west), residences=60)
    x, y = city.places.x[:8], city.places.y[:8]
    assert city.crs in ("EPSG:32660", "EPSG:32601")
    assert 450.0 < np.ptp(x) < 520.0
    assert np.ptp(y) < 30.0


def test_a_place_across_180_degrees_has_a_point_inside(tmp_path: Path) -> None:
    across = shapely.Polygon([(179.999, 51), (-179.997, 51), (-179.997, 51.001), (179.999, 51.001)])
    path = saved(tmp_path, "p.geojson", [across, shapely.Point(179.99, 51)], category=["Bar"] * 2)
    city = City.from_files(path, residences=60)
    assert 650.0 < np.ptp(city.places.x[:2]) < 850.0


def test_a_zone_with_a_corner_far_from_all_places_is_refused_or_left_out(tmp_path: Path) -> None:
    good, other = boxes()
    corners = shapely.get_coordinates(other)
    corners[2] += 4.0
    outlines = [good, shapely.Polygon(corners)]
    zones = saved(tmp_path, "zones.geojson", outlines, name=["a", "b"])
    places = cafes(tmp_path, (LON, LAT), (LON + STEP / 2, LAT + STEP / 2))
    with pytest.raises(DataError, match=r"zone 'b' reaches .* km from the places; the most is 200"):
        City.from_files(places, zones=zones)
    city = City.from_files(places, zones=zones, bad_rows="drop", residences=60)
    assert city.zones.names == ("a",)
    assert any("zone 'b' reaches" in note for note in city.notes)
    alone = saved(tmp_path, "one.geojson", outlines[1:], name=["b"])
    with pytest.raises(DataError, match="zone 'b' reaches"):
        City.from_files(places, zones=alone, bad_rows="drop")
