"""Cities from files of every kind, and every defect of them in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from mesa_llm_city.city import Categories, City
from mesa_llm_city.city.loading.options import LoadOptions
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Mode, Purpose
from mesa_llm_city.parameters import CityParameters

LON, LAT = 139.70, 35.66
STEP = 0.001


def table(**columns: Sequence[object]) -> pd.DataFrame:
    """Return rows of cafés along a street; columns given replace or extend those."""
    n = max([3, *(len(column) for column in columns.values())])
    rows: dict[str, Sequence[object]] = {
        "id": [f"p{row}" for row in range(n)],
        "category": ["amenity=cafe"] * n,
        "lon": [round(LON + row * STEP, 6) for row in range(n)],
        "lat": [LAT] * n,
    }
    return pd.DataFrame({**rows, **columns})


def saved(folder: Path, frame: pd.DataFrame, name: str = "pois.csv") -> Path:
    frame.to_csv(folder / name, index=False)
    return folder / name


def zones_file(folder: Path, *boxes: tuple[float, float, float, float]) -> Path:
    cells = [shapely.box(*box) for box in boxes]
    names = [f"ward {row}" for row in range(len(cells))]
    frame = gpd.GeoDataFrame({"name": names}, geometry=cells, crs="EPSG:4326")
    frame.to_file(folder / "wards.geojson", driver="GeoJSON")
    return folder / "wards.geojson"


WARD = (LON - 0.005, LAT - 0.005, LON + 0.02, LAT + 0.005)


def defects_of(**inputs: object) -> str:
    with pytest.raises(DataError) as caught:
        City.from_files(**inputs)  # type: ignore[arg-type]
    return str(caught.value)


class TestTables:
    def test_a_plain_table_makes_a_city_in_its_utm_zone(self, tmp_path: Path) -> None:
        city = City.from_files(saved(tmp_path, table()), residences=60)
        assert city.crs == "EPSG:32654"
        assert city.name == "pois"
        assert city.places[1].category == "amenity=cafe"
        assert len(city.supply(Purpose.MEAL).places) == 3
        assert len(city.supply(Purpose.SLEEP).places) == 60

    @pytest.mark.parametrize(
        "names", [("lng", "latitude"), ("Longitude", "Lat"), ("x", "y"), ("@lon", "@lat")]
    )
    def test_coordinates_go_by_their_usual_names(
        self, tmp_path: Path, names: tuple[str, str]
    ) -> None:
        frame = table().rename(columns={"lon": names[0], "lat": names[1]})
        assert len(City.from_files(saved(tmp_path, frame)).supply(Purpose.MEAL).places) == 3

    @pytest.mark.parametrize("name", ["pois.csv.gz", "pois.parquet"])
    def test_compressed_tables_and_parquet_are_the_same(self, tmp_path: Path, name: str) -> None:
        frame, path = table(), tmp_path / name
        if name.endswith("gz"):
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path)
        plain = City.from_files(saved(tmp_path, frame), rng=4)
        other = City.from_files(path, rng=4)
        assert np.allclose(other.places.x, plain.places.x)

    def test_kinds_may_stand_in_key_and_value(self, tmp_path: Path) -> None:
        frame = table(osm_key=["amenity"] * 3, osm_value=["bar"] * 3).drop(columns="category")
        assert City.from_files(saved(tmp_path, frame)).places[0].category == "amenity=bar"

    def test_kinds_may_stand_in_columns_of_tags_and_the_first_useful_counts(
        self, tmp_path: Path
    ) -> None:
        tags = {"amenity": ["parking", "", "bar;pub"], "shop": ["bakery", "books", ""]}
        city = City.from_files(saved(tmp_path, table(**tags).drop(columns="category")))
        kinds = [city.places[row].category for row in range(3)]
        assert kinds == ["shop=bakery", "shop=books", "amenity=bar"]

    def test_figures_of_the_file_are_used_and_scales_brought_to_one(self, tmp_path: Path) -> None:
        frame = table(
            name=["A", "", "C"],
            jobs=[7, "", 0],
            rating=[5, 2.5, ""],
            price=[4, "", 1],
            opening_hours=["24/7", "on demand", ""],
        )
        city = City.from_files(saved(tmp_path, frame))
        places = city.places
        assert places.jobs[:3].tolist() == [7.0, 5.0, 0.0]
        assert places.rating[:2].tolist() == [1.0, 0.5]
        assert places.price[[0, 2]].tolist() == [1.0, 0.25]
        assert places.name[:3] == ("A", "", "C")
        assert city.open_now(np.array([0, 1]), date(2024, 5, 6), 180, 240).tolist() == [True, False]
        assert "1 opening hours could not be read" in city.summary()

    def test_several_files_make_one_city(self, tmp_path: Path) -> None:
        more = table(category=["amenity=school"] * 3)
        paths = [saved(tmp_path, table()), saved(tmp_path, more, "schools.csv")]
        city = City.from_files(paths)
        assert len(city.supply(Purpose.SCHOOL).places) == 3
        assert [name for name, _ in city.inputs] == ["pois.csv", "schools.csv"]
        assert all(len(digest) == 64 for _, digest in city.inputs)

    def test_a_table_of_kinds_can_be_replaced(self, tmp_path: Path) -> None:
        kinds = tmp_path / "kinds.csv"
        kinds.write_text(
            "key,purposes,jobs,residents,price,weekday,saturday,sunday\n"
            "amenity=cafe,sport,1,0,,00:00-24:00,00:00-24:00,00:00-24:00\n"
        )
        for given in (kinds, Categories.from_csv(kinds)):
            city = City.from_files(saved(tmp_path, table()), categories=given)
            assert len(city.supply(Purpose.SPORT).places) == 3


def naming(*kinds: str) -> CityParameters:
    return CityParameters(purposes={"worship": {"places": kinds}})


class TestNewPurpose:
    def test_it_finds_its_church_in_a_table_of_openstreetmap(self, tmp_path: Path) -> None:
        tags = {"amenity": ["cafe", "place_of_worship", "bank"], "name": ["", "St Mary", ""]}
        path = saved(tmp_path, table(**tags).drop(columns="category"))
        for city in (
            City.from_files(path, parameters=naming("amenity=place_of_worship")),
            City.from_files(path).with_parameters(naming("amenity=place_of_worship")),
        ):
            (church,) = city.supply("worship").places.tolist()
            assert city.places[church].name == "St Mary"
            near = city.nearby(city.position(0), "worship", radius_m=1000.0)
            assert near.places.tolist() == [church]

    def test_a_kind_that_only_a_purpose_knows_is_kept_and_always_open(self, tmp_path: Path) -> None:
        path = saved(tmp_path, table(category=["amenity=cafe", "Moon Temple", "amenity=cafe"]))
        assert "unknown category 'Moon Temple' in 1 rows" in defects_of(places=path)
        city = City.from_files(path, parameters=naming("moon *"), residences=60)
        (temple,) = city.supply("worship").places.tolist()
        assert temple == 62
        assert city.places[temple].category == "Moon Temple"
        assert city.places[temple].purposes == ("worship",)
        assert city.open_now(np.array([temple]), date(2024, 5, 12), 0, 1440).all()

    def test_hours_and_jobs_of_the_file_hold_for_it(self, tmp_path: Path) -> None:
        frame = table(
            category=["Moon Temple"] * 3, opening_hours=["Su 09:00-12:00"] * 3, jobs=[2] * 3
        )
        city = City.from_files(
            saved(tmp_path, table()),
            parameters=naming("Moon Temple"),
            residences=60,
        )
        assert city.lacking[-1] == "worship"
        path = saved(tmp_path, frame, "temples.csv")
        city = City.from_files(
            [saved(tmp_path, table()), path], parameters=naming("Moon Temple"), residences=60
        )
        temple = city.supply("worship").places[:1]
        assert city.open_now(temple, date(2024, 5, 12), 540, 720).all()
        assert not city.open_now(temple, date(2024, 5, 11), 540, 720).any()
        assert city.places[int(temple[0])].purposes == ("work", "worship")

    def test_rows_without_use_serve_a_purpose_that_comes_later(self, tmp_path: Path) -> None:
        kinds = ["amenity=cafe", "amenity=bench", "Moon Temple"]
        city = City.from_files(
            saved(tmp_path, table(category=kinds)), unknown="drop", residences=60
        )
        assert len(city.places) == 61
        changed = city.with_parameters(naming("amenity=bench", "moon temple"))
        found = [changed.places[one].category for one in changed.supply("worship").places.tolist()]
        assert found == ["amenity=bench", "Moon Temple"]
        assert changed.places.name[:61] == city.places.name
        assert len(city.places) == 61

    def test_drawn_residences_are_the_same_with_it(self, tmp_path: Path) -> None:
        path = saved(tmp_path, table(category=["amenity=cafe", "amenity=bench", "amenity=bar"]))
        plain, named = City.from_files(path), City.from_files(path, parameters=naming("*=bench"))
        count = len(plain.places)
        assert len(named.places) == count + 1
        assert np.array_equal(named.places.x[:count], plain.places.x)

    def test_a_table_of_kinds_may_name_it(self, tmp_path: Path) -> None:
        kinds = tmp_path / "kinds.csv"
        kinds.write_text(
            "key,purposes,jobs,residents,price,weekday,saturday,sunday\n"
            "amenity=cafe,meal worship,1,0,,00:00-24:00,00:00-24:00,00:00-24:00\n"
        )
        path = saved(tmp_path, table())
        assert "'worship' is none of" in defects_of(places=path, categories=kinds)
        city = City.from_files(path, categories=kinds, parameters=naming())
        assert city.supply("worship").places.tolist() == [0, 1, 2]

    def test_the_residences_to_draw_are_a_parameter_unless_given(self, tmp_path: Path) -> None:
        few = CityParameters(city={"loading": {"residences": 70, "fewest_residences": 60}})
        path = saved(tmp_path, table())
        city = City.from_files(path, parameters=few)
        assert len(city.supply(Purpose.SLEEP).places) == 70
        city = City.from_files(path, parameters=few, residences=80)
        assert len(city.supply(Purpose.SLEEP).places) == 80


class TestResidences:
    def test_homes_are_drawn_if_the_file_has_few_for_all_its_places(self, tmp_path: Path) -> None:
        frame = table(category=["Home (private)"] * 3 + ["Bar"] * 60)
        for fewest, drawn in ((3, 0), (4, 70)):
            loading = {"fewest_residences": fewest, "residences": 70}
            city = City.from_files(
                saved(tmp_path, frame), parameters=CityParameters(city={"loading": loading})
            )
            assert len(city.supply(Purpose.SLEEP).places) == 3 + drawn
        one_more = table(category=["Home (private)"] * 3 + ["Bar"] * 61)
        loading = {"fewest_residences": 3, "residences": 70}
        city = City.from_files(
            saved(tmp_path, one_more), parameters=CityParameters(city={"loading": loading})
        )
        assert len(city.supply(Purpose.SLEEP).places) == 73

    def test_homes_of_the_file_are_used_if_there_are_enough(self, tmp_path: Path) -> None:
        frame = table(category=["Home (private)"] * 50 + ["Bar"])
        city = City.from_files(saved(tmp_path, frame))
        assert len(city.supply(Purpose.SLEEP).places) == 50
        assert "50 residences from the files" in city.notes

    def test_a_few_homes_are_not_enough(self, tmp_path: Path) -> None:
        frame = table(category=["Home (private)"] * 3)
        city = City.from_files(saved(tmp_path, frame), residences=80)
        assert len(city.supply(Purpose.SLEEP).places) == 83

    def test_drawn_homes_lie_in_the_zones_that_hold_places(self, tmp_path: Path) -> None:
        west, east = WARD, (LON + 0.1, LAT, LON + 0.2, LAT + 0.1)
        city = City.from_files(
            saved(tmp_path, table()), zones=zones_file(tmp_path, west, east), residences=100
        )
        homes = city.supply(Purpose.SLEEP)
        assert len(homes.places) == 100
        assert set(homes.zone.tolist()) == {0}
        inside = shapely.contains_xy(city.zones.polygons[0], homes.x, homes.y)
        assert inside.all()

    def test_drawn_homes_follow_the_population_of_the_zones(self, tmp_path: Path) -> None:
        path = zones_file(tmp_path, WARD, (LON + 0.1, LAT, LON + 0.2, LAT + 0.1))
        frame = gpd.read_file(path).assign(population=[1000, 9000])
        frame.to_file(path, driver="GeoJSON")
        city = City.from_files(saved(tmp_path, table()), zones=path, residences=500)
        homes = city.supply(Purpose.SLEEP)
        assert np.sum(homes.weight) == pytest.approx(10_000)
        assert 0.8 < np.mean(homes.zone == 1) < 1.0

    def test_a_seed_draws_the_same_homes(self, tmp_path: Path) -> None:
        path = saved(tmp_path, table())
        first, again, other = (City.from_files(path, rng=seed) for seed in (1, 1, 2))
        assert np.array_equal(first.places.x, again.places.x)
        assert not np.array_equal(first.places.x, other.places.x)


class TestGrid:
    def grid(self, **columns: Sequence[object]) -> pd.DataFrame:
        cells: dict[str, Sequence[object]] = {
            "id": ["a", "b", "c", "d"],
            "lon": [LON, LON + 0.005, LON, LON + 0.005],
            "lat": [LAT, LAT, LAT + 0.005, LAT + 0.005],
            "population": [300, 100, 0, 600],
            "jobs": [2000, 40, 0, 100],
            "schools": [1, 0, 0, 2],
            "healthcare": [0, 1, 0, 0],
        }
        return pd.DataFrame({**cells, **columns})

    def test_cells_become_homes_jobs_schools_and_services(self, tmp_path: Path) -> None:
        city = City.from_files(saved(tmp_path, self.grid(), "cells.csv"), residences=100)
        assert np.sum(city.supply(Purpose.SLEEP).weight) == pytest.approx(1000)
        assert len(city.supply(Purpose.SCHOOL).places) == 3
        assert len(city.supply(Purpose.HEALTH).places) == 1
        for purpose in (Purpose.MEAL, Purpose.SHOPPING, Purpose.ERRAND, Purpose.SPORT):
            assert len(city.supply(purpose).places) >= 1
        assert any("assumed per 300 jobs" in note for note in city.notes)

    def test_services_take_their_staff_from_the_jobs_of_their_cell(self, tmp_path: Path) -> None:
        frame = self.grid(schools=[0] * 4, healthcare=[0] * 4)
        city = City.from_files(saved(tmp_path, frame, "cells.csv"), residences=100)
        assert np.sum(city.places.jobs) == pytest.approx(2140, abs=4)

    def test_places_stay_within_their_cell(self, tmp_path: Path) -> None:
        city = City.from_files(saved(tmp_path, self.grid(), "cells.csv"), residences=100)
        x, y = city.project(LON, LAT)
        own = [row for row, cell in enumerate(city.places.source_id) if cell == "a"]
        away = np.maximum(np.abs(city.places.x[own] - x), np.abs(city.places.y[own] - y))
        assert away.max() < 300.0

    def test_empty_cells_count_as_zero_and_that_is_noted(self, tmp_path: Path) -> None:
        path = saved(tmp_path, self.grid(jobs=[2000, "", 0, 100]), "cells.csv")
        assert any("jobs is empty in 1 rows" in note for note in City.from_files(path).notes)

    def test_a_grid_may_count_jobs_alone_and_have_a_single_cell(self, tmp_path: Path) -> None:
        frame = self.grid().iloc[1:2][["lon", "lat", "jobs"]]
        city = City.from_files(saved(tmp_path, frame, "cells.csv"), residences=60)
        assert np.sum(city.places.jobs) == pytest.approx(40, abs=1)
        assert len(city.supply(Purpose.SLEEP).places) == 60

    def test_a_column_of_counts_that_is_blank_throughout_is_a_defect(self, tmp_path: Path) -> None:
        frame = table(population=[""] * 3).drop(columns="category")
        message = defects_of(places=saved(tmp_path, frame))
        assert "pois.csv, row 2, population: is empty; fill the column" in message

    @pytest.mark.parametrize(("cell", "people"), [("12,345", 12345), ("1,5e3", 1500)])
    def test_counts_with_commas_are_numbers(self, tmp_path: Path, cell: str, people: int) -> None:
        frame = table(population=[cell, "10", "20"]).drop(columns="category")
        city = City.from_files(saved(tmp_path, frame))
        assert city.places.residents.sum() == pytest.approx(people + 30)
        message = defects_of(places=saved(tmp_path, frame.assign(population=["12,3,4", "1", "2"])))
        assert "population: '12,3,4' is no number from 0 up" in message

    def test_a_grid_without_positions_or_cells_is_a_defect(self, tmp_path: Path) -> None:
        path = saved(tmp_path, self.grid().drop(columns="lon"), "cells.csv")
        assert "there is no column of longitude" in defects_of(places=path)
        empty = saved(tmp_path, self.grid().iloc[:0], "empty.csv")
        assert "there is no usable place" in defects_of(places=empty)

    def test_bad_counts_are_defects(self, tmp_path: Path) -> None:
        path = saved(tmp_path, self.grid(population=[-1, "many", 0, 1]), "cells.csv")
        message = defects_of(places=path)
        assert "cells.csv, row 2, population: '-1' is no number from 0 up" in message
        assert "cells.csv, row 3, population: 'many'" in message


class TestMaps:
    @pytest.mark.parametrize("name", ["pois.geojson", "pois.gpkg", "pois.shp"])
    def test_points_and_areas_of_a_map_become_places(self, tmp_path: Path, name: str) -> None:
        shapes = [shapely.Point(LON + row * STEP, LAT).buffer(1e-4) for row in range(3)]
        frame = gpd.GeoDataFrame({"category": ["Bar"] * 3}, geometry=shapes, crs="EPSG:4326")
        frame.to_crs("EPSG:6677" if name != "pois.geojson" else "EPSG:4326").to_file(
            tmp_path / name
        )
        city = City.from_files(tmp_path / name)
        x, y = city.project(LON, LAT)
        assert len(city.supply(Purpose.SOCIAL).places) == 3
        assert np.hypot(city.places.x[0] - x, city.places.y[0] - y) < 2.0

    def test_a_map_without_a_reference_system_is_a_defect(self, tmp_path: Path) -> None:
        frame = gpd.GeoDataFrame({"category": ["Bar"]}, geometry=[shapely.Point(LON, LAT)])
        with pytest.warns(UserWarning, match="crs"):
            frame.to_file(tmp_path / "pois.gpkg")
        assert "pois.gpkg: has no reference system" in defects_of(places=tmp_path / "pois.gpkg")

    def test_metres_that_claim_to_be_degrees_are_a_defect(self, tmp_path: Path) -> None:
        shapes = [shapely.Point(380_000.0, 3_950_000.0)]
        frame = gpd.GeoDataFrame({"category": ["Bar"]}, geometry=shapes, crs="EPSG:4326")
        frame.to_file(tmp_path / "pois.gpkg")
        message = defects_of(places=tmp_path / "pois.gpkg")
        assert "x 380000 to 380000, y 3.95e+06 to 3.95e+06 are no degrees" in message
        assert "needs its true reference system" in message

    def test_broken_geometry_is_a_defect_and_says_why(self, tmp_path: Path) -> None:
        flat = shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])
        shapes = [shapely.Point(0, 0), flat, None]
        frame = gpd.GeoDataFrame({"category": ["Bar"] * 3}, geometry=shapes, crs="EPSG:4326")
        frame.to_file(tmp_path / "pois.geojson")
        message = defects_of(places=tmp_path / "pois.geojson")
        assert "row 2, geometry: is broken: Self-intersection" in message
        assert "row 3, geometry: is missing" in message

    def test_a_map_that_names_no_kinds_is_a_defect(self, tmp_path: Path) -> None:
        frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(LON, LAT)], crs="EPSG:4326")
        frame.to_file(tmp_path / "pois.geojson")
        message = defects_of(places=tmp_path / "pois.geojson")
        assert "there is no field category" in message

    def test_a_file_that_is_no_map_is_a_defect(self, tmp_path: Path) -> None:
        (tmp_path / "pois.geojson").write_text("hello")
        message = defects_of(places=tmp_path / "pois.geojson")
        assert "cannot be read as a map" in message


OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="35.660" lon="139.700"><tag k="amenity" v="cafe"/><tag k="name" v="A"/></node>
<node id="2" lat="35.660" lon="139.702"><tag k="shop" v="bakery"/>
  <tag k="opening_hours" v="24/7"/></node>
<node id="3" lat="35.660" lon="139.704"><tag k="highway" v="crossing"/></node>
<node id="4" lat="35.661" lon="139.704"/><node id="5" lat="35.661" lon="139.705"/>
<node id="6" lat="35.662" lon="139.705"/><node id="7" lat="35.662" lon="139.704"/>
<way id="9"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="4"/>
  <tag k="building" v="apartments"/></way>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary_link"/>
  <tag k="maxspeed" v="40"/></way>
<way id="11"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<way id="12"><nd ref="4"/><nd ref="7"/><tag k="highway" v="proposed"/></way>
</osm>"""


class TestOsm:
    def test_points_areas_and_streets_of_an_extract_make_a_city(self, tmp_path: Path) -> None:
        path = tmp_path / "town.osm"
        path.write_text(OSM)
        city = City.from_files(path, network=path)
        kinds = [city.places[row].category for row in range(3)]
        assert kinds == ["amenity=cafe", "shop=bakery", "building=apartments"]
        assert city.places.name[0] == "A"
        assert city.open_now(np.array([1]), date(2024, 5, 6), 180, 240).all()
        assert city.network is not None
        assert len(city.network) == 2
        assert city.network.speed_km_h.tolist() == [40.0, 30.0]

    def test_tags_that_a_purpose_names_are_read_from_an_extract(self, tmp_path: Path) -> None:
        beaches = (
            '<node id="20" lat="35.663" lon="139.704"><tag k="natural" v="beach"/></node>'
            '<way id="21"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="4"/>'
            '<tag k="natural" v="beach"/></way></osm>'
        )
        path = tmp_path / "town.osm"
        path.write_text(OSM.replace("</osm>", beaches))
        city = City.from_files(path, parameters=naming("natural=beach", "highway=crossing"))
        found = [city.places[one].category for one in city.supply("worship").places.tolist()]
        assert sorted(found) == ["highway=crossing", "natural=beach", "natural=beach"]

    def test_an_extract_without_places_is_a_defect(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.osm"
        path.write_text('<osm version="0.6"><node id="1" lat="1" lon="1"/></osm>')
        assert "there is no feature tagged" in defects_of(places=path)


class TestDefects:
    def test_every_defect_of_all_files_is_in_one_message(self, tmp_path: Path) -> None:
        frame = table(
            id=["a", "a", "c", "d", "e", "f"],
            lon=[LON, LON, "east", 200.0, LON + 5.0, LON],
            lat=[LAT, LAT, LAT, LAT, LAT, LAT],
            category=["Bar", "Bar", "Bar", "Bar", "Bar", "Moon base"],
            jobs=[1, 1, 1, 1, 1, 1],
        )
        bad_stations = pd.DataFrame({"name": ["A"], "lon": [LON]})
        message = defects_of(
            places=saved(tmp_path, frame),
            zones=tmp_path / "nowhere.geojson",
            stations=saved(tmp_path, bad_stations, "stations.csv"),
        )
        for defect in (
            "pois.csv, nowhere.geojson, stations.csv has",
            "pois.csv, row 4, lon: 'east' is no number of degrees",
            "pois.csv, row 5, lon: 200.0 is not within -180 to 180 degrees",
            "pois.csv, row 6, position: lies more than 200 km",
            "nowhere.geojson: there is no such file",
            "stations.csv: there is no column of latitude",
            "unknown category 'Moon base' in 1 rows",
            "extend the table of categories",
            "bad_rows='drop'",
        ):
            assert defect in message

    def test_bad_rows_can_be_left_out_and_are_noted(self, tmp_path: Path) -> None:
        frame = table(lon=[LON, "east", LON + STEP], jobs=[1, 1, 1])
        city = City.from_files(saved(tmp_path, frame), bad_rows="drop")
        assert len(city.supply(Purpose.MEAL).places) == 2
        assert any("1 rows left out, such as row 3, lon" in note for note in city.notes)

    def test_unknown_kinds_can_be_left_out_and_are_noted(self, tmp_path: Path) -> None:
        frame = table(category=["Bar", "Moon base", "Road"])
        city = City.from_files(saved(tmp_path, frame), unknown="drop")
        assert len(city.supply(Purpose.WORK).places) == 1
        assert "unknown category 'Moon base': 1 rows left out" in city.notes
        assert any("nobody visits left out: Road 1" in note for note in city.notes)

    def test_files_without_any_place_of_use_are_refused(self, tmp_path: Path) -> None:
        frame = table(category=["Moon base", "Moon base", "Road"])
        message = defects_of(places=saved(tmp_path, frame), unknown="drop")
        assert "a kind that people have a use for; there are Moon base 2, Road 1" in message

    def test_many_rows_with_one_defect_are_summed_up(self, tmp_path: Path) -> None:
        frame = table(category=["Bar"] * 30, lat=[99.0] * 14 + [LAT] * 16)
        message = defects_of(places=saved(tmp_path, frame))
        assert message.count("not within -90 to 90") == 10
        assert "lat: ... and 4 more rows" in message

    def test_a_defect_of_most_rows_is_one_line(self, tmp_path: Path) -> None:
        frame = table(category=["Bar"] * 30, lat=[99.0] * 29 + [LAT], lon=[""] * 30)
        message = defects_of(places=saved(tmp_path, frame))
        assert message.count("not within -90 to 90") == 1
        assert "(so in 29 of 30 rows)" in message
        assert "pois.csv, row 2, lon: is empty (so in 30 of 30 rows)" in message

    def test_a_misspelt_kind_or_column_gets_a_suggestion(self, tmp_path: Path) -> None:
        frame = table(category=["amenity=caffe", "bar", "amenity=bar"])
        message = defects_of(places=saved(tmp_path, frame))
        assert "'amenity=caffe' in 1 rows; did you mean 'amenity=cafe'?" in message
        frame = table().rename(columns={"lat": "lattitude", "category": "categorie"})
        message = defects_of(places=saved(tmp_path, frame))
        assert "did you mean 'latitude' by 'lattitude'?" in message
        assert "did you mean 'category' by 'categorie'?" in message

    def test_a_column_that_is_not_read_for_its_spelling_is_noted(self, tmp_path: Path) -> None:
        frame = table(opening_hour=["08:00-18:00"] * 3, name_ja=["あ"] * 3, ratings=[4, 5, 3])
        city = City.from_files(saved(tmp_path, frame))
        noted = [note for note in city.notes if "is not read" in note]
        assert [note.partition("; ")[2] for note in noted] == [
            "did you mean 'opening_hours'?",
            "did you mean 'rating'?",
        ]

    def test_rows_are_named_by_their_line_in_the_file(self, tmp_path: Path) -> None:
        rows = '"two\nlines",139.7,35.66,Bar\n\nb,139.7,x,Bar\nc,139.7,35.66,Bar\n'
        (tmp_path / "pois.csv").write_text(f"name,lon,lat,category\n{rows}")
        message = defects_of(places=tmp_path / "pois.csv")
        assert "pois.csv, row 5, lat: 'x' is no number of degrees" in message

    def test_places_outside_the_zones_are_a_defect(self, tmp_path: Path) -> None:
        frame = table(lon=[LON, LON + 0.5, LON])
        message = defects_of(places=saved(tmp_path, frame), zones=zones_file(tmp_path, WARD))
        assert "pois.csv, row 3, position: lies more than 250 m outside the zones" in message

    def test_a_few_rows_without_a_position_are_left_out_and_noted(self, tmp_path: Path) -> None:
        frame = table(lon=[*([LON] * 39), ""])
        city = City.from_files(saved(tmp_path, frame))
        assert "pois.csv: 1 rows left out: lon is empty" in city.notes

    def test_many_rows_without_a_position_are_a_defect(self, tmp_path: Path) -> None:
        frame = table(lon=[LON, "", ""])
        assert "row 3, lon: is empty" in defects_of(places=saved(tmp_path, frame))

    def test_missing_columns_are_named_with_those_there_are(self, tmp_path: Path) -> None:
        message = defects_of(places=saved(tmp_path, table().drop(columns=["lon", "category"])))
        assert "there is no column of longitude; call it lon or lng" in message
        assert "(it has id, lat)" in message
        assert "there is no column category" in message

    def test_a_place_without_a_kind_is_a_defect(self, tmp_path: Path) -> None:
        message = defects_of(places=saved(tmp_path, table(category=["Bar", "", "Bar"])))
        assert "row 3, category: is empty" in message

    @pytest.mark.parametrize("column", ["attraction", "Popularity"])
    def test_the_attraction_of_places_is_read_and_told(self, tmp_path: Path, column: str) -> None:
        city = City.from_files(saved(tmp_path, table(**{column: [30, "", 0]})))
        assert city.places.attraction[[0, 2]].tolist() == [30.0, 0.0]
        assert np.isnan(city.places.attraction[1])
        assert city.attraction[2] == 0.0
        assert "attraction of places: 2 as the files have it" in city.summary()
        told = defects_of(places=saved(tmp_path, table(**{column: [30, "many", -1]})))
        assert f"row 3, {column}: 'many' is no number" in told
        assert f"row 4, {column}: '-1' is no number" in told

    def test_figures_that_are_no_figures_are_defects(self, tmp_path: Path) -> None:
        frame = table(jobs=["few", -1, 3], rating=[1, 2, 11])
        message = defects_of(places=saved(tmp_path, frame))
        assert "row 2, jobs: 'few' is no number" in message
        assert "row 3, jobs: '-1' is no number" in message
        assert "row 4, rating: 11 exceeds 10" in message

    @pytest.mark.parametrize("text", ["", "\x00\x01\xff"])
    def test_a_file_that_is_no_table_is_a_defect(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "pois.csv").write_bytes(text.encode("latin-1"))
        assert "pois.csv" in defects_of(places=tmp_path / "pois.csv")

    def test_a_table_without_rows_is_a_defect(self, tmp_path: Path) -> None:
        message = defects_of(places=saved(tmp_path, table().iloc[:0]))
        assert "there is no usable place" in message

    @pytest.mark.parametrize(
        "options", [{"unknown": "ignore"}, {"bad_rows": "x"}, {"residences": 0}, {"seed": -1}]
    )
    def test_unknown_options_are_refused(self, options: dict[str, object]) -> None:
        with pytest.raises(ConfigError):
            LoadOptions(**options)  # type: ignore[arg-type]


def test_stations_of_a_table_bring_trains(tmp_path: Path) -> None:
    frame = table(lon=[LON, LON + 0.05, LON + 0.1])
    stops = pd.DataFrame(
        {"station_name": ["A", "B", "B"], "lon": [LON, LON + 0.1, LON + 0.1001], "lat": [LAT] * 3}
    )
    city = City.from_files(saved(tmp_path, frame), stations=saved(tmp_path, stops, "stops.csv"))
    assert city.stations.names == ("A", "B")
    assert city.travel(0, 2)[-1].mode == Mode.TRAIN
