"""Stations from tables, maps and timetables."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.stations import read_stations
from mesa_llm_city.core.errors import DataError

STOPS = """stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
S,Central,1.0,2.0,1,
S1,Central platform,1.0,2.0001,0,S
T,Hill,1.1,2.1,0,
B,Bus stop,1.2,2.2,0,
"""
TRIPS = "route_id,trip_id\nred,r1\nblue,b1\n"
CALLS = "trip_id,stop_id\nr1,S1\nr1,T\nb1,B\n"


def timetable(folder: Path, *, kind: str = "1", leave_out: str = "") -> Path:
    members = {
        "stops.txt": STOPS,
        "routes.txt": f"route_id,route_type\nred,{kind}\nblue,3\n",
        "trips.txt": TRIPS,
        "stop_times.txt": CALLS,
    }
    with zipfile.ZipFile(folder / "gtfs.zip", "w") as archive:
        for name, text in members.items():
            if name != leave_out:
                archive.writestr(name, text)
    return folder / "gtfs.zip"


@pytest.mark.parametrize("kind", ["1", "2", "109", "400", "900"])
def test_the_stations_of_rail_routes_are_taken_and_platforms_and_buses_are_not(
    tmp_path: Path, kind: str
) -> None:
    stations = read_stations(timetable(tmp_path, kind=kind), Report(drop_bad_rows=False))
    assert stations is not None
    assert stations.names == ("Central", "Hill")
    assert stations.x.tolist() == [2.0, 2.1]


@pytest.mark.parametrize("kind", ["3", "700", "4"])
def test_a_timetable_of_buses_has_no_stations(tmp_path: Path, kind: str) -> None:
    report = Report(drop_bad_rows=False)
    assert read_stations(timetable(tmp_path, kind=kind), report) is None
    with pytest.raises(DataError, match="no route runs on rails"):
        report.close()


def test_a_timetable_that_lacks_a_table_is_a_defect(tmp_path: Path) -> None:
    report = Report(drop_bad_rows=False)
    read_stations(timetable(tmp_path, leave_out="trips.txt"), report)
    with pytest.raises(DataError, match=r"lacks trips\.txt"):
        report.close()


def test_a_file_that_is_no_archive_is_a_defect(tmp_path: Path) -> None:
    report = Report(drop_bad_rows=False)
    assert read_stations(tmp_path / "gtfs.zip", report) is None
    with pytest.raises(DataError, match="no such file"):
        report.close()


def test_points_of_a_map_are_stations_and_nameless_ones_are_numbered(tmp_path: Path) -> None:
    points = [shapely.Point(2.0, 1.0), shapely.Point(2.1, 1.1)]
    frame = gpd.GeoDataFrame({"name": ["Central", ""]}, geometry=points, crs="EPSG:4326")
    frame.to_file(tmp_path / "stops.geojson")
    stations = read_stations(tmp_path / "stops.geojson", Report(drop_bad_rows=False))
    assert stations is not None
    assert stations.names == ("Central", "station 2")


def test_lines_are_no_stations(tmp_path: Path) -> None:
    line = shapely.LineString([(2.0, 1.0), (2.1, 1.1)])
    frame = gpd.GeoDataFrame({"name": ["Main Street"]}, geometry=[line], crs="EPSG:4326")
    frame.to_file(tmp_path / "streets.geojson")
    report = Report(drop_bad_rows=False)
    read_stations(tmp_path / "streets.geojson", report)
    with pytest.raises(DataError, match="is a line; stations are points or areas"):
        report.close()


def test_it_is_said_that_of_a_timetable_only_rail_is_used(tmp_path: Path) -> None:
    report = Report(drop_bad_rows=False)
    read_stations(timetable(tmp_path), report)
    assert any("only the stops of rail routes are used" in note for note in report.notes)


def zip_of(folder: Path, edit: Callable[[str], bytes], *, inside: str = "") -> Path:
    """Return a timetable whose tables have been changed."""
    with zipfile.ZipFile(timetable(folder)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        for name, text in texts.items():
            archive.writestr(inside + name, edit(text))
    return folder / "other.zip"


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("\n", ",\n").replace(",\n", "\n", 1).encode(),
        lambda text: text.replace(",", ", ").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
    ],
)
def test_timetables_in_other_forms_are_read_alike(
    tmp_path: Path, edit: Callable[[str], bytes]
) -> None:
    stations = read_stations(zip_of(tmp_path, edit), Report(drop_bad_rows=False))
    assert stations is not None
    assert (stations.names, stations.x.tolist()) == (("Central", "Hill"), [2.0, 2.1])


def test_a_timetable_in_an_older_encoding_is_read_and_noted(tmp_path: Path) -> None:
    report = Report(drop_bad_rows=False)
    path = zip_of(tmp_path, lambda text: text.replace("Hill", "Colón").encode("latin-1"))
    stations = read_stations(path, report)
    assert stations is not None
    assert stations.names == ("Central", "Colón")
    assert any("Windows-1252" in note for note in report.notes)


def test_a_timetable_in_a_folder_and_with_a_folder_inside_is_read(tmp_path: Path) -> None:
    inside = zip_of(tmp_path, str.encode, inside="feed/")
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(timetable(tmp_path)) as archive:
        archive.extractall(folder)
    for path in (inside, folder):
        stations = read_stations(path, Report(drop_bad_rows=False))
        assert stations is not None
        assert stations.names == ("Central", "Hill")


def test_a_timetable_without_a_column_or_with_ragged_rows_is_a_defect(tmp_path: Path) -> None:
    report = Report(drop_bad_rows=False)
    assert (
        read_stations(zip_of(tmp_path, lambda t: t.replace("trip_id", "x").encode()), report)
        is None
    )
    with pytest.raises(DataError, match=r"other\.zip/trips\.txt: lacks the columns trip_id"):
        report.close()
    cut = zip_of(tmp_path, lambda text: (text + "B\n").encode())
    report = Report(drop_bad_rows=False)
    read_stations(cut, report)
    with pytest.raises(DataError, match=r"other\.zip/stops\.txt, line 6: the row has 1 cells"):
        report.close()
    report = Report(drop_bad_rows=True)
    assert read_stations(cut, report) is not None
    report.close()
    assert sum("left out" in note for note in report.notes) == 4


def test_a_table_without_names_is_noted(tmp_path: Path) -> None:
    (tmp_path / "stations.csv").write_text("nmae,lon,lat\nHill,2.0,1.0\n")
    report = Report(drop_bad_rows=False)
    stations = read_stations(tmp_path / "stations.csv", report)
    assert stations is not None
    assert stations.names == ("station 1",)
    assert any("did you mean 'name'?" in note for note in report.notes)
    assert any("they are numbered" in note for note in report.notes)


@pytest.mark.parametrize(
    ("calls", "lacking"),
    [
        ("trip_id,stop_id\nb1,B\n", "none has a trip with a row in stop_times.txt"),
        ("trip_id,stop_id\nr1,X\nr1,Y\n", "none has a stop of stop_times.txt in stops.txt"),
    ],
)
def test_a_timetable_whose_tables_do_not_belong_together_is_told_so(
    tmp_path: Path, calls: str, lacking: str
) -> None:
    timetable(tmp_path, leave_out="stop_times.txt")
    with zipfile.ZipFile(tmp_path / "gtfs.zip", "a") as archive:
        archive.writestr("stop_times.txt", calls)
    report = Report(drop_bad_rows=False)
    assert read_stations(tmp_path / "gtfs.zip", report) is None
    with pytest.raises(DataError, match=f"1 routes run on rails, but {lacking}"):
        report.close()


def test_of_layers_that_fit_the_one_called_stations_is_read(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    for layer, count in (("shops", 3), ("stations", 1)):
        points = [shapely.Point(2.0, 1.0)] * count
        frame = gpd.GeoDataFrame({"name": [layer] * count}, geometry=points, crs="EPSG:4326")
        frame.to_file(path, layer=layer)
    stations = read_stations(path, Report(drop_bad_rows=False))
    assert stations is not None
    assert stations.names == ("stations",)


def test_counts_of_people_who_enter_are_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text("name,lon,lat,Passengers\nCentral,2.0,1.0,5000\nHill,2.1,1.1,\n")
    stations = read_stations(path, Report(drop_bad_rows=False))
    assert stations is not None
    assert stations.entries is not None
    assert stations.entries[0] == 5000.0
    path.write_text("name,lon,lat,entries\nCentral,2.0,1.0,many\n")
    report = Report(drop_bad_rows=False)
    read_stations(path, report)
    with pytest.raises(DataError, match="row 2, entries: 'many' is no number from 0 up"):
        report.close()
