"""Maps of many makers: layers, archives, reference systems, broken files and outlines."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from mesa_llm_city.city import City
from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.zones import read_zones
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Purpose
from tests.maps import LAT, LON, STEP, boxes, cafes, saved, street_grid


def refusal(**inputs: object) -> str:
    with pytest.raises(DataError) as caught:
        City.from_files(**inputs)  # type: ignore[arg-type]
    return str(caught.value)


def written(folder: Path, name: str, *features: tuple[dict[str, str], str, object]) -> Path:
    """Write GeoJSON by hand, with geometry that no library would write."""
    listed = [
        {"type": "Feature", "properties": fields, "geometry": {"type": kind, "coordinates": at}}
        for fields, kind, at in features
    ]
    text = json.dumps({"type": "FeatureCollection", "features": listed})
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


class TestLayers:
    def two_layers(self, folder: Path) -> Path:
        country = [shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1)]
        saved(folder, "zones.gpkg|country", country, name=["Japan"])
        return saved(folder, "zones.gpkg|wards", boxes(), name=["West", "East"])

    def test_the_layer_that_fits_is_read_and_the_others_are_named(self, tmp_path: Path) -> None:
        city = City.from_files(cafes(tmp_path), zones=self.two_layers(tmp_path))
        assert city.zones.names == ("West", "East")
        message = next(note for note in city.notes if "layer wards is read as zones" in note)
        assert "country (Polygon)" in message
        assert "zones.gpkg|country" in message

    @pytest.mark.parametrize("choice", ["|country", "|layername=country"])
    def test_a_layer_is_chosen_behind_a_bar(self, tmp_path: Path, choice: str) -> None:
        zones = f"{self.two_layers(tmp_path)}{choice}"
        city = City.from_files(cafes(tmp_path), zones=zones)
        assert city.zones.names == ("Japan",)

    def test_a_layer_that_is_not_there_is_refused_with_those_there_are(
        self, tmp_path: Path
    ) -> None:
        message = refusal(places=cafes(tmp_path), zones=f"{self.two_layers(tmp_path)}|towns")
        assert "has no layer 'towns'; it has country (Polygon), wards (Polygon)" in message

    def test_where_no_layer_fits_better_one_must_be_chosen(self, tmp_path: Path) -> None:
        for layer in ("plots", "buildings"):
            saved(tmp_path, f"town.gpkg|{layer}", boxes(), uID=[1, 2])
        message = refusal(places=cafes(tmp_path), zones=tmp_path / "town.gpkg")
        assert "has 2 layers, plots (Polygon), buildings (Polygon)" in message
        assert "choose one as zones, such as town.gpkg|plots" in message

    def test_of_a_map_of_everything_the_lines_are_the_streets(self, tmp_path: Path) -> None:
        saved(tmp_path, "town.gpkg|plots", boxes(), uID=[1, 2])
        path = saved(tmp_path, "town.gpkg|streets", street_grid())
        city = City.from_files(cafes(tmp_path), network=path)
        assert city.network is not None
        assert len(city.network) == 12
        assert any("no field of classes of streets" in note for note in city.notes)

    def test_a_table_without_geometry_is_one_defect(self, tmp_path: Path) -> None:
        gpd.pd.DataFrame({"a": [1]}).pipe(_as_layer, tmp_path / "table.gpkg")
        message = refusal(places=cafes(tmp_path), zones=tmp_path / "table.gpkg")
        assert "table.gpkg: has no geometry, only a table" in message


def _as_layer(frame: object, path: Path) -> None:
    import pyogrio

    pyogrio.write_dataframe(frame, path, layer="facts")


class TestFiles:
    def zipped(self, folder: Path, *names: str, inside: str = "") -> Path:
        with zipfile.ZipFile(folder / "map.zip", "w") as archive:
            for name in names:
                for part in folder.glob(f"{name}.*"):
                    archive.write(part, f"{inside}{part.name}")
        return folder / "map.zip"

    @pytest.mark.parametrize("inside", ["", "a folder/"])
    def test_zipped_shapefiles_are_places_streets_and_stations(
        self, tmp_path: Path, inside: str
    ) -> None:
        points = [shapely.Point(LON, LAT), shapely.Point(LON + STEP, LAT)]
        saved(tmp_path, "pois.shp", points, fclass=["cafe", "supermarket"], code=[2303, 2501])
        kinds = ["residential", "footway", *["primary"] * 10]
        saved(tmp_path, "roads.shp", street_grid(), fclass=kinds, maxspeed=[0] * 12)
        rails = [shapely.LineString([(LON, LAT), (LON + 1, LAT)])] * 20
        saved(tmp_path, "rails.shp", rails, fclass=["rail"] * 20)
        path = self.zipped(tmp_path, "pois", "roads", "rails", inside=inside)
        city = City.from_files(path, network=path, stations=f"{path}|pois")
        assert [city.places[row].category for row in (0, 1)] == ["amenity=cafe", "shop=supermarket"]
        assert city.network is not None
        assert sorted(set(city.network.speed_km_h.tolist())) == [5.0, 30.0, 50.0]
        assert len(city.stations) == 2

    @pytest.mark.parametrize("name", ["p.parquet", "p.fgb", "p.gml", "p.kml"])
    def test_other_maps_are_read_too(self, tmp_path: Path, name: str) -> None:
        points = [shapely.Point(LON, LAT), shapely.Point(LON + STEP, LAT)]
        path = saved(tmp_path, name, points, amenity=["cafe", "bar"])
        assert len(City.from_files(path, residences=60).supply(Purpose.SOCIAL).places) == 2

    def test_fields_that_a_shapefile_cut_are_understood(self, tmp_path: Path) -> None:
        point = [shapely.Point(LON, LAT)]
        fields = {"venue_cate": ["Bar"], "opening_ho": ["24/7"]}
        city = City.from_files(saved(tmp_path, "pois.shp", point, **fields), residences=60)
        assert city.places[0].category == "Bar"
        assert city.open_now(np.array([0]), date(2024, 4, 1), 180, 240).all()

    def test_a_table_with_geometry_as_text_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "pois.csv").write_text(f"category,geometry\nBar,POINT ({LON} {LAT})\n")
        city = City.from_files(tmp_path / "pois.csv", residences=60)
        assert city.places[0].category == "Bar"

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("net.xml", b"<?xml version='1.0'?><network>", "MATSim"),
            ("plans.xml.gz", gzip.compress(b"<population>", mtime=0), "population of MATSim"),
            ("a.net.xml", b"<!-- netconvert --><net version='1'>", "network of SUMO"),
            ("trips.omx", b"\x89HDF", "OpenMatrix (OMX)"),
            ("town.osm.bz2", b"BZh9", "bzip2; unpack it first"),
            ("town.osm.gz", b"\x1f\x8b", "gzip; unpack it first"),
        ],
    )
    def test_formats_that_are_not_read_are_named_with_those_that_are(
        self, tmp_path: Path, name: str, content: bytes, message: str
    ) -> None:
        (tmp_path / name).write_bytes(content)
        said = refusal(places=cafes(tmp_path), network=tmp_path / name)
        assert message in said
        assert ".osm.pbf" in said

    @pytest.mark.parametrize("seed", range(4))
    def test_a_damaged_package_is_one_defect(self, tmp_path: Path, seed: int) -> None:
        path = saved(tmp_path, "streets.gpkg", street_grid(), highway=["primary"] * 12)
        rng = np.random.default_rng(seed)
        content = bytearray(path.read_bytes())
        for at in rng.integers(100, len(content), 60).tolist():
            content[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(content if seed else content[: len(content) // 2])
        said = refusal(places=cafes(tmp_path), network=path)
        assert "streets.gpkg: " in said

    @pytest.mark.parametrize("role", ["places", "zones", "network", "stations"])
    def test_a_damaged_archive_is_one_defect(self, tmp_path: Path, role: str) -> None:
        saved(tmp_path, "streets.shp", street_grid(), highway=["primary"] * 12)
        path = self.zipped(tmp_path, "streets")
        content = path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x7f")
        path.write_bytes(content)
        inputs = {"places": cafes(tmp_path), role: path}
        assert "map.zip: " in refusal(**inputs)


class TestOutlines:
    def test_a_line_of_one_point_is_a_defect_with_its_row_or_left_out(self, tmp_path: Path) -> None:
        good = [list(line.coords) for line in street_grid()]
        lines = [({"highway": "primary"}, "LineString", at) for at in ([[LON, LAT]], *good)]
        path = written(tmp_path, "streets.geojson", *lines)
        assert "streets.geojson, row 1, geometry: is missing, or has too few points" in refusal(
            places=cafes(tmp_path), network=path
        )
        city = City.from_files(cafes(tmp_path), network=path, bad_rows="drop")
        assert city.network is not None
        assert len(city.network) == 12
        assert any("streets.geojson: 1 rows left out" in note for note in city.notes)

    def test_rings_that_are_open_or_turned_inside_out_are_mended(self, tmp_path: Path) -> None:
        west, east = (list(box.exterior.coords) for box in boxes())
        hole = list(shapely.box(LON + 1e-4, LAT + 1e-4, LON + 2e-4, LAT + 2e-4).exterior.coords)
        path = written(
            tmp_path,
            "zones.geojson",
            ({"name": "open"}, "Polygon", [west[:-1]]),
            ({"name": "inside out"}, "Polygon", [hole, east]),
        )
        report = Report(drop_bad_rows=False)
        rows = read_zones(path, report)
        report.close()
        assert rows is not None
        assert shapely.area(rows.polygons).tolist() == pytest.approx([7.2e-5 * 0.75] * 2, rel=0.01)
        assert any("do not end where they begin were closed" in note for note in report.notes)
        assert any("1 outlines cross themselves" in note for note in report.notes)


class TestReferenceSystems:
    def points(self, crs: str, called: str, folder: Path) -> Path:
        points = [shapely.Point(LON + row * STEP, LAT) for row in range(3)]
        frame = gpd.GeoDataFrame({"category": ["Bar"] * 3}, geometry=points, crs="EPSG:4326")
        frame = frame.to_crs(crs).set_crs(called, allow_override=True)
        frame.to_file(folder / "pois.gpkg")
        return folder / "pois.gpkg"

    @pytest.mark.parametrize(
        ("crs", "called", "message"),
        [
            ("EPSG:4326", "EPSG:3857", "look like degrees, but"),
            ("EPSG:32654", "EPSG:4326", "are no degrees"),
            ("EPSG:32654", "EPSG:27700", "but OSGB36 / British National Grid is for"),
            ("EPSG:3857", "EPSG:32654", "UTM zone 54N is for"),
        ],
    )
    def test_coordinates_that_cannot_belong_to_it_are_refused_in_one_line(
        self, tmp_path: Path, crs: str, called: str, message: str
    ) -> None:
        said = refusal(places=self.points(crs, called, tmp_path))
        assert message in said
        assert "has 1 defect" in said
        assert "needs its true reference system" in said

    def test_exchanged_coordinates_are_recognised(self, tmp_path: Path) -> None:
        points = [shapely.Point(LAT, LON)] * 3
        path = saved(tmp_path, "pois.geojson", points, category=["Bar"] * 3)
        assert "are longitude and latitude exchanged?" in refusal(places=path)


def test_json_of_overpass_is_named(tmp_path: Path) -> None:
    node = {"type": "node", "id": 1, "lat": LAT, "lon": LON, "tags": {"amenity": "cafe"}}
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"version": 0.6, "elements": [node]}), encoding="utf-8")
    assert "is JSON of Overpass; ask it for GeoJSON" in refusal(places=path)


def test_a_shapefile_without_its_index_is_told_so(tmp_path: Path) -> None:
    path = saved(tmp_path, "wards.shp", boxes(), name=["W", "E"])
    path.with_suffix(".shx").unlink()
    assert "lacks the .shx of its shapefile" in refusal(places=cafes(tmp_path), zones=path)


def test_a_table_in_place_of_zones_is_not_sent_to_columns_of_points(tmp_path: Path) -> None:
    message = refusal(places=cafes(tmp_path), zones=cafes(tmp_path))
    assert "give a map of zones" in message
    assert "lon and lat" not in message
