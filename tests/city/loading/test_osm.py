"""Ordinary extracts of OpenStreetMap load without any option, whatever mappers put into them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters

LON, LAT = 24.94, 60.17
M = 1 / 111_320
"""A metre of latitude, in degrees."""
AROUND = shapely.box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)


class Extract:
    """Writes an extract: points, areas and streets at places given in metres."""

    def __init__(self) -> None:
        self._ids: Iterator[int] = count(1)
        self._nodes: list[str] = []
        self._ways: list[str] = []

    def node(self, x: float, y: float, tags: str = "") -> int:
        one = next(self._ids)
        lon, lat = LON + x * M / np.cos(np.radians(LAT)), LAT + y * M
        self._nodes.append(f'<node id="{one}" lat="{lat:.7f}" lon="{lon:.7f}">{tags}</node>')
        return one

    def point(self, x: float, y: float, **tags: str) -> None:
        self.node(x, y, _written(tags))

    def way(self, *corners: tuple[float, float], closed: bool = False, **tags: str) -> None:
        nodes = [self.node(*corner) for corner in corners]
        self.refs([*nodes, nodes[0]] if closed else nodes, **tags)

    def refs(self, nodes: list[int], **tags: str) -> None:
        written = "".join(f'<nd ref="{node}"/>' for node in nodes)
        self._ways.append(f'<way id="{next(self._ids)}">{written}{_written(tags)}</way>')

    def box(self, x: float, y: float, width: float, height: float, **tags: str) -> None:
        corners = (x, y), (x + width, y), (x + width, y + height), (x, y + height)
        self.way(*corners, closed=True, **tags)

    def saved(self, folder: Path) -> Path:
        body = "".join([*self._nodes, *self._ways])
        (folder / "town.osm").write_text(f'<osm version="0.6">{body}</osm>', encoding="utf-8")
        return folder / "town.osm"


def _written(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{tags[key]}"/>' for key in tags)


def kinds_of(city: City) -> list[str]:
    return [city.places[place].category for place in range(len(city.places))]


def without_homes_drawn() -> CityParameters:
    return CityParameters().with_("city.loading.fewest_residences", 0)


def test_tags_that_no_category_knows_are_left_out_and_counted(tmp_path: Path) -> None:
    extract = Extract()
    extract.point(0, 0, amenity="cafe")
    for x in range(3):
        extract.point(x, 5, amenity="life_ring")
    extract.point(9, 5, amenity="moon_base")
    city = City.from_files(extract.saved(tmp_path))
    assert kinds_of(city)[0] == "amenity=cafe"
    note = "4 features left out, since the table of categories lacks their tags"
    assert f"{note}: amenity=life_ring 3, amenity=moon_base 1" in city.notes


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
def test_areas_and_streets_cut_at_the_border_are_left_out_and_counted(tmp_path: Path) -> None:
    extract = Extract()
    extract.point(0, 0, amenity="cafe")
    extract.box(50, 0, 20, 20, amenity="school")
    corner = extract.node(100, 0)
    extract.refs([corner, 999_998, 999_999, corner], building="apartments")
    extract.way((0, 0), (100, 0), (200, 0), highway="residential")
    extract.refs([corner, corner], highway="residential")
    path = extract.saved(tmp_path)
    city = City.from_files(path, network=path)
    assert kinds_of(city)[:2] == ["amenity=cafe", "amenity=school"]
    notes = " ".join(city.notes)
    assert "town.osm (multipolygons): 1 of 2 features left out: their geometry is inc" in notes
    assert "town.osm: 1 of 2 streets left out: their geometry is incomplete" in notes
    assert city.network is not None
    assert len(city.network) == 1


class TestHomes:
    def town(self) -> Extract:
        """Return a residential area of 60 m with a house of 100 m2, a shed and a shop."""
        extract = Extract()
        extract.point(0, -20, shop="bakery")
        extract.box(0, 0, 60, 60, landuse="residential")
        extract.box(5, 5, 10, 10, building="yes", building__levels="3")
        extract.box(20, 5, 4, 4, building="yes")
        extract.box(30, 5, 10, 10, building="yes", shop="books")
        extract.box(500, 5, 10, 10, building="yes")
        return extract

    def homes(self, extract: Extract, folder: Path) -> dict[str, list[float]]:
        city = City.from_files(extract.saved(folder), parameters=without_homes_drawn())
        found: dict[str, list[float]] = {}
        for place in city.supply(Purpose.SLEEP).places.tolist():
            one = city.places[place]
            found.setdefault(one.category, []).append(one.residents)
        self.notes = city.notes
        return found

    def test_buildings_of_no_kind_house_people_by_their_floor_area(self, tmp_path: Path) -> None:
        homes = self.homes(self.town(), tmp_path)
        # 10 m x 10 m x 3 levels / 50 m2 a person.
        assert homes == {"home": [pytest.approx(6.0, rel=0.01)]}
        assert any("1 buildings of no kind in residential areas are taken" in n for n in self.notes)
        assert any("1 residential areas are not counted" in note for note in self.notes)

    def test_where_as_many_buildings_are_tagged_as_homes_those_count(self, tmp_path: Path) -> None:
        extract = self.town()
        extract.box(45, 45, 10, 10, building="house")
        assert self.homes(extract, tmp_path) == {"building=house": [3.0]}

    def test_an_area_without_buildings_is_a_home_itself(self, tmp_path: Path) -> None:
        extract = Extract()
        extract.point(0, -20, shop="bakery")
        extract.box(0, 0, 60, 60, landuse="residential")
        assert self.homes(extract, tmp_path) == {"landuse=residential": [100.0]}


def test_ids_tell_nodes_from_ways(tmp_path: Path) -> None:
    extract = Extract()
    extract.point(0, 0, amenity="cafe")
    extract.box(5, 5, 10, 10, amenity="school")
    city = City.from_files(extract.saved(tmp_path))
    assert city.places.source_id[:2] == ("node/1", "way/6")


def test_an_extract_that_holds_no_place_says_what_to_do(tmp_path: Path) -> None:
    extract = Extract()
    extract.way((0, 0), (100, 0), highway="residential")
    with pytest.raises(DataError, match="so no place to go to; take a larger extract"):
        City.from_files(extract.saved(tmp_path))


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_a_broken_file_is_one_defect(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b'<osm version="0.6"><node id="1" la\x00\x01')
    with pytest.raises(DataError, match=f"{name}: ") as caught:
        City.from_files(tmp_path / name, network=tmp_path / name)
    assert str(caught.value).startswith(f"{name} has 1 defect:")


def test_all_values_of_a_tag_are_looked_at(tmp_path: Path) -> None:
    extract = Extract()
    extract.point(0, 0, amenity="charging_station;cafe")
    extract.point(5, 0, shop="bakery;moon")
    city = City.from_files(extract.saved(tmp_path))
    assert kinds_of(city)[:2] == ["amenity=cafe", "shop=bakery"]


def test_an_extract_may_be_larger_than_the_zones(tmp_path: Path) -> None:
    extract = Extract()
    extract.point(0, 0, amenity="cafe")
    extract.point(5000, 0, amenity="bar")
    path = extract.saved(tmp_path)
    ward = gpd.GeoDataFrame({"name": ["A"]}, geometry=[AROUND], crs="EPSG:4326")
    ward.to_file(tmp_path / "wards.geojson", driver="GeoJSON")
    city = City.from_files(path, zones=tmp_path / "wards.geojson", residences=5)
    assert kinds_of(city) == ["amenity=cafe", *["home"] * 5]
    assert any("1 features left out: they lie more than" in note for note in city.notes)


@pytest.mark.parametrize("name", ["features.gpkg", "features.geojson"])
def test_a_map_with_columns_of_tags_is_as_forgiving(tmp_path: Path, name: str) -> None:
    points = [shapely.Point(LON, LAT), shapely.Point(LON + 0.001, LAT)]
    tags = {"amenity": ["cafe", "life_ring"], "opening_hours": ["24/7", None]}
    gpd.GeoDataFrame(tags, geometry=points, crs="EPSG:4326").to_file(tmp_path / name)
    city = City.from_files(tmp_path / name, residences=5)
    assert kinds_of(city)[0] == "amenity=cafe"
    assert any("amenity=life_ring 1" in note for note in city.notes)


def test_a_table_of_ones_own_stays_strict(tmp_path: Path) -> None:
    table = f"lon,lat,category\n{LON},{LAT},amenity=cafe\n{LON},{LAT},amenity=caffe\n"
    (tmp_path / "places.csv").write_text(table)
    with pytest.raises(DataError, match="unknown category 'amenity=caffe' in 1 rows"):
        City.from_files(tmp_path / "places.csv")


@pytest.mark.parametrize("sign", ["", "-"])
def test_xml_in_any_order_and_with_elements_twice_is_read(tmp_path: Path, sign: str) -> None:
    corners = {5: (0, 0), 4: (0.001, 0), 7: (0.001, 0.001), 6: (0, 0.001)}
    bare = {
        one: f'<node id="{sign}{one}" lat="{LAT + y}" lon="{LON + x}"' + "{}</node>"
        for one, (x, y) in corners.items()
    }
    refs = "".join(f'<nd ref="{sign}{one}"/>' for one in (*corners, 5))
    parts = [
        bare[7].format('><tag k="amenity" v="cafe"/>'),
        f'<way id="{sign}9">{refs}<tag k="amenity" v="school"/></way>',
        *(text.format(">") for text in bare.values()),
    ]
    path = tmp_path / "overpass.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(parts)}</osm>')
    city = City.from_files(path, residences=5)
    assert kinds_of(city)[:2] == ["amenity=cafe", "amenity=school"]
    assert city.places.source_id[:2] == (f"node/{sign}7", f"way/{sign}9")
