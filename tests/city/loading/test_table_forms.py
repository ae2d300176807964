"""Every reader of a table takes the forms in which users have it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from mesa_llm_city.city import Categories, City
from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.stations import read_stations
from mesa_llm_city.city.loading.streets import read_streets
from mesa_llm_city.city.loading.weather import read_weather
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import read_survey
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Marginals
from tests.migration.schemas import binary_schema

PLACES = "id,name,lon,lat,category\n0,Café,139.7,35.66,amenity=cafe\n1,,139.71,35.66,shop=bakery\n"
GRID = "id,lon,lat,population,jobs\na,139.7,35.66,12,3\nb,139.71,35.66,8,4\n"
STATIONS = "name,lon,lat\nCentral,139.7,35.66\nHill,139.71,35.66\n"
EDGES = "u,v,length_m\n1,2,90.5\n2,3,91\n"
NODES = "node,lon,lat\n1,139.7,35.66\n2,139.701,35.66\n3,139.702,35.66\n"
KINDS = (
    "key,purposes,jobs,residents,price,weekday,saturday,sunday\n"
    "tent,meal leisure,1.5,0,,09:00-18:00,closed,closed\n"
)
MARGINALS = "dimension,category,share,source\nownership,car,0.4,x\nownership,bicycle,0.5,\n"
MARGINALS += "ownership,licence,0.6,\n"
WEATHER = "time,temperature_c,rain_mm_h\n2024-04-01 00:00,5.5,0\n2024-04-01 01:00,4.5,1.5\n"
SURVEY = "age,hhid,returnee\n31,1,0\n42.5,2,1\n"

SCHEMA = binary_schema(
    features=(Column(name="age", kind="number", label="Age"),),
    target="returnee",
    positive="returnee",
    group="hhid",
)


def a_city(path: Path) -> object:
    city = City.from_files(path, residences=60)
    places = [city.places[row] for row in range(len(city.places))]
    return [(one.name, one.category, one.x, one.y, one.residents) for one in places]


def stations(path: Path) -> object:
    report = Report(drop_bad_rows=False)
    found = read_stations(path, report)
    report.close()
    assert found is not None
    return found.names, found.x.tolist(), found.y.tolist()


def streets(path: Path, form: Callable[[str], bytes]) -> list[float]:
    """Write a table of edges and one of junctions, and return the lengths of the streets."""
    path.write_bytes(form(EDGES))
    path.with_name("nodes.csv").write_bytes(form(NODES))
    found = read_streets(path, Report(drop_bad_rows=False), CityParameters().city.streets)
    assert found is not None
    assert found.length_m is not None
    lengths: list[float] = found.length_m.tolist()
    return lengths


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "places.csv": (PLACES, a_city),
    "grid.csv": (GRID, a_city),
    "stations.csv": (STATIONS, stations),
    "kinds.csv": (KINDS, lambda path: Categories.from_csv(path).rows[0].jobs),
    "marginals.csv": (MARGINALS, lambda path: Marginals.from_csv(path).ownership),
    "weather.csv": (WEATHER, lambda path: [hour.rain_mm_h for hour in read_weather(path).weather]),
    "survey.csv": (SURVEY, lambda path: read_survey(path, SCHEMA).frame["age"].tolist()),
}

FORMS: dict[str, Callable[[str], bytes]] = {
    "commas at the end": lambda text: text.replace("\n", ",\n").replace(",\n", "\n", 1).encode(),
    "semicolons and decimal commas": lambda text: text.replace(",", ";").replace(".", ",").encode(),
    "tabs in UTF-16": lambda text: text.replace(",", "\t").encode("utf-16"),
    "blanks, marks and line ends": lambda text: (
        text.replace(",", ", ").replace("\n", "\r\n\r\n").encode("utf-8-sig")
    ),
    "gzip": lambda text: gzip.compress(text.encode()),
}


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_a_table_in_every_form(tmp_path: Path, name: str) -> None:
    text, read = READERS[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    plain = read(path)
    for title, form in FORMS.items():
        path.write_bytes(form(text))
        assert read(path) == plain, title


def test_edges_and_junctions_are_read_in_every_form(tmp_path: Path) -> None:
    for form in (str.encode, *FORMS.values()):
        assert streets(tmp_path / "edges.csv", form) == [90.5, 91.0]


@pytest.mark.parametrize("name", READERS)
def test_a_reader_refuses_what_is_no_table_in_one_message(tmp_path: Path, name: str) -> None:
    _, read = READERS[name]
    path = tmp_path / name
    for data in (b"", b"\xd0\xcf\x11\xe0" + bytes(99), b"<html></html>", b"a,b\n1\n"):
        path.write_bytes(data)
        with pytest.raises(DataError, match=name):
            read(path)
    with pytest.raises(DataError, match=name):
        read(path.with_name(f"no {name}"))
