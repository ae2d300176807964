"""What a city is called, and how its streets look where no file has land use."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from mesa_llm_city.city import City
from mesa_llm_city.city.loading import looks
from mesa_llm_city.city.loading.looks import readable_name
from mesa_llm_city.city.loading.osm_land import OsmLand
from tests.city.loading.test_osm import Extract


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("helsinki_osm.pbf", "Helsinki"),
        ("shibuya_pois_osm2014.csv", "Shibuya"),
        ("new-york-latest.osm.pbf", "New York"),
        ("porto_alegre.gpkg", "Porto Alegre"),
        ("SaoPaulo_nodes.csv.gz", "SaoPaulo"),
        ("places.csv", "places"),
        ("2024.parquet", "2024"),
    ],
)
def test_files_are_read_as_names(file: str, name: str) -> None:
    assert readable_name(Path(file)) == name


def _tables(folder: Path, speeds: list[int]) -> dict[str, Path]:
    (folder / "spots.csv").write_text(
        "lon,lat,category\n0.001,0.001,building=house\n0.002,0.001,shop=bakery\n"
    )
    nodes = [f"{row},{0.001 * row},0.0" for row in range(len(speeds) + 1)]
    edges = [f"{row},{row + 1},111,{speed}" for row, speed in enumerate(speeds)]
    (folder / "nodes.csv").write_text("\n".join(["node,lon,lat", *nodes]))
    (folder / "edges.csv").write_text("\n".join(["u,v,length_m,maxspeed", *edges]))
    return {"places": folder / "spots.csv", "network": folder / "edges.csv"}


def test_streets_of_tables_are_drawn_by_their_speed(tmp_path: Path) -> None:
    city = City.from_files(**_tables(tmp_path, [30, 50, 100, 15]))  # type: ignore[arg-type]
    assert city.land.line_kind_names == ("service", "minor", "primary", "motorway")
    assert not len(city.land.areas)
    assert city.name == "Spots"


def test_a_city_without_streets_has_nothing_to_draw(tmp_path: Path) -> None:
    files = _tables(tmp_path, [30])
    assert City.from_files(files["places"]).land.is_empty


def test_a_map_that_cannot_be_drawn_is_noted_and_the_city_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> OsmLand:
        message = "coordinates beyond all measure"
        raise shapely.errors.GEOSException(message)

    monkeypatch.setattr(looks, "read_osm_land", fail)
    extract = Extract()
    extract.box(0, 0, 20, 20, building="apartments")
    extract.point(60, 60, shop="bakery")
    city = City.from_files(extract.saved(tmp_path))
    assert city.land.is_empty
    note = "land use, waters and buildings are not drawn: coordinates beyond all measure"
    assert note in city.notes
